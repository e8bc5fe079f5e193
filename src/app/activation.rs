//! Activating an account that staff made for somebody (T2, T4). The code that
//! does it is an invite bound to the account, so that life, throttle and states
//! are those of invites. The account itself is made in `operator`.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{
    Bbs, Ruling,
    account::end_resets,
    authorize,
    form::read_code,
    invite::{Minted, seen},
    key, letter,
    login::{Login, note_call},
    record::note,
    registration::{KeepKey, live_invite},
    setting::current,
    verification::go_on,
    visit::Visit,
};
use crate::{
    domain::{
        account::Role,
        actor::Actor,
        clock::Timestamp,
        code::{Code, Purpose},
        event::Event,
        id::{AccountId, InviteId},
        invite::{State, Whom},
        key::VerifiedKey,
        letter::Kind,
        policy::{Capability, Permit},
        refusal::Refusal,
        registration::Admission,
        secret::Secret,
    },
    settings::Settings,
    store::{
        self, Fault, Read, Tx, account::Account, activation::Activated, audit::Act, invite::Invite,
        outbox::Letter,
    },
};

/// What the wizard sends of somebody whose account was made for them.
#[derive(Clone, Debug)]
pub struct Form {
    /// The wizard's own number: a repeated submit finds the first result.
    pub submission: [u8; 16],
    /// The code.
    pub code: Secret<String>,
    /// Whether the key of this call becomes a way in.
    pub keep_key: KeepKey,
    /// The password; empty is none.
    pub password: Secret<String>,
}

impl Bbs {
    /// Makes a code that staff hand over themselves; an older one is revoked.
    pub async fn show_activation(&self, actor: &Actor, id: AccountId) -> Ruling<Minted> {
        let shape = self.settings().code_shape();
        let code = Code::generate(self.entropy(), shape);
        let hash = code.keyed_hash(Purpose::Invite, &self.setup.server_key);
        let (actor, hint) = (actor.clone(), code.hint());
        let made = self
            .decide(move |tx| {
                let settings = current(tx)?;
                let (permit, account) = manage(tx, &actor, id, &settings)?;
                let invite = bind(tx, &permit, &account, Some(&hint), &settings)?;
                store::invite::add_code(tx, invite.id, &hash)?;
                put_down(tx, &permit, &account, "activation.show", Some(&invite))?;
                seen(tx, &actor, invite, &settings, tx.now())
            })
            .await?;
        Ok(self.told_once(made, &code, shape))
    }

    /// Makes a code that a letter brings; an older one is revoked.
    pub async fn send_activation(&self, actor: &Actor, id: AccountId) -> Ruling<Letter> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let settings = current(tx)?;
            let (permit, account) = manage(tx, &actor, id, &settings)?;
            if !letter::will_leave(tx)? {
                return Err(Refusal::MailOff.into());
            }
            send(tx, &permit, &account, &settings)
        })
        .await
    }

    /// Revokes the code of an account, and says whether there was one.
    pub async fn revoke_activation(&self, actor: &Actor, id: AccountId) -> Ruling<bool> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let (permit, account) = manage(tx, &actor, id, &current(tx)?)?;
            let was_there = end(tx, &permit, &account, Over::Unwanted)?;
            if was_there {
                put_down(tx, &permit, &account, "activation.revoke", None)?;
            }
            Ok(was_there)
        })
        .await
    }

    /// Activates the account that a code is for, with a way in, or says why not
    /// and leaves everything as it was.
    pub async fn activate(&self, visit: &Arc<Visit>, form: Form) -> Ruling<Login> {
        let code = read_code(form.code.expose(), self.settings().code_shape())?;
        let hash = code.keyed_hash(Purpose::Invite, &self.setup.server_key);
        let account = self.ask(move |view| Ok(of_code(view, &hash)?)).await?;
        let password = match account {
            Some(account) if !form.password.expose().is_empty() => {
                Some(self.hash_new(&account, &form.password).await?)
            }
            // What the code is worth is found out below.
            _ => None,
        };
        let activation = Activation {
            form,
            hash,
            password,
            visit: Arc::clone(visit),
        };
        let login = self.decide(move |tx| activation.commit(tx)).await?;
        self.hub().tally().registered();
        Ok(login)
    }
}

/// A form whose code is read and whose password is hashed.
struct Activation {
    form: Form,
    hash: [u8; 32],
    password: Option<String>,
    visit: Arc<Visit>,
}

