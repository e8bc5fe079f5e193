//! The sysop area as sysops and mods see and use it, on the usual terminal and
//! on the smallest.

use std::time::Duration;

use insta::assert_snapshot;
use ringdown_bbs::{
    app::{
        invite::{Draft, Whose},
        queue::{Decision, Reason, Tell},
    },
    domain::{
        account::{Role, Status},
        actor::Actor,
    },
    mailer::Mailer,
    settings::Key as Name,
    store::account::From,
    tui::{
        line::Size,
        screens::{invites::Invites, menu::Menu, site::Site, users::Users},
    },
};

use crate::world::{Call, SMALL, World, keys};

/// A board with three who wait, hours and minutes apart.
async fn queue() -> (World, Actor) {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    asks(&world, "cheapseo", "", "best rank for you site").await;
    world.clock.advance(Duration::from_hours(70));
    let museum = "I run a small museum of modems in Kiel and would like to talk about the \
                  ones nobody remembers. We have forty of them, and eleven still work.";
    asks(&world, "newbie", "newbie@example.org", museum).await;
    world.clock.advance(Duration::from_hours(2));
    let chess = "Ada told me about the Sunday chess.";
    asks(&world, "marta_k", "", chess).await;
    world.clock.advance(Duration::from_mins(4));
    (world, opal)
}

async fn asks(world: &World, handle: &str, email: &str, message: &str) {
    let mut form = world.form(handle);
    form.email = email.into();
    form.message = message.into();
    let visit = world.visit_of(handle);
    world.bbs.register(&visit, form).await.unwrap();
}

/// Presses keys on a tab on both terminals, and shows both one above the other.
async fn both(
    world: &World,
    actor: &Actor,
    tab: impl Fn() -> ringdown_bbs::tui::Layer,
    pressed: &[&str],
) -> String {
    let mut large = world.call(actor.clone(), tab()).await;
    let mut small = world.call_at(SMALL, actor.clone(), tab()).await;
    large.press(pressed).await;
    small.press(pressed).await;
    format!("{}\n\n{}", large.text(), small.text())
}

async fn users(world: &World, actor: &Actor) -> Call {
    world.call(actor.clone(), Users::new()).await
}

async fn status(world: &World, handle: &str) -> Status {
    let id = world.bbs.find_user(&world.console, handle).await.unwrap();
    let detail = world.bbs.user(&world.console, id).await.unwrap();
    detail.account.status
}

#[tokio::test]
async fn the_queue_shows_who_waits_and_what_they_wrote() {
    let (world, opal) = queue().await;
    let id = world.bbs.find_user(&opal, "newbie").await.unwrap();
    let note = "Sounds like the museum in the paper.";
    world.bbs.note_about(&opal, id, note).await.unwrap();
    let tab = || Users::new().into();
    assert_snapshot!("users", both(&world, &opal, tab, &["j"]).await);
    assert_snapshot!("users_profile", both(&world, &opal, tab, &["j", "v"]).await);
    assert_snapshot!("users_reject", both(&world, &opal, tab, &["r"]).await);
    assert_snapshot!(
        "users_active",
        both(&world, &opal, tab, &[keys::RIGHT]).await
    );
    assert_snapshot!("users_none", both(&world, &opal, tab, &[keys::LEFT]).await);
}

