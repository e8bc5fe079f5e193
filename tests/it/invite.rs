//! Who may make which invites, and who sees them (spec §2, §3).

mod post;

use std::time::Duration;

use chrono::TimeDelta;
use ringdown_bbs::{
    app::{
        Ruling,
        invite::{Draft, Minted, Seen, Uses, Whose},
        login::Login,
    },
    domain::{
        account::{Role, Status},
        email::{DomainName, Email},
        handle::Handle,
        invite::{Bearer, Mailbox, State},
        refusal::Refusal,
        registration::Admission,
        secret::Secret,
    },
    store::audit::Filter,
};

use crate::world::{World, refused};

fn bearer(seen: &Seen) -> Bearer {
    seen.invite.whom.newcomer().unwrap().clone()
}

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
    assert_eq!(refused(again), Refusal::InviteOver(State::Revoked));
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
    // Staff revoke anyone's, but give more time to their own alone.
    assert_eq!(
        refused(world.bbs.extend_invite(&moss, id, None).await),
        Refusal::NotAllowed
    );
    world.bbs.revoke_invite(&moss, id, "").await.unwrap();
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

/// Registers with a code, a handle and an address.
async fn comes(world: &World, code: &Secret<String>, handle: &str, email: &str) -> Ruling<Login> {
    let mut form = world.form(handle);
    form.code = code.clone();
    form.email = email.into();
    world.bbs.register(&world.visit_of(handle), form).await
}

fn bound(mailbox: Option<&str>, handle: Option<&str>) -> Draft {
    let mailbox = mailbox.map(|text| match text.strip_prefix('@') {
        Some(domain) => Mailbox::Under(DomainName::parse(domain).unwrap()),
        None => Mailbox::At(Email::parse(text).unwrap()),
    });
    Draft {
        bearer: Bearer {
            mailbox,
            handle: handle.map(|handle| Handle::parse(handle).unwrap()),
        },
        ..Draft::default()
    }
}

async fn minted(world: &World, draft: Draft) -> Minted {
    let made = world.bbs.create_invite(&world.console, draft);
    made.await.unwrap()
}

#[tokio::test]
async fn w11_a_bound_invite_is_for_nobody_else_and_stays_unused() {
    let world = World::new().await;
    for (draft, wrong, right) in [
        (
            bound(Some("marta@example.org"), None),
            ("eve", "eve@example.org"),
            ("marta", "Marta@Example.org"),
        ),
        (
            bound(Some("@example.net"), None),
            ("eve", "eve@notexample.net"),
            ("nora", "nora@mail.example.net"),
        ),
        (bound(None, Some("Olaf")), ("eve", ""), ("olaf", "")),
    ] {
        let invite = minted(&world, draft).await;
        let (handle, email) = wrong;
        let refusal = refused(comes(&world, &invite.code, handle, email).await);
        assert_eq!(refusal, Refusal::CodeUnusable);
        let nobody = world.bbs.find_user(&world.console, handle).await;
        assert_eq!(refused(nobody), Refusal::NoSuchAccount);
        let seen = world.bbs.invite(&world.console, invite.invite.id).await;
        assert_eq!(seen.unwrap().state, State::Live);
        let (handle, email) = right;
        let login = comes(&world, &invite.code, handle, email).await.unwrap();
        assert_eq!(login.account.status, Status::Active);
        let seen = world.bbs.invite(&world.console, invite.invite.id).await;
        assert_eq!(seen.unwrap().state, State::Used);
    }
}

#[tokio::test]
async fn an_invite_for_an_address_asks_for_one_and_guessing_it_is_guessing() {
    let world = World::new().await;
    let invite = minted(&world, bound(Some("marta@example.org"), None)).await;
    let visit = world.visit();
    let preview = world.bbs.preview_code(&visit, invite.code.expose());
    assert!(preview.await.unwrap().asks_email);
    let without = comes(&world, &invite.code, "marta", "").await;
    assert_eq!(refused(without), Refusal::EmailNeeded);
    let visit = world.visit_of("eve");
    for guess in 1..=5 {
        let mut form = world.form("eve");
        form.code = invite.code.clone();
        form.email = format!("guess{guess}@example.org");
        let refusal = refused(world.bbs.register(&visit, form).await);
        let last = guess == 5;
        assert_eq!(refusal == Refusal::CodesSpent, last, "{refusal:?}");
    }
}

