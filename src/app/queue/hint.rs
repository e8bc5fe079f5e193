//! What is worth knowing before deciding about somebody. Hints decide nothing.

use super::{decision::Reason, look::Powers};
use crate::{
    app::{Ruling, access::judge_email, record::object, setting::current},
    domain::{access::Verdict, account::Status, clock::Timestamp},
    store::{self, Fault, Read, account::Account, audit::Filter},
};

/// How far back a rejection is looked for: more acts than a request sees.
const RECORDS: u32 = 100;

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
    /// Was turned down before, and waits again.
    DecidedBefore(Earlier),
}

/// A rejection that was reopened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Who rejected.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why, if one was given.
    pub reason: Option<Reason>,
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
    if waits && let Some(earlier) = earlier(read, account)? {
        hints.push(Hint::DecidedBefore(earlier));
    }
    Ok(hints)
}

/// Returns the last rejection of an account that nobody took back.
fn earlier(read: &impl Read, account: &Account) -> Result<Option<Earlier>, Fault> {
    let filter = Filter {
        name: Some(account.handle.to_string()),
        kind: Some("account".to_owned()),
        ..Filter::default()
    };
    let object = object(account.id, &account.handle);
    let mut was_taken_back = false;
    // Newest first. A handle may have been somebody else's before.
    for act in store::audit::page(read, &filter, None, RECORDS)? {
        if act.object != object {
            continue;
        }
        match act.action.as_str() {
            "account.undo" => was_taken_back = true,
            "account.approve" => was_taken_back = false,
            "account.reject" if !std::mem::take(&mut was_taken_back) => {
                let reason = act.reason.as_deref().and_then(Reason::named);
                return Ok(Some(Earlier {
                    by: act.actor,
                    at: act.at,
                    reason: reason.filter(|reason| *reason != Reason::Unspecified),
                }));
            }
            _ => {}
        }
    }
    Ok(None)
}
