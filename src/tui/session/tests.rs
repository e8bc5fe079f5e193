//! A session stepped by hand, its frames read by another terminal's parser.

use std::sync::Mutex;

use bytes::Bytes;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    app::{Address, Home, Reach, Setup, machine::ThisMachine, visit::Tries},
    domain::{
        clock::{Clock, Timestamp},
        code::ServerKey,
        door::DoorName,
        entropy::OsEntropy,
        id::SessionId,
        text::Line,
    },
    settings::Key::TimeZone,
    store::Create,
    tui::{
        Bind, Canvas, Effects, Screen, Shape, Token, driver,
        line::{self, Far},
        widgets::{Field, Focus, Item, List},
    },
};

/// A clock that stands until it is moved.
struct Still(Mutex<Duration>);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + Duration::from_mins(21 * 60 + 4)
    }

    fn tick(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}

#[derive(Clone, Debug)]
struct Name(&'static str);

impl Item for Name {
    type Id = &'static str;

    fn id(&self) -> &'static str {
        self.0
    }
}

/// A list, a call and a dialog: what most screens are.
struct Callers {
    list: List<Name>,
    said: String,
}

#[derive(Clone, Copy)]
enum Act {
    Reject,
    Note,
    Break,
    Hide,
}

enum Msg {
    Loaded(Vec<Name>),
    Agreed,
    Noted(String),
}

impl Screen for Callers {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(&[Key::Char('r')], "r", "reject", Act::Reject, "Says no."),
        Bind::new(&[Key::Char('n')], "n", "note", Act::Note, "Writes a note."),
        Bind::quiet(&[Key::Char('b')], "b", Act::Break, "Breaks down."),
        Bind::new(&[Key::Char('h')], "h", "hide", Act::Hide, "Never offered."),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Sysop ▸ Users".to_owned()
    }

    fn has_list(&self) -> bool {
        true
    }

    fn offers(&self, action: Act, _view: &View<'_>) -> bool {
        !matches!(action, Act::Hide)
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.reload(view, fx);
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let load = |_bbs, _actor, _visit| async { vec![Name("ada"), Name("bob"), Name("cy")] };
        fx.load("users.list", load, Msg::Loaded);
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if event == Event::UsersChanged {
            self.said.push('!');
            self.reload(view, fx);
        }
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match action {
            Act::Reject => {
                let reply = fx.reply(|()| Msg::Agreed);
                let text = "The handle stays reserved.";
                fx.push(Confirm::new("Reject?", text, "reject", "keep", reply));
            }
            Act::Note => {
                let reply = fx.reply(Msg::Noted);
                fx.push(Typing {
                    field: Field::new(40),
                    reply,
                });
            }
            Act::Break => fx.call(
                "users.break",
                |_bbs, _actor, _visit| async { panic!("as asked") },
                |(): ()| Msg::Agreed,
            ),
            Act::Hide => self.said.push_str("hidden"),
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        self.list.key(key)
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Loaded(names) => self.list.fill(names),
            Msg::Agreed => fx.notice("rejected"),
            Msg::Noted(note) => self.said = note,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        canvas.text(30, 0, &self.said, Token::Text);
        let mut rows = canvas.part(0, 1, 30, 8);
        self.list.draw(&mut rows, Focus::Here, |row, name, ink| {
            row.text(0, 0, name.0, ink);
        });
    }
}

/// A page with a field.
struct Typing {
    field: Field,
    reply: Reply<String>,
}

impl Screen for Typing {
    type Action = ();
    type Msg = ();
    const KEYS: &'static [Bind<()>] =
        &[Bind::new(&[Key::Enter], "⏎", "save", (), "Keeps the note.")];

    fn path(&self, _view: &View<'_>) -> String {
        "Note".to_owned()
    }

    fn shape(&self, _view: &View<'_>) -> Shape {
        Shape::Page
    }

    fn typing(&self) -> bool {
        true
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, ()>) -> Handled {
        self.field.key(key)
    }

    fn paste(&mut self, text: &str, _view: &View<'_>, _fx: &mut Effects<'_, ()>) {
        self.field.paste(text);
    }

    fn act(&mut self, (): (), _view: &View<'_>, fx: &mut Effects<'_, ()>) {
        fx.answer(&self.reply, self.field.take());
        fx.pop();
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        let label = ("note", 8);
        self.field
            .draw_row(canvas, (3, 1), label, Focus::Here, Some("too short"));
    }
}

