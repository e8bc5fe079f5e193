//! Keys of accounts, inside a transaction: who may have one, and how far it is
//! believed.

use super::{Ruling, record::note};
use crate::{
    domain::{
        id::{AccountId, KeyId},
        key::{PublicKey, VerifiedKey},
        policy::Permit,
        refusal::Refusal,
    },
    store::{
        self, Read, Tx,
        account::Account,
        audit::Act,
        key::{Key, Standing},
    },
};

/// Keys an account may have.
const KEYS: usize = 10;

/// Attaches a key that this connection proved; pasted claims to it end.
pub(super) fn attach(
    tx: &Tx<'_>,
    permit: &Permit,
    account: &Account,
    key: &VerifiedKey,
) -> Ruling<()> {
    let print = key.key().fingerprint();
    match store::key::owner(tx, &print)? {
        Some(owner) if owner.id == account.id => return Err(Refusal::KeyYours.into()),
        Some(_) => return Err(Refusal::KeyTaken.into()),
        None => {}
    }
    // One's own claim to it becomes the proof, and leaves its place.
    let keys = store::key::of(tx, account.id)?;
    let name = print.to_string();
    fits(keys.iter().filter(|key| key.fingerprint != name).count())?;
    store::key::end_claims(tx, &print)?;
    store::key::insert(
        tx,
        account.id,
        key.key(),
        key.key().label().as_str(),
        Standing::Proven,
    )?;
    note_added(tx, permit, account, Standing::Proven)
}

pub(super) fn room(read: &impl Read, id: AccountId) -> Ruling<()> {
    Ok(fits(store::key::of(read, id)?.len())?)
}

/// Refuses one more key than an account may have.
fn fits(others: usize) -> Result<(), Refusal> {
    if others >= KEYS {
        Err(Refusal::KeysFull)
    } else {
        Ok(())
    }
}

fn note_added(tx: &Tx<'_>, permit: &Permit, account: &Account, how: Standing) -> Ruling<()> {
    Ok(note(
        tx,
        permit,
        account,
        Act {
            action: "key.add",
            after: Some(how.name()),
            ..Act::default()
        },
    )?)
}

/// Adds a key somebody wrote down: as a claim, or vouched for by an operator.
pub(super) fn add_written(
    tx: &Tx<'_>,
    permit: &Permit,
    account: &Account,
    key: &PublicKey,
    standing: Standing,
) -> Ruling<()> {
    let print = key.fingerprint().to_string();
    if store::key::of(tx, account.id)?
        .iter()
        .any(|own| own.fingerprint == print)
    {
        return Err(Refusal::KeyYours.into());
    }
    // A claim is accepted without a word even if somebody has that key; only
    // an operator's word could take it.
    if standing != Standing::Pasted && store::key::owner(tx, &key.fingerprint())?.is_some() {
        return Err(Refusal::KeyTaken.into());
    }
    room(tx, account.id)?;
    store::key::insert(tx, account.id, key, key.label().as_str(), standing)?;
    note_added(tx, permit, account, standing)
}

/// Removes a key, unless it is the only way in, and returns how a letter names
/// it.
pub(super) fn remove(tx: &Tx<'_>, permit: &Permit, account: &Account, id: KeyId) -> Ruling<String> {
    let keys = store::key::of(tx, account.id)?;
    let key = keys
        .iter()
        .find(|key| key.id == id)
        .ok_or(Refusal::NoSuchKey)?;
    let counts = |key: &Key| key.standing != Standing::Pasted;
    if !account.has_password
        && counts(key)
        && keys.iter().filter(|other| counts(other)).count() == 1
    {
        return Err(Refusal::KeyLast.into());
    }
    store::key::remove(tx, account.id, id)?;
    note(
        tx,
        permit,
        account,
        Act {
            action: "key.remove",
            before: Some(key.standing.name()),
            ..Act::default()
        },
    )?;
    Ok(format!("{} ({})", key.fingerprint, key.kind))
}

/// Returns how a letter names a key.
pub(super) fn named(key: &PublicKey) -> String {
    format!("{} ({})", key.fingerprint(), key.kind())
}
