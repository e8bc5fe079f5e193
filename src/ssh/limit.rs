//! Who may connect now, who waits and who is turned away: arithmetic over ticks
//! and counts. It owns no socket, no timer and no chance.

use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    time::Duration,
};

use crate::{
    domain::source::{Cidrs, Source},
    settings::Settings,
};

/// Sources that are remembered; beyond it the one unseen for longest is
/// forgotten, unless something of it is here now.
const SOURCES: usize = 65_536;

/// Connections of one source that may wait their turn.
const LINE: u16 = 32;

/// Connections that may wait in all lines together: each holds a descriptor.
const LINES: usize = 512;

/// Of the unauthenticated places, the share (in percent) from which on
/// newcomers are turned away by chance.
const EARLY_PERCENT: u32 = 30;

/// The sysop's numbers for the door, as they are now.
#[derive(Clone, Debug)]
pub struct DoorLimits {
    /// New connections of a source per second.
    pub source_rate: u32,
    /// New connections of a source at once.
    pub source_burst: u32,
    /// Sources outside every per-source number.
    pub exempt: Cidrs,
    /// Connections without a session.
    pub unauthenticated_max: u32,
    /// Connections of a source without a session.
    pub unauthenticated_per_source: u32,
    /// From accept until a shell or a command is granted.
    pub grace: Duration,
}

impl From<&Settings> for DoorLimits {
    fn from(settings: &Settings) -> Self {
        Self {
            source_rate: settings.door_source_rate,
            source_burst: settings.door_source_burst,
            exempt: settings.door_exempt.clone(),
            unauthenticated_max: settings.door_unauthenticated_max,
            unauthenticated_per_source: settings.door_unauthenticated_per_source,
            grace: Duration::from_secs(settings.door_grace_seconds.into()),
        }
    }
}

impl Default for DoorLimits {
    fn default() -> Self {
        Self::from(&Settings::default())
    }
}

/// Whom a connection is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Party {
    /// One of a source's.
    Of(Source),
    /// Outside the per-source numbers.
    Exempt,
}

/// What the first look at a connection says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// Its turn comes after this time; it counts as waiting until it enters or
    /// gives up.
    Turn(Duration),
    /// Closed before any byte.
    Refused,
}

/// What the door says to one whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// It is in, and counts as unauthenticated until it leaves.
    Open,
    /// Its source has all its places taken: it keeps waiting.
    Full,
    /// Every place is taken. It may have that of a source which holds far more
    /// than its own, this many; then [`Counts::take_over`] lets it in.
    Crowded(u32),
    /// It is closed before any byte, and still counts as waiting.
    Refused,
}

/// What is remembered of a source.
#[derive(Debug, Default)]
struct Record {
    /// When its bucket is full again: the "theoretical arrival time" of a
    /// bucket that needs no refilling.
    full_at: Duration,
    waiting: u16,
    unauthenticated: u32,
    /// Its place in the order of being seen.
    seen: u64,
}

impl Record {
    /// Tells whether something of the source is here now.
    const fn is_present(&self) -> bool {
        self.waiting > 0 || self.unauthenticated > 0
    }
}

/// The counts behind the door.
#[derive(Debug, Default)]
pub(super) struct Counts {
    records: HashMap<Source, Record>,
    /// From longest unseen to just seen.
    order: BTreeMap<u64, Source>,
    sightings: u64,
    waiting: usize,
    unauthenticated: u32,
    /// Sources with at least one unauthenticated connection; every exempt
    /// connection counts as one.
    pressing: u32,
}

impl Counts {
    /// Looks at a new connection, and takes a place in its source's line.
    pub(super) fn arrive(
        &mut self,
        address: IpAddr,
        now: Duration,
        limits: &DoorLimits,
    ) -> (Party, Arrival) {
        if limits.exempt.contains(address) {
            return (Party::Exempt, Arrival::Turn(Duration::ZERO));
        }
        let source = Source::of(address);
        let all_waiting = self.waiting;
        let record = self.sight(source);
        let step = Duration::from_secs(1) / limits.source_rate.max(1);
        let full_at = record.full_at.max(now) + step;
        let turn = full_at.saturating_sub(now + step * limits.source_burst.max(1));
        // Whose turn it is needs no place in the lines, and strangers who fill
        // them must not close the door.
        let has_to_wait = turn > Duration::ZERO;
        if record.waiting >= LINE || (has_to_wait && all_waiting >= LINES) {
            return (Party::Of(source), Arrival::Refused);
        }
        record.full_at = full_at;
        record.waiting += 1;
        self.waiting += 1;
        (Party::Of(source), Arrival::Turn(turn))
    }

