//! Notices, and by which ways people chose to hear of what. What a notice says
//! is made of its kind and detail when it is read.

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::{Fault, Read, Tx, moment, named, stored};
use crate::domain::{
    clock::Timestamp,
    id::{AccountId, NoticeId},
    letter::Kind,
    notice::{Channels, Topic},
};

/// Notices one account has at most; the oldest give way.
const MOST: u32 = 200;

/// Something somebody was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its row.
    pub id: NoticeId,
    /// What it is about.
    pub kind: Kind,
    /// What only this one is about.
    pub detail: String,
    /// When it was told.
    pub at: Timestamp,
    /// Whether it was read.
    pub is_read: bool,
}

fn notice(row: &Row<'_>) -> rusqlite::Result<Notice> {
    Ok(Notice {
        id: NoticeId(row.get(0)?),
        kind: named(Kind::named(&row.get::<_, String>(1)?), "kind")?,
        detail: row.get(2)?,
        at: moment(row.get(3)?),
        is_read: row.get(4)?,
    })
}

/// Tells an account something, and lets go of its oldest notices.
pub fn insert(tx: &Tx<'_>, to: AccountId, kind: Kind, detail: &str) -> Result<(), Fault> {
    const INSERT: &str = "
        INSERT INTO notice (account_id, kind, detail, at) VALUES (:to, :kind, :detail, :now)";
    const TRIM: &str = "
        DELETE FROM notice WHERE account_id = :to AND id <= (
            SELECT id FROM notice WHERE account_id = :to ORDER BY id DESC LIMIT 1 OFFSET :most)";
    tx.db().prepare_cached(INSERT)?.execute(named_params! {
        ":to": to.0,
        ":kind": kind.name(),
        ":detail": detail,
        ":now": stored(tx.now()),
    })?;
    let params = named_params! { ":to": to.0, ":most": MOST };
    tx.db().prepare_cached(TRIM)?.execute(params)?;
    Ok(())
}

/// Whether an account has a notice of a kind that it has not read.
pub fn has_unread(read: &impl Read, of: AccountId, kind: Kind) -> Result<bool, Fault> {
    const SQL: &str = "
        SELECT EXISTS (SELECT 1 FROM notice INDEXED BY notice_unread
            WHERE account_id = :of AND read_at IS NULL AND kind = :kind)";
    let params = named_params! { ":of": of.0, ":kind": kind.name() };
    Ok(read
        .db()
        .prepare_cached(SQL)?
        .query_row(params, |row| row.get(0))?)
}

