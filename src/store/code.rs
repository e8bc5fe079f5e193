//! One-time codes: the claim of an unclaimed board, and key lines.

use rusqlite::{OptionalExtension as _, named_params};

use super::{Fault, Read, Tx, stored};
use crate::domain::{clock::Timestamp, id::AccountId};

/// What a one-time code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Making somebody the sysop of a board without one.
    Claim,
    /// Adding a key to this account.
    Key(AccountId),
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Key(_) => "key",
        }
    }

    const fn account(self) -> Option<i64> {
        match self {
            Self::Claim => None,
            Self::Key(id) => Some(id.0),
        }
    }
}

/// Keeps a new code, and kills the older ones of its purpose.
pub fn put(tx: &Tx<'_>, purpose: Purpose, hash: &[u8], expires: Timestamp) -> Result<(), Fault> {
    const KILL: &str = "
        DELETE FROM one_time_code
        WHERE purpose = :purpose AND account_id IS :account AND used_at IS NULL";
    const PUT: &str = "
        INSERT INTO one_time_code (hash, purpose, account_id, created_at, expires_at)
        VALUES (:hash, :purpose, :account, :now, :expires)";
    let (name, account) = (purpose.name(), purpose.account());
    tx.db()
        .prepare_cached(KILL)?
        .execute(named_params! { ":purpose": name, ":account": account })?;
    tx.db().prepare_cached(PUT)?.execute(named_params! {
        ":hash": hash,
        ":purpose": name,
        ":account": account,
        ":now": stored(tx.now()),
        ":expires": stored(expires),
    })?;
    Ok(())
}

/// Returns whether a live claim code has that hash.
pub fn is_claim(read: &impl Read, hash: &[u8], now: Timestamp) -> Result<bool, Fault> {
    const SQL: &str = "
        SELECT EXISTS (SELECT 1 FROM one_time_code
        WHERE hash = :hash AND purpose = 'claim' AND used_at IS NULL AND expires_at > :now)";
    let params = named_params! { ":hash": hash, ":now": stored(now) };
    Ok(read
        .db()
        .prepare_cached(SQL)?
        .query_row(params, |row| row.get(0))?)
}

/// Returns the account of a live key code with that hash.
pub fn key_account(
    read: &impl Read,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<AccountId>, Fault> {
    const SQL: &str = "
        SELECT account_id FROM one_time_code
        WHERE hash = :hash AND purpose = 'key' AND used_at IS NULL AND expires_at > :now";
    let params = named_params! { ":hash": hash, ":now": stored(now) };
    let mut statement = read.db().prepare_cached(SQL)?;
    Ok(statement
        .query_row(params, |row| row.get(0).map(AccountId))
        .optional()?)
}

/// Uses a live code up; says whether it was one (K3: a conditional write).
pub fn use_up(tx: &Tx<'_>, hash: &[u8]) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE one_time_code SET used_at = :now
        WHERE hash = :hash AND used_at IS NULL AND expires_at > :now";
    let params = named_params! { ":hash": hash, ":now": stored(tx.now()) };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Kills all unused claim codes: the board has a sysop now.
pub fn end_claims(tx: &Tx<'_>) -> Result<(), Fault> {
    tx.db().execute(
        "DELETE FROM one_time_code WHERE purpose = 'claim' AND used_at IS NULL",
        [],
    )?;
    Ok(())
}
