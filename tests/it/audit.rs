//! Who did what: every act once, in words, and nothing in it that is not for
//! the record.

use std::time::Duration;

use insta::assert_snapshot;
use ringdown_bbs::{
    app::{
        account::OtherCalls,
        audit::about,
        claim::Proof,
        door::Arrival,
        hub::Which,
        invite::Draft,
        queue::{Decision, Reason, Tell},
    },
    command::{self, Ears, Exit, Output},
    domain::{
        account::Role,
        actor::Actor,
        clock::Clock as _,
        code::Code,
        door::DoorName,
        id::{AccountId, AuditId},
        refusal::Refusal,
        registration::Mode,
        secret::Secret,
    },
    settings::Key,
    store::audit::{Filter, Record},
    tui::screens::audit::Audit,
    words,
};
use tokio::sync::mpsc;

use crate::world::{PASSWORD, SMALL, World, inside, key, keys, refused};

/// A word that only messages, addresses and reasons hold.
const PRIVATE: &str = "hush";

/// A board and how far its records have been read.
struct Book {
    world: World,
    read: AuditId,
}

impl Book {
    async fn open(world: World) -> Self {
        let read = world.bbs.latest_audit(&world.console).await.unwrap();
        Self { world, read }
    }

    /// What was written down since the last look: who, what, to what, and what
    /// became of it.
    async fn news(&mut self) -> Vec<String> {
        let all = Filter::default();
        let console = &self.world.console;
        let bbs = &self.world.bbs;
        let fresh = bbs.audit_after(console, &all, self.read, 100).await;
        let fresh = fresh.unwrap();
        self.read = fresh.read_to;
        fresh.records.iter().map(told).collect()
    }
}

fn told(record: &Record) -> String {
    let whole = format!("{record:?}");
    for private in [PRIVATE, "203.0", "example", "SHA256", "lanterns"] {
        assert!(!whole.contains(private), "{whole}");
    }
    assert_ne!(
        words::audit::action(&record.action),
        record.action.replace(['.', '_'], " "),
        "{} has no words",
        record.action
    );
    let change = words::audit::change(record.before.as_deref(), record.after.as_deref());
    let reason = record.reason.as_deref().unwrap_or_default();
    let line = format!(
        "{} {} {} {change} {reason}",
        record.actor, record.action, record.object
    );
    line.trim_end().replace("  ", " ")
}

async fn id_of(world: &World, handle: &str) -> AccountId {
    world.bbs.find_user(&world.console, handle).await.unwrap()
}

