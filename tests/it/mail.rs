//! Letters: written with the deed they tell of, and sent by the worker.

mod body;
mod sink;
mod smtp;
mod tab;

use std::time::Duration;

use chrono::TimeDelta;
use ringdown_bbs::{
    app::{
        account::OtherCalls,
        queue::{Decision, Reason, Tell},
    },
    domain::{
        account::Role,
        letter::{Kind, State},
        refusal::Refusal,
    },
    mailer::{Inbox, Mailer},
    store::outbox::Letter,
};

use crate::{
    ssh::injection::{attack, witness},
    world::{World, refused},
};

async fn world() -> (World, Inbox) {
    let (mailer, inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    (World::with_mail(mailer).await, inbox)
}

async fn letters(world: &World) -> Vec<Letter> {
    let page = world
        .bbs
        .list_letters(&world.console, None, None, 100)
        .await;
    let mut letters = page.unwrap().letters;
    letters.reverse();
    letters
}

async fn kinds(world: &World) -> Vec<(Kind, State)> {
    let letters = letters(world).await;
    letters.iter().map(|one| (one.kind, one.state)).collect()
}

fn taken(inbox: &Inbox) -> Vec<String> {
    std::mem::take(&mut *inbox.lock().unwrap())
}

async fn decide(world: &World, handle: &str, decision: Decision) {
    let id = world.bbs.find_user(&world.console, handle).await.unwrap();
    world
        .bbs
        .decide_about(&world.console, id, decision)
        .await
        .unwrap();
}

fn rejection(tell: Tell) -> Decision {
    Decision::Reject {
        reason: Reason::TooLittle,
        tell,
        text: String::new(),
        note: String::new(),
    }
}

#[tokio::test]
async fn a_request_is_acknowledged_and_staff_hear_of_several_in_one_letter() {
    let (world, inbox) = world().await;
    world.address("opal", "opal@example.org").await;
    world.asks_from("newbie", "newbie@example.org").await;
    world.clock.advance(Duration::from_mins(5));
    world.asks_from("marta_k", "").await;
    world.bbs.send_due().await.unwrap();
    let first = taken(&inbox);
    assert_eq!(first.len(), 1, "{first:?}");
    assert!(first[0].contains("To: newbie@example.org\r\n"));
    world.clock.advance(Duration::from_mins(5));
    assert_eq!(world.bbs.send_due().await.unwrap(), None);
    let second = taken(&inbox);
    assert_eq!(second.len(), 1, "{second:?}");
    assert!(second[0].contains("To: opal@example.org\r\n"));
    assert!(second[0].contains("    newbie\r\n    marta_k\r\n"));
    // A third one is told in the next letter.
    world.asks_from("third", "").await;
    assert_eq!(kinds(&world).await.len(), 3);
}

#[tokio::test]
async fn staff_are_not_told_of_somebody_who_waits_no_more() {
    let (world, inbox) = world().await;
    world.address("opal", "opal@example.org").await;
    world.asks_from("newbie", "").await;
    decide(&world, "newbie", Decision::Approve).await;
    world.clock.advance(Duration::from_mins(11));
    world.bbs.send_due().await.unwrap();
    assert!(taken(&inbox).is_empty());
    assert_eq!(
        kinds(&world).await,
        [(Kind::RequestWaits, State::Cancelled)]
    );
}

#[tokio::test]
async fn every_transition_writes_its_letter_and_it_leaves_after_a_minute() {
    let (world, inbox) = world().await;
    world.asks_from("newbie", "newbie@example.org").await;
    let suspension = Decision::Suspend {
        reason: "Too loud.".into(),
        until: None,
    };
    decide(&world, "newbie", rejection(Tell::Yes)).await;
    decide(&world, "newbie", Decision::Reopen).await;
    decide(&world, "newbie", Decision::Approve).await;
    decide(&world, "newbie", suspension).await;
    decide(&world, "newbie", Decision::Reactivate).await;
    decide(&world, "newbie", Decision::ChangeRole(Role::Mod)).await;
    let next = world.bbs.send_due().await.unwrap().unwrap();
    assert_eq!(taken(&inbox).len(), 1, "the receipt leaves at once");
    assert_eq!(next - world.bbs.clock().now(), TimeDelta::seconds(60));
    world.clock.advance(Duration::from_mins(1));
    world.bbs.send_due().await.unwrap();
    let sent = taken(&inbox);
    for (letter, says) in sent.iter().zip([
        "The request said too little about you.",
        "is looked at again",
        "you are in",
        "Too loud.",
        "works again",
        "is mod now",
    ]) {
        assert!(letter.contains(says), "{says}: {letter}");
        assert!(letter.contains("Hello newbie,"));
    }
    assert_eq!(sent.len(), 6);
    assert!(
        letters(&world)
            .await
            .iter()
            .all(|one| one.state == State::Sent)
    );
}

#[tokio::test]
async fn a_silent_rejection_and_an_account_without_address_get_no_letter() {
    let (world, _) = world().await;
    world.asks_from("newbie", "newbie@example.org").await;
    world.asks("other").await;
    decide(&world, "newbie", rejection(Tell::No)).await;
    decide(&world, "other", Decision::Approve).await;
    assert_eq!(
        kinds(&world).await,
        [(Kind::RequestReceived, State::Queued)]
    );
}

#[tokio::test]
async fn keys_and_passwords_are_told_to_their_owner() {
    let (world, _) = world().await;
    world.create("ada", Role::User).await;
    world.address("ada", "ada@example.org").await;
    let ada = world.actor("ada").await;
    let key = crate::world::key("another");
    let text = key.key().to_openssh();
    world.bbs.paste_key(&ada, text).await.unwrap();
    let pasted = world.bbs.own(&ada).await.unwrap().keys[1].id;
    world.bbs.remove_key(&ada, pasted).await.unwrap();
    let new = ringdown_bbs::domain::secret::Secret::new(crate::world::PASSWORD.to_owned());
    world
        .bbs
        .change_password(&ada, &world.visit(), &new, &new, OtherCalls::GoOn)
        .await
        .unwrap();
    let queued = State::Queued;
    assert_eq!(
        kinds(&world).await,
        [
            (Kind::KeyAdded, queued),
            (Kind::KeyRemoved, queued),
            (Kind::PasswordChanged, queued),
        ]
    );
    let print = key.key().fingerprint().to_string();
    for letter in &letters(&world).await[..2] {
        assert_eq!(letter.detail, format!("{print} (ed25519)"));
    }
}

#[tokio::test]
async fn mail_that_is_off_is_on_record_and_stands_in_nobodys_way() {
    let world = World::new().await;
    world.asks_from("newbie", "newbie@example.org").await;
    decide(&world, "newbie", Decision::Approve).await;
    assert_eq!(
        kinds(&world).await,
        [
            (Kind::RequestReceived, State::Off),
            (Kind::Approved, State::Off)
        ]
    );
    assert_eq!(world.bbs.send_due().await.unwrap(), None);
    let key = ringdown_bbs::settings::Key::DeliveryMode;
    let refusal = world
        .bbs
        .change_setting(&world.console, key, "email", None)
        .await;
    assert_eq!(refused(refusal), Refusal::MailOff);
}

#[tokio::test]
async fn switching_mail_off_stops_what_is_queued_and_retry_sends_it() {
    let (world, inbox) = world().await;
    world.asks_from("newbie", "newbie@example.org").await;
    world.set("delivery_mode", "no_email").await;
    world.bbs.send_due().await.unwrap();
    assert_eq!(kinds(&world).await, [(Kind::RequestReceived, State::Off)]);
    let id = letters(&world).await[0].id;
    let off = world.bbs.retry_letter(&world.console, id).await;
    assert_eq!(refused(off), Refusal::MailOff);
    world.set("delivery_mode", "email").await;
    world.bbs.retry_letter(&world.console, id).await.unwrap();
    world.bbs.send_due().await.unwrap();
    assert_eq!(taken(&inbox).len(), 1);
    let sent = world.bbs.cancel_letter(&world.console, id).await;
    assert_eq!(refused(sent), Refusal::LetterStands(State::Sent));
}

#[tokio::test]
async fn a_letter_goes_with_the_account_that_is_withdrawn() {
    let (world, inbox) = world().await;
    let login = world.asks_from("newbie", "newbie@example.org").await;
    world.bbs.withdraw(&login.actor).await.unwrap();
    world.bbs.send_due().await.unwrap();
    assert!(taken(&inbox).is_empty());
    assert!(kinds(&world).await.is_empty());
}

#[tokio::test]
async fn threat_29_no_letter_acts_on_its_readers_terminal() {
    let (world, inbox) = world().await;
    world.asks_from("newbie", "newbie@example.org").await;
    decide(&world, "newbie", Decision::Approve).await;
    for portion in attack::portions(90) {
        for (key, place) in [("site_name", "at-name"), ("site_contact", "at-contact")] {
            world.set(key, &format!("{place} {portion}")).await;
        }
        let suspension = Decision::Suspend {
            reason: format!("at-reason {portion}"),
            until: None,
        };
        decide(&world, "newbie", suspension).await;
        world.clock.advance(Duration::from_mins(1));
        world.bbs.send_due().await.unwrap();
        let sent: Vec<_> = taken(&inbox)
            .iter()
            .map(|one| body::unpacked(one))
            .collect();
        let reason = sent.last().unwrap();
        for place in ["at-name", "at-contact", "at-reason"] {
            assert!(reason.contains(place), "{place}: {reason}");
        }
        for letter in &sent {
            witness::assert_lines("a letter", letter.as_bytes());
        }
        decide(&world, "newbie", Decision::Reactivate).await;
    }
}
