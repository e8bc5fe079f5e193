//! Making many accounts from a list (spec §10).

use ringdown_bbs::{
    app::import::{Listed, Whole},
    command::{self, Exit, Output},
    domain::{
        account::{Origin, Role, Status},
        actor::Actor,
        refusal::Refusal,
    },
    mailer::Mailer,
};
use serde_json::{Value, json};

use crate::world::{World, key, refused};

async fn imports_as(world: &World, actor: &Actor, flags: &str, list: &str) -> Output {
    let order = command::parse_line(&format!("user import - --json {flags}")).unwrap();
    command::run(&world.bbs, actor, order, Some(list.to_owned())).await
}

/// The exit, and what became of each: the handle and the result.
async fn imports(world: &World, flags: &str, list: &str) -> (Exit, Vec<(String, String)>) {
    let output = imports_as(world, &world.console, flags, list).await;
    let rows: Vec<Value> = serde_json::from_str(&output.stdout).unwrap();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let told = rows
        .iter()
        .map(|row| (text(row, "handle"), text(row, "result")));
    (output.exit, told.collect())
}

fn became(told: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(one, other): &(&str, &str)| ((*one).to_owned(), (*other).to_owned());
    told.iter().map(owned).collect()
}

fn ssh_key(handle: &str) -> String {
    key(handle).key().to_openssh().to_owned()
}

async fn exists(world: &World, handle: &str) -> bool {
    world.bbs.find_user(&world.console, handle).await.is_ok()
}

fn list() -> String {
    format!(
        "handle,email,role,ssh_key,note,send\n\
         marta,marta@example.org,,{},\"chess, Sundays\"\n\
         olaf,,mod,{},\n",
        ssh_key("marta"),
        ssh_key("olaf")
    )
}

#[tokio::test]
async fn a_list_makes_accounts_once() {
    let world = World::new().await;
    let both = |result| became(&[("marta", result), ("olaf", result)]);
    let dry = imports(&world, "--dry-run", &list()).await;
    assert_eq!(dry, (Exit::Done, both("made")));
    assert!(!exists(&world, "marta").await);
    assert_eq!(
        imports(&world, "", &list()).await,
        (Exit::Done, both("made"))
    );
    let marta = world.bbs.find_user(&world.console, "marta").await.unwrap();
    let detail = world.bbs.user(&world.console, marta).await.unwrap();
    let account = &detail.account;
    assert_eq!(
        (account.status, account.role, account.origin),
        (Status::Active, Role::User, Origin::Import)
    );
    assert!(!account.email_proven && detail.keys.len() == 1);
    assert_eq!(detail.notes[0].text, "chess, Sundays");
    let olaf = world.bbs.find_user(&world.console, "olaf").await.unwrap();
    let olaf = world.bbs.user(&world.console, olaf).await.unwrap().account;
    assert_eq!(olaf.role, Role::Mod);
    // Twice changes nothing.
    assert_eq!(
        imports(&world, "", &list()).await,
        (Exit::Done, both("unchanged"))
    );
    let again = world.bbs.user(&world.console, marta).await.unwrap();
    assert_eq!(again.notes.len(), 1);
}

#[tokio::test]
async fn one_that_is_refused_keeps_all_out_unless_some_will_do() {
    let world = World::new().await;
    let more = format!(
        "{}maybe,,,,,perhaps\n1bad,,,{},\nopal,,sysop,{},\nmarta,,,{},\npetra,,king,{},\n",
        list(),
        ssh_key("bad"),
        ssh_key("other"),
        ssh_key("marta2"),
        ssh_key("petra"),
    );
    let refused: Vec<_> = ["maybe", "1bad", "opal", "marta", "petra"]
        .map(|handle| (handle, "refused"))
        .into();
    let told = |result| {
        let first = [("marta", result), ("olaf", result)];
        became(&[&first[..], &refused].concat())
    };
    let whole = imports(&world, "", &more).await;
    assert_eq!(whole, (Exit::Refused, told("ready")));
    assert!(!exists(&world, "marta").await, "nothing was written");
    let partial = imports(&world, "--partial", &more).await;
    assert_eq!(partial, (Exit::Refused, told("made")));
    assert!(exists(&world, "olaf").await && !exists(&world, "maybe").await);
}

