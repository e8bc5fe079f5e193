//! Making, seeing, extending and revoking invites (spec §3). Redeeming one is
//! part of registering.

mod post;
mod tree;

use chrono::TimeDelta;

use super::{Bbs, Ruling, authorize, setting::current};
use crate::{
    domain::{
        account::Role,
        actor::Actor,
        clock::Timestamp,
        code::{Code, Purpose, Shape},
        event::Event,
        id::InviteId,
        invite::{Bearer, Mailbox, State, Whom},
        policy::{Capability, Permit},
        refusal::Refusal,
        registration::Admission,
        secret::Secret,
        text::{Block, Line, TextProblem},
    },
    settings::Settings,
    store::{
        self, Read, Tx,
        audit::{Act, record},
        invite::{Invite, number},
        outbox::Letter,
    },
};

pub(super) use post::invitation;
pub use tree::{Codes, Tree};

/// The longest private note.
const NOTE: usize = 100;

/// The longest message to whoever comes with an invite.
pub const MESSAGE: usize = 300;

/// The longest life staff may give a code, and the longest it may wait before
/// it begins, in days.
const DAYS_MOST: u32 = 365;

/// What an invite shall be.
#[derive(Clone, Debug)]
pub struct Draft {
    /// How often it may be used.
    pub uses: Uses,
    /// Its life in days; nothing is the board's default.
    pub days: Option<u32>,
    /// When its life begins; nothing is now.
    pub not_before: Option<Timestamp>,
    /// For whom it is.
    pub bearer: Bearer,
    /// The role it gives.
    pub role: Role,
    /// Whether a sysop still decides.
    pub admission: Admission,
    /// A note for the issuer alone.
    pub note: String,
    /// What whoever comes with it reads.
    pub message: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            uses: Uses::Times(1),
            days: None,
            not_before: None,
            bearer: Bearer::default(),
            role: Role::User,
            admission: Admission::Auto,
            note: String::new(),
            message: String::new(),
        }
    }
}

/// How often a code may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uses {
    /// That often; never 0.
    Times(u32),
    /// Any number of times; sysops only.
    Unlimited,
}

/// A new invite, and its code: told once.
#[derive(Clone, Debug)]
pub struct Minted {
    /// The invite.
    pub invite: Invite,
    /// Where it stands.
    pub state: State,
    /// Its code, in groups.
    pub code: Secret<String>,
    /// The line that uses it.
    pub line: Secret<String>,
    /// The same as a link, to be scanned.
    pub link: Secret<String>,
}

/// An invite in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The invite.
    pub invite: Invite,
    /// Where it stands.
    pub state: State,
    /// Who used it.
    pub redeemers: Vec<String>,
    /// The last letter to whoever it is for, unless the reader may not know who
    /// that is.
    pub letter: Option<Letter>,
}

/// Whose invites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The actor's.
    Own,
    /// Everybody's.
    All,
}

/// Returns the user name that calls with a code.
pub(super) fn door(code: &str) -> String {
    format!("join-{code}")
}

impl Bbs {
    /// Makes an invite and tells its code, this once.
    pub async fn create_invite(&self, actor: &Actor, draft: Draft) -> Ruling<Minted> {
        let shape = self.settings().code_shape();
        let code = Code::generate(self.entropy(), shape);
        let hash = code.keyed_hash(Purpose::Invite, &self.setup.server_key);
        let actor = actor.clone();
        let hint = code.hint();
        let seen = self
            .decide(move |tx| {
                let seen = create(tx, &actor, &draft, Some(&hint))?;
                store::invite::add_code(tx, seen.invite.id, &hash)?;
                Ok(seen)
            })
            .await?;
        Ok(self.told_once(seen, &code, shape))
    }

    /// Returns a new invite with its code, and how it is used.
    pub(super) fn told_once(&self, seen: Seen, code: &Code, shape: Shape) -> Minted {
        let code = code.expose_grouped(shape);
        let (door, address) = (door(&code), self.address());
        Minted {
            invite: seen.invite,
            state: seen.state,
            code: Secret::new(code),
            line: Secret::new(address.line(&door)),
            link: Secret::new(address.link(&door)),
        }
    }

