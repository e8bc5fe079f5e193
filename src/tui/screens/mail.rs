//! The MAIL tab: letters, newest first, what became of each, and whether they
//! leave at all.

use super::sysop::{Tab, Turn};
use crate::{
    app::{Ruling, letter::MailPage},
    domain::{event::Event, id::LetterId, letter::State},
    store::outbox::Letter,
    term::Key,
    tui::{
        Align, Bind, Canvas, Effects, Handled, Ink, Screen, Tabs, Token, View, say,
        widgets::{Focus, Item, List},
    },
    words,
};

/// Letters shown.
const ROWS: u32 = 200;

impl Item for Letter {
    type Id = LetterId;

    fn id(&self) -> LetterId {
        self.id
    }
}

/// Letters, newest first.
#[derive(Debug, Default)]
pub struct MailTab {
    list: List<Letter>,
    page: Option<Ruling<MailPage>>,
    is_loading: bool,
    is_stale: bool,
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Tries a letter again.
    Retry,
    /// Takes one back.
    Cancel,
    /// Writes one to oneself.
    Test,
    /// To another tab.
    Turn(Turn),
}

/// What it is told.
#[derive(Debug)]
pub enum Msg {
    /// The letters.
    Page(Box<Ruling<MailPage>>),
    /// What became of one of them.
    Done(Box<Ruling<Letter>>),
}

impl MailTab {
    /// Makes the tab.
    pub fn new() -> Self {
        Self::default()
    }

    fn load(&mut self, fx: &mut Effects<'_, Msg>) {
        if self.is_loading {
            self.is_stale = true;
            return;
        }
        self.is_loading = true;
        fx.load(
            "mail.list",
            |bbs, actor, _| async move { bbs.list_letters(&actor, None, None, ROWS).await },
            |ruling| Msg::Page(Box::new(ruling)),
        );
    }

    /// Returns what stands over the list, if something is wrong.
    fn banner(&self) -> Option<(String, Token)> {
        let Some(Ok(MailPage { status, .. })) = &self.page else {
            return None;
        };
        if status.is_broken {
            let error = status.last_error.as_deref().unwrap_or_default();
            Some((words::letter::broken(error), Token::Bad))
        } else if status.is_held {
            Some((words::letter::held().to_owned(), Token::Warn))
        } else if !status.is_on {
            Some((words::letter::off().to_owned(), Token::Warn))
        } else {
            None
        }
    }
}

/// Returns the ink of a state: a word first, and a colour second.
fn ink(letter: &Letter) -> Token {
    match letter.state {
        State::Sent => Token::Good,
        State::Failed => Token::Bad,
        State::Queued if letter.last_error.is_some() => Token::Bad,
        State::Held => Token::Warn,
        State::Queued => Token::Text,
        State::Cancelled | State::Off => Token::Dim,
    }
}

/// Draws one letter. What goes first on a narrow terminal: the error, the
/// moment, the tries, the address.
fn draw_row(canvas: &mut Canvas<'_>, letter: &Letter, row: Ink, view: &View<'_>) {
    canvas.field((0, 0), 9, Align::Left, letter.state.name(), ink(letter));
    canvas.field((10, 0), 16, Align::Left, letter.kind.name(), row);
    if view.is_narrow() {
        let room = canvas.width().saturating_sub(27);
        canvas.field((27, 0), room, Align::Left, letter.handle.as_str(), row);
        return;
    }
    canvas.field((27, 0), 22, Align::Left, letter.to.as_str(), row);
    let tries = letter.attempts.to_string();
    canvas.field((49, 0), 3, Align::Right, &tries, Token::Dim);
    let at = letter
        .sent_at
        .or(letter.next_at)
        .unwrap_or(letter.created_at);
    canvas.field((53, 0), 12, Align::Left, &view.date_of(at), Token::Dim);
    let error = letter.last_error.as_deref().unwrap_or_default();
    let room = canvas.width().saturating_sub(67);
    canvas.field((66, 0), room, Align::Left, error, Token::Bad);
}

