//! What is worth knowing about a request, and what has to be known before it is
//! approved.

use std::time::Duration;

use insta::assert_snapshot;
use ringdown_bbs::{
    app::queue::{Decision, Earlier, Hint, Reason, Tell},
    command::{self, Exit},
    domain::{
        account::{Role, Status},
        id::AccountId,
        refusal::{Doubt, Refusal},
        secret::Secret,
    },
    mailer::Mailer,
    tui::screens::users::Users,
};

use crate::{
    address::code_of,
    world::{SMALL, World, key, keys, refused},
};

async fn hints(world: &World, id: AccountId) -> Vec<Hint> {
    world.bbs.user(&world.console, id).await.unwrap().hints
}

/// Somebody who asks with a pasted key of ada, who is a member.
async fn twin_of_ada(world: &World) -> AccountId {
    world.create("ada", Role::User).await;
    let newbie = world.asks("newbie").await;
    let pasted = key("ada").key().to_openssh().to_owned();
    world.bbs.paste_key(&newbie.actor, &pasted).await.unwrap();
    newbie.account.id
}

#[tokio::test]
async fn a_request_that_shares_a_key_asks_whether_both_stay() {
    let world = World::new().await;
    let id = twin_of_ada(&world).await;
    let doubt = Refusal::Doubtful(Doubt::SharesKey("ada".into()));
    let stop = world
        .bbs
        .decide_about(&world.console, id, Decision::Approve);
    assert_eq!(refused(stop.await), doubt);
    let opal = world.actor("opal").await;
    let mut desk = world.call(opal.clone(), Users::new()).await;
    desk.press(&["a"]).await;
    assert!(desk.shows("They have a key of ada"), "{}", desk.text());
    let mut small = world.call_at(SMALL, opal, Users::new()).await;
    small.press(&["a"]).await;
    assert_snapshot!("doubt", format!("{}\n\n{}", desk.text(), small.text()));
    small.press(&[keys::ESC]).await;
    desk.press(&[" ", keys::ENTER]).await;
    assert!(desk.shows("newbie may come in."), "{}", desk.text());
    // The other way: whoever has an account is told so, and not whose.
    let undone = world.bbs.decide_about(&world.console, id, Decision::Undo);
    undone.await.unwrap();
    desk.look().await;
    desk.press(&[keys::DOWN, "a", keys::ENTER]).await;
    assert!(desk.shows("newbie was rejected."), "{}", desk.text());
    let account = world.bbs.user(&world.console, id).await.unwrap().account;
    assert_eq!(account.status, Status::Rejected);
    let reason = account.status_reason.unwrap();
    assert_eq!(reason, Reason::Duplicate.words());
}

#[tokio::test]
async fn a_request_whose_address_is_not_taken_any_more_asks_too() {
    let world = World::new().await;
    let newbie = world.asks_from("newbie", "newbie@example.org").await;
    world.set("email_deny_domains", "example.org").await;
    let id = newbie.account.id;
    let stop = world
        .bbs
        .decide_about(&world.console, id, Decision::Approve);
    assert_eq!(
        refused(stop.await),
        Refusal::Doubtful(Doubt::AddressRefused)
    );
    let line = |line: &str| command::parse_line(line).unwrap();
    let order = line("user approve newbie");
    let said = command::run(&world.bbs, &world.console, order, None).await;
    assert_eq!(said.exit, Exit::Refused);
    assert!(said.stderr.contains("--anyway"), "{}", said.stderr);
    let order = line("user approve newbie --anyway");
    let said = command::run(&world.bbs, &world.console, order, None).await;
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    assert!(said.stdout.starts_with("newbie: active"), "{}", said.stdout);
}

#[tokio::test]
async fn hints_tell_of_the_address_the_handle_and_what_was_before() {
    let world = World::new().await;
    world.set("email_unique", "off").await;
    world.create("newbi3", Role::User).await;
    world.address("newbi3", "newbie@example.org").await;
    let first = world.asks_from("newbie", "newbie@example.org").await;
    world.bbs.withdraw(&first.actor).await.unwrap();
    let again = world.asks_from("newbie", "newbie@example.org").await;
    let id = again.account.id;
    let known = hints(&world, id).await;
    for hint in [Hint::AddressKnown(vec!["newbi3".into()]), Hint::AskedBefore] {
        assert!(known.contains(&hint), "{hint:?} in {known:?}");
    }
    // Who may not see addresses learns nothing of them.
    world.set("queue_deciders", "mods").await;
    let gus = world.create("gus", Role::Mod).await;
    let seen = world.bbs.user(&gus, id).await.unwrap().hints;
    assert!(!seen.contains(&Hint::AddressKnown(vec!["newbi3".into()])));
    assert!(seen.contains(&Hint::AskedBefore));
    let reject = Decision::Reject {
        reason: Reason::TooLittle,
        tell: Tell::No,
        text: String::new(),
        note: String::new(),
    };
    for decision in [reject, Decision::Reopen] {
        let decided = world.bbs.decide_about(&world.console, id, decision);
        decided.await.unwrap();
    }
    let known = hints(&world, id).await;
    let is_earlier = |hint: &Hint| matches!(hint, Hint::DecidedBefore(_));
    assert!(known.iter().any(is_earlier), "{known:?}");
}

