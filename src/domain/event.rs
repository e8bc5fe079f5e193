//! What live sessions are told after a commit. Ids only, never contents.

use super::{id::AccountId, letter::Kind};

/// Something that happened and is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Status, role, keys, password, address or request of an account changed.
    AccountChanged(AccountId),
    /// The account is gone (withdrawn).
    AccountGone(AccountId),
    /// Somebody new waits: sysops are told at once.
    RequestWaits(AccountId),
    /// An applicant answered a question: whoever decides is told at once.
    RequestAnswered(AccountId),
    /// Staff opened a talk with an applicant, one of them said something, or it
    /// is over.
    TalkChanged(AccountId),
    /// A member rings for a sysop.
    Rang(AccountId),
    /// A list in the USERS tab changed.
    UsersChanged,
    /// An invite of this issuer changed (`None`: the console's).
    InvitesChanged(Option<AccountId>),
    /// A setting changed.
    SettingsChanged,
    /// An access rule was added or removed.
    AccessChanged,
    /// Somebody came on line or left.
    PresenceChanged,
    /// An act was written down.
    Recorded,
    /// A copy of the board was made, or could not be.
    BackupDone,
    /// A line is for every screen.
    Said,
    /// A letter, or the state of the post, changed.
    MailChanged,
    /// A copy on schedule could not be made: sysops are told at once.
    BackupFailed,
    /// Somebody was told something, or has read it.
    NoticesChanged(AccountId),
    /// A key, the password, the second factor or the address of an account was
    /// changed: whoever is on line as them is told at once.
    WayInChanged(AccountId, Kind),
    /// Something is wrong with the board: sysops are told at once.
    DoctorAlarmed,
}
