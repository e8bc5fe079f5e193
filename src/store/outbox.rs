//! Letters on their way, and how the post stands. When a letter is tried again
//! and what it says is decided elsewhere.

mod news;
mod post;
mod recipient;

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::{Fault, Read, Tx, moment, named, stored};
use crate::domain::{
    clock::Timestamp,
    email::Email,
    handle::Handle,
    id::{AccountId, InviteId, LetterId},
    letter::{Kind, State},
};

pub(super) use news::WAITS as NEWS_WAITS;
pub use news::{is_news_waiting, was_news_since};
pub use post::{Post, Program, post, set_post};
pub use recipient::{Recipient, Way};

/// A letter as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its row.
    pub id: LetterId,
    /// Who gets it.
    pub to: Recipient,
    /// What it is about.
    pub kind: Kind,
    /// What only this letter is about.
    pub detail: String,
    /// Where it stands.
    pub state: State,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When the tries began.
    pub since: Timestamp,
    /// When it is tried next.
    pub next_at: Option<Timestamp>,
    /// When it left.
    pub sent_at: Option<Timestamp>,
}

/// The columns of [`Letter`], in the order [`letter`] reads them.
macro_rules! columns {
    () => {
        "o.id, o.account_id, a.handle, o.kind, o.address, o.detail, o.state, o.attempts,
         o.last_error, o.created_at, o.since, o.next_at, o.sent_at, o.invite_id"
    };
}

/// What every question about letters begins with.
macro_rules! select {
    ($rest:literal) => {
        select!("", $rest)
    };
    ($index:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM outbox o ",
            $index,
            " LEFT JOIN account a ON a.id = o.account_id ",
            $rest
        )
    };
}

fn letter(row: &Row<'_>) -> rusqlite::Result<Letter> {
    let text = |n: usize| row.get::<_, String>(n);
    let at = |n: usize| row.get::<_, Option<i64>>(n).map(|at| at.map(moment));
    Ok(Letter {
        id: LetterId(row.get(0)?),
        to: recipient(row)?,
        kind: named(Kind::named(&text(3)?), "kind")?,
        detail: text(5)?,
        state: named(State::named(&text(6)?), "state")?,
        attempts: row.get(7)?,
        last_error: row.get(8)?,
        created_at: moment(row.get(9)?),
        since: moment(row.get(10)?),
        next_at: at(11)?,
        sent_at: at(12)?,
    })
}

fn recipient(row: &Row<'_>) -> rusqlite::Result<Recipient> {
    let id = |n: usize| row.get::<_, Option<i64>>(n);
    let Some(address) = row.get::<_, Option<String>>(4)? else {
        return Ok(Recipient::Program);
    };
    let address = named(Email::parse(&address).ok(), "address")?;
    match (id(1)?, id(13)?) {
        (Some(account), _) => Ok(Recipient::Account {
            id: AccountId(account),
            handle: named(Handle::parse(&row.get::<_, String>(2)?).ok(), "handle")?,
            address,
        }),
        (None, invite) => Ok(Recipient::Invitee {
            invite: InviteId(named(invite, "recipient")?),
            address,
        }),
    }
}

/// What a new letter is made of.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    /// Who gets it.
    pub to: &'a Recipient,
    /// What it is about.
    pub kind: Kind,
    /// What only this letter is about.
    pub detail: &'a str,
    /// Where it begins: queued, held or off.
    pub state: State,
    /// When it leaves, if it is queued.
    pub due: Timestamp,
}

/// Writes a letter.
pub fn insert(tx: &Tx<'_>, new: &New<'_>) -> Result<LetterId, Fault> {
    const SQL: &str = "
        INSERT INTO outbox (account_id, invite_id, kind, address, detail, state, created_at,
            since, next_at)
        VALUES (:account, :invite, :kind, :address, :detail, :state, :now, :due,
            CASE :state WHEN 'queued' THEN :due END)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":account": new.to.account().map(|id| id.0),
        ":invite": new.to.invite().map(|id| id.0),
        ":kind": new.kind.name(),
        ":address": new.to.address().map(Email::as_str),
        ":detail": new.detail,
        ":state": new.state.name(),
        ":now": stored(tx.now()),
        ":due": stored(new.due),
    })?;
    Ok(LetterId(tx.db().last_insert_rowid()))
}

