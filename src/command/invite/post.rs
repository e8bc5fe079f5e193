//! `invite create --mail` and `invite send`: codes that go by letter, and that
//! nobody sees here.

use crate::{
    app::{
        Stop,
        invite::{Draft, Seen},
    },
    command::{Desk, DryRun, Exit, failure::Failure, shape::Invite},
    domain::{email::Email, id::InviteId, invite::Mailbox, refusal::Refusal},
    words,
};

/// The most addresses of a list.
const MOST: usize = 10_000;

/// Makes one invite, and writes its letter.
pub(super) async fn mail(desk: &mut Desk<'_>, draft: Draft, dry: DryRun) -> Result<(), Failure> {
    let seen = desk.board(dry).mail_invite(desk.actor, draft).await?;
    desk.out.one(&Invite::from(seen), told);
    Ok(())
}

/// Makes an invite for every address of a list, each on its own. An address
/// that one is out to already gets none, so that a list can be sent twice.
pub(super) async fn mail_list(
    desk: &mut Desk<'_>,
    draft: &Draft,
    dry: DryRun,
) -> Result<(), Failure> {
    let list = desk.input()?;
    let addresses = list
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    if addresses.clone().count() > MOST {
        return Err(Failure::new(Exit::Usage, words::command::list_long(MOST)));
    }
    let board = desk.board(dry);
    let mut sent = Vec::new();
    for address in addresses {
        match one(&board, desk, address, draft).await {
            Ok(seen) => sent.push(Invite::from(seen)),
            Err(Stop::Refused(out @ Refusal::InviteOut(_))) => {
                let sentence = words::command::refusal(&out);
                desk.out.note(&format!("{address}: {sentence}"));
            }
            Err(stop) => desk.out.fail(Some(address), &stop.into()),
        }
    }
    desk.out.many(&sent, |sent| sent.iter().map(told).collect());
    Ok(())
}

async fn one(
    board: &crate::app::Bbs,
    desk: &Desk<'_>,
    address: &str,
    draft: &Draft,
) -> Result<Seen, Stop> {
    let email = Email::parse(address).map_err(|_| Refusal::EmailShape)?;
    let mut draft = draft.clone();
    draft.bearer.mailbox = Some(Mailbox::At(email));
    board.mail_invite(desk.actor, draft).await
}

/// Writes the letters of invites again.
pub(super) async fn again(
    desk: &mut Desk<'_>,
    ids: &[InviteId],
    dry: DryRun,
) -> Result<(), Failure> {
    let board = desk.board(dry);
    let mut sent = Vec::new();
    for &id in ids {
        match board.mail_invite_again(desk.actor, id).await {
            Ok(seen) => sent.push(Invite::from(seen)),
            Err(stop) if ids.len() == 1 => return Err(stop.into()),
            Err(stop) => desk.out.fail(Some(&format!("inv-{id}")), &stop.into()),
        }
    }
    match sent.as_slice() {
        [invite] if ids.len() == 1 => desk.out.one(invite, told),
        invites => desk
            .out
            .many(invites, |invites| invites.iter().map(told).collect()),
    }
    Ok(())
}

/// Returns to whom an invite goes, and where its letter stands, in a line.
fn told(invite: &Invite) -> String {
    let to = invite.email.as_deref().unwrap_or("one address");
    let letter = invite
        .letter
        .as_ref()
        .map_or_else(String::new, |letter| format!("  letter {}", letter.words()));
    format!("{}  {to}{letter}\n", invite.id)
}
