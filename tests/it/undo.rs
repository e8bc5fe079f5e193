//! Row U: a decision about a request is taken back within ten minutes, if
//! nothing happened since.

use std::{sync::Arc, time::Duration};

use insta::assert_snapshot;
use ringdown_bbs::{
    app::{
        invite::Draft,
        queue::{Decision, Reason, Tell},
    },
    domain::{
        account::{Role, Status},
        actor::Actor,
        id::AccountId,
        letter::{Kind, State},
        refusal::Refusal,
    },
    mailer::Mailer,
    store::{account::From, outbox::Letter},
    tui::screens::{users::Users, waiting::Waiting},
};

use crate::world::{SMALL, World, keys, refused};

const REJECT: Decision = Decision::Reject {
    reason: Reason::TooLittle,
    tell: Tell::Yes,
    text: String::new(),
    note: String::new(),
};

async fn decide(world: &World, actor: &Actor, id: AccountId, decision: Decision) {
    let decided = world.bbs.decide_about(actor, id, decision).await;
    decided.unwrap();
}

async fn undo_is_refused(world: &World, actor: &Actor, id: AccountId) -> Refusal {
    refused(world.bbs.decide_about(actor, id, Decision::Undo).await)
}

#[tokio::test]
async fn u_both_decisions_are_taken_back_to_where_the_request_stood() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let first = world.asks("newbie").await.account;
    world.clock.advance(Duration::from_mins(3));
    world.asks("later").await;
    for decision in [Decision::Approve, REJECT] {
        decide(&world, &opal, first.id, decision).await;
        world.clock.advance(Duration::from_mins(9));
        let back = world.bbs.decide_about(&opal, first.id, Decision::Undo);
        let back = back.await.unwrap().account;
        assert_eq!(back.status, Status::Pending);
        assert_eq!(back.status_at, first.status_at);
        assert_eq!((back.status_by, back.status_reason), (None, None));
    }
    let page = world
        .bbs
        .list_users(&opal, Status::Pending, "", From::Start, 10);
    assert_eq!(page.await.unwrap().rows[0].account.id, first.id);
}

#[tokio::test]
async fn u_nothing_is_taken_back_after_ten_minutes_twice_or_after_something_happened() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let id = world.asks("newbie").await.account.id;
    assert!(matches!(
        undo_is_refused(&world, &opal, id).await,
        Refusal::Conflict { .. }
    ));
    decide(&world, &opal, id, Decision::Approve).await;
    world.clock.advance(Duration::from_mins(10));
    assert_eq!(undo_is_refused(&world, &opal, id).await, Refusal::UndoLate);

    let id = world.asks("other").await.account.id;
    decide(&world, &opal, id, Decision::Approve).await;
    decide(&world, &opal, id, Decision::ChangeRole(Role::Mod)).await;
    assert_eq!(undo_is_refused(&world, &opal, id).await, Refusal::UndoLate);

    let id = world.asks("third").await.account.id;
    decide(&world, &opal, id, Decision::Approve).await;
    decide(&world, &opal, id, Decision::Undo).await;
    assert!(matches!(
        undo_is_refused(&world, &opal, id).await,
        Refusal::Conflict { .. }
    ));
    // An account that was never asked about has nothing to take back.
    let ada = world.create("ada", Role::User).await;
    let id = ada.account().unwrap();
    assert_eq!(undo_is_refused(&world, &opal, id).await, Refusal::UndoLate);
}

#[tokio::test]
async fn u_whoever_has_written_something_stays() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    world.set("invite_code_generators", "any_user").await;
    let id = world.asks("newbie").await.account.id;
    decide(&world, &opal, id, Decision::Approve).await;
    let newbie = world.actor("newbie").await;
    let invite = world.bbs.create_invite(&newbie, Draft::default()).await;
    invite.unwrap();
    assert_eq!(
        undo_is_refused(&world, &opal, id).await,
        Refusal::UndoWritten
    );
}

