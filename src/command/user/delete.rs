//! Deleting an account, after making sure that it is meant.

use super::{Delete, look::find};
use crate::{
    command::{
        Desk, Exit,
        failure::Failure,
        shape::{LetterOf, User},
    },
    words,
};

pub(super) async fn run(desk: &mut Desk<'_>, deletion: &Delete) -> Result<(), Failure> {
    let mut detail = find(desk, &deletion.handle).await?;
    let handle = detail.account.handle.to_string();
    let typed = match desk.input.take() {
        Some(typed) => typed,
        None if deletion.yes || deletion.dry.dry_run => handle.clone(),
        None => {
            let sentence = words::delete::unconfirmed(&handle);
            return Err(Failure::new(Exit::Usage, sentence));
        }
    };
    let board = desk.board(deletion.dry);
    let id = detail.account.id;
    let deleted = board.delete_user(desk.actor, id, &typed).await?;
    detail.account = deleted.account;
    detail.keys.clear();
    let letter = deleted.letter.as_ref().map(LetterOf::from);
    let user = User {
        letter,
        sessions: 0,
        ..User::whole(&detail)
    };
    desk.out.one(&user, User::line);
    Ok(())
}
