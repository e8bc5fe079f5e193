//! Why a command did not do what it was asked for: its exit and its sentence.

use super::Exit;
use crate::{
    app::{Broken, Stop},
    domain::refusal::Refusal,
    store::Fault,
    words,
};

/// Why a command did not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) sentence: String,
    pub(super) hint: Option<&'static str>,
}

impl Failure {
    /// Says so in a sentence.
    pub(super) const fn new(exit: Exit, sentence: String) -> Self {
        Self {
            exit,
            sentence,
            hint: None,
        }
    }

    /// There is no such thing.
    pub(super) const fn not_found(sentence: String, hint: &'static str) -> Self {
        Self {
            exit: Exit::NotFound,
            sentence,
            hint: Some(hint),
        }
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(refusal) => Self {
                exit: refused(&refusal),
                sentence: words::command::refusal(&refusal),
                hint: words::command::hint(&refusal),
            },
            Stop::Broken(Broken { fault, reference }) => Self {
                exit: broken(&fault),
                sentence: match fault {
                    Fault::Busy | Fault::Closed => words::command::busy(),
                    Fault::Full | Fault::ReadOnly => words::session::cannot_write().to_owned(),
                    _ => words::session::wrong(&reference),
                },
                hint: None,
            },
        }
    }
}

const fn refused(refusal: &Refusal) -> Exit {
    match refusal {
        Refusal::Conflict { .. } | Refusal::SettingChanged { .. } | Refusal::HasRole(_) => {
            Exit::Conflict
        }
        Refusal::NoSuchAccount
        | Refusal::NoSuchInvite
        | Refusal::NoSuchKey
        | Refusal::NoSuchSession
        | Refusal::NoSuchLetter
        | Refusal::NoSuchRule
        | Refusal::Gone => Exit::NotFound,
        Refusal::NoSuchSubject(_) | Refusal::NoSuchEffect(_) => Exit::Usage,
        Refusal::HashingBusy => Exit::Busy,
        Refusal::CopyFailed { .. } | Refusal::NotMended(_) => Exit::Fault,
        _ => Exit::Refused,
    }
}

const fn broken(fault: &Fault) -> Exit {
    match fault {
        Fault::Busy | Fault::Closed => Exit::Busy,
        _ => Exit::Fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{account::Status, clock::Timestamp};

    #[test]
    fn every_way_to_fail_has_its_exit() {
        let conflict = Refusal::Conflict {
            handle: "ada".into(),
            status: Status::Active,
            by: None,
            at: Timestamp::UNIX_EPOCH,
            now: Timestamp::UNIX_EPOCH,
        };
        for (stop, exit) in [
            (Stop::from(conflict), Exit::Conflict),
            (Refusal::NoSuchAccount.into(), Exit::NotFound),
            (Refusal::Gone.into(), Exit::NotFound),
            (Refusal::NotAllowed.into(), Exit::Refused),
            (Refusal::LastSysop.into(), Exit::Refused),
            (Refusal::HashingBusy.into(), Exit::Busy),
            (Fault::Busy.into(), Exit::Busy),
            (Fault::Full.into(), Exit::Fault),
            (Fault::Corrupt("page 7".into()).into(), Exit::Fault),
        ] {
            assert_eq!(Failure::from(stop.clone()).exit, exit, "{stop:?}");
        }
    }
}
