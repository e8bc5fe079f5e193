//! Second factors: asked for, set up, spent, taken away. Which credential comes
//! first is `app::entrance`'s affair.

use super::{
    Bbs, Ruling, actor_of, authorize, entrance::HalfWay, guess, letter, may_edit_oneself, own,
    record::note, setting::current, visit::Visit,
};
use crate::{
    domain::{
        account::Status,
        actor::Actor,
        clock::Timestamp,
        code::{CodeProblem, Purpose, ServerKey, Shape},
        event::Event,
        factor::{AppSecret, Entry, Nonce, backup_codes},
        handle::Handle,
        id::AccountId,
        letter::Kind,
        policy::{Capability, Permit},
        refusal::Refusal,
        secret::Secret,
        text::{Line, TextProblem},
    },
    store::{self, Fault, Read, Tx, account::Account, audit::Act},
};

/// The longest reason.
const REASON: usize = 500;

/// The codes that stand in for an app, told this once.
pub type BackupCodes = Vec<Secret<String>>;

/// How an account stands with second factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Since when it has one.
    pub since: Option<Timestamp>,
    /// Backup codes that are left.
    pub backups: u32,
    /// Whether it must have one: its role must, or staff say so of it.
    pub is_demanded: bool,
}

impl Standing {
    /// Returns how an account stands.
    pub(super) fn of(read: &impl Read, account: &Account) -> Result<Self, Fault> {
        let factor = store::factor::of(read, account.id)?;
        Ok(Self {
            since: factor.map(|factor| factor.since),
            backups: store::factor::backups_left(read, account.id)?,
            is_demanded: is_demanded(read, account)?,
        })
    }
}

/// A factor that is not set up yet. It is kept nowhere but here until a code
/// shows that the app has it.
#[derive(Clone, Debug)]
pub struct Offer {
    account: AccountId,
    nonce: Nonce,
    secret: AppSecret,
    before: String,
    text: Secret<String>,
}

impl Offer {
    /// Returns the line for a QR code, in the two parts it is made of.
    pub fn line(&self) -> [&str; 2] {
        [&self.before, self.text.expose()]
    }

    /// Returns the secret in groups of four, for whoever types it.
    pub fn typed(&self) -> String {
        let mut grouped = String::new();
        for (place, symbol) in self.text.expose().chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                grouped.push(' ');
            }
            grouped.push(symbol);
        }
        grouped
    }

    /// Returns what the app computes from it.
    pub const fn secret(&self) -> &AppSecret {
        &self.secret
    }
}

/// What becomes of a factor, as its letter tells it.
enum Change<'a> {
    On,
    Off,
    Renewed,
    Spent(u32),
    Demanded,
    Released,
    Reset(&'a str),
}

impl Change<'_> {
    fn words(&self) -> String {
        match self {
            Self::On => "two-factor login was switched on. Besides your key or password you need \
                         a code from your app from now on."
                .into(),
            Self::Off => {
                "two-factor login was switched off. Your key or password is enough again.".into()
            }
            Self::Renewed => "new backup codes were made. The old ones no longer work.".into(),
            Self::Spent(left) => format!("a backup code was used. You have {left} left."),
            Self::Demanded => "a sysop asks you to set up two-factor login. The board leads you \
                               through it when you call again."
                .into(),
            Self::Released => "two-factor login is up to you again.".into(),
            Self::Reset(reason) => {
                format!("a sysop took two-factor login off your account. The reason: {reason}")
            }
        }
    }
}

/// What is asked of somebody besides a first credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Nothing.
    Nothing,
    /// A code.
    Code,
    /// To set a factor up.
    SetUp,
}

/// Says what is asked of a call for an account besides a first credential.
pub(super) fn asked(read: &impl Read, visit: &Visit, account: &Account) -> Result<Asked, Fault> {
    if is_by_hardware(read, visit, account)? {
        return Ok(Asked::Nothing);
    }
    Ok(if store::factor::of(read, account.id)?.is_some() {
        Asked::Code
    } else if account.status == Status::Active && is_demanded(read, account)? {
        Asked::SetUp
    } else {
        Asked::Nothing
    })
}

/// Whether a call proved a key of the account's own that never leaves its
/// hardware: whoever has it holds a second thing in their hand.
fn is_by_hardware(read: &impl Read, visit: &Visit, account: &Account) -> Result<bool, Fault> {
    let Some(key) = visit.key.as_ref().filter(|key| key.key().is_hardware()) else {
        return Ok(false);
    };
    let owner = store::key::owner(read, &key.key().fingerprint())?;
    Ok(owner.is_some_and(|owner| owner.id == account.id))
}

/// Whether an account must have a factor.
fn is_demanded(read: &impl Read, account: &Account) -> Result<bool, Fault> {
    let by_role = current(read)?.totp_required_for.contains(&account.role);
    Ok(by_role || store::factor::is_demanded(read, account.id)?)
}

