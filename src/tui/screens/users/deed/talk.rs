//! Talking with an applicant who is on line.

use super::{Begin, Deed};
use crate::{domain::account::Status, term::Key, tui::screens::talk::Talk};

/// Rings an applicant who is on line.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('l')],
    label: "l",
    word: "talk",
    help: "Rings a caller in the waiting room, to talk with them now.",
    is_legal: |subject, powers, _| {
        let waits = subject.account.status == Status::Pending;
        powers.decide && waits && subject.is_on_line
    },
    is_about_last: false,
    begin: |account, _| Begin::open(Talk::ring(account)),
};
