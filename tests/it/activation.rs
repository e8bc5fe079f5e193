//! Accounts that staff made for somebody, and the codes that activate them
//! (T2, T4).

use std::{sync::Arc, time::Duration};

use insta::assert_snapshot;
use ringdown_bbs::{
    app::{
        activation::Form,
        invite::{Draft, Minted, Whose},
        operator::Preparation,
        queue::{Decision, Reason, Tell},
        registration::KeepKey,
        visit::Visit,
    },
    command,
    domain::{
        account::{Origin, Role, Status},
        actor::Actor,
        door::DoorName,
        id::AccountId,
        invite::{Bearer, Mailbox, State},
        letter::{Kind, State as LetterState},
        refusal::Refusal,
        registration::Mode,
        secret::Secret,
    },
    mailer::{Inbox, Mailer},
    store::{account::Account, audit::Filter, outbox::Letter},
    tui::{
        line::Size,
        route,
        screens::{invites::Invites, users::Users},
    },
};
use serde_json::{Value, json};

use crate::world::{
    Call, PASSWORD, SMALL, World, inside, key,
    keys::{CTRL_U, DOWN, ENTER, ESC, RIGHT, TAB},
    refused,
};

const DAY: Duration = Duration::from_hours(24);

/// Makes an account for somebody.
async fn prepare(world: &World, handle: &str, role: Role) -> AccountId {
    let new = Preparation {
        handle: handle.into(),
        email: format!("{handle}@example.org"),
        role,
    };
    let made = world.bbs.prepare_user(&world.console, new).await;
    made.unwrap().id
}

/// Makes the code of an account, as opal.
async fn code(world: &World, id: AccountId) -> Minted {
    let opal = world.actor("opal").await;
    world.bbs.show_activation(&opal, id).await.unwrap()
}

fn form(world: &World, minted: &Minted) -> Form {
    let mut submission = [0; 16];
    world.bbs.entropy().fill(&mut submission);
    Form {
        submission,
        code: minted.code.clone(),
        keep_key: KeepKey::Yes,
        password: Secret::new(String::new()),
    }
}

async fn status(world: &World, id: AccountId) -> Status {
    let detail = world.bbs.user(&world.console, id).await.unwrap();
    detail.account.status
}

async fn state(world: &World, minted: &Minted) -> State {
    let seen = world.bbs.invite(&world.console, minted.invite.id).await;
    seen.unwrap().state
}

/// What was done to an account, newest first.
async fn on_record(world: &World, handle: &str) -> Vec<String> {
    let about = Filter {
        name: Some(handle.into()),
        ..Filter::default()
    };
    let page = world.bbs.list_audit(&world.console, &about, None, 20).await;
    page.unwrap().into_iter().map(|one| one.action).collect()
}

#[tokio::test]
async fn t2_a_prepared_account_waits_as_long_as_it_takes_and_has_no_way_in() {
    let world = World::new().await;
    let id = prepare(&world, "ada", Role::Mod).await;
    let detail = world.bbs.user(&world.console, id).await.unwrap();
    let account = &detail.account;
    assert!(account.is_prepared() && detail.keys.is_empty() && !account.has_password);
    assert_eq!(
        (account.status, account.onward, account.role, account.origin),
        (
            Status::Unverified,
            Some(Status::Active),
            Role::Mod,
            Origin::Operator
        )
    );
    // Nobody but staff asked for it, so nobody's patience ends (T6).
    world.clock.advance(400 * DAY);
    assert_eq!(world.bbs.remove_unproven().await.unwrap(), 0);
    let (visit, guess) = (world.visit(), Secret::new(PASSWORD.to_owned()));
    let login = world.bbs.enter_by_password(&visit, "ada", &guess).await;
    assert_eq!(refused(login), Refusal::WrongCredentials);
}

