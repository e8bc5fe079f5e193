//! Everything the board has about somebody, as JSON.

use ringdown_bbs::{
    command::{self, Exit, Output},
    domain::{account::Role, actor::Actor},
    tui::screens::account::Overview,
};
use serde_json::Value;

use crate::world::World;

async fn says(world: &World, actor: &Actor, line: &str) -> Output {
    let order = command::parse_line(line).unwrap();
    command::run(&world.bbs, actor, order, None).await
}

#[tokio::test]
async fn a_member_gets_everything_about_themselves_and_nothing_of_others() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let id = world
        .asks_from("newbie", "newbie@example.org")
        .await
        .account
        .id;
    world.create("ada", Role::User).await;
    world.address("ada", "ada@example.org").await;
    let note = world.bbs.note_about(&opal, id, "Paints boats.");
    note.await.unwrap();
    let approve = ringdown_bbs::app::queue::Decision::Approve;
    world.bbs.decide_about(&opal, id, approve).await.unwrap();
    let newbie = world.actor("newbie").await;
    let own = says(&world, &newbie, "export").await;
    assert_eq!(own.exit, Exit::Done, "{}", own.stderr);
    let told: Value = serde_json::from_str(&own.stdout).unwrap();
    assert_eq!(told["account"]["email"], "newbie@example.org");
    assert_eq!(told["account"]["has_password"], false);
    assert_eq!(told["account"]["created_at"], "2026-11-21T21:04:00Z");
    assert_eq!(told["keys"].as_array().unwrap().len(), 1);
    let message = told["request"]["message"].as_str().unwrap();
    assert!(message.starts_with("I am newbie"), "{message}");
    let acts = told["record"].as_array().unwrap();
    let is_there = |name: &str| acts.iter().any(|act| act["action"] == name);
    assert!(is_there("account.approve"), "{acts:?}");
    for other in ["ada", "Paints boats", "opal", "argon2"] {
        assert!(!own.stdout.contains(other), "{other}: {}", own.stdout);
    }
    let of_sysop = says(&world, &opal, "user export newbie --json").await;
    let same: Value = serde_json::from_str(&of_sysop.stdout).unwrap();
    assert_eq!(same["account"], told["account"]);
    assert_eq!(
        says(&world, &world.console, "export").await.exit,
        Exit::Usage
    );
}

#[tokio::test]
async fn only_sysops_export_others_and_applicants_nothing() {
    let world = World::new().await;
    let gus = world.create("gus", Role::Mod).await;
    let newbie = world.asks("newbie").await.actor;
    let exit = async |actor: &Actor, line: &str| says(&world, actor, line).await.exit;
    assert_eq!(exit(&gus, "user export opal").await, Exit::Refused);
    assert_eq!(exit(&newbie, "export").await, Exit::Refused);
    assert_eq!(exit(&newbie, "user export opal").await, Exit::Refused);
    assert_eq!(exit(&Actor::Guest, "export").await, Exit::Refused);
    assert_eq!(
        exit(&world.console, "user export nobody").await,
        Exit::NotFound
    );
    let help = async |actor: &Actor| says(&world, actor, "help").await.stdout;
    assert!(help(&gus).await.contains("\nexport "));
    assert!(!help(&newbie).await.contains("export"));
}

#[tokio::test]
async fn account_says_how() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let call = world.call(ada, Overview::new()).await;
    let text = call.text().replace('\n', " ");
    assert!(text.contains("ssh -p 2222 ada@bbs.example.org"), "{text}");
}
