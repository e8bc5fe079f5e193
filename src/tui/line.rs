//! What a session needs from whatever carries it: bytes in, frames out, a size,
//! and a way to hang up. `ssh` makes one for every shell; tests make their own.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio_util::sync::CancellationToken;

/// Messages from the client that may wait; when full, the callback waits and
/// TCP pushes back.
pub const INBOUND: usize = 64;

/// A terminal's size in cells, always within the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Columns, 20 to 400.
    pub width: u16,
    /// Rows, 5 to 150.
    pub height: u16,
}

impl Size {
    /// The size of a terminal that did not say: 80x24.
    pub const USUAL: Self = Self {
        width: 80,
        height: 24,
    };

    /// Clamps what a client claims; 0 means it does not know.
    pub fn clamp(columns: u32, rows: u32) -> Self {
        let within = |claimed: u32, usual: u16, least: u16, most: u16| match claimed {
            0 => usual,
            n => u16::try_from(n).unwrap_or(most).clamp(least, most),
        };
        Self {
            width: within(columns, Self::USUAL.width, 20, 400),
            height: within(rows, Self::USUAL.height, 5, 150),
        }
    }
}

/// What the client told about its terminal before the shell began: each at most
/// 64 printable bytes, cleaned by the transport.
#[derive(Clone, Debug, Default)]
pub struct Terminal {
    /// TERM of the pty request.
    pub term: String,
    /// The accepted environment, of `LANG`, `LC_ALL`, `LC_CTYPE`, `TZ`,
    /// `COLORTERM`, `NO_COLOR` and `RINGDOWN_UI`.
    pub env: Vec<(String, String)>,
}

/// Bytes to show, and the right to have them on their way.
#[derive(Debug)]
pub struct Frame {
    /// The bytes, never empty.
    pub bytes: Vec<u8>,
    /// Given back when the transport has accepted the bytes and the reader
    /// keeps up: then the next frame may be drawn.
    pub permit: OwnedSemaphorePermit,
}

/// The session's end of a line.
#[derive(Debug)]
pub struct Line {
    /// What the caller typed. Closed when the client closed its side.
    pub input: mpsc::Receiver<Bytes>,
    /// The newest size only.
    pub size: watch::Receiver<Size>,
    /// Where frames go; never waits, since `frames` lets only one be under way.
    pub output: mpsc::Sender<Frame>,
    /// One permit: one frame in flight.
    pub frames: Arc<Semaphore>,
    /// Cancelled when the transport is gone or must go.
    pub closed: CancellationToken,
    /// What the client told about its terminal.
    pub terminal: Terminal,
}

/// The transport's end of a line.
#[derive(Debug)]
pub struct Far {
    /// Takes what the caller types.
    pub input: mpsc::Sender<Bytes>,
    /// Takes sizes.
    pub size: watch::Sender<Size>,
    /// Gives frames; closed after the session's last.
    pub output: mpsc::Receiver<Frame>,
}

/// Makes both ends of a line.
pub fn line(terminal: Terminal, size: Size, closed: CancellationToken) -> (Line, Far) {
    let (input, typed) = mpsc::channel(INBOUND);
    let (resize, size) = watch::channel(size);
    // One frame in flight, and the farewell that needs no permit to be queued.
    let (output, frames) = mpsc::channel(2);
    let near = Line {
        input: typed,
        size,
        output,
        frames: Arc::new(Semaphore::new(1)),
        closed,
        terminal,
    };
    (
        near,
        Far {
            input,
            size: resize,
            output: frames,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threat_08_hostile_sizes_are_clamped_and_unknown_ones_are_usual() {
        for (claimed, want) in [
            ((0, 0), (80, 24)),
            ((1, 1), (20, 5)),
            ((0, 24), (80, 24)),
            ((65_535, 65_535), (400, 150)),
            ((65_536, 65_536), (400, 150)),
            ((u32::MAX, u32::MAX), (400, 150)),
            ((132, 50), (132, 50)),
        ] {
            let size = Size::clamp(claimed.0, claimed.1);
            assert_eq!((size.width, size.height), want, "{claimed:?}");
        }
    }
}
