//! Copies of the file: making and marking them, and how it went. Where they are
//! kept, and what is copied beside the file, is not decided here.

use std::{fs::File, io, os::unix::fs::OpenOptionsExt as _, path::Path};

use rusqlite::{OptionalExtension as _, named_params};

use super::{Fault, OpenError, Read, Tx, moment, open, stored};
use crate::domain::clock::Timestamp;

/// Writes a copy of the board in `file` to `to`, marks it as one, and checks it.
pub(super) fn copy(file: &Path, to: &Path, at: Timestamp) -> Result<(), Fault> {
    let name = to
        .to_str()
        .ok_or_else(|| Fault::Sqlite("the path is not text".to_owned()))?;
    // SQLite would make it with the umask's mode, and takes an empty file as
    // well as none.
    let kept = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)?;
    // INTO and not the incremental backup, which never ends while others write.
    open::connect(file)
        .map_err(fault)?
        .execute("VACUUM INTO ?1", [name])?;
    mark_and_check(to, at)?;
    Ok(kept.sync_all()?)
}

fn mark_and_check(copy: &Path, at: Timestamp) -> Result<(), Fault> {
    let connection = open::connect_single(copy).map_err(fault)?;
    // One whole file, with nothing beside it.
    connection.pragma_update(None, "journal_mode", "delete")?;
    connection.execute(
        "UPDATE board SET copied_at = :at, woken_at = NULL, clean_stop = 1",
        named_params! { ":at": stored(at) },
    )?;
    let found: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        Ok(())
    } else {
        Err(Fault::Corrupt(found))
    }
}

fn fault(error: OpenError) -> Fault {
    match error {
        OpenError::Fault(fault) => fault,
        OpenError::Io(error) => error.into(),
        other => Fault::Sqlite(other.to_string()),
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Sqlite(error.to_string()),
        }
    }
}

/// What a file says about being a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copy {
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was first opened as a board.
    pub woken_at: Option<Timestamp>,
}

/// Returns whether this file is a copy of another board's.
pub fn origin(read: &impl Read) -> Result<Option<Copy>, Fault> {
    const SQL: &str = "SELECT copied_at, woken_at FROM board";
    let (made, woken) = read.db().query_row(SQL, [], |row| {
        Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?))
    })?;
    Ok(made.map(|made| Copy {
        made_at: moment(made),
        woken_at: woken.map(moment),
    }))
}

/// Notes that this copy is a board of its own now.
pub fn wake(tx: &Tx<'_>) -> Result<(), Fault> {
    let now = stored(tx.now());
    tx.db().execute("UPDATE board SET woken_at = ?1", [now])?;
    // Those are the copies of another board.
    tx.db().execute("DELETE FROM backup", [])?;
    Ok(())
}

/// How copying this board went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Last {
    /// When it was last tried.
    pub tried_at: Timestamp,
    /// The last one that succeeded.
    pub done: Option<Done>,
    /// Why the last try failed; nothing if it did not.
    pub error: Option<String>,
}

/// A copy that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// When.
    pub at: Timestamp,
    /// The directory.
    pub place: String,
    /// How many bytes it takes.
    pub bytes: u64,
}

/// Returns how copying this board last went, if it was ever tried.
pub fn last(read: &impl Read) -> Result<Option<Last>, Fault> {
    const SQL: &str = "SELECT tried_at, done_at, place, bytes, error FROM backup";
    Ok(read
        .db()
        .query_row(SQL, [], |row| {
            let done = match row.get::<_, Option<i64>>(1)? {
                None => None,
                Some(at) => Some(Done {
                    at: moment(at),
                    place: row.get(2)?,
                    bytes: u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
                }),
            };
            Ok(Last {
                tried_at: moment(row.get(0)?),
                done,
                error: row.get(4)?,
            })
        })
        .optional()?)
}

/// Notes a copy that was made.
pub fn succeeded(tx: &Tx<'_>, done: &Done) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT INTO backup (id, tried_at, done_at, place, bytes)
        VALUES (1, :now, :at, :place, :bytes)
        ON CONFLICT (id) DO UPDATE SET tried_at = :now, done_at = :at, place = :place,
            bytes = :bytes, error = NULL";
    tx.db().execute(
        SQL,
        named_params! {
            ":now": stored(tx.now()),
            ":at": stored(done.at),
            ":place": done.place,
            ":bytes": i64::try_from(done.bytes).unwrap_or(i64::MAX),
        },
    )?;
    Ok(())
}

/// Notes a try that failed, and why.
pub fn failed(tx: &Tx<'_>, why: &str) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT INTO backup (id, tried_at, error) VALUES (1, :now, :why)
        ON CONFLICT (id) DO UPDATE SET tried_at = :now, error = :why";
    let params = named_params! { ":now": stored(tx.now()), ":why": why };
    tx.db().execute(SQL, params)?;
    Ok(())
}
