//! What members, applicants and those shut out see, on the usual terminal and
//! on the smallest.

use std::time::Duration;

use insta::assert_snapshot;
use ringdown_bbs::{
    app::{
        hub::OnLine,
        queue::{Decision, Reason, Tell},
    },
    domain::{account::Role, actor::Actor, door::DoorName},
    tui::{
        Layer,
        line::Size,
        screens::{
            account::{Keys, Overview},
            menu::Menu,
            shut_out::ShutOut,
            waiting::Waiting,
            who::Who,
        },
    },
};

use crate::world::{Call, SMALL, World, key, keys};

/// Shows a screen on both terminals, one above the other.
async fn both(world: &World, actor: &Actor, screen: impl Fn() -> Layer) -> String {
    let large = world.call(actor.clone(), screen()).await;
    let small = world.call_at(SMALL, actor.clone(), screen()).await;
    format!("{}\n\n{}", large.text(), small.text())
}

/// A session on line as the hub knows it, without a terminal.
fn on_line(world: &World, actor: &Actor, place: &str) -> OnLine {
    let visit = world.visit();
    let hub = world.bbs.hub();
    let settings = world.bbs.settings();
    let entered = hub.enter(&visit, actor.clone(), &settings).unwrap();
    hub.is_at(visit.session, place);
    entered
}

/// A call of somebody on line, so that their own session is in the lists.
async fn call_on_line(world: &World, actor: &Actor, screen: impl Into<Layer>) -> (Call, OnLine) {
    let name = actor.handle().unwrap().to_string();
    let visit = world.visit_with(DoorName::Other(name.clone()), Some(key(&name)));
    let settings = world.bbs.settings();
    let entered = world.bbs.hub().enter(&visit, actor.clone(), &settings);
    let call = world.call_with(visit, Size::USUAL, actor.clone(), screen);
    (call.await, entered.unwrap())
}

async fn opal(world: &World) -> Actor {
    let id = world.bbs.find_user(&world.console, "opal").await.unwrap();
    world.bbs.refresh(id).await.unwrap().unwrap().actor
}

#[tokio::test]
async fn the_main_menu_shows_what_exists_and_who_is_there() {
    let world = World::new().await;
    let opal = opal(&world).await;
    let ada = world.create("ada", Role::User).await;
    let applicant = world.asks("marta_k").await.actor;
    let _lines = [
        on_line(&world, &ada, "Main menu"),
        on_line(&world, &Actor::Guest, "Welcome"),
        on_line(&world, &applicant, "Waiting room"),
    ];
    assert_snapshot!(
        "menu_of_a_member",
        both(&world, &ada, || Menu::new().into()).await
    );
    assert_snapshot!(
        "menu_of_a_sysop",
        both(&world, &opal, || Menu::new().into()).await
    );
}

#[tokio::test]
async fn goodbye_hangs_up_without_a_question() {
    let world = World::new().await;
    let mut call = world.call(opal(&world).await, Menu::new()).await;
    call.types("q").await;
    assert!(call.is_over());
}

#[tokio::test]
async fn the_sysop_area_is_for_staff() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let mut call = world.call(ada, Menu::new()).await;
    call.types("s").await;
    assert!(call.shows("Main menu"), "{}", call.text());
    let mut call = world.call(opal(&world).await, Menu::new()).await;
    call.types("s").await;
    assert!(call.shows("Sysop ▸"), "{}", call.text());
}

#[tokio::test]
async fn only_staff_see_applicants_on_line() {
    let world = World::new().await;
    let opal = opal(&world).await;
    let ada = world.create("ada", Role::User).await;
    let applicant = world.asks("marta_k").await.actor;
    let _lines = [
        on_line(&world, &applicant, "Waiting room"),
        on_line(&world, &Actor::Guest, "Welcome"),
    ];
    world.clock.advance(Duration::from_mins(25));
    let (call, _line) = call_on_line(&world, &ada, Who::new()).await;
    assert!(!call.shows("marta_k"), "{}", call.text());
    assert!(call.shows("a guest") && call.shows("ada (you)"));
    assert_snapshot!(
        "who_of_a_sysop",
        both(&world, &opal, || Who::new().into()).await
    );
}

