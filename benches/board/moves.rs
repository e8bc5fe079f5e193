//! What a key costs in a list: the time to the first byte of what it changes,
//! and how many bytes those are.

use std::time::Duration;

use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval_at, timeout_at},
};

use crate::{
    Result,
    caller::{Caller, DOWN, UP, crowd},
    seed::Board,
    table::{Gate, Times, gated, ms, row},
};

/// Ten keys a second.
const PERIOD: Duration = Duration::from_millis(100);
/// Rows down before it goes up again, so that no list has to scroll.
const ROWS: u32 = 5;

/// As many as the gate for the time to the first byte is about.
const CROWD: u32 = 200;
/// Sessions on line besides, so that the list has rows to move on.
const OTHERS: u32 = 20;
/// How long arrivals may take to be told to everybody, which is every second.
const SETTLE: Duration = Duration::from_millis(2500);

/// A list to move in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    name: &'static str,
    keys: &'static str,
    shows: &'static str,
}

impl List {
    /// A plain one.
    pub(crate) const WHO: Self = Self {
        name: "WHO",
        keys: "w",
        shows: "Who is on line",
    };
    /// One with a pane that says more about the chosen row.
    pub(crate) const USERS: Self = Self {
        name: "USERS",
        keys: "s",
        shows: "Sysop",
    };
}

/// What one session saw.
#[derive(Default)]
struct Typed {
    times: Times,
    keys: u32,
    bytes: u32,
}

/// Has sessions type ten keys a second, each at a time of its own.
pub(crate) async fn measure(board: &Board, list: List, sessions: u32, seconds: u32) -> Result<()> {
    let server = board.serve().await?;
    let mut callers = crowd(server.address, sessions + OTHERS, Duration::ZERO).await?;
    let others = callers.split_off(usize::try_from(sessions)?);
    for caller in &mut callers {
        caller.press(list.keys.as_bytes()).await?;
        caller.see(list.shows).await?;
    }
    let keys = seconds * 10;
    let begin = Instant::now() + SETTLE;
    let mut typing = JoinSet::new();
    for (n, caller) in (0..).zip(callers) {
        // No two type at the same moment for longer than they must.
        let phase = PERIOD * n / sessions;
        typing.spawn(type_keys(caller, begin + phase, keys));
    }
    tokio::time::sleep_until(begin).await;
    let before = server.cpu()?;
    let mut all = Typed::default();
    while let Some(typed) = typing.join_next().await {
        let typed = typed??;
        all.times.append(typed.times);
        all.keys += typed.keys;
        all.bytes += typed.bytes;
    }
    let spent = server.cpu()?.saturating_sub(before);
    let answered = all.times.count();
    let what = format!("key to first byte p50 / p99, {sessions} in {}", list.name);
    if sessions == CROWD {
        let slowest = all.times.at(99);
        let gate = Gate::AtMost(2.0, " ms (p99)");
        gated(&what, gate, slowest, &all.times.show())?;
    } else {
        row(&what, &all.times.show())?;
    }
    let bytes = f64::from(all.bytes) / answered;
    gated(
        &format!("a move, {sessions} in {}", list.name),
        Gate::AtMost(120.0, " bytes"),
        bytes,
        &format!(
            "{bytes:.0} bytes, {:.3} ms of server CPU ({:.1} % answered)",
            ms(spent) / f64::from(all.keys),
            answered / f64::from(all.keys) * 100.0
        ),
    )?;
    drop(others);
    server.stop().await
}

/// Goes up and down a list.
async fn type_keys(mut caller: Caller, begin: Instant, keys: u32) -> Result<Typed> {
    let mut typed = Typed::default();
    // What is still under way from before is not an answer to a key.
    while let Ok(heard) = timeout_at(begin, caller.hear()).await {
        heard?;
    }
    let mut ticks = interval_at(begin, PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for n in 0..keys {
        let tick = ticks.tick().await;
        let key = if (n / ROWS).is_multiple_of(2) {
            DOWN
        } else {
            UP
        };
        let pressed = Instant::now();
        caller.press(key).await?;
        typed.keys += 1;
        let mut is_first = true;
        while let Ok(heard) = timeout_at(tick + PERIOD, caller.hear()).await {
            typed.bytes += u32::try_from(heard?)?;
            if std::mem::take(&mut is_first) {
                typed.times.add(pressed.elapsed());
            }
        }
    }
    Ok(typed)
}
