//! The writer: group commit, jobs that fail alone, a full disk, and the plans
//! of the statements everybody waits for.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, mpsc},
};

use ringdown_bbs::{
    domain::{
        access,
        account::{Origin, Role, Status},
        conversation::Side,
        event::Event,
        id::AccountId,
        letter,
        policy::{Capability, Permit},
        registration::Admission,
    },
    store::{
        Create, Fault, Read as _, Store, Tx,
        audit::{Act, record},
    },
};

use crate::world::World;

/// The store of a board, without the board around it.
async fn store(world: &World) -> (Store, Arc<Mutex<Vec<Event>>>) {
    world.bbs.close().await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let publish = Arc::clone(&told);
    let store = Store::open(
        &world.file(),
        Create::Never,
        Arc::clone(&world.clock) as _,
        Box::new(move |event| publish.lock().unwrap().push(event)),
    );
    (store.unwrap(), told)
}

/// Writes something down and tells it.
fn note(tx: &Tx<'_>, number: i64) -> Result<(), Fault> {
    let permit = Permit::board(Capability::ManageUsers);
    let object = format!("job {number}");
    record(
        tx,
        &permit,
        Act {
            action: "test",
            object: &object,
            ..Act::default()
        },
    )?;
    tx.emit(Event::AccountChanged(AccountId(number)));
    Ok(())
}

/// What is told of a note.
fn told_of(number: i64) -> [Event; 2] {
    [Event::Recorded, Event::AccountChanged(AccountId(number))]
}

