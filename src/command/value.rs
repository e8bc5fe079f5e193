//! How arguments are read. It checks how they look, not whether they make sense
//! to the board.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::{
    app::{hub::Which, invite::Uses},
    domain::{
        clock::Timestamp,
        email::{DomainName, Email},
        handle::Handle,
        id::{InviteId, LetterId, SessionId},
    },
};

/// Reads one of a few names.
pub(super) fn one_of<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.iter().map(move |&one| name(one))).try_map(move |text| {
        let named = all.iter().copied().find(|&one| name(one) == text);
        named.ok_or("not one of the names")
    })
}

/// Reads `inv-1042` or `1042`.
pub(super) fn invite(text: &str) -> Result<InviteId, &'static str> {
    let number = text.strip_prefix("inv-").unwrap_or(text);
    number
        .parse()
        .map(InviteId)
        .map_err(|_| "invites are called inv-1042, or 1042")
}

/// Reads `letter-7`, as the record calls it, or `7`.
pub(super) fn letter(text: &str) -> Result<LetterId, &'static str> {
    let number = text.strip_prefix("letter-").unwrap_or(text);
    number
        .parse()
        .map(LetterId)
        .map_err(|_| "letters have numbers; `mail list` shows them")
}

/// Reads which sessions of somebody: the number of one, or `all`.
pub(super) fn sessions_of(text: &str) -> Result<Which, &'static str> {
    match text {
        "all" => Ok(Which::All),
        number => number
            .parse()
            .map(|number| Which::One(SessionId(number)))
            .map_err(|_| "sessions have numbers; `user sessions HANDLE` shows them"),
    }
}

/// Reads a number of uses, or `unlimited`.
pub(super) fn uses(text: &str) -> Result<Uses, &'static str> {
    match text {
        "unlimited" => Ok(Uses::Unlimited),
        number => match number.parse() {
            Ok(times) if times > 0 => Ok(Uses::Times(times)),
            _ => Err("write a number from 1 up, or unlimited"),
        },
    }
}

/// Reads an address.
pub(super) fn email(text: &str) -> Result<Email, &'static str> {
    Email::parse(text).map_err(|_| "that is no e-mail address")
}

/// Reads the name of a domain.
pub(super) fn domain(text: &str) -> Result<DomainName, &'static str> {
    DomainName::parse(text).map_err(|_| "domains look like example.org")
}

/// Reads a handle.
pub(super) fn handle(text: &str) -> Result<Handle, &'static str> {
    Handle::parse(text).map_err(|_| "that can't be a handle")
}

/// Reads a life in days: `14d`, `2w`, or `14`.
pub(super) fn days(text: &str) -> Result<u32, &'static str> {
    let (number, days) = match text.strip_suffix('w') {
        Some(weeks) => (weeks, 7),
        None => (text.strip_suffix('d').unwrap_or(text), 1),
    };
    let number: u32 = number.parse().map_err(|_| "write days or weeks: 14d, 2w")?;
    number.checked_mul(days).ok_or("that is too long")
}

/// A moment as people write it: so far from now, or on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// So far from now.
    Span(TimeDelta),
    /// Then.
    At(Timestamp),
}

impl When {
    /// Reads `12h`, `7d`, `2w`, `2026-12-24` or an RFC 3339 moment.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        if let Some(hours) = text.strip_suffix('h') {
            let hours = hours.parse().ok().and_then(TimeDelta::try_hours);
            return hours.map(Self::Span).ok_or("write hours as 12h");
        }
        if let Ok(days) = days(text) {
            return Ok(Self::Span(TimeDelta::days(days.into())));
        }
        if let Ok(day) = text.parse::<NaiveDate>() {
            return Ok(Self::At(day.and_time(NaiveTime::MIN).and_utc()));
        }
        DateTime::parse_from_rfc3339(text)
            .map(|moment| Self::At(moment.with_timezone(&Utc)))
            .map_err(|_| "write 12h, 7d, 2w, or a day in UTC such as 2026-12-24")
    }

    /// Returns the moment, seen from `now`; nothing if it is past.
    pub(super) fn after(self, now: Timestamp) -> Option<Timestamp> {
        let moment = match self {
            Self::Span(span) => now.checked_add_signed(span)?,
            Self::At(moment) => moment,
        };
        Some(moment).filter(|moment| *moment > now)
    }

    /// Returns the moment, a span counted back from `now`.
    pub(super) fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Span(span) => now
                .checked_sub_signed(span)
                .unwrap_or(Timestamp::UNIX_EPOCH),
            Self::At(moment) => moment,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_people_write_them() {
        assert_eq!(invite("inv-7"), Ok(InviteId(7)));
        assert_eq!(invite("7"), Ok(InviteId(7)));
        assert!(invite("inv-").is_err());
        assert_eq!(letter("letter-7"), Ok(LetterId(7)));
        assert_eq!(letter("7"), Ok(LetterId(7)));
        assert!(letter("inv-7").is_err());
        assert_eq!(uses("3"), Ok(Uses::Times(3)));
        assert_eq!(uses("unlimited"), Ok(Uses::Unlimited));
        assert!(uses("0").is_err());
        assert_eq!(days("14d"), Ok(14));
        assert_eq!(days("2w"), Ok(14));
        assert!(days("4294967295w").is_err());
        assert!(days("soon").is_err());
    }

    #[test]
    fn an_end_is_a_span_or_a_moment_and_never_past() {
        let now = Timestamp::UNIX_EPOCH + TimeDelta::days(365);
        let after = |text| When::parse(text).unwrap().after(now);
        assert_eq!(after("12h"), Some(now + TimeDelta::hours(12)));
        assert_eq!(after("2w"), Some(now + TimeDelta::days(14)));
        assert_eq!(after("1971-01-02"), Some(now + TimeDelta::days(1)));
        assert_eq!(after("1971-01-02T00:00:00Z"), after("1971-01-02"));
        assert_eq!(after("1970-06-01"), None);
        assert_eq!(after("0d"), None);
        let before = |text| When::parse(text).unwrap().before(now);
        assert_eq!(before("12h"), now - TimeDelta::hours(12));
        assert_eq!(before("1970-06-01T00:00:00Z"), before("1970-06-01"));
        assert!(When::parse("tomorrow").is_err());
        assert!(When::parse("99999999999999h").is_err());
    }
}
