//! Getting past the proof of an address (T4, T5), and the end of those who never
//! give it (T6). The code itself is the business of `address`.

use chrono::TimeDelta;

use super::{
    Bbs, Ruling,
    activation::{self, Over},
    address::end_proofs,
    authorize, letter,
    queue::{Decided, written},
    record::{conflict, note, object},
    registration::{tell_issuer, tell_of_request},
    setting::current,
};
use crate::{
    domain::{
        account::{Status, Transition},
        actor::Actor,
        event::Event,
        id::AccountId,
        letter::Kind,
        policy::{Capability, Permit},
        refusal::Refusal,
    },
    store::{
        self, Read, Tx,
        account::Account,
        audit::{Act, record},
        outbox::Letter,
    },
};

impl Bbs {
    /// Lets somebody go on without the proof of their address, which stays
    /// unproven (T5).
    pub async fn waive_proof(&self, actor: &Actor, id: AccountId, why: &str) -> Ruling<Decided> {
        let why = written(why)?.ok_or(Refusal::WhyNeeded)?;
        let actor = actor.clone();
        let (account, letter) = self
            .decide(move |tx| {
                let permit = authorize(tx, &actor, Capability::ManageUsers, &current(tx)?)?;
                let account = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
                if account.status.after(Transition::Waive).is_none() {
                    return Err(conflict(&account, tx.now()).into());
                }
                if account.is_prepared() {
                    has_way_in(tx, &account)?;
                }
                // Somebody has proven meanwhile that it is theirs.
                if current(tx)?.email_unique
                    && let Some(email) = &account.email
                    && store::account::holder_of(tx, email, Some(id))?.is_some()
                {
                    return Err(Refusal::EmailTaken.into());
                }
                end_proofs(tx, &account)?;
                activation::end(tx, &permit, &account, Over::Needless)?;
                let (account, told) = go_on(tx, &permit, &account, "account.waive", Some(&why))?;
                let letter = match account.status {
                    Status::Active => letter::write(tx, &account, Kind::Approved, "")?,
                    _ => told,
                };
                Ok((account, letter))
            })
            .await?;
        Ok(Decided {
            on_line: self.hub().is_on_line(id),
            account,
            letter,
        })
    }

    /// Removes registrations whose address nobody has proven for days (T6):
    /// handle, address and invite are free again. Returns how many.
    pub async fn remove_unproven(&self) -> Ruling<usize> {
        self.decide(|tx| lapse_unproven(tx, &Permit::board(Capability::ManageUsers)))
            .await
    }
}

/// Removes up to a hundred registrations whose address nobody has proven for
/// days (T6); returns how many.
pub(super) fn lapse_unproven(tx: &Tx<'_>, permit: &Permit) -> Ruling<usize> {
    let days = current(tx)?.unverified_days;
    let limit = tx.now() - TimeDelta::days(days.into());
    let mut removed = 0;
    for id in store::account::unproven_since(tx, limit)? {
        let Some(account) = store::account::by_id(tx, id)? else {
            continue;
        };
        if account.status.after(Transition::Lapse).is_none() {
            continue;
        }
        store::invite::give_back(tx, id)?;
        let object = object(id, &account.handle);
        let act = Act {
            action: "account.lapse",
            object: &object,
            ..Act::default()
        };
        record(tx, permit, act)?;
        store::account::remove(tx, &account)?;
        tx.emit(Event::AccountGone(id));
        removed += 1;
    }
    if removed > 0 {
        tx.emit(Event::UsersChanged);
        tx.emit(Event::InvitesChanged(None));
    }
    Ok(removed)
}

/// Refuses an account that nobody could get in with.
fn has_way_in(read: &impl Read, account: &Account) -> Ruling<()> {
    let keys = store::key::of(read, account.id)?;
    let counts = keys.iter().any(|key| key.standing.lets_in());
    if account.has_password || counts {
        Ok(())
    } else {
        Err(Refusal::NotActivated.into())
    }
}

/// Moves an unverified account to where its registration led: the use of its
/// invite is completed, and only now the others hear of a request. Returns the
/// account and the letter it was written about that.
pub(super) fn go_on(
    tx: &Tx<'_>,
    permit: &Permit,
    from: &Account,
    action: &str,
    why: Option<&str>,
) -> Ruling<(Account, Option<Letter>)> {
    if !store::account::go_onward(tx, from)? {
        return Err(conflict(from, tx.now()).into());
    }
    store::invite::complete(tx, from.id)?;
    let account = store::account::by_id(tx, from.id)?.ok_or(Refusal::Gone)?;
    note(
        tx,
        permit,
        &account,
        Act {
            action,
            before: Some(from.status.name()),
            after: Some(account.status.name()),
            reason: why,
            ..Act::default()
        },
    )?;
    tx.emit(Event::UsersChanged);
    tx.emit(Event::InvitesChanged(None));
    tell_issuer(tx, &account)?;
    let letter = if account.status == Status::Pending {
        tell_of_request(tx, &account, &current(tx)?)?
    } else {
        None
    };
    Ok((account, letter))
}
