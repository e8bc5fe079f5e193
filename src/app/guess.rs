//! What wrong codes, wrong passwords and wrong second factors lead to (spec §3 and P7). The counters
//! are in the file, so that a restart forgives nobody.

use std::time::Duration;

use chrono::TimeDelta;

use super::{Ruling, visit::Visit};
use crate::{
    domain::{clock::Timestamp, id::AccountId, refusal::Refusal, source::Source},
    store::{
        self, Fault, Read, Tx,
        account::Account,
        guess::{CodeGuesses, PasswordGuesses},
    },
};

/// Wrong codes of a source within [`CODE_WINDOW`] until it must wait.
const CODES: u32 = 10;
const CODE_WINDOW: TimeDelta = TimeDelta::minutes(15);
const CODE_WAIT: TimeDelta = TimeDelta::minutes(15);
const CODE_WAIT_MOST: TimeDelta = TimeDelta::hours(2);

/// Wrong passwords for an account from a source until they must wait.
const PASSWORDS: u32 = 5;
const PASSWORD_WAIT: TimeDelta = TimeDelta::seconds(30);
const PASSWORD_WAIT_MOST: TimeDelta = TimeDelta::hours(1);

/// How long a source that logged in is judged apart from strangers.
const KNOWN: TimeDelta = TimeDelta::days(30);

/// Wrong passwords over all sources that do not slow the answer yet.
const UNNOTICED: u32 = 10;
/// The longest an answer is slowed by what others try.
const SLOWEST: Duration = Duration::from_secs(5);

/// Wrong codes for a second factor over all strange sources within
/// [`FACTOR_WINDOW`] until strangers must wait. Whoever types them has the first
/// credential, and six digits are few.
const FACTOR_CODES: u32 = 20;
const FACTOR_WINDOW: TimeDelta = TimeDelta::hours(1);

/// Counts a wrong code of this call and returns how to answer it.
pub(super) fn wrong_code(tx: &Tx<'_>, visit: &Visit) -> Result<Refusal, Fault> {
    wrong_code_of(tx, visit.source, visit.tries.wrong_code())
}

/// Counts a wrong code of a source; `last` says that its connection has used
/// up its own.
pub(super) fn wrong_code_of(
    tx: &Tx<'_>,
    source: Option<Source>,
    last: bool,
) -> Result<Refusal, Fault> {
    // A network outside every per-source number is held by the connection's
    // own bound alone.
    if let Some(source) = source {
        let source = source.to_string();
        let now = tx.now();
        let before = store::guess::codes(tx, &source)?;
        if before.is_some_and(|guesses| guesses.blocked_until.is_some_and(|end| end > now)) {
            return Ok(Refusal::TryLater);
        }
        let next = one_more(before, now);
        store::guess::put_codes(tx, &source, next)?;
        if next.blocked_until.is_some_and(|end| end > now) {
            tracing::warn!(waits = next.waits, "a source guesses codes and has to wait");
        }
    }
    Ok(if last {
        Refusal::CodesSpent
    } else {
        Refusal::CodeUnusable
    })
}

fn one_more(before: Option<CodeGuesses>, now: Timestamp) -> CodeGuesses {
    let fresh = CodeGuesses {
        wrong: 0,
        since: now,
        waits: 0,
        blocked_until: None,
    };
    let mut next = match before {
        Some(guesses) if now - guesses.since <= CODE_WINDOW => guesses,
        // A new window; how often it was stopped lasts for a day.
        Some(guesses) if now - guesses.since <= TimeDelta::days(1) => CodeGuesses {
            waits: guesses.waits,
            ..fresh
        },
        _ => fresh,
    };
    next.wrong += 1;
    if next.wrong >= CODES {
        let wait = (CODE_WAIT * 2_i32.saturating_pow(next.waits.min(8))).min(CODE_WAIT_MOST);
        next = CodeGuesses {
            wrong: 0,
            since: now,
            waits: next.waits + 1,
            blocked_until: Some(now + wait),
        };
    }
    next
}

/// How a password attempt may go on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Attempt {
    /// Looked at after this delay.
    After(Duration),
    /// Not looked at for that long.
    Wait(Duration),
}

/// Judges an attempt before any hashing.
pub(super) fn judge(
    read: &impl Read,
    handle_key: &str,
    visit: &Visit,
    now: Timestamp,
) -> Result<Attempt, Fault> {
    let source = visit.source_name();
    let own = store::guess::passwords(read, handle_key, &source)?;
    if let Some(wait) = own.and_then(|guesses| wait_of(guesses, now)) {
        return Ok(Attempt::Wait(wait));
    }
    // What others try slows a stranger's answer, never the owner's.
    if store::guess::is_known_source(read, handle_key, &source, now - KNOWN)? {
        return Ok(Attempt::After(Duration::ZERO));
    }
    let since = now - PASSWORD_WAIT_MOST;
    let elsewhere = store::guess::passwords_elsewhere(read, handle_key, &source, since)?;
    let slow = Duration::from_millis(100) * elsewhere.saturating_sub(UNNOTICED);
    Ok(Attempt::After(slow.min(SLOWEST)))
}