/// Which of the jobs' notes are in the file.
async fn noted(store: &Store) -> BTreeSet<String> {
    store
        .read(|view| {
            let mut found = view
                .db()
                .prepare("SELECT object FROM audit WHERE action = 'test'")?;
            let rows = found.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
        .unwrap()
}

/// Holds the writer until three jobs are queued behind, so that one batch
/// carries all three.
async fn in_one_batch(
    store: &Store,
    two: impl FnOnce(&Tx<'_>) -> Result<(), Fault> + Send + 'static,
) -> [Result<(), Fault>; 3] {
    let (go, wait) = mpsc::channel::<()>();
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let holding = store.write(move |_| {
        begun.send(()).unwrap();
        wait.recv().unwrap();
        Ok(())
    });
    let jobs = async {
        // From here on a new batch is gathered.
        has_begun.await.unwrap();
        let one = store.write(|tx| note(tx, 1));
        let two = store.write(two);
        let three = store.write(|tx| note(tx, 3));
        let release = async {
            // The three before are queued when this is polled the first time.
            while store.queued() < 3 {
                tokio::task::yield_now().await;
            }
            go.send(()).unwrap();
        };
        let (one, two, three, ()) = tokio::join!(one, two, three, release);
        [one, two, three]
    };
    let (held, jobs) = tokio::join!(holding, jobs);
    held.unwrap();
    jobs
}

#[tokio::test]
async fn a_job_that_panics_or_fails_harms_only_itself() {
    let world = World::new().await;
    let (store, told) = store(&world).await;
    let results = in_one_batch(&store, |tx| {
        note(tx, 2)?;
        panic!("a bug");
    })
    .await;
    assert!(matches!(&results[1], Err(Fault::Panic(text)) if text == "a bug"));
    assert!(results[0].is_ok() && results[2].is_ok());
    let expected = ["job 1", "job 3"].map(str::to_owned);
    assert_eq!(noted(&store).await, BTreeSet::from(expected));
    assert_eq!(*told.lock().unwrap(), [told_of(1), told_of(3)].concat());
}

#[tokio::test]
async fn a_disk_that_fills_in_job_two_of_three_leaves_nothing_half_written() {
    let world = World::new().await;
    let (store, told) = store(&world).await;
    let results = in_one_batch(&store, |tx| {
        note(tx, 2)?;
        let pages: i64 = tx.db().query_row("PRAGMA page_count", [], |row| row.get(0))?;
        tx.db()
            .pragma_update(None, "max_page_count", pages)?;
        let big = "x".repeat(1 << 20);
        tx.db().execute(
            "INSERT INTO setting (key, value, changed_by, changed_at) VALUES ('big', ?1, 'test', 0)",
            [big],
        )?;
        Ok(())
    })
    .await;
    assert!(matches!(results[1], Err(Fault::Full)), "{results:?}");
    // Who was told "done" is in the file, and nobody else; only they were heard.
    let mut expected = BTreeSet::new();
    let mut events = Vec::new();
    for (number, result) in (1..).zip(&results) {
        if result.is_ok() {
            expected.insert(format!("job {number}"));
            events.extend(told_of(number));
        }
    }
    assert_eq!(noted(&store).await, expected);
    assert_eq!(*told.lock().unwrap(), events);
    // Room again: writing works again.
    store
        .write(|tx| Ok(tx.db().pragma_update(None, "max_page_count", 1 << 30)?))
        .await
        .unwrap();
    store.write(|tx| note(tx, 4)).await.unwrap();
    assert!(noted(&store).await.contains("job 4"));
}

#[tokio::test]
async fn what_is_done_is_in_the_file_when_it_is_opened_again() {
    let world = World::new().await;
    let (store, _) = store(&world).await;
    store.write(|tx| note(tx, 1)).await.unwrap();
    store.close().await;
    assert!(matches!(
        store.write(|tx| note(tx, 2)).await,
        Err(Fault::Closed)
    ));
    assert_eq!(noted(&store).await.len(), 1);
}

#[tokio::test]
async fn no_statement_on_a_hot_path_reads_a_whole_table() {
    let world = World::new().await;
    let (store, _) = store(&world).await;
    let plans = store
        .read(|view| ringdown_bbs::store::plans(view))
        .await
        .unwrap();
    let plans: Vec<_> = plans
        .iter()
        .map(|(name, steps)| format!("{name}\n  {}", steps.join("\n  ")))
        .collect();
    let plans = plans.join("\n");
    // The index of staff holds staff alone, and they are few.
    let whole = plans.replace("SCAN account USING INDEX account_staff", "");
    assert!(
        ["SCAN account", "SCAN a\n", "SCAN audit"]
            .iter()
            .all(|scan| !whole.contains(scan)),
        "{plans}"
    );
    insta::assert_snapshot!(plans);
}

#[tokio::test]
async fn the_schema_allows_exactly_the_names_of_the_enums() {
    let world = World::new().await;
    let (store, _) = store(&world).await;
    let schema: String = store
        .read(|view| {
            let all = "SELECT group_concat(sql, ' ') FROM sqlite_schema";
            Ok(view.db().query_row(all, [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    let names = |names: Vec<&str>| {
        let quoted: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
        format!("({})", quoted.join(", "))
    };
    let squeezed = schema.split_whitespace().collect::<Vec<_>>().join(" ");
    for list in [
        names(Status::ALL.iter().map(|one| one.name()).collect()),
        names(Role::ALL.iter().map(|one| one.name()).collect()),
        names(Origin::ALL.iter().map(|one| one.name()).collect()),
        names(Admission::ALL.iter().map(|one| one.name()).collect()),
        names(access::Kind::ALL.iter().map(|one| one.name()).collect()),
        names(access::Effect::ALL.iter().map(|one| one.name()).collect()),
        names(letter::Kind::ALL.iter().map(|one| one.name()).collect()),
        names(Side::ALL.iter().map(|one| one.name()).collect()),
        names(letter::State::ALL.iter().map(|one| one.name()).collect()),
        names(
            ringdown_bbs::store::key::Standing::ALL
                .iter()
                .map(|one| one.name())
                .collect(),
        ),
    ] {
        assert!(squeezed.contains(&list), "no CHECK for {list}");
    }
}

#[tokio::test]
async fn the_record_is_append_only() {
    let world = World::new().await;
    let (store, _) = store(&world).await;
    for sql in ["UPDATE audit SET actor = 'me'", "DELETE FROM audit"] {
        let result = store.write(move |tx| Ok(tx.db().execute(sql, [])?)).await;
        assert!(
            matches!(result, Err(Fault::Constraint(_))),
            "{sql}: {result:?}"
        );
    }
}
