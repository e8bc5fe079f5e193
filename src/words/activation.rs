//! What is said of accounts that were made for somebody, and of the codes that
//! activate them.

use crate::domain::{account::Role, invite::State};

/// For whom an invite is that activates an account.
pub fn of(handle: &str) -> String {
    format!("{handle}, whose account it activates")
}

/// How such an account came to be, in a column.
pub const fn via() -> &'static str {
    "prepared"
}

/// To whoever comes with the code of an account.
pub fn made_for_you(handle: &str, by: Option<&str>) -> String {
    let by = by.unwrap_or("whoever runs this board");
    format!("The account {handle} was made for you by {by}. Choose your way in, and it is yours.")
}

/// How somebody comes in whose account waits for its code.
pub const fn waits() -> &'static str {
    "Your account was made for you, and waits for the code that activates it. Call with the line \
     that you got with it."
}

/// What an account waits for, that came at a certain time; what whoever comes
/// will be, if that is more than a user.
pub fn came(at: &str, role: Role) -> String {
    match role {
        Role::User => format!("made {at}; waits for whoever it is for"),
        Role::Mod | Role::Sysop => format!("made {at} for a {role}; waits for whoever it is for"),
    }
}

/// Where the code of an account stands: it has none.
pub const fn none() -> &'static str {
    "none yet"
}

/// Where the code of an account stands, with its last symbols if it was shown,
/// and its end.
pub fn standing(state: State, hint: Option<&str>, until: Option<&str>) -> String {
    let code = match hint {
        Some(symbols) => format!("…{symbols}"),
        None => "by letter".to_owned(),
    };
    match (state, until) {
        (State::Live, Some(until)) => format!("{code}, until {until}"),
        (State::Live, None) => code,
        (State::Frozen | State::Used | State::Expired | State::Revoked, _) => {
            format!("{code}, {state}")
        }
    }
}

/// What a code of an account is.
pub const fn what_a_code_does() -> &'static str {
    "Whoever has it chooses key or password, once, and is in. A code from before works no longer."
}

/// What is left without a code.
pub const fn without_a_code() -> &'static str {
    "The account stays, and waits until you make another."
}

/// A new account for somebody who chooses their way in.
pub const fn to_be_chosen() -> &'static str {
    "It waits until they come with the code you make next. The handle stays for good."
}

/// A new account with a key.
pub const fn vouched() -> &'static str {
    "Paste their public key, for which you vouch. They are in with their next call."
}

/// What became of the letter that was to bring a code: there is no address.
pub const fn no_address() -> &'static str {
    "no letter: no address"
}

/// The same: there is a key already.
pub const fn no_need() -> &'static str {
    "no letter: they have a key"
}

/// A code was taken back, if there was one.
pub const fn revoked(there_was: bool) -> &'static str {
    if there_was {
        "the code works no longer"
    } else {
        "there was no code"
    }
}
