//! A stranger with nothing but `ssh` joins, in each mode.

use super::{
    board::Board,
    call::Call,
    client::Client,
    journey::{CTRL_S, ENTER, MENU, WAITING, WELCOME},
    keyring,
    line::Caller,
};

/// A board with that mode, and a caller with a new key who comes by `name`.
async fn stranger(mode: &str, name: &str) -> Option<(Board, Call)> {
    let board = Board::new().await;
    board.set("registration_mode", mode);
    let call = laptop(&board, name)?;
    Some((board, call))
}

/// The laptop of marta, who has a key.
fn laptop(board: &Board, name: &str) -> Option<Call> {
    let file = keyring::save(&keyring::key("marta"), board.home(), "marta");
    let ssh = Client::ssh(board)?.with_key(&file);
    Some(Call::on_terminal(ssh.to(name)))
}

#[tokio::test]
async fn an_open_board_lets_a_stranger_walk_in() {
    let Some((board, mut call)) = stranger("open", "new").await else {
        return;
    };
    call.joins("marta").await;
    call.until(MENU).await;
    assert_eq!(board.status("marta").unwrap(), "active");

    // The key that was kept is the way in from now on.
    let mut again = laptop(&board, "anybody").unwrap();
    again.until(MENU).await;
    again.until("marta").await;
}

#[tokio::test]
async fn a_stranger_asks_the_sysop_and_finds_their_place_again() {
    let Some((board, mut call)) = stranger("sysop_approved", "new").await else {
        return;
    };
    call.joins("marta").await;
    call.until(WAITING).await;
    call.until("would like to join").await;
    assert_eq!(board.status("marta").unwrap(), "pending");
    call.types("q").await;
    call.ended().await.assert_restored();

    let mut again = laptop(&board, "marta").unwrap();
    again.until(WAITING).await;
}

#[tokio::test]
async fn an_invite_at_the_door_opens_a_board_that_is_by_invitation() {
    let board = Board::new().await;
    board.set("registration_mode", "invite_only");
    let code = board.invite();
    let Some(mut call) = laptop(&board, &format!("join-{code}")) else {
        return;
    };
    call.joins("marta").await;
    call.until(MENU).await;
    let marta = board.user("marta").unwrap();
    assert_eq!(marta["status"], "active");
    assert_eq!(marta["origin"], "invite");
}

#[tokio::test]
async fn without_an_invite_that_board_asks_for_one_and_forgives_how_it_is_typed() {
    let Some((board, mut call)) = stranger("invite_only", "new").await else {
        return;
    };
    call.until("▸ Welcome").await;
    call.types(ENTER).await;
    call.until("This board is by invitation. Enter your code.")
        .await;
    let code = board.invite().to_uppercase().replace('-', " ");
    call.types(&code).await;
    call.joins("marta").await;
    call.until(MENU).await;
}

#[tokio::test]
async fn a_closed_board_says_so_and_asks_nothing() {
    let Some((board, mut call)) = stranger("closed", "new").await else {
        return;
    };
    call.until("This board takes no new callers.").await;
    call.types("q").await;
    call.ended().await.assert_restored();

    // Nor does an invite help, and it keeps its use.
    let code = board.invite();
    let mut call = Caller::new(&format!("join-{code}")).call(&board).await;
    call.until("This board takes no new callers.").await;
    assert_eq!(uses(&board), 0);
}

#[tokio::test]
async fn without_a_key_a_password_is_the_way_in() {
    const PASSWORD: &str = "harbour fog and gulls";
    let board = Board::new().await;
    board.set("registration_mode", "open");
    let Some(ssh) = Client::ssh(&board) else {
        return;
    };
    let mut call = Call::on_terminal(ssh.without_key().to("new"));
    call.chooses_handle("marta").await;
    for line in [PASSWORD, PASSWORD, ""] {
        call.types(line).await;
        call.types(ENTER).await;
    }
    call.until("▸ Review").await;
    assert!(!call.text().contains("harbour"), "{}", call.text());
    call.types(ENTER).await;
    call.until(MENU).await;
    call.types("q").await;
    call.ended().await.assert_restored();

    // The handle that was called by stands there already.
    let ssh = Client::ssh(&board).unwrap();
    let mut call = Call::on_terminal(ssh.without_key().to("marta"));
    call.until(WELCOME).await;
    call.types("l").await;
    call.until("password").await;
    call.types(PASSWORD).await;
    call.types(ENTER).await;
    call.until(MENU).await;
}

#[tokio::test]
async fn what_was_typed_survives_a_refusal() {
    let Some((board, mut call)) = stranger("sysop_approved", "new").await else {
        return;
    };
    call.until("▸ Welcome").await;
    call.types(ENTER).await;
    call.until("▸ Handle").await;
    call.types("opal").await;
    call.types(ENTER).await;
    call.until("That handle isn't available.").await;
    call.types("ine").await;
    call.types(ENTER).await;
    call.until("▸ Your way in").await;
    call.types(ENTER).await;
    call.types(ENTER).await;
    call.until("▸ About you").await;
    call.types(CTRL_S).await;
    call.until("Tell the sysops in a sentence or two").await;
    call.types("Chess.").await;
    call.types(CTRL_S).await;
    call.until("▸ Review").await;
    call.types(ENTER).await;
    call.until(WAITING).await;
    assert_eq!(board.status("opaline").unwrap(), "pending");
}

/// How often the board's only invite was used.
fn uses(board: &Board) -> i64 {
    board.invites()[0]["uses"].as_i64().unwrap()
}
