//! Copies of a board: made while callers write, marked, refused where something
//! is already, and served elsewhere with frozen codes.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, sync::Arc};

use ringdown_bbs::{
    app::invite::{Draft, Uses, Whose},
    domain::{invite::State, refusal::Refusal, registration::Mode},
    tui::screens::invites::Invites,
};
use rustix::process::Signal;
use serde_json::Value;

use crate::{
    cli::{Served, complaint, ringdown, run},
    world::{World, keys, refused},
};

/// A board with its directory of secrets.
async fn world() -> World {
    let world = World::new().await;
    let keys = world.directory().join("keys");
    fs::create_dir(&keys).unwrap();
    fs::write(keys.join("host_ed25519"), "hush").unwrap();
    world
}

/// The board in a copy.
async fn open(copy: &Path) -> World {
    // The world removes its directory, and a copy is a directory like any other.
    let dir = tempfile::tempdir().unwrap();
    for file in fs::read_dir(copy).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_file() {
            fs::copy(file.path(), dir.path().join(file.file_name())).unwrap();
        }
    }
    World::in_directory(dir).await
}

#[tokio::test]
async fn the_codes_of_a_copy_are_frozen_until_a_sysop_thaws_them() {
    let world = world().await;
    world.mode(Mode::InviteOnly).await;
    let opal = world.actor("opal").await;
    let draft = Draft {
        uses: Uses::Times(2),
        ..Draft::default()
    };
    let first = world.bbs.create_invite(&opal, draft.clone()).await.unwrap();
    let second = world.bbs.create_invite(&opal, draft).await.unwrap();
    let place = world.directory().join("copy");
    world.bbs.back_up(&world.console, &place).await.unwrap();
    assert!(world.bbs.held(&opal).await.unwrap().is_none());

    let copy = open(&place).await;
    let states = |world: &World| {
        let (bbs, opal) = (Arc::clone(&world.bbs), opal.clone());
        async move {
            let seen = bbs.list_invites(&opal, Whose::All, None, 9).await.unwrap();
            seen.iter().map(|seen| seen.state).collect::<Vec<_>>()
        }
    };
    assert_eq!(states(&copy).await, [State::Frozen, State::Frozen]);
    assert_eq!(states(&world).await, [State::Live, State::Live]);
    let joins = |handle: &'static str, code: &str| {
        let mut form = copy.form(handle);
        form.code = ringdown_bbs::domain::secret::Secret::new(code.to_owned());
        let visit = copy.visit_of(handle);
        let bbs = Arc::clone(&copy.bbs);
        async move { bbs.register(&visit, form).await }
    };
    let refusal = refused(joins("newbie", first.code.expose()).await);
    assert_eq!(refusal, Refusal::CodeStopped);

    let mut call = copy.call(opal.clone(), Invites::new(Whose::All)).await;
    assert!(call.shows("2 codes are frozen"), "{}", call.text());
    // The newest is chosen; the question offers it first.
    call.press(&["t", keys::ENTER]).await;
    assert!(call.shows("One code works again."), "{}", call.text());
    assert!(call.shows("one code is frozen"), "{}", call.text());
    assert_eq!(states(&copy).await, [State::Live, State::Frozen]);
    joins("newbie", second.code.expose()).await.unwrap();
    assert_eq!(
        refused(copy.bbs.thaw_invite(&opal, second.invite.id).await),
        Refusal::InviteNotFrozen
    );

    assert_eq!(copy.bbs.thaw_invites(&copy.console).await.unwrap(), 1);
    joins("later", first.code.expose()).await.unwrap();
    call.look().await;
    assert!(!call.shows("frozen"), "{}", call.text());
    assert!(!call.shows("t thaw"), "{}", call.text());
    // It froze once: another start is no other beginning.
    let dir = tempfile::tempdir().unwrap();
    copy.bbs.close().await;
    fs::copy(copy.file(), dir.path().join("ringdown.db")).unwrap();
    let again = World::in_directory(dir).await;
    assert_eq!(states(&again).await, [State::Live, State::Live]);
}

