//! The address of an account: changing it, and proving it with a code that came
//! there by letter (K4). Whether an address is somebody else's is told to nobody
//! beyond what W65 says.

use chrono::TimeDelta;

use super::{
    Bbs, Ruling,
    account::end_resets,
    activation::{self, Over, not_prepared},
    authorize,
    form::{accept_email, any_email, read_email},
    letter, may_edit_oneself, notice, own,
    record::{living, note},
    setting::current,
    verification::go_on,
    visit::Visit,
};
use crate::{
    domain::{
        account::{Status, Transition},
        actor::Actor,
        code::AddressCode,
        email::Email,
        event::Event,
        id::AccountId,
        letter::Kind,
        policy::{Capability, Permit},
        refusal::Refusal,
        secret::Secret,
        source::Source,
    },
    store::{self, Fault, Read, Tx, account::Account, audit::Act, code::Purpose as Kept},
};

/// How long a code works, from when it was asked for.
pub(super) const LIFE: TimeDelta = TimeDelta::hours(24);

/// Wrong codes that are taken in the place of the right one.
const TRIES: u32 = 5;

/// On whose word letters go to an address that nobody has proven.
#[derive(Clone, Copy, Debug)]
enum Word {
    /// The caller's, from there: so many and no more.
    Caller(Option<Source>),
    /// A sysop's.
    Sysop,
}

impl Bbs {
    /// Replaces or removes one's address, and returns the account.
    pub async fn change_email(&self, actor: &Actor, visit: &Visit, text: &str) -> Ruling<Account> {
        let email = read_email(text, &self.settings())?;
        let (actor, source) = (actor.clone(), visit.source);
        self.decide(move |tx| {
            let permit = may_edit_oneself(tx, &actor)?;
            let account = own(tx, &actor)?;
            not_prepared(&account)?;
            accept_email(tx, email.as_ref(), &current(tx)?)?;
            replace(tx, &permit, &account, email.as_ref(), Word::Caller(source))
        })
        .await
    }

    /// Replaces or removes somebody's address, and returns the account.
    pub async fn edit_email_of(&self, actor: &Actor, id: AccountId, text: &str) -> Ruling<Account> {
        let email = any_email(text)?;
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageUsers, &current(tx)?)?;
            let about = living(tx, id)?;
            replace(tx, &permit, &about, email.as_ref(), Word::Sysop)
        })
        .await
    }

    /// Writes a code to one's address. Whoever has asked too often gets none,
    /// and is not told: the count is of others' letters to that address, too.
    pub async fn ask_for_address_code(&self, actor: &Actor, visit: &Visit) -> Ruling<()> {
        let (actor, source) = (actor.clone(), visit.source);
        self.decide(move |tx| {
            let permit = may_edit_oneself(tx, &actor)?;
            let account = own(tx, &actor)?;
            not_prepared(&account)?;
            if account.email.is_none() {
                return Err(Refusal::NoAddress.into());
            }
            if account.email_proven {
                return Err(Refusal::AddressProven.into());
            }
            if !letter::leave(tx)? {
                return Err(Refusal::MailOff.into());
            }
            if send_code(tx, &account, source)? {
                put_down(tx, &permit, &account, "email.ask")?;
            }
            Ok(())
        })
        .await
    }

    /// Proves one's address with the code that came there.
    pub async fn prove_address(&self, actor: &Actor, text: &Secret<String>) -> Ruling<Account> {
        let code = AddressCode::parse(text.expose())
            .map_err(|_| Refusal::CodeTypo(AddressCode::EXAMPLE.to_owned()))?;
        let (actor, key) = (actor.clone(), self.setup.server_key.clone());
        self.decide(move |tx| {
            let permit = may_edit_oneself(tx, &actor)?;
            let account = own(tx, &actor)?;
            not_prepared(&account)?;
            let email = account.email.as_ref().ok_or(Refusal::NoAddress)?;
            if account.email_proven {
                return Err(Refusal::AddressProven.into());
            }
            let hash = code.keyed_hash(account.id, email, &key);
            // Whoever proved it first has it.
            let is_free = holder(tx, &account)?.is_none();
            if !is_free || !store::code::proves_address(tx, account.id, &hash, TRIES, tx.now())? {
                store::code::miss_address(tx, account.id)?;
                return Err(Refusal::ProofUnusable.into());
            }
            store::code::use_up(tx, &hash)?;
            end_proofs(tx, &account)?;
            store::account::prove_email(tx, account.id)?;
            let account = own(tx, &actor)?;
            if account.status.after(Transition::Prove).is_some() {
                return Ok(go_on(tx, &permit, &account, "account.verify", None)?.0);
            }
            put_down(tx, &permit, &account, "email.prove")?;
            tx.emit(Event::UsersChanged);
            Ok(account)
        })
        .await
    }
}

