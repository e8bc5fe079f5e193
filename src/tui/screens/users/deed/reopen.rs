//! Putting a rejected request back into the queue.

use super::{Begin, Deed, Question};
use crate::{app::queue::Decision, domain::account::Transition, term::Key};

/// Puts their request back into the queue.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('o')],
    label: "o",
    word: "reopen",
    help: "Puts a rejected request back into the queue.",
    is_legal: |subject, powers, _| powers.manage && subject.may(Transition::Reopen),
    is_about_last: false,
    begin: |account, _| {
        Begin::decide(account, Decision::Reopen, super::waits_again).after(Question {
            title: format!("Reopen {}?", account.handle),
            text: "The request waits again, and they are told so.",
            yes: "reopen",
        })
    },
};
