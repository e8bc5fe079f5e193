//! The turnstile: the counts of [`super::limit`] with timers, chance and places
//! that give themselves back.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, sleep, timeout_at},
};

use super::limit::{Arrival, Counts, DoorLimits, Entry, Party};
use crate::domain::{
    clock::Clock,
    entropy::{self, Entropy},
};

/// Everything that connects passes here.
pub(super) struct Door {
    /// A lock, not a channel: places are given back in `Drop`, which cannot
    /// wait, and it is held for a few look-ups only.
    counts: Mutex<Counts>,
    /// Told whenever a place becomes free.
    left: Notify,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Door {
    /// Makes a door that nobody has passed.
    pub(super) fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Arc<Self> {
        Arc::new(Self {
            counts: Mutex::default(),
            left: Notify::new(),
            clock,
            entropy,
        })
    }

    /// Takes a place in the line for a new connection; `None` if it is to be
    /// closed before any byte.
    pub(super) fn arrive(
        self: &Arc<Self>,
        address: IpAddr,
        limits: &DoorLimits,
    ) -> Option<Waiting> {
        let now = self.clock.tick();
        match self.counts().arrive(address, now, limits) {
            (_, Arrival::Refused) => None,
            (party, Arrival::Turn(turn)) => Some(Waiting {
                door: Arc::clone(self),
                party,
                turn,
                entered: false,
            }),
        }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // The counts are changed whole or not at all, so a panic elsewhere
        // while they were held leaves nothing half done.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in a source's line; given back when dropped.
pub(super) struct Waiting {
    door: Arc<Door>,
    party: Party,
    turn: Duration,
    entered: bool,
}

impl Waiting {
    /// Waits for its turn and a free place, for `patience` at most; `None` if it
    /// is to be closed before any byte.
    pub(super) async fn enter(mut self, limits: &DoorLimits, patience: Duration) -> Option<Place> {
        if self.turn > patience {
            return None;
        }
        let deadline = Instant::now() + patience;
        sleep(self.turn).await;
        loop {
            // Registered before the look, so that no leaving is missed.
            let left = self.door.left.notified();
            let [roll] = entropy::bytes(self.door.entropy.as_ref());
            let entry = self.door.counts().enter(self.party, roll, limits);
            match entry {
                Entry::Open => break,
                Entry::Refused => return None,
                Entry::Full => timeout_at(deadline, left).await.ok()?,
            }
        }
        self.entered = true;
        Some(Place {
            door: Arc::clone(&self.door),
            party: self.party,
        })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.entered {
            self.door.counts().give_up(self.party);
        }
    }
}

/// The place of one connection without a session; given back when dropped.
pub(super) struct Place {
    door: Arc<Door>,
    party: Party,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.door.counts().leave(self.party);
        self.door.left.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{clock::SystemClock, entropy::OsEntropy};

    #[tokio::test]
    async fn one_more_waits_until_a_place_is_given_back() {
        let door = Door::new(Arc::new(SystemClock::start()), Arc::new(OsEntropy));
        let limits = DoorLimits {
            unauthenticated_per_source: 1,
            ..DoorLimits::default()
        };
        let address = IpAddr::from([10, 0, 0, 1]);
        let patience = Duration::from_mins(1);
        let arrive = || door.arrive(address, &limits).unwrap();
        let first = arrive().enter(&limits, patience).await.unwrap();
        assert!(arrive().enter(&limits, Duration::ZERO).await.is_none());
        let (second, ()) = tokio::join!(arrive().enter(&limits, patience), async {
            drop(first);
        });
        assert!(second.is_some());
    }
}