/// Every request asks this.
pub(super) const WAITS: &str = "
    SELECT EXISTS (SELECT 1 FROM outbox
        WHERE account_id = :of AND kind = :kind AND state IN ('queued', 'held'))";

/// Whether a letter of a kind to an account has not left yet.
pub fn waits(read: &impl Read, of: AccountId, kind: Kind) -> Result<bool, Fault> {
    let params = named_params! { ":of": of.0, ":kind": kind.name() };
    Ok(read
        .db()
        .prepare_cached(WAITS)?
        .query_row(params, |row| row.get(0))?)
}

/// Returns the letter of that row.
pub fn by_id(read: &impl Read, id: LetterId) -> Result<Option<Letter>, Fault> {
    const SQL: &str = select!("WHERE o.id = :id");
    let mut statement = read.db().prepare_cached(SQL)?;
    Ok(statement
        .query_row(named_params! { ":id": id.0 }, letter)
        .optional()?)
}

/// Every detail in USERS asks this.
pub(super) const LAST_OF: &str = select!(
    "WHERE o.account_id = :id AND o.kind NOT IN ('request_waits', 'request_answered', 'rang',
         'alert', 'test')
     ORDER BY o.id DESC LIMIT 1"
);

/// Returns the last letter that told somebody of their own account.
pub fn last_of(read: &impl Read, id: AccountId) -> Result<Option<Letter>, Fault> {
    let mut statement = read.db().prepare_cached(LAST_OF)?;
    Ok(statement
        .query_row(named_params! { ":id": id.0 }, letter)
        .optional()?)
}

/// Returns what an account was written, newest first.
pub fn of(read: &impl Read, id: AccountId, rows: u32) -> Result<Vec<Letter>, Fault> {
    const SQL: &str = select!("WHERE o.account_id = :id ORDER BY o.id DESC LIMIT :rows");
    let mut statement = read.db().prepare_cached(SQL)?;
    let found = statement.query_map(named_params! { ":id": id.0, ":rows": rows }, letter)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Whether an account was written a letter of a kind since a moment.
pub fn was_written(
    read: &impl Read,
    to: AccountId,
    kind: Kind,
    since: Timestamp,
) -> Result<bool, Fault> {
    const SQL: &str = "
        SELECT EXISTS (SELECT 1 FROM outbox
        WHERE account_id = :to AND kind = :kind AND created_at > :since)";
    let params = named_params! { ":to": to.0, ":kind": kind.name(), ":since": stored(since) };
    Ok(read
        .db()
        .prepare_cached(SQL)?
        .query_row(params, |row| row.get(0))?)
}

/// Takes the letters of a kind back that an account was written and that have
/// not left; says how many.
pub fn cancel(tx: &Tx<'_>, to: AccountId, kind: Kind) -> Result<usize, Fault> {
    const SQL: &str = "
        UPDATE outbox SET state = 'cancelled', next_at = NULL
        WHERE account_id = :to AND kind = :kind AND state IN ('queued', 'held', 'blocked')";
    let params = named_params! { ":to": to.0, ":kind": kind.name() };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)?)
}

/// Takes back what was written to whoever an invite is for and has not left.
pub fn cancel_invite(tx: &Tx<'_>, invite: InviteId) -> Result<usize, Fault> {
    const SQL: &str = "
        UPDATE outbox SET state = 'cancelled', next_at = NULL
        WHERE invite_id = :invite AND state IN ('queued', 'held', 'blocked')";
    let params = named_params! { ":invite": invite.0 };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)?)
}

