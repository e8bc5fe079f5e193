//! The account as a state machine: each row of the table of the registration
//! spec, with what it brings along.

use std::{sync::Arc, time::Duration};

use ringdown_bbs::{
    app::{
        Stop,
        invite::{Draft, Uses},
        queue::{Decision, Reason, Tell},
    },
    domain::{
        account::{Origin, Role, Status},
        actor::Actor,
        id::AccountId,
        invite::State,
        refusal::Refusal,
        registration::{Admission, Mode},
        secret::Secret,
    },
    store::{
        Read as _,
        account::{Account, From},
        audit::Filter,
    },
    tui::screens::{menu::Menu, users::Users, waiting::Waiting},
};
use tokio::task::JoinSet;

use crate::world::{PASSWORD, World, keys, refused};

const REJECT: Decision = Decision::Reject {
    reason: Reason::TooLittle,
    tell: Tell::Yes,
    text: String::new(),
    note: String::new(),
};

fn suspend() -> Decision {
    Decision::Suspend {
        reason: "a quarrel".into(),
        until: None,
    }
}

async fn decide(world: &World, actor: &Actor, id: AccountId, decision: Decision) -> Account {
    let decided = world.bbs.decide_about(actor, id, decision).await;
    decided.unwrap().account
}

async fn decide_refused(
    world: &World,
    actor: &Actor,
    id: AccountId,
    decision: Decision,
) -> Refusal {
    refused(world.bbs.decide_about(actor, id, decision).await)
}

/// The newest line of the record about an account: what and whose.
async fn on_record(world: &World, handle: &str) -> (String, String) {
    let about = Filter {
        name: Some(handle.into()),
        ..Filter::default()
    };
    let page = world.bbs.list_audit(&world.console, &about, None, 1).await;
    let record = page.unwrap().into_iter().next().unwrap();
    (record.action, record.actor)
}

#[tokio::test]
async fn p15_a_new_board_has_no_account_to_begin_with() {
    let world = World::unclaimed().await;
    for status in Status::ALL {
        let page = world
            .bbs
            .list_users(&world.console, *status, "", From::Start, 10);
        assert!(page.await.unwrap().rows.is_empty(), "{status:?}");
    }
    for name in ["sysop", "admin", "root", "guest"] {
        let (visit, password) = (world.visit(), Secret::new(name.to_owned()));
        let login = world.bbs.enter_by_password(&visit, name, &password);
        assert_eq!(refused(login.await), Refusal::WrongCredentials);
    }
}

#[tokio::test]
async fn p8_a_password_is_kept_as_argon2id_with_sixteen_bytes_of_salt() {
    let (world, store) = World::new().await.with_store().await;
    let mut kept = Vec::new();
    for handle in ["ada", "eve"] {
        let mut form = world.form(handle);
        form.message = "May I?".into();
        form.password = Secret::new(PASSWORD.into());
        let visit = world.visit_of(handle);
        let id = world.bbs.register(&visit, form).await.unwrap().account.id;
        let read = store.read(move |view| {
            let sql = "SELECT password FROM account WHERE id = ?";
            Ok(view
                .db()
                .query_row(sql, [id.0], |row| row.get::<_, String>(0))?)
        });
        let phc = read.await.unwrap();
        let parts: Vec<_> = phc.split('$').map(str::to_owned).collect();
        assert_eq!(
            parts[1..4],
            ["argon2id", "v=19", "m=19456,t=2,p=1"],
            "{phc}"
        );
        // Sixteen bytes are 22 digits of base 64.
        assert_eq!(parts[4].len(), 22, "{phc}");
        kept.push(parts);
    }
    assert_ne!(kept[0][4], kept[1][4], "one salt for two");
    assert_ne!(kept[0][5], kept[1][5]);
}

#[tokio::test]
async fn t1_whoever_is_admitted_walks_in_with_the_key_they_proved() {
    let world = World::new().await;
    world.mode(Mode::InviteOnly).await;
    let opal = world.actor("opal").await;
    let minted = world.bbs.create_invite(&opal, Draft::default()).await;
    let minted = minted.unwrap();
    let mut form = world.form("newbie");
    form.code = minted.code;
    let visit = world.visit_of("newbie");
    let login = world.bbs.register(&visit, form).await.unwrap();
    let account = login.account;
    assert_eq!(
        (account.status, account.role, account.origin),
        (Status::Active, Role::User, Origin::Invite)
    );
    assert_eq!(account.invited_by.unwrap().as_str(), "opal");
    let back = world.bbs.log_in_by_key(&visit).await.unwrap();
    assert_eq!(back.account.id, account.id);
    let invite = world.bbs.invite(&opal, minted.invite.id).await.unwrap();
    assert_eq!(invite.state, State::Used);
    assert_eq!(on_record(&world, "newbie").await.1, "newbie");
}

