//! Deciding about accounts: the rows of the state machine that staff carry out,
//! each in one transaction with its record and its letter.

use super::{
    decision::{Decided, Decision, Reason, Tell},
    doubt::doubt,
    undo, written,
};
use crate::{
    app::{
        Bbs, Ruling, authorize, letter,
        record::{conflict, note},
        setting::current,
        spare_last_sysop,
    },
    domain::{
        account::{After, Role},
        actor::Actor,
        clock::Timestamp,
        event::Event,
        id::AccountId,
        letter::Kind,
        policy::Permit,
        refusal::Refusal,
        text::{Line, TextProblem},
    },
    store::{
        self, Read, Tx,
        account::{Account, Move},
        audit::Act,
        outbox::Letter,
    },
};

impl Bbs {
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
            action: decision.action(),
            before: Some(before),
            after: Some(after),
            reason: match decision {
                Decision::Reject { reason, .. } => Some(reason.name()),
                Decision::ApproveAnyway => Some("anyway"),
                _ => None,
            },
            ..Act::default()
        },
    )?;
    tx.emit(Event::UsersChanged);
    // A change of status or role freezes or thaws the invites of that account.
    tx.emit(Event::InvitesChanged(Some(id)));
    let letter = match letter_about(decision, reason.unwrap_or_default(), until) {
        Some((kind, detail)) => letter::write(tx, &account, kind, &detail)?,
        None if matches!(decision, Decision::Undo) => undo::recall(tx, &account)?,
        None => None,
    };
    let after = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
    undo::keep(tx, decision, (&account, &after), letter.as_ref())?;
    Ok((after, letter))
}

/// Returns what somebody is written about a decision; nothing if they are not told.
fn letter_about(
    decision: &Decision,
    reason: String,
    until: Option<Timestamp>,
) -> Option<(Kind, String)> {
    match decision {
        Decision::Approve | Decision::ApproveAnyway => Some((Kind::Approved, String::new())),
        Decision::Reject { tell, .. } => (*tell == Tell::Yes).then_some((Kind::Rejected, reason)),
        Decision::Reopen => Some((Kind::Reopened, String::new())),
        Decision::Suspend { .. } => {
            let end =
                until.map(|end| format!("\n\nIt ends {}.", end.format("%-d %b %Y %H:%M UTC")));
            Some((Kind::Suspended, reason + &end.unwrap_or_default()))
        }
        Decision::Reactivate => Some((Kind::Reactivated, String::new())),
        Decision::ChangeRole(role) => Some((Kind::RoleChanged, role.name().to_owned())),
        Decision::Undo => None,
    }
}

/// The guards of the table.
fn guard(tx: &Tx<'_>, permit: &Permit, account: &Account, decision: &Decision) -> Ruling<()> {
    let oneself = permit.account() == Some(account.id);
    match decision {
        Decision::Approve | Decision::ApproveAnyway if is_second_account(tx, permit, account)? => {
            Err(Refusal::NotOneself.into())
        }
        Decision::Approve => match doubt(tx, account)? {
            Some(doubt) => Err(Refusal::Doubtful(doubt).into()),
            None => Ok(()),
        },
        Decision::Suspend { .. } | Decision::ChangeRole(_) if oneself => {
            Err(Refusal::NotOneself.into())
        }
        Decision::Suspend { .. } => spare_last_sysop(tx, account),
        // Somebody was faster, and one record of it is enough.
        Decision::ChangeRole(role) if *role == account.role => Err(Refusal::HasRole(*role).into()),
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
            let reason = Line::parse(reason, super::NOTE).map_err(|problem| match problem {
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
        | Decision::ApproveAnyway
        | Decision::Reopen
        | Decision::Reactivate
        | Decision::ChangeRole(_)
        | Decision::Undo => (None, None, None),
    })
}
