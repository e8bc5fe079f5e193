//! Notices: what is said around them. What one says itself is the letter's
//! text.

use crate::domain::notice::{Channel, Topic};

/// In the title of every screen: how many are not read.
pub fn unread(notices: u32) -> Option<String> {
    match notices {
        0 => None,
        1 => Some("1 notice".to_owned()),
        notices => Some(format!("{notices} notices")),
    }
}

/// Where there are none.
pub const fn none() -> &'static str {
    "Nothing yet. What is decided about your account and what changes in it is told here."
}

/// Returns a topic in a word or two.
pub const fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Requests => "requests",
        Topic::Standing => "decisions",
        Topic::Security => "ways in",
        Topic::Board => "the board",
    }
}

/// Returns what a topic is about, and when there is news of it.
pub const fn about(topic: Topic) -> &'static str {
    match topic {
        Topic::Requests => {
            "Somebody waits to be let in. How many wait stands in the title of every screen, \
             so that a notice says it twice."
        }
        Topic::Standing => "What staff decided about your account, such as a new role.",
        Topic::Security => {
            "Your keys, password, second factor or address were changed. You always hear of that, so that \
             nobody can do it behind your back."
        }
        Topic::Board => "The board found something wrong with itself that has to be mended.",
    }
}

/// Returns how a way is called.
pub const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Notice => "notice",
        Channel::Letter => "letter",
        Channel::Bell => "bell",
    }
}

/// Under the choices of somebody who has no address.
pub const fn no_address() -> &'static str {
    "Letters need an address: Account, e."
}
