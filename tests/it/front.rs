//! What strangers see before they have a place on the board: the welcome, the
//! login, the wizard in every mode, and the questions about keys.

use std::sync::Arc;

use insta::assert_snapshot;
use ringdown_bbs::{
    app::{invite::Draft, operator::NewUser, visit::Visit},
    domain::{
        account::{Role, Status},
        actor::Actor,
        door::DoorName,
        email::Email,
        handle::Handle,
        invite::{Bearer, Mailbox},
        refusal::Refusal,
        registration::Mode,
        secret::Secret,
    },
    store::account::Account,
    tui::{
        Layer,
        line::Size,
        route,
        screens::{login::LogIn, welcome::Welcome},
    },
};

use crate::world::{
    Call, PASSWORD, SMALL, World, key,
    keys::{CTRL_S, CTRL_U, ENTER, ESC},
};

/// A call of a stranger with a key that nobody knows.
fn newcomer(world: &World) -> Arc<Visit> {
    world.visit_with(DoorName::New, Some(key("marta")))
}

/// A call by a line that somebody was given: its user name is the door.
fn visit_by(world: &World, line: &Secret<String>, who: Option<&str>) -> Arc<Visit> {
    let name = line.expose().split(' ').next_back().unwrap();
    let name = name.split('@').next().unwrap();
    world.visit_with(DoorName::parse(name), who.map(key))
}

/// The screen on which a call begins.
async fn arrive(world: &World, visit: &Arc<Visit>) -> Layer {
    let (_, first) = route::begin(&world.bbs, visit).await.unwrap();
    first
}

async fn call(world: &World, visit: &Arc<Visit>, first: impl Into<Layer>) -> Call {
    let visit = Arc::clone(visit);
    let call = world.call_with(visit, Size::USUAL, Actor::Guest, first);
    call.await
}

/// A call that begins where the board says.
async fn arrives(world: &World, visit: &Arc<Visit>) -> Call {
    call(world, visit, arrive(world, visit).await).await
}

/// Shows where a call begins, after some keys, on both terminals.
async fn both(world: &World, visit: impl Fn() -> Arc<Visit>, typed: &[&str]) -> String {
    let mut seen = Vec::new();
    for size in [Size::USUAL, SMALL] {
        let visit = visit();
        let first = arrive(world, &visit).await;
        let mut call = world.call_with(visit, size, Actor::Guest, first).await;
        call.press(typed).await;
        seen.push(call.text());
    }
    seen.join("\n\n")
}

async fn account(world: &World, handle: &str) -> Account {
    let id = world.bbs.find_user(&world.console, handle).await.unwrap();
    let login = world.bbs.refresh(id).await.unwrap().unwrap();
    login.account
}

async fn with_password(world: &World, handle: &str) -> Account {
    let new = NewUser {
        handle: handle.into(),
        email: String::new(),
        role: Role::User,
        key: None,
        password: Some(Secret::new(PASSWORD.into())),
    };
    world.bbs.create_user(&world.console, new).await.unwrap()
}

/// What a newcomer with a key types up to the message.
const TO_MESSAGE: &[&str] = &[ENTER, "marta_k", ENTER, ENTER, ENTER];
const MESSAGE: &str = "I play chess badly and talk well.";

#[tokio::test]
async fn the_welcome_offers_what_leads_somewhere() {
    let world = World::new().await;
    world.set("welcome_text", "the museum board, Kiel").await;
    let marta = Some(key("marta"));
    let nobody = || world.visit_with(DoorName::Nobody, marta.clone());
    let named = || world.visit_with(DoorName::parse("marta"), marta.clone());
    assert_snapshot!("welcome", both(&world, nobody, &[]).await);
    assert_snapshot!("welcome_by_name", both(&world, named, &[]).await);
    world.mode(Mode::InviteOnly).await;
    assert_snapshot!("welcome_by_invite", both(&world, nobody, &[]).await);
    world.mode(Mode::Closed).await;
    assert_snapshot!("welcome_closed", both(&world, nobody, &[]).await);
    world.mode(Mode::Open).await;
    world.set("registration_note", "Back on Monday.").await;
    world.set("registration_paused", "on").await;
    let mut call = arrives(&world, &nobody()).await;
    assert!(call.shows("Registration is paused: Back on Monday."));
    assert!(!call.shows("r join"));
    call.types("r").await;
    assert!(call.shows("log in"), "a key that is not shown does nothing");
    world.set("registration_paused", "off").await;
    call.look().await;
    assert!(call.shows("anybody may join"), "{}", call.text());
    call.types("q").await;
    assert!(call.is_over());
}

