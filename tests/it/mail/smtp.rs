//! Letters over a real SMTP conversation with servers of every temper.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use ringdown_bbs::{
    app::queue::Decision,
    domain::{account::Status, letter::State, secret::Secret},
    mailer::{Limits, Mailer},
    store::{account::From, outbox::Letter},
};
use tokio::task::AbortHandle;

use super::{
    body::unpacked,
    decide, letters,
    sink::{Manner, Sink},
};
use crate::{ssh::injection::witness, world::World};

/// Patience that a test has.
const LIMITS: Limits = Limits {
    connect: Duration::from_millis(500),
    whole: Duration::from_millis(500),
};

fn mailer(port: u16, query: &str) -> Mailer {
    let url = Secret::new(format!("smtp://127.0.0.1:{port}?{query}"));
    Mailer::new(&url, "ringdown@bbs.example.org", LIMITS).unwrap()
}

/// A board that writes to a mail server, and a letter that is due.
async fn board(manner: Manner, query: &str) -> (World, Sink) {
    let sink = Sink::start(manner).await;
    let world = World::with_mail(mailer(sink.port, query)).await;
    world.asks_from("newbie", "newbie@example.org").await;
    (world, sink)
}

/// What one attempt makes of a letter.
async fn after_one_try(manner: Manner, query: &str) -> Letter {
    let (world, _sink) = board(manner, query).await;
    world.bbs.send_due().await.unwrap();
    letters(&world).await.remove(0)
}

/// The `Message-ID` of a letter.
fn message_id(letter: &str) -> &str {
    let line = letter.lines().find(|line| line.starts_with("Message-ID:"));
    line.unwrap()
}

#[tokio::test]
async fn a_letter_arrives() {
    let (world, sink) = board(Manner::Kind, "tls=none").await;
    world.bbs.send_due().await.unwrap();
    assert_eq!(letters(&world).await[0].state, State::Sent);
    let arrived = sink.letters().remove(0);
    assert!(arrived.contains("To: newbie@example.org\r\n"), "{arrived}");
    assert!(arrived.contains("ssh -p 2222 newbie@bbs.example.org"));
}

#[tokio::test]
async fn threat_47_a_server_that_does_not_take_it_now_is_asked_again_in_a_minute() {
    for (manner, query, says) in [
        (Manner::Silent, "tls=none", "no answer"),
        (Manner::Stalls("MAIL"), "tls=none", "no answer"),
        (Manner::Stalls("DATA"), "tls=none", "no answer"),
        (Manner::Says("RCPT", "451 try later"), "tls=none", "451"),
        (
            Manner::Says("MAIL", "535 wrong password"),
            "tls=none",
            "535",
        ),
        (Manner::Drops, "tls=none", ""),
        (Manner::BrokenTls, "tls=required", ""),
        (Manner::Kind, "tls=required", "STARTTLS"),
    ] {
        let letter = after_one_try(manner, query).await;
        let error = letter.last_error.unwrap();
        assert_eq!(letter.state, State::Queued, "{error}");
        assert!(error.contains(says), "{says}: {error}");
        assert_eq!((letter.next_at.unwrap() - letter.since).num_seconds(), 60);
    }
}

#[tokio::test]
async fn threat_47_a_server_that_refuses_for_good_fails_the_letter_at_once() {
    let says = Manner::Says("RCPT", "550 <newbie@example.org>: no such user");
    let letter = after_one_try(says, "tls=none").await;
    assert_eq!(letter.state, State::Failed);
    // Mods read it in USERS and operators in the log: it names nobody.
    let said = letter.last_error.as_deref();
    assert_eq!(said, Some("550 <…>: no such user"));
}

#[tokio::test]
async fn threat_47_nobody_listening_is_retried_until_a_day_is_over_and_marks_the_channel() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let world = World::with_mail(mailer(port, "tls=none")).await;
    world.asks_from("newbie", "newbie@example.org").await;
    let mut tries = 0;
    while let Some(next) = world.bbs.send_due().await.unwrap() {
        tries += 1;
        assert!(tries < 20, "it has to end");
        let wait = next - world.bbs.clock().now();
        world.clock.advance(wait.to_std().unwrap());
    }
    let letter = letters(&world).await.remove(0);
    assert_eq!((letter.state, letter.attempts), (State::Failed, 8));
    assert!(letter.last_error.unwrap().contains("refused"));
    assert!(!is_broken(&world).await);
    for _ in 0..2 {
        world
            .bbs
            .retry_letter(&world.console, letter.id)
            .await
            .unwrap();
        world.bbs.send_due().await.unwrap();
    }
    assert!(is_broken(&world).await);
}

