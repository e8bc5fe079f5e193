//! Newcomers who must prove an address first: T2, T4, T5, T6, and what nobody
//! learns by it.

use std::{sync::Arc, time::Duration};

use insta::assert_snapshot;
use ringdown_bbs::{
    app::{
        Ruling,
        invite::{Draft, Whose},
        login::Login,
        visit::Visit,
    },
    domain::{
        account::{Role, Status},
        actor::Actor,
        door::DoorName,
        letter::{Kind, State},
        refusal::Refusal,
        registration::Mode,
        secret::Secret,
    },
    mailer::{Inbox, Mailer},
    settings::Key as Setting,
    store::{account::Account, audit::Filter, outbox::Letter},
    tui::{
        line::Size,
        route,
        screens::{users::Users, wizard::Wizard},
    },
};

use crate::{
    address::code_of,
    world::{
        Call, SMALL, World, key,
        keys::{CTRL_R, CTRL_U, CTRL_X, DOWN, ENTER, ESC, RIGHT, TAB},
        refused,
    },
};

const EMAIL: &str = "newbie@example.org";

/// A board with mail and the sysop opal, on which addresses must be proven.
async fn world() -> (World, Inbox) {
    let (mailer, inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    world.set("require_email_verification", "on").await;
    (world, inbox)
}

/// Sends what is due and returns the letters as they left.
async fn sent(world: &World, inbox: &Inbox) -> Vec<String> {
    world.bbs.send_due().await.unwrap();
    std::mem::take(&mut *inbox.lock().unwrap())
}

/// The one code that left.
async fn code(world: &World, inbox: &Inbox) -> String {
    let sent = sent(world, inbox).await;
    let mut codes = sent.iter().filter_map(|letter| code_of(letter));
    let code = codes.next().unwrap();
    assert_eq!(codes.next(), None);
    code
}

async fn letters(world: &World, kind: Kind) -> Vec<Letter> {
    let page = world.bbs.list_letters(&world.console, None, None, 500);
    let mut letters = page.await.unwrap().letters;
    letters.retain(|letter| letter.kind == kind);
    letters
}

async fn proves(world: &World, actor: &Actor, code: &str) -> Ruling<Account> {
    let code = Secret::new(code.to_owned());
    world.bbs.prove_address(actor, &code).await
}

async fn asks_again(world: &World, actor: &Actor) {
    let visit = world.visit();
    let asked = world.bbs.ask_for_address_code(actor, &visit).await;
    asked.unwrap();
}

/// An invite for one, and its code.
async fn invite(world: &World) -> Secret<String> {
    let opal = world.actor("opal").await;
    let made = world.bbs.create_invite(&opal, Draft::default()).await;
    made.unwrap().code
}

/// How often the only invite was used.
async fn uses(world: &World) -> u32 {
    let rows = world
        .bbs
        .list_invites(&world.console, Whose::All, None, 10)
        .await;
    rows.unwrap()[0].invite.uses
}

/// Somebody who registers with an address and perhaps a code.
async fn registers(
    world: &World,
    handle: &str,
    email: &str,
    code: Option<&Secret<String>>,
) -> Ruling<Login> {
    let mut form = world.form(handle);
    form.email = email.to_owned();
    form.message = format!("I am {handle}.");
    if let Some(code) = code {
        form.code = code.clone();
    }
    world.bbs.register(&world.visit_of(handle), form).await
}

async fn status(world: &World, handle: &str) -> Status {
    let id = world.bbs.find_user(&world.console, handle).await.unwrap();
    let detail = world.bbs.user(&world.console, id).await;
    detail.unwrap().account.status
}

#[tokio::test]
async fn t2_t4_a_request_waits_only_once_the_address_is_proven() {
    let (world, inbox) = world().await;
    world.address("opal", "opal@example.org").await;
    let login = registers(&world, "newbie", EMAIL, None).await.unwrap();
    assert_eq!(login.account.status, Status::Unverified);
    assert_eq!(login.account.onward, Some(Status::Pending));
    // Nobody else hears of it yet.
    assert!(letters(&world, Kind::RequestReceived).await.is_empty());
    assert!(letters(&world, Kind::RequestWaits).await.is_empty());
    let code = code(&world, &inbox).await;
    assert_eq!(
        refused(proves(&world, &login.actor, "0000-0000").await),
        Refusal::ProofUnusable
    );
    let account = proves(&world, &login.actor, &code).await.unwrap();
    assert_eq!(account.status, Status::Pending);
    assert!(account.email_proven && account.onward.is_none());
    assert_eq!(account.status_by, None);
    assert_eq!(letters(&world, Kind::RequestReceived).await.len(), 1);
    assert_eq!(letters(&world, Kind::RequestWaits).await.len(), 1);
    // Once more is too often.
    let again = proves(&world, &login.actor, &code).await;
    assert_eq!(refused(again), Refusal::AddressProven);
}

#[tokio::test]
async fn t2_t4_the_use_of_an_invite_is_held_and_completed() {
    let (world, inbox) = world().await;
    let invitation = invite(&world).await;
    let login = registers(&world, "newbie", EMAIL, Some(&invitation))
        .await
        .unwrap();
    assert_eq!(login.account.onward, Some(Status::Active));
    // Held is used: nobody else gets it.
    assert_eq!(uses(&world).await, 1);
    let other = registers(&world, "other", "other@example.org", Some(&invitation)).await;
    assert_eq!(refused(other), Refusal::CodeStopped);
    let code = code(&world, &inbox).await;
    let account = proves(&world, &login.actor, &code).await.unwrap();
    assert_eq!(account.status, Status::Active);
    assert_eq!(uses(&world).await, 1);
    // Completed: the day's job gives nothing back.
    world.clock.advance(Duration::from_hours(24 * 30));
    assert_eq!(world.bbs.remove_unproven().await.unwrap(), 0);
    assert_eq!(uses(&world).await, 1);
}

#[tokio::test]
async fn t6_nobody_proves_it_and_handle_address_and_invite_are_free_again() {
    let (world, _inbox) = world().await;
    let invitation = invite(&world).await;
    registers(&world, "newbie", EMAIL, Some(&invitation))
        .await
        .unwrap();
    world.clock.advance(Duration::from_hours(24 * 7 - 1));
    assert_eq!(world.bbs.remove_unproven().await.unwrap(), 0);
    world.clock.advance(Duration::from_hours(1));
    assert_eq!(world.bbs.remove_unproven().await.unwrap(), 1);
    let gone = world.bbs.find_user(&world.console, "newbie").await;
    assert_eq!(refused(gone), Refusal::NoSuchAccount);
    assert_eq!(uses(&world).await, 0);
    registers(&world, "newbie", EMAIL, Some(&invitation))
        .await
        .unwrap();
    // A member is not removed, proven or not.
    world.create("ada", Role::User).await;
    world.address("ada", "ada@example.org").await;
    world.set("unverified_days", "1").await;
    world.clock.advance(Duration::from_hours(24));
    assert_eq!(world.bbs.remove_unproven().await.unwrap(), 1);
    assert_eq!(status(&world, "ada").await, Status::Active);
}

#[tokio::test]
async fn t5_a_sysop_waives_the_proof_with_a_reason_and_the_address_stays_unproven() {
    let (world, inbox) = world().await;
    let opal = world.actor("opal").await;
    let jules = world.create("jules", Role::Mod).await;
    let newbie = registers(&world, "newbie", EMAIL, None)
        .await
        .unwrap()
        .account;
    let waived = world
        .bbs
        .waive_proof(&jules, newbie.id, "I know them.")
        .await;
    assert_eq!(refused(waived), Refusal::NotAllowed);
    let waived = world.bbs.waive_proof(&opal, newbie.id, " \n").await;
    assert_eq!(refused(waived), Refusal::WhyNeeded);
    let code = code(&world, &inbox).await;
    let waived = world
        .bbs
        .waive_proof(&opal, newbie.id, "I know them.")
        .await;
    let account = waived.unwrap().account;
    assert_eq!(account.status, Status::Pending);
    assert!(!account.email_proven);
    // The request is told of now, and the code is dead.
    assert_eq!(letters(&world, Kind::RequestReceived).await.len(), 1);
    let actor = world.actor("newbie").await;
    assert_eq!(
        refused(proves(&world, &actor, &code).await),
        Refusal::ProofUnusable
    );
    let again = world.bbs.waive_proof(&opal, newbie.id, "Once more.").await;
    assert!(matches!(refused(again), Refusal::Conflict { .. }));
    let about = Filter {
        name: Some("newbie".into()),
        ..Filter::default()
    };
    let record = world.bbs.list_audit(&world.console, &about, None, 1).await;
    let record = record.unwrap().remove(0);
    assert_eq!([record.actor, record.action], ["opal", "account.waive"]);
    assert_eq!(record.reason.as_deref(), Some("I know them."));

    let invitation = invite(&world).await;
    let friend = registers(&world, "friend", "friend@example.org", Some(&invitation)).await;
    let friend = friend.unwrap().account;
    let waived = world
        .bbs
        .waive_proof(&opal, friend.id, "Their mail is broken.")
        .await;
    let waived = waived.unwrap();
    assert_eq!(waived.account.status, Status::Active);
    assert_eq!(waived.letter.unwrap().kind, Kind::Approved);
}

#[tokio::test]
async fn an_address_that_is_somebodys_looks_alike_and_only_its_owner_hears_of_it() {
    let (world, inbox) = world().await;
    world.create("ada", Role::User).await;
    world.address("ada", EMAIL).await;
    let mut screens = Vec::new();
    for (handle, email) in [("newbie", EMAIL), ("nobody", "nobody@example.org")] {
        let login = registers(&world, handle, email, None).await.unwrap();
        let mut call = world.call(login.actor.clone(), route::home(&login)).await;
        call.press(&[CTRL_R]).await;
        call.press(&["0000-0000", ENTER]).await;
        screens.push(
            call.text()
                .replace(email, "EMAIL")
                .replace(handle, "HANDLE"),
        );
        assert_eq!(login.account.status, Status::Unverified);
    }
    assert_eq!(screens[0].lines().nth(3), screens[1].lines().nth(3));
    let told: Vec<_> = sent(&world, &inbox).await;
    let to = |email: &str| {
        let line = format!("To: {email}\r\n");
        let found = told.iter().filter(|letter| letter.contains(&line));
        found
            .map(|letter| code_of(letter).is_some())
            .collect::<Vec<_>>()
    };
    // Its owner once, without a code; the other one a code and another.
    assert_eq!(to(EMAIL), [false]);
    assert_eq!(to("nobody@example.org"), [true, true]);
    // Once a day at most, whoever tries.
    let second = registers(&world, "second", EMAIL, None).await.unwrap();
    asks_again(&world, &second.actor).await;
    assert!(sent(&world, &inbox).await.is_empty());
    world.clock.advance(Duration::from_hours(25));
    asks_again(&world, &second.actor).await;
    assert_eq!(sent(&world, &inbox).await.len(), 1);
    world.clock.advance(Duration::from_hours(24 * 7));
    assert_eq!(world.bbs.remove_unproven().await.unwrap(), 3);
}

#[tokio::test]
async fn of_two_who_register_with_one_address_whoever_proves_it_has_it() {
    let (world, inbox) = world().await;
    let squatter = registers(&world, "squatter", EMAIL, None).await.unwrap();
    let first = code(&world, &inbox).await;
    let owner = registers(&world, "owner", EMAIL, None).await.unwrap();
    let second = code(&world, &inbox).await;
    proves(&world, &owner.actor, &second).await.unwrap();
    assert_eq!(
        refused(proves(&world, &squatter.actor, &first).await),
        Refusal::ProofUnusable
    );
    let opal = world.actor("opal").await;
    let waived = world
        .bbs
        .waive_proof(&opal, squatter.account.id, "Why not.")
        .await;
    assert_eq!(refused(waived), Refusal::EmailTaken);
}

#[tokio::test]
async fn a_mistyped_address_is_changed_without_a_word_about_others() {
    let (world, inbox) = world().await;
    world.create("ada", Role::User).await;
    world.address("ada", "ada@example.org").await;
    let login = registers(&world, "newbie", "newbei@example.org", None)
        .await
        .unwrap();
    code(&world, &inbox).await;
    let visit = world.visit();
    let bbs = &world.bbs;
    // Somebody else's looks like any other.
    bbs.change_email(&login.actor, &visit, "ada@example.org")
        .await
        .unwrap();
    let told = sent(&world, &inbox).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("To: ada@example.org\r\n") && code_of(&told[0]).is_none());
    bbs.change_email(&login.actor, &visit, EMAIL).await.unwrap();
    let code = code(&world, &inbox).await;
    assert_eq!(
        refused(bbs.change_email(&login.actor, &visit, "").await),
        Refusal::EmailNeeded
    );
    proves(&world, &login.actor, &code).await.unwrap();
}

