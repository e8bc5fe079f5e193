//! Where a letter stands, in the words of USERS, MAIL and the commands.

use crate::domain::letter::{Kind, State};

/// What is known of a letter, its moments as they are shown.
#[derive(Clone, Debug, Default)]
pub struct Standing<'a> {
    /// Why the last try failed.
    pub error: Option<&'a str>,
    /// When it left.
    pub sent: Option<String>,
    /// When it is tried next.
    pub next: Option<String>,
}

/// Returns where a letter stands: `queued`, `sent 09:20`, `FAILED: connection
/// refused (retry 09:35)`, `not sent: mail is off`.
pub fn standing(state: State, known: &Standing<'_>) -> String {
    let error = known.error.unwrap_or("no reason given");
    match (state, &known.sent, &known.next) {
        (State::Sent, Some(sent), _) => format!("sent {sent}"),
        (State::Queued, _, Some(next)) if known.error.is_some() => {
            format!("FAILED: {error} (retry {next})")
        }
        (State::Failed, ..) => format!("FAILED: {error}"),
        (State::Off, ..) => "not sent: mail is off".to_owned(),
        (State::Blocked, ..) => "not sent: the board accepts no such address".to_owned(),
        (State::Held, ..) => "held until letters are released".to_owned(),
        (state, ..) => state.to_string(),
    }
}

/// Returns what is said of a letter that was just written.
pub fn written(state: State) -> String {
    format!("Letter: {}.", standing(state, &Standing::default()))
}

/// Returns what a letter is about, in a word or two.
pub const fn about(kind: Kind) -> &'static str {
    match kind {
        Kind::RequestReceived => "request received",
        Kind::RequestWaits => "somebody waits",
        Kind::Approved => "let in",
        Kind::Rejected => "not let in",
        Kind::Reopened => "request reopened",
        Kind::Suspended => "suspended",
        Kind::Reactivated => "reactivated",
        Kind::KeyAdded => "key added",
        Kind::KeyRemoved => "key removed",
        Kind::PasswordChanged => "password changed",
        Kind::FactorChanged => "two-factor changed",
        Kind::RoleChanged => "role changed",
        Kind::Deletion => "account deleted",
        Kind::MoreInformation => "a question",
        Kind::Correction => "correction",
        Kind::ResetCode => "code for a new password",
        Kind::AddressChanged => "address changed",
        Kind::VerifyAddress => "code for the address",
        Kind::AddressInUse => "address used again",
        Kind::Activation => "activation code",
        Kind::RequestAnswered => "an answer",
        Kind::Rang => "somebody rang",
        Kind::Invite => "invite",
        Kind::InviteReminder => "invite ends soon",
        Kind::InviteRedeemed => "invite used",
        Kind::Alert => "alert",
        Kind::Test => "test",
    }
}

/// Asks before the letters of a copy leave.
pub const fn release() -> [&'static str; 4] {
    [
        "Let the letters leave?",
        "People may get them twice if the board it was copied from sent them too.",
        "let them leave",
        "keep them",
    ]
}

/// Ten letters in a row did not leave.
pub fn broken(error: &str) -> String {
    format!("No letter leaves: the last ten tries failed. {error}")
}

/// How the way out is, for whoever types commands.
pub const fn channel(is_on: bool, is_broken: bool) -> &'static str {
    match (is_on, is_broken) {
        (false, _) => "off",
        (true, false) => "on",
        (true, true) => "on, but the last ten tries failed",
    }
}

/// No letter leaves.
pub const fn off() -> &'static str {
    "Mail is off: no letter leaves this board. `ringdown mail status` says why."
}

/// The letters of a copy wait.
pub const fn held() -> &'static str {
    "This board began as a copy: its letters wait until you let them leave (l)."
}

/// The same for whoever types commands.
pub const fn held_for_operators() -> &'static str {
    "This board began as a copy: its letters wait until `ringdown mail release`."
}

/// So many letters of a copy may leave now.
pub fn released(letters: usize) -> String {
    match letters {
        0 => "No letter waited.".to_owned(),
        1 => "1 letter leaves now.".to_owned(),
        letters => format!("{letters} letters leave now."),
    }
}

/// A letter did not leave.
pub fn not_sent(error: &str) -> String {
    format!("The letter did not leave: {error}")
}

/// To the operator, who has no address of their own.
pub const fn whose_test() -> &'static str {
    "Say which sysop gets it: `ringdown mail test HANDLE`."
}

/// A letter has to wait, since nobody carries it.
pub const fn waits() -> &'static str {
    "The letter waits: no mail server is configured, or the board is closing."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_what_became_of_a_letter() {
        let at = |time: &str| Some(time.to_owned());
        let refused = Standing {
            error: Some("connection refused"),
            sent: None,
            next: at("09:35"),
        };
        let sent = Standing {
            sent: at("09:20"),
            ..Standing::default()
        };
        for (state, known, words) in [
            (State::Queued, Standing::default(), "queued"),
            (State::Sent, sent, "sent 09:20"),
            (
                State::Queued,
                refused.clone(),
                "FAILED: connection refused (retry 09:35)",
            ),
            (State::Failed, refused, "FAILED: connection refused"),
            (State::Off, Standing::default(), "not sent: mail is off"),
        ] {
            assert_eq!(standing(state, &known), words);
        }
        assert_eq!(written(State::Queued), "Letter: queued.");
    }
}
