//! A board of a size: one hundred thousand accounts, ten thousand of which wait,
//! and callers enough to spread the sessions over.

use std::{path::PathBuf, sync::Arc};

use ringdown_bbs::{
    domain::{
        account::{Origin, Role, Status},
        clock::SystemClock,
        email::Email,
        handle::Handle,
        key::PublicKey,
    },
    store::{self, Create, Fault, Store, Tx, account::New, key::Standing},
};
use ssh_key::{PrivateKey, private::Ed25519Keypair};
use tempfile::TempDir;

use crate::{Result, server::Server};

/// Callers with a key: as many as the most sessions that are held.
pub(crate) const CALLERS: u32 = 1000;
/// Accounts that wait.
const PENDING: u32 = 10_000;
/// All accounts, with the callers and those who wait.
const ACCOUNTS: u32 = 100_000;
/// Accounts made in one transaction.
const BATCH: u32 = 10_000;

/// A board in a directory of its own, which goes with it.
pub(crate) struct Board {
    pub(super) directory: TempDir,
}

/// One who calls: a number, from which everything else follows. The first is
/// the sysop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Person(pub(crate) u32);

impl Person {
    /// The one who runs the board.
    pub(crate) const SYSOP: Self = Self(0);
    /// The one who has waited longest.
    pub(crate) const FIRST_WAITING: Self = Self(ACCOUNTS - PENDING);

    /// Returns their handle.
    pub(crate) fn handle(self) -> String {
        format!("caller-{:06}", self.0)
    }

    /// Returns their key.
    pub(crate) fn key(self) -> PrivateKey {
        let mut seed = [0; 32];
        for (place, byte) in seed.iter_mut().zip(self.0.to_le_bytes()) {
            *place = byte;
        }
        PrivateKey::from(Ed25519Keypair::from_seed(&seed))
    }

    fn is_caller(self) -> bool {
        self.0 < CALLERS
    }

    fn status(self) -> Status {
        if self.0 < ACCOUNTS - PENDING {
            Status::Active
        } else {
            Status::Pending
        }
    }

    fn join(self, tx: &Tx<'_>) -> Result<(), Fault> {
        let handle = self.handle();
        let email = Email::parse(&format!("{handle}@example.org")).map_err(impossible)?;
        let id = store::account::insert(
            tx,
            &New {
                handle: &Handle::parse(&handle).map_err(impossible)?,
                status: self.status(),
                // Every caller is staff, so that every list is theirs to see.
                role: if self.is_caller() {
                    Role::Sysop
                } else {
                    Role::User
                },
                origin: Origin::Request,
                email: Some(&email),
                password: None,
                invite: None,
                invited_by: None,
                submission: None,
                source: None,
            },
        )?;
        if self.is_caller() {
            let key = PublicKey::from_ssh(self.key().public_key()).map_err(impossible)?;
            store::key::insert(tx, id, &key, "bench", Standing::Vouched)?;
        }
        let message = "I run a small museum of modems and would like to talk about the ones \
                       nobody remembers.";
        store::request::insert(tx, id, message, &[], "OpenSSH, xterm")
    }
}

/// Turns what cannot be wrong into the only error a job may have.
fn impossible(problem: impl std::error::Error) -> Fault {
    Fault::Sqlite(problem.to_string())
}

impl Board {
    /// Makes the board as an operator does, by a first start, and fills it.
    pub(crate) async fn make() -> Result<Self> {
        let board = Self {
            directory: tempfile::Builder::new()
                .prefix("ringdown-bench")
                .tempdir()?,
        };
        board.serve().await?.stop().await?;
        let clock = Arc::new(SystemClock::start());
        let store = Store::open(&board.file(), Create::Never, clock, Box::new(drop))?;
        for batch in 0..ACCOUNTS / BATCH {
            store
                .write(move |tx| {
                    (batch * BATCH..(batch + 1) * BATCH).try_for_each(|n| Person(n).join(tx))
                })
                .await?;
        }
        store.close().await;
        Ok(board)
    }

    /// Returns its database.
    pub(crate) fn file(&self) -> PathBuf {
        self.directory.path().join("ringdown.db")
    }

    /// Starts a server on it.
    pub(crate) async fn serve(&self) -> Result<Server> {
        Ok(self.start().await?.0)
    }

    /// Starts a server on it, and tells how long that took.
    pub(crate) async fn start(&self) -> Result<(Server, std::time::Duration)> {
        Server::start(self.directory.path()).await
    }
}
