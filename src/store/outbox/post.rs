//! How the post stands: which ways there are, and how the last attempts went.
//! What follows from it is decided elsewhere.

use rusqlite::named_params;

use super::Way;
use crate::store::{Fault, Read, Tx};

/// How the post stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Whether the process that has the board open knows a mail server.
    pub has_transport: bool,
    /// Whether letters wait for a sysop's word.
    pub is_held: bool,
    /// Failures in a row.
    pub failures: u32,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// How it stands with the sysop's own program.
    pub program: Program,
}

/// How it stands with the sysop's own program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// Whether the process that has the board open knows one.
    pub is_there: bool,
    /// Failures in a row.
    pub failures: u32,
    /// What went wrong last.
    pub last_error: Option<String>,
}

impl Post {
    /// Returns how it stands after an attempt, which may have failed.
    #[must_use]
    pub fn after(mut self, way: Way, failure: Option<&str>) -> Self {
        let (failures, last_error) = match way {
            Way::Mail => (&mut self.failures, &mut self.last_error),
            Way::Program => (&mut self.program.failures, &mut self.program.last_error),
        };
        *failures = failure.map_or(0, |_| failures.saturating_add(1));
        *last_error = failure.map(str::to_owned);
        self
    }
}

/// Returns how the post stands.
pub fn post(read: &impl Read) -> Result<Post, Fault> {
    const SQL: &str = "
        SELECT has_transport, is_held, failures, last_error, has_program, program_failures,
            program_error
        FROM post";
    let mut statement = read.db().prepare_cached(SQL)?;
    Ok(statement.query_row([], |row| {
        Ok(Post {
            has_transport: row.get(0)?,
            is_held: row.get(1)?,
            failures: row.get(2)?,
            last_error: row.get(3)?,
            program: Program {
                is_there: row.get(4)?,
                failures: row.get(5)?,
                last_error: row.get(6)?,
            },
        })
    })?)
}

/// Keeps how the post stands.
pub fn set_post(tx: &Tx<'_>, post: &Post) -> Result<(), Fault> {
    const SQL: &str = "
        UPDATE post SET has_transport = :has_transport, is_held = :is_held,
            failures = :failures, last_error = :last_error, has_program = :has_program,
            program_failures = :program_failures, program_error = :program_error";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":has_transport": post.has_transport,
        ":is_held": post.is_held,
        ":failures": post.failures,
        ":last_error": post.last_error,
        ":has_program": post.program.is_there,
        ":program_failures": post.program.failures,
        ":program_error": post.program.last_error,
    })?;
    Ok(())
}
