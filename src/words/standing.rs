//! What somebody reads whose account does not let them in, or not yet. The
//! screens and the commands say it with the same words.

use crate::domain::account::Status;

/// Returns in a sentence what a status means for whoever has it.
pub fn standing(status: Status) -> &'static str {
    match status {
        Status::Unverified => "Your address must be proven before you can come in.",
        Status::Pending => "A sysop has not decided about your request yet.",
        Status::Active => "You are in.",
        Status::Rejected => "This request was not accepted.",
        Status::Suspended => "This account is suspended.",
        Status::Deleted => "This account is gone.",
    }
}

/// To staff: how a request was decided about before it was reopened.
pub fn rejected_before(by: &str, at: &str, reason: Option<&str>) -> String {
    let reason = reason.unwrap_or("no reason given");
    format!("{by} rejected this on {at}: {reason}")
}

/// To somebody whose suspension ends by itself.
pub fn suspended_until(end: &str) -> String {
    format!("This account is suspended until {end}.")
}

/// To an applicant: what has happened so far, and what happens next.
pub fn asked(ago: &str, sysop: Option<&str>) -> String {
    match sysop {
        Some(sysop) => {
            format!("You asked to join {ago}. A sysop has been told; {sysop} is on line.")
        }
        None => format!(
            "You asked to join {ago}. No sysop is on line now; the next one who calls is told \
             at once."
        ),
    }
}

/// To an applicant whom a sysop looks at once more.
pub fn reopened(ago: &str, sysop: Option<&str>) -> String {
    match sysop {
        Some(sysop) => format!("Your request was reopened {ago}; {sysop} is on line."),
        None => format!("Your request was reopened {ago}. No sysop is on line now."),
    }
}

/// How an applicant comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayBack {
    /// By a key.
    Key,
    /// By handle and password.
    Password,
}

/// To an applicant: that they need not stay.
pub fn may_stay(back: WayBack) -> &'static str {
    match back {
        WayBack::Key => {
            "You may stay on the line: the moment you are let in, this room becomes the main \
             menu. Or hang up and call again: your key will find your place."
        }
        WayBack::Password => {
            "You may stay on the line: the moment you are let in, this room becomes the main \
             menu. Or hang up and call again: your handle and password will find your place."
        }
    }
}

/// Title, consequence and the two keys of the question before withdrawing.
pub fn withdraw() -> [&'static str; 4] {
    [
        "Withdraw your request?",
        "Request and account are removed. Your handle, your address and the invite, if you \
         came with one, are free again. Then the line is let go.",
        "withdraw",
        "keep",
    ]
}