#[tokio::test]
async fn changing_settings_changes_no_account_that_exists() {
    let (world, inbox) = world().await;
    let login = registers(&world, "newbie", EMAIL, None).await.unwrap();
    let code = code(&world, &inbox).await;
    world.mode(Mode::Open).await;
    world.set("require_email_verification", "off").await;
    assert_eq!(status(&world, "newbie").await, Status::Unverified);
    let account = proves(&world, &login.actor, &code).await.unwrap();
    assert_eq!(account.status, Status::Pending, "as it was when they asked");
    let open = registers(&world, "open", "", None).await.unwrap();
    assert_eq!(open.account.status, Status::Active);
    world.set("require_email_verification", "on").await;
    assert_eq!(status(&world, "open").await, Status::Active);
    assert_eq!(
        refused(registers(&world, "none", "", None).await),
        Refusal::EmailNeeded
    );
}

#[tokio::test]
async fn a_proof_that_no_letter_can_bring_is_not_asked_for() {
    let set = |world: &World, key, value: &str| {
        let (bbs, console, value) = (
            Arc::clone(&world.bbs),
            world.console.clone(),
            value.to_owned(),
        );
        async move { bbs.change_setting(&console, key, &value, None).await }
    };
    let (world, _inbox) = world().await;
    let off = set(&world, Setting::DeliveryMode, "no_email").await;
    assert!(matches!(refused(off), Refusal::SettingRefused(_)));
    world.set("require_email_verification", "off").await;
    world.set("delivery_mode", "no_email").await;
    let on = set(&world, Setting::RequireEmailVerification, "on").await;
    assert!(matches!(refused(on), Refusal::SettingRefused(_)));
    let without = World::new().await;
    let on = set(&without, Setting::RequireEmailVerification, "on").await;
    assert_eq!(refused(on), Refusal::MailOff);
}

