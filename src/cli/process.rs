//! What this process may do and show: file modes, core dumps, descriptors. It
//! changes nothing but its own process.

use rustix::process::{
    DumpableBehavior, Resource, Rlimit, geteuid, getrlimit, set_dumpable_behavior, setrlimit, umask,
};
use tracing::warn;

/// Descriptors besides those of the sessions: the listener, the database, the
/// door's waiting lines.
const SPARE: u64 = 200;

/// Descriptors of a session: its socket, and as much again for the door, where
/// one leaves while another comes.
const PER_SESSION: u64 = 2;

/// Keeps what this process writes and remembers from others on this machine:
/// no file is readable by them, and no secret ends up in a core dump.
pub(super) fn harden() {
    umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if let Err(error) = setrlimit(Resource::Core, none) {
        warn!("core dumps stay possible: {error}");
    }
    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        warn!("this process stays open to debuggers: {error}");
    }
}

/// Whether this process is root.
pub(super) fn is_root() -> bool {
    geteuid().is_root()
}

/// Raises the number of descriptors to what `sessions` need, as far as that is
/// allowed, and returns how many sessions there can be.
pub(super) fn make_room_for(sessions: u32) -> u32 {
    let limit = getrlimit(Resource::Nofile);
    let needed = u64::from(sessions) * PER_SESSION + SPARE;
    let allowed = limit.maximum.map_or(needed, |maximum| needed.min(maximum));
    let raised = limit
        .current
        .is_some_and(|current| current < allowed)
        .then(|| {
            let wanted = Rlimit {
                current: Some(allowed),
                ..limit
            };
            setrlimit(Resource::Nofile, wanted)
        });
    match raised {
        Some(Err(error)) => {
            warn!("the limit of open files stays as it is: {error}");
            sessions_in(limit.current.unwrap_or(needed)).min(sessions)
        }
        None | Some(Ok(())) => sessions_in(allowed).min(sessions),
    }
}

/// Returns how many sessions fit into that many descriptors: one at least.
fn sessions_in(descriptors: u64) -> u32 {
    let sessions = descriptors.saturating_sub(SPARE) / PER_SESSION;
    u32::try_from(sessions).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_descriptors_hold_few_sessions() {
        assert_eq!(sessions_in(4_200), 2_000);
        assert_eq!(sessions_in(1_024), 412);
        assert_eq!(sessions_in(64), 1);
    }

    #[test]
    fn a_small_board_needs_no_more_than_it_has() {
        assert_eq!(make_room_for(1), 1);
    }
}