    /// Lets one in whose turn it is. `roll` is from 0 to 255, by chance.
    pub(super) fn enter(&mut self, party: Party, roll: u8, limits: &DoorLimits) -> Entry {
        let max = limits.unauthenticated_max.max(1);
        let full = self.unauthenticated >= max;
        let Party::Of(source) = party else {
            if full {
                return Entry::Crowded(0);
            }
            self.take_over(party);
            return Entry::Open;
        };
        let pressing = self.pressing;
        let Some(record) = self.records.get_mut(&source) else {
            return Entry::Refused;
        };
        if record.unauthenticated >= limits.unauthenticated_per_source.max(1) {
            return Entry::Full;
        }
        // One source with forty connections must not cost another its first:
        // what presses is the number of sources, and one's own connections.
        let pressure = pressing + record.unauthenticated;
        if turned_away(pressure, max, roll) {
            return Entry::Refused;
        }
        if full {
            return Entry::Crowded(record.unauthenticated);
        }
        self.take_over(party);
        Entry::Open
    }

    /// Counts one as in: its place is free, or about to be.
    pub(super) fn take_over(&mut self, party: Party) {
        let is_first = match party {
            Party::Exempt => true,
            Party::Of(source) => {
                self.waiting = self.waiting.saturating_sub(1);
                self.records.get_mut(&source).is_some_and(|record| {
                    record.waiting = record.waiting.saturating_sub(1);
                    record.unauthenticated += 1;
                    record.unauthenticated == 1
                })
            }
        };
        self.unauthenticated += 1;
        self.pressing += u32::from(is_first);
    }

    /// Gives back the place of one that waited in vain.
    pub(super) fn give_up(&mut self, party: Party) {
        if let Party::Of(source) = party
            && let Some(record) = self.records.get_mut(&source)
        {
            record.waiting = record.waiting.saturating_sub(1);
            self.waiting = self.waiting.saturating_sub(1);
        }
    }

    /// Gives back the place of one that is gone, or has its session.
    pub(super) fn leave(&mut self, party: Party) {
        self.unauthenticated = self.unauthenticated.saturating_sub(1);
        let was_last = match party {
            Party::Exempt => true,
            Party::Of(source) => self.records.get_mut(&source).is_some_and(|record| {
                record.unauthenticated = record.unauthenticated.saturating_sub(1);
                record.unauthenticated == 0
            }),
        };
        if was_last {
            self.pressing = self.pressing.saturating_sub(1);
        }
    }

    /// Returns the record of a source, as just seen; forgets another for a new
    /// one when the table is full.
    fn sight(&mut self, source: Source) -> &mut Record {
        if !self.records.contains_key(&source) && self.records.len() >= SOURCES {
            self.forget_one();
        }
        self.sightings += 1;
        let record = self.records.entry(source).or_default();
        self.order.remove(&record.seen);
        record.seen = self.sightings;
        self.order.insert(record.seen, source);
        record
    }

    /// Forgets the absent source that was unseen for longest. Those present are
    /// fewer than [`LINES`] and the unauthenticated, so one is soon found.
    fn forget_one(&mut self) {
        let absent = self.order.iter().find_map(|(seen, source)| {
            let present = self.records.get(source).is_some_and(Record::is_present);
            (!present).then_some((*seen, *source))
        });
        if let Some((seen, source)) = absent {
            self.order.remove(&seen);
            self.records.remove(&source);
        }
    }
}

