//! The MAIL tab, what USERS and health say when letters do not leave, and the
//! letters of a copy.

use std::{fs, time::Duration};

use insta::assert_snapshot;
use ringdown_bbs::{
    app::queue::Decision,
    domain::{
        account::Role,
        actor::Actor,
        health::{Check, State as Health},
        letter::{Kind, State},
        refusal::Refusal,
        secret::Secret,
    },
    mailer::{Limits, Mailer},
    tui::screens::{account::Overview, mail::MailTab, users::Users},
};

use super::{
    decide, kinds, letters,
    sink::{Manner, Sink},
    taken, world,
};
use crate::world::{SMALL, World, keys, refused};

/// The tab after some keys, on the usual terminal and on the smallest.
async fn both(world: &World, actor: &Actor, pressed: &[&str]) -> String {
    let mut large = world.call(actor.clone(), MailTab::new()).await;
    let mut small = world.call_at(SMALL, actor.clone(), MailTab::new()).await;
    large.press(pressed).await;
    small.press(pressed).await;
    format!("{}\n\n{}", large.text(), small.text())
}

/// A board whose mail server refuses whoever is not opal.
async fn refusing() -> (World, Sink) {
    let sink = Sink::start(Manner::Says("RCPT", "550 no such user")).await;
    let url = Secret::new(format!("smtp://127.0.0.1:{}?tls=none", sink.port));
    let limits = Limits {
        connect: Duration::from_secs(5),
        whole: Duration::from_secs(5),
    };
    let mailer = Mailer::new(&url, "ringdown@bbs.example.org", limits).unwrap();
    (World::with_mail(mailer).await, sink)
}

/// The check of that name.
async fn check(world: &World, name: &str) -> Check {
    let checks = world.bbs.checks().await.into_iter();
    let mut found = checks.filter(|check| check.name() == name);
    found.next().unwrap()
}

#[tokio::test]
async fn the_tab_shows_what_became_of_letters_and_tries_them_again() {
    let (world, sink) = refusing().await;
    let opal = world.actor("opal").await;
    world.asks_from("newbie", "newbie@example.org").await;
    world.bbs.send_due().await.unwrap();
    world.address("opal", "opal@example.org").await;
    decide(&world, "newbie", Decision::Approve).await;
    assert_snapshot!("mail", both(&world, &opal, &[]).await);
    let first = [keys::DOWN, keys::ENTER];
    assert_snapshot!("mail_letter", both(&world, &opal, &first).await);

    let mut call = world.call(opal.clone(), MailTab::new()).await;
    // Only what failed.
    call.press(&[keys::RIGHT, keys::RIGHT]).await;
    assert!(call.shows("550 no such user"), "{}", call.text());
    assert!(!call.shows("let in"), "{}", call.text());
    sink.behave(Manner::Kind);
    call.types("r").await;
    assert!(call.shows("Letter: queued."), "{}", call.text());
    assert!(call.shows("No letter failed."), "{}", call.text());
    world.bbs.send_due().await.unwrap();
    call.press(&[keys::RIGHT]).await;
    assert!(call.shows("request received"), "{}", call.text());
    // What still waits is taken back, and a test is written.
    call.press(&[keys::LEFT, keys::LEFT, "c"]).await;
    assert!(call.shows("Letter: cancelled."), "{}", call.text());
    call.types("t").await;
    assert_eq!(
        kinds(&world).await,
        [
            (Kind::RequestReceived, State::Sent),
            (Kind::Approved, State::Cancelled),
            (Kind::Test, State::Queued),
        ]
    );
    // The page of a letter has its keys, too.
    let mut page = world.call(opal, MailTab::new()).await;
    page.press(&[keys::ENTER, "c"]).await;
    assert!(page.shows("state     cancelled"), "{}", page.text());
    page.types("r").await;
    assert!(page.shows("state     queued"), "{}", page.text());
}

#[tokio::test]
async fn letters_are_paged() {
    let (world, _) = world().await;
    let opal = world.actor("opal").await;
    world.create("ada", Role::User).await;
    world.address("ada", "ada@example.org").await;
    for role in [Role::Mod, Role::User].into_iter().cycle().take(60) {
        decide(&world, "ada", Decision::ChangeRole(role)).await;
    }
    let mut call = world.call(opal, MailTab::new()).await;
    call.press(&["G", keys::DOWN, "G", keys::ENTER]).await;
    assert!(call.shows("Mail ▸ letter-1"), "{}", call.text());
}

#[tokio::test]
async fn a_channel_that_is_broken_shows_in_users_mail_and_health() {
    let (world, _sink) = refusing().await;
    let opal = world.actor("opal").await;
    world.create("mona", Role::Mod).await;
    let mona = world.actor("mona").await;
    for applicant in 0..10 {
        assert_eq!(check(&world, "outbox").await.state(), Health::Green);
        let handle = format!("newbie{applicant}");
        let address = format!("{handle}@example.org");
        world.asks_from(&handle, &address).await;
        world.bbs.send_due().await.unwrap();
    }
    assert_eq!(check(&world, "outbox").await.state(), Health::Red);
    let says = "No letter leaves";
    for actor in [&opal, &mona] {
        let users = world.call(actor.clone(), Users::new()).await;
        assert!(users.shows(says), "{}", users.text());
        assert!(users.shows("550 no such user"), "{}", users.text());
    }
    let mail = world.call(opal, MailTab::new()).await;
    assert!(mail.shows(says), "{}", mail.text());
}

