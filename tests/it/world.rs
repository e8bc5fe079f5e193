//! A board for tests: a temporary file, a clock that stands still, chance from
//! a seed, and callers whose screens are read by a vt100 eye.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{TimeZone as _, Utc};
use ringdown_bbs::{
    app::{
        Address, Bbs, Home, Reach, Ruling, Setup, Stop,
        entrance::Entrance,
        hub::{Hub, OnLine},
        login::Login,
        machine::{Machine, ThisMachine},
        operator::NewUser,
        registration::{Form, KeepKey},
        visit::{Tries, Visit},
    },
    domain::{
        account::Role,
        actor::Actor,
        clock::{Clock, Timestamp},
        code::ServerKey,
        door::DoorName,
        entropy::Entropy,
        id::SessionId,
        key::{PublicKey, VerifiedKey},
        refusal::Refusal,
        registration::Mode,
        secret::Secret,
        source::Source,
        text::Line,
    },
    mailer::Mailer,
    store::{Create, Store},
    tui::{
        Layer, Scratch,
        line::{Size, Terminal},
        session::{Parts, Session},
    },
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// A password that every rule likes.
pub(crate) const PASSWORD: &str = "harbour fog and gulls";

/// A clock that moves when it is told to. It begins on a Saturday evening.
pub(crate) struct FixedClock(AtomicU64);

impl FixedClock {
    pub(crate) fn advance(&self, by: Duration) {
        let millis = u64::try_from(by.as_millis()).unwrap();
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// Puts it right after it was wrong.
    pub(crate) fn go_back(&self, by: Duration) {
        let millis = u64::try_from(by.as_millis()).unwrap();
        self.0.fetch_sub(millis, Ordering::SeqCst);
    }

    fn passed(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::SeqCst))
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Utc.with_ymd_and_hms(2026, 11, 21, 21, 4, 0).unwrap() + self.passed()
    }

    fn tick(&self) -> Duration {
        self.passed()
    }
}

/// Chance that is the same in every run.
pub(crate) struct SeededEntropy(AtomicU64);

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            // splitmix64: good enough to be spread, poor enough to be nobody's
            // secret.
            let seed = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
            let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = (mixed ^ (mixed >> 27)).to_be_bytes()[0];
        }
    }
}

/// A board.
pub(crate) struct World {
    pub(crate) bbs: Arc<Bbs>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) console: Actor,
    sessions: AtomicU64,
    dir: TempDir,
}

impl World {
    /// A board that nobody runs yet.
    pub(crate) async fn unclaimed() -> Self {
        Self::in_directory(tempfile::tempdir().unwrap()).await
    }

    /// The board in a directory, which is made if it is not there.
    pub(crate) async fn in_directory(dir: TempDir) -> Self {
        Self::opened(dir, None).await
    }

    /// The board in a directory, with or without a way for letters.
    pub(crate) async fn opened(dir: TempDir, mailer: Option<Mailer>) -> Self {
        Self::on_machine(dir, mailer, Arc::new(ThisMachine)).await
    }

    /// The same on another machine than this.
    pub(crate) async fn on_machine(
        dir: TempDir,
        mailer: Option<Mailer>,
        machine: Arc<dyn Machine>,
    ) -> Self {
        let clock = Arc::new(FixedClock(AtomicU64::new(0)));
        let setup = Setup {
            machine,
            ..setup(&clock, &dir, mailer)
        };
        let file = dir.path().join("ringdown.db");
        let bbs = Bbs::open(&file, Create::IfMissing, setup).await.unwrap();
        Self {
            bbs,
            clock,
            console: Actor::Console { uid: 1000 },
            sessions: AtomicU64::new(1),
            dir,
        }
    }

    /// A board with the sysop opal.
    pub(crate) async fn new() -> Self {
        let world = Self::unclaimed().await;
        world.create("opal", Role::Sysop).await;
        world
    }

    /// The board's directory, to open it again.
    pub(crate) fn into_directory(self) -> TempDir {
        self.dir
    }

