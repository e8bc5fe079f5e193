//! The writer: group commit, jobs that fail alone, and a full disk.

use ringdown_bbs::{
    domain::{
        account::Status,
        policy::{Capability, Permit},
    },
    store::{
        Create, Fault, Read as _, Store,
        audit::{Act, record},
    },
};

use crate::world::World;

fn note(tx: &ringdown_bbs::store::Tx<'_>, what: &str) -> Result<(), Fault> {
    let permit = Permit::board(Capability::ManageUsers);
    record(
        tx,
        &permit,
        Act {
            action: "test",
            object: what,
            ..Act::default()
        },
    )
}

#[tokio::test]
async fn a_job_that_panics_or_fails_harms_only_itself() {
    let world = World::new().await;
    world.bbs.close().await;
    let clock = std::sync::Arc::clone(&world.clock);
    let store = Store::open(&world.file(), Create::Never, clock, Box::new(|_| {})).unwrap();
    let (one, two, three) = tokio::join!(
        store.write(|tx| note(tx, "one")),
        store.write(|tx| -> Result<(), Fault> {
            note(tx, "two")?;
            panic!("a bug");
        }),
        store.write(|tx| note(tx, "three")),
    );
    one.unwrap();
    three.unwrap();
    assert!(matches!(two, Err(Fault::Panic(text)) if text == "a bug"));
    let left = store
        .read(|view| Ok(ringdown_bbs::store::account::count(view, Status::Active)?))
        .await;
    assert_eq!(left.unwrap(), 1);
}