#[tokio::test]
async fn t3_a_request_rings_at_once_and_becomes_the_waiting_room() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let mut desk = world.call(opal, Menu::new()).await;
    let login = world.asks("newbie").await;
    assert_eq!(
        (login.account.status, login.account.origin),
        (Status::Pending, Origin::Request)
    );
    desk.look().await;
    assert!(desk.shows("newbie"), "{}", desk.text());
    let room = world
        .call(login.actor, Waiting::new(login.account.clone()))
        .await;
    assert!(room.shows("You asked to join just now."), "{}", room.text());
}

#[tokio::test]
async fn t7_an_approved_caller_is_in_the_main_menu() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let login = world.asks("newbie").await;
    let mut room = world
        .call(login.actor, Waiting::new(login.account.clone()))
        .await;
    let account = decide(&world, &opal, login.account.id, Decision::Approve).await;
    assert_eq!(account.status, Status::Active);
    assert_eq!(account.status_by.as_deref(), Some("opal"));
    room.look().await;
    assert!(room.shows("Main menu"), "{}", room.text());
    assert_eq!(on_record(&world, "newbie").await.1, "opal");
}

#[tokio::test]
async fn t8_a_rejected_handle_and_address_stay_reserved() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let id = world
        .asks_from("newbie", "newbie@example.org")
        .await
        .account
        .id;
    assert_eq!(
        decide(&world, &opal, id, REJECT).await.status,
        Status::Rejected
    );
    let mut form = world.form("newbie");
    form.message = "Me again.".into();
    let visit = world.visit_of("somebody");
    let again = world.bbs.register(&visit, form).await;
    assert_eq!(refused(again), Refusal::HandleStopped);
    let mut form = world.form("newbie2");
    form.message = "Me again.".into();
    form.email = "Newbie@example.org".into();
    let again = world.bbs.register(&visit, form).await;
    assert_eq!(refused(again), Refusal::EmailTaken);
}

#[tokio::test]
async fn t9_whoever_withdraws_frees_handle_address_and_invite() {
    let world = World::new().await;
    let draft = Draft {
        uses: Uses::Times(1),
        admission: Admission::Queue,
        ..Draft::default()
    };
    let minted = world.bbs.create_invite(&world.console, draft).await;
    let code = minted.unwrap().code;
    for _ in 0..2 {
        let mut form = world.form("newbie");
        form.code = code.clone();
        form.email = "newbie@example.org".into();
        form.message = "May I?".into();
        let visit = world.visit_of("newbie");
        let login = world.bbs.register(&visit, form).await.unwrap();
        world.bbs.withdraw(&login.actor).await.unwrap();
        let found = world.bbs.find_user(&world.console, "newbie").await;
        assert_eq!(refused(found), Refusal::NoSuchAccount);
    }
}

#[tokio::test]
async fn t10_a_reopened_request_shows_what_was_decided_before() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let id = world.asks("newbie").await.account.id;
    decide(&world, &opal, id, REJECT).await;
    let account = decide(&world, &opal, id, Decision::Reopen).await;
    assert_eq!(account.status, Status::Pending);
    let users = world.call(opal, Users::new()).await;
    assert!(
        users.shows("opal rejected this on 21 Nov 2026: too little said"),
        "{}",
        users.text()
    );
}

#[tokio::test]
async fn t12_a_suspension_ends_live_sessions_with_its_reason_and_freezes_invites() {
    let world = World::new().await;
    world.set("invite_code_generators", "any_user").await;
    let opal = world.actor("opal").await;
    let ada = world.create("ada", Role::User).await;
    let id = ada.account().unwrap();
    let minted = world.bbs.create_invite(&ada, Draft::default()).await;
    let invite = minted.unwrap().invite.id;
    let mut call = world.call(ada, Menu::new()).await;
    decide(&world, &opal, id, suspend()).await;
    call.look().await;
    assert!(call.is_over() || call.shows("a quarrel"), "{}", call.text());
    let seen = world.bbs.invite(&opal, invite).await.unwrap();
    assert_eq!(seen.state, State::Frozen);

    let oneself = opal.account().unwrap();
    assert_eq!(
        decide_refused(&world, &opal, oneself, suspend()).await,
        Refusal::NotOneself
    );
    assert_eq!(
        decide_refused(&world, &world.console, oneself, suspend()).await,
        Refusal::LastSysop
    );
}

