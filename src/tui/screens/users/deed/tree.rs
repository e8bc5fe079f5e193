//! Looking at whom somebody let in.

use super::{Begin, Deed};
use crate::{term::Key, tui::screens::invites::tree::TreePage};

/// Opens the branch of the tree that begins with somebody.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('b')],
    label: "b",
    word: "branch",
    help: "Who let them in, and whom they let in; bars them from inviting.",
    is_legal: |_, _, _| true,
    is_about_last: false,
    begin: |account, _| Begin::open(TreePage::new(account.id, account.handle.to_string())),
};
