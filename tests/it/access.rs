//! Access rules: whom they keep out and whom not, who may make them, and that
//! nobody shuts themselves out by accident.

use std::{net::IpAddr, sync::Arc, time::Duration};

use insta::assert_snapshot;

use ringdown_bbs::{
    app::{
        access::{Change, Sure},
        operator::NewUser,
        queue::Hint,
        visit::Visit,
    },
    command::{self, Exit},
    domain::{
        access::{Effect, Hits, Kind, Rule, Subject},
        account::Role,
        actor::Actor,
        door::DoorName,
        event::Event,
        handle::Claiming,
        refusal::{LockedOut, Refusal},
        registration::Mode,
    },
    store::{access::Entry, audit::Filter},
    tui::screens::access::Access,
};

use crate::world::{SMALL, World, key, keys, refused};

fn rule(kind: Kind, value: &str, effect: Effect) -> Rule {
    Rule::new(Subject::parse(kind, value).unwrap(), Some(effect)).unwrap()
}

/// Adds a rule as the operator, who is sure.
async fn add(world: &World, kind: Kind, value: &str, effect: Effect) -> Entry {
    let rule = rule(kind, value, effect);
    let added = world.bbs.add_rule(&world.console, rule, "spam", Sure::Yes);
    added.await.unwrap()
}

async fn register(world: &World, handle: &str, email: &str) -> Result<(), Refusal> {
    let mut form = world.form(handle);
    form.email = email.into();
    form.message = "I would like to join.".into();
    let ruling = world.bbs.register(&world.visit_of(handle), form).await;
    match ruling {
        Ok(_) => Ok(()),
        refusal => Err(refused(refusal)),
    }
}

/// A handle as an operator would give it.
fn given(handle: &str) -> NewUser {
    NewUser {
        handle: handle.to_owned(),
        email: String::new(),
        role: Role::User,
        key: Some(key(handle).key().to_openssh().to_owned()),
        password: None,
    }
}

/// A call of an account from that address, on line until it is dropped.
fn on_line(world: &World, actor: &Actor, address: &str) -> (Arc<Visit>, impl Drop + use<>) {
    let mut visit = Arc::into_inner(world.visit_with(DoorName::Nobody, None)).unwrap();
    visit.address = address.parse().unwrap();
    let visit = Arc::new(visit);
    let settings = world.bbs.settings();
    let line = world.bbs.hub().enter(&visit, actor.clone(), &settings);
    (visit, line.unwrap())
}

#[tokio::test]
async fn h6_a_handle_of_a_rule_is_taken_and_so_is_what_looks_like_it() {
    let world = World::new().await;
    let bbs = &world.bbs;
    add(&world, Kind::Handle, "harbour-master", Effect::Reserved).await;
    add(&world, Kind::Handle, "modem", Effect::Banned).await;
    for handle in [
        "harbour-master",
        "Harbour-Master",
        "harbour-rnaster",
        "rnodern",
    ] {
        let visit = world.visit();
        let looked = bbs.check_handle(&visit, handle, Claiming::No).await;
        assert_eq!(refused(looked), Refusal::HandleTaken, "{handle}");
        let joined = register(&world, handle, "").await;
        assert_eq!(joined, Err(Refusal::HandleStopped), "{handle}");
    }
    register(&world, "modest", "").await.unwrap();
    // What is reserved is a sysop's to give, and what is banned is nobody's.
    let banned = bbs.create_user(&world.console, given("modem")).await;
    assert_eq!(refused(banned), Refusal::HandleTaken);
    let reserved = given("harbour-master");
    bbs.create_user(&world.console, reserved).await.unwrap();
}

