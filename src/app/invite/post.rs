//! Invites that go by letter: nobody has the code but who gets the letter, and
//! so whoever comes with it has proven the address.

use chrono::TimeDelta;

use super::{Draft, Seen, Uses, create, door, is_own, seen, visible};
use crate::{
    app::{
        Address, Bbs, Ruling, authorize,
        letter::{self, board_facts},
        mint::Mint,
        setting::current,
    },
    domain::{
        account::Status,
        actor::Actor,
        email::Email,
        event::Event,
        id::InviteId,
        invite::{Mailbox, State, Whom},
        letter::Kind,
        policy::{Capability, Permit},
        refusal::Refusal,
    },
    mailer::Facts,
    settings::Settings,
    store::{
        self, Fault, Read, Tx,
        audit::{Act, record},
        invite::Invite,
        outbox::{Invited, Letter, Recipient},
    },
};

/// How long before its end whoever an invite is for hears of that.
const AHEAD: TimeDelta = TimeDelta::days(2);
/// The shortest time between the first letter and the reminder.
const APART: TimeDelta = TimeDelta::days(2);

/// Letters a day to one address; a sysop may write more.
const TO_ONE: u32 = 3;
/// Letters a day that one member has the board write.
const BY_ONE: u32 = 20;

/// How the days of an invite are written in letters.
const MOMENT: &str = "%-d %b %Y %H:%M UTC";

impl Bbs {
    /// Makes an invite whose code goes by letter to the address it is for.
    pub async fn mail_invite(&self, actor: &Actor, draft: Draft) -> Ruling<Seen> {
        let actor = actor.clone();
        self.decide(move |tx| mail(tx, &actor, &draft)).await
    }

    /// Writes the letter of an invite again, with one more code.
    pub async fn mail_invite_again(&self, actor: &Actor, id: InviteId) -> Ruling<Seen> {
        let actor = actor.clone();
        self.decide(move |tx| mail_again(tx, &actor, id)).await
    }

    /// Tells those whose invite by letter ends soon; says how many.
    pub async fn remind_invitees(&self) -> Ruling<usize> {
        self.decide(|tx| {
            let (settings, now) = (current(tx)?, tx.now());
            // Whoever can't come, or would not get the letter, is not reminded
            // later than two days before either.
            let may_come = settings.invitations_enabled && letter::leave(tx)?;
            let ending = store::invite::to_remind(tx, now, now + AHEAD, now - APART)?;
            let mut told = 0;
            for invite in ending {
                store::invite::reminded(tx, invite.id)?;
                let is_live = invite.state(now, settings.delegation().invite) == State::Live;
                if may_come && is_live {
                    write(tx, &invite, Kind::InviteReminder)?;
                    told += 1;
                }
            }
            Ok(told)
        })
        .await
    }
}

fn mail(tx: &Tx<'_>, actor: &Actor, draft: &Draft) -> Ruling<Seen> {
    let settings = current(tx)?;
    let permit = authorize(tx, actor, Capability::Invite, &settings)?;
    let Some(Mailbox::At(email)) = &draft.bearer.mailbox else {
        return Err(Refusal::EmailNeeded.into());
    };
    if draft.uses != Uses::Times(1) {
        let sentence = "An invite that goes by letter works once.".into();
        return Err(Refusal::InviteBeyond(sentence).into());
    }
    if !letter::will_leave(tx)? {
        return Err(Refusal::MailOff.into());
    }
    let is_free = authorize(tx, actor, Capability::InviteFreely, &settings).is_ok();
    // What a member may not know, they are not told: whether an address is
    // somebody's here.
    if is_free && settings.email_unique && is_somebodys(tx, email)? {
        return Err(Refusal::EmailTaken.into());
    }
    if let Some(other) = store::invite::out_by_letter(tx, email, tx.now())?
        && (is_free || is_own(&other, actor))
    {
        return Err(Refusal::InviteOut(other.number()).into());
    }
    if !is_free {
        may_write(tx, &permit, email)?;
    }
    let invite = create(tx, actor, draft, None)?.invite;
    write(tx, &invite, Kind::Invite)?;
    seen(tx, actor, invite, &settings, tx.now())
}

/// Whether somebody has an address, or an account was made for them with it.
/// Registrations that wait for a proof of it give way to one.
fn is_somebodys(read: &impl Read, email: &Email) -> Result<bool, Fault> {
    let mut accounts = store::account::by_email(read, email)?.into_iter();
    Ok(accounts.any(|one| one.status != Status::Unverified || one.is_prepared()))
}

