//! Everything the board keeps about one account, for whoever it is about. No
//! hash and no code is among it, and nothing that is somebody else's.

use chrono::SecondsFormat;
use rusqlite::{Row, named_params, types::ValueRef};
use serde_json::{Map, Value};

use super::{Fault, Read, moment};
use crate::domain::id::AccountId;

/// What is exported: a name, how many there are, and the question. Columns are
/// named as they are told: `..._at` and `..._until` are moments, `has_...` and
/// `is_...` are yes or no.
const SECTIONS: &[(&str, Rows, &str)] = &[
    (
        "account",
        Rows::One,
        "SELECT handle, status, role, origin, email, email_proven_at,
            password IS NOT NULL AS has_password, invite_id AS invite,
            (SELECT i.handle FROM account i WHERE i.id = a.invited_by) AS invited_by,
            source, created_at, status_at, status_reason, status_until, last_seen_at,
            needs_factor AS is_told_to_set_up_a_second_factor
         FROM account a WHERE id = :id",
    ),
    (
        "keys",
        Rows::Many,
        "SELECT fingerprint, openssh, label, standing, added_at, last_used_at
         FROM public_key WHERE account_id = :id ORDER BY id",
    ),
    (
        "request",
        Rows::One,
        "SELECT message, answers, client, asked_at, edited_at FROM request WHERE account_id = :id",
    ),
    (
        "older_requests",
        Rows::Many,
        "SELECT message, replaced_at FROM request_history WHERE account_id = :id ORDER BY id",
    ),
    (
        // Who of the staff asked is theirs.
        "conversation",
        Rows::Many,
        "SELECT side, text, at AS said_at FROM request_message WHERE account_id = :id ORDER BY id",
    ),
    (
        "codes",
        Rows::Many,
        "SELECT purpose, created_at, expires_at, used_at
         FROM one_time_code WHERE account_id = :id ORDER BY created_at",
    ),
    (
        "invites",
        Rows::Many,
        "SELECT id, note, message, role, max_uses, uses, not_before AS works_at, expires_at,
            created_at, revoked_at, bound_email, bound_domain, bound_handle
         FROM invite WHERE issuer_id = :id ORDER BY id",
    ),
    (
        "barred_from_inviting",
        Rows::One,
        "SELECT reason, at AS barred_at FROM invite_bar WHERE account_id = :id",
    ),
    (
        "came_by",
        Rows::Many,
        "SELECT invite_id AS invite, at AS used_at, state
         FROM redemption WHERE account_id = :id ORDER BY id",
    ),
    (
        "second_factor",
        Rows::One,
        "SELECT f.since AS set_up_at, (SELECT count(*) FROM backup_code b
            WHERE b.account_id = f.account_id AND b.used_at IS NULL) AS backup_codes_left,
            (SELECT max(s.step) FROM used_step s WHERE s.account_id = f.account_id) AS last_step
         FROM second_factor f WHERE f.account_id = :id",
    ),
    (
        "wrong_codes_from",
        Rows::Many,
        "SELECT source, wrong, last_at FROM factor_guess WHERE account_id = :id ORDER BY last_at",
    ),
    (
        "called_from",
        Rows::Many,
        "SELECT source, last_at FROM known_source WHERE account_id = :id ORDER BY last_at",
    ),
    (
        "wrong_passwords_from",
        Rows::Many,
        "SELECT g.source, g.wrong, g.last_at FROM password_guess g
         JOIN account a ON a.handle_key = g.handle_key WHERE a.id = :id ORDER BY g.last_at",
    ),
    (
        "letters_asked_for",
        Rows::Many,
        "SELECT at AS asked_at, source FROM asked_letter WHERE account_id = :id ORDER BY id",
    ),
    (
        "letters",
        Rows::Many,
        "SELECT kind, address, detail, state, created_at, sent_at
         FROM outbox WHERE account_id = :id ORDER BY id",
    ),
    (
        "notices",
        Rows::Many,
        "SELECT kind, detail, at AS told_at, read_at FROM notice WHERE account_id = :id ORDER BY id",
    ),
    (
        "notice_choices",
        Rows::Many,
        "SELECT topic, notice AS has_notice, letter AS has_letter, bell AS has_bell
         FROM notice_choice WHERE account_id = :id ORDER BY topic",
    ),
    (
        "record",
        Rows::Many,
        "SELECT at AS done_at, action, object, before, after, reason
         FROM audit WHERE actor_id = :id OR object LIKE 'account ' || :id || ' %' ORDER BY id",
    ),
];

