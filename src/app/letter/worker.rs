//! Sends what is due: on each way one letter after the other, each under a lease
//! that a crash lets run out. No session ever waits for it.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use super::{is_blocked, is_on};
use crate::{
    app::{Address, Bbs, Ruling, invite, mint::Mint, reset, setting::current},
    domain::{
        account::Status,
        clock::Timestamp,
        event::Event,
        id::LetterId,
        letter::{Kind, State, next_try},
    },
    mailer::{self, Delivery, Facts},
    settings::Settings,
    store::{
        self, Fault, Read, Tx,
        account::From,
        outbox::{Letter, Step, Way},
    },
};

/// How long an attempt may take, the mail server's minute included.
pub(super) const LEASE: TimeDelta = TimeDelta::minutes(2);

/// How long the worker sleeps when nothing is due; it is woken before.
const IDLE: Duration = Duration::from_mins(1);

/// Handles that a letter to staff names.
const NAMED: u32 = 10;

/// A letter that is being sent.
struct Taken {
    id: LetterId,
    letter: mailer::Letter,
}

impl Bbs {
    /// Sends letters until `stop`. A letter under way is given up then; it is
    /// sent again after its lease.
    pub async fn run_post(self: Arc<Self>, stop: CancellationToken) {
        tokio::join!(
            self.run_way(Way::Mail, &stop),
            self.run_way(Way::Program, &stop)
        );
    }

    async fn run_way(&self, way: Way, stop: &CancellationToken) {
        let mut events = self.hub().listen();
        loop {
            let next = tokio::select! {
                () = stop.cancelled() => return,
                // A fault is logged where it happened; the next round tries again.
                sent = self.empty_box(way) => sent.ok().flatten(),
            };
            let now = self.clock().now();
            let wait = next.and_then(|next| (next - now).to_std().ok());
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(wait.unwrap_or(IDLE).min(IDLE)) => {}
                () = mail_changed(&mut events) => {}
            }
        }
    }

    /// Sends the letters that are due and returns when the next one is.
    pub async fn send_due(&self) -> Ruling<Option<Timestamp>> {
        self.empty_box(Way::Mail).await
    }

    /// Tells the sysop's own program what is due and returns when the next is.
    pub async fn tell_due(&self) -> Ruling<Option<Timestamp>> {
        self.empty_box(Way::Program).await
    }

    async fn empty_box(&self, way: Way) -> Ruling<Option<Timestamp>> {
        loop {
            let first = self
                .ask(move |view| Ok(store::outbox::first(view, way)?))
                .await?;
            let Some((id, at)) = first.and_then(|first| Some((first.id, first.next_at?))) else {
                return Ok(None);
            };
            if at > self.clock().now() {
                return Ok(Some(at));
            }
            if !self.attempt(way, id).await? {
                return Ok(None);
            }
        }
    }

    /// Makes one attempt to send a letter if it is due. Says `false` if there is
    /// nobody to carry it.
    pub(super) async fn attempt(&self, way: Way, id: LetterId) -> Ruling<bool> {
        match way {
            Way::Mail => self.attempt_sending(id).await,
            Way::Program => self.attempt_telling(id).await,
        }
    }

    async fn attempt_sending(&self, id: LetterId) -> Ruling<bool> {
        let mailer = self.mailer();
        let has_mailer = mailer.is_some();
        let (address, mint) = (self.address(), self.mint());
        let taken = self
            .decide(move |tx| Ok(take(tx, id, has_mailer, &address, &mint)?))
            .await?;
        let Some(mailer) = mailer else {
            // Without a mailer whatever is due is marked, unless it must wait.
            return self.ask(move |view| Ok(!is_waiting(view, id)?)).await;
        };
        if let Some(Taken { id, letter }) = taken {
            let delivery = mailer.send(&letter).await;
            match &delivery {
                Delivery::Sent => tracing::info!(letter = %id, "a letter left"),
                Delivery::Temporary(why) | Delivery::Permanent(why) => {
                    tracing::warn!(letter = %id, %why, "a letter did not leave");
                }
            }
            self.decide(move |tx| Ok(settle(tx, id, &delivery)?))
                .await?;
        }
        Ok(true)
    }
}

/// Whether a letter is still due.
fn is_waiting(read: &impl Read, id: LetterId) -> Result<bool, Fault> {
    Ok(store::outbox::by_id(read, id)?.is_some_and(|letter| letter.state == State::Queued))
}

