//! The operator's commands: what they are called, what they read and say, and
//! how they end. The same code serves the host's command line, the control
//! socket and `ssh host COMMAND`; it opens no file and asks no terminal.

use crate::{
    app::{Bbs, Stop},
    domain::actor::Actor,
    words,
};

/// How a command ended, as scripts see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Something broke.
    Fault = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// A rule said no.
    Refused = 3,
    /// There is no such thing.
    NotFound = 4,
    /// Somebody else was quicker.
    Conflict = 5,
    /// A letter could not be sent.
    Mail = 6,
    /// Try again in a moment.
    Busy = 7,
}

impl Exit {
    /// Returns the number.
    pub const fn code(self) -> u8 {
        self as u8
    }
}

/// What a command said and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The result and nothing else; lines end in LF.
    pub stdout: String,
    /// The notes; lines end in LF.
    pub stderr: String,
    /// How it ended.
    pub exit: Exit,
}

impl Output {
    /// Ends with a note and no result.
    pub fn note(exit: Exit, note: &str) -> Self {
        Self {
            stdout: String::new(),
            stderr: format!("{}\n", note.trim_end()),
            exit,
        }
    }
}

/// What a command reads besides its arguments. Commands never open files: who
/// sent the command sends the text along, since only there the path means
/// something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing.
    Nothing,
    /// Standard input.
    Stdin,
    /// A file at the place where the command was typed.
    File(std::path::PathBuf),
}

/// One command of the operator.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum Command {
    /// Print a new line by which somebody becomes the sysop of a board that has
    /// none. The line before it stops working.
    Claim,
}

impl Command {
    /// Returns what it reads besides its arguments.
    pub const fn input(&self) -> Input {
        match self {
            Self::Claim => Input::Nothing,
        }
    }

    /// Whether it makes a board where there is none.
    pub const fn makes_board(&self) -> bool {
        match self {
            Self::Claim => true,
        }
    }
}

/// Carries out `command` for `actor`; `input` is what came with it.
pub async fn run(bbs: &Bbs, _actor: &Actor, command: Command, _input: Option<String>) -> Output {
    match command {
        Command::Claim => claim(bbs).await,
    }
}

async fn claim(bbs: &Bbs) -> Output {
    match bbs.mint_claim().await {
        Ok(Some(line)) => Output {
            stdout: format!("{}\n", line.expose()),
            stderr: String::new(),
            exit: Exit::Done,
        },
        Ok(None) => Output::note(Exit::Refused, "Somebody runs this board already."),
        Err(Stop::Refused(refusal)) => Output::note(Exit::Refused, &words::refusal(&refusal)),
        Err(Stop::Broken(broken)) => Output::note(Exit::Fault, &broken.fault.to_string()),
    }
}