#[tokio::test]
async fn t4_a_code_activates_the_account_with_the_key_somebody_came_with() {
    let world = World::new().await;
    let id = prepare(&world, "ada", Role::Mod).await;
    let minted = code(&world, id).await;
    let visit = world.visit_of("ada");
    let sent = form(&world, &minted);
    let login = world.bbs.activate(&visit, sent.clone()).await.unwrap();
    let account = &login.account;
    assert_eq!((account.id, account.status), (id, Status::Active));
    assert_eq!(
        (account.role, account.origin),
        (Role::Mod, Origin::Operator)
    );
    assert_eq!(account.invited_by.as_ref().unwrap().as_str(), "opal");
    // The code was handed over: nobody has shown that the address is read.
    assert!(account.email.is_some() && !account.email_proven);
    let back = world.bbs.log_in_by_key(&visit).await.unwrap();
    assert_eq!(back.account.id, id);
    let seen = world.bbs.invite(&world.console, minted.invite.id).await;
    let seen = seen.unwrap();
    assert_eq!(
        (seen.state, seen.redeemers),
        (State::Used, vec!["ada".into()])
    );
    assert_eq!(
        on_record(&world, "ada").await,
        [
            "account.activate",
            "key.add",
            "activation.show",
            "account.create"
        ]
    );
    // Enter once more finds what it did.
    let again = world.bbs.activate(&visit, sent).await.unwrap();
    assert_eq!(again.account.id, id);
    let other = world.bbs.activate(&visit, form(&world, &minted)).await;
    assert_eq!(refused(other), Refusal::CodeStopped);
}

#[tokio::test]
async fn t4_a_code_activates_the_account_with_a_password() {
    let world = World::new().await;
    let id = prepare(&world, "ada", Role::User).await;
    let minted = code(&world, id).await;
    let visit = world.visit();
    let none = world.bbs.activate(&visit, form(&world, &minted)).await;
    assert_eq!(refused(none), Refusal::NoWayIn);
    let weak = Form {
        password: Secret::new("ada@example".into()),
        ..form(&world, &minted)
    };
    let weak = refused(world.bbs.activate(&visit, weak).await);
    assert!(matches!(weak, Refusal::PasswordEasy(_)), "{weak:?}");
    assert_eq!(state(&world, &minted).await, State::Live);
    let good = Form {
        password: Secret::new(PASSWORD.into()),
        ..form(&world, &minted)
    };
    world.bbs.activate(&visit, good).await.unwrap();
    let password = Secret::new(PASSWORD.to_owned());
    let back = world.visit();
    let entrance = world.bbs.enter_by_password(&back, "ada", &password);
    assert!(entrance.await.is_ok());
}

#[tokio::test]
async fn t4_whatever_the_board_does_with_strangers_an_account_is_activated() {
    let world = World::new().await;
    world.set("email_required", "on").await;
    world.set("email_allow_domains", "example.net").await;
    world.set("queue_backlog_max", "0").await;
    for (number, &mode) in Mode::ALL.iter().enumerate() {
        world.set("registration_paused", "off").await;
        world.mode(mode).await;
        world.set("registration_paused", "on").await;
        let handle = format!("caller{number}");
        let minted = code(&world, prepare(&world, &handle, Role::User).await).await;
        let visit = world.visit_of(&handle);
        let preview = world.bbs.preview_code(&visit, minted.code.expose()).await;
        assert_eq!(preview.unwrap().inviter.as_deref(), Some("opal"));
        let login = world.bbs.activate(&visit, form(&world, &minted)).await;
        assert_eq!(login.unwrap().account.status, Status::Active, "{mode}");
    }
    // It makes no other account, whatever somebody fills in.
    world.set("registration_paused", "off").await;
    world.mode(Mode::Open).await;
    world.set("email_required", "off").await;
    let minted = code(&world, prepare(&world, "ada", Role::Sysop).await).await;
    let mut eve = world.form("eve");
    eve.code = minted.code.clone();
    let made = world.bbs.register(&world.visit_of("eve"), eve).await;
    assert_eq!(refused(made), Refusal::CodeStopped);
    assert_eq!(state(&world, &minted).await, State::Live);
}

