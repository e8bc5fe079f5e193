//! Row 29 of the threats: everything that strangers write where others read it,
//! through every door there is, and the bytes that reach those others.

pub(crate) mod attack;
pub(crate) mod witness;

use super::{
    board::Board,
    call::Call,
    journey::{CTRL_S, DOWN, ENTER, GUEST, MENU, WAITING, WELCOME},
    keyring,
    line::{Caller, Said},
};
use witness::{assert_lines, assert_terminal};

const CTRL_U: &str = "\x15";
const ESC: &str = "\x1b[27u";
const RIGHT: &str = "\x1b[C";
const UP: &str = "\x1b[A";
const PAGE_DOWN: &str = "\x1b[6~";

/// What fits into a line of somebody's, and into a few lines.
const SHORT: usize = 90;
const LONG: usize = 480;

/// A word for a command line, whatever is in it.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Opal, who runs a command over SSH with her key.
async fn opal_runs(board: &Board, command: &str, stdin: &str) -> Said {
    let opal = Caller::new("opal").with_key(keyring::key("opal"));
    let said = opal.runs(board.address(), command, stdin).await.unwrap();
    let who = format!("ssh host {command:?}");
    assert_lines(&who, &said.stdout);
    assert_lines(&who, &said.stderr);
    said
}

/// The same where it has to be done.
async fn opal_does(board: &Board, command: &str, stdin: &str) {
    let said = opal_runs(board, command, stdin).await;
    let notes = String::from_utf8_lossy(&said.stderr);
    assert_eq!(said.exit, Some(0), "{command:?}: {notes}");
}

/// A stranger for every attack: it is their name, their client, their terminal
/// and their language. They stay on line.
async fn strangers(board: &Board) -> Vec<Call> {
    let mut calls = Vec::new();
    for (n, attack) in attack::each().into_iter().enumerate() {
        // A version is a line, and has 255 bytes at most.
        let version = attack.replace(['\r', '\n', '\0'], "");
        let version: String = version.chars().take(100).collect();
        let env = ["LANG", "LC_ALL", "TZ", "COLORTERM", "NO_COLOR"];
        let env = env.map(|name| (name, attack.clone())).to_vec();
        let caller = Caller::new(&attack)
            .claims_client(&format!("evil{n}{version}"))
            .claims_terminal(&format!("xterm{attack}"), env);
        let mut call = caller.call(board).await;
        call.until(WELCOME).await;
        calls.push(call);
    }
    calls
}

/// An applicant who pastes everything into every field of the wizard.
async fn applicant(board: &Board, handle: &str) -> Call {
    let caller = Caller::new("new").with_key(keyring::key(handle));
    let mut call = caller.call(board).await;
    call.until("▸ Welcome").await;
    call.types(ENTER).await;
    call.until("▸ Handle").await;
    call.types(attack::paste()).await;
    call.types([CTRL_U, handle, ENTER].concat()).await;
    call.until("▸ Your way in").await;
    call.until("keep it").await;
    call.types(ENTER).await;
    call.types(attack::paste()).await;
    call.types([CTRL_U, ENTER].concat()).await;
    call.until("▸ About you").await;
    call.types(format!("at-message from {handle} ")).await;
    call.types(attack::paste()).await;
    call.types(CTRL_S).await;
    call.until("▸ Review").await;
    call.types(ENTER).await;
    call.until(WAITING).await;
    call
}

/// Opal writes the attacks by every command that takes words.
async fn written_by_command(board: &Board) {
    for (n, portion) in attack::portions(SHORT).iter().enumerate() {
        let at = |place: &str| quoted(&format!("{place} {portion}"));
        let name = format!("victim{n}");
        let key = keyring::key(&name).public_key().to_openssh().unwrap();
        // A key is a line.
        let label = portion.replace(['\r', '\n'], "");
        let key = format!("{} at-label {label}", key.trim_end());
        for (command, stdin) in [
            (format!("invite create --note={}", at("at-note")), ""),
            (format!("say {}", at("at-say")), ""),
            (format!("settings set site_name {}", at("at-name")), ""),
            (format!("settings set site_contact {}", at("x")), ""),
            (
                format!("user create {name} --email {name}@example.org --key -"),
                key.as_str(),
            ),
        ] {
            opal_does(board, &command, stdin).await;
        }
    }
    for portion in attack::portions(LONG) {
        let at = |place: &str| quoted(&format!("{place} {portion}"));
        for command in [
            format!("user note victim0 --text={}", at("at-staff")),
            format!("user suspend victim0 --reason={}", at("at-reason")),
            format!("user suspend victim1 --reason={}", at("at-reason")),
            format!("user reject trudy --text={}", at("at-rejection")),
        ] {
            opal_runs(board, &command, "").await;
        }
    }
    let all = attack::portions(usize::MAX).concat();
    for (key, place) in [("welcome_text", "at-welcome"), ("house_rules", "at-rules")] {
        let text = quoted(&format!("{place} {all}"));
        opal_does(board, &format!("settings set {key} {text}"), "").await;
    }
}