#[tokio::test]
async fn a_board_without_a_sysop_says_so() {
    let world = World::unclaimed().await;
    let nobody = || world.visit_with(DoorName::Nobody, None);
    assert_snapshot!("welcome_unclaimed", both(&world, nobody, &[]).await);
}

#[tokio::test]
async fn what_led_nowhere_is_explained_at_the_welcome() {
    let world = World::new().await;
    let front = world.bbs.front().await.unwrap();
    let handle = Handle::parse("marta").ok();
    let welcome = Welcome::new(front.clone(), handle, Some(Refusal::CodeUnusable));
    let visit = world.visit_with(DoorName::parse("marta"), Some(key("marta")));
    let small = world.call_with(Arc::clone(&visit), SMALL, Actor::Guest, welcome);
    assert_snapshot!("welcome_refused", small.await.text());
    let spent = Welcome::new(front, None, Some(Refusal::CodesSpent));
    assert!(call(&world, &visit, spent).await.is_over());
}

#[tokio::test]
async fn a_guest_looks_round() {
    let world = World::new().await;
    let guest = || world.visit_with(DoorName::Guest, None);
    assert_snapshot!("guest", both(&world, guest, &[]).await);
    let mut call = arrives(&world, &guest()).await;
    call.types("r").await;
    assert!(call.shows("Join ▸ Welcome"));
}

#[tokio::test]
async fn threat_15_a_wrong_password_says_no_more_than_that() {
    let world = World::new().await;
    with_password(&world, "ada").await;
    let visit = || world.visit();
    let nobody = async |handle: &str| {
        let mut call = call(&world, &visit(), LogIn::new(None)).await;
        call.press(&[handle, ENTER, "gulls", ENTER]).await;
        call.text().replace(handle, "…")
    };
    assert_eq!(nobody("ada").await, nobody("eve").await);
    let mut call = call(&world, &visit(), LogIn::new(None)).await;
    let wrong = ["ada", ENTER, "gulls", ENTER];
    call.press(&wrong).await;
    assert_snapshot!("login_wrong", call.text());
    call.press(&[ENTER, ENTER]).await;
    assert!(call.is_over(), "three wrong passwords end a call");
}

#[tokio::test]
async fn after_a_password_an_unknown_key_can_be_remembered() {
    let world = World::new().await;
    let ada = with_password(&world, "ada").await;
    let visit = world.visit_with(DoorName::parse("ada"), Some(key("ada's laptop")));
    let mut call = call(&world, &visit, LogIn::new(Handle::parse("ada").ok())).await;
    call.press(&[PASSWORD, ENTER]).await;
    assert_snapshot!("login_remember", call.text());
    call.types(ENTER).await;
    assert!(call.shows("From now on this key lets you in."));
    let login = world.bbs.log_in_by_key(&visit).await.unwrap();
    assert_eq!(login.account.id, ada.id);
}