#[tokio::test]
async fn t13_whoever_is_reactivated_has_the_old_key_and_live_invites() {
    let world = World::new().await;
    world.set("invite_code_generators", "any_user").await;
    let opal = world.actor("opal").await;
    let ada = world.create("ada", Role::User).await;
    let id = ada.account().unwrap();
    let minted = world.bbs.create_invite(&ada, Draft::default()).await;
    let invite = minted.unwrap().invite.id;
    decide(&world, &opal, id, suspend()).await;
    let until = world.bbs.clock().now() + chrono::TimeDelta::hours(1);
    let account = decide(&world, &opal, id, Decision::Reactivate).await;
    assert_eq!(account.status, Status::Active);
    let back = world.bbs.log_in_by_key(&world.visit_of("ada")).await;
    assert_eq!(back.unwrap().account.status, Status::Active);
    let seen = world.bbs.invite(&opal, invite).await.unwrap();
    assert_eq!(seen.state, State::Live);

    // The other way back: the job, at the end that was set.
    let until = Decision::Suspend {
        reason: "an hour".into(),
        until: Some(until),
    };
    decide(&world, &opal, id, until).await;
    assert_eq!(world.bbs.end_suspensions().await.unwrap(), 0);
    world.clock.advance(Duration::from_hours(1));
    assert_eq!(world.bbs.end_suspensions().await.unwrap(), 1);
    let back = world.bbs.refresh(id).await.unwrap().unwrap();
    assert_eq!(back.account.status, Status::Active);
}

#[tokio::test]
async fn t17_a_new_role_is_there_in_live_sessions_and_never_for_oneself() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let ada = world.create("ada", Role::User).await;
    let id = ada.account().unwrap();
    let mut call = world.call(ada.clone(), Menu::new()).await;
    assert!(!call.shows("sysop area"), "{}", call.text());
    decide(&world, &opal, id, Decision::ChangeRole(Role::Sysop)).await;
    call.look().await;
    assert!(call.shows("sysop area"), "{}", call.text());
    call.types(keys::ESC).await;

    let down = Decision::ChangeRole(Role::User);
    let oneself = opal.account().unwrap();
    assert_eq!(
        decide_refused(&world, &opal, oneself, down.clone()).await,
        Refusal::NotOneself
    );
    decide(&world, &opal, id, down.clone()).await;
    assert_eq!(
        decide_refused(&world, &world.console, oneself, down).await,
        Refusal::LastSysop
    );
    let asked = world.asks("newbie").await.account.id;
    let up = Decision::ChangeRole(Role::Mod);
    assert!(matches!(
        decide_refused(&world, &opal, asked, up).await,
        Refusal::Conflict { .. }
    ));
}

#[tokio::test]
async fn threat_26_whatever_two_sysops_press_at_once_the_record_walks_through_the_table() {
    let world = Arc::new(World::new().await);
    let (opal, jade) = (
        world.actor("opal").await,
        world.create("jade", Role::Sysop).await,
    );
    let mut asked = Vec::new();
    for n in 0..4 {
        asked.push(world.asks(&format!("caller{n}")).await.account.id);
    }
    let decisions = || {
        [
            Decision::Approve,
            REJECT,
            Decision::Reopen,
            suspend(),
            Decision::Reactivate,
            Decision::Undo,
            Decision::ChangeRole(Role::Sysop),
            Decision::ChangeRole(Role::User),
        ]
    };
    let mut presses = JoinSet::new();
    for _ in 0..200 {
        for actor in [&opal, &jade] {
            let (world, actor) = (Arc::clone(&world), actor.clone());
            let mut chance = [0; 2];
            world.bbs.entropy().fill(&mut chance);
            let id = asked[usize::from(chance[0]) % asked.len()];
            let decision = decisions()[usize::from(chance[1]) % 8].clone();
            presses.spawn(async move {
                match world.bbs.decide_about(&actor, id, decision).await {
                    Ok(_) => true,
                    Err(Stop::Refused(_)) => false,
                    Err(Stop::Broken(broken)) => panic!("{broken:?}"),
                }
            });
        }
    }
    let results = presses.join_all().await;
    assert!(results.contains(&true) && results.contains(&false));

    for id in asked {
        let account = world.bbs.user(&opal, id).await.unwrap().account;
        let about = Filter {
            name: Some(account.handle.to_string()),
            ..Filter::default()
        };
        let all = world.bbs.list_audit(&opal, &about, None, 1_000).await;
        let mut stands = Status::Pending.name().to_owned();
        for record in all.unwrap().iter().rev() {
            // Keys and roles are on record as well.
            let Some(before) = record.before.as_deref().and_then(Status::named) else {
                continue;
            };
            assert_eq!(before.name(), stands, "{record:?}");
            stands = record.after.clone().unwrap();
        }
        assert_eq!(stands, account.status.name());
    }
    assert!(!world.bbs.examine(&opal).await.unwrap().is_bad());
}
