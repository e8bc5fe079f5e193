//! Everybody gets in with no question, whatever client and keys they have; what
//! they proved decides where they arrive.

use super::{
    board::Board,
    call::Call,
    client::Client,
    journey::{ENTER, GUEST, MENU, WELCOME},
    keyring::{self, Agent},
};

/// Hangs up and makes sure of a whole terminal.
async fn hang_up(mut call: Call) {
    call.types("q").await;
    let ended = call.ended().await;
    assert_eq!(ended.exit, Some(0), "{}", ended.text());
    ended.assert_restored();
}

/// Names of keys that nobody here uses.
const STRANGERS: [&str; 11] = [
    "s01", "s02", "s03", "s04", "s05", "s06", "s07", "s08", "s09", "s10", "s11",
];

#[tokio::test]
async fn without_a_key_openssh_arrives_at_the_welcome() {
    let board = Board::new().await;
    for name in ["somebody", "opal"] {
        let Some(ssh) = Client::ssh(&board) else {
            return;
        };
        let mut call = Call::on_terminal(ssh.without_key().to(name));
        call.until(WELCOME).await;
        hang_up(call).await;
    }
}

#[tokio::test]
async fn an_unknown_key_is_welcomed_as_one() {
    let board = Board::new().await;
    let file = keyring::save(&keyring::key("stranger"), board.home(), "stranger");
    let Some(ssh) = Client::ssh(&board) else {
        return;
    };
    let mut call = Call::on_terminal(ssh.with_key(&file).to("somebody"));
    call.until("SHA256:").await;
    call.until("no password").await;
    hang_up(call).await;
}

#[tokio::test]
async fn a_known_key_goes_straight_in_whatever_the_name() {
    let board = Board::new().await;
    for name in ["opal", "somebody"] {
        let Some(ssh) = Client::ssh(&board) else {
            return;
        };
        let mut call = Call::on_terminal(ssh.with_key(&board.key_file("opal")).to(name));
        call.until(MENU).await;
        call.until("opal").await;
        hang_up(call).await;
    }
}

#[tokio::test]
async fn an_agent_with_twelve_keys_finds_the_one_of_the_name() {
    let board = Board::new().await;
    let Some(ssh) = Client::ssh(&board) else {
        return;
    };
    let keys: Vec<_> = STRANGERS.into_iter().chain(["opal"]).collect();
    let agent = Agent::start(board.home(), &keys);
    let mut call = Call::on_terminal(ssh.with_agent(&agent).to("opal"));
    call.until(MENU).await;
    hang_up(call).await;

    // For a name that is nobody's the first key decides, and the welcome tells
    // how the others are tried.
    let ssh = Client::ssh(&board).unwrap();
    let mut call = Call::on_terminal(ssh.with_agent(&agent).to("somebody"));
    call.until("tries them all").await;
    hang_up(call).await;
}

#[tokio::test]
async fn a_known_laptop_that_asks_for_a_new_account_is_greeted() {
    let board = Board::new().await;
    let Some(ssh) = Client::ssh(&board) else {
        return;
    };
    let key = board.key_file("opal");
    let mut call = Call::on_terminal(ssh.with_key(&key).to("new"));
    call.until("You are opal here.").await;
    call.types(ENTER).await;
    call.until(MENU).await;
    hang_up(call).await;

    let ssh = Client::ssh(&board).unwrap();
    let mut call = Call::on_terminal(ssh.with_key(&key).to("new"));
    call.until("You are opal here.").await;
    call.types("n").await;
    call.chooses_handle("pearl").await;
    call.until("choose a password").await;
}

#[tokio::test]
async fn callers_who_can_only_be_nobody_look_round_as_guests() {
    let board = Board::new().await;
    let Some(ssh) = Client::ssh(&board) else {
        return;
    };
    let batch = ["-t", "-o", "BatchMode=yes"];
    let mut call = Call::on_terminal(ssh.without_key().args(batch).to("guest"));
    call.until(GUEST).await;
    call.types("q").await;
    call.until("Leave?").await;
    call.types(ENTER).await;
    call.ended().await.assert_restored();
}

#[tokio::test]
async fn dbclient_gets_in_with_and_without_a_key() {
    let board = Board::new().await;
    let opal = keyring::save_for_dropbear(&keyring::key("opal"), board.home(), "opal");
    let stranger = keyring::save_for_dropbear(&keyring::key("stranger"), board.home(), "stranger");
    for (key, arrives) in [
        (None, WELCOME),
        (Some(stranger), WELCOME),
        (Some(opal), MENU),
    ] {
        let Some(dbclient) = Client::dbclient(&board) else {
            return;
        };
        let dbclient = match &key {
            Some(file) => dbclient.with_key(file),
            None => dbclient,
        };
        let mut call = Call::on_terminal(dbclient.to("opal"));
        call.until(arrives).await;
        hang_up(call).await;
    }
}

#[tokio::test]
async fn plink_gets_in_with_and_without_a_key() {
    let board = Board::new().await;
    let Some(plink) = Client::plink(&board) else {
        return;
    };
    let mut call = Call::on_terminal(plink.to("opal"));
    call.until(WELCOME).await;
    hang_up(call).await;

    // Its agents speak as OpenSSH's does.
    if Client::ssh(&board).is_none() {
        return;
    }
    let agent = Agent::start(board.home(), &["stranger", "opal"]);
    let plink = Client::plink(&board).unwrap();
    let mut call = Call::on_terminal(plink.with_agent(&agent).to("opal"));
    call.until(MENU).await;
    hang_up(call).await;
}
