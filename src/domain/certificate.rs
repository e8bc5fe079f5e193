//! OpenSSH user certificates: whose signature a board trusts, and what a
//! certificate must say to be believed. Who has an account is not known here.

use std::{fmt, net::IpAddr};

use ssh_key::{Algorithm, HashAlg, certificate::CertType};

use super::{
    clock::Timestamp,
    handle::Handle,
    key::{Fingerprint, KeyProblem, PublicKey},
    source::Cidrs,
    text::Line,
};

/// Authorities a board may trust; more would be a list nobody looks through.
const AUTHORITIES: usize = 8;

/// The longest key id that is kept, in scalars.
const KEY_ID: usize = 60;

/// The option that says where a certificate may be used.
const SOURCE_ADDRESS: &str = "source-address";

/// Why a text is no list of authorities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityProblem {
    /// A line is no public key.
    #[error("line {line} is no key: {problem}")]
    Key {
        /// Which, from 1.
        line: usize,
        /// Why.
        problem: KeyProblem,
    },
    /// There are too many.
    #[error("more than {AUTHORITIES} authorities")]
    Many,
}

/// The keys whose signature makes a certificate worth something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authorities(Vec<PublicKey>);

impl Authorities {
    /// Reads public keys, one a line; empty lines and comments are left out.
    pub fn parse(text: &str) -> Result<Self, AuthorityProblem> {
        let lines = text.lines().map(str::trim).zip(1..);
        let keys = lines
            .filter(|(line, _)| !line.is_empty() && !line.starts_with('#'))
            .map(|(text, line)| {
                PublicKey::parse(text).map_err(|problem| AuthorityProblem::Key { line, problem })
            })
            .collect::<Result<Vec<_>, _>>()?;
        if keys.len() > AUTHORITIES {
            return Err(AuthorityProblem::Many);
        }
        Ok(Self(keys))
    }

    /// Whether there is none: no certificate is believed.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the key of that fingerprint is one of them.
    pub fn trust(&self, authority: Fingerprint) -> bool {
        self.0.iter().any(|key| key.fingerprint() == authority)
    }
}

impl fmt::Display for Authorities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |key: &PublicKey| format!("{} {}", key.to_openssh(), key.label());
        let lines: Vec<_> = self.0.iter().map(line).collect();
        let lines: Vec<_> = lines.iter().map(|line| line.trim_end()).collect();
        f.pad(&lines.join("\n"))
    }
}

/// Why a certificate is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateProblem {
    /// It is a host's.
    #[error("not a user's certificate")]
    NotAUsers,
    /// Nobody who is trusted signed it, or it is not of this time.
    #[error("not signed by a trusted authority for this moment")]
    NotVouched,
    /// The signature on it can be forged.
    #[error("signed with an algorithm that is not accepted")]
    WeakSignature,
    /// The key in it is none that is accepted.
    #[error("its key is not accepted: {0}")]
    Key(KeyProblem),
    /// It is for somebody else, or for anybody.
    #[error("not for that handle")]
    Principal,
    /// It is not for callers from there.
    #[error("not for that source")]
    Source,
    /// It asks for something that is not done here.
    #[error("a critical option is not known")]
    Option,
}

/// What a certificate is held against.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Whom the board trusts.
    pub authorities: &'a Authorities,
    /// Whom the caller wants to be.
    pub handle: &'a Handle,
    /// Where they come from.
    pub address: IpAddr,
    /// The moment.
    pub now: Timestamp,
}

/// A certificate whose owner signed with the key in it in this connection. It
/// is worth nothing until it is believed.
#[derive(Clone, Debug)]
pub struct Presented(ssh_key::Certificate);

impl Presented {
    /// Declares that a signature by the certificate's key was verified in this
    /// connection. Only `ssh/auth.rs` knows that, so only it calls this.
    pub const fn attest(certificate: ssh_key::Certificate) -> Self {
        Self(certificate)
    }

    /// Believes the certificate if everything about it is right.
    pub fn believe(&self, asked: &Asked<'_>) -> Result<Certified, CertificateProblem> {
        use CertificateProblem as Problem;
        let Self(certificate) = self;
        if certificate.cert_type() != CertType::User {
            return Err(Problem::NotAUsers);
        }
        if matches!(
            certificate.signature().algorithm(),
            Algorithm::Dsa | Algorithm::Rsa { hash: None }
        ) {
            return Err(Problem::WeakSignature);
        }
        let authority = certificate.signature_key().fingerprint(HashAlg::Sha256);
        let trusted =
            Some(authority).filter(|one| asked.authorities.trust(Fingerprint::from(*one)));
        let seconds = u64::try_from(asked.now.timestamp()).unwrap_or(0);
        certificate
            .validate_at(seconds, trusted.as_ref())
            .map_err(|_| Problem::NotVouched)?;
        let key = ssh_key::PublicKey::from(certificate.public_key().clone());
        PublicKey::from_ssh(&key).map_err(Problem::Key)?;
        // No principal would mean any: that is a key to every account.
        let names = |principal: &String| {
            Handle::parse(principal).is_ok_and(|name| name.key() == asked.handle.key())
        };
        if !certificate.valid_principals().iter().any(names) {
            return Err(Problem::Principal);
        }
        for (option, value) in certificate.critical_options().iter() {
            if option != SOURCE_ADDRESS {
                return Err(Problem::Option);
            }
            let from = Cidrs::parse(value).map_err(|_| Problem::Option)?;
            if !from.contains(asked.address) {
                return Err(Problem::Source);
            }
        }
        Ok(Certified {
            handle: asked.handle.clone(),
            key_id: Line::cut(certificate.key_id(), KEY_ID),
            serial: certificate.serial(),
            valid_before: certificate.valid_before(),
            authority: authority.into(),
        })
    }
}

/// What a certificate is known by: what its authority calls it, or its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateName {
    /// The key id.
    KeyId(Line),
    /// The serial number, written `serial:17`.
    Serial(u64),
}

impl CertificateName {
    /// Reads `serial:17`, and anything else as a key id.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix("serial:") {
            Some(number) => number.parse().ok().map(Self::Serial),
            None => Line::parse(text, KEY_ID).ok().map(Self::KeyId),
        }
    }
}

impl fmt::Display for CertificateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyId(key_id) => f.pad(key_id.as_str()),
            Self::Serial(serial) => write!(f, "serial:{serial}"),
        }
    }
}

/// A certificate that was believed: its bearer is who it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certified {
    handle: Handle,
    key_id: Line,
    serial: u64,
    /// Seconds since 1970.
    valid_before: u64,
    authority: Fingerprint,
}

impl Certified {
    /// Returns the handle it is for, as the caller spells it.
    pub const fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Returns what it is known by.
    pub fn names(&self) -> [CertificateName; 2] {
        [
            CertificateName::Serial(self.serial),
            CertificateName::KeyId(self.key_id.clone()),
        ]
    }

    /// Whether it is still good: its authority is trusted, and its time is not
    /// over.
    pub fn holds(&self, authorities: &Authorities, now: Timestamp) -> bool {
        let seconds = u64::try_from(now.timestamp()).unwrap_or(u64::MAX);
        authorities.trust(self.authority) && seconds < self.valid_before
    }
}

impl fmt::Display for Certified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key_id.as_str() {
            "" => write!(f, "serial {}", self.serial),
            key_id => write!(f, "{key_id}, serial {}", self.serial),
        }
    }
}
