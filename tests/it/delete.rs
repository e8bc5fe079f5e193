//! T14: an account is deleted by its owner or by a sysop, and what is left is
//! a tombstone.

use std::{sync::Arc, time::Duration};

use insta::assert_snapshot;
use ringdown_bbs::{
    app::{
        account::OtherCalls,
        delete::Farewell,
        door::KeyStanding,
        invite::Draft,
        queue::{Decision, Reason, Tell},
    },
    command::{self, Exit},
    domain::{
        account::{Role, Status},
        actor::Actor,
        door::DoorName,
        invite,
        letter::{Kind, State},
        refusal::Refusal,
        secret::Secret,
    },
    mailer::Mailer,
    store::{account::From, audit::Filter},
    tui::{
        line::Size,
        screens::{account::Overview, menu::Menu, users::Users, waiting::Waiting},
    },
};

use crate::world::{PASSWORD, SMALL, World, key, keys, refused};

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

/// What somebody types who deletes themselves, and has no second factor.
fn says(handle: &str, password: &Secret<String>) -> Farewell {
    Farewell {
        handle: handle.to_owned(),
        password: password.clone(),
        code: secret(""),
    }
}

/// Deletes an account as the console does.
async fn delete(world: &World, handle: &str) {
    let id = world.bbs.find_user(&world.console, handle).await.unwrap();
    let deleted = world.bbs.delete_user(&world.console, id, handle).await;
    assert_eq!(deleted.unwrap().account.status, Status::Deleted);
}

/// A member with a password and a key.
async fn ada(world: &World) -> Actor {
    let ada = world.create("ada", Role::User).await;
    let (visit, none, new) = (world.visit_of("ada"), secret(""), secret(PASSWORD));
    let set = world
        .bbs
        .change_password(&ada, &visit, &none, &new, OtherCalls::GoOn);
    set.await.unwrap();
    ada
}

#[tokio::test]
async fn t14_the_owner_proves_who_they_are_and_types_the_handle() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let (with_key, without) = (world.visit_of("ada"), world.visit());
    let stranger = world.visit_of("mallory");
    let bbs = &world.bbs;
    let none = secret("");
    for (visit, typed, password, refusal) in [
        (&with_key, "", &none, Refusal::NotThatHandle),
        (&with_key, "opal", &none, Refusal::NotThatHandle),
        (&without, "ada", &none, Refusal::WrongPassword),
        // A key of somebody else proves nothing.
        (&stranger, "ada", &none, Refusal::WrongPassword),
        (&without, "ada", &secret("wrong"), Refusal::WrongPassword),
        (&without, "opal", &secret(PASSWORD), Refusal::NotThatHandle),
    ] {
        let ruling = bbs.delete_oneself(&ada, visit, says(typed, password)).await;
        assert_eq!(refused(ruling), refusal, "{typed}");
    }
    let right = secret(PASSWORD);
    let done = bbs.delete_oneself(&ada, &without, says(" Ada ", &right));
    assert_eq!(done.await.unwrap().account.status, Status::Deleted);
    let again = bbs
        .delete_oneself(&ada, &with_key, says("ada", &none))
        .await;
    assert_eq!(refused(again), Refusal::NotAllowed);
}

#[tokio::test]
async fn t14_a_guess_at_the_password_counts_as_one_at_the_door() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let (visit, wrong) = (world.visit(), secret("wrong"));
    let mut last = None;
    for _ in 0..3 {
        let guess = world.bbs.delete_oneself(&ada, &visit, says("ada", &wrong));
        last = Some(refused(guess.await));
    }
    assert_eq!(last, Some(Refusal::WrongCredentialsLast));
}

