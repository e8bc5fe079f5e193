//! Making, seeing and revoking invites (spec §3). Redeeming one is part of
//! registering.

use chrono::TimeDelta;

use super::{Bbs, Ruling, authorize, setting::current};
use crate::{
    domain::{
        account::Role,
        actor::Actor,
        clock::Timestamp,
        code::{Code, Purpose},
        event::Event,
        id::InviteId,
        policy::{Capability, Permit},
        refusal::Refusal,
        registration::Admission,
        secret::Secret,
        text::{Line, TextProblem},
    },
    settings::Settings,
    store::{
        self, Read, Tx,
        audit::{Act, record},
        invite::{Invite, State},
    },
};

/// The longest private note.
const NOTE: usize = 100;

/// The longest life staff may give a code, in days.
const DAYS_MOST: u32 = 365;

/// What an invite shall be.
#[derive(Clone, Debug)]
pub struct Draft {
    /// How often it may be used.
    pub uses: Uses,
    /// Its life in days; nothing is the board's default.
    pub days: Option<u32>,
    /// The role it gives.
    pub role: Role,
    /// Whether a sysop still decides.
    pub admission: Admission,
    /// A note for the issuer alone.
    pub note: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            uses: Uses::Times(1),
            days: None,
            role: Role::User,
            admission: Admission::Auto,
            note: String::new(),
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
    /// Its code, in groups.
    pub code: Secret<String>,
    /// The line that uses it.
    pub line: Secret<String>,
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
}

/// Whose invites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The actor's.
    Own,
    /// Everybody's.
    All,
}

impl Bbs {
    /// Makes an invite and tells its code, this once.
    pub async fn create_invite(&self, actor: &Actor, draft: Draft) -> Ruling<Minted> {
        let shape = self.settings().code_shape();
        let code = Code::generate(self.entropy(), shape);
        let hash = code.keyed_hash(Purpose::Invite, &self.setup.server_key);
        let actor = actor.clone();
        let hint = code.hint();
        let invite = self
            .decide(move |tx| create(tx, &actor, &draft, &hash, &hint))
            .await?;
        let code = code.expose_grouped(shape);
        let line = self.address().line(&format!("join-{code}"));
        Ok(Minted {
            invite,
            code: Secret::new(code),
            line: Secret::new(line),
        })
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
                .map(|invite| seen(view, invite, &settings, now))
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
            seen(view, invite, &settings, now)
        })
        .await
    }

    /// Takes an invite back.
    pub async fn revoke_invite(&self, actor: &Actor, id: InviteId, why: &str) -> Ruling<Invite> {
        let (actor, why) = (actor.clone(), Line::cut(why, NOTE));
        self.decide(move |tx| {
            let settings = current(tx)?;
            let invite = visible(tx, &actor, id, &settings)?;
            let own = invite.issuer.as_ref().map(|issuer| issuer.id) == actor.account()
                && actor.account().is_some();
            // One's own may always be taken back, even when one may not make
            // new ones any more.
            let needed = if own {
                Capability::EditOneself
            } else {
                Capability::RevokeInvites
            };
            let permit = authorize(tx, &actor, needed, &settings)?;
            let why = Some(why.as_str()).filter(|why| !why.is_empty());
            if !store::invite::revoke(tx, id, permit.name(), why)? {
                return Err(Refusal::InviteOver.into());
            }
            record(
                tx,
                &permit,
                Act {
                    action: "invite.revoke",
                    object: &invite.number(),
                    reason: why,
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
}

fn create(tx: &Tx<'_>, actor: &Actor, draft: &Draft, hash: &[u8], hint: &str) -> Ruling<Invite> {
    let settings = current(tx)?;
    let permit = authorize(tx, actor, Capability::Invite, &settings)?;
    if !settings.invitations_enabled {
        return Err(Refusal::InvitationsOff.into());
    }
    let free = authorize(tx, actor, Capability::InviteFreely, &settings).is_ok();
    if !free {
        caps(tx, &permit, &settings)?;
        bounds(&permit, draft, &settings)?;
    }
    let note = Line::parse_or_empty(&draft.note, NOTE).map_err(|problem| match problem {
        TextProblem::Empty => Refusal::TextNeeded,
        TextProblem::TooLong { max } => Refusal::TextLong(max),
    })?;
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
    let days = draft
        .days
        .unwrap_or_else(|| default_days(&permit, &settings));
    if !(1..=DAYS_MOST).contains(&days) {
        let sentence = format!("An invite lives 1 to {DAYS_MOST} days.");
        return Err(Refusal::InviteBeyond(sentence).into());
    }
    let id = store::invite::insert(
        tx,
        &store::invite::New {
            hash,
            hint,
            issuer: permit.account(),
            note: note.as_str(),
            role: draft.role,
            admission: draft.admission,
            max_uses,
            expires_at: Some(tx.now() + TimeDelta::days(days.into())),
        },
    )?;
    let invite = store::invite::by_id(tx, id)?.ok_or(Refusal::NoSuchInvite)?;
    let uses = max_uses.map_or_else(|| "unlimited".to_owned(), |most| most.to_string());
    record(
        tx,
        &permit,
        Act {
            action: "invite.create",
            object: &invite.number(),
            after: Some(&format!("role {}, uses {uses}, {days} days", draft.role)),
            ..Act::default()
        },
    )?;
    tx.emit(Event::InvitesChanged(permit.account()));
    Ok(invite)
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
    let most = default_days(permit, settings);
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
    if draft.days.is_some_and(|days| days > most) {
        return Err(Refusal::InviteBeyond(format!(
            "Your invites live {most} days at most."
        )));
    }
    Ok(())
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
    let issuer = invite.issuer.as_ref().map(|issuer| issuer.id);
    if (issuer.is_some() && issuer == actor.account())
        || authorize(read, actor, Capability::SeeInvites, settings).is_ok()
    {
        Ok(invite)
    } else {
        Err(Refusal::NoSuchInvite.into())
    }
}

fn seen(read: &impl Read, invite: Invite, settings: &Settings, now: Timestamp) -> Ruling<Seen> {
    Ok(Seen {
        state: invite.state(now, settings.delegation().invite),
        redeemers: store::invite::redeemers(read, invite.id)?,
        invite,
    })
}
