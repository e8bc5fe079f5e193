//! Who let whom in, and what staff do about a branch of it (spec §3).

use insta::assert_snapshot;
use ringdown_bbs::{
    app::invite::{Codes, Draft, Tree, Whose},
    domain::{account::Role, actor::Actor, id::AccountId, invite::State, refusal::Refusal},
    tui::screens::{invites::Invites, invites::tree::TreePage, users::profile::Profile},
};

use crate::world::{
    SMALL, World,
    keys::{DOWN, ENTER, RIGHT, TAB},
    refused,
};

/// Lets somebody in with a code of an actor's.
async fn lets_in(world: &World, inviter: &Actor, handle: &str) -> Actor {
    let made = world.bbs.create_invite(inviter, Draft::default()).await;
    let mut form = world.form(handle);
    form.code = made.unwrap().code;
    let visit = world.visit_of(handle);
    world.bbs.register(&visit, form).await.unwrap().actor
}

async fn id(world: &World, handle: &str) -> AccountId {
    world.bbs.find_user(&world.console, handle).await.unwrap()
}

async fn tree(world: &World, handle: &str) -> Tree {
    let id = id(world, handle).await;
    world.bbs.invite_tree(&world.console, id).await.unwrap()
}

/// The handles of a branch, each as deep as it stands.
fn drawn(tree: &Tree) -> Vec<String> {
    let line = |depth: u16, handle: &str| format!("{}{handle}", "-".repeat(depth.into()));
    let branch = tree.branch.iter();
    branch
        .map(|node| line(node.depth, node.handle.as_str()))
        .collect()
}

/// opal let ada and bob in; ada let carl and dora in, and carl eve.
async fn world() -> World {
    let world = World::new().await;
    world.set("invite_code_generators", "any_user").await;
    let opal = world.actor("opal").await;
    let ada = lets_in(&world, &opal, "ada").await;
    lets_in(&world, &opal, "bob").await;
    let carl = lets_in(&world, &ada, "carl").await;
    lets_in(&world, &ada, "dora").await;
    lets_in(&world, &carl, "eve").await;
    world
}

#[tokio::test]
async fn a_branch_reads_from_the_inviter_down_and_says_who_stands_above() {
    let world = world().await;
    let whole = tree(&world, "opal").await;
    assert_eq!(
        drawn(&whole),
        ["opal", "-ada", "--carl", "---eve", "--dora", "-bob"]
    );
    assert_eq!(whole.branch[1].let_in, 2);
    let of_carl = tree(&world, "carl").await;
    assert_eq!(drawn(&of_carl), ["carl", "-eve"]);
    let above: Vec<_> = of_carl
        .above
        .iter()
        .map(|(_, name)| name.as_str())
        .collect();
    assert_eq!(above, ["ada", "opal"]);
    let (ada, moss) = (
        world.actor("ada").await,
        world.create("moss", Role::Mod).await,
    );
    let opal = id(&world, "opal").await;
    let seen = world.bbs.invite_tree(&ada, opal).await;
    assert_eq!(refused(seen), Refusal::NotAllowed);
    world.bbs.invite_tree(&moss, opal).await.unwrap();
}

#[tokio::test]
async fn a_branch_that_is_very_deep_ends() {
    let world = World::new().await;
    world.set("invite_code_generators", "any_user").await;
    let mut inviter = world.actor("opal").await;
    for n in 0..30 {
        inviter = lets_in(&world, &inviter, &format!("caller{n}")).await;
    }
    let whole = tree(&world, "opal").await;
    assert_eq!(whole.branch.len(), 31);
    assert_eq!(tree(&world, "caller29").await.above.len(), 30);
}

#[tokio::test]
async fn whoever_is_barred_makes_no_more_codes_and_is_told_why() {
    let world = world().await;
    let (opal, ada) = (world.actor("opal").await, world.actor("ada").await);
    let ada_id = id(&world, "ada").await;
    let out = world.bbs.create_invite(&ada, Draft::default()).await;
    let out = out.unwrap();
    let bar = |why, codes| world.bbs.bar_from_inviting(&opal, ada_id, why, codes);
    assert_eq!(refused(bar(" ", Codes::Stay).await), Refusal::ReasonNeeded);
    assert_eq!(bar("Too many strangers.", Codes::Stay).await.unwrap(), 0);
    let again = bar("Once more.", Codes::Stay).await;
    assert_eq!(refused(again), Refusal::BarredAlready);
    let why = Refusal::BarredFromInviting("Too many strangers.".into());
    let made = world.bbs.create_invite(&ada, Draft::default()).await;
    assert_eq!(refused(made), why);
    let id = out.invite.id;
    let more = world.bbs.extend_invite(&ada, id, None).await;
    assert_eq!(refused(more), why);
    // What is out goes on working, unless staff say otherwise.
    let seen = world.bbs.invite(&ada, id).await.unwrap();
    assert_eq!(seen.state, State::Live);
    assert!(tree(&world, "ada").await.branch[0].is_barred);
    let unbar = || world.bbs.unbar_from_inviting(&opal, ada_id);
    unbar().await.unwrap();
    assert_eq!(refused(unbar().await), Refusal::NotBarred);
    assert_eq!(bar("Again.", Codes::Revoke).await.unwrap(), 1);
    let seen = world.bbs.invite(&ada, id).await.unwrap();
    assert_eq!(seen.state, State::Revoked);
}

