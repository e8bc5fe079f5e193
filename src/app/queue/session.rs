//! Somebody's sessions, in the hands of staff.

use std::sync::Arc;

use crate::{
    app::{Bbs, Ruling, authorize, hub::Which, record::object, setting::current, who::Caller},
    domain::{actor::Actor, id::AccountId, policy::Capability, refusal::Refusal},
    store::{
        self,
        audit::{Act, record},
    },
};

impl Bbs {
    /// Returns somebody's sessions, longest first.
    pub async fn sessions_of(&self, actor: &Actor, id: AccountId) -> Ruling<Vec<Caller>> {
        let actor = actor.clone();
        self.ask(move |view| {
            authorize(view, &actor, Capability::ManageUsers, &current(view)?)?;
            Ok(())
        })
        .await?;
        Ok(self.sessions_on_line(id))
    }

    /// Ends sessions of somebody and returns how many.
    pub async fn end_sessions_of(
        &self,
        actor: &Actor,
        id: AccountId,
        which: Which,
    ) -> Ruling<usize> {
        let (actor, hub) = (actor.clone(), Arc::clone(self.hub()));
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageUsers, &current(tx)?)?;
            let about = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
            let ending = hub.count_of(id, which);
            let action = match which {
                Which::One(_) if ending == 0 => return Err(Refusal::NoSuchSession.into()),
                Which::One(_) => "session.end",
                Which::All | Which::AllBut(_) => "sessions.end",
            };
            let act = Act {
                action,
                object: &object(id, &about.handle),
                ..Act::default()
            };
            record(tx, &permit, act)?;
            // Only what is on record is done.
            tx.after_commit(move || {
                hub.end(id, which);
            });
            Ok(ending)
        })
        .await
    }
}
