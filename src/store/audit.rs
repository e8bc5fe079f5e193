//! Who did what: ids, handles and setting values, never addresses, messages or
//! sources. Append-only, by trigger.

use rusqlite::{OptionalExtension as _, Row, ToSql, named_params};

use super::{Fault, Read, Tx, moment, stored};
use crate::domain::{clock::Timestamp, event::Event, id::AuditId, policy::Permit};

/// One act.
#[derive(Clone, Copy, Debug, Default)]
pub struct Act<'a> {
    /// A stable name: `account.approve`.
    pub action: &'a str,
    /// What it was done to, its name last: `account 12 newbie`, `setting
    /// site_name`.
    pub object: &'a str,
    /// What stood before.
    pub before: Option<&'a str>,
    /// What stands now.
    pub after: Option<&'a str>,
    /// The reason given.
    pub reason: Option<&'a str>,
}

/// An act on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number; a later act has a higher one.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who: a handle, `console(1000)`, or `ringdown` for the board itself.
    pub actor: String,
    /// The way they came: `ssh`, `console`, `job`.
    pub via: String,
    /// The act's stable name.
    pub action: String,
    /// What it was done to.
    pub object: String,
    /// What stood before.
    pub before: Option<String>,
    /// What stood afterwards.
    pub after: Option<String>,
    /// The reason given.
    pub reason: Option<String>,
}

impl Record {
    /// Returns the name of what it was done to: a handle, a setting, an
    /// invite's number.
    pub fn name(&self) -> &str {
        name_of(&self.object)
    }
}

/// Returns the name in an object: its last word.
pub fn name_of(object: &str) -> &str {
    object.rsplit(' ').next().unwrap_or(object)
}

/// Which records are wanted; everything that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The name of what it was done to, in any case.
    pub name: Option<String>,
    /// What kind of thing that is, `account` or `setting`; only with a name.
    pub kind: Option<String>,
    /// Who did it, in any case.
    pub actor: Option<String>,
    /// From then on.
    pub since: Option<Timestamp>,
    /// Before then.
    pub until: Option<Timestamp>,
}

/// Writes an act down, with whoever was permitted to do it.
pub fn record(tx: &Tx<'_>, permit: &Permit, act: Act<'_>) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT INTO audit (at, actor_id, actor, via, action, object, name, before, after, reason)
        VALUES (:at, :actor_id, :actor, :via, :action, :object, :name, :before, :after, :reason)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":at": stored(tx.now()),
        ":actor_id": permit.account().map(|id| id.0),
        ":actor": permit.name(),
        ":via": permit.via(),
        ":action": act.action,
        ":object": act.object,
        ":name": name_of(act.object),
        ":before": act.before,
        ":after": act.after,
        ":reason": act.reason,
    })?;
    tx.emit(Event::Recorded);
    Ok(())
}

/// The columns of [`Record`], in the order [`read_row`] takes them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, at, actor, via, action, object, before, after, reason FROM audit ",
            $rest
        )
    };
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        id: AuditId(row.get(0)?),
        at: moment(row.get(1)?),
        actor: row.get(2)?,
        via: row.get(3)?,
        action: row.get(4)?,
        object: row.get(5)?,
        before: row.get(6)?,
        after: row.get(7)?,
        reason: row.get(8)?,
    })
}

/// A page of everything.
pub(super) const PAGE: &str = select!(
    "WHERE id >= :first AND id < :before AND +at >= :since AND +at < :until
     ORDER BY id DESC LIMIT :rows"
);

/// A page of what somebody did.
pub(super) const PAGE_OF_ACTOR: &str = select!(
    "WHERE actor = :actor AND id >= :first AND id < :before AND +at >= :since AND +at < :until
     ORDER BY id DESC LIMIT :rows"
);

/// A page of what was done to something.
pub(super) const PAGE_OF_NAME: &str = select!(
    "WHERE name = :name AND id >= :first AND id < :before AND +at >= :since AND +at < :until
       AND (:kind IS NULL OR object LIKE :kind || ' %')
       AND (:actor IS NULL OR +actor = :actor)
     ORDER BY id DESC LIMIT :rows"
);

/// Where a span of time begins and ends in the order of the records. Without the
/// plus SQLite would walk there from an end of the table.
pub(super) const FIRST: &str = "SELECT min(+id) FROM audit WHERE at >= :at";
pub(super) const LAST: &str = "SELECT max(+id) FROM audit WHERE at < :at";

