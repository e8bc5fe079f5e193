//! `ssh host COMMAND`, and clients without a terminal: an answer and an exit
//! status, never a hang.

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use tokio::sync::mpsc;

use super::{
    board::{Board, text},
    call::in_time,
    client::{Client, output},
    keyring,
    line::Caller,
};
use crate::ssh::journey::WAITING;

/// What a command without a terminal said: exit status, output, notes.
async fn said(client: std::process::Command) -> (Option<i32>, String, String) {
    let output = output(client).await;
    let [stdout, stderr] = [output.stdout, output.stderr].map(text);
    (output.status.code(), stdout, stderr)
}

/// Runs a command with the key of that name.
async fn run(board: &Board, name: &str, command: &[&str]) -> Option<(Option<i32>, String, String)> {
    let ssh = Client::ssh(board)?.with_key(&board.key_file(name));
    let mut client = ssh.to(name);
    client.args(command);
    Some(said(client).await)
}

#[tokio::test]
async fn members_are_told_what_they_may_and_who_they_are() {
    let board = Board::new().await;
    board.create("ada", "user");
    for (command, tells) in [("help", "whoami"), ("whoami", "ada")] {
        let Some((exit, out, notes)) = run(&board, "ada", &[command]).await else {
            return;
        };
        assert_eq!(exit, Some(0), "{notes}");
        assert!(out.contains(tells) && !out.contains('\r'), "{out:?}");
    }
    let (exit, out, notes) = run(&board, "ada", &["user", "list"]).await.unwrap();
    assert_eq!((exit, out.as_str()), (Some(3), ""), "{notes}");
    let (exit, out, notes) = run(&board, "ada", &["dance"]).await.unwrap();
    assert_eq!((exit, out.as_str()), (Some(2), ""), "{notes}");
}

#[tokio::test]
async fn a_sysop_has_the_operators_commands() {
    let board = Board::new().await;
    let Some((exit, out, notes)) = run(&board, "opal", &["user", "list", "--json"]).await else {
        return;
    };
    assert_eq!(exit, Some(0), "{notes}");
    let users: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(users[0]["handle"], "opal");
}

#[tokio::test]
async fn strangers_and_applicants_run_nothing() {
    let board = Board::new().await;
    let Some(ssh) = Client::ssh(&board) else {
        return;
    };
    let mut client = ssh.without_key().to("somebody");
    client.args(["user", "list"]);
    let (exit, out, notes) = said(client).await;
    assert!(exit.is_some_and(|exit| exit != 0), "{out}");
    assert!(out.is_empty() && !notes.is_empty(), "{out}{notes}");

    keyring::save(&keyring::key("marta"), board.home(), "marta");
    let marta = Caller::new("new").with_key(keyring::key("marta"));
    let mut marta = marta.call(&board).await;
    marta.joins("marta").await;
    marta.until(WAITING).await;
    let (exit, _, _) = run(&board, "marta", &["user", "list"]).await.unwrap();
    assert_eq!(exit, Some(3));
    let (exit, _, notes) = run(&board, "marta", &["whoami"]).await.unwrap();
    assert_eq!(exit, Some(0), "{notes}");
}

#[tokio::test]
async fn without_a_terminal_there_is_one_helpful_line() {
    let board = Board::new().await;
    let Some(ssh) = Client::ssh(&board) else {
        return;
    };
    let (exit, out, notes) = said(ssh.without_key().args(["-T"]).to("somebody")).await;
    assert_eq!((exit, out.as_str()), (Some(2), ""));
    assert!(notes.contains("needs a terminal"), "{notes}");
}

#[tokio::test]
async fn threat_06_copying_files_is_refused_and_never_hangs() {
    let board = Board::new().await;
    let port = board.address().port();
    let key = board.key_file("opal");
    let file = board.known_hosts().display().to_string();
    let far = format!("scp://opal@localhost:{port}/x");
    for (program, args) in [
        ("sftp", vec!["opal@localhost"]),
        ("scp", vec![file.as_str(), &far]),
        ("scp", vec!["-O", &file, &far]),
    ] {
        let Some(client) = Client::openssh(program, &board) else {
            return;
        };
        let (exit, _, _) = said(client.with_key(&key).args(&args).command()).await;
        assert!(exit.is_some_and(|exit| exit != 0), "{program} {args:?}");
    }
}

#[tokio::test]
async fn forwarding_is_refused_and_the_call_goes_on() {
    let board = Board::new().await;
    let Some(ssh) = Client::ssh(&board) else {
        return;
    };
    let forwards = [
        "-A",
        "-X",
        "-R",
        "0:localhost:1",
        "-o",
        "SetEnv=LD_PRELOAD=x",
    ];
    let key = board.key_file("opal");
    let mut client = ssh.with_key(&key).args(forwards).to("opal");
    client.arg("whoami");
    let (exit, out, notes) = said(client).await;
    assert_eq!(exit, Some(0), "{notes}");
    assert!(out.contains("opal"), "{out}");
}

/// Somebody who follows the records: their lines, as they come.
fn follower(mut command: std::process::Command) -> (std::process::Child, mpsc::Receiver<String>) {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (sender, heard) = mpsc::channel(64);
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    (child, heard)
}

