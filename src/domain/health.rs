//! How the machine and the board are: what was read, and whether that is well.
//! Nothing is measured here.

use super::{account::named, finding, letter::BROKEN};

named! {
    /// How well something is.
    State {
        /// Well.
        Green = "green",
        /// Somebody should look when there is time.
        Yellow = "yellow",
        /// Somebody must look now.
        Red = "red",
    }
}

/// Above this part of a disk writing may fail at any moment.
const DISK_FULL_PERCENT: u32 = 95;

/// One thing that was read, with the bound it is judged by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// Whether callers get in.
    Service(Service),
    /// Whether a transaction can begin; else why not.
    Store(Option<String>),
    /// How full the disk is.
    Disk {
        /// How much of it is taken.
        used_percent: u32,
        /// Bytes that are left.
        free_bytes: u64,
        /// From what part on somebody should look.
        limit: u32,
    },
    /// How much memory the program takes.
    Memory {
        /// MiB it takes.
        mebibytes: u32,
        /// From how many on somebody should look.
        limit: u32,
    },
    /// Whether there can be as many sessions as the settings say.
    Lines {
        /// Sessions that the machine has room for.
        room: u32,
        /// Sessions that there may be.
        wanted: u32,
    },
    /// Sessions that broke down since the start; told only if there are any.
    Sessions {
        /// How many did.
        broken: u32,
    },
    /// How long the oldest request waits.
    Queue {
        /// Requests that wait.
        waiting: u32,
        /// Hours that the oldest of them waits.
        hours: u32,
        /// From how many on somebody should look.
        limit: u32,
    },
    /// How long the oldest letter waits for the mail server.
    Outbox {
        /// Letters that wait, those aside whose time has not come.
        waiting: u32,
        /// Minutes that the oldest of them waits.
        minutes: u32,
        /// From how many on somebody should look.
        limit: u32,
        /// What went wrong last, where ten tries in a row did.
        broken: Option<String>,
    },
    /// How the last attempts to tell the sysop's own program went; told only
    /// where there is one.
    Notify {
        /// Failures in a row.
        failures: u32,
        /// What went wrong last.
        error: Option<String>,
    },
    /// How old the last backup is.
    Backup {
        /// Seconds since it was made; nothing if there is none.
        age: Option<u64>,
        /// From what age on somebody should look; nothing where none are
        /// scheduled.
        limit: Option<u64>,
        /// Why the last try failed, if it did.
        failure: Option<String>,
    },
    /// What the board found wrong with itself when it looked last.
    Doctor {
        /// What has to be mended.
        bad: Vec<finding::Check>,
        /// What is worth knowing.
        warnings: Vec<finding::Check>,
    },
    /// The jobs whose last run failed, and why.
    Jobs(Vec<(&'static str, String)>),
}

/// Whether callers get in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// They do.
    Open,
    /// Only staff do.
    Maintenance,
    /// The board is not served.
    Down,
}

impl Check {
    /// Returns its stable name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Service(_) => "service",
            Self::Store(_) => "store",
            Self::Disk { .. } => "disk",
            Self::Memory { .. } => "memory",
            Self::Lines { .. } => "lines",
            Self::Sessions { .. } => "sessions",
            Self::Queue { .. } => "queue",
            Self::Outbox { .. } => "outbox",
            Self::Notify { .. } => "notify",
            Self::Backup { .. } => "backup",
            Self::Doctor { .. } => "doctor",
            Self::Jobs(_) => "jobs",
        }
    }

    /// Returns how well it is.
    pub const fn state(&self) -> State {
        match self {
            // Spec §8: ten letters in a row that did not leave are an alarm.
            Self::Service(Service::Down)
            | Self::Store(Some(_))
            | Self::Outbox {
                broken: Some(_), ..
            } => State::Red,
            Self::Disk { used_percent, .. } if *used_percent > DISK_FULL_PERCENT => State::Red,
            Self::Memory { mebibytes, limit } if *mebibytes >= limit.saturating_mul(2) => {
                State::Red
            }
            Self::Notify { failures, .. } if *failures >= BROKEN => State::Red,
            Self::Notify { failures, .. } if *failures > 0 => State::Yellow,
            Self::Service(Service::Maintenance)
            | Self::Backup {
                failure: Some(_), ..
            } => State::Yellow,
            Self::Disk {
                used_percent,
                limit,
                ..
            } if *used_percent >= *limit => State::Yellow,
            Self::Memory { mebibytes, limit } if *mebibytes >= *limit => State::Yellow,
            Self::Lines { room, wanted } if *room < *wanted => State::Yellow,
            Self::Sessions { broken } if *broken > 0 => State::Yellow,
            Self::Queue { hours, limit, .. } if *hours >= *limit => State::Yellow,
            Self::Outbox { minutes, limit, .. } if *minutes >= *limit => State::Yellow,
            Self::Backup {
                age,
                limit: Some(limit),
                ..
            } if is_late(*age, *limit) => State::Yellow,
            Self::Doctor { bad, .. } if !bad.is_empty() => State::Yellow,
            Self::Jobs(failed) if !failed.is_empty() => State::Yellow,
            Self::Service(Service::Open)
            | Self::Store(None)
            | Self::Disk { .. }
            | Self::Memory { .. }
            | Self::Lines { .. }
            | Self::Sessions { .. }
            | Self::Queue { .. }
            | Self::Outbox { .. }
            | Self::Notify { .. }
            | Self::Backup { .. }
            | Self::Doctor { .. }
            | Self::Jobs(_) => State::Green,
        }
    }
}

