//! What is said of inviting and of who let whom in.

use super::letter::written;
use crate::domain::letter::State;

/// What stands on a card that somebody is handed.
#[derive(Clone, Debug)]
pub struct CardFacts<'a> {
    /// The board's name.
    pub board: &'a str,
    /// What the inviter has to say; perhaps nothing.
    pub message: &'a str,
    /// The line to type.
    pub ssh: &'a str,
    /// The code.
    pub code: &'a str,
    /// The end of it, if it has one.
    pub until: Option<String>,
    /// The number by which the inviter knows it.
    pub number: &'a str,
}

/// Returns a card, nine lines of it at most.
pub fn card(facts: &CardFacts<'_>) -> String {
    let CardFacts {
        board,
        message,
        ssh,
        code,
        until,
        number,
    } = facts;
    let message: String = message
        .lines()
        .take(2)
        .flat_map(|line| ["  ", line, "\n"])
        .collect();
    let until = until
        .as_ref()
        .map_or_else(String::new, |until| format!("Good until {until}. "));
    format!(
        "\n  {board}: you are invited.\n{message}\n  \
         Type in a terminal:  {ssh}\n  or use the code:     {code}\n\n  {until}({number})\n"
    )
}

/// Returns how a list tells codes apart; one that goes by letter was shown to
/// nobody.
pub fn hint(symbols: Option<&str>) -> String {
    symbols.map_or_else(|| "mail".to_owned(), |symbols| format!("…{symbols}"))
}

/// An invite went by letter, which stands there; to somebody who may not know
/// whose letter it is that is not said.
pub fn by_letter(number: &str, letter: Option<State>) -> String {
    let letter = letter.map_or_else(String::new, |state| format!(" {}", written(state)));
    format!("{number} goes by letter; nobody else sees its code.{letter}")
}

/// Where an invite is to go by letter, and nowhere.
pub const fn needs_address() -> &'static str {
    "Which address does it go to?"
}

/// Returns what is known of a code.
pub fn code(symbols: Option<&str>) -> String {
    symbols.map_or_else(
        || "only in the letters".to_owned(),
        |symbols| format!("ends in …{symbols}"),
    )
}

/// Returns who let somebody in, and who let those in.
pub fn let_in_by(above: &[&str]) -> String {
    match above {
        [] => "Came without an invite.".to_owned(),
        [one] => format!("Let in by {one}."),
        [one, rest @ ..] => format!("Let in by {one}, let in by {}.", rest.join(", by ")),
    }
}

/// Returns who barred somebody from inviting, and why.
pub fn barred_by(by: &str, reason: &str) -> String {
    format!("Barred from inviting by {by}: {reason}")
}

/// Above a branch that is not shown whole.
pub fn branch_goes_on() -> String {
    "The branch goes on; Enter on somebody shows theirs.".to_owned()
}

/// Somebody was barred from inviting, and so many of their codes were revoked.
pub fn barred(handle: &str, revoked: usize) -> String {
    match revoked {
        0 => format!("{handle} may not invite any more."),
        revoked => format!("{handle} may not invite any more; {}.", codes(revoked)),
    }
}

/// Somebody may invite again.
pub fn unbarred(handle: &str) -> String {
    format!("{handle} may invite again.")
}

/// So many codes of somebody were revoked.
pub fn revoked_all(handle: &str, revoked: usize) -> String {
    format!("{handle}: {}.", codes(revoked))
}

fn codes(revoked: usize) -> String {
    match revoked {
        0 => "no code was out".to_owned(),
        1 => "one code was revoked".to_owned(),
        revoked => format!("{revoked} codes were revoked"),
    }
}
