//! Tells the sysop's own program what happens: the only place that starts one. It
//! makes one attempt; when to try again is not its business.

mod group;

use std::{
    ffi::OsStr,
    fmt,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use rustix::fs::{Access, access};
use serde::Serialize;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy, sink},
    process::{ChildStderr, ChildStdin, Command},
    task::JoinSet,
    time::timeout,
};

use crate::{
    domain::{clock::Timestamp, news::News, text},
    words,
};
use group::Group;

/// How long a program may take.
pub const LIMIT: Duration = Duration::from_secs(30);

/// What a program may know of the board's environment, which holds secrets.
pub const ENVIRONMENT: [&str; 3] = ["PATH", "HOME", "LANG"];

/// Bytes that are kept of what a program said.
const SAID: u16 = 200;

/// How long its last words may take to arrive when it has ended: only what has
/// left its group can keep the line open.
const ECHO: Duration = Duration::from_secs(1);

/// What a program is told: an object on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// What happened, by its stable name.
    event: &'static str,
    /// The board's name.
    board: String,
    /// When it happened.
    at: String,
    /// The same in a sentence.
    text: String,
    /// Whom it is about.
    handles: Vec<String>,
    /// How to call the board.
    ssh: String,
}

/// What there is to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What happened.
    pub news: News,
    /// The board's name.
    pub board: String,
    /// When it happened.
    pub at: Timestamp,
    /// Whom it is about; of an alert, what was found.
    pub names: Vec<String>,
    /// How many it is about besides.
    pub more: u32,
    /// The line by which a sysop calls.
    pub line: String,
}

impl Message {
    /// Puts facts into words.
    pub fn of(facts: Facts) -> Self {
        let text = words::notify::says(facts.news, &facts.names, facts.more);
        Self {
            event: facts.news.name(),
            board: facts.board,
            at: facts.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            text,
            handles: match facts.news {
                News::Alert | News::Test => Vec::new(),
                News::RequestWaits | News::RequestAnswered | News::Rang => facts.names,
            },
            ssh: facts.line,
        }
    }

    /// Returns it as a line; texts and a list of them can always be written.
    fn line(&self) -> String {
        let object = serde_json::to_string(self).unwrap_or_default();
        format!("{object}\n")
    }
}

/// Why a program can't be started at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is told from where the board happens to stand.
    #[error("{0} is neither an absolute path nor a name in PATH")]
    Relative(String),
    /// There is no such file.
    #[error("{0} is not there")]
    Missing(String),
    /// No directory of PATH has it.
    #[error("{0} is not in PATH")]
    Nowhere(String),
    /// It is no program, or none for this user.
    #[error("{0} can't be run by this user")]
    Forbidden(String),
}

/// Why an attempt failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is nothing to start.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// The system did not start it, or lost it.
    #[error("{0}")]
    System(#[from] std::io::Error),
    /// It took too long.
    #[error("it took longer than {} s{}", limit.as_secs(), after(said))]
    Slow {
        /// How long it might have taken.
        limit: Duration,
        /// What it said.
        said: String,
    },
    /// It ended as programs do that failed.
    #[error("it ended with {status}{}", after(said))]
    Ended {
        /// How it ended.
        status: ExitStatus,
        /// What it said.
        said: String,
    },
}

/// Returns what a program said, to be put after what became of it.
fn after(said: &str) -> String {
    match said {
        "" => String::new(),
        said => format!(": {said}"),
    }
}

/// Starts the sysop's program.
#[derive(Clone)]
pub struct Notifier {
    program: String,
    arguments: Vec<String>,
    environment: Vec<(&'static str, String)>,
    limit: Duration,
}

/// Leaves the arguments out.
impl fmt::Debug for Notifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Notifier({})", self.program)
    }
}

impl Notifier {
    /// Makes one of a program and its arguments, if there is any, and of what it
    /// may know of the environment.
    pub fn new(
        command: &[String],
        environment: Vec<(&'static str, String)>,
        limit: Duration,
    ) -> Option<Self> {
        let (program, arguments) = command.split_first()?;
        Some(Self {
            program: program.clone(),
            arguments: arguments.to_vec(),
            environment,
            limit,
        })
    }

    /// Returns the program as it was configured.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// Returns where the program is, or why it can't be started.
    pub fn check(&self) -> Result<PathBuf, Problem> {
        let (name, path) = (&self.program, Path::new(&self.program));
        let found = if path.is_absolute() {
            path.exists()
                .then(|| path.to_owned())
                .ok_or_else(|| Problem::Missing(name.clone()))?
        } else if path.file_name() == Some(OsStr::new(name)) {
            self.in_path(name)
                .ok_or_else(|| Problem::Nowhere(name.clone()))?
        } else {
            return Err(Problem::Relative(name.clone()));
        };
        if is_program(&found) {
            Ok(found)
        } else {
            Err(Problem::Forbidden(name.clone()))
        }
    }

    /// Returns the first file of that name in PATH that can be run, or the first
    /// at all.
    fn in_path(&self, name: &str) -> Option<PathBuf> {
        let (_, path) = self.environment.iter().find(|(key, _)| *key == "PATH")?;
        let files: Vec<_> = std::env::split_paths(path)
            .filter(|directory| directory.is_absolute())
            .map(|directory| directory.join(name))
            .filter(|file| file.exists())
            .collect();
        let runs = files.iter().find(|file| is_program(file));
        runs.or(files.first()).cloned()
    }

    /// Makes one attempt to tell the program. Giving this future up ends the
    /// program, and whatever it started, at once.
    pub async fn tell(&self, message: &Message) -> Result<(), Failure> {
        let mut child = Command::new(self.check()?)
            .args(&self.arguments)
            .env_clear()
            .envs(self.environment.iter().cloned())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let group = Group::led_by(&child);
        let mut ears = JoinSet::new();
        if let Some(stderr) = child.stderr.take() {
            ears.spawn(listen(stderr));
        }
        let run = async {
            if let Some(stdin) = child.stdin.take() {
                feed(stdin, &message.line()).await;
            }
            child.wait().await
        };
        let ended = timeout(self.limit, run).await;
        // What it left running ends with it: there is one attempt at a time.
        drop(group);
        let said = timeout(ECHO, ears.join_next()).await.ok().flatten();
        let said = said.and_then(Result::ok).unwrap_or_default();
        match ended {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(Failure::Ended { status, said }),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(Failure::Slow {
                limit: self.limit,
                said,
            }),
        }
    }
}

/// Whether this user may run it.
fn is_program(path: &Path) -> bool {
    path.is_file() && access(path, Access::EXEC_OK).is_ok()
}

/// Writes the line and closes the pipe. Who does not read it is judged by how it
/// ends.
async fn feed(mut stdin: ChildStdin, line: &str) {
    stdin.write_all(line.as_bytes()).await.ok();
}

/// Returns the first of what a program says; the rest is read too, or the program
/// would wait for a reader.
async fn listen(mut stderr: ChildStderr) -> String {
    let mut said = Vec::new();
    let mut first = (&mut stderr).take(SAID.into());
    // A pipe that breaks has nothing more to say.
    first.read_to_end(&mut said).await.ok();
    copy(&mut stderr, &mut sink()).await.ok();
    text::for_log(&String::from_utf8_lossy(&said), SAID.into())
}

#[cfg(test)]
mod tests;