#[tokio::test]
async fn what_happens_at_the_front_door_is_on_record_once() {
    let mut book = Book::open(World::unclaimed().await).await;
    let line = book.world.bbs.mint_claim().await.unwrap().unwrap();
    assert_eq!(book.news().await, ["ringdown claim.mint board"]);

    let world = &book.world;
    let code = line.expose().split("claim-").nth(1).unwrap();
    let code = code.split('@').next().unwrap().to_owned();
    let door = DoorName::ClaimCode(Secret::new(code));
    let visit = world.visit_with(door, Some(key("opal")));
    let Arrival::Claim(proof) = world.bbs.arrive(&visit).await.unwrap() else {
        panic!("no claim");
    };
    let mut form = world.form("opal");
    form.claim = Some(proof);
    form.site = Some(("The Museum".into(), String::new()));
    world.bbs.register(&visit, form.clone()).await.unwrap();
    world.bbs.register(&visit, form).await.unwrap();
    assert_eq!(
        book.news().await,
        [
            "opal key.add account 1 opal proven",
            "opal setting.change setting site_name Ringdown → The Museum",
            "opal account.register account 1 opal active claim",
        ]
    );

    let world = &book.world;
    let opal = world.actor("opal").await;
    let minted = world.bbs.create_invite(&opal, Draft::default()).await;
    let minted = minted.unwrap();
    assert_eq!(
        book.news().await,
        ["opal invite.create inv-1 role user, uses 1, 30 days"]
    );
    let world = &book.world;
    let mut form = world.form("bert");
    form.code = minted.code;
    form.email = format!("bert@{PRIVATE}.example.org");
    form.keep_key = ringdown_bbs::app::registration::KeepKey::No;
    form.password = Secret::new(PASSWORD.to_owned());
    world.bbs.register(&world.visit(), form).await.unwrap();
    assert_eq!(
        book.news().await,
        ["bert account.register account 2 bert active inv-1"]
    );

    let world = &book.world;
    let mut form = world.form("newbie");
    form.message = format!("{PRIVATE}, let me in.");
    let visit = world.visit_of("newbie");
    let newbie = world.bbs.register(&visit, form).await.unwrap().actor;
    let edited = format!("{PRIVATE}, please.");
    world.bbs.edit_request(&newbie, &edited).await.unwrap();
    world.bbs.withdraw(&newbie).await.unwrap();
    assert_eq!(
        book.news().await,
        [
            "newbie key.add account 3 newbie proven",
            "newbie account.register account 3 newbie pending",
            "newbie request.edit account 3 newbie",
            "newbie account.withdraw account 3 newbie",
        ]
    );

    // What only looks, and what was refused, leaves nothing.
    let world = &book.world;
    let (wrong, visit) = (Secret::new("wrong horse".to_owned()), world.visit());
    let refusal = refused(world.bbs.enter_by_password(&visit, "bert", &wrong).await);
    assert_eq!(refusal, Refusal::WrongCredentials);
    let right = Secret::new(PASSWORD.to_owned());
    let login = world.bbs.enter_by_password(&visit, "bert", &right).await;
    let bert = inside(login).actor;
    refused(world.bbs.create_invite(&bert, Draft::default()).await);
    let rehearsal = world.bbs.rehearsal();
    rehearsal
        .create_invite(&opal, Draft::default())
        .await
        .unwrap();
    assert_eq!(book.news().await, [""; 0]);
}

#[tokio::test]
async fn a_claim_by_an_account_that_exists_is_on_record_once() {
    let world = World::unclaimed().await;
    let ada = world.create("ada", Role::User).await;
    let mut book = Book::open(world).await;
    let world = &book.world;
    let line = world.bbs.mint_claim().await.unwrap().unwrap();
    let code = line.expose().split("claim-").nth(1).unwrap();
    let code = Code::parse(code.split('@').next().unwrap()).unwrap();
    let proof = Proof::Code(code);
    let visit = world.visit_of("ada");
    let claimed = world.bbs.claim_with_account(&ada, &visit, &proof).await;
    claimed.unwrap();
    assert_eq!(
        book.news().await,
        [
            "ringdown claim.mint board",
            "ada claim.use account 1 ada user → sysop",
        ]
    );
}

#[tokio::test]
async fn what_members_do_to_their_accounts_is_on_record_once() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let mut book = Book::open(world).await;
    let world = &book.world;
    let bbs = &world.bbs;
    let new = Secret::new("lanterns over wet slate".to_owned());
    let visit = world.visit();
    let changed = bbs
        .change_password(&ada, &visit, &new, &new, OtherCalls::GoOn)
        .await;
    changed.unwrap();
    let email = format!("ada@{PRIVATE}.example.org");
    bbs.change_email(&ada, &visit, &email).await.unwrap();
    bbs.change_email(&ada, &visit, "").await.unwrap();
    let laptop = world.visit_of("laptop");
    bbs.remember_key(&ada, &laptop).await.unwrap();
    let line = bbs.mint_key_line(&ada).await.unwrap();
    let code = line.expose().split("key-").nth(1).unwrap();
    let code = Code::parse(code.split('@').next().unwrap()).unwrap();
    bbs.use_key_line(&world.visit_of("phone"), &code)
        .await
        .unwrap();
    let pasted = key("tablet").key().to_openssh().to_owned();
    bbs.paste_key(&ada, &pasted).await.unwrap();
    let id = ada.account().unwrap();
    bbs.confirm_pasted(&world.visit_of("tablet"), id)
        .await
        .unwrap();
    let last = bbs.own(&ada).await.unwrap().keys.pop().unwrap();
    bbs.remove_key(&ada, last.id).await.unwrap();
    assert_eq!(
        book.news().await,
        [
            "ada password.change account 2 ada",
            "ada email.change account 2 ada set",
            "ada email.change account 2 ada none",
            "ada key.add account 2 ada proven",
            "ada key_line.mint account 2 ada",
            "ada key.add account 2 ada proven",
            "ada key.add account 2 ada pasted",
            "ada key.prove account 2 ada",
            "ada key.remove account 2 ada was proven",
        ]
    );
}

