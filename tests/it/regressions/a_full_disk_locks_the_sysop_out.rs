//! The disk is full, as somebody who fills it may have wanted. Reading works,
//! says the board, and shows who is on line; but nobody gets in any more, and
//! not the sysop either: noting when a key was last used could not be written,
//! and so a proven key was turned away.

use ringdown_bbs::{domain::account::Role, store::Create, store::Read as _, store::Store};

use crate::world::World;

#[tokio::test]
async fn a_proven_key_gets_in_where_nothing_can_be_written() {
    let world = World::new().await;
    world.create("marta", Role::User).await;
    let disk = Store::open(
        &world.file(),
        Create::Never,
        std::sync::Arc::clone(&world.clock) as _,
        Box::new(drop),
    )
    .unwrap();
    let full = "
        CREATE TRIGGER no_room BEFORE UPDATE ON public_key
        BEGIN SELECT RAISE(ABORT, 'no room'); END";
    disk.write(move |tx| Ok(tx.db().execute_batch(full)?))
        .await
        .unwrap();
    for handle in ["opal", "marta"] {
        let login = world.bbs.log_in_by_key(&world.visit_of(handle)).await;
        assert_eq!(login.unwrap().account.handle.as_str(), handle);
    }
}
