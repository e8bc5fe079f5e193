//! Settings that differ from their defaults, as text.

use rusqlite::{OptionalExtension as _, named_params};

use super::{Fault, Read, Tx, moment, stored};
use crate::domain::clock::Timestamp;

/// A setting somebody changed.
#[derive(Clone, Debug)]
pub struct Changed {
    /// Its name.
    pub key: String,
    /// Its value as text.
    pub value: String,
    /// Who changed it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

fn changed(row: &rusqlite::Row<'_>) -> rusqlite::Result<Changed> {
    Ok(Changed {
        key: row.get(0)?,
        value: row.get(1)?,
        by: row.get(2)?,
        at: moment(row.get(3)?),
    })
}

/// Returns all changed settings.
pub fn all(read: &impl Read) -> Result<Vec<Changed>, Fault> {
    const SQL: &str = "SELECT key, value, changed_by, changed_at FROM setting ORDER BY key";
    let mut statement = read.db().prepare_cached(SQL)?;
    let rows = statement
        .query_map([], changed)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Returns one changed setting.
pub fn one(read: &impl Read, key: &str) -> Result<Option<Changed>, Fault> {
    const SQL: &str = "SELECT key, value, changed_by, changed_at FROM setting WHERE key = :key";
    let mut statement = read.db().prepare_cached(SQL)?;
    Ok(statement
        .query_row(named_params! { ":key": key }, changed)
        .optional()?)
}

/// Keeps a value.
pub fn put(tx: &Tx<'_>, key: &str, value: &str, by: &str) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT INTO setting (key, value, changed_by, changed_at)
        VALUES (:key, :value, :by, :at)
        ON CONFLICT (key) DO UPDATE
        SET value = excluded.value, changed_by = excluded.changed_by,
            changed_at = excluded.changed_at";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":key": key, ":value": value, ":by": by, ":at": stored(tx.now()),
    })?;
    Ok(())
}
