//! The address of an account: changing it, and proving it with a code.

use std::time::Duration;

use insta::assert_snapshot;
use ringdown_bbs::{
    app::Ruling,
    domain::{
        account::Role,
        actor::Actor,
        letter::{Kind, State},
        refusal::Refusal,
        secret::Secret,
    },
    mailer::{Inbox, Mailer},
    store::{account::Account, outbox::Letter},
    tui::{
        Layer,
        line::Size,
        screens::{account::Overview, users::Users},
    },
};

use crate::world::{
    SMALL, World,
    keys::{CTRL_R, CTRL_U, DOWN, ENTER, ESC, RIGHT, TAB},
    refused,
};

const OLD: &str = "ada@example.org";
const NEW: &str = "ada@example.net";

/// A board with mail, the sysop opal, and ada, who has an address that nobody
/// has proven.
async fn world() -> (World, Inbox) {
    let (mailer, inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    world.create("ada", Role::User).await;
    world.address("ada", OLD).await;
    (world, inbox)
}

/// Sends what is due and returns what left: to whom, and the code in it.
async fn sent(world: &World, inbox: &Inbox) -> Vec<(String, Option<String>)> {
    world.bbs.send_due().await.unwrap();
    let letters = std::mem::take(&mut *inbox.lock().unwrap());
    let read = |letter: &String| {
        let to = letter.lines().find_map(|line| line.strip_prefix("To: "));
        (to.unwrap().to_owned(), code_of(letter))
    };
    letters.iter().map(read).collect()
}

/// Returns the code a letter brings: two groups of four on a line of their own.
pub(crate) fn code_of(letter: &str) -> Option<String> {
    let is_code = |line: &&str| {
        let (one, other) = line.split_once('-').unwrap_or_default();
        one.len() == 4 && other.len() == 4
    };
    letter.lines().map(str::trim).find(is_code).map(Into::into)
}

/// The one code that left.
async fn code(world: &World, inbox: &Inbox) -> String {
    let mut codes = sent(world, inbox).await.into_iter().filter_map(|one| one.1);
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

async fn change(world: &World, text: &str) -> Ruling<Account> {
    let (ada, visit) = (world.actor("ada").await, world.visit());
    world.bbs.change_email(&ada, &visit, text).await
}

async fn asks(world: &World) -> Ruling<()> {
    let (ada, visit) = (world.actor("ada").await, world.visit());
    world.bbs.ask_for_address_code(&ada, &visit).await
}

async fn proves(world: &World, code: &str) -> Ruling<Account> {
    let ada = world.actor("ada").await;
    let code = Secret::new(code.to_owned());
    world.bbs.prove_address(&ada, &code).await
}

#[tokio::test]
async fn k4_a_new_address_is_unproven_until_its_code_is_typed_and_both_hear_of_it() {
    let (world, inbox) = world().await;
    let account = change(&world, NEW).await.unwrap();
    assert!(!account.email_proven);
    let sent = sent(&world, &inbox).await;
    let [(old, None), (new, Some(code))] = &sent[..] else {
        panic!("{sent:?}");
    };
    assert_eq!([old, new], [OLD, NEW]);
    let account = proves(&world, &code.to_uppercase()).await.unwrap();
    assert!(account.email_proven);
    assert_eq!(refused(proves(&world, code).await), Refusal::AddressProven);
    assert_eq!(refused(asks(&world).await), Refusal::AddressProven);
    // The same address again changes nothing.
    assert!(change(&world, NEW).await.unwrap().email_proven);
    assert!(self::sent(&world, &inbox).await.is_empty());
    // Another one does, and one that is removed.
    assert!(!change(&world, OLD).await.unwrap().email_proven);
    change(&world, "").await.unwrap();
    let told: Vec<_> = self::sent(&world, &inbox).await;
    let told: Vec<_> = told
        .iter()
        .map(|(to, code)| (to.as_str(), code.is_some()))
        .collect();
    assert_eq!(told, [(NEW, false), (OLD, false), (OLD, false)]);
    assert_eq!(refused(asks(&world).await), Refusal::NoAddress);
}

#[tokio::test]
async fn k4_five_wrong_codes_end_a_code_and_a_newer_one_works() {
    let (world, inbox) = world().await;
    asks(&world).await.unwrap();
    let first = code(&world, &inbox).await;
    // What no code can be is told, and no try.
    for text in ["", "hello", "7kq2-m9x"] {
        let refusal = refused(proves(&world, text).await);
        assert!(matches!(refusal, Refusal::CodeTypo(_)), "{text}");
    }
    for _ in 0..4 {
        assert_eq!(
            refused(proves(&world, "0000-0000").await),
            Refusal::ProofUnusable
        );
    }
    asks(&world).await.unwrap();
    let second = code(&world, &inbox).await;
    // Newest only.
    assert_eq!(
        refused(proves(&world, &first).await),
        Refusal::ProofUnusable
    );
    for _ in 0..4 {
        refused(proves(&world, "0000-0000").await);
    }
    // The tries are stored with the code: the fifth was the last.
    assert_eq!(
        refused(proves(&world, &second).await),
        Refusal::ProofUnusable
    );
    asks(&world).await.unwrap();
    let third = code(&world, &inbox).await;
    assert!(proves(&world, &third).await.unwrap().email_proven);
}

#[tokio::test]
async fn k4_a_code_works_for_a_day_from_when_it_was_asked_for() {
    let (world, inbox) = world().await;
    asks(&world).await.unwrap();
    world.clock.advance(Duration::from_hours(1));
    let code = code(&world, &inbox).await;
    world.clock.advance(Duration::from_hours(23));
    assert_eq!(refused(proves(&world, &code).await), Refusal::ProofUnusable);
    // A letter that would bring a dead one does not leave.
    asks(&world).await.unwrap();
    world.clock.advance(Duration::from_hours(24));
    assert!(sent(&world, &inbox).await.is_empty());
    let states = letters(&world, Kind::VerifyAddress).await;
    assert_eq!(states[0].state, State::Cancelled);
}

#[tokio::test]
async fn k4_a_code_is_bound_to_account_and_address() {
    let (world, inbox) = world().await;
    asks(&world).await.unwrap();
    let code = code(&world, &inbox).await;
    let bert = world.create("bert", Role::User).await;
    world.address("bert", "bert@example.org").await;
    let typed = Secret::new(code.clone());
    let stolen = world.bbs.prove_address(&bert, &typed).await;
    assert_eq!(refused(stolen), Refusal::ProofUnusable);
    change(&world, NEW).await.unwrap();
    change(&world, OLD).await.unwrap();
    assert_eq!(refused(proves(&world, &code).await), Refusal::ProofUnusable);
}

#[tokio::test]
async fn k3_of_two_who_type_one_code_at_once_one_proves() {
    let (world, inbox) = world().await;
    asks(&world).await.unwrap();
    let code = code(&world, &inbox).await;
    let (one, other) = tokio::join!(proves(&world, &code), proves(&world, &code));
    assert_ne!(one.is_ok(), other.is_ok());
}

#[tokio::test]
async fn k6_nothing_holds_the_code_of_an_address_but_the_letter() {
    let (world, inbox) = world().await;
    asks(&world).await.unwrap();
    let code = code(&world, &inbox).await;
    let symbols = code.replace('-', "");
    world.bbs.close().await;
    for file in std::fs::read_dir(world.directory()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        for secret in [code.as_bytes(), symbols.as_bytes()] {
            let found = bytes.windows(secret.len()).any(|bytes| bytes == secret);
            assert!(!found, "{}", path.display());
        }
    }
}

#[tokio::test]
async fn threat_36_codes_are_asked_for_three_times_a_day_and_no_more() {
    let (world, inbox) = world().await;
    for _ in 0..10 {
        asks(&world).await.unwrap();
    }
    assert_eq!(sent(&world, &inbox).await.len(), 3);
    world.clock.advance(Duration::from_hours(24));
    asks(&world).await.unwrap();
    assert_eq!(sent(&world, &inbox).await.len(), 1);
}

#[tokio::test]
async fn threat_36_changing_to_and_fro_floods_nobody() {
    let (world, inbox) = world().await;
    let victim = "victim@example.org";
    for _ in 0..10 {
        change(&world, victim).await.unwrap();
        change(&world, "").await.unwrap();
    }
    let sent = sent(&world, &inbox).await;
    let to_victim = sent.iter().filter(|(to, _)| to == victim).count();
    // Three as the new address, and as the old one until then.
    assert!(to_victim <= 6, "{to_victim}");
    // Whoever has proven theirs hears of every change.
    world.clock.advance(Duration::from_hours(25));
    change(&world, OLD).await.unwrap();
    let code = code(&world, &inbox).await;
    proves(&world, &code).await.unwrap();
    for _ in 0..3 {
        refused(proves(&world, "0000-0000").await);
    }
    change(&world, "").await.unwrap();
    assert_eq!(self::sent(&world, &inbox).await.len(), 1);
}

#[tokio::test]
async fn threat_36_changing_from_one_to_the_next_floods_nobody_either() {
    let (world, inbox) = world().await;
    for n in 0..20 {
        let victim = format!("victim{n}@example.org");
        change(&world, &victim).await.unwrap();
    }
    let sent = sent(&world, &inbox).await;
    assert_eq!(sent.len(), 5);
}

#[tokio::test]
async fn an_address_that_is_somebodys_gives_the_words_of_w65_and_no_letter() {
    let (world, inbox) = world().await;
    world.create("bert", Role::User).await;
    world.address("bert", NEW).await;
    assert_eq!(refused(change(&world, NEW).await), Refusal::EmailTaken);
    assert!(sent(&world, &inbox).await.is_empty());
}

#[tokio::test]
async fn where_no_letter_leaves_an_address_stays_unproven() {
    let world = World::new().await;
    world.create("ada", Role::User).await;
    assert!(!change(&world, NEW).await.unwrap().email_proven);
    assert_eq!(refused(asks(&world).await), Refusal::MailOff);
    let ada = world.actor("ada").await;
    let mut call = world.call(ada, Overview::new()).await;
    call.press(&["e"]).await;
    assert!(!call.shows("code"), "{}", call.text());
}

#[tokio::test]
async fn an_address_a_sysop_gives_is_unproven_and_both_hear_of_it() {
    let (world, inbox) = world().await;
    world.readdress("ada", NEW).await;
    let told: Vec<_> = sent(&world, &inbox).await;
    let told: Vec<_> = told
        .iter()
        .map(|(to, code)| (to.as_str(), code.is_some()))
        .collect();
    assert_eq!(told, [(OLD, false), (NEW, true)]);
}

/// The same keys at a usual terminal and at the smallest one.
async fn both(world: &World, actor: &Actor, screen: impl Fn() -> Layer, keys: &[&str]) -> String {
    let mut texts = Vec::new();
    for size in [Size::USUAL, SMALL] {
        let mut call = world.call_at(size, actor.clone(), screen()).await;
        call.press(keys).await;
        texts.push(call.text());
    }
    texts.join("\n────\n")
}

#[tokio::test]
async fn one_changes_and_proves_an_address_in_account() {
    let (world, inbox) = world().await;
    let ada = world.actor("ada").await;
    let account = || Overview::new().into();
    assert_snapshot!("account", both(&world, &ada, account, &[]).await);
    assert_snapshot!("unproven", both(&world, &ada, account, &["e"]).await);
    let wrong = ["e", "0000-0000", ENTER];
    assert_snapshot!("wrong_code", both(&world, &ada, account, &wrong).await);
    let mut call = world.call(ada.clone(), Overview::new()).await;
    call.press(&["e", CTRL_R]).await;
    assert!(
        call.shows("A letter with a code goes there now"),
        "{}",
        call.text()
    );
    code(&world, &inbox).await;
    call.press(&[TAB, CTRL_U, NEW, ENTER]).await;
    assert!(
        call.shows("A letter with a code goes there now"),
        "{}",
        call.text()
    );
    let code = code(&world, &inbox).await;
    call.press(&[&code, ENTER]).await;
    assert!(call.shows("Your address is proven."), "{}", call.text());
    assert!(call.shows("ada@example.net, proven"), "{}", call.text());
    assert_snapshot!("proven", both(&world, &ada, account, &["e"]).await);
    call.press(&["e", CTRL_U, ENTER]).await;
    assert!(call.shows("Your address is saved."), "{}", call.text());
    call.press(&["e", ESC]).await;
    assert!(call.shows("none"), "{}", call.text());
}

#[tokio::test]
async fn users_marks_an_address_that_is_proven() {
    let (world, inbox) = world().await;
    let opal = world.actor("opal").await;
    let row = |text: String| {
        let row = text.lines().find(|line| line.contains("ada")).unwrap();
        row.to_owned()
    };
    let mut call = world.call(opal, Users::new()).await;
    call.press(&[RIGHT, DOWN, DOWN]).await;
    assert!(row(call.text()).contains("mail ·"), "{}", call.text());
    asks(&world).await.unwrap();
    let code = code(&world, &inbox).await;
    proves(&world, &code).await.unwrap();
    call.look().await;
    assert!(row(call.text()).contains("mail ✓"), "{}", call.text());
    assert!(call.shows("ada@example.org, proven"), "{}", call.text());
}
