//! The whole door with a client of russh's and a board of two accounts.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use russh::{
    ChannelMsg, Disconnect,
    client::{self, AuthResult, KeyboardInteractiveAuthResponse},
    keys::{PrivateKeyWithHashAlg, PublicKeyOrCertificate},
};
use ssh_key::{HashAlg, PrivateKey, private::Ed25519Keypair};
use tokio::{io::AsyncReadExt as _, net::TcpStream};

use super::*;
use crate::{
    domain::{
        access::{Gate, Kind, Rule, Subject},
        certificate::{Certified, Presented},
        clock::SystemClock,
        entropy::OsEntropy,
    },
    secret_file::Missing,
    term::image::LEAVE,
    tui::line::Frame,
};

/// Returns the key of a test's person.
fn key(seed: u8) -> PrivateKey {
    PrivateKey::from(Ed25519Keypair::from_seed(&[seed; 32]))
}

/// Tells whether `proven` is the key of a test's person.
fn is_of(proven: &VerifiedKey, seed: u8) -> bool {
    let theirs = key(seed).public_key().fingerprint(HashAlg::Sha256);
    proven.key().fingerprint().to_string() == theirs.to_string()
}

const OPAL: u8 = 1;
const MALLORY: u8 = 2;
const STRANGER: u8 = 3;

/// A board that says who it thinks is there.
#[derive(Default)]
struct Doorman {
    limits: DoorLimits,
    gate: Gate,
    broken: AtomicU32,
}

fn describe(caller: &Caller) -> String {
    let key = caller.proven.as_ref().map_or("no key", |proven| {
        [(OPAL, "opal's key"), (MALLORY, "mallory's key")]
            .into_iter()
            .find(|(seed, _)| is_of(proven, *seed))
            .map_or("an unknown key", |(_, whose)| whose)
    });
    format!("{} with {key}", caller.name.kind())
}

impl Board for Doorman {
    fn door_limits(&self) -> DoorLimits {
        self.limits.clone()
    }

    fn admits(&self, address: IpAddr) -> bool {
        self.gate.admits(address)
    }

    fn key_standing<'a>(
        &'a self,
        name: &'a DoorName,
        key: &'a VerifiedKey,
    ) -> BoxFuture<'a, KeyStanding> {
        Box::pin(async move {
            match () {
                () if *name != DoorName::Other("opal".to_owned()) => KeyStanding::Decides,
                () if is_of(key, OPAL) => KeyStanding::Theirs,
                () if is_of(key, MALLORY) => KeyStanding::SomebodyElses,
                () => KeyStanding::Unknown,
            }
        })
    }

    fn believe<'a>(
        &'a self,
        _name: &'a DoorName,
        _certificate: &'a Presented,
        _from: IpAddr,
    ) -> BoxFuture<'a, Option<Certified>> {
        Box::pin(async { None })
    }

    fn broke_down(&self) {
        self.broken.fetch_add(1, Ordering::Relaxed);
    }

    fn shell(self: Arc<Self>, caller: Caller, mut line: Line) -> BoxFuture<'static, Parting> {
        Box::pin(async move {
            let size = *line.size.borrow();
            let hello = format!(
                "hello {} on {} {}x{}\r\n",
                describe(&caller),
                line.terminal.term,
                size.width,
                size.height
            );
            let mut bytes = hello.into_bytes();
            loop {
                assert!(!bytes.starts_with(b"!"), "a session breaks down");
                let permit = Arc::clone(&line.frames).acquire_owned().await.unwrap();
                line.output.send(Frame { bytes, permit }).await.unwrap();
                bytes = tokio::select! {
                    typed = line.input.recv() => match typed {
                        Some(typed) if !typed.starts_with(b"q") => typed.to_vec(),
                        _ => break,
                    },
                    () = line.closed.cancelled() => break,
                };
            }
            Parting {
                text: "goodbye\n".to_owned(),
                exit: 0,
            }
        })
    }

    fn exec(
        self: Arc<Self>,
        caller: Caller,
        command: String,
        mut stdin: Stdin,
        _live: mpsc::Sender<String>,
    ) -> BoxFuture<'static, Reply> {
        Box::pin(async move {
            assert_ne!(command, "!", "a command breaks down");
            let input = stdin.read().await.unwrap();
            Reply {
                stdout: format!("{command}: {} bytes\n", input.len()),
                stderr: format!("{}\n", describe(&caller)),
                exit: 3,
            }
        })
    }
}

/// Begins to serve on a port of the system's choice.
fn serve(board: &Arc<Doorman>) -> Server {
    let dir = tempfile::tempdir().unwrap();
    let setup = Setup {
        listeners: Listeners::bind(&[(Ipv4Addr::LOCALHOST, 0).into()]).unwrap(),
        host_key: HostKey::load(dir.path(), Missing::Make, &OsEntropy).unwrap(),
        timers: Timers::default(),
        clock: Arc::new(SystemClock::start()),
        entropy: Arc::new(OsEntropy),
    };
    Server::start(setup, Arc::clone(board) as Arc<_>)
}

