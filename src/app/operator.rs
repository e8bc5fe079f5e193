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
        event::Event,
        handle::{Claiming, Handle},
        id::{AccountId, KeyId},
        key::PublicKey,
        letter::Kind,
        policy::Capability,
        refusal::Refusal,
        secret::Secret,
    },
    store::{self, account::Account, audit::Act, key::Standing},
};

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
        let actor = actor.clone();
        self.decide(move |tx| {
            let settings = current(tx)?;
            let permit = authorize(tx, &actor, Capability::ManageUsers, &settings)?;
            // Whoever runs the host may name a sysop `sysop`.
            let claiming = if new.role == Role::Sysop {
                Claiming::Yes
            } else {
                Claiming::No
            };
            giveable_handle(tx, &handle, claiming, &settings)?;
            if let Some(email) = &email
                && settings.email_unique
                && store::account::email_is_known(tx, email, None)?
            {
                return Err(Refusal::EmailTaken.into());
            }
            if let Some(key) = &key
                && store::key::owner(tx, &key.fingerprint())?.is_some()
            {
                return Err(Refusal::KeyTaken.into());
            }
            let id = store::account::insert(
                tx,
                &store::account::New {
                    handle: &handle,
                    status: Status::Active,
                    onward: None,
                    role: new.role,
                    origin: Origin::Operator,
                    email: email.as_ref(),
                    password: password.as_deref(),
                    invite: None,
                    invited_by: None,
                    submission: None,
                    source: None,
                },
            )?;
            let made = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
            note(
                tx,
                &permit,
                &made,
                Act {
                    action: "account.create",
                    after: Some(new.role.name()),
                    ..Act::default()
                },
            )?;
            if let Some(key) = &key {
                key::add_written(tx, &permit, &made, key, Standing::Vouched)?;
            }
            tx.emit(Event::UsersChanged);
            Ok(made)
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
