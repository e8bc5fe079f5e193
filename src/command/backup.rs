//! `backup`: a copy of the board in a directory. What is in it, and how it is
//! made, is not decided here.

use std::path::PathBuf;

use super::{Desk, DryRun, Exit, Input, failure::Failure, shape};
use crate::{domain::actor::Actor, words};

/// What is to be copied where.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Command {
    /// The directory to make; there may be nothing in it yet.
    #[arg(value_name = "DIR")]
    place: PathBuf,
    #[command(flatten)]
    dry: DryRun,
}

impl Command {
    /// Returns what it reads besides its arguments: the directory, as the
    /// serving process finds it, too.
    pub(super) fn input(&self) -> Input {
        Input::Path(self.place.clone())
    }
}

pub(super) async fn run(desk: &mut Desk<'_>, command: Command) -> Result<(), Failure> {
    // Whoever names a directory of the machine must have it.
    let Actor::Console { .. } = desk.actor else {
        let sentence = words::command::only_the_machine();
        return Err(Failure::new(Exit::Refused, sentence));
    };
    let place = PathBuf::from(desk.input()?);
    let done = desk.board(command.dry).back_up(desk.actor, &place).await?;
    let copy = shape::Backup::from(&done);
    desk.out.one(&copy, |copy| format!("{}\n", copy.path));
    if !command.dry.dry_run {
        desk.out.note(&words::command::copied(copy.bytes, &place));
    }
    Ok(())
}