#[tokio::test]
async fn t14_what_is_left_is_a_tombstone_and_its_handle_is_nobody_s() {
    let world = World::new().await;
    world.set("invite_code_generators", "any_user").await;
    let opal = world.actor("opal").await;
    let ada = ada(&world).await;
    let id = ada.account().unwrap();
    world.address("ada", "ada@example.org").await;
    world
        .bbs
        .note_about(&opal, id, "Paints boats.")
        .await
        .unwrap();
    let invite = world
        .bbs
        .create_invite(&ada, Draft::default())
        .await
        .unwrap();
    delete(&world, "ada").await;
    let left = world.bbs.user(&opal, id).await.unwrap();
    assert_eq!(left.account.handle.as_str(), "ada");
    assert_eq!(left.account.status_by.as_deref(), Some("console(1000)"));
    assert_eq!(left.account.email, None);
    assert!(!left.account.has_password);
    assert!(left.keys.is_empty() && left.notes.is_empty());
    let revoked = world.bbs.invite(&opal, invite.invite.id).await.unwrap();
    assert!(revoked.invite.revoked_at.is_some());
    assert_eq!(revoked.state, invite::State::Revoked);
    // Nobody gets in as ada, and nobody becomes ada.
    let (visit, right) = (world.visit(), secret(PASSWORD));
    let log_in = world.bbs.enter_by_password(&visit, "ada", &right);
    assert_eq!(refused(log_in.await), Refusal::WrongCredentials);
    let door = DoorName::Other("ada".into());
    let standing = world.bbs.key_standing(&door, &key("ada")).await.unwrap();
    assert_eq!(standing, KeyStanding::Decides);
    let mut form = world.form("Ada");
    form.message = "It is me again.".into();
    let again = world.bbs.register(&world.visit_of("ada"), form).await;
    assert_eq!(refused(again), Refusal::HandleStopped);
    // The key and the address are free.
    let mut form = world.form("ada2");
    form.message = "It is me again.".into();
    form.email = "ada@example.org".into();
    let again = world.bbs.register(&world.visit_of("ada"), form).await;
    assert_eq!(again.unwrap().account.status, Status::Pending);
}

#[tokio::test]
async fn t14_a_tombstone_takes_nothing_any_more() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let id = world.asks("newbie").await.account.id;
    delete(&world, "newbie").await;
    let bbs = &world.bbs;
    let key = key("newbie").key().to_openssh().to_owned();
    for refusal in [
        refused(bbs.delete_user(&opal, id, "newbie").await),
        refused(bbs.note_about(&opal, id, "A note.").await),
        refused(bbs.edit_email_of(&opal, id, "new@example.org").await),
        refused(bbs.add_key_to(&opal, id, &key).await),
        refused(bbs.show_reset(&opal, id).await),
        refused(bbs.decide_about(&opal, id, Decision::Undo).await),
    ] {
        assert!(matches!(refusal, Refusal::Conflict { .. }), "{refusal:?}");
    }
}

#[tokio::test]
async fn t14_from_every_status_a_sysop_deletes_and_from_rejected_nobody_else() {
    let world = World::new().await;
    let rejection = Decision::Reject {
        reason: Reason::TooLittle,
        tell: Tell::Yes,
        text: String::new(),
        note: String::new(),
    };
    let suspension = Decision::Suspend {
        reason: "Too loud.".into(),
        until: None,
    };
    let ways: [(&str, &[Decision]); 4] = [
        ("waits", &[]),
        ("rejected", &[rejection]),
        ("in", &[Decision::Approve]),
        ("suspended", &[Decision::Approve, suspension]),
    ];
    for (handle, decisions) in ways {
        let login = world.asks(handle).await;
        for decision in decisions {
            let id = login.account.id;
            let decided = world.bbs.decide_about(&world.console, id, decision.clone());
            decided.await.unwrap();
        }
        if ["rejected", "suspended"].contains(&handle) {
            let actor = world.actor(handle).await;
            let (visit, none) = (world.visit_of(handle), secret(""));
            let own = world
                .bbs
                .delete_oneself(&actor, &visit, says(handle, &none));
            assert_eq!(refused(own.await), Refusal::NotAllowed, "{handle}");
        }
        delete(&world, handle).await;
    }
}

#[tokio::test]
async fn t14_an_applicant_deletes_their_account_from_the_waiting_room() {
    let world = World::new().await;
    let newbie = world.asks("newbie").await;
    let room = Waiting::new(newbie.account);
    let mut call = world.call(newbie.actor, room).await;
    call.press(&["a"]).await;
    assert!(call.shows("the account, for good"), "{}", call.text());
    call.press(&["d", "newbie", keys::ENTER]).await;
    assert!(call.is_over(), "{}", call.text());
    let id = world.bbs.find_user(&world.console, "newbie").await;
    let id = id.unwrap();
    let left = world.bbs.user(&world.console, id).await.unwrap();
    assert_eq!(left.account.status, Status::Deleted);
    assert!(left.request.is_none(), "what they wrote is wiped");
    // Nobody waits any more, and the handle is nobody's.
    assert_eq!(world.bbs.waiting(&world.console).await.unwrap(), 0);
    let form = world.form("newbie");
    let again = world.bbs.register(&world.visit_of("newbie"), form).await;
    assert!(again.is_err(), "{again:?}");
}

