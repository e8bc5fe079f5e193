//! The USERS tab's use cases: looking at accounts and deciding about them. Each
//! has a file of its own; what several need is here.

mod ask;
mod claim;
mod decide;
mod decision;
mod doubt;
mod hint;
mod look;
mod note;
mod session;
mod ties;
mod undo;

pub use decision::{Decided, Decision, Reason, Tell};
pub use hint::{Earlier, Hint};
pub use look::{Detail, FILTERS, Page, Powers};
pub use ties::{Ties, Welcome};

use crate::domain::{
    refusal::Refusal,
    text::{Block, TextProblem},
};

/// The longest note or reason.
const NOTE: usize = 500;

/// Reads a note or reason; nothing is nothing.
pub(super) fn written(text: &str) -> Result<Option<String>, Refusal> {
    match Block::parse(text, NOTE) {
        Ok(text) => Ok(Some(text.as_str().to_owned())),
        Err(TextProblem::Empty) => Ok(None),
        Err(TextProblem::TooLong { max }) => Err(Refusal::TextLong(max)),
    }
}