#[tokio::test]
async fn nobody_bars_their_equals_or_betters() {
    let world = world().await;
    let (moss, rose) = (
        world.create("moss", Role::Mod).await,
        world.create("rose", Role::Mod).await,
    );
    let opal = world.actor("opal").await;
    world.create("onyx", Role::Sysop).await;
    for (actor, handle, refusal) in [
        (&moss, "rose", Some(Refusal::NotAllowed)),
        (&moss, "opal", Some(Refusal::NotAllowed)),
        (&moss, "moss", Some(Refusal::NotOneself)),
        (&opal, "onyx", Some(Refusal::NotAllowed)),
        (&world.console, "opal", Some(Refusal::NotAllowed)),
        (&world.actor("ada").await, "bob", Some(Refusal::NotAllowed)),
        (&opal, "rose", None),
        (&moss, "bob", None),
        (&world.console, "moss", None),
    ] {
        let id = id(&world, handle).await;
        let bar = world.bbs.bar_from_inviting(actor, id, "So.", Codes::Stay);
        match (bar.await, refusal) {
            (Ok(_), None) => {}
            (ruling, Some(refusal)) => assert_eq!(refused(ruling), refusal, "{handle}"),
            (ruling, None) => panic!("{handle}: {ruling:?}"),
        }
    }
    let made = world.bbs.create_invite(&rose, Draft::default()).await;
    assert_eq!(refused(made), Refusal::BarredFromInviting("So.".into()));
}

#[tokio::test]
async fn all_codes_of_somebody_are_taken_back_at_once() {
    let world = world().await;
    let ada = world.actor("ada").await;
    let moss = world.create("moss", Role::Mod).await;
    let mut codes = Vec::new();
    for _ in 0..3 {
        let made = world.bbs.create_invite(&ada, Draft::default()).await;
        codes.push(made.unwrap());
    }
    let ada_id = id(&world, "ada").await;
    let all = |actor| world.bbs.revoke_invites_of(actor, ada_id, "");
    assert_eq!(refused(all(&ada).await), Refusal::NotAllowed);
    assert_eq!(all(&moss).await.unwrap(), 3);
    assert_eq!(all(&moss).await.unwrap(), 0);
    for code in codes {
        let visit = world.visit();
        let preview = world.bbs.preview_code(&visit, code.code.expose());
        assert_eq!(refused(preview.await), Refusal::CodeUnusable);
    }
    // Whom she let in stays, and what was used stays used.
    assert_eq!(tree(&world, "ada").await.branch.len(), 4);
    let own = world.bbs.list_invites(&ada, Whose::Own, None, 9).await;
    let used = own.unwrap().into_iter();
    let used = used.filter(|seen| seen.state == State::Used);
    assert_eq!(used.count(), 2);
}

#[tokio::test]
async fn the_tree_is_walked_and_somebody_barred_from_it() {
    let world = world().await;
    let opal = world.actor("opal").await;
    let ada = world.actor("ada").await;
    world
        .bbs
        .create_invite(&ada, Draft::default())
        .await
        .unwrap();
    let opal_id = id(&world, "opal").await;
    let page = || TreePage::new(opal_id, "opal".into());
    let mut small = world.call_at(SMALL, opal.clone(), page()).await;
    small.press(&[DOWN, DOWN]).await;
    let mut call = world.call(opal.clone(), page()).await;
    call.press(&[DOWN, DOWN]).await;
    assert_snapshot!("tree", format!("{}\n{}", call.text(), small.text()));
    call.types(ENTER).await;
    assert!(
        call.shows("Let in by ada, let in by opal."),
        "{}",
        call.text()
    );
    assert!(!call.shows("dora"), "{}", call.text());
    call.types("u").await;
    assert!(call.shows("Tree ▸ ada"), "{}", call.text());
    call.types("x").await;
    call.press(&[ENTER]).await;
    assert!(call.shows("✗ Give a reason"), "{}", call.text());
    call.press(&["Too many strangers.", TAB, RIGHT]).await;
    assert_snapshot!("tree_bar", call.text());
    call.types(ENTER).await;
    assert!(
        call.shows("ada may not invite any more; one code was revoked."),
        "{}",
        call.text()
    );
    assert!(
        call.shows("Barred from inviting by opal: Too many"),
        "{}",
        call.text()
    );
    let mut hers = world.call(ada, Invites::new(Whose::Own)).await;
    assert!(
        hers.shows("You may not invite at present: Too many strangers."),
        "{}",
        hers.text()
    );
    assert!(!hers.shows("n new"), "{}", hers.text());
    call.types("x").await;
    assert!(call.shows("ada may invite again."), "{}", call.text());
    hers.look().await;
    assert!(hers.shows("n new"), "{}", hers.text());
}

#[tokio::test]
async fn the_tree_is_opened_from_an_invite_and_from_a_profile() {
    let world = world().await;
    let opal = world.actor("opal").await;
    let mut call = world.call(opal.clone(), Invites::new(Whose::All)).await;
    call.types("b").await;
    assert!(call.shows("Invites ▸ Tree ▸ carl"), "{}", call.text());
    let account = id(&world, "carl").await;
    let mut call = world.call(opal, Profile::new(account, "carl".into())).await;
    call.types("b").await;
    assert!(call.shows("Let in by ada"), "{}", call.text());
    call.types("v").await;
    assert!(call.shows("Sysop ▸ Users ▸ carl"), "{}", call.text());
}
