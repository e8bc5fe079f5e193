//! Counters of wrong codes and wrong passwords. What they mean is decided in
//! `app`.

use rusqlite::{OptionalExtension as _, named_params};

use super::{Fault, Read, Tx, moment, stored};
use crate::domain::{clock::Timestamp, id::AccountId};

/// Wrong codes of one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeGuesses {
    /// Wrong codes since `since`.
    pub wrong: u32,
    /// The beginning of the present window.
    pub since: Timestamp,
    /// How often the source was told to wait.
    pub waits: u32,
    /// Until when wrong codes are answered "later".
    pub blocked_until: Option<Timestamp>,
}

/// Returns the wrong codes of a source.
pub fn codes(read: &impl Read, source: &str) -> Result<Option<CodeGuesses>, Fault> {
    const SQL: &str =
        "SELECT wrong, since, waits, blocked_until FROM code_guess WHERE source = :source";
    let mut statement = read.db().prepare_cached(SQL)?;
    let found = statement.query_row(named_params! { ":source": source }, |row| {
        Ok(CodeGuesses {
            wrong: row.get(0)?,
            since: moment(row.get(1)?),
            waits: row.get(2)?,
            blocked_until: row.get::<_, Option<i64>>(3)?.map(moment),
        })
    });
    Ok(found.optional()?)
}

/// Keeps the wrong codes of a source.
pub fn put_codes(tx: &Tx<'_>, source: &str, guesses: CodeGuesses) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT OR REPLACE INTO code_guess (source, wrong, since, waits, blocked_until)
        VALUES (:source, :wrong, :since, :waits, :until)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":source": source,
        ":wrong": guesses.wrong,
        ":since": stored(guesses.since),
        ":waits": guesses.waits,
        ":until": guesses.blocked_until.map(stored),
    })?;
    Ok(())
}

/// Wrong passwords for one handle from one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordGuesses {
    /// Wrong in a row.
    pub wrong: u32,
    /// The last of them.
    pub last_at: Timestamp,
    /// Until when the next is not looked at.
    pub blocked_until: Option<Timestamp>,
}

/// Returns the wrong passwords for a handle from a source.
pub fn passwords(
    read: &impl Read,
    handle_key: &str,
    source: &str,
) -> Result<Option<PasswordGuesses>, Fault> {
    const SQL: &str = "
        SELECT wrong, last_at, blocked_until FROM password_guess
        WHERE handle_key = :handle AND source = :source";
    let mut statement = read.db().prepare_cached(SQL)?;
    let params = named_params! { ":handle": handle_key, ":source": source };
    let found = statement.query_row(params, |row| {
        Ok(PasswordGuesses {
            wrong: row.get(0)?,
            last_at: moment(row.get(1)?),
            blocked_until: row.get::<_, Option<i64>>(2)?.map(moment),
        })
    });
    Ok(found.optional()?)
}

/// Returns the wrong passwords for a handle since a moment, from everywhere
/// but one source.
pub fn passwords_elsewhere(
    read: &impl Read,
    handle_key: &str,
    source: &str,
    since: Timestamp,
) -> Result<u32, Fault> {
    const SQL: &str = "
        SELECT coalesce(sum(wrong), 0) FROM password_guess
        WHERE handle_key = :handle AND source <> :source AND last_at >= :since";
    let params =
        named_params! { ":handle": handle_key, ":source": source, ":since": stored(since) };
    Ok(read
        .db()
        .prepare_cached(SQL)?
        .query_row(params, |row| row.get(0))?)
}

/// Keeps the wrong passwords for a handle from a source.
pub fn put_passwords(
    tx: &Tx<'_>,
    handle_key: &str,
    source: &str,
    guesses: PasswordGuesses,
) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT OR REPLACE INTO password_guess (handle_key, source, wrong, last_at, blocked_until)
        VALUES (:handle, :source, :wrong, :last, :until)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":handle": handle_key,
        ":source": source,
        ":wrong": guesses.wrong,
        ":last": stored(guesses.last_at),
        ":until": guesses.blocked_until.map(stored),
    })?;
    Ok(())
}

/// Forgets the wrong passwords for a handle: from one source, or all.
pub fn forgive(tx: &Tx<'_>, handle_key: &str, source: Option<&str>) -> Result<(), Fault> {
    const SQL: &str = "
        DELETE FROM password_guess
        WHERE handle_key = :handle AND (:source IS NULL OR source = :source)";
    tx.db()
        .prepare_cached(SQL)?
        .execute(named_params! { ":handle": handle_key, ":source": source })?;
    Ok(())
}

/// Whether an account has logged in from a source since a moment.
pub fn is_known_source(
    read: &impl Read,
    handle_key: &str,
    source: &str,
    since: Timestamp,
) -> Result<bool, Fault> {
    const SQL: &str = "
        SELECT EXISTS (
            SELECT 1 FROM known_source
            JOIN account ON account.id = known_source.account_id
            WHERE account.handle_key = :handle AND known_source.source = :source
              AND known_source.last_at >= :since)";
    let params =
        named_params! { ":handle": handle_key, ":source": source, ":since": stored(since) };
    Ok(read
        .db()
        .prepare_cached(SQL)?
        .query_row(params, |row| row.get(0))?)
}

/// Notes that an account logged in from a source.
pub fn know_source(tx: &Tx<'_>, id: AccountId, source: &str) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT OR REPLACE INTO known_source (account_id, source, last_at)
        VALUES (:id, :source, :at)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":id": id.0, ":source": source, ":at": stored(tx.now()),
    })?;
    Ok(())
}

/// Forgets every source and counter older than a moment, and dead one-time
/// codes.
pub fn forget_before(tx: &Tx<'_>, moment: Timestamp) -> Result<(), Fault> {
    for sql in [
        "DELETE FROM known_source WHERE last_at < ?1",
        "DELETE FROM password_guess WHERE last_at < ?1",
        "DELETE FROM factor_guess WHERE last_at < ?1",
        "DELETE FROM code_guess WHERE since < ?1",
        "DELETE FROM one_time_code WHERE expires_at < ?1",
        "UPDATE account SET source = NULL WHERE source IS NOT NULL AND created_at < ?1",
    ] {
        tx.db().execute(sql, [stored(moment)])?;
    }
    Ok(())
}
