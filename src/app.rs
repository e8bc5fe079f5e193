//! Not written yet.

pub mod visit;

use std::sync::Arc;

use tokio::sync::broadcast;

use crate::{
    domain::{clock::Clock, event::Event},
    settings::Settings,
};

/// The board.
pub struct Bbs {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// What happened.
    pub hub: broadcast::Sender<Event>,
    /// What the sysop set.
    pub settings: Arc<Settings>,
}

impl Bbs {
    /// Listens.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.hub.subscribe()
    }

    /// Reads.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings)
    }
}