/// Reads what was typed; what can be no code is no guess either.
pub(super) fn read(text: &Secret<String>) -> Result<Entry, Refusal> {
    Entry::parse(text.expose()).map_err(|problem| match problem {
        CodeProblem::Typo => Refusal::CodeTypo(Shape::default().example()),
        CodeProblem::NotACode => Refusal::FactorShape,
    })
}

/// Uses a code of the account's factor up. A wrong one is a guess; one that was
/// used is none, since it was right.
pub(super) fn spend(
    tx: &Tx<'_>,
    key: &ServerKey,
    visit: &Visit,
    account: &Account,
    entry: &Entry,
) -> Ruling<()> {
    let factor = store::factor::of(tx, account.id)?.ok_or(Refusal::FactorChanged)?;
    if let Some(wait) = guess::factor_wait(tx, account, visit)? {
        return Err(Refusal::FactorWait(wait).into());
    }
    let is_right = match entry {
        Entry::App(code) => {
            let secret = AppSecret::derive(key, account.id, &factor.nonce);
            match secret.step_of(*code, tx.now()) {
                None => false,
                Some(step) if store::factor::use_step(tx, account.id, step)? => true,
                Some(_) => return Err(Refusal::FactorUsed.into()),
            }
        }
        Entry::Backup(code) => {
            let hash = code.keyed_hash(Purpose::Backup, key);
            store::factor::use_backup(tx, account.id, &hash)?
        }
    };
    if !is_right {
        return Err(guess::wrong_factor(tx, account.id, visit)?.into());
    }
    store::factor::forgive(tx, account.id, Some(&visit.source_name()))?;
    if matches!(entry, Entry::Backup(_)) {
        let left = store::factor::backups_left(tx, account.id)?;
        let permit = Permit::board(Capability::EditOneself);
        changed(tx, &permit, account, "factor.backup", &Change::Spent(left))?;
    }
    Ok(())
}

/// Puts a change down, writes of it, and tells who shows it.
fn changed(
    tx: &Tx<'_>,
    permit: &Permit,
    account: &Account,
    action: &str,
    change: &Change<'_>,
) -> Result<(), Fault> {
    let act = Act {
        action,
        reason: match change {
            Change::Reset(reason) => Some(reason),
            _ => None,
        },
        ..Act::default()
    };
    note(tx, permit, account, act)?;
    letter::write(tx, account, Kind::FactorChanged, &change.words())?;
    tx.emit(Event::AccountChanged(account.id));
    tx.emit(Event::UsersChanged);
    Ok(())
}

/// A set-up that waits for its transaction.
pub(super) struct SetUp {
    offer: Offer,
    entry: Entry,
    backups: Backups,
}

impl SetUp {
    /// Gives an account the factor that its app has shown to have.
    pub(super) fn carry_out(self, tx: &Tx<'_>, account: &Account) -> Ruling<BackupCodes> {
        let permit = may_edit_oneself(tx, &actor_of(account))?;
        let Entry::App(code) = self.entry else {
            return Err(Refusal::FactorShape.into());
        };
        if self.offer.account != account.id {
            return Err(Refusal::NotAllowed.into());
        }
        let step = self.offer.secret.step_of(code, tx.now());
        let step = step.ok_or(Refusal::FactorWrong)?;
        if !store::factor::put(tx, account.id, &self.offer.nonce)? {
            return Err(Refusal::FactorChanged.into());
        }
        store::factor::use_step(tx, account.id, step)?;
        store::factor::put_backups(tx, account.id, &self.backups.hashes)?;
        changed(tx, &permit, account, "factor.on", &Change::On)?;
        Ok(self.backups.codes)
    }
}

/// New backup codes, and what is kept of them.
struct Backups {
    codes: BackupCodes,
    hashes: Vec<[u8; 32]>,
}

impl Bbs {
    /// Returns what secrets are derived and codes hashed with.
    pub(super) fn factor_key(&self) -> ServerKey {
        self.setup.server_key.clone()
    }

    /// Offers somebody a factor for their own account.
    pub fn offer_factor(&self, actor: &Actor) -> Ruling<Offer> {
        let (Some(id), Some(handle)) = (actor.account(), actor.handle()) else {
            return Err(Refusal::NotAllowed.into());
        };
        Ok(self.offer(id, handle))
    }

    /// Offers somebody the factor without which they do not get in.
    pub fn offer_factor_at_the_door(&self, half: &HalfWay) -> Offer {
        self.offer(half.account().id, half.handle())
    }

    fn offer(&self, account: AccountId, handle: &Handle) -> Offer {
        let nonce = Nonce::generate(self.entropy());
        let secret = AppSecret::derive(&self.setup.server_key, account, &nonce);
        let (before, text) = secret.expose_line(self.settings().site_name.as_str(), handle);
        Offer {
            account,
            nonce,
            secret,
            before,
            text,
        }
    }

