//! What the board does by itself and how that went last. Nothing here is
//! stored; what is done is in `jobs`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{Bbs, Ruling, Stop};
use crate::domain::{
    clock::Timestamp,
    finding::{Check, Finding, Level},
};

/// The last run of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The job.
    pub name: &'static str,
    /// When it ended.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

/// Since when the board is on duty, and the last run of every job.
#[derive(Debug, Default)]
pub struct Duty {
    // A lock and no channel: a screen reads what one job at a time writes, and
    // it is never held over an await.
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    since: Option<Timestamp>,
    runs: BTreeMap<&'static str, Run>,
    examined: Option<Examined>,
}

/// What the last examination found, each check once.
#[derive(Clone, Debug, Default)]
pub(super) struct Examined {
    pub(super) bad: BTreeSet<Check>,
    pub(super) warnings: BTreeSet<Check>,
}

impl Duty {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes on duty.
    pub fn begin(&self, now: Timestamp) {
        self.known().since = Some(now);
    }

    /// Returns since when it is on duty; nothing while nobody serves the board.
    pub fn since(&self) -> Option<Timestamp> {
        self.known().since
    }

    /// Keeps what an examination found.
    pub(super) fn note_findings(&self, findings: &[Finding]) {
        let mut examined = Examined::default();
        for finding in findings {
            let checks = match finding.level() {
                Level::Bad => &mut examined.bad,
                Level::Warning => &mut examined.warnings,
            };
            checks.insert(finding.check());
        }
        self.known().examined = Some(examined);
    }

    /// Returns what the last examination found, if there was one.
    pub(super) fn examined(&self) -> Option<Examined> {
        self.known().examined.clone()
    }

    /// Returns the last run of every job, by name.
    pub fn runs(&self) -> Vec<Run> {
        self.known().runs.values().cloned().collect()
    }
}

impl Bbs {
    /// Does a job and keeps how it went. A fault is logged where it happened.
    pub async fn job<T>(&self, name: &'static str, work: impl Future<Output = Ruling<T>>) {
        let began = self.clock().tick();
        let failure = work.await.err().map(|stop| match stop {
            Stop::Refused(refusal) => format!("{refusal:?}"),
            Stop::Broken(broken) => broken.fault.to_string(),
        });
        let run = Run {
            name,
            at: self.clock().now(),
            took: self.clock().tick().saturating_sub(began),
            failure,
        };
        self.duty().known().runs.insert(name, run);
    }
}
