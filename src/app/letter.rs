//! Letters that a use case writes: in its own transaction, so that there is no
//! letter without the deed. Nothing here sends one.

mod asked;
mod desk;
mod news;
mod worker;

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::{access::judge_email, notice, setting::current};
use crate::{
    domain::{
        access::Verdict,
        account::Role,
        clock::Timestamp,
        event::Event,
        finding::Check,
        id::AccountId,
        letter::{BROKEN, Kind, State},
        news::News,
    },
    settings::{DeliveryMode, Settings},
    store::{
        self, Fault, Read, Tx,
        account::Account,
        outbox::{Letter, New, Post, Program, Recipient, Step},
    },
};

pub(super) use asked::{forget_asked, may_ask};
pub use desk::{MailPage, MailStatus, ProgramStatus};
pub(super) use worker::{board_facts, line, waiting};

/// How long an alert keeps the next one from being written.
const ALERTS: TimeDelta = TimeDelta::hours(24);

/// How long a letter about a ring keeps the next one from being written.
const RINGS: TimeDelta = TimeDelta::hours(1);

/// Tells an account something: by a notice on the board, and by a letter if it
/// has an address. Returns the letter. What the account chose holds.
pub(super) fn write(
    tx: &Tx<'_>,
    to: &Account,
    kind: Kind,
    detail: &str,
) -> Result<Option<Letter>, Fault> {
    let channels = notice::tell(tx, to.id, kind, detail)?;
    if channels.letter {
        post(tx, to, kind, detail)
    } else {
        Ok(None)
    }
}

/// Writes a letter to an account, if it has an address, and returns it.
pub(super) fn post(
    tx: &Tx<'_>,
    to: &Account,
    kind: Kind,
    detail: &str,
) -> Result<Option<Letter>, Fault> {
    match Recipient::of(to) {
        None => Ok(None),
        Some(to) => put(tx, &to, kind, detail, tx.now() + kind.delay()),
    }
}

/// Writes a letter to somebody who can get one, which leaves at `due` if it may,
/// and returns it.
pub(super) fn put(
    tx: &Tx<'_>,
    to: &Recipient,
    kind: Kind,
    detail: &str,
    due: Timestamp,
) -> Result<Option<Letter>, Fault> {
    let (settings, post) = (current(tx)?, store::outbox::post(tx)?);
    let state = if is_blocked(tx, to, kind, &settings)? {
        State::Blocked
    } else {
        beginning(&settings, &post)
    };
    let new = New {
        to,
        kind,
        detail,
        state,
        due,
    };
    let id = store::outbox::insert(tx, &new)?;
    tx.emit(Event::MailChanged);
    store::outbox::by_id(tx, id)
}

/// Whether a letter goes to somebody who could not come with that address.
fn is_blocked(
    read: &impl Read,
    to: &Recipient,
    kind: Kind,
    settings: &Settings,
) -> Result<bool, Fault> {
    match to.address() {
        Some(address) if kind.needs_accepted_address() => {
            let verdict = judge_email(read, address, settings)?;
            Ok(matches!(verdict, Verdict::Refused(_)))
        }
        _ => Ok(false),
    }
}

/// Lets those letters go on whose addresses the board accepts by now: its
/// settings or rules were changed.
pub(super) fn unblock(tx: &Tx<'_>) -> Result<(), Fault> {
    let (settings, post) = (current(tx)?, store::outbox::post(tx)?);
    let mut may_leave = Vec::new();
    for letter in store::outbox::page(tx, Some(State::Blocked), None, u32::MAX)? {
        if !is_blocked(tx, &letter.to, letter.kind, &settings)? {
            may_leave.push(letter.id);
        }
    }
    if may_leave.is_empty() {
        return Ok(());
    }
    let to = beginning(&settings, &post);
    for id in may_leave {
        let step = Step {
            from: &[State::Blocked],
            to,
            next_at: (to == State::Queued).then_some(tx.now()),
            error: None,
        };
        store::outbox::step(tx, id, step)?;
    }
    tx.emit(Event::MailChanged);
    Ok(())
}

