//! A board as its operator has it: a process, a directory, and commands.

use std::{
    io::{BufRead as _, BufReader, Read},
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    thread::{self, JoinHandle},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::sync::mpsc;

use super::{call::in_time, keyring};

/// A board that is served.
pub(crate) struct Board {
    dir: TempDir,
    /// Where the process keeps it.
    data: PathBuf,
    served: Served,
}

/// The process that serves it.
struct Served {
    child: Child,
    stdout: mpsc::Receiver<String>,
    stderr: Option<JoinHandle<String>>,
    port: u16,
}

impl Board {
    /// Starts a board that nobody runs yet.
    pub(crate) async fn unclaimed() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let served = Served::start(dir.path()).await;
        let data = dir.path().to_owned();
        Self { dir, data, served }
    }

    /// Starts a throw-away board.
    pub(crate) async fn demo() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut demo = executable(dir.path());
        let mut served = Served::spawn(demo.arg("demo").env("TMPDIR", dir.path()));
        let says = served.line("board in").await;
        let data = says.split_whitespace().last().unwrap().into();
        let call = served.line("ssh -p").await;
        served.port = call.split_whitespace().nth(3).unwrap().parse().unwrap();
        Self { dir, data, served }
    }

    /// Where the process keeps it.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// Waits for a line on standard output that contains `text`.
    pub(crate) async fn says(&mut self, text: &str) -> String {
        self.served.line(text).await
    }

    /// Starts a board with the sysop opal, who comes with her key.
    pub(crate) async fn new() -> Self {
        let board = Self::unclaimed().await;
        board.create("opal", "sysop");
        board
    }

    /// Where callers connect.
    pub(crate) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.served.port).into()
    }

    /// The file with the `known_hosts` line that the start printed.
    pub(crate) fn known_hosts(&self) -> PathBuf {
        self.dir.path().join("known_hosts")
    }

    /// A directory for what callers keep: keys, sockets.
    pub(crate) fn home(&self) -> &Path {
        self.dir.path()
    }

    /// The file with the private key of somebody who was made or saved here.
    pub(crate) fn key_file(&self, name: &str) -> PathBuf {
        keyring::file(self.home(), name)
    }

    /// The user name of the claim line that the start printed.
    pub(crate) async fn claim_name(&mut self) -> String {
        let line = self.served.line("ssh -p").await;
        let word = |word: &str| word.split('@').next().unwrap().to_owned();
        line.split_whitespace()
            .find(|word| word.starts_with("claim-"))
            .map(word)
            .unwrap()
    }

    /// Returns one of the operator's commands, not yet running.
    pub(crate) fn at_the_host(&self, args: &[&str]) -> Command {
        let mut command = executable(&self.data);
        command.args(args).stdin(Stdio::null());
        command
    }

    /// Runs one of the operator's commands.
    pub(crate) fn command(&self, args: &[&str]) -> Output {
        self.at_the_host(args).output().unwrap()
    }

    /// Runs one of the operator's commands, which must succeed, and returns
    /// what it prints.
    pub(crate) fn operator(&self, args: &[&str]) -> String {
        let output = self.command(args);
        let [stdout, stderr] = [output.stdout, output.stderr].map(text);
        assert!(output.status.success(), "{args:?}: {stdout}{stderr}");
        stdout
    }

    /// Makes an active account whose owner has the key of that name.
    pub(crate) fn create(&self, handle: &str, role: &str) {
        let key = keyring::save(&keyring::key(handle), self.home(), handle);
        let public = key.with_extension("pub");
        let public = public.to_str().unwrap();
        self.operator(&["user", "create", handle, "--role", role, "--key", public]);
    }

    /// Changes a setting.
    pub(crate) fn set(&self, key: &str, value: &str) {
        self.operator(&["settings", "set", key, value]);
    }

    /// Makes an invite and returns its code.
    pub(crate) fn invite(&self) -> String {
        let made = self.operator(&["invite", "create", "--json"]);
        let made: serde_json::Value = serde_json::from_str(&made).unwrap();
        made["code"].as_str().unwrap().to_owned()
    }

    /// Returns all accounts.
    pub(crate) fn users(&self) -> Vec<serde_json::Value> {
        serde_json::from_str(&self.operator(&["user", "list", "--json"])).unwrap()
    }

    /// Returns all invites, newest first.
    pub(crate) fn invites(&self) -> Vec<serde_json::Value> {
        serde_json::from_str(&self.operator(&["invite", "list", "--json"])).unwrap()
    }

    /// Returns the account of that handle as the operator sees it.
    pub(crate) fn user(&self, handle: &str) -> Option<serde_json::Value> {
        let output = self.command(&["user", "show", handle, "--json"]);
        match output.status.code() {
            Some(0) => Some(serde_json::from_slice(&output.stdout).unwrap()),
            Some(4) => None,
            other => panic!("{handle}: {other:?} {}", text(output.stderr)),
        }
    }

    /// Returns the status of an account, if there is one.
    pub(crate) fn status(&self, handle: &str) -> Option<String> {
        let user = self.user(handle)?;
        Some(user["status"].as_str().unwrap().to_owned())
    }

    /// Ends the process as a crash does.
    pub(crate) fn kill(&mut self) {
        self.served.child.kill().unwrap();
        self.served.child.wait().unwrap();
    }

    /// Asks the process to stop.
    pub(crate) fn terminate(&self) {
        kill_process(Pid::from_child(&self.served.child), Signal::TERM).unwrap();
    }

    /// Waits for the process to end; returns how, and its whole log.
    pub(crate) async fn ended(&mut self) -> (ExitStatus, String) {
        let ended = async { while self.served.stdout.recv().await.is_some() {} };
        in_time("the board's end", ended).await;
        let status = self.served.child.wait().unwrap();
        let log = self.served.stderr.take().unwrap().join().unwrap();
        (status, log)
    }

    /// Serves the board again after its process has ended, on another port.
    pub(crate) async fn restart(&mut self) {
        self.served = Served::start(self.dir.path()).await;
    }
}

