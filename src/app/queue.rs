//! The USERS tab's use cases: looking at accounts and deciding about them.

mod claim;
mod undo;

use super::{
    Bbs, Ruling, account, authorize,
    backup::{Held, held},
    form::any_email,
    hub::Which,
    letter,
    record::{conflict, note, object},
    setting::current,
    spare_last_sysop,
};
use crate::{
    domain::{
        account::{After, Role, Status, Transition, named},
        actor::Actor,
        clock::Timestamp,
        event::Event,
        id::AccountId,
        letter::Kind,
        policy::{Capability, Permit},
        refusal::Refusal,
        text::{Block, Line, TextProblem},
    },
    settings::Settings,
    store::{
        self, Read, Tx,
        account::{Account, From, Listed, Move},
        audit::{Act, record},
        decision::Undoable,
        key::Key,
        outbox::Letter,
        request::{Claim, Note, Request},
    },
};

/// The statuses an account can have so far, in the order of the filters.
pub const FILTERS: &[Status] = &[
    Status::Pending,
    Status::Active,
    Status::Suspended,
    Status::Rejected,
];

/// The longest note or reason.
const NOTE: usize = 500;

named! {
    /// Why a request is rejected. The applicant is told in words.
    Reason {
        /// Nothing more to say.
        Unspecified = "unspecified",
        /// An advertisement.
        Advertising = "advertising",
        /// Says too little.
        TooLittle = "too_little",
        /// Does not fit the board.
        OffTopic = "off_topic",
        /// Has an account already.
        Duplicate = "duplicate",
        /// Broke the house rules before.
        Conduct = "conduct",
    }
}

impl Reason {
    /// Returns what the applicant reads, if they are told.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Unspecified => "",
            Self::Advertising => "This looked like advertising.",
            Self::TooLittle => "The request said too little about you.",
            Self::OffTopic => "This board may not be the right place for it.",
            Self::Duplicate => "You seem to have an account here already.",
            Self::Conduct => "The house rules were not kept before.",
        }
    }
}

/// Whether the applicant is told why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tell {
    /// They read the reason when they call again.
    Yes,
    /// They read only that it was not accepted.
    No,
}

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

/// Something worth knowing before deciding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Looks like these handles.
    LooksLike(Vec<String>),
    /// Came from where these came from.
    SameSource(Vec<String>),
    /// Shares a key with these, who were shut out.
    KeyOfShutOut(Vec<String>),
    /// Was decided about before: by whom, and how.
    DecidedBefore(String),
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
    /// Whether they are on the line now.
    pub on_line: bool,
    /// Until when the last decision can be taken back.
    pub undo_until: Option<Timestamp>,
    /// Who looks after the request just now.
    pub claim: Option<Claim>,
    /// The last letter they were written, for those who see addresses.
    pub letter: Option<Letter>,
    /// What the actor may do.
    pub powers: Powers,
}

/// What to do to an account.
#[derive(Clone, Debug)]
pub enum Decision {
    /// T7.
    Approve,
    /// T8.
    Reject {
        /// Why.
        reason: Reason,
        /// Whether the applicant reads it.
        tell: Tell,
        /// In the sysop's own words, for the applicant.
        text: String,
        /// For staff only.
        note: String,
    },
    /// T10.
    Reopen,
    /// T12.
    Suspend {
        /// Why; the caller reads it.
        reason: String,
        /// Until when; nothing is until somebody lifts it.
        until: Option<Timestamp>,
    },
    /// T13.
    Reactivate,
    /// T17.
    ChangeRole(Role),
    /// U.
    Undo,
}

impl Decision {
    const fn transition(&self) -> Transition {
        match self {
            Self::Approve => Transition::Approve,
            Self::Reject { .. } => Transition::Reject,
            Self::Reopen => Transition::Reopen,
            Self::Suspend { .. } => Transition::Suspend,
            Self::Reactivate => Transition::Reactivate,
            Self::ChangeRole(_) => Transition::ChangeRole,
            Self::Undo => Transition::Undo,
        }
    }

    const fn capability(&self) -> Capability {
        match self {
            Self::Approve | Self::Reject { .. } => Capability::Decide,
            Self::Reopen
            | Self::Suspend { .. }
            | Self::Reactivate
            | Self::ChangeRole(_)
            | Self::Undo => Capability::ManageUsers,
        }
    }
}

