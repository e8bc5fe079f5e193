//! Public keys of accounts. Whether a key may be added is decided in `app`;
//! that a key has one owner is decided by the index.

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::{Fault, Read, Tx, account, moment, named, stored};
use crate::domain::{
    account::named as names,
    clock::Timestamp,
    id::{AccountId, KeyId},
    key::{Fingerprint, PublicKey},
};

names! {
    /// How far a key is believed.
    Standing {
        /// A signature was verified in the connection that added it.
        Proven = "proven",
        /// An operator added it.
        Vouched = "vouched",
        /// Somebody pasted it: a claim.
        Pasted = "pasted",
    }
}

impl Standing {
    /// Whether the key lets its account in: anybody may paste one.
    pub const fn lets_in(self) -> bool {
        match self {
            Self::Proven | Self::Vouched => true,
            Self::Pasted => false,
        }
    }
}

/// A key of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its row.
    pub id: KeyId,
    /// Whose it is, or is claimed to be.
    pub account: AccountId,
    /// Its fingerprint, `SHA256:…`.
    pub fingerprint: String,
    /// Its kind: `ed25519`, `rsa`, ….
    pub kind: String,
    /// What its owner calls it.
    pub label: String,
    /// How far it is believed.
    pub standing: Standing,
    /// When it was added.
    pub added_at: Timestamp,
    /// When somebody last came with it.
    pub last_used_at: Option<Timestamp>,
}

impl Key {
    /// Whether its other half never leaves the hardware it was made in.
    pub fn is_hardware(&self) -> bool {
        self.kind.starts_with("sk-")
    }
}

fn key(row: &Row<'_>) -> rusqlite::Result<Key> {
    Ok(Key {
        id: KeyId(row.get(0)?),
        account: AccountId(row.get(1)?),
        fingerprint: row.get(2)?,
        kind: row.get(3)?,
        label: row.get(4)?,
        standing: named(Standing::named(&row.get::<_, String>(5)?), "standing")?,
        added_at: moment(row.get(6)?),
        last_used_at: row.get::<_, Option<i64>>(7)?.map(moment),
    })
}

/// Every verified key asks this.
pub(super) const OWNER: &str = concat!(
    "SELECT ",
    account::columns!(),
    " FROM public_key k JOIN account a ON a.id = k.account_id
    WHERE k.fingerprint = :fingerprint AND k.standing <> 'pasted'"
);

/// Returns the account whose key this is: proven or vouched.
pub fn owner(read: &impl Read, key: &Fingerprint) -> Result<Option<account::Account>, Fault> {
    let mut statement = read.db().prepare_cached(OWNER)?;
    let params = named_params! { ":fingerprint": key.to_string() };
    Ok(statement.query_row(params, account::account).optional()?)
}

/// Returns the accounts that claim this key by pasting, oldest claim first.
pub fn claimants(read: &impl Read, key: &Fingerprint) -> Result<Vec<account::Account>, Fault> {
    const SQL: &str = concat!(
        "SELECT ",
        account::columns!(),
        " FROM public_key k JOIN account a ON a.id = k.account_id
        WHERE k.fingerprint = :fingerprint AND k.standing = 'pasted' ORDER BY k.id LIMIT 10"
    );
    let mut statement = read.db().prepare_cached(SQL)?;
    let params = named_params! { ":fingerprint": key.to_string() };
    let rows = statement
        .query_map(params, account::account)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Every account screen asks this.
pub(super) const OF: &str = "
    SELECT id, account_id, fingerprint, kind, label, standing, added_at, last_used_at
    FROM public_key WHERE account_id = :id ORDER BY id";

/// Returns the keys of an account, oldest first.
pub fn of(read: &impl Read, id: AccountId) -> Result<Vec<Key>, Fault> {
    let mut statement = read.db().prepare_cached(OF)?;
    let rows = statement
        .query_map(named_params! { ":id": id.0 }, key)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Adds a key; a proven one is in use by whoever proves it. A key that has an
/// owner is refused by the index.
pub fn insert(
    tx: &Tx<'_>,
    id: AccountId,
    key: &PublicKey,
    label: &str,
    standing: Standing,
) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT INTO public_key
            (account_id, fingerprint, openssh, kind, label, standing, added_at, last_used_at)
        VALUES (:account, :fingerprint, :openssh, :kind, :label, :standing, :now,
            CASE :standing WHEN 'proven' THEN :now END)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":account": id.0,
        ":fingerprint": key.fingerprint().to_string(),
        ":openssh": key.to_openssh(),
        ":kind": key.kind(),
        ":label": label,
        ":standing": standing.name(),
        ":now": stored(tx.now()),
    })?;
    Ok(())
}

