//! What somebody may do just now, so that only that is shown. It allows
//! nothing: every use case asks again inside its transaction.

use super::{Bbs, Ruling, setting::current, standing};
use crate::domain::{
    actor::Actor,
    policy::{Capability, permit},
};

impl Bbs {
    /// Returns what the actor may do as they stand now.
    pub async fn rights(&self, actor: &Actor) -> Ruling<Vec<Capability>> {
        let actor = actor.clone();
        self.ask(move |view| {
            let rules = current(view)?.delegation();
            let who = standing(view, &actor)?;
            let may = |capability: &Capability| permit(&who, *capability, rules).is_some();
            Ok(Capability::ALL.iter().copied().filter(may).collect())
        })
        .await
    }
}
