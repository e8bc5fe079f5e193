//! Proving who one is: by a key of this connection, or by handle and password.

use std::{sync::Arc, time::Duration};

use super::{
    Bbs, Ruling, Stop, actor_of,
    entrance::{Entrance, First, enter, look_in},
    guess::{self, Attempt},
    key, letter,
    password::{Password, Verdict},
    visit::Visit,
};
use crate::{
    domain::{
        actor::Actor, event::Event, handle::Handle, id::AccountId, letter::Kind, refusal::Refusal,
        secret::Secret,
    },
    store::{self, Fault, Tx, account::Account},
};

/// A caller who has proved who they are.
#[derive(Clone, Debug)]
pub struct Login {
    /// Who they are now.
    pub actor: Actor,
    /// Their account.
    pub account: Account,
}

/// Notes a call by a correct credential.
pub(super) fn note_call(tx: &Tx<'_>, visit: &Visit, id: AccountId) -> Result<(), Fault> {
    store::account::saw(tx, id)?;
    store::guess::know_source(tx, id, &visit.source_name())
}

/// Notes a call by the key of this connection.
pub(super) fn note_key_call(tx: &Tx<'_>, visit: &Visit, id: AccountId) -> Result<(), Fault> {
    if let Some(key) = &visit.key {
        store::key::used(tx, &key.key().fingerprint())?;
    }
    note_call(tx, visit, id)
}

impl Login {
    pub(super) fn of(account: Account) -> Self {
        Self {
            actor: actor_of(&account),
            account,
        }
    }
}

impl Bbs {
    /// Lets a call in by the key or certificate it proved. Where the call can't be noted, as on
    /// a full disk, whoever proved a key comes in all the same.
    pub async fn enter_by_key(&self, visit: &Arc<Visit>) -> Ruling<Entrance> {
        let first = First::at_the_door(visit);
        let noted = {
            let (visit, first) = (Arc::clone(visit), first.clone());
            self.decide(move |tx| enter(tx, &visit, first)).await
        };
        if !matches!(noted, Err(Stop::Broken(_))) {
            return noted;
        }
        let (visit, now) = (Arc::clone(visit), self.clock().now());
        self.ask(move |view| look_in(view, &visit, first, now))
            .await
    }

    /// Lets a call in by what it proved at the door, where nothing more can be asked for.
    pub async fn log_in_by_key(&self, visit: &Arc<Visit>) -> Ruling<Login> {
        match self.enter_by_key(visit).await? {
            Entrance::In(login) => Ok(*login),
            Entrance::Code(_) | Entrance::SetUp(_) => Err(Refusal::FactorNeeded.into()),
        }
    }

    /// Lets a call in by handle and password: one text for every failure, and
    /// one argon2 for every attempt (P12).
    pub async fn enter_by_password(
        &self,
        visit: &Arc<Visit>,
        handle: &str,
        password: &Secret<String>,
    ) -> Ruling<Entrance> {
        // An impossible handle is looked up like any other and not found.
        let key =
            Handle::parse(handle.trim()).map_or_else(|_| String::new(), |handle| handle.key());
        let (attempt, found) = {
            let (key, visit, now) = (key.clone(), Arc::clone(visit), self.clock().now());
            self.ask(move |view| {
                let attempt = guess::judge(view, &key, &visit, now)?;
                let account = store::account::by_handle(view, &key)?;
                let hash = match &account {
                    Some(account) => store::account::password(view, account.id)?,
                    None => None,
                };
                Ok((attempt, account.map(|account| account.id).zip(hash)))
            })
            .await?
        };
        match attempt {
            Attempt::Wait(wait) => return Err(Refusal::PasswordWait(wait).into()),
            Attempt::After(Duration::ZERO) => {}
            Attempt::After(delay) => tokio::time::sleep(delay).await,
        }
        let hash = found.as_ref().map(|(_, hash)| hash.clone());
        let (verdict, password) = match Password::enter(password) {
            Ok(password) => (self.verify(password.clone(), hash).await?, Some(password)),
            // What could never be chosen is wrong, and takes as long.
            Err(_) => (self.verify(Password::impossible(), None).await?, None),
        };
        let stronger = match (&verdict, password) {
            (Verdict::RightButWeak, Some(password)) => Some(self.hash(password).await?),
            _ => None,
        };
        let visit = Arc::clone(visit);
        let right = verdict != Verdict::Wrong;
        self.decide(move |tx| {
            let verified = found.filter(|_| right);
            // The hash that was compared must still be the account's.
            let still = match &verified {
                Some((id, hash)) => store::account::password(tx, *id)?.as_ref() == Some(hash),
                None => false,
            };
            let Some((id, hash)) = verified.filter(|_| still) else {
                return Err(guess::wrong_password(tx, &key, &visit)?.into());
            };
            guess::still_allowed(tx, &key, &visit)?;
            store::guess::forgive(tx, &key, Some(&visit.source_name()))?;
            let right = match stronger {
                Some(stronger) => {
                    store::account::rehash(tx, id, &hash, &stronger)?;
                    stronger
                }
                None => hash,
            };
            enter(tx, &visit, First::Password(id, Secret::new(right)))
        })
        .await
    }

    /// Returns an account as it stands now, for a session that was told it
    /// changed; `None` when it is gone.
    pub async fn refresh(&self, id: AccountId) -> Ruling<Option<Login>> {
        self.ask(move |view| Ok(store::account::by_id(view, id)?.map(Login::of)))
            .await
    }

    /// Whether the key of this call could be remembered for a login.
    pub async fn may_remember_key(&self, visit: &Visit) -> Ruling<bool> {
        let Some(key) = &visit.key else {
            return Ok(false);
        };
        let print = key.key().fingerprint();
        self.ask(move |view| Ok(store::key::owner(view, &print)?.is_none()))
            .await
    }

    /// Adds the key this connection proved to the caller's account.
    pub async fn remember_key(&self, actor: &Actor, visit: &Arc<Visit>) -> Ruling<()> {
        let (actor, visit) = (actor.clone(), Arc::clone(visit));
        self.decide(move |tx| {
            let account = super::own(tx, &actor)?;
            let permit = super::may_edit_oneself(tx, &actor)?;
            let key = visit.key.as_ref().ok_or(Refusal::KeyNotProven)?;
            key::attach(tx, &permit, &account, key)?;
            letter::write(tx, &account, Kind::KeyAdded, &key::named(key.key()))?;
            tx.emit(Event::AccountChanged(account.id));
            Ok(())
        })
        .await
    }
}