/// Returns the last letter to whoever an invite is for.
pub fn last_for(read: &impl Read, invite: InviteId) -> Result<Option<Letter>, Fault> {
    const SQL: &str = select!("WHERE o.invite_id = :invite ORDER BY o.id DESC LIMIT 1");
    let mut statement = read.db().prepare_cached(SQL)?;
    Ok(statement
        .query_row(named_params! { ":invite": invite.0 }, letter)
        .optional()?)
}

/// How many letters there were to people who are not here yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invited {
    /// By that member.
    pub by: u32,
    /// To that address.
    pub to: u32,
}

/// Returns how many letters since a moment went, or are to go, to people whom a
/// member invited, and to whoever was invited at an address.
pub fn invited_since(
    read: &impl Read,
    by: AccountId,
    to: &Email,
    since: Timestamp,
) -> Result<Invited, Fault> {
    const SQL: &str = "
        SELECT count(*) FILTER (WHERE i.issuer_id = :by),
               count(*) FILTER (WHERE i.bound_email_key = :to)
        FROM outbox o JOIN invite i ON i.id = o.invite_id
        WHERE o.created_at > :since
          AND i.id IN (SELECT id FROM invite WHERE issuer_id = :by
                       UNION SELECT id FROM invite WHERE bound_email_key = :to)";
    let params = named_params! { ":by": by.0, ":to": to.key(), ":since": stored(since) };
    let mut statement = read.db().prepare_cached(SQL)?;
    Ok(statement.query_row(params, |row| {
        Ok(Invited {
            by: row.get(0)?,
            to: row.get(1)?,
        })
    })?)
}

/// The workers ask these after every letter.
pub(super) const FIRST: &str = select!(
    "INDEXED BY outbox_due",
    "WHERE o.state = 'queued' AND o.address IS NOT NULL ORDER BY o.next_at, o.id LIMIT 1"
);
pub(super) const FIRST_NEWS: &str = select!(
    "INDEXED BY outbox_news_due",
    "WHERE o.state = 'queued' AND o.address IS NULL ORDER BY o.next_at, o.id LIMIT 1"
);

/// Returns the letter that leaves first on a way, be it due or not.
pub fn first(read: &impl Read, way: Way) -> Result<Option<Letter>, Fault> {
    let sql = match way {
        Way::Mail => FIRST,
        Way::Program => FIRST_NEWS,
    };
    let mut statement = read.db().prepare_cached(sql)?;
    Ok(statement.query_row([], letter).optional()?)
}

/// Returns how many queued letters should have left by now, and since when the
/// first of them; nothing if none should. Their times may have been put off:
/// what counts is when the tries began.
pub fn overdue(read: &impl Read, now: Timestamp) -> Result<Option<(u32, Timestamp)>, Fault> {
    const SQL: &str = "
        SELECT count(*), min(since) FROM outbox
        WHERE state = 'queued' AND address IS NOT NULL AND since <= :now";
    let mut statement = read.db().prepare_cached(SQL)?;
    let (count, since) = statement.query_row(named_params! { ":now": stored(now) }, |row| {
        Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?))
    })?;
    Ok(since.map(|since| (count, moment(since))))
}

/// The MAIL tab asks these.
pub(super) const PAGE: &str = select!("WHERE o.id < :before ORDER BY o.id DESC LIMIT :rows");
pub(super) const PAGE_OF: &str =
    select!("WHERE o.state = :state AND o.id < :before ORDER BY o.id DESC LIMIT :rows");

