//! The screens that can be pictured: who sees each, and what they typed to get
//! there.

mod desk;
mod door;
mod member;

use crate::settings::Key;

/// A screen somebody sees.
#[derive(Clone, Copy)]
pub(super) struct Scene {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) board: Board,
    /// What is set otherwise on the board.
    pub(super) set: &'static [(Key, &'static str)],
    /// Whose two-factor login is on.
    pub(super) factor: Option<&'static str>,
    /// Who has registered just before and has to prove an address.
    pub(super) newcomer: Option<&'static str>,
    pub(super) who: Who,
    /// What they type, one step after the other.
    pub(super) typed: &'static [&'static str],
}

/// The board on which it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Board {
    /// The one of the demo.
    Demo,
    /// One that nobody runs yet.
    New,
    /// A copy of the demo's, opened for the first time.
    Copy,
}

/// Who sees it.
#[derive(Clone, Copy)]
pub(super) enum Who {
    /// Somebody who came through a door, with that key if any.
    Caller(Door, Option<&'static str>),
    /// The account of that handle, at home.
    Account(&'static str),
}

/// The user name of a call.
#[derive(Clone, Copy)]
pub(super) enum Door {
    /// This one.
    Named(&'static str),
    /// The claim line.
    Claim,
    /// The line that adds a key to the account of that handle.
    Key(&'static str),
    /// The line with a code for a new password of that handle.
    Recover(&'static str),
}

/// A password that every rule likes; everybody's on the board of the demo.
pub(super) const PASSWORD: &str = "harbour fog and gulls";

/// Stands for the code that an app shows just then.
pub(super) const CODE: &str = "{code}";

const ENTER: &str = "\r";
const TAB: &str = "\t";
const DOWN: &str = "\x1b[B";
const RIGHT: &str = "\x1b[C";
const LEFT: &str = "\x1b[D";
const CTRL_C: &str = "\x03";
const CTRL_S: &str = "\x13";

const fn scene(
    name: &'static str,
    about: &'static str,
    who: Who,
    typed: &'static [&'static str],
) -> Scene {
    Scene {
        name,
        about,
        board: Board::Demo,
        set: &[],
        factor: None,
        newcomer: None,
        who,
        typed,
    }
}

impl Scene {
    const fn on(self, board: Board) -> Self {
        Self { board, ..self }
    }

    const fn factor(self, handle: &'static str) -> Self {
        Self {
            factor: Some(handle),
            ..self
        }
    }

    /// Has somebody register just before, who has to prove an address.
    const fn newcomer(self, handle: &'static str) -> Self {
        Self {
            newcomer: Some(handle),
            set: &[(Key::RequireEmailVerification, "on")],
            ..self
        }
    }

    const fn set(self, set: &'static [(Key, &'static str)]) -> Self {
        Self { set, ..self }
    }
}

/// Returns every screen, in the order in which people meet them.
pub(super) fn all() -> impl Iterator<Item = &'static Scene> {
    [door::SCENES, member::SCENES, desk::SCENES]
        .into_iter()
        .flatten()
}