/// Waits for news about letters, or for having missed some.
pub(super) async fn mail_changed(events: &mut Receiver<Event>) {
    loop {
        match events.recv().await {
            Ok(Event::MailChanged | Event::SettingsChanged) | Err(RecvError::Lagged(_)) => return,
            Ok(_) => {}
            // The board closes; whoever waits is stopped otherwise.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// Returns a letter that is due.
pub(super) fn due(tx: &Tx<'_>, id: LetterId) -> Result<Option<Letter>, Fault> {
    let letter = store::outbox::by_id(tx, id)?;
    Ok(letter.filter(|letter| letter.next_at.is_some_and(|at| at <= tx.now())))
}

/// Lets a letter come to its end without an attempt.
pub(super) fn end(
    tx: &Tx<'_>,
    id: LetterId,
    to: State,
    error: Option<&str>,
) -> Result<bool, Fault> {
    tx.emit(Event::MailChanged);
    let step = Step {
        from: &[State::Queued],
        to,
        next_at: None,
        error,
    };
    store::outbox::step(tx, id, step)
}

/// Takes a letter that is due: begins its lease and writes it out. One that is
/// not wanted any more comes to its end here.
fn take(
    tx: &Tx<'_>,
    id: LetterId,
    has_mailer: bool,
    address: &Address,
    mint: &Mint,
) -> Result<Option<Taken>, Fault> {
    let Some(letter) = due(tx, id)? else {
        return Ok(None);
    };
    let settings = current(tx)?;
    if !is_on(&settings, &store::outbox::post(tx)?) {
        end(tx, id, State::Off, None)?;
        return Ok(None);
    }
    if is_blocked(tx, &letter.to, letter.kind, &settings)? {
        end(tx, id, State::Blocked, None)?;
        return Ok(None);
    }
    if !has_mailer {
        return Ok(None);
    }
    let Some(to) = letter.to.address().cloned() else {
        return Ok(None);
    };
    let Some(facts) = facts(tx, &letter, &settings, address, mint)? else {
        end(tx, id, State::Cancelled, Some("nobody waits any more"))?;
        return Ok(None);
    };
    store::outbox::begin(tx, id, tx.now() + LEASE)?;
    Ok(Some(Taken {
        id,
        letter: mailer::Letter {
            id: format!("letter-{id}.{}", letter.created_at.timestamp_millis()),
            to,
            at: letter.created_at,
            text: mailer::write(letter.kind, &facts),
        },
    }))
}

/// Returns what a letter is filled with; nothing if it has lost its reason.
fn facts(
    tx: &Tx<'_>,
    letter: &Letter,
    settings: &Settings,
    address: &Address,
    mint: &Mint,
) -> Result<Option<Facts>, Fault> {
    if letter.kind.is_for_newcomers() {
        return invite::invitation(tx, letter, settings, address, mint);
    }
    let detail = match letter.kind {
        Kind::RequestWaits => waiting(tx)?,
        Kind::ResetCode | Kind::VerifyAddress | Kind::Activation => mint.strike_for(tx, letter)?,
        // The old address hears of it without a code.
        Kind::AddressChanged => Some(mint.strike_for(tx, letter)?.unwrap_or_default()),
        _ => Some(letter.detail.clone()),
    };
    let Some(detail) = detail else {
        return Ok(None);
    };
    let handle = letter.to.name();
    Ok(Some(Facts {
        line: line(letter.kind, &handle, &detail, address),
        detail,
        handle,
        ..board_facts(settings)
    }))
}

/// Returns the line by which the reader of a letter calls.
pub(in crate::app) fn line(kind: Kind, handle: &str, detail: &str, address: &Address) -> String {
    match kind {
        Kind::ResetCode => address.line(&reset::door(detail)),
        Kind::Invite | Kind::InviteReminder | Kind::Activation => {
            address.line(&invite::door(detail))
        }
        _ => address.line(handle),
    }
}

/// Returns what every letter says of the board.
pub(in crate::app) fn board_facts(settings: &Settings) -> Facts {
    let contact = settings.site_contact.as_str();
    Facts {
        board: settings.site_name.as_str().to_owned(),
        contact: if contact.is_empty() {
            "whoever runs the board".to_owned()
        } else {
            contact.to_owned()
        },
        ..Facts::default()
    }
}

/// Returns who waits, a line each; nothing if nobody does.
pub(in crate::app) fn waiting(read: &impl Read) -> Result<Option<String>, Fault> {
    let (names, more) = who_waits(read)?;
    let mut lines: Vec<_> = names.iter().map(|name| format!("    {name}")).collect();
    if more > 0 {
        lines.push(format!("    and {more} more"));
    }
    Ok((!lines.is_empty()).then(|| lines.join("\n")))
}

/// Returns the handles of those who wait, the first of them, and how many more
/// there are.
pub(super) fn who_waits(read: &impl Read) -> Result<(Vec<String>, u32), Fault> {
    let all = store::account::count(read, Status::Pending)?;
    let first = store::account::page(read, Status::Pending, From::Start, NAMED)?;
    let names = first.iter().map(|row| row.account.handle.to_string());
    Ok((names.collect(), all.saturating_sub(NAMED)))
}

/// Notes what came of an attempt. Whatever a sysop did meanwhile, a letter that
/// left has left.
pub(super) fn settle(tx: &Tx<'_>, id: LetterId, delivery: &Delivery) -> Result<(), Fault> {
    let post = store::outbox::post(tx)?;
    tx.emit(Event::MailChanged);
    // The account may be gone, and its letters with it.
    let Some(letter) = store::outbox::by_id(tx, id)? else {
        return Ok(());
    };
    let way = letter.to.way();
    let (why, next_at) = match delivery {
        Delivery::Sent => {
            let step = Step {
                from: &[
                    State::Queued,
                    State::Held,
                    State::Blocked,
                    State::Cancelled,
                    State::Off,
                ],
                to: State::Sent,
                next_at: None,
                error: None,
            };
            store::outbox::step(tx, id, step)?;
            return store::outbox::set_post(tx, &post.after(way, None));
        }
        Delivery::Temporary(why) => (why, next_try(letter.since, letter.attempts, tx.now())),
        Delivery::Permanent(why) => (why, None),
    };
    let step = Step {
        from: &[State::Queued],
        to: next_at.map_or(State::Failed, |_| State::Queued),
        next_at,
        error: Some(why),
    };
    store::outbox::step(tx, id, step)?;
    store::outbox::set_post(tx, &post.after(way, Some(why)))
}
