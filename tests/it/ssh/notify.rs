//! The sysop's own program, started by the built binary.

use std::{fs, path::PathBuf, process::Stdio};

use serde_json::Value;

use super::{board::Board, call::in_time, journey::MENU, keyring, line::Caller};

/// Serves the board again, with a program that the shell runs.
async fn tells(board: &mut Board, script: &str) {
    board.terminate();
    board.ended().await;
    write(board, script);
    let file = left(board, "tell").display().to_string();
    let line = format!("notify_command = [\"/bin/sh\", {file:?}]\n");
    fs::write(left(board, "ringdown.toml"), line).unwrap();
    board.restart().await;
}

/// Writes the program, which works where the board is.
fn write(board: &Board, script: &str) {
    let script = format!("cd '{}'\n{script}\n", board.home().display());
    fs::write(left(board, "tell"), script).unwrap();
}

fn left(board: &Board, name: &str) -> PathBuf {
    board.home().join(name)
}

/// Waits until a program has left a whole line in a file.
async fn line_in(file: PathBuf) -> String {
    let read = async {
        loop {
            match fs::read_to_string(&file) {
                Ok(text) if text.ends_with('\n') => return text,
                _ => tokio::task::yield_now().await,
            }
        }
    };
    in_time("a line from the program", read).await
}

#[tokio::test]
async fn a_member_rings_and_the_program_hears_of_it() {
    let mut board = Board::new().await;
    board.create("ada", "user");
    tells(&mut board, "cat > told").await;
    let mut ada = Caller::new("ada")
        .with_key(keyring::key("ada"))
        .call(&board)
        .await;
    ada.until(MENU).await;
    ada.types("!").await;
    let told = line_in(left(&board, "told")).await;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["event"], "rang");
    assert_eq!(told["handles"], serde_json::json!(["ada"]));

    write(&board, "echo 'the chat is closed' >&2; exit 4");
    let test = board.command(&["mail", "test", "--notify"]);
    assert_eq!(test.status.code(), Some(6));
    let said = String::from_utf8(test.stderr).unwrap();
    assert!(
        said.contains("exit status: 4: the chat is closed"),
        "{said}"
    );
}

#[tokio::test]
async fn threat_51_a_program_that_hangs_ends_with_the_board() {
    let mut board = Board::new().await;
    tells(&mut board, "mkfifo hole; echo $$ > pid; read line < hole").await;
    let mut test = board
        .at_the_host(&["mail", "test", "--notify"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let pid = line_in(left(&board, "pid")).await;
    board.terminate();
    let (status, _) = board.ended().await;
    assert!(status.success(), "{status}");
    assert!(!test.wait().unwrap().success());
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    assert!(stat.is_err() || stat.is_ok_and(|stat| stat.contains(") Z ")));
}
