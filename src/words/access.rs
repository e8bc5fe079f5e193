//! What sysops read about access rules.

use crate::domain::{
    access::{Crowd, Effect, Ground, Hits, Kind, Verdict},
    refusal::LockedOut,
};

/// The value is none of its kind.
pub const fn not_a_value(kind: Kind) -> &'static str {
    match kind {
        Kind::Handle => {
            "Handles have 2-20 letters, digits, - or _; they begin with a letter and end with a \
             letter or digit."
        }
        Kind::Email => "That doesn't look like an e-mail address.",
        Kind::Domain => "That isn't the name of a domain. They look like example.org.",
        Kind::Source => {
            "That is no network. They look like 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32."
        }
        Kind::Certificate => {
            "Certificates are known by a key id, or by a number such as serial:17."
        }
    }
}

/// Rules of the kind do other things.
pub fn not_an_effect(kind: Kind) -> String {
    let effects: Vec<_> = kind.effects().iter().map(|effect| effect.name()).collect();
    format!("A rule about a {kind} says: {}.", effects.join(" or "))
}

/// The rule would keep out whom it should not.
pub const fn locks_out(who: LockedOut) -> &'static str {
    match who {
        LockedOut::You => "That would keep you out: you are calling from there.",
        LockedOut::ThisMachine => {
            "That would keep out callers at the board's own machine; its command line goes on \
             working."
        }
    }
}

/// Returns how rules of a kind are called together.
pub const fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Handle => "Handles",
        Kind::Email => "Addresses",
        Kind::Domain => "Domains",
        Kind::Source => "Sources",
        Kind::Certificate => "Certificates",
    }
}

/// Returns what an effect means, in a sentence.
pub const fn meaning(effect: Effect, kind: Kind) -> &'static str {
    match (effect, kind) {
        (Effect::Reserved, _) => {
            "Nobody registers with it or what looks like it; a sysop may give it to somebody."
        }
        (Effect::Banned, Kind::Handle) => "Nobody gets it, or what looks like it.",
        (Effect::Banned, Kind::Domain) => {
            "Nobody registers with an address there or below, or changes theirs to one."
        }
        (Effect::Banned, Kind::Certificate) => {
            "It lets nobody in any more; whoever is in with it stays until they hang up."
        }
        (Effect::Banned, _) => {
            "Nobody registers with it or changes theirs to it, whatever stands behind a +."
        }
        (Effect::Disposable, _) => "Whoever decides about a request is told, and nothing else.",
        (Effect::Denied, _) => {
            "Callers from there get no answer; calls from there end now, all but yours."
        }
        (Effect::Allowed, _) => {
            "With one such rule or more, callers from anywhere else get no answer."
        }
    }
}

/// Where there are no rules of the kind.
pub const fn none(kind: Kind) -> &'static str {
    match kind {
        Kind::Handle => {
            "No rules about handles. n reserves or bans one; names of the house, such as sysop, \
             are reserved anyway."
        }
        Kind::Email => "No address is banned. n bans one.",
        Kind::Domain => {
            "No rules about domains. n bans one, or marks it as disposable; the settings \
             email_allow_domains and email_deny_domains hold besides."
        }
        Kind::Source => "No rules about networks: callers come from anywhere. n makes one.",
        Kind::Certificate => {
            "No certificate is banned. n bans one by its key id or its serial number; which \
             authorities are trusted is the setting trusted_user_cas."
        }
    }
}

/// Over the rules about sources, while some allow.
pub const fn exclusive() -> &'static str {
    "Only callers from the allowed networks get in."
}

/// A rule was made.
pub fn made(number: &str) -> String {
    format!("{number} holds from now on.")
}

/// A rule was taken away.
pub fn gone(number: &str) -> String {
    format!("{number} is gone.")
}

/// What follows when a rule is taken away.
pub const fn removed(effect: Effect, kind: Kind) -> &'static str {
    match (effect, kind) {
        (Effect::Reserved | Effect::Banned, Kind::Certificate) => "It lets its bearer in again.",
        (Effect::Reserved | Effect::Banned, Kind::Handle) => "Whoever asks for it may have it.",
        (Effect::Reserved | Effect::Banned, _) => "Callers may register with it again.",
        (Effect::Disposable, _) => "Nobody is told about such addresses any more.",
        (Effect::Denied, _) => "Callers from there get an answer again.",
        (Effect::Allowed, _) => {
            "Callers from there get in only if nothing else keeps them out; with the last such \
             rule gone, callers come from anywhere."
        }
    }
}

/// Whom a change of the rules would hit.
pub fn hits(hits: &Hits) -> String {
    let parts = [
        crowd(["account", "accounts"], &hits.accounts),
        crowd(["request", "requests"], &hits.requests),
        crowd(["call", "calls"], &hits.sessions),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    let mut said = match parts.as_slice() {
        [] => return "It hits nobody who is known here.".to_owned(),
        parts => format!("It hits {}.", parts.join(", ")),
    };
    if hits.accounts.count + hits.requests.count > 0 {
        said.push_str(" Accounts and requests that are there stay.");
    }
    if hits.sessions.count > 0 {
        said.push_str(" The calls end.");
    }
    said
}

/// Returns how many people there are, and who the first of them are.
fn crowd([one, many]: [&str; 2], crowd: &Crowd) -> Option<String> {
    let names = crowd.names.join(", ");
    let more = if crowd.names.len() < crowd.count {
        ", …"
    } else {
        ""
    };
    match (crowd.count, names.as_str()) {
        (0, _) => None,
        (1, "") => Some(format!("1 {one}")),
        (1, name) => Some(format!("1 {one} ({name})")),
        (count, "") => Some(format!("{count} {many}")),
        (count, names) => Some(format!("{count} {many} ({names}{more})")),
    }
}

/// What the board says about something, and why.
pub fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Free => "free: nothing is against it".to_owned(),
        Verdict::Hint(why) => format!("free, but known as disposable: {}", ground(why)),
        Verdict::Refused(why) => format!("refused: {}", ground(why)),
    }
}

/// Returns what a verdict rests on.
fn ground(ground: &Ground) -> String {
    match ground {
        Ground::Rule { id, by, reason, .. } if reason.is_empty() => format!("rule-{id} of {by}"),
        Ground::Rule { id, by, reason, .. } => format!("rule-{id} of {by}, {reason}"),
        Ground::NotAllowed => "others are allowed, and it is not".to_owned(),
        Ground::Setting(key) => format!("the setting {key}"),
        Ground::House => "a name of the house".to_owned(),
        Ground::Known => "every board knows it".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_a_rule_hits_is_counted_and_a_few_are_named() {
        let crowd = |count: usize, names: &[&str]| Crowd {
            count,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let mut whom = Hits::default();
        assert_eq!(hits(&whom), "It hits nobody who is known here.");
        whom.accounts = crowd(7, &["ada", "bob"]);
        whom.requests = crowd(1, &["newbie"]);
        whom.sessions = crowd(2, &[]);
        assert_eq!(
            hits(&whom),
            "It hits 7 accounts (ada, bob, …), 1 request (newbie), 2 calls. Accounts and \
             requests that are there stay. The calls end."
        );
    }
}
