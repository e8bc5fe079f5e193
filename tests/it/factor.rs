//! Second factors: what is asked for on every way in, what is good once, and
//! what guessing comes to.

use std::{sync::Arc, time::Duration};

use insta::assert_snapshot;
use ringdown_bbs::{
    app::{
        Ruling,
        account::OtherCalls,
        delete::Farewell,
        entrance::{Entrance, HalfWay},
        factor::{BackupCodes, Demand, Offer},
        login::Login,
        queue::Decision,
        visit::Visit,
    },
    domain::{
        account::{Role, Status},
        actor::Actor,
        code::Code,
        door::DoorName,
        factor::AppSecret,
        id::AccountId,
        key::{PublicKey, VerifiedKey},
        letter::Kind,
        refusal::Refusal,
        secret::Secret,
    },
    mailer::Mailer,
    tui::{
        line::Size,
        route,
        screens::{account::Overview, factor::overview::TwoFactor, users::profile::Profile},
    },
};

use crate::world::{
    Call, PASSWORD, SMALL, World, inside, key,
    keys::{CTRL_U, ENTER, ESC, LEFT, TAB},
    refused,
};

/// A key of a security key; nobody else has it.
const HARDWARE: &str = "\
    sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAICFo/k5LU8863\
    u66YC9eUO2170QduohPURkQnbLa/dczAAAABHNzaDo=";

/// A board with ada, whose two-factor login is on.
struct Board {
    world: World,
    app: AppSecret,
    backups: BackupCodes,
}

impl Board {
    async fn new() -> Self {
        Self::of(World::new().await).await
    }

    async fn with_mail() -> Self {
        let (mailer, _) = Mailer::memory("ringdown@bbs.example.org").unwrap();
        let board = Self::of(World::with_mail(mailer).await).await;
        board.world.address("ada", "ada@example.org").await;
        board
    }

    async fn of(world: World) -> Self {
        let ada = world.create("ada", Role::User).await;
        let (app, backups) = switch_on(&world, &ada).await;
        // The code of the set-up is used up.
        world.clock.advance(Duration::from_mins(1));
        Self {
            world,
            app,
            backups,
        }
    }

    /// What the app shows now.
    fn code(&self) -> Secret<String> {
        code(&self.world, &self.app)
    }

    /// A code that the app does not show.
    fn wrong(&self) -> Secret<String> {
        let right: u32 = self.code().expose().parse().unwrap();
        Secret::new(format!("{:06}", (right + 500_000) % 1_000_000))
    }

    async fn id(&self) -> AccountId {
        id(&self.world, "ada").await
    }

    /// Ada's key, and what it leads to.
    async fn comes(&self) -> (Arc<Visit>, HalfWay) {
        let visit = self.world.visit_of("ada");
        let half = half(self.world.bbs.enter_by_key(&visit).await);
        (visit, half)
    }

    /// Goes on from half way with what the app shows now.
    async fn passes(&self, visit: &Arc<Visit>, half: &HalfWay) -> Ruling<Login> {
        let code = self.code();
        self.world.bbs.enter_with_code(visit, half, &code).await
    }

    async fn enters(&self, code: &Secret<String>) -> Ruling<Login> {
        let (visit, half) = self.comes().await;
        self.world.bbs.enter_with_code(&visit, &half, code).await
    }
}

fn code(world: &World, app: &AppSecret) -> Secret<String> {
    Secret::new(app.code_of(world.bbs.clock().now()).digits())
}

async fn id(world: &World, handle: &str) -> AccountId {
    world.bbs.find_user(&world.console, handle).await.unwrap()
}

async fn switch_on(world: &World, actor: &Actor) -> (AppSecret, BackupCodes) {
    let offer = world.bbs.offer_factor(actor).unwrap();
    let code = code(world, offer.secret());
    let codes = world.bbs.switch_factor_on(actor, &offer, &code).await;
    (offer.secret().clone(), codes.unwrap())
}

/// Somebody of whom a code is asked.
fn half(entrance: Ruling<Entrance>) -> HalfWay {
    match entrance {
        Ok(Entrance::Code(half)) => *half,
        other => panic!("no code is asked for: {other:?}"),
    }
}

