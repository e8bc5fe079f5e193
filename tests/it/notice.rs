//! Notices: what letters tell is told on the board too, and people choose how
//! they hear of what.

use std::time::Duration;

use insta::assert_snapshot;
use ringdown_bbs::{
    app::{
        account::OtherCalls,
        queue::{Decision, Reason, Tell},
    },
    domain::{
        account::Role,
        actor::Actor,
        letter::Kind,
        notice::{Channel, Topic},
        refusal::Refusal,
        secret::Secret,
    },
    mailer::Mailer,
    tui::screens::{
        account::{Keys, Overview},
        menu::Menu,
        waiting::Waiting,
    },
};

use crate::world::{PASSWORD, SMALL, World, key, keys, refused};

/// What an account was told, oldest first.
async fn told(world: &World, actor: &Actor) -> Vec<Kind> {
    let notices = world.bbs.notices(actor).await.unwrap();
    let mut kinds: Vec<_> = notices.iter().map(|one| one.notice.kind).collect();
    kinds.reverse();
    kinds
}

async fn decide(world: &World, handle: &str, decision: Decision) {
    let id = world.bbs.find_user(&world.console, handle).await.unwrap();
    let decided = world.bbs.decide_about(&world.console, id, decision);
    decided.await.unwrap();
}

fn rejection(tell: Tell) -> Decision {
    Decision::Reject {
        reason: Reason::TooLittle,
        tell,
        text: String::new(),
        note: String::new(),
    }
}

/// A member who was told something: a key was added.
async fn ada(world: &World) -> Actor {
    let ada = world.create("ada", Role::User).await;
    let other = key("laptop").key().to_openssh().to_owned();
    world.bbs.paste_key(&ada, &other).await.unwrap();
    ada
}

#[tokio::test]
async fn every_letter_is_a_notice_too_without_mail_and_without_an_address() {
    let world = World::new().await;
    world.asks("newbie").await;
    let suspension = Decision::Suspend {
        reason: "Too loud.".into(),
        until: None,
    };
    for decision in [
        rejection(Tell::Yes),
        Decision::Reopen,
        Decision::Approve,
        suspension,
        Decision::Reactivate,
        Decision::ChangeRole(Role::Mod),
    ] {
        decide(&world, "newbie", decision).await;
    }
    let newbie = world.actor("newbie").await;
    assert_eq!(
        told(&world, &newbie).await,
        [
            Kind::RequestReceived,
            Kind::Rejected,
            Kind::Reopened,
            Kind::Approved,
            Kind::Suspended,
            Kind::Reactivated,
            Kind::RoleChanged,
        ]
    );
    world.asks("silent").await;
    decide(&world, "silent", rejection(Tell::No)).await;
    decide(&world, "silent", Decision::Reopen).await;
    let silent = world.actor("silent").await;
    assert_eq!(
        told(&world, &silent).await,
        [Kind::RequestReceived, Kind::Reopened]
    );
}

#[tokio::test]
async fn a_notice_says_what_the_letter_says_and_a_code_is_never_one() {
    let (mailer, inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    let opal = world.actor("opal").await;
    let ada = ada(&world).await;
    let id = ada.account().unwrap();
    let edited = world
        .bbs
        .edit_email_of(&world.console, id, "ada@example.org");
    edited.await.unwrap();
    world.bbs.send_due().await.unwrap();
    inbox.lock().unwrap().clear();
    world.bbs.send_reset(&opal, id).await.unwrap();
    world.bbs.send_due().await.unwrap();
    let code = inbox.lock().unwrap().remove(0);
    assert!(code.contains("recover-"), "{code}");
    assert_eq!(
        told(&world, &ada).await,
        [Kind::KeyAdded, Kind::AddressChanged]
    );
    decide(&world, "ada", Decision::ChangeRole(Role::Mod)).await;
    world.clock.advance(Duration::from_secs(61));
    world.bbs.send_due().await.unwrap();
    let letter = inbox.lock().unwrap().remove(0);
    let newest = world.bbs.notices(&ada).await.unwrap().remove(0);
    assert_eq!(newest.subject, "Your role was changed");
    assert!(letter.contains(newest.subject), "{letter}");
    let text = world.bbs.read_notice(&ada, newest.notice.id).await.unwrap();
    let body = text.replace('\n', "\r\n");
    // Long lines are broken on their way.
    let letter = letter.replace("=\r\n", "");
    assert!(letter.contains(body.trim_end()), "{letter}\n{body}");
}

#[tokio::test]
async fn nobody_reads_or_removes_the_notices_of_others() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let ben = world.create("ben", Role::User).await;
    let id = world.bbs.notices(&ada).await.unwrap()[0].notice.id;
    assert_eq!(
        refused(world.bbs.read_notice(&ben, id).await),
        Refusal::Gone
    );
    assert_eq!(
        refused(world.bbs.remove_notice(&ben, id).await),
        Refusal::Gone
    );
    assert_eq!(
        refused(world.bbs.notices(&Actor::Guest).await),
        Refusal::NotAllowed
    );
    world.bbs.read_all_notices(&ben).await.unwrap();
    assert_eq!(world.bbs.unread_notices(&ada).await.unwrap(), 1);
    world.bbs.remove_notice(&ada, id).await.unwrap();
    assert_eq!(told(&world, &ada).await, []);
}