#[tokio::test]
async fn w11_a_code_that_is_over_activates_nothing() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let jade = world.create("jade", Role::Sysop).await;
    let id = prepare(&world, "ada", Role::User).await;
    let visit = world.visit_of("ada");
    let over = async |minted: &Minted, then: State| {
        assert_eq!(state(&world, minted).await, then);
        let seen = world.bbs.preview_code(&visit, minted.code.expose()).await;
        assert_eq!(refused(seen), Refusal::CodeUnusable, "{then}");
        let login = world.bbs.activate(&visit, form(&world, minted)).await;
        assert_eq!(refused(login), Refusal::CodeStopped, "{then}");
        assert_eq!(status(&world, id).await, Status::Unverified, "{then}");
    };
    let old = code(&world, id).await;
    let new = code(&world, id).await;
    over(&old, State::Revoked).await;
    assert!(world.bbs.revoke_activation(&jade, id).await.unwrap());
    over(&new, State::Revoked).await;
    assert!(!world.bbs.revoke_activation(&jade, id).await.unwrap());
    let late = code(&world, id).await;
    world.clock.advance(30 * DAY);
    over(&late, State::Expired).await;
    // Making accounts is a sysop's; the code of one who is none any more waits.
    world.set("invite_code_generators", "any_user").await;
    let frozen = code(&world, id).await;
    let down = Decision::ChangeRole(Role::Mod);
    let opal = opal.account().unwrap();
    world.bbs.decide_about(&jade, opal, down).await.unwrap();
    over(&frozen, State::Frozen).await;
}

#[tokio::test]
async fn only_who_manages_accounts_prepares_them_and_makes_their_codes() {
    let world = World::new().await;
    world.set("invite_code_generators", "any_user").await;
    let moss = world.create("moss", Role::Mod).await;
    let new = Preparation {
        handle: "ada".into(),
        email: String::new(),
        role: Role::User,
    };
    let made = world.bbs.prepare_user(&moss, new).await;
    assert_eq!(refused(made), Refusal::NotAllowed);
    let id = prepare(&world, "ada", Role::User).await;
    let shown = world.bbs.show_activation(&moss, id).await;
    assert_eq!(refused(shown), Refusal::NotAllowed);
    let revoked = world.bbs.revoke_activation(&moss, id).await;
    assert_eq!(refused(revoked), Refusal::NotAllowed);
    let member = moss.account().unwrap();
    let shown = world.bbs.show_activation(&world.console, member).await;
    assert_eq!(refused(shown), Refusal::NotPrepared);
}

#[tokio::test]
async fn t5_an_account_without_a_way_in_is_let_in_by_its_code_alone() {
    let world = World::new().await;
    let id = prepare(&world, "ada", Role::User).await;
    let minted = code(&world, id).await;
    let waived = world
        .bbs
        .waive_proof(&world.console, id, "I know her.")
        .await;
    assert_eq!(refused(waived), Refusal::NotActivated);
    for decision in [
        Decision::Approve,
        Decision::Reject {
            reason: Reason::TooLittle,
            tell: Tell::Yes,
            text: String::new(),
            note: String::new(),
        },
    ] {
        let decided = world.bbs.decide_about(&world.console, id, decision).await;
        assert!(matches!(refused(decided), Refusal::Conflict { .. }));
    }
    assert_eq!(state(&world, &minted).await, State::Live);
    // With a key that staff vouch for there is a way in, and no need of a code.
    let text = key("ada").key().to_openssh().to_owned();
    let added = world.bbs.add_key_to(&world.console, id, &text).await;
    added.unwrap();
    let waived = world
        .bbs
        .waive_proof(&world.console, id, "I know her.")
        .await;
    assert_eq!(waived.unwrap().account.status, Status::Active);
    assert_eq!(state(&world, &minted).await, State::Revoked);
}