#[tokio::test]
async fn a_copy_goes_into_a_new_directory_and_is_on_record() {
    let world = world().await;
    let place = world.directory().join("copy");
    let done = world.bbs.back_up(&world.console, &place).await.unwrap();
    assert!(done.bytes > 0);
    let mode = |path: &str| {
        let found = fs::metadata(place.join(path)).unwrap();
        found.permissions().mode() & 0o777
    };
    assert_eq!((mode("."), mode("keys")), (0o700, 0o700));
    assert_eq!(
        (mode("ringdown.db"), mode("keys/host_ed25519")),
        (0o600, 0o600)
    );
    let last = world
        .bbs
        .last_backup(&world.console)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(last.done, Some(done));

    let again = world.bbs.back_up(&world.console, &place).await;
    assert!(matches!(refused(again), Refusal::CopyInTheWay(_)));
    let nowhere = Path::new("/dev/null/copy");
    let failed = world.bbs.back_up(&world.console, nowhere).await;
    assert!(matches!(
        refused(failed),
        Refusal::CopyInTheWay(_) | Refusal::CopyFailed { .. }
    ));
    let ada = world
        .create("ada", ringdown_bbs::domain::account::Role::Mod)
        .await;
    let elsewhere = world.directory().join("elsewhere");
    assert_eq!(
        refused(world.bbs.back_up(&ada, &elsewhere).await),
        Refusal::NotAllowed
    );
    assert!(!elsewhere.exists());
}

#[test]
fn threat_45_a_copy_under_load_is_whole_and_serves_elsewhere_as_the_same_board() {
    let data = tempfile::tempdir().unwrap();
    let served = Served::start(data.path());
    let invite = || {
        let made = run(ringdown(data.path()).args(["invite", "create", "--count", "50", "--json"]));
        assert!(made.status.success(), "{made:?}");
        serde_json::from_slice::<Value>(&made.stdout).unwrap()
    };
    let before = invite();
    let copies = tempfile::tempdir().unwrap();
    let newest = std::thread::scope(|scope| {
        let writing = scope.spawn(|| (0..4).for_each(|_| drop(invite())));
        let mut last = None;
        for n in 0..4 {
            let place = copies.path().join(format!("copy-{n}"));
            let answer = run(ringdown(data.path())
                .arg("backup")
                .arg(&place)
                .arg("--json"));
            assert!(answer.status.success(), "{answer:?}");
            let told: Value = serde_json::from_slice(&answer.stdout).unwrap();
            assert_eq!(told["path"], place.to_str().unwrap());
            last = Some(place);
        }
        writing.join().unwrap();
        last.unwrap()
    });
    let host_key = |served: &Served| {
        let line = served.banner.iter().find(|line| line.contains("host key"));
        line.unwrap().clone()
    };
    let known = host_key(&served);
    served.stop(Signal::TERM);

    let copy = Served::start(&newest);
    assert_eq!(host_key(&copy), known);
    let count = |state: &str| {
        let answer = run(ringdown(&newest).args(["invite", "list", "--json", "--state", state]));
        let answer: Value = serde_json::from_slice(&answer.stdout).unwrap();
        answer.as_array().unwrap().len()
    };
    let frozen = count("frozen");
    assert!(frozen >= before.as_array().unwrap().len(), "{frozen}");
    assert_eq!(count("live"), 0);
    let thawed = run(ringdown(&newest).args(["invite", "thaw", "--all", "--json"]));
    let thawed: Value = serde_json::from_slice(&thawed.stdout).unwrap();
    assert_eq!(thawed["thawed"], frozen);
    assert_eq!((count("live"), count("frozen")), (frozen, 0));
    copy.stop(Signal::TERM);
}

#[test]
fn a_board_that_nobody_serves_is_copied_too_and_a_full_place_is_named() {
    let data = tempfile::tempdir().unwrap();
    assert!(run(ringdown(data.path()).arg("claim")).status.success());
    fs::write(data.path().join("ringdown.toml"), "log = \"warn\"\n").unwrap();
    let place = data.path().join("copy");
    let copied = run(ringdown(data.path())
        .current_dir(data.path())
        .args(["backup", "copy"]));
    assert!(copied.status.success(), "{copied:?}");
    assert_eq!(
        fs::read(place.join("keys/invite_secret")).unwrap(),
        fs::read(data.path().join("keys/invite_secret")).unwrap()
    );
    assert!(place.join("ringdown.toml").exists());
    let (exit, said) = complaint(ringdown(data.path()).arg("backup").arg(&place));
    assert_eq!(exit, 3);
    assert!(said.contains("There is something in"), "{said}");
}