#[tokio::test]
async fn a_page_tells_of_calls_invites_and_letters() {
    let (mailer, _) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    let opal = world.actor("opal").await;
    world.set("invite_code_generators", "any_user").await;
    asks(&world, "ada", "ada@example.org", "I play chess.").await;
    let id = world.bbs.find_user(&opal, "ada").await.unwrap();
    let approve = world.bbs.decide_about(&opal, id, Decision::Approve);
    approve.await.unwrap();
    world.clock.advance(Duration::from_mins(5));
    world.bbs.send_due().await.unwrap();
    let ada = world.actor("ada").await;
    for handle in ["marta", "newbie"] {
        let made = world.bbs.create_invite(&ada, Draft::default()).await;
        let mut form = world.form(handle);
        form.code = made.unwrap().code;
        let visit = world.visit_of(handle);
        world.bbs.register(&visit, form).await.unwrap();
    }
    let left = world.bbs.create_invite(&ada, Draft::default()).await;
    left.unwrap();
    let role = Decision::ChangeRole(Role::Mod);
    world.bbs.decide_about(&opal, id, role).await.unwrap();
    let _call = world.on_line(Size::USUAL, ada, Menu::new()).await;
    world.clock.advance(Duration::from_mins(12));
    let tab = || Users::new().into();
    let page = [keys::RIGHT, keys::DOWN, "v"];
    assert_snapshot!("users_profile_ties", both(&world, &opal, tab, &page).await);
    let mut small = world.call_at(SMALL, opal, Users::new()).await;
    small.press(&page).await;
    small.press(&["G"]).await;
    assert_snapshot!("users_profile_ties_end", small.text());
}

#[tokio::test]
async fn a_new_invite_is_the_selected_one() {
    let (world, opal) = queue().await;
    for _ in 0..3 {
        let made = world.bbs.create_invite(&opal, Draft::default()).await;
        made.unwrap();
    }
    let mut call = world.call(opal, Invites::new(Whose::All)).await;
    call.press(&[keys::DOWN, keys::DOWN]).await;
    assert!(call.shows("▌ inv-1"), "{}", call.text());
    call.press(&["n", keys::ENTER, keys::ESC]).await;
    assert!(call.shows("▌ inv-4"), "{}", call.text());
}

#[tokio::test]
async fn a_move_among_those_who_wait_takes_few_bytes() {
    let (world, opal) = queue().await;
    for handle in ["ada-1970", "ada-1971"] {
        let email = format!("{handle}@example.org");
        asks(&world, handle, &email, "A long life with many modems.").await;
    }
    let mut call = users(&world, &opal).await;
    call.press(&[keys::DOWN; 6]).await;
    call.press(&[keys::UP, keys::DOWN]).await;
    // The bar and the handle of two rows, and what differs about the two.
    let frame = String::from_utf8_lossy(&call.frame);
    assert!(frame.len() <= 120, "{} bytes: {frame:?}", frame.len());
}

#[tokio::test]
async fn a_approves_whoever_is_selected_and_then_nobody_is() {
    let (world, opal) = queue().await;
    let mut call = users(&world, &opal).await;
    call.press(&["j", "a"]).await;
    assert!(call.shows("newbie may come in."), "{}", call.text());
    assert!(call.shows("Nobody is selected."), "{}", call.text());
    assert_eq!(status(&world, "newbie").await, Status::Active);
    // Nobody is selected, so nobody is approved.
    call.types("aaa").await;
    assert_eq!(status(&world, "marta_k").await, Status::Pending);
    call.types(keys::DOWN).await;
    call.types("a").await;
    assert_eq!(status(&world, "marta_k").await, Status::Active);
}

#[tokio::test]
async fn pressing_twice_approves_once() {
    let (world, opal) = queue().await;
    let mut call = users(&world, &opal).await;
    call.types("aa").await;
    assert!(call.shows("cheapseo may come in."), "{}", call.text());
}

#[tokio::test]
async fn r_twice_rejects_with_the_defaults() {
    let (world, opal) = queue().await;
    let mut call = users(&world, &opal).await;
    call.press(&["r", "r"]).await;
    assert!(call.shows("cheapseo was rejected."), "{}", call.text());
    assert_eq!(status(&world, "cheapseo").await, Status::Rejected);
}

#[tokio::test]
async fn what_is_typed_into_a_rejection_is_kept() {
    let (world, opal) = queue().await;
    let mut call = users(&world, &opal).await;
    call.press(&["r", keys::RIGHT, keys::TAB, keys::TAB, "rank elsewhere"])
        .await;
    assert_snapshot!(call.text());
    call.types(keys::ENTER).await;
    let id = world.bbs.find_user(&opal, "cheapseo").await.unwrap();
    let detail = world.bbs.user(&opal, id).await.unwrap();
    let reason = detail.account.status_reason.as_deref();
    assert_eq!(reason, Some("rank elsewhere"));
}

