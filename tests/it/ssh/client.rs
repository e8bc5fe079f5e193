//! The clients people have, kept away from what is on this machine.

use std::{
    ffi::OsStr,
    io::{self, Write as _},
    path::Path,
    process::{Command, Output, Stdio},
};

use super::{board::Board, call::in_time, keyring::Agent};

/// A client that is about to call.
pub(crate) struct Client(Command);

impl Client {
    /// OpenSSH, to be called as `ssh`, `sftp` or `scp`: it knows the board from
    /// the line that the start printed, and has no key.
    pub(crate) fn openssh(program: &str, board: &Board) -> Option<Self> {
        let mut client = Self::find(program, "openssh-client", board)?;
        let known_hosts = board.known_hosts().display().to_string();
        client.0.args(["-F", "/dev/null"]);
        for option in [
            format!("UserKnownHostsFile={known_hosts}"),
            "GlobalKnownHostsFile=/dev/null".to_owned(),
            "StrictHostKeyChecking=yes".to_owned(),
            "SendEnv=LANG".to_owned(),
            format!("Port={}", board.address().port()),
        ] {
            client.0.args(["-o", &option]);
        }
        Some(client)
    }

    /// `ssh`.
    pub(crate) fn ssh(board: &Board) -> Option<Self> {
        Self::openssh("ssh", board)
    }

    /// Dropbear's `dbclient`.
    pub(crate) fn dbclient(board: &Board) -> Option<Self> {
        let port = board.address().port().to_string();
        // It keeps a list of hosts of its own, and asks about new ones.
        let client = Self::find("dbclient", "dropbear-bin", board)?;
        Some(client.args(["-y", "-y", "-p", &port]))
    }

    /// PuTTY's `plink`, without its "Press Return to begin session".
    pub(crate) fn plink(board: &Board) -> Option<Self> {
        let known = std::fs::read_to_string(board.known_hosts()).unwrap();
        let (_, host_key) = known.split_once(' ').unwrap();
        let host_key = ssh_key::PublicKey::from_openssh(host_key).unwrap();
        let fingerprint = host_key.fingerprint(ssh_key::HashAlg::Sha256).to_string();
        let port = board.address().port().to_string();
        let client = Self::find("plink", "putty-tools", board)?;
        Some(client.args(["-no-antispoof", "-P", &port, "-hostkey", &fingerprint]))
    }

    /// Looks for a program; without it the test is passed over on a laptop, and
    /// fails where everything has to be there.
    fn find(program: &str, package: &str, board: &Board) -> Option<Self> {
        let path = std::env::var_os("PATH").unwrap();
        if !std::env::split_paths(&path).any(|dir| dir.join(program).is_file()) {
            let missing = format!("`{program}` is missing: install the package {package}");
            let is_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
            assert!(!is_ci, "{missing}");
            // `eprintln!` would be kept back by a test that passes.
            let seen = format!("passed over: {missing}\n");
            io::stderr().write_all(seen.as_bytes()).unwrap();
            return None;
        }
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", board.home())
            .env("TERM", "xterm-256color")
            .env("LANG", "C.UTF-8");
        Some(Self(command))
    }

    /// Gives arguments.
    pub(crate) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.0.args(args);
        self
    }

    /// OpenSSH comes with the keys of an agent.
    pub(crate) fn with_agent(mut self, agent: &Agent) -> Self {
        self.0.env("SSH_AUTH_SOCK", agent.socket());
        self.args(["-o", "IdentityFile=none"])
    }

    /// Comes with the key in a file.
    pub(crate) fn with_key(mut self, file: &Path) -> Self {
        self.0.arg("-i").arg(file);
        self
    }

    /// OpenSSH comes without a key.
    pub(crate) fn without_key(self) -> Self {
        self.args(["-o", "IdentityFile=none"])
    }

    /// Calls that name at the board.
    pub(crate) fn to(self, name: &str) -> Command {
        self.args([format!("{name}@localhost")]).command()
    }

    /// Calls as the arguments say.
    pub(crate) fn command(self) -> Command {
        self.0
    }
}

/// Runs a client without a terminal and returns what it said.
pub(crate) async fn output(mut client: Command) -> Output {
    client
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let what = format!("{client:?}");
    let child = client.spawn().unwrap();
    let ended = tokio::task::spawn_blocking(|| child.wait_with_output());
    in_time(&what, ended).await.unwrap().unwrap()
}