#[tokio::test]
async fn k5_where_addresses_must_be_proven_a_new_password_goes_to_proven_ones_only() {
    let (world, inbox) = world().await;
    world.create("ada", Role::User).await;
    world.address("ada", "ada@example.org").await;
    let asks = async || {
        let visit = world.visit();
        world.bbs.ask_for_reset(&visit, "ada").await.unwrap();
        sent(&world, &inbox).await.len()
    };
    assert_eq!(asks().await, 0);
    let ada = world.actor("ada").await;
    asks_again(&world, &ada).await;
    let code = code(&world, &inbox).await;
    proves(&world, &ada, &code).await.unwrap();
    assert_eq!(asks().await, 1);
    world.readdress("ada", "ada@example.net").await;
    sent(&world, &inbox).await;
    world.set("require_email_verification", "off").await;
    assert_eq!(asks().await, 1, "elsewhere an address is taken at its word");
}

#[tokio::test]
async fn threat_36_registering_with_somebodys_address_causes_three_letters_a_day() {
    let (world, inbox) = world().await;
    let mut count = 0;
    for n in 0..6 {
        let handle = format!("newbie{n}");
        let login = registers(&world, &handle, EMAIL, None).await.unwrap();
        asks_again(&world, &login.actor).await;
        count += sent(&world, &inbox).await.len();
    }
    assert_eq!(count, 3);
    assert!(
        letters(&world, Kind::VerifyAddress)
            .await
            .iter()
            .all(|one| one.state == State::Sent)
    );
}

