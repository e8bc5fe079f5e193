//! Joining: the table of modes, codes that are used exactly when an account
//! exists, and races.

use std::sync::Arc;

use ringdown_bbs::{
    app::{
        invite::{Draft, Uses, Whose},
        queue::{Decision, Reason, Tell},
    },
    domain::{
        account::{Role, Status},
        actor::Actor,
        invite::State,
        refusal::Refusal,
        registration::{Admission, Mode},
        secret::Secret,
    },
};

use crate::world::{PASSWORD, World, inside, key, refused};

async fn code(world: &World, uses: Uses, admission: Admission) -> Secret<String> {
    let draft = Draft {
        uses,
        admission,
        ..Draft::default()
    };
    world
        .bbs
        .create_invite(&world.console, draft)
        .await
        .unwrap()
        .code
}

#[tokio::test]
async fn the_table_of_modes_holds() {
    use Mode::{Closed, InviteOnly, Open, SysopApproved};
    let rows = [
        (
            Open,
            Some(Status::Active),
            Some(Status::Active),
            Some(Status::Pending),
        ),
        (
            SysopApproved,
            Some(Status::Pending),
            Some(Status::Active),
            Some(Status::Pending),
        ),
        (
            InviteOnly,
            None,
            Some(Status::Active),
            Some(Status::Pending),
        ),
        (Closed, None, None, None),
    ];
    for (mode, without, admits, queues) in rows {
        let world = World::new().await;
        world.mode(mode).await;
        let cases = [
            ("nocode", None, without),
            ("admits", Some(Admission::Auto), admits),
            ("queues", Some(Admission::Queue), queues),
        ];
        for (handle, admission, expected) in cases {
            let mut form = world.form(handle);
            form.message = "Hello, may I?".into();
            if let Some(admission) = admission {
                form.code = code(&world, Uses::Times(1), admission).await;
            }
            let result = world.bbs.register(&world.visit_of(handle), form).await;
            assert_eq!(
                result.ok().map(|login| login.account.status),
                expected,
                "{mode}, {handle}"
            );
        }
        let seen = world
            .bbs
            .list_invites(&world.actor("opal").await, Whose::All, None, 10)
            .await
            .unwrap();
        for one in seen {
            let used = u32::from(mode != Closed);
            assert_eq!(one.invite.uses, used, "{mode}");
        }
    }
}

#[tokio::test]
async fn threat_21_k3_one_code_and_forty_callers_make_exactly_as_many_accounts_as_it_has_uses() {
    // Races are proved by repetition.
    for uses in [1, 3] {
        let world = Arc::new(World::new().await);
        let code = code(&world, Uses::Times(uses), Admission::Auto).await;
        let mut calls = tokio::task::JoinSet::new();
        for n in 0..40 {
            let (world, code) = (Arc::clone(&world), code.clone());
            calls.spawn(async move {
                let handle = format!("caller{n}");
                let mut form = world.form(&handle);
                form.code = code;
                world
                    .bbs
                    .register(&world.visit_of(&handle), form)
                    .await
                    .is_ok()
            });
        }
        let results = calls.join_all().await;
        assert_eq!(
            results.iter().filter(|ok| **ok).count(),
            usize::try_from(uses).unwrap()
        );
    }
}

#[tokio::test]
async fn a_taken_handle_gives_the_code_back() {
    let world = World::new().await;
    world.create("ada", Role::User).await;
    let code = code(&world, Uses::Times(1), Admission::Auto).await;
    let mut form = world.form("ADA");
    form.code = code.clone();
    let visit = world.visit_of("newcomer");
    let refusal = refused(world.bbs.register(&visit, form).await);
    assert_eq!(refusal, Refusal::HandleStopped);
    let mut form = world.form("newcomer");
    form.code = code;
    world.bbs.register(&visit, form).await.unwrap();
}

