//! One's own data, whole, as JSON. What belongs to it is known by the store.

use serde_json::{Map, Value};

use super::{Bbs, Ruling, authorize, own, record::note, setting::current};
use crate::{
    domain::{
        actor::Actor,
        id::AccountId,
        policy::{Capability, Permit},
        refusal::Refusal,
    },
    store::{self, Tx, account::Account, audit::Act},
};

/// What the board has about an account, a member for each section.
pub type Export = Map<String, Value>;

impl Bbs {
    /// Returns everything the board has about the caller.
    pub async fn export_oneself(&self, actor: &Actor) -> Ruling<Export> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::EditOneself, &current(tx)?)?;
            export(tx, &permit, &own(tx, &actor)?)
        })
        .await
    }

    /// Returns everything the board has about somebody, for them to read.
    pub async fn export_user(&self, actor: &Actor, id: AccountId) -> Ruling<Export> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::SeePrivate, &current(tx)?)?;
            let account = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
            export(tx, &permit, &account)
        })
        .await
    }
}

/// Reads it and puts that down: it is the whole of what somebody confided.
fn export(tx: &Tx<'_>, permit: &Permit, account: &Account) -> Ruling<Export> {
    let act = Act {
        action: "account.export",
        ..Act::default()
    };
    note(tx, permit, account, act)?;
    Ok(store::export::of(tx, account.id)?)
}
