//! What sessions cost that do nothing: memory, and time of the processor.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    Result,
    caller::crowd,
    seed::Board,
    table::{Gate, gated, ms},
};

/// Sessions before the first look at the memory.
const WARM_UP: u32 = 32;
/// How long what a log-in leaves behind may take to settle.
const SETTLE: Duration = Duration::from_secs(3);

/// Resident memory of sessions at the main menu.
pub(crate) async fn memory(board: &Board, sessions: u32) -> Result<()> {
    let server = board.serve().await?;
    drop(crowd(server.address, WARM_UP, Duration::ZERO).await?);
    sleep(SETTLE).await;
    let before = server.resident()?;
    let callers = crowd(server.address, sessions, Duration::ZERO).await?;
    sleep(SETTLE).await;
    let after = server.resident()?;
    drop(callers);
    sleep(SETTLE).await;
    let left = server.resident()?;
    let each = f64::from(after.saturating_sub(before)) / f64::from(sessions);
    gated(
        &format!("resident memory per session, {sessions} held"),
        Gate::AtMost(110.0, " KiB"),
        each,
        &format!("{each:.0} KiB ({before} KiB before, {after} with them, {left} after)"),
    )?;
    server.stop().await
}

/// Time of the processor for sessions at the main menu.
pub(crate) async fn idle(board: &Board, sessions: u32, seconds: u32) -> Result<()> {
    let server = board.serve().await?;
    let window = Duration::from_secs(seconds.into());
    // Spread, so that their keepalives are, too.
    let pause = window.min(Duration::from_secs(30)) / sessions;
    let callers = crowd(server.address, sessions, pause).await?;
    sleep(SETTLE).await;
    let before = server.cpu()?;
    sleep(window).await;
    let spent = server.cpu()?.saturating_sub(before);
    let percent = ms(spent) / ms(window) * 100.0 * 1000.0 / f64::from(sessions);
    gated(
        &format!("idle, {sessions} sessions for {seconds} s, per 1000"),
        Gate::AtMost(0.1, " % of a core"),
        percent,
        &format!("{percent:.3} % ({:.1} ms in all)", ms(spent)),
    )?;
    drop(callers);
    server.stop().await
}
