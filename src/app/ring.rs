//! Ringing for a sysop from the main menu: a bell and a line for those on line.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::{Bbs, Ruling, authorize, letter, own, record::note, setting::current};
use crate::{
    domain::{actor::Actor, event::Event, id::AccountId, policy::Capability, refusal::Refusal},
    store::audit::Act,
};

/// How often a member may ring within [`SPAN`].
const RINGS: usize = 3;
const SPAN: Duration = Duration::from_hours(1);

/// When each member rang lately, by the stop-watch. No more members are in it
/// than rang within the span.
#[derive(Debug, Default)]
pub struct Bell(Mutex<BTreeMap<AccountId, Vec<Duration>>>);

impl Bell {
    /// Counts a ring; says whether it was one too many.
    fn is_worn(&self, id: AccountId, now: Duration) -> bool {
        let mut rings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for times in rings.values_mut() {
            times.retain(|at| now.saturating_sub(*at) < SPAN);
        }
        rings.retain(|_, times| !times.is_empty());
        let own = rings.entry(id).or_default();
        let is_worn = own.len() >= RINGS;
        if !is_worn {
            own.push(now);
        }
        is_worn
    }
}

impl Bbs {
    /// Rings for the sysops on line, and returns one of them.
    pub async fn ring_sysop(&self, actor: &Actor) -> Ruling<String> {
        let (actor, now) = (actor.clone(), self.clock().tick());
        let hub = std::sync::Arc::clone(self.hub());
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::RingSysop, &current(tx)?)?;
            let account = own(tx, &actor)?;
            if hub.bell().is_worn(account.id, now) {
                return Err(Refusal::RangEnough.into());
            }
            let Some(sysop) = hub.sysop_on_line() else {
                letter::tell_of_ring(tx, &account)?;
                return Err(Refusal::NobodyAtDesk.into());
            };
            let act = Act {
                action: "sysop.ring",
                ..Act::default()
            };
            note(tx, &permit, &account, act)?;
            tx.emit(Event::Rang(account.id));
            Ok(sysop)
        })
        .await
    }
}