/// Returns how long a source still has to wait. No wait is longer than the
/// longest: what seems so comes from a clock that was put right.
fn wait_of(guesses: PasswordGuesses, now: Timestamp) -> Option<Duration> {
    let left = guesses.blocked_until? - now;
    let is_due = left > TimeDelta::zero() && left <= PASSWORD_WAIT_MOST;
    is_due.then(|| left.to_std().unwrap_or_default())
}

/// Returns how long a call has to wait before a code for an account's second
/// factor is looked at.
pub(super) fn factor_wait(
    tx: &Tx<'_>,
    account: &Account,
    visit: &Visit,
) -> Result<Option<Duration>, Fault> {
    let (now, source) = (tx.now(), visit.source_name());
    let own = store::factor::guesses(tx, account.id, &source)?;
    if let Some(wait) = own.and_then(|guesses| wait_of(guesses, now)) {
        return Ok(Some(wait));
    }
    let handle_key = account.handle.key();
    if store::guess::is_known_source(tx, &handle_key, &source, now - KNOWN)? {
        return Ok(None);
    }
    let since = now - FACTOR_WINDOW;
    let (wrong, last) = store::factor::guesses_elsewhere(tx, account.id, &source, since)?;
    let end = last.filter(|_| wrong >= FACTOR_CODES);
    Ok(end.and_then(|last| (last - since).min(FACTOR_WINDOW).to_std().ok()))
}

/// Counts a wrong code for a second factor and returns how to answer it.
pub(super) fn wrong_factor(tx: &Tx<'_>, id: AccountId, visit: &Visit) -> Result<Refusal, Fault> {
    let source = visit.source_name();
    let before = store::factor::guesses(tx, id, &source)?;
    store::factor::put_guesses(tx, id, &source, one_more_wrong(before, tx.now()))?;
    Ok(if visit.tries.wrong_password() {
        Refusal::FactorWrongLast
    } else {
        Refusal::FactorWrong
    })
}

/// Refuses an attempt that was judged before others of the same source were
/// counted: tries at once are no more than tries one after the other, and nobody
/// learns whether those beyond were right.
pub(super) fn still_allowed(tx: &Tx<'_>, handle_key: &str, visit: &Visit) -> Ruling<()> {
    match judge(tx, handle_key, visit, tx.now())? {
        Attempt::Wait(wait) => Err(Refusal::PasswordWait(wait).into()),
        Attempt::After(_) => Ok(()),
    }
}

/// Counts a wrong password and returns how to answer it.
pub(super) fn wrong_password(tx: &Tx<'_>, handle_key: &str, visit: &Visit) -> Ruling<Refusal> {
    still_allowed(tx, handle_key, visit)?;
    let source = visit.source_name();
    let before = store::guess::passwords(tx, handle_key, &source)?;
    let guesses = one_more_wrong(before, tx.now());
    store::guess::put_passwords(tx, handle_key, &source, guesses)?;
    Ok(if visit.tries.wrong_password() {
        Refusal::WrongCredentialsLast
    } else {
        Refusal::WrongCredentials
    })
}

/// Counts one more wrong password or code in a row.
fn one_more_wrong(before: Option<PasswordGuesses>, now: Timestamp) -> PasswordGuesses {
    let wrong = match before {
        // A day without a wrong one forgets the old ones.
        Some(guesses) if now - guesses.last_at <= TimeDelta::days(1) => guesses.wrong,
        _ => 0,
    } + 1;
    let blocked_until = (wrong >= PASSWORDS).then(|| {
        let wait = PASSWORD_WAIT * 2_i32.saturating_pow((wrong - PASSWORDS).min(12));
        now + wait.min(PASSWORD_WAIT_MOST)
    });
    PasswordGuesses {
        wrong,
        last_at: now,
        blocked_until,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_wrong_codes_make_a_source_wait_and_the_wait_doubles_to_two_hours() {
        let mut now = Timestamp::UNIX_EPOCH;
        let mut guesses = None;
        let mut waits = Vec::new();
        for _ in 0..5 {
            for _ in 0..10 {
                guesses = Some(one_more(guesses, now));
            }
            let end = guesses.unwrap().blocked_until.unwrap();
            waits.push((end - now).num_minutes());
            now = end;
        }
        assert_eq!(waits, [15, 30, 60, 120, 120]);
    }

    #[test]
    fn slow_mistakes_are_forgiven() {
        let mut now = Timestamp::UNIX_EPOCH;
        let mut guesses = None;
        for _ in 0..100 {
            guesses = Some(one_more(guesses, now));
            now += TimeDelta::minutes(16);
        }
        assert_eq!(guesses.unwrap().blocked_until, None);
    }
}