#[tokio::test]
async fn w31_addresses_and_domains_of_rules_and_settings_are_judged_together() {
    let world = World::new().await;
    add(&world, Kind::Email, "eve@example.org", Effect::Banned).await;
    add(&world, Kind::Domain, "evil.net", Effect::Banned).await;
    // What is banned is not let in by a rule about less.
    add(&world, Kind::Domain, "mail.evil.net", Effect::Disposable).await;
    world.set("email_deny_domains", "spam.example").await;
    let contact = Refusal::EmailDomain(String::new());
    for email in [
        "eve@example.org",
        "Eve+board@example.org",
        "a@evil.net",
        "a@mail.evil.net",
        "a@b.spam.example",
    ] {
        let looked = world.bbs.check_email(email).await;
        assert_eq!(refused(looked), contact, "{email}");
        let joined = register(&world, "newbie", email).await;
        assert_eq!(joined, Err(contact.clone()), "{email}");
    }
    let ada = world.create("ada", Role::User).await;
    let visit = world.visit_of("ada");
    let changed = world.bbs.change_email(&ada, &visit, "a@evil.net").await;
    assert_eq!(refused(changed), contact);
    for (handle, email) in [
        ("adam", "adam@example.org"),
        ("berta", "berta@notevil.net"),
        // Only a hint.
        ("carla", "carla@mailinator.com"),
    ] {
        register(&world, handle, email).await.unwrap();
    }
    world.set("email_allow_domains", "example.org").await;
    assert_eq!(
        register(&world, "dora", "d@elsewhere.org").await,
        Err(contact.clone())
    );
    // A list of the allowed does not overrule a rule.
    assert_eq!(
        register(&world, "eve", "eve@example.org").await,
        Err(contact)
    );
    register(&world, "dora", "dora@example.org").await.unwrap();
}

#[tokio::test]
async fn whoever_decides_is_told_of_disposable_addresses_and_of_those_refused_now() {
    let world = World::new().await;
    for (handle, domain, hint) in [
        ("adam", "mailinator.com", Some(Hint::Disposable)),
        ("berta", "minutes.example", Some(Hint::Disposable)),
        ("carla", "late.example", Some(Hint::AddressRefused)),
        ("dora", "example.org", None),
    ] {
        world.asks_from(handle, &format!("{handle}@{domain}")).await;
        let (effect, rule) = match hint {
            Some(Hint::AddressRefused) => (Effect::Banned, domain),
            _ => (Effect::Disposable, "minutes.example"),
        };
        let rule = Rule::new(Subject::parse(Kind::Domain, rule).unwrap(), Some(effect));
        // The second time there is one already.
        drop(
            world
                .bbs
                .add_rule(&world.console, rule.unwrap(), "", Sure::No)
                .await,
        );
        let id = world.bbs.find_user(&world.console, handle).await.unwrap();
        let hints = world.bbs.user(&world.console, id).await.unwrap().hints;
        assert_eq!(hints.into_iter().next(), hint, "{handle}");
    }
}

#[tokio::test]
async fn a_rule_made_while_the_form_is_filled_in_holds_at_its_end() {
    let world = World::new().await;
    world.mode(Mode::Open).await;
    world.bbs.check_email("a@late.example").await.unwrap();
    add(&world, Kind::Domain, "late.example", Effect::Banned).await;
    let joined = register(&world, "newbie", "a@late.example").await;
    assert_eq!(joined, Err(Refusal::EmailDomain(String::new())));
    // Those who are in keep what they have.
    register(&world, "earlybird", "e@soon.example")
        .await
        .unwrap();
    add(&world, Kind::Domain, "soon.example", Effect::Banned).await;
    add(&world, Kind::Handle, "earlybird", Effect::Banned).await;
    let own = world
        .bbs
        .own(&world.actor("earlybird").await)
        .await
        .unwrap();
    assert_eq!(own.account.email.unwrap().as_str(), "e@soon.example");
}

#[tokio::test]
async fn a_denied_source_is_kept_out_at_once_and_its_calls_end() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let (theirs, _line) = on_line(&world, &Actor::Guest, "192.0.2.7");
    let (other, _other) = on_line(&world, &Actor::Guest, "198.51.100.1");
    let address: IpAddr = "192.0.2.7".parse().unwrap();
    assert!(world.bbs.admits(address));
    let denied = rule(Kind::Source, "192.0.2.0/24", Effect::Denied);
    let mut heard = world.bbs.hub().listen();
    let added = world.bbs.add_rule(&opal, denied, "", Sure::No).await;
    assert_eq!(heard.recv().await, Ok(Event::Recorded));
    assert_eq!(heard.recv().await, Ok(Event::AccessChanged));
    assert!(!world.bbs.admits(address));
    assert!(theirs.end.is_cancelled());
    assert!(!other.end.is_cancelled());
    // Deny wins.
    add(&world, Kind::Source, "192.0.0.0/8", Effect::Allowed).await;
    assert!(!world.bbs.admits(address));
    let removed = world.bbs.remove_rule(&opal, added.unwrap(), Sure::No).await;
    removed.unwrap();
    assert!(world.bbs.admits(address));
    assert!(other.end.is_cancelled(), "only 192.0.0.0/8 is allowed now");
    // A board that starts knows its rules.
    let (world, _store) = world.with_store().await;
    assert!(!world.bbs.admits("198.51.100.1".parse().unwrap()));
}

