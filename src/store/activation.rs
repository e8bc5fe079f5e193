//! Codes that activate an account: invites that are bound to it. Whether one
//! works is decided as with any invite.

use rusqlite::{OptionalExtension as _, named_params};

use super::{
    Fault, Read, Tx,
    account::Account,
    invite::{Invite, columns, invite},
    stored,
};
use crate::domain::id::AccountId;

/// Returns the newest invite that is bound to an account: older ones were
/// revoked when it was made.
pub fn last_of(read: &impl Read, account: AccountId) -> Result<Option<Invite>, Fault> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM invite i LEFT JOIN account a ON a.id = i.issuer_id
        WHERE i.bound_account = :account ORDER BY i.id DESC LIMIT 1"
    );
    let mut statement = read.db().prepare_cached(SQL)?;
    let params = named_params! { ":account": account.0 };
    Ok(statement.query_row(params, invite).optional()?)
}

/// Whether an account was ever to get a code by letter.
pub fn went_by_letter(read: &impl Read, account: AccountId) -> Result<bool, Fault> {
    const SQL: &str = "
        SELECT EXISTS (SELECT 1 FROM invite WHERE bound_account = :account AND hint IS NULL)";
    let params = named_params! { ":account": account.0 };
    Ok(read
        .db()
        .prepare_cached(SQL)?
        .query_row(params, |row| row.get(0))?)
}

/// Revokes whatever could still activate an account; says whether anything
/// could.
pub fn revoke(tx: &Tx<'_>, account: AccountId, by: &str, why: Option<&str>) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE invite SET revoked_at = :now, revoked_by = :by, revoked_why = :why
        WHERE bound_account = :account AND revoked_at IS NULL AND uses = 0";
    let params = named_params! {
        ":account": account.0, ":now": stored(tx.now()), ":by": by, ":why": why,
    };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? > 0)
}

/// How an account was activated.
#[derive(Clone, Copy, Debug)]
pub struct Activated<'a> {
    /// By the code of this invite.
    pub invite: &'a Invite,
    /// In the wizard of this number.
    pub submission: &'a [u8],
    /// From there.
    pub source: Option<&'a str>,
}

/// Notes how an account was activated, as if it had been registered so.
pub fn note(tx: &Tx<'_>, account: &Account, how: Activated<'_>) -> Result<(), Fault> {
    const SQL: &str = "
        UPDATE account
        SET invite_id = :invite, invited_by = :issuer, submission = :submission,
            source = :source, rev = rev + 1
        WHERE id = :id";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":id": account.id.0,
        ":invite": how.invite.id.0,
        ":issuer": how.invite.issuer.as_ref().map(|issuer| issuer.id.0),
        ":submission": how.submission,
        ":source": how.source,
    })?;
    Ok(())
}