#[tokio::test]
async fn one_source_may_leave_only_so_many_requests_unproven() {
    let (world, _inbox) = world().await;
    world.set("queue_per_source_max", "2").await;
    let visit = world.visit_of("newbie");
    let register = async |n: u32| {
        let mut again =
            Arc::into_inner(world.visit_with(DoorName::New, Some(key(&format!("k{n}"))))).unwrap();
        again.source = visit.source;
        let mut form = world.form(&format!("newbie{n}"));
        form.email = format!("newbie{n}@example.org");
        form.message = "Let me in.".into();
        world.bbs.register(&Arc::new(again), form).await
    };
    register(1).await.unwrap();
    register(2).await.unwrap();
    assert_eq!(refused(register(3).await), Refusal::BacklogFull);
}

/// A newcomer's call on the screen their account leads to.
async fn call(world: &World, login: &Login, size: Size) -> Call {
    world
        .call_at(size, login.actor.clone(), route::home(login))
        .await
}

#[tokio::test]
async fn a_newcomer_types_the_code_and_waits() {
    let (world, inbox) = world().await;
    let login = registers(&world, "newbie", EMAIL, None).await.unwrap();
    let mut texts = Vec::new();
    for size in [Size::USUAL, SMALL] {
        texts.push(call(&world, &login, size).await.text());
    }
    assert_snapshot!("check", texts.join("\n────\n"));
    let mut here = call(&world, &login, Size::USUAL).await;
    here.press(&["0000-0000", ENTER]).await;
    assert!(here.shows("That code doesn't work."), "{}", here.text());
    here.press(&[TAB, CTRL_U, "newbie@example.net", ENTER])
        .await;
    assert!(here.shows("goes to newbie@example.net"), "{}", here.text());
    let code = code(&world, &inbox).await;
    here.press(&[&code, ENTER]).await;
    here.look().await;
    assert!(here.shows("Waiting room"), "{}", here.text());
    assert!(here.shows("You asked to join"), "{}", here.text());
    assert!(
        here.shows("Thank you. A sysop will decide now."),
        "{}",
        here.text()
    );
}

