//! Forgotten passwords (K5, P16): a code by letter or from staff, and the
//! password it lets somebody choose. Nobody is logged in here.

use chrono::TimeDelta;

use super::{
    Bbs, Ruling,
    account::{OtherCalls, put_password},
    activation::not_prepared,
    actor_of, authorize,
    form::read_code,
    hub::Which,
    letter, may_edit_oneself,
    record::{conflict, note},
    setting::current,
    visit::Visit,
};
use crate::{
    domain::{
        actor::Actor,
        clock::Timestamp,
        code::{Code, Purpose},
        email::Email,
        handle::Handle,
        id::AccountId,
        letter::Kind,
        policy::{Capability, Permit},
        refusal::Refusal,
        secret::Secret,
    },
    store::{
        self, Fault, Read, Tx, account::Account, audit::Act, code::Purpose as Kept, outbox::Letter,
    },
};

/// How long a code works, from when it was asked for.
pub(super) const LIFE: TimeDelta = TimeDelta::minutes(60);

/// A code for a new password, told this once.
#[derive(Clone, Debug)]
pub struct ResetCode {
    /// The code in groups.
    pub code: Secret<String>,
    /// The line that calls with it.
    pub line: Secret<String>,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// Returns the user name that calls with a code.
pub(super) fn door(code: &str) -> String {
    format!("recover-{code}")
}

impl Bbs {
    /// Writes a code to whoever has that handle or address, if they have an
    /// address. The answer is the same whatever came of it.
    pub async fn ask_for_reset(&self, visit: &Visit, whom: &str) -> Ruling<()> {
        let (whom, source) = (whom.trim().to_owned(), visit.source);
        self.decide(move |tx| {
            if !letter::leave(tx)? {
                return Ok(());
            }
            // Where addresses must be proven, one that is not may be anybody's.
            let proven_only = current(tx)?.require_email_verification;
            for account in named(tx, &whom)? {
                if proven_only && !account.email_proven {
                    continue;
                }
                // A password opens nothing there: the code of the account does.
                if account.is_prepared() {
                    continue;
                }
                if !account.status.edits_itself() || !letter::may_ask(tx, &account, source)? {
                    continue;
                }
                letter::write(tx, &account, Kind::ResetCode, "")?;
                let permit = Permit::board(Capability::EditOneself);
                put_down(tx, &permit, &account, "reset.ask")?;
            }
            Ok(())
        })
        .await
    }

    /// Makes a code that staff hand over themselves.
    pub async fn show_reset(&self, actor: &Actor, id: AccountId) -> Ruling<ResetCode> {
        let (actor, mint, address) = (actor.clone(), self.mint(), self.address());
        self.decide(move |tx| {
            let (permit, account) = resettable(tx, &actor, id)?;
            let expires_at = tx.now() + LIFE;
            let shape = current(tx)?.code_shape();
            let code = mint.reset(tx, account.id, shape, expires_at)?;
            put_down(tx, &permit, &account, "reset.show")?;
            Ok(ResetCode {
                line: Secret::new(address.line(&door(&code))),
                code: Secret::new(code),
                expires_at,
            })
        })
        .await
    }

    /// Sends somebody a code because staff say so.
    pub async fn send_reset(&self, actor: &Actor, id: AccountId) -> Ruling<Letter> {
        let actor = actor.clone();
        self.decide(move |tx| {
            if !letter::leave(tx)? {
                return Err(Refusal::MailOff.into());
            }
            let (permit, account) = resettable(tx, &actor, id)?;
            let written = letter::write(tx, &account, Kind::ResetCode, "")?;
            let written = written.ok_or(Refusal::NoAddress)?;
            put_down(tx, &permit, &account, "reset.send")?;
            Ok(written)
        })
        .await
    }

