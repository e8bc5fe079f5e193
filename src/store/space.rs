//! The room a board takes on its disk and what is left there. It reads nothing
//! of the board.

use std::{io, path::Path};

use rustix::fs::statvfs;

/// The room a board takes and has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// Bytes of the board's file, and of what was written since its last
    /// checkpoint.
    pub board_bytes: u64,
    /// Bytes that this user may still write.
    pub free_bytes: u64,
    /// How much of the disk is taken, as `df` says it.
    pub used_percent: u32,
}

impl Space {
    /// Measures it for the board in `file`.
    pub fn around(file: &Path) -> io::Result<Self> {
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        // Without the log nothing was written since the checkpoint.
        let log_bytes = std::fs::metadata(Path::new(&log)).map_or(0, |found| found.len());
        let disk = statvfs(file)?;
        let used = disk.f_blocks.saturating_sub(disk.f_bfree);
        let all = used.saturating_add(disk.f_bavail).max(1);
        let percent = (u128::from(used) * 100).div_ceil(u128::from(all));
        Ok(Self {
            board_bytes: std::fs::metadata(file)?.len().saturating_add(log_bytes),
            free_bytes: disk.f_bavail.saturating_mul(disk.f_frsize),
            used_percent: u32::try_from(percent).unwrap_or(100),
        })
    }
}
