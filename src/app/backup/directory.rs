//! The directory of a copy: written under another name, flushed, and renamed to
//! its own only when it is whole. It knows nothing of what is in the files.

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use crate::{
    app::{Home, Stop},
    domain::refusal::Refusal,
    store::Fault,
};

/// A copy that is not whole yet; it is removed when dropped.
#[derive(Debug)]
pub(super) struct Draft {
    /// Where it goes when it is whole.
    place: PathBuf,
    /// Where it grows.
    path: PathBuf,
}

/// How the board's file is called in a copy.
const DATABASE: &str = "ringdown.db";

/// Returns the directory in which the copy for `place` grows.
fn draft_of(place: &Path) -> Option<PathBuf> {
    let mut name = OsString::from(".");
    name.push(place.file_name()?);
    name.push(".draft");
    Some(place.with_file_name(name))
}

/// Returns the file that grows while the board is copied to `place`.
pub fn growing(place: &Path) -> Option<PathBuf> {
    Some(draft_of(place)?.join(DATABASE))
}

/// Refuses a place where something is already.
pub(super) fn check_free(place: &Path) -> Result<(), Stop> {
    let is_free = match fs::read_dir(place) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound => true,
            io::ErrorKind::NotADirectory => false,
            _ => return Err(failed(place, &error.to_string())),
        },
    };
    if is_free {
        Ok(())
    } else {
        Err(Refusal::CopyInTheWay(place.display().to_string()).into())
    }
}

impl Draft {
    /// Begins a copy that will be at `place`.
    pub(super) fn make(place: &Path) -> Result<Self, Stop> {
        check_free(place)?;
        let failed = |error: &io::Error| failed(place, &error.to_string());
        let nameless = || failed(&io::Error::from(io::ErrorKind::InvalidFilename));
        let path = draft_of(place).ok_or_else(nameless)?;
        // What a process left that was killed in the middle.
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(&error)),
            _ => {}
        }
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)
            .map_err(|error| failed(&error))?;
        Ok(Self {
            place: place.to_owned(),
            path,
        })
    }

    /// Returns where the board's file goes.
    pub(super) fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    /// Returns what is said when the board's file could not be copied.
    pub(super) fn failed(&self, fault: &Fault) -> Stop {
        failed(&self.place, &fault.to_string())
    }

    /// Adds what lies beside the board's file, and gives the copy its name.
    /// Returns its bytes.
    pub(super) fn finish(self, home: &Home) -> Result<u64, Stop> {
        self.complete(home)
            .map_err(|error| failed(&self.place, &error.to_string()))
    }

    fn complete(&self, home: &Home) -> io::Result<u64> {
        let mut bytes = fs::metadata(self.database())?.len();
        let keys = self.path.join("keys");
        fs::DirBuilder::new().mode(0o700).create(&keys)?;
        for entry in fs::read_dir(&home.keys)? {
            let entry = entry?;
            if fs::metadata(entry.path())?.is_file() {
                bytes += copy(&entry.path(), &keys.join(entry.file_name()))?;
            }
        }
        bytes += match copy(&home.config, &self.path.join("ringdown.toml")) {
            // Most boards have none.
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            copied => copied?,
        };
        sync(&keys)?;
        sync(&self.path)?;
        // Replaces nothing but a directory that is empty.
        fs::rename(&self.path, &self.place)?;
        match self.place.parent() {
            Some(parent) if parent != Path::new("") => sync(parent)?,
            _ => sync(Path::new("."))?,
        }
        Ok(bytes)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // It is gone if it was renamed; else the next copy there removes it.
        fs::remove_dir_all(&self.path).ok();
    }
}

fn failed(place: &Path, reason: &str) -> Stop {
    Refusal::CopyFailed {
        place: place.display().to_string(),
        reason: reason.to_owned(),
    }
    .into()
}

/// Copies a file for its owner alone, down to the disk; returns its bytes.
fn copy(from: &Path, to: &Path) -> io::Result<u64> {
    let mut source = File::open(from)?;
    let mut copy = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)?;
    let bytes = io::copy(&mut source, &mut copy)?;
    copy.sync_all()?;
    Ok(bytes)
}

/// Flushes the names in a directory.
fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn home(dir: &Path) -> Home {
        let home = Home::of(dir);
        fs::create_dir(&home.keys).unwrap();
        fs::write(home.keys.join("host"), "hush").unwrap();
        home
    }

    #[test]
    fn a_copy_has_its_name_only_when_it_is_whole() {
        let dir = tempfile::tempdir().unwrap();
        let home = home(dir.path());
        let place = dir.path().join("deep/copy");
        let draft = Draft::make(&place).unwrap();
        fs::write(draft.database(), "data").unwrap();
        assert!(!place.exists());
        assert_eq!(draft.finish(&home).unwrap(), 8);
        assert_eq!(fs::read(place.join("keys/host")).unwrap(), b"hush");
        assert_eq!((mode(&place), mode(&place.join("keys"))), (0o700, 0o700));
        assert_eq!(mode(&place.join("keys/host")), 0o600);
        let others = fs::read_dir(place.parent().unwrap()).unwrap().count();
        assert_eq!(others, 1, "no draft is left");
    }

    #[test]
    fn what_is_there_already_stays() {
        let dir = tempfile::tempdir().unwrap();
        let full = dir.path().join("full");
        fs::create_dir(&full).unwrap();
        assert!(check_free(&full).is_ok(), "an empty directory is free");
        fs::write(full.join("diary"), "private").unwrap();
        for taken in [full.clone(), full.join("diary")] {
            let refused = Draft::make(&taken).unwrap_err();
            assert!(matches!(refused, Stop::Refused(Refusal::CopyInTheWay(_))));
        }
    }

    #[test]
    fn a_place_that_cannot_be_looked_into_is_not_called_taken() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("ring");
        std::os::unix::fs::symlink(&place, &place).unwrap();
        let refused = Draft::make(&place).unwrap_err();
        assert!(matches!(refused, Stop::Refused(Refusal::CopyFailed { .. })));
    }

    #[test]
    fn threat_45_a_draft_that_a_killed_process_left_is_cleared_away() {
        let dir = tempfile::tempdir().unwrap();
        let home = home(dir.path());
        let place = dir.path().join("copy");
        let killed = Draft::make(&place).unwrap();
        fs::write(killed.database(), "half").unwrap();
        std::mem::forget(killed);
        assert!(!place.exists());
        let draft = Draft::make(&place).unwrap();
        assert!(!draft.database().exists());
        fs::write(draft.database(), "whole").unwrap();
        draft.finish(&home).unwrap();
        assert_eq!(fs::read(place.join("ringdown.db")).unwrap(), b"whole");
    }
}
