//! Letters that strangers asked for, counted for a day. How many are too many
//! is decided in `app`.

use rusqlite::named_params;

use super::{Fault, Read, Tx, stored};
use crate::domain::{clock::Timestamp, email::Email, id::AccountId};

/// Somebody who asks for a letter, and where it would go.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// Whose letter it is.
    pub account: AccountId,
    /// Where it goes.
    pub email: &'a Email,
    /// Where the question comes from; nothing outside every per-source number.
    pub source: Option<&'a str>,
}

/// How many letters were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of this account.
    pub account: u32,
    /// To this address.
    pub email: u32,
    /// From this source.
    pub source: u32,
}

/// Counts what was asked for since a moment.
pub fn since(read: &impl Read, asker: &Asker<'_>, moment: Timestamp) -> Result<Asked, Fault> {
    const SQL: &str = "
        SELECT count(*) FILTER (WHERE account_id = :account),
               count(*) FILTER (WHERE email_key = :email),
               count(*) FILTER (WHERE source = :source)
        FROM asked_letter WHERE at > :moment";
    let params = named_params! {
        ":account": asker.account.0,
        ":email": asker.email.key(),
        ":source": asker.source,
        ":moment": stored(moment),
    };
    let mut statement = read.db().prepare_cached(SQL)?;
    Ok(statement.query_row(params, |row| {
        Ok(Asked {
            account: row.get(0)?,
            email: row.get(1)?,
            source: row.get(2)?,
        })
    })?)
}

/// Counts what everybody asked for since a moment.
pub fn by_all(read: &impl Read, moment: Timestamp) -> Result<u32, Fault> {
    const SQL: &str = "SELECT count(*) FROM asked_letter WHERE at > :moment";
    let mut statement = read.db().prepare_cached(SQL)?;
    let params = named_params! { ":moment": stored(moment) };
    Ok(statement.query_row(params, |row| row.get(0))?)
}

/// Notes that a letter was asked for.
pub fn note(tx: &Tx<'_>, asker: &Asker<'_>) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT INTO asked_letter (at, account_id, email_key, source)
        VALUES (:now, :account, :email, :source)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":now": stored(tx.now()),
        ":account": asker.account.0,
        ":email": asker.email.key(),
        ":source": asker.source,
    })?;
    Ok(())
}

/// Forgets what was asked for before a moment.
pub fn forget_before(tx: &Tx<'_>, moment: Timestamp) -> Result<(), Fault> {
    const SQL: &str = "DELETE FROM asked_letter WHERE at < :moment";
    tx.db()
        .prepare_cached(SQL)?
        .execute(named_params! { ":moment": stored(moment) })?;
    Ok(())
}
