//! What a client proved on its way in, and which proof counts: user names are a
//! preference and prove nothing; a key counts when its signature verified.

use std::net::IpAddr;

use russh::server::VerifiedPublicKey;
use tracing::debug;

use super::{Board, KeyStanding};
use crate::domain::{
    certificate::{Certified, Presented},
    door::DoorName,
    key::{PublicKey, VerifiedKey},
};

/// Refused keys after which a client is let in with the best of them, before
/// russh hangs up on a client with too many.
const PATIENCE: u8 = 16;

/// Whether a proven key ends the log-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Come in.
    Welcome,
    /// Try another key, or none.
    Next,
}

/// The best identity that was proven for one user name.
#[derive(Debug)]
pub(super) struct Knock {
    name: DoorName,
    /// A key that is somebody's, or that decides because the name does not.
    known: Option<VerifiedKey>,
    /// The first key that is nobody's.
    unknown: Option<VerifiedKey>,
    /// A certificate that was believed: it says who this is, and no key does.
    certified: Option<Certified>,
    refused: u8,
}

impl Knock {
    /// Begins with nothing proven.
    pub(super) const fn new(name: DoorName) -> Self {
        Self {
            name,
            known: None,
            unknown: None,
            certified: None,
            refused: 0,
        }
    }

    /// Begins anew when the user name is another than before: what was proven
    /// for one name says nothing about the next.
    pub(super) fn address(&mut self, user: &str) -> &DoorName {
        let name = DoorName::parse(user);
        if self.name != name {
            *self = Self::new(name);
        }
        &self.name
    }

    /// Judges a key whose signature verified for `user`.
    pub(super) async fn prove(
        &mut self,
        user: &str,
        key: VerifiedPublicKey<'_>,
        board: &dyn Board,
    ) -> Verdict {
        if *self.address(user) == DoorName::Guest {
            return Verdict::Welcome;
        }
        let key = match PublicKey::from_ssh(key.public_key) {
            Ok(key) => VerifiedKey::attest(key),
            Err(problem) => {
                debug!("a key is passed over: {problem}");
                return self.next();
            }
        };
        match board.key_standing(&self.name, &key).await {
            KeyStanding::Theirs | KeyStanding::Decides => {
                self.known = Some(key);
                return Verdict::Welcome;
            }
            KeyStanding::SomebodyElses => self.known = self.known.take().or(Some(key)),
            KeyStanding::Unknown => self.unknown = self.unknown.take().or(Some(key)),
        }
        self.next()
    }

    /// Judges a certificate whose bearer signed for `user` with its key. One that
    /// is not believed says nothing, not even that its key was proven.
    pub(super) async fn present(
        &mut self,
        user: &str,
        certificate: &ssh_key::Certificate,
        from: IpAddr,
        board: &dyn Board,
    ) -> Verdict {
        if *self.address(user) == DoorName::Guest {
            return Verdict::Welcome;
        }
        let presented = Presented::attest(certificate.clone());
        match board.believe(&self.name, &presented, from).await {
            Some(certified) => {
                self.certified = Some(certified);
                Verdict::Welcome
            }
            None => self.next(),
        }
    }

    /// Asks for another key, unless the client has shown too many.
    const fn next(&mut self) -> Verdict {
        self.refused += 1;
        if self.refused < PATIENCE {
            Verdict::Next
        } else {
            Verdict::Welcome
        }
    }

    /// Returns what the client came as: by a certificate and then by no key, or
    /// by a known key before an unknown one.
    pub(super) fn into_identity(self) -> (DoorName, Option<VerifiedKey>, Option<Certified>) {
        let key = match self.certified {
            Some(_) => None,
            None => self.known.or(self.unknown),
        };
        (self.name, key, self.certified)
    }
}
