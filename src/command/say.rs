//! `say`: a line on every screen.

use super::{Desk, DryRun, failure::Failure, shape::Said};
use crate::words;

/// A line for everybody.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Say {
    /// The line, 160 characters at most; the words need no quotes.
    #[arg(required = true)]
    text: Vec<String>,
    #[command(flatten)]
    dry: DryRun,
}

pub(super) async fn run(desk: &mut Desk<'_>, say: Say) -> Result<(), Failure> {
    let board = desk.board(say.dry);
    let screens = board.say_to_all(desk.actor, &say.text.join(" ")).await?;
    desk.out
        .one(&Said { screens }, |said| words::command::said(said.screens));
    Ok(())
}
