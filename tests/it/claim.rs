//! Claiming a request: a hint to the other sysops for half an hour, and no
//! lock.

use std::time::Duration;

use insta::assert_snapshot;
use ringdown_bbs::{
    app::queue::Decision,
    domain::{account::Role, refusal::Refusal},
    tui::screens::users::Users,
};

use crate::world::{SMALL, World, keys, refused};

#[tokio::test]
async fn c_tells_the_other_sysops_for_half_an_hour_and_locks_nobody_out() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let ruby = world.create("ruby", Role::Sysop).await;
    let id = world.asks("newbie").await.account.id;
    let mut call = world.call(opal, Users::new()).await;
    let mut other = world.call(ruby.clone(), Users::new()).await;
    call.press(&["c"]).await;
    assert!(call.shows("newbie is yours for half an hour."));
    other.look().await;
    assert!(other.shows("(opal) I am newbie"), "{}", other.text());
    let mut small = world.call_at(SMALL, ruby.clone(), Users::new()).await;
    small.press(&[keys::ENTER]).await;
    assert!(small.shows("by opal until 21:34"), "{}", small.text());
    assert_snapshot!("claim", format!("{}\n\n{}", other.text(), small.text()));
    // Whoever is quicker has it; c once more gives it up.
    other.press(&["c"]).await;
    assert!(other.shows("by ruby until 21:34"), "{}", other.text());
    other.press(&["c"]).await;
    assert!(other.shows("newbie is free again."), "{}", other.text());
    other.press(&["c"]).await;
    world.clock.advance(Duration::from_mins(30));
    call.press(&["j"]).await;
    assert!(!call.shows("ruby"), "{}", call.text());
    call.press(&["a"]).await;
    assert!(call.shows("newbie may come in."), "{}", call.text());
    let late = world.bbs.claim_request(&ruby, id).await;
    assert!(matches!(refused(late), Refusal::Conflict { .. }));
}

#[tokio::test]
async fn only_whoever_decides_claims() {
    let world = World::new().await;
    let gus = world.create("gus", Role::Mod).await;
    let id = world.asks("newbie").await.account.id;
    let refusal = refused(world.bbs.claim_request(&gus, id).await);
    assert_eq!(refusal, Refusal::NotAllowed);
    world.set("queue_deciders", "mods").await;
    assert!(world.bbs.claim_request(&gus, id).await.unwrap().is_some());
    // It hinders no decision of anybody else's.
    let decided = world
        .bbs
        .decide_about(&world.console, id, Decision::Approve);
    decided.await.unwrap();
}