    /// Prepares a set-up for the transaction that carries it out.
    pub(super) fn set_up(&self, offer: &Offer, text: &Secret<String>) -> Result<SetUp, Refusal> {
        Ok(SetUp {
            offer: offer.clone(),
            entry: read(text)?,
            backups: self.make_backups(),
        })
    }

    fn make_backups(&self) -> Backups {
        let codes = backup_codes(self.entropy());
        let hashes = codes
            .iter()
            .map(|code| code.keyed_hash(Purpose::Backup, &self.setup.server_key));
        Backups {
            hashes: hashes.collect(),
            codes: codes
                .iter()
                .map(|code| Secret::new(code.expose_grouped(Shape::default())))
                .collect(),
        }
    }

    /// Switches one's own factor on, once a code shows that the app has it.
    pub async fn switch_factor_on(
        &self,
        actor: &Actor,
        offer: &Offer,
        text: &Secret<String>,
    ) -> Ruling<BackupCodes> {
        let (actor, set_up) = (actor.clone(), self.set_up(offer, text)?);
        self.decide(move |tx| set_up.carry_out(tx, &own(tx, &actor)?))
            .await
    }

    /// Switches one's own factor off, by one of its codes.
    pub async fn switch_factor_off(
        &self,
        actor: &Actor,
        visit: &std::sync::Arc<Visit>,
        text: &Secret<String>,
    ) -> Ruling<()> {
        let (actor, visit) = (actor.clone(), std::sync::Arc::clone(visit));
        let (entry, key) = (read(text)?, self.factor_key());
        self.decide(move |tx| {
            let permit = may_edit_oneself(tx, &actor)?;
            let account = own(tx, &actor)?;
            if is_demanded(tx, &account)? {
                return Err(Refusal::FactorDemanded.into());
            }
            spend(tx, &key, &visit, &account, &entry)?;
            store::factor::remove(tx, account.id)?;
            Ok(changed(tx, &permit, &account, "factor.off", &Change::Off)?)
        })
        .await
    }

    /// Makes new backup codes for oneself, by one of the factor's codes.
    pub async fn renew_backup_codes(
        &self,
        actor: &Actor,
        visit: &std::sync::Arc<Visit>,
        text: &Secret<String>,
    ) -> Ruling<BackupCodes> {
        let (actor, visit) = (actor.clone(), std::sync::Arc::clone(visit));
        let (entry, key, backups) = (read(text)?, self.factor_key(), self.make_backups());
        self.decide(move |tx| {
            let permit = may_edit_oneself(tx, &actor)?;
            let account = own(tx, &actor)?;
            spend(tx, &key, &visit, &account, &entry)?;
            store::factor::put_backups(tx, account.id, &backups.hashes)?;
            changed(tx, &permit, &account, "factor.renew", &Change::Renewed)?;
            Ok(backups.codes)
        })
        .await
    }

    /// Demands a factor of somebody from their next call on, or no longer.
    pub async fn demand_factor(
        &self,
        actor: &Actor,
        id: AccountId,
        demand: Demand,
    ) -> Ruling<Standing> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let (permit, account) = manage(tx, &actor, id)?;
            if store::factor::demand(tx, id, demand == Demand::Made)? {
                let (action, change) = match demand {
                    Demand::Made => ("factor.demand", Change::Demanded),
                    Demand::Dropped => ("factor.release", Change::Released),
                };
                changed(tx, &permit, &account, action, &change)?;
            }
            Ok(Standing::of(tx, &account)?)
        })
        .await
    }

    /// Takes the factor off somebody's account who lost it. What is demanded of
    /// them stays.
    pub async fn reset_factor(
        &self,
        actor: &Actor,
        id: AccountId,
        reason: &str,
    ) -> Ruling<Standing> {
        let reason = Line::parse(reason, REASON).map_err(|problem| match problem {
            TextProblem::Empty => Refusal::ReasonNeeded,
            TextProblem::TooLong { max } => Refusal::TextLong(max),
        })?;
        let actor = actor.clone();
        self.decide(move |tx| {
            let (permit, account) = manage(tx, &actor, id)?;
            // One's own goes by one of its codes, or whoever finds a sysop's
            // session open has the board for good.
            if actor.account() == Some(id) {
                return Err(Refusal::NotOneself.into());
            }
            if !store::factor::remove(tx, id)? {
                return Err(Refusal::FactorOff.into());
            }
            let change = Change::Reset(reason.as_str());
            changed(tx, &permit, &account, "factor.reset", &change)?;
            Ok(Standing::of(tx, &account)?)
        })
        .await
    }
}

/// Whether staff demand a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// They do.
    Made,
    /// They do not.
    Dropped,
}

/// Returns the permit of a sysop, and the account it is for.
fn manage(tx: &Tx<'_>, actor: &Actor, id: AccountId) -> Ruling<(Permit, Account)> {
    let permit = authorize(tx, actor, Capability::ManageUsers, &current(tx)?)?;
    let account = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
    if account.status == Status::Deleted {
        return Err(Refusal::Gone.into());
    }
    Ok((permit, account))
}
