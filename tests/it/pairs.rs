//! Every deed in every status: what the table of spec §1 does not have is
//! refused and changes nothing, and two who press the same key do it once.

use std::sync::Arc;

use ringdown_bbs::{
    app::queue::{Decision, Reason, Tell},
    domain::{
        account::{Role, Status},
        actor::Actor,
        id::AccountId,
    },
    mailer::Mailer,
    store::Read as _,
};

use crate::world::World;

/// What can be done about an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Approve,
    ApproveAnyway,
    Reject,
    Reopen,
    Suspend,
    Reactivate,
    Promote,
    Undo,
    Ask,
    Claim,
    Answer,
    EditRequest,
    Withdraw,
}

const DEEDS: [Deed; 13] = [
    Deed::Approve,
    Deed::ApproveAnyway,
    Deed::Reject,
    Deed::Reopen,
    Deed::Suspend,
    Deed::Reactivate,
    Deed::Promote,
    Deed::Undo,
    Deed::Ask,
    Deed::Claim,
    Deed::Answer,
    Deed::EditRequest,
    Deed::Withdraw,
];

/// The pairs that are in the table; all others are not.
const fn is_in_the_table(status: Status, deed: Deed) -> bool {
    match status {
        Status::Pending => matches!(
            deed,
            Deed::Approve
                | Deed::ApproveAnyway
                | Deed::Reject
                | Deed::Ask
                | Deed::Claim
                | Deed::Answer
                | Deed::EditRequest
                | Deed::Withdraw
        ),
        Status::Active => matches!(deed, Deed::Suspend | Deed::Promote | Deed::Undo),
        Status::Rejected => matches!(deed, Deed::Reopen | Deed::Undo),
        Status::Suspended => matches!(deed, Deed::Reactivate),
        Status::Unverified => matches!(deed, Deed::Withdraw),
        Status::Deleted => false,
    }
}

fn reject() -> Decision {
    Decision::Reject {
        reason: Reason::TooLittle,
        tell: Tell::Yes,
        text: String::new(),
        note: String::new(),
    }
}

fn suspend() -> Decision {
    Decision::Suspend {
        reason: "a quarrel".into(),
        until: None,
    }
}

fn decision(deed: Deed) -> Option<Decision> {
    Some(match deed {
        Deed::Approve => Decision::Approve,
        Deed::ApproveAnyway => Decision::ApproveAnyway,
        Deed::Reject => reject(),
        Deed::Reopen => Decision::Reopen,
        Deed::Suspend => suspend(),
        Deed::Reactivate => Decision::Reactivate,
        Deed::Promote => Decision::ChangeRole(Role::Mod),
        Deed::Undo => Decision::Undo,
        Deed::Ask | Deed::Claim | Deed::Answer | Deed::EditRequest | Deed::Withdraw => {
            return None;
        }
    })
}

/// Does something; says whether it was done.
async fn press(world: &World, by: &Actor, id: AccountId, own: &Actor, deed: Deed) -> bool {
    let bbs = &world.bbs;
    if let Some(decision) = decision(deed) {
        return bbs.decide_about(by, id, decision).await.is_ok();
    }
    match deed {
        Deed::Ask => bbs.ask_applicant(by, id, "Why?").await.is_ok(),
        Deed::Claim => bbs.claim_request(by, id).await.is_ok(),
        Deed::Answer => bbs.answer_staff(own, "Because.").await.is_ok(),
        Deed::EditRequest => bbs.edit_request(own, "Otherwise.").await.is_ok(),
        _ => bbs.withdraw(own).await.is_ok(),
    }
}

/// The decisions that lead there from a request.
fn way_to(status: Status) -> Vec<Decision> {
    match status {
        Status::Active => vec![Decision::Approve],
        Status::Rejected => vec![reject()],
        Status::Suspended => vec![Decision::Approve, suspend()],
        Status::Pending | Status::Unverified | Status::Deleted => Vec::new(),
    }
}

#[tokio::test]
async fn every_pair_that_is_not_in_the_table_is_refused_and_changes_nothing() {
    let (world, store) = World::new().await.with_store().await;
    let opal = world.actor("opal").await;
    let mut number = 0;
    for &status in Status::ALL {
        for deed in DEEDS {
            number += 1;
            let asked = world.asks(&format!("caller{number}")).await;
            let id = asked.account.id;
            // So that an answer has a question.
            world.bbs.ask_applicant(&opal, id, "And?").await.unwrap();
            for decision in way_to(status) {
                world.bbs.decide_about(&opal, id, decision).await.unwrap();
            }
            // No decision leads there: it is put there.
            if matches!(status, Status::Unverified | Status::Deleted) {
                let put = store.write(move |tx| {
                    let onward = (status == Status::Unverified).then_some("pending");
                    let sql = "UPDATE account SET status = ?, onward = ? WHERE id = ?";
                    Ok(tx.db().execute(sql, (status.name(), onward, id.0))?)
                });
                put.await.unwrap();
            }
            let before = world.bbs.user(&opal, id).await.unwrap();
            let is_done = press(&world, &opal, id, &asked.actor, deed).await;
            let pair = format!("{status} {deed:?}");
            assert_eq!(is_done, is_in_the_table(status, deed), "{pair}");
            if !is_done {
                let after = world.bbs.user(&opal, id).await.unwrap();
                assert_eq!(after.account, before.account, "{pair}");
                assert_eq!(after.request, before.request, "{pair}");
                assert_eq!(after.conversation, before.conversation, "{pair}");
                assert_eq!(after.letter, before.letter, "{pair}");
            }
        }
    }
}

#[tokio::test]
async fn threat_22_two_sysops_on_one_row_make_one_transition_and_one_letter() {
    let (mailer, _inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = Arc::new(World::with_mail(mailer).await);
    let opal = world.actor("opal").await;
    let jade = world.create("jade", Role::Sysop).await;
    let pairs = [
        (Status::Pending, Deed::Approve),
        (Status::Pending, Deed::ApproveAnyway),
        (Status::Pending, Deed::Reject),
        (Status::Rejected, Deed::Reopen),
        (Status::Active, Deed::Suspend),
        (Status::Suspended, Deed::Reactivate),
        (Status::Active, Deed::Undo),
        (Status::Rejected, Deed::Undo),
    ];
    for (number, (status, deed)) in (1..).zip(pairs) {
        let handle = format!("caller{number}");
        let asked = world
            .asks_from(&handle, &format!("{handle}@example.org"))
            .await;
        let id = asked.account.id;
        for decision in way_to(status) {
            world.bbs.decide_about(&opal, id, decision).await.unwrap();
            // What told of it has left.
            world.clock.advance(std::time::Duration::from_mins(1));
            world.bbs.send_due().await.unwrap();
        }
        let letters = async || {
            let all = world
                .bbs
                .list_letters(&world.console, None, None, 200)
                .await;
            let all = all.unwrap().letters;
            all.iter()
                .filter(|one| one.to.account() == Some(id))
                .count()
        };
        let before = letters().await;
        let (one, other) = tokio::join!(
            press(&world, &opal, id, &asked.actor, deed),
            press(&world, &jade, id, &asked.actor, deed),
        );
        assert!(one != other, "{status} {deed:?}: {one} and {other}");
        assert_eq!(letters().await, before + 1, "{status} {deed:?}");
    }
}
