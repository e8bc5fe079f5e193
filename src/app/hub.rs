//! Who is on line, and what live sessions are told. Nothing here is stored.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{
        account::{Role, Status},
        actor::{Actor, Member},
        event::Event,
        id::{AccountId, SessionId},
        refusal::Refusal,
        source::Source,
    },
    settings::Settings,
};

use super::{sample::Tally, talk::Talks, visit::Visit};

/// Events a slow session may be behind; then it reloads instead.
const EVENTS: usize = 1024;

/// One session on line.
#[derive(Clone, Debug)]
pub struct Present {
    /// The session.
    pub session: SessionId,
    /// Who it is.
    pub actor: Actor,
    /// Where it comes from, to the bit.
    pub(super) address: IpAddr,
    /// Where it comes from, unless that is exempt.
    pub source: Option<Source>,
    /// When it began, by the stop-watch.
    pub began: Duration,
    /// Which screen it shows.
    pub place: String,
    /// Its client and terminal.
    pub client: String,
    end: CancellationToken,
}

/// The meeting point of all sessions.
#[derive(Debug)]
pub struct Hub {
    events: broadcast::Sender<Event>,
    // A lock and no channel: every frame of a `who` list reads it, entries are
    // small, and it is never held over an await.
    present: Mutex<BTreeMap<SessionId, Present>>,
    /// Sessions that the machine has room for, whatever the settings say.
    room: AtomicU32,
    /// Sessions that broke down while this process runs.
    broken: AtomicU32,
    /// Somebody came or left since it was last told.
    has_moved: AtomicBool,
    /// The board closes.
    closing: CancellationToken,
    /// The last line for everybody. A lock and no channel: it is read once a
    /// line by each session and never held over an await.
    said: Mutex<Option<Said>>,
    tally: Tally,
    talks: Talks,
}

/// A line for every screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Whose it is; nobody: the operator's.
    pub by: Option<String>,
    /// What it says.
    pub text: String,
}

impl Hub {
    /// Makes an empty one.
    pub fn new() -> Self {
        Self {
            events: broadcast::Sender::new(EVENTS),
            present: Mutex::default(),
            room: AtomicU32::new(u32::MAX),
            broken: AtomicU32::new(0),
            has_moved: AtomicBool::new(false),
            closing: CancellationToken::new(),
            said: Mutex::default(),
            tally: Tally::default(),
            talks: Talks::default(),
        }
    }

    /// Lets no more than `room` sessions in while this process runs.
    pub fn limit_sessions(&self, room: u32) {
        self.room.store(room, Ordering::Relaxed);
    }

    /// Returns how many sessions the machine has room for.
    pub fn room(&self) -> u32 {
        self.room.load(Ordering::Relaxed)
    }

