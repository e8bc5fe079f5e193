//! The board's own key: made once, kept for ever, never readable by others. It
//! does not decide whether a board may be made; its caller says so.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    net::SocketAddr,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use ssh_key::{HashAlg, LineEnding, PrivateKey, private::Ed25519Keypair};

use crate::{
    domain::entropy::{self, Entropy},
    words,
};

/// The file's name in the directory of keys.
const FILE: &str = "host_ed25519";

/// The largest file that is read as a key; a real one has 400 bytes.
const LONGEST: u64 = 64 * 1024;

/// What to do when there is no host key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Make one: the board is new, or its operator asked for a new key.
    Make,
    /// Refuse: the board exists, and its callers know another key.
    Refuse,
}

/// Why there is no host key to serve with.
#[derive(Debug, thiserror::Error)]
pub enum HostKeyError {
    /// The board exists, but its key does not.
    #[error("no host key at {}", .0.display())]
    Missing(PathBuf),
    /// Others on this machine may read the key, or the path to it.
    #[error("{} has mode {mode:03o}", path.display())]
    Exposed {
        /// The file or directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file is not an unencrypted OpenSSH private key.
    #[error("{} is not a usable key: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        reason: ssh_key::Error,
    },
    /// The disk said no.
    #[error("{}: {reason}", path.display())]
    Disk {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
}

impl HostKeyError {
    /// Returns what the operator is told.
    pub fn sentence(&self) -> String {
        match self {
            Self::Missing(path) => words::door::host_key_missing(path),
            Self::Exposed { path, mode } => words::door::host_key_exposed(path, *mode),
            Self::Unreadable { path, reason } => {
                words::door::host_key_unreadable(path, &reason.to_string())
            }
            Self::Disk { path, reason } => words::door::host_key_disk(path, &reason.to_string()),
        }
    }
}

/// The key by which callers recognise the board.
#[derive(Clone, Debug)]
pub struct HostKey(PrivateKey);

impl HostKey {
    /// Reads the key in `keys`, or makes one if `missing` allows it.
    pub fn load(
        keys: &Path,
        missing: Missing,
        entropy: &dyn Entropy,
    ) -> Result<Self, HostKeyError> {
        let path = keys.join(FILE);
        match read(&path) {
            Err(HostKeyError::Missing(_)) if missing == Missing::Make => {
                make(keys, &path, entropy)?;
                read(&path)
            }
            read => read,
        }
    }

    /// Returns the fingerprint as OpenSSH shows it: `SHA256:…`.
    pub fn fingerprint(&self) -> String {
        self.0.public_key().fingerprint(HashAlg::Sha256).to_string()
    }

    /// Returns the line for a caller's `known_hosts`, for a board at `host` and
    /// the port of `address`.
    pub fn known_hosts_line(&self, host: &str, address: SocketAddr) -> String {
        // Port 22 is written without brackets.
        let host = match address.port() {
            22 => host.to_owned(),
            port => format!("[{host}]:{port}"),
        };
        let key = self.0.public_key().to_openssh().unwrap_or_default();
        let key: Vec<&str> = key.split_whitespace().take(2).collect();
        format!("{host} {}", key.join(" "))
    }

    /// Returns the key for the key exchange.
    pub(super) fn into_private(self) -> PrivateKey {
        self.0
    }
}

/// Reads a key that nobody else can have read.
fn read(path: &Path) -> Result<HostKey, HostKeyError> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(HostKeyError::Missing(path.to_owned()));
        }
        opened => opened.map_err(disk(path))?,
    };
    let mode = file.metadata().map_err(disk(path))?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(HostKeyError::Exposed {
            path: path.to_owned(),
            mode,
        });
    }
    let mut pem = Vec::new();
    (&mut file)
        .take(LONGEST)
        .read_to_end(&mut pem)
        .map_err(disk(path))?;
    let unusable = |reason| HostKeyError::Unreadable {
        path: path.to_owned(),
        reason,
    };
    let key = PrivateKey::from_openssh(&pem).map_err(unusable)?;
    if key.is_encrypted() {
        return Err(unusable(ssh_key::Error::Encrypted));
    }
    Ok(HostKey(key))
}

