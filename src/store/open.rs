//! Opening the file: pragmas, the schema, and refusals that name the cause. A
//! broken file is never deleted or repaired here.

use std::{
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};
use sha2::{Digest as _, Sha256};

use super::{Create, Fault, stored};
use crate::domain::clock::Timestamp;

/// The truth about the file's shape.
const SCHEMA: &str = include_str!("../../schema.sql");

/// "Ring" in ASCII: tells `file` and us whose database this is.
const APPLICATION_ID: i32 = 0x5269_6e67;

/// How long SQLite waits for somebody else's lock (spec, threat 42).
const BUSY: Duration = Duration::from_secs(5);

/// Why a board cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none, and none was to be made.
    #[error("no board here")]
    Missing,
    /// The file is some other program's, or no database.
    #[error("not a board of this program")]
    Foreign,
    /// The file's schema is another version's.
    #[error("the file has another schema ({found}, this program has {expected})")]
    Schema {
        /// The hash in the file.
        found: String,
        /// Ours.
        expected: String,
    },
    /// The file or directory cannot be made or opened.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// SQLite refuses.
    #[error("{0}")]
    Fault(#[from] Fault),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => Self::Foreign,
            _ => Self::Fault(error.into()),
        }
    }
}

/// Whether there is a board's file at all.
pub fn is_board(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|found| found.len() > 0)
}

/// Returns the short hash of the schema that is stored in the file, so that
/// before 0.1.0 a file of another build is refused with words.
fn schema_hash() -> String {
    let digest: [u8; 32] = Sha256::digest(SCHEMA).into();
    let (head, _) = digest.split_at(8);
    head.iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// Opens the writing connection, making the board first if that is wanted.
pub(super) fn open(file: &Path, create: Create, now: Timestamp) -> Result<Connection, OpenError> {
    if !is_board(file) {
        if create == Create::Never {
            return Err(OpenError::Missing);
        }
        // SQLite would make it with the umask's mode; codes and hashes are in it.
        std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(file)?;
    }
    let mode = std::fs::metadata(file)?.permissions().mode();
    if mode & 0o077 != 0 {
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))?;
    }
    let mut connection = connect(file)?;
    let application: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        make(&mut connection, now)?;
    } else if application != APPLICATION_ID {
        return Err(OpenError::Foreign);
    }
    let found: String =
        connection.query_row("SELECT schema_hash FROM board", [], |row| row.get(0))?;
    let expected = schema_hash();
    if found != expected {
        return Err(OpenError::Schema { found, expected });
    }
    Ok(connection)
}

/// Whether whoever had the file open before closed it.
pub(super) fn stopped_cleanly(connection: &Connection) -> Result<bool, OpenError> {
    let clean = "SELECT clean_stop FROM board";
    Ok(connection.query_row(clean, [], |row| row.get(0))?)
}

/// Opens a connection that can only read.
pub(super) fn open_reader(file: &Path) -> Result<Connection, OpenError> {
    // Opened read-write, because a WAL reader must be able to make the -shm
    // file; no statement on it can write.
    let connection = connect(file)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// Opens a connection to a file that nobody else has open.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the door everybody else must use"
)]
pub(super) fn connect_single(file: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

/// Opens a connection to a board, beside those that are open already.
pub(super) fn connect(file: &Path) -> Result<Connection, OpenError> {
    let connection = connect_single(file)?;
    // WAL: readers never wait for the writer.
    connection.pragma_update(None, "journal_mode", "wal")?;
    // FULL: what a caller was told is there after a power cut.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // A stranger's database may not run code through its schema.
    connection.pragma_update(None, "trusted_schema", false)?;
    // A plan must not hang on bound values: SQLite would otherwise prepare a
    // statement anew for each of them, which costs more than to run it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Use cases prepare some forty statements; the default of 16 would thrash.
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

fn make(connection: &mut Connection, now: Timestamp) -> Result<(), OpenError> {
    let tx = connection.transaction()?;
    tx.execute_batch(SCHEMA)?;
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.execute(
        "INSERT INTO board (id, schema_hash, created_at) VALUES (1, ?1, ?2)",
        (schema_hash(), stored(now)),
    )?;
    tx.commit()?;
    Ok(())
}
