//! Reading what people typed into forms, and holding it to the board's rules.

use super::Ruling;
use crate::{
    domain::{
        code::{Code, CodeProblem, Shape},
        email::{DomainName, Email},
        handle::{Claiming, Handle, is_reserved},
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

/// Refuses handles that are taken, reserved, or look like staff (H1, H5, H6).
pub(super) fn free_handle(
    read: &impl Read,
    handle: &Handle,
    claiming: Claiming,
    settings: &Settings,
) -> Ruling<()> {
    if !settings.handle_pattern.allows(handle.as_str()) {
        return Err(Refusal::HandlePattern.into());
    }
    if is_reserved(handle, settings.site_name.as_str(), claiming)
        || store::account::by_handle(read, &handle.key())?.is_some()
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

/// Reads an address and holds it to the sysop's rules.
pub(super) fn allowed_email(text: &str, settings: &Settings) -> Result<Option<Email>, Refusal> {
    let Some(email) = any_email(text)? else {
        // With an allow list the address is required where a sysop decides.
        let listed = !settings.email_allow_domains.is_empty()
            && settings.registration_mode == Mode::SysopApproved;
        let needed = settings.email_required || listed;
        return if needed {
            Err(Refusal::EmailNeeded)
        } else {
            Ok(None)
        };
    };
    let covered = |domains: &[DomainName]| domains.iter().any(|domain| domain.covers(&email));
    let allowed = settings.email_allow_domains.is_empty() || covered(&settings.email_allow_domains);
    if !allowed || covered(&settings.email_deny_domains) {
        return Err(Refusal::EmailDomain(
            settings.site_contact.as_str().to_owned(),
        ));
    }
    Ok(Some(email))
}
