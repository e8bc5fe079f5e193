//! The control socket: how the operator's commands reach a board that another
//! process serves. It carries words and runs none of them.
//!
//! One connection carries one command: a line of JSON there, lines of JSON
//! back, the last of which is the exit code.

mod client;
mod server;

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash as _, Hasher as _},
    io,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::data;
use crate::command::Progress;

pub(super) use client::{AskError, ask};
pub(super) use server::{Operator, Server};

/// The longest path the system takes for a socket.
const LONGEST_PATH: usize = 107;

/// The longest text that is sent along with a command.
///
/// A list of the most accounts that an import takes, each with a long RSA key,
/// is about as long.
pub(super) const LONGEST_INPUT: usize = 8 * 1024 * 1024;

/// The longest request: arguments and text, with room for JSON's escapes.
const LONGEST_REQUEST: u64 = 4 * LONGEST_INPUT as u64;

/// One command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Request {
    /// The arguments, as they were typed after the program's name. They hold no
    /// secret: none is taken from arguments.
    pub(super) args: Vec<String>,
    /// The text the command reads, if it does.
    pub(super) stdin: Option<String>,
}

/// One line of the answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    Progress(Progress),
    Out(String),
    Err(String),
    Exit(u8),
}

/// Hears an answer as it comes.
pub(super) trait Ear {
    /// The command has got so far.
    fn progress(&mut self, step: Progress) -> io::Result<()>;
    /// It says this on standard output.
    fn out(&mut self, text: &str) -> io::Result<()>;
    /// It says this on standard error.
    fn err(&mut self, text: &str) -> io::Result<()>;
}

/// Keeps what it hears, for later.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// What was said on standard output.
    pub(super) out: String,
    /// What was said on standard error.
    pub(super) err: String,
}

impl Ear for Kept {
    fn progress(&mut self, _step: Progress) -> io::Result<()> {
        Ok(())
    }

    fn out(&mut self, text: &str) -> io::Result<()> {
        self.out.push_str(text);
        Ok(())
    }

    fn err(&mut self, text: &str) -> io::Result<()> {
        self.err.push_str(text);
        Ok(())
    }
}

/// Returns the board's socket in `data`, or where the file beside it says that
/// the socket is.
fn find(data: &Path) -> io::Result<PathBuf> {
    let data = data.canonicalize()?;
    match fs::read_to_string(pointer(&data)) {
        Ok(path) => Ok(PathBuf::from(path.trim_end())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(socket_in(&data)),
        Err(error) => Err(error),
    }
}

/// Returns where the board in `data` has its socket, and makes that place: in
/// `runtime` if the path in `data` is too long, and a file in `data` says so.
fn settle(data: &Path, runtime: &Path) -> io::Result<PathBuf> {
    let data = data.canonicalize()?;
    let pointer = pointer(&data);
    let near = socket_in(&data);
    if near.as_os_str().len() <= LONGEST_PATH {
        remove(&pointer)?;
        return Ok(near);
    }
    let mut hasher = DefaultHasher::new();
    data.as_os_str().as_bytes().hash(&mut hasher);
    let directory = runtime.join(format!("ringdown-{:016x}", hasher.finish()));
    data::make(&directory)?;
    // The runtime directory may be everybody's, and somebody else may have been
    // here first.
    data::check_own(&directory)?;
    let far = socket_in(&directory);
    fs::write(&pointer, format!("{}\n", far.display()))?;
    Ok(far)
}

fn socket_in(directory: &Path) -> PathBuf {
    directory.join("ringdown.sock")
}

fn pointer(data: &Path) -> PathBuf {
    data.join("ringdown.sock.path")
}

/// Removes a file that may be missing.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::command::{Ears, Exit, Output};

    /// Says back what it was asked.
    struct Echo;

    impl Operator for Echo {
        async fn run(&self, uid: u32, request: Request, ears: Ears) -> Output {
            assert_eq!(uid, rustix::process::geteuid().as_raw());
            let progress = ears.progress.unwrap();
            for done in [1, 2] {
                progress.send(Progress { done, of: 2 }).await.unwrap();
            }
            // Until they are on their way.
            let all = progress.max_capacity();
            progress.reserve_many(all).await.unwrap();
            Output {
                stdout: format!("{:?} ", request.args).repeat(1_000),
                stderr: request.stdin.unwrap_or_default(),
                exit: Exit::Conflict,
            }
        }
    }

    /// Hears how far a command has got, and nothing else.
    #[derive(Default)]
    struct Steps(Vec<usize>);

    impl Ear for Steps {
        fn progress(&mut self, step: Progress) -> io::Result<()> {
            self.0.push(step.done);
            Ok(())
        }

        fn out(&mut self, _text: &str) -> io::Result<()> {
            Ok(())
        }

        fn err(&mut self, _text: &str) -> io::Result<()> {
            Ok(())
        }
    }

    fn request(stdin: &str) -> Request {
        Request {
            args: vec!["user".into(), "list".into()],
            stdin: Some(stdin.into()),
        }
    }

    #[tokio::test]
    async fn a_command_goes_there_and_its_answer_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let server = Server::start(dir.path(), dir.path(), Arc::new(Echo)).unwrap();
        let mut kept = Kept::default();
        let exit = ask(dir.path(), &request("hush\n"), &mut kept).await;
        assert_eq!(exit.unwrap(), 5);
        let Kept { out, err } = kept;
        assert!(out.starts_with(r#"["user", "list"]"#));
        assert_eq!(err, "hush\n");
        let mut steps = Steps::default();
        ask(dir.path(), &request(""), &mut steps).await.unwrap();
        assert_eq!(steps.0, [1, 2]);
        server.stop().await;
        assert!(!dir.path().join("ringdown.sock").exists());
    }

    #[tokio::test]
    async fn without_a_server_nobody_answers() {
        let dir = tempfile::tempdir().unwrap();
        let asked = ask(dir.path(), &request(""), &mut Kept::default()).await;
        assert!(matches!(asked, Err(AskError::Nobody)));
    }

    #[tokio::test]
    async fn what_a_killed_server_left_is_cleared_away() {
        let dir = tempfile::tempdir().unwrap();
        drop(std::os::unix::net::UnixListener::bind(dir.path().join("ringdown.sock")).unwrap());
        let asked = ask(dir.path(), &request(""), &mut Kept::default()).await;
        assert!(matches!(asked, Err(AskError::Nobody)));
        let server = Server::start(dir.path(), dir.path(), Arc::new(Echo)).unwrap();
        server.stop().await;
    }

    #[tokio::test]
    async fn a_path_that_is_too_long_leads_elsewhere() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("d".repeat(120));
        data::make(&data).unwrap();
        let server = Server::start(&data, dir.path(), Arc::new(Echo)).unwrap();
        let asked = ask(&data, &request(""), &mut Kept::default()).await;
        assert_eq!(asked.unwrap(), 5);
        server.stop().await;
    }
}
