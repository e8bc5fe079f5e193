//! `doctor`: what it finds, what it mends, and boards that do not open or must
//! not be written to. Rows 41, 43, 44, 48 and 49 of the threats.

use std::{
    fs,
    io::{Seek as _, SeekFrom, Write as _},
    os::unix::{
        fs::{PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::Path,
    sync::Arc,
    time::Duration,
};

use ringdown_bbs::{
    app::{
        Stop,
        invite::{Draft, Whose},
        queue::Decision,
    },
    domain::{
        account::Status,
        actor::Actor,
        clock::SystemClock,
        finding::{Finding, Fix},
        health::{Check as Health, State},
        secret::Secret,
    },
    mailer::Mailer,
    store::{Create, Fault, Read as _, Store},
};
use rustix::process::{Signal, geteuid};
use serde_json::Value;

use crate::{
    cli::{NOBODY, Served, complaint, ringdown, run},
    world::World,
};

/// Runs a statement that no use case would run.
async fn meddle(file: &Path, sql: &'static str) {
    let store = Store::open(
        file,
        Create::Never,
        Arc::new(SystemClock::start()),
        Box::new(drop),
    )
    .unwrap();
    store
        .write(move |tx| Ok(tx.db().execute_batch(sql)?))
        .await
        .unwrap();
    store.close().await;
}

/// Writes nonsense over the first page of an index.
async fn damage(file: &Path) {
    let store = Store::open(
        file,
        Create::Never,
        Arc::new(SystemClock::start()),
        Box::new(drop),
    )
    .unwrap();
    let page: u32 = store
        .read(|view| {
            let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'account_by_skeleton'";
            Ok(view.db().query_row(root, [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    store.close().await;
    let mut file = fs::OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(u64::from(page - 1) * 4096))
        .unwrap();
    file.write_all(&[0xA5; 4096]).unwrap();
}

/// What `doctor` says of a board in JSON, and its exit.
fn report(data: &Path) -> (i32, Value) {
    let answer = run(ringdown(data).args(["doctor", "--json"]));
    let report = serde_json::from_slice(&answer.stdout).unwrap();
    (answer.status.code().unwrap(), report)
}

/// The levels of a check in a report.
fn levels<'a>(report: &'a Value, check: &str) -> Vec<&'a Value> {
    let checks = report["checks"].as_array().unwrap().iter();
    checks
        .filter(|one| one["check"] == check)
        .map(|one| &one["level"])
        .collect()
}

/// A board that was stopped.
fn stopped() -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    assert!(run(ringdown(data.path()).arg("claim")).status.success());
    data
}

#[tokio::test]
async fn what_disagrees_is_found_and_counted_anew_on_record() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    world
        .bbs
        .create_invite(&opal, Draft::default())
        .await
        .unwrap();
    meddle(
        &world.file(),
        "UPDATE invite SET uses = 1;
         UPDATE account_count SET n = 7 WHERE status = 'active';
         DELETE FROM public_key;",
    )
    .await;
    let report = world.bbs.examine(&opal).await.unwrap();
    assert!(report.is_bad());
    for finding in [
        Finding::InviteCounter {
            invite: "inv-1".into(),
            counted: 1,
            real: 0,
        },
        Finding::AccountCount {
            status: "active".into(),
            counted: 7,
            real: 1,
        },
        Finding::NoWayIn(vec!["opal".into()]),
        Finding::NoBackup,
    ] {
        assert!(
            report.findings.contains(&finding),
            "{finding:?}: {report:?}"
        );
    }
    let rehearsal = world.bbs.rehearsal();
    assert_eq!(rehearsal.fix(&opal, Fix::InviteCounters).await.unwrap(), 1);
    for fix in [Fix::InviteCounters, Fix::AccountCounts] {
        assert_eq!(world.bbs.fix(&opal, fix).await.unwrap(), 1, "{fix}");
        assert_eq!(world.bbs.fix(&opal, fix).await.unwrap(), 0, "{fix}");
    }
    let report = world.bbs.examine(&opal).await.unwrap();
    assert!(!report.is_bad(), "{report:?}");
    let filter = ringdown_bbs::app::audit::about("board");
    let records = world.bbs.list_audit(&opal, &filter, None, 9).await.unwrap();
    assert_eq!(records.len(), 4, "{records:?}");
}

const DAY: Duration = Duration::from_hours(24);

/// Whether an examination finds that.
async fn finds(world: &World, finding: &Finding) -> bool {
    let report = world.bbs.examine(&world.console).await.unwrap();
    report.findings.contains(finding)
}

/// How the last examination looks in SYSTEM and to monitors.
async fn health(world: &World) -> State {
    let checks = world.bbs.checks().await;
    let mut checks = checks.iter();
    let check = checks.find(|check| matches!(check, Health::Doctor { .. }));
    check.unwrap().state()
}

/// A board with mail on which addresses must be proven.
async fn proving() -> World {
    let (mailer, _) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    world.set("require_email_verification", "on").await;
    world
}

/// Somebody who came with an invite of opal's and has to prove their address.
async fn comes_invited(world: &World, opal: &Actor, handle: &str) {
    let made = world.bbs.create_invite(opal, Draft::default()).await;
    let mut form = world.form(handle);
    form.code = Secret::new(made.unwrap().code.expose().to_owned());
    form.email = format!("{handle}@example.org");
    let login = world.bbs.register(&world.visit_of(handle), form).await;
    assert_eq!(login.unwrap().account.status, Status::Unverified);
}

/// How often each invite was used, oldest first.
async fn uses(world: &World) -> Vec<u32> {
    let invites = world.bbs.list_invites(&world.console, Whose::All, None, 9);
    let invites = invites.await.unwrap();
    invites.iter().rev().map(|one| one.invite.uses).collect()
}

#[tokio::test]
async fn uses_that_are_held_for_nobody_are_found_and_settled() {
    let world = proving().await;
    let opal = world.actor("opal").await;
    for handle in ["gone", "came", "waits"] {
        comes_invited(&world, &opal, handle).await;
    }
    assert!(!finds(&world, &Finding::StrayHolds(2)).await);
    meddle(
        &world.file(),
        "DELETE FROM account WHERE handle = 'gone';
         UPDATE account SET status = 'active', onward = NULL WHERE handle = 'came';",
    )
    .await;
    assert!(finds(&world, &Finding::StrayHolds(2)).await);
    assert_eq!(health(&world).await, State::Yellow);
    assert_eq!(uses(&world).await, [1, 1, 1]);
    assert_eq!(world.bbs.fix(&opal, Fix::Holds).await.unwrap(), 2);
    // Back where nobody came of it; used where somebody did; held for whoever
    // may still prove their address.
    assert_eq!(uses(&world).await, [0, 1, 1]);
    assert_eq!(world.bbs.fix(&opal, Fix::Holds).await.unwrap(), 0);
    assert!(!finds(&world, &Finding::StrayHolds(2)).await);
    assert_eq!(health(&world).await, State::Green);
    world.clock.advance(DAY * 8);
    assert_eq!(world.bbs.remove_unproven().await.unwrap(), 1);
    assert_eq!(uses(&world).await, [0, 1, 0]);
}

#[tokio::test]
async fn t6_registrations_that_outlived_the_job_are_found_and_removed() {
    let world = proving().await;
    let opal = world.actor("opal").await;
    comes_invited(&world, &opal, "newbie").await;
    let finding = Finding::Unproven(vec!["newbie".into()]);
    // The job has a day for it.
    world.clock.advance(DAY * 7 + Duration::from_hours(23));
    assert!(!finds(&world, &finding).await);
    world.clock.advance(Duration::from_hours(1));
    assert!(finds(&world, &finding).await);
    assert_eq!(world.bbs.fix(&opal, Fix::Unproven).await.unwrap(), 1);
    assert!(!finds(&world, &finding).await);
    assert_eq!(uses(&world).await, [0]);
    let found = world.bbs.find_user(&opal, "newbie").await;
    assert!(found.is_err(), "{found:?}");
}

#[tokio::test]
async fn prepared_accounts_that_nobody_takes_up_are_told() {
    let world = World::new().await;
    world.asks("marta").await;
    meddle(
        &world.file(),
        "UPDATE account SET status = 'unverified', onward = 'active', origin = 'import'
         WHERE handle = 'marta'",
    )
    .await;
    let finding = Finding::Untaken(vec!["marta".into()]);
    world.clock.advance(DAY * 29);
    assert!(!finds(&world, &finding).await);
    world.clock.advance(DAY);
    assert!(finds(&world, &finding).await);
    world.set("prepared_days", "31").await;
    assert!(!finds(&world, &finding).await);
    world.clock.advance(DAY);
    assert!(finds(&world, &finding).await);
    // What the advice names.
    let id = world.bbs.find_user(&world.console, "marta").await.unwrap();
    let deleted = world.bbs.delete_user(&world.console, id, "marta").await;
    deleted.unwrap();
    assert!(!finds(&world, &finding).await);
}

#[tokio::test]
async fn requests_that_wait_too_long_are_told() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let newbie = world.asks("newbie").await.account.id;
    world.clock.advance(Duration::from_hours(72 - 1));
    let finding = |waiting, hours| Finding::RequestsWait { waiting, hours };
    assert!(!finds(&world, &finding(1, 71)).await);
    world.asks("marta").await;
    world.clock.advance(Duration::from_hours(1));
    assert!(finds(&world, &finding(2, 72)).await);
    let approved = world.bbs.decide_about(&opal, newbie, Decision::Approve);
    approved.await.unwrap();
    assert!(!finds(&world, &finding(1, 1)).await);
}

#[tokio::test]
async fn letters_that_should_have_left_are_told() {
    let world = proving().await;
    let opal = world.actor("opal").await;
    comes_invited(&world, &opal, "newbie").await;
    world.clock.advance(Duration::from_hours(1));
    let finding = Finding::LettersWait {
        waiting: 1,
        minutes: 60,
    };
    assert!(finds(&world, &finding).await);
    world.bbs.send_due().await.unwrap();
    assert!(!finds(&world, &finding).await);
}

#[tokio::test]
async fn mail_that_is_gone_while_addresses_must_be_proven_is_alarming() {
    let world = proving().await;
    assert!(!finds(&world, &Finding::NobodyCanProve).await);
    world.bbs.close().await;
    let world = World::in_directory(world.into_directory()).await;
    let report = world.bbs.examine(&world.console).await.unwrap();
    assert!(report.findings.contains(&Finding::NobodyCanProve));
    assert!(report.is_bad());
    // What the advice names.
    world.set("require_email_verification", "off").await;
    assert!(!finds(&world, &Finding::NobodyCanProve).await);
}

#[tokio::test]
async fn findings_have_their_words_and_fixes_on_the_command_line() {
    let data = stopped();
    meddle(
        &data.path().join("ringdown.db"),
        "INSERT INTO invite (hint, uses, created_at) VALUES ('zz', 1, 0);
         INSERT INTO redemption (invite_id, at, state) VALUES (1, 0, 'held');",
    )
    .await;
    let (exit, before) = report(data.path());
    assert_eq!(
        (exit, levels(&before, "holds")),
        (1, vec![&Value::from("bad")])
    );
    let checks = before["checks"].as_array().unwrap();
    let holds = checks.iter().find(|one| one["check"] == "holds").unwrap();
    assert_eq!(holds["fix"], "holds");
    let advice = holds["advice"].as_str().unwrap();
    assert!(advice.contains("`ringdown doctor --fix holds`"), "{advice}");
    let fixed = run(ringdown(data.path()).args(["doctor", "--fix", "holds", "--json"]));
    let fixed: Value = serde_json::from_slice(&fixed.stdout).unwrap();
    assert_eq!(fixed, serde_json::json!({"fix": "holds", "mended": 1}));
    let (exit, after) = report(data.path());
    assert_eq!((exit, levels(&after, "holds")), (0, vec![&Value::Null]));
}

#[test]
fn threat_41_a_board_that_cannot_be_written_to_is_named_in_one_line() {
    let data = stopped();
    let file = data.path().join("ringdown.db");
    // Root may write whatever the modes say: then somebody else starts it.
    let nobody = geteuid().is_root().then_some(NOBODY);
    let mut paths = vec![data.path().to_owned(), data.path().join("keys")];
    paths.extend(
        fs::read_dir(data.path())
            .unwrap()
            .map(|one| one.unwrap().path()),
    );
    paths.extend(
        fs::read_dir(data.path().join("keys"))
            .unwrap()
            .map(|one| one.unwrap().path()),
    );
    for path in &paths {
        chown(path, nobody, nobody).unwrap();
    }
    let starts = || {
        let mut command = ringdown(data.path());
        if let Some(nobody) = nobody {
            command.uid(nobody).gid(nobody);
        }
        complaint(&mut command)
    };
    fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
    let (exit, said) = starts();
    assert_eq!((exit, said.lines().count()), (1, 1), "{said}");
    assert!(said.contains("ringdown.db"), "{said}");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(data.path(), fs::Permissions::from_mode(0o500)).unwrap();
    let (exit, said) = starts();
    fs::set_permissions(data.path(), fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!((exit, said.lines().count()), (1, 1), "{said}");
    assert!(said.contains(data.path().to_str().unwrap()), "{said}");
}

#[tokio::test]
async fn threat_43_a_damaged_board_is_read_and_no_longer_written() {
    let world = World::new().await;
    let dir = tempfile::tempdir().unwrap();
    world.bbs.close().await;
    fs::copy(world.file(), dir.path().join("ringdown.db")).unwrap();
    damage(&dir.path().join("ringdown.db")).await;
    let world = World::in_directory(dir).await;
    let opal = world.actor("opal").await;
    let report = world.bbs.examine(&opal).await.unwrap();
    let is_damage = |one: &Finding| matches!(one, Finding::Damaged(_));
    assert!(report.findings.iter().any(is_damage), "{report:?}");
    let refused = world.bbs.create_invite(&opal, Draft::default()).await;
    let Err(Stop::Broken(broken)) = refused else {
        panic!("written: {refused:?}");
    };
    assert!(matches!(broken.fault, Fault::ReadOnly), "{broken:?}");
    let list = world.bbs.list_invites(&opal, Whose::All, None, 9).await;
    assert!(list.unwrap().is_empty());
}

#[test]
fn threat_43_a_log_that_was_cut_and_an_unclean_stop_are_survived_and_told() {
    let data = tempfile::tempdir().unwrap();
    let mut served = Served::start(data.path());
    served.child.kill().unwrap();
    served.child.wait().unwrap();
    let wal = data.path().join("ringdown.db-wal");
    let length = fs::metadata(&wal).unwrap().len();
    let log = fs::OpenOptions::new().write(true).open(&wal).unwrap();
    log.set_len(length - 100).unwrap();
    let (exit, report) = report(data.path());
    assert_eq!(exit, 0, "{report}");
    assert_eq!(levels(&report, "database"), ["warning"]);
    assert_eq!(levels(&report, "board"), [&Value::Null]);
    assert_eq!(Served::start(data.path()).stop(Signal::TERM), Some(0));
}

#[tokio::test]
async fn threat_44_a_board_of_another_version_is_refused_and_left_alone() {
    let data = stopped();
    let file = data.path().join("ringdown.db");
    meddle(&file, "UPDATE board SET schema_hash = 'ffffffffffffffff'").await;
    let before = fs::read(&file).unwrap();
    let (exit, said) = complaint(&mut ringdown(data.path()));
    assert_eq!(exit, 1);
    assert!(said.contains("was made by another version"), "{said}");
    let (exit, report) = report(data.path());
    assert_eq!(exit, 1);
    assert_eq!(levels(&report, "board"), ["bad"], "{report}");
    // What nobody could look at is not called well.
    let checks = report["checks"].as_array().unwrap();
    let unseen = checks.iter().filter(|one| {
        let message = one["message"].as_str().unwrap_or_default();
        one["level"].is_null() && message.starts_with("not looked at")
    });
    assert_eq!(unseen.count(), checks.len() - 4, "{report}");
    assert!(fs::read(&file).unwrap() == before, "it was changed");
}

#[test]
fn threat_43_a_file_too_damaged_to_open_points_to_the_backup() {
    let data = stopped();
    let file = data.path().join("ringdown.db");
    let mut bytes = fs::read(&file).unwrap();
    // All but the first page, by which it is known for a board.
    bytes[4096..].fill(0xA5);
    fs::write(&file, bytes).unwrap();
    let (exit, said) = complaint(&mut ringdown(data.path()));
    assert_eq!(exit, 1);
    assert!(said.contains("is damaged"), "{said}");
    assert!(said.contains("newest backup"), "{said}");
}

#[test]
fn threat_48_an_open_key_is_found_and_closed() {
    let data = stopped();
    let key = data.path().join("keys/host_ed25519");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let (exit, before) = report(data.path());
    assert_eq!(exit, 1);
    assert_eq!(levels(&before, "permissions"), ["bad"]);
    assert_eq!(levels(&before, "board"), ["bad"]);
    let fixed = run(ringdown(data.path()).args(["doctor", "--fix", "permissions"]));
    assert!(fixed.status.success(), "{fixed:?}");
    let mode = fs::metadata(&key).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (exit, after) = report(data.path());
    assert_eq!(exit, 0, "{after}");
    assert_eq!(levels(&after, "permissions"), [&Value::Null]);
    fs::remove_file(&key).unwrap();
    let (exit, gone) = report(data.path());
    assert_eq!(
        (exit, levels(&gone, "board")),
        (1, vec![&Value::from("bad")])
    );
}

#[test]
fn threat_49_every_value_says_where_it_came_from() {
    let data = stopped();
    let toml = data.path().join("ringdown.toml");
    fs::write(&toml, "\nlog_format = \"json\"\n").unwrap();
    fs::set_permissions(&toml, fs::Permissions::from_mode(0o664)).unwrap();
    let served = Served::start(data.path());
    let (exit, report) = report(data.path());
    served.stop(Signal::TERM);
    let from = |key: &str| {
        let facts = report["configuration"].as_array().unwrap().iter();
        let mut facts = facts.filter(|fact| fact["key"] == key);
        facts.next().unwrap()["from"].clone()
    };
    assert_eq!(from("listen"), "RINGDOWN_LISTEN");
    assert_eq!(from("data"), "RINGDOWN_DATA");
    assert_eq!(from("log"), "default");
    assert_eq!(from("log_format"), format!("{}:2", toml.display()));
    assert_eq!(
        (exit, levels(&report, "permissions")),
        (1, vec![&Value::from("bad")])
    );

    fs::write(&toml, "secret = \"x\"\n").unwrap();
    let (exit, said) = complaint(ringdown(data.path()).arg("doctor"));
    assert_eq!(exit, 2);
    assert!(said.contains("ringdown.toml:1: unknown field"), "{said}");
}
