//! The only place that knows what time it is. It never sleeps.

use std::time::Duration;

use chrono::{DateTime, SubsecRound as _, Utc};

/// A moment in UTC, in whole milliseconds: what is stored and shown.
pub type Timestamp = DateTime<Utc>;

/// Tells the time, twice: by the calendar and by a stop-watch.
pub trait Clock: Send + Sync + 'static {
    /// Returns the moment by the calendar; it may jump. For expiry and records.
    fn now(&self) -> Timestamp;

    /// Returns the time since an arbitrary start; it never goes back. For
    /// limits, idle time and ages of connections.
    fn tick(&self) -> Duration;
}

/// The clocks of the machine.
#[derive(Debug)]
pub struct SystemClock {
    start: std::time::Instant,
}

impl SystemClock {
    /// Starts the stop-watch.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock everybody else must ask"
    )]
    pub fn start() -> Self {
        Self {
            start: std::time::Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock everybody else must ask"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::from(std::time::SystemTime::now()).trunc_subsecs(3)
    }

    fn tick(&self) -> Duration {
        self.start.elapsed()
    }
}
