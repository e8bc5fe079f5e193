//! A line for everybody, the switch that lets only staff in, and how the
//! machine is.

use insta::assert_snapshot;
use ringdown_bbs::{
    app::registration::Form,
    command::{self, Exit, Output},
    domain::{account::Role, actor::Actor, door::DoorName, refusal::Refusal, secret::Secret},
    tui::{
        route,
        screens::{menu::Menu, system::SystemTab, welcome::Welcome},
    },
};
use serde_json::Value;

use crate::world::{PASSWORD, SMALL, World, key, keys, refused};

async fn says(world: &World, actor: &Actor, line: &str) -> Output {
    let order = command::parse_line(line).unwrap();
    command::run(&world.bbs, actor, order, None).await
}

#[tokio::test]
async fn a_line_for_everybody_is_on_every_screen_and_stays_a_while() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let opal = world.actor("opal").await;
    let front = world.bbs.front().await.unwrap();
    let mut member = world.call(ada.clone(), Menu::new()).await;
    let mut stranger = world
        .call_at(SMALL, Actor::Guest, Welcome::new(front, None, None))
        .await;
    let line = "The board restarts in five minutes. Finish what you are writing, please, and \
                call again after ten.";
    world.bbs.say_to_all(&opal, line).await.unwrap();
    member.look().await;
    stranger.look().await;
    assert_snapshot!("said", format!("{}\n\n{}", member.text(), stranger.text()));
    // Whoever was just typing sees it all the same.
    member.types("x").await;
    assert!(member.shows("restarts in five minutes"));
    world.clock.advance(std::time::Duration::from_secs(10));
    member.types("x").await;
    assert!(!member.shows("restarts in five minutes"));
}

#[tokio::test]
async fn only_a_sysop_speaks_to_everybody_and_nothing_is_too_long() {
    let world = World::new().await;
    let ada = world.create("ada", Role::Mod).await;
    assert_eq!(
        refused(world.bbs.say_to_all(&ada, "hello").await),
        Refusal::NotAllowed
    );
    let opal = world.actor("opal").await;
    assert_eq!(
        refused(world.bbs.say_to_all(&opal, " ").await),
        Refusal::TextNeeded
    );
    assert_eq!(
        refused(world.bbs.say_to_all(&opal, &"x".repeat(161)).await),
        Refusal::TextLong(160)
    );
    let said = says(&world, &opal, "say The board restarts --dry-run").await;
    assert_eq!((said.exit, world.bbs.hub().said()), (Exit::Done, None));
    let said = says(&world, &opal, "say The board restarts").await;
    assert_eq!(said.stdout, "Nobody is on line.\n");
    let line = world.bbs.hub().said().unwrap();
    assert_eq!(line.text, "The board restarts");
}

#[tokio::test]
async fn maintenance_lets_staff_in_and_reads_its_words_to_everybody_else() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let mut on_line = world.call(ada.clone(), Menu::new()).await;
    world
        .set("maintenance_note", "New disks. Back at nine.")
        .await;
    world.set("maintenance", "on").await;
    // Whoever is on line is told, and stays.
    on_line.look().await;
    assert!(on_line.shows("only staff get in, but you may stay: New disks."));
    assert!(!on_line.is_over());

    let by_key = |handle: &str| {
        let name = DoorName::Other(handle.to_owned());
        world.visit_with(name, Some(key(handle)))
    };
    let (actor, first) = route::begin(&world.bbs, &by_key("ada")).await.unwrap();
    assert_eq!(actor, Actor::Guest);
    let large = world.call(actor.clone(), first).await;
    let (_, first) = route::begin(&world.bbs, &world.visit()).await.unwrap();
    let mut small = world.call_at(SMALL, actor, first).await;
    assert_snapshot!(
        "maintenance",
        format!("{}\n\n{}", large.text(), small.text())
    );
    small.types("q").await;
    assert!(small.is_over());

    let (actor, _) = route::begin(&world.bbs, &by_key("opal")).await.unwrap();
    assert!(actor.is_sysop());
}

#[tokio::test]
async fn maintenance_is_no_door_for_passwords_and_forms_either() {
    let world = World::new().await;
    world.create("ada", Role::User).await;
    let settings = world.bbs.settings();
    world.set("maintenance", "on").await;
    let visit = world.visit();
    let entered = world.bbs.hub().enter(&visit, Actor::Guest, &settings);
    let ada = world.actor("ada").await;
    assert_eq!(
        world
            .bbs
            .hub()
            .become_actor(&visit, ada, &world.bbs.settings())
            .unwrap_err(),
        Refusal::Maintenance(String::new())
    );
    let form = Form {
        password: Secret::new(PASSWORD.to_owned()),
        message: "Let me in.".to_owned(),
        ..world.form("newbie")
    };
    let registered = world.bbs.register(&world.visit(), form).await;
    assert_eq!(
        refused(registered.map(|_| ())),
        Refusal::Maintenance(String::new())
    );
    drop(entered);
}

#[tokio::test]
async fn health_is_red_while_nobody_serves_the_board() {
    let world = World::new().await;
    let said = says(&world, &world.console, "health --json").await;
    assert_eq!(said.exit, Exit::Fault);
    let health: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(health["state"], "red");
    let names: Vec<_> = health["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "service", "store", "disk", "memory", "lines", "queue", "outbox", "backup", "jobs"
        ]
    );
    let said = says(&world, &world.console, "health").await;
    assert!(said.stdout.contains("nobody serves this board"));
    let ada = world.create("ada", Role::User).await;
    assert_eq!(says(&world, &ada, "health").await.exit, Exit::Refused);
}

#[tokio::test]
async fn threat_13_sessions_that_broke_down_are_told() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    world.bbs.hub().broke_down();
    let said = says(&world, &world.console, "health").await;
    assert!(
        said.stdout.contains("1 broke down since the start"),
        "{}",
        said.stdout
    );
    let call = world.call(opal, SystemTab::new()).await;
    assert!(call.shows("look: 1 broke down"), "{}", call.text());
}

#[tokio::test]
async fn a_card_is_open_and_the_line_is_seen_above_it() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let mut call = world.call(opal.clone(), Menu::new()).await;
    call.types("\x03").await;
    world.bbs.say_to_all(&opal, "Fire drill.").await.unwrap();
    call.look().await;
    assert!(call.shows("Leave?") && call.shows("opal to everybody: Fire drill."));
    call.types(keys::ESC).await;
    assert!(!call.shows("Leave?"));
}