impl Activation {
    /// Decides and writes; the code is used last of what can be refused (K3).
    /// Mode, pause, backlog and the rules for addresses bind nobody here: staff
    /// made the account.
    fn commit(&self, tx: &Tx<'_>) -> Ruling<Login> {
        if let Some(first) = store::account::by_submission(tx, &self.form.submission)? {
            return Ok(Login::of(first));
        }
        let settings = current(tx)?;
        if settings.maintenance {
            let note = settings.maintenance_note.as_str().to_owned();
            return Err(Refusal::Maintenance(note).into());
        }
        let over = Refusal::CodeStopped;
        let invite = live_invite(tx, &self.hash, &settings, &self.visit, over.clone())?;
        let Some(account) = prepared(tx, &invite)? else {
            return Err(over.into());
        };
        let key = self.way_in(tx, &account)?;
        if !store::invite::use_once(tx, &invite, settings.delegation().invite)? {
            return Err(over.into());
        }
        self.write(tx, &invite, &account, key)
    }

    /// Returns the key that becomes a way in, if one does; without any way in
    /// nothing is activated.
    fn way_in(&self, tx: &Tx<'_>, account: &Account) -> Ruling<Option<&VerifiedKey>> {
        let key = self.visit.key.as_ref();
        let Some(key) = key.filter(|_| self.form.keep_key == KeepKey::Yes) else {
            return match self.password {
                Some(_) => Ok(None),
                None => Err(Refusal::NoWayIn.into()),
            };
        };
        match store::key::owner(tx, &key.key().fingerprint())? {
            // Staff have vouched for it already.
            Some(owner) if owner.id == account.id => Ok(None),
            Some(_) => Err(Refusal::KeyTaken.into()),
            None => {
                key::room(tx, account.id)?;
                Ok(Some(key))
            }
        }
    }

    /// Gives the account its way in and lets it in (T4).
    fn write(
        &self,
        tx: &Tx<'_>,
        invite: &Invite,
        account: &Account,
        key: Option<&VerifiedKey>,
    ) -> Ruling<Login> {
        let permit = Permit::newcomer(account.id, &account.handle);
        let source = self.visit.source.map(|source| source.to_string());
        let how = Activated {
            invite,
            submission: &self.form.submission,
            source: source.as_deref(),
        };
        store::activation::note(tx, account, how)?;
        if let Some(hash) = &self.password {
            store::account::set_password(tx, account.id, Some(hash))?;
        }
        if let Some(key) = key {
            key::attach(tx, &permit, account, key)?;
        }
        end_resets(tx, account)?;
        letter::cancel(tx, account.id, Kind::Activation)?;
        if is_taken(tx, account)? {
            // Somebody came with that address meanwhile: one address, one account.
            store::account::set_email(tx, account.id, None)?;
        } else if invite.is_by_letter() {
            store::account::prove_email(tx, account.id)?;
        }
        let from = store::account::by_id(tx, account.id)?.ok_or(Refusal::Gone)?;
        let number = invite.number();
        let (active, _) = go_on(tx, &permit, &from, "account.activate", Some(&number))?;
        store::invite::redeemed(tx, invite.id, active.id)?;
        note_call(tx, &self.visit, active.id)?;
        Ok(Login::of(active))
    }
}

/// Whether the address of an account became somebody else's while it waited.
fn is_taken(read: &impl Read, account: &Account) -> Result<bool, Fault> {
    match &account.email {
        Some(email) if current(read)?.email_unique => {
            Ok(store::account::holder_of(read, email, Some(account.id))?.is_some())
        }
        _ => Ok(false),
    }
}

/// Returns the account of a code that activates one, be the code live or not.
fn of_code(read: &impl Read, hash: &[u8]) -> Result<Option<Account>, Fault> {
    match store::invite::by_hash(read, hash)? {
        Some(invite) => prepared(read, &invite),
        None => Ok(None),
    }
}

/// Returns the account that an invite activates, while it waits for that.
fn prepared(read: &impl Read, invite: &Invite) -> Result<Option<Account>, Fault> {
    let Whom::Prepared { id, .. } = &invite.whom else {
        return Ok(None);
    };
    let account = store::account::by_id(read, *id)?;
    Ok(account.filter(Account::is_prepared))
}

/// Returns the permit of a sysop, and the account if it waits to be activated.
fn manage(
    tx: &Tx<'_>,
    actor: &Actor,
    id: AccountId,
    settings: &Settings,
) -> Ruling<(Permit, Account)> {
    let permit = authorize(tx, actor, Capability::ManageUsers, settings)?;
    let account = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
    if account.is_prepared() {
        Ok((permit, account))
    } else {
        Err(Refusal::NotPrepared.into())
    }
}

