//! The executable from outside: starts, refusals to start, signals, and the
//! operator's commands with and without a server.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// Returns the program for the board in `data`, with nothing from around it.
pub(crate) fn ringdown(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringdown"));
    command
        .env_clear()
        .env("RINGDOWN_DATA", data)
        .env("RINGDOWN_LISTEN", "127.0.0.1:0");
    command
}

pub(crate) fn run(command: &mut Command) -> Output {
    command.output().unwrap()
}

/// Runs the program where it has to fail, and returns its exit code and what it
/// says besides the warning about root.
pub(crate) fn complaint(command: &mut Command) -> (i32, String) {
    let output = run(command);
    let said = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<_> = said
        .lines()
        .filter(|line| !line.starts_with("WARNING: this board runs as root"))
        .collect();
    (output.status.code().unwrap(), lines.join("\n"))
}

/// A board that is served.
pub(crate) struct Served {
    pub(crate) child: Child,
    /// What it said first.
    pub(crate) banner: Vec<String>,
}

impl Served {
    /// Starts it, and waits until it has said all.
    pub(crate) fn start(data: &Path) -> Self {
        let mut child = ringdown(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
        let mut banner = Vec::new();
        let mut edges = 0;
        while edges < 2 {
            let line = lines.next().expect("the whole banner").unwrap();
            edges += u32::from(line.starts_with('+'));
            banner.push(line);
        }
        Self { child, banner }
    }

    /// Returns where it listens.
    fn address(&self) -> &str {
        let line = self.banner.iter().find(|line| line.contains("listens on"));
        line.unwrap().split_whitespace().last().unwrap()
    }

    /// Sends a signal and returns the exit code.
    pub(crate) fn stop(mut self, signal: Signal) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        self.child.wait().unwrap().code()
    }
}

pub(crate) fn board() -> (TempDir, Served) {
    let data = tempfile::tempdir().unwrap();
    let served = Served::start(data.path());
    (data, served)
}

fn claim_line(lines: &str) -> &str {
    let line = lines.lines().find(|line| line.contains("claim-")).unwrap();
    line.trim_matches(['|', ' '])
}

#[test]
fn a_first_start_says_all_and_ends_with_the_claim_line() {
    let (data, served) = board();
    let banner = served.banner.join("\n");
    assert!(banner.contains("host key     SHA256:"), "{banner}");
    assert!(banner.contains("known_hosts  [localhost]:"), "{banner}");
    let port = served.address().rsplit(':').next().unwrap();
    let line = claim_line(&banner);
    assert!(line.starts_with(&format!("ssh -p {port} claim-")), "{line}");
    assert!(line.ends_with("@localhost"), "{line}");
    for secret in [
        "ringdown.db",
        "ringdown.sock",
        "keys/host_ed25519",
        "keys/invite_secret",
    ] {
        let mode = fs::metadata(data.path().join(secret))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{secret}");
    }
    assert_eq!(served.stop(Signal::TERM), Some(0));
    assert!(!data.path().join("ringdown.sock").exists());
}

#[test]
fn an_interrupt_ends_it_too() {
    let (_data, served) = board();
    assert_eq!(served.stop(Signal::INT), Some(0));
}

#[test]
fn a_second_start_names_the_process_that_has_the_board() {
    let (data, served) = board();
    let (exit, said) = complaint(&mut ringdown(data.path()));
    assert_eq!(exit, 7);
    assert!(
        said.starts_with(&format!("Process {} has the board", served.child.id())),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
    served.stop(Signal::TERM);
}

#[test]
fn a_port_in_use_is_named_before_anything_is_made() {
    let (_data, served) = board();
    let other = tempfile::tempdir().unwrap();
    let (exit, said) =
        complaint(ringdown(other.path()).args(["serve", "--listen", served.address()]));
    assert_eq!(exit, 1);
    assert!(
        said.starts_with("Port ") && said.contains(" is in use on 127.0.0.1"),
        "{said}"
    );
    assert!(!other.path().join("keys").exists());
    assert!(!other.path().join("ringdown.db").exists());
    served.stop(Signal::TERM);
}

#[test]
fn a_directory_that_cannot_be_one_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let (exit, said) = complaint(&mut ringdown(&file.join("board")));
    assert_eq!(exit, 1);
    assert!(said.starts_with("Can't keep a board in "), "{said}");
}

