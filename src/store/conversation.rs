//! What staff and applicants write each other about a request.

use rusqlite::named_params;

use super::{Fault, Read, Tx, moment, named, stored};
use crate::domain::{clock::Timestamp, conversation::Side, id::AccountId};

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who wrote it.
    pub side: Side,
    /// The handle of whoever did.
    pub author: String,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub at: Timestamp,
}

/// Returns what was written about a request, oldest first. There is only so
/// much of it.
pub fn of(read: &impl Read, id: AccountId) -> Result<Vec<Message>, Fault> {
    const SQL: &str = "
        SELECT side, author, text, at FROM request_message
        WHERE account_id = :id ORDER BY id";
    let mut statement = read.db().prepare_cached(SQL)?;
    let rows = statement.query_map(named_params! { ":id": id.0 }, |row| {
        Ok(Message {
            side: named(Side::named(&row.get::<_, String>(0)?), "side")?,
            author: row.get(1)?,
            text: row.get(2)?,
            at: moment(row.get(3)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps a message.
pub fn add(tx: &Tx<'_>, id: AccountId, side: Side, author: &str, text: &str) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT INTO request_message (account_id, side, author, text, at)
        VALUES (:id, :side, :author, :text, :now)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":id": id.0,
        ":side": side.name(),
        ":author": author,
        ":text": text,
        ":now": stored(tx.now()),
    })?;
    Ok(())
}