#[tokio::test]
async fn u_only_a_sysop_takes_back_and_two_of_them_do_it_once() {
    let world = Arc::new(World::new().await);
    world.set("queue_deciders", "mods").await;
    let (opal, jade) = (
        world.actor("opal").await,
        world.create("jade", Role::Sysop).await,
    );
    let gus = world.create("gus", Role::Mod).await;
    let id = world.asks("newbie").await.account.id;
    decide(&world, &gus, id, Decision::Approve).await;
    assert_eq!(undo_is_refused(&world, &gus, id).await, Refusal::NotAllowed);
    let undo = |actor: Actor| {
        let world = Arc::clone(&world);
        tokio::spawn(async move { world.bbs.decide_about(&actor, id, Decision::Undo).await })
    };
    let (one, two) = (undo(opal), undo(jade));
    let done = [one.await.unwrap(), two.await.unwrap()];
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1);
}

async fn letters(world: &World) -> Vec<(Kind, State)> {
    let page = world
        .bbs
        .list_letters(&world.console, None, None, 100)
        .await;
    let letters = page.unwrap().letters;
    let stands = |one: &Letter| (one.kind, one.state);
    letters.iter().rev().map(stands).collect()
}

#[tokio::test]
async fn u_a_letter_that_has_not_left_is_cancelled_and_one_that_has_is_corrected() {
    let (mailer, inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    let opal = world.actor("opal").await;
    let newbie = world.asks_from("newbie", "newbie@example.org").await;
    let id = newbie.account.id;
    world.bbs.send_due().await.unwrap();
    decide(&world, &opal, id, Decision::Approve).await;
    decide(&world, &opal, id, Decision::Undo).await;
    let receipt = (Kind::RequestReceived, State::Sent);
    assert_eq!(
        letters(&world).await,
        [receipt, (Kind::Approved, State::Cancelled)]
    );
    decide(&world, &opal, id, REJECT).await;
    world.clock.advance(Duration::from_mins(1));
    world.bbs.send_due().await.unwrap();
    let undone = world.bbs.decide_about(&opal, id, Decision::Undo).await;
    let letter = undone.unwrap().letter.unwrap();
    assert_eq!(
        (letter.kind, letter.state),
        (Kind::Correction, State::Queued)
    );
    world.bbs.send_due().await.unwrap();
    let inbox = inbox.lock().unwrap();
    assert_eq!(inbox.len(), 3);
    let last = inbox.last().unwrap();
    assert!(last.contains("was sent by mistake"), "{last}");
}

#[tokio::test]
async fn u_whoever_is_on_line_is_back_in_the_waiting_room() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let login = world.asks("newbie").await;
    let id = login.account.id;
    let mut call = world.call(login.actor, Waiting::new(login.account)).await;
    for decision in [Decision::Approve, REJECT] {
        decide(&world, &opal, id, decision).await;
        call.look().await;
        assert!(!call.shows("Waiting room"), "{}", call.text());
        decide(&world, &opal, id, Decision::Undo).await;
        call.look().await;
        assert!(call.shows("Waiting room"), "{}", call.text());
        assert!(call.shows("Your request waits again."), "{}", call.text());
    }
}

#[tokio::test]
async fn z_takes_back_what_the_sysop_decided_last() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    world.asks("newbie").await;
    world.asks("marta_k").await;
    let mut call = world.call(opal.clone(), Users::new()).await;
    assert!(!call.shows("z undo"), "{}", call.text());
    call.press(&["a"]).await;
    assert!(call.shows("z takes back what you decided about newbie."));
    call.press(&[keys::DOWN]).await;
    assert!(call.shows("▌ marta_k"), "{}", call.text());
    // The key acts on whoever was drawn, and about marta_k nothing is decided.
    assert!(!call.shows("z undo"), "{}", call.text());
    call.press(&["r", "r"]).await;
    assert!(call.shows("z takes back what you decided about marta_k."));
    call.press(&["z"]).await;
    let mut small = world.call_at(SMALL, opal, Users::new()).await;
    small.press(&["z"]).await;
    assert_snapshot!("users_undo", format!("{}\n\n{}", call.text(), small.text()));
    call.press(&[keys::ENTER]).await;
    assert!(call.shows("marta_k waits again."), "{}", call.text());
    // And the one before, from the list of those who are in.
    call.press(&[keys::RIGHT, "G"]).await;
    assert!(call.shows("▌ newbie"), "{}", call.text());
    call.press(&["z", keys::ENTER]).await;
    assert!(call.shows("newbie waits again."), "{}", call.text());
    assert!(call.shows("Pending 2"), "{}", call.text());
}
