//! One session from its first frame to its last. It decides nothing: it feeds
//! the session and does what the session asks for.

use std::sync::Arc;

use super::{Layer, Scratch, line::Line};
use crate::{
    app::{Bbs, visit::Visit},
    domain::actor::Actor,
};

/// Runs a session until the caller leaves, the line is gone, or the board says
/// so. The terminal is restored on every way out.
pub async fn run(
    _bbs: Arc<Bbs>,
    _visit: Arc<Visit>,
    _actor: Actor,
    _scratch: Arc<Scratch>,
    _first: Layer,
    _line: Line,
) {
}