#[tokio::test]
async fn a_row_says_in_which_line_it_is_and_why_it_was_refused() {
    let world = World::new().await;
    let taken = format!("handle,ssh_key\n\nmarta,{}\n", ssh_key("opal"));
    let output = imports_as(&world, &world.console, "", &taken).await;
    let rows: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(
        rows,
        json!([{
            "line": 3, "handle": "marta", "result": "refused", "letter": null,
            "error": "This key already belongs to an account here.",
        }])
    );
    for list in [
        "",
        "name\nada\n",
        "email\na@example.org\n",
        "handle\n\"ada\n",
    ] {
        let output = imports_as(&world, &world.console, "", list).await;
        assert_eq!(output.exit, Exit::Usage, "{list:?}");
    }
    let order = command::parse_line("user import --template").unwrap();
    let template = command::run(&world.bbs, &world.console, order, None).await;
    assert_eq!(template.stdout, "handle,email,role,ssh_key,note,send\n");
}

#[tokio::test]
async fn only_who_manages_accounts_imports_them() {
    let world = World::new().await;
    let moss = world.create("moss", Role::Mod).await;
    let output = imports_as(&world, &moss, "", &list()).await;
    assert_eq!(output.exit, Exit::Refused);
    let import = world.bbs.import_users(
        &moss,
        Vec::new(),
        ringdown_bbs::app::import::Whole::Must,
        |_| (),
    );
    assert_eq!(refused(import.await), Refusal::NotAllowed);
}

#[tokio::test]
async fn t2_whoever_has_no_key_is_prepared_and_may_be_sent_a_code_once() {
    let (mailer, inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    let list = format!(
        "handle,email,role,ssh_key,note,send\n\
         ada,ada@example.org,mod,,,yes\n\
         bob,,,,,yes\n\
         eve,eve@example.org,,,,no\n\
         marta,marta@example.org,,{},,Yes\n",
        ssh_key("marta")
    );
    let letters = async |flags: &str| {
        let output = imports_as(&world, &world.console, flags, &list).await;
        assert_eq!(output.exit, Exit::Done, "{}", output.stderr);
        let rows: Vec<Value> = serde_json::from_str(&output.stdout).unwrap();
        rows.into_iter()
            .map(|mut row| row["letter"].take())
            .collect::<Vec<_>>()
    };
    let told = [
        json!("queued"),
        json!("no_address"),
        json!(null),
        json!("no_need"),
    ];
    assert_eq!(letters("--dry-run").await, told);
    assert_eq!(letters("").await, told);
    for (handle, status) in [
        ("ada", Status::Unverified),
        ("bob", Status::Unverified),
        ("eve", Status::Unverified),
        ("marta", Status::Active),
    ] {
        let id = world.bbs.find_user(&world.console, handle).await.unwrap();
        let detail = world.bbs.user(&world.console, id).await.unwrap();
        assert_eq!(detail.account.status, status, "{handle}");
        assert_eq!(detail.account.origin, Origin::Import);
    }
    assert_eq!(
        letters("").await,
        [json!(null), json!(null), json!(null), json!(null)]
    );
    world.bbs.send_due().await.unwrap();
    let sent = std::mem::take(&mut *inbox.lock().unwrap());
    assert_eq!(sent.len(), 1, "twice sends nothing twice");
    assert!(sent[0].contains("ssh -p 2222 join-"), "{}", sent[0]);
    // Where mail is off the row says so, and the account is there.
    world.set("delivery_mode", "no_email").await;
    let order = command::parse_line("user import -").unwrap();
    let one = "handle,email,send\nleif,leif@example.org,yes\n".to_owned();
    let output = command::run(&world.bbs, &world.console, order, Some(one)).await;
    assert_eq!(
        output.stdout,
        "2: leif: made; letter not sent: mail is off\n"
    );
    // No code is made while none is accepted, and then there is no account.
    world.set("invitations_enabled", "off").await;
    let order = command::parse_line("user import - --partial").unwrap();
    let one = "handle,email,send\nolaf,olaf@example.org,yes\n".to_owned();
    let output = command::run(&world.bbs, &world.console, order, Some(one)).await;
    assert_eq!(output.exit, Exit::Refused);
    assert!(!exists(&world, "olaf").await);
}

#[tokio::test]
async fn a_long_list_says_how_far_it_has_got() {
    let world = World::new().await;
    let of = |number: u32| Listed {
        handle: format!("p{number:03}"),
        ..Listed::default()
    };
    let list: Vec<_> = (0..120).map(of).collect();
    let (sender, steps) = std::sync::mpsc::channel();
    let watch = move |done| sender.send(done).unwrap();
    let became = world
        .bbs
        .import_users(&world.console, list, Whole::Must, watch);
    assert_eq!(became.await.unwrap().len(), 120);
    assert_eq!(steps.iter().collect::<Vec<_>>(), [0, 50, 100]);
}