    /// The board's directory.
    pub(crate) fn directory(&self) -> &Path {
        self.dir.path()
    }

    /// A board with the sysop opal, and a way for letters.
    pub(crate) async fn with_mail(mailer: Mailer) -> Self {
        let world = Self::opened(tempfile::tempdir().unwrap(), Some(mailer)).await;
        world.create("opal", Role::Sysop).await;
        world
    }

    /// Gives an account an address as if it had begun with it: no letter tells
    /// of it, and nobody has proven it.
    #[expect(
        clippy::disallowed_methods,
        reason = "the story begins before the board's"
    )]
    pub(crate) async fn address(&self, handle: &str, email: &str) {
        let id = self.bbs.find_user(&self.console, handle).await.unwrap();
        let file = rusqlite::Connection::open(self.file()).unwrap();
        let given = file.execute(
            "UPDATE account SET email = :email, email_key = lower(:email), email_proven_at = NULL
             WHERE id = :id",
            rusqlite::named_params! {
                ":id": id.0, ":email": Some(email).filter(|email| !email.is_empty()),
            },
        );
        assert_eq!(given.unwrap(), 1);
    }

    /// Changes somebody's address as the operator does.
    pub(crate) async fn readdress(&self, handle: &str, email: &str) {
        let id = self.bbs.find_user(&self.console, handle).await.unwrap();
        let changed = self.bbs.edit_email_of(&self.console, id, email).await;
        changed.unwrap();
    }

    /// The same board, and its store to make trouble in.
    pub(crate) async fn with_store(mut self) -> (Self, Store) {
        self.bbs.close().await;
        let hub = Arc::new(Hub::new());
        let publish = Arc::clone(&hub);
        let store = Store::open(
            &self.file(),
            Create::Never,
            Arc::clone(&self.clock) as Arc<dyn Clock>,
            Box::new(move |event| publish.tell(event)),
        );
        let store = store.unwrap();
        let bbs = Bbs::on(store.clone(), hub, setup(&self.clock, &self.dir, None));
        self.bbs = bbs.await.unwrap();
        (self, store)
    }

    /// The board's file.
    pub(crate) fn file(&self) -> PathBuf {
        self.dir.path().join("ringdown.db")
    }

    /// Makes an active account with the usual password, and returns it as an
    /// actor.
    pub(crate) async fn create(&self, handle: &str, role: Role) -> Actor {
        let new = NewUser {
            handle: handle.into(),
            email: String::new(),
            role,
            key: Some(key(handle).key().to_openssh().to_owned()),
            password: None,
        };
        let account = self.bbs.create_user(&self.console, new).await.unwrap();
        self.bbs.refresh(account.id).await.unwrap().unwrap().actor
    }

    /// An account as an actor.
    pub(crate) async fn actor(&self, handle: &str) -> Actor {
        let id = self.bbs.find_user(&self.console, handle).await.unwrap();
        self.bbs.refresh(id).await.unwrap().unwrap().actor
    }

    /// Somebody who asked to join with a key of their own.
    pub(crate) async fn asks(&self, handle: &str) -> Login {
        self.asks_from(handle, "").await
    }

    /// The same, with an address.
    pub(crate) async fn asks_from(&self, handle: &str, email: &str) -> Login {
        let mut form = self.form(handle);
        form.email = email.to_owned();
        form.message = format!("I am {handle} and would like to join.");
        self.bbs
            .register(&self.visit_of(handle), form)
            .await
            .unwrap()
    }

    /// A filled-in form without message, code or password.
    pub(crate) fn form(&self, handle: &str) -> Form {
        let mut submission = [0; 16];
        self.bbs.entropy().fill(&mut submission);
        Form {
            submission,
            mode: self.bbs.settings().registration_mode,
            claim: None,
            code: Secret::new(String::new()),
            handle: handle.into(),
            keep_key: KeepKey::Yes,
            password: Secret::new(String::new()),
            email: String::new(),
            message: String::new(),
            answers: Vec::new(),
            site: None,
        }
    }

    /// Changes how strangers become members.
    pub(crate) async fn mode(&self, mode: Mode) {
        self.set("registration_mode", mode.name()).await;
    }

    /// Changes a setting.
    pub(crate) async fn set(&self, key: &str, value: &str) {
        let key = ringdown_bbs::settings::Key::named(key).unwrap();
        self.bbs
            .change_setting(&self.console, key, value, None)
            .await
            .unwrap();
    }

    /// A call without a key, from a network of its own.
    pub(crate) fn visit(&self) -> Arc<Visit> {
        self.visit_with(DoorName::New, None)
    }

    /// A call with the key that belongs to a handle.
    pub(crate) fn visit_of(&self, handle: &str) -> Arc<Visit> {
        self.visit_with(DoorName::New, Some(key(handle)))
    }

    /// A call through a door, with a key or without.
    pub(crate) fn visit_with(&self, door: DoorName, key: Option<VerifiedKey>) -> Arc<Visit> {
        let session = self.sessions.fetch_add(1, Ordering::SeqCst);
        let [_, _, _, _, _, _, high, low] = session.to_be_bytes();
        let address = std::net::IpAddr::from([203, 0, high, low]);
        Arc::new(Visit {
            session: SessionId(session),
            address,
            source: Some(Source::of(address)),
            door,
            key,
            certified: None,
            client: Line::cut("OpenSSH_9.9, 80x24", 60),
            began: self.clock.tick(),
            end: CancellationToken::new(),
            tries: Tries::default(),
        })
    }

    /// Another connection from where that visit comes from, without a key.
    pub(crate) fn same_source(&self, visit: &Visit) -> Arc<Visit> {
        let mut again = Arc::into_inner(self.visit()).unwrap();
        (again.address, again.source) = (visit.address, visit.source);
        Arc::new(again)
    }

    /// A session that begins on `first`, on an 80x24 terminal.
    pub(crate) async fn call(&self, actor: Actor, first: impl Into<Layer>) -> Call {
        self.call_at(Size::USUAL, actor, first).await
    }

    /// A session that begins on `first`, on a terminal of that size.
    pub(crate) async fn call_at(&self, size: Size, actor: Actor, first: impl Into<Layer>) -> Call {
        let visit = self.visit_by(&actor);
        self.call_with(visit, size, actor, first).await
    }

    /// The same, seen by everybody else on line until it is dropped.
    pub(crate) async fn on_line(&self, size: Size, actor: Actor, first: impl Into<Layer>) -> Call {
        let visit = self.visit_by(&actor);
        let settings = self.bbs.settings();
        let line = self.bbs.hub().enter(&visit, actor.clone(), &settings);
        let mut call = self.call_with(visit, size, actor, first).await;
        call.line = Some(line.unwrap());
        self.bbs.hub().tell_presence();
        call
    }

    fn visit_by(&self, actor: &Actor) -> Arc<Visit> {
        match actor.handle() {
            Some(handle) => self.visit_with(
                DoorName::Other(handle.to_string()),
                Some(key(handle.as_str())),
            ),
            None => self.visit(),
        }
    }

    /// A session of that visit.
    pub(crate) async fn call_with(
        &self,
        visit: Arc<Visit>,
        size: Size,
        actor: Actor,
        first: impl Into<Layer>,
    ) -> Call {
        let end = visit.end.clone();
        let parts = Parts {
            bbs: Arc::clone(&self.bbs),
            visit,
            actor,
            scratch: Arc::new(Scratch::default()),
            terminal: Terminal {
                term: "xterm-256color".into(),
                env: Vec::new(),
            },
            size,
        };
        let mut call = Call {
            session: Session::open(parts, first),
            eye: eye(size),
            frame: Vec::new(),
            line: None,
            end,
        };
        call.look().await;
        call
    }
}

