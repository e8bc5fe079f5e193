//! Deleting an account (T14): by its owner, who proves once more who they are,
//! or by a sysop. The row stays as a tombstone; what it held is gone.

use std::sync::Arc;

use super::{
    Bbs, Ruling, authorize,
    factor::{self, Asked},
    guess::{self, Attempt},
    letter, may_edit_oneself, own,
    password::{Password, Verdict},
    record::{conflict, note},
    setting::current,
    spare_last_sysop,
    visit::Visit,
};
use crate::{
    domain::{
        account::{After, Status, Transition},
        actor::Actor,
        event::Event,
        id::AccountId,
        letter::Kind,
        policy::{Capability, Permit},
        refusal::Refusal,
        secret::Secret,
    },
    store::{
        self, Fault, Read, Tx,
        account::{Account, Move},
        audit::Act,
        outbox::Letter,
    },
};

/// What becomes of an account that was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// What is left of it.
    pub account: Account,
    /// The last letter to the address it had; nothing if none leaves.
    pub letter: Option<Letter>,
}

/// What somebody types who deletes their own account.
#[derive(Clone, Debug)]
pub struct Farewell {
    /// Their handle.
    pub handle: String,
    /// Their password; nothing counts where a key of theirs let them in.
    pub password: Secret<String>,
    /// A code of their second factor, if they have one.
    pub code: Secret<String>,
}

impl Bbs {
    /// Deletes one's own account. Whoever came without a key of theirs says
    /// their password once more, and whoever has a second factor a code of it.
    pub async fn delete_oneself(
        &self,
        actor: &Actor,
        visit: &Arc<Visit>,
        typed: Farewell,
    ) -> Ruling<Deleted> {
        let Farewell {
            handle,
            password,
            code,
        } = typed;
        let verified = self.prove_again(actor, visit, &handle, &password).await?;
        let (actor, visit) = (actor.clone(), Arc::clone(visit));
        let key = self.setup.server_key.clone();
        self.decide(move |tx| {
            let permit = may_edit_oneself(tx, &actor)?;
            let account = own(tx, &actor)?;
            mean(&account, &handle)?;
            // What was proven must still hold.
            let holds = match &verified {
                None => came_with_own_key(tx, &visit, account.id)?,
                Some(hash) => store::account::password(tx, account.id)?.as_ref() == Some(hash),
            };
            if !holds {
                return Err(Refusal::WrongPassword.into());
            }
            if factor::asked(tx, &visit, &account)? == Asked::Code {
                factor::spend(tx, &key, &visit, &account, &factor::read(&code)?)?;
            }
            delete(tx, &permit, &account)
        })
        .await
    }

    /// Deletes somebody's account; `typed` is the handle once more.
    pub async fn delete_user(&self, actor: &Actor, id: AccountId, typed: &str) -> Ruling<Deleted> {
        let (actor, typed) = (actor.clone(), typed.to_owned());
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageUsers, &current(tx)?)?;
            let account = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
            // Their own they delete like everybody: with their credential.
            if permit.account() == Some(id) {
                return Err(Refusal::NotOneself.into());
            }
            mean(&account, &typed)?;
            delete(tx, &permit, &account)
        })
        .await
    }

    /// Returns the hash that the password matches, or nothing for whoever came
    /// with a key of theirs. A wrong password counts like one at the door.
    async fn prove_again(
        &self,
        actor: &Actor,
        visit: &Arc<Visit>,
        typed: &str,
        password: &Secret<String>,
    ) -> Ruling<Option<String>> {
        let (asking, calling, now) = (actor.clone(), Arc::clone(visit), self.clock().now());
        let typed = typed.to_owned();
        let (account, hash) = self
            .ask(move |view| {
                may_edit_oneself(view, &asking)?;
                let account = own(view, &asking)?;
                mean(&account, &typed)?;
                if came_with_own_key(view, &calling, account.id)? {
                    return Ok((account, None));
                }
                let attempt = guess::judge(view, &account.handle.key(), &calling, now)?;
                if let Attempt::Wait(wait) = attempt {
                    return Err(Refusal::PasswordWait(wait).into());
                }
                // Without a password, the key that let them in was removed.
                let hash = store::account::password(view, account.id)?;
                Ok((account, Some(hash.ok_or(Refusal::KeyNotProven)?)))
            })
            .await?;
        if let Some(hash) = &hash {
            let password = Password::enter(password).map_err(|_| Refusal::WrongPassword)?;
            if self.verify(password, Some(hash.clone())).await? == Verdict::Wrong {
                return Err(self.count_wrong_password(&account, visit).await?.into());
            }
        }
        Ok(hash)
    }
}

/// Whether a call proved a key that is the account's.
fn came_with_own_key(read: &impl Read, visit: &Visit, id: AccountId) -> Result<bool, Fault> {
    let Some(key) = &visit.key else {
        return Ok(false);
    };
    let owner = store::key::owner(read, &key.key().fingerprint())?;
    Ok(owner.is_some_and(|owner| owner.id == id))
}

/// Refuses what was typed if it is not the account's handle.
fn mean(account: &Account, typed: &str) -> Result<(), Refusal> {
    if typed.trim().to_lowercase() == account.handle.key() {
        Ok(())
    } else {
        Err(Refusal::NotThatHandle)
    }
}

/// Makes a tombstone of an account.
/// Whether an account was made for somebody who was never written a word of it.
fn is_unheard_of(read: &impl Read, account: &Account) -> Result<bool, Fault> {
    Ok(account.is_prepared() && !store::activation::went_by_letter(read, account.id)?)
}

fn delete(tx: &Tx<'_>, permit: &Permit, account: &Account) -> Ruling<Deleted> {
    let Some(After::Stands(to)) = account.status.after(Transition::Delete) else {
        return Err(conflict(account, tx.now()).into());
    };
    spare_last_sysop(tx, account)?;
    if account.status == Status::Unverified {
        // Nobody came in on it.
        store::invite::give_back(tx, account.id)?;
    }
    let step = Move {
        from: account,
        to,
        reason: None,
        until: None,
    };
    if !store::account::transit(tx, permit, step)? {
        return Err(conflict(account, tx.now()).into());
    }
    store::wipe::account(tx, account, permit.name())?;
    // After the wiping, or it would be gone too. Where none leaves, none is
    // written: it would only keep the address.
    let letter = if letter::will_leave(tx)? && !is_unheard_of(tx, account)? {
        letter::write(tx, account, Kind::Deletion, "")?
    } else {
        None
    };
    note(
        tx,
        permit,
        account,
        Act {
            action: "account.delete",
            before: Some(account.status.name()),
            after: Some(to.name()),
            ..Act::default()
        },
    )?;
    tx.emit(Event::UsersChanged);
    tx.emit(Event::InvitesChanged(Some(account.id)));
    tx.emit(Event::MailChanged);
    let account = store::account::by_id(tx, account.id)?.ok_or(Refusal::Gone)?;
    Ok(Deleted { account, letter })
}