#[tokio::test]
async fn what_is_chosen_holds_and_ways_in_are_always_told() {
    let (mailer, _inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    let ada = ada(&world).await;
    world.address("ada", "ada@example.org").await;
    let bbs = &world.bbs;
    let letters = async || {
        let page = bbs.list_letters(&world.console, None, None, 99).await;
        let letters = page.unwrap().letters;
        letters.iter().map(|one| one.kind).collect::<Vec<_>>()
    };
    let (before, notices) = (letters().await.len(), told(&world, &ada).await.len());
    for channel in [Channel::Letter, Channel::Notice] {
        let turned = bbs.turn_channel(&ada, Topic::Standing, channel);
        assert!(!turned.await.unwrap().has(channel));
    }
    decide(&world, "ada", Decision::ChangeRole(Role::Mod)).await;
    assert_eq!(letters().await.len(), before);
    assert_eq!(told(&world, &ada).await.len(), notices);
    // They still see what was decided before they said so.
    for channel in Channel::ALL {
        let turned = bbs.turn_channel(&ada, Topic::Security, *channel).await;
        assert_eq!(refused(turned), Refusal::NotAllowed);
    }
    let others = bbs.turn_channel(&ada, Topic::Board, Channel::Bell).await;
    assert_eq!(refused(others), Refusal::NotAllowed);
    let last = bbs.notices(&ada).await.unwrap().len();
    let third = key("phone").key().to_openssh().to_owned();
    bbs.paste_key(&ada, &third).await.unwrap();
    assert_eq!(letters().await.len(), before + 1);
    assert_eq!(bbs.notices(&ada).await.unwrap().len(), last + 1);
}

#[tokio::test]
async fn staff_who_want_notices_of_requests_get_one_for_several() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    world.asks("newbie").await;
    assert_eq!(told(&world, &opal).await, [], "it stands in every title");
    let turned = world
        .bbs
        .turn_channel(&opal, Topic::Requests, Channel::Notice);
    turned.await.unwrap();
    world.asks("marta_k").await;
    world.asks("third").await;
    let notices = world.bbs.notices(&opal).await.unwrap();
    assert_eq!(notices.len(), 1);
    let body = world.bbs.read_notice(&opal, notices[0].notice.id).await;
    let body = body.unwrap();
    for handle in ["newbie", "marta_k", "third"] {
        assert!(body.contains(handle), "{body}");
    }
    world.asks("fourth").await;
    assert_eq!(told(&world, &opal).await.len(), 2);
}

#[tokio::test]
async fn u_a_notice_is_taken_back_or_corrected_once_it_was_read() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let newbie = world.asks("newbie").await;
    let undo = async || {
        let decided = world
            .bbs
            .decide_about(&opal, newbie.account.id, Decision::Undo);
        decided.await.unwrap();
    };
    decide(&world, "newbie", Decision::Approve).await;
    undo().await;
    assert_eq!(told(&world, &newbie.actor).await, [Kind::RequestReceived]);
    decide(&world, "newbie", Decision::Approve).await;
    let actor = world.actor("newbie").await;
    world.bbs.read_all_notices(&actor).await.unwrap();
    undo().await;
    assert_eq!(
        told(&world, &newbie.actor).await,
        [Kind::RequestReceived, Kind::Approved, Kind::Correction]
    );
}

#[tokio::test]
async fn an_account_keeps_the_newest_two_hundred_for_ninety_days() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    for n in 0..205 {
        let role = if n % 2 == 0 { Role::Mod } else { Role::User };
        decide(&world, "ada", Decision::ChangeRole(role)).await;
    }
    let kept = world.bbs.notices(&ada).await.unwrap();
    assert_eq!(kept.len(), 200);
    assert_eq!(kept[0].notice.detail, "mod");
    world.clock.advance(Duration::from_hours(24 * 89));
    world.bbs.forget_sources().await.unwrap();
    assert_eq!(told(&world, &ada).await.len(), 200);
    world.clock.advance(Duration::from_hours(25));
    world.bbs.forget_sources().await.unwrap();
    assert_eq!(told(&world, &ada).await, []);
}

