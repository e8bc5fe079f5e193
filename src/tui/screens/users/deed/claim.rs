//! Telling the others that one looks after a request, or no longer.

use super::{Begin, Deed, Outcome};
use crate::{domain::account::Status, term::Key};

/// Claims a request for half an hour.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('c')],
    label: "c",
    word: "claim",
    help: "Claims a request for half an hour, as a hint to the others, or gives it up.",
    is_legal: |subject, powers, _| powers.decide && subject.account.status == Status::Pending,
    is_about_last: false,
    begin: |account, _| {
        let (id, handle) = (account.id, account.handle.clone());
        Begin::call(move |bbs, actor| {
            let handle = handle.clone();
            async move {
                Ok(Outcome::Said(match bbs.claim_request(&actor, id).await? {
                    Some(_) => format!("{handle} is yours for half an hour."),
                    None => format!("{handle} is free again."),
                }))
            }
        })
    },
};
