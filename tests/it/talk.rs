//! Talking with a caller who waits, and ringing for a sysop.

use std::time::Duration;

use insta::assert_snapshot;
use ringdown_bbs::{
    app::{queue::Decision, ring::Rung},
    domain::{
        account::Role,
        letter::Kind,
        notice::{Channel, Topic},
        refusal::Refusal,
    },
    mailer::Mailer,
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
    let noted = "Nobody is at the desk; the sysops will read that you rang.";
    assert!(call.shows(noted), "{}", call.text());
    let opal = world.actor("opal").await;
    let mut desk = world.on_line(Size::USUAL, opal, Menu::new()).await;
    assert!(!desk.shows("ring the sysop"), "{}", desk.text());
    call.press(&["!"]).await;
    assert!(call.shows("It rings at opal's desk."), "{}", call.text());
    desk.look().await;
    assert!(desk.frame.contains(&7), "it rings");
    assert!(desk.shows("ada rings for a sysop."), "{}", desk.text());
    call.press(&["!", "!"]).await;
    assert!(
        call.shows("You rang a few times already."),
        "{}",
        call.text()
    );
    // Who wants no bell reads it all the same.
    let opal = world.actor("opal").await;
    let turned = world.bbs.turn_channel(&opal, Topic::Rings, Channel::Bell);
    assert!(!turned.await.unwrap().bell);
    world.clock.advance(Duration::from_hours(1));
    desk.press(&["x"]).await;
    world.bbs.ring_sysop(&ada).await.unwrap();
    desk.look().await;
    assert!(!desk.frame.contains(&7), "it is quiet");
    assert!(desk.shows("ada rings for a sysop."), "{}", desk.text());
    let newbie = world.asks("newbie").await.actor;
    let refusal = refused(world.bbs.ring_sysop(&newbie).await);
    assert_eq!(refusal, Refusal::NotAllowed);
}

/// What the notices of opal say that are not read, newest first.
async fn unread(world: &World) -> Vec<String> {
    let opal = world.actor("opal").await;
    let mut texts = Vec::new();
    for listed in world.bbs.notices(&opal).await.unwrap() {
        if listed.notice.kind == Kind::Rang && !listed.notice.is_read {
            texts.push(listed.notice.detail);
        }
    }
    texts
}

#[tokio::test]
async fn rings_at_an_empty_desk_stand_in_one_notice_until_it_is_read() {
    let (mailer, inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    world.address("opal", "opal@example.org").await;
    let ada = world.create("ada", Role::User).await;
    let bert = world.create("bert", Role::User).await;
    for actor in [&ada, &bert] {
        let rung = world.bbs.ring_sysop(actor).await.unwrap();
        assert_eq!(rung, Rung::Noted);
        world.clock.advance(Duration::from_mins(2));
    }
    let both = "    ada, 21 Nov 21:04 UTC\n    bert, 21 Nov 21:06 UTC";
    assert_eq!(unread(&world).await, [both]);
    let opal = world.actor("opal").await;
    let notice = world.bbs.notices(&opal).await.unwrap()[0].notice.id;
    let text = world.bbs.read_notice(&opal, notice).await.unwrap();
    assert!(text.contains(both), "{text}");
    // The next one tells anew; a letter only an hour after the last.
    world.bbs.ring_sysop(&ada).await.unwrap();
    assert_eq!(unread(&world).await, ["    ada, 21 Nov 21:08 UTC"]);
    world.bbs.send_due().await.unwrap();
    let letters = std::mem::take(&mut *inbox.lock().unwrap());
    let rings = letters.iter().filter(|letter| letter.contains("rang"));
    assert_eq!(rings.count(), 1, "{letters:?}");
    world.bbs.read_all_notices(&opal).await.unwrap();
    world.clock.advance(Duration::from_hours(1));
    world.bbs.ring_sysop(&bert).await.unwrap();
    world.bbs.send_due().await.unwrap();
    assert_eq!(inbox.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_ring_that_nobody_would_read_of_is_said_to_be_none() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let opal = world.actor("opal").await;
    let turned = world.bbs.turn_channel(&opal, Topic::Rings, Channel::Notice);
    assert!(!turned.await.unwrap().notice);
    for _ in 0..5 {
        let refusal = refused(world.bbs.ring_sysop(&ada).await);
        assert_eq!(refusal, Refusal::NobodyAtDesk);
    }
    let turned = world.bbs.turn_channel(&opal, Topic::Rings, Channel::Notice);
    assert!(turned.await.unwrap().notice);
    assert_eq!(world.bbs.ring_sysop(&ada).await.unwrap(), Rung::Noted);
}

#[tokio::test]
async fn a_new_start_of_the_board_forgets_no_rings() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    for _ in 0..3 {
        world.bbs.ring_sysop(&ada).await.unwrap();
    }
    world.bbs.close().await;
    let world = World::in_directory(world.into_directory()).await;
    let ada = world.actor("ada").await;
    let refusal = refused(world.bbs.ring_sysop(&ada).await);
    assert_eq!(refusal, Refusal::RangEnough);
    // It is each member's own bound.
    let bert = world.create("bert", Role::User).await;
    world.bbs.ring_sysop(&bert).await.unwrap();
    world.clock.advance(Duration::from_hours(1));
    world.bbs.ring_sysop(&ada).await.unwrap();
}
