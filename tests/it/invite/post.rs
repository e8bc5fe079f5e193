//! Invites that go by letter: nobody has the code but who gets it (spec §3, §8).

use std::time::Duration;

use insta::assert_snapshot;
use ringdown_bbs::{
    app::{
        invite::{Draft, Seen, Uses, Whose},
        login::Login,
    },
    command::{self, Exit},
    domain::{
        account::{Role, Status},
        actor::Actor,
        invite::State as Stands,
        letter::{Kind, State},
        notice::{Channel, Topic},
        refusal::Refusal,
        secret::Secret,
    },
    mailer::{Inbox, Mailer},
    store::outbox::Letter,
    tui::{
        line::Size,
        screens::{invites::Invites, wizard::Wizard},
    },
};

use super::{bound, comes};
use crate::world::{SMALL, World, keys, refused};

const MARTA: &str = "marta@example.org";
const DAY: Duration = Duration::from_hours(24);

async fn world() -> (World, Inbox) {
    let (mailer, inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    (World::with_mail(mailer).await, inbox)
}

/// Sends what is due and returns the letters as they left.
async fn sent(world: &World, inbox: &Inbox) -> Vec<String> {
    world.bbs.send_due().await.unwrap();
    std::mem::take(&mut *inbox.lock().unwrap())
}

/// The code in a letter, from the line that calls with it.
fn code(letter: &str) -> Secret<String> {
    let (_, rest) = letter.split_once("join-").unwrap();
    Secret::new(rest.split('@').next().unwrap().to_owned())
}

/// The one code that left.
async fn only_code(world: &World, inbox: &Inbox) -> Secret<String> {
    let sent = sent(world, inbox).await;
    let [letter] = sent.as_slice() else {
        panic!("{sent:?}");
    };
    code(letter)
}

async fn invites(world: &World, actor: &Actor) -> Seen {
    let draft = bound(Some(MARTA), None);
    world.bbs.mail_invite(actor, draft).await.unwrap()
}

async fn letters(world: &World, kind: Kind) -> Vec<Letter> {
    let page = world.bbs.list_letters(&world.console, None, None, 500);
    let mut letters = page.await.unwrap().letters;
    letters.retain(|letter| letter.kind == kind);
    letters
}

async fn states(world: &World, kind: Kind) -> Vec<State> {
    let letters = letters(world, kind).await;
    letters.into_iter().map(|letter| letter.state).collect()
}

async fn runs(world: &World, line: &str, input: Option<&str>) -> (Exit, String, String) {
    let order = command::parse_line(line).unwrap();
    let input = input.map(str::to_owned);
    let output = command::run(&world.bbs, &world.console, order, input).await;
    (output.exit, output.stdout, output.stderr)
}

#[tokio::test]
async fn a_code_by_letter_lets_in_whoever_got_it_and_proves_the_address() {
    let (world, inbox) = world().await;
    world.set("require_email_verification", "on").await;
    let draft = Draft {
        message: "See you on Sunday.\nBring the board.".into(),
        ..bound(Some(MARTA), None)
    };
    let opal = world.actor("opal").await;
    let seen = world.bbs.mail_invite(&opal, draft).await.unwrap();
    assert_eq!(seen.letter.unwrap().state, State::Queued);
    let letter = sent(&world, &inbox).await.remove(0);
    let (_, body) = letter.split_once("\r\n\r\n").unwrap();
    let code = code(&letter);
    assert_snapshot!(body.replace(code.expose(), "CODE").replace("\r\n", "\n"));
    let Login { account, .. } = comes(&world, &code, "marta", MARTA).await.unwrap();
    assert_eq!(account.status, Status::Active);
    assert!(account.email_proven);
    let again = comes(&world, &code, "eve", MARTA).await;
    assert_eq!(refused(again), Refusal::CodeStopped);
}

#[tokio::test]
async fn a_code_that_was_shown_proves_no_address() {
    let (world, _) = world().await;
    world.set("require_email_verification", "on").await;
    let draft = bound(Some(MARTA), None);
    let minted = world.bbs.create_invite(&world.console, draft).await;
    let login = comes(&world, &minted.unwrap().code, "marta", MARTA).await;
    let account = login.unwrap().account;
    assert_eq!(account.status, Status::Unverified);
    assert!(!account.email_proven);
}

#[tokio::test]
async fn whoever_squats_on_an_address_does_not_keep_its_owner_out() {
    let (world, inbox) = world().await;
    world.set("require_email_verification", "on").await;
    world.asks_from("squatter", MARTA).await;
    invites(&world, &world.console).await;
    let letters = sent(&world, &inbox).await;
    let letter = letters.iter().find(|one| one.contains("join-")).unwrap();
    let login = comes(&world, &code(letter), "marta", MARTA).await.unwrap();
    assert_eq!(login.account.status, Status::Active);
}

#[tokio::test]
async fn the_wizard_knows_the_address_an_invite_came_to() {
    let (world, inbox) = world().await;
    world.set("require_email_verification", "on").await;
    invites(&world, &world.console).await;
    let code = only_code(&world, &inbox).await;
    let front = world.bbs.front().await.unwrap();
    let wizard = Wizard::new(front, Some(code), None, None);
    let visit = world.visit_of("marta");
    let mut call = world
        .call_with(visit, Size::USUAL, Actor::Guest, wizard)
        .await;
    call.press(&[keys::ENTER]).await;
    call.press(&["marta", keys::ENTER]).await;
    assert_snapshot!("wizard", call.text());
    call.press(&[keys::ENTER, "x", keys::ENTER]).await;
    assert!(
        call.shows("Your invite is for the address it came to."),
        "{}",
        call.text()
    );
    call.press(&["\u{7f}", keys::ENTER, keys::ENTER]).await;
    assert!(call.shows("Main menu"), "{}", call.text());
}

#[tokio::test]
async fn k6_nobody_sees_a_code_that_goes_by_letter() {
    let (world, inbox) = world().await;
    let opal = world.actor("opal").await;
    let seen = invites(&world, &opal).await;
    assert_eq!(seen.invite.hint, None);
    let code = only_code(&world, &inbox).await;
    let mut call = world.call(opal.clone(), Invites::new(Whose::All)).await;
    call.press(&[keys::DOWN, keys::ENTER]).await;
    assert!(call.shows("only in the letters"), "{}", call.text());
    let part = code.expose().split('-').next().unwrap();
    assert!(!call.shows(part));
    for line in ["invite list --json", "audit --json", "mail list --json"] {
        let (_, stdout, stderr) = runs(&world, line, None).await;
        assert!(!stdout.contains(part) && !stderr.contains(part), "{line}");
    }
}

#[tokio::test]
async fn every_letter_of_an_invite_brings_a_code_and_all_of_them_are_one_use() {
    let (world, inbox) = world().await;
    let seen = invites(&world, &world.console).await;
    let first = only_code(&world, &inbox).await;
    let again = world.bbs.mail_invite_again(&world.console, seen.invite.id);
    again.await.unwrap();
    let second = only_code(&world, &inbox).await;
    assert_ne!(first.expose(), second.expose());
    comes(&world, &first, "marta", MARTA).await.unwrap();
    let late = comes(&world, &second, "eve", MARTA).await;
    assert_eq!(refused(late), Refusal::CodeStopped);
    let over = world.bbs.mail_invite_again(&world.console, seen.invite.id);
    assert_eq!(refused(over.await), Refusal::InviteOver(Stands::Used));
}

#[tokio::test]
async fn a_reminder_comes_once_two_days_before_the_end() {
    let (world, inbox) = world().await;
    invites(&world, &world.console).await;
    let first = only_code(&world, &inbox).await;
    let remind = async || world.bbs.remind_invitees().await.unwrap();
    world.clock.advance(DAY * 27);
    assert_eq!(remind().await, 0);
    world.clock.advance(DAY);
    assert_eq!((remind().await, remind().await), (1, 0));
    let letter = sent(&world, &inbox).await.remove(0);
    assert!(
        letter.contains("Subject: Your invite ends soon"),
        "{letter}"
    );
    assert_ne!(code(&letter).expose(), first.expose());
    comes(&world, &first, "marta", MARTA).await.unwrap();
}

#[tokio::test]
async fn nobody_is_reminded_of_an_invite_that_is_over_or_new() {
    let (world, inbox) = world().await;
    let seen = invites(&world, &world.console).await;
    let short = Draft {
        days: Some(1),
        ..bound(Some("olaf@example.org"), None)
    };
    world.bbs.mail_invite(&world.console, short).await.unwrap();
    sent(&world, &inbox).await;
    assert_eq!(world.bbs.remind_invitees().await.unwrap(), 0);
    let id = seen.invite.id;
    world
        .bbs
        .revoke_invite(&world.console, id, "")
        .await
        .unwrap();
    world.clock.advance(DAY * 28);
    assert_eq!(world.bbs.remind_invitees().await.unwrap(), 0);
}

#[tokio::test]
async fn an_extended_invite_is_reminded_of_again() {
    let (world, inbox) = world().await;
    let id = invites(&world, &world.console).await.invite.id;
    world.clock.advance(DAY * 28);
    assert_eq!(world.bbs.remind_invitees().await.unwrap(), 1);
    let extended = world.bbs.extend_invite(&world.console, id, Some(10)).await;
    extended.unwrap();
    assert_eq!(world.bbs.remind_invitees().await.unwrap(), 0);
    world.clock.advance(DAY * 8);
    assert_eq!(world.bbs.remind_invitees().await.unwrap(), 1);
    assert_eq!(sent(&world, &inbox).await.len(), 3);
}

#[tokio::test]
async fn a_letter_to_a_domain_that_is_kept_out_waits_until_it_is_let_in() {
    let (world, inbox) = world().await;
    world.set("email_allow_domains", "example.net").await;
    let seen = invites(&world, &world.console).await;
    assert_eq!(seen.letter.unwrap().state, State::Blocked);
    assert_eq!(sent(&world, &inbox).await.len(), 0);
    world
        .set("email_allow_domains", "example.net,example.com")
        .await;
    assert_eq!(states(&world, Kind::Invite).await, [State::Blocked]);
    let banned = "policy domain add example.org";
    assert_eq!(runs(&world, banned, None).await.0, Exit::Done);
    world.set("email_allow_domains", "").await;
    assert_eq!(states(&world, Kind::Invite).await, [State::Blocked]);
    let removed = "policy domain remove example.org";
    assert_eq!(runs(&world, removed, None).await.0, Exit::Done);
    let code = only_code(&world, &inbox).await;
    comes(&world, &code, "marta", MARTA).await.unwrap();
}

#[tokio::test]
async fn a_domain_that_is_kept_out_before_the_letter_leaves_blocks_it() {
    let (world, inbox) = world().await;
    let id = invites(&world, &world.console).await.invite.id;
    world.set("email_deny_domains", "example.org").await;
    assert_eq!(sent(&world, &inbox).await.len(), 0);
    assert_eq!(states(&world, Kind::Invite).await, [State::Blocked]);
    world
        .bbs
        .revoke_invite(&world.console, id, "")
        .await
        .unwrap();
    world.set("email_deny_domains", "").await;
    assert_eq!(states(&world, Kind::Invite).await, [State::Cancelled]);
    assert_eq!(sent(&world, &inbox).await.len(), 0);
}

#[tokio::test]
async fn an_invite_that_works_no_more_sends_no_code() {
    let (world, inbox) = world().await;
    world.set("invite_code_generators", "any_user").await;
    let ada = world.create("ada", Role::User).await;
    world.address("ada", "ada@example.org").await;
    invites(&world, &ada).await;
    let line = "user suspend ada --reason spam";
    assert_eq!(runs(&world, line, None).await.0, Exit::Done);
    let letters = sent(&world, &inbox).await;
    assert!(!letters.iter().any(|letter| letter.contains("join-")));
    assert_eq!(states(&world, Kind::Invite).await, [State::Cancelled]);
}

#[tokio::test]
async fn a_letter_waits_until_its_invite_begins() {
    let (world, inbox) = world().await;
    let draft = Draft {
        not_before: Some(world.bbs.clock().now() + chrono::TimeDelta::days(3)),
        ..bound(Some(MARTA), None)
    };
    world.bbs.mail_invite(&world.console, draft).await.unwrap();
    assert_eq!(sent(&world, &inbox).await.len(), 0);
    world.clock.advance(DAY * 3);
    only_code(&world, &inbox).await;
}

#[tokio::test]
async fn an_address_gets_one_invite_at_a_time_from_staff_and_none_if_it_is_here() {
    let (world, _inbox) = world().await;
    let first = invites(&world, &world.console).await;
    let opal = world.actor("opal").await;
    let second = world.bbs.mail_invite(&opal, bound(Some(MARTA), None)).await;
    assert_eq!(refused(second), Refusal::InviteOut(first.invite.number()));
    world.create("ada", Role::User).await;
    world.address("ada", "ada@example.org").await;
    let here = bound(Some("ada@example.org"), None);
    let here = world.bbs.mail_invite(&opal, here).await;
    assert_eq!(refused(here), Refusal::EmailTaken);
}

#[tokio::test]
async fn what_goes_by_letter_has_one_address_and_one_use() {
    let (world, _) = world().await;
    for (draft, refusal) in [
        (Draft::default(), Refusal::EmailNeeded),
        (bound(Some("@example.org"), None), Refusal::EmailNeeded),
        (
            Draft {
                uses: Uses::Times(2),
                ..bound(Some(MARTA), None)
            },
            Refusal::InviteBeyond("An invite that goes by letter works once.".into()),
        ),
    ] {
        let made = world.bbs.mail_invite(&world.console, draft).await;
        assert_eq!(refused(made), refusal);
    }
    world.set("delivery_mode", "no_email").await;
    let off = world
        .bbs
        .mail_invite(&world.console, bound(Some(MARTA), None));
    assert_eq!(refused(off.await), Refusal::MailOff);
    let all = world.bbs.list_invites(&world.console, Whose::All, None, 9);
    assert_eq!(all.await.unwrap(), []);
}

#[tokio::test]
async fn threat_36_a_member_floods_no_mailbox_with_invites() {
    let (world, _) = world().await;
    world.set("invite_code_generators", "any_user").await;
    let (ada, bob) = (
        world.create("ada", Role::User).await,
        world.create("bob", Role::User).await,
    );
    let draft = || bound(Some(MARTA), None);
    for actor in [&ada, &bob, &ada] {
        let seen = world.bbs.mail_invite(actor, draft()).await.unwrap();
        let id = seen.invite.id;
        world.bbs.revoke_invite(actor, id, "").await.unwrap();
    }
    for actor in [&ada, &bob] {
        let fourth = world.bbs.mail_invite(actor, draft()).await;
        assert_eq!(refused(fourth), Refusal::LettersEnough);
    }
    // Nobody is kept from inviting others.
    let other = bound(Some("olaf@example.org"), None);
    world.bbs.mail_invite(&ada, other).await.unwrap();
    world.clock.advance(DAY);
    world.bbs.mail_invite(&bob, draft()).await.unwrap();
}

#[tokio::test]
async fn whoever_invited_hears_that_somebody_came() {
    let (world, inbox) = world().await;
    world.address("opal", "opal@example.org").await;
    let opal = world.actor("opal").await;
    let come = async |handle: &str| {
        let made = world.bbs.create_invite(&opal, Draft::default()).await;
        let code = made.unwrap().code;
        comes(&world, &code, handle, "").await.unwrap();
    };
    come("marta").await;
    let notices = world.bbs.notices(&opal).await.unwrap();
    assert_eq!(notices[0].notice.kind, Kind::InviteRedeemed);
    assert_eq!(notices[0].notice.detail, "marta");
    assert_eq!(states(&world, Kind::InviteRedeemed).await, []);
    let turned = world
        .bbs
        .turn_channel(&opal, Topic::Invites, Channel::Letter)
        .await;
    assert!(turned.unwrap().letter);
    come("olaf").await;
    let letters = sent(&world, &inbox).await;
    assert!(
        letters.iter().any(|one| one.contains("olaf has come")),
        "{letters:?}"
    );
}

#[tokio::test]
async fn t4_whoever_invited_hears_of_it_when_the_address_is_proven() {
    let (world, _) = world().await;
    world.set("require_email_verification", "on").await;
    let opal = world.actor("opal").await;
    let made = world.bbs.create_invite(&opal, Draft::default()).await;
    comes(&world, &made.unwrap().code, "marta", MARTA)
        .await
        .unwrap();
    assert_eq!(world.bbs.notices(&opal).await.unwrap(), []);
    let line = "user verify marta --waive --text met";
    assert_eq!(runs(&world, line, None).await.0, Exit::Done);
    let notices = world.bbs.notices(&opal).await.unwrap();
    assert_eq!(notices[0].notice.kind, Kind::InviteRedeemed);
}

#[tokio::test]
async fn a_list_of_addresses_is_invited_once() {
    let (world, inbox) = world().await;
    let list = "# the club\nmarta@example.org\n\n olaf@example.org \nnonsense\n";
    let line = "invite create --mail --from - --note club --json";
    let dry = runs(&world, &format!("{line} --dry-run"), Some(list)).await;
    assert_eq!(sent(&world, &inbox).await.len(), 0);
    let (exit, stdout, stderr) = runs(&world, line, Some(list)).await;
    assert_eq!((dry.0, exit), (Exit::Refused, Exit::Refused));
    assert!(stderr.contains("nonsense"), "{stderr}");
    let made: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(made.as_array().unwrap().len(), 2);
    assert_eq!(made[1]["email"], "olaf@example.org");
    assert_eq!(made[1]["by_letter"], true);
    assert_eq!(made[1]["letter"]["state"], "queued");
    assert!(made[1].get("code").is_none());
    assert_eq!(sent(&world, &inbox).await.len(), 2);
    let again = "marta@example.org\nolaf@example.org\n";
    let line = line.trim_end_matches(" --json");
    let (exit, stdout, stderr) = runs(&world, line, Some(again)).await;
    assert_eq!((exit, stdout.as_str()), (Exit::Done, ""));
    assert!(stderr.contains("is for that address already"), "{stderr}");
    assert_eq!(sent(&world, &inbox).await.len(), 0);
    let (exit, stdout, _) = runs(&world, "invite send inv-1", None).await;
    assert_eq!(
        (exit, stdout.as_str()),
        (
            Exit::Done,
            "inv-1  marta@example.org  letter invite queued\n"
        )
    );
}

#[tokio::test]
async fn an_invite_is_sent_by_keyboard() {
    let (world, inbox) = world().await;
    let opal = world.actor("opal").await;
    let mut call = world.call(opal.clone(), Invites::new(Whose::All)).await;
    let down = keys::DOWN;
    call.press(&["n", down, down, down, down]).await;
    call.press(&[down, keys::RIGHT, keys::ENTER]).await;
    assert!(call.shows("Which address"), "{}", call.text());
    call.types(MARTA).await;
    call.look().await;
    assert_snapshot!("form", call.text());
    call.press(&[keys::ENTER]).await;
    assert!(call.shows("goes by letter"), "{}", call.text());
    call.press(&[keys::DOWN]).await;
    assert_snapshot!("list", call.text());
    call.press(&[keys::ENTER]).await;
    assert_snapshot!("page", call.text());
    only_code(&world, &inbox).await;
    let mut small = world.call_at(SMALL, opal, Invites::new(Whose::All)).await;
    small.press(&[keys::DOWN, "l"]).await;
    assert_snapshot!("small", small.text());
    only_code(&world, &inbox).await;
}

#[tokio::test]
async fn t14_letters_to_those_whom_somebody_invited_go_with_them() {
    let (world, inbox) = world().await;
    world.set("invite_code_generators", "any_user").await;
    let ada = world.create("ada", Role::User).await;
    invites(&world, &ada).await;
    sent(&world, &inbox).await;
    assert_eq!(states(&world, Kind::Invite).await, [State::Sent]);
    let (exit, _, stderr) = runs(&world, "user delete ada --yes", None).await;
    assert_eq!(exit, Exit::Done, "{stderr}");
    assert_eq!(states(&world, Kind::Invite).await, []);
}