/// Somebody who must set a factor up.
fn bare(entrance: Ruling<Entrance>) -> HalfWay {
    match entrance {
        Ok(Entrance::SetUp(half)) => *half,
        other => panic!("nothing has to be set up: {other:?}"),
    }
}

async fn password(world: &World, handle: &str) {
    let (visit, actor) = (world.visit(), world.actor(handle).await);
    let (none, new) = (String::new(), PASSWORD.to_owned());
    let (none, new) = (Secret::new(none), Secret::new(new));
    let change = world
        .bbs
        .change_password(&actor, &visit, &none, &new, OtherCalls::GoOn);
    change.await.unwrap();
}

#[tokio::test]
async fn a_key_asks_for_a_code_and_the_code_lets_in() {
    let board = Board::new().await;
    let login = board.enters(&board.code()).await.unwrap();
    assert_eq!(login.account.handle.as_str(), "ada");
    // Half way is nobody: nothing was noted of it.
    let (visit, _) = board.comes().await;
    assert_eq!(
        refused(board.world.bbs.log_in_by_key(&visit).await),
        Refusal::FactorNeeded
    );
}

#[tokio::test]
async fn a_password_a_key_line_and_a_pasted_key_ask_for_a_code_too() {
    let board = Board::new().await;
    let world = &board.world;
    password(world, "ada").await;
    let (visit, right) = (world.visit(), Secret::new(PASSWORD.to_owned()));
    let by_password = half(world.bbs.enter_by_password(&visit, "ada", &right).await);
    board.passes(&visit, &by_password).await.unwrap();

    let ada = world.actor("ada").await;
    let line = world.bbs.mint_key_line(&ada).await.unwrap();
    let (_, text) = line.expose().split_once("key-").unwrap();
    let text = Code::parse(text.split('@').next().unwrap()).unwrap();
    let phone = world.visit_of("phone");
    let by_line = half(world.bbs.use_key_line(&phone, &text).await);
    // Nothing is added before the second of two things.
    assert_eq!(world.bbs.own(&ada).await.unwrap().keys.len(), 1);
    world.clock.advance(Duration::from_mins(1));
    board.passes(&phone, &by_line).await.unwrap();
    assert_eq!(world.bbs.own(&ada).await.unwrap().keys.len(), 2);

    let tablet = world.visit_of("tablet");
    let pasted = key("tablet").key().to_openssh().to_owned();
    world.bbs.paste_key(&ada, &pasted).await.unwrap();
    let by_paste = half(world.bbs.confirm_pasted(&tablet, board.id().await).await);
    world.clock.advance(Duration::from_mins(1));
    board.passes(&tablet, &by_paste).await.unwrap();
}

#[tokio::test]
async fn a_hardware_key_of_ones_own_needs_no_code_and_a_new_one_does() {
    let board = Board::new().await;
    let world = &board.world;
    let ada = world.actor("ada").await;
    let hardware = || VerifiedKey::attest(PublicKey::parse(HARDWARE).unwrap());
    let call = || world.visit_with(DoorName::New, Some(hardware()));
    // A stolen line must not make a way round the code.
    let line = world.bbs.mint_key_line(&ada).await.unwrap();
    let (_, text) = line.expose().split_once("key-").unwrap();
    let text = Code::parse(text.split('@').next().unwrap()).unwrap();
    let visit = call();
    let adding = half(world.bbs.use_key_line(&visit, &text).await);
    board.passes(&visit, &adding).await.unwrap();
    inside(world.bbs.enter_by_key(&call()).await);
    world.bbs.log_in_by_key(&call()).await.unwrap();
    // Somebody else's is no help.
    password(world, "opal").await;
    let opal = world.actor("opal").await;
    switch_on(world, &opal).await;
    let right = Secret::new(PASSWORD.to_owned());
    half(world.bbs.enter_by_password(&call(), "opal", &right).await);
}

#[tokio::test]
async fn threat_28_a_code_is_good_once_on_every_connection() {
    let board = Board::new().await;
    let seen = board.code();
    board.enters(&seen).await.unwrap();
    assert_eq!(refused(board.enters(&seen).await), Refusal::FactorUsed);
    // It would still be in time.
    board.world.clock.advance(Duration::from_secs(30));
    assert_eq!(refused(board.enters(&seen).await), Refusal::FactorUsed);
    board.enters(&board.code()).await.unwrap();
}

