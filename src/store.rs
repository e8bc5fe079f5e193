//! The board's one SQLite file. The only module that names rusqlite; it holds
//! no rules beyond those the schema can state.

pub mod access;
pub mod account;
pub mod activation;
pub mod asked;
pub mod audit;
pub mod backup;
pub mod code;
pub mod conversation;
pub mod decision;
pub mod doctor;
pub mod export;
pub mod factor;
pub mod guess;
mod hot;
pub mod invite;
pub mod key;
pub mod notice;
mod open;
pub mod outbox;
mod reader;
pub mod request;
pub mod sample;
pub mod setting;
mod space;
pub mod tree;
pub mod wipe;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::domain::{clock::Clock, clock::Timestamp, event::Event};

pub use hot::plans;
pub use open::{OpenError, is_board};
pub use reader::View;
pub use space::Space;
pub use writer::Tx;

/// Why a use case could not be carried out although nobody forbade it. It has
/// rolled back: nothing was written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Fault {
    /// The queue did not move for five seconds.
    #[error("the store is busy")]
    Busy,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// The file or its directory cannot be written.
    #[error("the file cannot be written")]
    ReadOnly,
    /// The file is damaged.
    #[error("the file is damaged: {0}")]
    Corrupt(String),
    /// The store is shutting down.
    #[error("the store is closed")]
    Closed,
    /// A constraint refused what the use case should have refused itself.
    #[error("a constraint refused: {0}")]
    Constraint(String),
    /// A job panicked; only it is lost.
    #[error("a job panicked: {0}")]
    Panic(String),
    /// Anything else SQLite says.
    #[error("sqlite: {0}")]
    Sqlite(String),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let text = error.to_string();
        match error.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy,
            Some(Code::DiskFull) => Self::Full,
            // A full disk shows as an I/O error when the -shm file cannot grow.
            Some(Code::ReadOnly | Code::CannotOpen | Code::PermissionDenied) => Self::ReadOnly,
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Corrupt(text),
            Some(Code::ConstraintViolation) => Self::Constraint(text),
            _ => Self::Sqlite(text),
        }
    }
}

/// The writer and the readers of one open board. Cloned freely.
#[derive(Clone)]
pub struct Store {
    file: Arc<Path>,
    writer: writer::Writer,
    readers: reader::Readers,
    stopped_cleanly: bool,
    /// The file was found damaged: nothing is written any more.
    is_damaged: Arc<AtomicBool>,
    /// Why the last write failed, if the disk was why.
    trouble: Arc<Mutex<Option<Fault>>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

/// Whether a board may be made where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Create {
    /// Makes one.
    IfMissing,
    /// Refuses.
    Never,
}

/// Is told every event, in order, after its commit and before the reply.
pub type Publish = Box<dyn Fn(Event) + Send>;

impl Store {
    /// Opens the board in `file` and starts its writer and readers. `publish`
    /// is called on the writer's thread and must not block.
    pub fn open(
        file: &Path,
        create: Create,
        clock: Arc<dyn Clock>,
        publish: Publish,
    ) -> Result<Self, OpenError> {
        let connection = open::open(file, create, clock.now())?;
        let stopped_cleanly = open::stopped_cleanly(&connection)?;
        let readers = reader::Readers::start(file)?;
        let writer = writer::Writer::start(connection, clock, publish)?;
        Ok(Self {
            file: file.into(),
            writer,
            readers,
            stopped_cleanly,
            is_damaged: Arc::default(),
            trouble: Arc::default(),
        })
    }

    /// Carries out `job` in a transaction of the writer and returns when it is
    /// committed: `Ok` commits, `Err` rolls back what the job wrote.
    pub async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        if self.is_damaged.load(Ordering::Relaxed) {
            return Err(Fault::ReadOnly);
        }
        let done = self.writer.write(job).await;
        match &done {
            Ok(_) => *self.trouble() = None,
            Err(Fault::Corrupt(what)) => self.damaged(what),
            Err(fault @ (Fault::Full | Fault::ReadOnly)) => *self.trouble() = Some(fault.clone()),
            Err(_) => {}
        }
        done
    }

    /// Looks at the board from a transaction of the writer that changes nothing,
    /// and fails as the last write did: a disk that is full lets such a
    /// transaction pass.
    pub async fn probe<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let trouble = self.trouble().clone();
        match trouble {
            Some(fault) => Err(fault),
            None => self.writer.write(look).await,
        }
    }

    fn trouble(&self) -> MutexGuard<'_, Option<Fault>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a consistent state on one of the reading connections.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&View<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.readers.read(query).await
    }

    /// Writes a checked copy of the board to `to`, which must not exist yet. It
    /// takes a state that is consistent in itself; nobody waits for it.
    pub async fn copy(&self, to: PathBuf, at: Timestamp) -> Result<(), Fault> {
        let file = Arc::clone(&self.file);
        tokio::task::spawn_blocking(move || backup::copy(&file, &to, at))
            .await
            .map_err(|error| Fault::Panic(error.to_string()))?
    }

    /// Looks at the whole file, beside whoever uses it. Returns what is wrong
    /// with it; then nothing is written to it any more.
    pub async fn check(&self) -> Result<Option<String>, Fault> {
        let file = Arc::clone(&self.file);
        let found = tokio::task::spawn_blocking(move || doctor::quick_check(&file))
            .await
            .map_err(|error| Fault::Panic(error.to_string()))??;
        if let Some(what) = &found {
            self.damaged(what);
        }
        Ok(found)
    }

    /// Writes no more: what is damaged is only made worse by that.
    fn damaged(&self, what: &str) {
        if !self.is_damaged.swap(true, Ordering::Relaxed) {
            tracing::error!(%what, "the file is damaged: nothing is written to it any more");
        }
    }

    /// Whether whoever had the file open before closed it.
    pub const fn stopped_cleanly(&self) -> bool {
        self.stopped_cleanly
    }

    /// Stops after the queued jobs, checkpoints and notes the clean stop.
    /// Later writes are refused with [`Fault::Closed`].
    pub async fn close(&self) {
        self.writer.close().await;
    }

    /// How many jobs wait for the writer.
    pub fn queued(&self) -> usize {
        self.writer.queued()
    }
}

/// Both kinds of connection can be asked; SQL files take this.
pub trait Read {
    /// The connection to ask.
    fn db(&self) -> &rusqlite::Connection;
}

/// Returns the moment as the file keeps it.
fn stored(at: Timestamp) -> i64 {
    at.timestamp_millis()
}

/// Returns the moment the file keeps.
fn moment(millis: i64) -> Timestamp {
    Timestamp::from_timestamp_millis(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Returns the enum value behind a name the CHECKs allow.
fn named<T>(value: Option<T>, column: &'static str) -> rusqlite::Result<T> {
    value.ok_or_else(|| {
        rusqlite::Error::InvalidColumnType(0, column.to_owned(), rusqlite::types::Type::Text)
    })
}