fn mail_again(tx: &Tx<'_>, actor: &Actor, id: InviteId) -> Ruling<Seen> {
    let settings = current(tx)?;
    let invite = visible(tx, actor, id, &settings)?;
    let needed = if is_own(&invite, actor) {
        Capability::Invite
    } else {
        Capability::InviteFreely
    };
    let permit = authorize(tx, actor, needed, &settings)?;
    super::tree::not_barred(tx, &permit)?;
    let (Some(email), true) = (invite.whom.address(), invite.is_by_letter()) else {
        return Err(Refusal::NotByLetter.into());
    };
    let state = invite.state(tx.now(), settings.delegation().invite);
    if state != State::Live {
        return Err(Refusal::InviteOver(state).into());
    }
    if !letter::will_leave(tx)? {
        return Err(Refusal::MailOff.into());
    }
    if authorize(tx, actor, Capability::InviteFreely, &settings).is_err() {
        may_write(tx, &permit, email)?;
    }
    // One letter is enough of those that have not left.
    store::outbox::cancel_invite(tx, id)?;
    write(tx, &invite, Kind::Invite)?;
    let act = Act {
        action: "invite.send",
        object: &invite.number(),
        ..Act::default()
    };
    record(tx, &permit, act)?;
    tell(tx, &invite);
    seen(tx, actor, invite, &settings, tx.now())
}

/// Refuses a letter to an address that had enough of them, or of somebody who
/// had enough of them written.
fn may_write(tx: &Tx<'_>, permit: &Permit, to: &Email) -> Ruling<()> {
    let Some(by) = permit.account() else {
        return Ok(());
    };
    let day = tx.now() - TimeDelta::days(1);
    let Invited { by, to } = store::outbox::invited_since(tx, by, to, day)?;
    if by >= BY_ONE || to >= TO_ONE {
        return Err(Refusal::LettersEnough.into());
    }
    Ok(())
}

fn tell(tx: &Tx<'_>, invite: &Invite) {
    let issuer = invite.issuer.as_ref().map(|issuer| issuer.id);
    tx.emit(Event::InvitesChanged(issuer));
}

/// Writes to whoever an invite is for; the letter waits until the invite works.
fn write(tx: &Tx<'_>, invite: &Invite, kind: Kind) -> Result<Option<Letter>, Fault> {
    if let Whom::Prepared { id, .. } = &invite.whom {
        // They are reminded by the letter they had, with one more code.
        return match store::account::by_id(tx, *id)? {
            Some(account) => letter::post(tx, &account, Kind::Activation, ""),
            None => Ok(None),
        };
    }
    let Some(address) = invite.whom.address() else {
        return Ok(None);
    };
    let to = Recipient::Invitee {
        invite: invite.id,
        address: address.clone(),
    };
    let begins = invite.not_before.unwrap_or(tx.now());
    letter::put(tx, &to, kind, "", begins.max(tx.now()))
}

/// Returns what a letter to somebody who is invited is filled with, a new code
/// of the invite among it; nothing if the invite works no more.
pub(in crate::app) fn invitation(
    tx: &Tx<'_>,
    letter: &Letter,
    settings: &Settings,
    address: &Address,
    mint: &Mint,
) -> Result<Option<Facts>, Fault> {
    let invite = match letter.to.invite() {
        Some(id) => store::invite::by_id(tx, id)?,
        None => None,
    };
    let is_live = |invite: &Invite| {
        let state = invite.state(tx.now(), settings.delegation().invite);
        settings.invitations_enabled && state == State::Live
    };
    let Some(invite) = invite.filter(is_live) else {
        return Ok(None);
    };
    let code = mint.invite(tx, invite.id, settings.code_shape())?;
    let board = board_facts(settings);
    let issuer = invite.issuer.map(|issuer| issuer.handle);
    let message: Vec<_> = invite
        .message
        .lines()
        .map(|line| format!("    {line}"))
        .collect();
    Ok(Some(Facts {
        line: address.line(&door(&code)),
        detail: code,
        from: issuer.unwrap_or_else(|| board.contact.clone()),
        message: message.join("\n"),
        until: invite
            .expires_at
            .map_or_else(String::new, |end| end.format(MOMENT).to_string()),
        ..board
    }))
}