#[tokio::test]
async fn what_staff_decide_is_on_record_once() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    world.asks("newbie").await;
    world.asks("seller").await;
    let mut book = Book::open(world).await;
    let world = &book.world;
    let [newbie, seller] = [id_of(world, "newbie").await, id_of(world, "seller").await];
    let until = world.clock.now() + Duration::from_hours(1);
    let suspend = |until| Decision::Suspend {
        reason: format!("{PRIVATE}, too loud"),
        until,
    };
    let reject = Decision::Reject {
        reason: Reason::Advertising,
        tell: Tell::Yes,
        text: format!("{PRIVATE}, no."),
        note: format!("{PRIVATE}, again."),
    };
    for (id, decision) in [
        (newbie, Decision::Approve),
        (newbie, Decision::ChangeRole(Role::Mod)),
        (newbie, suspend(None)),
        (newbie, Decision::Reactivate),
        (newbie, suspend(Some(until))),
        (seller, reject),
        (seller, Decision::Reopen),
    ] {
        world.bbs.decide_about(&opal, id, decision).await.unwrap();
    }
    refused(
        world
            .bbs
            .decide_about(&opal, newbie, Decision::Approve)
            .await,
    );
    world.clock.advance(Duration::from_hours(2));
    assert_eq!(world.bbs.end_suspensions().await.unwrap(), 1);
    assert_eq!(world.bbs.end_suspensions().await.unwrap(), 0);
    assert_eq!(
        book.news().await,
        [
            "opal account.approve account 2 newbie pending → active",
            "opal account.role account 2 newbie user → mod",
            "opal account.suspend account 2 newbie active → suspended",
            "opal account.reactivate account 2 newbie suspended → active",
            "opal account.suspend account 2 newbie active → suspended",
            "opal account.reject account 3 seller pending → rejected advertising",
            "opal account.reopen account 3 seller rejected → pending",
            "ringdown account.reactivate account 2 newbie suspended → active",
        ]
    );

    let world = &book.world;
    let bbs = &world.bbs;
    let note = format!("{PRIVATE}, hm.");
    bbs.note_about(&opal, newbie, &note).await.unwrap();
    let email = format!("newbie@{PRIVATE}.example.org");
    bbs.edit_email_of(&opal, newbie, &email).await.unwrap();
    bbs.end_sessions_of(&opal, newbie, Which::All)
        .await
        .unwrap();
    bbs.unlock(&opal, newbie).await.unwrap();
    let tablet = key("tablet").key().to_openssh().to_owned();
    bbs.add_key_to(&opal, newbie, &tablet).await.unwrap();
    let last = bbs.user(&opal, newbie).await.unwrap().keys.pop().unwrap();
    bbs.remove_key_of(&opal, newbie, last.id).await.unwrap();
    world.create("bert", Role::User).await;
    let invite = bbs.create_invite(&opal, Draft::default()).await.unwrap();
    bbs.revoke_invite(&opal, invite.invite.id, "lost")
        .await
        .unwrap();
    world.mode(Mode::Open).await;
    world.mode(Mode::Open).await;
    bbs.change_setting(&opal, Key::HouseRules, "Be kind.\nBe brief.", None)
        .await
        .unwrap();
    let news = book.news().await;
    let (rules, others) = news.split_last().unwrap();
    assert_eq!(
        others,
        [
            "opal note.add account 2 newbie",
            "opal email.change account 2 newbie set",
            "opal sessions.end account 2 newbie",
            "opal account.unlock account 2 newbie",
            "opal key.add account 2 newbie vouched",
            "opal key.remove account 2 newbie was vouched",
            "console(1000) account.create account 4 bert user",
            "console(1000) key.add account 4 bert vouched",
            "opal invite.create inv-1 role user, uses 1, 30 days",
            "opal invite.revoke inv-1 lost",
            "console(1000) setting.change setting registration_mode sysop_approved → open",
        ]
    );
    assert!(rules.starts_with("opal setting.change setting house_rules "));
    assert!(rules.ends_with(" → Be kind. …"), "{rules}");
}