fn usual() -> Server {
    serve(&Arc::default())
}

struct Trusting;

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

/// A client as OpenSSH behaves: `none`, then each key, then no more.
struct Client(client::Handle<Trusting>);

impl Client {
    async fn connect(server: &Server) -> Self {
        let config = Arc::new(client::Config::default());
        let address = server.addresses()[0];
        Self(client::connect(config, address, Trusting).await.unwrap())
    }

    async fn log_in(&mut self, user: &str, keys: &[u8]) {
        if self.0.authenticate_none(user).await.unwrap().success() {
            return;
        }
        for seed in keys {
            let key = PrivateKeyWithHashAlg::new(Arc::new(key(*seed)), None);
            if let AuthResult::Success = self.0.authenticate_publickey(user, key).await.unwrap() {
                return;
            }
        }
        let answer = self
            .0
            .authenticate_keyboard_interactive_start(user, None)
            .await
            .unwrap();
        assert!(matches!(answer, KeyboardInteractiveAuthResponse::Success));
    }

    async fn shell(&self) -> russh::Channel<client::Msg> {
        let channel = self.0.channel_open_session().await.unwrap();
        channel
            .request_pty(true, "xterm\u{1b}[2J", 0, 70_000, 0, 0, &[])
            .await
            .unwrap();
        channel.request_shell(true).await.unwrap();
        channel
    }
}

/// What came over a channel: output, notes and exit status.
async fn drain(mut channel: russh::Channel<client::Msg>) -> (String, String, Option<u32>) {
    let (mut out, mut notes, mut exit) = (Vec::new(), Vec::new(), None);
    while let Some(message) = channel.wait().await {
        match message {
            ChannelMsg::Data { data } => out.extend_from_slice(&data),
            ChannelMsg::ExtendedData { data, .. } => notes.extend_from_slice(&data),
            ChannelMsg::ExitStatus { exit_status } => exit = Some(exit_status),
            _ => {}
        }
    }
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(out), text(notes), exit)
}