/// Whether a backup of that age, or none at all, is worth a look.
const fn is_late(age: Option<u64>, limit: u64) -> bool {
    match age {
        Some(age) => age >= limit,
        None => true,
    }
}

/// Returns how well the worst of them is.
pub fn worst(checks: &[Check]) -> State {
    let states = checks.iter().map(Check::state);
    states.max().unwrap_or(State::Green)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(used_percent: u32, limit: u32) -> State {
        Check::Disk {
            used_percent,
            free_bytes: 1,
            limit,
        }
        .state()
    }

    #[test]
    fn a_disk_is_worth_a_look_before_it_is_full() {
        assert_eq!(disk(89, 90), State::Green);
        assert_eq!(disk(90, 90), State::Yellow);
        assert_eq!(disk(95, 90), State::Yellow);
        // Less than five percent are left (threat 40), whatever the bound.
        assert_eq!(disk(96, 90), State::Red);
        assert_eq!(disk(96, 100), State::Red);
    }

    #[test]
    fn twice_the_memory_is_an_alarm() {
        let memory = |mebibytes| {
            Check::Memory {
                mebibytes,
                limit: 500,
            }
            .state()
        };
        assert_eq!(memory(499), State::Green);
        assert_eq!(memory(500), State::Yellow);
        assert_eq!(memory(1_000), State::Red);
    }

    #[test]
    fn backups_are_late_only_where_they_are_scheduled() {
        let backup = |age, limit, failure: Option<&str>| {
            Check::Backup {
                age,
                limit,
                failure: failure.map(str::to_owned),
            }
            .state()
        };
        assert_eq!(backup(None, None, None), State::Green);
        assert_eq!(backup(Some(1 << 40), None, None), State::Green);
        assert_eq!(backup(Some(9_999), Some(10_000), None), State::Green);
        assert_eq!(backup(Some(10_000), Some(10_000), None), State::Yellow);
        assert_eq!(backup(None, Some(10_000), None), State::Yellow);
        assert_eq!(backup(Some(1), None, Some("no room")), State::Yellow);
    }

    #[test]
    fn a_broken_channel_is_an_alarm() {
        let outbox = |minutes, broken| {
            Check::Outbox {
                waiting: 1,
                minutes,
                limit: 60,
                broken,
            }
            .state()
        };
        assert_eq!(outbox(59, None), State::Green);
        assert_eq!(outbox(60, None), State::Yellow);
        assert_eq!(outbox(0, Some("refused".to_owned())), State::Red);
    }

    #[test]
    fn a_program_is_worth_a_look_after_one_failure() {
        let notify = |failures| {
            Check::Notify {
                failures,
                error: None,
            }
            .state()
        };
        assert_eq!(notify(0), State::Green);
        assert_eq!(notify(1), State::Yellow);
        assert_eq!(notify(9), State::Yellow);
        assert_eq!(notify(10), State::Red);
    }

    #[test]
    fn the_worst_decides() {
        let well = Check::Store(None);
        let slow = Check::Jobs(vec![("samples", "the disk is full".to_owned())]);
        let dead = Check::Service(Service::Down);
        assert_eq!(worst(&[]), State::Green);
        assert_eq!(worst(&[well.clone(), slow.clone()]), State::Yellow);
        assert_eq!(worst(&[slow, dead, well]), State::Red);
    }
}