#[tokio::test]
async fn k5_a_code_for_a_new_password_leads_nobody_past_the_code_of_the_account() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let id = prepare(&world, "ada", Role::User).await;
    let reset = world.bbs.show_reset(&opal, id).await;
    assert_eq!(refused(reset), Refusal::NotActivated);
    // A key that staff vouch for is a way in, but activates nothing.
    let text = key("ada").key().to_openssh().to_owned();
    let added = world.bbs.add_key_to(&world.console, id, &text).await;
    added.unwrap();
    let visit = world.visit_of("ada");
    let login = inside(world.bbs.enter_by_key(&visit).await);
    assert_eq!(login.account.status, Status::Unverified);
    let asked = world.bbs.ask_for_address_code(&login.actor, &visit).await;
    assert_eq!(refused(asked), Refusal::NotActivated);
    let proof = Secret::new("abcd-efgh".to_owned());
    let proven = world.bbs.prove_address(&login.actor, &proof).await;
    assert!(matches!(
        refused(proven),
        Refusal::NotActivated | Refusal::CodeTypo(_)
    ));
    let moved = world
        .bbs
        .change_email(&login.actor, &visit, "eve@example.org");
    assert_eq!(refused(moved.await), Refusal::NotActivated);
    let gone = world.bbs.withdraw(&login.actor).await;
    assert_eq!(refused(gone), Refusal::NotActivated);
    let room = world.call(login.actor.clone(), route::home(&login)).await;
    assert!(
        room.shows("waits for the code that activates it"),
        "{}",
        room.text()
    );
    let minted = code(&world, id).await;
    let visit = world.visit_of("her_other_key");
    let login = world.bbs.activate(&visit, form(&world, &minted)).await;
    assert_eq!(login.unwrap().account.status, Status::Active);
}

#[tokio::test]
async fn t14_whoever_is_deleted_before_they_came_takes_their_code_along() {
    let world = World::new().await;
    let id = prepare(&world, "ada", Role::User).await;
    let minted = code(&world, id).await;
    world
        .bbs
        .delete_user(&world.console, id, "ada")
        .await
        .unwrap();
    assert_eq!(state(&world, &minted).await, State::Revoked);
    let login = world
        .bbs
        .activate(&world.visit_of("ada"), form(&world, &minted))
        .await;
    assert_eq!(refused(login), Refusal::CodeStopped);
    assert_eq!(status(&world, id).await, Status::Deleted);
}

#[tokio::test]
async fn k3_threat_21_many_callers_on_one_code_make_one_activation() {
    let world = Arc::new(World::new().await);
    let id = prepare(&world, "ada", Role::User).await;
    let minted = Arc::new(code(&world, id).await);
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..16 {
        let (world, minted) = (Arc::clone(&world), Arc::clone(&minted));
        calls.spawn(async move {
            let visit = world.visit_of(&format!("caller{number}"));
            let form = form(&world, &minted);
            world.bbs.activate(&visit, form).await.is_ok()
        });
    }
    let done = calls.join_all().await;
    assert_eq!(done.iter().filter(|is_done| **is_done).count(), 1);
    let detail = world.bbs.user(&world.console, id).await.unwrap();
    assert_eq!(detail.account.status, Status::Active);
    assert_eq!(detail.keys.len(), 1, "one of them has a way in");
    let opal = world.actor("opal").await;
    assert!(!world.bbs.examine(&opal).await.unwrap().is_bad());
}

