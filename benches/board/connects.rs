//! What it costs to come in: from the first byte to the first frame of the main
//! menu, by key.

use std::{net::SocketAddr, ops::Range, sync::Arc, time::Duration};

use tokio::{
    sync::Mutex,
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{
    Result,
    caller::{AT_ONCE, Caller},
    seed::{Board, CALLERS, Person},
    table::{Times, ms, row},
};

/// Calls before the clock runs.
const WARM_UP: u32 = 100;

pub(crate) async fn measure(board: &Board, connects: u32) -> Result<()> {
    let server = board.serve().await?;
    call(server.address, 0..WARM_UP).await?;
    let before = server.cpu()?;
    let began = Instant::now();
    let mut times = call(server.address, WARM_UP..WARM_UP + connects).await?;
    let took = began.elapsed();
    // Hanging up is part of the cost.
    sleep(Duration::from_millis(500)).await;
    let spent = server.cpu()?.saturating_sub(before);
    let each = ms(spent) / times.count();
    let rate = times.count() / took.as_secs_f64();
    row(
        "key connect to main menu, server CPU",
        "<= 1 ms",
        &format!("{each:.2} ms"),
    )?;
    row(
        "key connects, 8 at once",
        ">= 1000/s",
        &format!("{rate:.0}/s ({})", times.show()),
    )?;
    server.stop().await
}

/// Calls and hangs up, several at once.
async fn call(server: SocketAddr, numbers: Range<u32>) -> Result<Times> {
    let numbers = Arc::new(Mutex::new(numbers));
    let mut calling: JoinSet<_> = (0..AT_ONCE)
        .map(|_| call_in_turn(server, Arc::clone(&numbers)))
        .collect();
    let mut times = Times::default();
    while let Some(called) = calling.join_next().await {
        times.append(called??);
    }
    Ok(times)
}

/// Calls and hangs up until no numbers are left.
async fn call_in_turn(server: SocketAddr, numbers: Arc<Mutex<Range<u32>>>) -> Result<Times> {
    let mut times = Times::default();
    loop {
        let Some(n) = numbers.lock().await.next() else {
            return Ok(times);
        };
        let began = Instant::now();
        let caller = Caller::call(server, Person(n % CALLERS)).await?;
        times.add(began.elapsed());
        drop(caller);
    }
}