#[tokio::test]
async fn a_repeated_submit_returns_the_first_result() {
    let world = World::new().await;
    let mut form = world.form("newbie");
    form.message = "Twice by mistake.".into();
    let visit = world.visit_of("newbie");
    let first = world.bbs.register(&visit, form.clone()).await.unwrap();
    let second = world.bbs.register(&visit, form).await.unwrap();
    assert_eq!(first.account.id, second.account.id);
}

#[tokio::test]
async fn a_mode_that_changed_in_mid_wizard_writes_nothing() {
    let world = World::new().await;
    let form = world.form("newbie");
    world.mode(Mode::InviteOnly).await;
    let refusal = refused(world.bbs.register(&world.visit_of("newbie"), form).await);
    assert_eq!(refusal, Refusal::ModeChanged(Mode::InviteOnly));
    let found = world.bbs.find_user(&world.console, "newbie").await;
    assert_eq!(refused(found), Refusal::NoSuchAccount);
}

#[tokio::test]
async fn an_unclaimed_board_takes_no_requests_and_its_line_works_once() {
    let world = World::unclaimed().await;
    let mut form = world.form("early");
    form.message = "First.".into();
    let refusal = refused(world.bbs.register(&world.visit_of("early"), form).await);
    assert_eq!(refusal, Refusal::Unclaimed);

    let line = world.bbs.mint_claim().await.unwrap().unwrap();
    let code = line.expose().split("claim-").nth(1).unwrap();
    let code = code.split('@').next().unwrap().to_owned();
    let door = ringdown_bbs::domain::door::DoorName::ClaimCode(Secret::new(code));
    let visit = world.visit_with(door.clone(), Some(key("opal")));
    let arrival = world.bbs.arrive(&visit).await.unwrap();
    let ringdown_bbs::app::door::Arrival::Claim(proof) = arrival else {
        panic!("{arrival:?}");
    };
    let claim = |handle: &str| {
        let mut form = world.form(handle);
        form.claim = Some(proof.clone());
        form.site = Some(("The Museum".into(), "opal@example.org".into()));
        form
    };
    let login = world.bbs.register(&visit, claim("sysop")).await.unwrap();
    assert_eq!(
        (login.account.role, login.account.status),
        (Role::Sysop, Status::Active)
    );
    assert_eq!(world.bbs.settings().site_name.as_str(), "The Museum");
    let late = world.visit_with(door, Some(key("late")));
    let refusal = refused(world.bbs.register(&late, claim("late")).await);
    assert_eq!(refusal, Refusal::ClaimUnusable);
    assert!(world.bbs.mint_claim().await.unwrap().is_none());
}

#[tokio::test]
async fn threat_22_approving_twice_is_one_transition_and_a_conflict_that_names_the_first() {
    for _ in 0..10 {
        let world = Arc::new(World::new().await);
        let jade = world.create("jade", Role::Sysop).await;
        let opal = world.actor("opal").await;
        let id = world.asks("newbie").await.account.id;
        let decide = |actor: Actor, decision: Decision| {
            let world = Arc::clone(&world);
            tokio::spawn(async move { world.bbs.decide_about(&actor, id, decision).await })
        };
        let reject = Decision::Reject {
            reason: Reason::Unspecified,
            tell: Tell::Yes,
            text: String::new(),
            note: String::new(),
        };
        let (one, two) = (decide(opal, Decision::Approve), decide(jade, reject));
        let results = [one.await.unwrap(), two.await.unwrap()];
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let loser = results.into_iter().find(Result::is_err).unwrap();
        let Refusal::Conflict { by: Some(by), .. } = refused(loser) else {
            panic!("not a conflict");
        };
        assert!(by == "opal" || by == "jade");
    }
}

#[tokio::test]
async fn threat_24_two_sysops_who_demote_each_other_leave_one() {
    for _ in 0..10 {
        let world = Arc::new(World::new().await);
        let jade = world.create("jade", Role::Sysop).await;
        let opal = world.actor("opal").await;
        let demote = |actor: Actor, other: &Actor| {
            let (world, id) = (Arc::clone(&world), other.account().unwrap());
            tokio::spawn(async move {
                let down = Decision::ChangeRole(Role::User);
                world.bbs.decide_about(&actor, id, down).await
            })
        };
        let (one, two) = (demote(opal.clone(), &jade), demote(jade, &opal));
        let done = [one.await.unwrap(), two.await.unwrap()];
        assert_eq!(done.iter().filter(|result| result.is_ok()).count(), 1);
    }
}

