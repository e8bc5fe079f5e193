//! The MAIL tab: letters, newest first, what became of each, and whether they
//! leave at all.

mod deed;
mod page;

use super::{
    pages::{Pages, Step, Wanted},
    sysop,
};
use crate::{
    app::{
        Ruling,
        letter::{MailPage, MailStatus},
    },
    domain::{clock::Timestamp, event::Event, id::LetterId, letter::State},
    store::outbox::{Letter, Way},
    term::Key,
    tui::{
        Align, Bind, Canvas, Effects, Handled, Ink, Screen, Tabs, Token, View, say,
        widgets::{Confirm, Item, filters},
    },
    words,
};

/// What the list is narrowed to, in the order of the filters.
const FILTERS: [Option<State>; 8] = [
    None,
    Some(State::Queued),
    Some(State::Failed),
    Some(State::Sent),
    Some(State::Held),
    Some(State::Blocked),
    Some(State::Cancelled),
    Some(State::Off),
];

impl Item for Letter {
    type Id = LetterId;

    fn id(&self) -> LetterId {
        self.id
    }
}

/// The MAIL tab.
#[derive(Debug, Default)]
pub struct MailTab {
    pages: Pages<Letter>,
    /// The place in `FILTERS`.
    filter: usize,
    /// Nothing until it has come.
    status: Option<MailStatus>,
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Shows a letter whole.
    Open,
    /// Tries a letter again.
    Retry,
    /// Takes one back.
    Cancel,
    /// Writes one to oneself.
    Test,
    /// Tells the sysop's own program something.
    TestProgram,
    /// Lets the letters of a copy leave.
    Release,
    /// To the filter at the left.
    Left,
    /// To the filter at the right.
    Right,
}

/// What it is told.
#[derive(Debug)]
pub enum Msg {
    /// The letters.
    Page(Wanted<LetterId>, Box<Ruling<MailPage>>),
    /// What became of one of them.
    Done(Box<Ruling<Letter>>),
    /// The letters of a copy shall leave.
    Release(()),
    /// So many do.
    Released(Ruling<usize>),
}

impl MailTab {
    /// Makes the tab.
    pub fn new() -> Self {
        Self::default()
    }

    fn load(&self, wanted: Wanted<LetterId>, fx: &mut Effects<'_, Msg>) {
        let state = self.state();
        fx.load(
            "mail.list",
            move |bbs, actor, _| async move {
                bbs.list_letters(&actor, state, wanted.before, wanted.rows)
                    .await
            },
            move |ruling| Msg::Page(wanted, Box::new(ruling)),
        );
    }

    fn refresh(&mut self, fx: &mut Effects<'_, Msg>) {
        if let Some(wanted) = self.pages.refresh() {
            self.load(wanted, fx);
        }
    }

    fn narrow(&mut self, steps: usize, fx: &mut Effects<'_, Msg>) {
        self.filter = (self.filter + steps) % FILTERS.len();
        let wanted = self.pages.begin();
        self.load(wanted, fx);
    }

    fn state(&self) -> Option<State> {
        FILTERS.get(self.filter).copied().flatten()
    }

    fn is(&self, what: impl Fn(&MailStatus) -> bool) -> bool {
        self.status.as_ref().is_some_and(what)
    }

    /// Returns what stands over the list, if something is wrong.
    fn banner(&self) -> Option<(String, Token)> {
        let status = self.status.as_ref()?;
        let program = status.program.as_ref();
        if status.is_broken {
            let error = status.last_error.as_deref().unwrap_or_default();
            Some((words::letter::broken(error), Token::Bad))
        } else if let Some(program) = program.filter(|program| program.is_broken) {
            let error = program.last_error.as_deref().unwrap_or_default();
            Some((words::notify::broken(error), Token::Bad))
        } else if !status.is_on {
            Some((words::letter::off().to_owned(), Token::Warn))
        } else if status.is_held {
            Some((words::letter::held().to_owned(), Token::Warn))
        } else {
            None
        }
    }

