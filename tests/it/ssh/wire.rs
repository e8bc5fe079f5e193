//! What a hostile client, or a bad wire, does below the keys that are typed.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use super::{
    board::Board,
    call::Call,
    client::Client,
    journey::{MENU, WELCOME},
    keyring,
    line::{Caller, Said},
};

fn opal() -> Caller {
    Caller::new("opal").with_key(keyring::key("opal"))
}

#[tokio::test]
async fn threat_07_of_many_sizes_only_the_last_counts() {
    let board = Board::new().await;
    let mut call = opal().call(&board).await;
    call.until(MENU).await;
    for n in 0..20_000 {
        call.resizes((60 + n % 60, 20 + n % 20)).await;
    }
    call.resizes((30, 10)).await;
    call.until("30x10").await;
    call.resizes((80, 24)).await;
    call.until(MENU).await;
    call.types("q").await;
    let ended = call.ended().await;
    ended.assert_restored();
    // A full screen for each would be forty million.
    assert!(ended.bytes.len() < 4 << 20, "{}", ended.bytes.len());
}

#[tokio::test]
async fn threat_09_a_flood_of_environment_costs_only_its_own_line() {
    let board = Board::new().await;
    let long = "x".repeat(30_000);
    let flood = (0..5_000).map(|_| ("LC_ALL", long.clone())).collect();
    let caller = Caller::new("somebody").claims_terminal("xterm", flood);
    // Whether the client notices before or after it has asked for a shell.
    if let Ok(mut call) = caller.try_call(&board).await {
        assert!(!call.sees(WELCOME).await);
    }
    opal().call(&board).await.until(MENU).await;
}

/// What becomes of the bytes of a client.
#[derive(Clone, Copy, Debug)]
enum Harm {
    /// This one is another.
    Flips(usize),
    /// There are no more from here on.
    Cuts(usize),
    /// What came so far comes once more.
    Repeats(usize),
}

impl Harm {
    /// Returns what is sent instead, and whether the line goes on.
    fn on(self, sent: usize, mut bytes: Vec<u8>) -> (Vec<u8>, bool) {
        let (Self::Flips(place) | Self::Cuts(place) | Self::Repeats(place)) = self;
        let Some(place) = place.checked_sub(sent).filter(|at| *at < bytes.len()) else {
            return (bytes, true);
        };
        match self {
            Self::Flips(_) => bytes[place] ^= 0x55,
            Self::Cuts(_) => bytes.truncate(place),
            Self::Repeats(_) => bytes = bytes.repeat(2),
        }
        (bytes, !matches!(self, Self::Cuts(_)))
    }
}

/// Stands between a client and the board and does harm, once.
async fn between(board: SocketAddr, harm: Harm) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (client, _) = listener.accept().await.unwrap();
        let far = TcpStream::connect(board).await.unwrap();
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_board, mut to_board) = far.into_split();
        let back = tokio::spawn(async move {
            // Either may hang up first.
            tokio::io::copy(&mut from_board, &mut to_client).await.ok();
        });
        let (mut sent, mut bytes) = (0, vec![0; 4096]);
        while let Ok(length @ 1..) = from_client.read(&mut bytes).await {
            let (harmed, goes_on) = harm.on(sent, bytes[..length].to_vec());
            sent += length;
            if to_board.write_all(&harmed).await.is_err() || !goes_on {
                break;
            }
        }
        drop(to_board);
        back.await.unwrap();
    });
    address
}

#[tokio::test]
async fn threat_11_what_a_bad_wire_delivers_ends_only_that_line() {
    let mut board = Board::new().await;
    // A length that was harmed promises bytes that never come: the least grace
    // there is ends the wait for them.
    board.set("door_grace_seconds", "5");
    let mut other = opal().call(&board).await;
    other.until(MENU).await;
    let mut lines = JoinSet::new();
    // The greeting, the exchange of keys, the login, the command.
    for place in [3, 40, 700, 1_500, 2_200, 2_800, 3_000, 3_100] {
        for harm in [Harm::Flips(place), Harm::Cuts(place), Harm::Repeats(place)] {
            let address = between(board.address(), harm).await;
            lines.spawn(async move { opal().runs(address, "whoami", "").await });
        }
    }
    let lines = lines.join_all().await;
    let is_whole = |said: &&Result<Said, _>| matches!(said, Ok(said) if said.exit == Some(0));
    let whole = lines.iter().filter(is_whole).count();
    // Harm beyond the last byte is none, but most of it is before.
    assert!(whole < lines.len() / 2, "{whole} of {}", lines.len());
    let whole = opal().runs(board.address(), "whoami", "").await.unwrap();
    assert_eq!(whole.exit, Some(0));
    other.types("?").await;
    other.until("Help").await;
    board.terminate();
    let (_, log) = board.ended().await;
    assert!(!log.contains("panic"), "{log}");
}

#[tokio::test]
async fn threat_12_a_session_survives_new_keys_in_its_middle() {
    let board = Board::new().await;
    let Some(ssh) = Client::ssh(&board) else {
        return;
    };
    let ssh = ssh.with_key(&board.key_file("opal"));
    let ssh = ssh.args(["-o", "RekeyLimit=1K"]).to("opal");
    let mut call = Call::on_terminal(ssh);
    call.until(MENU).await;
    for _ in 0..40 {
        call.types("?").await;
        call.until("Help").await;
        call.types("\x1b[27u").await;
        call.until_gone("Help").await;
    }
    call.types("q").await;
    let ended = call.ended().await;
    ended.assert_restored();
    assert_eq!(ended.exit, Some(0));
}

#[tokio::test]
async fn threat_17_a_key_that_is_only_shown_is_answered_alike_whoever_has_it() {
    let board = Board::new().await;
    for name in ["opal", "anybody"] {
        for owner in ["opal", "nobody"] {
            let caller = Caller::new(name);
            assert!(
                caller.shows(&board, &keyring::key(owner)).await,
                "{name}, {owner}"
            );
        }
    }
}
