//! The whole picture of the machine and the board, for the SYSTEM tab. What is
//! well and what is not, `health` says.

use chrono::TimeDelta;

use super::{Bbs, Ruling, duty::Run, who::Caller};
use crate::{
    domain::{actor::Actor, clock::Timestamp, health::Check},
    store::sample::Sample,
};

/// How far back the samples go that are shown.
const WEEK: TimeDelta = TimeDelta::days(7);

/// What the SYSTEM tab shows.
#[derive(Clone, Debug)]
pub struct System {
    /// Since when the board is served.
    pub since: Option<Timestamp>,
    /// Who is on line, longest first.
    pub callers: Vec<Caller>,
    /// What was counted in the last week, oldest first.
    pub samples: Vec<Sample>,
    /// Bytes of the board's file.
    pub board_bytes: Option<u64>,
    /// Deeds that wait for the writer.
    pub writing: usize,
    /// The last run of every job, by name.
    pub runs: Vec<Run>,
    /// How well everything is.
    pub checks: Vec<Check>,
}

impl Bbs {
    /// Returns the whole picture, for sysops.
    pub async fn system(&self, actor: &Actor) -> Ruling<System> {
        // Before the checks, which stand in the same queue.
        let writing = self.store.queued();
        let samples = self.samples(actor, self.clock().now() - WEEK).await?;
        let space = self.machine().space(&self.setup.home.database).ok();
        Ok(System {
            since: self.duty().since(),
            callers: self.who(actor),
            samples,
            board_bytes: space.map(|space| space.board_bytes),
            writing,
            runs: self.duty().runs(),
            checks: self.checks().await,
        })
    }
}
