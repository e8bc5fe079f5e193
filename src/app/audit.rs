//! Reading who did what. It writes nothing: every use case writes its own
//! record down.

use super::{Bbs, Ruling, authorize, setting::current};
use crate::{
    domain::{actor::Actor, id::AuditId, policy::Capability},
    store::{
        self, Read,
        audit::{Filter, Record},
    },
};

/// Returns the filter for what somebody typed: a handle, a setting, `letter-7`,
/// `inv-1042` or only `1042`, or with the kind before it, `setting site_name`.
pub fn about(text: &str) -> Filter {
    let text = text.trim();
    let (kind, name) = match text.split_once(' ') {
        Some((kind, rest)) => (Some(kind), rest.rsplit(' ').next().unwrap_or(rest)),
        None => (None, text),
    };
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
    let name = match kind {
        _ if name.is_empty() => None,
        None if is_number => Some(format!("inv-{name}")),
        _ => Some(name.to_owned()),
    };
    Filter {
        name,
        kind: kind.map(str::to_owned),
        ..Filter::default()
    }
}

/// What is new for somebody who follows the records.
#[derive(Clone, Debug)]
pub struct Fresh {
    /// What was written down, oldest first.
    pub records: Vec<Record>,
    /// From where on to ask next.
    pub read_to: AuditId,
}

impl Bbs {
    /// Returns a page of records, newest first.
    pub async fn list_audit(
        &self,
        actor: &Actor,
        filter: &Filter,
        before: Option<AuditId>,
        rows: u32,
    ) -> Ruling<Vec<Record>> {
        let (actor, filter) = (actor.clone(), filter.clone());
        self.ask(move |view| {
            may_read(view, &actor)?;
            Ok(store::audit::page(view, &filter, before, rows)?)
        })
        .await
    }

    /// Returns what was written down after a record, so many at most.
    pub async fn audit_after(
        &self,
        actor: &Actor,
        filter: &Filter,
        id: AuditId,
        rows: u32,
    ) -> Ruling<Fresh> {
        let (actor, filter) = (actor.clone(), filter.clone());
        self.ask(move |view| {
            may_read(view, &actor)?;
            let records = store::audit::after(view, &filter, id, rows)?;
            let read_to = match records.last() {
                Some(last) if u32::try_from(records.len()) == Ok(rows) => last.id,
                // Whatever else there is, the filter does not want it.
                _ => store::audit::latest(view)?,
            };
            Ok(Fresh { records, read_to })
        })
        .await
    }

    /// Returns the number of the latest record, from which on to follow them.
    pub async fn latest_audit(&self, actor: &Actor) -> Ruling<AuditId> {
        let actor = actor.clone();
        self.ask(move |view| {
            may_read(view, &actor)?;
            Ok(store::audit::latest(view)?)
        })
        .await
    }
}

fn may_read(read: &impl Read, actor: &Actor) -> Ruling<()> {
    authorize(read, actor, Capability::SeeAudit, &current(read)?).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_names_a_thing_with_or_without_its_kind() {
        for (typed, kind, name) in [
            ("", None, None),
            (" newbie ", None, Some("newbie")),
            ("inv-12", None, Some("inv-12")),
            ("12", None, Some("inv-12")),
            ("setting site_name", Some("setting"), Some("site_name")),
            ("account 12 newbie", Some("account"), Some("newbie")),
        ] {
            let filter = about(typed);
            let got = (filter.kind.as_deref(), filter.name.as_deref());
            assert_eq!(got, (kind, name), "{typed}");
        }
    }
}
