//! Letting somebody in who asked.

use super::{Begin, Deed};
use crate::{app::queue::Decision, domain::account::Transition, term::Key};

/// Lets them in.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('a')],
    label: "a",
    word: "approve",
    help: "Lets them in, at once.",
    is_legal: |subject, powers, _| powers.decide && subject.may(Transition::Approve),
    is_about_last: false,
    begin: |account, _| {
        Begin::decide(account, Decision::Approve, |decided| {
            let handle = &decided.account.handle;
            if decided.on_line {
                format!("{handle} is in.")
            } else {
                format!("{handle} may come in.")
            }
        })
    },
};
