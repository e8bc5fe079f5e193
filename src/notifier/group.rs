//! A program with everything it started: what ends it ends all of it. It waits
//! for nobody.

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Child;

/// The process group of a program, which is killed when this is dropped.
pub(super) struct Group(Option<Pid>);

impl Group {
    /// Takes charge of the group that a child leads and that has not been waited
    /// for.
    pub(super) fn led_by(child: &Child) -> Self {
        let number = child.id().and_then(|number| i32::try_from(number).ok());
        Self(number.and_then(Pid::from_raw))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            // Mostly nobody is left. The system gives the number to nobody else
            // while the group has a member, and not at once when it has none.
            kill_process_group(leader, Signal::KILL).ok();
        }
    }
}