    /// Kills the code of an account, and says whether there was one.
    pub async fn revoke_reset(&self, actor: &Actor, id: AccountId) -> Ruling<bool> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let (permit, account) = manage(tx, &actor, id)?;
            let waiting = letter::cancel(tx, id, Kind::ResetCode)?;
            let was_there = store::code::kill(tx, Kept::Reset(id))? + waiting > 0;
            if was_there {
                put_down(tx, &permit, &account, "reset.revoke")?;
            }
            Ok(was_there)
        })
        .await
    }

    /// Reads a code somebody typed or called with, and says whose password it
    /// changes. A wrong one is a guess.
    pub async fn read_reset(&self, visit: &Visit, text: &Secret<String>) -> Ruling<(Handle, Code)> {
        let code = read_code(text.expose(), self.settings().code_shape())?;
        let hash = code.keyed_hash(Purpose::Reset, &self.setup.server_key);
        let now = self.clock().now();
        let found = self.ask(move |view| holder(view, &hash, now)).await?;
        match found {
            Some(account) => Ok((account.handle, code)),
            None => Err(self.wrong_line(visit, Refusal::ResetUnusable).await?.into()),
        }
    }

    /// Changes the password of the code's account, and uses the code up.
    pub async fn reset_password(
        &self,
        code: &Code,
        new: &Secret<String>,
        others: OtherCalls,
    ) -> Ruling<Handle> {
        let hash = code.keyed_hash(Purpose::Reset, &self.setup.server_key);
        let now = self.clock().now();
        let account = self.ask(move |view| holder(view, &hash, now)).await?;
        let account = account.ok_or(Refusal::ResetUnusable)?;
        let password = self.hash_new(&account, new).await?;
        let id = account.id;
        let handle = self
            .decide(move |tx| {
                let account = holder(tx, &hash, tx.now())?.ok_or(Refusal::ResetUnusable)?;
                // A code from before a suspension changes nothing after it.
                let permit = may_edit_oneself(tx, &actor_of(&account))?;
                store::code::use_up(tx, &hash)?;
                put_password(tx, &permit, &account, &password, "password.reset")?;
                Ok(account.handle)
            })
            .await?;
        if others == OtherCalls::End {
            self.hub().end(id, Which::All);
        }
        Ok(handle)
    }
}

/// Puts an act down that has nothing more to tell.
fn put_down(
    tx: &Tx<'_>,
    permit: &Permit,
    account: &Account,
    action: &'static str,
) -> Result<(), Fault> {
    let act = Act {
        action,
        ..Act::default()
    };
    note(tx, permit, account, act)
}

/// Returns who has that handle or address: one, or where several may share an
/// address all of them.
fn named(read: &impl Read, whom: &str) -> Result<Vec<Account>, Fault> {
    if let Ok(email) = Email::parse(whom) {
        return store::account::by_email(read, &email);
    }
    let found = store::account::by_handle(read, &whom.to_lowercase())?;
    Ok(found.into_iter().collect())
}

/// Returns the account of a live code.
fn holder(read: &impl Read, hash: &[u8], now: Timestamp) -> Ruling<Option<Account>> {
    Ok(match store::code::reset_account(read, hash, now)? {
        Some(id) => store::account::by_id(read, id)?,
        None => None,
    })
}

/// Returns the permit of a sysop to give somebody a code, and the account.
fn resettable(tx: &Tx<'_>, actor: &Actor, id: AccountId) -> Ruling<(Permit, Account)> {
    let (permit, account) = manage(tx, actor, id)?;
    // Their own password they change like everybody: with the present one.
    if actor.account() == Some(id) {
        return Err(Refusal::NotOneself.into());
    }
    if !account.status.edits_itself() {
        return Err(conflict(&account, tx.now()).into());
    }
    // A password would open nothing: the code of the account does.
    not_prepared(&account)?;
    Ok((permit, account))
}

/// Returns the permit of a sysop, and the account it is for.
fn manage(tx: &Tx<'_>, actor: &Actor, id: AccountId) -> Ruling<(Permit, Account)> {
    let permit = authorize(tx, actor, Capability::ManageUsers, &current(tx)?)?;
    let account = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
    Ok((permit, account))
}