/// The actions of a page of records, newest first.
async fn actions(
    world: &World,
    filter: &Filter,
    before: Option<AuditId>,
    rows: u32,
) -> Vec<Record> {
    let page = world.bbs.list_audit(&world.console, filter, before, rows);
    page.await.unwrap()
}

#[tokio::test]
async fn records_are_found_by_object_actor_and_time_and_come_in_pages() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    world.asks("newbie").await;
    let begin = world.clock.now();
    world.clock.advance(Duration::from_hours(1));
    let id = id_of(&world, "newbie").await;
    world
        .bbs
        .decide_about(&opal, id, Decision::Approve)
        .await
        .unwrap();
    world.set("site_name", "newbie").await;
    world.clock.advance(Duration::from_hours(1));
    world.set("site_name", "The Museum").await;

    let named = |records: Vec<Record>| -> Vec<String> {
        records.into_iter().map(|record| record.action).collect()
    };
    let approve = "account.approve";
    let of_newbie = ["account.approve", "account.register", "key.add"];
    let found = actions(&world, &about("NEWBIE"), None, 50).await;
    assert_eq!(named(found), of_newbie);
    let found = actions(&world, &about("account newbie"), None, 50).await;
    assert_eq!(named(found), of_newbie);
    let found = actions(&world, &about("setting newbie"), None, 50).await;
    assert_eq!(named(found), [""; 0]);
    let by_opal = Filter {
        actor: Some("Opal".into()),
        ..about("newbie")
    };
    let found = actions(&world, &by_opal, None, 50).await;
    assert_eq!(named(found), [approve]);
    let by_opal = Filter {
        name: None,
        ..by_opal
    };
    assert_eq!(named(actions(&world, &by_opal, None, 50).await), [approve]);

    let hours = |n: u64| Some(begin + Duration::from_hours(n));
    let between = Filter {
        since: hours(1),
        until: hours(2),
        ..Filter::default()
    };
    let found = actions(&world, &between, None, 50).await;
    assert_eq!(named(found), ["setting.change", approve]);
    let later = Filter {
        since: hours(3),
        ..Filter::default()
    };
    assert!(actions(&world, &later, None, 50).await.is_empty());

    let all = actions(&world, &Filter::default(), None, 50).await;
    let mut paged = Vec::new();
    while let page = actions(
        &world,
        &Filter::default(),
        paged.last().map(|r: &Record| r.id),
        2,
    )
    .await
        && !page.is_empty()
    {
        paged.extend(page);
    }
    assert_eq!(paged, all);
}

#[tokio::test]
async fn only_sysops_read_the_records() {
    let world = World::new().await;
    let all = Filter::default();
    for (handle, role) in [("ada", Role::User), ("mody", Role::Mod)] {
        let actor = world.create(handle, role).await;
        let refusal = refused(world.bbs.list_audit(&actor, &all, None, 1).await);
        assert_eq!(refusal, Refusal::NotAllowed);
        let refusal = refused(world.bbs.audit_after(&actor, &all, AuditId(0), 1).await);
        assert_eq!(refusal, Refusal::NotAllowed);
    }
    let refusal = refused(world.bbs.latest_audit(&Actor::Guest).await);
    assert_eq!(refusal, Refusal::NotAllowed);
}

