//! What happened in each ten minutes of the last days. Who counts, and what is
//! drawn of it, is decided elsewhere.

use rusqlite::named_params;

use super::{Fault, Read, Tx, moment, stored};
use crate::domain::clock::Timestamp;

/// What happened in ten minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When they began.
    pub at: Timestamp,
    /// Calls that came in.
    pub calls: u32,
    /// Accounts that callers made.
    pub registrations: u32,
    /// The most sessions at a time.
    pub sessions: u32,
}

/// Adds to what is known of ten minutes.
pub fn add(tx: &Tx<'_>, sample: Sample) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT INTO sample (at, calls, registrations, sessions)
        VALUES (:at, :calls, :registrations, :sessions)
        ON CONFLICT (at) DO UPDATE
        SET calls = calls + excluded.calls,
            registrations = registrations + excluded.registrations,
            sessions = max(sessions, excluded.sessions)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":at": stored(sample.at),
        ":calls": sample.calls,
        ":registrations": sample.registrations,
        ":sessions": sample.sessions,
    })?;
    Ok(())
}

/// Returns what is known since a moment, oldest first; ten minutes in which
/// nothing was counted may be missing.
pub fn since(read: &impl Read, from: Timestamp) -> Result<Vec<Sample>, Fault> {
    const SQL: &str = "
        SELECT at, calls, registrations, sessions FROM sample
        WHERE at >= :from ORDER BY at";
    let mut statement = read.db().prepare_cached(SQL)?;
    let rows = statement.query_map(named_params! { ":from": stored(from) }, |row| {
        Ok(Sample {
            at: moment(row.get(0)?),
            calls: row.get(1)?,
            registrations: row.get(2)?,
            sessions: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets what is older than a moment.
pub fn forget_before(tx: &Tx<'_>, end: Timestamp) -> Result<(), Fault> {
    const SQL: &str = "DELETE FROM sample WHERE at < :end";
    tx.db()
        .prepare_cached(SQL)?
        .execute(named_params! { ":end": stored(end) })?;
    Ok(())
}
