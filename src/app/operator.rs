//! What an operator does for others: making accounts, vouching for keys,
//! unlocking.

use super::{
    Bbs, Ruling, authorize,
    form::{any_email, giveable_handle},
    key, letter,
    password::{Password, Personal},
    record::{living, note},
    setting::current,
};
use crate::{
    domain::{
        account::{Origin, Role, Status},
        actor::Actor,
        email::Email,
        event::Event,
        handle::{Claiming, Handle},
        id::{AccountId, KeyId},
        key::PublicKey,
        letter::Kind,
        policy::{Capability, Permit},
        refusal::Refusal,
        secret::Secret,
    },
    settings::Settings,
    store::{self, Tx, account::Account, audit::Act, key::Standing},
};

/// An account that waits for whoever it is made for.
#[derive(Clone, Debug)]
pub struct Preparation {
    /// Its handle.
    pub handle: String,
    /// Its address; empty is none.
    pub email: String,
    /// Its role.
    pub role: Role,
}

/// An account an operator makes.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Its handle.
    pub handle: String,
    /// Its address; empty is none.
    pub email: String,
    /// Its role.
    pub role: Role,
    /// A key the operator vouches for.
    pub key: Option<String>,
    /// Its first password.
    pub password: Option<Secret<String>>,
}

impl Bbs {
    /// Makes an active account with a key or a password. Mode, pause, backlog
    /// and e-mail rules do not bind operators, and reserved handles are theirs to
    /// give.
    pub async fn create_user(&self, actor: &Actor, new: NewUser) -> Ruling<Account> {
        let settings = self.settings();
        let handle = Handle::parse(new.handle.trim()).map_err(|_| Refusal::HandleShape)?;
        let email = any_email(&new.email)?;
        let key = new.key.as_deref().map(PublicKey::parse).transpose();
        let key = key.map_err(Refusal::KeyUnusable)?;
        if key.is_none() && new.password.is_none() {
            return Err(Refusal::NoWayIn.into());
        }
        let password = match &new.password {
            None => None,
            Some(text) => {
                let site = settings.site_name.as_str();
                let personal = Personal {
                    handle: handle.as_str(),
                    email: &new.email,
                    site,
                };
                Some(
                    self.hash(Password::choose(text, personal, &settings)?)
                        .await?,
                )
            }
        };
        let ready = Ready {
            handle,
            email,
            role: new.role,
            origin: Origin::Operator,
            key,
            password,
        };
        let actor = actor.clone();
        self.decide(move |tx| {
            let settings = current(tx)?;
            let permit = authorize(tx, &actor, Capability::ManageUsers, &settings)?;
            make(tx, &permit, &ready, &settings)
        })
        .await
    }

    /// Makes an account without key or password, which a code activates (T2).
    pub async fn prepare_user(&self, actor: &Actor, new: Preparation) -> Ruling<Account> {
        let ready = Ready {
            handle: Handle::parse(new.handle.trim()).map_err(|_| Refusal::HandleShape)?,
            email: any_email(&new.email)?,
            role: new.role,
            origin: Origin::Operator,
            key: None,
            password: None,
        };
        let actor = actor.clone();
        self.decide(move |tx| {
            let settings = current(tx)?;
            let permit = authorize(tx, &actor, Capability::ManageUsers, &settings)?;
            make(tx, &permit, &ready, &settings)
        })
        .await
    }

    /// Adds a key to somebody's account; the operator vouches for it.
    pub async fn add_key_to(&self, actor: &Actor, id: AccountId, text: &str) -> Ruling<PublicKey> {
        let key = PublicKey::parse(text).map_err(Refusal::KeyUnusable)?;
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageUsers, &current(tx)?)?;
            let about = living(tx, id)?;
            key::add_written(tx, &permit, &about, &key, Standing::Vouched)?;
            letter::write(tx, &about, Kind::KeyAdded, &key::named(&key))?;
            Ok(key)
        })
        .await
    }

    /// Removes a key of somebody's account.
    pub async fn remove_key_of(&self, actor: &Actor, id: AccountId, key: KeyId) -> Ruling<()> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageUsers, &current(tx)?)?;
            let about = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
            let removed = key::remove(tx, &permit, &about, key)?;
            letter::write(tx, &about, Kind::KeyRemoved, &removed)?;
            Ok(())
        })
        .await
    }

    /// Forgets the wrong passwords and codes for somebody's account.
    pub async fn unlock(&self, actor: &Actor, id: AccountId) -> Ruling<()> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageUsers, &current(tx)?)?;
            let about = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
            store::guess::forgive(tx, &about.handle.key(), None)?;
            store::factor::forgive(tx, id, None)?;
            note(
                tx,
                &permit,
                &about,
                Act {
                    action: "account.unlock",
                    ..Act::default()
                },
            )?;
            Ok(())
        })
        .await
    }
}

/// An account that was read and can be made, if nobody was faster.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) handle: Handle,
    pub(super) email: Option<Email>,
    pub(super) role: Role,
    pub(super) origin: Origin,
    pub(super) key: Option<PublicKey>,
    /// A hash.
    pub(super) password: Option<String>,
}

impl Ready {
    /// Returns where the account begins, and where it goes from there: without a
    /// way in it waits until somebody activates it.
    const fn beginning(&self) -> (Status, Option<Status>) {
        match (&self.key, &self.password) {
            (None, None) => (Status::Unverified, Some(Status::Active)),
            _ => (Status::Active, None),
        }
    }
}

/// Makes an account. A refusal has written nothing.
pub(super) fn make(
    tx: &Tx<'_>,
    permit: &Permit,
    ready: &Ready,
    settings: &Settings,
) -> Ruling<Account> {
    // Whoever runs the host may name a sysop `sysop`.
    let claiming = if ready.role == Role::Sysop {
        Claiming::Yes
    } else {
        Claiming::No
    };
    giveable_handle(tx, &ready.handle, claiming, settings)?;
    if let Some(email) = &ready.email
        && settings.email_unique
        && store::account::email_is_known(tx, email, None)?
    {
        return Err(Refusal::EmailTaken.into());
    }
    if let Some(key) = &ready.key
        && store::key::owner(tx, &key.fingerprint())?.is_some()
    {
        return Err(Refusal::KeyTaken.into());
    }
    let (status, onward) = ready.beginning();
    let id = store::account::insert(
        tx,
        &store::account::New {
            handle: &ready.handle,
            status,
            onward,
            role: ready.role,
            origin: ready.origin,
            email: ready.email.as_ref(),
            password: ready.password.as_deref(),
            invite: None,
            invited_by: None,
            submission: None,
            source: None,
        },
    )?;
    let made = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
    let act = Act {
        action: "account.create",
        after: Some(ready.role.name()),
        ..Act::default()
    };
    note(tx, permit, &made, act)?;
    if let Some(key) = &ready.key {
        key::add_written(tx, permit, &made, key, Standing::Vouched)?;
    }
    tx.emit(Event::UsersChanged);
    Ok(made)
}
