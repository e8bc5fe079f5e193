//! Invites: where one stands, and for whom it is. Who may make which is decided
//! elsewhere.

use super::{
    account::{Role, named},
    email::{DomainName, Email},
    handle::Handle,
    id::AccountId,
};

named! {
    /// Where an invite stands, worked out from its row.
    State {
        /// Can be used now.
        Live = "live",
        /// Not at present: its issuer may not invite, its day has not come, or the
        /// board is a copy and nobody has thawed it yet.
        Frozen = "frozen",
        /// As often as it could.
        Used = "used",
        /// Too old.
        Expired = "expired",
        /// Taken back.
        Revoked = "revoked",
    }
}

/// Whom an invite lets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Somebody who has no account yet.
    Newcomer(Bearer),
    /// Whoever an account was made for: it is the code that activates it.
    Prepared {
        /// The account.
        id: AccountId,
        /// Its handle.
        handle: Handle,
    },
}

impl Whom {
    /// Returns the least role of an issuer whose code works, where `may_invite`
    /// is the least that may invite.
    pub const fn issuer_needs(&self, may_invite: Role) -> Role {
        match self {
            Self::Newcomer(_) => may_invite,
            // Making accounts is a sysop's, whoever may invite.
            Self::Prepared { .. } => Role::Sysop,
        }
    }

    /// Returns which newcomer it is for, if it is for one.
    pub const fn newcomer(&self) -> Option<&Bearer> {
        match self {
            Self::Newcomer(bearer) => Some(bearer),
            Self::Prepared { .. } => None,
        }
    }

    /// Returns the one address of a newcomer it is for, if it is for one.
    pub fn address(&self) -> Option<&Email> {
        match self.newcomer()?.mailbox.as_ref()? {
            Mailbox::At(email) => Some(email),
            Mailbox::Under(_) | Mailbox::Withheld => None,
        }
    }

    /// Returns the handle of the account it activates, if it does.
    pub const fn prepared(&self) -> Option<&Handle> {
        match self {
            Self::Newcomer(_) => None,
            Self::Prepared { handle, .. } => Some(handle),
        }
    }

    /// Returns it for whoever may not see addresses.
    #[must_use]
    pub fn without_address(self) -> Self {
        match self {
            Self::Newcomer(bearer) => Self::Newcomer(bearer.without_address()),
            prepared @ Self::Prepared { .. } => prepared,
        }
    }
}

/// For which newcomer an invite is; what is not said is anybody's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bearer {
    /// Where they have their mail.
    pub mailbox: Option<Mailbox>,
    /// What they will be called.
    pub handle: Option<Handle>,
}

/// Where somebody has their mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mailbox {
    /// At this address.
    At(Email),
    /// Somewhere at this domain, or at one below it.
    Under(DomainName),
    /// At an address that whoever reads this does not see.
    Withheld,
}

impl Bearer {
    /// Whether the invite is for somebody of that handle and address.
    pub fn is(&self, handle: &Handle, email: Option<&Email>) -> bool {
        let named = self
            .handle
            .as_ref()
            .is_none_or(|bound| bound.key() == handle.key());
        let reached = match (&self.mailbox, email) {
            (None, _) => true,
            (Some(Mailbox::At(bound)), Some(email)) => bound.key() == email.key(),
            (Some(Mailbox::Under(domain)), Some(email)) => domain.covers(email),
            (Some(_), None) | (Some(Mailbox::Withheld), Some(_)) => false,
        };
        named && reached
    }

    /// Whether anybody may come with the invite.
    pub const fn is_anybody(&self) -> bool {
        self.mailbox.is_none() && self.handle.is_none()
    }

    /// Returns it for whoever may not see addresses.
    #[must_use]
    pub fn without_address(self) -> Self {
        let mailbox = self.mailbox.map(|mailbox| match mailbox {
            Mailbox::At(_) => Mailbox::Withheld,
            other => other,
        });
        Self { mailbox, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(text: &str) -> Email {
        Email::parse(text).unwrap()
    }

    #[test]
    fn an_invite_for_somebody_is_for_nobody_else() {
        let ada = Handle::parse("Ada").unwrap();
        let bob = Handle::parse("bob").unwrap();
        let home = email("ada@example.org");
        let away = email("ada@example.net");
        let of = |mailbox| Bearer {
            mailbox,
            handle: None,
        };
        let anybody = Bearer::default();
        assert!(anybody.is(&bob, None) && anybody.is_anybody());
        let exact = of(Some(Mailbox::At(email("ADA@example.org"))));
        assert!(exact.is(&bob, Some(&home)));
        assert!(!exact.is(&bob, Some(&away)) && !exact.is(&bob, None));
        let domain = of(Some(Mailbox::Under(DomainName::parse("org").unwrap())));
        assert!(domain.is(&bob, Some(&home)));
        assert!(!domain.is(&bob, Some(&away)) && !domain.is(&bob, None));
        let named = Bearer {
            handle: Some(Handle::parse("ada").unwrap()),
            mailbox: None,
        };
        assert!(named.is(&ada, None) && !named.is(&bob, None));
    }

    #[test]
    fn an_address_that_is_withheld_still_binds() {
        let bound = Bearer {
            mailbox: Some(Mailbox::At(email("ada@example.org"))),
            handle: None,
        };
        let seen = bound.without_address();
        assert_eq!(seen.mailbox, Some(Mailbox::Withheld));
        let ada = Handle::parse("ada").unwrap();
        assert!(!seen.is(&ada, Some(&email("ada@example.org"))));
    }
}
