//! Who did what: ids, handles and setting values, never addresses, messages or
//! sources. Append-only, by trigger.

use rusqlite::named_params;

use super::{Fault, Read as _, Tx, stored};
use crate::domain::policy::Permit;

/// One act.
#[derive(Clone, Copy, Debug, Default)]
pub struct Act<'a> {
    /// A stable name: `account.approve`.
    pub action: &'a str,
    /// What it was done to: `account 12 newbie`, `setting site_name`.
    pub object: &'a str,
    /// What stood before.
    pub before: Option<&'a str>,
    /// What stands now.
    pub after: Option<&'a str>,
    /// The reason given.
    pub reason: Option<&'a str>,
}

/// Writes an act down, with whoever was permitted to do it.
pub fn record(tx: &Tx<'_>, permit: &Permit, act: Act<'_>) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT INTO audit (at, actor_id, actor, via, action, object, before, after, reason)
        VALUES (:at, :actor_id, :actor, :via, :action, :object, :before, :after, :reason)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":at": stored(tx.now()),
        ":actor_id": permit.account().map(|id| id.0),
        ":actor": permit.name(),
        ":via": permit.via(),
        ":action": act.action,
        ":object": act.object,
        ":before": act.before,
        ":after": act.after,
        ":reason": act.reason,
    })?;
    Ok(())
}
