//! Asks the process that serves a board to run a command. It does not open the
//! board itself.

use std::{io, path::Path, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::UnixStream,
    time::timeout,
};

use super::{Ear, Reply, Request, find};

/// How long the server may stay silent before the first line: longer than the
/// longest command. A command that goes on is silent as long as nothing is new.
const PATIENCE: Duration = Duration::from_mins(15);

/// Why a command was not run by the server.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum AskError {
    /// No process listens: the board is not served, or not yet.
    #[error("nobody listens")]
    Nobody,
    /// The conversation broke off.
    #[error("{0}")]
    Broken(#[from] io::Error),
}

/// Sends `request` to the server of the board in `data`, lets `ear` hear what it
/// says, and returns the command's exit code.
pub(in crate::cli) async fn ask(
    data: &Path,
    request: &Request,
    ear: &mut impl Ear,
) -> Result<u8, AskError> {
    let mut stream = connect(data).await?;
    let mut line = serde_json::to_vec(request).map_err(io::Error::from)?;
    line.push(b'\n');
    stream.write_all(&line).await?;
    let mut lines = BufReader::new(stream).lines();
    let mut next = timeout(PATIENCE, lines.next_line())
        .await
        .map_err(io::Error::from)??;
    loop {
        let line = next
            .ok_or(io::ErrorKind::UnexpectedEof)
            .map_err(io::Error::from)?;
        match serde_json::from_str(&line).map_err(io::Error::from)? {
            Reply::Progress(step) => ear.progress(step)?,
            Reply::Out(text) => ear.out(&text)?,
            Reply::Err(text) => ear.err(&text)?,
            Reply::Exit(code) => return Ok(code),
        }
        next = lines.next_line().await?;
    }
}

async fn connect(data: &Path) -> Result<UnixStream, AskError> {
    UnixStream::connect(find(data)?)
        .await
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => AskError::Nobody,
            _ => AskError::Broken(error),
        })
}
