//! What is counted for the plots: calls, registrations and sessions of every
//! ten minutes. What is counted since the last write is lost in a crash.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DurationRound as _, TimeDelta};

use super::{Bbs, Ruling, authorize, setting::current};
use crate::{
    domain::{actor::Actor, clock::Timestamp, policy::Capability},
    store::{
        self,
        sample::{Sample, add, forget_before},
    },
};

/// The time of one sample.
pub const SPAN: TimeDelta = TimeDelta::minutes(10);

/// How long samples are kept: the week that is plotted, and a day.
const KEPT: TimeDelta = TimeDelta::days(8);

/// What was counted since it was last written.
#[derive(Debug, Default)]
pub struct Tally {
    calls: AtomicU32,
    registrations: AtomicU32,
    /// The most sessions at a time.
    sessions: AtomicU32,
}

impl Tally {
    /// Counts a call, which makes so many sessions.
    pub fn called(&self, sessions: usize) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let sessions = u32::try_from(sessions).unwrap_or(u32::MAX);
        self.sessions.fetch_max(sessions, Ordering::Relaxed);
    }

    /// Counts a registration.
    pub fn registered(&self) {
        self.registrations.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns what was counted.
    fn read(&self, at: Timestamp) -> Sample {
        Sample {
            at,
            calls: self.calls.load(Ordering::Relaxed),
            registrations: self.registrations.load(Ordering::Relaxed),
            sessions: self.sessions.load(Ordering::Relaxed),
        }
    }

    /// Begins anew after `written`, with so many sessions.
    fn forget(&self, written: Sample, sessions: usize) {
        self.calls.fetch_sub(written.calls, Ordering::Relaxed);
        self.registrations
            .fetch_sub(written.registrations, Ordering::Relaxed);
        let sessions = u32::try_from(sessions).unwrap_or(u32::MAX);
        self.sessions.store(sessions, Ordering::Relaxed);
    }
}

impl Bbs {
    /// Writes down what was counted, and forgets what is too old.
    pub async fn take_sample(&self) -> Ruling<()> {
        let sample = self.counted();
        self.decide(move |tx| {
            add(tx, sample)?;
            Ok(forget_before(tx, sample.at - KEPT)?)
        })
        .await?;
        // Only now: what could not be written is counted still.
        self.hub().tally().forget(sample, self.hub().count());
        Ok(())
    }

    /// Returns the samples since a moment, oldest first, and what was counted
    /// since the last of them.
    pub async fn samples(&self, actor: &Actor, from: Timestamp) -> Ruling<Vec<Sample>> {
        let (actor, counted) = (actor.clone(), self.counted());
        self.ask(move |view| {
            authorize(view, &actor, Capability::SeeSystem, &current(view)?)?;
            let mut samples = store::sample::since(view, from)?;
            samples.push(counted);
            Ok(samples)
        })
        .await
    }

    fn counted(&self) -> Sample {
        let now = self.clock().now();
        self.hub()
            .tally()
            .read(now.duration_trunc(SPAN).unwrap_or(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_while_it_is_written_is_not_lost() {
        let tally = Tally::default();
        tally.called(1);
        tally.called(2);
        let written = tally.read(Timestamp::UNIX_EPOCH);
        assert_eq!((written.calls, written.sessions), (2, 2));
        tally.called(3);
        tally.registered();
        tally.forget(written, 1);
        let next = tally.read(Timestamp::UNIX_EPOCH);
        assert_eq!((next.calls, next.registrations, next.sessions), (1, 1, 1));
    }
}