    /// Returns a page of invites, newest first.
    pub async fn list_invites(
        &self,
        actor: &Actor,
        whose: Whose,
        before: Option<InviteId>,
        rows: u32,
    ) -> Ruling<Vec<Seen>> {
        let (actor, now) = (actor.clone(), self.clock().now());
        self.ask(move |view| {
            let settings = current(view)?;
            let issuer = match whose {
                Whose::All => {
                    authorize(view, &actor, Capability::SeeInvites, &settings)?;
                    None
                }
                Whose::Own => Some(super::own(view, &actor)?.id),
            };
            let page = store::invite::page(view, issuer, before, rows)?;
            page.into_iter()
                .map(|invite| seen(view, &actor, invite, &settings, now))
                .collect()
        })
        .await
    }

    /// Returns one invite.
    pub async fn invite(&self, actor: &Actor, id: InviteId) -> Ruling<Seen> {
        let (actor, now) = (actor.clone(), self.clock().now());
        self.ask(move |view| {
            let settings = current(view)?;
            let invite = visible(view, &actor, id, &settings)?;
            seen(view, &actor, invite, &settings, now)
        })
        .await
    }

    /// Lets an invite live for so many days from now; nothing is the board's
    /// default.
    pub async fn extend_invite(
        &self,
        actor: &Actor,
        id: InviteId,
        days: Option<u32>,
    ) -> Ruling<Seen> {
        let actor = actor.clone();
        self.decide(move |tx| extend(tx, &actor, id, days)).await
    }

    /// Takes an invite back.
    pub async fn revoke_invite(&self, actor: &Actor, id: InviteId, why: &str) -> Ruling<Invite> {
        let (actor, why) = (actor.clone(), Line::cut(why, NOTE));
        self.decide(move |tx| {
            let settings = current(tx)?;
            let invite = visible(tx, &actor, id, &settings)?;
            // One's own may always be taken back, even when one may not make
            // new ones any more.
            let needed = if is_own(&invite, &actor) {
                Capability::EditOneself
            } else {
                Capability::RevokeInvites
            };
            let permit = authorize(tx, &actor, needed, &settings)?;
            take_back(tx, &permit, id, why.as_str())?;
            tx.emit(Event::InvitesChanged(
                invite.issuer.as_ref().map(|issuer| issuer.id),
            ));
            store::invite::by_id(tx, id)?.ok_or_else(|| Refusal::NoSuchInvite.into())
        })
        .await
    }
}

/// Makes an invite, as yet without a code; `hint` is what is known of one that
/// will be shown.
fn create(tx: &Tx<'_>, actor: &Actor, draft: &Draft, hint: Option<&str>) -> Ruling<Seen> {
    let settings = current(tx)?;
    let permit = authorize(tx, actor, Capability::Invite, &settings)?;
    if !settings.invitations_enabled {
        return Err(Refusal::InvitationsOff.into());
    }
    tree::not_barred(tx, &permit)?;
    let free = authorize(tx, actor, Capability::InviteFreely, &settings).is_ok();
    if !free {
        caps(tx, &permit, &settings)?;
        bounds(&permit, draft, &settings)?;
    }
    if draft.bearer.mailbox == Some(Mailbox::Withheld) {
        return Err(Refusal::EmailNeeded.into());
    }
    let note = Line::parse_or_empty(&draft.note, NOTE).map_err(too_long)?;
    let message = match Block::parse(draft.message.trim(), MESSAGE) {
        Err(TextProblem::Empty) => Block::default(),
        read => read.map_err(too_long)?,
    };
    if draft.role == Role::Sysop {
        return Err(Refusal::InviteBeyond(
            "An invite makes a user or a mod, never a sysop.".into(),
        )
        .into());
    }
    let max_uses = match draft.uses {
        Uses::Times(0) => {
            return Err(Refusal::InviteBeyond("An invite works at least once.".into()).into());
        }
        Uses::Times(times) => Some(times),
        Uses::Unlimited => None,
    };
    let life = life(draft.days, &permit, &settings)?;
    let not_before = draft.not_before.filter(|start| *start > tx.now());
    let begins = not_before.unwrap_or(tx.now());
    if begins - tx.now() > TimeDelta::days(DAYS_MOST.into()) {
        let sentence = format!("An invite begins within {DAYS_MOST} days.");
        return Err(Refusal::InviteBeyond(sentence).into());
    }
    let id = store::invite::insert(
        tx,
        &store::invite::New {
            hint,
            issuer: permit.account(),
            note: note.as_str(),
            message: message.as_str(),
            whom: &Whom::Newcomer(draft.bearer.clone()),
            role: draft.role,
            admission: draft.admission,
            max_uses,
            not_before,
            expires_at: Some(begins + life),
        },
    )?;
    let invite = store::invite::by_id(tx, id)?.ok_or(Refusal::NoSuchInvite)?;
    let uses = max_uses.map_or_else(|| "unlimited".to_owned(), |most| most.to_string());
    // For whom it is may be an address, and those are not put down.
    let bound = if draft.bearer.is_anybody() {
        ""
    } else {
        ", for somebody"
    };
    let sent = if hint.is_none() { ", by letter" } else { "" };
    let days = life.num_days();
    record(
        tx,
        &permit,
        Act {
            action: "invite.create",
            object: &invite.number(),
            after: Some(&format!(
                "role {}, uses {uses}, {days} days{bound}{sent}",
                draft.role
            )),
            ..Act::default()
        },
    )?;
    tx.emit(Event::InvitesChanged(permit.account()));
    seen(tx, actor, invite, &settings, tx.now())
}

