//! How the machine and the board are, in a line each, and what to do about it.

use std::time::Duration;

use super::span;
use crate::domain::{
    finding,
    health::{Check, Service, State},
};

/// Returns what was read, in a line.
pub fn text(check: &Check) -> String {
    match check {
        Check::Service(Service::Open) => "callers get in".to_owned(),
        Check::Service(Service::Maintenance) => "maintenance: only staff get in".to_owned(),
        Check::Service(Service::Down) => "nobody serves this board".to_owned(),
        Check::Store(None) => "reads and writes".to_owned(),
        Check::Store(Some(fault)) => fault.clone(),
        Check::Disk {
            used_percent,
            free_bytes,
            ..
        } => format!("{used_percent} % full, {} left", bytes(*free_bytes)),
        Check::Memory { mebibytes, .. } => format!("{mebibytes} MiB"),
        Check::Lines { room, wanted } if room < wanted => {
            format!("room for {room} sessions, not {wanted}")
        }
        Check::Lines { wanted, .. } => format!("room for {wanted} sessions"),
        Check::Sessions { broken: 1 } => "1 broke down since the start".to_owned(),
        Check::Sessions { broken } => format!("{broken} broke down since the start"),
        Check::Queue { waiting: 0, .. } => "no request waits".to_owned(),
        Check::Queue {
            waiting: 1, hours, ..
        } => format!("1 request waits, for {}", age(*hours)),
        Check::Queue { waiting, hours, .. } => {
            format!("{waiting} requests wait, the oldest for {}", age(*hours))
        }
        Check::Outbox {
            broken: Some(error),
            ..
        } => super::letter::broken(error),
        Check::Outbox { waiting: 0, .. } => "no letter waits".to_owned(),
        Check::Outbox {
            waiting, minutes, ..
        } => {
            let wait = if *waiting == 1 {
                "letter waits, for"
            } else {
                "letters wait, the oldest for"
            };
            let age = span(Duration::from_mins((*minutes).into()));
            format!("{waiting} {wait} {age}")
        }
        Check::Notify { failures: 0, .. } => "your program is told".to_owned(),
        Check::Notify { failures, error } => {
            let tries = if *failures == 1 {
                "the last try"
            } else {
                "the last tries"
            };
            let error = error.as_deref().unwrap_or("no reason given");
            format!("{tries} to tell your program failed: {error}")
        }
        Check::Backup {
            age,
            limit,
            failure,
        } => backup(*age, *limit, failure.as_deref()),
        Check::Doctor { bad, warnings } => found(bad, warnings),
        Check::Jobs(failed) if failed.is_empty() => "all went well".to_owned(),
        Check::Jobs(failed) => {
            let failed: Vec<_> = failed
                .iter()
                .map(|(name, why)| format!("{name} failed: {why}"))
                .collect();
            failed.join("; ")
        }
    }
}

/// Returns what the board found when it looked at itself.
fn found(bad: &[finding::Check], warnings: &[finding::Check]) -> String {
    let names = |checks: &[finding::Check]| {
        let names: Vec<_> = checks.iter().map(|check| check.name()).collect();
        names.join(", ")
    };
    match (bad, warnings) {
        ([], []) => "found nothing wrong".to_owned(),
        ([], _) => format!("worth knowing: {}", names(warnings)),
        (_, []) => format!("wrong: {}", names(bad)),
        _ => format!("wrong: {}; worth knowing: {}", names(bad), names(warnings)),
    }
}

/// Returns an age in hours as people say it.
fn age(hours: u32) -> String {
    match hours {
        0 => "less than an hour".to_owned(),
        hours => span(Duration::from_hours(hours.into())),
    }
}

/// Returns how copying the board stands.
fn backup(age: Option<u64>, limit: Option<u64>, failure: Option<&str>) -> String {
    let last = age.map_or_else(
        || "none yet".to_owned(),
        |seconds| format!("the last is {} old", span(Duration::from_secs(seconds))),
    );
    let plan = if limit.is_none() {
        ", none are scheduled"
    } else {
        ""
    };
    match failure {
        Some(why) => format!("the last try failed: {why}; {last}"),
        None => format!("{last}{plan}"),
    }
}

/// Returns what to do about it, where it is not well.
pub const fn hint(check: &Check) -> Option<&'static str> {
    if matches!(check.state(), State::Green) {
        return None;
    }
    Some(match check {
        Check::Service(Service::Maintenance) => {
            "`settings set maintenance off` lets everybody in again."
        }
        Check::Service(_) => "Start it: `ringdown serve`, or its unit.",
        Check::Store(_) => "See whether another program has the file open, and the log.",
        Check::Disk { .. } => "Make room where the board is; writing stops when it is full.",
        Check::Memory { .. } => "Restart the board when it suits, and tell us.",
        Check::Lines { .. } => "Raise the limit of open files (ulimit -Hn, LimitNOFILE).",
        Check::Sessions { .. } => "Each is a fault of this program: tell us, with the log.",
        Check::Queue { .. } => "Decide about the requests in USERS, or raise queue_age_hours.",
        Check::Outbox { .. } => "MAIL and `mail status` say what the mail server answered.",
        Check::Notify { .. } => "`mail test --notify` tries it; doctor says what is wrong.",
        Check::Backup { .. } => "`backup DIR` makes one now; doctor says where they go.",
        Check::Doctor { .. } => "`doctor` says what, and what to do about it.",
        Check::Jobs(_) => "The log says more; the next run tries again.",
    })
}

/// Returns a number of bytes as people read them: `4.2 MB`.
pub fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut tenths = bytes / 100;
    let mut units = UNITS.iter();
    let mut unit = units.next();
    // In tenths: 1 000.0 of one unit is 1.0 of the next.
    while tenths >= 10_000
        && let Some(next) = units.next()
    {
        tenths /= 1_000;
        unit = Some(next);
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, unit.unwrap_or(&"kB"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_by_people() {
        for (number, text) in [
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (4_250_000, "4.2 MB"),
            (999_999, "999.9 kB"),
            (1_000_000_000, "1.0 GB"),
            (12_345_000_000_000, "12.3 TB"),
            (12_345_000_000_000_000, "12345.0 TB"),
        ] {
            assert_eq!(bytes(number), text);
        }
    }

    #[test]
    fn what_is_well_needs_no_hint() {
        assert_eq!(hint(&Check::Store(None)), None);
        assert!(hint(&Check::Service(Service::Down)).is_some());
    }
}
