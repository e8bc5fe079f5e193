//! How far the one thing has come that a screen does: nothing yet, under way,
//! or refused. Done, the screen is gone.

use crate::tui::{Canvas, Token};

/// How far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// It was not asked for.
    None,
    /// It is under way; asking again does nothing.
    Waiting,
    /// It was refused, in this sentence.
    Refused(String),
}

impl Progress {
    pub(super) fn is_waiting(&self) -> bool {
        *self == Self::Waiting
    }

    /// Says it; returns the rows that took.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, (x, y): (u16, u16)) -> u16 {
        match self {
            Self::None => 0,
            Self::Waiting => {
                canvas.text(x, y, "One moment…", Token::Dim);
                1
            }
            Self::Refused(words) => {
                canvas.text(x, y, "✗ ", Token::Bad);
                let width = canvas.width().saturating_sub(x + 4);
                canvas.paragraph((x + 2, y), width, words, Token::Bad)
            }
        }
    }
}