/// Writes a letter that brings an account its code: that is made when the letter
/// leaves.
pub(super) fn send(
    tx: &Tx<'_>,
    permit: &Permit,
    account: &Account,
    settings: &Settings,
) -> Ruling<Letter> {
    if account.email.is_none() {
        return Err(Refusal::NoAddress.into());
    }
    let invite = bind(tx, permit, account, None, settings)?;
    put_down(tx, permit, account, "activation.send", Some(&invite))?;
    let letter = letter::write(tx, account, Kind::Activation, "")?;
    Ok(letter.ok_or(Refusal::NoAddress)?)
}

/// Returns the invite that a letter still is to bring to an account.
pub(super) fn to_be_sent(
    tx: &Tx<'_>,
    account: &Account,
    settings: &Settings,
) -> Result<Option<InviteId>, Fault> {
    let newest = Standing::of(tx, account, settings, tx.now())?;
    Ok(match newest {
        Some(Standing::Newest(invite, State::Live)) if invite.is_by_letter() => Some(invite.id),
        _ => None,
    })
}

/// Binds a new invite to an account, as yet without a code, and revokes the
/// older one.
fn bind(
    tx: &Tx<'_>,
    permit: &Permit,
    account: &Account,
    hint: Option<&str>,
    settings: &Settings,
) -> Ruling<Invite> {
    if !settings.invitations_enabled {
        return Err(Refusal::InvitationsOff.into());
    }
    end(tx, permit, account, Over::Replaced)?;
    let whom = Whom::Prepared {
        id: account.id,
        handle: account.handle.clone(),
    };
    let life = TimeDelta::days(settings.invite_days_staff.into());
    let id = store::invite::insert(
        tx,
        &store::invite::New {
            hint,
            issuer: permit.account(),
            note: "",
            message: "",
            whom: &whom,
            // What the account has counts.
            role: Role::User,
            admission: Admission::Auto,
            max_uses: Some(1),
            not_before: None,
            expires_at: Some(tx.now() + life),
        },
    )?;
    tx.emit(Event::InvitesChanged(permit.account()));
    Ok(store::invite::by_id(tx, id)?.ok_or(Refusal::NoSuchInvite)?)
}

/// Why the code of an account works no longer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Over {
    /// A newer one was made.
    Replaced,
    /// It went to an address that is not the account's any more.
    Moved,
    /// The account was let in without it.
    Needless,
    /// Staff took it back.
    Unwanted,
}

impl Over {
    const fn why(self) -> Option<&'static str> {
        match self {
            Self::Replaced => Some("a newer one was made"),
            Self::Moved => Some("the address was changed"),
            Self::Needless => Some("the account was let in without it"),
            Self::Unwanted => None,
        }
    }
}

/// Revokes the code of an account, if it has one that could be used; says
/// whether it had.
pub(super) fn end(
    tx: &Tx<'_>,
    permit: &Permit,
    account: &Account,
    over: Over,
) -> Result<bool, Fault> {
    let was_live = store::activation::revoke(tx, account.id, permit.name(), over.why())?;
    letter::cancel(tx, account.id, Kind::Activation)?;
    if was_live {
        tx.emit(Event::InvitesChanged(None));
    }
    Ok(was_live)
}

/// Refuses an account that waits to be activated: until then nobody can do
/// anything in its name.
pub(super) fn not_prepared(account: &Account) -> Result<(), Refusal> {
    if account.is_prepared() {
        Err(Refusal::NotActivated)
    } else {
        Ok(())
    }
}

/// Where the code of an account stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// None was made yet.
    None,
    /// The newest stands so.
    Newest(Box<Invite>, State),
}

impl Standing {
    /// Returns where the code of an account stands; nothing if it waits for none.
    pub(super) fn of(
        read: &impl Read,
        account: &Account,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<Option<Self>, Fault> {
        if !account.is_prepared() {
            return Ok(None);
        }
        let newest = store::activation::last_of(read, account.id)?;
        Ok(Some(newest.map_or(Self::None, |invite| {
            let state = invite.state(now, settings.delegation().invite);
            Self::Newest(Box::new(invite), state)
        })))
    }
}

fn put_down(
    tx: &Tx<'_>,
    permit: &Permit,
    account: &Account,
    action: &str,
    invite: Option<&Invite>,
) -> Result<(), Fault> {
    let number = invite.map(Invite::number);
    let act = Act {
        action,
        after: number.as_deref(),
        ..Act::default()
    };
    note(tx, permit, account, act)?;
    tx.emit(Event::UsersChanged);
    Ok(())
}