#[tokio::test]
async fn whoever_would_shut_themselves_out_is_asked_twice() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let (call, _line) = on_line(&world, &opal, "192.0.2.7");
    let own = Refusal::LocksOut(LockedOut::You);
    let machine = Refusal::LocksOut(LockedOut::ThisMachine);
    for (value, effect, refusal) in [
        ("192.0.2.0/24", Effect::Denied, &own),
        ("0.0.0.0/0", Effect::Denied, &own),
        ("127.0.0.0/8", Effect::Denied, &machine),
        ("::1", Effect::Denied, &machine),
        ("198.51.100.0/24", Effect::Allowed, &own),
        ("192.0.2.0/24", Effect::Allowed, &machine),
    ] {
        let rule = rule(Kind::Source, value, effect);
        let foreseen = world.bbs.foresee(&opal, Change::Add(rule.clone())).await;
        let locks_out = foreseen.unwrap().locks_out;
        assert_eq!(locks_out.map(Refusal::LocksOut).as_ref(), Some(refusal));
        let added = world.bbs.add_rule(&opal, rule, "", Sure::No).await;
        assert_eq!(&refused(added), refusal, "{value} {effect}");
    }
    assert!(world.bbs.admits(call.address));

    // The last rule that lets them in is not taken away by accident, either.
    let lets_in = add(&world, Kind::Source, "192.0.2.0/24", Effect::Allowed).await;
    add(&world, Kind::Source, "198.51.100.0/24", Effect::Allowed).await;
    let removed = world.bbs.remove_rule(&opal, lets_in.clone(), Sure::No);
    assert_eq!(refused(removed.await), own);
    world
        .bbs
        .remove_rule(&opal, lets_in, Sure::Yes)
        .await
        .unwrap();
    assert!(!world.bbs.admits(call.address));
    // Whoever was sure may still take it back.
    assert!(!call.end.is_cancelled());
}

#[tokio::test]
async fn whom_a_rule_would_hit_is_said_before() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    world.create("ada", Role::User).await;
    world.address("ada", "ada@mail.example.org").await;
    world.asks_from("newbie", "newbie@example.org").await;
    world.asks_from("other", "other@example.net").await;
    let foresee = async |kind, value, effect| {
        let change = Change::Add(rule(kind, value, effect));
        world.bbs.foresee(&opal, change).await.unwrap()
    };
    let hits = |accounts: &[&str], requests: &[&str]| {
        let crowd = |names: &[&str]| names.iter().map(|name| Some((*name).to_owned())).collect();
        Hits {
            accounts: crowd(accounts),
            requests: crowd(requests),
            ..Hits::default()
        }
    };
    assert_eq!(
        foresee(Kind::Domain, "example.org", Effect::Banned).await,
        hits(&["ada"], &["newbie"])
    );
    assert_eq!(
        foresee(Kind::Email, "newbie+1@example.org", Effect::Banned).await,
        hits(&[], &["newbie"])
    );
    assert_eq!(
        foresee(Kind::Handle, "Other", Effect::Banned).await,
        hits(&[], &["other"])
    );
    // The calls of a world come from 203.0.0.0/16.
    let sources = foresee(Kind::Source, "203.0.0.0/16", Effect::Denied).await;
    assert_eq!(sources, hits(&[], &["newbie", "other"]));
    let (_call, _line) = on_line(&world, &Actor::Guest, "192.0.2.7");
    let sources = foresee(Kind::Source, "192.0.2.0/24", Effect::Denied).await;
    assert_eq!(
        (sources.sessions.count, sources.sessions.names.len()),
        (1, 0)
    );
}

