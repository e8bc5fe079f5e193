//! The last decision about a request, for as long as it can be taken back, and
//! what stood before it. What may be taken back is decided elsewhere.

use rusqlite::{OptionalExtension as _, named_params};

use super::{
    Fault, Read, Tx,
    account::{Account, COLUMNS, account, columns},
    moment, stored,
};
use crate::domain::{
    account::Status,
    clock::Timestamp,
    id::{AccountId, LetterId},
};

/// An account about which a decision can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undoable {
    /// The account as the decision left it.
    pub account: Account,
    /// Until when.
    pub until: Timestamp,
}

/// Keeps what stood before a decision, and forgets those that are too old.
pub fn keep(
    tx: &Tx<'_>,
    before: &Account,
    after: &Account,
    until: Timestamp,
    letter: Option<LetterId>,
) -> Result<(), Fault> {
    const FORGET: &str = "DELETE FROM decision WHERE until <= :now OR account_id = :id";
    const KEEP: &str = "
        INSERT INTO decision (account_id, rev, until, letter_id, status_at, status_by,
            status_reason)
        VALUES (:id, :rev, :until, :letter, :at, :by, :reason)";
    tx.db()
        .prepare_cached(FORGET)?
        .execute(named_params! { ":now": stored(tx.now()), ":id": before.id.0 })?;
    tx.db().prepare_cached(KEEP)?.execute(named_params! {
        ":id": before.id.0,
        ":rev": after.rev,
        ":until": stored(until),
        ":letter": letter.map(|id| id.0),
        ":at": stored(before.status_at),
        ":by": before.status_by,
        ":reason": before.status_reason,
    })?;
    Ok(())
}

/// Returns until when the last decision about an account can be taken back, if
/// nothing happened to it since.
pub fn until(read: &impl Read, id: AccountId) -> Result<Option<Timestamp>, Fault> {
    const SQL: &str = "
        SELECT d.until FROM decision d
        JOIN account a ON a.id = d.account_id AND a.rev = d.rev
        WHERE d.account_id = :id";
    let mut statement = read.db().prepare_cached(SQL)?;
    let found = statement.query_row(named_params! { ":id": id.0 }, |row| row.get(0));
    Ok(found.optional()?.map(moment))
}

/// Forgets the last decision about an account, and returns the letter that told
/// of it.
pub fn forget(tx: &Tx<'_>, id: AccountId) -> Result<Option<LetterId>, Fault> {
    const SQL: &str = "DELETE FROM decision WHERE account_id = :id RETURNING letter_id";
    let mut statement = tx.db().prepare_cached(SQL)?;
    let found = statement.query_row(named_params! { ":id": id.0 }, |row| {
        row.get::<_, Option<i64>>(0)
    });
    Ok(found.optional()?.flatten().map(LetterId))
}

/// Every USERS page asks this. There are as few rows as were decided about in
/// ten minutes.
pub(super) const NEWEST_BY: &str = concat!(
    "SELECT ",
    columns!(),
    ", d.until FROM decision d JOIN account a ON a.id = d.account_id AND a.rev = d.rev
    WHERE d.until > :now AND a.status_by = :by
        AND NOT EXISTS (SELECT 1 FROM invite i WHERE i.issuer_id = a.id)
    ORDER BY d.until DESC, d.account_id DESC LIMIT 1"
);

/// Returns about whom somebody decided last, if it can be taken back.
pub fn newest_by(read: &impl Read, by: &str, now: Timestamp) -> Result<Option<Undoable>, Fault> {
    let mut statement = read.db().prepare_cached(NEWEST_BY)?;
    let params = named_params! { ":by": by, ":now": stored(now) };
    let found = statement.query_row(params, |row| {
        Ok(Undoable {
            account: account(row)?,
            until: moment(row.get(COLUMNS)?),
        })
    });
    Ok(found.optional()?)
}

/// Whether a member has written anything that others may have seen.
pub fn has_written(read: &impl Read, id: AccountId) -> Result<bool, Fault> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM invite WHERE issuer_id = :id)";
    let params = named_params! { ":id": id.0 };
    Ok(read
        .db()
        .prepare_cached(SQL)?
        .query_row(params, |row| row.get(0))?)
}

/// Puts an account back to where it stood before the last decision, if it still
/// is as it was read; says whether it was.
pub fn take_back(tx: &Tx<'_>, from: &Account, to: Status) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE account
        SET status = :to, status_at = d.status_at, status_by = d.status_by,
            status_reason = d.status_reason, status_until = NULL, rev = account.rev + 1
        FROM decision d
        WHERE account.id = :id AND account.status = :from AND account.rev = :rev
            AND d.account_id = account.id AND d.rev = account.rev AND d.until > :now";
    let changed = tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":id": from.id.0,
        ":from": from.status.name(),
        ":rev": from.rev,
        ":to": to.name(),
        ":now": stored(tx.now()),
    })?;
    Ok(changed == 1)
}