/// A rejection with that reason.
fn rejection(reason: Reason) -> Decision {
    Decision::Reject {
        reason,
        tell: Tell::No,
        text: String::new(),
        note: String::new(),
    }
}

/// What the hints tell of an earlier decision: who, when, why.
async fn earlier(world: &World, id: AccountId) -> Option<Earlier> {
    let hints = hints(world, id).await.into_iter();
    hints.fold(None, |found, hint| match hint {
        Hint::DecidedBefore(earlier) => Some(earlier),
        _ => found,
    })
}

#[tokio::test]
async fn t10_a_reopened_request_says_who_turned_it_down_when_and_why() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let id = world.asks("newbie").await.account.id;
    assert_eq!(earlier(&world, id).await, None);
    let rejected_at = world.bbs.clock().now();
    let reject = world
        .bbs
        .decide_about(&opal, id, rejection(Reason::TooLittle));
    reject.await.unwrap();
    world.clock.advance(Duration::from_hours(72));
    // Who reopens has decided nothing.
    let reopen = world.bbs.decide_about(&world.console, id, Decision::Reopen);
    reopen.await.unwrap();
    let told = Earlier {
        by: "opal".into(),
        at: rejected_at,
        reason: Some(Reason::TooLittle),
    };
    assert_eq!(earlier(&world, id).await, Some(told.clone()));
    // What was taken back is as if it had not been.
    for decision in [rejection(Reason::Unspecified), Decision::Undo] {
        let decided = world.bbs.decide_about(&world.console, id, decision);
        decided.await.unwrap();
    }
    assert_eq!(earlier(&world, id).await, Some(told));
    let mut desk = world.call(opal, Users::new()).await;
    let sentence = "opal rejected this on 21 Nov 2026: too little said";
    assert!(desk.shows(sentence), "{}", desk.text());
    desk.press(&[keys::DOWN, "v"]).await;
    assert!(desk.shows(sentence), "{}", desk.text());
    let order = command::parse_line("user show newbie").unwrap();
    let said = command::run(&world.bbs, &world.console, order, None).await;
    assert!(
        said.stdout
            .contains("opal rejected this on 2026-11-21 21:04Z: too little said"),
        "{}",
        said.stdout
    );
}

#[tokio::test]
async fn t10_what_befell_another_of_that_handle_is_not_told() {
    let world = World::new().await;
    let first = world.asks("newbie").await;
    for decision in [rejection(Reason::Advertising), Decision::Reopen] {
        let decided = world
            .bbs
            .decide_about(&world.console, first.account.id, decision);
        decided.await.unwrap();
    }
    let first = world.actor("newbie").await;
    world.bbs.withdraw(&first).await.unwrap();
    let again = world.asks("newbie").await.account.id;
    assert_eq!(earlier(&world, again).await, None);
}

#[tokio::test]
async fn an_address_that_a_member_has_proven_asks_before_they_are_let_in() {
    let (mailer, inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    world.set("email_unique", "off").await;
    let ada = world.create("ada", Role::User).await;
    world.address("ada", "ada@example.org").await;
    let newbie = world.asks_from("newbie", "ada@example.org").await;
    let id = newbie.account.id;
    let approve = || {
        world
            .bbs
            .decide_about(&world.console, id, Decision::Approve)
    };
    // Only what was proven speaks against somebody.
    let rehearsed = world.bbs.rehearsal();
    let rehearsed = rehearsed.decide_about(&world.console, id, Decision::Approve);
    assert!(rehearsed.await.is_ok());
    let visit = world.visit();
    world.bbs.ask_for_address_code(&ada, &visit).await.unwrap();
    world.bbs.send_due().await.unwrap();
    let letters = inbox.lock().unwrap().clone();
    let code = letters.iter().find_map(|letter| code_of(letter)).unwrap();
    let proven = world.bbs.prove_address(&ada, &Secret::new(code)).await;
    assert!(proven.unwrap().email_proven);
    let doubt = Refusal::Doubtful(Doubt::SharesAddress("ada".into()));
    assert_eq!(refused(approve().await), doubt);
}

#[tokio::test]
async fn a_key_of_somebody_who_is_shut_out_is_a_hint() {
    let world = World::new().await;
    let id = twin_of_ada(&world).await;
    let ada = world.bbs.find_user(&world.console, "ada").await.unwrap();
    let shared = Hint::KeyOfShutOut(vec!["ada".into()]);
    assert!(!hints(&world, id).await.contains(&shared));
    let suspend = Decision::Suspend {
        reason: "too loud".into(),
        until: None,
    };
    let suspended = world.bbs.decide_about(&world.console, ada, suspend);
    suspended.await.unwrap();
    assert!(hints(&world, id).await.contains(&shared));
}

#[tokio::test]
async fn an_address_to_be_thrown_away_is_a_hint_and_no_more() {
    let world = World::new().await;
    let id = world.asks_from("newbie", "newbie@mail.example").await;
    let id = id.account.id;
    assert!(!hints(&world, id).await.contains(&Hint::Disposable));
    let add = "policy domain add mail.example --as disposable --reason 'a minute long'";
    let order = command::parse_line(add).unwrap();
    let said = command::run(&world.bbs, &world.console, order, None).await;
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    assert!(hints(&world, id).await.contains(&Hint::Disposable));
    let approved = world
        .bbs
        .decide_about(&world.console, id, Decision::Approve);
    approved.await.unwrap();
}
