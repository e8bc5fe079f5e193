//! What staff can decide about an account, as values. What follows is not
//! decided here.

use crate::{
    domain::{
        account::{Role, Transition, named},
        clock::Timestamp,
        policy::Capability,
    },
    store::{account::Account, outbox::Letter},
};

named! {
    /// Why a request is rejected. The applicant is told in words.
    Reason {
        /// Nothing more to say.
        Unspecified = "unspecified",
        /// An advertisement.
        Advertising = "advertising",
        /// Says too little.
        TooLittle = "too_little",
        /// Does not fit the board.
        OffTopic = "off_topic",
        /// Has an account already.
        Duplicate = "duplicate",
        /// Broke the house rules before.
        Conduct = "conduct",
    }
}

impl Reason {
    /// Returns what staff call it among themselves.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unspecified => "none given",
            Self::Advertising => "advertising",
            Self::TooLittle => "too little said",
            Self::OffTopic => "not the place for it",
            Self::Duplicate => "has an account",
            Self::Conduct => "house rules",
        }
    }

    /// Returns what the applicant reads, if they are told.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Unspecified => "",
            Self::Advertising => "This looked like advertising.",
            Self::TooLittle => "The request said too little about you.",
            Self::OffTopic => "This board may not be the right place for it.",
            Self::Duplicate => "You seem to have an account here already.",
            Self::Conduct => "The house rules were not kept before.",
        }
    }
}

/// Whether the applicant is told why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tell {
    /// They read the reason when they call again.
    Yes,
    /// They read only that it was not accepted.
    No,
}

/// What to do to an account.
#[derive(Clone, Debug)]
pub enum Decision {
    /// T7.
    Approve,
    /// T7, whatever speaks against it.
    ApproveAnyway,
    /// T8.
    Reject {
        /// Why.
        reason: Reason,
        /// Whether the applicant reads it.
        tell: Tell,
        /// In the sysop's own words, for the applicant.
        text: String,
        /// For staff only.
        note: String,
    },
    /// T10.
    Reopen,
    /// T12.
    Suspend {
        /// Why; the caller reads it.
        reason: String,
        /// Until when; nothing is until somebody lifts it.
        until: Option<Timestamp>,
    },
    /// T13.
    Reactivate,
    /// T17.
    ChangeRole(Role),
    /// U.
    Undo,
}

impl Decision {
    /// Returns the row of the state machine it is.
    pub(super) const fn transition(&self) -> Transition {
        match self {
            Self::Approve | Self::ApproveAnyway => Transition::Approve,
            Self::Reject { .. } => Transition::Reject,
            Self::Reopen => Transition::Reopen,
            Self::Suspend { .. } => Transition::Suspend,
            Self::Reactivate => Transition::Reactivate,
            Self::ChangeRole(_) => Transition::ChangeRole,
            Self::Undo => Transition::Undo,
        }
    }

    /// Returns the right it takes.
    pub(super) const fn capability(&self) -> Capability {
        match self {
            Self::Approve | Self::ApproveAnyway | Self::Reject { .. } => Capability::Decide,
            Self::Reopen
            | Self::Suspend { .. }
            | Self::Reactivate
            | Self::ChangeRole(_)
            | Self::Undo => Capability::ManageUsers,
        }
    }

    /// Returns how records call it.
    pub(super) const fn action(&self) -> &'static str {
        match self {
            Self::Approve | Self::ApproveAnyway => "account.approve",
            Self::Reject { .. } => "account.reject",
            Self::Reopen => "account.reopen",
            Self::Suspend { .. } => "account.suspend",
            Self::Reactivate => "account.reactivate",
            Self::ChangeRole(_) => "account.role",
            Self::Undo => "account.undo",
        }
    }
}

/// What was decided, and about whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The account as it stands now.
    pub account: Account,
    /// Whether they are on the line and see it at once.
    pub on_line: bool,
    /// The letter about it; nothing if there is none.
    pub letter: Option<Letter>,
}
