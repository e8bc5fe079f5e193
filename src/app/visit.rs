//! Not written yet.

use crate::domain::id::SessionId;

/// One call.
#[derive(Debug)]
pub struct Visit {
    /// Its session.
    pub session: SessionId,
}
