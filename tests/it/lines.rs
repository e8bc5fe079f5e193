//! The sessions of somebody in USERS, and hanging up on them.

use insta::assert_snapshot;
use ringdown_bbs::{
    app::hub::Which,
    domain::{account::Role, refusal::Refusal},
    tui::{
        line::Size,
        screens::{menu::Menu, users::Users},
    },
};

use crate::world::{SMALL, World, keys, refused};

#[tokio::test]
async fn x_shows_where_somebody_is_on_line_and_hangs_up_there() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let ada = world.create("ada", Role::User).await;
    let first = world.on_line(Size::USUAL, ada.clone(), Menu::new()).await;
    let second = world.on_line(Size::USUAL, ada.clone(), Menu::new()).await;
    let third = world.on_line(Size::USUAL, ada, Menu::new()).await;
    let mut desk = world.call(opal, Users::new()).await;
    desk.press(&[keys::RIGHT, keys::DOWN, "x"]).await;
    assert!(
        desk.shows("Sysop ▸ Users ▸ ada ▸ Sessions"),
        "{}",
        desk.text()
    );
    let whole = desk.text();
    desk.press(&["h", keys::ENTER]).await;
    assert!(desk.shows("That line is let go."), "{}", desk.text());
    assert!(first.is_cut() && !second.is_cut(), "only one");
    drop(first);
    world.bbs.hub().tell_presence();
    desk.look().await;
    desk.press(&["a", keys::ENTER]).await;
    assert!(desk.shows("2 lines are let go."), "{}", desk.text());
    assert!(second.is_cut() && third.is_cut());
    drop((second, third));
    world.bbs.hub().tell_presence();
    desk.look().await;
    assert!(desk.shows("Not on line just now."), "{}", desk.text());
    assert_snapshot!("lines", whole);
}

#[tokio::test]
async fn the_lines_of_somebody_fit_the_smallest_terminal() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let ada = world.create("ada", Role::User).await;
    let _call = world.on_line(Size::USUAL, ada, Menu::new()).await;
    let mut desk = world.call_at(SMALL, opal, Users::new()).await;
    desk.press(&[keys::RIGHT, keys::DOWN, "x"]).await;
    assert_snapshot!("lines_small", desk.text());
}

#[tokio::test]
async fn only_a_sysop_sees_and_ends_the_lines_of_others() {
    let world = World::new().await;
    let gus = world.create("gus", Role::Mod).await;
    let ada = world.create("ada", Role::User).await;
    let id = ada.account().unwrap();
    let call = world.on_line(Size::USUAL, ada.clone(), Menu::new()).await;
    for actor in [&gus, &ada] {
        let seen = refused(world.bbs.sessions_of(actor, id).await);
        assert_eq!(seen, Refusal::NotAllowed);
        let ended = refused(world.bbs.end_sessions_of(actor, id, Which::All).await);
        assert_eq!(ended, Refusal::NotAllowed);
    }
    assert!(!call.is_cut());
    let seen = world.bbs.sessions_of(&world.console, id).await.unwrap();
    assert_eq!(seen.len(), 1);
}