#[tokio::test]
async fn k3_an_activation_and_what_ends_its_code_at_the_same_time_do_not_both_happen() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    for number in 0..12 {
        let handle = format!("caller{number}");
        let id = prepare(&world, &handle, Role::User).await;
        let minted = code(&world, id).await;
        let visit = world.visit_of(&handle);
        let activate = world.bbs.activate(&visit, form(&world, &minted));
        let revoke = world.bbs.revoke_activation(&opal, id);
        let delete = world.bbs.delete_user(&opal, id, &handle);
        let renew = world.bbs.show_activation(&opal, id);
        // Whoever is asked first comes first, on one writer or the other.
        let (is_active, is_over) = match number % 6 {
            0 => tokio::join!(async { activate.await.is_ok() }, async {
                revoke.await.is_ok_and(|there_was| there_was)
            }),
            1 => {
                let (over, active) = tokio::join!(revoke, activate);
                (active.is_ok(), over.is_ok_and(|there_was| there_was))
            }
            2 => {
                let (over, active) = tokio::join!(renew, activate);
                (active.is_ok(), over.is_ok())
            }
            3 => {
                let (active, over) = tokio::join!(activate, renew);
                (active.is_ok(), over.is_ok())
            }
            4 => {
                let (over, active) = tokio::join!(delete, activate);
                assert!(over.is_ok(), "members are deleted, too");
                (active.is_ok(), active.is_err())
            }
            _ => {
                let (active, over) = tokio::join!(activate, delete);
                assert!(over.is_ok(), "members are deleted, too");
                (active.is_ok(), active.is_err())
            }
        };
        assert!(is_active != is_over, "{number}: {is_active} and {is_over}");
        let used = state(&world, &minted).await == State::Used;
        assert_eq!(used, is_active, "{number}");
    }
}

#[tokio::test]
async fn another_address_takes_no_code_that_was_handed_over() {
    let world = World::new().await;
    let id = prepare(&world, "ada", Role::User).await;
    let minted = code(&world, id).await;
    world.readdress("ada", "lovelace@example.org").await;
    assert_eq!(state(&world, &minted).await, State::Live);
    world.readdress("ada", "").await;
    let detail = world.bbs.user(&world.console, id).await.unwrap();
    assert!(detail.account.email.is_none() && detail.letter.is_none());
}

/// A call by the line of a code, on a terminal of that size.
async fn call(world: &World, visit: &Arc<Visit>, size: Size) -> Call {
    let (_, first) = route::begin(&world.bbs, visit).await.unwrap();
    let visit = Arc::clone(visit);
    world.call_with(visit, size, Actor::Guest, first).await
}

fn visit_by(world: &World, minted: &Minted, who: Option<&str>) -> Arc<Visit> {
    let door = format!("join-{}", minted.code.expose());
    world.visit_with(DoorName::parse(&door), who.map(key))
}

#[tokio::test]
async fn the_wizard_asks_for_a_way_in_and_nothing_else() {
    let world = World::new().await;
    world.mode(Mode::Closed).await;
    let id = prepare(&world, "ada", Role::User).await;
    let minted = code(&world, id).await;
    let mut screens = Vec::new();
    for size in [Size::USUAL, SMALL] {
        let mut call = call(&world, &visit_by(&world, &minted, Some("ada")), size).await;
        screens.push(call.text());
        call.press(&[ENTER]).await;
        screens.push(call.text());
        call.press(&[ENTER]).await;
        screens.push(call.text());
    }
    let mut stranger = call(&world, &visit_by(&world, &minted, None), Size::USUAL).await;
    stranger
        .press(&[ENTER, PASSWORD, ENTER, PASSWORD, ENTER])
        .await;
    assert!(stranger.shows("step 3 of 3"), "{}", stranger.text());
    stranger.types(ENTER).await;
    assert!(stranger.shows("Main menu"), "{}", stranger.text());
    assert_eq!(status(&world, id).await, Status::Active);
    let line = "─".repeat(80);
    assert_snapshot!("activation", screens.join(&format!("\n{line}\n")));
}

