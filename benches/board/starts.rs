//! How long a start takes on a full board: from the process to the first word.

use crate::{
    Result,
    seed::Board,
    table::{Times, row},
};

pub(crate) async fn measure(board: &Board, starts: u32) -> Result<()> {
    let mut times = Times::default();
    for _ in 0..starts {
        let (server, took) = board.start().await?;
        times.add(took);
        server.stop().await?;
    }
    row(
        "start to serving, 100 000 accounts, p50 / worst",
        "<= 100 ms",
        &times.show(),
    )
}
