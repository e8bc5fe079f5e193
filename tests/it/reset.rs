//! Forgotten passwords: codes by letter and from staff, and what they open.

use std::{sync::Arc, time::Duration};

use insta::assert_snapshot;
use ringdown_bbs::{
    app::{Ruling, account::OtherCalls, operator::NewUser, queue::Decision, visit::Visit},
    domain::{
        account::Role,
        actor::Actor,
        code::Code,
        door::DoorName,
        id::AccountId,
        letter::{Kind, State},
        refusal::Refusal,
        secret::Secret,
    },
    mailer::{Inbox, Mailer},
    store::outbox::Letter,
    tui::{
        line::Size,
        route,
        screens::{users::Users, welcome::Welcome},
    },
};

use crate::world::{
    PASSWORD, SMALL, World, key,
    keys::{CTRL_U, DOWN, ENTER, ESC, RIGHT, TAB},
    refused,
};

const NEW: &str = "seven tin lanterns ashore";

/// A board with mail, the sysop opal, and ada, who has a password and an
/// address.
async fn world() -> (World, Inbox) {
    let (mailer, inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    member(&world, "ada").await;
    (world, inbox)
}

async fn member(world: &World, handle: &str) {
    let new = NewUser {
        handle: handle.into(),
        email: format!("{handle}@example.org"),
        role: Role::User,
        key: None,
        password: Some(Secret::new(PASSWORD.into())),
    };
    world.bbs.create_user(&world.console, new).await.unwrap();
}

async fn id(world: &World, handle: &str) -> AccountId {
    world.bbs.find_user(&world.console, handle).await.unwrap()
}

async fn letters(world: &World, kind: Kind) -> Vec<Letter> {
    let page = world.bbs.list_letters(&world.console, None, None, 500);
    let mut letters = page.await.unwrap().letters;
    letters.retain(|letter| letter.kind == kind);
    letters
}

async fn asked(world: &World) -> usize {
    letters(world, Kind::ResetCode).await.len()
}

async fn asks(world: &World, whom: &str) {
    let visit = world.visit();
    world.bbs.ask_for_reset(&visit, whom).await.unwrap();
}

/// Sends what is due and returns the codes in it.
async fn codes(world: &World, inbox: &Inbox) -> Vec<Secret<String>> {
    world.bbs.send_due().await.unwrap();
    let sent = std::mem::take(&mut *inbox.lock().unwrap());
    let code = |letter: &String| {
        let (_, after) = letter.split_once("recover-")?;
        let (code, _) = after.split_once('@')?;
        Some(Secret::new(code.to_owned()))
    };
    sent.iter().filter_map(code).collect()
}

/// The one code that was sent.
async fn code(world: &World, inbox: &Inbox) -> Secret<String> {
    let mut codes = codes(world, inbox).await;
    assert_eq!(codes.len(), 1);
    codes.remove(0)
}

async fn read(world: &World, code: &Secret<String>) -> Ruling<(String, Code)> {
    let read = world.bbs.read_reset(&world.visit(), code).await;
    read.map(|(handle, code)| (handle.to_string(), code))
}

async fn choose(world: &World, code: &Code) -> Ruling<String> {
    let new = Secret::new(NEW.to_owned());
    let chosen = world.bbs.reset_password(code, &new, OtherCalls::GoOn).await;
    chosen.map(|handle| handle.to_string())
}

async fn log_in(world: &World, password: &str) -> Ruling<()> {
    let password = Secret::new(password.to_owned());
    let visit = world.visit();
    let login = world.bbs.enter_by_password(&visit, "ada", &password);
    login.await.map(drop)
}

#[tokio::test]
async fn k5_a_letter_brings_a_code_that_changes_the_password_once() {
    let (world, inbox) = world().await;
    asks(&world, "Ada").await;
    let code = code(&world, &inbox).await;
    let (handle, read_code) = read(&world, &code).await.unwrap();
    assert_eq!(handle, "ada");
    assert_eq!(choose(&world, &read_code).await.unwrap(), "ada");
    log_in(&world, NEW).await.unwrap();
    assert_eq!(
        refused(log_in(&world, PASSWORD).await),
        Refusal::WrongCredentials
    );
    assert_eq!(letters(&world, Kind::PasswordChanged).await.len(), 1);
    assert_eq!(
        refused(choose(&world, &read_code).await),
        Refusal::ResetUnusable
    );
    assert_eq!(refused(read(&world, &code).await), Refusal::ResetUnusable);
}

#[tokio::test]
async fn k5_a_code_works_for_an_hour_from_when_it_was_asked_for() {
    let (world, inbox) = world().await;
    asks(&world, "ada@EXAMPLE.org").await;
    world.clock.advance(Duration::from_mins(20));
    let code = code(&world, &inbox).await;
    world.clock.advance(Duration::from_mins(39));
    read(&world, &code).await.unwrap();
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(refused(read(&world, &code).await), Refusal::ResetUnusable);
}

#[tokio::test]
async fn k5_a_newer_code_kills_the_older_and_asking_never_locks() {
    let (world, inbox) = world().await;
    asks(&world, "ada").await;
    let older = code(&world, &inbox).await;
    asks(&world, "ada").await;
    let newer = code(&world, &inbox).await;
    assert_eq!(refused(read(&world, &older).await), Refusal::ResetUnusable);
    for _ in 0..20 {
        asks(&world, "ada").await;
    }
    log_in(&world, PASSWORD).await.unwrap();
    // Asking in vain leaves the code that was sent.
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(codes(&world, &inbox).await.len(), 1);
    assert_eq!(refused(read(&world, &newer).await), Refusal::ResetUnusable);
}

#[tokio::test]
async fn a_letter_that_would_bring_a_dead_code_does_not_leave() {
    let (world, inbox) = world().await;
    asks(&world, "ada").await;
    world.clock.advance(Duration::from_hours(1));
    assert!(codes(&world, &inbox).await.is_empty());
    let states = letters(&world, Kind::ResetCode).await;
    assert_eq!(states[0].state, State::Cancelled);
}

#[tokio::test]
async fn a_change_of_address_or_password_kills_codes_and_letters() {
    let (world, inbox) = world().await;
    asks(&world, "ada").await;
    let to_old = code(&world, &inbox).await;
    asks(&world, "ada").await;
    world.readdress("ada", "new@example.org").await;
    assert!(codes(&world, &inbox).await.is_empty());
    assert_eq!(refused(read(&world, &to_old).await), Refusal::ResetUnusable);

    asks(&world, "ada").await;
    let code = code(&world, &inbox).await;
    let (visit, ada) = (world.visit(), world.actor("ada").await);
    let (old, new) = (PASSWORD.to_owned(), NEW.to_owned());
    let (old, new) = (Secret::new(old), Secret::new(new));
    let change = world
        .bbs
        .change_password(&ada, &visit, &old, &new, OtherCalls::GoOn);
    change.await.unwrap();
    assert_eq!(refused(read(&world, &code).await), Refusal::ResetUnusable);
}

#[tokio::test]
async fn asking_answers_alike_whoever_it_is() {
    let (world, _) = world().await;
    world.create("nomail", Role::User).await;
    member(&world, "mallory").await;
    let suspension = Decision::Suspend {
        reason: "Spam.".into(),
        until: None,
    };
    let mallory = id(&world, "mallory").await;
    let suspended = world.bbs.decide_about(&world.console, mallory, suspension);
    suspended.await.unwrap();
    for whom in [
        "",
        "nobody",
        "nobody@example.org",
        "nomail",
        "mallory",
        "\u{202e}",
    ] {
        asks(&world, whom).await;
    }
    assert_eq!(asked(&world).await, 0);
    world.set("delivery_mode", "no_email").await;
    asks(&world, "ada").await;
    assert_eq!(asked(&world).await, 0);
}

#[tokio::test]
async fn threat_36_nobody_is_flooded_with_letters_they_did_not_ask_for() {
    let (world, _) = world().await;
    for _ in 0..5 {
        asks(&world, "ada").await;
        asks(&world, "ada@example.org").await;
    }
    assert_eq!(asked(&world).await, 3, "of one account a day");
    // The address is counted too, whoever has it by now.
    world.address("ada", "").await;
    member(&world, "bert").await;
    world.address("bert", "ada@example.org").await;
    asks(&world, "bert").await;
    assert_eq!(asked(&world).await, 3, "to one address a day");
    world.clock.advance(Duration::from_hours(24));
    asks(&world, "bert").await;
    assert_eq!(asked(&world).await, 4);
}

#[tokio::test]
async fn threat_36_one_source_and_all_together_cause_only_so_many_letters() {
    let (world, _) = world().await;
    for n in 0..130 {
        member(&world, &format!("user{n}")).await;
    }
    let visit = world.visit();
    for n in 0..30 {
        let again = world.same_source(&visit);
        let whom = format!("user{n}");
        world.bbs.ask_for_reset(&again, &whom).await.unwrap();
    }
    assert_eq!(asked(&world).await, 20, "of one source a day");
    for n in 30..130 {
        asks(&world, &format!("user{n}")).await;
    }
    assert_eq!(asked(&world).await, 100, "of everybody an hour");
    world.clock.advance(Duration::from_hours(1));
    asks(&world, "ada").await;
    assert_eq!(asked(&world).await, 101);
}

#[tokio::test]
async fn k6_nothing_holds_a_code_but_the_letter() {
    let (world, inbox) = world().await;
    asks(&world, "ada").await;
    let code = code(&world, &inbox).await;
    let symbols = code.expose().replace('-', "");
    world.bbs.close().await;
    for file in std::fs::read_dir(world.directory()).unwrap() {
        let path = file.unwrap().path();
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        for secret in [code.expose().as_bytes(), symbols.as_bytes()] {
            let found = bytes.windows(secret.len()).any(|bytes| bytes == secret);
            assert!(!found, "{}", path.display());
        }
    }
}

#[tokio::test]
async fn a_code_from_before_a_suspension_changes_nothing_after_it() {
    let (world, inbox) = world().await;
    asks(&world, "ada").await;
    let code = code(&world, &inbox).await;
    let (_, read_code) = read(&world, &code).await.unwrap();
    let suspension = Decision::Suspend {
        reason: "Spam.".into(),
        until: None,
    };
    let ada = id(&world, "ada").await;
    let suspended = world.bbs.decide_about(&world.console, ada, suspension);
    suspended.await.unwrap();
    assert_eq!(
        refused(choose(&world, &read_code).await),
        Refusal::NotAllowed
    );
}

#[tokio::test]
async fn k3_of_two_who_use_one_code_at_once_one_does() {
    let (world, inbox) = world().await;
    asks(&world, "ada").await;
    let code = code(&world, &inbox).await;
    let (_, read_code) = read(&world, &code).await.unwrap();
    let (one, other) = tokio::join!(choose(&world, &read_code), choose(&world, &read_code));
    assert_ne!(one.is_ok(), other.is_ok());
    assert_eq!(letters(&world, Kind::PasswordChanged).await.len(), 1);
}

#[tokio::test]
async fn wrong_codes_are_guesses() {
    let (world, _) = world().await;
    let visit = world.visit();
    let wrong = Secret::new("0".repeat(15));
    for _ in 0..4 {
        let refusal = refused(world.bbs.read_reset(&visit, &wrong).await);
        assert_eq!(refusal, Refusal::ResetUnusable);
    }
    assert_eq!(
        refused(world.bbs.read_reset(&visit, &wrong).await),
        Refusal::CodesSpent
    );
    // A typo is told, and no guess.
    let typo = Secret::new("00000-00000-00001".to_owned());
    let refusal = refused(world.bbs.read_reset(&world.visit(), &typo).await);
    assert!(matches!(refusal, Refusal::CodeTypo(_)));
}

#[tokio::test]
async fn p16_a_sysop_makes_a_code_and_never_a_password() {
    let (world, inbox) = world().await;
    let ada = id(&world, "ada").await;
    let made = world.bbs.show_reset(&world.console, ada).await.unwrap();
    let code = made.code.expose();
    let line = format!("ssh -p 2222 recover-{code}@bbs.example.org");
    assert_eq!(*made.line.expose(), line);
    read(&world, &made.code).await.unwrap();
    // A letter's code is a newer one.
    world.bbs.send_reset(&world.console, ada).await.unwrap();
    let sent = self::code(&world, &inbox).await;
    assert_eq!(
        refused(read(&world, &made.code).await),
        Refusal::ResetUnusable
    );
    read(&world, &sent).await.unwrap();
    assert!(world.bbs.revoke_reset(&world.console, ada).await.unwrap());
    assert!(!world.bbs.revoke_reset(&world.console, ada).await.unwrap());
    assert_eq!(refused(read(&world, &sent).await), Refusal::ResetUnusable);
}

#[tokio::test]
async fn p16_only_a_sysop_makes_codes_and_not_for_themselves() {
    let (world, _) = world().await;
    let jules = world.create("jules", Role::Mod).await;
    let opal = world.actor("opal").await;
    let ada = id(&world, "ada").await;
    for refusal in [
        refused(world.bbs.show_reset(&jules, ada).await),
        refused(world.bbs.send_reset(&jules, ada).await),
        refused(world.bbs.revoke_reset(&jules, ada).await),
    ] {
        assert_eq!(refusal, Refusal::NotAllowed);
    }
    let own = opal.account().unwrap();
    assert_eq!(
        refused(world.bbs.show_reset(&opal, own).await),
        Refusal::NotOneself
    );
    let jules = jules.account().unwrap();
    assert_eq!(
        refused(world.bbs.send_reset(&opal, jules).await),
        Refusal::NoAddress
    );
    world.bbs.show_reset(&opal, jules).await.unwrap();
}

/// A call that is on line as ada.
async fn on_line(world: &World) -> (Arc<Visit>, ringdown_bbs::app::hub::OnLine) {
    let (visit, ada) = (world.visit(), world.actor("ada").await);
    let settings = world.bbs.settings();
    let on_line = world.bbs.hub().enter(&visit, ada, &settings).unwrap();
    (visit, on_line)
}

#[tokio::test]
async fn other_calls_end_when_that_is_asked_for() {
    let (world, inbox) = world().await;
    let ada = world.actor("ada").await;
    let (own, _own) = on_line(&world).await;
    let (other, _other) = on_line(&world).await;
    let (old, new) = (
        Secret::new(PASSWORD.to_owned()),
        Secret::new(NEW.to_owned()),
    );
    for (others, ends) in [(OtherCalls::GoOn, false), (OtherCalls::End, true)] {
        let (from, to) = if ends { (&new, &old) } else { (&old, &new) };
        let change = world.bbs.change_password(&ada, &own, from, to, others);
        change.await.unwrap();
        assert_eq!(other.end.is_cancelled(), ends);
        assert!(!own.end.is_cancelled());
    }
    asks(&world, "ada").await;
    let code = code(&world, &inbox).await;
    let (_, code) = read(&world, &code).await.unwrap();
    let reset = world.bbs.reset_password(&code, &new, OtherCalls::End).await;
    reset.unwrap();
    assert!(own.end.is_cancelled());
}

/// The same keys at a usual terminal and at the smallest one.
async fn both(
    world: &World,
    actor: &Actor,
    screen: impl Fn() -> ringdown_bbs::tui::Layer,
    keys: &[&str],
) -> String {
    let mut texts = Vec::new();
    for size in [Size::USUAL, SMALL] {
        let mut call = world.call_at(size, actor.clone(), screen()).await;
        call.press(keys).await;
        texts.push(call.text());
    }
    texts.join("\n────\n")
}

#[tokio::test]
async fn whoever_forgot_a_password_finds_the_way_from_the_welcome() {
    let (world, inbox) = world().await;
    let welcome = || Welcome::again(None).into();
    assert_snapshot!(
        "welcome_with_mail",
        both(&world, &Actor::Guest, welcome, &[]).await
    );
    assert_snapshot!(
        "forgotten",
        both(&world, &Actor::Guest, welcome, &["f"]).await
    );
    let mut call = world.call(Actor::Guest, Welcome::again(None)).await;
    call.press(&["f", "ada", ENTER]).await;
    let code = code(&world, &inbox).await;
    call.press(&["00000-00000-00000", ENTER]).await;
    assert_snapshot!("forgotten_wrong", call.text());
    call.press(&[CTRL_U, code.expose(), ENTER, NEW, ENTER, NEW, ENTER])
        .await;
    assert!(call.shows("other calls  end now"), "{}", call.text());
    call.press(&[ENTER]).await;
    assert!(
        call.shows("Your password is changed. Log in with it."),
        "{}",
        call.text()
    );
    call.press(&[NEW, ENTER]).await;
    assert!(call.shows("ada"), "{}", call.text());
    log_in(&world, NEW).await.unwrap();
}

#[tokio::test]
async fn without_mail_nobody_is_sent_to_a_letter() {
    let world = World::new().await;
    let mut call = world.call(Actor::Guest, Welcome::again(None)).await;
    assert!(!call.shows("forgot"));
    call.press(&["f"]).await;
    assert!(call.shows("log in"));
}

#[tokio::test]
async fn a_line_with_a_code_leads_to_the_new_password() {
    let (world, _) = world().await;
    let ada = id(&world, "ada").await;
    let made = world.bbs.show_reset(&world.console, ada).await.unwrap();
    let door = || DoorName::parse(&format!("recover-{}", made.code.expose()));
    let mut texts = Vec::new();
    for size in [Size::USUAL, SMALL] {
        let visit = world.visit_with(door(), Some(key("somebody")));
        let (actor, first) = route::begin(&world.bbs, &visit).await.unwrap();
        let mut call = world.call_with(visit, size, actor, first).await;
        call.press(&[NEW, TAB, "other", ENTER, ENTER]).await;
        texts.push(call.text());
        call.press(&[ESC]).await;
        assert!(call.shows("log in"), "{}", call.text());
    }
    assert_snapshot!("new_password", texts.join("\n────\n"));
    let visit = world.visit_with(DoorName::parse("recover-00000-00000-00000"), None);
    let (actor, first) = route::begin(&world.bbs, &visit).await.unwrap();
    let call = world.call_with(visit, Size::USUAL, actor, first).await;
    assert!(call.shows("That code doesn't work"), "{}", call.text());
}

#[tokio::test]
async fn p16_staff_start_a_new_password_in_users() {
    let (world, _) = world().await;
    let opal = world.actor("opal").await;
    let users = || Users::new().into();
    let keys = [RIGHT, DOWN, DOWN, "v", "p"];
    assert_snapshot!("users_password", both(&world, &opal, users, &keys).await);
    let keys = [RIGHT, DOWN, DOWN, "v", "p", ENTER];
    assert_snapshot!(
        "users_password_shown",
        both(&world, &opal, users, &keys).await
    );
    let mut call = world.call(opal, Users::new()).await;
    call.press(&[RIGHT, DOWN, DOWN, "v", "p", " ", ENTER]).await;
    assert!(
        call.shows("A letter with a code goes to ada."),
        "{}",
        call.text()
    );
}
