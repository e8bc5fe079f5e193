//! The code that activates an account made for somebody. Who it is for chooses
//! the way in; nothing is chosen for them here.

use super::{One, look::find};
use crate::{
    command::{
        Desk, DryRun,
        failure::Failure,
        invite::{described_once, told},
        shape::{LetterOf, User},
    },
    words,
};

/// What can be done about the code of an account.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum Command {
    /// Make the code, and show it this once
    ///
    /// Hand the line over yourself. A code that was made before works no longer.
    Show {
        /// Whose account it activates.
        handle: String,
        #[command(flatten)]
        dry: DryRun,
    },
    /// Take the code back.
    Revoke {
        /// Whose account it would have activated.
        handle: String,
        #[command(flatten)]
        dry: DryRun,
    },
}

/// Sends the code by letter.
pub(super) async fn send(desk: &mut Desk<'_>, who: &One) -> Result<(), Failure> {
    let detail = find(desk, &who.handle).await?;
    let board = desk.board(who.dry);
    let letter = board.send_activation(desk.actor, detail.account.id).await?;
    let user = User {
        letter: Some(LetterOf::from(&letter)),
        ..User::whole(&detail)
    };
    desk.out.one(&user, User::line);
    Ok(())
}

pub(super) async fn run(desk: &mut Desk<'_>, command: Command) -> Result<(), Failure> {
    match command {
        Command::Show { handle, dry } => {
            let id = find(desk, &handle).await?.account.id;
            let board = desk.board(dry);
            let minted = board.show_activation(desk.actor, id).await?;
            if !dry.dry_run {
                desk.out.note(&words::command::shown_once());
            }
            desk.out.one(&described_once(minted, dry), told);
        }
        Command::Revoke { handle, dry } => {
            let detail = find(desk, &handle).await?;
            let board = desk.board(dry);
            let id = detail.account.id;
            let there_was = board.revoke_activation(desk.actor, id).await?;
            let detail = board.user(desk.actor, id).await?;
            let done = words::activation::revoked(there_was);
            desk.out.one(&User::whole(&detail), |user| {
                format!("{}: {done}\n", user.handle)
            });
        }
    }
    Ok(())
}