/// Makes a key, whole or not at all: it is written under another name, and
/// linked to its own, which fails if somebody else made one meanwhile.
fn make(keys: &Path, path: &Path, entropy: &dyn Entropy) -> Result<(), HostKeyError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(keys)
        .map_err(disk(keys))?;
    let mode = fs::metadata(keys).map_err(disk(keys))?.permissions().mode() & 0o777;
    if mode & 0o022 != 0 {
        return Err(HostKeyError::Exposed {
            path: keys.to_owned(),
            mode,
        });
    }
    let pair = Ed25519Keypair::from_seed(&entropy::bytes(entropy));
    let pem = PrivateKey::from(pair)
        .to_openssh(LineEnding::LF)
        .map_err(|reason| HostKeyError::Unreadable {
            path: path.to_owned(),
            reason,
        })?;
    let draft = keys.join(format!("{FILE}.{}", std::process::id()));
    let written = write(&draft, pem.as_bytes()).and_then(|()| fs::hard_link(&draft, path));
    // A draft left behind is a key nobody uses; what matters is the link.
    let removed = fs::remove_file(&draft);
    written.map_err(disk(path))?;
    removed.map_err(disk(&draft))?;
    // The name is safe only when the directory is on the disk, too.
    File::open(keys)
        .and_then(|directory| directory.sync_all())
        .map_err(disk(keys))
}

/// Writes a file that did not exist, for its owner alone.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn disk(path: &Path) -> impl FnOnce(io::Error) -> HostKeyError {
    let path = path.to_owned();
    move |reason| HostKeyError::Disk { path, reason }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::domain::entropy::OsEntropy;

    fn mode_of(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_board_gets_a_key_that_stays() {
        let dir = tempfile::tempdir().unwrap();
        let keys = dir.path().join("keys");
        let made = HostKey::load(&keys, Missing::Make, &OsEntropy).unwrap();
        let again = HostKey::load(&keys, Missing::Refuse, &OsEntropy).unwrap();
        assert_eq!(made.fingerprint(), again.fingerprint());
        assert_eq!(mode_of(&keys), 0o700);
        assert_eq!(mode_of(&keys.join(FILE)), 0o600);
        assert_eq!(fs::read_dir(&keys).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn a_board_whose_key_is_gone_is_refused_and_gets_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let refused = HostKey::load(dir.path(), Missing::Refuse, &OsEntropy);
        assert!(matches!(refused, Err(HostKeyError::Missing(_))));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        HostKey::load(dir.path(), Missing::Make, &OsEntropy).unwrap();
        let path = dir.path().join(FILE);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = HostKey::load(dir.path(), Missing::Make, &OsEntropy);
        assert!(matches!(
            refused,
            Err(HostKeyError::Exposed { mode: 0o640, .. })
        ));
    }

    #[test]
    fn a_broken_key_is_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        write(&path, b"-----BEGIN OPENSSH").unwrap();
        let refused = HostKey::load(dir.path(), Missing::Make, &OsEntropy);
        assert!(matches!(refused, Err(HostKeyError::Unreadable { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"-----BEGIN OPENSSH");
    }

    #[test]
    fn the_known_hosts_line_names_the_port() {
        let dir = tempfile::tempdir().unwrap();
        let key = HostKey::load(dir.path(), Missing::Make, &OsEntropy).unwrap();
        let address = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let line = key.known_hosts_line("board.example", address(2222));
        assert!(line.starts_with("[board.example]:2222 ssh-ed25519 AAAA"));
        let line = key.known_hosts_line("board.example", address(22));
        assert!(line.starts_with("board.example ssh-ed25519 AAAA"));
    }
}
