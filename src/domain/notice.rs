//! Notices: what a letter is about is also told on the board, for most boards
//! have no mail and many people no address. What one says is the letter's text.

use super::{account::named, letter::Kind};

named! {
    /// What notices and letters are about, as people choose among them.
    Topic {
        /// To staff: somebody waits to be let in, or answered them.
        Requests = "requests",
        /// What was decided about one's account.
        Standing = "standing",
        /// Keys, password and address were changed.
        Security = "security",
        /// Somebody came with an invite of one's own.
        Invites = "invites",
        /// To sysops: something has to be mended.
        Board = "board",
        /// To sysops: a member rings for one.
        Rings = "rings",
    }
}

named! {
    /// A way to hear of something.
    Channel {
        /// A notice on the board.
        Notice = "notice",
        /// A letter.
        Letter = "letter",
        /// The terminal's bell, for whoever is on the line.
        Bell = "bell",
    }
}

/// Who hears of a topic at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody with an account.
    Everybody,
    /// Whoever decides about requests.
    Deciders,
    /// Whoever may invite.
    Inviters,
    /// Sysops.
    Sysops,
}

/// By which ways somebody hears of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channels {
    /// By a notice on the board.
    pub notice: bool,
    /// By letter, if there is an address and a way.
    pub letter: bool,
    /// With the bell, if they are on the line.
    pub bell: bool,
}

impl Channels {
    /// Whether this way is among them.
    pub const fn has(self, channel: Channel) -> bool {
        match channel {
            Channel::Notice => self.notice,
            Channel::Letter => self.letter,
            Channel::Bell => self.bell,
        }
    }

    /// Returns the same with this way taken the other way round.
    #[must_use]
    pub const fn turned(mut self, channel: Channel) -> Self {
        match channel {
            Channel::Notice => self.notice = !self.notice,
            Channel::Letter => self.letter = !self.letter,
            Channel::Bell => self.bell = !self.bell,
        }
        self
    }
}

impl Topic {
    /// Returns what a letter belongs to. Codes go by letter alone, for whoever
    /// is on the line needs none; so do a test and the last letter of all.
    pub const fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::RequestWaits | Kind::RequestAnswered => Some(Self::Requests),
            Kind::RequestReceived
            | Kind::Approved
            | Kind::Rejected
            | Kind::Reopened
            | Kind::MoreInformation
            | Kind::Suspended
            | Kind::Reactivated
            | Kind::RoleChanged
            | Kind::Correction => Some(Self::Standing),
            Kind::KeyAdded
            | Kind::KeyRemoved
            | Kind::PasswordChanged
            | Kind::FactorChanged
            | Kind::AddressChanged => Some(Self::Security),
            Kind::InviteRedeemed => Some(Self::Invites),
            Kind::Alert => Some(Self::Board),
            Kind::Rang => Some(Self::Rings),
            Kind::ResetCode
            | Kind::VerifyAddress
            | Kind::AddressInUse
            | Kind::Invite
            | Kind::InviteReminder
            | Kind::Activation
            | Kind::Deletion
            | Kind::Test => None,
        }
    }

    /// Returns how one hears of it who chose nothing. How many wait stands in
    /// the title of every screen, so that a notice would say it twice; that
    /// somebody came is worth no letter unless one asks for it.
    pub const fn usual(self) -> Channels {
        Channels {
            notice: !matches!(self, Self::Requests),
            letter: !matches!(self, Self::Invites),
            bell: matches!(self, Self::Requests | Self::Board | Self::Rings),
        }
    }

    /// Whether somebody may choose to do without it: whoever takes an account
    /// over must not be able to keep its owner from hearing of it.
    pub const fn may_choose(self, channel: Channel) -> bool {
        // Decisions need no bell: whoever is on the line is taken where they lead.
        !matches!(
            (self, channel),
            (Self::Security, _) | (Self::Standing, Channel::Bell)
        )
    }

    /// Returns who hears of it.
    pub const fn audience(self) -> Audience {
        match self {
            Self::Requests => Audience::Deciders,
            Self::Standing | Self::Security => Audience::Everybody,
            Self::Invites => Audience::Inviters,
            Self::Board | Self::Rings => Audience::Sysops,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_brings_a_code_is_never_a_notice() {
        assert_eq!(Topic::of(Kind::ResetCode), None);
        assert_eq!(Topic::of(Kind::VerifyAddress), None);
        assert_eq!(Topic::of(Kind::Activation), None);
    }

    #[test]
    fn nobody_can_be_kept_from_hearing_that_their_keys_were_changed() {
        for channel in [Channel::Notice, Channel::Letter] {
            assert!(!Topic::Security.may_choose(channel));
            assert!(Topic::Security.usual().has(channel));
        }
    }
}