/// Replaces or removes an account's address: both hear of it, and the new one
/// gets a code that proves it.
fn replace(
    tx: &Tx<'_>,
    permit: &Permit,
    account: &Account,
    email: Option<&Email>,
    word: Word,
) -> Ruling<Account> {
    if account.email.as_ref() == email {
        return Ok(account.clone());
    }
    let is_unverified = account.status == Status::Unverified;
    if is_unverified && email.is_none() && !account.is_prepared() {
        return Err(Refusal::EmailNeeded.into());
    }
    // Somebody without a proof is not told whether an address is known here.
    let is_quiet = is_unverified && matches!(word, Word::Caller(_));
    if let Some(email) = email
        && current(tx)?.email_unique
        && !is_quiet
        && store::account::email_is_known(tx, email, Some(account.id))?
    {
        return Err(Refusal::EmailTaken.into());
    }
    store::account::set_email(tx, account.id, email)?;
    // What went to the old address opens and proves nothing any more.
    end_resets(tx, account)?;
    end_proofs(tx, account)?;
    let act = Act {
        action: "email.change",
        // Never the address itself.
        after: Some(if email.is_some() { "set" } else { "none" }),
        ..Act::default()
    };
    note(tx, permit, account, act)?;
    tx.emit(Event::UsersChanged);
    let after = store::account::by_id(tx, account.id)?.ok_or(Refusal::Gone)?;
    if account.is_prepared() {
        // The code went to the old address; and nobody there, nor at the new
        // one, knows of the account unless the code told them.
        if store::activation::last_of(tx, account.id)?.is_some_and(|invite| invite.is_by_letter()) {
            activation::end(tx, permit, account, Over::Moved)?;
        }
        return Ok(after);
    }
    match word {
        Word::Caller(source) if is_quiet => {
            send_code(tx, &after, source)?;
        }
        _ => tell_both(tx, account, &after, word)?,
    }
    Ok(after)
}

/// Writes to the old address and to the new one. Whoever changes to and fro
/// floods nobody: what goes to addresses that nobody has proven is counted, and
/// the new one comes first.
fn tell_both(tx: &Tx<'_>, before: &Account, after: &Account, word: Word) -> Result<(), Fault> {
    let (may_old, may_new) = match word {
        Word::Sysop => (true, true),
        Word::Caller(source) => {
            let may_new = letter::may_ask(tx, after, source)?;
            let may_old = before.email_proven || letter::may_ask(tx, before, source)?;
            (may_old, may_new)
        }
    };
    let told = notice::tell(tx, before.id, Kind::AddressChanged, "")?;
    if may_old && told.letter {
        letter::post(tx, before, Kind::AddressChanged, "")?;
    }
    if may_new {
        letter::post(tx, after, Kind::AddressChanged, "")?;
    }
    Ok(())
}

/// Writes a code to an address that is to be proven, unless there were too many
/// today. Where the address is somebody's already, that is who hears of it, and
/// the code never comes; whoever asks can't tell. Says whether a code was
/// written.
pub(super) fn send_code(
    tx: &Tx<'_>,
    account: &Account,
    source: Option<Source>,
) -> Result<bool, Fault> {
    let Some(holder) = holder(tx, account)? else {
        let may = letter::may_ask(tx, account, source)?;
        if may {
            letter::write(tx, account, Kind::VerifyAddress, "")?;
        }
        return Ok(may);
    };
    let kind = Kind::AddressInUse;
    let was_told = store::outbox::was_written(tx, holder.id, kind, tx.now() - LIFE)?;
    if !was_told && letter::may_ask(tx, account, source)? {
        letter::write(tx, &holder, kind, "")?;
    }
    Ok(false)
}

/// Returns who has an account's address besides it, where one address makes one
/// account.
fn holder(read: &impl Read, account: &Account) -> Result<Option<Account>, Fault> {
    match &account.email {
        Some(email) if current(read)?.email_unique => {
            store::account::holder_of(read, email, Some(account.id))
        }
        _ => Ok(None),
    }
}

/// Kills the codes that an account's address was written, and those still to be
/// written.
pub(super) fn end_proofs(tx: &Tx<'_>, account: &Account) -> Result<(), Fault> {
    store::code::kill(tx, Kept::Address(account.id))?;
    letter::cancel(tx, account.id, Kind::VerifyAddress)?;
    Ok(())
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
