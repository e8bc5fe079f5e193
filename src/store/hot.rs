//! The statements on a hot path, in one place, so that a test can hold their
//! query plans.

use rusqlite::Statement;

use super::{Fault, Read, access, account, audit, decision, invite, key, notice, outbox, tree};

const STATEMENTS: &[(&str, &str)] = &[
    ("account by id", account::BY_ID),
    ("account by handle", account::BY_HANDLE),
    ("rule about something", access::OF),
    ("rules of a kind", access::PAGE),
    ("e-mail is known", account::EMAIL_IS_KNOWN),
    ("staff looks like", account::STAFF_LOOKS_LIKE),
    ("active sysops", account::ACTIVE_SYSOPS),
    ("count of a status", account::COUNT),
    ("requests of a source", account::PENDING_FROM),
    ("users forwards", account::PAGE_AFTER),
    ("users backwards", account::PAGE_BEFORE),
    ("users narrowed", account::FIND),
    ("newest decision of a sysop", decision::NEWEST_BY),
    ("addresses nobody proved", account::UNPROVEN_SINCE),
    ("ended suspensions", account::ENDED_SUSPENSIONS),
    ("owner of a key", key::OWNER),
    ("keys of an account", key::OF),
    ("invite by code", invite::BY_HASH),
    ("redemption", invite::USE_ONCE),
    ("live invites of an issuer", invite::LIVE_OF),
    ("branch of who let whom in", tree::BRANCH),
    ("records", audit::PAGE),
    ("records of an actor", audit::PAGE_OF_ACTOR),
    ("records of a name", audit::PAGE_OF_NAME),
    ("records after one", audit::AFTER),
    ("first record of a span", audit::FIRST),
    ("last record of a span", audit::LAST),
    ("staff", notice::STAFF),
    ("letter that waits", outbox::WAITS),
    ("notices not read", notice::UNREAD),
    ("last letter of an account", outbox::LAST_OF),
    ("next letter", outbox::FIRST),
    ("news that wait", outbox::NEWS_WAITS),
    ("next news", outbox::FIRST_NEWS),
    ("letters", outbox::PAGE),
    ("letters of a state", outbox::PAGE_OF),
];

/// Returns how SQLite would carry out each statement of a hot path: its name
/// and the steps of its plan.
pub fn plans(read: &impl Read) -> Result<Vec<(&'static str, Vec<String>)>, Fault> {
    STATEMENTS
        .iter()
        .map(|(name, sql)| {
            let explained = format!("EXPLAIN QUERY PLAN {sql}");
            let mut statement: Statement<'_> = read.db().prepare(&explained)?;
            // Parameters that are not bound are NULL; the plan does not care.
            let mut rows = statement.raw_query();
            let mut steps = Vec::new();
            while let Some(row) = rows.next()? {
                steps.push(row.get::<_, String>("detail")?);
            }
            Ok((*name, steps))
        })
        .collect()
}
