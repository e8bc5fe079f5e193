//! Where somebody is on line.

use super::{Begin, Deed};
use crate::{term::Key, tui::screens::sessions::Sessions};

/// Opens where they are on line.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('x')],
    label: "x",
    word: "sessions",
    help: "Where they are on line, and hanging up there.",
    is_legal: |subject, powers, _| powers.manage && subject.is_on_line,
    is_about_last: false,
    begin: |account, _| Begin::open(Sessions::of(account)),
};
