//! Which screen a caller belongs on: at the beginning of a call, and whenever
//! their account changes. What the screen says and what the gate does come from
//! the same status.

use super::{Layer, screens::welcome::Welcome};
use crate::app::login::Login;

/// Returns the home of whoever just proved who they are.
pub fn home(_login: &Login) -> Layer {
    Welcome::again(None).into()
}
