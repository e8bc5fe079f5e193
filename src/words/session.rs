//! What the interface itself says, whatever screen is open.

use crate::domain::account::Role;

/// Shown before a caller without a sign of life is hung up.
pub fn still_there() -> &'static str {
    "Are you still there? Any key keeps the line; in a minute it is let go."
}

/// To a caller who gave no sign of life.
pub fn idle() -> &'static str {
    "Nobody touched a key for a while, so the line was let go. Call again any time.\n"
}

/// To a caller whose line the board took back.
pub fn line_closed() -> &'static str {
    "This line was closed by the board, or from another call of yours.\n"
}

/// To a caller who left.
pub fn goodbye() -> &'static str {
    "Goodbye, and thank you for calling.\n"
}

/// When a call broke down.
pub fn broke() -> &'static str {
    "That failed on our side, and the sysop will see it in the log. Try again."
}

/// When a paste was longer than any text may be.
pub fn paste_cut() -> &'static str {
    "That was too long to paste whole: only the first 64 KiB are here."
}

/// When a great deal was typed at once where keys are commands.
pub fn burst() -> &'static str {
    "That looked like a paste, so none of the rest was taken for keys."
}

/// Title, consequence and the two keys of the question before leaving.
pub fn leave() -> [&'static str; 4] {
    [
        "Leave?",
        "The line is let go. What you have not sent yet is not kept.",
        "leave",
        "stay",
    ]
}

/// To everybody but staff while the board is looked after.
pub fn only_staff() -> &'static str {
    "This board is being looked after; only staff get in just now."
}

/// What they can do.
pub fn call_later() -> &'static str {
    "Call again later. If you are staff, l logs you in."
}

/// To everybody on line when it begins.
pub fn maintenance_begins(note: &str) -> String {
    match note {
        "" => "From now on only staff get in. You may stay on the line.".to_owned(),
        note => format!("From now on only staff get in, but you may stay: {note}"),
    }
}

/// To everybody on line: what a sysop says, or the operator.
pub fn said(by: Option<&str>, text: &str) -> String {
    format!("{} to everybody: {text}", by.unwrap_or("The operator"))
}

/// To everybody on line when the board is told to stop.
pub fn closing() -> &'static str {
    "The board is closing; call again in a minute."
}

/// On a terminal that is too small to draw on.
pub fn too_small(least: (u16, u16), actual: (u16, u16)) -> String {
    format!(
        "This board needs {}x{}; your terminal is {}x{}.",
        least.0, least.1, actual.0, actual.1
    )
}

/// W64: the store did not answer in time.
pub fn busy() -> &'static str {
    "The board is busy. Press Enter to try again; nothing was lost."
}

/// The disk is full, or the file can't be written.
pub fn cannot_write() -> &'static str {
    "The board can't write to its disk just now. Reading works; nothing was lost. Try later."
}

/// W66: carries the reference under which the log has it.
pub fn wrong(reference: &str) -> String {
    format!("Something went wrong (ref {reference}). Nothing was saved.")
}

/// To whoever has just claimed the board.
pub fn claimed() -> &'static str {
    "You run this board now: s opens the sysop area."
}

/// To whoever was just let in.
pub fn let_in(handle: &str) -> String {
    format!("You are in, {handle}. Welcome.")
}

/// To whoever has just got past the proof of an address, into the queue.
pub const fn waits_now() -> &'static str {
    "Thank you. A sysop will decide now."
}

/// To whoever was just put back into the queue.
pub const fn waits_again() -> &'static str {
    "Your request waits again. A sysop will decide."
}

/// To sysops on line when somebody asks to join.
pub fn asks_to_join(handle: &str) -> String {
    format!("{handle} asks to join.")
}

/// Lines were let go.
pub fn let_go(lines: usize) -> String {
    match lines {
        1 => "That line is let go.".to_owned(),
        lines => format!("{lines} lines are let go."),
    }
}

/// Where the sessions of somebody would stand.
pub const fn not_on_line() -> &'static str {
    "Not on line just now."
}

/// To whoever decides: an applicant answered.
pub fn answered(handle: &str) -> String {
    format!("{handle} answered.")
}

/// To somebody whose role changed while they were on line.
pub fn role(role: Role) -> String {
    match role {
        Role::User => "A sysop changed your role: you are a member like everybody now.".to_owned(),
        Role::Mod | Role::Sysop => format!("A sysop changed your role: you are {role} now."),
    }
}

/// To somebody who is shut out while on line, and whose call ends.
pub fn suspended(reason: Option<&str>) -> String {
    match reason {
        Some(reason) => format!("Your account was suspended: {reason}\nCall again to read more.\n"),
        None => "Your account was suspended. Call again to read more.\n".to_owned(),
    }
}

/// To somebody whose account was deleted while they were on line.
pub const fn deleted() -> &'static str {
    "Your account is deleted, and what it held is wiped. Nobody else can take the handle. \
     Goodbye.\n"
}

/// To somebody whose account no longer exists.
pub fn gone() -> &'static str {
    "Your request is withdrawn, and what you wrote is deleted. Goodbye.\n"
}

/// To sysops on line: the board could not copy itself.
pub fn backup_failed() -> String {
    "The backup failed. `ringdown doctor` says why.".to_owned()
}

/// To sysops on line: something has to be mended.
pub fn doctor_alarmed() -> String {
    "Something is wrong with the board. `ringdown doctor` says what.".to_owned()
}

/// This board began as a copy, and nobody has said that it may go on as one.
pub fn held(copied: &str, invites: usize, letters: bool) -> String {
    let codes = match invites {
        0 => None,
        1 => Some("one code is frozen (INVITES, t)".to_owned()),
        codes => Some(format!("{codes} codes are frozen (INVITES, t)")),
    };
    let letters = letters.then(|| "letters wait (MAIL, l)".to_owned());
    let waits: Vec<_> = codes.into_iter().chain(letters).collect();
    format!(
        "This board began as a copy of {copied}: {}. First make sure that the board it was \
         copied from is off.",
        waits.join(", ")
    )
}
