//! Asking an applicant for more, and reading what they answered.

use super::{Begin, Deed};
use crate::{domain::account::Status, term::Key, tui::screens::conversation::Conversation};

/// Opens what was asked and answered, to go on.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('m')],
    label: "m",
    word: "ask",
    help: "Asks them something before you decide, and shows what they answered.",
    is_legal: |subject, powers, _| powers.decide && subject.account.status == Status::Pending,
    is_about_last: false,
    begin: |account, _| Begin::open(Conversation::with(account)),
};