struct Bench {
    clock: Arc<Still>,
    bbs: Arc<Bbs>,
    session: Session,
    screen: vt100::Parser,
    _directory: tempfile::TempDir,
}

struct Opened {
    clock: Arc<Still>,
    parts: Parts,
    _directory: tempfile::TempDir,
}

async fn opened(env: &[(&str, &str)]) -> Opened {
    let clock = Arc::new(Still(Mutex::new(Duration::ZERO)));
    let directory = tempfile::tempdir().unwrap();
    let setup = Setup {
        clock: clock.clone(),
        entropy: Arc::new(OsEntropy),
        server_key: ServerKey::new([7; 32]),
        reach: Reach {
            address: Address {
                host: "localhost".to_owned(),
                near_host: "localhost".to_owned(),
                port: 2222,
            },
            sysop_keys: Vec::new(),
            mailer: None,
            notifier: None,
            facts: Vec::new(),
        },
        home: Home::of(directory.path()),
        machine: Arc::new(ThisMachine),
    };
    let file = directory.path().join("board.db");
    let bbs = Bbs::open(&file, Create::IfMissing, setup).await.unwrap();
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let parts = Parts {
        bbs,
        visit: Arc::new(Visit {
            session: SessionId(1),
            address: std::net::Ipv4Addr::LOCALHOST.into(),
            source: None,
            door: DoorName::New,
            key: None,
            certified: None,
            client: Line::cut("test", 20),
            began: Duration::ZERO,
            end: CancellationToken::new(),
            tries: Tries::default(),
        }),
        actor: Actor::Guest,
        scratch: Arc::default(),
        terminal: Terminal {
            term: "xterm-256color".to_owned(),
            env: env.iter().map(own).collect(),
        },
        size: Size::USUAL,
    };
    Opened {
        clock,
        parts,
        _directory: directory,
    }
}

fn callers() -> Callers {
    Callers {
        list: List::default(),
        said: String::new(),
    }
}

impl Bench {
    async fn new(env: &[(&str, &str)]) -> Self {
        let Opened {
            clock,
            parts,
            _directory: directory,
        } = opened(env).await;
        let cells = |n| std::num::NonZero::new(n).unwrap();
        Self {
            clock,
            bbs: Arc::clone(&parts.bbs),
            session: Session::open(parts, callers()),
            screen: vt100::Parser::new(cells(24), cells(80), 0),
            _directory: directory,
        }
    }

    async fn types(&mut self, bytes: &[u8]) -> String {
        self.session.feed(bytes);
        self.seen().await
    }

    async fn seen(&mut self) -> String {
        self.session.settle().await;
        if let Some(bytes) = self.session.frame() {
            self.screen.process(&bytes);
        }
        self.screen.screen().contents()
    }

    fn row(&self, row: usize) -> String {
        let rows = self.screen.screen().rows(0, 80);
        rows.map(|row| row.trim_end().to_owned())
            .nth(row)
            .unwrap_or_default()
    }

    fn wait(&mut self, seconds: u64) {
        *self.clock.0.lock().unwrap() += Duration::from_secs(seconds);
        self.session.wake(Duration::ZERO);
    }
}

#[tokio::test]
async fn a_page_says_where_who_and_which_keys() {
    let mut bench = Bench::new(&[]).await;
    bench.seen().await;
    assert!(bench.row(0).starts_with(" Sysop ▸ Users"));
    assert!(bench.row(0).ends_with("21:04"));
    assert!(bench.row(1).starts_with("────"));
    assert_eq!(bench.row(3), "▌ ada");
    assert_eq!(bench.row(4), "  bob");
    let footer = bench.row(23);
    assert!(footer.starts_with(" r reject   n note  "), "{footer}");
    assert!(footer.ends_with("? help   q leave"), "{footer}");
    assert!(!footer.contains("hide"), "{footer}");
}

#[tokio::test]
async fn a_move_in_a_list_costs_little() {
    let mut bench = Bench::new(&[]).await;
    bench.seen().await;
    bench.session.feed(b"j");
    let bytes = bench.session.frame().unwrap();
    assert!(bytes.len() < 120, "{} bytes", bytes.len());
    bench.screen.process(&bytes);
    assert_eq!(bench.row(4), "▌ bob");
    assert!(bench.session.frame().is_none(), "nothing changed");
}

