//! One call: where it comes from, what it proved, and how often it has tried.

use std::{
    net::IpAddr,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use tokio_util::sync::CancellationToken;

use crate::domain::{
    certificate::Certified, door::DoorName, id::SessionId, key::VerifiedKey, source::Source,
    text::Line,
};

/// One call. Shared by its session and the calls that session makes.
#[derive(Debug)]
pub struct Visit {
    /// Its session.
    pub session: SessionId,
    /// Where it comes from, to the bit: access rules may name single addresses.
    pub address: IpAddr,
    /// The same as limits count it; `None` for networks outside every per-source number.
    pub source: Option<Source>,
    /// The door name it asked for.
    pub door: DoorName,
    /// The key it proved, if any.
    pub key: Option<VerifiedKey>,
    /// The certificate that was believed; then no key counts.
    pub certified: Option<Certified>,
    /// Its client and terminal, cleaned: `OpenSSH_9.9, 120x40`.
    pub client: Line,
    /// When it began, by the stop-watch.
    pub began: Duration,
    /// Cancelled when the session must end.
    pub end: CancellationToken,
    /// How often it has tried things.
    pub tries: Tries,
}

/// What a connection may try only so often. Guarded per connection here; what
/// outlives it is counted in the file.
#[derive(Debug, Default)]
pub struct Tries {
    codes: AtomicU32,
    passwords: AtomicU32,
    handles: AtomicU32,
}

impl Tries {
    /// Wrong codes until the connection ends (spec §3).
    const CODES: u32 = 5;
    /// Wrong passwords until the connection ends (P7).
    const PASSWORDS: u32 = 3;
    /// Looks at whether a handle is free (spec §5).
    const HANDLES: u32 = 20;

    /// Counts a wrong code; says whether it was the last.
    pub fn wrong_code(&self) -> bool {
        self.codes.fetch_add(1, Ordering::Relaxed) + 1 >= Self::CODES
    }

    /// Counts a wrong password; says whether it was the last.
    pub fn wrong_password(&self) -> bool {
        self.passwords.fetch_add(1, Ordering::Relaxed) + 1 >= Self::PASSWORDS
    }

    /// Counts a look at a handle; says whether it was one too many.
    pub fn looked_at_handle(&self) -> bool {
        self.handles.fetch_add(1, Ordering::Relaxed) >= Self::HANDLES
    }
}

impl Visit {
    /// Returns the source as the file keeps it; every exempt network is one.
    pub fn source_name(&self) -> String {
        self.source
            .map_or_else(|| "exempt".to_owned(), |source| source.to_string())
    }
}
