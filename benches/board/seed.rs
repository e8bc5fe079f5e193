//! A board of a size: one hundred thousand accounts, ten thousand of which wait,
//! and callers enough to spread the sessions over.

use std::{net::Ipv4Addr, path::PathBuf, sync::Arc, time::Duration};

use ringdown_bbs::{
    app::{
        Address, Bbs, Home, Reach, Setup,
        machine::ThisMachine,
        visit::{Tries, Visit},
    },
    domain::{
        account::{Origin, Role, Status},
        actor::Actor,
        clock::SystemClock,
        code::ServerKey,
        door::DoorName,
        email::Email,
        entropy::OsEntropy,
        handle::Handle,
        id::SessionId,
        key::{PublicKey, VerifiedKey},
        source::Source,
        text::Line,
    },
    store::{self, Create, Fault, Store, Tx, account::New, key::Standing},
};
use ssh_key::{PrivateKey, private::Ed25519Keypair};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::{Result, server::Server};

/// Callers with a key: as many as the most sessions that are held.
pub(crate) const CALLERS: u32 = 1000;
/// Accounts that wait.
const PENDING: u32 = 10_000;
/// All accounts, with the callers and those who wait.
const ACCOUNTS: u32 = 100_000;
/// Accounts made in one transaction.
const BATCH: u32 = 10_000;

/// The operator, who may do everything.
pub(crate) const CONSOLE: Actor = Actor::Console { uid: 0 };

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

    /// The first number that nobody has yet.
    pub(crate) const NEW: u32 = ACCOUNTS;

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

    /// Returns a call of theirs by key, from a source of their own.
    pub(crate) fn visit(self) -> Result<Visit> {
        let key = PublicKey::from_ssh(self.key().public_key())?;
        // Of the network 10.0.0.0/8.
        let address = Ipv4Addr::from_bits(0x0a00_0000 | self.0);
        Ok(Visit {
            session: SessionId(self.0.into()),
            address: address.into(),
            source: Some(Source::of(address.into())),
            door: DoorName::parse(&self.handle()),
            key: Some(VerifiedKey::attest(key)),
            certified: None,
            client: Line::cut("OpenSSH, 80x24", 64),
            began: Duration::ZERO,
            end: CancellationToken::new(),
            tries: Tries::default(),
        })
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
                onward: None,
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
    pub(crate) async fn start(&self) -> Result<(Server, Duration)> {
        Server::start(self.directory.path()).await
    }

    /// Opens it in this process; nobody serves it meanwhile.
    pub(crate) async fn open(&self) -> Result<Arc<Bbs>> {
        let entropy = Arc::new(OsEntropy);
        let setup = Setup {
            clock: Arc::new(SystemClock::start()),
            server_key: ServerKey::generate(entropy.as_ref()),
            entropy,
            reach: Reach {
                address: Address {
                    host: "localhost".to_owned(),
                    near_host: "localhost".to_owned(),
                    port: 22,
                },
                sysop_keys: Vec::new(),
                mailer: None,
                notifier: None,
                facts: Vec::new(),
            },
            home: Home::of(self.directory.path()),
            machine: Arc::new(ThisMachine),
        };
        Ok(Bbs::open(&self.file(), Create::Never, setup).await?)
    }
}