/// Makes a pasted key a proven one: somebody came with it and said yes.
pub fn prove(tx: &Tx<'_>, id: AccountId, key: &Fingerprint) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE public_key SET standing = 'proven', last_used_at = :now
        WHERE account_id = :account AND fingerprint = :fingerprint AND standing = 'pasted'";
    Ok(tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":account": id.0, ":fingerprint": key.to_string(), ":now": stored(tx.now()),
    })? == 1)
}

/// Removes every pasted claim to a key: a proof elsewhere ends them.
pub fn end_claims(tx: &Tx<'_>, key: &Fingerprint) -> Result<(), Fault> {
    const SQL: &str =
        "DELETE FROM public_key WHERE fingerprint = :fingerprint AND standing = 'pasted'";
    tx.db()
        .prepare_cached(SQL)?
        .execute(named_params! { ":fingerprint": key.to_string() })?;
    Ok(())
}

/// Removes a key of an account; says whether it was there.
pub fn remove(tx: &Tx<'_>, id: AccountId, key: KeyId) -> Result<bool, Fault> {
    const SQL: &str = "DELETE FROM public_key WHERE id = :key AND account_id = :account";
    let params = named_params! { ":key": key.0, ":account": id.0 };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Notes that somebody came with a key.
pub fn used(tx: &Tx<'_>, key: &Fingerprint) -> Result<(), Fault> {
    const SQL: &str = "
        UPDATE public_key SET last_used_at = :now
        WHERE fingerprint = :fingerprint AND standing <> 'pasted'";
    let params = named_params! { ":fingerprint": key.to_string(), ":now": stored(tx.now()) };
    tx.db().prepare_cached(SQL)?.execute(params)?;
    Ok(())
}

/// Returns the member who has a key that this account claims too.
pub fn shared_with_member(read: &impl Read, id: AccountId) -> Result<Option<String>, Fault> {
    const SQL: &str = "
        SELECT a.handle FROM public_key mine
        JOIN public_key theirs
          ON theirs.fingerprint = mine.fingerprint AND theirs.account_id <> mine.account_id
         AND theirs.standing <> 'pasted'
        JOIN account a ON a.id = theirs.account_id AND a.status IN ('active', 'suspended')
        WHERE mine.account_id = :id LIMIT 1";
    let mut statement = read.db().prepare_cached(SQL)?;
    let found = statement.query_row(named_params! { ":id": id.0 }, |row| row.get(0));
    Ok(found.optional()?)
}

/// Returns handles of rejected or suspended accounts that share a key with
/// this account, for the queue's hints.
pub fn shared_with_shut_out(read: &impl Read, id: AccountId) -> Result<Vec<String>, Fault> {
    const SQL: &str = "
        SELECT DISTINCT a.handle FROM public_key mine
        JOIN public_key theirs
          ON theirs.fingerprint = mine.fingerprint AND theirs.account_id <> mine.account_id
        JOIN account a ON a.id = theirs.account_id AND a.status IN ('rejected', 'suspended')
        WHERE mine.account_id = :id LIMIT 3";
    let mut statement = read.db().prepare_cached(SQL)?;
    let rows = statement
        .query_map(named_params! { ":id": id.0 }, |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