/// How many rows a question has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rows {
    One,
    Many,
}

/// Returns everything about an account, a member for each section.
pub fn of(read: &impl Read, id: AccountId) -> Result<Map<String, Value>, Fault> {
    let mut export = Map::new();
    for (name, rows, sql) in SECTIONS {
        let mut statement = read.db().prepare_cached(sql)?;
        let names: Vec<_> = statement.column_names().map(String::from).collect();
        let found = statement
            .query_map(named_params! { ":id": id.0 }, |row| object(row, &names))?
            .collect::<Result<Vec<_>, _>>()?;
        let told = match rows {
            Rows::One => found.into_iter().next().unwrap_or(Value::Null),
            Rows::Many => Value::Array(found),
        };
        export.insert((*name).to_owned(), told);
    }
    Ok(export)
}

fn object(row: &Row<'_>, names: &[String]) -> rusqlite::Result<Value> {
    let mut object = Map::new();
    for (place, name) in names.iter().enumerate() {
        object.insert(name.clone(), value(row.get_ref(place)?, name));
    }
    Ok(Value::Object(object))
}

fn value(stored: ValueRef<'_>, name: &str) -> Value {
    let is_moment = name.ends_with("_at") || name.ends_with("_until");
    let is_claim = name.starts_with("has_") || name.starts_with("is_");
    match stored {
        ValueRef::Integer(at) if is_moment => {
            Value::from(moment(at).to_rfc3339_opts(SecondsFormat::Secs, true))
        }
        ValueRef::Integer(number) if is_claim => Value::from(number != 0),
        ValueRef::Integer(number) => Value::from(number),
        ValueRef::Real(number) => Value::from(number),
        ValueRef::Text(text) => {
            let text = String::from_utf8_lossy(text);
            // Kept as JSON already.
            let parsed = (name == "answers").then(|| serde_json::from_str(&text).ok());
            parsed.flatten().unwrap_or_else(|| Value::from(text))
        }
        // There is none but hashes, and they are not asked for.
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::wipe::tests::{GONE, STAYS, columns_of_accounts, full};

    /// What is about an account and not told, and why.
    const LEFT_OUT: &[&str] = &[
        // What staff think and do among themselves.
        "note",
        "request_claim",
        // For ten minutes, what the account says of itself already.
        "decision",
    ];

    /// A connection that can be asked.
    struct Board(rusqlite::Connection);

    impl Read for Board {
        fn db(&self) -> &rusqlite::Connection {
            &self.0
        }
    }

    #[test]
    fn every_table_about_an_account_is_exported_or_left_out_on_purpose() {
        for (table, column) in columns_of_accounts(&full()) {
            let is_asked = SECTIONS
                .iter()
                .any(|(_, _, sql)| sql.split_whitespace().any(|word| word == table));
            let is_left = LEFT_OUT.contains(&table.as_str());
            assert!(is_asked != is_left, "{table}.{column}: export.rs");
        }
    }

    #[test]
    fn nothing_secret_is_exported_and_nothing_of_others() {
        let board = Board(full());
        let export = serde_json::to_string(&of(&board, AccountId(GONE)).unwrap()).unwrap();
        for told in [
            "handle-41",
            "email-41",
            "openssh-41",
            "source-41",
            "detail-41",
        ] {
            assert!(export.contains(told), "{told}: {export}");
        }
        for secret in [
            "password-",
            "hash",
            "submission",
            "hint-",
            "note\":\"note-42",
        ] {
            assert!(!export.contains(secret), "{secret}: {export}");
        }
        assert!(!export.contains(&format!("-{STAYS}")), "{export}");
    }
}
