//! What hangs on an account besides its request: who let it in, what it was
//! written, whom it invited. It is read, never changed here.

use super::look::Powers;
use crate::{
    app::{
        Ruling,
        invite::{Seen, seen},
        record::object,
    },
    domain::{
        account::{Origin, Status},
        actor::Actor,
        clock::Timestamp,
    },
    settings::Settings,
    store::{self, Fault, Read, account::Account, outbox::Letter},
};

/// Letters and invites that are read of one account, newest first.
const ROWS: u32 = 100;

/// What hangs on an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ties {
    /// Who made the account or let it in; nothing if nobody had to.
    pub welcome: Option<Welcome>,
    /// What it was written, newest first, for those who see addresses.
    pub letters: Vec<Letter>,
    /// The invites it made, newest first.
    pub invites: Vec<Seen>,
}

/// By whose doing somebody is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Welcome {
    /// They made the account, alone or from a list.
    Made(String),
    /// They decided about the request, or waived the proof of the address.
    LetIn(String),
    /// Their invite was enough.
    Invited(String),
}

impl Welcome {
    /// Returns who it was.
    pub fn by(&self) -> &str {
        match self {
            Self::Made(by) | Self::LetIn(by) | Self::Invited(by) => by,
        }
    }
}

/// Returns what hangs on an account, as the actor may see it.
pub(super) fn ties(
    read: &impl Read,
    actor: &Actor,
    account: &Account,
    (powers, settings, now): (Powers, &Settings, Timestamp),
) -> Ruling<Ties> {
    let letters = if powers.private {
        store::outbox::of(read, account.id, ROWS)?
    } else {
        Vec::new()
    };
    let invites = store::invite::page(read, Some(account.id), None, ROWS)?;
    let invites = invites
        .into_iter()
        .map(|invite| seen(read, actor, invite, settings, now));
    Ok(Ties {
        welcome: welcome(read, account)?,
        letters,
        invites: invites.collect::<Ruling<_>>()?,
    })
}

/// Returns by whose doing an account is here.
fn welcome(read: &impl Read, account: &Account) -> Result<Option<Welcome>, Fault> {
    let object = object(account.id, &account.handle);
    let last = |action| store::audit::last_by(read, &object, action);
    if matches!(account.origin, Origin::Operator | Origin::Import) {
        return Ok(last("account.create")?.map(Welcome::Made));
    }
    if matches!(
        account.status,
        Status::Active | Status::Suspended | Status::Deleted
    ) {
        for action in ["account.approve", "account.waive"] {
            if let Some(by) = last(action)? {
                return Ok(Some(Welcome::LetIn(by)));
            }
        }
    }
    let inviter = account.invited_by.as_ref();
    Ok(inviter.map(|inviter| Welcome::Invited(inviter.to_string())))
}
