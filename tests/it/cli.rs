//! The executable from outside: starts, refusals to start, signals, and the
//! operator's commands with and without a server.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    os::unix::{
        fs::{PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;

/// Who root becomes where somebody else is wanted.
pub(crate) const NOBODY: u32 = 65_534;

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
        Self::by(ringdown(data).stderr(Stdio::null()))
    }

    /// Starts it by a command.
    fn by(command: &mut Command) -> Self {
        Self::of(command.stdout(Stdio::piped()).spawn().unwrap())
    }

    /// Waits until a process that was started has said all.
    fn of(mut child: Child) -> Self {
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

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().ok();
        self.child.wait().ok();
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

/// A full disk may leave an empty file where the board was. To begin anew beside
/// its keys would look like a board without members.
#[test]
fn a_database_that_was_emptied_is_no_new_board() {
    let data = tempfile::tempdir().unwrap();
    let made = run(ringdown(data.path()).arg("claim"));
    assert!(made.status.success());
    let said = String::from_utf8(made.stderr).unwrap();
    assert!(said.contains("don't work any more"), "{said}");
    let file = data.path().join("ringdown.db");
    fs::write(&file, "").unwrap();
    for command in ["serve", "claim"] {
        let (exit, said) = complaint(ringdown(data.path()).arg(command));
        assert_eq!(exit, 1, "{command}");
        assert!(said.contains("is empty, and the keys beside it"), "{said}");
    }
    assert_eq!(fs::read(&file).unwrap(), b"");
    // Without the file there is a new board.
    fs::remove_file(&file).unwrap();
    assert!(run(ringdown(data.path()).arg("claim")).status.success());
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
fn a_board_at_a_terminal_closes_with_it() {
    let data = tempfile::tempdir().unwrap();
    let (terminal, inside) = pty_process::blocking::open().unwrap();
    let command = pty_process::blocking::Command::from(ringdown(data.path()));
    let child = command.stdout(Stdio::piped()).spawn(inside).unwrap();
    let mut served = Served::of(child);
    drop(terminal);
    assert_eq!(served.child.wait().unwrap().code(), Some(0));
    assert!(!data.path().join("ringdown.sock").exists());
}

/// Asks again and again until the answer is the one that is waited for.
fn until(what: &str, mut has_come: impl FnMut() -> bool) {
    // Each question starts a process, so that these are many seconds.
    let came = (0..2_000).any(|_| has_come());
    assert!(came, "{what} never came");
}

#[test]
fn threat_52_a_hangup_reads_the_configuration_anew_and_a_bad_one_changes_nothing() {
    let data = tempfile::tempdir().unwrap();
    let toml = data.path().join("ringdown.toml");
    let log = data.path().join("log");
    fs::write(&toml, "public_host = \"one.example\"\n").unwrap();
    let stderr = fs::File::create(&log).unwrap();
    let served = Served::by(ringdown(data.path()).stderr(stderr));
    let logged = |text: &str| fs::read_to_string(&log).unwrap().contains(text);
    let reached_by = |host: &str| {
        let made = run(ringdown(data.path()).args(["invite", "create", "--json"]));
        String::from_utf8(made.stdout).unwrap().contains(host)
    };
    let hang_up = || kill_process(Pid::from_child(&served.child), Signal::HUP).unwrap();
    assert!(reached_by("@one.example"));

    let mail = data.path().join("mail");
    fs::create_dir(&mail).unwrap();
    let url = data.path().join("url");
    fs::write(&url, format!("file://{}", mail.display())).unwrap();
    fs::set_permissions(&url, fs::Permissions::from_mode(0o600)).unwrap();
    let lines = "public_host = \"two.example\"\nlog = \"debug\"\nsmtp_url_file = \"url\"\n\
                 notify_command = [\"/no/such/tell\"]\n";
    fs::write(&toml, lines).unwrap();
    let carried_by = |way: &str| {
        let status = run(ringdown(data.path()).args(["mail", "status"]));
        String::from_utf8(status.stdout).unwrap().contains(way)
    };
    assert!(!carried_by("file://"));
    hang_up();
    until("the new name", || reached_by("@two.example"));
    assert!(carried_by("file://"));
    assert!(carried_by("/no/such/tell"));
    assert!(logged(
        "notify_command tells nobody: /no/such/tell is not there"
    ));
    assert!(logged("the configuration was read anew"));

    for (bad, why) in [
        (
            "public_host = \"three.example\"\nlissten = 1\n",
            "unknown field `lissten`",
        ),
        (
            "public_host = \"three.example\"\nlog = \"=x=\"\n",
            "not a log filter",
        ),
        (
            "public_host = \"three.example\"\nsmtp_url_file = \"none\"\n",
            "none is missing",
        ),
        (
            "public_host = \"three.example\"\nsysop_keys = [\"x\"]\n",
            "key 1 is not one",
        ),
    ] {
        fs::write(&toml, bad).unwrap();
        hang_up();
        until(why, || {
            run(ringdown(data.path()).arg("--version")).status.success() && logged(why)
        });
    }
    let lines = fs::read_to_string(&log).unwrap();
    let complaints = lines
        .lines()
        .filter(|line| line.contains("stays as it was"));
    assert_eq!(complaints.count(), 4, "{lines}");
    fs::write(&toml, "").unwrap();
    assert!(reached_by("@two.example"), "the served board kept its name");
    assert_eq!(served.stop(Signal::TERM), Some(0));
}

#[test]
fn threat_50_a_start_as_root_warns_and_a_start_as_anybody_else_does_not() {
    let data = tempfile::tempdir().unwrap();
    let log = data.path().join("log");
    let warns = |command: &mut Command| {
        let served = Served::by(command.stderr(fs::File::create(&log).unwrap()));
        assert_eq!(served.stop(Signal::TERM), Some(0));
        let log = fs::read_to_string(&log).unwrap();
        log.contains("WARNING: this board runs as root")
    };
    let is_root = geteuid().is_root();
    assert_eq!(warns(&mut ringdown(data.path())), is_root);
    if is_root {
        let theirs = tempfile::tempdir().unwrap();
        chown(theirs.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        assert!(!warns(ringdown(theirs.path()).uid(NOBODY).gid(NOBODY)));
    } else {
        // `eprintln!` would be kept back by a test that passes.
        let seen = "passed over: the warning to root, whom this test does not run as\n";
        io::stderr().write_all(seen.as_bytes()).unwrap();
    }
}

#[test]
fn threat_10_few_descriptors_make_few_sessions_and_health_says_so() {
    let data = tempfile::tempdir().unwrap();
    let mut limited = Command::new("sh");
    limited
        .env_clear()
        .env("RINGDOWN_DATA", data.path())
        .env("RINGDOWN_LISTEN", "127.0.0.1:0")
        .args([
            "-c",
            "ulimit -n 300 && exec \"$0\"",
            env!("CARGO_BIN_EXE_ringdown"),
        ])
        .stderr(fs::File::create(data.path().join("log")).unwrap());
    let served = Served::by(&mut limited);
    let log = fs::read_to_string(data.path().join("log")).unwrap();
    assert!(
        log.contains("leaves room for 50 sessions, not 2000"),
        "{log}"
    );
    let health = run(ringdown(data.path()).args(["health", "--json"]));
    let health: serde_json::Value = serde_json::from_slice(&health.stdout).unwrap();
    let checks = health["checks"].as_array().unwrap();
    let lines = checks
        .iter()
        .find(|check| check["name"] == "lines")
        .unwrap();
    assert_eq!(lines["state"], "yellow");
    assert_eq!(lines["text"], "room for 50 sessions, not 2000");
    let service = checks
        .iter()
        .find(|check| check["name"] == "service")
        .unwrap();
    assert_eq!(service["state"], "green");
    assert_eq!(served.stop(Signal::TERM), Some(0));
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