fn extend(tx: &Tx<'_>, actor: &Actor, id: InviteId, days: Option<u32>) -> Ruling<Seen> {
    let settings = current(tx)?;
    let invite = visible(tx, actor, id, &settings)?;
    let needed = if is_own(&invite, actor) {
        Capability::Invite
    } else {
        Capability::InviteFreely
    };
    let permit = authorize(tx, actor, needed, &settings)?;
    tree::not_barred(tx, &permit)?;
    let free = authorize(tx, actor, Capability::InviteFreely, &settings).is_ok();
    let state = invite.state(tx.now(), settings.delegation().invite);
    match state {
        // It counts again among those that are out.
        State::Expired if !free => caps(tx, &permit, &settings)?,
        State::Live | State::Frozen | State::Expired => {}
        State::Used | State::Revoked => return Err(Refusal::InviteOver(state).into()),
    }
    let life = life(days, &permit, &settings)?;
    if !free {
        within(life, &permit, &settings)?;
    }
    let end = invite.not_before.unwrap_or(tx.now()).max(tx.now()) + life;
    if !store::invite::extend(tx, &invite, end)? {
        return Err(Refusal::InviteOver(state).into());
    }
    record(
        tx,
        &permit,
        Act {
            action: "invite.extend",
            object: &invite.number(),
            after: Some(&format!("{} days", life.num_days())),
            ..Act::default()
        },
    )?;
    tx.emit(Event::InvitesChanged(
        invite.issuer.as_ref().map(|issuer| issuer.id),
    ));
    let invite = store::invite::by_id(tx, id)?.ok_or(Refusal::NoSuchInvite)?;
    seen(tx, actor, invite, &settings, tx.now())
}

/// Takes an invite back; an empty reason is none.
fn take_back(tx: &Tx<'_>, permit: &Permit, id: InviteId, why: &str) -> Ruling<()> {
    let why = Some(why).filter(|why| !why.is_empty());
    if !store::invite::revoke(tx, id, permit.name(), why)? {
        return Err(Refusal::InviteOver(State::Revoked).into());
    }
    store::outbox::cancel_invite(tx, id)?;
    let act = Act {
        action: "invite.revoke",
        object: &number(id),
        reason: why,
        ..Act::default()
    };
    Ok(record(tx, permit, act)?)
}

fn is_own(invite: &Invite, actor: &Actor) -> bool {
    let issuer = invite.issuer.as_ref().map(|issuer| issuer.id);
    issuer.is_some() && issuer == actor.account()
}

