//! What the log must never tell, however much is asked of it.

use std::{fs, io::Write as _, process::Stdio};

use super::{
    board::{Board, executable},
    journey::{ENTER, MENU, WELCOME},
    keyring,
    line::Caller,
};

const PASSWORD: &str = "lighthouse tarpaulin ferry";
const WRONG: &str = "lighthouse tarpaulin fairy";
const ADDRESS: &str = "pat.of.the.harbour@example.org";

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
        board.terminate();
        board.ended().await;
        let lines = format!("log = \"trace\"\nlog_format = \"{format}\"\n");
        fs::write(board.home().join("ringdown.toml"), lines).unwrap();
        board.restart().await;

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
