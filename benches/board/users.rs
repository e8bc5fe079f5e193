//! The first page of USERS: as the use case answers it, and as a sysop sees it.

use std::{sync::Arc, time::Duration};

use ringdown_bbs::{
    app::{Address, Bbs, Home, Reach, Setup, machine::ThisMachine},
    domain::{
        account::Status, actor::Actor, clock::SystemClock, code::ServerKey, entropy::OsEntropy,
    },
    store::{Create, account::From},
};
use tokio::time::{Instant, sleep};

use crate::{
    Result,
    caller::{Caller, MENU},
    seed::{Board, Person},
    table::{Times, row},
};

/// Rows of a page at 80x24.
const ROWS: u32 = 20;
/// The pause of a person between two keys.
const PAUSE: Duration = Duration::from_millis(50);

pub(crate) async fn measure(board: &Board, pages: u32) -> Result<()> {
    let bbs = open(board).await?;
    for (status, name) in [(Status::Pending, "pending"), (Status::Active, "active")] {
        let mut times = Times::default();
        for _ in 0..pages {
            let began = Instant::now();
            let page = bbs.list_users(&Actor::Console { uid: 0 }, status, "", From::Start, ROWS);
            let page = page.await.map_err(|stop| format!("{stop:?}"))?;
            times.add(began.elapsed());
            if u32::try_from(page.rows.len()) != Ok(ROWS) {
                return Err("a page is short".into());
            }
        }
        row(
            &format!("first page of USERS, {name}, p50 / p99"),
            "<= 1 ms",
            &times.show(),
        )?;
    }
    bbs.close().await;
    through_ssh(board, pages / 20).await
}

/// Opens the tab and leaves it again, until the first row is seen.
async fn through_ssh(board: &Board, times: u32) -> Result<()> {
    let server = board.serve().await?;
    let mut sysop = Caller::call(server.address, Person::SYSOP).await?;
    let mut seen = Times::default();
    for _ in 0..times {
        // Frames have a least distance; a key that comes later waits for none.
        sleep(PAUSE).await;
        let began = Instant::now();
        sysop.press(b"s").await?;
        sysop.see(&Person::FIRST_WAITING.handle()).await?;
        seen.add(began.elapsed());
        sleep(PAUSE).await;
        sysop.press(b"q").await?;
        sysop.see(MENU).await?;
    }
    row(
        "USERS over ssh, key to first row, p50 / p99",
        "",
        &seen.show(),
    )?;
    drop(sysop);
    server.stop().await
}

/// Opens the board in this process; nobody serves it meanwhile.
async fn open(board: &Board) -> Result<Arc<Bbs>> {
    let entropy = Arc::new(OsEntropy);
    let setup = Setup {
        clock: Arc::new(SystemClock::start()),
        server_key: ServerKey::generate(entropy.as_ref()),
        entropy,
        reach: Reach {
            address: Address {
                host: "localhost".to_owned(),
                near_host: "localhost".to_owned(),
                port: 22,
            },
            sysop_keys: Vec::new(),
            mailer: None,
            facts: Vec::new(),
        },
        home: Home::of(board.directory.path()),
        machine: Arc::new(ThisMachine),
    };
    Ok(Bbs::open(&board.file(), Create::Never, setup).await?)
}
