//! Certificates: which are believed, whom they let in and how far, and what they
//! do not do.

use std::{net::IpAddr, sync::Arc, time::Duration};

use ringdown_bbs::{
    app::{access::Sure, door::Arrival, queue::Decision, visit::Visit},
    domain::{
        access::{Kind, Rule, Subject},
        account::{Role, Status},
        actor::Actor,
        certificate::{Asked, Authorities, CertificateProblem, Certified, Presented},
        door::DoorName,
        handle::Handle,
        refusal::Refusal,
        registration::Mode,
    },
    store::audit::Filter,
    tui::{line::Size, route},
};
use ssh_key::{
    PrivateKey,
    certificate::{Builder, CertType},
    private::Ed25519Keypair,
};

use crate::world::{World, key, keys, refused};

/// Where the callers of this file come from.
const ADDRESS: [u8; 4] = [192, 0, 2, 7];

fn authority(seed: u8) -> PrivateKey {
    PrivateKey::from(Ed25519Keypair::from_seed(&[seed; 32]))
}

/// What is written on a certificate.
struct Paper {
    signed_by: u8,
    kind: CertType,
    principals: &'static [&'static str],
    key_id: &'static str,
    serial: u64,
    /// From so long before now, until so long after.
    time: (i64, i64),
    options: &'static [(&'static str, &'static str)],
}

impl Default for Paper {
    fn default() -> Self {
        Self {
            signed_by: 1,
            kind: CertType::User,
            principals: &["ada"],
            key_id: "ada@laptop\u{1b}[2J",
            serial: 17,
            time: (60, 3_600),
            options: &[],
        }
    }
}

/// Signs a certificate for a key that nobody here uses.
fn sign(world: &World, paper: &Paper) -> Presented {
    let now = world.bbs.clock().now().timestamp();
    let [after, before] = [now - paper.time.0, now + paper.time.1];
    let [after, before] = [after, before].map(|time| u64::try_from(time).unwrap());
    let bearer = authority(99).public_key().key_data().clone();
    let mut builder = Builder::new([7; 16], bearer, after, before).unwrap();
    builder.cert_type(paper.kind).unwrap();
    builder.key_id(paper.key_id).unwrap();
    builder.serial(paper.serial).unwrap();
    match paper.principals {
        [] => drop(builder.all_principals_valid().unwrap()),
        names => names.iter().for_each(|name| {
            builder.valid_principal(*name).unwrap();
        }),
    }
    for (name, value) in paper.options {
        builder.critical_option(*name, *value).unwrap();
    }
    Presented::attest(builder.sign(&authority(paper.signed_by)).unwrap())
}

/// A board that trusts the first authority.
async fn trusting() -> World {
    let world = World::new().await;
    let line = authority(1).public_key().to_openssh().unwrap();
    world.set("trusted_user_cas", &line).await;
    world
}

async fn believed(world: &World, name: &str, paper: &Paper) -> Option<Certified> {
    let door = DoorName::parse(name);
    let presented = sign(world, paper);
    let believed = world.bbs.believe(&door, &presented, IpAddr::from(ADDRESS));
    believed.await.unwrap()
}

/// A call with a certificate that is believed.
async fn certified(world: &World, name: &str, paper: &Paper) -> Arc<Visit> {
    let door = DoorName::parse(name);
    let mut visit = Arc::into_inner(world.visit_with(door, None)).unwrap();
    visit.certified = believed(world, name, paper).await;
    assert!(visit.certified.is_some(), "not believed");
    Arc::new(visit)
}

fn of(handle: &'static [&'static str]) -> Paper {
    Paper {
        principals: handle,
        ..Paper::default()
    }
}

#[tokio::test]
async fn a_certificate_is_believed_only_if_everything_about_it_is_right() {
    use CertificateProblem as Problem;
    let world = trusting().await;
    let authorities = world.bbs.settings().trusted_user_cas.clone();
    let handle = Handle::parse("Ada").unwrap();
    let asked = Asked {
        authorities: &authorities,
        handle: &handle,
        address: ADDRESS.into(),
        now: world.bbs.clock().now(),
    };
    let usual = Paper::default;
    for (paper, problem) in [
        (
            Paper {
                kind: CertType::Host,
                ..usual()
            },
            Problem::NotAUsers,
        ),
        (
            Paper {
                signed_by: 2,
                ..usual()
            },
            Problem::NotVouched,
        ),
        (
            Paper {
                time: (60, 0),
                ..usual()
            },
            Problem::NotVouched,
        ),
        (
            Paper {
                time: (-1, 60),
                ..usual()
            },
            Problem::NotVouched,
        ),
        (of(&["opal"]), Problem::Principal),
        (of(&["adam", "ada.b", "*"]), Problem::Principal),
        // One that is for anybody is a key to every account.
        (of(&[]), Problem::Principal),
        (
            Paper {
                options: &[("force-command", "true")],
                ..usual()
            },
            Problem::Option,
        ),
        (
            Paper {
                options: &[("verify-required", "")],
                ..usual()
            },
            Problem::Option,
        ),
        (
            Paper {
                options: &[("source-address", "10.0.0.0/8,192.0.2.8")],
                ..usual()
            },
            Problem::Source,
        ),
        (
            Paper {
                options: &[("source-address", "")],
                ..usual()
            },
            Problem::Source,
        ),
        (
            Paper {
                options: &[("source-address", "home")],
                ..usual()
            },
            Problem::Option,
        ),
    ] {
        let refused = sign(&world, &paper).believe(&asked).unwrap_err();
        assert_eq!(
            refused, problem,
            "{:?} {:?}",
            paper.principals, paper.options
        );
    }
}