impl Screen for MailTab {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Char('r')],
            "r",
            "retry",
            Act::Retry,
            "Tries the letter again, at once and for another day.",
        ),
        Bind::new(
            &[Key::Char('c')],
            "c",
            "cancel",
            Act::Cancel,
            "Takes a letter back that has not left.",
        ),
        Bind::new(
            &[Key::Char('t')],
            "t",
            "test",
            Act::Test,
            "Writes a letter to your own address.",
        ),
        Turn::To(Tab::Users).bind(Act::Turn(Turn::To(Tab::Users))),
        Turn::To(Tab::Invites).bind(Act::Turn(Turn::To(Tab::Invites))),
        Turn::To(Tab::Site).bind(Act::Turn(Turn::To(Tab::Site))),
        Turn::To(Tab::System).bind(Act::Turn(Turn::To(Tab::System))),
        Turn::To(Tab::Audit).bind(Act::Turn(Turn::To(Tab::Audit))),
        Turn::Next.bind(Act::Turn(Turn::Next)),
        Turn::Back.bind(Act::Turn(Turn::Back)),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Sysop ▸ Mail".to_owned()
    }

    fn tabs(&self, view: &View<'_>) -> Option<Tabs> {
        Some(Tab::Mail.row(view.actor))
    }

    fn offers(&self, action: Act, view: &View<'_>) -> bool {
        let state = self.list.chosen().map(|letter| letter.state);
        let is_on = matches!(&self.page, Some(Ok(page)) if page.status.is_on);
        match action {
            Act::Retry => {
                is_on
                    && matches!(
                        state,
                        Some(State::Queued | State::Failed | State::Cancelled | State::Off)
                    )
            }
            Act::Cancel => matches!(state, Some(State::Queued | State::Held)),
            Act::Test => is_on,
            Act::Turn(turn) => turn.is_possible(Tab::Mail, view),
        }
    }

    fn has_list(&self) -> bool {
        true
    }

    fn start(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.load(fx);
    }

    fn act(&mut self, action: Act, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let done = |ruling| Msg::Done(Box::new(ruling));
        match (action, self.list.chosen().map(|letter| letter.id)) {
            (Act::Retry, Some(id)) => fx.call(
                "mail.retry",
                move |bbs, actor, _| async move { bbs.retry_letter(&actor, id).await },
                done,
            ),
            (Act::Cancel, Some(id)) => fx.call(
                "mail.cancel",
                move |bbs, actor, _| async move { bbs.cancel_letter(&actor, id).await },
                done,
            ),
            (Act::Test, _) => fx.call(
                "mail.test",
                |bbs, actor, _| async move { bbs.test_mail(&actor, None).await },
                done,
            ),
            (Act::Turn(turn), _) => turn.take(Tab::Mail, view, fx),
            (Act::Retry | Act::Cancel, None) => {}
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        self.list.key(key)
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Page(page) => {
                self.is_loading = false;
                if let Ok(page) = page.as_ref() {
                    self.list.fill(page.letters.clone());
                }
                self.page = Some(*page);
                if std::mem::take(&mut self.is_stale) {
                    self.load(fx);
                }
            }
            Msg::Done(ruling) => match *ruling {
                Ok(letter) => fx.notice(words::letter::written(letter.state)),
                Err(stop) => fx.notice_bad(say::sentence(&stop)),
            },
        }
    }

    fn event(&mut self, event: Event, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if let Event::MailChanged | Event::SettingsChanged = event {
            self.load(fx);
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.load(fx);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let (width, height) = (canvas.width(), canvas.height());
        let mut top = u16::from(!view.is_narrow());
        let room = width.saturating_sub(4);
        if let Some((text, token)) = self.banner() {
            top += canvas.paragraph((2, top), room, &text, token) + 1;
        }
        let text = match &self.page {
            None => Some(("One moment…".to_owned(), Token::Dim)),
            Some(Err(stop)) => Some((say::sentence(stop), Token::Bad)),
            Some(Ok(_)) if self.list.is_empty() => Some(("No letters yet.".to_owned(), Token::Dim)),
            Some(Ok(_)) => None,
        };
        if let Some((text, token)) = text {
            canvas.paragraph((2, top), room, &text, token);
            return;
        }
        let mut list = canvas.part(0, top, width, height.saturating_sub(top));
        self.list.draw(&mut list, Focus::Here, |row, letter, ink| {
            draw_row(row, letter, ink, view);
        });
    }
}
