//! Letters: their kinds, where one stands, and when it is tried again. What
//! they say and how they travel is not decided here.

use chrono::TimeDelta;

use super::{account::named, clock::Timestamp};

named! {
    /// What a letter is about.
    Kind {
        /// To an applicant: the request is here.
        RequestReceived = "request_received",
        /// To staff: somebody waits.
        RequestWaits = "request_waits",
        /// T7.
        Approved = "approved",
        /// T8.
        Rejected = "rejected",
        /// T10.
        Reopened = "reopened",
        /// T12.
        Suspended = "suspended",
        /// T13.
        Reactivated = "reactivated",
        /// A key was added to the account.
        KeyAdded = "key_added",
        /// A key was removed from it.
        KeyRemoved = "key_removed",
        /// The password was changed.
        PasswordChanged = "password_changed",
        /// Something about the second factor was changed.
        FactorChanged = "factor_changed",
        /// T17.
        RoleChanged = "role_changed",
        /// T14: the last letter to an account.
        Deletion = "deletion",
        /// Staff ask the applicant something.
        MoreInformation = "more_information",
        /// U: the letter before was a mistake.
        Correction = "correction",
        /// A code for a new password, which somebody asked for.
        ResetCode = "reset_code",
        /// To the old address and to the new one, which it brings its code.
        AddressChanged = "address_changed",
        /// A code that proves the address.
        VerifyAddress = "verify_address",
        /// To whoever has the address: somebody else tried to register with it.
        AddressInUse = "address_in_use",
        /// To whoever an account was made for: the code that activates it.
        Activation = "activation",
        /// To staff: an applicant answered what was asked.
        RequestAnswered = "request_answered",
        /// To sysops: a member rang, and nobody was at the desk.
        Rang = "rang",
        /// To somebody who has no account yet: a code that lets them in.
        Invite = "invite",
        /// To the same: the code ends soon.
        InviteReminder = "invite_reminder",
        /// To whoever invited: somebody came.
        InviteRedeemed = "invite_redeemed",
        /// To sysops: the board examined itself, and something has to be mended.
        Alert = "alert",
        /// A sysop tries whether letters arrive.
        Test = "test",
    }
}

named! {
    /// Where a letter stands.
    State {
        /// It leaves at its time.
        Queued = "queued",
        /// It waits for a sysop's word: the board is a copy.
        Held = "held",
        /// It waits until the board accepts addresses of that domain.
        Blocked = "blocked",
        /// The mail server took it.
        Sent = "sent",
        /// It was refused, or tried for a day.
        Failed = "failed",
        /// A sysop took it back, or nobody needs it any more.
        Cancelled = "cancelled",
        /// Mail was off when it was due.
        Off = "off",
    }
}

/// The waits after the first failures.
const WAITS: [TimeDelta; 6] = [
    TimeDelta::minutes(1),
    TimeDelta::minutes(5),
    TimeDelta::minutes(15),
    TimeDelta::hours(1),
    TimeDelta::hours(4),
    TimeDelta::hours(12),
];

/// How long a letter is tried.
const PATIENCE: TimeDelta = TimeDelta::hours(24);

/// This many failures in a row, and the channel counts as broken.
pub const BROKEN: u32 = 10;

impl Kind {
    /// Whether it goes to people who have no account yet.
    pub const fn is_for_newcomers(self) -> bool {
        matches!(self, Self::Invite | Self::InviteReminder)
    }

    /// Whether it goes to people who have not come yet, and so only to addresses
    /// with which they could.
    pub const fn needs_accepted_address(self) -> bool {
        self.is_for_newcomers() || matches!(self, Self::Activation)
    }

    /// Returns how long it waits before it leaves: decisions so long that they
    /// can be taken back, and what staff hear of so long that one letter tells
    /// of several.
    pub const fn delay(self) -> TimeDelta {
        match self {
            Self::Approved
            | Self::Rejected
            | Self::Reopened
            | Self::Suspended
            | Self::Reactivated
            | Self::RoleChanged => TimeDelta::seconds(60),
            Self::RequestWaits => TimeDelta::minutes(10),
            Self::RequestReceived
            | Self::KeyAdded
            | Self::KeyRemoved
            | Self::PasswordChanged
            | Self::Deletion
            | Self::FactorChanged
            | Self::Correction
            | Self::MoreInformation
            | Self::ResetCode
            | Self::AddressChanged
            | Self::VerifyAddress
            | Self::AddressInUse
            | Self::Activation
            | Self::RequestAnswered
            | Self::Rang
            | Self::Invite
            | Self::InviteReminder
            | Self::InviteRedeemed
            | Self::Alert
            | Self::Test => TimeDelta::zero(),
        }
    }
}

/// Returns when a letter is tried again that was first tried at `since` and has
/// now failed for the `attempts`th time; never after a day.
pub fn next_try(since: Timestamp, attempts: u32, now: Timestamp) -> Option<Timestamp> {
    let last = since + PATIENCE;
    let waits = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    let next = WAITS
        .get(waits)
        .map_or(last, |wait| (now + *wait).min(last));
    (next > now).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_tried_at_growing_intervals_for_a_day() {
        let since = Timestamp::UNIX_EPOCH;
        let mut now = since;
        let mut tries = Vec::new();
        for attempts in 1.. {
            let Some(next) = next_try(since, attempts, now) else {
                break;
            };
            tries.push((next - since).num_minutes());
            now = next;
        }
        assert_eq!(tries, [1, 6, 21, 81, 321, 1041, 1440]);
    }

    #[test]
    fn threat_46_a_clock_that_jumps_ahead_ends_the_tries() {
        let since = Timestamp::UNIX_EPOCH;
        assert_eq!(next_try(since, 1, since + TimeDelta::days(2)), None);
    }
}