#[tokio::test]
async fn a_certificate_that_is_right_is_believed_and_cleaned() {
    let world = trusting().await;
    let authorities = world.bbs.settings().trusted_user_cas.clone();
    let handle = Handle::parse("Ada").unwrap();
    let asked = Asked {
        authorities: &authorities,
        handle: &handle,
        address: ADDRESS.into(),
        now: world.bbs.clock().now(),
    };
    for paper in [
        Paper::default(),
        of(&["opal", "ADA"]),
        Paper {
            options: &[("source-address", "10.0.0.0/8,192.0.2.0/24")],
            ..Paper::default()
        },
    ] {
        let certified = sign(&world, &paper).believe(&asked).unwrap();
        assert_eq!(certified.handle().as_str(), "Ada");
        // What its authority calls it reaches terminals and records.
        assert_eq!(certified.to_string(), "ada@laptop[2J, serial 17");
    }
    let nobody = Authorities::default();
    let asked = Asked {
        authorities: &nobody,
        ..asked
    };
    let refused = sign(&world, &Paper::default()).believe(&asked).unwrap_err();
    assert_eq!(refused, CertificateProblem::NotVouched);
}

#[tokio::test]
async fn a_certificate_is_for_handles_and_neither_for_doors_nor_once_it_is_banned() {
    let world = trusting().await;
    for name in ["guest", "new", "join", "join-abcde", "", "a b"] {
        let paper = of(&["guest", "new", "join", "join-abcde", "ada"]);
        assert_eq!(believed(&world, name, &paper).await, None, "{name}");
    }
    let ban = async |name: &str| {
        let subject = Subject::parse(Kind::Certificate, name).unwrap();
        let rule = Rule::new(subject, None).unwrap();
        let banned = world.bbs.add_rule(&world.console, rule, "lost", Sure::No);
        banned.await.unwrap()
    };
    let visit = certified(&world, "ada", &Paper::default()).await;
    world.create("ada", Role::User).await;
    let by_number = ban("serial:17").await;
    assert_eq!(believed(&world, "ada", &Paper::default()).await, None);
    // Also between the door and the first screen.
    let late = world.bbs.log_in_by_key(&visit).await;
    assert_eq!(refused(late), Refusal::CertificateOver);
    world
        .bbs
        .remove_rule(&world.console, by_number, Sure::No)
        .await
        .unwrap();
    assert!(believed(&world, "ada", &Paper::default()).await.is_some());
    ban("ada@laptop[2J").await;
    assert_eq!(believed(&world, "ada", &Paper::default()).await, None);
}

#[tokio::test]
async fn a_certificate_logs_its_account_in_as_a_key_would_and_is_on_record() {
    let world = trusting().await;
    let opal = world.actor("opal").await;
    world.create("ada", Role::User).await;
    let visit = certified(&world, "ada", &Paper::default()).await;
    assert!(matches!(
        world.bbs.arrive(&visit).await.unwrap(),
        Arrival::LogIn
    ));
    let login = world.bbs.log_in_by_key(&visit).await.unwrap();
    assert_eq!(login.actor.handle().unwrap().as_str(), "ada");
    let records = world
        .bbs
        .list_audit(&opal, &Filter::default(), None, 1)
        .await;
    let record = records.unwrap().remove(0);
    assert_eq!(
        (record.via.as_str(), record.action.as_str()),
        ("certificate", "certificate.use")
    );
    assert_eq!(record.after.as_deref(), Some("ada@laptop[2J, serial 17"));

    // It is a first credential: where a second is demanded, that is asked for.
    world.set("totp_required_for", "user").await;
    let asked = world.bbs.log_in_by_key(&visit).await;
    assert_eq!(refused(asked), Refusal::FactorNeeded);
    world.set("totp_required_for", "").await;

    // Whoever is shut out is shut out.
    let suspend = Decision::Suspend {
        reason: "too loud".into(),
        until: None,
    };
    let id = login.account.id;
    world.bbs.decide_about(&opal, id, suspend).await.unwrap();
    let (actor, _) = route::begin(&world.bbs, &visit).await.unwrap();
    assert!(matches!(actor, Actor::Applicant(who) if who.status == Status::Suspended));
}

