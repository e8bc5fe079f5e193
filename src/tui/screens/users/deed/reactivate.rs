//! Ending a suspension.

use super::{Begin, Deed, Question};
use crate::{
    app::queue::{Decided, Decision},
    domain::account::Transition,
    term::Key,
};

/// Lets them in again.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('u')],
    label: "u",
    word: "let in",
    help: "Ends a suspension.",
    is_legal: |subject, powers, _| powers.manage && subject.may(Transition::Reactivate),
    is_about_last: false,
    begin: |account, _| {
        let said = |decided: &Decided| format!("{} may come in again.", decided.account.handle);
        Begin::decide(account, Decision::Reactivate, said).after(Question {
            title: format!("Let {} in again?", account.handle),
            text: "The suspension ends now. Their invites work again.",
            yes: "let in",
        })
    },
};
