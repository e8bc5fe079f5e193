//! What the machine says of itself when it is asked. Whether that is well, the
//! domain's `health` says.

use std::{io, path::Path};

use crate::store::Space;

/// A machine that boards stand on.
pub trait Machine: Send + Sync {
    /// Returns the room that the board in `file` takes and has on its disk. It
    /// asks the system, which may be slow where the disk is another machine's.
    fn space(&self, file: &Path) -> io::Result<Space>;

    /// Returns the memory that this process has, where that can be known.
    fn resident_mebibytes(&self) -> Option<u32>;
}

/// The machine this process runs on.
#[derive(Clone, Copy, Debug)]
pub struct ThisMachine;

impl Machine for ThisMachine {
    fn space(&self, file: &Path) -> io::Result<Space> {
        Space::around(file)
    }

    /// As Linux tells it.
    fn resident_mebibytes(&self) -> Option<u32> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kibibytes: u32 = line.split_whitespace().next()?.parse().ok()?;
        Some(kibibytes / 1_024)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_takes_some_memory() {
        let mebibytes = ThisMachine.resident_mebibytes();
        assert!(mebibytes.is_some_and(|mebibytes| mebibytes > 0));
    }
}