    fn draw_filters(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let counts = self.status.iter().flat_map(|status| &status.counts);
        let count = |state: Option<State>| -> u32 {
            let wanted = counts
                .clone()
                .filter(|(one, ..)| state.is_none_or(|state| state == *one));
            wanted.map(|(_, count, _)| count).sum()
        };
        let names = FILTERS.map(|state| format!("{} {}", title(state), count(state)));
        filters::draw(canvas, &names, self.filter, view);
    }

    fn empty(&self) -> &'static str {
        match self.state() {
            None => "No letters yet. Decisions and changes to accounts write them.",
            Some(State::Queued) => "No letter waits.",
            Some(State::Failed) => "No letter failed.",
            Some(State::Sent) => "No letter was sent.",
            Some(State::Held) => "No letter is held.",
            Some(State::Blocked) => "No letter goes to an address that the board refuses.",
            Some(State::Cancelled) => "No letter was taken back.",
            Some(State::Off) => "No letter was written while mail was off.",
        }
    }
}

/// Returns how a filter is called.
const fn title(state: Option<State>) -> &'static str {
    match state {
        None => "All",
        Some(State::Queued) => "Queued",
        Some(State::Failed) => "Failed",
        Some(State::Sent) => "Sent",
        Some(State::Held) => "Held",
        Some(State::Blocked) => "Blocked",
        Some(State::Cancelled) => "Cancelled",
        Some(State::Off) => "Off",
    }
}

/// Returns what became of a letter, in words and with their ink.
pub(super) fn standing(letter: &Letter, view: &View<'_>) -> (String, Token) {
    let known = words::letter::Standing {
        error: letter.last_error.as_deref(),
        sent: letter.sent_at.map(|at| near(at, view)),
        next: letter.next_at.map(|at| near(at, view)),
    };
    (words::letter::standing(letter.state, &known), ink(letter))
}

/// Returns a moment as a time of day if it is within one.
fn near(at: Timestamp, view: &View<'_>) -> String {
    if (view.now - at).num_hours().abs() < 12 {
        view.time_of(at)
    } else {
        view.date_of(at)
    }
}

/// Returns the ink of a state: a word first, and a colour second.
fn ink(letter: &Letter) -> Token {
    match letter.state {
        State::Sent => Token::Good,
        State::Failed => Token::Bad,
        State::Queued if letter.last_error.is_some() => Token::Bad,
        State::Held | State::Blocked => Token::Warn,
        State::Queued => Token::Text,
        State::Cancelled | State::Off => Token::Dim,
    }
}

/// Draws one letter. A narrow terminal has no room for what became of it, but
/// the state.
fn draw_row(canvas: &mut Canvas<'_>, letter: &Letter, row: Ink, view: &View<'_>) {
    let age = view.age_of(letter.created_at);
    canvas.field((0, 0), 4, Align::Right, &age, Token::Dim);
    canvas.field((6, 0), 9, Align::Left, letter.state.name(), ink(letter));
    let about = words::letter::about(letter.kind);
    let whose = match letter.to.way() {
        Way::Mail => letter.to.name(),
        Way::Program => words::notify::short_name().to_owned(),
    };
    if view.is_narrow() {
        let room = canvas.width().saturating_sub(25);
        canvas.field((16, 0), 8, Align::Left, &whose, row);
        canvas.field((25, 0), room, Align::Left, about, Token::Text);
        return;
    }
    canvas.field((16, 0), 13, Align::Left, &whose, row);
    canvas.field((30, 0), 18, Align::Left, about, Token::Text);
    let (text, ink) = match (&letter.last_error, letter.to.address()) {
        (Some(error), _) if letter.state != State::Sent => (error.clone(), Token::Bad),
        (_, Some(address)) => (address.as_str().to_owned(), Token::Dim),
        (_, None) => (letter.to.name(), Token::Dim),
    };
    let room = canvas.width().saturating_sub(49 + 1);
    canvas.field((49, 0), room, Align::Left, &text, ink);
}

