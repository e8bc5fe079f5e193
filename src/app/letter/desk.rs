//! What sysops do with letters: look, try again, take back, test, release.

use super::{
    is_on,
    worker::{board_facts, line, mail_changed},
};
use crate::{
    app::{Bbs, Ruling, authorize, setting::current},
    domain::{
        account::{Role, Status},
        actor::Actor,
        clock::Timestamp,
        event::Event,
        id::LetterId,
        letter::{BROKEN, Kind, State},
        policy::Capability,
        refusal::Refusal,
    },
    mailer::{self, Facts, Text},
    store::{
        self, Read,
        audit::{Act, record},
        outbox::{Letter, New, Post, Recipient, Step, Way},
    },
};

/// How the post stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailStatus {
    /// Whether letters leave.
    pub is_on: bool,
    /// Whether they wait for a sysop's word.
    pub is_held: bool,
    /// Whether ten attempts in a row failed.
    pub is_broken: bool,
    /// Failures in a row.
    pub failures: u32,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// How they travel, without a password; nothing if there is no way.
    pub transport: Option<String>,
    /// How it stands with the sysop's own program; nothing if there is none.
    pub program: Option<ProgramStatus>,
    /// How many are in each state that has any, and when the oldest was written.
    pub counts: Vec<(State, u32, Timestamp)>,
}

/// How it stands with the sysop's own program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramStatus {
    /// The program, as it is configured.
    pub program: String,
    /// Whether ten attempts in a row failed.
    pub is_broken: bool,
    /// Failures in a row.
    pub failures: u32,
    /// What went wrong last.
    pub last_error: Option<String>,
}

/// A page of the MAIL tab.
#[derive(Clone, Debug)]
pub struct MailPage {
    /// Letters, newest first.
    pub letters: Vec<Letter>,
    /// How the post stands.
    pub status: MailStatus,
}

impl Bbs {
    /// Returns how the post stands.
    pub async fn mail_status(&self, actor: &Actor) -> Ruling<MailStatus> {
        let (actor, ways) = (actor.clone(), self.ways());
        self.ask(move |view| {
            authorize(view, &actor, Capability::ManageMail, &current(view)?)?;
            status(view, ways)
        })
        .await
    }

    /// Returns letters, newest first, from before one on; all or in one state.
    pub async fn list_letters(
        &self,
        actor: &Actor,
        state: Option<State>,
        before: Option<LetterId>,
        rows: u32,
    ) -> Ruling<MailPage> {
        let (actor, ways) = (actor.clone(), self.ways());
        self.ask(move |view| {
            authorize(view, &actor, Capability::ManageMail, &current(view)?)?;
            Ok(MailPage {
                letters: store::outbox::page(view, state, before, rows)?,
                status: status(view, ways)?,
            })
        })
        .await
    }

    /// Returns one letter.
    pub async fn letter(&self, actor: &Actor, id: LetterId) -> Ruling<Letter> {
        let actor = actor.clone();
        self.ask(move |view| {
            authorize(view, &actor, Capability::ManageMail, &current(view)?)?;
            found(view, id)
        })
        .await
    }

