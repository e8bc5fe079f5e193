//! How long a start takes on a full board: from the process to the first word.

use crate::{
    Result,
    seed::Board,
    table::{Gate, Times, gated},
};

pub(crate) async fn measure(board: &Board, starts: u32) -> Result<()> {
    let mut times = Times::default();
    for _ in 0..starts {
        let (server, took) = board.start().await?;
        times.add(took);
        server.stop().await?;
    }
    let (middle, worst) = (times.at(50), times.at(100));
    gated(
        "start to serving, 100 000 accounts, p50 / worst",
        Gate::AtMost(100.0, " ms"),
        worst,
        &format!("{middle:.0} / {worst:.0} ms"),
    )
}
