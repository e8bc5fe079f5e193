//! Making many accounts from a list: all of them or none, unless the operator
//! says otherwise. Whoever is there already stays as they are, and is written
//! nothing.

use super::{
    Bbs, Ruling, Stop, activation, authorize,
    form::any_email,
    operator::{Ready, make},
    setting::current,
};
use crate::{
    domain::{
        account::{Origin, Role},
        actor::Actor,
        handle::Handle,
        key::PublicKey,
        letter::State,
        policy::{Capability, Permit},
        refusal::Refusal,
        text::{Line, TextProblem},
    },
    settings::Settings,
    store::{self, Tx, account::Account},
};

/// The longest note about somebody in a list.
const NOTE: usize = 500;

/// After how many of a list it is said how far it has got.
const STEP: usize = 50;

/// Somebody in a list, as it is written there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// What they will be called.
    pub handle: String,
    /// Their address; empty is none.
    pub email: String,
    /// Their role; empty is a user.
    pub role: String,
    /// Their public key, for which the operator vouches; empty is none, and they
    /// activate the account with a code.
    pub ssh_key: String,
    /// What staff shall know about them.
    pub note: String,
    /// Whether a letter brings them that code: yes, or no; empty is no.
    pub send: String,
}

/// Whether somebody in a list is sent a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Code,
    None,
}

/// What became of the letter with somebody's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// None was wanted.
    Unwanted,
    /// It stands so.
    Letter(State),
    /// They have no address.
    NoAddress,
    /// They have a key, and need no code.
    Needless,
}

/// What is to become of a list with somebody in it who can't be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// Nobody is made.
    Must,
    /// The others are made.
    MayNot,
}

/// What became of somebody in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    /// There is an account now.
    Made(Sending),
    /// There would be, but for others in the list.
    Ready,
    /// It was there already, and is as the list has it.
    Unchanged,
    /// It can't be.
    Refused(Refusal),
}

impl Bbs {
    /// Makes the accounts of a list, and says of each what became of it. `watch`
    /// hears how many have been looked at, now and then.
    pub async fn import_users(
        &self,
        actor: &Actor,
        list: Vec<Listed>,
        whole: Whole,
        watch: impl Fn(usize) + Send + 'static,
    ) -> Ruling<Vec<Became>> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let settings = current(tx)?;
            let permit = authorize(tx, &actor, Capability::ManageUsers, &settings)?;
            let mut became = Vec::new();
            for listed in &list {
                if became.len().is_multiple_of(STEP) {
                    watch(became.len());
                }
                became.push(match import(tx, &permit, listed, &settings) {
                    Ok(one) => one,
                    Err(Stop::Refused(refusal)) => Became::Refused(refusal),
                    Err(fault) => return Err(fault),
                });
            }
            let is_refused = |one: &Became| matches!(one, Became::Refused(_));
            if whole == Whole::Must && became.iter().any(is_refused) {
                // Those before are told what would have become of them.
                tx.rehearse();
                for one in &mut became {
                    if matches!(one, Became::Made(_)) {
                        *one = Became::Ready;
                    }
                }
            }
            Ok(became)
        })
        .await
    }
}

/// Makes one account, or finds it as it should be. A refusal has written
/// nothing.
fn import(tx: &Tx<'_>, permit: &Permit, listed: &Listed, settings: &Settings) -> Ruling<Became> {
    let (ready, send) = read(listed)?;
    if send == Wish::Code && !settings.invitations_enabled {
        return Err(Refusal::InvitationsOff.into());
    }
    let note = match Line::parse_or_empty(&listed.note, NOTE) {
        Ok(note) => note,
        Err(TextProblem::Empty) => Line::default(),
        Err(TextProblem::TooLong { max }) => return Err(Refusal::TextLong(max).into()),
    };
    if let Some(there) = store::account::by_handle(tx, &ready.handle.key())? {
        return if is_as_listed(tx, &there, &ready)? {
            Ok(Became::Unchanged)
        } else {
            Err(Refusal::AccountDiffers.into())
        };
    }
    let made = make(tx, permit, &ready, settings)?;
    if !note.is_empty() {
        store::request::add_note(tx, made.id, permit.name(), note.as_str())?;
    }
    Ok(Became::Made(match send {
        Wish::None => Sending::Unwanted,
        Wish::Code if !made.is_prepared() => Sending::Needless,
        Wish::Code if made.email.is_none() => Sending::NoAddress,
        Wish::Code => Sending::Letter(activation::send(tx, permit, &made, settings)?.state),
    }))
}

fn read(listed: &Listed) -> Result<(Ready, Wish), Refusal> {
    let handle = Handle::parse(listed.handle.trim()).map_err(|_| Refusal::HandleShape)?;
    let role = match listed.role.trim() {
        "" => Role::User,
        name => Role::named(name).ok_or(Refusal::RoleUnknown)?,
    };
    let key = match listed.ssh_key.trim() {
        "" => None,
        text => Some(PublicKey::parse(text).map_err(Refusal::KeyUnusable)?),
    };
    let send = match listed.send.trim().to_ascii_lowercase().as_str() {
        "yes" => Wish::Code,
        "" | "no" => Wish::None,
        _ => return Err(Refusal::SendUnclear),
    };
    let ready = Ready {
        handle,
        email: any_email(&listed.email)?,
        role,
        origin: Origin::Import,
        key,
        password: None,
    };
    Ok((ready, send))
}

/// Whether an account is what a list would make: importing it twice changes
/// nothing.
fn is_as_listed(tx: &Tx<'_>, there: &Account, ready: &Ready) -> Ruling<bool> {
    let has_address = match (&there.email, &ready.email) {
        (Some(one), Some(other)) => one.key() == other.key(),
        (None, None) => true,
        _ => false,
    };
    let has_key = match &ready.key {
        Some(key) => {
            let owner = store::key::owner(tx, &key.fingerprint())?;
            owner.is_some_and(|owner| owner.id == there.id)
        }
        None => true,
    };
    Ok(has_address && has_key && there.role == ready.role)
}
