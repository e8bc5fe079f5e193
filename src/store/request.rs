//! What applicants wrote, and what staff noted about them.

use rusqlite::{OptionalExtension as _, named_params};

use super::{Fault, Read, Tx, moment, stored};
use crate::domain::{clock::Timestamp, id::AccountId};

/// An applicant's request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Why they would like to join.
    pub message: String,
    /// The sysop's questions and their answers.
    pub answers: Vec<(String, String)>,
    /// Their client and terminal.
    pub client: String,
    /// When they asked.
    pub asked_at: Timestamp,
    /// When they last changed it.
    pub edited_at: Option<Timestamp>,
}

/// Returns the request of an account.
pub fn of(read: &impl Read, id: AccountId) -> Result<Option<Request>, Fault> {
    const SQL: &str = "
        SELECT message, answers, client, asked_at, edited_at FROM request WHERE account_id = :id";
    let mut statement = read.db().prepare_cached(SQL)?;
    let found = statement.query_row(named_params! { ":id": id.0 }, |row| {
        Ok(Request {
            message: row.get(0)?,
            answers: serde_json::from_str(&row.get::<_, String>(1)?).unwrap_or_default(),
            client: row.get(2)?,
            asked_at: moment(row.get(3)?),
            edited_at: row.get::<_, Option<i64>>(4)?.map(moment),
        })
    });
    Ok(found.optional()?)
}

/// Keeps a new request.
pub fn insert(
    tx: &Tx<'_>,
    id: AccountId,
    message: &str,
    answers: &[(String, String)],
    client: &str,
) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT INTO request (account_id, message, answers, client, asked_at)
        VALUES (:id, :message, :answers, :client, :now)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":id": id.0,
        ":message": message,
        ":answers": serde_json::json!(answers).to_string(),
        ":client": client,
        ":now": stored(tx.now()),
    })?;
    Ok(())
}

/// Replaces the message; the older wording stays in the history.
pub fn edit(tx: &Tx<'_>, id: AccountId, message: &str) -> Result<(), Fault> {
    const KEEP: &str = "
        INSERT INTO request_history (account_id, message, replaced_at)
        SELECT account_id, message, :now FROM request WHERE account_id = :id";
    const EDIT: &str =
        "UPDATE request SET message = :message, edited_at = :now WHERE account_id = :id";
    let now = stored(tx.now());
    tx.db()
        .prepare_cached(KEEP)?
        .execute(named_params! { ":id": id.0, ":now": now })?;
    tx.db()
        .prepare_cached(EDIT)?
        .execute(named_params! { ":id": id.0, ":message": message, ":now": now })?;
    Ok(())
}

/// Returns older wordings, newest first.
pub fn history(read: &impl Read, id: AccountId) -> Result<Vec<(Timestamp, String)>, Fault> {
    const SQL: &str = "
        SELECT replaced_at, message FROM request_history
        WHERE account_id = :id ORDER BY id DESC LIMIT 20";
    let mut statement = read.db().prepare_cached(SQL)?;
    let rows = statement
        .query_map(named_params! { ":id": id.0 }, |row| {
            Ok((moment(row.get(0)?), row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Who looks after a request just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub by: String,
    /// Until when, unless they say so again.
    pub until: Timestamp,
}

/// Returns who looks after a request, if anybody does.
pub fn claim_of(read: &impl Read, id: AccountId, now: Timestamp) -> Result<Option<Claim>, Fault> {
    const SQL: &str = "
        SELECT by, until FROM request_claim WHERE account_id = :id AND until > :now";
    let mut statement = read.db().prepare_cached(SQL)?;
    let params = named_params! { ":id": id.0, ":now": stored(now) };
    let found = statement.query_row(params, |row| {
        Ok(Claim {
            by: row.get(0)?,
            until: moment(row.get(1)?),
        })
    });
    Ok(found.optional()?)
}

/// Notes who looks after a request, in the place of whoever did.
pub fn claim(tx: &Tx<'_>, id: AccountId, claim: &Claim) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT OR REPLACE INTO request_claim (account_id, by, until) VALUES (:id, :by, :until)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":id": id.0, ":by": claim.by, ":until": stored(claim.until),
    })?;
    Ok(())
}

/// Notes that nobody looks after a request any more.
pub fn release(tx: &Tx<'_>, id: AccountId) -> Result<(), Fault> {
    const SQL: &str = "DELETE FROM request_claim WHERE account_id = :id";
    tx.db()
        .prepare_cached(SQL)?
        .execute(named_params! { ":id": id.0 })?;
    Ok(())
}

/// A note of a member of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Who wrote it.
    pub author: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
}

/// Returns the notes about an account, oldest first.
pub fn notes(read: &impl Read, id: AccountId) -> Result<Vec<Note>, Fault> {
    const SQL: &str =
        "SELECT author, at, text FROM note WHERE account_id = :id ORDER BY id LIMIT 50";
    let mut statement = read.db().prepare_cached(SQL)?;
    let rows = statement
        .query_map(named_params! { ":id": id.0 }, |row| {
            Ok(Note {
                author: row.get(0)?,
                at: moment(row.get(1)?),
                text: row.get(2)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Adds a note about an account.
pub fn add_note(tx: &Tx<'_>, id: AccountId, author: &str, text: &str) -> Result<(), Fault> {
    const SQL: &str =
        "INSERT INTO note (account_id, author, text, at) VALUES (:id, :author, :text, :now)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":id": id.0, ":author": author, ":text": text, ":now": stored(tx.now()),
    })?;
    Ok(())
}
