//! A member is about to be suspended and makes a key line first. Once shut out,
//! they call with it from another device, and the suspended account has one
//! more key, ready for the day it is forgotten about.

use ringdown_bbs::{
    app::queue::Decision,
    domain::{account::Role, code::Code, refusal::Refusal},
};

use crate::world::{World, refused};

#[tokio::test]
async fn a_line_made_before_a_suspension_adds_nothing_after_it() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let line = world.bbs.mint_key_line(&ada).await.unwrap();
    let code = line.expose().split("key-").nth(1).unwrap();
    let code = Code::parse(code.split('@').next().unwrap()).unwrap();
    let suspend = Decision::Suspend {
        reason: "for now".into(),
        until: None,
    };
    let id = ada.account().unwrap();
    world
        .bbs
        .decide_about(&world.console, id, suspend)
        .await
        .unwrap();

    let used = world
        .bbs
        .use_key_line(&world.visit_of("phone"), &code)
        .await;
    assert_eq!(refused(used), Refusal::NotAllowed);
    let detail = world.bbs.user(&world.console, id).await.unwrap();
    assert_eq!(detail.keys.len(), 1);
}
