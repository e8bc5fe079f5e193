//! The few buffers that frames are drawn in, shared by all sessions: a buffer
//! of a session's own would be most of its memory.

use std::sync::{Mutex, PoisonError};

use ratatui::{buffer::Buffer, layout::Rect};

use super::line::Size;

/// Buffers kept between frames; more are made when more sessions draw at once,
/// and thrown away. As many as there are workers on most machines.
const KEPT: usize = 8;
/// Cells of the largest buffer that is kept (a cell is 48 bytes).
const LARGEST: usize = 200 * 60;

/// Buffers to draw in.
///
/// A lock, not a channel: it is held for a push or a pop and never while
/// drawing, and a session that finds none free makes its own.
#[derive(Debug, Default)]
pub struct Scratch {
    free: Mutex<Vec<Buffer>>,
}

impl Scratch {
    /// Lends an empty buffer of a size to `draw`.
    pub fn lend<R>(&self, size: Size, draw: impl FnOnce(&mut Buffer) -> R) -> R {
        let mut buffer = self.free().pop().unwrap_or_default();
        buffer.resize(Rect::new(0, 0, size.width, size.height));
        buffer.reset();
        let drawn = draw(&mut buffer);
        let mut free = self.free();
        if free.len() < KEPT && buffer.content.capacity() <= LARGEST {
            free.push(buffer);
        }
        drawn
    }

    fn free(&self) -> std::sync::MutexGuard<'_, Vec<Buffer>> {
        // Nothing in there can be half done.
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
