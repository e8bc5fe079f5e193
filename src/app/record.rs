//! How acts on accounts are written down and told, and how the loser of a race
//! is answered.

use super::Ruling;
use crate::{
    domain::{
        account::Status, clock::Timestamp, event::Event, id::AccountId, policy::Permit,
        refusal::Refusal,
    },
    store::{
        self, Fault, Tx,
        account::Account,
        audit::{Act, record},
    },
};

/// Returns how an account is named in records.
pub(super) fn object(id: AccountId, handle: &impl std::fmt::Display) -> String {
    format!("account {id} {handle}")
}

/// Writes an act on an account down and tells its sessions.
pub(super) fn note(
    tx: &Tx<'_>,
    permit: &Permit,
    account: &Account,
    act: Act<'_>,
) -> Result<(), Fault> {
    let object = object(account.id, &account.handle);
    record(
        tx,
        permit,
        Act {
            object: &object,
            ..act
        },
    )?;
    tx.emit(Event::AccountChanged(account.id));
    Ok(())
}

/// Returns an account that something can still be written to: a tombstone takes
/// nothing.
pub(super) fn living(tx: &Tx<'_>, id: AccountId) -> Ruling<Account> {
    let account = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
    match account.status {
        Status::Deleted => Err(conflict(&account, tx.now()).into()),
        _ => Ok(account),
    }
}

/// Returns what a conflict says about an account as it stands.
pub(super) fn conflict(account: &Account, now: Timestamp) -> Refusal {
    Refusal::Conflict {
        handle: account.handle.to_string(),
        status: account.status,
        by: account.status_by.clone(),
        at: account.status_at,
        now,
    }
}
