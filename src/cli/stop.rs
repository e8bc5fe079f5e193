//! The early end of a command of the executable: an exit code and one line for
//! the operator. The words are in `words::start`.

use std::{io, path::Path};

use crate::{
    command::Exit,
    config::ConfigError,
    ssh::{BindError, HostKeyError},
    store::{Fault, OpenError},
    words::start,
};

/// The end of a command before it was done.
#[derive(Debug)]
pub(super) struct Stop {
    /// How it ended.
    pub(super) exit: Exit,
    /// One line that says what, and how to mend it.
    pub(super) sentence: String,
}

impl Stop {
    /// Ends because something broke.
    pub(super) const fn fault(sentence: String) -> Self {
        Self {
            exit: Exit::Fault,
            sentence,
        }
    }

    /// Ends because the command line or a setting makes no sense.
    pub(super) const fn usage(sentence: String) -> Self {
        Self {
            exit: Exit::Usage,
            sentence,
        }
    }

    /// Ends because another process is in the way.
    pub(super) const fn busy(sentence: String) -> Self {
        Self {
            exit: Exit::Busy,
            sentence,
        }
    }

    /// Ends because there is no board.
    pub(super) fn no_board(directory: &Path) -> Self {
        Self {
            exit: Exit::NotFound,
            sentence: start::no_board(directory),
        }
    }

    /// Ends because the data directory can't be used.
    pub(super) fn data(directory: &Path, reason: &io::Error) -> Self {
        Self::fault(start::data_unusable(directory, &reason.to_string()))
    }

    /// Ends because the database can't be opened.
    pub(super) fn database(file: &Path, error: &OpenError) -> Self {
        match error {
            OpenError::Missing => Self::no_board(file.parent().unwrap_or(file)),
            OpenError::Foreign => Self::fault(start::database_foreign(file)),
            OpenError::Schema { .. } => Self::fault(start::database_of_other_version(file)),
            OpenError::Fault(Fault::Corrupt(what)) => {
                Self::fault(start::database_damaged(file, what))
            }
            OpenError::Io(_) | OpenError::Fault(_) => {
                Self::fault(start::database_unusable(file, &error.to_string()))
            }
        }
    }
}

impl From<ConfigError> for Stop {
    fn from(error: ConfigError) -> Self {
        Self::usage(format!("{error}."))
    }
}

impl From<HostKeyError> for Stop {
    fn from(error: HostKeyError) -> Self {
        Self::fault(error.sentence())
    }
}

impl From<BindError> for Stop {
    fn from(BindError { address, reason }: BindError) -> Self {
        Self::fault(match reason.kind() {
            io::ErrorKind::AddrInUse => start::port_in_use(address),
            io::ErrorKind::PermissionDenied => start::port_forbidden(address),
            _ => start::address_unusable(address, &reason.to_string()),
        })
    }
}
