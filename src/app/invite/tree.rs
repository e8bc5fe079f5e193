//! The tree of who let whom in, and what staff do about a branch of it: bar
//! somebody from inviting, and take back what they have out.

use super::{NOTE, take_back};
use crate::{
    app::{Bbs, Ruling, authorize, record::note, setting::current},
    domain::{
        account::{Role, Status},
        actor::Actor,
        event::Event,
        id::AccountId,
        policy::{Capability, Permit},
        refusal::Refusal,
        text::{Line, TextProblem},
    },
    store::{
        self, Read, Tx,
        account::Account,
        audit::Act,
        tree::{Bar, Node},
    },
};

/// The most of a branch that is shown at a time.
const MOST: u16 = 500;

/// Somebody's place in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// Who let them in, and who let those in, and so on.
    pub above: Vec<(AccountId, String)>,
    /// They and whom they let in, each before their own.
    pub branch: Vec<Node>,
    /// Whether the branch goes on behind what is here.
    pub goes_on: bool,
    /// Why they may not invite.
    pub bar: Option<Bar>,
}

/// What becomes of the codes somebody has out who is barred from inviting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codes {
    /// They go on working.
    Stay,
    /// They are revoked.
    Revoke,
}

impl Bbs {
    /// Returns somebody's place in the tree.
    pub async fn invite_tree(&self, actor: &Actor, id: AccountId) -> Ruling<Tree> {
        let (actor, now) = (actor.clone(), self.clock().now());
        self.ask(move |view| {
            authorize(view, &actor, Capability::SeeInvites, &current(view)?)?;
            let mut branch = store::tree::branch(view, id, now, u32::from(MOST) + 1)?;
            let goes_on = branch.len() > usize::from(MOST);
            branch.truncate(MOST.into());
            if branch.is_empty() {
                return Err(Refusal::Gone.into());
            }
            Ok(Tree {
                above: store::tree::above(view, id)?,
                bar: store::tree::bar_of(view, id)?,
                branch,
                goes_on,
            })
        })
        .await
    }

    /// Returns why the caller may not invite, if staff said so.
    pub async fn own_bar(&self, actor: &Actor) -> Ruling<Option<Bar>> {
        let id = actor.account().ok_or(Refusal::NotAllowed)?;
        self.ask(move |view| Ok(store::tree::bar_of(view, id)?))
            .await
    }

    /// Bars somebody from inviting, for a reason they read; says how many of
    /// their codes were revoked.
    pub async fn bar_from_inviting(
        &self,
        actor: &Actor,
        id: AccountId,
        reason: &str,
        codes: Codes,
    ) -> Ruling<usize> {
        let reason = Line::parse(reason, NOTE).map_err(|problem| match problem {
            TextProblem::Empty => Refusal::ReasonNeeded,
            TextProblem::TooLong { max } => Refusal::TextLong(max),
        })?;
        let actor = actor.clone();
        self.decide(move |tx| {
            let (permit, account) = below(tx, &actor, id)?;
            if !matches!(account.status, Status::Active | Status::Suspended) {
                return Err(Refusal::NeverInvites.into());
            }
            if !store::tree::bar(tx, id, reason.as_str(), permit.name())? {
                return Err(Refusal::BarredAlready.into());
            }
            put_down(tx, &permit, &account, "invite.bar", Some(reason.as_str()))?;
            match codes {
                Codes::Stay => Ok(0),
                Codes::Revoke => take_all_back(tx, &permit, id, reason.as_str()),
            }
        })
        .await
    }

    /// Lets somebody invite again.
    pub async fn unbar_from_inviting(&self, actor: &Actor, id: AccountId) -> Ruling<()> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let (permit, account) = below(tx, &actor, id)?;
            if !store::tree::unbar(tx, id)? {
                return Err(Refusal::NotBarred.into());
            }
            put_down(tx, &permit, &account, "invite.unbar", None)
        })
        .await
    }

    /// Takes back every code of somebody that could still be used; says how
    /// many.
    pub async fn revoke_invites_of(
        &self,
        actor: &Actor,
        id: AccountId,
        why: &str,
    ) -> Ruling<usize> {
        let (actor, why) = (actor.clone(), Line::cut(why, NOTE));
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::RevokeInvites, &current(tx)?)?;
            take_all_back(tx, &permit, id, why.as_str())
        })
        .await
    }
}

/// Refuses whoever staff have barred from inviting.
pub(super) fn not_barred(read: &impl Read, permit: &Permit) -> Ruling<()> {
    let bar = match permit.account() {
        Some(id) => store::tree::bar_of(read, id)?,
        None => None,
    };
    match bar {
        Some(bar) => Err(Refusal::BarredFromInviting(bar.reason).into()),
        None => Ok(()),
    }
}

/// Returns the permit to bar an account, and the account: one with fewer rights
/// than the actor has.
fn below(tx: &Tx<'_>, actor: &Actor, id: AccountId) -> Ruling<(Permit, Account)> {
    let permit = authorize(tx, actor, Capability::BarInviters, &current(tx)?)?;
    let account = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
    if permit.account() == Some(id) {
        return Err(Refusal::NotOneself.into());
    }
    // The console counts as a sysop: it makes no sense to bar one of those.
    if account.role >= permit.role().unwrap_or(Role::Sysop) {
        return Err(Refusal::NotAllowed.into());
    }
    Ok((permit, account))
}

fn take_all_back(tx: &Tx<'_>, permit: &Permit, id: AccountId, why: &str) -> Ruling<usize> {
    let codes = store::tree::codes(tx, id, tx.now())?;
    for &code in &codes {
        take_back(tx, permit, code, why)?;
    }
    tx.emit(Event::InvitesChanged(Some(id)));
    Ok(codes.len())
}

fn put_down(
    tx: &Tx<'_>,
    permit: &Permit,
    account: &Account,
    action: &str,
    reason: Option<&str>,
) -> Ruling<()> {
    let act = Act {
        action,
        reason,
        ..Act::default()
    };
    note(tx, permit, account, act)?;
    tx.emit(Event::InvitesChanged(Some(account.id)));
    Ok(())
}