/// Returns letters, newest first, from before one on; all, or in one state.
pub fn page(
    read: &impl Read,
    state: Option<State>,
    before: Option<LetterId>,
    rows: u32,
) -> Result<Vec<Letter>, Fault> {
    let before = before.map_or(i64::MAX, |id| id.0);
    let found = match state {
        Some(state) => read
            .db()
            .prepare_cached(PAGE_OF)?
            .query_map(
                named_params! { ":state": state.name(), ":before": before, ":rows": rows },
                letter,
            )?
            .collect::<Result<_, _>>()?,
        None => read
            .db()
            .prepare_cached(PAGE)?
            .query_map(named_params! { ":before": before, ":rows": rows }, letter)?
            .collect::<Result<_, _>>()?,
    };
    Ok(found)
}

/// Returns how many letters are in each state that has any, and since when the
/// oldest was written.
pub fn counts(read: &impl Read) -> Result<Vec<(State, u32, Timestamp)>, Fault> {
    const SQL: &str = "SELECT state, count(*), min(created_at) FROM outbox GROUP BY state";
    let mut statement = read.db().prepare_cached(SQL)?;
    let rows = statement
        .query_map([], |row| {
            let state = named(State::named(&row.get::<_, String>(0)?), "state")?;
            Ok((state, row.get(1)?, moment(row.get(2)?)))
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Begins an attempt if the letter is still queued: until `lease` nobody else
/// takes it. Says whether it was.
pub fn begin(tx: &Tx<'_>, id: LetterId, lease: Timestamp) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE outbox SET attempts = attempts + 1, next_at = :lease
        WHERE id = :id AND state = 'queued'";
    let params = named_params! { ":id": id.0, ":lease": stored(lease) };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Where a letter goes from where it stood.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// The states it may come from.
    pub from: &'a [State],
    /// Where it goes.
    pub to: State,
    /// When it is tried next, if it is queued then.
    pub next_at: Option<Timestamp>,
    /// Why the last try failed.
    pub error: Option<&'a str>,
}

/// Moves a letter if it stands where the step begins; says whether it did.
pub fn step(tx: &Tx<'_>, id: LetterId, step: Step<'_>) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE outbox SET state = :to, next_at = :next, last_error = :error,
            sent_at = CASE :to WHEN 'sent' THEN :now END
        WHERE id = :id AND state IN (SELECT value FROM json_each(:from))";
    let from: Vec<_> = step.from.iter().map(|state| state.name()).collect();
    let changed = tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":id": id.0,
        ":from": serde_json::json!(from).to_string(),
        ":to": step.to.name(),
        ":next": step.next_at.map(stored),
        ":error": step.error,
        ":now": stored(tx.now()),
    })?;
    Ok(changed == 1)
}

/// Begins a letter's tries anew, at once; says whether it could.
pub fn retry(tx: &Tx<'_>, id: LetterId) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE outbox SET state = 'queued', attempts = 0, since = :now, next_at = :now
        WHERE id = :id AND state IN ('queued', 'failed', 'cancelled', 'off')";
    let params = named_params! { ":id": id.0, ":now": stored(tx.now()) };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Moves every letter of a state; queued ones leave at once.
pub fn move_all(tx: &Tx<'_>, from: State, to: State) -> Result<usize, Fault> {
    const SQL: &str = "
        UPDATE outbox SET state = :to,
            since = CASE :to WHEN 'queued' THEN :now ELSE since END,
            next_at = CASE :to WHEN 'queued' THEN :now END
        WHERE state = :from";
    let params = named_params! {
        ":from": from.name(), ":to": to.name(), ":now": stored(tx.now()),
    };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)?)
}

/// Forgets letters that were written before `limit` and have come to an end;
/// the last ones to deleted accounts at once, for they hold an address that is
/// wiped everywhere else.
pub fn forget_before(tx: &Tx<'_>, limit: Timestamp) -> Result<(), Fault> {
    const SQL: &str = "
        DELETE FROM outbox WHERE (created_at < :limit OR kind = 'deletion')
            AND state IN ('blocked', 'sent', 'failed', 'cancelled', 'off')";
    tx.db()
        .prepare_cached(SQL)?
        .execute(named_params! { ":limit": stored(limit) })?;
    Ok(())
}
