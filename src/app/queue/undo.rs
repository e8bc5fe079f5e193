//! Taking a decision back (row U of spec §1): within ten minutes, and as long
//! as nothing happened since.

use chrono::TimeDelta;

use super::Decision;
use crate::{
    app::{Ruling, authorize, letter, notice},
    domain::{
        account::Status,
        actor::Actor,
        clock::Timestamp,
        id::AccountId,
        letter::{Kind, State},
        policy::Capability,
        refusal::Refusal,
    },
    settings::Settings,
    store::{
        self, Fault, Read, Tx,
        account::Account,
        decision::Undoable,
        outbox::{Letter, Step},
    },
};

/// How long a decision can be taken back.
const UNDO: TimeDelta = TimeDelta::minutes(10);

/// Keeps what stood before a decision, if it is one that can be taken back.
pub(super) fn keep(
    tx: &Tx<'_>,
    decision: &Decision,
    (before, after): (&Account, &Account),
    letter: Option<&Letter>,
) -> Result<(), Fault> {
    match decision {
        Decision::Approve | Decision::ApproveAnyway | Decision::Reject { .. } => {
            let letter = letter.map(|letter| letter.id);
            store::decision::keep(tx, before, after, tx.now() + UNDO, letter)
        }
        _ => Ok(()),
    }
}

/// Returns until when the last decision about an account can be taken back.
pub(super) fn until(read: &impl Read, id: AccountId) -> Result<Option<Timestamp>, Fault> {
    if store::decision::has_written(read, id)? {
        return Ok(None);
    }
    store::decision::until(read, id)
}

/// Returns about whom somebody decided last, if they can take that back.
pub(super) fn last_of(
    read: &impl Read,
    actor: &Actor,
    settings: &Settings,
    now: Timestamp,
) -> Result<Option<Undoable>, Fault> {
    match authorize(read, actor, Capability::ManageUsers, settings) {
        Ok(permit) => store::decision::newest_by(read, permit.name(), now),
        Err(_) => Ok(None),
    }
}

/// Refuses what can't be taken back any more.
pub(super) fn guard(tx: &Tx<'_>, account: &Account) -> Ruling<()> {
    let until = store::decision::until(tx, account.id)?;
    if until.is_none_or(|until| until <= tx.now()) {
        return Err(Refusal::UndoLate.into());
    }
    if account.status == Status::Active && store::decision::has_written(tx, account.id)? {
        return Err(Refusal::UndoWritten.into());
    }
    Ok(())
}

/// Recalls the letter that told of the decision that was taken back. One that
/// has left, or may have, is followed by a correction; returns the last of them.
pub(super) fn recall(tx: &Tx<'_>, account: &Account) -> Result<Option<Letter>, Fault> {
    let has_read = notice::recall(tx, account)?;
    let id = store::decision::forget(tx, account.id)?;
    let told = match id {
        Some(id) => store::outbox::by_id(tx, id)?,
        None => None,
    };
    let Some(told) = told else {
        if has_read {
            notice::tell(tx, account.id, Kind::Correction, "")?;
        }
        return Ok(None);
    };
    let id = told.id;
    let step = Step {
        from: &[State::Queued, State::Held],
        to: State::Cancelled,
        next_at: None,
        error: None,
    };
    let is_recalled = store::outbox::step(tx, id, step)?;
    // An attempt that is under way, or broke off, may have carried it.
    let may_have_left = told.state == State::Sent || (is_recalled && told.attempts > 0);
    if may_have_left {
        return letter::write(tx, account, Kind::Correction, "");
    }
    if has_read {
        notice::tell(tx, account.id, Kind::Correction, "")?;
    }
    store::outbox::by_id(tx, id)
}
