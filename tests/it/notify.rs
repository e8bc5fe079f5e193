//! The sysop's own program: what it is told and when, and that it holds up
//! nobody. How one is started is tested where that is done.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use insta::assert_snapshot;
use ringdown_bbs::{
    app::{Reach, machine::Machine, queue::Decision, ring::Rung},
    command::{self, Exit},
    domain::{
        account::Role,
        actor::Actor,
        finding::Finding,
        health::{Check, State as Health},
        letter::{Kind, State},
        refusal::Refusal,
    },
    mailer::Mailer,
    notifier::{LIMIT, Notifier},
    store::{
        Space,
        outbox::{Letter, Recipient},
    },
    tui::screens::mail::MailTab,
};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::world::{SMALL, World, keys, refused};

/// What a program does that is told: a line a time, in a file beside it.
const KEEPS: &str = "cd \"${0%/*}\" && cat >> told";

/// A board whose sysop has a program.
struct Told {
    world: World,
}

impl Told {
    async fn by(script: &str) -> Self {
        Self::and_by_mail(script, None).await
    }

    async fn and_by_mail(script: &str, mailer: Option<Mailer>) -> Self {
        Self::on(World::new().await, script, mailer).await
    }

    async fn on(world: World, script: &str, mailer: Option<Mailer>) -> Self {
        let told = Self { world };
        told.program(script);
        let script = told.file("tell").display().to_string();
        let path = vec![("PATH", "/usr/bin:/bin".to_owned())];
        let command = ["/bin/sh".to_owned(), script];
        let notifier = Notifier::new(&command, path, LIMIT);
        told.reach(mailer, notifier).await;
        told
    }

    async fn reach(&self, mailer: Option<Mailer>, notifier: Option<Notifier>) {
        let reach = Reach {
            address: self.world.bbs.address(),
            sysop_keys: Vec::new(),
            mailer,
            notifier,
            facts: Vec::new(),
        };
        self.world.bbs.reach_by(reach).await.unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.world.directory().join(name)
    }

    /// Writes another program in its place.
    fn program(&self, script: &str) {
        fs::write(self.file("tell"), script).unwrap();
    }