/// Decides by chance, ever harder from [`EARLY_PERCENT`] of the places to all.
fn turned_away(pressure: u32, max: u32, roll: u8) -> bool {
    let early = max * EARLY_PERCENT / 100;
    let Some(over) = pressure.checked_sub(early) else {
        return false;
    };
    u32::from(roll) * (max - early).max(1) < over * 256
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Duration = Duration::from_hours(12);

    /// A roll that turns nobody away before the door is full.
    const LUCKY: u8 = 255;

    fn host(n: u32) -> IpAddr {
        IpAddr::from((0x0a00_0000 + n).to_be_bytes())
    }

    fn arrive(counts: &mut Counts, address: IpAddr, now: Duration) -> Option<Duration> {
        match counts.arrive(address, now, &DoorLimits::default()).1 {
            Arrival::Turn(turn) => Some(turn),
            Arrival::Refused => None,
        }
    }

    #[test]
    fn a_burst_goes_in_at_once_a_line_waits_and_the_rest_is_closed() {
        let (mut counts, limits) = (Counts::default(), DoorLimits::default());
        let mut at_once = 0;
        let mut turns = Vec::new();
        let mut closed = 0;
        for _ in 0..500 {
            match counts.arrive(host(1), NOON, &limits) {
                (party, Arrival::Turn(Duration::ZERO)) => {
                    assert_eq!(counts.enter(party, LUCKY, &limits), Entry::Open);
                    at_once += 1;
                }
                (_, Arrival::Turn(turn)) => turns.push(turn),
                (_, Arrival::Refused) => closed += 1,
            }
        }
        assert_eq!((at_once, turns.len(), closed), (20, 32, 448));
        assert_eq!(turns.first(), Some(&Duration::from_millis(250)));
        assert_eq!(turns.last(), Some(&Duration::from_secs(8)));
        assert_eq!(arrive(&mut counts, host(2), NOON), Some(Duration::ZERO));
    }

    #[test]
    fn a_bucket_fills_again_and_never_above_its_burst() {
        let (mut counts, limits) = (Counts::default(), DoorLimits::default());
        let at_once = |counts: &mut Counts, now| {
            let mut passed = 0;
            while let (party, Arrival::Turn(Duration::ZERO)) = counts.arrive(host(1), now, &limits)
            {
                counts.give_up(party);
                passed += 1;
            }
            passed
        };
        assert_eq!(at_once(&mut counts, NOON), 20);
        // The one that was told to wait has taken its turn from the bucket.
        assert_eq!(at_once(&mut counts, NOON + Duration::from_secs(2)), 7);
        assert_eq!(at_once(&mut counts, NOON + Duration::from_hours(1)), 20);
    }

    #[test]
    fn a_source_keeps_forty_unauthenticated_and_the_next_waits() {
        let (mut counts, limits) = (Counts::default(), DoorLimits::default());
        let patient = DoorLimits {
            source_burst: 100,
            ..limits
        };
        for _ in 0..40 {
            let (party, _) = counts.arrive(host(1), NOON, &patient);
            assert_eq!(counts.enter(party, LUCKY, &patient), Entry::Open);
        }
        let (party, _) = counts.arrive(host(1), NOON, &patient);
        assert_eq!(counts.enter(party, LUCKY, &patient), Entry::Full);
        counts.leave(party);
        assert_eq!(counts.enter(party, LUCKY, &patient), Entry::Open);
    }

    #[test]
    fn threat_02_many_sources_are_turned_away_by_chance_and_at_last_all() {
        let (mut counts, limits) = (Counts::default(), DoorLimits::default());
        for n in 0..100 {
            let (party, _) = counts.arrive(host(n), NOON, &limits);
            if n > 30 {
                assert_eq!(counts.enter(party, 0, &limits), Entry::Refused);
                assert_eq!(counts.enter(party, LUCKY, &limits), Entry::Open);
            } else {
                assert_eq!(counts.enter(party, 0, &limits), Entry::Open);
            }
        }
        let (party, _) = counts.arrive(host(200), NOON, &limits);
        assert_eq!(counts.enter(party, LUCKY, &limits), Entry::Refused);
    }

    #[test]
    fn one_greedy_source_costs_no_other_its_place() {
        let (mut counts, limits) = (Counts::default(), DoorLimits::default());
        let patient = DoorLimits {
            source_burst: 100,
            ..limits
        };
        for _ in 0..40 {
            let (party, _) = counts.arrive(host(1), NOON, &patient);
            counts.enter(party, LUCKY, &patient);
        }
        let (party, _) = counts.arrive(host(2), NOON, &patient);
        assert_eq!(counts.enter(party, 0, &patient), Entry::Open);
    }

    /// Sixteen hosts fill all the lines and keep them full; a caller who has
    /// not called before was closed before any byte.
    #[test]
    fn lines_that_strangers_fill_close_the_door_to_nobody() {
        let (mut counts, limits) = (Counts::default(), DoorLimits::default());
        for n in 0..20 {
            for _ in 0..60 {
                let arrival = counts.arrive(host(n), NOON, &limits);
                if let (party, Arrival::Turn(Duration::ZERO)) = arrival {
                    counts.give_up(party);
                }
            }
        }
        assert_eq!(counts.waiting, LINES);
        assert_eq!(arrive(&mut counts, host(20), NOON), Some(Duration::ZERO));
    }

    #[test]
    fn loopback_is_outside_the_numbers_of_a_source() {
        let (mut counts, limits) = (Counts::default(), DoorLimits::default());
        for n in 0..100_u8 {
            let address = if n % 2 == 0 {
                IpAddr::from([127, 0, 0, n])
            } else {
                "::ffff:127.0.0.1".parse().unwrap()
            };
            let (party, arrival) = counts.arrive(address, NOON, &limits);
            assert_eq!(
                (party, arrival),
                (Party::Exempt, Arrival::Turn(Duration::ZERO))
            );
            assert_eq!(counts.enter(party, 0, &limits), Entry::Open);
        }
        let crowded = counts.enter(Party::Exempt, LUCKY, &limits);
        assert_eq!(crowded, Entry::Crowded(0));
        counts.leave(Party::Exempt);
        assert_eq!(counts.enter(Party::Exempt, 0, &limits), Entry::Open);
    }

    #[test]
    fn threat_02_the_table_of_sources_stays_within_its_size_and_keeps_who_is_here() {
        let (mut counts, limits) = (Counts::default(), DoorLimits::default());
        let (here, _) = counts.arrive(host(0), NOON, &limits);
        assert_eq!(counts.enter(here, LUCKY, &limits), Entry::Open);
        for n in 1..70_000 {
            let (party, _) = counts.arrive(host(n), NOON, &limits);
            counts.give_up(party);
        }
        assert_eq!(counts.records.len(), SOURCES);
        assert_eq!(counts.order.len(), SOURCES);
        assert!(counts.records.contains_key(&Source::of(host(0))));
        counts.leave(here);
        assert_eq!(
            (counts.unauthenticated, counts.pressing, counts.waiting),
            (0, 0, 0)
        );
    }
}
