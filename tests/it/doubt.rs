//! What is worth knowing about a request, and what has to be known before it is
//! approved.

use insta::assert_snapshot;
use ringdown_bbs::{
    app::queue::{Decision, Hint, Reason, Tell},
    command::{self, Exit},
    domain::{
        account::{Role, Status},
        id::AccountId,
        refusal::{Doubt, Refusal},
    },
    tui::screens::users::Users,
};

use crate::world::{SMALL, World, key, keys, refused};

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
    let by = Hint::DecidedBefore("console(1000)".into());
    assert!(known.contains(&by), "{known:?}");
}
