//! The turnstile: the counts of [`super::limit`] with timers, chance and places
//! that give themselves back.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, sleep, timeout_at},
};

use tokio_util::sync::CancellationToken;

use super::limit::{Arrival, Counts, DoorLimits, Entry, Party};
use crate::domain::{
    clock::Clock,
    entropy::{self, Entropy},
    source::Source,
};

/// How many places a source holds at least beyond a newcomer's before one of
/// them is taken away: after the exchange it still has no fewer.
const FAR_MORE: u32 = 2;

/// Everything that connects passes here.
pub(super) struct Door {
    /// A lock, not a channel: places are given back in `Drop`, which cannot
    /// wait, and it is held for a few look-ups only.
    inside: Mutex<Inside>,
    /// Told whenever a place becomes free.
    left: Notify,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Door {
    /// Makes a door that nobody has passed.
    pub(super) fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Arc<Self> {
        Arc::new(Self {
            inside: Mutex::default(),
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
        match self.inside().counts.arrive(address, now, limits) {
            (_, Arrival::Refused) => None,
            (party, Arrival::Turn(turn)) => Some(Waiting {
                door: Arc::clone(self),
                party,
                turn,
                entered: false,
            }),
        }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        // The counts are changed whole or not at all, so a panic elsewhere
        // while they were held leaves nothing half done.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who is inside without a session.
#[derive(Default)]
struct Inside {
    counts: Counts,
    /// What ends each connection, by source, oldest first.
    held: HashMap<Source, VecDeque<CancellationToken>>,
}

impl Inside {
    /// Lets one in, if need be in the place of the oldest connection of the
    /// source that crowds the door: a few hosts with many idle connections must
    /// not close it for everybody else.
    fn enter(&mut self, party: Party, roll: u8, limits: &DoorLimits) -> Entry {
        let entry = self.counts.enter(party, roll, limits);
        let Entry::Crowded(own) = entry else {
            return entry;
        };
        let held = |places: &VecDeque<_>| u32::try_from(places.len()).unwrap_or(u32::MAX);
        let crowd = self.held.values_mut().max_by_key(|places| held(places));
        let Some(crowd) = crowd.filter(|places| held(places) >= own + FAR_MORE) else {
            return Entry::Refused;
        };
        if let Some(oldest) = crowd.pop_front() {
            oldest.cancel();
        }
        self.counts.take_over(party);
        Entry::Open
    }

    /// Notes what ends a connection that is in.
    fn hold(&mut self, party: Party, end: &CancellationToken) {
        if let Party::Of(source) = party {
            self.held.entry(source).or_default().push_back(end.clone());
        }
    }

    /// Forgets connections of a source that have their session, or are gone.
    fn release(&mut self, party: Party, end: &CancellationToken) {
        end.cancel();
        if let Party::Of(source) = party
            && let Some(places) = self.held.get_mut(&source)
        {
            places.retain(|place| !place.is_cancelled());
            if places.is_empty() {
                self.held.remove(&source);
            }
        }
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
            let entry = self.door.inside().enter(self.party, roll, limits);
            match entry {
                Entry::Open => break,
                Entry::Refused | Entry::Crowded(_) => return None,
                Entry::Full => timeout_at(deadline, left).await.ok()?,
            }
        }
        self.entered = true;
        let end = CancellationToken::new();
        self.door.inside().hold(self.party, &end);
        Some(Place {
            door: Arc::clone(&self.door),
            party: self.party,
            end,
        })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.entered {
            self.door.inside().counts.give_up(self.party);
        }
    }
}

/// The place of one connection without a session; given back when dropped.
pub(super) struct Place {
    door: Arc<Door>,
    party: Party,
    end: CancellationToken,
}

impl Place {
    /// Waits until the place is wanted for somebody else.
    pub(super) async fn is_wanted(&self) {
        self.end.cancelled().await;
    }

    /// Keeps the place from being taken away any more: it has been granted what
    /// it came for, and goes soon.
    pub(super) fn settle(&self) {
        self.door.inside().release(self.party, &self.end);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.door.inside();
        inside.release(self.party, &self.end);
        inside.counts.leave(self.party);
        drop(inside);
        self.door.left.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{clock::SystemClock, entropy::OsEntropy};

    /// Chance that turns nobody away early.
    struct Luck;

    impl Entropy for Luck {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(u8::MAX);
        }
    }

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

    /// Three hosts with as many idle connections as they may have fill every
    /// place; a caller who has none yet was closed before any byte.
    #[tokio::test]
    async fn a_few_hosts_with_many_connections_close_the_door_to_nobody() {
        let door = Door::new(Arc::new(SystemClock::start()), Arc::new(Luck));
        let limits = DoorLimits {
            unauthenticated_max: 12,
            unauthenticated_per_source: 5,
            ..DoorLimits::default()
        };
        let enter = async |host: u8| {
            let waiting = door.arrive(IpAddr::from([10, 0, 0, host]), &limits)?;
            waiting.enter(&limits, Duration::ZERO).await
        };
        let mut crowd = Vec::new();
        for n in 0..12 {
            crowd.push(enter(n % 3).await.unwrap());
        }
        let caller = enter(9).await.unwrap();
        assert_eq!(
            crowd
                .iter()
                .filter(|place| place.end.is_cancelled())
                .count(),
            1
        );
        // Those who hold no more than others keep theirs.
        assert!(enter(0).await.is_none());
        assert!(!caller.end.is_cancelled());
    }
}
