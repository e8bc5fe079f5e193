//! A board of this process: its directory, its lock, its keys and its store,
//! opened in the order in which a fault leaves least behind.

use std::{path::Path, sync::Arc, time::Duration};

use tokio::time::sleep;

use super::{
    data::{self, Lock, Locked},
    doctor,
    keys::Keys,
    mail, notify,
    stop::Stop,
};
use crate::{
    app::{Address, Bbs, Home, Reach, Setup, machine::ThisMachine},
    config::{Config, PORT},
    domain::{
        clock::{Clock, SystemClock},
        entropy::OsEntropy,
        key::PublicKey,
    },
    mailer::Mailer,
    ssh::HostKey,
    store::Create,
    words::start,
};

/// How often and how long a lock is waited for: an operator's command holds it
/// for a moment only.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// A board that this process has.
pub(super) struct Board {
    /// What it does.
    pub(super) bbs: Arc<Bbs>,
    /// What callers recognise it by.
    pub(super) host_key: HostKey,
    /// Whether callers may know another one.
    pub(super) host_key_is_new: bool,
    _lock: Lock,
}

/// Waits a moment for the board to be free, and takes it.
pub(super) async fn take(config: &Config) -> Result<Lock, Stop> {
    let directory = &config.data.value;
    let mut holder = None;
    for _ in 0..TRIES {
        match lock(config)? {
            Locked::Ours(lock) => return Ok(lock),
            Locked::Theirs(pid) => holder = pid,
        }
        sleep(PAUSE).await;
    }
    Err(Stop::busy(start::board_held(directory, holder)))
}

/// Takes the board if it is free.
pub(super) fn lock(config: &Config) -> Result<Locked, Stop> {
    data::lock(&config.lock()).map_err(|error| Stop::data(&config.data.value, &error))
}

/// Opens the board that `lock` was taken for, which callers reach at `port`.
pub(super) async fn open(
    config: &Config,
    lock: Lock,
    create: Create,
    port: u16,
) -> Result<Board, Stop> {
    open_with(config, lock, create, port, Arc::new(SystemClock::start())).await
}

/// Opens the board by another clock than the machine's.
pub(super) async fn open_with(
    config: &Config,
    lock: Lock,
    create: Create,
    port: u16,
    clock: Arc<dyn Clock>,
) -> Result<Board, Stop> {
    let file = config.database();
    let entropy = Arc::new(OsEntropy);
    let keys = Keys::open(config, entropy.as_ref())?;
    let setup = Setup {
        clock,
        entropy,
        server_key: keys.codes,
        reach: reach(config, port, mail::mailer_or_why_not(config))?,
        home: home(config),
        machine: Arc::new(ThisMachine),
    };
    let bbs = Bbs::open(&file, create, setup)
        .await
        .map_err(|error| Stop::database(&file, &error))?;
    Ok(Board {
        bbs,
        host_key: keys.host,
        host_key_is_new: keys.host_is_new,
        _lock: lock,
    })
}

/// Returns the port that callers are told while nobody serves the board: the
/// first that would be listened on.
pub(super) fn usual_port(config: &Config) -> u16 {
    let first = config.listen.value.first().map(std::net::SocketAddr::port);
    first.filter(|&port| port != 0).unwrap_or(PORT)
}

/// Returns how a board that listens on `port` and its callers reach each other.
pub(super) fn reach(config: &Config, port: u16, mailer: Option<Mailer>) -> Result<Reach, Stop> {
    Ok(Reach {
        address: address(config, port),
        sysop_keys: sysop_keys(config)?,
        mailer,
        notifier: notify::notifier(config),
        facts: doctor::facts(config),
    })
}

/// Returns how callers reach a board that listens on `port`.
fn address(config: &Config, port: u16) -> Address {
    match &config.public_host.value {
        Some(public) => Address {
            host: public.name.clone(),
            near_host: public.name.clone(),
            port: public.port.unwrap_or(port),
        },
        None => Address {
            host: machine(Path::new("/proc/sys/kernel/hostname")),
            near_host: "localhost".to_owned(),
            port,
        },
    }
}

/// Returns the machine's own name, from the file where Linux tells it.
fn machine(file: &Path) -> String {
    std::fs::read_to_string(file)
        .ok()
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "localhost".to_owned())
}

/// Returns what lies beside the board's file.
pub(super) fn home(config: &Config) -> Home {
    Home {
        database: config.database(),
        keys: config.keys(),
        config: config.toml(),
        backups: config.backups(),
    }
}

fn sysop_keys(config: &Config) -> Result<Vec<PublicKey>, Stop> {
    let keys = &config.sysop_keys;
    let read = |(number, line): (usize, &String)| {
        PublicKey::parse(line).map_err(|problem| {
            Stop::usage(start::sysop_key_unusable(
                &keys.origin.to_string(),
                number,
                &problem.to_string(),
            ))
        })
    };
    (1..).zip(&keys.value).map(read).collect()
}
