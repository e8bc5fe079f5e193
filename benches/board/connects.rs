//! What it costs to come in by key: from the first byte to the first frame of
//! the main menu, and to the first byte of OpenSSH's own server.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::{
    Result,
    caller::{AT_ONCE, Caller},
    seed::{Board, CALLERS, Person},
    sshd::Sshd,
    table::{Gate, gated, ms, row},
    turns,
};

/// Calls before the clock runs.
const WARM_UP: u32 = 100;
/// How long a server may take to hang up, which is part of the cost.
const SETTLE: Duration = Duration::from_millis(500);

pub(crate) async fn measure(board: &Board, connects: u32) -> Result<()> {
    let server = board.serve().await?;
    let address = server.address;
    let call = move |n| async move {
        let person = Person(n % CALLERS);
        Caller::call(address, person).await.map(drop)
    };
    let cost = Cost::of(call, || server.cpu(), connects).await?;
    gated(
        "key connect to main menu, server CPU",
        Gate::AtMost(1.0, " ms"),
        cost.cpu,
        &format!("{:.2} ms", cost.cpu),
    )?;
    gated(
        "key connects, 8 at once",
        Gate::AtLeast(1000.0, "/s"),
        cost.rate,
        &format!("{:.0}/s ({})", cost.rate, cost.times),
    )?;
    server.stop().await
}

/// The same with OpenSSH's server, which greets with one byte.
pub(crate) async fn beside(connects: u32) -> Result<()> {
    let sshd = match Sshd::start().await {
        Ok(sshd) => sshd,
        Err(why) => return row("the same with OpenSSH's sshd", &format!("none: {why}")),
    };
    let (address, user) = (sshd.address, sshd.user.clone());
    let call = move |_| {
        let user = user.clone();
        async move { Caller::greet(address, &user, Sshd::CALLER.key()).await }
    };
    let cost = Cost::of(call, || sshd.cpu(), connects).await?;
    row(
        "key connect to a byte of OpenSSH's sshd, its CPU",
        &format!("{:.2} ms", cost.cpu),
    )?;
    row(
        "the same, 8 at once",
        &format!("{:.0}/s ({})", cost.rate, cost.times),
    )
}

/// What calls cost.
struct Cost {
    /// Milliseconds of the server's processor, each.
    cpu: f64,
    /// How many came in a second.
    rate: f64,
    /// How long they took, p50 and p99.
    times: String,
}

impl Cost {
    /// Calls and hangs up, several at once.
    async fn of<F>(
        call: impl Fn(u32) -> F + Clone + Send + 'static,
        cpu: impl Fn() -> Result<Duration>,
        connects: u32,
    ) -> Result<Self>
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let warm_up = WARM_UP.min(connects);
        turns::take(0..warm_up, AT_ONCE, call.clone()).await?;
        sleep(SETTLE).await;
        let before = cpu()?;
        let began = Instant::now();
        let mut times = turns::take(warm_up..warm_up + connects, AT_ONCE, call).await?;
        let took = began.elapsed();
        sleep(SETTLE).await;
        let spent = cpu()?.saturating_sub(before);
        Ok(Self {
            cpu: ms(spent) / times.count(),
            rate: times.count() / took.as_secs_f64(),
            times: times.show(),
        })
    }
}
