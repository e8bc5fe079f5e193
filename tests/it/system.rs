//! The SYSTEM tab on both terminals: what is well, who is on line, and the
//! plots.

use std::time::Duration;

use insta::assert_snapshot;
use ringdown_bbs::{
    app::hub::OnLine,
    domain::{account::Role, actor::Actor, refusal::Refusal},
    tui::{
        line::Size,
        screens::{menu::Menu, system::SystemTab},
    },
};

use crate::world::{Call, SMALL, World, keys, refused};

/// The tab after some keys, on the usual terminal and on the smallest.
async fn both(world: &World, actor: &Actor, pressed: &[&str]) -> String {
    let mut large = world.call(actor.clone(), SystemTab::new()).await;
    let mut small = world.call_at(SMALL, actor.clone(), SystemTab::new()).await;
    large.press(pressed).await;
    small.press(pressed).await;
    format!("{}\n\n{}", large.text(), small.text())
}

/// What a terminal shows without what differs between machines.
fn without_numbers(shown: &str) -> String {
    let differs = |line: &str| {
        ["database", "disk", "memory"]
            .iter()
            .any(|label| line.trim_start_matches(['↓', ' ']).starts_with(label))
    };
    let lines = shown.lines().map(|line| {
        if differs(line) {
            "   (of this machine)"
        } else {
            line
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A caller who comes and goes.
fn calls(world: &World) {
    let visit = world.visit();
    let settings = world.bbs.settings();
    let on_line = world.bbs.hub().enter(&visit, Actor::Guest, &settings);
    drop(on_line.unwrap());
}

#[tokio::test]
async fn the_first_page_says_what_is_well() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    world.asks("newbie").await;
    calls(&world);
    world.clock.advance(Duration::from_hours(80));
    assert_snapshot!("system", without_numbers(&both(&world, &opal, &[]).await));
}

#[tokio::test]
async fn plots_tell_a_day_and_a_week_with_their_numbers() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    // More in the evening than in the morning, for nine days.
    for hour in 0..216_u64 {
        for _ in 0..(hour % 24 / 3) {
            calls(&world);
        }
        world.bbs.take_sample().await.unwrap();
        world.clock.advance(Duration::from_hours(1));
    }
    assert_snapshot!("system_day", both(&world, &opal, &[keys::RIGHT; 2]).await);
    assert_snapshot!("system_week", both(&world, &opal, &[keys::LEFT]).await);
    let since = world.bbs.clock().now() - Duration::from_hours(24 * 30);
    let kept = world.bbs.samples(&opal, since).await.unwrap();
    assert!(kept.len() <= 24 * 8 + 2, "{}", kept.len());
}

/// Somebody in the main menu, on line as the hub knows it.
async fn on_line(world: &World, actor: &Actor) -> (Call, OnLine) {
    let visit = world.visit();
    let settings = world.bbs.settings();
    let entered = world.bbs.hub().enter(&visit, actor.clone(), &settings);
    let call = world.call_with(visit, Size::USUAL, actor.clone(), Menu::new());
    (call.await, entered.unwrap())
}

/// Opal looking at the lines.
async fn lines(world: &World) -> Call {
    let opal = world.actor("opal").await;
    let mut call = world.call(opal, SystemTab::new()).await;
    call.types(keys::RIGHT).await;
    call
}

#[tokio::test]
async fn x_lets_a_line_go_after_a_question() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let _ada = on_line(&world, &ada).await;
    let mut call = lines(&world).await;
    assert!(call.shows("ada"), "{}", call.text());
    call.types("x").await;
    assert_snapshot!("system_hang_up", call.text());
    call.types(keys::ESC).await;
    assert!(!call.shows("That line is let go."));
    call.press(&["x", keys::ENTER]).await;
    assert!(call.shows("That line is let go."), "{}", call.text());
}

#[tokio::test]
async fn b_says_a_line_and_keeps_what_is_too_long() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let (mut ada, _entered) = on_line(&world, &ada).await;
    let mut call = lines(&world).await;
    call.press(&["b", "Tea is ready", keys::ENTER]).await;
    ada.look().await;
    assert!(
        ada.shows("opal to everybody: Tea is ready"),
        "{}",
        ada.text()
    );
    call.press(&["b", keys::ENTER]).await;
    assert_snapshot!("system_say", call.text());
}

#[tokio::test]
async fn the_machine_is_the_sysops_affair() {
    let world = World::new().await;
    let bea = world.create("bea", Role::Mod).await;
    let ada = world.create("ada", Role::User).await;
    let opal = world.actor("opal").await;
    let _ada = on_line(&world, &ada).await;
    for other in [&bea, &ada] {
        assert_eq!(
            refused(world.bbs.system(other).await.map(|_| ())),
            Refusal::NotAllowed
        );
        assert_eq!(
            refused(world.bbs.health(other).await.map(|_| ())),
            Refusal::NotAllowed
        );
    }
    let system = world.bbs.system(&opal).await.unwrap();
    let session = system.callers[0].present.session;
    assert_eq!(
        refused(world.bbs.hang_up(&bea, session).await),
        Refusal::NotAllowed
    );
}
