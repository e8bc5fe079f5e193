//! What was counted in the last week of a board that is tried out, so that its
//! plots have a shape: quiet nights, busy evenings, a fuller weekend.

use chrono::{Datelike as _, TimeDelta, Timelike as _, Weekday};

use super::{
    clock::StageClock,
    people::{APPLICANTS, REJECTED},
};
use crate::{
    app::{Bbs, Ruling},
    domain::clock::Timestamp,
};

/// The minutes that are counted together.
const STEP: i64 = 30;
/// Those of a week.
const STEPS: i64 = 7 * 24 * 60 / STEP;
const DAY_MINUTES: i64 = 24 * 60;

/// Calls in half an hour, by the hour of the day.
const CALLS: [u32; 24] = [
    2, 1, 0, 0, 0, 0, 1, 2, 2, 1, 1, 2, 3, 2, 2, 3, 4, 6, 9, 11, 10, 8, 6, 3,
];

/// Counts a week of calls on `bbs`, whose clock `clock` is.
pub(super) async fn count(bbs: &Bbs, clock: &StageClock) -> Ruling<()> {
    let tally = bbs.hub().tally();
    for step in (1..=STEPS).rev() {
        clock.set_back(TimeDelta::minutes(step * STEP));
        let calls = calls(bbs.clock().now());
        for call in 0..calls {
            // Some hang up before the next ones come.
            let sessions = 1 + call * 2 / 3;
            tally.called(usize::try_from(sessions).unwrap_or(usize::MAX));
        }
        for _ in 0..registrations(step) {
            tally.registered();
        }
        bbs.take_sample().await?;
    }
    Ok(())
}

fn calls(at: Timestamp) -> u32 {
    let hour = usize::try_from(at.hour()).unwrap_or(0);
    let usual = CALLS.get(hour).copied().unwrap_or(0);
    let more = match at.weekday() {
        Weekday::Sat | Weekday::Sun => usual / 2,
        _ => 0,
    };
    // No two days are quite alike.
    let mood = (at.day() * 7 + at.hour() * 5 + at.minute() / 10) % 4;
    (usual + more + mood).saturating_sub(2)
}

/// Returns how many asked to join then.
fn registrations(step: i64) -> usize {
    let waiting = APPLICANTS.iter().map(|applicant| applicant.minutes_ago);
    let rejected = REJECTED.iter().map(|one| one.days_ago * DAY_MINUTES);
    let asked = waiting.chain(rejected);
    asked.filter(|minutes| minutes / STEP == step).count()
}