#[tokio::test]
async fn a_list_of_who_is_on_line_follows_who_comes() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let mut call = world.call(ada, Who::new()).await;
    let _line = on_line(&world, &Actor::Guest, "Welcome");
    world.bbs.hub().tell_presence();
    call.look().await;
    assert!(call.shows("a guest"), "{}", call.text());
}

#[tokio::test]
async fn the_waiting_room_tells_the_truth() {
    let world = World::new().await;
    let login = world.asks("marta_k").await;
    world.clock.advance(Duration::from_mins(4));
    let room = || Waiting::new(login.account.clone()).into();
    assert_snapshot!("waiting_alone", both(&world, &login.actor, room).await);
    let mut call = world.call(login.actor.clone(), room()).await;
    let _line = on_line(&world, &opal(&world).await, "Main menu");
    world.bbs.hub().tell_presence();
    call.look().await;
    assert!(call.shows("opal is on line"), "{}", call.text());
}

#[tokio::test]
async fn a_request_is_changed_where_it_is_shown() {
    let world = World::new().await;
    let login = world.asks("marta_k").await;
    let mut call = world
        .call(login.actor.clone(), Waiting::new(login.account))
        .await;
    call.press(&["e", keys::CTRL_U, keys::CTRL_S]).await;
    assert!(call.shows("✗ Tell the sysops"), "{}", call.text());
    call.press(&["I play badly and talk well.", keys::CTRL_S])
        .await;
    assert!(call.shows("│ I play badly"), "{}", call.text());
    assert!(call.shows("Your request is changed."), "{}", call.text());
}

#[tokio::test]
async fn whoever_withdraws_is_asked_and_then_gone() {
    let world = World::new().await;
    let login = world.asks("marta_k").await;
    let mut call = world
        .call(login.actor.clone(), Waiting::new(login.account.clone()))
        .await;
    call.types("w").await;
    assert_snapshot!("withdrawing", call.text());
    call.types(keys::ENTER).await;
    assert!(call.is_over());
    let gone = world.bbs.refresh(login.account.id).await.unwrap();
    assert!(gone.is_none());
}

#[tokio::test]
async fn those_shut_out_read_why_and_nothing_else() {
    let world = World::new().await;
    let rejected = world.asks("cheapseo").await;
    let reject = Decision::Reject {
        reason: Reason::Advertising,
        tell: Tell::Yes,
        text: String::new(),
        note: "spam".into(),
    };
    let decided = world
        .bbs
        .decide_about(&world.console, rejected.account.id, reject)
        .await
        .unwrap();
    let actor = world.bbs.refresh(rejected.account.id).await.unwrap();
    let screen = || ShutOut::new(decided.account.clone()).into();
    assert_snapshot!(
        "rejected",
        both(&world, &actor.unwrap().actor, screen).await
    );

    let ada = world.create("ada", Role::User).await;
    let suspend = Decision::Suspend {
        reason: "Three warnings about the house rules.".into(),
        until: Some(world.bbs.clock().now() + chrono::TimeDelta::days(14)),
    };
    let id = ada.account().unwrap();
    let decided = world.bbs.decide_about(&world.console, id, suspend).await;
    let account = decided.unwrap().account;
    let screen = || ShutOut::new(account.clone()).into();
    assert_snapshot!("suspended", both(&world, &ada, screen).await);
}

#[tokio::test]
async fn an_account_shows_what_can_be_changed() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let screen = || Overview::new().into();
    assert_snapshot!("account_of_a_member", both(&world, &ada, screen).await);
    let applicant = world.asks("marta_k").await.actor;
    world.set("invite_code_generators", "any_user").await;
    let call = world.call(applicant, Overview::new()).await;
    assert!(!call.shows("invites"), "{}", call.text());
    let mut call = world.call(ada, screen()).await;
    assert!(call.shows("i  invites"), "{}", call.text());
    call.types("i").await;
    assert!(call.shows("Invites"), "{}", call.text());
}

