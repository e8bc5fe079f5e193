//! A second device of somebody who is here already, and terminals that change.

use super::{
    board::Board,
    call::Call,
    client::Client,
    journey::{ENTER, MENU, WELCOME},
    keyring,
};

/// Calls on a terminal with the key in the file of that name.
fn with_key(board: &Board, name: &str, door: &str) -> Option<Call> {
    let ssh = Client::ssh(board)?.with_key(&board.key_file(name));
    Some(Call::on_terminal(ssh.to(door)))
}

#[tokio::test]
async fn a_line_from_the_first_device_lets_the_second_in() {
    let board = Board::new().await;
    keyring::save(&keyring::key("phone"), board.home(), "phone");
    let Some(mut laptop) = with_key(&board, "opal", "opal") else {
        return;
    };
    laptop.until(MENU).await;
    laptop.types("a").await;
    laptop.until("sessions").await;
    laptop.types("k").await;
    laptop.until("other device").await;
    laptop.types("l").await;
    laptop.until("key-").await;
    let shown = laptop.text();
    let (_, line) = shown.split_once("key-").unwrap();
    let (code, _) = line.split_once('@').unwrap();

    let mut phone = with_key(&board, "phone", &format!("key-{code}")).unwrap();
    phone.until("to opal?").await;
    phone.types(ENTER).await;
    phone.until(MENU).await;
    let keys = board.user("opal").unwrap()["keys"].clone();
    assert_eq!(keys.as_array().unwrap().len(), 2);

    // The line worked once; the key works from now on.
    let mut again = with_key(&board, "phone", "anybody").unwrap();
    again.until(MENU).await;
}

#[tokio::test]
async fn a_window_may_shrink_and_grow_again() {
    let board = Board::new().await;
    let Some(mut call) = with_key(&board, "opal", "opal") else {
        return;
    };
    call.until(MENU).await;
    call.resizes((30, 10)).await;
    call.until("needs 40x15").await;
    call.resizes((120, 40)).await;
    call.until(MENU).await;
    call.types("q").await;
    call.ended().await.assert_restored();
}

#[tokio::test]
async fn a_terminal_without_utf_8_or_colours_is_as_good() {
    let board = Board::new().await;
    let Some(ssh) = Client::ssh(&board) else {
        return;
    };
    let ssh = ssh.without_key().args(["-o", "SetEnv=LC_ALL=C NO_COLOR=1"]);
    let mut call = Call::on_terminal(ssh.to("somebody"));
    call.until(WELCOME).await;
    call.types("q").await;
    let ended = call.ended().await;
    ended.assert_restored();
    assert!(ended.bytes.is_ascii());
    let sent = String::from_utf8(ended.bytes).unwrap();
    // How one of 256 colours would be chosen.
    assert!(!sent.contains("38;5;"), "{sent:?}");
}