#[tokio::test]
async fn threat_47_a_crash_between_the_answer_and_the_note_sends_it_once_more_under_its_name() {
    let (world, sink) = board(Manner::Kind, "tls=none").await;
    // The board stops in the moment in which the server has taken the letter.
    let task: Arc<OnceLock<AbortHandle>> = Arc::default();
    let killer = Arc::clone(&task);
    sink.behave(Manner::Then(Arc::new(move || {
        killer.get().unwrap().abort();
    })));
    let bbs = Arc::clone(&world.bbs);
    let sending = tokio::spawn(async move { bbs.send_due().await });
    task.set(sending.abort_handle()).unwrap();
    assert!(sending.await.unwrap_err().is_cancelled());
    assert_eq!(letters(&world).await[0].state, State::Queued);
    sink.behave(Manner::Kind);
    // Not before the lease is over.
    assert!(world.bbs.send_due().await.unwrap().is_some());
    assert_eq!(sink.letters().len(), 1);
    world.clock.advance(Duration::from_mins(2));
    assert_eq!(world.bbs.send_due().await.unwrap(), None);
    let sent = sink.letters();
    assert_eq!(sent.len(), 2, "one duplicate at most");
    assert_eq!(message_id(&sent[0]), message_id(&sent[1]));
    assert_eq!(letters(&world).await[0].state, State::Sent);
}

#[tokio::test]
async fn threat_47_a_server_that_hangs_delays_no_session() {
    let (world, _sink) = board(Manner::Silent, "tls=none").await;
    let bbs = Arc::clone(&world.bbs);
    let sending = tokio::spawn(async move { bbs.send_due().await });
    let patience = Duration::from_millis(200);
    let decided = decide(&world, "newbie", Decision::Approve);
    tokio::time::timeout(patience, decided).await.unwrap();
    assert!(!sending.is_finished(), "the server still hangs");
    sending.await.unwrap().unwrap();
}

#[tokio::test]
async fn threat_35_nothing_anybody_wrote_gets_into_a_header() {
    let (world, sink) = board(Manner::Kind, "tls=none").await;
    world
        .set("site_name", "Board\r\nBcc: eve@example.org")
        .await;
    world.set("site_contact", "opal\nX-Evil: 1").await;
    let id = world.bbs.find_user(&world.console, "newbie").await.unwrap();
    for address in [
        "a@b.org\r\nBcc: eve@example.org",
        "-oQ/tmp@b.c",
        "a@[127.0.0.1]",
    ] {
        let refused = world.bbs.edit_email_of(&world.console, id, address).await;
        assert!(refused.is_err(), "{address}");
    }
    let reason = "Loud.\r\n.\r\nRCPT TO:<eve@example.org>\0\u{202e}\r\nBcc: eve@example.org";
    decide(&world, "newbie", Decision::Approve).await;
    let suspension = Decision::Suspend {
        reason: reason.into(),
        until: None,
    };
    decide(&world, "newbie", suspension).await;
    world.clock.advance(Duration::from_mins(1));
    world.bbs.send_due().await.unwrap();
    let sent = sink.letters();
    assert_eq!(sent.len(), 3);
    for letter in &sent {
        let (headers, _) = letter.split_once("\r\n\r\n").unwrap();
        let names: Vec<_> = headers
            .lines()
            .map(|line| line.split(':').next().unwrap())
            .collect();
        assert_eq!(
            names,
            [
                "From",
                "To",
                "Subject",
                "Date",
                "Message-ID",
                "Auto-Submitted",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding",
            ]
        );
        assert!(headers.contains("To: newbie@example.org"));
        assert!(!headers.contains("eve"), "{headers}");
        witness::assert_lines("a letter", unpacked(letter).as_bytes());
    }
}

/// Whether USERS says that no letter leaves.
async fn is_broken(world: &World) -> bool {
    let page = world
        .bbs
        .list_users(&world.console, Status::Active, "", From::Start, 1)
        .await
        .unwrap();
    page.mail_broken.is_some()
}
