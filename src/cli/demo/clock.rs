//! A clock that can be set back, so that a board made in a moment has a past.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use std::time::Duration;

use chrono::TimeDelta;

use crate::domain::clock::{Clock, Timestamp};

/// A clock that goes behind another one.
pub(in crate::cli) struct StageClock {
    real: Arc<dyn Clock>,
    behind: AtomicI64,
}

impl StageClock {
    /// Makes a clock that agrees with `real` until it is set back.
    pub(in crate::cli) fn new(real: Arc<dyn Clock>) -> Self {
        Self {
            real,
            behind: AtomicI64::new(0),
        }
    }

    /// Sets it that far behind the real one.
    pub(in crate::cli) fn set_back(&self, by: TimeDelta) {
        self.behind.store(by.num_milliseconds(), Ordering::SeqCst);
    }
}

impl Clock for StageClock {
    fn now(&self) -> Timestamp {
        self.real.now() - TimeDelta::milliseconds(self.behind.load(Ordering::SeqCst))
    }

    fn tick(&self) -> Duration {
        self.real.tick()
    }
}