/// Tells everybody who may decide that somebody waits. A letter that has not
/// left will tell of both.
pub(super) fn tell_of_waiting(tx: &Tx<'_>, settings: &Settings) -> Result<(), Fault> {
    let kind = Kind::RequestWaits;
    for id in deciders(tx, settings)? {
        let channels = notice::tell(tx, id, kind, "")?;
        if channels.letter && !store::outbox::waits(tx, id, kind)? {
            post_if_on(tx, id, kind, "", settings)?;
        }
    }
    news::tell(tx, News::RequestWaits, "")
}

/// Tells everybody who may decide that an applicant answered.
pub(super) fn tell_of_answer(tx: &Tx<'_>, applicant: &Account) -> Result<(), Fault> {
    let (settings, kind) = (current(tx)?, Kind::RequestAnswered);
    let handle = applicant.handle.as_str();
    for id in deciders(tx, &settings)? {
        if notice::tell(tx, id, kind, handle)?.letter {
            post_if_on(tx, id, kind, handle, &settings)?;
        }
    }
    news::tell(tx, News::RequestAnswered, handle)
}

fn deciders(read: &impl Read, settings: &Settings) -> Result<Vec<AccountId>, Fault> {
    store::notice::staff(read, settings.delegation().decide <= Role::Mod)
}

/// Tells every sysop that the board found something wrong with itself; once a
/// day at most, however often it looks.
pub(super) fn alert(tx: &Tx<'_>, checks: &BTreeSet<Check>) -> Result<(), Fault> {
    let limit = tx.now() - ALERTS;
    // What is wrong with a way would wait for that very way.
    if let Some(detail) = listed(checks, Check::Notify)
        && !store::outbox::was_news_since(tx, Kind::Alert, limit)?
    {
        news::tell(tx, News::Alert, &detail)?;
    }
    if let Some(detail) = listed(checks, Check::Mail) {
        write_alert(tx, &detail, limit)?;
    }
    Ok(())
}

/// Returns what was found, a line each; nothing if it is only that.
fn listed(checks: &BTreeSet<Check>, but: Check) -> Option<String> {
    let rest = checks.iter().filter(|check| **check != but);
    let lines: Vec<_> = rest.map(|check| format!("    {check}")).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn write_alert(tx: &Tx<'_>, detail: &str, limit: Timestamp) -> Result<(), Fault> {
    let (settings, kind) = (current(tx)?, Kind::Alert);
    for id in store::notice::staff(tx, false)? {
        let is_told = store::notice::was_told(tx, id, kind, limit)?
            || store::outbox::was_written(tx, id, kind, limit)?;
        if !is_told && notice::tell(tx, id, kind, detail)?.letter {
            post_if_on(tx, id, kind, detail, &settings)?;
        }
    }
    Ok(())
}

/// Tells every sysop that somebody rang while none of them was at the desk; says
/// whether any of them will hear of it. A notice that was not read takes the
/// next ring too, and letters are an hour apart.
pub(super) fn tell_of_ring(tx: &Tx<'_>, member: &Account) -> Result<bool, Fault> {
    let (settings, kind) = (current(tx)?, Kind::Rang);
    let (limit, at) = (tx.now() - RINGS, tx.now().format("%-d %b %H:%M UTC"));
    let line = &format!("    {}, {at}", member.handle);
    news::tell(tx, News::Rang, member.handle.as_str())?;
    let mut is_heard = store::outbox::post(tx)?.program.is_there;
    for id in store::notice::staff(tx, false)? {
        if store::notice::add_to_unread(tx, id, kind, line)? {
            tx.emit(Event::NoticesChanged(id));
            is_heard = true;
            continue;
        }
        let channels = notice::tell(tx, id, kind, line)?;
        is_heard |= channels.notice;
        if channels.letter && !store::outbox::was_written(tx, id, kind, limit)? {
            is_heard |= post_if_on(tx, id, kind, line, &settings)?;
        }
    }
    Ok(is_heard)
}

/// Writes a letter to an account unless none leaves: what nobody asked for
/// would only pile up. Says whether there is one.
fn post_if_on(
    tx: &Tx<'_>,
    to: AccountId,
    kind: Kind,
    detail: &str,
    settings: &Settings,
) -> Result<bool, Fault> {
    if let Some(to) = store::account::by_id(tx, to)?
        && is_on(settings, &store::outbox::post(tx)?)
    {
        return Ok(post(tx, &to, kind, detail)?.is_some());
    }
    Ok(false)
}

/// Takes the letters of a kind back that an account was written and that have
/// not left; says how many.
pub(super) fn cancel(tx: &Tx<'_>, to: AccountId, kind: Kind) -> Result<usize, Fault> {
    let cancelled = store::outbox::cancel(tx, to, kind)?;
    if cancelled > 0 {
        tx.emit(Event::MailChanged);
    }
    Ok(cancelled)
}

/// Keeps every letter, and those still to be written, until they are released:
/// this board is a copy, and the other one has written to the same people.
pub fn hold_letters(tx: &Tx<'_>) -> Result<(), Fault> {
    let post = store::outbox::post(tx)?;
    store::outbox::set_post(
        tx,
        &Post {
            is_held: true,
            // Those were the other board's.
            failures: 0,
            last_error: None,
            program: Program {
                is_there: post.program.is_there,
                ..Program::default()
            },
            ..post
        },
    )?;
    store::outbox::move_all(tx, State::Queued, State::Held)?;
    tx.emit(Event::MailChanged);
    Ok(())
}

/// The ways for letters that this process knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ways {
    /// Whether there is a mail server.
    pub(super) has_mailer: bool,
    /// Whether there is a program of the sysop's.
    pub(super) has_notifier: bool,
}

