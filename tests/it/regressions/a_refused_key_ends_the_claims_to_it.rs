//! Marta has as many keys as an account may have. She comes with one more and
//! wants it remembered: refused. But the refusal was written after the claims of
//! everybody who had pasted that key were gone, and a refusal commits.

use ringdown_bbs::domain::{account::Role, refusal::Refusal};

use crate::world::{World, key, refused};

#[tokio::test]
async fn a_refused_key_leaves_the_claims_to_it() {
    let world = World::new().await;
    let marta = world.create("marta", Role::User).await;
    let ben = world.create("ben", Role::User).await;
    for number in 1..10 {
        let line = key(&format!("device{number}"));
        world
            .bbs
            .paste_key(&marta, line.key().to_openssh())
            .await
            .unwrap();
    }
    let more = key("one more");
    world
        .bbs
        .paste_key(&ben, more.key().to_openssh())
        .await
        .unwrap();
    let visit = world.visit_of("one more");
    let answer = world.bbs.remember_key(&marta, &visit).await;
    assert_eq!(refused(answer), Refusal::KeysFull);
    assert_eq!(world.bbs.own(&ben).await.unwrap().keys.len(), 2);
}

#[tokio::test]
async fn ones_own_claim_becomes_the_proof_even_if_it_was_the_last_place() {
    let world = World::new().await;
    let marta = world.create("marta", Role::User).await;
    for number in 1..10 {
        let line = key(&format!("device{number}"));
        world
            .bbs
            .paste_key(&marta, line.key().to_openssh())
            .await
            .unwrap();
    }
    let visit = world.visit_of("device9");
    world.bbs.remember_key(&marta, &visit).await.unwrap();
    assert_eq!(world.bbs.own(&marta).await.unwrap().keys.len(), 10);
}