    /// What it was told since the last time.
    fn heard(&self) -> Vec<Value> {
        let heard = fs::read_to_string(self.file("told")).unwrap_or_default();
        fs::remove_file(self.file("told")).ok();
        let lines = heard.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Lets some time pass and tells what is due; says in how many minutes the
    /// next is.
    async fn after(&self, minutes: u64) -> Option<i64> {
        self.world.clock.advance(Duration::from_mins(minutes));
        let next = self.world.bbs.tell_due().await.unwrap()?;
        Some((next - self.world.bbs.clock().now()).num_minutes())
    }

    /// Everything for the program, oldest first.
    async fn rows(&self) -> Vec<Letter> {
        let (bbs, console) = (&self.world.bbs, &self.world.console);
        let page = bbs.list_letters(console, None, None, 100).await.unwrap();
        let mut rows = page.letters;
        rows.retain(|row| row.to == Recipient::Program);
        rows.reverse();
        rows
    }

    async fn states(&self) -> Vec<(Kind, State)> {
        let rows = self.rows().await.into_iter();
        rows.map(|row| (row.kind, row.state)).collect()
    }

    async fn health(&self) -> Option<Check> {
        let checks = self.world.bbs.checks().await.into_iter();
        let mut found = checks.filter(|check| check.name() == "notify");
        found.next()
    }

    async fn findings(&self) -> Vec<Finding> {
        let report = self.world.bbs.examine(&self.world.console).await.unwrap();
        let found = report.findings.into_iter();
        found
            .filter(|finding| finding.check().name() == "notify")
            .collect()
    }

    async fn command(&self, line: &str) -> command::Output {
        let order = command::parse_line(line).unwrap();
        command::run(&self.world.bbs, &self.world.console, order, None).await
    }
}

#[tokio::test]
async fn several_requests_are_told_once_and_by_handle_alone() {
    let told = Told::by(KEEPS).await;
    told.world.asks_from("newbie", "newbie@example.org").await;
    assert_eq!(told.after(5).await, Some(5));
    told.world.asks_from("marta_k", "").await;
    assert_eq!(told.heard(), [] as [Value; 0]);
    assert_eq!(told.after(5).await, None);
    let expected = serde_json::json!({
        "event": "request_waits",
        "board": "Ringdown",
        "at": "2026-11-21T21:04:00Z",
        "text": "newbie and marta_k wait to be let in.",
        "handles": ["newbie", "marta_k"],
        "ssh": "ssh -p 2222 bbs.example.org",
    });
    assert_eq!(told.heard(), [expected]);
    // A third one is told anew.
    told.world.asks_from("third", "").await;
    let states = [
        (Kind::RequestWaits, State::Sent),
        (Kind::RequestWaits, State::Queued),
    ];
    assert_eq!(told.states().await, states);
}

#[tokio::test]
async fn nobody_is_told_of_somebody_who_waits_no_more() {
    let told = Told::by(KEEPS).await;
    told.world.asks_from("newbie", "").await;
    let (bbs, console) = (&told.world.bbs, &told.world.console);
    let id = bbs.find_user(console, "newbie").await.unwrap();
    let approved = bbs.decide_about(console, id, Decision::Approve).await;
    approved.unwrap();
    told.after(11).await;
    assert!(told.heard().is_empty());
    assert_eq!(
        told.states().await,
        [(Kind::RequestWaits, State::Cancelled)]
    );
}

#[tokio::test]
async fn answers_rings_and_alerts_are_told_at_once() {
    let told = Told::by(KEEPS).await;
    let world = &told.world;
    let newbie = world.asks_from("newbie", "").await.actor;
    let id = newbie.account().unwrap();
    let asked = world.bbs.ask_applicant(&world.console, id, "Chess or go?");
    asked.await.unwrap();
    world.bbs.answer_staff(&newbie, "Go home.").await.unwrap();
    let ada = world.create("ada", Role::User).await;
    assert_eq!(world.bbs.ring_sysop(&ada).await.unwrap(), Rung::Noted);
    told.after(0).await;
    let heard = told.heard();
    let texts: Vec<_> = heard
        .iter()
        .map(|one| one["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts,
        [
            "newbie answered what was asked about their request.",
            "ada rang for a sysop, and nobody was at the desk.",
        ]
    );
    assert_eq!(heard[0]["event"], "request_answered");
    assert_eq!(heard[1]["handles"], serde_json::json!(["ada"]));
}

#[tokio::test]
async fn a_finding_alarms_once_a_day_but_not_about_the_program_itself() {
    let told = Told::by(KEEPS).await;
    let missing = Notifier::new(&["/no/such/tell".to_owned()], Vec::new(), LIMIT);
    told.reach(None, missing).await;
    let why = "/no/such/tell is not there".to_owned();
    assert_eq!(told.findings().await, [Finding::ProgramUnusable(why)]);
    told.world.bbs.examine_itself().await.unwrap();
    let rows = told.rows().await;
    assert!(
        rows.iter().all(|row| !row.detail.contains("notify")),
        "{rows:?}"
    );

    // The directory of a test is nobody's secret.
    let told = Told::by(KEEPS).await;
    let others_too = fs::Permissions::from_mode(0o644);
    fs::set_permissions(told.world.file(), others_too).unwrap();
    for _ in 0..2 {
        told.world.bbs.examine_itself().await.unwrap();
        told.after(60).await;
    }
    let heard = told.heard();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(heard[0]["event"], "alert");
    assert_eq!(heard[0]["handles"], serde_json::json!([]));
    let text = "The board looked itself over and something has to be mended: permissions.";
    assert_eq!(heard[0]["text"], text);
    told.after(24 * 60).await;
    told.world.bbs.examine_itself().await.unwrap();
    told.after(0).await;
    assert_eq!(told.heard().len(), 1);
}

/// A machine whose disk is nearly full.
struct Crowded;

impl Machine for Crowded {
    fn space(&self, _file: &Path) -> io::Result<Space> {
        Ok(Space {
            board_bytes: 4_300_000,
            free_bytes: 310_000_000,
            used_percent: 97,
        })
    }

    fn resident_mebibytes(&self) -> Option<u32> {
        None
    }
}

#[tokio::test]
async fn threat_40_a_sysop_hears_of_a_disk_before_it_is_full() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::on_machine(dir, None, Arc::new(Crowded)).await;
    let told = Told::on(world, KEEPS, None).await;
    let doctor = told.command("doctor").await;
    assert_eq!(doctor.exit, Exit::Fault);
    let said = "bad: The disk of the board is 97 % full; 310.0 MB are left.";
    assert!(doctor.stdout.contains(said), "{}", doctor.stdout);
    told.world.bbs.examine_itself().await.unwrap();
    told.after(0).await;
    let text = "The board looked itself over and something has to be mended: disk.";
    assert_eq!(told.heard()[0]["text"], text);
}

#[tokio::test]
async fn a_program_that_fails_is_tried_for_a_day_and_counts_apart() {
    let (mailer, _) = Mailer::memory("ringdown@localhost").unwrap();
    let told = Told::and_by_mail("echo busy >&2; exit 75", Some(mailer)).await;
    let (bbs, console) = (&told.world.bbs, &told.world.console);
    let first = bbs.test_program(console).await.unwrap();
    for wait in [1, 5, 15, 60, 240, 720] {
        assert_eq!(told.after(0).await, Some(wait));
        told.world
            .clock
            .advance(Duration::from_mins(wait.unsigned_abs()));
    }
    let status = bbs.mail_status(console).await.unwrap();
    assert_eq!((status.failures, status.is_broken), (0, false));
    let program = status.program.unwrap();
    assert_eq!((program.failures, program.is_broken), (6, false));
    let error = "it ended with exit status: 75: busy";
    assert_eq!(program.last_error.as_deref(), Some(error));
    assert_eq!(told.health().await.unwrap().state(), Health::Yellow);
    let finding = Finding::ProgramFails(error.to_owned());
    assert_eq!(told.findings().await, [finding]);

    assert_eq!(told.after(0).await, Some(399));
    assert_eq!(told.after(399).await, None);
    let row = bbs.letter(console, first.id).await.unwrap();
    assert_eq!((row.state, row.attempts), (State::Failed, 8));
    for _ in 0..2 {
        bbs.test_program(console).await.unwrap();
    }
    told.after(0).await;
    assert_eq!(told.health().await.unwrap().state(), Health::Red);
    assert!(
        bbs.mail_status(console)
            .await
            .unwrap()
            .program
            .unwrap()
            .is_broken
    );

    // One that is told, and all is well.
    told.program(KEEPS);
    bbs.retry_letter(console, first.id).await.unwrap();
    told.after(0).await;
    assert_eq!(told.health().await.unwrap().state(), Health::Green);
    assert!(told.findings().await.is_empty());
    told.after(1).await;
    assert_eq!(told.heard().len(), 3);
}

#[tokio::test]
async fn mail_that_is_off_silences_no_program_and_a_copy_does() {
    let told = Told::by(KEEPS).await;
    told.world.set("delivery_mode", "no_email").await;
    told.world.asks("newbie").await;
    told.after(10).await;
    assert_eq!(told.heard().len(), 1);

    fs::create_dir(told.file("keys")).unwrap();
    fs::write(told.file("keys/host_ed25519"), "a key").unwrap();
    let (bbs, console) = (&told.world.bbs, &told.world.console);
    bbs.back_up(console, &told.file("copy")).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    fs::copy(
        told.file("copy/ringdown.db"),
        dir.path().join("ringdown.db"),
    )
    .unwrap();
    let copy = Told::on(World::in_directory(dir).await, KEEPS, None).await;
    let ada = copy.world.create("ada", Role::User).await;
    copy.world.bbs.ring_sysop(&ada).await.unwrap();
    assert_eq!(copy.after(0).await, None);
    assert_eq!(copy.heard(), [] as [Value; 0]);
    let held = (Kind::Rang, State::Held);
    assert_eq!(copy.states().await.last(), Some(&held));
    // A test leaves all the same.
    assert_eq!(copy.command("mail test --notify").await.exit, Exit::Done);
    assert_eq!(copy.command("mail release").await.exit, Exit::Done);
    copy.after(0).await;
    let events: Vec<_> = copy
        .heard()
        .iter()
        .map(|one| one["event"].clone())
        .collect();
    assert_eq!(events, ["test", "rang"]);
}

#[tokio::test]
async fn what_waits_for_a_program_can_be_taken_back_and_tried_again() {
    let told = Told::by(KEEPS).await;
    let (bbs, console) = (&told.world.bbs, &told.world.console);
    told.world.asks("newbie").await;
    let [row] = told.rows().await.try_into().unwrap();
    let line = format!("mail cancel {}", row.id);
    assert_eq!(told.command(&line).await.exit, Exit::Done);
    told.after(10).await;
    assert!(told.heard().is_empty());
    let line = format!("mail retry {} --wait", row.id);
    let output = told.command(&line).await;
    assert_eq!(output.exit, Exit::Done, "{}", output.stderr);
    assert_eq!(told.heard().len(), 1);
    let list = told.command("mail list").await.stdout;
    let words: Vec<_> = list.lines().nth(1).unwrap().split_whitespace().collect();
    assert_eq!(words[1..4], ["sent", "request_waits", "notify_command"]);

    // Without a program nothing is written down, and what waits comes to an end.
    bbs.test_program(console).await.unwrap();
    told.reach(None, None).await;
    told.world.asks("marta_k").await;
    told.after(10).await;
    let states = [
        (Kind::RequestWaits, State::Sent),
        (Kind::Test, State::Cancelled),
    ];
    assert_eq!(told.states().await, states);
    assert_eq!(told.health().await, None);
    assert_eq!(
        refused(bbs.retry_letter(console, row.id).await),
        Refusal::NoProgram
    );
    assert_eq!(refused(bbs.test_program(console).await), Refusal::NoProgram);
}

#[tokio::test]
async fn a_test_says_what_came_of_it() {
    let told = Told::by(KEEPS).await;
    let output = told.command("mail test --notify").await;
    assert_eq!(output.exit, Exit::Done, "{}", output.stderr);
    assert_eq!(output.stdout, "1: test to notify_command, sent\n");
    assert_eq!(told.heard()[0]["event"], "test");
    told.program("echo \"no network\" >&2; exit 1");
    let output = told.command("mail test --notify").await;
    assert_eq!(output.exit, Exit::Mail);
    assert!(
        output
            .stderr
            .contains("not told: it ended with exit status: 1: no network"),
        "{}",
        output.stderr
    );
    let status = told.command("mail status --json").await.stdout;
    let status: Value = serde_json::from_str(&status).unwrap();
    let notify = serde_json::json!({
        "program": "/bin/sh",
        "broken": false,
        "failures": 1,
        "last_error": "it ended with exit status: 1: no network",
    });
    assert_eq!(status["notify"], notify);
    let ada = told.world.create("ada", Role::Mod).await;
    assert_eq!(
        refused(told.world.bbs.test_program(&ada).await),
        Refusal::NotAllowed
    );
    assert!(command::parse_line("mail test opal --notify").is_err());
}

#[tokio::test]
async fn threat_47_a_program_that_hangs_holds_up_no_letter_and_no_caller() {
    let (mailer, inbox) = Mailer::memory("ringdown@localhost").unwrap();
    let hangs = "cd \"${0%/*}\"; mkfifo hole; echo $$ > pid; read line < hole";
    let told = Told::and_by_mail(hangs, Some(mailer)).await;
    let world = &told.world;
    world.address("opal", "opal@example.org").await;
    world.bbs.test_program(&world.console).await.unwrap();
    let stop = CancellationToken::new();
    let post = tokio::spawn(Arc::clone(&world.bbs).run_post(stop.clone()));
    let pid = told.file("pid");
    until(|| fs::read_to_string(&pid).is_ok_and(|pid| pid.ends_with('\n'))).await;

    let opal = world.actor("opal").await;
    world.bbs.test_mail(&opal, None).await.unwrap();
    until(|| !inbox.lock().unwrap().is_empty()).await;
    let mut call = world.call(opal, MailTab::new()).await;
    call.press(&[keys::DOWN, "n"]).await;
    assert!(call.shows("For your program: queued."), "{}", call.text());
    // The second waits for the first.
    assert_eq!(
        told.rows()
            .await
            .iter()
            .map(|row| row.attempts)
            .sum::<u32>(),
        1
    );

    stop.cancel();
    post.await.unwrap();
    let pid = fs::read_to_string(&pid).unwrap();
    let stat = format!("/proc/{}/stat", pid.trim());
    until(|| !fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z "))).await;
}

async fn until(is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LIMIT, wait).await.unwrap();
}

#[tokio::test]
async fn the_tab_shows_what_a_program_was_told() {
    let told = Told::by("exit 1").await;
    let world = &told.world;
    let opal: Actor = world.actor("opal").await;
    world.bbs.test_program(&world.console).await.unwrap();
    world.asks("newbie").await;
    told.after(0).await;
    let mut large = world.call(opal.clone(), MailTab::new()).await;
    let mut small = world.call_at(SMALL, opal.clone(), MailTab::new()).await;
    assert_snapshot!(
        "mail_program",
        format!("{}\n\n{}", large.text(), small.text())
    );
    for call in [&mut large, &mut small] {
        call.press(&[keys::DOWN, keys::ENTER]).await;
    }
    assert_snapshot!(
        "mail_program_page",
        format!("{}\n\n{}", large.text(), small.text())
    );
}
