//! The few buffers that frames are drawn in, shared by all sessions: a buffer
//! of a session's own would be most of its memory.

/// Buffers to draw in.
#[derive(Debug, Default)]
pub struct Scratch;