#[tokio::test]
async fn the_faster_sysop_is_named_to_the_slower() {
    let (world, opal) = queue().await;
    let ruby = world.create("ruby", Role::Sysop).await;
    let mut call = users(&world, &opal).await;
    call.types("r").await;
    let id = world.bbs.find_user(&ruby, "cheapseo").await.unwrap();
    world
        .bbs
        .decide_about(&ruby, id, Decision::Approve)
        .await
        .unwrap();
    world.clock.advance(Duration::from_secs(4));
    call.types(keys::ENTER).await;
    assert!(
        call.shows("ruby let in cheapseo 4 s ago."),
        "{}",
        call.text()
    );
    assert!(call.shows("Pending 2"), "{}", call.text());
}

#[tokio::test]
async fn the_selection_stays_with_the_account_while_others_decide() {
    let (world, opal) = queue().await;
    let mut call = users(&world, &opal).await;
    call.press(&["G"]).await;
    let id = world.bbs.find_user(&opal, "cheapseo").await.unwrap();
    world
        .bbs
        .decide_about(&world.console, id, Decision::Approve)
        .await
        .unwrap();
    call.look().await;
    assert!(call.shows("▌ marta_k"), "{}", call.text());
    asks(&world, "late", "", "Am I late?").await;
    call.look().await;
    assert!(
        call.shows("▌ marta_k") && call.shows("late"),
        "{}",
        call.text()
    );
}

#[tokio::test]
async fn every_deed_has_its_way_and_its_words() {
    let (world, opal) = queue().await;
    world.create("ada", Role::User).await;
    let mut call = users(&world, &opal).await;
    call.press(&[keys::RIGHT, "G"]).await;
    assert!(call.shows("▌ ada"), "{}", call.text());
    call.press(&["s", keys::ENTER]).await;
    assert!(call.shows("Give a reason"), "{}", call.text());
    assert_snapshot!("users_suspend", call.text());
    call.press(&["shouting", keys::TAB, keys::RIGHT, keys::ENTER])
        .await;
    assert_eq!(status(&world, "ada").await, Status::Suspended);
    call.press(&[keys::RIGHT, "u", keys::ENTER]).await;
    assert!(call.shows("ada may come in again."), "{}", call.text());
    call.press(&[
        keys::LEFT,
        "G",
        "e",
        keys::CTRL_U,
        "not an address",
        keys::ENTER,
    ])
    .await;
    assert!(call.shows("✗ That doesn't look like"), "{}", call.text());
    assert_snapshot!("users_edit", call.text());
    call.press(&[
        keys::CTRL_U,
        "ada@example.org",
        keys::TAB,
        keys::RIGHT,
        keys::ENTER,
    ])
    .await;
    assert!(call.shows("Saved."), "{}", call.text());
    assert!(call.shows("mod since"), "{}", call.text());
    call.press(&["n", "good company", keys::ENTER]).await;
    assert!(call.shows("opal: good company"), "{}", call.text());
}

#[tokio::test]
async fn a_rejected_request_can_be_reopened_from_the_page() {
    let (world, opal) = queue().await;
    let id = world.bbs.find_user(&opal, "newbie").await.unwrap();
    let decision = Decision::Reject {
        reason: Reason::TooLittle,
        tell: Tell::Yes,
        text: String::new(),
        note: String::new(),
    };
    world.bbs.decide_about(&opal, id, decision).await.unwrap();
    let mut call = users(&world, &opal).await;
    call.press(&[keys::LEFT, keys::LEFT, keys::ENTER, "o", keys::ENTER])
        .await;
    assert!(call.shows("newbie waits again."), "{}", call.text());
    assert!(
        call.shows("opal rejected this on 24 Nov 2026"),
        "{}",
        call.text()
    );
}

