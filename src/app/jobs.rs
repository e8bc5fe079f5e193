//! What the board does by itself: suspensions that end, and forgetting where
//! callers came from.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::{Bbs, Ruling, letter, notice, record::note, setting::current};
use crate::{
    domain::{
        account::{Status, Transition},
        event::Event,
        letter::Kind,
        policy::{Capability, Permit},
    },
    store::{self, account::Move, audit::Act},
};

/// How often sessions hear who came and left.
const PRESENCE: Duration = Duration::from_secs(1);

/// How often suspensions are looked at; one may last that much longer.
const SUSPENSIONS: Duration = Duration::from_mins(1);

/// How often a copy may be due.
const BACKUPS: Duration = Duration::from_mins(1);

/// How often the board examines itself.
const EXAMINATIONS: Duration = Duration::from_hours(1);

/// How often sources are looked at: often enough for a bound in days.
const SOURCES: Duration = Duration::from_hours(1);

/// How often what was counted is written down: so much is lost in a crash.
const SAMPLES: Duration = Duration::from_mins(1);

impl Bbs {
    /// Runs the jobs until `stop`.
    pub async fn run_jobs(self: Arc<Self>, stop: CancellationToken) {
        // A copy of a large board takes its time, and nothing waits for it.
        tokio::join!(
            self.run_quick_jobs(&stop),
            stop.run_until_cancelled(self.run_slow_jobs())
        );
    }

    async fn run_slow_jobs(&self) {
        let mut backups = every(BACKUPS);
        let mut examinations = every(EXAMINATIONS);
        loop {
            tokio::select! {
                _ = backups.tick() => self.job("backup", self.back_up_when_due()).await,
                _ = examinations.tick() => self.job("doctor", self.examine_itself()).await,
            }
        }
    }

    async fn run_quick_jobs(&self, stop: &CancellationToken) {
        let mut presence = every(PRESENCE);
        let mut suspensions = every(SUSPENSIONS);
        let mut sources = every(SOURCES);
        let mut samples = every(SAMPLES);
        self.duty().begin(self.clock().now());
        // A fault is logged where it happened; the next round tries again.
        loop {
            tokio::select! {
                () = stop.cancelled() => return self.job("samples", self.take_sample()).await,
                _ = presence.tick() => self.hub().tell_presence(),
                _ = suspensions.tick() => {
                    self.job("suspensions", self.end_suspensions()).await;
                }
                _ = sources.tick() => {
                    self.job("sources", self.forget_sources()).await;
                    self.job("unproven", self.remove_unproven()).await;
                    self.job("reminders", self.remind_invitees()).await;
                }
                _ = samples.tick() => self.job("samples", self.take_sample()).await,
            }
        }
    }

    /// Lets those in again whose suspension is over (T13).
    pub async fn end_suspensions(&self) -> Ruling<usize> {
        let now = self.clock().now();
        let over = self
            .ask(move |view| Ok(store::account::ended_suspensions(view, now)?))
            .await?;
        if over.is_empty() {
            return Ok(0);
        }
        self.decide(move |tx| {
            let permit = Permit::board(Capability::ManageUsers);
            let mut ended = 0;
            for id in over {
                let Some(from) = store::account::by_id(tx, id)? else {
                    continue;
                };
                let due = from.status_until.is_some_and(|end| end <= tx.now());
                if !due || from.status.after(Transition::Reactivate).is_none() {
                    continue;
                }
                let to = Status::Active;
                let step = Move {
                    from: &from,
                    to,
                    reason: None,
                    until: None,
                };
                if store::account::transit(tx, &permit, step)? {
                    note(
                        tx,
                        &permit,
                        &from,
                        Act {
                            action: "account.reactivate",
                            before: Some(from.status.name()),
                            after: Some(to.name()),
                            ..Act::default()
                        },
                    )?;
                    letter::write(tx, &from, Kind::Reactivated, "")?;
                    tx.emit(Event::InvitesChanged(Some(id)));
                    ended += 1;
                }
            }
            tx.emit(Event::UsersChanged);
            Ok(ended)
        })
        .await
    }

    /// Forgets sources, counters and letters that came to an end after their
    /// days.
    pub async fn forget_sources(&self) -> Ruling<()> {
        self.decide(|tx| {
            let days = current(tx)?.source_keep_days;
            let limit = tx.now() - TimeDelta::days(days.into());
            store::guess::forget_before(tx, limit)?;
            letter::forget_asked(tx)?;
            notice::forget_old(tx)?;
            Ok(store::outbox::forget_before(tx, limit)?)
        })
        .await
    }
}

/// Returns a beat that begins at once and makes up for nothing it missed.
fn every(period: Duration) -> Interval {
    let mut beat = interval(period);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat
}
