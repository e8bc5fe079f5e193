//! Notices: what is said around them. What one says itself is the letter's
//! text.

use crate::domain::{
    letter::Kind,
    notice::{Channel, Topic},
};

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
        Topic::Invites => "invites",
        Topic::Board => "the board",
        Topic::Rings => "rings",
    }
}

/// Returns what a topic is about, and when there is news of it.
pub const fn about(topic: Topic) -> &'static str {
    match topic {
        Topic::Requests => {
            "Somebody waits to be let in. The title of every screen says how many, too."
        }
        Topic::Standing => "What staff decided about your account, such as a new role.",
        Topic::Security => {
            "Changes of your keys, password, second factor or address. You always hear of them."
        }
        Topic::Invites => "Somebody came with an invite of yours.",
        Topic::Board => "The board found something wrong with itself that has to be mended.",
        Topic::Rings => {
            "A member rings for a sysop: the bell while you are here, else notice and letter."
        }
    }
}

/// To whoever is on the line while their account is changed elsewhere; nothing
/// for what is no way in.
pub const fn way_in(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::KeyAdded => "A key was added to your account just now. i tells which.",
        Kind::KeyRemoved => "A key was removed from your account just now. i tells which.",
        Kind::PasswordChanged => "The password of your account was changed just now.",
        Kind::FactorChanged => {
            "Two-factor login of your account was changed just now. i tells how."
        }
        Kind::AddressChanged => "The address of your account was changed just now.",
        _ => return None,
    })
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