/// What a board for tests is opened with.
fn setup(clock: &Arc<FixedClock>, dir: &TempDir, mailer: Option<Mailer>) -> Setup {
    Setup {
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        entropy: Arc::new(SeededEntropy(AtomicU64::new(7))),
        server_key: ServerKey::new([7; 32]),
        reach: Reach {
            address: Address {
                host: "bbs.example.org".into(),
                near_host: "localhost".to_owned(),
                port: 2222,
            },
            sysop_keys: Vec::new(),
            mailer,
            notifier: None,
            facts: Vec::new(),
        },
        home: Home::of(dir.path()),
        machine: Arc::new(ThisMachine),
    }
}

/// The smallest terminal on which everything works.
pub(crate) const SMALL: Size = Size {
    width: 40,
    height: 15,
};

/// A caller at a terminal.
pub(crate) struct Call {
    session: Session,
    eye: vt100::Parser,
    /// What the last frame took.
    pub(crate) frame: Vec<u8>,
    line: Option<OnLine>,
    end: CancellationToken,
}

impl Call {
    /// Types bytes, waits until nothing is under way, and looks.
    pub(crate) async fn types(&mut self, bytes: &str) {
        self.session.feed(bytes.as_bytes());
        self.look().await;
    }

    /// Presses keys one after the other, looking after each.
    pub(crate) async fn press(&mut self, keys: &[&str]) {
        for key in keys {
            self.types(key).await;
        }
    }