#[tokio::test]
async fn nobody_can_suspend_oneself_or_change_ones_own_role() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let mut call = users(&world, &opal).await;
    call.types(keys::RIGHT).await;
    assert!(!call.shows("s suspend"), "{}", call.text());
    call.types("e").await;
    assert!(
        call.shows("e-mail") && !call.shows("role  "),
        "{}",
        call.text()
    );
}

#[tokio::test]
async fn a_mod_looks_and_decides_only_if_the_setting_says_so() {
    let (world, _) = queue().await;
    let gus = world.create("gus", Role::Mod).await;
    let tab = || Users::new().into();
    assert_snapshot!("users_of_a_mod", both(&world, &gus, tab, &["j"]).await);
    let mut call = users(&world, &gus).await;
    call.press(&["j", "a", "5"]).await;
    assert!(call.shows("Sysop ▸ Users"), "{}", call.text());
    assert_eq!(status(&world, "newbie").await, Status::Pending);
    world.set("queue_deciders", "mods").await;
    call.look().await;
    call.types("a").await;
    assert_eq!(status(&world, "newbie").await, Status::Active);
}

#[tokio::test]
async fn a_long_queue_is_walked_both_ways() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    world.set("queue_backlog_max", "200").await;
    for n in 0..120 {
        asks(&world, &format!("caller-{n:03}"), "", "Hello.").await;
        world.clock.advance(Duration::from_secs(1));
    }
    let mut call = users(&world, &opal).await;
    assert!(call.shows("▌ caller-000"), "{}", call.text());
    let mut seen = 0;
    for n in 1..120 {
        call.types(keys::DOWN).await;
        seen += u32::from(call.shows(&format!("▌ caller-{n:03}")));
    }
    assert_eq!(seen, 119);
    call.types(keys::DOWN).await;
    assert!(call.shows("▌ caller-119"), "{}", call.text());
    for n in (0..119).rev() {
        call.types(keys::UP).await;
        assert!(call.shows(&format!("▌ caller-{n:03}")), "{}", call.text());
    }
    call.types("G").await;
    assert!(call.shows("▌ caller-119"), "{}", call.text());
    call.press(&["/", "caller-07", keys::ENTER]).await;
    assert!(
        call.shows("▌ caller-070") && call.shows("/caller-07"),
        "{}",
        call.text()
    );
    call.press(&["G", keys::DOWN]).await;
    assert!(call.shows("▌ caller-079"), "{}", call.text());
    call.types(keys::ESC).await;
    assert!(call.shows("▌ caller-000"), "{}", call.text());
    let page = world
        .bbs
        .list_users(&opal, Status::Pending, "", From::Start, 200);
    assert_eq!(page.await.unwrap().rows.len(), 120);
}

#[tokio::test]
async fn an_invite_is_made_shown_once_and_taken_back() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let tab = || Invites::new(Whose::All).into();
    assert_snapshot!("invites_none", both(&world, &opal, tab, &[]).await);
    assert_snapshot!("invites_new", both(&world, &opal, tab, &["n"]).await);
    let further = ["n", keys::UP, keys::UP];
    assert_snapshot!("invites_new_more", both(&world, &opal, tab, &further).await);
    let mut call = world.call(opal.clone(), Invites::new(Whose::All)).await;
    call.press(&["n", keys::CTRL_U, "0", keys::ENTER]).await;
    assert!(
        call.shows("An invite works at least once."),
        "{}",
        call.text()
    );
    call.press(&[
        keys::CTRL_U,
        "3",
        keys::TAB,
        keys::TAB,
        "for the chess club",
        keys::ENTER,
    ])
    .await;
    assert_snapshot!("invites_code", call.text());
    call.types("s").await;
    assert_snapshot!("invites_scan", call.text());
    call.press(&[keys::ESC, keys::ESC]).await;
    assert_snapshot!("invites_one", call.text());
    call.types(keys::ENTER).await;
    assert_snapshot!("invites_page", call.text());
    call.press(&["q", "x", keys::CTRL_U, "60", keys::ENTER])
        .await;
    assert!(call.shows("inv-1 is live."), "{}", call.text());
    assert!(call.shows("20 Jan"), "{}", call.text());
    call.press(&["d", "lost", keys::ENTER]).await;
    assert!(call.shows("is revoked."), "{}", call.text());
    assert!(call.shows(" revoked  "), "{}", call.text());
    assert!(!call.shows("d revoke"), "{}", call.text());
    world.set("invitations_enabled", "off").await;
    call.look().await;
    assert!(
        call.shows("Invitations are switched off"),
        "{}",
        call.text()
    );
    assert!(!call.shows("n new"), "{}", call.text());
}

