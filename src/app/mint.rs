//! Codes that letters bring, made when the letter leaves: until then there is
//! none that anybody could read. What they open is decided elsewhere.

use std::sync::Arc;

use super::{Bbs, activation, address, reset, setting::current};
use crate::{
    domain::{
        clock::Timestamp,
        code::{AddressCode, Code, Purpose, ServerKey, Shape},
        email::Email,
        entropy::Entropy,
        id::{AccountId, InviteId},
        letter::Kind,
    },
    store::{
        self, Fault, Tx,
        account::Account,
        code::Purpose as Kept,
        outbox::{Letter, Recipient},
    },
};

/// What codes are made of, for a transaction that finds out whether one is
/// needed.
#[derive(Clone)]
pub(super) struct Mint {
    entropy: Arc<dyn Entropy>,
    key: ServerKey,
}

impl Mint {
    /// Makes a code for a new password and kills the older ones; returns it in
    /// groups.
    pub(super) fn reset(
        &self,
        tx: &Tx<'_>,
        id: AccountId,
        shape: Shape,
        expires: Timestamp,
    ) -> Result<String, Fault> {
        let code = Code::generate(self.entropy.as_ref(), shape);
        let hash = code.keyed_hash(Purpose::Reset, &self.key);
        store::code::put(tx, Kept::Reset(id), &hash, expires)?;
        Ok(code.expose_grouped(shape))
    }

    /// Makes one more code of an invite; returns it in groups.
    pub(super) fn invite(&self, tx: &Tx<'_>, id: InviteId, shape: Shape) -> Result<String, Fault> {
        let code = Code::generate(self.entropy.as_ref(), shape);
        store::invite::add_code(tx, id, &code.keyed_hash(Purpose::Invite, &self.key))?;
        Ok(code.expose_grouped(shape))
    }

    /// Makes a code that proves an address and kills the older ones; returns it
    /// in groups.
    fn address(
        &self,
        tx: &Tx<'_>,
        id: AccountId,
        email: &Email,
        expires: Timestamp,
    ) -> Result<String, Fault> {
        let code = AddressCode::generate(self.entropy.as_ref());
        let hash = code.keyed_hash(id, email, &self.key);
        store::code::put(tx, Kept::Address(id), &hash, expires)?;
        Ok(code.expose_grouped())
    }

    /// Makes a code for the invite that activates an account, if one that goes by
    /// letter does; returns it in groups. Others of that invite stay as good.
    fn activation(&self, tx: &Tx<'_>, account: &Account) -> Result<Option<String>, Fault> {
        let settings = current(tx)?;
        let Some(invite) = activation::to_be_sent(tx, account, &settings)? else {
            return Ok(None);
        };
        self.invite(tx, invite, settings.code_shape()).map(Some)
    }

    /// Makes the code of a letter that is about to leave. Nothing if the letter
    /// comes too late, goes where the account has no address any more, or has
    /// nothing left to prove.
    pub(super) fn strike_for(&self, tx: &Tx<'_>, letter: &Letter) -> Result<Option<String>, Fault> {
        let Recipient::Account {
            id, address: to, ..
        } = &letter.to
        else {
            return Ok(None);
        };
        let account = store::account::by_id(tx, *id)?;
        let theirs = account.filter(|account| account.email.as_ref() == Some(to));
        let Some(account) = theirs else {
            return Ok(None);
        };
        if letter.kind == Kind::Activation {
            return self.activation(tx, &account);
        }
        let is_reset = letter.kind == Kind::ResetCode;
        let life = if is_reset { reset::LIFE } else { address::LIFE };
        let expires = letter.created_at + life;
        if expires <= tx.now() {
            return Ok(None);
        }
        if is_reset {
            let shape = current(tx)?.code_shape();
            return self.reset(tx, account.id, shape, expires).map(Some);
        }
        if account.email_proven {
            return Ok(None);
        }
        self.address(tx, account.id, to, expires).map(Some)
    }
}

impl Bbs {
    pub(super) fn mint(&self) -> Mint {
        Mint {
            entropy: Arc::clone(&self.setup.entropy),
            key: self.setup.server_key.clone(),
        }
    }
}
