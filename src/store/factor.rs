//! Second factors: what an app's secret is derived from, the codes that stand in
//! for the app, what was used of both, and wrong guesses. What they mean is
//! decided in `app`.

use rusqlite::{OptionalExtension as _, named_params};

use super::{Fault, Read, Tx, guess::PasswordGuesses, moment, stored};
use crate::domain::{
    clock::Timestamp,
    factor::{Nonce, Step},
    id::AccountId,
};

/// Used steps that are remembered: only those near the present matter, and
/// that many codes are not good at the same time.
const STEPS: i64 = 32;

/// A second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor {
    /// What its secret is derived from.
    pub nonce: Nonce,
    /// Since when it is asked for.
    pub since: Timestamp,
}

/// Returns the factor of an account.
pub fn of(read: &impl Read, id: AccountId) -> Result<Option<Factor>, Fault> {
    const SQL: &str = "SELECT nonce, since FROM second_factor WHERE account_id = :id";
    let mut statement = read.db().prepare_cached(SQL)?;
    let found = statement.query_row(named_params! { ":id": id.0 }, |row| {
        Ok(Factor {
            nonce: Nonce::new(row.get(0)?),
            since: moment(row.get(1)?),
        })
    });
    Ok(found.optional()?)
}

/// Gives an account a factor; says whether it had none.
pub fn put(tx: &Tx<'_>, id: AccountId, nonce: &Nonce) -> Result<bool, Fault> {
    const SQL: &str = "
        INSERT OR IGNORE INTO second_factor (account_id, nonce, since)
        VALUES (:id, :nonce, :now)";
    let params =
        named_params! { ":id": id.0, ":nonce": nonce.as_bytes(), ":now": stored(tx.now()) };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Takes the factor of an account away, and all that belongs to it; says
/// whether there was one.
pub fn remove(tx: &Tx<'_>, id: AccountId) -> Result<bool, Fault> {
    let mut removed = 0;
    for sql in [
        "DELETE FROM backup_code WHERE account_id = ?1",
        "DELETE FROM used_step WHERE account_id = ?1",
        "DELETE FROM factor_guess WHERE account_id = ?1",
        "DELETE FROM second_factor WHERE account_id = ?1",
    ] {
        removed = tx.db().prepare_cached(sql)?.execute([id.0])?;
    }
    Ok(removed == 1)
}

/// Uses a step up; says whether it was unused.
pub fn use_step(tx: &Tx<'_>, id: AccountId, step: Step) -> Result<bool, Fault> {
    const USE: &str = "INSERT OR IGNORE INTO used_step (account_id, step) VALUES (:account, :step)";
    // By the order of use and not of the steps: clocks jump.
    const FORGET: &str = "
        DELETE FROM used_step WHERE account_id = :account AND id NOT IN (
            SELECT id FROM used_step WHERE account_id = :account ORDER BY id DESC LIMIT :most)";
    let params = named_params! { ":account": id.0, ":step": step.0 };
    let is_new = tx.db().prepare_cached(USE)?.execute(params)? == 1;
    if is_new {
        tx.db()
            .prepare_cached(FORGET)?
            .execute(named_params! { ":account": id.0, ":most": STEPS })?;
    }
    Ok(is_new)
}

/// Keeps new backup codes in the place of the old ones.
pub fn put_backups(tx: &Tx<'_>, id: AccountId, hashes: &[[u8; 32]]) -> Result<(), Fault> {
    tx.db()
        .prepare_cached("DELETE FROM backup_code WHERE account_id = ?1")?
        .execute([id.0])?;
    let mut insert = tx
        .db()
        .prepare_cached("INSERT INTO backup_code (account_id, hash) VALUES (?1, ?2)")?;
    for hash in hashes {
        insert.execute((id.0, hash))?;
    }
    Ok(())
}

/// Uses a backup code up; says whether it was one (K3: a conditional write).
pub fn use_backup(tx: &Tx<'_>, id: AccountId, hash: &[u8; 32]) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE backup_code SET used_at = :now
        WHERE account_id = :id AND hash = :hash AND used_at IS NULL";
    let params = named_params! { ":id": id.0, ":hash": hash, ":now": stored(tx.now()) };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Returns how many backup codes an account has left.
pub fn backups_left(read: &impl Read, id: AccountId) -> Result<u32, Fault> {
    const SQL: &str = "SELECT count(*) FROM backup_code WHERE account_id = ?1 AND used_at IS NULL";
    let mut statement = read.db().prepare_cached(SQL)?;
    Ok(statement.query_row([id.0], |row| row.get(0))?)
}

/// Whether staff demand a factor of this account.
pub fn is_demanded(read: &impl Read, id: AccountId) -> Result<bool, Fault> {
    const SQL: &str = "SELECT needs_factor FROM account WHERE id = ?1";
    let mut statement = read.db().prepare_cached(SQL)?;
    let found = statement.query_row([id.0], |row| row.get(0)).optional()?;
    Ok(found.unwrap_or(false))
}

/// Demands a factor of an account, or no longer; says whether that is new.
pub fn demand(tx: &Tx<'_>, id: AccountId, demanded: bool) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE account SET needs_factor = :demanded, rev = rev + 1
        WHERE id = :id AND needs_factor <> :demanded";
    let params = named_params! { ":id": id.0, ":demanded": demanded };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Returns the wrong codes for an account from a source.
pub fn guesses(
    read: &impl Read,
    id: AccountId,
    source: &str,
) -> Result<Option<PasswordGuesses>, Fault> {
    const SQL: &str = "
        SELECT wrong, last_at, blocked_until FROM factor_guess
        WHERE account_id = :id AND source = :source";
    let mut statement = read.db().prepare_cached(SQL)?;
    let params = named_params! { ":id": id.0, ":source": source };
    let found = statement.query_row(params, |row| {
        Ok(PasswordGuesses {
            wrong: row.get(0)?,
            last_at: moment(row.get(1)?),
            blocked_until: row.get::<_, Option<i64>>(2)?.map(moment),
        })
    });
    Ok(found.optional()?)
}

/// Returns the wrong codes for an account since a moment, from everywhere but
/// one source, and when the last was typed.
pub fn guesses_elsewhere(
    read: &impl Read,
    id: AccountId,
    source: &str,
    since: Timestamp,
) -> Result<(u32, Option<Timestamp>), Fault> {
    const SQL: &str = "
        SELECT coalesce(sum(wrong), 0), max(last_at) FROM factor_guess
        WHERE account_id = :id AND source <> :source AND last_at >= :since";
    let params = named_params! { ":id": id.0, ":source": source, ":since": stored(since) };
    Ok(read.db().prepare_cached(SQL)?.query_row(params, |row| {
        Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?.map(moment)))
    })?)
}

/// Keeps the wrong codes for an account from a source.
pub fn put_guesses(
    tx: &Tx<'_>,
    id: AccountId,
    source: &str,
    guesses: PasswordGuesses,
) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT OR REPLACE INTO factor_guess (account_id, source, wrong, last_at, blocked_until)
        VALUES (:id, :source, :wrong, :last, :until)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":id": id.0,
        ":source": source,
        ":wrong": guesses.wrong,
        ":last": stored(guesses.last_at),
        ":until": guesses.blocked_until.map(stored),
    })?;
    Ok(())
}

/// Forgets the wrong codes for an account: from one source, or all.
pub fn forgive(tx: &Tx<'_>, id: AccountId, source: Option<&str>) -> Result<(), Fault> {
    const SQL: &str = "
        DELETE FROM factor_guess
        WHERE account_id = :id AND (:source IS NULL OR source = :source)";
    let params = named_params! { ":id": id.0, ":source": source };
    tx.db().prepare_cached(SQL)?.execute(params)?;
    Ok(())
}