/// Notes which ways this process knows.
pub(super) fn note_ways(tx: &Tx<'_>, ways: Ways) -> Result<(), Fault> {
    let before = store::outbox::post(tx)?;
    let mut post = before.clone();
    post.has_transport = ways.has_mailer;
    post.program.is_there = ways.has_notifier;
    if post == before {
        return Ok(());
    }
    store::outbox::set_post(tx, &post)
}

/// Whether there is a way for the letters that these settings count on.
pub(super) fn check_mode(read: &impl Read, settings: &Settings) -> Result<bool, Fault> {
    let needs =
        settings.delivery_mode == DeliveryMode::Email || settings.require_email_verification;
    Ok(!needs || store::outbox::post(read)?.has_transport)
}

/// Whether a letter that is written now leaves.
pub(super) fn leave(read: &impl Read) -> Result<bool, Fault> {
    let post = store::outbox::post(read)?;
    Ok(is_on(&current(read)?, &post) && !post.is_held)
}

/// Whether a letter that is written now leaves, be it at a sysop's word.
pub(super) fn will_leave(read: &impl Read) -> Result<bool, Fault> {
    Ok(is_on(&current(read)?, &store::outbox::post(read)?))
}

/// Whether there are letters that would leave, but for somebody's word.
pub(super) fn are_held(read: &impl Read) -> Result<bool, Fault> {
    let post = store::outbox::post(read)?;
    Ok(post.is_held && is_on(&current(read)?, &post))
}

/// Returns what the mail server said last, if so many letters in a row did not
/// leave that none is likely to.
pub(super) fn breakage(read: &impl Read) -> Result<Option<String>, Fault> {
    let post = store::outbox::post(read)?;
    Ok((post.failures >= BROKEN).then(|| post.last_error.unwrap_or_default()))
}

/// Whether letters leave at all.
fn is_on(settings: &Settings, post: &Post) -> bool {
    match settings.delivery_mode {
        DeliveryMode::Auto => post.has_transport,
        DeliveryMode::Email => true,
        DeliveryMode::NoEmail => false,
    }
}

/// Returns where a new letter begins.
fn beginning(settings: &Settings, post: &Post) -> State {
    if !is_on(settings, post) {
        State::Off
    } else if post.is_held {
        State::Held
    } else {
        State::Queued
    }
}
