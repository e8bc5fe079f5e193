//! The data directory: that it is there, and that one process has it. What is
//! in it is opened elsewhere.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::Path,
};

use rustix::{
    fs::{FlockOperation, OFlags, flock},
    process::geteuid,
};

/// Held while this process has the board open; let go when dropped, and by the
/// system if the process is killed.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Whether the board was free.
#[derive(Debug)]
pub(super) enum Locked {
    /// It is ours now.
    Ours(Lock),
    /// Another process has it: its process id, if it could be read.
    Theirs(Option<u32>),
}

/// Makes the data directory if it is missing, for its owner alone.
pub(super) fn make(directory: &Path) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
}

/// Refuses a directory that others own or may write to.
pub(super) fn check_own(directory: &Path) -> io::Result<()> {
    let found = fs::symlink_metadata(directory)?;
    let ours = found.is_dir() && found.uid() == geteuid().as_raw() && found.mode() & 0o022 == 0;
    if ours {
        Ok(())
    } else {
        Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            format!("{} is not ours alone", directory.display()),
        ))
    }
}

/// Tries to take the lock in the file at `path`, and in no other: whoever may
/// put a link there could have the file behind it emptied.
pub(super) fn lock(path: &Path) -> io::Result<Locked> {
    let mut file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(rustix::io::Errno::WOULDBLOCK) => return Ok(Locked::Theirs(holder(&file))),
        Err(error) => return Err(error.into()),
    }
    file.set_len(0)?;
    writeln!(file, "{}", std::process::id())?;
    Ok(Locked::Ours(Lock { _file: file }))
}

/// Reads the process id that the holder wrote.
fn holder(file: &File) -> Option<u32> {
    let mut text = String::new();
    // A process id has ten digits at most.
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_has_the_board_and_others_learn_which() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("deep/down");
        make(&data).unwrap();
        let path = data.join("ringdown.lock");
        let Locked::Ours(ours) = lock(&path).unwrap() else {
            panic!("nobody else is here");
        };
        assert!(matches!(
            lock(&path).unwrap(),
            Locked::Theirs(Some(id)) if id == std::process::id()
        ));
        drop(ours);
        assert!(matches!(lock(&path).unwrap(), Locked::Ours(_)));
    }
}