#[tokio::test]
async fn only_a_sysop_of_this_moment_sees_and_makes_rules() {
    let world = World::new().await;
    let mona = world.create("mona", Role::Mod).await;
    let jules = world.create("jules", Role::Sysop).await;
    let demote = ringdown_bbs::app::queue::Decision::ChangeRole(Role::User);
    let id = jules.account().unwrap();
    world
        .bbs
        .decide_about(&world.console, id, demote)
        .await
        .unwrap();
    let denied = || rule(Kind::Source, "192.0.2.7", Effect::Denied);
    let entry = add(&world, Kind::Domain, "evil.net", Effect::Banned).await;
    // jules was a sysop when the session began.
    for actor in [&Actor::Guest, &mona, &jules] {
        let bbs = &world.bbs;
        let subject = || denied().subject().clone();
        let answers = [
            refused(bbs.list_rules(actor, Kind::Source, None, 9).await),
            refused(bbs.find_rule(actor, subject()).await),
            refused(bbs.judge(actor, subject()).await),
            refused(bbs.foresee(actor, Change::Add(denied())).await),
            refused(bbs.add_rule(actor, denied(), "", Sure::Yes).await),
            refused(bbs.remove_rule(actor, entry.clone(), Sure::Yes).await),
        ];
        assert!(answers.iter().all(|answer| *answer == Refusal::NotAllowed));
    }
    assert!(world.bbs.admits("192.0.2.7".parse().unwrap()));
}

#[tokio::test]
async fn two_sysops_with_one_thought_make_one_rule_and_remove_one() {
    let world = World::new().await;
    let [opal, jules] = [
        world.actor("opal").await,
        world.create("jules", Role::Sysop).await,
    ];
    let banned = || rule(Kind::Handle, "modem", Effect::Banned);
    let alike = rule(Kind::Handle, "rnodem", Effect::Reserved);
    let (one, other) = tokio::join!(
        world.bbs.add_rule(&opal, banned(), "", Sure::No),
        world.bbs.add_rule(&jules, alike, "", Sure::No),
    );
    let (made, late) = if one.is_ok() {
        (one, other)
    } else {
        (other, one)
    };
    let made = made.unwrap();
    assert_eq!(
        refused(late),
        Refusal::RuleExists(made.rule.subject().text())
    );
    let (one, other) = tokio::join!(
        world.bbs.remove_rule(&opal, made.clone(), Sure::No),
        world.bbs.remove_rule(&jules, made, Sure::No),
    );
    let late = if one.is_ok() { other } else { one };
    assert_eq!(refused(late), Refusal::NoSuchRule);
    let page = world.bbs.list_rules(&opal, Kind::Handle, None, 9).await;
    assert!(page.unwrap().entries.is_empty());
}

#[tokio::test]
async fn the_record_of_rules_names_no_address_and_no_source() {
    let world = World::new().await;
    for (kind, value, effect) in [
        (Kind::Handle, "modem", Effect::Banned),
        (Kind::Domain, "evil.net", Effect::Disposable),
        (Kind::Email, "private@example.org", Effect::Banned),
        (Kind::Source, "192.0.2.0/24", Effect::Denied),
    ] {
        let entry = add(&world, kind, value, effect).await;
        let removed = world.bbs.remove_rule(&world.console, entry, Sure::Yes);
        removed.await.unwrap();
    }
    let filter = Filter::default();
    let records = world.bbs.list_audit(&world.console, &filter, None, 8).await;
    let mut told: Vec<_> = records
        .unwrap()
        .into_iter()
        .map(|one| {
            let [before, after] = [one.before, one.after].map(Option::unwrap_or_default);
            format!("{} {} {before}{after}", one.action, one.object)
        })
        .collect();
    told.reverse();
    assert_eq!(
        told,
        [
            "access.add rule rule-1 handle modem banned",
            "access.remove rule rule-1 handle modem banned",
            "access.add rule rule-2 domain evil.net disposable",
            "access.remove rule rule-2 domain evil.net disposable",
            "access.add rule rule-3 email banned",
            "access.remove rule rule-3 email banned",
            "access.add rule rule-4 source denied",
            "access.remove rule rule-4 source denied",
        ]
    );
}

