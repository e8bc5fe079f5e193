//! Copies of the board (spec §10): a whole data directory, made while callers
//! are on line; and what holds when such a copy begins to be a board itself.

mod directory;
mod schedule;

use std::path::Path;

use super::{Bbs, Mode, Ruling, Stop, authorize, letter, setting::current};
use crate::{
    domain::{
        actor::Actor,
        clock::Timestamp,
        event::Event,
        id::InviteId,
        policy::{Capability, Permit},
        refusal::Refusal,
    },
    store::{
        self, Fault, Read,
        audit::{Act, record},
        backup::{Copy, Done, Last},
        invite::Invite,
    },
};

pub use directory::growing;

use directory::Draft;

/// How the record names the board as a whole.
const BOARD: &str = "board";

/// What still waits for a sysop since this board began as a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// When the copy was made.
    pub copied_at: Timestamp,
    /// Codes that are frozen.
    pub invites: usize,
    /// Whether its letters wait for somebody's word.
    pub letters: bool,
}

/// Returns what waits since this board began as a copy; nothing if nothing does.
pub(super) fn held(read: &impl Read, now: Timestamp) -> Result<Option<Held>, Fault> {
    let Some(copy) = store::backup::origin(read)? else {
        return Ok(None);
    };
    let held = Held {
        copied_at: copy.made_at,
        invites: store::invite::frozen(read, now)?.len(),
        letters: letter::are_held(read)?,
    };
    Ok(Some(held).filter(|held| held.invites > 0 || held.letters))
}

impl Bbs {
    /// Copies the board to the directory `place`, which is made.
    pub async fn back_up(&self, actor: &Actor, place: &Path) -> Ruling<Done> {
        let who = actor.clone();
        let permit = self
            .ask(move |view| authorize(view, &who, Capability::BackUp, &current(view)?))
            .await?;
        self.copy_board(permit, place).await
    }

    /// Makes the copy, and notes how that went.
    pub(super) async fn copy_board(&self, permit: Permit, place: &Path) -> Ruling<Done> {
        let made = self.copy_to(place).await;
        if self.mode == Mode::Rehearsal {
            return made;
        }
        let told = match &made {
            Ok(done) => Ok(done.clone()),
            Err(Stop::Refused(Refusal::CopyFailed { reason, .. })) => Err(reason.clone()),
            Err(_) => return made,
        };
        // A disk that is full is a good reason for a copy elsewhere: that this
        // one can't be noted then is in the log, and does not undo it.
        self.decide(move |tx| {
            match &told {
                Ok(done) => {
                    store::backup::succeeded(tx, done)?;
                    record(
                        tx,
                        &permit,
                        Act {
                            action: "board.backup",
                            object: BOARD,
                            after: Some(&done.place),
                            ..Act::default()
                        },
                    )?;
                }
                Err(reason) => store::backup::failed(tx, reason)?,
            }
            tx.emit(Event::BackupDone);
            Ok(())
        })
        .await
        .ok();
        made
    }

    async fn copy_to(&self, place: &Path) -> Ruling<Done> {
        let _turn = self.copying.lock().await;
        let at = self.clock().now();
        let name = place.display().to_string();
        if self.mode == Mode::Rehearsal {
            directory::check_free(place)?;
            return Ok(Done {
                at,
                place: name,
                bytes: 0,
            });
        }
        let draft = Draft::make(place)?;
        let copied = self.store.copy(draft.database(), at).await;
        copied.map_err(|fault| draft.failed(&fault))?;
        let home = self.setup.home.clone();
        let finished = tokio::task::spawn_blocking(move || draft.finish(&home));
        let bytes = finished
            .await
            .map_err(|panic| Fault::Panic(panic.to_string()))??;
        Ok(Done {
            at,
            place: name,
            bytes,
        })
    }

    /// Returns how copying this board last went, if it was ever tried.
    pub async fn last_backup(&self, actor: &Actor) -> Ruling<Option<Last>> {
        let actor = actor.clone();
        self.ask(move |view| {
            authorize(view, &actor, Capability::BackUp, &current(view)?)?;
            Ok(store::backup::last(view)?)
        })
        .await
    }

    /// Makes a board of a copy that is opened for the first time: its codes are
    /// frozen and its letters held, since the board it was copied from may have
    /// used and sent them meanwhile.
    pub(super) async fn wake(&self) -> Result<(), Fault> {
        self.store
            .write(|tx| {
                let Some(Copy {
                    made_at,
                    woken_at: None,
                }) = store::backup::origin(tx)?
                else {
                    return Ok(());
                };
                let permit = Permit::board(Capability::BackUp);
                let frozen = store::invite::freeze(tx)?;
                letter::hold_letters(tx)?;
                store::backup::wake(tx)?;
                record(
                    tx,
                    &permit,
                    Act {
                        action: "board.restore",
                        object: BOARD,
                        before: Some(&format!("copied {}", made_at.to_rfc3339())),
                        after: Some(&format!("codes frozen: {frozen}")),
                        reason: None,
                    },
                )?;
                tracing::warn!(copied = %made_at, frozen, "this board began as a copy");
                Ok(())
            })
            .await
    }

    /// Returns what waits since this board began as a copy; nothing if nothing
    /// does.
    pub async fn held(&self, actor: &Actor) -> Ruling<Option<Held>> {
        let (actor, now) = (actor.clone(), self.clock().now());
        self.ask(move |view| {
            authorize(view, &actor, Capability::BackUp, &current(view)?)?;
            Ok(held(view, now)?)
        })
        .await
    }

    /// Lets a frozen code work again.
    pub async fn thaw_invite(&self, actor: &Actor, id: InviteId) -> Ruling<Invite> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::BackUp, &current(tx)?)?;
            let invite = store::invite::by_id(tx, id)?.ok_or(Refusal::NoSuchInvite)?;
            if !store::invite::thaw(tx, id)? {
                return Err(Refusal::InviteNotFrozen.into());
            }
            record(
                tx,
                &permit,
                Act {
                    action: "invite.thaw",
                    object: &invite.number(),
                    ..Act::default()
                },
            )?;
            tx.emit(Event::InvitesChanged(
                invite.issuer.as_ref().map(|issuer| issuer.id),
            ));
            store::invite::by_id(tx, id)?.ok_or_else(|| Refusal::NoSuchInvite.into())
        })
        .await
    }

    /// Lets every frozen code work again; returns how many there were.
    pub async fn thaw_invites(&self, actor: &Actor) -> Ruling<usize> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::BackUp, &current(tx)?)?;
            let frozen = store::invite::frozen(tx, tx.now())?;
            for (id, issuer) in &frozen {
                store::invite::thaw(tx, *id)?;
                tx.emit(Event::InvitesChanged(*issuer));
            }
            if !frozen.is_empty() {
                record(
                    tx,
                    &permit,
                    Act {
                        action: "invite.thaw",
                        object: "invites",
                        after: Some(&format!("all {}", frozen.len())),
                        ..Act::default()
                    },
                )?;
            }
            Ok(frozen.len())
        })
        .await
    }
}