#[tokio::test]
async fn a_newcomer_comes_back_by_key_and_an_invite_lets_them_in() {
    let (world, inbox) = world().await;
    let invitation = invite(&world).await;
    registers(&world, "newbie", EMAIL, Some(&invitation))
        .await
        .unwrap();
    let visit: Arc<Visit> = world.visit_with(DoorName::Other("newbie".into()), Some(key("newbie")));
    let (actor, first) = route::begin(&world.bbs, &visit).await.unwrap();
    let mut here = world.call_with(visit, Size::USUAL, actor, first).await;
    assert!(here.shows("Check your e-mail"), "{}", here.text());
    let code = code(&world, &inbox).await;
    here.press(&[&code, ENTER]).await;
    here.look().await;
    assert!(here.shows("Main menu"), "{}", here.text());
    assert!(here.shows("You are in, newbie."), "{}", here.text());
}

#[tokio::test]
async fn t9_a_newcomer_withdraws_before_the_proof() {
    let (world, _inbox) = world().await;
    let invitation = invite(&world).await;
    let login = registers(&world, "newbie", EMAIL, Some(&invitation))
        .await
        .unwrap();
    let mut here = call(&world, &login, Size::USUAL).await;
    here.press(&[CTRL_X, ENTER]).await;
    assert!(here.is_over());
    assert_eq!(uses(&world).await, 0);
    registers(&world, "newbie", EMAIL, None).await.unwrap();
    let login = registers(&world, "other", "other@example.org", Some(&invitation))
        .await
        .unwrap();
    let mut here = call(&world, &login, Size::USUAL).await;
    here.press(&[ESC]).await;
    assert!(here.is_over());
    assert_eq!(status(&world, "other").await, Status::Unverified);
}