/// The tab after some keys, on the usual terminal and on the smallest.
async fn both(world: &World, actor: &Actor, pressed: &[&str]) -> String {
    let mut large = world.call(actor.clone(), Access::new()).await;
    let mut small = world.call_at(SMALL, actor.clone(), Access::new()).await;
    large.press(pressed).await;
    small.press(pressed).await;
    format!("{}\n\n{}", large.text(), small.text())
}

#[tokio::test]
async fn the_tab_lists_rules_by_kind_and_shows_whom_a_new_one_hits() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    assert_snapshot!("access_none", both(&world, &opal, &[]).await);
    world.asks_from("newbie", "newbie@mail.evil.net").await;
    add(
        &world,
        Kind::Domain,
        "throwaway.example",
        Effect::Disposable,
    )
    .await;
    world.clock.advance(Duration::from_hours(50));
    add(&world, Kind::Domain, "spam.example", Effect::Banned).await;
    let domains = [keys::RIGHT, keys::RIGHT];
    assert_snapshot!("access", both(&world, &opal, &domains).await);
    let page = [&domains[..], &[keys::ENTER]].concat();
    assert_snapshot!("access_rule", both(&world, &opal, &page).await);
    let adding = [
        &domains[..],
        &["n", "evil.net", keys::TAB, keys::TAB, "spam waves"],
    ]
    .concat();
    assert_snapshot!("access_new", both(&world, &opal, &adding).await);
    let foreseen = [&adding[..], &[keys::ENTER]].concat();
    assert_snapshot!("access_hits", both(&world, &opal, &foreseen).await);
    let page = world.bbs.list_rules(&opal, Kind::Domain, None, 9).await;
    assert_eq!(page.unwrap().entries.len(), 2, "nothing is saved yet");

    let mut call = world.call(opal.clone(), Access::new()).await;
    call.press(&[&foreseen[..], &[keys::ENTER]].concat()).await;
    assert!(call.shows("rule-3 holds from now on."), "{}", call.text());
    assert!(call.shows("evil.net"), "{}", call.text());
    // The new one is on top, and the selection stayed.
    call.press(&["k", "t", "a@mail.evil.net"]).await;
    call.types(keys::ENTER).await;
    assert!(call.shows("isn't the name of a domain"), "{}", call.text());
    call.press(&[keys::CTRL_U, "mail.evil.net", keys::ENTER])
        .await;
    assert!(
        call.shows("refused: rule-3 of opal, spam"),
        "{}",
        call.text()
    );
    call.press(&[keys::ESC, "d"]).await;
    assert!(call.shows("Remove rule-3?"), "{}", call.text());
    call.types(keys::ENTER).await;
    assert!(call.shows("rule-3 is gone."), "{}", call.text());
}

#[tokio::test]
async fn the_tab_asks_twice_before_a_sysop_shuts_themselves_out() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let (visit, _line) = on_line(&world, &opal, "192.0.2.7");
    let sources = [keys::RIGHT; 3].into_iter();
    let adding = ["n", "192.0.2.0/24", keys::ENTER, keys::ENTER];
    let sources: Vec<_> = sources.chain(adding).collect();
    assert_snapshot!("access_really", both(&world, &opal, &sources).await);
    let mut call = world.call(opal.clone(), Access::new()).await;
    call.press(&sources).await;
    call.types(keys::ESC).await;
    assert!(world.bbs.admits(visit.address));
    call.press(&[keys::ENTER, keys::ENTER]).await;
    assert!(call.shows("rule-1 holds from now on."), "{}", call.text());
    assert!(!world.bbs.admits(visit.address));
    // An allowed network keeps all others out, and the tab says so. What the
    // last rule let in is not shut out without a question, either.
    call.press(&["d", keys::ENTER]).await;
    add(&world, Kind::Source, "127.0.0.0/8", Effect::Allowed).await;
    add(&world, Kind::Source, "::1", Effect::Allowed).await;
    call.look().await;
    assert!(
        call.shows("Only callers from the allowed"),
        "{}",
        call.text()
    );
    call.press(&["d", keys::ENTER]).await;
    assert!(
        call.shows("That would keep out callers at"),
        "{}",
        call.text()
    );
    call.press(&[keys::ENTER]).await;
    assert!(call.shows("Really?"), "{}", call.text());
}

