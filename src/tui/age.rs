//! How long ago, in as few columns as it takes.

use crate::domain::clock::Timestamp;

/// Returns how long before `now` a moment was: `now`, `4 m`, `2 h`, `3 d`,
/// `7 w`, `2 y`. A moment to come counts as now.
pub fn age(now: Timestamp, then: Timestamp) -> String {
    let minutes = (now - then).num_minutes();
    match minutes {
        ..=0 => "now".to_owned(),
        1..60 => format!("{minutes} m"),
        60..1_440 => format!("{} h", minutes / 60),
        1_440..86_400 => format!("{} d", minutes / 1_440),
        86_400..525_600 => format!("{} w", minutes / 10_080),
        _ => format!("{} y", minutes / 525_600),
    }
}

/// Returns how long before `now` a moment was, in words: `just now`, `4 minutes
/// ago`, `a day ago`.
pub fn ago(now: Timestamp, then: Timestamp) -> String {
    let minutes = (now - then).num_minutes();
    let (count, one, many) = match minutes {
        ..=0 => return "just now".to_owned(),
        1..60 => (minutes, "a minute", "minutes"),
        60..1_440 => (minutes / 60, "an hour", "hours"),
        _ => (minutes / 1_440, "a day", "days"),
    };
    match count {
        1 => format!("{one} ago"),
        _ => format!("{count} {many} ago"),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn an_age_has_one_number_and_one_letter() {
        let now = Timestamp::UNIX_EPOCH + TimeDelta::days(10_000);
        for (ago, want) in [
            (TimeDelta::minutes(-5), "now"),
            (TimeDelta::seconds(59), "now"),
            (TimeDelta::minutes(4), "4 m"),
            (TimeDelta::minutes(119), "1 h"),
            (TimeDelta::days(3), "3 d"),
            (TimeDelta::days(70), "10 w"),
            (TimeDelta::days(800), "2 y"),
        ] {
            assert_eq!(age(now, now - ago), want);
        }
    }

    #[test]
    fn words_for_an_age_know_one_from_many() {
        let now = Timestamp::UNIX_EPOCH + TimeDelta::days(10_000);
        for (ago_minutes, want) in [
            (-5, "just now"),
            (1, "a minute ago"),
            (4, "4 minutes ago"),
            (119, "an hour ago"),
            (2 * 1_440, "2 days ago"),
        ] {
            assert_eq!(ago(now, now - TimeDelta::minutes(ago_minutes)), want);
        }
    }
}