/// Returns a page of records, newest first: those before one of them.
pub fn page(
    read: &impl Read,
    filter: &Filter,
    before: Option<AuditId>,
    rows: u32,
) -> Result<Vec<Record>, Fault> {
    let (Some(first), Some(end)) = (first(read, filter.since)?, end(read, filter.until)?) else {
        return Ok(Vec::new());
    };
    let before = before.map_or(end, |id| id.0.min(end));
    let (since, until) = span(filter);
    let mut params: Vec<(&str, &dyn ToSql)> = vec![
        (":first", &first),
        (":before", &before),
        (":since", &since),
        (":until", &until),
        (":rows", &rows),
    ];
    let sql = match (&filter.name, &filter.actor) {
        (None, None) => PAGE,
        (None, Some(actor)) => {
            params.push((":actor", actor));
            PAGE_OF_ACTOR
        }
        (Some(name), actor) => {
            params.push((":name", name));
            params.push((":kind", &filter.kind));
            params.push((":actor", actor));
            PAGE_OF_NAME
        }
    };
    let mut statement = read.db().prepare_cached(sql)?;
    let rows = statement.query_map(params.as_slice(), read_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns the first record of a span; nothing if there is none.
fn first(read: &impl Read, since: Option<Timestamp>) -> Result<Option<i64>, Fault> {
    since.map_or(Ok(Some(0)), |at| edge(read, FIRST, at))
}

/// Returns what follows the last record of a span; nothing if there is none.
fn end(read: &impl Read, until: Option<Timestamp>) -> Result<Option<i64>, Fault> {
    let last = until.map(|at| edge(read, LAST, at)).transpose()?;
    Ok(last.map_or(Some(i64::MAX), |last| last.map(|id| id + 1)))
}

fn edge(read: &impl Read, sql: &str, at: Timestamp) -> Result<Option<i64>, Fault> {
    let mut statement = read.db().prepare_cached(sql)?;
    Ok(statement.query_row(named_params! { ":at": stored(at) }, |row| row.get(0))?)
}

/// Returns the span of a filter as the file keeps it.
fn span(filter: &Filter) -> (i64, i64) {
    let Filter { since, until, .. } = filter;
    (
        since.map_or(i64::MIN, stored),
        until.map_or(i64::MAX, stored),
    )
}

/// Whoever follows the records asks this at every act.
pub(super) const AFTER: &str = select!(
    "WHERE id > :id AND +at >= :since AND +at < :until
       AND (:name IS NULL OR +name = :name)
       AND (:kind IS NULL OR object LIKE :kind || ' %')
       AND (:actor IS NULL OR +actor = :actor)
     ORDER BY id LIMIT :rows"
);

/// Returns what was written down after a record, oldest first.
pub fn after(
    read: &impl Read,
    filter: &Filter,
    id: AuditId,
    rows: u32,
) -> Result<Vec<Record>, Fault> {
    let (since, until) = span(filter);
    let mut statement = read.db().prepare_cached(AFTER)?;
    let rows = statement.query_map(
        named_params! {
            ":id": id.0,
            ":since": since,
            ":until": until,
            ":name": filter.name,
            ":kind": filter.kind,
            ":actor": filter.actor,
            ":rows": rows,
        },
        read_row,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns the number of the latest record; 0 while there is none.
pub fn latest(read: &impl Read) -> Result<AuditId, Fault> {
    const SQL: &str = "SELECT coalesce(max(id), 0) FROM audit";
    let mut statement = read.db().prepare_cached(SQL)?;
    Ok(AuditId(statement.query_row([], |row| row.get(0))?))
}

/// Returns who did something to an object last.
pub fn last_by(read: &impl Read, object: &str, action: &str) -> Result<Option<String>, Fault> {
    const SQL: &str = "
        SELECT actor FROM audit
        WHERE name = :name AND object = :object AND action = :action ORDER BY id DESC LIMIT 1";
    let params = named_params! {
        ":name": name_of(object), ":object": object, ":action": action,
    };
    let found = read
        .db()
        .prepare_cached(SQL)?
        .query_row(params, |row| row.get(0));
    Ok(found.optional()?)
}

/// Returns how often something was done to an object since a moment.
pub fn count_since(
    read: &impl Read,
    object: &str,
    action: &str,
    since: Timestamp,
) -> Result<u32, Fault> {
    const SQL: &str = "
        SELECT count(*) FROM audit
        WHERE name = :name AND object = :object AND action = :action AND +at > :since";
    let params = named_params! {
        ":name": name_of(object), ":object": object, ":action": action, ":since": stored(since),
    };
    Ok(read
        .db()
        .prepare_cached(SQL)?
        .query_row(params, |row| row.get(0))?)
}

/// Whether something was done to whoever or whatever has this name.
pub fn was_done(read: &impl Read, name: &str, action: &str) -> Result<bool, Fault> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM audit WHERE name = :name AND action = :action)";
    let params = named_params! { ":name": name, ":action": action };
    Ok(read
        .db()
        .prepare_cached(SQL)?
        .query_row(params, |row| row.get(0))?)
}