/// What a command answers, and how it ends.
async fn says(world: &World, actor: &Actor, line: &str) -> (String, String, Exit) {
    let order = command::parse_line(line).unwrap();
    let output = command::run(&world.bbs, actor, order, None).await;
    (output.stdout, output.stderr, output.exit)
}

#[tokio::test]
async fn rules_are_made_listed_tested_and_removed_by_commands() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let (_call, _line) = on_line(&world, &opal, "192.0.2.7");
    world.asks_from("newbie", "newbie@evil.net").await;
    let opal = &opal;
    let says = async |line: &str| says(&world, opal, line).await;
    let json = async |line: &str| {
        let (stdout, stderr, exit) = says(&format!("{line} --json")).await;
        assert_eq!((stderr.as_str(), exit), ("", Exit::Done), "{line}");
        serde_json::from_str::<serde_json::Value>(&stdout).unwrap()
    };
    let add = "policy domain add evil.net --reason 'spam waves'";
    let (stdout, stderr, exit) = says(&format!("{add} --dry-run")).await;
    assert_eq!(
        (stdout.as_str(), exit),
        ("domain evil.net banned\n", Exit::Done)
    );
    assert!(stderr.contains("It hits 1 request (newbie)."), "{stderr}");
    assert_eq!(json("policy domain list").await, serde_json::json!([]));
    let shape = serde_json::json!({
        "id": "rule-1", "kind": "domain", "value": "evil.net", "effect": "banned",
        "reason": "spam waves", "by": "opal", "at": "2026-11-21T21:04:00Z",
    });
    let mut made = shape.clone();
    made["hits"] = serde_json::json!({"accounts": 0, "requests": 1, "sessions": 0});
    assert_eq!(json(add).await, made);
    assert_eq!(json("policy domain list").await, serde_json::json!([shape]));
    for (line, verdict) in [
        (
            "email test a@mail.evil.net",
            "refused: rule-1 of opal, spam waves",
        ),
        (
            "domain test mail.evil.net",
            "refused: rule-1 of opal, spam waves",
        ),
        (
            "email test a@yopmail.com",
            "free, but known as disposable: every board knows it",
        ),
        ("email test a@example.org", "free: nothing is against it"),
        ("handle test sys0p", "refused: a name of the house"),
        ("source test 192.0.2.7", "free: nothing is against it"),
    ] {
        let (stdout, _, exit) = says(&format!("policy {line}")).await;
        let value = line.rsplit(' ').next().unwrap();
        assert_eq!(
            (stdout, exit),
            (
                format!("{value}: {verdict}\n").replace("192.0.2.7:", "192.0.2.7/32:"),
                Exit::Done
            )
        );
    }
    for (line, exit, told) in [
        (
            "policy domain add evil.net",
            Exit::Refused,
            "There is a rule about evil.net",
        ),
        (
            "policy domain remove good.net",
            Exit::NotFound,
            "There is no such rule.",
        ),
        ("policy domain add evil", Exit::Done, ""),
        (
            "policy domain add 'a b'",
            Exit::Usage,
            "isn't the name of a domain",
        ),
        (
            "policy email add a@b.org --as reserved",
            Exit::Usage,
            "says: banned.",
        ),
        ("policy source add 192.0.2.0/24", Exit::Refused, "--yes"),
        (
            "policy source add 192.0.2.0/24 --yes --dry-run",
            Exit::Done,
            "A dry run",
        ),
        (
            "policy source add 198.51.100.0/24 --as allowed",
            Exit::Refused,
            "keep you out",
        ),
        ("policy domain remove EVIL.net", Exit::Done, ""),
    ] {
        let (_, stderr, ended) = says(line).await;
        assert_eq!(ended, exit, "{line}: {stderr}");
        assert!(stderr.contains(told), "{line}: {stderr}");
    }
    assert!(world.bbs.admits("192.0.2.7".parse().unwrap()));
}
