//! Talking with a caller who waits, and ringing for a sysop.

use std::time::Duration;

use insta::assert_snapshot;
use ringdown_bbs::{
    app::queue::Decision,
    domain::{account::Role, refusal::Refusal},
    tui::{
        line::Size,
        screens::{menu::Menu, users::Users, waiting::Waiting},
    },
};

use crate::{
    ssh::injection::{attack, witness},
    world::{Call, SMALL, World, keys, refused},
};

/// A sysop who has rung, and newbie in the waiting room.
async fn rung(world: &World) -> (Call, Call) {
    let newbie = world.asks("newbie").await;
    let room = Waiting::new(newbie.account);
    let mut waits = world.on_line(SMALL, newbie.actor, room).await;
    let opal = world.actor("opal").await;
    let mut desk = world.on_line(Size::USUAL, opal, Users::new()).await;
    desk.press(&["l"]).await;
    waits.look().await;
    (desk, waits)
}

#[tokio::test]
async fn l_rings_in_the_waiting_room_and_both_talk() {
    let world = World::new().await;
    let (mut desk, mut waits) = rung(&world).await;
    assert!(desk.shows("newbie was rung"), "{}", desk.text());
    assert!(waits.frame.contains(&7), "it rings");
    assert!(waits.shows("opal is on the line"), "{}", waits.text());
    let room = waits.text();
    desk.press(&["Good evening!", keys::ENTER]).await;
    waits.press(&["l"]).await;
    assert!(waits.shows("opal    Good evening!"), "{}", waits.text());
    desk.look().await;
    assert!(!desk.shows("was rung"), "{}", desk.text());
    waits
        .press(&["Hello. Is anybody reading my request?", keys::ENTER])
        .await;
    desk.look().await;
    assert!(desk.shows("newbie  Hello."), "{}", desk.text());
    let pages = [room, desk.text(), waits.text()];
    assert_snapshot!("talk", pages.join("\n\n"));
}

#[tokio::test]
async fn a_talk_is_over_when_either_leaves() {
    let world = World::new().await;
    let (mut desk, mut waits) = rung(&world).await;
    waits.press(&["l", "Hello?", keys::ENTER]).await;
    desk.look().await;
    waits.press(&[keys::ESC]).await;
    desk.look().await;
    assert!(desk.shows("newbie has left."), "{}", desk.text());
    assert!(desk.shows("Hello?"), "what was said is still to be read");
    assert!(!desk.shows("⏎ say"), "{}", desk.text());
    assert!(!waits.shows("l talk"), "{}", waits.text());
    // The other way round; it begins anew, and nothing is left of before.
    desk.press(&[keys::ESC, "l"]).await;
    waits.look().await;
    waits.press(&["l"]).await;
    assert!(!waits.shows("Hello?"), "{}", waits.text());
    desk.press(&[keys::ESC]).await;
    waits.look().await;
    assert!(waits.shows("opal has left."), "{}", waits.text());
    // A line that goes dead ends it too.
    waits.press(&[keys::ESC]).await;
    desk.press(&["l"]).await;
    waits.look().await;
    waits.press(&["l"]).await;
    drop(desk);
    waits.look().await;
    assert!(waits.shows("opal has left."), "{}", waits.text());
}

#[tokio::test]
async fn a_decision_ends_the_talk_and_only_that_it_took_place_is_on_record() {
    let world = World::new().await;
    let (mut desk, mut waits) = rung(&world).await;
    desk.press(&["A secret word.", keys::ENTER]).await;
    waits.press(&["l"]).await;
    let id = world.bbs.find_user(&world.console, "newbie").await.unwrap();
    let approved = world
        .bbs
        .decide_about(&world.console, id, Decision::Approve);
    approved.await.unwrap();
    waits.look().await;
    assert!(waits.shows("Main menu"), "{}", waits.text());
    desk.look().await;
    assert!(desk.shows("newbie has left."), "{}", desk.text());
    let file = std::fs::read(world.file()).unwrap();
    let wal = std::fs::read(world.file().with_extension("db-wal")).unwrap();
    let kept = String::from_utf8_lossy(&[file, wal].concat()).into_owned();
    assert!(kept.contains("talk.open"));
    assert!(!kept.contains("A secret word."));
}

#[tokio::test]
async fn a_talk_is_with_one_who_waits_on_line_by_one_who_decides() {
    let world = World::new().await;
    let (_desk, waits) = rung(&world).await;
    let id = world.bbs.find_user(&world.console, "newbie").await.unwrap();
    let ruby = world.create("ruby", Role::Sysop).await;
    let gus = world.create("gus", Role::Mod).await;
    let visit = world.visit();
    let busy = refused(world.bbs.open_talk(&ruby, &visit, id).await);
    assert_eq!(busy, Refusal::TalksAlready("opal".into()));
    let refusal = refused(world.bbs.open_talk(&gus, &visit, id).await);
    assert_eq!(refusal, Refusal::NotAllowed);
    assert_eq!(world.bbs.talk(&ruby, &visit, id), None, "nobody listens in");
    let over = refused(world.bbs.say_in_talk(&ruby, &visit, id, "Hello"));
    assert_eq!(over, Refusal::TalkOver);
    drop(waits);
    let away = world.asks("away").await.account.id;
    let refusal = refused(world.bbs.open_talk(&ruby, &visit, away).await);
    assert_eq!(refusal, Refusal::NotOnLine);
}

#[tokio::test]
async fn threat_29_a_talk_is_clean_and_no_flood() {
    let world = World::new().await;
    let (mut desk, mut waits) = rung(&world).await;
    waits.press(&["l"]).await;
    for portion in attack::portions(90) {
        let pasted = format!("\x1b[200~{portion}\x1b[201~");
        waits.press(&[&pasted, keys::ENTER]).await;
        desk.look().await;
        witness::assert_terminal("the desk", &desk.frame, 1);
        world.clock.advance(Duration::from_secs(11));
    }
    for n in 0..8 {
        waits.press(&[&format!("line {n}"), keys::ENTER]).await;
    }
    waits.press(&["one more", keys::ENTER]).await;
    assert!(waits.shows("Slowly"), "{}", waits.text());
    world.clock.advance(Duration::from_secs(10));
    waits.press(&[keys::ENTER]).await;
    desk.look().await;
    assert!(desk.shows("one more"), "{}", desk.text());
}

#[tokio::test]
async fn a_member_rings_at_the_desk_and_not_too_often() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let mut call = world.call(ada.clone(), Menu::new()).await;
    call.press(&["!"]).await;
    assert!(
        call.shows("Nobody is at the desk just now."),
        "{}",
        call.text()
    );
    let opal = world.actor("opal").await;
    let mut desk = world.on_line(Size::USUAL, opal, Menu::new()).await;
    assert!(!desk.shows("ring the sysop"), "{}", desk.text());
    call.press(&["!"]).await;
    assert!(call.shows("It rings at opal's desk."), "{}", call.text());
    desk.look().await;
    assert!(desk.frame.contains(&7), "it rings");
    assert!(desk.shows("ada rings for a sysop."), "{}", desk.text());
    call.press(&["!", "!", "!"]).await;
    assert!(
        call.shows("You rang a few times already."),
        "{}",
        call.text()
    );
    world.clock.advance(Duration::from_hours(1));
    world.bbs.ring_sysop(&ada).await.unwrap();
    let newbie = world.asks("newbie").await.actor;
    let refusal = refused(world.bbs.ring_sysop(&newbie).await);
    assert_eq!(refusal, Refusal::NotAllowed);
}