#[tokio::test]
async fn t14_only_a_sysop_deletes_others_and_nobody_oneself_that_way() {
    let world = World::new().await;
    let opal = world.actor("opal").await;
    let gus = world.create("gus", Role::Mod).await;
    let ada = world.create("ada", Role::User).await;
    let id = ada.account().unwrap();
    for actor in [&gus, &ada, &Actor::Guest] {
        let ruling = world.bbs.delete_user(actor, id, "ada").await;
        assert_eq!(refused(ruling), Refusal::NotAllowed);
    }
    let own = opal.account().unwrap();
    let ruling = world.bbs.delete_user(&opal, own, "opal").await;
    assert_eq!(refused(ruling), Refusal::NotOneself);
    let ruling = world.bbs.delete_user(&opal, id, "gus").await;
    assert_eq!(refused(ruling), Refusal::NotThatHandle);
}

#[tokio::test]
async fn threat_24_of_two_sysops_who_leave_at_once_one_stays() {
    let world = Arc::new(World::new().await);
    world.create("ruby", Role::Sysop).await;
    let mut leaving = tokio::task::JoinSet::new();
    for handle in ["opal", "ruby"] {
        let world = Arc::clone(&world);
        leaving.spawn(async move {
            let (actor, visit) = (world.actor(handle).await, world.visit_of(handle));
            let none = secret("");
            world
                .bbs
                .delete_oneself(&actor, &visit, says(handle, &none))
                .await
        });
    }
    let rulings = leaving.join_all().await;
    let (gone, stay): (Vec<_>, Vec<_>) = rulings.into_iter().partition(Result::is_ok);
    assert_eq!((gone.len(), stay.len()), (1, 1));
    let stays = stay.into_iter().next().unwrap();
    assert_eq!(refused(stays), Refusal::LastSysop);
    let page = world
        .bbs
        .list_users(&world.console, Status::Active, "", From::Start, 9);
    assert_eq!(page.await.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn t14_the_last_letter_survives_the_wiping_and_then_its_address_goes_too() {
    let (mailer, inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    world.asks_from("newbie", "newbie@example.org").await;
    delete(&world, "newbie").await;
    let letters = async || {
        let page = world.bbs.list_letters(&world.console, None, None, 9).await;
        let letters = page.unwrap().letters.into_iter();
        letters.map(|one| (one.kind, one.state)).collect::<Vec<_>>()
    };
    assert_eq!(letters().await, [(Kind::Deletion, State::Queued)]);
    // Not while it is on its way.
    world.bbs.forget_sources().await.unwrap();
    world.bbs.send_due().await.unwrap();
    let sent = std::mem::take(&mut *inbox.lock().unwrap());
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].contains("To: newbie@example.org\r\n"));
    assert!(sent[0].contains("Subject: Your account was deleted\r\n"));
    assert_eq!(letters().await, [(Kind::Deletion, State::Sent)]);
    world.bbs.forget_sources().await.unwrap();
    assert_eq!(letters().await, []);
}

#[tokio::test]
async fn t14_where_no_letter_leaves_no_address_is_kept_for_one() {
    let world = World::new().await;
    world.asks_from("newbie", "newbie@example.org").await;
    delete(&world, "newbie").await;
    let page = world.bbs.list_letters(&world.console, None, None, 9).await;
    assert_eq!(page.unwrap().letters, []);
}

#[tokio::test]
async fn t14_it_is_written_down_without_an_address() {
    let world = World::new().await;
    world.asks_from("newbie", "newbie@example.org").await;
    delete(&world, "newbie").await;
    let filter = Filter {
        name: Some("newbie".into()),
        ..Filter::default()
    };
    let page = world.bbs.list_audit(&world.console, &filter, None, 1).await;
    let act = &page.unwrap()[0];
    assert_eq!(act.action, "account.delete");
    assert_eq!(
        (act.before.as_deref(), act.after.as_deref()),
        (Some("pending"), Some("deleted"))
    );
}

#[tokio::test]
async fn n6_the_calls_of_a_deleted_account_end() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let mut call = world.call(ada, Menu::new()).await;
    assert!(!call.is_over());
    delete(&world, "ada").await;
    call.look().await;
    assert!(call.is_over());
}