#[tokio::test]
async fn t14_an_unverified_account_that_is_deleted_gives_its_invite_back() {
    let (world, _inbox) = world().await;
    let invitation = invite(&world).await;
    let login = registers(&world, "newbie", EMAIL, Some(&invitation)).await;
    let id = login.unwrap().account.id;
    let deleted = world.bbs.delete_user(&world.console, id, "newbie").await;
    deleted.unwrap();
    assert_eq!(status(&world, "newbie").await, Status::Deleted);
    assert_eq!(uses(&world).await, 0);
}

#[tokio::test]
async fn a_screen_ends_when_nobody_proved_the_address_in_time() {
    let (world, _inbox) = world().await;
    let login = registers(&world, "newbie", EMAIL, None).await.unwrap();
    let mut here = call(&world, &login, Size::USUAL).await;
    world.clock.advance(Duration::from_hours(24 * 7));
    world.bbs.remove_unproven().await.unwrap();
    here.look().await;
    assert!(here.is_over());
}

#[tokio::test]
async fn the_wizard_asks_for_the_address_and_leads_to_the_code() {
    let (world, inbox) = world().await;
    world.mode(Mode::Open).await;
    let front = world.bbs.front().await.unwrap();
    let visit = world.visit_of("marta_k");
    let wizard = Wizard::new(front, None, None, None);
    let mut here = world
        .call_with(visit, Size::USUAL, Actor::Guest, wizard)
        .await;
    here.press(&[ENTER, "marta_k", ENTER, ENTER, ENTER]).await;
    assert!(
        here.shows("This board needs an e-mail address"),
        "{}",
        here.text()
    );
    here.press(&["marta@example.org", ENTER, ENTER]).await;
    assert!(here.shows("Check your e-mail"), "{}", here.text());
    let code = code(&world, &inbox).await;
    here.press(&[&code, ENTER]).await;
    here.look().await;
    assert!(here.shows("Main menu"), "{}", here.text());
}

#[tokio::test]
async fn t5_users_lists_who_is_unverified_and_waives_the_proof() {
    let (world, _inbox) = world().await;
    let opal = world.actor("opal").await;
    let mut call = world.call(opal.clone(), Users::new()).await;
    assert!(!call.shows("Unverified"), "{}", call.text());
    registers(&world, "newbie", EMAIL, None).await.unwrap();
    let mut texts = Vec::new();
    for size in [Size::USUAL, SMALL] {
        let mut call = world.call_at(size, opal.clone(), Users::new()).await;
        call.press(&[RIGHT, DOWN]).await;
        texts.push(call.text());
        call.press(&["w"]).await;
        texts.push(call.text());
    }
    assert_snapshot!("users_unverified", texts.join("\n────\n"));
    call.look().await;
    call.press(&[RIGHT, DOWN, "w", ENTER]).await;
    assert!(call.shows("Say why"), "{}", call.text());
    call.press(&["I know them.", ENTER]).await;
    assert!(call.shows("newbie asks to join."), "{}", call.text());
    assert_eq!(status(&world, "newbie").await, Status::Pending);
}