impl Served {
    /// Starts the process and waits until it says where it listens.
    async fn start(dir: &Path) -> Self {
        let mut served = Self::spawn(executable(dir).args(["serve", "--listen", "127.0.0.1:0"]));
        let listens = served.line("listens on").await;
        served.port = listens.rsplit(':').next().unwrap().parse().unwrap();
        let known = served.line("known_hosts").await;
        let known = known.trim().strip_prefix("known_hosts").unwrap().trim();
        std::fs::write(dir.join("known_hosts"), format!("{known}\n")).unwrap();
        served
    }

    /// Starts the process, which has said nothing yet.
    fn spawn(program: &mut Command) -> Self {
        let mut child = program
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = child.stderr.take().unwrap();
        Self {
            stdout: lines(child.stdout.take().unwrap()),
            child,
            stderr: Some(thread::spawn(move || {
                let mut log = Vec::new();
                stderr.read_to_end(&mut log).unwrap();
                text(log)
            })),
            port: 0,
        }
    }

    /// Waits for a line on standard output that contains `text`.
    async fn line(&mut self, text: &str) -> String {
        let found = async {
            while let Some(line) = self.stdout.recv().await {
                if line.contains(text) {
                    return line;
                }
            }
            let log = self.stderr.take().unwrap().join().unwrap();
            panic!("the board ended without saying {text:?}: {log}");
        };
        in_time(text, found).await
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The built executable, for the board in `dir`, with nobody's environment.
pub(crate) fn executable(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringdown"));
    command.env_clear().arg("--data").arg(dir);
    command
}

/// Reads lines in the background; the board prints a few dozen at most.
fn lines(from: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(64);
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// What a program wrote.
pub(crate) fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}
