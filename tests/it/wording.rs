//! What newcomers read when the wizard can't go on: every text of the
//! registration spec, word for word, as it stands on the screen.

use std::sync::Arc;

use ringdown_bbs::{
    app::{
        invite::{Draft, Minted},
        visit::Visit,
    },
    domain::{account::Role, actor::Actor, door::DoorName, refusal::Refusal, registration::Mode},
    store::Read as _,
    tui::{line::Size, route},
};

use crate::world::{
    Call, PASSWORD, World, key,
    keys::{CTRL_S, CTRL_U, ENTER},
};

/// What a newcomer with a key types up to the message, and after it.
const TO_MESSAGE: &[&str] = &[ENTER, "marta_k", ENTER, ENTER, ENTER];
const MESSAGE: &[&str] = &["I play chess badly and talk well.", CTRL_S];
/// What a newcomer without a key types up to the password.
const TO_PASSWORD: &[&str] = &[ENTER, "marta_k", ENTER];

/// A call of that visit, on the screen where the board has it begin.
async fn begins(world: &World, visit: &Arc<Visit>) -> Call {
    let (_, first) = route::begin(&world.bbs, visit).await.unwrap();
    let visit = Arc::clone(visit);
    let call = world.call_with(visit, Size::USUAL, Actor::Guest, first);
    call.await
}

/// A newcomer with a key, at the door of the wizard.
async fn newcomer(world: &World) -> Call {
    begins(world, &world.visit_of("marta")).await
}

/// A newcomer without a key, in front of the password.
async fn at_the_password(world: &World) -> Call {
    let mut call = begins(world, &world.visit()).await;
    call.press(TO_PASSWORD).await;
    call
}

/// A newcomer with a key who has filled in everything and looks it over.
async fn at_the_review(world: &World) -> Call {
    let mut call = newcomer(world).await;
    call.press(TO_MESSAGE).await;
    call.press(MESSAGE).await;
    call
}

async fn invite(world: &World) -> Minted {
    let minted = world.bbs.create_invite(&world.console, Draft::default());
    minted.await.unwrap()
}

/// Checks that a sentence is on the screen, wherever its lines break.
#[track_caller]
fn reads(call: &Call, sentence: &str) {
    let words = |text: &str| {
        let words: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
        words.join(" ")
    };
    let seen = call.text();
    assert!(words(&seen).contains(sentence), "{sentence}\n\n{seen}");
}

#[tokio::test]
async fn w01_a_paused_board_says_so_with_the_sysops_words() {
    let world = World::new().await;
    let mut call = at_the_review(&world).await;
    world.set("registration_note", "Back on Monday.").await;
    world.set("registration_paused", "on").await;
    call.types(ENTER).await;
    reads(&call, "Registration is paused: Back on Monday.");
}

#[tokio::test]
async fn w02_a_full_queue_takes_nobody_but_the_invited() {
    let world = World::new().await;
    world.set("queue_backlog_max", "1").await;
    world.asks("earlier").await;
    let mut call = at_the_review(&world).await;
    call.types(ENTER).await;
    reads(
        &call,
        "We have more requests than we can read. Please try again in a few days.",
    );
    let code = invite(&world).await.code;
    world.set("invites_skip_approval", "off").await;
    let mut form = world.form("invited");
    form.code = code;
    form.message = "Ada sent me.".into();
    let visit = world.visit_of("invited");
    world.bbs.register(&visit, form).await.unwrap();
}

#[tokio::test]
async fn w03_whoever_guesses_codes_is_asked_to_come_back_later() {
    let world = World::new().await;
    let guesser = world.visit();
    let wrong = "0000000000000";
    for _ in 0..10 {
        let visit = world.same_source(&guesser);
        world.bbs.preview_code(&visit, wrong).await.unwrap_err();
    }
    let mut call = begins(&world, &world.same_source(&guesser)).await;
    call.press(&[wrong, ENTER]).await;
    reads(&call, "Too many attempts from here. Try later.");
}

