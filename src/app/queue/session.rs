//! Somebody's sessions, in the hands of staff.

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

    /// Ends somebody's sessions and returns how many.
    pub async fn end_sessions_of(&self, actor: &Actor, id: AccountId) -> Ruling<usize> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageUsers, &current(tx)?)?;
            let about = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
            let act = Act {
                action: "sessions.end",
                object: &object(id, &about.handle),
                ..Act::default()
            };
            Ok(record(tx, &permit, act)?)
        })
        .await?;
        // Only what is on record is done.
        Ok(self.hub().end(id, Which::All))
    }
}
