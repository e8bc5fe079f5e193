//! A throw-away board: whoever calls it first runs it, and nothing of it stays.

use std::net::TcpListener;

use super::{
    board::Board,
    journey::{DOWN, ENTER, MENU, WELCOME},
    keyring,
    line::Caller,
};

#[tokio::test]
async fn the_first_key_that_calls_a_demo_is_the_sysops() {
    let board = Board::demo().await;
    let count = |status: &str| {
        let all = board.users();
        all.iter().filter(|user| user["status"] == status).count()
    };
    assert_eq!(count("active"), 40);
    assert_eq!(count("pending"), 12);
    assert!(count("suspended") > 0 && count("rejected") > 0);

    let caller = Caller::new("somebody").with_key(keyring::key("laptop"));
    let mut sysop = caller.call(&board).await;
    sysop.until(MENU).await;
    sysop.types("s").await;
    sysop.until("Pending 12").await;
    sysop.types("a").await;
    sysop.until("Pending 11").await;
    sysop.types(DOWN).await;
    sysop.until("r reject").await;
    sysop.types("r").await;
    sysop.until("Reject ").await;
    sysop.types(ENTER).await;
    sysop.until("Pending 10").await;
    assert_eq!(count("active"), 41);

    let late = Caller::new("somebody").with_key(keyring::key("another"));
    let mut late = late.call(&board).await;
    late.until(WELCOME).await;
}

#[tokio::test]
async fn without_a_key_the_sysop_of_a_demo_has_a_password() {
    let mut board = Board::demo().await;
    board.says("Everybody's password").await;
    let password = board.says("-").await;
    let password = password.trim_matches(['|', ' ']);
    let mut call = Caller::new("opal").call(&board).await;
    call.until(WELCOME).await;
    call.types("l").await;
    call.until("password").await;
    call.types(&format!("{password}{ENTER}")).await;
    call.until(MENU).await;
    call.types("s").await;
    call.until("Pending 12").await;
}

#[tokio::test]
async fn a_demo_leaves_nothing_behind_and_takes_a_free_port() {
    // Perhaps somebody else has it already.
    let _taken = TcpListener::bind(("127.0.0.1", 2222));
    let mut board = Board::demo().await;
    assert_ne!(board.address().port(), 2222);
    let data = board.data().to_owned();
    assert!(data.join("ringdown.db").exists());
    board.terminate();
    let (status, log) = board.ended().await;
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(!data.exists());
}
