//! Frames and text on their way to one client: never more than it reads, never
//! waiting for ever. It draws nothing.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use russh::{ChannelId, Disconnect, server::Handle};
use tokio::{sync::mpsc, time::timeout};

use super::flow::Flow;
use crate::tui::line::Frame;

/// The piece in which long output is handed on.
const PIECE: usize = 32 * 1024;

/// SSH's number for the stream of notes.
const STDERR: u32 = 1;

/// The client took nothing for too long, or is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the client takes no output")]
pub(super) struct Stalled;

/// One channel's way out.
pub(super) struct Pump {
    pub(super) handle: Handle,
    pub(super) channel: ChannelId,
    pub(super) flow: Arc<Flow>,
    /// How long the client may take nothing.
    pub(super) patience: Duration,
}

impl Pump {
    /// Shows frames until the session lets go of the line. The next may be drawn
    /// when this one is accepted and the reader keeps up.
    pub(super) async fn show(&self, frames: &mut mpsc::Receiver<Frame>) -> Result<(), Stalled> {
        while let Some(Frame { bytes, permit }) = frames.recv().await {
            self.send(bytes.into()).await?;
            self.wait(self.flow.within_bounds()).await?;
            drop(permit);
        }
        Ok(())
    }

    /// Writes a result.
    pub(super) async fn write(&self, text: Vec<u8>) -> Result<(), Stalled> {
        for piece in pieces(text) {
            self.send(piece).await?;
            self.wait(self.flow.within_bounds()).await?;
        }
        Ok(())
    }

    /// Writes notes.
    pub(super) async fn note(&self, text: Vec<u8>) -> Result<(), Stalled> {
        for piece in pieces(text) {
            self.flow.sent(piece.len());
            let sent = self.handle.extended_data(self.channel, STDERR, piece);
            self.wait(sent).await?.map_err(|_| Stalled)?;
        }
        Ok(())
    }

    /// Ends the channel: what was written goes out before it.
    pub(super) async fn end(&self, exit: u32) -> Result<(), Stalled> {
        let gone = |()| Stalled;
        let ended = async {
            self.handle.exit_status_request(self.channel, exit).await?;
            self.handle.eof(self.channel).await?;
            self.handle.close(self.channel).await
        };
        self.wait(ended).await?.map_err(gone)
    }

    /// Tells a client that stays that the line is over.
    pub(super) async fn hang_up(&self) -> Result<(), Stalled> {
        let (reason, words) = (Disconnect::ByApplication, String::new());
        let told = self.handle.disconnect(reason, words, String::new());
        self.wait(told).await?.map_err(|_| Stalled)
    }

    async fn send(&self, bytes: Bytes) -> Result<(), Stalled> {
        // Counted before: the client may answer before we are back.
        self.flow.sent(bytes.len());
        let sent = self.handle.data(self.channel, bytes);
        self.wait(sent).await?.map_err(|_| Stalled)
    }

    async fn wait<T>(&self, progress: impl Future<Output = T>) -> Result<T, Stalled> {
        timeout(self.patience, progress).await.map_err(|_| Stalled)
    }
}

/// Cuts long output, so that a slow client stalls at most one piece.
fn pieces(text: Vec<u8>) -> impl Iterator<Item = Bytes> {
    let mut rest = Bytes::from(text);
    std::iter::from_fn(move || {
        let piece = rest.split_to(rest.len().min(PIECE));
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_output_is_cut_and_nothing_is_lost() {
        let text: Vec<u8> = (0..=255).cycle().take(PIECE * 2 + 1).collect();
        let cut: Vec<Bytes> = pieces(text.clone()).collect();
        assert_eq!(cut.len(), 3);
        assert_eq!(cut.concat(), text);
        assert_eq!(pieces(Vec::new()).count(), 0);
    }
}