#[tokio::test]
async fn w04_a_closed_board_takes_nobody_and_uses_no_code() {
    let world = World::new().await;
    let minted = invite(&world).await;
    world.mode(Mode::Closed).await;
    let line = minted.line.expose();
    let name = line.split(' ').next_back().unwrap();
    let name = name.split('@').next().unwrap();
    let visit = world.visit_with(DoorName::parse(name), Some(key("marta")));
    let call = begins(&world, &visit).await;
    reads(&call, "This board takes no new callers.");
    let invite = world.bbs.invite(&world.console, minted.invite.id);
    assert_eq!(invite.await.unwrap().invite.uses, 0);
}

#[tokio::test]
async fn w10_a_typo_is_told_with_todays_shape() {
    let world = World::new().await;
    let mut call = newcomer(&world).await;
    call.press(&["7kq2m-9xdrt-4whcy", ENTER]).await;
    reads(
        &call,
        "There is a typo in that code. Codes look like abcde-abcde-abcde.",
    );
}

#[tokio::test]
async fn w11_a_code_that_does_not_work_never_says_why() {
    let world = World::new().await;
    let minted = invite(&world).await;
    let revoked = world
        .bbs
        .revoke_invite(&world.console, minted.invite.id, "");
    revoked.await.unwrap();
    for code in [minted.code.expose().as_str(), "0000000000000"] {
        let mut call = newcomer(&world).await;
        call.press(&[code, ENTER]).await;
        reads(
            &call,
            "That invite can't be used. Ask the person who gave it to you.",
        );
    }
}

#[tokio::test]
async fn w12_a_board_by_invitation_asks_for_the_code() {
    let world = World::new().await;
    world.mode(Mode::InviteOnly).await;
    let mut call = newcomer(&world).await;
    call.types(ENTER).await;
    reads(&call, "This board is by invitation. Enter your code.");
}

#[tokio::test]
async fn w20_the_rule_for_handles_is_told() {
    let world = World::new().await;
    for handle in ["m", "1marta", "marta_", "märta"] {
        let mut call = newcomer(&world).await;
        call.press(&[ENTER, handle, ENTER]).await;
        reads(
            &call,
            "Handles have 2-20 letters, digits, - or _; they begin with a letter and end with a \
             letter or digit.",
        );
        assert!(call.shows(handle), "what was typed is still there");
    }
}

#[tokio::test]
async fn w21_taken_and_reserved_are_one_answer() {
    let world = World::new().await;
    world.create("ada", Role::User).await;
    for handle in ["ADA", "sysop", "rnod", "join-me"] {
        let mut call = newcomer(&world).await;
        call.press(&[ENTER, handle, ENTER]).await;
        reads(&call, "That handle isn't available.");
    }
}

#[tokio::test]
async fn w30_what_is_no_address_is_told() {
    let world = World::new().await;
    let mut call = newcomer(&world).await;
    call.press(&[ENTER, "marta_k", ENTER, ENTER, "marta@home", ENTER])
        .await;
    reads(&call, "That doesn't look like an e-mail address.");
}

#[tokio::test]
async fn w31_the_rule_for_addresses_names_whom_to_ask() {
    let world = World::new().await;
    world.set("email_allow_domains", "example.edu").await;
    world.set("site_contact", "opal").await;
    let mut call = newcomer(&world).await;
    call.press(&[ENTER, "marta_k", ENTER, ENTER, "marta@example.org", ENTER])
        .await;
    reads(
        &call,
        "This board only accepts addresses from certain domains. Ask opal.",
    );
}

#[tokio::test]
async fn w40_a_short_password_is_told_the_least() {
    let world = World::new().await;
    let mut call = at_the_password(&world).await;
    call.press(&["gulls", ENTER, "gulls", ENTER, ENTER]).await;
    reads(&call, "Use at least 8 characters; a few words are best.");
}

#[tokio::test]
async fn w41_an_easy_password_is_told_why() {
    let world = World::new().await;
    let mut call = at_the_password(&world).await;
    call.press(&["password", ENTER, "password", ENTER, ENTER])
        .await;
    reads(&call, "This password is easy to guess:");
}

#[tokio::test]
async fn w42_two_passwords_that_differ_are_told() {
    let world = World::new().await;
    let mut call = at_the_password(&world).await;
    call.press(&[PASSWORD, ENTER, "gulls", ENTER, ENTER]).await;
    reads(&call, "The two passwords differ.");
}

