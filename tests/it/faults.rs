//! A board whose disk is full or whose file somebody else holds: reading works,
//! writing is refused with words, nothing is half written, and it recovers.

use ringdown_bbs::{
    app::Stop,
    domain::{actor::Actor, health::State, refusal::Refusal},
    store::{Fault, Read as _, Store},
    tui::{
        say,
        screens::{menu::Menu, users::Users},
    },
};

use crate::world::{World, keys};

/// Lets the file grow to so many pages, or not at all.
async fn room(store: &Store, pages: Option<i64>) {
    let limited = store.write(move |tx| {
        let now: i64 = tx
            .db()
            .query_row("PRAGMA page_count", [], |row| row.get(0))?;
        let most = pages.unwrap_or(now);
        Ok(tx.db().pragma_update(None, "max_page_count", most)?)
    });
    limited.await.unwrap();
}

/// A form with more words than the pages of the file have room for.
async fn asks_at_length(world: &World, handle: &str) -> Result<(), Stop> {
    let mut form = world.form(handle);
    form.message = "I have a great deal to say. ".repeat(35);
    let visit = world.visit_of(handle);
    world.bbs.register(&visit, form).await.map(|_| ())
}

#[tokio::test]
async fn threat_40_on_a_full_disk_reading_works_and_writing_says_so() {
    let (world, store) = World::new().await.with_store().await;
    let opal = world.actor("opal").await;
    let mut call = world.call(opal.clone(), Menu::new()).await;
    room(&store, None).await;

    // What pages have room for may still be written; soon nothing is.
    let mut in_the_file = Vec::new();
    let stop = loop {
        let handle = format!("caller{}", in_the_file.len());
        match asks_at_length(&world, &handle).await {
            Ok(()) => in_the_file.push(handle),
            Err(stop) => break stop,
        }
        assert!(in_the_file.len() < 50, "the disk never fills");
    };
    assert!(
        matches!(&stop, Stop::Broken(broken) if matches!(broken.fault, Fault::Full)),
        "{stop:?}"
    );
    assert!(say::sentence(&stop).contains("can't write to its disk"));

    assert_eq!(store_is(&world).await, State::Red);

    // Whoever was told "done" is in the file, and nobody else.
    let refused = format!("caller{}", in_the_file.len());
    assert_eq!(
        world
            .bbs
            .find_user(&opal, &refused)
            .await
            .err()
            .map(|stop| say::sentence(&stop)),
        Some(say::sentence(&Refusal::NoSuchAccount.into()))
    );
    for handle in &in_the_file {
        world.bbs.find_user(&opal, handle).await.unwrap();
    }

    // The session lives, and reads.
    call.types("?").await;
    assert!(call.shows("Help"), "{}", call.text());
    call.types(keys::ESC).await;
    let users = world.call(opal.clone(), Users::new()).await;
    assert!(users.shows("USERS"), "{}", users.text());

    room(&store, Some(1 << 30)).await;
    asks_at_length(&world, &refused).await.unwrap();
    world.bbs.find_user(&opal, &refused).await.unwrap();
    assert_eq!(store_is(&world).await, State::Green);
}

/// How health finds the store.
async fn store_is(world: &World) -> State {
    let checks = world.bbs.checks().await;
    let mut found = checks.iter().filter(|check| check.name() == "store");
    found.next().unwrap().state()
}

#[tokio::test]
async fn threat_42_a_file_that_is_held_is_busy_to_whoever_writes_and_to_nobody_else() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let mut call = world.call(opal.clone(), Menu::new()).await;
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the other program that has the file open"
    )]
    let other = rusqlite::Connection::open(world.file()).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();

    let writing = world.bbs.say_to_all(&opal, "Is anybody there?");
    let reading = async {
        // Frames come while the write waits.
        call.types("w").await;
        assert!(call.shows("Who is on line"), "{}", call.text());
        world.bbs.front().await.unwrap()
    };
    let (written, front) = tokio::join!(writing, reading);
    assert!(front.claimed);
    let stop = written.unwrap_err();
    assert!(
        matches!(&stop, Stop::Broken(broken) if matches!(broken.fault, Fault::Busy)),
        "{stop:?}"
    );
    assert!(say::sentence(&stop).contains("The board is busy."));

    other.execute_batch("ROLLBACK").unwrap();
    world.bbs.say_to_all(&opal, "There you are.").await.unwrap();
    assert_eq!(world.bbs.hub().said().unwrap().text, "There you are.");
}

#[tokio::test]
async fn a_full_disk_keeps_what_was_counted() {
    let (world, store) = World::new().await.with_store().await;
    let opal = world.actor("opal").await;
    let settings = world.bbs.settings();
    let visit = world.visit();
    drop(world.bbs.hub().enter(&visit, Actor::Guest, &settings));
    // A broken table stands for every reason that a write can fail.
    store
        .write(|tx| Ok(tx.db().execute_batch("ALTER TABLE sample RENAME TO gone")?))
        .await
        .unwrap();
    assert!(world.bbs.take_sample().await.is_err());
    store
        .write(|tx| Ok(tx.db().execute_batch("ALTER TABLE gone RENAME TO sample")?))
        .await
        .unwrap();
    world.bbs.take_sample().await.unwrap();
    let since = world.bbs.clock().now() - chrono::TimeDelta::hours(1);
    let samples = world.bbs.samples(&opal, since).await.unwrap();
    assert_eq!(samples[0].calls, 1);
}