#[tokio::test]
async fn a_dialog_answers_the_screen_that_opened_it() {
    let mut bench = Bench::new(&[]).await;
    let seen = bench.types(b"r").await;
    assert!(seen.contains("╭ Reject? ─"), "{seen}");
    assert!(seen.contains("⏎ reject     Esc keep"), "{seen}");
    let seen = bench.types(b"n").await;
    assert!(!seen.contains("Reject?"), "{seen}");
    bench.types(b"r\r").await;
    assert_eq!(bench.row(22), " rejected");
    bench.types(b"j").await;
    assert_eq!(bench.row(22), "", "a notice lasts until the next key");
    bench.types(b"h").await;
    assert!(!bench.seen().await.contains("hidden"));
}

#[tokio::test]
async fn a_field_alone_gets_printable_keys_and_pastes() {
    let mut bench = Bench::new(&[]).await;
    bench.types(b"nq?r").await;
    assert_eq!(bench.row(3), "   note    q?r");
    assert_eq!(bench.row(4), "           ✗ too short");
    assert_eq!(bench.screen.screen().cursor_position(), (3, 14));
    assert!(bench.row(23).ends_with("F1 help   Esc back"));
    bench.types(b"\x1b[200~ x\ry\x1b[201~").await;
    assert_eq!(bench.row(3), "   note    q?r x y");
    let seen = bench.types(b"\r").await;
    assert!(seen.contains("q?r x y"), "{seen}");
    bench.types(b"\x1b[200~r\r\x1b[201~").await;
    assert!(
        !bench.seen().await.contains("Reject"),
        "a menu takes no paste"
    );
}

#[tokio::test]
async fn help_is_made_from_the_keys_that_act() {
    let mut bench = Bench::new(&[]).await;
    let seen = bench.types(b"?").await;
    for line in ["r           Says no.", "b           Breaks down.", "g G"] {
        assert!(seen.contains(line), "{line}: {seen}");
    }
    assert!(!seen.contains("Never offered"), "{seen}");
    bench.types(b"\x1b").await;
    bench.wait(1);
    assert!(!bench.seen().await.contains("Says no"));
    let seen = bench.types(b"n\x1bOP").await;
    assert!(seen.contains("Keeps the note."), "{seen}");
}

#[tokio::test]
async fn the_clock_goes_by_the_board_unless_the_client_told_a_zone() {
    for (env, before, after) in [
        (&[][..], "21:04", "23:04"),
        (&[("TZ", "Asia/Tokyo")], "06:04", "06:04"),
    ] {
        let mut bench = Bench::new(env).await;
        assert!(bench.seen().await.contains(before));
        let console = Actor::Console { uid: 0 };
        let change = bench
            .bbs
            .change_setting(&console, TimeZone, "Africa/Cairo", None);
        change.await.unwrap();
        assert!(bench.seen().await.contains(after));
    }
}

#[tokio::test]
async fn leaving_is_asked_and_a_second_time_means_it() {
    let mut bench = Bench::new(&[]).await;
    assert!(bench.types(b"\x03").await.contains("Leave?"));
    bench.types(b"n").await;
    assert!(!bench.session.is_over());
    bench.types(b"\x03").await;
    bench.types(b"\x03").await;
    assert!(bench.session.is_over());
    let (leave, words) = bench.session.close();
    bench.screen.process(leave.unwrap());
    assert!(!bench.screen.screen().alternate_screen());
    assert!(words.starts_with("Goodbye"));
    let mut bench = Bench::new(&[]).await;
    bench.types(b"q\r").await;
    assert!(bench.session.is_over());
}

#[tokio::test]
async fn events_reach_every_layer_and_missed_ones_reload() {
    let mut bench = Bench::new(&[]).await;
    bench.types(b"n").await;
    bench.bbs.hub().tell(Event::UsersChanged);
    bench.seen().await;
    bench.session.feed(b"\x1b");
    bench.wait(1);
    assert!(bench.seen().await.contains('!'));
    for _ in 0..2_000 {
        bench.bbs.hub().tell(Event::PresenceChanged);
    }
    bench.seen().await;
    assert!(!bench.session.is_over());
}