/// Adds a line to a notice of a kind that an account has not read, as long as
/// it is not too long already; says whether there is one.
pub fn add_to_unread(tx: &Tx<'_>, of: AccountId, kind: Kind, line: &str) -> Result<bool, Fault> {
    // What one person reads at a time; the rest is in the records.
    const LONGEST: u32 = 2_000;
    const SQL: &str = "
        UPDATE notice SET detail = CASE
            WHEN length(detail) < :longest THEN detail || char(10) || :line ELSE detail END
        WHERE id = (SELECT max(id) FROM notice INDEXED BY notice_unread
            WHERE account_id = :of AND read_at IS NULL AND kind = :kind)";
    let params = named_params! {
        ":of": of.0, ":kind": kind.name(), ":line": line, ":longest": LONGEST,
    };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Returns the notices of an account, newest first.
pub fn of(read: &impl Read, id: AccountId) -> Result<Vec<Notice>, Fault> {
    const SQL: &str = "
        SELECT id, kind, detail, at, read_at IS NOT NULL FROM notice
        WHERE account_id = :id ORDER BY id DESC LIMIT :most";
    let mut statement = read.db().prepare_cached(SQL)?;
    let params = named_params! { ":id": id.0, ":most": MOST };
    let rows = statement.query_map(params, notice)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every session asks this when it begins.
pub(super) const UNREAD: &str = "
    SELECT count(*) FROM notice INDEXED BY notice_unread
    WHERE account_id = :id AND read_at IS NULL";

/// Returns how many notices of an account are not read.
pub fn unread(read: &impl Read, id: AccountId) -> Result<u32, Fault> {
    let params = named_params! { ":id": id.0 };
    Ok(read
        .db()
        .prepare_cached(UNREAD)?
        .query_row(params, |row| row.get(0))?)
}

/// Notes that one notice of an account, or every one, was read; says whether
/// there was one that had not been.
pub fn mark_read(tx: &Tx<'_>, of: AccountId, id: Option<NoticeId>) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE notice SET read_at = :now
        WHERE account_id = :of AND read_at IS NULL AND (:id IS NULL OR id = :id)";
    let params = named_params! {
        ":of": of.0, ":id": id.map(|id| id.0), ":now": stored(tx.now()),
    };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? > 0)
}

/// Removes a notice of an account; says whether it was there.
pub fn remove(tx: &Tx<'_>, of: AccountId, id: NoticeId) -> Result<bool, Fault> {
    const SQL: &str = "DELETE FROM notice WHERE account_id = :of AND id = :id";
    let params = named_params! { ":of": of.0, ":id": id.0 };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Takes back what an account was told since a moment and has not read.
pub fn take_back(tx: &Tx<'_>, of: AccountId, kind: Kind, since: Timestamp) -> Result<bool, Fault> {
    const SQL: &str = "
        DELETE FROM notice
        WHERE account_id = :of AND kind = :kind AND at >= :since AND read_at IS NULL";
    let params = named_params! { ":of": of.0, ":kind": kind.name(), ":since": stored(since) };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? > 0)
}

/// Whether an account was told something since a moment.
pub fn was_told(
    read: &impl Read,
    of: AccountId,
    kind: Kind,
    since: Timestamp,
) -> Result<bool, Fault> {
    const SQL: &str = "
        SELECT EXISTS (SELECT 1 FROM notice
            WHERE account_id = :of AND kind = :kind AND at >= :since)";
    let params = named_params! { ":of": of.0, ":kind": kind.name(), ":since": stored(since) };
    Ok(read
        .db()
        .prepare_cached(SQL)?
        .query_row(params, |row| row.get(0))?)
}

/// Forgets what was told before `limit`.
pub fn forget_before(tx: &Tx<'_>, limit: Timestamp) -> Result<(), Fault> {
    const SQL: &str = "DELETE FROM notice WHERE at < :limit";
    let params = named_params! { ":limit": stored(limit) };
    tx.db().prepare_cached(SQL)?.execute(params)?;
    Ok(())
}

/// Returns by which ways an account hears of a topic.
pub fn channels(read: &impl Read, of: AccountId, topic: Topic) -> Result<Channels, Fault> {
    const SQL: &str = "
        SELECT notice, letter, bell FROM notice_choice WHERE account_id = :of AND topic = :topic";
    let mut statement = read.db().prepare_cached(SQL)?;
    let params = named_params! { ":of": of.0, ":topic": topic.name() };
    let chosen = statement.query_row(params, |row| {
        Ok(Channels {
            notice: row.get(0)?,
            letter: row.get(1)?,
            bell: row.get(2)?,
        })
    });
    Ok(chosen.optional()?.unwrap_or_else(|| topic.usual()))
}

/// Keeps by which ways an account hears of a topic.
pub fn choose(tx: &Tx<'_>, of: AccountId, topic: Topic, ways: Channels) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT OR REPLACE INTO notice_choice (account_id, topic, notice, letter, bell)
        VALUES (:of, :topic, :notice, :letter, :bell)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":of": of.0,
        ":topic": topic.name(),
        ":notice": ways.notice,
        ":letter": ways.letter,
        ":bell": ways.bell,
    })?;
    Ok(())
}

/// Every request asks this.
pub(super) const STAFF: &str = "
    SELECT id FROM account INDEXED BY account_staff
    WHERE role <> 'user' AND (role = 'sysop' OR :mods) AND status = 'active' ORDER BY id";

/// Returns the active sysops, and the mods if they are asked for too.
pub fn staff(read: &impl Read, mods: bool) -> Result<Vec<AccountId>, Fault> {
    let mut statement = read.db().prepare_cached(STAFF)?;
    let rows = statement.query_map(named_params! { ":mods": mods }, |row| {
        row.get(0).map(AccountId)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