#[tokio::test]
async fn a_mod_sees_that_an_invite_is_bound_but_not_to_which_address() {
    let world = World::new().await;
    let moss = world.create("moss", Role::Mod).await;
    let invite = minted(&world, bound(Some("marta@example.org"), Some("marta"))).await;
    let seen = world.bbs.invite(&moss, invite.invite.id).await.unwrap();
    assert_eq!(bearer(&seen).mailbox, Some(Mailbox::Withheld));
    assert!(bearer(&seen).handle.is_some());
    let listed = world.bbs.list_invites(&moss, Whose::All, None, 9).await;
    let listed = listed.unwrap().remove(0);
    assert_eq!(bearer(&listed).mailbox, Some(Mailbox::Withheld));
    let whole = world.bbs.invite(&world.console, invite.invite.id).await;
    let mailbox = bearer(&whole.unwrap()).mailbox;
    assert!(matches!(mailbox, Some(Mailbox::At(_))));
    // Nor is the address on record.
    let records = world
        .bbs
        .list_audit(&world.console, &Filter::default(), None, 50)
        .await;
    let told = format!("{:?}", records.unwrap());
    assert!(told.contains("for somebody") && !told.contains("example.org"));
}

#[tokio::test]
async fn an_invite_that_begins_later_is_frozen_until_its_day() {
    let world = World::new().await;
    let start = world.bbs.clock().now() + TimeDelta::days(3);
    let draft = Draft {
        not_before: Some(start),
        days: Some(2),
        ..Draft::default()
    };
    let invite = minted(&world, draft.clone()).await;
    assert_eq!(invite.state, State::Frozen);
    let preview = async || {
        let visit = world.visit();
        let preview = world.bbs.preview_code(&visit, invite.code.expose());
        preview.await
    };
    assert_eq!(refused(preview().await), Refusal::CodeUnusable);
    world.clock.advance(Duration::from_hours(3 * 24));
    preview().await.unwrap();
    world.clock.advance(Duration::from_hours(2 * 24));
    assert_eq!(refused(preview().await), Refusal::CodeUnusable);
    let far = Draft {
        not_before: Some(start + TimeDelta::days(400)),
        ..draft
    };
    let refusal = refused(world.bbs.create_invite(&world.console, far).await);
    assert!(matches!(refusal, Refusal::InviteBeyond(_)), "{refusal:?}");
}

#[tokio::test]
async fn an_invite_is_given_more_time_but_not_when_it_is_over() {
    let world = World::new().await;
    world.set("invite_code_generators", "any_user").await;
    let ada = world.create("ada", Role::User).await;
    let bob = world.create("bob", Role::User).await;
    let invite = world.bbs.create_invite(&ada, Draft::default()).await;
    let invite = invite.unwrap();
    let id = invite.invite.id;
    world.clock.advance(Duration::from_hours(20 * 24));
    let extend = |actor, days| world.bbs.extend_invite(actor, id, days);
    assert_eq!(refused(extend(&bob, None).await), Refusal::NoSuchInvite);
    let long = refused(extend(&ada, Some(15)).await);
    assert!(matches!(long, Refusal::InviteBeyond(_)), "{long:?}");
    // The default life, from now; the code that was told works again.
    let seen = extend(&ada, None).await.unwrap();
    assert_eq!(seen.state, State::Live);
    let end = world.bbs.clock().now() + TimeDelta::days(14);
    assert_eq!(seen.invite.expires_at, Some(end));
    comes(&world, &invite.code, "carl", "").await.unwrap();
    let used = refused(extend(&ada, None).await);
    assert_eq!(used, Refusal::InviteOver(State::Used));
    let other = world
        .bbs
        .create_invite(&ada, Draft::default())
        .await
        .unwrap();
    let other = other.invite.id;
    world.bbs.revoke_invite(&ada, other, "").await.unwrap();
    let revoked = world.bbs.extend_invite(&ada, other, None).await;
    assert_eq!(refused(revoked), Refusal::InviteOver(State::Revoked));
}

#[tokio::test]
async fn an_expired_invite_comes_back_only_where_there_is_room() {
    let world = World::new().await;
    world.set("invite_code_generators", "any_user").await;
    world.set("invite_live_max_user", "1").await;
    let ada = world.create("ada", Role::User).await;
    let create = || world.bbs.create_invite(&ada, Draft::default());
    let old = create().await.unwrap().invite.id;
    world.clock.advance(Duration::from_hours(15 * 24));
    create().await.unwrap();
    let revived = world.bbs.extend_invite(&ada, old, None).await;
    assert_eq!(refused(revived), Refusal::InvitesFull(1));
    world
        .bbs
        .extend_invite(&world.console, old, None)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_message_is_cleaned_and_told_to_whoever_has_the_code() {
    let world = World::new().await;
    let draft = Draft {
        message: " Welcome\u{1b}[2J,\u{202e} Marta. ".into(),
        ..Draft::default()
    };
    let invite = minted(&world, draft).await;
    let visit = world.visit();
    let preview = world.bbs.preview_code(&visit, invite.code.expose());
    assert_eq!(preview.await.unwrap().message, "Welcome[2J, Marta.");
    let long = Draft {
        message: "x".repeat(301),
        ..Draft::default()
    };
    let refusal = refused(world.bbs.create_invite(&world.console, long).await);
    assert_eq!(refusal, Refusal::TextLong(300));
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
