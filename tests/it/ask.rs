//! Asking an applicant for more: the question in the waiting room, the answer in
//! USERS, and the bounds of both.

use insta::assert_snapshot;
use ringdown_bbs::{
    app::queue::Decision,
    domain::{
        account::Role,
        letter::{Kind, State},
        refusal::Refusal,
    },
    mailer::Mailer,
    tui::screens::{users::Users, waiting::Waiting},
};

use crate::{
    ssh::injection::{attack, witness},
    world::{SMALL, World, keys, refused},
};

#[tokio::test]
async fn m_asks_and_the_answer_comes_from_the_waiting_room() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let newbie = world.asks("newbie").await;
    let mut waits = world
        .call_at(SMALL, newbie.actor.clone(), Waiting::new(newbie.account))
        .await;
    assert!(
        !waits.shows(" m "),
        "nothing to answer yet: {}",
        waits.text()
    );
    let mut desk = world.call(opal, Users::new()).await;
    desk.press(&["m", "Which opening?", keys::CTRL_S]).await;
    assert!(desk.shows("Sent."), "{}", desk.text());
    waits.look().await;
    assert!(waits.shows("opal asks you something."), "{}", waits.text());
    assert!(waits.frame.contains(&7), "it rings");
    waits.press(&["G"]).await;
    let room = waits.text();
    waits
        .press(&["m", "The King's Gambit.", keys::CTRL_S])
        .await;
    assert!(waits.shows("│ The King's Gambit."), "{}", waits.text());
    let answering = waits.text();
    desk.look().await;
    assert!(desk.shows("newbie answered."), "{}", desk.text());
    assert!(desk.frame.contains(&7), "it rings");
    let asking = desk.text();
    desk.press(&[keys::ESC]).await;
    assert!(
        desk.shows("answered: The King's Gambit."),
        "{}",
        desk.text()
    );
    let list = desk.text();
    desk.press(&["v", "G"]).await;
    assert!(desk.shows("│ Which opening?"), "{}", desk.text());
    let pages = [room, answering, asking, list, desk.text()];
    assert_snapshot!("ask", pages.join("\n\n"));
}

#[tokio::test]
async fn a_question_goes_by_letter_too() {
    let (mailer, inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    let newbie = world.asks_from("newbie", "newbie@example.org").await;
    let id = newbie.account.id;
    let question = "Which opening?\nAnd why?";
    let asked = world.bbs.ask_applicant(&world.console, id, question).await;
    let letter = asked.unwrap().letter.unwrap();
    let expected = (Kind::MoreInformation, State::Queued);
    assert_eq!((letter.kind, letter.state), expected);
    world.bbs.send_due().await.unwrap();
    let letters = std::mem::take(&mut *inbox.lock().unwrap());
    let letter = letters.last().unwrap();
    assert!(letter.contains("Subject: A question about your request to join"));
    assert!(
        letter.contains("    Which opening?\r\n    And why?"),
        "{letter}"
    );
}

#[tokio::test]
async fn threat_29_neither_question_nor_answer_reaches_a_terminal_as_it_was_typed() {
    let world = World::new().await;
    let newbie = world.asks("newbie").await;
    let (bbs, id) = (&world.bbs, newbie.account.id);
    let opal = world.actor("opal").await;
    for portion in attack::portions(90).into_iter().take(25) {
        // Some are nothing once they are clean.
        bbs.ask_applicant(&world.console, id, &portion).await.ok();
        bbs.answer_staff(&newbie.actor, &portion).await.ok();
    }
    let told = bbs.user(&opal, id).await.unwrap().conversation;
    assert!(told.len() > 10, "{}", told.len());
    for message in told {
        witness::assert_lines("a message", message.text.as_bytes());
    }
    let mut desk = world.call(opal, Users::new()).await;
    witness::assert_terminal("USERS", &desk.frame, 0);
    desk.press(&["m"]).await;
    witness::assert_terminal("the conversation", &desk.frame, 0);
}

#[tokio::test]
async fn answers_are_to_questions_and_no_flood() {
    let world = World::new().await;
    let newbie = world.asks("newbie").await;
    let (bbs, id) = (&world.bbs, newbie.account.id);
    let unasked = refused(bbs.answer_staff(&newbie.actor, "Hello?").await);
    assert_eq!(unasked, Refusal::NothingAsked);
    bbs.ask_applicant(&world.console, id, "Why?").await.unwrap();
    let empty = refused(bbs.answer_staff(&newbie.actor, " \u{200b}\n").await);
    assert_eq!(empty, Refusal::TextNeeded);
    let long = refused(bbs.answer_staff(&newbie.actor, &"x".repeat(1_001)).await);
    assert_eq!(long, Refusal::TextLong(1_000));
    for _ in 0..3 {
        bbs.answer_staff(&newbie.actor, "Because.").await.unwrap();
    }
    let fourth = refused(bbs.answer_staff(&newbie.actor, "Because!").await);
    assert_eq!(fourth, Refusal::AnswersSpent);
    bbs.ask_applicant(&world.console, id, "And?").await.unwrap();
    bbs.answer_staff(&newbie.actor, "That is all.")
        .await
        .unwrap();
}

#[tokio::test]
async fn only_whoever_decides_asks_and_only_those_who_wait_are_asked() {
    let world = World::new().await;
    let gus = world.create("gus", Role::Mod).await;
    let newbie = world.asks("newbie").await;
    let (bbs, id) = (&world.bbs, newbie.account.id);
    let refusal = refused(bbs.ask_applicant(&gus, id, "Why?").await);
    assert_eq!(refusal, Refusal::NotAllowed);
    world.set("queue_deciders", "mods").await;
    bbs.ask_applicant(&gus, id, "Why?").await.unwrap();
    bbs.decide_about(&world.console, id, Decision::Approve)
        .await
        .unwrap();
    let late = refused(bbs.ask_applicant(&gus, id, "And?").await);
    assert!(matches!(late, Refusal::Conflict { .. }), "{late:?}");
    let late = refused(bbs.answer_staff(&newbie.actor, "Because.").await);
    assert!(matches!(late, Refusal::Conflict { .. }), "{late:?}");
}
