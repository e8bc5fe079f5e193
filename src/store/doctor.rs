//! Looking for damage and for rows that disagree, and counting anew.

use std::path::Path;

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::{Fault, Read, Tx, moment, open, stored};
use crate::domain::{clock::Timestamp, id::InviteId};

/// Rows that are told of one disagreement.
const ROWS: u32 = 20;

/// Looks at the file page by page, beside whoever uses it. Returns what is
/// wrong with it.
pub(super) fn quick_check(file: &Path) -> Result<Option<String>, Fault> {
    let connection = match open::open_reader(file) {
        Ok(connection) => connection,
        Err(error) => return Ok(Some(error.to_string())),
    };
    let found = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    match found {
        Ok(found) if found == "ok" => Ok(None),
        Ok(found) => Ok(Some(found)),
        Err(error) => match Fault::from(error) {
            Fault::Corrupt(what) => Ok(Some(what)),
            fault => Err(fault),
        },
    }
}

/// An invite that counts other uses than it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Miscount {
    /// Which.
    pub id: InviteId,
    /// What it says.
    pub counted: u32,
    /// What there were.
    pub real: u32,
}

/// Returns the invites that count other uses than they had.
pub fn miscounts(read: &impl Read) -> Result<Vec<Miscount>, Fault> {
    const SQL: &str = "
        SELECT i.id, i.uses, count(r.id) AS real
        FROM invite i LEFT JOIN redemption r ON r.invite_id = i.id AND r.state <> 'returned'
        GROUP BY i.id HAVING i.uses <> real LIMIT ?1";
    let row = |row: &Row<'_>| {
        Ok(Miscount {
            id: InviteId(row.get(0)?),
            counted: row.get(1)?,
            real: row.get(2)?,
        })
    };
    let mut statement = read.db().prepare(SQL)?;
    let rows = statement.query_map([ROWS], row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Counts the uses of every invite anew; returns how many were wrong. One that
/// was used more often than it may be is used up.
pub fn count_invites(tx: &Tx<'_>) -> Result<usize, Fault> {
    const SQL: &str = "
        UPDATE invite SET uses = min(real.n, ifnull(max_uses, real.n))
        FROM (SELECT i.id, count(r.id) AS n
              FROM invite i LEFT JOIN redemption r
                ON r.invite_id = i.id AND r.state <> 'returned'
              GROUP BY i.id) AS real
        WHERE invite.id = real.id AND uses <> min(real.n, ifnull(max_uses, real.n))";
    Ok(tx.db().execute(SQL, [])?)
}

/// Returns the statuses whose accounts are miscounted: the count kept, and the
/// number there are.
pub fn account_miscounts(read: &impl Read) -> Result<Vec<(String, i64, i64)>, Fault> {
    const SQL: &str = "
        SELECT c.status, c.n, count(a.id) AS real
        FROM account_count c LEFT JOIN account a ON a.status = c.status
        GROUP BY c.status HAVING c.n <> real";
    let mut statement = read.db().prepare(SQL)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Counts the accounts anew; returns how many counts were wrong.
pub fn count_accounts(tx: &Tx<'_>) -> Result<usize, Fault> {
    const SQL: &str = "
        UPDATE account_count AS c
        SET n = (SELECT count(*) FROM account a WHERE a.status = c.status)
        WHERE n <> (SELECT count(*) FROM account a WHERE a.status = c.status)";
    Ok(tx.db().execute(SQL, [])?)
}

/// Returns how many uses of invites are held, and not for an account that still
/// has to prove its address.
pub fn stray_holds(read: &impl Read) -> Result<u32, Fault> {
    const SQL: &str = "
        SELECT count(*) FROM redemption r LEFT JOIN account a ON a.id = r.account_id
        WHERE r.state = 'held' AND a.status IS NOT 'unverified'";
    Ok(read.db().query_row(SQL, [], |row| row.get(0))?)
}

/// Settles the uses that are held for nobody who has to prove an address: given
/// back where there is no account, else completed, for an account that is there
/// has used its code (K3). Returns how many there were.
pub fn settle_holds(tx: &Tx<'_>) -> Result<usize, Fault> {
    const COMPLETE: &str = "
        UPDATE redemption SET state = 'completed'
        WHERE state = 'held' AND EXISTS (
            SELECT 1 FROM account a
            WHERE a.id = account_id AND a.status NOT IN ('unverified', 'deleted'))";
    // What is left and stray has no account any more.
    const RETURN: &str = "
        UPDATE redemption SET state = 'returned'
        WHERE state = 'held' AND NOT EXISTS (
            SELECT 1 FROM account a WHERE a.id = account_id AND a.status = 'unverified')
        RETURNING invite_id";
    const GIVE_BACK: &str = "UPDATE invite SET uses = max(uses - 1, 0) WHERE id = :id";
    let completed = tx.db().execute(COMPLETE, [])?;
    let mut statement = tx.db().prepare(RETURN)?;
    let returned = statement.query_map([], |row| row.get::<_, i64>(0))?;
    let returned = returned.collect::<Result<Vec<_>, _>>()?;
    for id in &returned {
        let mut give_back = tx.db().prepare_cached(GIVE_BACK)?;
        give_back.execute(named_params! { ":id": id })?;
    }
    Ok(completed + returned.len())
}

/// Returns registrations whose address nobody has proven since then.
pub fn unproven_since(read: &impl Read, limit: Timestamp) -> Result<Vec<String>, Fault> {
    const SQL: &str = "
        SELECT handle FROM account
        WHERE status = 'unverified' AND status_at <= :limit
          AND origin IN ('open', 'invite', 'request') ORDER BY status_at LIMIT :rows";
    handles_before(read, SQL, limit)
}

/// Returns accounts that an operator or a list made before then, and that nobody
/// has taken up.
pub fn prepared_before(read: &impl Read, limit: Timestamp) -> Result<Vec<String>, Fault> {
    const SQL: &str = "
        SELECT handle FROM account
        WHERE status = 'unverified' AND status_at <= :limit
          AND origin IN ('operator', 'import') ORDER BY status_at LIMIT :rows";
    handles_before(read, SQL, limit)
}

fn handles_before(
    read: &impl Read,
    sql: &'static str,
    limit: Timestamp,
) -> Result<Vec<String>, Fault> {
    let mut statement = read.db().prepare(sql)?;
    let params = named_params! { ":limit": stored(limit), ":rows": ROWS };
    let rows = statement.query_map(params, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns active accounts that have neither a password nor a key that lets
/// them in.
pub fn without_a_way_in(read: &impl Read) -> Result<Vec<String>, Fault> {
    const SQL: &str = "
        SELECT handle FROM account a
        WHERE status = 'active' AND password IS NULL AND origin <> 'certificate' AND NOT EXISTS (
            SELECT 1 FROM public_key k WHERE k.account_id = a.id AND k.standing <> 'pasted')
        ORDER BY id LIMIT ?1";
    let mut statement = read.db().prepare(SQL)?;
    let rows = statement.query_map([ROWS], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns when the newest act was written down.
pub fn newest_act(read: &impl Read) -> Result<Option<Timestamp>, Fault> {
    const SQL: &str = "SELECT at FROM audit ORDER BY id DESC LIMIT 1";
    let newest = read.db().query_row(SQL, [], |row| row.get(0)).optional()?;
    Ok(newest.map(moment))
}