#[tokio::test]
async fn a_letter_that_waits_too_long_is_worth_a_look() {
    let (world, _) = world().await;
    world.asks_from("newbie", "newbie@example.org").await;
    assert_eq!(check(&world, "outbox").await.state(), Health::Green);
    world.clock.advance(Duration::from_hours(1));
    assert_eq!(check(&world, "outbox").await.state(), Health::Yellow);
    world.bbs.send_due().await.unwrap();
    assert_eq!(check(&world, "outbox").await.state(), Health::Green);
}

#[tokio::test]
async fn the_letters_of_a_copy_wait_until_a_sysop_lets_them_leave() {
    let (world, inbox) = world().await;
    world.asks_from("newbie", "newbie@example.org").await;
    fs::create_dir(world.directory().join("keys")).unwrap();
    let place = world.directory().join("copy");
    world.bbs.back_up(&world.console, &place).await.unwrap();
    world.bbs.send_due().await.unwrap();
    assert_eq!(taken(&inbox).len(), 1, "the board itself goes on");

    let dir = tempfile::tempdir().unwrap();
    fs::copy(place.join("ringdown.db"), dir.path().join("ringdown.db")).unwrap();
    let (mailer, inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let copy = World::opened(dir, Some(mailer)).await;
    let opal = copy.actor("opal").await;
    // What is written from now on waits as well.
    decide(&copy, "newbie", Decision::Approve).await;
    copy.clock.advance(Duration::from_hours(1));
    assert_eq!(copy.bbs.send_due().await.unwrap(), None);
    assert!(taken(&inbox).is_empty());
    let users = copy.call(opal.clone(), Users::new()).await;
    assert!(users.shows("letters wait"), "{}", users.text());
    let mut mail = copy.call(opal, MailTab::new()).await;
    mail.types("l").await;
    assert!(mail.shows("get them twice"), "{}", mail.text());
    mail.types(keys::ENTER).await;
    assert!(mail.shows("2 letters leave now."), "{}", mail.text());
    copy.bbs.send_due().await.unwrap();
    assert_eq!(taken(&inbox).len(), 2);
    assert!(
        letters(&copy)
            .await
            .iter()
            .all(|one| one.state == State::Sent)
    );
}

#[tokio::test]
async fn staff_choose_whether_they_hear_of_requests() {
    let (world, _) = world().await;
    world.address("opal", "opal@example.org").await;
    world.create("ada", Role::User).await;
    let ada = world.actor("ada").await;
    let mut member = world.call(ada, Overview::new()).await;
    member.press(&["n"]).await;
    assert!(!member.shows("requests"), "{}", member.text());
    let opal = world.actor("opal").await;
    let mut call = world.call(opal, Overview::new()).await;
    call.press(&["n", "l"]).await;
    assert!(
        call.shows("requests    no      no      yes"),
        "{}",
        call.text()
    );
    world.asks("newbie").await;
    assert_eq!(kinds(&world).await, []);
    call.types("l").await;
    world.asks("another").await;
    assert_eq!(kinds(&world).await, [(Kind::RequestWaits, State::Queued)]);
}

#[tokio::test]
async fn sysops_are_written_once_a_day_what_is_wrong() {
    let (world, inbox) = world().await;
    world.address("opal", "opal@example.org").await;
    world.bbs.examine_itself().await.unwrap();
    assert_eq!(kinds(&world).await, [], "all is well");
    // Without its keys a board is not copied.
    let place = world.directory().join("copy");
    let copied = world.bbs.back_up(&world.console, &place).await;
    assert!(matches!(refused(copied), Refusal::CopyFailed { .. }));
    for _ in 0..3 {
        world.bbs.examine_itself().await.unwrap();
        world.bbs.send_due().await.unwrap();
    }
    let written = taken(&inbox);
    assert_eq!(written.len(), 1, "{written:?}");
    assert!(written[0].contains("    backup\r\n"), "{}", written[0]);
    world.clock.advance(Duration::from_hours(25));
    world.bbs.examine_itself().await.unwrap();
    assert_eq!(kinds(&world).await.len(), 2);
}

#[tokio::test]
async fn doctor_asks_the_mail_server() {
    let (world, sink) = refusing().await;
    let mail = async || {
        let report = world.bbs.examine(&world.console).await.unwrap();
        let findings = report.findings.into_iter();
        findings
            .filter(|one| one.check().name() == "mail")
            .collect::<Vec<_>>()
    };
    assert_eq!(mail().await, []);
    sink.behave(Manner::Says("EHLO", "554 go away"));
    assert_eq!(mail().await.len(), 1);
}
