//! Whom the board lets in (spec §2). Counting requests and looking up invites
//! happen elsewhere.

use super::account::{Status, named};

named! {
    /// How strangers become members.
    Mode {
        /// Whoever asks is in.
        Open = "open",
        /// Only an invite opens the door.
        InviteOnly = "invite_only",
        /// A sysop reads every request.
        SysopApproved = "sysop_approved",
        /// Nobody comes in.
        Closed = "closed",
    }
}

named! {
    /// What an invite is worth.
    Admission {
        /// Its bearer is in.
        Auto = "auto",
        /// Its bearer waits for a sysop.
        Queue = "queue",
    }
}

/// What the sysop decided about strangers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How strangers become members.
    pub mode: Mode,
    /// Whether an invite spares its bearer the wait for a sysop.
    pub invites_skip_approval: bool,
}

/// What happens to somebody who registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admits {
    /// They are in.
    Active,
    /// They wait for a sysop.
    Pending,
    /// They are sent away, and their code stays unused.
    Refused,
}

impl Rules {
    /// Returns what happens to somebody who comes with an invite that admits so,
    /// or with none.
    pub const fn outcome(self, invite: Option<Admission>) -> Admits {
        match (self.mode, invite) {
            (Mode::Closed, _) | (Mode::InviteOnly, None) => Admits::Refused,
            (_, Some(Admission::Queue)) | (Mode::SysopApproved, None) => Admits::Pending,
            (Mode::Open, _) | (Mode::InviteOnly, Some(Admission::Auto)) => Admits::Active,
            (Mode::SysopApproved, Some(Admission::Auto)) => {
                if self.invites_skip_approval {
                    Admits::Active
                } else {
                    Admits::Pending
                }
            }
        }
    }
}

impl Rules {
    /// Returns what happens to somebody who comes with a certificate that admits
    /// so: only a closed board sends them away.
    pub const fn certified(self, admission: Admission) -> Admits {
        match (self.mode, admission) {
            (Mode::Closed, _) => Admits::Refused,
            (_, Admission::Auto) => Admits::Active,
            (_, Admission::Queue) => Admits::Pending,
        }
    }
}

impl Admits {
    /// Returns where the new account stands, if there is one.
    pub const fn status(self) -> Option<Status> {
        match self {
            Self::Active => Some(Status::Active),
            Self::Pending => Some(Status::Pending),
            Self::Refused => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_modes_is_the_one_of_the_specification() {
        use Admits::{Active, Pending, Refused};
        // No code, a code that admits, a code with admission=queue.
        for (mode, invites_skip_approval, row) in [
            (Mode::Open, true, [Active, Active, Pending]),
            (Mode::Open, false, [Active, Active, Pending]),
            (Mode::SysopApproved, true, [Pending, Active, Pending]),
            (Mode::SysopApproved, false, [Pending, Pending, Pending]),
            (Mode::InviteOnly, true, [Refused, Active, Pending]),
            (Mode::InviteOnly, false, [Refused, Active, Pending]),
            (Mode::Closed, true, [Refused, Refused, Refused]),
            (Mode::Closed, false, [Refused, Refused, Refused]),
        ] {
            let rules = Rules {
                mode,
                invites_skip_approval,
            };
            let columns = [None, Some(Admission::Auto), Some(Admission::Queue)];
            assert_eq!(
                columns.map(|invite| rules.outcome(invite)),
                row,
                "{rules:?}"
            );
        }
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for &mode in Mode::ALL {
            assert_eq!(Mode::named(mode.name()), Some(mode));
        }
        for &admission in Admission::ALL {
            assert_eq!(Admission::named(admission.name()), Some(admission));
        }
    }
}
