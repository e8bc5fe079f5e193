//! The first page of USERS: as the use case answers it, and as a sysop sees it.

use std::time::Duration;

use ringdown_bbs::{domain::account::Status, store::account::From};
use tokio::time::{Instant, sleep};

use crate::{
    Result,
    caller::{Caller, MENU},
    seed::{Board, CONSOLE, Person},
    stopped,
    table::{Gate, Times, gated, row},
};

/// Rows of a page at 80x24.
const ROWS: u32 = 20;
/// The pause of a person between two keys.
const PAUSE: Duration = Duration::from_millis(50);

pub(crate) async fn measure(board: &Board, pages: u32) -> Result<()> {
    let bbs = board.open().await?;
    for (status, name) in [(Status::Pending, "pending"), (Status::Active, "active")] {
        let mut times = Times::default();
        for _ in 0..pages {
            let began = Instant::now();
            let page = bbs.list_users(&CONSOLE, status, "", From::Start, ROWS);
            let page = page.await.map_err(stopped)?;
            times.add(began.elapsed());
            if u32::try_from(page.rows.len()) != Ok(ROWS) {
                return Err("a page is short".into());
            }
        }
        let slowest = times.at(99);
        gated(
            &format!("first page of USERS, {name}, p50 / p99"),
            Gate::AtMost(1.0, " ms"),
            slowest,
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
    row("USERS over ssh, key to first row, p50 / p99", &seen.show())?;
    drop(sysop);
    server.stop().await
}
