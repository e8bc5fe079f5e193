//! Who is on line, as far as the one who asks may see it. The list itself is
//! the hub's.

use super::{Bbs, hub::Present};
use crate::domain::{actor::Actor, clock::Timestamp};

/// Somebody on line.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Their session.
    pub present: Present,
    /// When it began, by the calendar.
    pub since: Timestamp,
}

impl Bbs {
    /// Returns who is on line, longest first. Whoever is not let in (yet) is
    /// seen by staff and by themselves only.
    pub fn who(&self, actor: &Actor) -> Vec<Caller> {
        self.callers(|present| match &present.actor {
            Actor::Guest | Actor::Member(_) => true,
            Actor::Applicant(applicant) => {
                actor.is_staff() || actor.account() == Some(applicant.id)
            }
            Actor::Console { .. } => false,
        })
    }

    /// Returns the sessions of the actor's own account, longest first.
    pub fn own_sessions(&self, actor: &Actor) -> Vec<Caller> {
        let own = actor.account();
        self.callers(|present| own.is_some() && present.actor.account() == own)
    }

    fn callers(&self, sees: impl Fn(&Present) -> bool) -> Vec<Caller> {
        let (now, tick) = (self.clock().now(), self.clock().tick());
        let mut callers = self.hub().everybody();
        callers.retain(sees);
        callers
            .into_iter()
            .map(|present| Caller {
                since: now - tick.saturating_sub(present.began),
                present,
            })
            .collect()
    }
}