#[tokio::test]
async fn keys_are_pasted_refused_and_removed() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let mut call = world.call(ada.clone(), Keys::new()).await;
    call.press(&["a", "ssh-ed25519 nonsense", keys::ENTER])
        .await;
    assert!(
        call.shows("✗ This isn't a key I can use"),
        "{}",
        call.text()
    );
    assert!(call.shows("ssh-ed25519 nonsense"), "what was typed stays");
    let other = key("ada2").key().to_openssh().to_owned();
    call.press(&[keys::CTRL_U, &format!("{other} laptop"), keys::ENTER])
        .await;
    assert!(call.shows("Added SHA256:"), "{}", call.text());
    assert_snapshot!("keys", both(&world, &ada, || Keys::new().into()).await);
    call.press(&["d", keys::ENTER]).await;
    assert!(call.shows("This is your only way in."), "{}", call.text());
    call.press(&[keys::DOWN, "d", keys::ENTER]).await;
    assert!(call.shows("The key is removed."), "{}", call.text());
    assert!(!call.shows("by hand"), "{}", call.text());
}

#[tokio::test]
async fn a_line_for_another_device_is_shown_once() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let mut call = world.call(ada, Keys::new()).await;
    call.types("l").await;
    assert!(call.shows("ssh -p 2222 key-"), "{}", call.text());
    call.types("q").await;
    assert!(!call.shows("key-"), "{}", call.text());
}

#[tokio::test]
async fn the_key_of_a_call_is_remembered_when_it_is_nobodys() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let visit = world.visit_of("ada2");
    let mut call = world.call_with(visit, Size::USUAL, ada, Keys::new()).await;
    assert!(call.shows("r remember key"), "{}", call.text());
    call.types("r").await;
    assert!(call.shows("Remembered."), "{}", call.text());
    assert!(!call.shows("r remember key"), "{}", call.text());
}

#[tokio::test]
async fn a_password_is_set_and_then_asked_for() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let mut call = world.call(ada, Overview::new()).await;
    let words = "harbour fog and gulls";
    let (enter, choice) = (keys::ENTER, keys::ENTER);
    call.press(&["p", words, enter, "other", enter, choice])
        .await;
    assert!(call.shows("✗ The two passwords differ."), "{}", call.text());
    call.press(&[keys::CTRL_U, words, enter, choice]).await;
    assert!(call.shows("Your password is changed."), "{}", call.text());
    call.types("p").await;
    let new = "new words for it";
    call.press(&[enter, new, enter, new, enter, choice]).await;
    assert_snapshot!("password", call.text());
}

#[tokio::test]
async fn an_address_is_refused_under_its_field_and_then_saved() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let mut call = world.call(ada, Overview::new()).await;
    call.press(&["e", "nonsense", keys::ENTER]).await;
    assert!(call.shows("✗ That doesn't look like an e-mail address."));
    call.press(&[keys::CTRL_U, "ada@example.org", keys::ENTER])
        .await;
    assert!(call.shows("ada@example.org"), "{}", call.text());
    assert!(call.shows("Your address is saved."), "{}", call.text());
}

#[tokio::test]
async fn another_of_ones_own_sessions_is_hung_up() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let visit = world.visit();
    let settings = world.bbs.settings();
    let entered = world.bbs.hub().enter(&visit, ada.clone(), &settings);
    let _elsewhere = entered.unwrap();
    world.bbs.hub().is_at(visit.session, "Main menu");
    let (mut call, _line) = call_on_line(&world, &ada, Overview::new()).await;
    call.types("s").await;
    assert_snapshot!("sessions", call.text());
    call.press(&["h", keys::ENTER]).await;
    assert!(visit.end.is_cancelled());
    call.press(&[keys::DOWN, "h"]).await;
    assert!(!call.shows("Hang up there?"), "never this call's own line");
}
