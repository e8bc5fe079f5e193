//! What is worth knowing before deciding about somebody. Hints decide nothing.

use super::look::Powers;
use crate::{
    app::{Ruling, access::judge_email, setting::current},
    domain::{access::Verdict, account::Status},
    store::{self, Read, account::Account},
};

/// Something worth knowing before deciding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Looks like these handles.
    LooksLike(Vec<String>),
    /// Has the address of these.
    AddressKnown(Vec<String>),
    /// Somebody of that handle asked before, and took it back.
    AskedBefore,
    /// Came from where these came from.
    SameSource(Vec<String>),
    /// Shares a key with these, who were shut out.
    KeyOfShutOut(Vec<String>),
    /// Has an address at a domain that lends them to be thrown away.
    Disposable,
    /// Has an address that nobody could register with now.
    AddressRefused,
    /// Was decided about before: by whom, and how.
    DecidedBefore(String),
}

/// Returns what is worth knowing about an account, as far as the actor may see.
pub(super) fn hints(read: &impl Read, account: &Account, powers: Powers) -> Ruling<Vec<Hint>> {
    let mut hints = Vec::new();
    let mut add = |handles: Vec<String>, hint: fn(Vec<String>) -> Hint| {
        if !handles.is_empty() {
            hints.push(hint(handles));
        }
    };
    let skeleton = account.handle.skeleton();
    add(
        store::account::look_alikes(read, &skeleton, account.id)?,
        Hint::LooksLike,
    );
    add(
        store::key::shared_with_shut_out(read, account.id)?,
        Hint::KeyOfShutOut,
    );
    if powers.private {
        add(
            store::account::of_same_address(read, account.id)?,
            Hint::AddressKnown,
        );
        add(
            store::account::from_same_source(read, account.id)?,
            Hint::SameSource,
        );
    }
    let waits = account.status == Status::Pending;
    if let (true, Some(email)) = (waits, &account.email) {
        hints.extend(match judge_email(read, email, &current(read)?)? {
            Verdict::Hint(_) => Some(Hint::Disposable),
            Verdict::Refused(_) => Some(Hint::AddressRefused),
            Verdict::Free => None,
        });
    }
    if waits && store::audit::was_done(read, account.handle.as_str(), "account.withdraw")? {
        hints.push(Hint::AskedBefore);
    }
    if waits && let Some(by) = &account.status_by {
        hints.push(Hint::DecidedBefore(by.clone()));
    }
    Ok(hints)
}
