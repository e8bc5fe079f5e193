//! Taking back what was decided last.

use super::{Begin, Deed, Question};
use crate::{app::queue::Decision, domain::account::Transition, term::Key};

/// Takes the last decision back. While nobody is selected, one's own last one.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('z')],
    label: "z",
    word: "undo",
    help: "Takes the last decision back, for ten minutes.",
    is_legal: |subject, powers, view| {
        let is_open = subject.undo_until.is_some_and(|until| until > view.now);
        powers.manage && is_open && subject.may(Transition::Undo)
    },
    is_about_last: true,
    begin: |account, _| {
        Begin::decide(account, Decision::Undo, super::waits_again).after(Question {
            title: format!("Undo {}?", account.handle),
            text: "What was decided is taken back, and they wait again. A letter that has not \
                   left is cancelled; one that has is followed by a correction.",
            yes: "take back",
        })
    },
};
