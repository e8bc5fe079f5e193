//! One decision about several requests: marks, one question, and a line for
//! each that says what became of it.

use std::time::Duration;

use insta::assert_snapshot;
use ringdown_bbs::{
    app::queue::Decision,
    domain::{
        account::{Role, Status},
        actor::Actor,
    },
    tui::screens::users::Users,
};

use crate::world::{Call, SMALL, World, keys};

const SPACE: &str = " ";

/// A board on which these wait, a minute apart.
async fn waiting(handles: &[&str]) -> (World, Actor) {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    for handle in handles {
        world.asks(handle).await;
        world.clock.advance(Duration::from_mins(1));
    }
    (world, opal)
}

async fn status(world: &World, handle: &str) -> Status {
    let id = world.bbs.find_user(&world.console, handle).await.unwrap();
    let detail = world.bbs.user(&world.console, id).await;
    detail.unwrap().account.status
}

async fn approve(world: &World, actor: &Actor, handle: &str) {
    let id = world.bbs.find_user(actor, handle).await.unwrap();
    let decided = world.bbs.decide_about(actor, id, Decision::Approve).await;
    decided.unwrap();
}

/// How often each of these was decided about.
async fn acts(world: &World, handle: &str) -> usize {
    let filter = ringdown_bbs::store::audit::Filter {
        name: Some(handle.into()),
        ..Default::default()
    };
    let records = world
        .bbs
        .list_audit(&world.console, &filter, None, 100)
        .await;
    let records = records.unwrap();
    let decided = |action: &str| action == "account.approve" || action == "account.reject";
    records.iter().filter(|one| decided(&one.action)).count()
}

#[tokio::test]
async fn each_of_the_marked_is_decided_on_its_own_and_has_a_line() {
    let (world, opal) = waiting(&["anka", "newbie", "marta_k"]).await;
    let ruby = world.create("ruby", Role::Sysop).await;
    let mut call = world.call(opal.clone(), Users::new()).await;
    let mut small = world.call_at(SMALL, opal, Users::new()).await;
    for call in [&mut call, &mut small] {
        call.press(&[SPACE, keys::DOWN, SPACE, "a"]).await;
    }
    assert_snapshot!("bulk_question", both(&call, &small));
    approve(&world, &ruby, "anka").await;
    world.clock.advance(Duration::from_secs(4));
    call.press(&[keys::ENTER]).await;
    world.clock.advance(Duration::from_mins(2));
    // Both are decided about already.
    small.press(&[keys::ENTER]).await;
    assert!(call.shows("already approved by ruby 4 s ago"));
    assert!(call.shows("admitted"), "{}", call.text());
    assert_snapshot!("bulk", both(&call, &small));
    for (handle, stands) in [
        ("anka", Status::Active),
        ("newbie", Status::Active),
        ("marta_k", Status::Pending),
    ] {
        assert_eq!(status(&world, handle).await, stands, "{handle}");
    }
    assert_eq!(acts(&world, "anka").await, 1);
    assert_eq!(acts(&world, "newbie").await, 1);
    call.press(&[keys::ENTER]).await;
    assert!(call.shows("Pending 1"), "{}", call.text());
    assert!(!call.shows("marked"), "{}", call.text());
}

fn both(large: &Call, small: &Call) -> String {
    format!("{}\n\n{}", large.text(), small.text())
}

#[tokio::test]
async fn one_dialog_rejects_all_who_are_marked() {
    let (world, opal) = waiting(&["anka", "newbie", "marta_k"]).await;
    let mut call = world.call(opal.clone(), Users::new()).await;
    call.press(&[SPACE, keys::DOWN, keys::DOWN, SPACE, "r", keys::RIGHT])
        .await;
    assert!(call.shows("Reject the 2 marked?"), "{}", call.text());
    // Whoever thinks better of it loses no mark.
    call.press(&[keys::ESC]).await;
    assert!(call.shows("2 marked"), "{}", call.text());
    call.press(&["r", keys::RIGHT, keys::ENTER]).await;
    assert!(call.shows("2 of 2 done"), "{}", call.text());
    for handle in ["anka", "marta_k"] {
        let id = world.bbs.find_user(&opal, handle).await.unwrap();
        let account = world.bbs.user(&opal, id).await.unwrap().account;
        assert_eq!(account.status, Status::Rejected, "{handle}");
        assert!(account.status_reason.is_some(), "{handle}");
    }
    assert_eq!(status(&world, "newbie").await, Status::Pending);
}

#[tokio::test]
async fn marks_survive_paging_and_narrowing_until_esc() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    world.set("queue_backlog_max", "200").await;
    for n in 0..120 {
        world.asks(&format!("caller-{n:03}")).await;
        world.clock.advance(Duration::from_secs(1));
    }
    let mut call = world.call(opal, Users::new()).await;
    call.press(&[SPACE, "G", SPACE, "/", "caller-07", keys::ENTER, SPACE])
        .await;
    assert!(call.shows("3 marked /caller-07"), "{}", call.text());
    call.press(&[keys::ESC, "g"]).await;
    assert!(call.shows("▌*caller-000"), "{}", call.text());
    assert!(call.shows("3 marked"), "{}", call.text());
    call.press(&["a", keys::ENTER]).await;
    assert!(call.shows("3 of 3 done"), "{}", call.text());
    for handle in ["caller-000", "caller-070", "caller-119"] {
        assert_eq!(status(&world, handle).await, Status::Active, "{handle}");
    }
    call.press(&[keys::ENTER, "g", SPACE, keys::ESC]).await;
    assert!(!call.shows("marked"), "{}", call.text());
    // Another Space takes a mark away, and then the keys are about one again.
    call.press(&[SPACE, SPACE, "a"]).await;
    assert!(call.shows("caller-001 may come in."), "{}", call.text());
}

#[tokio::test]
async fn only_whoever_decides_marks_and_only_those_who_wait() {
    let (world, opal) = waiting(&["anka"]).await;
    let gus = world.create("gus", Role::Mod).await;
    let mut call = world.call(gus, Users::new()).await;
    call.press(&["j", SPACE]).await;
    assert!(!call.shows("marked"), "{}", call.text());
    let mut call = world.call(opal, Users::new()).await;
    call.press(&[SPACE, keys::RIGHT, "G", SPACE]).await;
    assert!(!call.shows("marked"), "{}", call.text());
}
