//! The keys of the USERS tab.

use super::deed::{
    Deed, activation, approve, ask, claim, delete, edit, factor, note, reactivate, reject, reopen,
    sessions, suspend, talk, undo, waive,
};
use crate::{term::Key, tui::Bind};

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Does something to the selected account.
    Do(&'static Deed),
    /// Marks the selected request, or takes the mark away.
    Mark,
    /// Opens the question whether all who are marked are let in.
    ApproveMarked,
    /// Opens the question how all who are marked are rejected.
    RejectMarked,
    /// Opens the card for a new account.
    New,
    /// Opens the page of one person.
    Profile,
    /// Narrows the list.
    Find,
    /// To the filter at the left.
    Left,
    /// To the filter at the right.
    Right,
}

/// What each key does, most useful first.
pub(super) const KEYS: &[Bind<Act>] = &[
    Bind::new(
        &[Key::Char('a')],
        "a",
        "approve",
        Act::ApproveMarked,
        "Lets in all who are marked, after a question.",
    ),
    Bind::new(
        &[Key::Char('r')],
        "r",
        "reject",
        Act::RejectMarked,
        "Says no to all who are marked, after asking how.",
    ),
    approve::DEED.bind(Act::Do(&approve::DEED)),
    reject::DEED.bind(Act::Do(&reject::DEED)),
    ask::DEED.bind(Act::Do(&ask::DEED)),
    suspend::DEED.bind(Act::Do(&suspend::DEED)),
    reactivate::DEED.bind(Act::Do(&reactivate::DEED)),
    reopen::DEED.bind(Act::Do(&reopen::DEED)),
    activation::DEED.bind(Act::Do(&activation::DEED)),
    waive::DEED.bind(Act::Do(&waive::DEED)),
    undo::DEED.bind(Act::Do(&undo::DEED)),
    note::DEED.bind(Act::Do(&note::DEED)),
    Bind::new(
        &[Key::Char('v'), Key::Enter],
        "v",
        "profile",
        Act::Profile,
        "Everything about one person (Enter too).",
    ),
    edit::DEED.bind(Act::Do(&edit::DEED)),
    talk::DEED.bind(Act::Do(&talk::DEED)),
    factor::DEED.bind(Act::Do(&factor::DEED)),
    claim::DEED.bind(Act::Do(&claim::DEED)),
    sessions::DEED.bind(Act::Do(&sessions::DEED)),
    delete::DEED.bind(Act::Do(&delete::DEED)),
    Bind::quiet(
        &[Key::Char(' ')],
        "Space",
        Act::Mark,
        "Marks a request, so that a and r are about all marked; Esc takes the marks away.",
    ),
    Bind::new(
        &[Key::Char('/')],
        "/",
        "find",
        Act::Find,
        "Narrows by the beginning of a handle or address; Esc shows all again.",
    ),
    Bind::new(
        &[Key::Char('+')],
        "+",
        "new",
        Act::New,
        "Makes an account: with their key, or for them to choose a way in.",
    ),
    Bind::quiet(&[Key::Left], "←", Act::Left, "The filter before."),
    Bind::quiet(&[Key::Right], "→", Act::Right, "The next filter."),
];