#[tokio::test]
async fn d_in_users_asks_for_the_handle() {
    let world = World::new().await;
    world.asks("newbie").await;
    let opal = world.actor("opal").await;
    let mut call = world.call(opal.clone(), Users::new()).await;
    call.press(&[keys::DOWN, "d"]).await;
    assert_snapshot!("users_delete", call.text());
    call.press(&["new", keys::ENTER]).await;
    assert!(call.shows("That isn't the handle"), "{}", call.text());
    call.press(&["bie", keys::ENTER]).await;
    assert!(call.shows("newbie is deleted."), "{}", call.text());
    call.press(&[keys::LEFT]).await;
    assert!(call.shows("Deleted 1"), "{}", call.text());
    call.press(&[keys::DOWN]).await;
    assert_snapshot!("users_deleted", call.text());
    let mut small = world.call_at(SMALL, opal, Users::new()).await;
    small.press(&[keys::LEFT, keys::DOWN]).await;
    assert!(small.shows("newbie"), "{}", small.text());
}

#[tokio::test]
async fn account_asks_for_the_handle_and_for_a_password_only_without_a_key() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let mut small = world.call_at(SMALL, ada.clone(), Overview::new()).await;
    small.press(&["d"]).await;
    assert!(!small.shows("password "), "{}", small.text());
    let without = world.visit_with(DoorName::Other("ada".into()), None);
    let mut call = world
        .call_with(without, Size::USUAL, ada, Overview::new())
        .await;
    call.press(&["d"]).await;
    assert_snapshot!(
        "account_delete",
        format!("{}\n\n{}", call.text(), small.text())
    );
    call.press(&["ada", keys::TAB, "wrong", keys::ENTER]).await;
    assert!(call.shows("isn't your present password"), "{}", call.text());
    call.press(&[keys::CTRL_U, PASSWORD, keys::ENTER]).await;
    assert!(call.is_over());
    small.look().await;
    assert!(small.is_over());
}

#[tokio::test]
async fn user_delete_asks_or_is_told_yes() {
    let world = World::new().await;
    world.asks("newbie").await;
    let run = async |line: &str, typed: Option<&str>| {
        let order = command::parse_line(line).unwrap();
        let typed = typed.map(str::to_owned);
        command::run(&world.bbs, &world.console, order, typed).await
    };
    let unasked = run("user delete newbie", None).await;
    assert_eq!(unasked.exit, Exit::Usage);
    assert!(unasked.stderr.contains("--yes"), "{}", unasked.stderr);
    let wrong = run("user delete newbie", Some("new\n")).await;
    assert_eq!(wrong.exit, Exit::Refused);
    let dry = run("user delete newbie --dry-run", None).await;
    assert_eq!(dry.exit, Exit::Done, "{}", dry.stderr);
    let typed = run("user delete newbie --json", Some("newbie\n")).await;
    assert_eq!(typed.exit, Exit::Done, "{}", typed.stderr);
    let user: serde_json::Value = serde_json::from_str(&typed.stdout).unwrap();
    assert_eq!(user["status"], "deleted");
    assert_eq!(
        run("user delete newbie --yes", None).await.exit,
        Exit::Conflict
    );
    world.asks("other").await;
    let yes = run("user delete other --yes", None).await;
    assert_eq!(yes.exit, Exit::Done, "{}", yes.stderr);
    assert_eq!(
        run("user delete nobody --yes", None).await.exit,
        Exit::NotFound
    );
}

#[tokio::test]
async fn t14_a_rehearsal_deletes_nobody() {
    let world = World::new().await;
    let id = world.asks("newbie").await.account.id;
    let rehearsal = world.bbs.rehearsal();
    let gone = rehearsal.delete_user(&world.console, id, "newbie").await;
    assert_eq!(gone.unwrap().account.status, Status::Deleted);
    world.clock.advance(Duration::from_secs(1));
    let stays = world.bbs.user(&world.console, id).await.unwrap();
    assert_eq!(stays.account.status, Status::Pending);
}