#[tokio::test]
async fn the_wizard_asks_and_ends_in_a_request() {
    let world = World::new().await;
    let visit = || newcomer(&world);
    for (name, typed) in [
        ("wizard_1_welcome", 0),
        ("wizard_2_handle", 1),
        ("wizard_3_way_in", 3),
        ("wizard_4_about", 5),
    ] {
        assert_snapshot!(name, both(&world, visit, &TO_MESSAGE[..typed]).await);
    }
    let to_review = [TO_MESSAGE, &[MESSAGE, CTRL_S]].concat();
    assert_snapshot!("wizard_5_review", both(&world, visit, &to_review).await);

    let mut call = arrives(&world, &visit()).await;
    call.press(&to_review).await;
    call.press(&[ESC, ESC, ESC, ENTER, ENTER, ENTER, CTRL_S])
        .await;
    assert!(call.shows(MESSAGE), "Esc keeps everything: {}", call.text());
    call.types(ENTER).await;
    assert!(call.shows("Waiting room"), "{}", call.text());
    let marta = account(&world, "marta_k").await;
    assert_eq!(marta.status, Status::Pending);
    assert!(!marta.has_password, "the key is the way in");
}

#[tokio::test]
async fn refusals_stand_under_their_field() {
    let world = World::new().await;
    let visit = || world.visit();
    let taken = [ENTER, "opal", ENTER];
    assert_snapshot!("wizard_taken", both(&world, visit, &taken).await);
    let easy = [
        ENTER, "marta_k", ENTER, "password", ENTER, "x", ENTER, ENTER,
    ];
    assert_snapshot!("wizard_easy_password", both(&world, visit, &easy).await);
    let mut call = arrives(&world, &newcomer(&world)).await;
    call.press(TO_MESSAGE).await;
    call.press(&["  ", CTRL_S]).await;
    assert!(call.shows("✗ Tell the sysops in a sentence or two"));
    world
        .set("request_questions", "Who sent you?\nWhich modem?")
        .await;
    call.press(&[ESC, ENTER, ENTER, "I do.", CTRL_S]).await;
    assert_snapshot!("wizard_questions", call.text());
}

#[tokio::test]
async fn without_a_key_a_password_is_asked_twice() {
    let world = World::new().await;
    world.mode(Mode::Open).await;
    let mut call = arrives(&world, &world.visit()).await;
    call.press(&[ENTER, "marta_k", ENTER, ENTER, ENTER, ENTER])
        .await;
    assert!(call.shows("Without a key you need a password"));
    call.press(&[PASSWORD, ENTER, "gulls", ENTER, ENTER]).await;
    assert!(call.shows("The two passwords differ."), "{}", call.text());
    call.press(&[CTRL_U, PASSWORD, ENTER, "marta@", ENTER])
        .await;
    assert!(call.shows("That doesn't look like an e-mail address."));
    call.press(&["example.org", ENTER]).await;
    assert!(call.shows("Enter makes your account"), "{}", call.text());
    assert!(!call.shows(PASSWORD));
    call.types(ENTER).await;
    assert!(call.shows("Main menu"), "{}", call.text());
    let marta = account(&world, "marta_k").await;
    assert_eq!((marta.status, marta.has_password), (Status::Active, true));
}

#[tokio::test]
async fn an_invite_and_a_key_make_four_screens() {
    let world = World::new().await;
    let opal = world.create("ada", Role::Sysop).await;
    let draft = Draft {
        message: "Come and bring your chess board.".into(),
        ..Draft::default()
    };
    let invite = world.bbs.create_invite(&opal, draft).await.unwrap();
    let visit = || visit_by(&world, &invite.line, Some("marta"));
    assert_snapshot!("wizard_invited", both(&world, visit, &[]).await);
    let mut call = arrives(&world, &visit()).await;
    let to_review = [ENTER, "marta_k", ENTER, ENTER, ENTER];
    call.press(&to_review).await;
    assert_snapshot!("wizard_invited_review", call.text());

    let id = invite.invite.id;
    world.bbs.revoke_invite(&opal, id, "").await.unwrap();
    call.types(ENTER).await;
    assert!(call.shows("Meanwhile your invite stopped working."));
    assert!(call.shows("Join ▸ Welcome"));
    let again = world.bbs.create_invite(&opal, Draft::default());
    let again = again.await.unwrap();
    call.press(&[
        CTRL_U,
        again.code.expose(),
        ENTER,
        ENTER,
        ENTER,
        ENTER,
        ENTER,
    ])
    .await;
    let marta = account(&world, "marta_k").await;
    assert_eq!(marta.status, Status::Active);
    assert_eq!(marta.invited_by.unwrap().as_str(), "ada");
}

