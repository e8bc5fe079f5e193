//! Who gets a letter, and on which way. What it says is not known here.

use crate::{
    domain::{
        email::Email,
        handle::Handle,
        id::{AccountId, InviteId},
    },
    store::{account::Account, invite::number},
};

/// What the sysop's program is called in lists.
const PROGRAM: &str = "notify_command";

/// Who gets a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// An account, at the address it had when the letter was written.
    Account {
        /// Its row.
        id: AccountId,
        /// Its handle.
        handle: Handle,
        /// The address.
        address: Email,
    },
    /// Whoever an invite is for, and who has no account yet.
    Invitee {
        /// The invite.
        invite: InviteId,
        /// Their address.
        address: Email,
    },
    /// The sysop's own program, which has no address.
    Program,
}

impl Recipient {
    /// Returns an account as a recipient, if it has an address.
    pub fn of(account: &Account) -> Option<Self> {
        account.email.as_ref().map(|address| Self::Account {
            id: account.id,
            handle: account.handle.clone(),
            address: address.clone(),
        })
    }

    /// Returns the account, if it is one.
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Account { id, .. } => Some(*id),
            Self::Invitee { .. } | Self::Program => None,
        }
    }

    /// Returns the invite, if it is for somebody who has no account yet.
    pub const fn invite(&self) -> Option<InviteId> {
        match self {
            Self::Invitee { invite, .. } => Some(*invite),
            Self::Account { .. } | Self::Program => None,
        }
    }

    /// Returns the address, if there is one.
    pub const fn address(&self) -> Option<&Email> {
        match self {
            Self::Account { address, .. } | Self::Invitee { address, .. } => Some(address),
            Self::Program => None,
        }
    }

    /// Returns how a letter gets there.
    pub const fn way(&self) -> Way {
        match self {
            Self::Account { .. } | Self::Invitee { .. } => Way::Mail,
            Self::Program => Way::Program,
        }
    }

    /// Returns by what name lists call them: a handle, the number of an invite,
    /// or the setting that names the program.
    pub fn name(&self) -> String {
        match self {
            Self::Account { handle, .. } => handle.to_string(),
            Self::Invitee { invite, .. } => number(*invite),
            Self::Program => PROGRAM.to_owned(),
        }
    }
}

/// How a letter leaves. Neither way waits for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By mail.
    Mail,
    /// To the sysop's own program.
    Program,
}
