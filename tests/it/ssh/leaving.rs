//! Every way out gives the terminal back.

use tokio::net::TcpStream;

use super::{
    board::Board,
    call::{Call, Ended},
    client::Client,
    journey::{CTRL_C, ENTER, MENU, WELCOME},
    keyring,
    line::Caller,
};

/// Opal on her own laptop, in the main menu.
async fn opal(board: &Board) -> Option<Call> {
    let ssh = Client::ssh(board)?.with_key(&board.key_file("opal"));
    let mut call = Call::on_terminal(ssh.to("opal"));
    call.until(MENU).await;
    Some(call)
}

/// Fails unless the terminal is whole and shows those last words.
fn assert_parting(ended: &Ended, words: &str) {
    ended.assert_restored();
    assert!(ended.text().contains(words), "{}", ended.text());
}

#[tokio::test]
async fn with_q() {
    let board = Board::new().await;
    let Some(mut call) = opal(&board).await else {
        return;
    };
    call.types("q").await;
    let ended = call.ended().await;
    assert_parting(&ended, "Goodbye");
    assert_eq!(ended.exit, Some(0));
}

#[tokio::test]
async fn with_ctrl_c_and_a_second_thought() {
    let board = Board::new().await;
    let Some(mut call) = opal(&board).await else {
        return;
    };
    call.types(CTRL_C).await;
    call.until("Leave?").await;
    call.types(ENTER).await;
    let ended = call.ended().await;
    assert_parting(&ended, "Goodbye");
}

#[tokio::test]
async fn when_the_operator_takes_the_line_back() {
    let board = Board::new().await;
    let Some(call) = opal(&board).await else {
        return;
    };
    board.operator(&["user", "sessions", "opal", "--kill"]);
    assert_parting(&call.ended().await, "This line was closed");
}

#[tokio::test]
async fn when_the_board_closes() {
    let mut board = Board::new().await;
    let Some(member) = opal(&board).await else {
        return;
    };
    let mut stranger = Caller::new("somebody").call(&board).await;
    stranger.until(WELCOME).await;
    board.terminate();
    for call in [member, stranger] {
        assert_parting(&call.ended().await, "The board is closing");
    }
    let (status, log) = board.ended().await;
    assert!(status.success(), "{status} {log}");
    board.restart().await;
    opal(&board).await.unwrap();
}

/// Callers of every kind: those who look, some who connect and say nothing, and
/// some whose client stands still.
struct Crowd {
    callers: Vec<Call>,
    silent: Vec<TcpStream>,
    stalled: Vec<Call>,
}

impl Crowd {
    /// Fifty callers, ten of whom are no use; nobody without `ssh`.
    async fn of(board: &Board) -> Option<Self> {
        let mut crowd = Self {
            callers: Vec::new(),
            silent: Vec::new(),
            stalled: Vec::new(),
        };
        for _ in 0..5 {
            let ssh = Client::ssh(board)?.without_key();
            let mut call = Call::on_terminal(ssh.to("somebody"));
            call.until(WELCOME).await;
            call.stalls();
            crowd.stalled.push(call);
            let silent = TcpStream::connect(board.address()).await;
            crowd.silent.push(silent.unwrap());
        }
        for _ in 0..40 {
            let mut caller = Caller::new("somebody").call(board).await;
            caller.until(WELCOME).await;
            crowd.callers.push(caller);
        }
        Some(crowd)
    }
}

#[tokio::test]
async fn threat_51_a_board_that_is_told_to_stop_says_so_and_waits_for_nobody() {
    let mut board = Board::new().await;
    let Some(mut crowd) = Crowd::of(&board).await else {
        return;
    };
    let began = tokio::time::Instant::now();
    board.terminate();
    for caller in &mut crowd.callers {
        // On the screen, before the terminal is given back.
        caller
            .until("The board is closing; call again in a minute.")
            .await;
    }
    for caller in crowd.callers {
        assert_parting(&caller.ended().await, "The board is closing");
    }
    let (status, log) = board.ended().await;
    assert!(status.success(), "{status} {log}");
    assert!(log.contains("closed"), "{log}");
    assert!(began.elapsed().as_secs() <= 12, "{:?}", began.elapsed());
    drop((crowd.silent, crowd.stalled));
}

#[tokio::test]
async fn threat_51_a_board_that_is_told_twice_waits_not_even_for_goodbyes() {
    let mut board = Board::new().await;
    let Some(mut crowd) = Crowd::of(&board).await else {
        return;
    };
    board.terminate();
    for caller in &mut crowd.callers {
        caller.until("The board is closing").await;
    }
    board.terminate();
    let (status, log) = board.ended().await;
    assert!(status.success(), "{status} {log}");
    let now = log.find("closing now");
    let closed = log.find(" closed");
    assert!(now.is_some() && now < closed, "{log}");
}

#[tokio::test]
async fn threat_04_a_client_that_vanishes_leaves_no_session_behind() {
    let board = Board::new().await;
    let mut watcher = opal(&board).await;
    board.create("ada", "user");
    let ada = Caller::new("ada").with_key(keyring::key("ada"));
    let mut ada = ada.call(&board).await;
    ada.until(MENU).await;
    if let Some(watcher) = &mut watcher {
        watcher.types("w").await;
        watcher.until("ada").await;
    }
    drop(ada);
    if let Some(watcher) = &mut watcher {
        watcher.until_gone("ada").await;
    }
}
