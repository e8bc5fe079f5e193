//! Who is asking.

use super::{
    account::{Role, Status},
    handle::Handle,
    id::AccountId,
};

/// Who is asking, as far as was known when they came. Rights are never taken
/// from here: every write reads status and role again inside its transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody without an account, or who has not shown one.
    Guest,
    /// Somebody with an account that is not active.
    Applicant(Applicant),
    /// Somebody with an active account.
    Member(Member),
    /// The operator at the host's own command line.
    Console {
        /// The user id on the host.
        uid: u32,
    },
}

/// An account that is not active, after a correct credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant {
    /// The account.
    pub id: AccountId,
    /// Its handle.
    pub handle: Handle,
    /// Where it stood.
    pub status: Status,
}

/// An active account, after a correct credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub id: AccountId,
    /// Its handle.
    pub handle: Handle,
    /// Its role when it was last read; for what to show, not for what to allow.
    pub role: Role,
}

impl Actor {
    /// Returns the account, if there is one.
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Guest | Self::Console { .. } => None,
            Self::Applicant(applicant) => Some(applicant.id),
            Self::Member(member) => Some(member.id),
        }
    }

    /// Returns the handle, if there is one.
    pub const fn handle(&self) -> Option<&Handle> {
        match self {
            Self::Guest | Self::Console { .. } => None,
            Self::Applicant(applicant) => Some(&applicant.handle),
            Self::Member(member) => Some(&member.handle),
        }
    }

    /// Returns what records call them.
    pub fn name(&self) -> String {
        match self {
            Self::Guest => "guest".to_owned(),
            Self::Console { uid } => format!("console({uid})"),
            Self::Applicant(Applicant { handle, .. }) | Self::Member(Member { handle, .. }) => {
                handle.to_string()
            }
        }
    }

    /// Whether staff screens are worth offering: role mod or sysop.
    pub const fn is_staff(&self) -> bool {
        matches!(
            self,
            Self::Member(Member {
                role: Role::Mod | Role::Sysop,
                ..
            })
        )
    }

    /// Whether this is a sysop, as last read.
    pub const fn is_sysop(&self) -> bool {
        matches!(
            self,
            Self::Member(Member {
                role: Role::Sysop,
                ..
            })
        )
    }
}
