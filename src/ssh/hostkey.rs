//! The board's own key: made once, kept for ever. It does not decide whether a
//! new one may be made; its caller says so.

use std::path::{Path, PathBuf};

use ssh_key::{HashAlg, LineEnding, PrivateKey, private::Ed25519Keypair};

use crate::{
    domain::{
        entropy::{self, Entropy},
        secret::Secret,
    },
    secret_file::{self, Missing, SecretFileError},
    words,
};

/// The file's name in the directory of keys.
const FILE: &str = "host_ed25519";

/// Why there is no host key to serve with.
#[derive(Debug, thiserror::Error)]
pub enum HostKeyError {
    /// The file is missing, or not as safe as it must be.
    #[error(transparent)]
    File(#[from] SecretFileError),
    /// The file is not an unencrypted OpenSSH private key.
    #[error("{} is not a usable key: {reason}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        reason: ssh_key::Error,
    },
}

impl HostKeyError {
    /// Returns what the operator is told.
    pub fn sentence(&self) -> String {
        match self {
            Self::File(SecretFileError::Missing(path)) => words::door::host_key_missing(path),
            Self::File(SecretFileError::Exposed { path, mode }) => {
                words::door::host_key_exposed(path, *mode)
            }
            Self::File(SecretFileError::Disk { path, reason }) => {
                words::door::host_key_disk(path, &reason.to_string())
            }
            Self::Unusable { path, reason } => {
                words::door::host_key_unusable(path, &reason.to_string())
            }
        }
    }
}

/// The key by which callers recognise the board.
#[derive(Clone, Debug)]
pub struct HostKey(PrivateKey);

impl HostKey {
    /// Reads the key in the directory `keys`, or makes one if `missing` allows
    /// it.
    pub fn load(
        keys: &Path,
        missing: Missing,
        entropy: &dyn Entropy,
    ) -> Result<Self, HostKeyError> {
        let path = keys.join(FILE);
        let unusable = |reason| HostKeyError::Unusable {
            path: path.clone(),
            reason,
        };
        let fresh = Ed25519Keypair::from_seed(&entropy::bytes(entropy));
        let fresh = PrivateKey::from(fresh)
            .to_openssh(LineEnding::LF)
            .map_err(unusable)?;
        let pem = secret_file::open(&path, missing, || Secret::new(fresh.as_bytes().to_vec()))?;
        let key = PrivateKey::from_openssh(pem.expose()).map_err(unusable)?;
        if key.is_encrypted() {
            return Err(unusable(ssh_key::Error::Encrypted));
        }
        Ok(Self(key))
    }

    /// Returns the fingerprint as OpenSSH shows it: `SHA256:…`.
    pub fn fingerprint(&self) -> String {
        self.0.public_key().fingerprint(HashAlg::Sha256).to_string()
    }

    /// Returns the public half as `known_hosts` has it: kind and key.
    pub fn public_line(&self) -> String {
        let key = self.0.public_key().to_openssh().unwrap_or_default();
        let key: Vec<&str> = key.split_whitespace().take(2).collect();
        key.join(" ")
    }

    /// Returns the key for the key exchange.
    pub(super) fn into_private(self) -> PrivateKey {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::domain::entropy::OsEntropy;

    #[test]
    fn a_new_board_gets_a_key_that_stays() {
        let dir = tempfile::tempdir().unwrap();
        let keys = dir.path().join("keys");
        let made = HostKey::load(&keys, Missing::Make, &OsEntropy).unwrap();
        let again = HostKey::load(&keys, Missing::Refuse, &OsEntropy).unwrap();
        assert_eq!(made.fingerprint(), again.fingerprint());
        assert!(made.fingerprint().starts_with("SHA256:"));
    }

    #[test]
    fn a_broken_key_is_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        let broken = || Secret::new(b"-----BEGIN OPENSSH".to_vec());
        secret_file::open(&path, Missing::Make, broken).unwrap();
        let refused = HostKey::load(dir.path(), Missing::Make, &OsEntropy);
        assert!(matches!(refused, Err(HostKeyError::Unusable { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"-----BEGIN OPENSSH");
    }

    #[test]
    fn the_public_line_is_kind_and_key() {
        let dir = tempfile::tempdir().unwrap();
        let key = HostKey::load(dir.path(), Missing::Make, &OsEntropy).unwrap();
        let line = key.public_line();
        assert!(line.starts_with("ssh-ed25519 AAAA"), "{line}");
        assert_eq!(line.split(' ').count(), 2);
    }
}
