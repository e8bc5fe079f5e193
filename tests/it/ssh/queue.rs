//! A sysop decides in one call, and somebody waits in another.

use std::time::Duration;

use tokio::time::timeout;

use super::{
    board::Board,
    call::Call,
    client::Client,
    journey::{DOWN, ENTER, MENU, WAITING},
    keyring,
    line::Caller,
};

/// What a sysop does must be known to those concerned within this time.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Marta asks to join and waits.
async fn marta(board: &Board) -> Call {
    let marta = Caller::new("new").with_key(keyring::key("marta"));
    let mut call = marta.call(board).await;
    call.joins("marta").await;
    call.until(WAITING).await;
    call
}

/// Opal opens the USERS tab on her own laptop.
async fn opal(board: &Board) -> Option<Call> {
    let ssh = Client::ssh(board)?.with_key(&board.key_file("opal"));
    let mut call = Call::on_terminal(ssh.to("opal"));
    call.until(MENU).await;
    call.types("s").await;
    call.until("▸ Users").await;
    Some(call)
}

#[tokio::test]
async fn the_waiting_room_becomes_the_main_menu_when_the_sysop_presses_a() {
    let board = Board::new().await;
    let Some(mut opal) = opal(&board).await else {
        return;
    };
    opal.until("Nobody waits").await;
    let mut marta = marta(&board).await;
    opal.until("marta asks to join.").await;
    opal.until("I am marta").await;
    opal.types(DOWN).await;
    opal.until("a approve").await;
    opal.types("a").await;
    timeout(AT_ONCE, marta.until(MENU)).await.unwrap();
    opal.until("marta is in.").await;
    marta.until("You are in, marta.").await;
    assert_eq!(board.status("marta").unwrap(), "active");
}

#[tokio::test]
async fn somebody_who_is_rejected_reads_so_at_once_and_when_they_call_again() {
    let board = Board::new().await;
    let mut marta = marta(&board).await;
    let Some(mut opal) = opal(&board).await else {
        return;
    };
    opal.until("I am marta").await;
    opal.types(DOWN).await;
    opal.until("r reject").await;
    opal.types("r").await;
    opal.until("Reject marta?").await;
    opal.types("r").await;
    timeout(AT_ONCE, marta.until("This request was not accepted."))
        .await
        .unwrap();
    assert_eq!(board.status("marta").unwrap(), "rejected");
    marta.types("q").await;
    marta.ended().await.assert_restored();

    let again = Caller::new("marta").with_key(keyring::key("marta"));
    let mut again = again.call(&board).await;
    again.until("This request was not accepted.").await;
}

#[tokio::test]
async fn n6_a_suspension_from_the_command_line_ends_live_sessions_with_the_reason() {
    let board = Board::new().await;
    board.create("ada", "user");
    let mut laptop = Caller::new("ada")
        .with_key(keyring::key("ada"))
        .call(&board)
        .await;
    let mut desk = Caller::new("ada")
        .with_key(keyring::key("ada"))
        .call(&board)
        .await;
    laptop.until(MENU).await;
    desk.until(MENU).await;
    board.operator(&["user", "suspend", "ada", "--reason", "selling kettles"]);
    for call in [laptop, desk] {
        let ended = timeout(AT_ONCE, call.ended()).await.unwrap();
        ended.assert_restored();
        assert!(ended.text().contains("selling kettles"), "{}", ended.text());
    }

    let again = Caller::new("ada").with_key(keyring::key("ada"));
    let mut again = again.call(&board).await;
    again.until("This account is suspended").await;
    again.until("selling kettles").await;
}

#[tokio::test]
async fn a_request_that_is_withdrawn_leaves_nothing_behind() {
    let board = Board::new().await;
    let mut marta = marta(&board).await;
    marta.types("w").await;
    marta.until("Withdraw your request?").await;
    marta.types(ENTER).await;
    marta.ended().await.assert_restored();
    assert_eq!(board.status("marta"), None);
}
