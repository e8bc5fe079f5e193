//! From a first credential into the board: where a second factor is asked for,
//! what was proven first is held until the second is, and proven once more then.

use std::sync::Arc;

use super::{
    Bbs, Ruling, actor_of, certificate,
    factor::{self, Asked, BackupCodes, Offer},
    key, letter,
    login::{Login, note_call, note_key_call},
    may_edit_oneself,
    record::note,
    setting::current,
    visit::Visit,
};
use crate::{
    domain::{
        certificate::Certified, clock::Timestamp, handle::Handle, id::AccountId, letter::Kind,
        refusal::Refusal, secret::Secret,
    },
    store::{self, Read, Tx, account::Account, audit::Act},
};

/// How far a first credential led.
#[derive(Clone, Debug)]
pub enum Entrance {
    /// All the way.
    In(Box<Login>),
    /// A code of the account's factor is asked for.
    Code(Box<HalfWay>),
    /// The account must have a factor, and has none yet.
    SetUp(Box<HalfWay>),
}

/// Somebody who proved one thing of two. They are nobody yet: all that this
/// opens is the way to the second.
#[derive(Clone, Debug)]
pub struct HalfWay {
    account: Account,
    first: First,
}

impl HalfWay {
    /// Returns the account it leads to, as it stood then.
    pub(super) const fn account(&self) -> &Account {
        &self.account
    }

    /// Returns the handle of that account.
    pub const fn handle(&self) -> &Handle {
        &self.account.handle
    }

    /// Whether that account is staff's, as it stood then.
    pub fn is_staff(&self) -> bool {
        actor_of(&self.account).is_staff()
    }
}

/// A first credential.
#[derive(Clone, Debug)]
pub(super) enum First {
    /// The key of the call.
    Key,
    /// The certificate of the call.
    Certificate(Certified),
    /// A password, and the hash it was right for.
    Password(AccountId, Secret<String>),
    /// A key line, by its hash: the key of the call is to be added.
    KeyLine([u8; 32]),
    /// The key of the call, which somebody pasted into this account.
    Pasted(AccountId),
}

impl First {
    /// Returns the credential a call brought to the door.
    pub(super) fn at_the_door(visit: &Visit) -> Self {
        visit.certified.clone().map_or(Self::Key, Self::Certificate)
    }

    /// Returns the account it is a credential of now.
    fn account(&self, read: &impl Read, visit: &Visit, now: Timestamp) -> Ruling<Account> {
        match self {
            Self::Key => {
                let key = visit.key.as_ref().ok_or(Refusal::KeyNotProven)?;
                let owner = store::key::owner(read, &key.key().fingerprint())?;
                Ok(owner.ok_or(Refusal::NoSuchAccount)?)
            }
            Self::Certificate(certified) => {
                certificate::still_holds(read, certified, &current(read)?, now)?;
                let owner = certificate::owner(read, certified.handle())?;
                Ok(owner.ok_or(Refusal::NoSuchAccount)?)
            }
            Self::Password(id, hash) => {
                if store::account::password(read, *id)?.as_ref() != Some(hash.expose()) {
                    return Err(Refusal::WrongCredentials.into());
                }
                Ok(store::account::by_id(read, *id)?.ok_or(Refusal::Gone)?)
            }
            Self::Pasted(id) => Ok(store::account::by_id(read, *id)?.ok_or(Refusal::Gone)?),
            Self::KeyLine(_) if visit.key.is_none() => Err(Refusal::KeyNotProven.into()),
            Self::KeyLine(hash) => {
                let id = store::code::key_account(read, hash, now)?;
                let account = match id {
                    Some(id) => store::account::by_id(read, id)?,
                    None => None,
                };
                Ok(account.ok_or(Refusal::KeyLineUnusable)?)
            }
        }
    }

    /// Does what it is a credential for, and lets its account in.
    fn complete(&self, tx: &Tx<'_>, visit: &Visit, account: Account) -> Ruling<Login> {
        match self {
            Self::Key => note_key_call(tx, visit, account.id)?,
            Self::Certificate(certified) => {
                note_call(tx, visit, account.id)?;
                certificate::note_use(tx, certified, &account)?;
            }
            Self::Password(..) => note_call(tx, visit, account.id)?,
            Self::KeyLine(hash) => add_key(tx, visit, &account, hash)?,
            Self::Pasted(_) => prove_key(tx, visit, &account)?,
        }
        Ok(Login::of(account))
    }
}