#[tokio::test]
async fn a_code_that_leads_nowhere_is_explained_where_nobody_is_taken() {
    let world = World::new().await;
    let id = prepare(&world, "ada", Role::User).await;
    let minted = code(&world, id).await;
    world
        .bbs
        .revoke_activation(&world.console, id)
        .await
        .unwrap();
    let invite = world.bbs.create_invite(&world.console, Draft::default());
    let invite = invite.await.unwrap();
    world.mode(Mode::Closed).await;
    let over = call(&world, &visit_by(&world, &minted, None), Size::USUAL).await;
    assert!(
        over.shows("✗ That invite can't be used."),
        "{}",
        over.text()
    );
    let closed = call(&world, &visit_by(&world, &invite, None), Size::USUAL).await;
    assert!(closed.shows("takes no new callers"), "{}", closed.text());
    assert!(!closed.shows("✗"), "{}", closed.text());
}

#[tokio::test]
async fn staff_see_who_was_prepared_and_where_the_code_stands() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let id = prepare(&world, "ada", Role::User).await;
    let mut users = world.call(opal.clone(), Users::new()).await;
    users.types(RIGHT).await;
    assert!(!users.shows("waive"), "nobody could get in");
    assert!(
        users.shows("prepared") && users.shows("code    none yet"),
        "{}",
        users.text()
    );
    code(&world, id).await;
    users.look().await;
    assert_snapshot!("prepared", users.text());
    let mut invites = world.call(opal, Invites::new(Whose::All)).await;
    invites.types(ENTER).await;
    assert!(
        invites.shows("ada, whose account it activates"),
        "{}",
        invites.text()
    );
}

#[tokio::test]
async fn a_command_makes_the_account_and_its_code() {
    let world = World::new().await;
    let ask = async |line: &str| {
        let order = command::parse_line(&format!("{line} --json")).unwrap();
        let output = command::run(&world.bbs, &world.console, order, None).await;
        assert_eq!(
            output.exit,
            command::Exit::Done,
            "{line}: {}",
            output.stderr
        );
        serde_json::from_str::<Value>(&output.stdout).unwrap()
    };
    let made = ask("user create ada --no-credentials --role mod").await;
    assert_eq!(made["status"], "unverified");
    let none = json!({ "id": null, "state": null, "expires_at": null });
    assert_eq!(made["activation"], none);
    let shown = ask("user activation show ada").await;
    assert_eq!(shown["activates"], "ada");
    let line = shown["ssh"].as_str().unwrap();
    assert!(line.starts_with("ssh -p 2222 join-"), "{line}");
    let user = ask("user show ada").await;
    assert_eq!(
        user["activation"],
        json!({ "id": "inv-1", "state": "live", "expires_at": "2026-12-21T21:04:00Z" })
    );
    assert!(ask("user activation show ada --dry-run").await["code"].is_null());
    assert_eq!(ask("user show ada").await["activation"]["id"], "inv-1");
    let revoked = ask("user activation revoke ada").await;
    assert_eq!(revoked["activation"]["state"], "revoked");
}

