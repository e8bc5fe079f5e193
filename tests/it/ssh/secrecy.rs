//! What the log must never tell, however much is asked of it, and what nobody
//! must be able to write there.

use std::{fs, io::Write as _, process::Stdio};

use serde_json::Value;
use tokio::{io::AsyncReadExt as _, io::AsyncWriteExt as _, net::TcpStream};

use super::{
    board::{Board, executable},
    journey::{ENTER, MENU, WELCOME},
    keyring,
    line::Caller,
};

const PASSWORD: &str = "lighthouse tarpaulin ferry";
const WRONG: &str = "lighthouse tarpaulin fairy";
const ADDRESS: &str = "pat.of.the.harbour@example.org";

/// Serves the board again, with a log of everything in that format.
async fn logs_everything(board: &mut Board, format: &str) {
    board.terminate();
    board.ended().await;
    let lines = format!("log = \"trace\"\nlog_format = \"{format}\"\n");
    fs::write(board.home().join("ringdown.toml"), lines).unwrap();
    board.restart().await;
}

#[tokio::test]
async fn threat_53_no_log_tells_a_secret_at_trace() {
    for format in ["text", "json"] {
        let mut board = Board::new().await;
        let mut create = executable(board.home())
            .args(["user", "create", "pat", "--email", ADDRESS])
            .args(["--password-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        create
            .stdin
            .take()
            .unwrap()
            .write_all(PASSWORD.as_bytes())
            .unwrap();
        assert!(create.wait().unwrap().success());
        logs_everything(&mut board, format).await;
        let code = board.invite();
        let by_code = format!("join-{code}");
        let key = keyring::key("marta");
        let mut invited = Caller::new(&by_code).with_key(key).call(&board).await;
        invited.joins("marta").await;
        invited.until(MENU).await;
        let mut pat = Caller::new("pat").call(&board).await;
        pat.until(WELCOME).await;
        pat.types("l").await;
        pat.until("password").await;
        pat.types(WRONG).await;
        pat.types(ENTER).await;
        pat.until("don't match").await;
        pat.types("\x15").await;
        pat.types(PASSWORD).await;
        pat.types(ENTER).await;
        pat.until(MENU).await;
        board.terminate();
        let (status, log) = board.ended().await;
        assert!(status.success(), "{status}");
        assert!(log.contains("a session begins"), "no trace: {log}");
        let symbols = code.replace('-', "");
        for secret in [PASSWORD, WRONG, ADDRESS, &code, &symbols, "russh"] {
            assert!(!log.contains(secret), "{secret} is in the log: {log}");
        }
    }
}

/// What would begin a line, if anything a stranger sends could.
const FAKE: &str = "opal\r\nFAKE LOG\n\u{85}FAKE LOG\u{2028}FAKE LOG\u{1b}[1GFAKE LOG";

/// Sends it through every door there is.
async fn forged(board: &Board) {
    let long = FAKE.repeat(1_000);
    for name in [
        FAKE,
        &long,
        "FAKE LOG",
        "join-FAKE LOG",
        "claim-FAKE\nFAKE LOG",
    ] {
        let env = ["LANG", "TZ", "COLORTERM"].map(|key| (key, FAKE.to_owned()));
        let caller = Caller::new(name)
            .claims_client("FAKE LOG \u{85}FAKE LOG")
            .claims_terminal(FAKE, env.to_vec());
        let refused = caller.runs(board.address(), FAKE, FAKE).await.unwrap();
        assert!(refused.exit.is_some_and(|exit| exit != 0), "{refused:?}");
        caller.call(board).await.hears().await;
    }
    // No SSH at all, or another kind.
    for greeting in ["SSH-1.5-old", "GET / HTTP/1.0"] {
        let mut stream = TcpStream::connect(board.address()).await.unwrap();
        let said = format!("{greeting}\r\n{FAKE}\r\n{FAKE}");
        stream.write_all(said.as_bytes()).await.unwrap();
        // However it ends.
        stream.read_to_end(&mut Vec::new()).await.ok();
    }
    let opal = Caller::new("opal").with_key(keyring::key("opal"));
    for command in [
        "say",
        "settings set site_name",
        "user show",
        "invite create --note",
    ] {
        let command = format!("{command} \"{FAKE}\"");
        opal.runs(board.address(), &command, "").await.unwrap();
    }
}

#[tokio::test]
async fn threat_37_nobody_writes_a_line_of_the_log() {
    for format in ["text", "json"] {
        let mut board = Board::new().await;
        logs_everything(&mut board, format).await;
        forged(&board).await;
        board.terminate();
        let (status, log) = board.ended().await;
        assert!(status.success(), "{status}");
        assert!(log.contains("a session begins"), "no trace: {log}");
        let lines = log.split('\n').filter(|line| !line.is_empty());
        for line in lines.filter(|line| !line.starts_with("WARNING: this board runs as root")) {
            assert!(!line.contains(char::is_control), "{line:?}");
            assert!(line.len() < 1_000, "{line:?}");
            match format {
                "text" => {
                    let time = line.split(' ').next().unwrap();
                    assert!(
                        chrono::DateTime::parse_from_rfc3339(time).is_ok(),
                        "{line:?}"
                    );
                }
                _ => assert_ours(line),
            }
        }
    }
}

/// Fails unless a line is an object of ours.
fn assert_ours(line: &str) {
    let event: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    let keys: Vec<_> = event.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["fields", "level", "target", "timestamp"], "{line}");
    let target = event["target"].as_str().unwrap();
    assert!(target.starts_with("ringdown_bbs"), "{line}");
    for field in event["fields"].as_object().unwrap().keys() {
        assert!(
            field.bytes().all(|byte| byte.is_ascii_lowercase()),
            "{line}"
        );
    }
}
