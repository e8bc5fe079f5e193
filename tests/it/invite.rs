//! Who may make which invites, and who sees them (spec §2, §3).

use std::time::Duration;

use ringdown_bbs::{
    app::invite::{Draft, Uses, Whose},
    domain::{
        account::{Role, Status},
        refusal::Refusal,
        registration::Admission,
    },
    store::invite::State,
};

use crate::world::{World, refused};

fn draft(uses: Uses) -> Draft {
    Draft {
        uses,
        ..Draft::default()
    }
}

#[tokio::test]
async fn members_invite_only_where_the_board_says_so() {
    let world = World::new().await;
    let (ada, moss) = (
        world.create("ada", Role::User).await,
        world.create("moss", Role::Mod).await,
    );
    for (generators, user, moderator) in [
        ("sysop_only", false, false),
        ("mods", false, true),
        ("any_user", true, true),
    ] {
        world.set("invite_code_generators", generators).await;
        for (actor, may) in [(&ada, user), (&moss, moderator)] {
            let made = world.bbs.create_invite(actor, Draft::default()).await;
            assert_eq!(made.is_ok(), may, "{generators}");
        }
    }
}

#[tokio::test]
async fn what_a_member_may_give_is_bounded() {
    let world = World::new().await;
    world.set("invite_code_generators", "any_user").await;
    let ada = world.create("ada", Role::User).await;
    let beyond = [
        draft(Uses::Times(2)),
        draft(Uses::Unlimited),
        draft(Uses::Times(0)),
        Draft {
            role: Role::Mod,
            ..Draft::default()
        },
        Draft {
            days: Some(15),
            ..Draft::default()
        },
    ];
    for draft in beyond {
        let refusal = refused(world.bbs.create_invite(&ada, draft.clone()).await);
        assert!(
            matches!(refusal, Refusal::InviteBeyond(_)),
            "{draft:?}: {refusal:?}"
        );
    }
    let sysop = world.actor("opal").await;
    let never = Draft {
        role: Role::Sysop,
        ..Draft::default()
    };
    let refusal = refused(world.bbs.create_invite(&sysop, never).await);
    assert!(matches!(refusal, Refusal::InviteBeyond(_)));
    world
        .bbs
        .create_invite(&sysop, draft(Uses::Unlimited))
        .await
        .unwrap();
}

#[tokio::test]
async fn live_codes_are_capped_and_a_revoked_one_makes_room() {
    let world = World::new().await;
    world.set("invite_code_generators", "any_user").await;
    let ada = world.create("ada", Role::User).await;
    let mut last = None;
    for _ in 0..5 {
        last = Some(
            world
                .bbs
                .create_invite(&ada, Draft::default())
                .await
                .unwrap(),
        );
    }
    let sixth = world.bbs.create_invite(&ada, Draft::default()).await;
    assert_eq!(refused(sixth), Refusal::InvitesFull(5));
    let id = last.unwrap().invite.id;
    world.bbs.revoke_invite(&ada, id, "").await.unwrap();
    world
        .bbs
        .create_invite(&ada, Draft::default())
        .await
        .unwrap();
    let again = world.bbs.revoke_invite(&ada, id, "").await;
    assert_eq!(refused(again), Refusal::InviteOver);
}

#[tokio::test]
async fn a_newcomer_may_have_to_wait_before_inviting() {
    let world = World::new().await;
    world.set("invite_code_generators", "any_user").await;
    world.set("invite_min_account_days", "3").await;
    let ada = world.create("ada", Role::User).await;
    let early = world.bbs.create_invite(&ada, Draft::default()).await;
    assert_eq!(refused(early), Refusal::InviterYoung(3));
    world.clock.advance(Duration::from_hours(3 * 24));
    world
        .bbs
        .create_invite(&ada, Draft::default())
        .await
        .unwrap();
}