/// What was decided, and about whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The account as it stands now.
    pub account: Account,
    /// Whether they are on the line and see it at once.
    pub on_line: bool,
    /// The letter about it; nothing if there is none.
    pub letter: Option<Letter>,
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
        let (actor, on_line) = (actor.clone(), self.hub().is_on_line(id));
        let now = self.clock().now();
        self.ask(move |view| {
            let settings = current(view)?;
            let powers = powers(view, &actor, &settings)?;
            let mut account = store::account::by_id(view, id)?.ok_or(Refusal::Gone)?;
            let hints = hints(view, &account, powers)?;
            hide(&mut account, powers);
            Ok(Detail {
                request: store::request::of(view, id)?,
                keys: store::key::of(view, id)?,
                notes: store::request::notes(view, id)?,
                history: store::request::history(view, id)?,
                undo_until: undo::until(view, id)?,
                claim: store::request::claim_of(view, id, now)?,
                letter: if powers.private {
                    store::outbox::last_of(view, id)?
                } else {
                    None
                },
                hints,
                account,
                on_line,
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

    /// Carries out one row of the state machine, or says who was faster.
    pub async fn decide_about(
        &self,
        actor: &Actor,
        id: AccountId,
        decision: Decision,
    ) -> Ruling<Decided> {
        let actor = actor.clone();
        let (account, letter) = self
            .decide(move |tx| transit(tx, &actor, id, &decision))
            .await?;
        Ok(Decided {
            account,
            on_line: self.hub().is_on_line(id),
            letter,
        })
    }

    /// Writes a note that only staff read.
    pub async fn note_about(&self, actor: &Actor, id: AccountId, text: &str) -> Ruling<()> {
        let text = written(text)?.ok_or(Refusal::TextNeeded)?;
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageUsers, &current(tx)?)?;
            let about = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
            store::request::add_note(tx, id, permit.name(), &text)?;
            let object = object(id, &about.handle);
            record(
                tx,
                &permit,
                Act {
                    action: "note.add",
                    object: &object,
                    ..Act::default()
                },
            )?;
            tx.emit(Event::UsersChanged);
            Ok(())
        })
        .await
    }

    /// Replaces or removes somebody's address.
    pub async fn edit_email_of(&self, actor: &Actor, id: AccountId, text: &str) -> Ruling<()> {
        let email = any_email(text)?;
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageUsers, &current(tx)?)?;
            let about = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
            account::set_email(tx, &permit, &about, email.as_ref())
        })
        .await
    }

    /// Ends somebody's sessions and returns how many.
    pub async fn end_sessions_of(&self, actor: &Actor, id: AccountId) -> Ruling<usize> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageUsers, &current(tx)?)?;
            let about = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
            let act = Act {
                action: "sessions.end",
                object: &object(id, &about.handle),
                ..Act::default()
            };
            Ok(record(tx, &permit, act)?)
        })
        .await?;
        // Only what is on record is done.
        Ok(self.hub().end(id, Which::All))
    }
}

/// Reads a note or reason; nothing is nothing.
fn written(text: &str) -> Result<Option<String>, Refusal> {
    match Block::parse(text, NOTE) {
        Ok(text) => Ok(Some(text.as_str().to_owned())),
        Err(TextProblem::Empty) => Ok(None),
        Err(TextProblem::TooLong { max }) => Err(Refusal::TextLong(max)),
    }
}

/// Re-reads the actor, checks the guards, and moves the account if it still
/// stands where the table wants it.
fn transit(
    tx: &Tx<'_>,
    actor: &Actor,
    id: AccountId,
    decision: &Decision,
) -> Ruling<(Account, Option<Letter>)> {
    let permit = authorize(tx, actor, decision.capability(), &current(tx)?)?;
    let account = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
    let Some(After::Stands(to)) = account.status.after(decision.transition()) else {
        return Err(conflict(&account, tx.now()).into());
    };
    guard(tx, &permit, &account, decision)?;
    let (reason, until, for_staff) = particulars(tx, decision)?;
    let before = match decision {
        Decision::ChangeRole(_) => account.role.name(),
        _ => account.status.name(),
    };
    let after = match decision {
        Decision::ChangeRole(role) => role.name(),
        _ => to.name(),
    };
    let moved = match decision {
        Decision::ChangeRole(role) => store::account::set_role(tx, &account, *role)?,
        Decision::Undo => store::decision::take_back(tx, &account, to)?,
        _ => {
            let step = Move {
                from: &account,
                to,
                reason: reason.as_deref(),
                until,
            };
            store::account::transit(tx, &permit, step)?
        }
    };
    if !moved {
        return Err(conflict(&account, tx.now()).into());
    }
    if let Some(text) = for_staff {
        store::request::add_note(tx, id, permit.name(), &text)?;
    }
    note(
        tx,
        &permit,
        &account,
        Act {
            action: action(decision),
            before: Some(before),
            after: Some(after),
            reason: match decision {
                Decision::Reject { reason, .. } => Some(reason.name()),
                _ => None,
            },
            ..Act::default()
        },
    )?;
    tx.emit(Event::UsersChanged);
    // A change of status or role freezes or thaws the invites of that account.
    tx.emit(Event::InvitesChanged(Some(id)));
    let letter = match letter_about(decision, &account, reason.unwrap_or_default(), until) {
        Some((kind, detail)) => letter::write(tx, &account, kind, &detail)?,
        None if matches!(decision, Decision::Undo) => undo::recall(tx, &account)?,
        None => None,
    };
    let after = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
    undo::keep(tx, decision, (&account, &after), letter.as_ref())?;
    Ok((after, letter))
}