/// A board with mail, and an account that was made for ada.
async fn with_mail() -> (World, Inbox, AccountId) {
    let (mailer, inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    let id = prepare(&world, "ada", Role::User).await;
    (world, inbox, id)
}

/// Sends what is due, and returns the codes in it.
async fn sent(world: &World, inbox: &Inbox) -> Vec<Secret<String>> {
    world.bbs.send_due().await.unwrap();
    let letters = std::mem::take(&mut *inbox.lock().unwrap());
    let code = |letter: &String| {
        let (_, after) = letter.split_once("join-")?;
        let (code, _) = after.split_once('@')?;
        Some(Secret::new(code.to_owned()))
    };
    letters.iter().filter_map(code).collect()
}

async fn send(world: &World, id: AccountId) -> Letter {
    let opal = world.actor("opal").await;
    world.bbs.send_activation(&opal, id).await.unwrap()
}

async fn comes(world: &World, code: &Secret<String>) -> Result<Account, Refusal> {
    let mut submission = [0; 16];
    world.bbs.entropy().fill(&mut submission);
    let form = Form {
        submission,
        code: code.clone(),
        keep_key: KeepKey::Yes,
        password: Secret::new(String::new()),
    };
    match world.bbs.activate(&world.visit_of("ada"), form).await {
        Ok(login) => Ok(login.account),
        other => Err(refused(other)),
    }
}

#[tokio::test]
async fn t4_a_code_that_came_by_letter_proves_the_address() {
    let (world, inbox, id) = with_mail().await;
    let letter = send(&world, id).await;
    assert_eq!(letter.state, LetterState::Queued);
    let codes = sent(&world, &inbox).await;
    assert_eq!(codes.len(), 1);
    let ada = comes(&world, &codes[0]).await.unwrap();
    assert!(ada.email_proven && ada.status == Status::Active);
    // What they did themselves, nobody writes to them about.
    world.clock.advance(DAY);
    world.bbs.send_due().await.unwrap();
    assert!(inbox.lock().unwrap().is_empty());
}

#[tokio::test]
async fn t4_an_address_that_somebody_came_with_meanwhile_stays_theirs() {
    let (world, inbox, id) = with_mail().await;
    world.set("invite_code_generators", "any_user").await;
    let bert = world.create("bert", Role::User).await;
    let account = world.bbs.user(&world.console, id).await.unwrap().account;
    let address = account.email.unwrap();
    let draft = || Draft {
        bearer: Bearer {
            mailbox: Some(Mailbox::At(address.clone())),
            handle: None,
        },
        ..Draft::default()
    };
    let by_sysop = world.bbs.mail_invite(&world.console, draft()).await;
    assert_eq!(refused(by_sysop), Refusal::EmailTaken);
    world.bbs.mail_invite(&bert, draft()).await.unwrap();
    let codes = sent(&world, &inbox).await;
    let mut vic = world.form("vic");
    (vic.code, vic.email) = (codes[0].clone(), address.as_str().into());
    let visit = world.visit_of("vic");
    let vic = world.bbs.register(&visit, vic).await.unwrap().account;
    assert!(vic.email_proven);
    send(&world, id).await;
    let ada = comes(&world, &sent(&world, &inbox).await[0]).await.unwrap();
    assert_eq!((ada.email, ada.email_proven), (None, false));
}

#[tokio::test]
async fn t4_the_newest_letter_brings_the_code_that_works() {
    let (world, inbox, id) = with_mail().await;
    send(&world, id).await;
    send(&world, id).await;
    // The first was taken back before it left.
    let first = sent(&world, &inbox).await;
    assert_eq!(first.len(), 1);
    send(&world, id).await;
    let second = sent(&world, &inbox).await;
    assert_eq!(comes(&world, &first[0]).await, Err(Refusal::CodeStopped));
    // One that was handed over ends those by letter, too.
    let shown = code(&world, id).await;
    assert_eq!(comes(&world, &second[0]).await, Err(Refusal::CodeStopped));
    let ada = comes(&world, &shown.code).await.unwrap();
    assert!(!ada.email_proven, "nobody has read the address's mail");
}

#[tokio::test]
async fn k1_a_letter_whose_code_is_not_wanted_any_more_does_not_leave() {
    let (world, inbox, id) = with_mail().await;
    send(&world, id).await;
    world
        .bbs
        .revoke_activation(&world.console, id)
        .await
        .unwrap();
    assert!(sent(&world, &inbox).await.is_empty());
    // Nor to an address that it is not any more; a code that went there is over.
    send(&world, id).await;
    let old = sent(&world, &inbox).await;
    send(&world, id).await;
    world.readdress("ada", "lovelace@example.org").await;
    assert!(sent(&world, &inbox).await.is_empty());
    assert_eq!(comes(&world, &old[0]).await, Err(Refusal::CodeStopped));
    let detail = world.bbs.user(&world.console, id).await.unwrap();
    assert_eq!(detail.letter.unwrap().state, LetterState::Cancelled);
    // Nobody hears of a change who does not know of the account.
    let kinds: Vec<_> = detail.ties.letters.iter().map(|one| one.kind).collect();
    assert!(
        kinds.iter().all(|kind| *kind == Kind::Activation),
        "{kinds:?}"
    );
}

#[tokio::test]
async fn a_letter_needs_an_address_and_a_board_that_sends() {
    let (world, _inbox, id) = with_mail().await;
    world.readdress("ada", "").await;
    let sent = world.bbs.send_activation(&world.console, id).await;
    assert_eq!(refused(sent), Refusal::NoAddress);
    world.readdress("ada", "ada@example.org").await;
    world.set("delivery_mode", "no_email").await;
    let sent = world.bbs.send_activation(&world.console, id).await;
    assert_eq!(refused(sent), Refusal::MailOff);
    let detail = world.bbs.user(&world.console, id).await.unwrap();
    assert!(detail.letter.is_none() && detail.activation.is_some());
}

#[tokio::test]
async fn staff_make_an_account_and_its_code_in_one_go() {
    let (world, inbox, _) = with_mail().await;
    let opal = world.actor("opal").await;
    let mut screens = Vec::new();
    for size in [Size::USUAL, SMALL] {
        let handle = format!("wendel{}", size.width);
        let email = format!("{handle}@example.org");
        let mut users = world.call_at(size, opal.clone(), Users::new()).await;
        users.types("+").await;
        users.press(&["opal", ENTER]).await;
        assert!(users.shows("available."), "{}", users.text());
        users.press(&[CTRL_U, &handle, TAB, &email]).await;
        screens.push(users.text());
        users.press(&[ENTER]).await;
        screens.push(users.text());
        users.press(&[ENTER]).await;
        assert!(users.shows("A code goes to wendel"), "{}", users.text());
        assert_eq!(sent(&world, &inbox).await.len(), 1);
    }
    let line = "─".repeat(80);
    assert_snapshot!("new_account", screens.join(&format!("\n{line}\n")));
    // The same from the list, and taken back.
    let mut users = world.call(opal, Users::new()).await;
    users.press(&[RIGHT, DOWN, "i", " ", ENTER]).await;
    assert!(users.shows("I have it"), "{}", users.text());
    users.press(&[ESC, "i", " ", " ", ENTER]).await;
    assert!(users.shows("the code works no longer."), "{}", users.text());
}

#[tokio::test]
async fn an_account_with_a_key_is_in_at_once() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let text = key("ada").key().to_openssh().to_owned();
    let mut users = world.call(opal, Users::new()).await;
    users
        .press(&["+", "ada", TAB, TAB, TAB, " ", TAB, ENTER])
        .await;
    assert!(users.shows("✗ This isn't a key"), "{}", users.text());
    users.press(&[&text, ENTER]).await;
    assert!(
        users.shows("ada may call with that key."),
        "{}",
        users.text()
    );
    assert!(
        world
            .bbs
            .log_in_by_key(&world.visit_of("ada"))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_letter_waits_until_its_domain_is_taken() {
    let (world, inbox, id) = with_mail().await;
    world.set("email_allow_domains", "example.net").await;
    assert_eq!(send(&world, id).await.state, LetterState::Blocked);
    assert!(sent(&world, &inbox).await.is_empty());
    world
        .set("email_allow_domains", "example.net, example.org")
        .await;
    let codes = sent(&world, &inbox).await;
    assert!(comes(&world, &codes[0]).await.unwrap().email_proven);
}

#[tokio::test]
async fn a_second_letter_reminds_two_days_before_the_end() {
    let (world, inbox, id) = with_mail().await;
    send(&world, id).await;
    sent(&world, &inbox).await;
    world.clock.advance(27 * DAY);
    assert_eq!(world.bbs.remind_invitees().await.unwrap(), 0);
    world.clock.advance(DAY);
    assert_eq!(world.bbs.remind_invitees().await.unwrap(), 1);
    let again = sent(&world, &inbox).await;
    assert_eq!(again.len(), 1);
    assert_eq!(world.bbs.remind_invitees().await.unwrap(), 0);
    assert!(comes(&world, &again[0]).await.unwrap().email_proven);
}