impl Screen for MailTab {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter],
            "⏎",
            "open",
            Act::Open,
            "Shows the letter's journey whole.",
        ),
        deed::retry(Act::Retry),
        deed::cancel(Act::Cancel),
        Bind::new(
            &[Key::Char('t')],
            "t",
            "test",
            Act::Test,
            "Writes a letter to your own address.",
        ),
        Bind::new(
            &[Key::Char('n')],
            "n",
            "notify",
            Act::TestProgram,
            "Tells your notify_command, to try it.",
        ),
        Bind::new(
            &[Key::Char('l')],
            "l",
            "let leave",
            Act::Release,
            "Lets the letters of a copied board leave.",
        ),
        Bind::quiet(&[Key::Left], "←", Act::Left, "The filter before."),
        Bind::quiet(&[Key::Right], "→", Act::Right, "The next filter."),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Sysop ▸ Mail".to_owned()
    }

    fn tabs(&self, view: &View<'_>) -> Option<Tabs> {
        Some(sysop::row(&sysop::MAIL, view.actor))
    }

    fn offers(&self, action: Act, _view: &View<'_>) -> bool {
        let chosen = self.pages.list().chosen();
        let state = chosen.map(|letter| letter.state);
        match action {
            Act::Open => state.is_some(),
            Act::Retry => chosen.is_some_and(|letter| {
                deed::may_retry(letter.state)
                    && self.is(|status| match letter.to.way() {
                        Way::Mail => status.is_on,
                        Way::Program => status.program.is_some(),
                    })
            }),
            Act::TestProgram => self.is(|status| status.program.is_some()),
            Act::Cancel => state.is_some_and(deed::may_cancel),
            Act::Test => self.is(|status| status.is_on),
            Act::Release => self.is(|status| status.is_held),
            Act::Left | Act::Right => true,
        }
    }

    fn has_list(&self) -> bool {
        true
    }

    fn start(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let wanted = self.pages.begin();
        self.load(wanted, fx);
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let done = |ruling| Msg::Done(Box::new(ruling));
        match (action, self.pages.list().chosen()) {
            (Act::Open, Some(letter)) => fx.push(page::LetterPage::new(letter.clone())),
            (Act::Retry, Some(&Letter { id, .. })) => deed::begin_retry(id, fx, done),
            (Act::Cancel, Some(&Letter { id, .. })) => deed::begin_cancel(id, fx, done),
            (Act::Test, _) => fx.call(
                "mail.test",
                |bbs, actor, _| async move { bbs.test_mail(&actor, None).await },
                done,
            ),
            (Act::TestProgram, _) => fx.call(
                "mail.test_program",
                |bbs, actor, _| async move { bbs.test_program(&actor).await },
                done,
            ),
            (Act::Release, _) => {
                let [title, text, yes, no] = words::letter::release();
                let reply = fx.reply(Msg::Release);
                fx.push(Confirm::new(title, text, yes, no, reply));
            }
            (Act::Left, _) => self.narrow(FILTERS.len() - 1, fx),
            (Act::Right, _) => self.narrow(1, fx),
            (Act::Open | Act::Retry | Act::Cancel, None) => {}
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, fx: &mut Effects<'_, Msg>) -> Handled {
        match self.pages.key(key) {
            Step::Here(handled) => handled,
            Step::To(wanted) => {
                self.load(wanted, fx);
                Handled::Yes
            }
        }
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Page(wanted, page) => {
                let page = page.map(|MailPage { letters, status }| {
                    self.status = Some(status);
                    letters
                });
                if let Some(wanted) = self.pages.took(wanted, page) {
                    self.load(wanted, fx);
                }
            }
            Msg::Done(ruling) => deed::tell(&ruling, fx),
            Msg::Release(()) => fx.call(
                "mail.release",
                |bbs, actor, _| async move { bbs.release_letters(&actor).await },
                Msg::Released,
            ),
            Msg::Released(Ok(letters)) => fx.notice(words::letter::released(letters)),
            Msg::Released(Err(stop)) => fx.notice_bad(say::sentence(&stop)),
        }
    }

    fn event(&mut self, event: Event, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if let Event::MailChanged | Event::SettingsChanged = event {
            self.refresh(fx);
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.refresh(fx);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        self.draw_filters(canvas, view);
        let (width, height) = (canvas.width(), canvas.height());
        let top = if view.is_narrow() { 1 } else { 2 };
        let mut rest = canvas.part(0, top, width, height.saturating_sub(top));
        self.pages.draw(
            &mut rest,
            self.banner(),
            self.empty(),
            |row, letter, ink| {
                draw_row(row, letter, ink, view);
            },
        );
    }
}