#[tokio::test]
async fn a_certificate_for_nobody_yet_opens_the_wizard_filled_in() {
    let world = trusting().await;
    let paper = of(&["carla"]);
    let visit = certified(&world, "carla", &paper).await;
    let (actor, first) = route::begin(&world.bbs, &visit).await.unwrap();
    let mut call = world.call_with(visit, Size::USUAL, actor, first).await;
    assert!(
        call.shows("a certificate for carla: a sysop decides"),
        "{}",
        call.text()
    );
    call.types(keys::ENTER).await;
    assert!(call.shows("handle    carla"), "{}", call.text());
    call.types(keys::ENTER).await;
    assert!(
        call.shows("Your certificate is your way in"),
        "{}",
        call.text()
    );
    assert!(!call.shows("password  "), "{}", call.text());
    call.press(&[keys::ENTER, "I keep the lighthouse.", keys::CTRL_S])
        .await;
    assert!(call.shows("your certificate"), "{}", call.text());
    call.types(keys::ENTER).await;
    assert!(call.shows("Waiting room"), "{}", call.text());
    let id = world.bbs.find_user(&world.console, "carla").await.unwrap();
    let detail = world.bbs.user(&world.console, id).await.unwrap();
    assert_eq!(detail.account.origin.name(), "certificate");
    assert!(!detail.account.has_password);
    // The same certificate finds its place again.
    let again = certified(&world, "carla", &paper).await;
    let login = world.bbs.log_in_by_key(&again).await.unwrap();
    assert_eq!(login.account.id, id);
}

#[tokio::test]
async fn whether_its_bearer_waits_is_a_setting_and_a_closed_board_stays_closed() {
    let world = trusting().await;
    let register = async |handle: &'static str, paper: &Paper| {
        let [name] = paper.principals else {
            panic!("one name")
        };
        let visit = certified(&world, name, paper).await;
        let mut form = world.form(handle);
        form.message = "I would like to join.".into();
        world.bbs.register(&visit, form).await
    };
    for (mode, admission, status) in [
        (Mode::SysopApproved, "queue", Status::Pending),
        (Mode::InviteOnly, "queue", Status::Pending),
        (Mode::InviteOnly, "auto", Status::Active),
        (Mode::Open, "queue", Status::Pending),
    ] {
        world.mode(mode).await;
        world.set("certificate_admission", admission).await;
        let (handle, paper) = match (mode, admission) {
            (Mode::SysopApproved, _) => ("anna", of(&["anna"])),
            (Mode::InviteOnly, "queue") => ("berta", of(&["berta"])),
            (Mode::InviteOnly, _) => ("carla", of(&["carla"])),
            _ => ("dora", of(&["dora"])),
        };
        let login = register(handle, &paper).await.unwrap();
        assert_eq!(login.account.status, status, "{mode} {admission}");
    }
    world.set("certificate_admission", "auto").await;
    // The certificate counts for the handle it names, and for no other; names of
    // the house stay theirs.
    let other = register("emma", &of(&["erna"])).await;
    assert_eq!(refused(other), Refusal::NoWayIn);
    world.set("registration_paused", "on").await;
    let paused = register("erna", &of(&["erna"])).await;
    assert!(matches!(refused(paused), Refusal::Paused(_)));
    world.set("registration_paused", "off").await;
    let house = register("sysop", &of(&["sysop"])).await;
    assert_eq!(refused(house), Refusal::HandleStopped);
    world.mode(Mode::Closed).await;
    let closed = register("erna", &of(&["erna"])).await;
    assert_eq!(refused(closed), Refusal::Closed);
}

#[tokio::test]
async fn a_certificate_that_ends_while_the_form_is_filled_in_makes_no_account() {
    let world = trusting().await;
    let late = certified(&world, "carla", &of(&["carla"])).await;
    world.clock.advance(Duration::from_hours(2));
    let mut form = world.form("carla");
    form.message = "I would like to join.".into();
    let ended = world.bbs.register(&late, form.clone()).await;
    assert_eq!(refused(ended), Refusal::CertificateOver);
    let timely = certified(&world, "carla", &of(&["carla"])).await;
    world.set("trusted_user_cas", "").await;
    let untrusted = world.bbs.register(&timely, form).await;
    assert_eq!(refused(untrusted), Refusal::CertificateOver);
}

#[tokio::test]
async fn threat_18_a_certificate_binds_no_key_to_an_account() {
    let world = trusting().await;
    world.set("certificate_admission", "auto").await;
    let visit = certified(&world, "carla", &of(&["carla"])).await;
    let mut form = world.form("carla");
    form.keep_key = ringdown_bbs::app::registration::KeepKey::Yes;
    let login = world.bbs.register(&visit, form).await.unwrap();
    let own = world.bbs.own(&login.actor).await.unwrap();
    // When the certificate is over, its key is nobody's.
    assert!(own.keys.is_empty());
    let kept = world.bbs.remember_key(&login.actor, &visit).await;
    assert_eq!(refused(kept), Refusal::KeyNotProven);
    let bare = world.visit_with(DoorName::parse("carla"), Some(key("carla")));
    assert!(matches!(
        world.bbs.arrive(&bare).await.unwrap(),
        Arrival::Welcome { .. }
    ));
}
