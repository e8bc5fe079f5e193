//! Rows for the sysop's own program: whether something was told already. How
//! they leave is the outbox's.

use rusqlite::{ToSql, named_params};

use crate::{
    domain::{clock::Timestamp, letter::Kind},
    store::{Fault, Read, stored},
};

/// Every request asks this.
pub(in crate::store) const WAITS: &str = "
    SELECT EXISTS (SELECT 1 FROM outbox INDEXED BY outbox_news
        WHERE address IS NULL AND kind = :kind AND state IN ('queued', 'held'))";

/// Whether something of a kind waits to be told.
pub fn is_news_waiting(read: &impl Read, kind: Kind) -> Result<bool, Fault> {
    exists(read, WAITS, &[(":kind", &kind.name())])
}

/// Whether something of a kind was written down to be told since a moment.
pub fn was_news_since(read: &impl Read, kind: Kind, since: Timestamp) -> Result<bool, Fault> {
    const SQL: &str = "
        SELECT EXISTS (SELECT 1 FROM outbox INDEXED BY outbox_news
            WHERE address IS NULL AND kind = :kind AND created_at > :since)";
    exists(
        read,
        SQL,
        named_params! { ":kind": kind.name(), ":since": stored(since) },
    )
}

fn exists(read: &impl Read, sql: &str, params: &[(&str, &dyn ToSql)]) -> Result<bool, Fault> {
    let mut statement = read.db().prepare_cached(sql)?;
    Ok(statement.query_row(params, |row| row.get(0))?)
}
