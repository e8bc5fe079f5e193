//! What is left of a deleted account (T14): this is the one place that knows
//! everything the board keeps about somebody. It moves no account and tells
//! nobody.

use rusqlite::{Connection, named_params};

use super::{Fault, Read as _, Tx, account::Account, stored};

/// Whatever belongs to nobody but the account.
const ROWS: &[&str] = &[
    "DELETE FROM public_key WHERE account_id = :id",
    "DELETE FROM request WHERE account_id = :id",
    "DELETE FROM request_claim WHERE account_id = :id",
    "DELETE FROM request_history WHERE account_id = :id",
    "DELETE FROM request_message WHERE account_id = :id",
    "DELETE FROM note WHERE account_id = :id",
    "DELETE FROM one_time_code WHERE account_id = :id",
    "DELETE FROM second_factor WHERE account_id = :id",
    "DELETE FROM used_step WHERE account_id = :id",
    "DELETE FROM backup_code WHERE account_id = :id",
    "DELETE FROM factor_guess WHERE account_id = :id",
    "DELETE FROM known_source WHERE account_id = :id",
    "DELETE FROM invite_bar WHERE account_id = :id",
    "DELETE FROM decision WHERE account_id = :id",
    "DELETE FROM outbox WHERE account_id = :id",
    "DELETE FROM notice WHERE account_id = :id",
    "DELETE FROM notice_choice WHERE account_id = :id",
];

/// The private fields of the row that stays.
const FIELDS: &str = "
    UPDATE account
    SET email = NULL, email_key = NULL, email_proven_at = NULL, password = NULL,
        submission = NULL, source = NULL, onward = NULL, last_seen_at = NULL,
        needs_factor = 0
    WHERE id = :id";

/// Codes the account gave out. Their rows stay: they say who came in by them.
const INVITES: &str = "
    UPDATE invite
    SET revoked_at = coalesce(revoked_at, :now), revoked_by = coalesce(revoked_by, :by),
        note = '', message = '', bound_email = NULL, bound_email_key = NULL, bound_handle = NULL
    WHERE issuer_id = :id";

/// The code that would have activated the account. Its row stays, too.
const ACTIVATION: &str = "
    UPDATE invite
    SET revoked_at = :now, revoked_by = :by
    WHERE bound_account = :id AND revoked_at IS NULL AND uses = 0";

/// Letters to those whom the account invited.
const INVITATIONS: &str = "
    DELETE FROM outbox WHERE invite_id IN (SELECT id FROM invite WHERE issuer_id = :id)";

/// Wipes an account: what is left is its handle, how and when it came to be,
/// and how it ended.
pub fn account(tx: &Tx<'_>, account: &Account, by: &str) -> Result<(), Fault> {
    clear(tx.db(), account.id.0, by, stored(tx.now()))?;
    // Counted by handle, so that unknown ones behave alike.
    super::guess::forgive(tx, &account.handle.key(), None)
}

