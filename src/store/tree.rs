//! Who let whom in, and who may not invite at present. Codes themselves are
//! next door.

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::{Fault, Read, Tx, moment, named, stored};
use crate::domain::{
    account::{Role, Status},
    clock::Timestamp,
    handle::Handle,
    id::{AccountId, InviteId},
};

/// Somebody in a branch of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The account.
    pub id: AccountId,
    /// Its handle.
    pub handle: Handle,
    /// Where it stands.
    pub status: Status,
    /// What it may do when active.
    pub role: Role,
    /// How far it is from the one the branch begins with.
    pub depth: u16,
    /// How many it let in itself.
    pub let_in: u32,
    /// How many codes of its own could still be used.
    pub codes: u32,
    /// Whether it may not invite.
    pub is_barred: bool,
}

/// Why somebody may not invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Why; they read it.
    pub reason: String,
    /// Who said so.
    pub by: String,
    /// Since when.
    pub at: Timestamp,
}

/// A branch from one account on, every inviter before those they let in. The
/// recursion takes the deepest first, which is what makes it read as a tree;
/// nobody is invited by somebody younger, so it ends.
pub(super) const BRANCH: &str = "
    WITH RECURSIVE branch (id, depth) AS (
        SELECT :id, 0
        UNION ALL
        SELECT a.id, b.depth + 1 FROM branch b
        JOIN account a INDEXED BY account_by_inviter ON a.invited_by = b.id
        ORDER BY 2 DESC, 1
        LIMIT :rows)
    SELECT a.id, a.handle, a.status, b.depth,
        (SELECT count(*) FROM account l WHERE l.invited_by = a.id),
        (SELECT count(*) FROM invite i WHERE i.issuer_id = a.id AND i.revoked_at IS NULL
            AND (i.max_uses IS NULL OR i.uses < i.max_uses)
            AND (i.expires_at IS NULL OR i.expires_at > :now)),
        EXISTS (SELECT 1 FROM invite_bar r WHERE r.account_id = a.id), a.role
    FROM branch b JOIN account a ON a.id = b.id";

/// Returns the branch that begins with an account, so many of it at most.
pub fn branch(
    read: &impl Read,
    id: AccountId,
    now: Timestamp,
    rows: u32,
) -> Result<Vec<Node>, Fault> {
    let mut statement = read.db().prepare_cached(BRANCH)?;
    let params = named_params! { ":id": id.0, ":now": stored(now), ":rows": rows };
    let rows = statement.query_map(params, node)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn node(row: &Row<'_>) -> rusqlite::Result<Node> {
    Ok(Node {
        id: AccountId(row.get(0)?),
        handle: named(Handle::parse(&row.get::<_, String>(1)?).ok(), "handle")?,
        status: named(Status::named(&row.get::<_, String>(2)?), "status")?,
        depth: row.get(3)?,
        let_in: row.get(4)?,
        codes: row.get(5)?,
        is_barred: row.get(6)?,
        role: named(Role::named(&row.get::<_, String>(7)?), "role")?,
    })
}

/// Returns who let an account in, and who let them in, and so on.
pub fn above(read: &impl Read, id: AccountId) -> Result<Vec<(AccountId, String)>, Fault> {
    const SQL: &str = "
        WITH RECURSIVE above (id, n) AS (
            SELECT invited_by, 1 FROM account WHERE id = :id
            UNION ALL
            SELECT a.invited_by, n + 1 FROM above JOIN account a ON a.id = above.id
            WHERE n < 100)
        SELECT a.id, a.handle FROM above JOIN account a ON a.id = above.id ORDER BY n";
    let mut statement = read.db().prepare_cached(SQL)?;
    let row = |row: &Row<'_>| Ok((AccountId(row.get(0)?), row.get(1)?));
    let rows = statement.query_map(named_params! { ":id": id.0 }, row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns why an account may not invite, if that is so.
pub fn bar_of(read: &impl Read, id: AccountId) -> Result<Option<Bar>, Fault> {
    const SQL: &str = "SELECT reason, by, at FROM invite_bar WHERE account_id = :id";
    let mut statement = read.db().prepare_cached(SQL)?;
    let bar = statement.query_row(named_params! { ":id": id.0 }, |row| {
        Ok(Bar {
            reason: row.get(0)?,
            by: row.get(1)?,
            at: moment(row.get(2)?),
        })
    });
    Ok(bar.optional()?)
}

/// Bars an account from inviting; says whether it was not already.
pub fn bar(tx: &Tx<'_>, id: AccountId, reason: &str, by: &str) -> Result<bool, Fault> {
    const SQL: &str = "
        INSERT INTO invite_bar (account_id, reason, by, at) VALUES (:id, :reason, :by, :now)
        ON CONFLICT DO NOTHING";
    let params = named_params! {
        ":id": id.0, ":reason": reason, ":by": by, ":now": stored(tx.now()),
    };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Lets an account invite again; says whether it was barred.
pub fn unbar(tx: &Tx<'_>, id: AccountId) -> Result<bool, Fault> {
    const SQL: &str = "DELETE FROM invite_bar WHERE account_id = :id";
    let params = named_params! { ":id": id.0 };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Returns the codes of an account that could still be used.
pub fn codes(read: &impl Read, id: AccountId, now: Timestamp) -> Result<Vec<InviteId>, Fault> {
    const SQL: &str = "
        SELECT id FROM invite
        WHERE issuer_id = :id AND revoked_at IS NULL
          AND (max_uses IS NULL OR uses < max_uses)
          AND (expires_at IS NULL OR expires_at > :now)
        ORDER BY id";
    let mut statement = read.db().prepare_cached(SQL)?;
    let params = named_params! { ":id": id.0, ":now": stored(now) };
    let rows = statement.query_map(params, |row| row.get(0).map(InviteId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