    /// Waits until nothing is under way, and looks.
    pub(crate) async fn look(&mut self) {
        self.session.settle().await;
        if !self.session.is_over()
            && let Some(bytes) = self.session.frame()
        {
            self.eye.process(&bytes);
            self.frame = bytes;
        }
    }

    /// What the terminal shows.
    pub(crate) fn text(&self) -> String {
        let screen = self.eye.screen();
        let (_, width) = screen.size();
        let rows: Vec<_> = screen
            .rows(0, width.get())
            .map(|row| row.trim_end().to_owned())
            .collect();
        rows.join("\n")
    }

    /// Whether the terminal shows a text.
    pub(crate) fn shows(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// Whether the board let the line go.
    pub(crate) fn is_cut(&self) -> bool {
        self.end.is_cancelled()
    }

    /// Whether the call has ended.
    pub(crate) fn is_over(&self) -> bool {
        self.session.is_over()
    }
}

/// A terminal of that size.
fn eye(size: Size) -> vt100::Parser {
    let cells = |n| std::num::NonZero::new(n).unwrap();
    vt100::Parser::new(cells(size.height), cells(size.width), 0)
}

/// Keys a terminal sends.
pub(crate) mod keys {
    pub(crate) const ENTER: &str = "\r";
    pub(crate) const TAB: &str = "\t";
    pub(crate) const DOWN: &str = "\x1b[B";
    pub(crate) const UP: &str = "\x1b[A";
    pub(crate) const LEFT: &str = "\x1b[D";
    pub(crate) const RIGHT: &str = "\x1b[C";
    pub(crate) const CTRL_X: &str = "\x18";
    pub(crate) const CTRL_S: &str = "\x13";
    pub(crate) const CTRL_R: &str = "\x12";
    pub(crate) const CTRL_U: &str = "\x15";
    /// Esc as terminals with the kitty protocol send it: no waiting for more.
    pub(crate) const ESC: &str = "\x1b[27u";
}

/// Unwraps a refusal.
pub(crate) fn refused<T: std::fmt::Debug>(ruling: Ruling<T>) -> Refusal {
    match ruling {
        Err(Stop::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// Unwraps a login that needed nothing more.
pub(crate) fn inside(entrance: Ruling<Entrance>) -> Login {
    match entrance {
        Ok(Entrance::In(login)) => *login,
        other => panic!("not in: {other:?}"),
    }
}

/// The key that belongs to a handle: always the same one.
pub(crate) fn key(handle: &str) -> VerifiedKey {
    let mut seed = [0; 32];
    for (place, byte) in seed.iter_mut().zip(handle.bytes()) {
        *place = byte;
    }
    let pair = ssh_key::private::Ed25519Keypair::from_seed(&seed);
    let public = ssh_key::PublicKey::from(pair.public);
    VerifiedKey::attest(PublicKey::from_ssh(&public).unwrap())
}