/// Says of a text that may be empty that it does not fit.
const fn too_long(problem: TextProblem) -> Refusal {
    match problem {
        TextProblem::Empty => Refusal::TextNeeded,
        TextProblem::TooLong { max } => Refusal::TextLong(max),
    }
}

/// Returns how long a code lives, if any may live so long.
fn life(days: Option<u32>, permit: &Permit, settings: &Settings) -> Result<TimeDelta, Refusal> {
    let days = days.unwrap_or_else(|| default_days(permit, settings));
    if (1..=DAYS_MOST).contains(&days) {
        Ok(TimeDelta::days(days.into()))
    } else {
        let sentence = format!("An invite lives 1 to {DAYS_MOST} days.");
        Err(Refusal::InviteBeyond(sentence))
    }
}

/// Refuses a life that is longer than the issuer may give.
fn within(life: TimeDelta, permit: &Permit, settings: &Settings) -> Result<(), Refusal> {
    let most = default_days(permit, settings);
    if life <= TimeDelta::days(most.into()) {
        return Ok(());
    }
    let sentence = format!("Your invites live {most} days at most.");
    Err(Refusal::InviteBeyond(sentence))
}

/// Refuses issuers who have enough codes out, or are too new here.
fn caps(tx: &Tx<'_>, permit: &Permit, settings: &Settings) -> Ruling<()> {
    let Some(id) = permit.account() else {
        return Ok(());
    };
    let most = match permit.role() {
        Some(Role::Mod) => settings.invite_live_max_mod,
        _ => settings.invite_live_max_user,
    };
    if store::invite::live_of(tx, id, tx.now())? >= most {
        return Err(Refusal::InvitesFull(most).into());
    }
    let account = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
    let days = settings.invite_min_account_days;
    let young = tx.now() - account.created_at < TimeDelta::days(days.into());
    if permit.role() == Some(Role::User) && young {
        return Err(Refusal::InviterYoung(days).into());
    }
    Ok(())
}

/// Refuses what the issuer's role does not allow in an invite.
fn bounds(permit: &Permit, draft: &Draft, settings: &Settings) -> Result<(), Refusal> {
    if draft.role != Role::User {
        return Err(Refusal::InviteBeyond(
            "Only a sysop's invite gives a role.".into(),
        ));
    }
    if draft.uses == Uses::Unlimited {
        return Err(Refusal::InviteBeyond(
            "Only a sysop's invite works without a limit.".into(),
        ));
    }
    if permit.role() == Some(Role::User) && draft.uses != Uses::Times(1) {
        return Err(Refusal::InviteBeyond("Your invites work once each.".into()));
    }
    match draft.days {
        Some(days) => within(TimeDelta::days(days.into()), permit, settings),
        None => Ok(()),
    }
}

const fn default_days(permit: &Permit, settings: &Settings) -> u32 {
    match permit.role() {
        Some(Role::User) => settings.invite_days_user,
        Some(Role::Mod | Role::Sysop) | None => settings.invite_days_staff,
    }
}

/// Returns an invite if the actor may see it; else it does not exist for them.
fn visible(read: &impl Read, actor: &Actor, id: InviteId, settings: &Settings) -> Ruling<Invite> {
    let invite = store::invite::by_id(read, id)?.ok_or(Refusal::NoSuchInvite)?;
    if is_own(&invite, actor) || authorize(read, actor, Capability::SeeInvites, settings).is_ok() {
        Ok(invite)
    } else {
        Err(Refusal::NoSuchInvite.into())
    }
}

/// Returns an invite as the actor may see it.
pub(super) fn seen(
    read: &impl Read,
    actor: &Actor,
    mut invite: Invite,
    settings: &Settings,
    now: Timestamp,
) -> Ruling<Seen> {
    let is_private = !is_own(&invite, actor)
        && authorize(read, actor, Capability::SeePrivate, settings).is_err();
    if is_private {
        invite.whom = invite.whom.without_address();
    }
    Ok(Seen {
        state: invite.state(now, settings.delegation().invite),
        redeemers: store::invite::redeemers(read, invite.id)?,
        letter: if is_private {
            None
        } else {
            store::outbox::last_for(read, invite.id)?
        },
        invite,
    })
}
