//! Somebody's sessions, in the hands of staff.

use crate::{
    app::{Bbs, Ruling, authorize, hub::Which, record::object, setting::current},
    domain::{actor::Actor, id::AccountId, policy::Capability, refusal::Refusal},
    store::{
        self,
        audit::{Act, record},
    },
};

impl Bbs {
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