#[tokio::test]
async fn a_call_that_breaks_harms_only_itself() {
    let mut bench = Bench::new(&[]).await;
    let seen = bench.types(b"b").await;
    assert!(seen.contains("That failed on our side"), "{seen}");
    bench.types(b"j").await;
    assert_eq!(bench.row(4), "▌ bob");
}

#[tokio::test]
async fn an_idle_stranger_is_warned_and_let_go() {
    let mut bench = Bench::new(&[]).await;
    assert_eq!(bench.session.deadline(), Duration::from_mins(9));
    bench.wait(9 * 60);
    assert!(bench.seen().await.contains("still there"));
    bench.types(b"j").await;
    bench.wait(9 * 60);
    assert!(!bench.session.is_over());
    bench.wait(60);
    assert!(bench.session.is_over());
}

#[tokio::test]
async fn a_small_terminal_is_told_and_keeps_its_state() {
    let mut bench = Bench::new(&[]).await;
    bench.types(b"nabc").await;
    bench.session.resize(Size::clamp(30, 10));
    let seen = bench.seen().await;
    assert!(seen.contains("needs 40x15"), "{seen}");
    bench.session.resize(Size::USUAL);
    bench.seen().await;
    assert_eq!(bench.row(3), "   note    abc");
    bench.session.resize(Size::clamp(40, 15));
    bench.session.feed(b"\x1b");
    bench.wait(1);
    bench.seen().await;
    assert_eq!(bench.row(14), " r reject   n note     ? help   q leave");
    assert_eq!(bench.row(3), "▌ ada");
}

#[tokio::test]
async fn without_unicode_or_colour_nothing_of_either_is_sent() {
    let opened = opened(&[("LANG", "C"), ("NO_COLOR", "1")]).await;
    let mut session = Session::open(opened.parts, callers());
    session.settle().await;
    let bytes = session.frame().unwrap();
    assert!(bytes.is_ascii());
    let text = String::from_utf8(bytes).unwrap();
    assert!(!text.contains("38;") && !text.contains("[3"), "{text}");
}

#[tokio::test]
async fn a_flood_of_letters_is_no_flood_of_commands() {
    let mut bench = Bench::new(&[]).await;
    let seen = bench.types(&[b'j'; 500]).await;
    assert!(seen.contains("looked like a paste"), "{seen}");
}

#[tokio::test]
async fn a_whole_session_over_a_line_gives_the_terminal_back() {
    let Opened {
        parts, _directory, ..
    } = opened(&[]).await;
    let (near, far) = line::line(
        parts.terminal.clone(),
        Size::USUAL,
        CancellationToken::new(),
    );
    let Far {
        input,
        size: _size,
        mut output,
    } = far;
    let running = tokio::spawn(driver::run(parts, callers().into(), near));
    let mut bytes = output.recv().await.unwrap().bytes;
    input.send(Bytes::from_static(b"j\x03")).await.unwrap();
    input.send(Bytes::from_static(b"\x03")).await.unwrap();
    while let Some(frame) = output.recv().await {
        bytes.extend_from_slice(&frame.bytes);
    }
    assert!(running.await.unwrap().starts_with("Goodbye"));
    assert!(bytes.starts_with(image::ENTER) && bytes.ends_with(image::LEAVE));
}

#[tokio::test]
async fn a_session_on_its_own_is_small() {
    let Opened {
        parts, _directory, ..
    } = opened(&[]).await;
    let (near, _far) = line::line(
        parts.terminal.clone(),
        Size::USUAL,
        CancellationToken::new(),
    );
    let future = driver::run(parts, callers().into(), near);
    assert!(size_of_val(&future) < 3_000, "{}", size_of_val(&future));
    assert!(size_of::<Session>() < 1_500, "{}", size_of::<Session>());
}

#[tokio::test]
async fn whoever_is_thrown_out_finds_their_terminal_as_it_was() {
    let Opened {
        parts, _directory, ..
    } = opened(&[]).await;
    let visit = Arc::clone(&parts.visit);
    let (near, mut far) = line::line(
        parts.terminal.clone(),
        Size::USUAL,
        CancellationToken::new(),
    );
    let running = tokio::spawn(driver::run(parts, callers().into(), near));
    drop(far.output.recv().await);
    visit.end.cancel();
    let mut bytes = Vec::new();
    while let Some(frame) = far.output.recv().await {
        bytes = frame.bytes;
    }
    assert_eq!(bytes, image::LEAVE);
    assert!(running.await.unwrap().contains("closed"));
}