#[tokio::test]
async fn a_withdrawn_request_frees_handle_key_and_invite() {
    let world = World::new().await;
    let code = code(&world, Uses::Times(1), Admission::Queue).await;
    for _ in 0..3 {
        let mut form = world.form("newbie");
        form.code = code.clone();
        form.message = "Again.".into();
        let login = world
            .bbs
            .register(&world.visit_of("newbie"), form)
            .await
            .unwrap();
        world.bbs.withdraw(&login.actor).await.unwrap();
    }
}

#[tokio::test]
async fn a_code_freezes_with_its_issuer_and_thaws() {
    let world = World::new().await;
    let jade = world.create("jade", Role::Sysop).await;
    let minted = world
        .bbs
        .create_invite(&jade, Draft::default())
        .await
        .unwrap();
    let id = jade.account().unwrap();
    let suspend = Decision::Suspend {
        reason: "away".into(),
        until: None,
    };
    world
        .bbs
        .decide_about(&world.console, id, suspend)
        .await
        .unwrap();
    let seen = world
        .bbs
        .invite(&world.console, minted.invite.id)
        .await
        .unwrap();
    assert_eq!(seen.state, State::Frozen);
    let visit = world.visit();
    let preview = world.bbs.preview_code(&visit, minted.code.expose()).await;
    assert_eq!(refused(preview), Refusal::CodeUnusable);
    world
        .bbs
        .decide_about(&world.console, id, Decision::Reactivate)
        .await
        .unwrap();
    world
        .bbs
        .preview_code(&visit, minted.code.expose())
        .await
        .unwrap();
}

#[tokio::test]
async fn wrong_codes_end_a_connection_and_then_hold_a_source_but_never_a_right_one() {
    let world = World::new().await;
    let good = code(&world, Uses::Times(1), Admission::Auto).await;
    let wrong = "0000000000000";
    let visit = world.visit();
    for n in 1..=5 {
        let refusal = refused(world.bbs.preview_code(&visit, wrong).await);
        let expected = if n == 5 {
            Refusal::CodesSpent
        } else {
            Refusal::CodeUnusable
        };
        assert_eq!(refusal, expected);
    }
    for n in 6..=11 {
        let again = world.same_source(&visit);
        let refusal = refused(world.bbs.preview_code(&again, wrong).await);
        let expected = if n > 10 {
            Refusal::TryLater
        } else {
            Refusal::CodeUnusable
        };
        assert_eq!(refusal, expected, "{n}");
    }
    world.bbs.preview_code(&visit, good.expose()).await.unwrap();
}

#[tokio::test]
async fn threat_16_p12_every_wrong_login_is_one_text_and_one_argon2() {
    let world = World::new().await;
    world.create("keyonly", Role::User).await;
    let mut form = world.form("ada");
    form.message = "Hello.".into();
    form.password = Secret::new(PASSWORD.into());
    world
        .bbs
        .register(&world.visit_of("ada"), form)
        .await
        .unwrap();
    let wrong = Secret::new("not the right one at all".to_owned());
    for handle in ["ada", "keyonly", "nobody", "\u{1b}[2J", ""] {
        let before = world.bbs.hashes();
        let result = world
            .bbs
            .enter_by_password(&world.visit(), handle, &wrong)
            .await;
        assert_eq!(refused(result), Refusal::WrongCredentials, "{handle}");
        assert_eq!(world.bbs.hashes() - before, 1, "{handle}");
    }
    let right = Secret::new(PASSWORD.to_owned());
    let visit = world.visit();
    let login = inside(world.bbs.enter_by_password(&visit, "ADA ", &right).await);
    assert_eq!(login.account.status, Status::Pending);
}