#[tokio::test]
async fn ones_own_invites_are_one_s_own() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let ada = world.create("ada", Role::User).await;
    world.set("invite_code_generators", "any_user").await;
    world
        .bbs
        .create_invite(&opal, Draft::default())
        .await
        .unwrap();
    let mut call = world.call(ada.clone(), Invites::new(Whose::Own)).await;
    assert!(call.shows("No invites yet."), "{}", call.text());
    call.press(&["n", keys::ENTER]).await;
    assert!(call.shows("you will not see it again"), "{}", call.text());
    call.types(keys::ESC).await;
    assert!(
        call.shows("inv-2") && !call.shows("inv-1"),
        "{}",
        call.text()
    );
    assert!(!call.shows("USERS"), "{}", call.text());
    call.types("1").await;
    assert!(call.shows("Account ▸ Invites"), "{}", call.text());
}

#[tokio::test]
async fn the_dialog_makes_an_invite_for_somebody_from_a_day_on() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let mut call = world.call(opal, Invites::new(Whose::All)).await;
    let tab = keys::TAB;
    call.press(&["n", tab, tab, tab, "Bring your board.", tab])
        .await;
    call.press(&["marta@", tab, tab, "marta_k", tab, "soon", keys::ENTER])
        .await;
    assert!(call.shows("✗ That doesn't look like"), "{}", call.text());
    call.press(&["example.org", keys::ENTER]).await;
    assert!(
        call.shows("Write the day as 2026-12-24."),
        "{}",
        call.text()
    );
    call.press(&[keys::CTRL_U, "2026-12-24", keys::ENTER, keys::ESC])
        .await;
    assert!(call.shows(" frozen "), "{}", call.text());
    call.types(keys::ENTER).await;
    assert_snapshot!("invites_page_bound", call.text());
}

#[tokio::test]
async fn many_invites_are_walked_both_ways() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    for _ in 0..110 {
        world
            .bbs
            .create_invite(&opal, Draft::default())
            .await
            .unwrap();
    }
    let mut call = world.call(opal, Invites::new(Whose::All)).await;
    for n in (1..110).rev() {
        call.types(keys::DOWN).await;
        assert!(call.shows(&format!("▌ inv-{n} ")), "{n}\n{}", call.text());
    }
    call.types(keys::DOWN).await;
    for n in 2..=110 {
        call.types(keys::UP).await;
        assert!(call.shows(&format!("▌ inv-{n} ")), "{n}\n{}", call.text());
    }
}

#[tokio::test]
async fn settings_are_found_changed_refused_and_put_back() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let tab = || Site::new().into();
    assert_snapshot!("site", both(&world, &opal, tab, &[]).await);
    let find = ["/", "min length", keys::ENTER, keys::ENTER];
    let mut call = world.call(opal.clone(), Site::new()).await;
    call.press(&find).await;
    call.press(&[keys::CTRL_U, "3", keys::ENTER]).await;
    assert_snapshot!("site_refused", call.text());
    call.press(&[keys::CTRL_U, "12", keys::ENTER]).await;
    assert!(
        call.shows("password_min_length is 12 now."),
        "{}",
        call.text()
    );
    assert_eq!(world.bbs.settings().password_min_length, 12);
    assert_snapshot!("site_changed", call.text());
    call.press(&["d", keys::ENTER]).await;
    assert_eq!(world.bbs.settings().password_min_length, 8);
}

