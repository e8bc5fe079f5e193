//! Looking at accounts: the pages of the USERS tab, and everything about one
//! person. What an actor may not see is left out here.

use super::{
    hint::{Hint, hints},
    ties::{Ties, ties},
    undo,
};
use crate::{
    app::{
        Bbs, Ruling, activation, authorize,
        backup::{Held, held},
        factor, letter,
        setting::current,
        who::Caller,
    },
    domain::{
        account::Status, actor::Actor, clock::Timestamp, id::AccountId, policy::Capability,
        refusal::Refusal,
    },
    settings::Settings,
    store::{
        self, Read,
        account::{Account, From, Listed},
        conversation::Message,
        decision::Undoable,
        key::Key,
        outbox::Letter,
        request::{Claim, Note, Request},
    },
};

/// The statuses an account can have so far, in the order of the filters.
pub const FILTERS: &[Status] = &[
    Status::Pending,
    Status::Unverified,
    Status::Active,
    Status::Suspended,
    Status::Rejected,
    Status::Deleted,
];

/// A page of the USERS tab.
#[derive(Clone, Debug)]
pub struct Page {
    /// The rows, oldest first.
    pub rows: Vec<Listed>,
    /// How many there are in each filter.
    pub counts: Vec<(Status, u32)>,
    /// Whether the actor may decide, and manage.
    pub powers: Powers,
    /// What the mail server said last, where no letter about a decision leaves.
    pub mail_broken: Option<String>,
    /// What waits since this board began as a copy.
    pub held: Option<Held>,
    /// About whom the actor decided last, if that can be taken back.
    pub last: Option<Undoable>,
}

/// What the actor may do in the USERS tab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Powers {
    /// Approve and reject.
    pub decide: bool,
    /// Everything else.
    pub manage: bool,
    /// See addresses and sources.
    pub private: bool,
}

/// Everything about one account that the actor may see.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The account; without its address for those who may not see it.
    pub account: Account,
    /// What they wrote.
    pub request: Option<Request>,
    /// Their keys.
    pub keys: Vec<Key>,
    /// What staff noted.
    pub notes: Vec<Note>,
    /// What to know before deciding.
    pub hints: Vec<Hint>,
    /// Older wordings of the request.
    pub history: Vec<(Timestamp, String)>,
    /// What staff asked, and what they answered, oldest first.
    pub conversation: Vec<Message>,
    /// Until when the last decision can be taken back.
    pub undo_until: Option<Timestamp>,
    /// Who looks after the request just now.
    pub claim: Option<Claim>,
    /// The last letter they were written, for those who see addresses.
    pub letter: Option<Letter>,
    /// How it stands with second factors.
    pub factor: factor::Standing,
    /// What hangs on it besides.
    pub ties: Ties,
    /// Where they are on line, longest first.
    pub sessions: Vec<Caller>,
    /// Where the code stands that activates it, while it waits for one.
    pub activation: Option<activation::Standing>,
    /// What the actor may do.
    pub powers: Powers,
}

impl Detail {
    /// Whether they are on the line now.
    pub const fn is_on_line(&self) -> bool {
        !self.sessions.is_empty()
    }
}

fn powers(read: &impl Read, actor: &Actor, settings: &Settings) -> Ruling<Powers> {
    authorize(read, actor, Capability::SeeUsers, settings)?;
    let may = |capability| authorize(read, actor, capability, settings).is_ok();
    Ok(Powers {
        decide: may(Capability::Decide),
        manage: may(Capability::ManageUsers),
        private: may(Capability::SeePrivate),
    })
}

fn hide(account: &mut Account, powers: Powers) {
    if !powers.private {
        account.email = None;
    }
}

impl Bbs {
    /// Returns a page of accounts in a status, or those that begin with a text.
    pub async fn list_users(
        &self,
        actor: &Actor,
        status: Status,
        prefix: &str,
        from: From,
        rows: u32,
    ) -> Ruling<Page> {
        let (actor, prefix) = (actor.clone(), prefix.trim().to_owned());
        let now = self.clock().now();
        self.ask(move |view| {
            let settings = current(view)?;
            let powers = powers(view, &actor, &settings)?;
            let mut listed = if prefix.is_empty() {
                store::account::page(view, status, from, rows)?
            } else {
                store::account::find(view, status, &prefix, powers.private, rows)?
            };
            for row in &mut listed {
                hide(&mut row.account, powers);
            }
            let counts = FILTERS
                .iter()
                .map(|&status| Ok((status, store::account::count(view, status)?)))
                .collect::<Result<_, store::Fault>>()?;
            Ok(Page {
                rows: listed,
                counts,
                powers,
                mail_broken: letter::breakage(view)?,
                held: held(view, now)?,
                last: undo::last_of(view, &actor, &settings, now)?,
            })
        })
        .await
    }

    /// Returns how many requests wait, for whoever may decide about them.
    pub async fn waiting(&self, actor: &Actor) -> Ruling<u32> {
        let actor = actor.clone();
        self.ask(move |view| {
            authorize(view, &actor, Capability::Decide, &current(view)?)?;
            Ok(store::account::count(view, Status::Pending)?)
        })
        .await
    }

    /// Returns everything about one account that the actor may see.
    pub async fn user(&self, actor: &Actor, id: AccountId) -> Ruling<Detail> {
        let (actor, mut sessions) = (actor.clone(), self.sessions_on_line(id));
        let now = self.clock().now();
        self.ask(move |view| {
            let settings = current(view)?;
            let powers = powers(view, &actor, &settings)?;
            let mut account = store::account::by_id(view, id)?.ok_or(Refusal::Gone)?;
            let hints = hints(view, &account, powers)?;
            hide(&mut account, powers);
            if !powers.private {
                for caller in &mut sessions {
                    caller.present.source = None;
                }
            }
            let ties = ties(view, &actor, &account, (powers, &settings, now))?;
            Ok(Detail {
                ties,
                sessions,
                request: store::request::of(view, id)?,
                keys: store::key::of(view, id)?,
                factor: factor::Standing::of(view, &account)?,
                activation: activation::Standing::of(view, &account, &settings, now)?,
                notes: store::request::notes(view, id)?,
                history: store::request::history(view, id)?,
                conversation: store::conversation::of(view, id)?,
                undo_until: undo::until(view, id)?,
                claim: store::request::claim_of(view, id, now)?,
                letter: if powers.private {
                    store::outbox::last_of(view, id)?
                } else {
                    None
                },
                hints,
                account,
                powers,
            })
        })
        .await
    }

    /// Returns the account of a handle, for whoever may look at accounts.
    pub async fn find_user(&self, actor: &Actor, handle: &str) -> Ruling<AccountId> {
        let (actor, key) = (actor.clone(), handle.trim().to_lowercase());
        self.ask(move |view| {
            authorize(view, &actor, Capability::SeeUsers, &current(view)?)?;
            let account = store::account::by_handle(view, &key)?;
            Ok(account.ok_or(Refusal::NoSuchAccount)?.id)
        })
        .await
    }
}