#[tokio::test]
async fn w11_an_invite_for_somebody_else_leads_back_to_the_code() {
    let world = World::new().await;
    let draft = Draft {
        bearer: Bearer {
            mailbox: Some(Mailbox::At(Email::parse("marta@example.org").unwrap())),
            handle: Some(Handle::parse("marta_k").unwrap()),
        },
        ..Draft::default()
    };
    let invite = world.bbs.create_invite(&world.console, draft);
    let invite = invite.await.unwrap();
    let visit = visit_by(&world, &invite.line, Some("marta"));
    let mut call = arrives(&world, &visit).await;
    // The handle it is for stands there already; the address has to be given.
    call.press(&[ENTER, ENTER, ENTER, ENTER]).await;
    assert!(call.shows("needs an e-mail address"), "{}", call.text());
    call.press(&["eve@example.org", ENTER, ENTER]).await;
    assert!(call.shows("Join ▸ Welcome"), "{}", call.text());
    assert!(
        call.shows("✗ That invite can't be used."),
        "{}",
        call.text()
    );
    call.press(&[ENTER, ENTER, ENTER, CTRL_U, "marta@example.org"])
        .await;
    call.press(&[ENTER, ENTER]).await;
    assert_eq!(account(&world, "marta_k").await.status, Status::Active);
}

#[tokio::test]
async fn a_code_is_needed_where_joining_takes_one() {
    let world = World::new().await;
    world.mode(Mode::InviteOnly).await;
    let visit = || newcomer(&world);
    assert_snapshot!("wizard_needs_code", both(&world, visit, &[ENTER]).await);
    let mut call = arrives(&world, &visit()).await;
    call.press(&["abc", ENTER]).await;
    assert!(
        call.shows("✗ There is a typo in that code."),
        "{}",
        call.text()
    );
    world.set("invitations_enabled", "off").await;
    call.look().await;
    call.types(ENTER).await;
    assert!(call.shows("Join ▸ Welcome"), "there is no way on");
}

#[tokio::test]
async fn a_handle_that_is_taken_meanwhile_leads_back_to_its_step() {
    let world = World::new().await;
    let mut call = arrives(&world, &newcomer(&world)).await;
    call.press(TO_MESSAGE).await;
    call.press(&[MESSAGE, CTRL_S]).await;
    world.create("marta_k", Role::User).await;
    call.types(ENTER).await;
    assert!(call.shows("Join ▸ Handle"), "{}", call.text());
    assert!(call.shows("✗ Meanwhile somebody took that handle."));
    call.press(&["2", ENTER, ENTER, ENTER, CTRL_S, ENTER]).await;
    assert_eq!(account(&world, "marta_k2").await.status, Status::Pending);
}

#[tokio::test]
async fn a_mode_that_changes_meanwhile_keeps_the_form() {
    let world = World::new().await;
    world.mode(Mode::Open).await;
    let mut call = arrives(&world, &newcomer(&world)).await;
    call.press(TO_MESSAGE).await;
    assert!(call.shows("step 4 of 4"), "{}", call.text());
    world.mode(Mode::SysopApproved).await;
    call.look().await;
    assert_snapshot!("wizard_mode_changed", call.text());
    call.press(&[MESSAGE, CTRL_S]).await;
    assert!(call.shows("marta_k"), "{}", call.text());
    world.mode(Mode::InviteOnly).await;
    call.look().await;
    assert!(call.shows("Join ▸ Welcome"), "{}", call.text());
    assert!(call.shows("Joining takes an invite"));
}

