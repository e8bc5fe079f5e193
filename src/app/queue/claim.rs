//! Claiming a request for half an hour: a hint to the others, never a lock.

use chrono::TimeDelta;

use crate::{
    app::{
        Bbs, Ruling, authorize,
        record::{conflict, object},
        setting::current,
    },
    domain::{
        account::Status, actor::Actor, event::Event, id::AccountId, policy::Capability,
        refusal::Refusal,
    },
    store::{
        self,
        audit::{Act, record},
        request::Claim,
    },
};

/// How long a claim lasts.
const CLAIM: TimeDelta = TimeDelta::minutes(30);

impl Bbs {
    /// Claims a request, from somebody else too, or gives up one's own claim.
    /// Returns who has it now.
    pub async fn claim_request(&self, actor: &Actor, id: AccountId) -> Ruling<Option<Claim>> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::Decide, &current(tx)?)?;
            let account = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
            if account.status != Status::Pending {
                return Err(conflict(&account, tx.now()).into());
            }
            let before = store::request::claim_of(tx, id, tx.now())?;
            let is_own = before.as_ref().is_some_and(|one| one.by == permit.name());
            let after = (!is_own).then(|| Claim {
                by: permit.name().to_owned(),
                until: tx.now() + CLAIM,
            });
            match &after {
                Some(claim) => store::request::claim(tx, id, claim)?,
                None => store::request::release(tx, id)?,
            }
            let act = Act {
                action: "request.claim",
                object: &object(id, &account.handle),
                before: before.as_ref().map(|claim| claim.by.as_str()),
                after: after.as_ref().map(|claim| claim.by.as_str()),
                ..Act::default()
            };
            record(tx, &permit, act)?;
            tx.emit(Event::UsersChanged);
            Ok(after)
        })
        .await
    }
}
