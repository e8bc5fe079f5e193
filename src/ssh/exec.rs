//! What `ssh host COMMAND` gives to the board and gets back. It runs nothing
//! itself.

use bytes::Bytes;
use tokio::sync::mpsc;

/// The longest input of a command that is collected.
pub const LONGEST_INPUT: usize = 64 * 1024;

/// What a terminal sends for Ctrl-C.
const CTRL_C: u8 = 0x03;

/// How lines end at the client: a pseudo-terminal wants the carriage return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Newline {
    /// Without a terminal.
    Lf,
    /// On a terminal.
    CrLf,
}

impl Newline {
    /// Ends the lines of `text`, which end in LF, for this client.
    pub(super) fn end(self, text: String) -> Vec<u8> {
        match self {
            Self::Lf => text.into_bytes(),
            Self::CrLf => text.replace('\n', "\r\n").into_bytes(),
        }
    }
}

/// What a command says and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The result, lines ending in LF.
    pub stdout: String,
    /// The notes, lines ending in LF.
    pub stderr: String,
    /// The exit status.
    pub exit: u32,
}

/// What the client pipes into its command; read only if the command wants it.
#[derive(Debug)]
pub struct Stdin(mpsc::Receiver<Bytes>);

/// More was piped than a command takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {LONGEST_INPUT} bytes of input")]
pub struct TooLong;

impl Stdin {
    /// Reads from the callbacks' end.
    pub(super) const fn new(receiver: mpsc::Receiver<Bytes>) -> Self {
        Self(receiver)
    }

    /// Collects all input up to its end.
    pub async fn read(&mut self) -> Result<Vec<u8>, TooLong> {
        let mut collected = Vec::new();
        while let Some(bytes) = self.0.recv().await {
            if collected.len() + bytes.len() > LONGEST_INPUT {
                return Err(TooLong);
            }
            collected.extend_from_slice(&bytes);
        }
        Ok(collected)
    }

    /// Waits for Ctrl-C, as a terminal sends it; what else comes is let go.
    pub async fn interrupted(&mut self) {
        while let Some(bytes) = self.0.recv().await {
            if bytes.contains(&CTRL_C) {
                return;
            }
        }
        // The end of the input is no wish to stop.
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_the_client_wants_them() {
        let text = || "one\ntwo\n".to_owned();
        assert_eq!(Newline::Lf.end(text()), b"one\ntwo\n");
        assert_eq!(Newline::CrLf.end(text()), b"one\r\ntwo\r\n");
    }

    #[tokio::test]
    async fn input_is_collected_to_its_end_and_no_further_than_its_bound() {
        let (sender, receiver) = mpsc::channel(4);
        for chunk in ["hello ", "board"] {
            sender.send(Bytes::from(chunk)).await.unwrap();
        }
        drop(sender);
        assert_eq!(Stdin::new(receiver).read().await.unwrap(), b"hello board");

        let (sender, receiver) = mpsc::channel(4);
        for _ in 0..3 {
            sender.send(Bytes::from(vec![0; 32 * 1024])).await.unwrap();
        }
        drop(sender);
        assert_eq!(Stdin::new(receiver).read().await, Err(TooLong));
    }
}