/// A board on which something happened, hours and minutes ago.
async fn busy() -> (World, Actor) {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    world.asks("newbie").await;
    world.asks("cheapseo").await;
    world.clock.advance(Duration::from_hours(70));
    let newbie = id_of(&world, "newbie").await;
    let bbs = &world.bbs;
    let approved = bbs.decide_about(&opal, newbie, Decision::Approve).await;
    approved.unwrap();
    world.clock.advance(Duration::from_hours(2));
    let reject = Decision::Reject {
        reason: Reason::Advertising,
        tell: Tell::No,
        text: String::new(),
        note: String::new(),
    };
    let seo = id_of(&world, "cheapseo").await;
    bbs.decide_about(&opal, seo, reject).await.unwrap();
    world.mode(Mode::Open).await;
    world.clock.advance(Duration::from_mins(4));
    (world, opal)
}

/// Presses keys on the tab on both terminals, and shows both one above the
/// other.
async fn both(world: &World, actor: &Actor, pressed: &[&str]) -> String {
    let mut large = world.call(actor.clone(), Audit::new()).await;
    let mut small = world.call_at(SMALL, actor.clone(), Audit::new()).await;
    large.press(pressed).await;
    small.press(pressed).await;
    format!("{}\n\n{}", large.text(), small.text())
}

#[tokio::test]
async fn the_tab_shows_who_did_what() {
    let (world, opal) = busy().await;
    assert_snapshot!("audit", both(&world, &opal, &["j"]).await);
    assert_snapshot!("audit_page", both(&world, &opal, &["j", keys::ENTER]).await);
    assert_snapshot!("audit_find", both(&world, &opal, &["/"]).await);
    let find = [
        "/",
        "newbie",
        keys::TAB,
        "opal",
        keys::TAB,
        keys::RIGHT,
        keys::RIGHT,
    ];
    let find = [&find, [keys::RIGHT, keys::ENTER].as_slice()].concat();
    assert_snapshot!("audit_found", both(&world, &opal, &find).await);
    let all = [find.as_slice(), &[keys::ESC]].concat();
    assert!(both(&world, &opal, &all).await.contains("cheapseo"));
}

#[tokio::test]
async fn what_comes_appears_on_top_and_the_selection_stays() {
    let (world, opal) = busy().await;
    let mut call = world.call(opal.clone(), Audit::new()).await;
    call.press(&["j"]).await;
    assert!(call.shows("▌  4 m  opal"), "{}", call.text());
    world.set("site_name", "The Museum").await;
    call.look().await;
    let text = call.text();
    let lines: Vec<_> = text
        .lines()
        .filter(|line| line.contains(" m ") || line.contains(" now "))
        .collect();
    assert!(lines[0].contains("site_name"), "{text}");
    let selected = text.lines().find(|line| line.contains('▌')).unwrap();
    assert!(selected.contains("cheapseo"), "{text}");
}

#[tokio::test]
async fn the_tab_pages_to_the_oldest_and_back() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    for n in 0..120 {
        world.set("site_name", &format!("Name {n}")).await;
    }
    let mut call = world.call(opal, Audit::new()).await;
    for _ in 0..3 {
        call.press(&["G", "j"]).await;
    }
    call.types("G").await;
    assert!(call.shows("made the account opal"), "{}", call.text());
    call.press(&["g"]).await;
    assert!(call.shows("→ Name 119"), "{}", call.text());
}

/// What an actor gets for a command.
async fn says(world: &World, actor: &Actor, line: &str) -> Output {
    let order = command::parse_line(line).unwrap();
    command::run(&world.bbs, actor, order, None).await
}