/// Calls, and returns how the board greets.
async fn greeting(user: &str, keys: &[u8]) -> String {
    let server = usual();
    let mut client = Client::connect(&server).await;
    client.log_in(user, keys).await;
    let channel = client.shell().await;
    channel.data(&b"q"[..]).await.unwrap();
    let (out, _, exit) = drain(channel).await;
    assert_eq!(exit, Some(0));
    let greeting = out.strip_suffix("goodbye\r\n").unwrap();
    greeting
        .strip_prefix("hello ")
        .and_then(|rest| rest.strip_suffix(" on xterm[2J 80x150\r\n"))
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn every_client_gets_in_and_keys_decide() {
    for (user, keys, expected) in [
        ("newcomer", &[][..], "other with no key"),
        ("newcomer", &[STRANGER], "other with an unknown key"),
        ("newcomer", &[MALLORY, OPAL], "other with mallory's key"),
        ("opal", &[], "other with no key"),
        ("opal", &[OPAL], "other with opal's key"),
        ("opal", &[STRANGER, MALLORY, OPAL], "other with opal's key"),
        ("opal", &[STRANGER, MALLORY], "other with mallory's key"),
        (
            "opal",
            &[STRANGER, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
            "other with an unknown key",
        ),
        ("guest", &[OPAL], "guest with no key"),
        ("join-abcde-fghij", &[OPAL], "join-code with opal's key"),
        ("op\u{1b}[2J", &[], "nobody with no key"),
    ] {
        assert_eq!(greeting(user, keys).await, expected, "{user} {keys:?}");
    }
}

#[tokio::test]
async fn threat_19_another_name_begins_with_nothing_proven() {
    let server = usual();
    let mut client = Client::connect(&server).await;
    let theirs = PrivateKeyWithHashAlg::new(Arc::new(key(MALLORY)), None);
    let refused = client
        .0
        .authenticate_publickey("opal", theirs)
        .await
        .unwrap();
    assert!(!refused.success());
    client.log_in("newcomer", &[]).await;
    let channel = client.shell().await;
    channel.data(&b"q"[..]).await.unwrap();
    assert!(drain(channel).await.0.contains("other with no key"));
}

#[tokio::test]
async fn a_command_gets_its_input_and_returns_output_notes_and_status() {
    let server = usual();
    let mut client = Client::connect(&server).await;
    client.log_in("opal", &[OPAL]).await;
    let channel = client.0.channel_open_session().await.unwrap();
    channel.exec(true, "post").await.unwrap();
    channel.data(vec![b'x'; 50_000].as_slice()).await.unwrap();
    channel.eof().await.unwrap();
    let (out, notes, exit) = drain(channel).await;
    assert_eq!(out, "post: 50000 bytes\n");
    assert_eq!(notes, "other with opal's key\n");
    assert_eq!(exit, Some(3));
}

#[tokio::test]
async fn a_shell_without_a_terminal_gets_one_line_and_exit_2() {
    let server = usual();
    let mut client = Client::connect(&server).await;
    client.log_in("opal", &[]).await;
    let channel = client.0.channel_open_session().await.unwrap();
    channel.request_shell(true).await.unwrap();
    let (out, notes, exit) = drain(channel).await;
    assert_eq!((out.as_str(), exit), ("", Some(2)));
    assert_eq!(notes.lines().count(), 1);
}

#[tokio::test]
async fn threat_13_a_panic_ends_one_session_restores_its_terminal_and_is_counted() {
    let doorman = Arc::<Doorman>::default();
    let server = serve(&doorman);
    let mut callers = Vec::new();
    for name in ["a", "b", "c"] {
        let mut client = Client::connect(&server).await;
        client.log_in(name, &[]).await;
        callers.push(client);
    }
    let [broken, command, whole] = &callers[..] else {
        unreachable!("three called");
    };
    let (one, other) = (broken.shell().await, whole.shell().await);
    one.data(&b"!"[..]).await.unwrap();
    let (out, _, exit) = drain(one).await;
    let last_words = [str::from_utf8(LEAVE).unwrap(), "Something broke"].concat();
    assert!(out.contains(&last_words), "{out:?}");
    assert_eq!(exit, Some(1));

    let channel = command.0.channel_open_session().await.unwrap();
    channel.exec(true, "!").await.unwrap();
    let (out, notes, exit) = drain(channel).await;
    assert_eq!((out.as_str(), exit), ("", Some(1)));
    assert!(notes.contains("Something broke"), "{notes:?}");

    assert_eq!(doorman.broken.load(Ordering::Relaxed), 2);
    other.data(&b"still here"[..]).await.unwrap();
    other.data(&b"q"[..]).await.unwrap();
    assert!(drain(other).await.0.contains("still here"));
    assert_eq!(doorman.broken.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn threat_06_a_second_session_and_all_forwarding_are_refused_and_a_flood_is_cut() {
    let server = usual();
    let mut client = Client::connect(&server).await;
    client.log_in("a", &[]).await;
    let shell = client.shell().await;
    assert!(client.0.channel_open_session().await.is_err());
    assert!(
        client
            .0
            .channel_open_direct_tcpip("localhost", 22, "localhost", 1)
            .await
            .is_err()
    );
    shell.request_subsystem(true, "sftp").await.unwrap();
    shell.set_env(true, "LD_PRELOAD", "x").await.unwrap();
    let mut shown = shell;
    let mut failures = 0;
    while failures < 2 {
        if let ChannelMsg::Failure = shown.wait().await.unwrap() {
            failures += 1;
        }
    }
    for _ in 0..60 {
        if client.0.channel_open_session().await.is_err() && client.0.is_closed() {
            return;
        }
    }
    panic!("a flood of requests was not cut");
}

#[tokio::test]
async fn threat_03_whoever_does_not_begin_a_session_within_the_grace_is_cut() {
    let hasty = Doorman {
        limits: DoorLimits {
            grace: Duration::from_millis(50),
            ..DoorLimits::default()
        },
        ..Doorman::default()
    };
    let server = serve(&Arc::new(hasty));
    let mut client = Client::connect(&server).await;
    // Whether it is answered first is a race that does not matter.
    drop(client.0.authenticate_none("a").await);
    while !client.0.is_closed() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_closing_board_says_goodbye_and_a_stubborn_line_is_cut() {
    let mut server = usual();
    let mut client = Client::connect(&server).await;
    client.log_in("a", &[]).await;
    let channel = client.shell().await;
    let mut polite = Client::connect(&server).await;
    polite.log_in("b", &[]).await;
    server.drain();
    let (out, _, exit) = drain(channel).await;
    assert!(out.ends_with("goodbye\r\n"));
    assert_eq!(exit, Some(0));
    let farewell = client.0.disconnect(Disconnect::ByApplication, "", "").await;
    assert!(farewell.is_ok());
    server.ended().await;
}

#[tokio::test]
async fn a_denied_source_gets_no_byte() {
    let rule = |text: &str| {
        let subject = Subject::parse(Kind::Source, text).unwrap();
        Rule::new(subject, None).unwrap()
    };
    let shut = Doorman {
        gate: std::iter::once(&rule("127.0.0.0/8")).collect(),
        ..Doorman::default()
    };
    let server = serve(&Arc::new(shut));
    let mut stream = TcpStream::connect(server.addresses()[0]).await.unwrap();
    let mut said = Vec::new();
    // A connection that is closed with something unread is reset.
    drop(stream.read_to_end(&mut said).await);
    assert!(said.is_empty(), "{said:?}");
}
