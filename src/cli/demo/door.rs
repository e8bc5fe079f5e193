//! The door of a throw-away board: the first key that calls is made the
//! sysop's. Everything else is the lobby's.

use std::{net::IpAddr, sync::Arc};

use tokio::sync::OnceCell;
use tracing::warn;

use crate::{
    app::Bbs,
    cli::lobby::Lobby,
    command::Live,
    domain::{
        actor::Actor,
        certificate::{Certified, Presented},
        door::DoorName,
        id::AccountId,
        key::VerifiedKey,
    },
    ssh::{Board, BoxFuture, Caller, DoorLimits, KeyStanding, Parting, Reply, Stdin},
    tui::{line::Line, say},
};

/// A lobby whose first caller with a key is the sysop.
pub(super) struct OpenDoor {
    lobby: Arc<Lobby>,
    bbs: Arc<Bbs>,
    console: Actor,
    sysop: AccountId,
    first: OnceCell<()>,
}

impl OpenDoor {
    /// Opens the door of `bbs`, which `sysop` runs.
    pub(super) fn new(bbs: &Arc<Bbs>, console: Actor, sysop: AccountId) -> Self {
        Self {
            lobby: Arc::new(Lobby::new(Arc::clone(bbs))),
            bbs: Arc::clone(bbs),
            console,
            sysop,
            first: OnceCell::new(),
        }
    }

    /// Gives the sysop the first key that calls without asking for a door.
    async fn recognise(&self, caller: &Caller) {
        let (DoorName::Other(_) | DoorName::Nobody, Some(key)) = (&caller.name, &caller.proven)
        else {
            return;
        };
        let line = key.key().to_openssh();
        let given = self.first.get_or_try_init(|| async {
            let added = self.bbs.add_key_to(&self.console, self.sysop, line).await;
            added.map(drop)
        });
        if let Err(stop) = given.await {
            warn!("a key is not the sysop's: {}", say::sentence(&stop));
        }
    }
}

impl Board for OpenDoor {
    fn door_limits(&self) -> DoorLimits {
        self.lobby.door_limits()
    }

    fn admits(&self, address: IpAddr) -> bool {
        self.lobby.admits(address)
    }

    fn key_standing<'a>(
        &'a self,
        name: &'a DoorName,
        key: &'a VerifiedKey,
    ) -> BoxFuture<'a, KeyStanding> {
        self.lobby.key_standing(name, key)
    }

    fn believe<'a>(
        &'a self,
        name: &'a DoorName,
        certificate: &'a Presented,
        from: IpAddr,
    ) -> BoxFuture<'a, Option<Certified>> {
        self.lobby.believe(name, certificate, from)
    }

    fn broke_down(&self) {
        self.lobby.broke_down();
    }

    fn shell(self: Arc<Self>, caller: Caller, line: Line) -> BoxFuture<'static, Parting> {
        Box::pin(async move {
            self.recognise(&caller).await;
            Board::shell(Arc::clone(&self.lobby), caller, line).await
        })
    }

    fn exec(
        self: Arc<Self>,
        caller: Caller,
        command: String,
        stdin: Stdin,
        live: Live,
    ) -> BoxFuture<'static, Reply> {
        Box::pin(async move {
            self.recognise(&caller).await;
            Board::exec(Arc::clone(&self.lobby), caller, command, stdin, live).await
        })
    }
}
