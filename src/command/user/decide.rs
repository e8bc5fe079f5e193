//! Deciding about accounts, each in a transaction of its own.

use super::{Ask, One, Several, Suspend, Verify, look::find};
use crate::{
    app::{
        Bbs,
        queue::{Decided, Decision, Detail, Welcome},
    },
    command::{Desk, Exit, failure::Failure, shape::User},
    domain::account::Status,
    store::account::Account,
    words,
};

pub(super) async fn decide_one(
    desk: &mut Desk<'_>,
    who: One,
    decision: Decision,
) -> Result<(), Failure> {
    let who = Several {
        handles: vec![who.handle],
        dry: who.dry,
    };
    decide(desk, &who, &decision).await
}

/// Decides about each account on its own; one that fails stops none of the
/// others.
pub(super) async fn decide(
    desk: &mut Desk<'_>,
    who: &Several,
    decision: &Decision,
) -> Result<(), Failure> {
    let board = desk.board(who.dry);
    let mut decided = Vec::new();
    for handle in &who.handles {
        match decide_about(desk, &board, handle, decision.clone()).await {
            Ok(user) => decided.push(user),
            Err(failure) if who.handles.len() == 1 => return Err(failure),
            Err(failure) => desk.out.fail(Some(handle), &failure),
        }
    }
    match decided.as_slice() {
        [user] if who.handles.len() == 1 => desk.out.one(user, User::line),
        users => desk
            .out
            .many(users, |users| users.iter().map(User::line).collect()),
    }
    Ok(())
}

/// Asks an applicant something.
pub(super) async fn ask(desk: &mut Desk<'_>, question: Ask) -> Result<(), Failure> {
    let text = match question.text {
        Some(text) => text,
        None => desk.input()?,
    };
    let detail = find(desk, &question.handle).await?;
    let board = desk.board(question.dry);
    let asked = board.ask_applicant(desk.actor, detail.account.id, &text);
    let user = outcome(detail, asked.await?);
    desk.out.one(&user, User::line);
    Ok(())
}

async fn decide_about(
    desk: &Desk<'_>,
    board: &Bbs,
    handle: &str,
    decision: Decision,
) -> Result<User, Failure> {
    let detail = find(desk, handle).await?;
    let id = detail.account.id;
    let decided = board.decide_about(desk.actor, id, decision).await?;
    Ok(outcome(detail, decided))
}

/// Lets somebody go on without the proof of their address.
pub(super) async fn waive(desk: &mut Desk<'_>, waiver: &Verify) -> Result<(), Failure> {
    let detail = find(desk, &waiver.handle).await?;
    let (board, id) = (desk.board(waiver.dry), detail.account.id);
    let decided = board.waive_proof(desk.actor, id, &waiver.text).await?;
    let user = outcome(detail, decided);
    desk.out.one(&user, User::line);
    Ok(())
}

/// Describes an account after something was decided about it.
fn outcome(mut detail: Detail, decided: Decided) -> User {
    let was_pending = detail.account.status == Status::Pending;
    let email = detail.account.email.take();
    // What the caller may not see stays out; what was decided comes from the
    // answer, since a dry run has left the file as it was.
    detail.account = Account {
        email,
        ..decided.account
    };
    if was_pending && detail.account.status == Status::Active {
        detail.ties.welcome = detail.account.status_by.clone().map(Welcome::LetIn);
    }
    detail.letter = decided.letter.filter(|_| detail.powers.private);
    if let Some(letter) = &detail.letter {
        // One that was taken back is there already.
        detail.ties.letters.retain(|other| other.id != letter.id);
        detail.ties.letters.insert(0, letter.clone());
    }
    User::whole(&detail)
}

pub(super) async fn suspend(desk: &mut Desk<'_>, suspension: Suspend) -> Result<(), Failure> {
    let now = desk.bbs.clock().now();
    let until = match suspension.until {
        None => None,
        Some(end) => {
            let past = || Failure::new(Exit::Usage, words::command::past());
            Some(end.after(now).ok_or_else(past)?)
        }
    };
    let decision = Decision::Suspend {
        reason: suspension.reason,
        until,
    };
    let who = One {
        handle: suspension.handle,
        dry: suspension.dry,
    };
    decide_one(desk, who, decision).await
}