#[tokio::test]
async fn copies_are_made_on_schedule_and_old_ones_removed() {
    let world = world().await;
    let backups = world.directory().join("backups");
    let names = || {
        let mut names: Vec<_> = fs::read_dir(&backups)
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    world.bbs.back_up_when_due().await.unwrap();
    assert!(names().is_empty(), "nobody asked for copies");
    world.set("backup_every_hours", "2").await;
    world.set("backup_keep", "2").await;
    for hours in 0..5 {
        world.bbs.back_up_when_due().await.unwrap();
        assert_eq!(names().len(), 2.min(hours / 2 + 1), "after {hours} hours");
        world.clock.advance(std::time::Duration::from_hours(1));
    }
    fs::create_dir(backups.join("holiday")).unwrap();
    world.clock.advance(std::time::Duration::from_hours(2));
    world.bbs.back_up_when_due().await.unwrap();
    let kept = names();
    assert_eq!(kept.len(), 3, "{kept:?}");
    assert!(kept.contains(&"holiday".to_owned()));
    assert_eq!(kept.last().unwrap(), "ringdown-20261122T040400Z");
}

#[tokio::test]
async fn a_copy_on_schedule_that_fails_is_kept_in_mind_and_told_to_sysops() {
    let world = world().await;
    let opal = world.actor("opal").await;
    let mut call = world.call(opal.clone(), Invites::new(Whose::All)).await;
    world.set("backup_every_hours", "1").await;
    fs::remove_dir_all(world.directory().join("keys")).unwrap();
    assert!(world.bbs.back_up_when_due().await.is_err());
    call.look().await;
    assert!(call.shows("The backup failed."), "{}", call.text());
    let last = world.bbs.last_backup(&opal).await.unwrap().unwrap();
    assert!(last.error.is_some() && last.done.is_none(), "{last:?}");
    let left = fs::read_dir(world.directory().join("backups")).unwrap();
    assert_eq!(left.count(), 0, "nothing half made stays");
    assert!(world.bbs.examine(&opal).await.unwrap().is_bad());
    // It is not tried every minute.
    world.bbs.back_up_when_due().await.unwrap();
    fs::create_dir(world.directory().join("keys")).unwrap();
    world.clock.advance(std::time::Duration::from_mins(15));
    world.bbs.back_up_when_due().await.unwrap();
    let last = world.bbs.last_backup(&opal).await.unwrap().unwrap();
    assert!(last.error.is_none() && last.done.is_some(), "{last:?}");
}

#[test]
fn threat_45_a_copy_that_is_killed_or_finds_no_room_leaves_nothing_half() {
    let data = tempfile::tempdir().unwrap();
    assert!(run(ringdown(data.path()).arg("claim")).status.success());
    let copies = tempfile::tempdir().unwrap();
    let place = copies.path().join("copy");
    // No file may grow beyond this: the system kills whoever tries, or tells
    // whoever will not be killed.
    for (trap, code) in [("", None), ("trap '' XFSZ;", Some(1))] {
        let script = format!("{trap} ulimit -f 100; exec \"$0\" backup \"$1\"");
        let program = ringdown(data.path());
        let mut shell = std::process::Command::new("/bin/sh");
        shell
            .env_clear()
            .envs(
                program
                    .get_envs()
                    .filter_map(|(key, value)| Some((key, value?))),
            )
            .args(["-c", &script])
            .arg(program.get_program())
            .arg(&place);
        let answer = run(&mut shell);
        assert_eq!(answer.status.code(), code, "{answer:?}");
        assert!(!place.exists(), "{trap}");
    }
    let left: Vec<_> = fs::read_dir(copies.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    let answer = run(ringdown(data.path()).arg("backup").arg(&place));
    assert!(answer.status.success(), "{answer:?}");
}
