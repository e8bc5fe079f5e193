//! What a call costs: the real server as a process of its own, called over
//! loopback by clients of this one; and what the use cases behind it get done. It
//! prints a table with a gate where there is one, and fails nothing. `cargo bench -- --quick` is the short version, and names as in
//! `cargo bench -- connects memory` leave the rest out.

mod approvals;
mod caller;
mod connects;
mod held;
mod joins;
mod moves;
mod seed;
mod server;
mod sshd;
mod starts;
mod table;
mod turns;
mod users;

use std::io::{self, Write as _};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use moves::List;
use ringdown_bbs::app::Stop;
use seed::Board;

/// What went wrong, for whoever reads it.
type Failure = Box<dyn std::error::Error + Send + Sync>;
type Result<T, E = Failure> = std::result::Result<T, E>;

/// Returns what is wrong when a use case stops.
#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
fn stopped(stop: Stop) -> Failure {
    format!("{stop:?}").into()
}

/// How much is done.
#[derive(Clone, Copy, Debug)]
struct Scale {
    /// Connections that are made and left, for their cost.
    connects: u32,
    /// The same to OpenSSH's server.
    connects_beside: u32,
    /// Sessions that are held, for their memory.
    held: u32,
    /// Crowds of sessions that type.
    typing: &'static [u32],
    /// Seconds they type.
    typing_seconds: u32,
    /// Sessions that do nothing.
    idle: u32,
    /// Seconds over which they arrive, and for which they do nothing.
    idle_seconds: u32,
    /// Times that a page is asked for.
    pages: u32,
    /// Times that the server is started.
    starts: u32,
    /// Registrations with a password.
    passwords: u32,
    /// Registrations with a key alone.
    keys: u32,
    /// Requests that are approved, twice.
    approvals: u32,
}

impl Scale {
    const FULL: Self = Self {
        connects: 4000,
        connects_beside: 500,
        held: 1000,
        typing: &[1, 50, 200],
        typing_seconds: 15,
        idle: 500,
        idle_seconds: 60,
        pages: 2000,
        starts: 10,
        passwords: 400,
        keys: 4000,
        approvals: 2000,
    };
    const QUICK: Self = Self {
        connects: 400,
        connects_beside: 100,
        held: 200,
        typing: &[1, 50],
        typing_seconds: 4,
        idle: 100,
        idle_seconds: 8,
        pages: 200,
        starts: 3,
        passwords: 40,
        keys: 400,
        approvals: 200,
    };
}

fn main() -> Result<()> {
    let (options, wanted): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|argument| argument.starts_with("--"));
    let has = |option: &str| options.iter().any(|given| given == option);
    if !has("--bench") {
        // As `cargo test --all-targets` does: there is nothing to test.
        writeln!(io::stdout(), "This measures under `cargo bench` only.")?;
        return Ok(());
    }
    let scale = if has("--quick") {
        Scale::QUICK
    } else {
        Scale::FULL
    };
    allow_many_files();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(measure(scale, &wanted))
}

/// Measures what is wanted by name, or everything.
async fn measure(scale: Scale, wanted: &[String]) -> Result<()> {
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|one| one == name);
    let board = Board::make().await?;
    table::begin()?;
    if wants("connects") {
        connects::measure(&board, scale.connects).await?;
        connects::beside(scale.connects_beside).await?;
    }
    if wants("memory") {
        held::memory(&board, scale.held).await?;
    }
    if wants("moves") {
        for &sessions in scale.typing {
            moves::measure(&board, List::WHO, sessions, scale.typing_seconds).await?;
        }
        moves::measure(&board, List::USERS, 1, scale.typing_seconds).await?;
    }
    if wants("idle") {
        held::idle(&board, scale.idle, scale.idle_seconds).await?;
    }
    if wants("users") {
        users::measure(&board, scale.pages).await?;
    }
    if wants("starts") {
        starts::measure(&board, scale.starts).await?;
    }
    // These change the board, so they are last.
    if wants("joins") {
        joins::measure(&board, scale.passwords, scale.keys).await?;
    }
    if wants("approvals") {
        approvals::measure(&board, scale.approvals).await?;
    }
    Ok(())
}

/// Raises the limit of open files as far as the system lets us.
fn allow_many_files() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: maximum,
        maximum,
    };
    // With fewer files the first row says which call failed.
    setrlimit(Resource::Nofile, most).ok();
}