#[tokio::test]
async fn the_records_are_read_by_commands() {
    let (world, opal) = busy().await;
    let output = says(&world, &opal, "audit --object newbie --since 1d --json").await;
    let records: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(
        records,
        serde_json::json!([{
            "id": 7, "at": "2026-11-24T19:04:00Z", "actor": "opal", "via": "ssh",
            "action": "account.approve", "object": "account 2 newbie",
            "before": "pending", "after": "active", "reason": null,
        }])
    );
    let output = says(&world, &opal, "audit --limit 2").await;
    assert_eq!(
        output.stdout,
        "TIME               WHO            WHAT                       CHANGE                 REASON\n\
         2026-11-24 21:04Z  console(1000)  changed registration_mode  sysop_approved → open\n\
         2026-11-24 21:04Z  opal           rejected cheapseo          pending → rejected     advertising\n"
    );
    let output = says(
        &world,
        &opal,
        "audit --actor OPAL --until 2026-11-24T20:00:00Z",
    )
    .await;
    assert!(output.stdout.contains("approved newbie"), "{output:?}");
    assert!(!output.stdout.contains("cheapseo"), "{output:?}");
    let output = says(&world, &opal, "user history newbie").await;
    assert_eq!(output.stdout.lines().count(), 4, "{output:?}");
    let output = says(&world, &opal, "user history nobody").await;
    assert_eq!(output.exit, Exit::NotFound);
    let output = says(&world, &opal, "settings history registration_mode").await;
    assert!(
        output.stdout.contains("sysop_approved → open"),
        "{output:?}"
    );
    let output = says(&world, &opal, "settings history nothing").await;
    assert_eq!(output.exit, Exit::NotFound);
    let mody = world.create("mody", Role::Mod).await;
    for line in ["audit", "user history newbie", "audit --follow"] {
        assert_eq!(
            says(&world, &mody, line).await.exit,
            Exit::Refused,
            "{line}"
        );
    }
    let output = says(&world, &opal, "audit --follow").await;
    assert!(output.stderr.contains("not served"), "{output:?}");
}

#[tokio::test]
async fn following_goes_on_until_nobody_listens_or_may() {
    let (world, opal) = busy().await;
    world.create("ruby", Role::Sysop).await;
    let follow = |line: &str| {
        let order = command::parse_line(line).unwrap();
        let (bbs, actor) = (std::sync::Arc::clone(&world.bbs), opal.clone());
        let (live, parts) = mpsc::channel(4);
        let ears = Ears {
            live: Some(live),
            ..Ears::default()
        };
        let running = async move { command::run_heard(&bbs, &actor, order, None, ears).await };
        (tokio::spawn(running), parts)
    };
    let (running, mut parts) = follow("audit --follow --limit 1 --object newbie");
    assert_eq!(parts.recv().await.unwrap(), "");
    let begun = "2026-11-24 19:04Z  opal approved newbie  pending → active\n";
    assert_eq!(parts.recv().await.unwrap(), begun);
    world.set("site_name", "The Museum").await;
    let newbie = id_of(&world, "newbie").await;
    let console = &world.console;
    let role = Decision::ChangeRole(Role::Mod);
    world.bbs.decide_about(console, newbie, role).await.unwrap();
    let next = "2026-11-24 21:08Z  console(1000) changed the role of newbie  user → mod\n";
    assert_eq!(parts.recv().await.unwrap(), next);
    drop(parts);
    assert_eq!(running.await.unwrap(), Output::silence());

    let (running, mut parts) = follow("audit --follow --limit 0 --json");
    assert_eq!(parts.recv().await.unwrap(), "");
    let role = Decision::ChangeRole(Role::User);
    let id = opal.account().unwrap();
    world.bbs.decide_about(console, id, role).await.unwrap();
    // Whoever may not read them any more does not hear of it.
    assert_eq!(running.await.unwrap().exit, Exit::Refused);
    assert_eq!(parts.recv().await, None);
}