#[tokio::test]
async fn the_records_are_followed_over_ssh_and_the_socket_until_the_board_stops() {
    let mut board = Board::new().await;
    let Some(ssh) = Client::ssh(&board) else {
        return;
    };
    let follow = ["audit", "--follow", "--limit", "1"];
    let mut far = ssh.with_key(&board.key_file("opal")).to("opal");
    far.args(follow);
    let mut followers = [far, board.at_the_host(&follow)].map(follower);
    for (_, lines) in &mut followers {
        let begun = in_time("the newest record", lines.recv()).await;
        assert!(begun.unwrap().contains("opal"));
    }
    board.set("site_name", "Harbour");
    for (_, lines) in &mut followers {
        let next = in_time("what was done now", lines.recv()).await;
        assert!(
            next.unwrap()
                .contains("changed site_name  Ringdown → Harbour")
        );
    }
    board.terminate();
    for (child, mut lines) in followers {
        assert_eq!(in_time("the end", lines.recv()).await, None);
        let mut child = child;
        let ended = tokio::task::spawn_blocking(move || child.wait());
        let status = in_time("the follower's end", ended).await.unwrap();
        assert_eq!(status.unwrap().code(), Some(0));
    }
    let (status, _) = board.ended().await;
    assert_eq!(status.code(), Some(0));
}

/// A command under way that does not end by itself: its first line, its end and
/// its notes.
struct UnderWay {
    child: std::process::Child,
    lines: mpsc::Receiver<String>,
}

impl UnderWay {
    /// Follows the records as a sysop.
    async fn begin(board: &Board, ssh: Client, handle: &str) -> Self {
        let mut far = ssh.with_key(&board.key_file(handle)).to(handle);
        far.args(["audit", "--follow", "--limit", "1"]);
        let (child, mut lines) = follower(far);
        in_time("the newest record", lines.recv()).await.unwrap();
        Self { child, lines }
    }

    /// Waits for its end; returns its exit and what it said last.
    async fn ends(mut self) -> (Option<i32>, String) {
        while in_time("the end", self.lines.recv()).await.is_some() {}
        let ended = tokio::task::spawn_blocking(move || self.child.wait_with_output());
        let output = in_time("its exit", ended).await.unwrap().unwrap();
        (output.status.code(), text(output.stderr))
    }
}

#[tokio::test]
async fn n6_a_command_under_way_ends_with_the_right_to_it() {
    let board = Board::new().await;
    for (handle, change) in [
        ("jade", &["user", "role", "jade", "mod"][..]),
        (
            "ruby",
            &["user", "suspend", "ruby", "--reason", "Too loud."],
        ),
        ("iris", &["user", "delete", "iris", "--yes"]),
    ] {
        board.create(handle, "sysop");
        let Some(ssh) = Client::ssh(&board) else {
            return;
        };
        let follower = UnderWay::begin(&board, ssh, handle).await;
        // What befalls another is nothing to them.
        board.create(&format!("of-{handle}"), "user");
        board.operator(change);
        let (exit, said) = follower.ends().await;
        assert_eq!(exit, Some(3), "{handle}: {said}");
        assert!(!said.is_empty(), "{handle} reads why");
    }
}

#[tokio::test]
async fn n6_a_command_that_waits_for_its_input_ends_with_the_account() {
    let board = Board::new().await;
    board.create("ruby", "sysop");
    let Some(ssh) = Client::ssh(&board) else {
        return;
    };
    let mut far = ssh.with_key(&board.key_file("ruby")).to("ruby");
    far.args(["user", "import", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = far.spawn().unwrap();
    let is_there = || {
        let sessions = board.operator(&["user", "sessions", "ruby", "--json"]);
        sessions.contains("\"id\"")
    };
    in_time("the command", async {
        while !is_there() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    board.operator(&["user", "suspend", "ruby", "--reason", "Too loud."]);
    // The input stays open.
    let input = child.stdin.take();
    let ended = tokio::task::spawn_blocking(move || child.wait_with_output());
    let output = in_time("its exit", ended).await.unwrap().unwrap();
    drop(input);
    let said = text(output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(
        said.starts_with("Your account was suspended: Too loud."),
        "{said}"
    );
}

#[tokio::test]
async fn nothing_is_followed_on_a_board_that_is_not_served() {
    let mut board = Board::new().await;
    board.terminate();
    board.ended().await;
    let output = board.command(&["audit", "--follow"]);
    assert_eq!(output.status.code(), Some(3));
    let alone = board.operator(&["audit", "--json"]);
    assert!(alone.contains("account.create"), "{alone}");
}

#[tokio::test]
async fn a_list_of_thousands_is_imported_on_the_host() {
    let board = Board::new().await;
    let row = |n| format!("p{n:04},p{n:04}@community.example.org\n");
    let list = "handle,email\n".to_owned() + &(0..3_000).map(row).collect::<String>();
    // Longer than anything else that comes with a command.
    assert!(list.len() > 64 * 1024);
    let file = board.home().join("people.csv");
    std::fs::write(&file, list).unwrap();
    let import = ["user", "import", file.to_str().unwrap()];
    let made = board.operator(&import);
    assert_eq!(
        made.lines().filter(|line| line.ends_with(": made")).count(),
        3_000
    );
    let again = board.operator(&import);
    assert!(again.lines().all(|line| line.ends_with(": unchanged")));
}
