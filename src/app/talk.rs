//! Talking with a caller who waits, line by line, while both are on line.
//! Nothing that is said is kept: the record has that it took place.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{
    Bbs, Ruling, authorize,
    hub::Hub,
    record::{conflict, object},
    setting::current,
    visit::Visit,
};
use crate::{
    domain::{
        account::Status,
        actor::{Actor, Applicant},
        event::Event,
        id::{AccountId, SessionId},
        policy::Capability,
        refusal::Refusal,
        text::{Line, TextProblem},
    },
    store::{
        self,
        audit::{Act, record},
    },
};

/// Characters of a line.
pub const LONGEST: usize = 300;
/// Lines that are shown; older ones are gone.
const LINES: usize = 100;
/// So many lines of one side within [`BREATH`] are enough.
const RUSH: usize = 8;
const BREATH: Duration = Duration::from_secs(10);

/// A line that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Who said it.
    pub by: String,
    /// What.
    pub text: String,
}

/// A talk as its two sides see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Talk {
    /// Who opened it.
    pub staff: String,
    /// Whether the applicant came.
    pub is_answered: bool,
    /// What was said, oldest first.
    pub lines: Vec<Said>,
}

/// One of the two who talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Staff,
    Applicant,
}

/// A talk under way.
#[derive(Debug)]
struct Open {
    staff: String,
    /// The line on which it was opened.
    desk: SessionId,
    /// The line on which it was answered.
    room: Option<SessionId>,
    lines: VecDeque<Said>,
    /// When each side said its last lines, by the stop-watch.
    pace: [VecDeque<Duration>; 2],
}

/// The talks under way, by the applicant: one each.
#[derive(Debug, Default)]
pub struct Talks {
    // A lock and no channel: few talk at a time, and it is never held over an
    // await.
    open: Mutex<BTreeMap<AccountId, Open>>,
}

impl Talks {
    fn open(&self) -> MutexGuard<'_, BTreeMap<AccountId, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the talk with an applicant.
    fn with(&self, applicant: AccountId) -> Option<Talk> {
        self.open().get(&applicant).map(|open| Talk {
            staff: open.staff.clone(),
            is_answered: open.room.is_some(),
            lines: open.lines.iter().cloned().collect(),
        })
    }
}

impl Open {
    /// Returns which side a session is.
    fn side(&self, session: SessionId) -> Option<Side> {
        if self.desk == session {
            Some(Side::Staff)
        } else if self.room == Some(session) {
            Some(Side::Applicant)
        } else {
            None
        }
    }

    /// Counts a line; says whether that side should draw breath.
    fn is_rushed(&mut self, side: Side, now: Duration) -> bool {
        let [staff, applicant] = &mut self.pace;
        let pace = match side {
            Side::Staff => staff,
            Side::Applicant => applicant,
        };
        pace.retain(|at| now.saturating_sub(*at) < BREATH);
        let is_rushed = pace.len() >= RUSH;
        if !is_rushed {
            pace.push_back(now);
        }
        is_rushed
    }

    fn add(&mut self, said: Said) {
        if self.lines.len() >= LINES {
            self.lines.pop_front();
        }
        self.lines.push_back(said);
    }
}

/// A place in a talk. Whoever gives theirs up ends it for both.
#[derive(Debug)]
pub struct Seat {
    hub: Arc<Hub>,
    applicant: AccountId,
    session: SessionId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = self.hub.talks().open();
        // Another talk may have begun since.
        let is_own = open
            .get(&self.applicant)
            .is_some_and(|talk| talk.side(self.session).is_some());
        if is_own {
            open.remove(&self.applicant);
            drop(open);
            self.hub.tell(Event::TalkChanged(self.applicant));
        }
    }
}

impl Bbs {
    /// Opens a talk with an applicant who is on line and waits.
    pub async fn open_talk(&self, actor: &Actor, visit: &Visit, id: AccountId) -> Ruling<Seat> {
        let (who, session) = (actor.clone(), visit.session);
        let hub = Arc::clone(self.hub());
        self.decide(move |tx| {
            let permit = authorize(tx, &who, Capability::Decide, &current(tx)?)?;
            let account = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
            if account.status != Status::Pending {
                return Err(conflict(&account, tx.now()).into());
            }
            if !hub.waits_on_line(id) {
                return Err(Refusal::NotOnLine.into());
            }
            let mut open = hub.talks().open();
            if let Some(talk) = open.get(&id) {
                return Err(Refusal::TalksAlready(talk.staff.clone()).into());
            }
            let act = Act {
                action: "talk.open",
                object: &object(id, &account.handle),
                ..Act::default()
            };
            record(tx, &permit, act)?;
            open.insert(
                id,
                Open {
                    staff: permit.name().to_owned(),
                    desk: session,
                    room: None,
                    lines: VecDeque::new(),
                    pace: [VecDeque::new(), VecDeque::new()],
                },
            );
            drop(open);
            tx.emit(Event::TalkChanged(id));
            Ok(Seat {
                hub,
                applicant: id,
                session,
            })
        })
        .await
    }

    /// Comes to the talk that staff opened with the actor.
    pub fn answer_talk(&self, actor: &Actor, visit: &Visit) -> Ruling<Seat> {
        let Actor::Applicant(Applicant { id, .. }) = actor else {
            return Err(Refusal::NotAllowed.into());
        };
        let mut open = self.hub().talks().open();
        let talk = open.get_mut(id).ok_or(Refusal::TalkOver)?;
        // From another of one's calls: this one has it now.
        talk.room = Some(visit.session);
        drop(open);
        self.hub().tell(Event::TalkChanged(*id));
        Ok(Seat {
            hub: Arc::clone(self.hub()),
            applicant: *id,
            session: visit.session,
        })
    }

    /// Returns the talk with an applicant, for the two who have it; nothing once
    /// it is over.
    pub fn talk(&self, actor: &Actor, visit: &Visit, id: AccountId) -> Option<Talk> {
        let is_own = actor.account() == Some(id);
        let talks = self.hub().talks();
        let is_desk = talks
            .open()
            .get(&id)
            .is_some_and(|one| one.desk == visit.session);
        // Whoever was let in, or hung up, is not in the waiting room any more.
        let waits = self.hub().waits_on_line(id);
        talks.with(id).filter(|_| (is_own || is_desk) && waits)
    }

    /// Says a line to the other side.
    pub fn say_in_talk(
        &self,
        actor: &Actor,
        visit: &Visit,
        id: AccountId,
        text: &str,
    ) -> Ruling<()> {
        let line = Line::parse(text, LONGEST).map_err(|problem| match problem {
            TextProblem::Empty => Refusal::TextNeeded,
            TextProblem::TooLong { max } => Refusal::TextLong(max),
        })?;
        let by = actor.handle().ok_or(Refusal::NotAllowed)?.to_string();
        let now = self.clock().tick();
        let mut open = self.hub().talks().open();
        let talk = open.get_mut(&id).ok_or(Refusal::TalkOver)?;
        let side = talk.side(visit.session).ok_or(Refusal::TalkOver)?;
        if talk.is_rushed(side, now) {
            return Err(Refusal::TalkFast.into());
        }
        talk.add(Said {
            by,
            text: line.as_str().to_owned(),
        });
        drop(open);
        self.hub().tell(Event::TalkChanged(id));
        Ok(())
    }
}
