//! What two sysops get done who approve requests at the same time: each their
//! own, and both the same ones, where one of them must be told for each.

use std::{sync::Arc, time::Duration};

use ringdown_bbs::{
    app::{Bbs, Stop, queue::Decision},
    domain::{account::Status, actor::Actor, id::AccountId, refusal::Refusal},
    store::account::From,
};
use tokio::{task::JoinSet, time::Instant};

use crate::{
    Result,
    seed::{Board, Person},
    stopped,
    table::row,
};

/// What came of lists of requests.
#[derive(Debug, Default, PartialEq, Eq)]
struct Done {
    approved: u32,
    /// Requests that somebody else was faster with.
    conflicts: u32,
}

pub(crate) async fn measure(board: &Board, approvals: u32) -> Result<()> {
    let bbs = board.open().await?;
    let (ada, bob) = (sysop(&bbs, Person(0)).await?, sysop(&bbs, Person(1)).await?);
    let own = waiting(&bbs, &ada, approvals).await?;
    let (left, right) = own.split_at(own.len() / 2);
    let lists = [(ada.clone(), left.to_vec()), (bob.clone(), right.to_vec())];
    let (took, done) = approve(&bbs, lists).await?;
    say("each their own", approvals, 0, took, &done)?;

    let same = waiting(&bbs, &ada, approvals).await?;
    let lists = [(ada, same.clone()), (bob, same)];
    let (took, done) = approve(&bbs, lists).await?;
    say("both the same", approvals, approvals, took, &done)?;
    bbs.close().await;
    Ok(())
}

/// Prints what came of it, if that is what had to come of it.
fn say(how: &str, approved: u32, conflicts: u32, took: Duration, done: &Done) -> Result<()> {
    let expected = Done {
        approved,
        conflicts,
    };
    if *done != expected {
        return Err(format!("approvals, {how}: {done:?} in place of {expected:?}").into());
    }
    let rate = f64::from(approved) / took.as_secs_f64();
    row(
        &format!("approvals, two sysops, {how}"),
        &format!("{rate:.0}/s ({conflicts} refused as conflicts)"),
    )
}

async fn sysop(bbs: &Bbs, person: Person) -> Result<Actor> {
    let login = bbs.log_in_by_key(&Arc::new(person.visit()?)).await;
    Ok(login.map_err(stopped)?.actor)
}

/// Returns so many accounts that wait, the longest waiting first.
async fn waiting(bbs: &Bbs, sysop: &Actor, count: u32) -> Result<Vec<AccountId>> {
    let page = bbs.list_users(sysop, Status::Pending, "", From::Start, count);
    let page = page.await.map_err(stopped)?;
    Ok(page.rows.iter().map(|row| row.account.id).collect())
}

/// Has each sysop approve a list, all at the same time.
async fn approve(bbs: &Arc<Bbs>, lists: [(Actor, Vec<AccountId>); 2]) -> Result<(Duration, Done)> {
    let began = Instant::now();
    let mut approving = JoinSet::new();
    for (sysop, list) in lists {
        approving.spawn(approve_all(Arc::clone(bbs), sysop, list));
    }
    let mut done = Done::default();
    while let Some(one) = approving.join_next().await {
        let one = one??;
        done.approved += one.approved;
        done.conflicts += one.conflicts;
    }
    Ok((began.elapsed(), done))
}

async fn approve_all(bbs: Arc<Bbs>, sysop: Actor, list: Vec<AccountId>) -> Result<Done> {
    let mut done = Done::default();
    for id in list {
        match bbs.decide_about(&sysop, id, Decision::Approve).await {
            Ok(_) => done.approved += 1,
            Err(Stop::Refused(Refusal::Conflict { .. })) => done.conflicts += 1,
            Err(stop) => return Err(stopped(stop)),
        }
    }
    Ok(done)
}
