//! Not written yet.

pub mod visit;

use std::sync::Arc;

use tokio::sync::broadcast;

use crate::domain::{clock::Clock, event::Event};

/// The board.
pub struct Bbs {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// What happened.
    pub hub: broadcast::Sender<Event>,
}

impl Bbs {
    /// Listens.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.hub.subscribe()
    }
}