#[tokio::test]
async fn the_claim_line_makes_a_sysop() {
    let world = World::unclaimed().await;
    let line = world.bbs.mint_claim().await.unwrap().unwrap();
    let visit = || visit_by(&world, &line, Some("opal"));
    assert_snapshot!("claim_welcome", both(&world, visit, &[]).await);
    let to_board = [ENTER, "sysop", ENTER, ENTER, ENTER];
    assert_snapshot!("claim_board", both(&world, visit, &to_board).await);
    let mut call = arrives(&world, &visit()).await;
    call.press(&to_board).await;
    call.press(&[CTRL_U, "Gull Rock", ENTER, "opal", ENTER])
        .await;
    assert_snapshot!("claim_review", call.text());
    call.types(ENTER).await;
    let sysop = account(&world, "sysop").await;
    assert_eq!((sysop.status, sysop.role), (Status::Active, Role::Sysop));
    assert_eq!(world.bbs.settings().site_name.as_str(), "Gull Rock");
    let late = arrives(&world, &visit_by(&world, &line, None)).await;
    assert!(
        late.shows("✗ That claim line doesn't work any more."),
        "{}",
        late.text()
    );
}

#[tokio::test]
async fn an_account_that_exists_can_claim() {
    let world = World::unclaimed().await;
    with_password(&world, "ada").await;
    let line = world.bbs.mint_claim().await.unwrap().unwrap();
    let mut call = arrives(&world, &visit_by(&world, &line, None)).await;
    call.press(&["l", "ada", ENTER, PASSWORD, ENTER]).await;
    assert!(call.shows("Main menu"), "{}", call.text());
    assert!(call.shows("You run this board now"));
    assert_eq!(account(&world, "ada").await.role, Role::Sysop);
}

#[tokio::test]
async fn a_known_key_is_greeted_at_the_wizards_door() {
    let world = World::unclaimed().await;
    world.create("ada", Role::User).await;
    let ada = || world.visit_of("ada");
    assert_snapshot!("greeting", both(&world, ada, &[]).await);
    let mut call = arrives(&world, &ada()).await;
    call.press(&["n", ESC]).await;
    assert!(call.shows("log in"), "{}", call.text());

    let line = world.bbs.mint_claim().await.unwrap().unwrap();
    let claim = || visit_by(&world, &line, Some("ada"));
    assert_snapshot!("greeting_claim", both(&world, claim, &[]).await);
    let others = ["n", ENTER, "opal", ENTER];
    assert_snapshot!("greeting_others_key", both(&world, claim, &others).await);
    let mut call = arrives(&world, &claim()).await;
    call.types(ENTER).await;
    assert_eq!(account(&world, "ada").await.role, Role::Sysop);
}

#[tokio::test]
async fn a_key_line_adds_the_key_after_a_yes() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let line = world.bbs.mint_key_line(&ada).await.unwrap();
    let visit = visit_by(&world, &line, Some("ada's laptop"));
    let shown = both(&world, || Arc::clone(&visit), &[]).await;
    assert_snapshot!("add_key", shown);
    let mut call = arrives(&world, &visit).await;
    call.types(ESC).await;
    assert!(call.shows("log in"), "{}", call.text());
    let mut call = arrives(&world, &visit).await;
    call.types(ENTER).await;
    let login = world.bbs.log_in_by_key(&visit).await.unwrap();
    assert_eq!(Some(login.account.id), ada.account());
}

#[tokio::test]
async fn whose_a_pasted_key_is_is_asked() {
    let world = World::new().await;
    let laptop = key("a laptop");
    let visit = || world.visit_with(DoorName::Nobody, Some(laptop.clone()));
    for handle in ["mallory", "ada"] {
        let actor = world.create(handle, Role::User).await;
        let pasted = world.bbs.paste_key(&actor, laptop.key().to_openssh());
        pasted.await.unwrap();
        let name = format!("pasted_by_{handle}");
        assert_snapshot!(name, both(&world, visit, &[]).await);
    }
    let mut call = arrives(&world, &visit()).await;
    call.types("n").await;
    assert!(call.shows("log in"), "{}", call.text());
    let mut call = arrives(&world, &visit()).await;
    call.press(&["j", ENTER]).await;
    let login = world.bbs.log_in_by_key(&visit()).await.unwrap();
    assert_eq!(login.account.handle.as_str(), "ada");
}