#[tokio::test]
async fn another_sysops_change_is_shown_before_it_can_be_replaced() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let ruby = world.create("ruby", Role::Sysop).await;
    let mut call = world.call(opal, Site::new()).await;
    call.press(&["/", "contact", keys::ENTER, keys::ENTER, "opal"])
        .await;
    let change = world
        .bbs
        .change_setting(&ruby, Name::SiteContact, "ruby", None);
    change.await.unwrap();
    call.types(keys::ENTER).await;
    assert!(
        call.shows("Meanwhile ruby changed this to"),
        "{}",
        call.text()
    );
    assert_eq!(world.bbs.settings().site_contact.as_str(), "ruby");
    call.types(keys::ENTER).await;
    assert_eq!(world.bbs.settings().site_contact.as_str(), "opal");
}

#[tokio::test]
async fn opening_the_board_is_asked_twice() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let mut call = world.call(opal, Site::new()).await;
    call.press(&["/", "registration mode", keys::ENTER, keys::ENTER])
        .await;
    call.press(&[keys::RIGHT, keys::RIGHT, keys::ENTER]).await;
    assert_snapshot!("site_open", call.text());
    assert_eq!(
        world.bbs.settings().registration_mode.name(),
        "sysop_approved"
    );
    call.types(keys::ENTER).await;
    assert_eq!(world.bbs.settings().registration_mode.name(), "open");
}

#[tokio::test]
async fn long_texts_have_a_page_of_their_own() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let tab = || Site::new().into();
    let pressed = [
        "/",
        "welcome",
        keys::ENTER,
        keys::ENTER,
        "Good evening,",
        keys::ENTER,
        "Kiel.",
    ];
    assert_snapshot!("site_text", both(&world, &opal, tab, &pressed).await);
    let mut call = world.call(opal, Site::new()).await;
    call.press(&pressed).await;
    call.types(keys::CTRL_S).await;
    assert!(call.shows("welcome_text is saved."), "{}", call.text());
    assert_eq!(
        world.bbs.settings().welcome_text.as_str(),
        "Good evening,\nKiel."
    );
}

#[tokio::test]
async fn tabs_lead_round() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let mut call = users(&world, &opal).await;
    for (key, place) in [
        ("2", "Sysop ▸ Invites"),
        ("5", "Sysop ▸ Site"),
        ("8", "Sysop ▸ Audit"),
        (keys::TAB, "Sysop ▸ System"),
        (keys::TAB, "Sysop ▸ Users"),
        ("\x1b[Z", "Sysop ▸ System"),
        ("1", "Sysop ▸ Users"),
        (keys::TAB, "Sysop ▸ Invites"),
    ] {
        call.types(key).await;
        assert!(call.shows(place), "{}", call.text());
    }
}

#[tokio::test]
async fn whoever_is_on_the_line_is_in_at_once() {
    let (world, opal) = queue().await;
    let visit = world.visit_of("newbie");
    let newbie = world.actor("newbie").await;
    let settings = world.bbs.settings();
    let hub = world.bbs.hub();
    let _line = hub.enter(&visit, newbie, &settings).unwrap();
    let mut call = users(&world, &opal).await;
    call.types("j").await;
    assert!(call.shows("on the line now"), "{}", call.text());
    call.types("a").await;
    assert!(call.shows("newbie is in."), "{}", call.text());
}

#[tokio::test]
async fn the_smallest_terminal_shows_a_whole_code() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let tab = Invites::new(Whose::All);
    let mut call = world.call_at(SMALL, opal, tab).await;
    call.press(&["n", keys::ENTER]).await;
    assert_snapshot!(call.text());
}