#[tokio::test]
async fn i_opens_the_notices_and_the_title_counts_the_new_ones() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let mut call = world.call(ada.clone(), Menu::new()).await;
    assert!(call.shows("ada · 1 notice · 21:04"), "{}", call.text());
    decide(&world, "ada", Decision::ChangeRole(Role::Mod)).await;
    call.look().await;
    assert!(call.shows("ada · 2 notices · 21:04"), "{}", call.text());
    call.press(&["i"]).await;
    let mut small = world.call_at(SMALL, ada, Menu::new()).await;
    small.press(&["i"]).await;
    assert_snapshot!("notices", format!("{}\n\n{}", call.text(), small.text()));
    call.press(&[keys::DOWN, keys::ENTER]).await;
    assert!(call.shows("ada · 1 notice · 21:04"), "{}", call.text());
    small.press(&[keys::DOWN, keys::ENTER]).await;
    assert_snapshot!("notice", format!("{}\n\n{}", call.text(), small.text()));
    call.press(&["d"]).await;
    assert!(!call.shows("key was added"), "{}", call.text());
    call.press(&["a"]).await;
    assert!(call.shows(" ada · 21:04"), "{}", call.text());
    call.press(&["d"]).await;
    assert!(call.shows("Nothing yet."), "{}", call.text());
}

#[tokio::test]
async fn account_chooses_what_one_hears_of() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let mut call = world.call(opal.clone(), Overview::new()).await;
    call.press(&["n", "n", "b", keys::DOWN, "l"]).await;
    let mut small = world.call_at(SMALL, opal, Overview::new()).await;
    small.press(&["n", keys::DOWN, keys::DOWN]).await;
    assert_snapshot!(
        "notice_choices",
        format!("{}\n\n{}", call.text(), small.text())
    );
    // Whoever wants no bell is told without one.
    assert!(!world_rings(&world, &mut call, "newbie").await);
    call.press(&[keys::UP, "b"]).await;
    assert!(world_rings(&world, &mut call, "marta_k").await);
}

/// Whether it rings when somebody asks to join.
async fn world_rings(world: &World, call: &mut crate::world::Call, handle: &str) -> bool {
    world.asks(handle).await;
    call.look().await;
    assert!(call.shows(&format!("{handle} asks to join")));
    call.frame.contains(&0x07)
}

#[tokio::test]
async fn whoever_waits_reads_what_they_were_told() {
    let world = World::new().await;
    let login = world.asks("newbie").await;
    let mut room = world.call(login.actor, Waiting::new(login.account)).await;
    assert!(room.shows("1 notice"), "{}", room.text());
    room.press(&["i", keys::ENTER]).await;
    assert!(!room.shows("1 notice"), "{}", room.text());
    room.press(&[keys::ESC, keys::ESC]).await;
    assert!(room.shows("Waiting room"), "{}", room.text());
}

#[tokio::test]
async fn whoever_is_on_the_line_hears_at_once_that_a_way_in_was_changed_elsewhere() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let id = ada.account().unwrap();
    let bert = world.create("bert", Role::User).await;
    let mut call = world.call(ada.clone(), Menu::new()).await;
    let mut other = world.call(bert, Menu::new()).await;
    let laptop = key("laptop").key().to_openssh().to_owned();
    let added = world.bbs.add_key_to(&world.console, id, &laptop).await;
    added.unwrap();
    call.look().await;
    let line = "A key was added to your account just now.";
    assert!(call.shows(line), "{}", call.text());
    other.look().await;
    assert!(!other.shows(line), "{}", other.text());
    let (visit, none, new) = (
        world.visit_of("ada"),
        Secret::new(String::new()),
        Secret::new(PASSWORD.to_owned()),
    );
    let changed = world
        .bbs
        .change_password(&ada, &visit, &none, &new, OtherCalls::GoOn);
    changed.await.unwrap();
    call.look().await;
    let line = "The password of your account was changed just now.";
    assert!(call.shows(line), "{}", call.text());
    call.types("x").await;
    // What they do themselves says so already, here and nowhere else twice.
    let mut own = world.call(ada, Keys::new()).await;
    let phone = key("phone").key().to_openssh().to_owned();
    own.press(&["a", &phone, keys::ENTER]).await;
    assert!(own.shows("Added SHA256:"), "{}", own.text());
    call.look().await;
    assert!(call.shows("A key was added"), "{}", call.text());
}