#[tokio::test]
async fn threat_28_sixteen_at_once_with_one_code_let_one_in() {
    let board = Board::new().await;
    let seen = board.code();
    let tries = (0..16).map(|_| board.enters(&seen));
    let mut through = 0;
    for result in join_all(tries).await {
        match result {
            Ok(_) => through += 1,
            Err(_) => assert_eq!(refused(result), Refusal::FactorUsed),
        }
    }
    assert_eq!(through, 1);
}

async fn join_all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.map(Box::pin).collect();
    let mut done = Vec::new();
    // All begin before the first is done.
    std::future::poll_fn(|context| {
        futures.retain_mut(|future| match future.as_mut().poll(context) {
            std::task::Poll::Ready(output) => {
                done.push(output);
                false
            }
            std::task::Poll::Pending => true,
        });
        if futures.is_empty() {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    done
}

#[tokio::test]
async fn threat_46_a_clock_that_jumps_neither_locks_out_nor_lets_a_used_code_in() {
    let board = Board::new().await;
    let clock = &board.world.clock;
    let before = board.code();
    board.enters(&before).await.unwrap();
    let year = Duration::from_hours(24 * 365);
    clock.advance(year);
    board.enters(&board.code()).await.unwrap();
    for _ in 0..2 {
        refused(board.enters(&board.wrong()).await);
    }
    clock.go_back(year);
    assert_eq!(refused(board.enters(&before).await), Refusal::FactorUsed);
    clock.advance(Duration::from_secs(30));
    board.enters(&board.code()).await.unwrap();
}

#[tokio::test]
async fn three_wrong_codes_end_the_line_and_five_make_their_source_wait() {
    let board = Board::new().await;
    let world = &board.world;
    let (visit, half) = board.comes().await;
    let wrong = board.wrong();
    for last in [false, false, true] {
        let refusal = refused(world.bbs.enter_with_code(&visit, &half, &wrong).await);
        let expected = if last {
            Refusal::FactorWrongLast
        } else {
            Refusal::FactorWrong
        };
        assert_eq!(refusal, expected);
        assert_eq!(refusal.hangs_up(), last);
    }
    // What can be no code is no guess.
    let nonsense = Secret::new("12345".to_owned());
    let refusal = refused(world.bbs.enter_with_code(&visit, &half, &nonsense).await);
    assert_eq!(refusal, Refusal::FactorShape);
    let again = world.same_source(&visit);
    for _ in 0..2 {
        password_less(&board, &again, &wrong).await;
    }
    let right = board.code();
    let refusal = refused(world.bbs.enter_with_code(&visit, &half, &right).await);
    assert!(matches!(refusal, Refusal::FactorWait(_)), "{refusal:?}");
    // Elsewhere, and later, the owner gets in.
    board.enters(&right).await.unwrap();
    world.clock.advance(Duration::from_secs(31));
    board.passes(&with_key(&again, "ada"), &half).await.unwrap();
}

/// A wrong code from a call that comes half way by ada's key.
async fn password_less(board: &Board, visit: &Arc<Visit>, wrong: &Secret<String>) {
    let (_, half) = board.comes().await;
    let visit = with_key(visit, "ada");
    refused(board.world.bbs.enter_with_code(&visit, &half, wrong).await);
}

/// The same call with a key.
fn with_key(visit: &Arc<Visit>, handle: &str) -> Arc<Visit> {
    Arc::new(Visit {
        session: visit.session,
        source: visit.source,
        address: visit.address,
        door: DoorName::New,
        key: Some(key(handle)),
        certified: None,
        client: visit.client.clone(),
        began: visit.began,
        end: visit.end.clone(),
        tries: ringdown_bbs::app::visit::Tries::default(),
    })
}

#[tokio::test]
async fn a_thousand_codes_from_fifty_sources_are_not_looked_at_and_the_owner_gets_in() {
    let board = Board::new().await;
    let world = &board.world;
    // Where the owner was before, they are judged apart.
    let (home, half) = board.comes().await;
    let first = board.code();
    world
        .bbs
        .enter_with_code(&home, &half, &first)
        .await
        .unwrap();
    world.clock.advance(Duration::from_mins(1));
    let wrong = board.wrong();
    let mut looked_at = 0;
    for _ in 0..50 {
        let source = world.visit();
        for _ in 0..20 {
            let visit = with_key(&source, "ada");
            match refused(world.bbs.enter_with_code(&visit, &half, &wrong).await) {
                Refusal::FactorWrong | Refusal::FactorWrongLast => looked_at += 1,
                Refusal::FactorWait(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(looked_at, 20);
    let again = with_key(&home, "ada");
    board.passes(&again, &half).await.unwrap();
}

#[tokio::test]
async fn a_right_password_forgives_no_wrong_codes() {
    let board = Board::new().await;
    let world = &board.world;
    password(world, "ada").await;
    let (source, right) = (world.visit(), Secret::new(PASSWORD.to_owned()));
    let wrong = board.wrong();
    for number in 0..6 {
        let visit = world.same_source(&source);
        let half = half(world.bbs.enter_by_password(&visit, "ada", &right).await);
        let refusal = refused(world.bbs.enter_with_code(&visit, &half, &wrong).await);
        if number < 5 {
            assert_eq!(refusal, Refusal::FactorWrong, "{number}");
        } else {
            assert!(matches!(refusal, Refusal::FactorWait(_)), "{refusal:?}");
        }
    }
    board
        .world
        .bbs
        .unlock(&world.console, board.id().await)
        .await
        .unwrap();
    let visit = world.same_source(&source);
    let half = half(world.bbs.enter_by_password(&visit, "ada", &right).await);
    let code = board.code();
    world
        .bbs
        .enter_with_code(&visit, &half, &code)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_backup_code_lets_in_once_and_a_letter_tells_of_it() {
    let board = Board::with_mail().await;
    assert_eq!(board.backups.len(), 10);
    let code = &board.backups[3];
    board.enters(code).await.unwrap();
    assert_eq!(refused(board.enters(code).await), Refusal::FactorWrong);
    let typo = Secret::new(
        code.expose()
            .replace('-', "")
            .replacen(char::is_numeric, "z", 1),
    );
    let refusal = refused(board.enters(&typo).await);
    assert!(matches!(refusal, Refusal::CodeTypo(_)), "{refusal:?}");
    let ada = board.world.actor("ada").await;
    assert_eq!(board.world.bbs.own(&ada).await.unwrap().factor.backups, 9);
    let page = board
        .world
        .bbs
        .list_letters(&board.world.console, None, None, 50);
    let letters = page.await.unwrap().letters;
    let told = letters.iter().find(|one| one.kind == Kind::FactorChanged);
    assert_eq!(
        told.unwrap().detail,
        "a backup code was used. You have 9 left."
    );
}

#[tokio::test]
async fn k1_the_file_holds_neither_secret_nor_backup_codes() {
    let board = Board::new().await;
    let base32 = board.app.expose_base32();
    board.world.bbs.close().await;
    let file = std::fs::read(board.world.file()).unwrap();
    let holds = |text: &str| {
        let text = text.as_bytes();
        file.windows(text.len()).any(|window| window == text)
    };
    assert!(holds("ada"));
    assert!(!holds(base32.expose()));
    for code in &board.backups {
        assert!(!holds(code.expose()) && !holds(&code.expose().replace('-', "")));
    }
}

#[tokio::test]
async fn k7_a_new_password_does_not_switch_it_off() {
    let board = Board::with_mail().await;
    let world = &board.world;
    password(world, "ada").await;
    let made = world.bbs.show_reset(&world.console, board.id().await).await;
    let (_, code) = world
        .bbs
        .read_reset(&world.visit(), &made.unwrap().code)
        .await
        .unwrap();
    let new = Secret::new("seven tin lanterns ashore".to_owned());
    let reset = world.bbs.reset_password(&code, &new, OtherCalls::End);
    reset.await.unwrap();
    half(
        world
            .bbs
            .enter_by_password(&world.visit(), "ada", &new)
            .await,
    );
}

#[tokio::test]
async fn what_was_proven_first_is_proven_again_when_the_code_comes() {
    let board = Board::new().await;
    let world = &board.world;
    password(world, "ada").await;
    let (visit, right) = (world.visit(), Secret::new(PASSWORD.to_owned()));
    let half = half(world.bbs.enter_by_password(&visit, "ada", &right).await);
    let ada = world.actor("ada").await;
    let new = Secret::new("seven tin lanterns ashore".to_owned());
    let elsewhere = world.visit();
    let change = world
        .bbs
        .change_password(&ada, &elsewhere, &right, &new, OtherCalls::End);
    change.await.unwrap();
    let refusal = refused(board.passes(&visit, &half).await);
    assert_eq!(refusal, Refusal::WrongCredentials);

    let (visit, half) = board.comes().await;
    let mine = world.bbs.own(&ada).await.unwrap().keys[0].id;
    world.bbs.remove_key(&ada, mine).await.unwrap();
    let refusal = refused(board.passes(&visit, &half).await);
    assert_eq!(refusal, Refusal::NoSuchAccount);
}

#[tokio::test]
async fn somebody_suspended_between_the_two_is_told_and_shut_out() {
    let board = Board::new().await;
    let world = &board.world;
    let (visit, half) = board.comes().await;
    let suspension = Decision::Suspend {
        reason: "noise".into(),
        until: None,
    };
    let id = board.id().await;
    world
        .bbs
        .decide_about(&world.console, id, suspension)
        .await
        .unwrap();
    let login = board.passes(&visit, &half).await;
    assert!(matches!(login.unwrap().actor, Actor::Applicant(_)));
}

#[tokio::test]
async fn two_who_set_up_at_once_make_one_factor() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let offers: Vec<Offer> = (0..2)
        .map(|_| world.bbs.offer_factor(&ada).unwrap())
        .collect();
    let codes: Vec<_> = offers
        .iter()
        .map(|offer| code(&world, offer.secret()))
        .collect();
    let first = world.bbs.switch_factor_on(&ada, &offers[0], &codes[0]);
    first.await.unwrap();
    let second = world.bbs.switch_factor_on(&ada, &offers[1], &codes[1]);
    assert_eq!(refused(second.await), Refusal::FactorChanged);
    // An offer is for whom it was made.
    let bert = world.create("bert", Role::User).await;
    let offer = world.bbs.offer_factor(&bert).unwrap();
    let right = code(&world, offer.secret());
    let stolen = world.bbs.switch_factor_on(&ada, &offer, &right);
    assert_eq!(refused(stolen.await), Refusal::NotAllowed);
    let none = Secret::new("000000".to_owned());
    let unproven = world.bbs.switch_factor_on(&bert, &offer, &none).await;
    assert_eq!(refused(unproven), Refusal::FactorWrong);
}

#[tokio::test]
async fn t14_whoever_has_a_second_factor_deletes_themselves_with_a_code() {
    let board = Board::new().await;
    let world = &board.world;
    let (ada, visit) = (world.actor("ada").await, world.visit_of("ada"));
    let typed = |code: &Secret<String>| Farewell {
        handle: "ada".to_owned(),
        password: Secret::new(String::new()),
        code: code.clone(),
    };
    let none = Secret::new(String::new());
    for (code, refusal) in [
        (&none, Refusal::FactorShape),
        (&board.wrong(), Refusal::FactorWrong),
    ] {
        let ruling = world.bbs.delete_oneself(&ada, &visit, typed(code)).await;
        assert_eq!(refused(ruling), refusal);
    }
    let mut call = world.call(ada.clone(), Overview::new()).await;
    call.press(&["d"]).await;
    let mut small = world.call_at(SMALL, ada.clone(), Overview::new()).await;
    small.press(&["d"]).await;
    // Whoever came without a key says the password as well.
    let visit = world.visit();
    let mut bare = world
        .call_with(visit, SMALL, ada.clone(), Overview::new())
        .await;
    bare.press(&["d", "ada", TAB, TAB, "nonsense", ENTER]).await;
    let screens = [call.text(), small.text(), bare.text()].join("\n\n");
    assert_snapshot!("delete_with_code", screens);
    call.press(&["ada", ENTER, board.wrong().expose(), ENTER])
        .await;
    assert!(call.shows("That isn't the code."), "{}", call.text());
    let code = board.code();
    call.press(&[CTRL_U, code.expose(), ENTER]).await;
    assert!(call.is_over(), "{}", call.text());
    let id = board.id().await;
    let gone = world.bbs.user(&world.console, id).await.unwrap().account;
    assert_eq!(gone.status, Status::Deleted);
}

#[tokio::test]
async fn it_is_switched_off_and_renewed_by_a_code_only() {
    let board = Board::new().await;
    let world = &board.world;
    let (ada, visit) = (world.actor("ada").await, world.visit());
    let wrong = board.wrong();
    let bbs = &world.bbs;
    refused(bbs.switch_factor_off(&ada, &visit, &wrong).await);
    refused(bbs.renew_backup_codes(&ada, &visit, &wrong).await);
    let code = board.code();
    let new = bbs.renew_backup_codes(&ada, &visit, &code).await.unwrap();
    assert_eq!(
        refused(board.enters(&board.backups[0]).await),
        Refusal::FactorWrong
    );
    let used = bbs.switch_factor_off(&ada, &visit, &code).await;
    assert_eq!(refused(used), Refusal::FactorUsed);
    bbs.switch_factor_off(&ada, &visit, &new[0]).await.unwrap();
    inside(bbs.enter_by_key(&world.visit_of("ada")).await);
    let off = bbs.switch_factor_off(&ada, &visit, &new[1]).await;
    assert_eq!(refused(off), Refusal::FactorChanged);
}

#[tokio::test]
async fn a_role_that_must_have_one_sets_it_up_at_the_door_and_nowhere_else() {
    let world = World::new().await;
    world.create("ada", Role::User).await;
    world.set("totp_required_for", "user, mod").await;
    let bbs = &world.bbs;
    let visit = world.visit_of("ada");
    let half = bare(bbs.enter_by_key(&visit).await);
    // Sysops are not asked.
    inside(bbs.enter_by_key(&world.visit_of("opal")).await);
    let offer = bbs.offer_factor_at_the_door(&half);
    let right = code(&world, offer.secret());
    let entered = bbs.enter_with_set_up(&visit, &half, &offer, &right).await;
    let (login, codes) = entered.unwrap();
    assert_eq!(codes.len(), 10);
    let off = bbs.switch_factor_off(&login.actor, &visit, &codes[0]).await;
    assert_eq!(refused(off), Refusal::FactorDemanded);
    world.set("totp_required_for", "").await;
    bbs.switch_factor_off(&login.actor, &visit, &codes[0])
        .await
        .unwrap();
}

#[tokio::test]
async fn somebody_demoted_while_they_set_up_comes_in_as_what_they_are() {
    let world = World::new().await;
    let ada = world.create("ada", Role::Mod).await;
    world.set("totp_required_for", "mod").await;
    let visit = world.visit_of("ada");
    let half = bare(world.bbs.enter_by_key(&visit).await);
    let demotion = Decision::ChangeRole(Role::User);
    let id = ada.account().unwrap();
    let decided = world.bbs.decide_about(&world.console, id, demotion);
    decided.await.unwrap();
    let offer = world.bbs.offer_factor_at_the_door(&half);
    let right = code(&world, offer.secret());
    let entered = world
        .bbs
        .enter_with_set_up(&visit, &half, &offer, &right)
        .await;
    assert!(!entered.unwrap().0.actor.is_staff());
}

#[tokio::test]
async fn staff_demand_one_of_a_person_and_take_it_off_with_a_reason() {
    let board = Board::with_mail().await;
    let world = &board.world;
    let (bbs, opal) = (&world.bbs, world.actor("opal").await);
    let (ada, id) = (world.actor("ada").await, board.id().await);
    for actor in [&ada, &Actor::Guest] {
        let demanded = bbs.demand_factor(actor, id, Demand::Made).await;
        assert_eq!(refused(demanded), Refusal::NotAllowed);
        let reset = bbs.reset_factor(actor, id, "lost").await;
        assert_eq!(refused(reset), Refusal::NotAllowed);
    }
    bbs.demand_factor(&opal, id, Demand::Made).await.unwrap();
    let reset = bbs.reset_factor(&opal, id, " ").await;
    assert_eq!(refused(reset), Refusal::ReasonNeeded);
    let reset = bbs.reset_factor(&opal, id, "Lost the telephone.").await;
    reset.unwrap();
    let reset = bbs.reset_factor(&opal, id, "again").await;
    assert_eq!(refused(reset), Refusal::FactorOff);
    // What is demanded stays: the next call begins anew.
    bare(bbs.enter_by_key(&world.visit_of("ada")).await);
    bbs.demand_factor(&opal, id, Demand::Dropped).await.unwrap();
    inside(bbs.enter_by_key(&world.visit_of("ada")).await);
    let own = opal.account().unwrap();
    switch_on(world, &opal).await;
    let reset = bbs.reset_factor(&opal, own, "mine").await;
    assert_eq!(refused(reset), Refusal::NotOneself);

    let page = bbs.list_letters(&world.console, None, None, 50).await;
    let letters = page.unwrap().letters;
    let told: Vec<_> = letters
        .iter()
        .filter(|one| one.kind == Kind::FactorChanged)
        .map(|one| one.detail.as_str())
        .collect();
    // The newest first: dropped, taken off, demanded.
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[1].contains("Lost the telephone."), "{told:?}");
}

#[tokio::test]
async fn it_looks_so_at_the_door() {
    let board = Board::new().await;
    for size in [Size::USUAL, SMALL] {
        let name = format!("code_{}", size.width);
        let mut call = comes_at(&board.world, size).await;
        assert_snapshot!(name, call.text());
        call.types("123").await;
        call.press(&[ENTER]).await;
        assert!(call.shows("✗ Type the six digits"), "{}", call.text());
        let wrong = board.wrong();
        call.types(wrong.expose()).await;
        call.press(&[ENTER]).await;
        assert!(call.shows("isn't the code"), "{}", call.text());
        let right = board.code();
        call.types(right.expose()).await;
        call.press(&[ENTER]).await;
        assert!(call.shows("Main menu"), "{}", call.text());
        board.world.clock.advance(Duration::from_mins(1));
    }
    let mut call = comes_at(&board.world, Size::USUAL).await;
    call.press(&[ESC]).await;
    assert!(call.shows("log in"), "{}", call.text());
}

async fn comes_at(world: &World, size: Size) -> Call {
    let visit = world.visit_with(DoorName::Other("ada".into()), Some(key("ada")));
    let (actor, first) = route::begin(&world.bbs, &visit).await.unwrap();
    assert_eq!(actor, Actor::Guest);
    world.call_with(visit, size, actor, first).await
}

#[tokio::test]
async fn it_is_set_up_at_the_door_and_shown_once() {
    let world = World::new().await;
    world.create("ada", Role::User).await;
    world.set("totp_required_for", "user").await;
    for size in [SMALL, Size::USUAL] {
        let mut call = comes_at(&world, size).await;
        assert_snapshot!(format!("must_set_up_{}", size.width), call.text());
        call.types("000000").await;
        call.press(&[ENTER]).await;
        assert!(call.shows("isn't the code"), "{}", call.text());
        if size == SMALL {
            continue;
        }
        let app = typed_secret(&call.text());
        call.types(&code_of(&world, &app)).await;
        call.press(&[ENTER]).await;
        assert_snapshot!("backup_codes_80", call.text());
        call.press(&[ENTER]).await;
        assert!(call.shows("Main menu"), "{}", call.text());
    }
}

/// The secret as somebody reads it off the screen.
fn typed_secret(text: &str) -> String {
    let is_group = |word: &&str| {
        word.len() == 4 && word.bytes().all(|b| matches!(b, b'A'..=b'Z' | b'2'..=b'7'))
    };
    let secret: String = text.split_whitespace().filter(is_group).collect();
    assert_eq!(secret.len(), 32, "{text}");
    secret
}

/// What an app shows that was told a secret: computed by another way than the
/// board's.
fn code_of(world: &World, base32: &str) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let number = base32.chars().fold(num(0), |number, symbol| {
        number.shifted(alphabet.find(symbol).unwrap())
    });
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&number.0).unwrap();
    let step = u64::try_from(world.bbs.clock().now().timestamp()).unwrap() / 30;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 0xf);
    let four: [u8; 4] = hash[at..at + 4].try_into().unwrap();
    format!(
        "{:06}",
        (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000
    )
}

/// A number of 160 bits.
struct Number([u8; 20]);

const fn num(low: u8) -> Number {
    let mut bytes = [0; 20];
    bytes[19] = low;
    Number(bytes)
}

impl Number {
    /// Five bits to the left, and those at the right.
    fn shifted(mut self, low: usize) -> Self {
        let mut carry = u16::try_from(low).unwrap();
        for byte in self.0.iter_mut().rev() {
            let wide = u16::from(*byte) << 5 | carry;
            *byte = wide.to_be_bytes()[1];
            carry = wide >> 8;
        }
        self
    }
}

#[tokio::test]
async fn it_is_switched_on_and_off_in_the_account() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let mut call = world.call(ada.clone(), TwoFactor::new()).await;
    assert_snapshot!("off_80", call.text());
    call.press(&["o"]).await;
    assert_snapshot!("set_up_80", call.text());
    let app = typed_secret(&call.text());
    call.types(&code_of(&world, &app)).await;
    call.press(&[ENTER]).await;
    assert!(call.shows("Note these codes now"), "{}", call.text());
    call.press(&[ENTER]).await;
    assert_snapshot!("on_80", call.text());
    world.clock.advance(Duration::from_mins(1));
    call.press(&["n"]).await;
    call.types(&code_of(&world, &app)).await;
    call.press(&[ENTER]).await;
    assert!(call.shows("Note these codes now"), "{}", call.text());
    call.press(&[ENTER, "x"]).await;
    call.types(&code_of(&world, &app)).await;
    call.press(&[ENTER]).await;
    assert!(call.shows("was used already"), "{}", call.text());
    world.clock.advance(Duration::from_mins(1));
    call.press(&["x"]).await;
    call.types(&code_of(&world, &app)).await;
    call.press(&[ENTER]).await;
    assert!(call.shows("Two-factor login is off."), "{}", call.text());
    let mut call = world.call_at(SMALL, ada, TwoFactor::new()).await;
    assert_snapshot!("off_40", call.text());
    call.press(&["o"]).await;
    assert_snapshot!("set_up_40", call.text());
    let app = typed_secret(&call.text());
    call.types(&code_of(&world, &app)).await;
    call.press(&[ENTER]).await;
    assert_snapshot!("backup_codes_40", call.text());
}

#[tokio::test]
async fn t_in_users_demands_it_and_takes_it_off() {
    let board = Board::new().await;
    let world = &board.world;
    let opal = world.actor("opal").await;
    for size in [Size::USUAL, SMALL] {
        let page = Profile::new(board.id().await, "ada".into());
        let mut call = world.call_at(size, opal.clone(), page).await;
        call.press(&["t"]).await;
        assert_snapshot!(format!("users_{}", size.width), call.text());
        call.press(&[ENTER]).await;
        assert!(call.shows("ada sets it up"), "{}", call.text());
        call.press(&["t", LEFT, ENTER]).await;
        assert!(call.shows("Give a reason"), "{}", call.text());
        call.press(&[ESC]).await;
    }
    let page = Profile::new(board.id().await, "ada".into());
    let mut call = world.call(opal.clone(), page).await;
    call.press(&["t", LEFT, TAB, "Lost the telephone.", ENTER])
        .await;
    assert!(
        call.shows("no two-factor login any more"),
        "{}",
        call.text()
    );
    assert!(call.shows("demanded at the next call"), "{}", call.text());
    bare(world.bbs.enter_by_key(&world.visit_of("ada")).await);
    let standing = world
        .bbs
        .demand_factor(&opal, board.id().await, Demand::Dropped);
    assert!(!standing.await.unwrap().is_demanded);
}

#[tokio::test]
async fn somebody_demoted_with_the_dialog_open_takes_nothing_off() {
    let board = Board::new().await;
    let world = &board.world;
    let mate = world.create("mate", Role::Sysop).await;
    let page = Profile::new(board.id().await, "ada".into());
    let mut call = world.call(mate.clone(), page).await;
    call.press(&["t", LEFT, TAB, "Mine now"]).await;
    let demotion = Decision::ChangeRole(Role::User);
    let id = mate.account().unwrap();
    let decided = world.bbs.decide_about(&world.console, id, demotion);
    decided.await.unwrap();
    call.press(&[ENTER]).await;
    board.enters(&board.code()).await.unwrap();
}