    /// Tries a letter again at once, and for another day.
    pub async fn retry_letter(&self, actor: &Actor, id: LetterId) -> Ruling<Letter> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let settings = current(tx)?;
            let permit = authorize(tx, &actor, Capability::ManageMail, &settings)?;
            let letter = found(tx, id)?;
            let post = store::outbox::post(tx)?;
            match letter.to.way() {
                Way::Mail if !is_on(&settings, &post) => return Err(Refusal::MailOff.into()),
                Way::Program if !post.program.is_there => {
                    return Err(Refusal::NoProgram.into());
                }
                Way::Mail | Way::Program => {}
            }
            if !store::outbox::retry(tx, id)? {
                return Err(Refusal::LetterStands(letter.state).into());
            }
            record(tx, &permit, act("mail.retry", &object(id)))?;
            tx.emit(Event::MailChanged);
            found(tx, id)
        })
        .await
    }

    /// Takes a letter back that has not left.
    pub async fn cancel_letter(&self, actor: &Actor, id: LetterId) -> Ruling<Letter> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageMail, &current(tx)?)?;
            let letter = found(tx, id)?;
            let step = Step {
                from: &[State::Queued, State::Held, State::Blocked],
                to: State::Cancelled,
                next_at: None,
                error: letter.last_error.as_deref(),
            };
            if !store::outbox::step(tx, id, step)? {
                return Err(Refusal::LetterStands(letter.state).into());
            }
            record(tx, &permit, act("mail.cancel", &object(id)))?;
            tx.emit(Event::MailChanged);
            found(tx, id)
        })
        .await
    }

    /// Writes a test letter to the acting sysop, or, from the console, to the
    /// sysop it names.
    pub async fn test_mail(&self, actor: &Actor, handle: Option<&str>) -> Ruling<Letter> {
        let (actor, key) = (
            actor.clone(),
            handle.map(|handle| handle.trim().to_lowercase()),
        );
        self.decide(move |tx| {
            let settings = current(tx)?;
            let permit = authorize(tx, &actor, Capability::ManageMail, &settings)?;
            let to = match (&key, actor.account()) {
                (Some(key), _) => store::account::by_handle(tx, key)?,
                (None, Some(id)) => store::account::by_id(tx, id)?,
                (None, None) => None,
            };
            let to = to.ok_or(Refusal::NoSuchAccount)?;
            if actor.account().is_some_and(|own| own != to.id) {
                return Err(Refusal::NotAllowed.into());
            }
            if to.role != Role::Sysop || to.status != Status::Active {
                return Err(Refusal::NotASysop.into());
            }
            let to = Recipient::of(&to).ok_or(Refusal::NoAddress)?;
            if !is_on(&settings, &store::outbox::post(tx)?) {
                return Err(Refusal::MailOff.into());
            }
            // A test leaves even while the letters of a copy are held: it goes
            // to nobody but whoever asks.
            let id = store::outbox::insert(
                tx,
                &New {
                    to: &to,
                    kind: Kind::Test,
                    detail: "",
                    state: State::Queued,
                    due: tx.now(),
                },
            )?;
            record(tx, &permit, act("mail.test", &object(id)))?;
            tx.emit(Event::MailChanged);
            found(tx, id)
        })
        .await
    }

    /// Waits until a letter that is due has been tried, and returns it; as it
    /// stands if the board closes before.
    pub async fn await_letter(&self, actor: &Actor, id: LetterId) -> Ruling<Letter> {
        let mut events = self.hub().listen();
        loop {
            // Nobody may be there to send it but this process's own command.
            let way = self.letter(actor, id).await?.to.way();
            let is_carried = tokio::select! {
                attempted = self.attempt(way, id) => attempted?,
                () = self.hub().closing() => false,
            };
            let letter = self.letter(actor, id).await?;
            let is_tried = letter.state != State::Queued || letter.last_error.is_some();
            if is_tried || !is_carried {
                return Ok(letter);
            }
            tokio::select! {
                () = mail_changed(&mut events) => {}
                () = self.hub().closing() => {}
            }
        }
    }

    /// Lets the letters of a copy leave; says how many waited.
    pub async fn release_letters(&self, actor: &Actor) -> Ruling<usize> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageMail, &current(tx)?)?;
            let post = store::outbox::post(tx)?;
            let post = Post {
                is_held: false,
                ..post
            };
            store::outbox::set_post(tx, &post)?;
            let released = store::outbox::move_all(tx, State::Held, State::Queued)?;
            record(tx, &permit, act("mail.release", "mail"))?;
            tx.emit(Event::MailChanged);
            Ok(released)
        })
        .await
    }

    /// Returns what a letter of a kind would say, with made-up facts.
    pub async fn preview_letter(&self, actor: &Actor, kind: Kind) -> Ruling<Text> {
        let (actor, address) = (actor.clone(), self.address().clone());
        self.ask(move |view| {
            let settings = current(view)?;
            authorize(view, &actor, Capability::ManageMail, &settings)?;
            let sample = Facts::sample(kind);
            let facts = Facts {
                line: line(kind, &sample.handle, &sample.detail, &address),
                handle: sample.handle,
                detail: sample.detail,
                ..board_facts(&settings)
            };
            Ok(mailer::write(kind, &facts))
        })
        .await
    }

    fn ways(&self) -> Named {
        Named {
            transport: self.mailer().as_ref().map(ToString::to_string),
            program: self.notifier().map(|one| one.program().to_owned()),
        }
    }
}

pub(super) fn found(read: &impl Read, id: LetterId) -> Ruling<Letter> {
    store::outbox::by_id(read, id)?.ok_or_else(|| Refusal::NoSuchLetter.into())
}

pub(super) fn object(id: LetterId) -> String {
    format!("letter-{id}")
}

fn act<'a>(action: &'a str, object: &'a str) -> Act<'a> {
    Act {
        action,
        object,
        ..Act::default()
    }
}

/// The ways for letters, by what they are called.
struct Named {
    transport: Option<String>,
    program: Option<String>,
}

fn status(read: &impl Read, ways: Named) -> Ruling<MailStatus> {
    let post = store::outbox::post(read)?;
    let told = post.program.clone();
    Ok(MailStatus {
        is_on: is_on(&current(read)?, &post),
        is_held: post.is_held,
        is_broken: post.failures >= BROKEN,
        failures: post.failures,
        last_error: post.last_error,
        transport: ways.transport,
        program: ways.program.map(|program| ProgramStatus {
            program,
            is_broken: told.failures >= BROKEN,
            failures: told.failures,
            last_error: told.last_error,
        }),
        counts: store::outbox::counts(read)?,
    })
}