/// Opal makes every mistake that is told with what it is about.
async fn mistaken(board: &Board) {
    let all = attack::portions(usize::MAX).concat();
    let word = quoted(&all);
    let pattern = quoted(&format!("[{all}"));
    for command in [
        all.clone(),
        word.clone(),
        format!("user show {word}"),
        format!("user create {word} --key -"),
        format!("user list --status={word}"),
        format!("user suspend opal --until={word}"),
        format!("settings get {word}"),
        format!("settings set time_zone {word}"),
        format!("settings set handle_pattern {pattern}"),
        format!("settings set email_deny_domains {word}"),
        format!("invite revoke {word}"),
        format!("audit --since={word}"),
        format!("help {word}"),
    ] {
        for style in ["", " --json"] {
            opal_runs(board, &format!("{command}{style}"), &all).await;
        }
    }
    // At the host no word can hold a NUL.
    let word = all.replace('\0', "");
    for args in [&["user", "show", &word][..], &[&word], &["--json", &word]] {
        at_the_host(board, args);
    }
}

/// Runs a command at the host.
fn at_the_host(board: &Board, args: &[&str]) {
    let said = board.command(args);
    assert_lines(&format!("{args:?}"), &said.stdout);
    assert_lines(&format!("the notes of {args:?}"), &said.stderr);
}

/// Types keys and sees what they lead to, and what is further down there.
async fn looks(call: &mut Call, ways: &[(&str, &str)]) {
    for (key, shows) in ways {
        call.types(key).await;
        call.until(shows).await;
        call.types(PAGE_DOWN.repeat(3)).await;
    }
}

/// Where the names and clients of those on line are.
const ON_LINE: &[(&str, &str)] = &[
    ("w", "Who is on line"),
    (ESC, MENU),
    ("s", "▸ Users"),
    ("9", "ringdown"),
    (RIGHT, "evil"),
    (ESC, MENU),
];

/// Every tab, and what is behind it.
const TABS: &[(&str, &str)] = &[
    ("s", "at-message"),
    (DOWN, "a approve"),
    ("v", "at-message"),
    (ESC, "Pending"),
    (RIGHT, "victim"),
    (RIGHT, "at-reason"),
    // The note is on the first, which paging down has left.
    (UP, "at-staff"),
    ("v", "at-reason"),
    (ESC, "Suspended"),
    ("2", "at-note"),
    (ENTER, "at-note"),
    (ESC, "Sysop ▸ Invites"),
    ("5", "at-name"),
    (ENTER, "at-name"),
    (ESC, "Sysop ▸ Site"),
    ("7", "victim"),
    ("8", "at-name"),
];

/// Hangs up, and returns what the terminal was sent.
async fn sent(mut call: Call) -> Vec<u8> {
    call.types("\x03").await;
    call.types(ENTER).await;
    call.types("q").await;
    let ended = call.ended().await;
    ended.assert_restored();
    ended.bytes
}

#[tokio::test]
async fn threat_29_nothing_that_anybody_writes_acts_on_anybodys_terminal() {
    let board = Board::new().await;
    let mut opal = Caller::new("opal")
        .with_key(keyring::key("opal"))
        .call(&board)
        .await;
    opal.until(MENU).await;
    let strangers = strangers(&board).await;
    looks(&mut opal, ON_LINE).await;
    for call in strangers {
        assert_terminal("an attacker", &sent(call).await, 0);
    }
    let waits = applicant(&board, "mallory").await;
    let mut rejected = applicant(&board, "trudy").await;
    written_by_command(&board).await;
    mistaken(&board).await;
    rejected.until("at-rejection").await;
    opal.until("at-say").await;
    looks(&mut opal, TABS).await;

    let mut guest = Caller::new("guest").call(&board).await;
    guest.until(GUEST).await;
    guest.until("at-rules").await;
    let mut stranger = Caller::new("somebody").call(&board).await;
    stranger.until("at-welcome").await;
    let mut shut_out = Caller::new("x")
        .with_key(keyring::key("victim1"))
        .call(&board)
        .await;
    shut_out.until("at-reason").await;
    let mut owner = Caller::new("victim2")
        .with_key(keyring::key("victim2"))
        .call(&board)
        .await;
    owner.until(MENU).await;
    owner.types("a").await;
    owner.until("k keys").await;
    owner.types("k").await;
    owner.until("at-label").await;

    let rings = 2 * attack::portions(SHORT).len();
    for (who, call) in [
        ("opal", opal),
        ("who waits", waits),
        ("the rejected", rejected),
        ("a guest", guest),
        ("a stranger", stranger),
        ("the suspended", shut_out),
        ("the owner of a key", owner),
    ] {
        assert_terminal(who, &sent(call).await, rings);
    }

    for command in [
        "user list",
        "user show mallory",
        "user show trudy",
        "user show victim0",
        "user history victim0",
        "user keys victim0 list",
        "user sessions opal",
        "invite list",
        "settings list",
        "settings history welcome_text",
        "audit --limit 1000",
        "mail list",
        "mail status",
        "health",
        "doctor",
        "whoami",
    ] {
        for style in ["", " --json"] {
            let line = format!("{command}{style}");
            opal_runs(&board, &line, "").await;
        }
        at_the_host(&board, &command.split(' ').collect::<Vec<_>>());
    }
}
