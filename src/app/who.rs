//! Who is on line, as far as the one who asks may see it. The list itself is
//! the hub's.

use super::{Bbs, hub::Present};
use crate::domain::{actor::Actor, clock::Timestamp, id::AccountId};

/// Somebody on line.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Their session.
    pub present: Present,
    /// When it began, by the calendar.
    pub since: Timestamp,
}

/// Those on line whom somebody may see.
#[derive(Clone, Debug)]
pub struct Crowd {
    /// Who has been there longest, as many as were asked for.
    pub first: Vec<Caller>,
    /// How many there are in all.
    pub count: usize,
}

impl Bbs {
    /// Returns who is on line, longest first. Whoever is not let in (yet) is
    /// seen by staff and by themselves only.
    pub fn who(&self, actor: &Actor) -> Vec<Caller> {
        self.crowd(actor, usize::MAX).first
    }

    /// Returns how many are on line, and no more than `most` of them: what every
    /// session keeps is paid for by every other.
    pub fn crowd(&self, actor: &Actor, most: usize) -> Crowd {
        self.callers(most, |present| match &present.actor {
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
        let is_own = |present: &Present| own.is_some() && present.actor.account() == own;
        self.callers(usize::MAX, is_own).first
    }

    /// Returns the sessions of an account, longest first.
    pub(super) fn sessions_on_line(&self, id: AccountId) -> Vec<Caller> {
        self.callers(usize::MAX, |present| present.actor.account() == Some(id))
            .first
    }

    fn callers(&self, most: usize, sees: impl Fn(&Present) -> bool) -> Crowd {
        let (now, tick) = (self.clock().now(), self.clock().tick());
        let (first, count) = self.hub().some(most, sees);
        let caller = |present: Present| Caller {
            since: now - tick.saturating_sub(present.began),
            present,
        };
        Crowd {
            first: first.into_iter().map(caller).collect(),
            count,
        }
    }
}
