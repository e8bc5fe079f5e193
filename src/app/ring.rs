//! Ringing for a sysop from the main menu: a bell and a line for those on line,
//! and a notice for all of them while there is nobody.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{
    Bbs, Ruling, authorize, letter, own,
    record::{note, object},
    setting::current,
};
use crate::{
    domain::{actor::Actor, event::Event, policy::Capability, refusal::Refusal},
    store::{self, audit::Act},
};

/// How often a member may ring within [`SPAN`], whoever hears it.
const RINGS: u32 = 3;
const SPAN: TimeDelta = TimeDelta::hours(1);

/// How records call it. They are what is counted, so that a new start of the
/// board forgets nobody's rings.
const ACTION: &str = "sysop.ring";

/// Who hears a ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rung {
    /// This sysop, at once.
    Heard(String),
    /// Nobody was at the desk; the sysops read of it when they call.
    Noted,
}

impl Bbs {
    /// Rings for the sysops on line; while there are none, leaves them a notice.
    pub async fn ring_sysop(&self, actor: &Actor) -> Ruling<Rung> {
        let (actor, hub) = (actor.clone(), Arc::clone(self.hub()));
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::RingSysop, &current(tx)?)?;
            let account = own(tx, &actor)?;
            let own = object(account.id, &account.handle);
            let rings = store::audit::count_since(tx, &own, ACTION, tx.now() - SPAN)?;
            if rings >= RINGS {
                return Err(Refusal::RangEnough.into());
            }
            let rung = if let Some(sysop) = hub.sysop_on_line() {
                tx.emit(Event::Rang(account.id));
                Rung::Heard(sysop)
            } else {
                if !letter::tell_of_ring(tx, &account)? {
                    return Err(Refusal::NobodyAtDesk.into());
                }
                Rung::Noted
            };
            let act = Act {
                action: ACTION,
                ..Act::default()
            };
            note(tx, &permit, &account, act)?;
            Ok(rung)
        })
        .await
    }
}
