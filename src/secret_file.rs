//! Files that hold a secret: made whole or not at all, for their owner alone,
//! and never read when somebody else could have read them. What is in them is
//! none of its business.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use crate::domain::secret::Secret;

/// The most that is read; a real secret has a few hundred bytes.
const LONGEST: u64 = 64 * 1024;

/// What to do when the file is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Make it: the board is new, or its operator asked for it.
    Make,
    /// Refuse: the board exists, and others rely on the secret that is gone.
    Refuse,
}

/// Why a secret can't be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    /// There is none, and none was to be made.
    #[error("{} is missing", .0.display())]
    Missing(PathBuf),
    /// Others on this machine may read it, or change what is in its directory.
    #[error("{} has mode {mode:03o}", path.display())]
    Exposed {
        /// The file or directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
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

/// Returns what is in the file at `path`, which is made of `fresh` if it is
/// missing and `missing` allows that.
pub fn open(
    path: &Path,
    missing: Missing,
    fresh: impl FnOnce() -> Secret<Vec<u8>>,
) -> Result<Secret<Vec<u8>>, SecretFileError> {
    match read(path) {
        Err(SecretFileError::Missing(_)) if missing == Missing::Make => {
            make(path, &fresh())?;
            read(path)
        }
        read => read,
    }
}

/// Reads a file that nobody else can have read.
pub fn read(path: &Path) -> Result<Secret<Vec<u8>>, SecretFileError> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(SecretFileError::Missing(path.to_owned()));
        }
        opened => opened.map_err(disk(path))?,
    };
    // Of the open file, so that no other can be put in its place meanwhile.
    let mode = mode_of(&file.metadata().map_err(disk(path))?);
    if mode & 0o077 != 0 {
        return Err(exposed(path, mode));
    }
    let mut bytes = Vec::new();
    (&mut file)
        .take(LONGEST)
        .read_to_end(&mut bytes)
        .map_err(disk(path))?;
    Ok(Secret::new(bytes))
}

/// Makes the file: it is written under another name and linked to its own,
/// which fails if somebody else made one meanwhile.
fn make(path: &Path, secret: &Secret<Vec<u8>>) -> Result<(), SecretFileError> {
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(disk(directory))?;
    let mode = mode_of(&fs::metadata(directory).map_err(disk(directory))?);
    if mode & 0o022 != 0 {
        return Err(exposed(directory, mode));
    }
    let draft = path.with_extension(format!("{}.draft", std::process::id()));
    let written = write(&draft, secret.expose()).and_then(|()| fs::hard_link(&draft, path));
    // A draft left behind is a secret nobody uses; what matters is the link.
    let removed = fs::remove_file(&draft);
    written.map_err(disk(path))?;
    removed.map_err(disk(&draft))?;
    // The name is safe only when the directory is on the disk, too.
    File::open(directory)
        .and_then(|directory| directory.sync_all())
        .map_err(disk(directory))
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

fn mode_of(metadata: &fs::Metadata) -> u32 {
    metadata.permissions().mode() & 0o777
}

fn exposed(path: &Path, mode: u32) -> SecretFileError {
    SecretFileError::Exposed {
        path: path.to_owned(),
        mode,
    }
}

fn disk(path: &Path) -> impl FnOnce(io::Error) -> SecretFileError {
    let path = path.to_owned();
    move |reason| SecretFileError::Disk { path, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh() -> Secret<Vec<u8>> {
        Secret::new(b"hush".to_vec())
    }

    fn mode(path: &Path) -> u32 {
        mode_of(&fs::metadata(path).unwrap())
    }

    #[test]
    fn a_secret_is_made_once_and_for_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys/secret");
        open(&path, Missing::Make, fresh).unwrap();
        let again = open(&path, Missing::Refuse, || unreachable!()).unwrap();
        assert_eq!(again.expose(), b"hush");
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        assert_eq!(mode(&path), 0o600);
        let files = fs::read_dir(path.parent().unwrap()).unwrap();
        assert_eq!(files.count(), 1, "no draft is left");
    }

    #[test]
    fn a_lost_secret_is_not_replaced_unasked() {
        let dir = tempfile::tempdir().unwrap();
        let refused = open(&dir.path().join("secret"), Missing::Refuse, fresh);
        assert!(matches!(refused, Err(SecretFileError::Missing(_))));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_secret_that_others_may_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        open(&path, Missing::Make, fresh).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = open(&path, Missing::Make, fresh);
        assert!(matches!(
            refused,
            Err(SecretFileError::Exposed { mode: 0o640, .. })
        ));
    }

    #[test]
    fn no_secret_is_put_where_others_may_exchange_it() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let refused = open(&dir.path().join("secret"), Missing::Make, fresh);
        assert!(matches!(refused, Err(SecretFileError::Exposed { .. })));
    }
}
