//! Parts that screens are made of. Each keeps its own state, takes keys and
//! draws itself; none asks for effects.

pub mod card;
mod caret;
pub mod choice;
pub mod editor;
pub mod field;
pub mod filters;
pub mod list;
pub mod prose;
pub mod qr;

pub use card::{Confirm, Prompt};
pub use choice::Choice;
pub use editor::Editor;
pub use field::Field;
pub use list::{Item, List};
pub use prose::{Prose, Scroll};
pub use qr::Qr;

/// Whether keys go to a widget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// They do.
    Here,
    /// They do not.
    Elsewhere,
}

impl Focus {
    /// Returns `Here` if `claim` holds.
    pub const fn when(claim: bool) -> Self {
        if claim { Self::Here } else { Self::Elsewhere }
    }
}
