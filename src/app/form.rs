//! Reading what people typed into forms, and holding it to the board's rules.

use super::{
    Ruling,
    access::{judge_email, judge_handle},
};
use crate::{
    domain::{
        access::{Effect, Ground, Verdict},
        code::{Code, CodeProblem, Shape},
        email::Email,
        handle::{Claiming, Handle},
        refusal::Refusal,
        registration::Mode,
        text::{Block, TextProblem},
    },
    settings::Settings,
    store::{self, Read},
};

/// The longest message to the sysops, in characters.
pub const MESSAGE: usize = 1000;

/// Reads a code somebody typed, or says what is wrong with it without asking
/// the file (spec §3).
pub(super) fn read_code(text: &str, shape: Shape) -> Result<Code, Refusal> {
    Code::parse(text).map_err(|problem| match problem {
        CodeProblem::Typo | CodeProblem::NotACode => Refusal::CodeTypo(shape.example()),
    })
}

/// Reads a message to the sysops.
pub(super) fn read_message(text: &str) -> Result<Block, Refusal> {
    Block::parse(text, MESSAGE).map_err(|problem| match problem {
        TextProblem::Empty => Refusal::MessageNeeded,
        TextProblem::TooLong { max } => Refusal::TextLong(max),
    })
}

/// Refuses handles that are taken, reserved, banned, or look like staff (H1, H5,
/// H6).
pub(super) fn free_handle(
    read: &impl Read,
    handle: &Handle,
    claiming: Claiming,
    settings: &Settings,
) -> Ruling<()> {
    match judge_handle(read, handle, claiming, settings)? {
        Verdict::Refused(ground) => Err(refused_handle(&ground).into()),
        Verdict::Free | Verdict::Hint(_) => untaken_handle(read, handle),
    }
}

/// Refuses like [`free_handle`], but a sysop may give away what a rule reserves.
pub(super) fn giveable_handle(
    read: &impl Read,
    handle: &Handle,
    claiming: Claiming,
    settings: &Settings,
) -> Ruling<()> {
    match judge_handle(read, handle, claiming, settings)? {
        Verdict::Refused(ground) if !ground.is_rule(Effect::Reserved) => {
            Err(refused_handle(&ground).into())
        }
        _ => untaken_handle(read, handle),
    }
}

/// Returns what is said of a handle that is refused: one text, whoever did.
const fn refused_handle(ground: &Ground) -> Refusal {
    match ground {
        Ground::Setting(_) => Refusal::HandlePattern,
        Ground::Rule { .. } | Ground::House | Ground::NotAllowed | Ground::Known => {
            Refusal::HandleTaken
        }
    }
}

fn untaken_handle(read: &impl Read, handle: &Handle) -> Ruling<()> {
    if store::account::by_handle(read, &handle.key())?.is_some()
        || store::account::staff_looks_like(read, &handle.skeleton())?
    {
        return Err(Refusal::HandleTaken.into());
    }
    Ok(())
}

/// Reads an address, or none.
pub(super) fn any_email(text: &str) -> Result<Option<Email>, Refusal> {
    match text.trim() {
        "" => Ok(None),
        text => Email::parse(text)
            .map(Some)
            .map_err(|_| Refusal::EmailShape),
    }
}

/// Reads an address, which may be required.
pub(super) fn read_email(text: &str, settings: &Settings) -> Result<Option<Email>, Refusal> {
    let email = any_email(text)?;
    // With an allow list the address is required where a sysop decides.
    let listed = !settings.email_allow_domains.is_empty()
        && settings.registration_mode == Mode::SysopApproved;
    if email.is_none() && (settings.email_required || settings.require_email_verification || listed)
    {
        return Err(Refusal::EmailNeeded);
    }
    Ok(email)
}

/// Refuses addresses that the sysop's settings or rules keep out.
pub(super) fn accept_email(
    read: &impl Read,
    email: Option<&Email>,
    settings: &Settings,
) -> Ruling<()> {
    let Some(email) = email else { return Ok(()) };
    match judge_email(read, email, settings)? {
        Verdict::Refused(_) => {
            let contact = settings.site_contact.as_str().to_owned();
            Err(Refusal::EmailDomain(contact).into())
        }
        Verdict::Free | Verdict::Hint(_) => Ok(()),
    }
}
