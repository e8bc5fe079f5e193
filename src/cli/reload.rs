//! SIGHUP: the configuration is read anew while the board is served. What can
//! change does, all of it or nothing; the rest waits for the next start.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{error, info, warn};

use super::{board, log::Log, mail, notify, stop::Stop};
use crate::{
    app::Bbs,
    config::{self, Config},
    tui::say,
};

/// The wish for another configuration.
pub(super) struct Reload<'a> {
    wishes: Signal,
    /// What was read at the start.
    config: &'a Config,
    log: &'a Log,
    port: u16,
}

impl<'a> Reload<'a> {
    /// Listens for it from now on, for a board that listens on `port`.
    pub(super) fn listen(config: &'a Config, log: &'a Log, port: u16) -> io::Result<Self> {
        Ok(Self {
            wishes: signal(SignalKind::hangup())?,
            config,
            log,
            port,
        })
    }

    /// Waits for the next one.
    pub(super) async fn wished(&mut self) {
        self.wishes.recv().await;
    }

    /// Reads the configuration anew. A bad one changes nothing.
    pub(super) async fn read(&self, bbs: &Bbs) {
        match self.take(bbs).await {
            Ok(()) => info!("the configuration was read anew"),
            Err(Stop { sentence, .. }) => {
                error!("the configuration stays as it was: {sentence}");
            }
        }
    }

    /// Takes what can change; everything is read before anything changes.
    async fn take(&self, bbs: &Bbs) -> Result<(), Stop> {
        let config = self.config.reread(config::environment)?;
        let reach = board::reach(&config, self.port, mail::mailer(&config)?)?;
        if let Some(complaint) = notify::complaint(&config) {
            warn!("{complaint}");
        }
        self.log.follow(&config)?;
        let reached = bbs.reach_by(reach).await;
        reached.map_err(|stop| Stop::fault(say::sentence(&stop)))?;
        if config.listen.value != self.config.listen.value {
            info!("the addresses to listen on change with the next start");
        }
        if config.log_format.value != self.config.log_format.value {
            info!("the format of the log changes with the next start");
        }
        Ok(())
    }
}
