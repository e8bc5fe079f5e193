//! The account as a state machine (spec §1): statuses, roles, transitions.

use serde::{Deserialize, Serialize};

/// Declares an enum whose variants have one stable name each, used in SQL, on
/// the command line and in JSON.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// Every variant, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the stable name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Returns the variant of that name.
            pub fn named(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    };
}
pub(crate) use named;

named! {
    /// Where an account stands.
    Status {
        /// Must prove its e-mail address first.
        Unverified = "unverified",
        /// Waits for a sysop.
        Pending = "pending",
        /// May use the board.
        Active = "active",
        /// A sysop said no.
        Rejected = "rejected",
        /// Was in, and is shut out for now.
        Suspended = "suspended",
        /// A tombstone: the handle stays reserved, nothing else is left.
        Deleted = "deleted",
    }
}

named! {
    /// What an account may do when it is active; the greater may more.
    Role {
        /// Reads and writes.
        User = "user",
        /// Helps to keep order.
        Mod = "mod",
        /// Runs the board.
        Sysop = "sysop",
    }
}

named! {
    /// How an account came to be.
    Origin {
        /// Registered on an open board.
        Open = "open",
        /// Registered with an invite.
        Invite = "invite",
        /// Asked, and a sysop decided.
        Request = "request",
        /// Made by an operator.
        Operator = "operator",
        /// Came in a list.
        Import = "import",
        /// Claimed the board.
        Claim = "claim",
        /// Came with a certificate of an authority the board trusts.
        Certificate = "certificate",
    }
}

named! {
    /// What can happen to an existing account (the rows of spec §1).
    Transition {
        /// T4: the address is proven.
        Prove = "prove",
        /// T5: a sysop does without the proof.
        Waive = "waive",
        /// T6: nobody proved it in time; the row goes.
        Lapse = "lapse",
        /// T7.
        Approve = "approve",
        /// T8.
        Reject = "reject",
        /// T9: the row goes.
        Withdraw = "withdraw",
        /// T10.
        Reopen = "reopen",
        /// T12.
        Suspend = "suspend",
        /// T13.
        Reactivate = "reactivate",
        /// T14.
        Delete = "delete",
        /// T17.
        ChangeRole = "change_role",
        /// U: of T7 and T8.
        Undo = "undo",
    }
}

/// What a transition leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum After {
    /// The account stands there now.
    Stands(Status),
    /// It stands where its registration led to.
    Onward,
    /// The row is gone.
    Gone,
}

impl Status {
    /// Whether whoever stands here may edit their own account; those who are
    /// shut out may edit nothing.
    pub const fn edits_itself(self) -> bool {
        matches!(self, Self::Unverified | Self::Pending | Self::Active)
    }

    /// Returns what `transition` makes of an account that stands here, or
    /// `None` for every pair that is not in the table.
    pub const fn after(self, transition: Transition) -> Option<After> {
        match (self, transition) {
            (Self::Pending, Transition::Approve) | (Self::Suspended, Transition::Reactivate) => {
                Some(After::Stands(Self::Active))
            }
            (Self::Unverified, Transition::Prove | Transition::Waive) => Some(After::Onward),
            (Self::Unverified, Transition::Lapse | Transition::Withdraw)
            | (Self::Pending, Transition::Withdraw) => Some(After::Gone),
            (Self::Pending, Transition::Reject) => Some(After::Stands(Self::Rejected)),
            (Self::Rejected, Transition::Reopen)
            | (Self::Active | Self::Rejected, Transition::Undo) => {
                Some(After::Stands(Self::Pending))
            }
            (Self::Active, Transition::Suspend) => Some(After::Stands(Self::Suspended)),
            (Self::Active, Transition::ChangeRole) => Some(After::Stands(Self::Active)),
            (
                Self::Unverified | Self::Pending | Self::Active | Self::Rejected | Self::Suspended,
                Transition::Delete,
            ) => Some(After::Stands(Self::Deleted)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pairs_of_the_table_are_transitions() {
        let legal: Vec<_> = Status::ALL
            .iter()
            .flat_map(|&s| Transition::ALL.iter().map(move |&t| (s, t)))
            .filter(|(s, t)| s.after(*t).is_some())
            .collect();
        assert_eq!(
            legal,
            [
                (Status::Unverified, Transition::Prove),
                (Status::Unverified, Transition::Waive),
                (Status::Unverified, Transition::Lapse),
                (Status::Unverified, Transition::Withdraw),
                (Status::Unverified, Transition::Delete),
                (Status::Pending, Transition::Approve),
                (Status::Pending, Transition::Reject),
                (Status::Pending, Transition::Withdraw),
                (Status::Pending, Transition::Delete),
                (Status::Active, Transition::Suspend),
                (Status::Active, Transition::Delete),
                (Status::Active, Transition::ChangeRole),
                (Status::Active, Transition::Undo),
                (Status::Rejected, Transition::Reopen),
                (Status::Rejected, Transition::Delete),
                (Status::Rejected, Transition::Undo),
                (Status::Suspended, Transition::Reactivate),
                (Status::Suspended, Transition::Delete),
            ]
        );
    }
}