#[tokio::test]
async fn nobody_sees_or_revokes_what_is_not_theirs() {
    let world = World::new().await;
    world.set("invite_code_generators", "any_user").await;
    let (ada, bob) = (
        world.create("ada", Role::User).await,
        world.create("bob", Role::User).await,
    );
    let id = world
        .bbs
        .create_invite(&ada, Draft::default())
        .await
        .unwrap()
        .invite
        .id;
    assert_eq!(
        refused(world.bbs.invite(&bob, id).await),
        Refusal::NoSuchInvite
    );
    let revoked = world.bbs.revoke_invite(&bob, id, "").await;
    assert_eq!(refused(revoked), Refusal::NoSuchInvite);
    let all = world.bbs.list_invites(&bob, Whose::All, None, 10).await;
    assert_eq!(refused(all), Refusal::NotAllowed);
    assert!(
        world
            .bbs
            .list_invites(&bob, Whose::Own, None, 10)
            .await
            .unwrap()
            .is_empty()
    );
    let moss = world.create("moss", Role::Mod).await;
    assert_eq!(
        world
            .bbs
            .list_invites(&moss, Whose::All, None, 10)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        refused(world.bbs.revoke_invite(&moss, id, "").await),
        Refusal::NotAllowed
    );
}

#[tokio::test]
async fn an_invite_expires_and_says_so() {
    let world = World::new().await;
    let minted = world
        .bbs
        .create_invite(&world.console, Draft::default())
        .await
        .unwrap();
    world.clock.advance(Duration::from_hours(30 * 24));
    let seen = world
        .bbs
        .invite(&world.console, minted.invite.id)
        .await
        .unwrap();
    assert_eq!(seen.state, State::Expired);
    let preview = world
        .bbs
        .preview_code(&world.visit(), minted.code.expose())
        .await;
    assert_eq!(refused(preview), Refusal::CodeUnusable);
}

#[tokio::test]
async fn the_switch_stops_everything_and_loses_nothing() {
    let world = World::new().await;
    let minted = world
        .bbs
        .create_invite(&world.console, Draft::default())
        .await
        .unwrap();
    world.set("invitations_enabled", "off").await;
    let preview = world
        .bbs
        .preview_code(&world.visit(), minted.code.expose())
        .await;
    assert_eq!(refused(preview), Refusal::InvitationsOff);
    let another = world
        .bbs
        .create_invite(&world.console, Draft::default())
        .await;
    assert_eq!(refused(another), Refusal::InvitationsOff);
    world.set("invitations_enabled", "on").await;
    world
        .bbs
        .preview_code(&world.visit(), minted.code.expose())
        .await
        .unwrap();
}

#[tokio::test]
async fn an_invite_may_give_a_role_or_still_ask_a_sysop() {
    let world = World::new().await;
    for (handle, role, admission, status) in [
        ("helper", Role::Mod, Admission::Auto, Status::Active),
        ("asker", Role::User, Admission::Queue, Status::Pending),
    ] {
        let draft = Draft {
            role,
            admission,
            ..Draft::default()
        };
        let mut form = world.form(handle);
        form.code = world
            .bbs
            .create_invite(&world.console, draft)
            .await
            .unwrap()
            .code;
        form.message = "As you asked.".into();
        let login = world
            .bbs
            .register(&world.visit_of(handle), form)
            .await
            .unwrap();
        assert_eq!((login.account.role, login.account.status), (role, status));
    }
}

#[tokio::test]
async fn threat_20_no_code_is_in_the_file() {
    let world = World::new().await;
    let minted = world
        .bbs
        .create_invite(&world.console, Draft::default())
        .await
        .unwrap();
    world.bbs.close().await;
    let plain: String = minted.code.expose().replace('-', "");
    for end in ["ringdown.db", "ringdown.db-wal"] {
        let file = world.file().with_file_name(end);
        let bytes = std::fs::read(file).unwrap_or_default();
        for code in [minted.code.expose().as_str(), plain.as_str()] {
            let found = bytes
                .windows(code.len())
                .any(|window| window == code.as_bytes());
            assert!(!found, "{end}");
        }
    }
}
