//! The first sysop (spec §4): a one-time line while nobody runs the board.
//! Never "first caller wins", never a default password.

use chrono::TimeDelta;

use super::{Bbs, Ruling, is_claimed, login::Login, record::object, visit::Visit};
use crate::{
    domain::{
        account::{Role, Status, Transition},
        actor::Actor,
        code::{Code, Purpose},
        event::Event,
        policy::{Capability, Permit},
        refusal::Refusal,
        secret::Secret,
    },
    store::{
        self, Tx,
        account::{Account, Move},
        audit::{Act, record},
    },
};

/// How long a claim line works. A new one is printed every 24 h; the hour more
/// is for whoever copies it at the last moment.
const LIFE: TimeDelta = TimeDelta::hours(25);

/// Why somebody may claim the board.
#[derive(Clone, Debug)]
pub enum Proof {
    /// They have the line.
    Code(Code),
    /// Their key is one of `RINGDOWN_SYSOP_KEYS`.
    SysopKey,
}

impl Bbs {
    /// Makes a new claim line and kills the older ones; nothing if somebody
    /// runs the board.
    pub async fn mint_claim(&self) -> Ruling<Option<Secret<String>>> {
        let shape = self.settings().code_shape();
        let code = Code::generate(self.entropy(), shape);
        let hash = code.keyed_hash(Purpose::Claim, &self.setup.server_key);
        let line = self
            .address()
            .near_line(&format!("claim-{}", code.expose_grouped(shape)));
        self.decide(move |tx| {
            if is_claimed(tx)? {
                return Ok(None);
            }
            store::code::put(tx, store::code::Purpose::Claim, &hash, tx.now() + LIFE)?;
            let permit = Permit::board(Capability::ManageUsers);
            record(
                tx,
                &permit,
                Act {
                    action: "claim.mint",
                    object: "board",
                    ..Act::default()
                },
            )?;
            Ok(Some(Secret::new(line)))
        })
        .await
    }

    /// Makes the sysop of an account that exists.
    pub async fn claim_with_account(
        &self,
        actor: &Actor,
        visit: &Visit,
        proof: &Proof,
    ) -> Ruling<Login> {
        let actor = actor.clone();
        let claim = self.claim(visit, proof)?;
        self.decide(move |tx| {
            let account = super::own(tx, &actor)?;
            if !matches!(account.status, Status::Active | Status::Pending) {
                return Err(Refusal::NotAllowed.into());
            }
            claim.use_up(tx)?;
            let permit = Permit::newcomer(account.id, &account.handle);
            let account = make_active(tx, &permit, account)?;
            store::account::set_role(tx, &account, Role::Sysop)?;
            record(
                tx,
                &permit,
                Act {
                    action: "claim.use",
                    object: &object(account.id, &account.handle),
                    before: Some(account.role.name()),
                    after: Some(Role::Sysop.name()),
                    reason: None,
                },
            )?;
            tx.emit(Event::AccountChanged(account.id));
            tx.emit(Event::UsersChanged);
            let account = store::account::by_id(tx, account.id)?.ok_or(Refusal::Gone)?;
            Ok(Login::of(account))
        })
        .await
    }

    /// Prepares a claim for the transaction that will use it up.
    pub(super) fn claim(&self, visit: &Visit, proof: &Proof) -> Ruling<Claim> {
        match proof {
            Proof::Code(code) => Ok(Claim::Code(
                code.keyed_hash(Purpose::Claim, &self.setup.server_key),
            )),
            Proof::SysopKey if self.is_sysop_key(visit) => Ok(Claim::Key),
            Proof::SysopKey => Err(Refusal::NotAllowed.into()),
        }
    }
}

fn make_active(tx: &Tx<'_>, permit: &Permit, account: Account) -> Ruling<Account> {
    if account.status.after(Transition::Approve).is_none() {
        return Ok(account);
    }
    let to = Status::Active;
    store::account::transit(
        tx,
        permit,
        Move {
            from: &account,
            to,
            reason: None,
            until: None,
        },
    )?;
    store::account::by_id(tx, account.id)?.ok_or_else(|| Refusal::Gone.into())
}

/// A claim on its way into a transaction.
#[derive(Debug)]
pub(super) enum Claim {
    /// By the line; its hash.
    Code([u8; 32]),
    /// By a key of the configuration.
    Key,
}

impl Claim {
    /// Uses the claim up, while nobody runs the board.
    pub(super) fn use_up(&self, tx: &Tx<'_>) -> Ruling<()> {
        if is_claimed(tx)? {
            return Err(Refusal::ClaimUnusable.into());
        }
        if let Self::Code(hash) = self
            && !store::code::use_up(tx, hash)?
        {
            return Err(Refusal::ClaimUnusable.into());
        }
        store::code::kill(tx, store::code::Purpose::Claim)?;
        Ok(())
    }
}