fn clear(db: &Connection, id: i64, by: &str, now: i64) -> Result<(), Fault> {
    for sql in ROWS.iter().chain([&INVITATIONS, &FIELDS]) {
        db.prepare_cached(sql)?
            .execute(named_params! { ":id": id })?;
    }
    for sql in [INVITES, ACTIVATION] {
        db.prepare_cached(sql)?
            .execute(named_params! { ":id": id, ":by": by, ":now": now })?;
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The numbers of two accounts; no column has one of them by default.
    pub(in crate::store) const GONE: i64 = 41;
    pub(in crate::store) const STAYS: i64 = 42;

    const SCHEMA: &str = include_str!("../../schema.sql");

    /// What names an account and stays, and why.
    const KEPT: &[(&str, &str)] = &[
        // Who let whom in is the board's history.
        ("account", "invited_by"),
        // Revoked, and without what was written on them.
        ("invite", "issuer_id"),
        // What was its code is revoked.
        ("invite", "bound_account"),
        ("redemption", "account_id"),
        // Or making an account anew would begin the count anew; it lasts a day.
        ("asked_letter", "account_id"),
        // `account` forgives by the handle.
        ("password_guess", "handle_key"),
        ("account", "handle_key"),
    ];

    /// The fields of the tombstone.
    const TOMBSTONE: &[&str] = &[
        "id",
        "handle",
        "handle_key",
        "skeleton",
        "status",
        "role",
        "origin",
        "invite_id",
        "invited_by",
        "created_at",
        "status_at",
        "status_by",
        "status_reason",
        "status_until",
        "rev",
    ];

    /// A column: its name, its type, and what it is by default.
    struct Column {
        name: String,
        kind: String,
        default: Option<String>,
    }

    /// A board whose every table has a row of everybody, whatever the rows mean.
    pub(in crate::store) fn full() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(SCHEMA).unwrap();
        db.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;")
            .unwrap();
        for table in tables(&db) {
            for account in [GONE, STAYS] {
                let columns = columns(&db, &table);
                let names: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
                let value = |column: &Column| match column.kind.as_str() {
                    "INTEGER" => account.to_string(),
                    "BLOB" => format!("x'{account}'"),
                    _ => format!("'{}-{account}'", column.name),
                };
                let values: Vec<_> = columns.iter().map(value).collect();
                let sql = format!(
                    "INSERT OR REPLACE INTO {table} ({}) VALUES ({})",
                    names.join(", "),
                    values.join(", ")
                );
                db.execute(&sql, []).unwrap();
            }
        }
        db
    }

    fn tables(db: &Connection) -> Vec<String> {
        let sql =
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        let mut statement = db.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    fn columns(db: &Connection, table: &str) -> Vec<Column> {
        let sql = format!("SELECT name, type, dflt_value FROM pragma_table_info('{table}')");
        let mut statement = db.prepare(&sql).unwrap();
        let rows = statement.query_map([], |row| {
            Ok(Column {
                name: row.get(0)?,
                kind: row.get(1)?,
                default: row.get(2)?,
            })
        });
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// Columns that name an account, by a reference or by what they are called.
    pub(in crate::store) fn columns_of_accounts(db: &Connection) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for table in tables(db) {
            let sql = format!(
                "SELECT \"from\" FROM pragma_foreign_key_list('{table}') WHERE \"table\" = 'account'"
            );
            let mut statement = db.prepare(&sql).unwrap();
            let refer = statement.query_map([], |row| row.get(0)).unwrap();
            let refer: Vec<String> = refer.collect::<Result<_, _>>().unwrap();
            for Column { name, .. } in columns(db, &table) {
                let is_called_so = name.contains("account_id") || name == "handle_key";
                if refer.contains(&name) || is_called_so {
                    found.push((table.clone(), name));
                }
            }
        }
        found
    }

    fn count(db: &Connection, table: &str, column: &str, id: i64) -> i64 {
        let sql = format!("SELECT count(*) FROM {table} WHERE {column} = {id}");
        db.query_row(&sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn t14_a_deleted_account_leaves_nothing_in_any_table() {
        let db = full();
        clear(&db, GONE, "opal", 9).unwrap();
        let found = columns_of_accounts(&db);
        assert!(found.len() > 10, "{found:?}");
        for (table, column) in &found {
            if KEPT.contains(&(table, column)) {
                continue;
            }
            let left = count(&db, table, column, GONE);
            assert_eq!(left, 0, "{table}.{column} outlives its account: wipe.rs");
            let others = count(&db, table, column, STAYS);
            assert_eq!(others, 1, "{table}.{column} of somebody else is gone");
        }
        for (table, column) in KEPT {
            let is_there = found.iter().any(|(t, c)| t == table && c == column);
            assert!(is_there, "{table}.{column} is no more");
        }
    }

    #[test]
    fn t14_the_tombstone_has_no_private_field() {
        let db = full();
        clear(&db, GONE, "opal", 9).unwrap();
        for Column { name, default, .. } in columns(&db, "account") {
            if TOMBSTONE.contains(&name.as_str()) {
                continue;
            }
            let sql = format!("SELECT CAST({name} AS TEXT) FROM account WHERE id = {GONE}");
            let left: Option<String> = db.query_row(&sql, [], |row| row.get(0)).unwrap();
            assert_eq!(
                left, default,
                "account.{name} outlives its account: wipe.rs"
            );
        }
        let sql = "SELECT email FROM account WHERE id = ?1";
        let other: String = db.query_row(sql, [STAYS], |row| row.get(0)).unwrap();
        assert_eq!(other, "email-42");
    }

    #[test]
    fn t14_the_invites_of_a_deleted_account_are_revoked_and_wiped() {
        let db = full();
        db.execute("UPDATE invite SET revoked_at = NULL, revoked_by = NULL", [])
            .unwrap();
        clear(&db, GONE, "opal", 9).unwrap();
        let sql = "SELECT id FROM invite WHERE revoked_at = 9 AND revoked_by = 'opal'
            AND note = '' AND message = '' AND bound_email IS NULL";
        let id: i64 = db.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(id, GONE);
        let sql = "SELECT count(*) FROM invite WHERE revoked_at IS NULL AND note = 'note-42'";
        let others: i64 = db.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(others, 1);
    }
}
