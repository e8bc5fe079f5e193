//! What operators and members read from commands.

use std::path::Path;

use super::refusal as sentence;
use crate::domain::refusal::Refusal;

/// Returns the sentence for a refusal, where it is not about the reader but
/// about the account they act on, or names keys that a command line has not.
pub fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NoWayIn => "An account needs a way in: give --key, --password-stdin or \
                              --no-credentials."
            .into(),
        Refusal::KeyTaken => "This key already belongs to an account here.".into(),
        Refusal::KeyYours => "That account has this key already.".into(),
        Refusal::KeysFull => "Ten keys are the most. Remove one first.".into(),
        Refusal::KeyLast => "This is their only way in. Add another key first.".into(),
        Refusal::EmailTaken => "Another account has this address.".into(),
        Refusal::TextNeeded => "Write something.".into(),
        Refusal::HashingBusy => busy(),
        other => sentence(other),
    }
}

/// Returns what to do next, where the sentence leaves it open.
pub const fn hint(refusal: &Refusal) -> Option<&'static str> {
    match refusal {
        Refusal::NoSuchAccount => Some("`user list` shows everybody."),
        Refusal::NoSuchInvite => Some("`invite list` shows them."),
        Refusal::NoSuchSession => Some("`user sessions HANDLE` shows where they are."),
        Refusal::NoSuchKey => Some("`user keys list` shows them."),
        Refusal::NotAllowed => Some("`help` lists what you may do."),
        Refusal::NoSuchRule => Some("`policy KIND list` shows them."),
        Refusal::RuleExists(_) => Some("`policy KIND remove` takes it away."),
        Refusal::LocksOut(_) => Some("--yes makes it so all the same."),
        Refusal::Doubtful(_) => Some("`user approve HANDLE --anyway` lets them in all the same."),
        Refusal::NoAddress => Some("`user edit HANDLE --email ADDRESS` gives it one."),
        _ => None,
    }
}

/// The board did not answer in time.
pub fn busy() -> String {
    "The board is busy, and nothing was changed. Try again in a moment.".into()
}

/// To callers without an account.
pub fn strangers() -> String {
    "Commands are for callers with an account. Call without a command to log in or register.".into()
}

/// To callers whose account is not active.
pub fn applicants() -> String {
    "Until your account is active you may use `help` and `whoami`.".into()
}

/// To the operator, who has no account.
pub fn whose_data() -> String {
    "Say whose: `ringdown user export HANDLE`.".into()
}

/// To whoever asks for a claim line from afar.
pub fn only_the_console() -> String {
    "Only the operator at the machine gets a claim line: `ringdown claim`.".into()
}

/// To whoever wants a copy of the board from afar.
pub fn only_the_machine() -> String {
    "Only the operator at the machine copies the board to a directory: `ringdown backup DIR`."
        .into()
}

/// Beside a copy of the board.
pub fn copied(bytes: u64, place: &Path) -> String {
    format!(
        "{} KiB, checked. `ringdown --data {} serve` serves it.",
        bytes.div_ceil(1024),
        place.display()
    )
}

/// Beside the codes that were thawed.
pub fn thawed(codes: usize) -> String {
    match codes {
        1 => "One code works again.".into(),
        codes => format!("{codes} codes work again."),
    }
}

/// Beside a branch of the tree that is not shown whole.
pub fn branch_goes_on() -> String {
    "The branch goes on; ask for the tree of somebody further in.".into()
}

/// Beside a list of which so many were refused.
pub fn import_refused(refused: usize, partial: bool) -> String {
    let refused = match refused {
        1 => "One was refused".to_owned(),
        refused => format!("{refused} were refused"),
    };
    if partial {
        format!("{refused}; the others are there.")
    } else {
        format!("{refused}, so nobody was made. Mend the list, or leave those out: --partial.")
    }
}

/// A list can't be read.
pub fn open_quote(line: usize) -> String {
    format!("The quote that begins in line {line} is left open.")
}

/// A list does not say what is in it.
pub fn no_heading() -> String {
    "The first line names the columns, `handle` among them; --template prints them.".into()
}

/// A list has a column nobody knows.
pub fn no_such_column(name: &str) -> String {
    format!("There is no column {name:?}; --template prints those there are.")
}

/// A list is longer than any should be.
pub fn list_long(most: usize) -> String {
    format!("A list has {most} accounts at most.")
}

/// There is a sysop.
pub fn claimed() -> String {
    "Somebody runs this board already.".into()
}

/// Beside a code or a line.
pub fn shown_once() -> String {
    "This is shown once; nobody can look it up later.".into()
}

/// Beside a claim line.
pub fn only_this_claim() -> String {
    "Lines printed before it, such as the one at the start, don't work any more.".into()
}

/// A code for a new password goes out.
pub fn reset_sent() -> String {
    "a letter brings the code".into()
}

/// A code for a new password was taken back, if there was one.
pub fn reset_revoked(there_was: bool) -> String {
    if there_was {
        "the code works no longer".into()
    } else {
        "there was no code".into()
    }
}

/// Beside the result of a dry run.
pub fn rehearsal() -> String {
    "A dry run: this would happen, and nothing was changed.".into()
}

/// The text a command reads did not come along.
pub fn input_missing() -> String {
    "The text for this command is missing. Over ssh, pipe it in and write - for the file.".into()
}

/// A quote was left open.
pub fn unfinished() -> String {
    "A quote or backslash is left open.".into()
}

/// A list is empty.
pub fn nothing() -> String {
    "None.".into()
}

/// No setting of that name.
pub fn no_such_setting() -> String {
    "There is no setting of that name.".into()
}

/// No command of that name.
pub fn no_such_command() -> String {
    "There is no command of that name.".into()
}

/// An end that is over already.
pub fn past() -> String {
    "That moment is past.".into()
}

/// Beside the change to open registration.
pub fn anyone_gets_in() -> String {
    "Anyone who can reach this port gets an account now.".into()
}

/// Beside the list of commands.
pub fn more_help() -> String {
    "`help COMMAND` explains one.".into()
}

/// Beside a line for everybody.
pub fn said(screens: usize) -> String {
    match screens {
        0 => "Nobody is on line.\n".into(),
        1 => "On one screen.\n".into(),
        screens => format!("On {screens} screens.\n"),
    }
}

/// Beside the sessions that were ended.
pub fn ended(sessions: usize) -> String {
    match sessions {
        1 => "One session was ended.".into(),
        sessions => format!("{sessions} sessions were ended."),
    }
}
