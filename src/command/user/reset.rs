//! A new password for somebody who forgot theirs (P16): staff make a code, and
//! never a password.

use super::find;
use crate::{
    command::{
        Desk,
        failure::Failure,
        shape::{LetterOf, Reset},
    },
    words,
};

pub(super) async fn run(desk: &mut Desk<'_>, reset: &super::Reset) -> Result<(), Failure> {
    let account = find(desk, &reset.handle).await?.account;
    let (board, id) = (desk.board(reset.dry), account.id);
    let mut told = Reset::of(&account.handle);
    let done = if reset.revoke {
        words::command::reset_revoked(board.revoke_reset(desk.actor, id).await?)
    } else if reset.mail {
        let letter = board.send_reset(desk.actor, id).await?;
        told.letter = Some(LetterOf::from(&letter));
        words::command::reset_sent()
    } else {
        let made = board.show_reset(desk.actor, id).await?;
        // The code of a rehearsal works nowhere.
        if !reset.dry.dry_run {
            told.show(made);
            desk.out.note(&words::command::shown_once());
        }
        String::new()
    };
    desk.out.one(&told, |told| told.line(&done));
    Ok(())
}