#[test]
fn an_unknown_setting_is_named_with_file_and_line() {
    let data = tempfile::tempdir().unwrap();
    fs::write(
        data.path().join("ringdown.toml"),
        "log = \"info\"\nlissten = 1\n",
    )
    .unwrap();
    let (exit, said) = complaint(&mut ringdown(data.path()));
    assert_eq!(exit, 2);
    assert!(
        said.contains("ringdown.toml:2: unknown field `lissten`"),
        "{said}"
    );
}

#[test]
fn a_board_whose_host_key_is_gone_or_open_is_not_served() {
    let (data, served) = board();
    served.stop(Signal::TERM);
    let key = data.path().join("keys/host_ed25519");

    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let (exit, said) = complaint(&mut ringdown(data.path()));
    assert_eq!(exit, 1);
    assert!(said.contains("mode 644"), "{said}");

    fs::remove_file(&key).unwrap();
    let (exit, said) = complaint(&mut ringdown(data.path()));
    assert_eq!(exit, 1);
    assert!(said.contains("--new-host-key"), "{said}");
    assert!(!key.exists());
}

#[test]
fn a_foreign_database_is_left_alone() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("ringdown.db");
    fs::write(&file, "somebody's diary, and quite private").unwrap();
    let keys = data.path().join("keys");
    fs::create_dir(&keys).unwrap();
    let (exit, said) = complaint(ringdown(data.path()).args(["serve", "--new-host-key"]));
    assert_eq!(exit, 1);
    assert!(said.contains("is not a board of this program"), "{said}");
    assert_eq!(
        fs::read(&file).unwrap(),
        b"somebody's diary, and quite private"
    );
}

#[test]
fn a_claim_line_comes_from_the_server_or_from_the_board_itself() {
    let data = tempfile::tempdir().unwrap();
    let alone = run(ringdown(data.path()).arg("claim"));
    assert_eq!(alone.status.code(), Some(0));
    let alone = String::from_utf8(alone.stdout).unwrap();

    let served = Served::start(data.path());
    let port = served.address().rsplit(':').next().unwrap();
    let through = run(ringdown(data.path()).arg("claim"));
    assert_eq!(through.status.code(), Some(0));
    let through = String::from_utf8(through.stdout).unwrap();
    assert!(
        through.starts_with(&format!("ssh -p {port} claim-")),
        "{through}"
    );
    let codes = [&alone, &through, &served.banner.join("\n")].map(|text| {
        let line = claim_line(text);
        line.split_once("claim-").unwrap().1.to_owned()
    });
    assert!(codes[0] != codes[1] && codes[1] != codes[2] && codes[2] != codes[0]);
    served.stop(Signal::TERM);
}

#[test]
fn help_goes_to_standard_output_and_nonsense_is_a_usage_error() {
    let dir = tempfile::tempdir().unwrap();
    let help = run(ringdown(dir.path()).arg("--help"));
    assert_eq!(help.status.code(), Some(0));
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(text.contains("serve") && text.contains("claim"), "{text}");
    assert_eq!(complaint(ringdown(dir.path()).arg("dial")).0, 2);
    assert_eq!(
        complaint(ringdown(dir.path()).args(["--log", "=x=", "claim"])).0,
        2
    );
}

#[test]
fn a_killed_board_starts_again() {
    let (data, mut served) = board();
    served.child.kill().unwrap();
    let mut rest = String::new();
    served
        .child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut rest)
        .unwrap();
    served.child.wait().unwrap();
    assert_eq!(Served::start(data.path()).stop(Signal::TERM), Some(0));
}
