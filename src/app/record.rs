//! How acts on accounts are written down and told, and how the loser of a race
//! is answered.

use crate::{
    domain::{clock::Timestamp, event::Event, id::AccountId, policy::Permit, refusal::Refusal},
    store::{
        Fault, Tx,
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
