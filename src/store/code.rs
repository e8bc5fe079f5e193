//! One-time codes: the claim of an unclaimed board, key lines, codes for a new
//! password, and codes that prove an address.

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
    /// Choosing a new password for this account.
    Reset(AccountId),
    /// Proving the address of this account.
    Address(AccountId),
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Key(_) => "key",
            Self::Reset(_) => "reset",
            Self::Address(_) => "address",
        }
    }

    const fn account(self) -> Option<i64> {
        match self {
            Self::Claim => None,
            Self::Key(id) | Self::Reset(id) | Self::Address(id) => Some(id.0),
        }
    }
}

/// Keeps a new code, and kills the older ones of its purpose.
pub fn put(tx: &Tx<'_>, purpose: Purpose, hash: &[u8], expires: Timestamp) -> Result<(), Fault> {
    const PUT: &str = "
        INSERT INTO one_time_code (hash, purpose, account_id, created_at, expires_at)
        VALUES (:hash, :purpose, :account, :now, :expires)";
    kill(tx, purpose)?;
    tx.db().prepare_cached(PUT)?.execute(named_params! {
        ":hash": hash,
        ":purpose": purpose.name(),
        ":account": purpose.account(),
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
    account_of(read, "key", hash, now)
}

/// Returns the account of a live code for a new password with that hash.
pub fn reset_account(
    read: &impl Read,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<AccountId>, Fault> {
    account_of(read, "reset", hash, now)
}

fn account_of(
    read: &impl Read,
    purpose: &str,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<AccountId>, Fault> {
    const SQL: &str = "
        SELECT account_id FROM one_time_code
        WHERE hash = :hash AND purpose = :purpose AND used_at IS NULL AND expires_at > :now";
    let params = named_params! { ":hash": hash, ":purpose": purpose, ":now": stored(now) };
    let mut statement = read.db().prepare_cached(SQL)?;
    Ok(statement
        .query_row(params, |row| row.get(0).map(AccountId))
        .optional()?)
}

/// Whether an account's address has a live code of that hash, in whose place
/// fewer than `tries` wrong ones were typed.
pub fn proves_address(
    read: &impl Read,
    id: AccountId,
    hash: &[u8],
    tries: u32,
    now: Timestamp,
) -> Result<bool, Fault> {
    const SQL: &str = "
        SELECT EXISTS (SELECT 1 FROM one_time_code
        WHERE hash = :hash AND purpose = 'address' AND account_id = :id AND used_at IS NULL
          AND expires_at > :now AND wrong < :tries)";
    let params = named_params! {
        ":hash": hash, ":id": id.0, ":now": stored(now), ":tries": tries,
    };
    Ok(read
        .db()
        .prepare_cached(SQL)?
        .query_row(params, |row| row.get(0))?)
}

/// Counts a wrong code that was typed to prove an account's address.
pub fn miss_address(tx: &Tx<'_>, id: AccountId) -> Result<(), Fault> {
    const SQL: &str = "
        UPDATE one_time_code SET wrong = wrong + 1
        WHERE purpose = 'address' AND account_id = :id AND used_at IS NULL";
    tx.db()
        .prepare_cached(SQL)?
        .execute(named_params! { ":id": id.0 })?;
    Ok(())
}

/// Uses a live code up; says whether it was one (K3: a conditional write).
pub fn use_up(tx: &Tx<'_>, hash: &[u8]) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE one_time_code SET used_at = :now
        WHERE hash = :hash AND used_at IS NULL AND expires_at > :now";
    let params = named_params! { ":hash": hash, ":now": stored(tx.now()) };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Kills all unused codes of a purpose, and says how many there were.
pub fn kill(tx: &Tx<'_>, purpose: Purpose) -> Result<usize, Fault> {
    const SQL: &str = "
        DELETE FROM one_time_code
        WHERE purpose = :purpose AND account_id IS :account AND used_at IS NULL";
    let params = named_params! { ":purpose": purpose.name(), ":account": purpose.account() };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)?)
}
