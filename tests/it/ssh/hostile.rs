//! What no decent client sends.

use tokio::{
    io::AsyncReadExt as _,
    net::{TcpSocket, TcpStream},
};

use super::{
    board::Board,
    call::in_time,
    journey::{MENU, WELCOME},
    keyring,
    line::Caller,
};

#[tokio::test]
async fn a_strange_name_reaches_neither_log_nor_screen() {
    let mut board = Board::new().await;
    let endless = "join-".repeat(12_000);
    for name in [
        "\u{1b}]0;owned\u{7}\u{1b}[2J",
        "opal\r\nINFO everything is fine",
        "\u{202e}lapo",
        "op\u{200b}al",
        "",
        &endless,
    ] {
        let mut call = Caller::new(name).call(&board).await;
        call.until(WELCOME).await;
        call.types("q").await;
        let ended = call.ended().await;
        ended.assert_restored();
        let sent = String::from_utf8_lossy(&ended.bytes);
        for part in [
            "owned",
            "everything is fine",
            "\u{202e}",
            "\u{200b}",
            "join-join",
        ] {
            assert!(!sent.contains(part), "{part:?} in {sent:?}");
        }
    }
    board.terminate();
    let (_, log) = board.ended().await;
    for part in [
        "\u{1b}",
        "owned",
        "everything is fine",
        "\u{202e}",
        "\u{200b}",
        "join-join",
    ] {
        assert!(!log.contains(part), "{part:?} in {log:?}");
    }
}

#[tokio::test]
async fn threat_08_no_size_of_a_terminal_is_too_odd() {
    let board = Board::new().await;
    // Without a size, and beyond the largest, there is room to draw.
    for (columns, rows, shows) in [
        (0, 0, WELCOME),
        (u32::MAX, u32::MAX, WELCOME),
        (1, 1, "needs"),
        (65_536, 1, "needs"),
    ] {
        let caller = Caller::new("somebody").claims_size(columns, rows);
        let mut call = caller.call(&board).await;
        call.hears().await;
        call.until(shows).await;
        call.types("q").await;
        let ended = call.ended().await;
        ended.assert_restored();
        assert!(ended.bytes.len() < 1 << 20, "{columns}x{rows}");
    }
}

#[tokio::test]
async fn threat_01_a_source_that_floods_the_door_keeps_only_itself_out() {
    let board = Board::new().await;
    board.set("door_unauthenticated_per_source", "4");
    board.set("door_exempt", "");
    let mut flood = Vec::new();
    for _ in 0..60 {
        flood.push(stranger(&board, [127, 0, 0, 2]).await);
    }
    let opal = Caller::new("opal").with_key(keyring::key("opal"));
    let mut opal = opal.from([127, 0, 0, 3]).call(&board).await;
    opal.until(MENU).await;
}

#[tokio::test]
async fn threat_03_silent_connections_are_let_go_and_then_there_is_room_again() {
    let board = Board::new().await;
    board.set("door_unauthenticated_max", "2");
    // The least there is.
    board.set("door_grace_seconds", "5");
    board.set("door_exempt", "");
    let mut silent = Vec::new();
    for last in 10..20 {
        silent.push(stranger(&board, [127, 0, 0, last]).await);
    }
    for stream in &mut silent {
        // It hears a greeting at most, and says nothing.
        let mut heard = Vec::new();
        let end = in_time("the end of the grace", stream.read_to_end(&mut heard));
        end.await.ok();
        assert!(heard.len() < 4096);
    }
    let opal = Caller::new("opal").with_key(keyring::key("opal"));
    let mut opal = opal.from([127, 0, 0, 3]).call(&board).await;
    opal.until(MENU).await;
}

/// Connects, and says nothing.
async fn stranger(board: &Board, from: [u8; 4]) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    socket.connect(board.address()).await.unwrap()
}
