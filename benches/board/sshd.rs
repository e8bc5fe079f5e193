//! OpenSSH's server beside the board: a process of its own with keys of its own
//! in a directory that goes with it. Where it is not installed, nobody misses it.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    net::SocketAddr,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use ssh_key::LineEnding;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::{
    Result,
    seed::Person,
    server::{first_word, free_address},
};

/// How long it may take to say its first word.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long Linux counts a tick of `/proc/PID/stat`, whatever its own clock.
const TICK: Duration = Duration::from_millis(10);

/// OpenSSH's server; killed when dropped.
pub(crate) struct Sshd {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Whom it lets in: it can't become anybody else.
    pub(crate) user: String,
    _directory: TempDir,
}

impl Sshd {
    /// Whose key it lets in.
    pub(crate) const CALLER: Person = Person(0);
    /// Whose key it has.
    const HOST: Person = Person(1);

    /// Starts it and waits for its first word; fails where there is none.
    pub(crate) async fn start() -> Result<Self> {
        let program = find().ok_or("not installed")?;
        let directory = tempfile::Builder::new().prefix("ringdown-sshd").tempdir()?;
        let address = free_address()?;
        let config = prepare(directory.path(), address)?;
        let child = Command::new(program)
            // In front, with its log where ours is.
            .args(["-D", "-e", "-f"])
            .arg(config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()?;
        let name = Command::new("id").arg("-un").output()?;
        let mut sshd = Self {
            child,
            address,
            user: String::from_utf8(name.stdout)?.trim().to_owned(),
            _directory: directory,
        };
        tokio::select! {
            greeted = timeout(PATIENCE, first_word(address)) => {
                greeted.map_err(|_| "it does not greet")?;
            }
            () = sshd.exits() => return Err("it does not start".into()),
        }
        Ok(sshd)
    }

    /// Waits until it is no more.
    async fn exits(&mut self) {
        while let Ok(None) = self.child.try_wait() {
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// Returns the time it has had, with that of its children who are gone: it
    /// has a few for every connection.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let (_, numbers) = text.rsplit_once(')').ok_or("an odd stat")?;
        // utime, stime, cutime and cstime, see proc_pid_stat(5).
        let ticks = numbers.split_whitespace().skip(11).take(4);
        let ticks: u32 = ticks.map(str::parse::<u32>).sum::<Result<_, _>>()?;
        Ok(TICK * ticks)
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        // It may have stopped already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Finds the program; it starts only by its full name.
fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        // Where it is, though few have it in their PATH.
        .chain([PathBuf::from("/usr/sbin")])
        .map(|directory| directory.join("sshd"))
        .find(|program| program.is_absolute() && program.is_file())
}

/// Writes its keys and its configuration, and returns the latter.
fn prepare(directory: &Path, address: SocketAddr) -> Result<PathBuf> {
    let host_key = directory.join("host_key");
    let key = Sshd::HOST.key().to_openssh(LineEnding::LF)?;
    OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(&host_key)?
        .write_all(key.as_bytes())?;
    let callers = directory.join("callers");
    fs::write(&callers, Sshd::CALLER.key().public_key().to_openssh()?)?;
    let config = directory.join("config");
    // One byte is all that its sessions say. A bash that is not the first reads
    // no files of its user's before. The directory lies in one that everybody
    // writes to, which strict modes do not like.
    let text = format!(
        "ListenAddress {address}\nHostKey {}\nAuthorizedKeysFile {}\n\
         ForceCommand printf .\nSetEnv SHLVL=1\nPidFile none\nStrictModes no\n\
         MaxStartups 100\nLogLevel FATAL\nPrintMotd no\n\
         PasswordAuthentication no\nKbdInteractiveAuthentication no\n",
        host_key.display(),
        callers.display(),
    );
    fs::write(&config, text)?;
    Ok(config)
}