/// Returns what somebody is written about a decision; nothing if they are not
/// told, or nothing changed.
fn letter_about(
    decision: &Decision,
    before: &Account,
    reason: String,
    until: Option<Timestamp>,
) -> Option<(Kind, String)> {
    match decision {
        Decision::Approve => Some((Kind::Approved, String::new())),
        Decision::Reject { tell, .. } => (*tell == Tell::Yes).then_some((Kind::Rejected, reason)),
        Decision::Reopen => Some((Kind::Reopened, String::new())),
        Decision::Suspend { .. } => {
            let end =
                until.map(|end| format!("\n\nIt ends {}.", end.format("%-d %b %Y %H:%M UTC")));
            Some((Kind::Suspended, reason + &end.unwrap_or_default()))
        }
        Decision::Reactivate => Some((Kind::Reactivated, String::new())),
        Decision::ChangeRole(role) if *role == before.role => None,
        Decision::ChangeRole(role) => Some((Kind::RoleChanged, role.name().to_owned())),
        Decision::Undo => None,
    }
}

const fn action(decision: &Decision) -> &'static str {
    match decision {
        Decision::Approve => "account.approve",
        Decision::Reject { .. } => "account.reject",
        Decision::Reopen => "account.reopen",
        Decision::Suspend { .. } => "account.suspend",
        Decision::Reactivate => "account.reactivate",
        Decision::ChangeRole(_) => "account.role",
        Decision::Undo => "account.undo",
    }
}

/// The guards of the table.
fn guard(tx: &Tx<'_>, permit: &Permit, account: &Account, decision: &Decision) -> Ruling<()> {
    let oneself = permit.account() == Some(account.id);
    match decision {
        Decision::Approve if is_second_account(tx, permit, account)? => {
            Err(Refusal::NotOneself.into())
        }
        Decision::Suspend { .. } | Decision::ChangeRole(_) if oneself => {
            Err(Refusal::NotOneself.into())
        }
        Decision::Suspend { .. } => spare_last_sysop(tx, account),
        Decision::ChangeRole(role) if *role != Role::Sysop => spare_last_sysop(tx, account),
        Decision::Undo => undo::guard(tx, account),
        _ => Ok(()),
    }
}

/// Whether an account is plainly the actor's own second one: same address, or
/// a key that the actor has.
fn is_second_account(read: &impl Read, permit: &Permit, account: &Account) -> Ruling<bool> {
    let Some(id) = permit.account() else {
        return Ok(false);
    };
    let Some(own) = store::account::by_id(read, id)? else {
        return Ok(false);
    };
    let email = |account: &Account| account.email.as_ref().map(|email| email.key().to_owned());
    if email(&own).is_some() && email(&own) == email(account) {
        return Ok(true);
    }
    let mine = store::key::of(read, id)?;
    let theirs = store::key::of(read, account.id)?;
    Ok(theirs
        .iter()
        .any(|key| mine.iter().any(|own| own.fingerprint == key.fingerprint)))
}

/// What a decision leaves behind besides the status.
type Particulars = (Option<String>, Option<Timestamp>, Option<String>);

fn particulars(tx: &Tx<'_>, decision: &Decision) -> Result<Particulars, Refusal> {
    Ok(match decision {
        Decision::Reject {
            reason,
            tell,
            text,
            note,
        } => {
            let told = match (written(text)?, reason) {
                (Some(text), _) => Some(text),
                (None, Reason::Unspecified) => None,
                (None, reason) => Some(reason.words().to_owned()),
            };
            (told.filter(|_| *tell == Tell::Yes), None, written(note)?)
        }
        Decision::Suspend { reason, until } => {
            let reason = Line::parse(reason, NOTE).map_err(|problem| match problem {
                TextProblem::Empty => Refusal::ReasonNeeded,
                TextProblem::TooLong { max } => Refusal::TextLong(max),
            })?;
            (
                Some(reason.as_str().to_owned()),
                until.filter(|end| *end > tx.now()),
                None,
            )
        }
        Decision::Approve
        | Decision::Reopen
        | Decision::Reactivate
        | Decision::ChangeRole(_)
        | Decision::Undo => (None, None, None),
    })
}

fn hints(read: &impl Read, account: &Account, powers: Powers) -> Ruling<Vec<Hint>> {
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
            store::account::from_same_source(read, account.id)?,
            Hint::SameSource,
        );
    }
    if account.status == Status::Pending
        && let Some(by) = &account.status_by
    {
        hints.push(Hint::DecidedBefore(by.clone()));
    }
    Ok(hints)
}
