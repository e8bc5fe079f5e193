//! How a board gets its sysop.

use super::{
    board::Board,
    call::Call,
    client::Client,
    journey::{MENU, WELCOME},
    keyring,
    line::Caller,
};

#[tokio::test]
async fn whoever_uses_the_claim_line_runs_the_board() {
    let mut board = Board::unclaimed().await;
    let claim = board.claim_name().await;
    let file = keyring::save(&keyring::key("opal"), board.home(), "opal");
    let Some(ssh) = Client::ssh(&board) else {
        return;
    };
    let mut call = Call::on_terminal(ssh.with_key(&file).to(&claim));
    call.joins("opal").await;
    call.until(MENU).await;
    call.until("sysop area").await;
    let opal = board.user("opal").unwrap();
    assert_eq!(opal["role"], "sysop");
    assert_eq!(opal["origin"], "claim");

    // The line worked once.
    let mut late = Caller::new(&claim).call(&board).await;
    let arrived = late.until_any(&[WELCOME, "▸ Welcome"]).await;
    assert_eq!(arrived, WELCOME, "{}", late.text());
}

#[tokio::test]
async fn a_newer_claim_line_replaces_the_one_before() {
    let mut board = Board::unclaimed().await;
    let old = board.claim_name().await;
    let line = board.operator(&["claim"]);
    let new = line
        .split_whitespace()
        .find(|word| word.starts_with("claim-"));
    let (new, _) = new.unwrap().split_once('@').unwrap();
    let mut late = Caller::new(&old).call(&board).await;
    late.until("Nobody runs this board yet").await;
    assert!(!late.text().contains("▸ Welcome"), "{}", late.text());
    let key = keyring::key("opal");
    let mut call = Caller::new(new).with_key(key).call(&board).await;
    call.joins("opal").await;
    call.until(MENU).await;
}

#[tokio::test]
async fn an_unclaimed_board_takes_no_requests() {
    let board = Board::unclaimed().await;
    let mut call = Caller::new("new").call(&board).await;
    call.until("Whoever started it has a claim line").await;
    assert!(!call.text().contains("ask to join"), "{}", call.text());
    call.types("q").await;
    call.ended().await.assert_restored();
}