#[tokio::test]
async fn w44_a_proven_key_of_somebody_else_is_told_to_whoever_proved_it() {
    let world = World::new().await;
    let mut call = at_the_review(&world).await;
    // The same key, on another line, was faster.
    world.create("marta", Role::User).await;
    call.types(ENTER).await;
    reads(
        &call,
        "This key already belongs to an account here. Log in with it, or go on without it.",
    );
}

#[tokio::test]
async fn w50_a_request_needs_a_sentence() {
    let world = World::new().await;
    let mut call = newcomer(&world).await;
    call.press(TO_MESSAGE).await;
    call.press(&["   ", CTRL_S]).await;
    reads(
        &call,
        "Tell the sysops in a sentence or two why you'd like to join.",
    );
}

#[tokio::test]
async fn w60_an_invite_that_stopped_keeps_the_rest_of_the_form() {
    let world = World::new().await;
    let minted = invite(&world).await;
    let mut call = newcomer(&world).await;
    call.press(&[minted.code.expose()]).await;
    call.press(TO_MESSAGE).await;
    let revoked = world
        .bbs
        .revoke_invite(&world.console, minted.invite.id, "");
    revoked.await.unwrap();
    call.types(ENTER).await;
    reads(
        &call,
        "Meanwhile your invite stopped working. Nothing was saved; enter another one - the rest \
         of your form is still here.",
    );
    call.press(&[CTRL_U, invite(&world).await.code.expose(), ENTER])
        .await;
    assert!(call.shows("marta_k"), "{}", call.text());
}

#[tokio::test]
async fn w61_a_handle_that_was_taken_keeps_the_rest_of_the_form() {
    let world = World::new().await;
    let mut call = at_the_review(&world).await;
    world.create("marta_k", Role::User).await;
    call.types(ENTER).await;
    reads(
        &call,
        "Meanwhile somebody took that handle. Nothing was saved; choose another one - the rest \
         of your form is still here.",
    );
}

#[tokio::test]
async fn w62_a_changed_mode_is_told_in_mid_wizard() {
    let world = World::new().await;
    let mut call = at_the_review(&world).await;
    world.mode(Mode::InviteOnly).await;
    call.look().await;
    reads(
        &call,
        "The sysop changed how registration works while you were typing: joining takes an invite.",
    );
}

#[tokio::test]
async fn w64_a_busy_board_says_that_enter_tries_again() {
    let world = World::new().await;
    let mut call = at_the_review(&world).await;
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the other program that has the file open"
    )]
    let other = rusqlite::Connection::open(world.file()).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    call.types(ENTER).await;
    reads(
        &call,
        "The board is busy. Press Enter to try again; nothing was lost.",
    );
    other.execute_batch("ROLLBACK").unwrap();
    call.types(ENTER).await;
    assert!(call.shows("Waiting room"), "{}", call.text());
}

#[tokio::test]
async fn w65_an_address_that_is_used_tells_nothing_of_its_owner() {
    let world = World::new().await;
    world.asks_from("earlier", "marta@example.org").await;
    let mut call = newcomer(&world).await;
    call.press(&[ENTER, "marta_k", ENTER, ENTER, "MARTA@example.org", ENTER])
        .await;
    call.press(MESSAGE).await;
    call.types(ENTER).await;
    reads(
        &call,
        "An account with these details can't be made. If you already asked, log in to change \
         your request; or leave the address empty.",
    );
    assert!(!call.shows("earlier"));
}

#[tokio::test]
async fn w66_a_fault_has_a_reference_and_saves_nothing() {
    let (world, store) = World::new().await.with_store().await;
    let mut call = at_the_review(&world).await;
    // A table that is away stands for every fault nobody thought of.
    let run = |sql: &'static str| store.write(move |tx| Ok(tx.db().execute_batch(sql)?));
    run("ALTER TABLE request RENAME TO away").await.unwrap();
    call.types(ENTER).await;
    reads(&call, "Something went wrong (ref ");
    reads(&call, "Nothing was saved.");
    run("ALTER TABLE away RENAME TO request").await.unwrap();
    let found = world.bbs.find_user(&world.console, "marta_k").await;
    assert_eq!(crate::world::refused(found), Refusal::NoSuchAccount);
    call.types(ENTER).await;
    assert!(call.shows("Waiting room"), "{}", call.text());
}