    /// Counts a session that broke down.
    pub fn broke_down(&self) {
        self.broken.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns how many sessions broke down while this process runs.
    pub fn broken(&self) -> u32 {
        self.broken.load(Ordering::Relaxed)
    }

    /// Returns what is counted for the plots.
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Returns the talks under way.
    pub(super) const fn talks(&self) -> &Talks {
        &self.talks
    }

    fn present(&self) -> MutexGuard<'_, BTreeMap<SessionId, Present>> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells everybody.
    pub fn tell(&self, event: Event) {
        // Nobody may be listening.
        self.events.send(event).ok();
    }

    /// Tells who came and left since the last time. A crowd at the door would
    /// otherwise have every session draw every arrival.
    pub fn tell_presence(&self) {
        if self.has_moved.swap(false, Ordering::Relaxed) {
            self.tell(Event::PresenceChanged);
        }
    }

    /// Shows a line on every screen.
    pub(super) fn say(&self, by: Option<String>, text: String) {
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = Some(Said { by, text });
        self.tell(Event::Said);
    }

    /// Returns the last line for everybody.
    pub fn said(&self) -> Option<Said> {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.clone()
    }

    /// Notes that the board closes, before any line is let go.
    pub fn close_down(&self) {
        self.closing.cancel();
    }

    /// Whether the board closes.
    pub fn is_closing(&self) -> bool {
        self.closing.is_cancelled()
    }

    /// Waits until the board closes.
    pub async fn closing(&self) {
        self.closing.cancelled().await;
    }

    /// Returns what will happen from now on.
    pub fn listen(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Lets a session in, as a stranger or as whoever its key says. It is on
    /// line until the guard is dropped.
    pub fn enter(
        self: &std::sync::Arc<Self>,
        visit: &Visit,
        actor: Actor,
        settings: &Settings,
    ) -> Result<OnLine, Refusal> {
        let mut present = self.present();
        self.admit(&present, visit, &actor, settings)?;
        present.insert(
            visit.session,
            Present {
                session: visit.session,
                actor,
                address: visit.address,
                source: visit.source,
                began: visit.began,
                place: String::new(),
                client: visit.client.as_str().to_owned(),
                end: visit.end.clone(),
            },
        );
        self.tally.called(present.len());
        drop(present);
        self.has_moved.store(true, Ordering::Relaxed);
        Ok(OnLine {
            hub: std::sync::Arc::clone(self),
            session: visit.session,
        })
    }

    /// Makes a session somebody's, or somebody else's.
    pub fn become_actor(
        &self,
        visit: &Visit,
        actor: Actor,
        settings: &Settings,
    ) -> Result<(), Refusal> {
        let mut present = self.present();
        self.admit(&present, visit, &actor, settings)?;
        if let Some(entry) = present.get_mut(&visit.session) {
            entry.actor = actor;
        }
        drop(present);
        self.has_moved.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Says which screen a session shows.
    pub fn is_at(&self, session: SessionId, place: &str) {
        if let Some(entry) = self.present().get_mut(&session)
            && entry.place != place
        {
            place.clone_into(&mut entry.place);
            self.has_moved.store(true, Ordering::Relaxed);
        }
    }

    fn admit(
        &self,
        present: &BTreeMap<SessionId, Present>,
        visit: &Visit,
        actor: &Actor,
        settings: &Settings,
    ) -> Result<(), Refusal> {
        if settings.maintenance && !is_let_in(present, visit, actor) {
            let note = settings.maintenance_note.as_str().to_owned();
            return Err(Refusal::Maintenance(note));
        }
        let others = || {
            present
                .values()
                .filter(|other| other.session != visit.session)
        };
        let count = |wanted: &dyn Fn(&Present) -> bool| {
            u32::try_from(others().filter(|other| wanted(other)).count()).unwrap_or(u32::MAX)
        };
        if let Some(id) = actor.account() {
            let own = count(&|other| other.actor.account() == Some(id));
            if own >= settings.sessions_per_account {
                return Err(Refusal::SessionsFull(settings.sessions_per_account));
            }
        }
        let most = settings.sessions_max.min(self.room.load(Ordering::Relaxed));
        let room = if actor.is_staff() {
            most
        } else {
            most.saturating_sub(settings.sessions_reserved_staff)
        };
        if count(&|_| true) >= room {
            return Err(Refusal::LinesBusy);
        }
        if actor.account().is_none() {
            // Multiplied first: a percentage of few lines is still some.
            let strangers =
                (u64::from(most) * u64::from(settings.sessions_strangers_percent)).div_ceil(100);
            if u64::from(count(&|other| other.actor.account().is_none())) >= strangers {
                return Err(Refusal::LinesBusy);
            }
        }
        if let Some(source) = visit.source
            && count(&|other| other.source == Some(source)) >= settings.sessions_per_source
        {
            return Err(Refusal::LinesBusy);
        }
        Ok(())
    }

    /// Returns everybody on line, longest first.
    pub fn everybody(&self) -> Vec<Present> {
        self.present().values().cloned().collect()
    }

    /// Returns those on line who match, longest first and no more than `most`,
    /// and how many match in all.
    pub fn some(&self, most: usize, matches: impl Fn(&Present) -> bool) -> (Vec<Present>, usize) {
        let present = self.present();
        let matching = || present.values().filter(|one| matches(one));
        (matching().take(most).cloned().collect(), matching().count())
    }

    /// Returns one session on line.
    pub(super) fn one(&self, session: SessionId) -> Option<Present> {
        self.present().get(&session).cloned()
    }

    /// Lets the line of a session go.
    pub(super) fn hang_up(&self, session: SessionId) {
        if let Some(present) = self.present().get(&session) {
            present.end.cancel();
        }
    }

    /// Lets the lines go that match.
    pub(super) fn hang_up_all(&self, matches: impl Fn(&Present) -> bool) {
        let present = self.present();
        let matching = present.values().filter(|one| matches(one));
        matching.for_each(|one| one.end.cancel());
    }

    /// Returns how many sessions are on line.
    pub fn count(&self) -> usize {
        self.present().len()
    }

    /// Whether an account is on line.
    pub fn is_on_line(&self, id: AccountId) -> bool {
        self.present()
            .values()
            .any(|other| other.actor.account() == Some(id))
    }

    /// Whether an account is on line and waits to be let in.
    pub(super) fn waits_on_line(&self, id: AccountId) -> bool {
        let waits = |one: &Present| match &one.actor {
            Actor::Applicant(applicant) => {
                applicant.id == id && applicant.status == Status::Pending
            }
            _ => false,
        };
        self.present().values().any(waits)
    }

    /// Returns the handle of a sysop who is on line.
    pub fn sysop_on_line(&self) -> Option<String> {
        self.present()
            .values()
            .find_map(|other| match &other.actor {
                Actor::Member(Member {
                    handle,
                    role: Role::Sysop,
                    ..
                }) => Some(handle.to_string()),
                _ => None,
            })
    }

    /// Ends sessions of an account: one, or all but one. Returns how many.
    pub fn end(&self, id: AccountId, which: Which) -> usize {
        let present = self.present();
        let ending = present.values().filter(|other| which.is(id, other));
        ending.inspect(|other| other.end.cancel()).count()
    }

    /// Returns how many sessions of an account those are.
    pub fn count_of(&self, id: AccountId, which: Which) -> usize {
        let present = self.present();
        present.values().filter(|other| which.is(id, other)).count()
    }

    fn leave(&self, session: SessionId) {
        self.present().remove(&session);
        self.has_moved.store(true, Ordering::Relaxed);
    }
}

/// Whether a caller gets in during maintenance: staff, whoever is in already,
/// and strangers, who find the closed door.
fn is_let_in(present: &BTreeMap<SessionId, Present>, visit: &Visit, actor: &Actor) -> bool {
    let own = present.get(&visit.session);
    actor.account().is_none()
        || actor.is_staff()
        || own.is_some_and(|own| own.actor.account() == actor.account())
}

impl Default for Hub {
    fn default() -> Self {
        Self::new()
    }
}

/// Which sessions of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Every one.
    All,
    /// This one.
    One(SessionId),
    /// Every one but this.
    AllBut(SessionId),
}

impl Which {
    /// Whether a session is one of them.
    fn is(self, id: AccountId, present: &Present) -> bool {
        present.actor.account() == Some(id)
            && match self {
                Self::All => true,
                Self::One(session) => present.session == session,
                Self::AllBut(session) => present.session != session,
            }
    }
}

/// A session's presence; it leaves when this is dropped.
#[derive(Debug)]
pub struct OnLine {
    hub: std::sync::Arc<Hub>,
    session: SessionId,
}

impl Drop for OnLine {
    fn drop(&mut self) {
        self.hub.leave(self.session);
    }
}