/// Adds the key of this call, and uses the line up that allows it.
fn add_key(tx: &Tx<'_>, visit: &Visit, account: &Account, line: &[u8]) -> Ruling<()> {
    let key = visit.key.as_ref().ok_or(Refusal::KeyNotProven)?;
    // A line made before a suspension adds nothing after it.
    let permit = may_edit_oneself(tx, &actor_of(account))?;
    key::attach(tx, &permit, account, key)?;
    letter::write(tx, account, Kind::KeyAdded, &key::named(key.key()))?;
    store::code::use_up(tx, line)?;
    Ok(note_key_call(tx, visit, account.id)?)
}

/// Makes a pasted key the caller's: they came with it and said yes.
fn prove_key(tx: &Tx<'_>, visit: &Visit, account: &Account) -> Ruling<()> {
    let key = visit.key.as_ref().ok_or(Refusal::KeyNotProven)?;
    let print = key.key().fingerprint();
    if store::key::owner(tx, &print)?.is_some() {
        return Err(Refusal::KeyTaken.into());
    }
    let permit = may_edit_oneself(tx, &actor_of(account))?;
    if !store::key::prove(tx, account.id, &print)? {
        return Err(Refusal::NoSuchKey.into());
    }
    store::key::end_claims(tx, &print)?;
    let act = Act {
        action: "key.prove",
        ..Act::default()
    };
    note(tx, &permit, account, act)?;
    Ok(note_key_call(tx, visit, account.id)?)
}

/// Lets somebody with a first credential in, or asks for the second.
pub(super) fn enter(tx: &Tx<'_>, visit: &Visit, first: First) -> Ruling<Entrance> {
    let account = first.account(tx, visit, tx.now())?;
    if factor::asked(tx, visit, &account)? == Asked::Nothing {
        let login = first.complete(tx, visit, account)?;
        return Ok(Entrance::In(Box::new(login)));
    }
    look_in(tx, visit, first, tx.now())
}

/// Says how far a first credential leads, and notes nothing.
pub(super) fn look_in(
    read: &impl Read,
    visit: &Visit,
    first: First,
    now: Timestamp,
) -> Ruling<Entrance> {
    let account = first.account(read, visit, now)?;
    let asked = factor::asked(read, visit, &account)?;
    let half = |account| Box::new(HalfWay { account, first });
    Ok(match asked {
        Asked::Nothing => Entrance::In(Box::new(Login::of(account))),
        Asked::Code => Entrance::Code(half(account)),
        Asked::SetUp => Entrance::SetUp(half(account)),
    })
}

impl Bbs {
    /// Lets somebody in by a code of their factor.
    pub async fn enter_with_code(
        &self,
        visit: &Arc<Visit>,
        half: &HalfWay,
        text: &Secret<String>,
    ) -> Ruling<Login> {
        let entry = factor::read(text)?;
        let (visit, first, key) = (Arc::clone(visit), half.first.clone(), self.factor_key());
        self.decide(move |tx| {
            let account = first.account(tx, &visit, tx.now())?;
            factor::spend(tx, &key, &visit, &account, &entry)?;
            first.complete(tx, &visit, account)
        })
        .await
    }

    /// Lets somebody in who has set up the factor that is demanded of them.
    pub async fn enter_with_set_up(
        &self,
        visit: &Arc<Visit>,
        half: &HalfWay,
        offer: &Offer,
        text: &Secret<String>,
    ) -> Ruling<(Login, BackupCodes)> {
        let (visit, first) = (Arc::clone(visit), half.first.clone());
        let set_up = self.set_up(offer, text)?;
        self.decide(move |tx| {
            let account = first.account(tx, &visit, tx.now())?;
            let codes = set_up.carry_out(tx, &account)?;
            Ok((first.complete(tx, &visit, account)?, codes))
        })
        .await
    }
}
