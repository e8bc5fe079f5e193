//! A talk between staff and an applicant who waits, line by line. Both sides
//! have the same page; it is over when either leaves.

use crate::{
    app::{
        Ruling,
        talk::{LONGEST, Seat, Talk as Lines},
    },
    domain::{event::Event, id::AccountId},
    store::account::Account,
    term::{Key, glyph},
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Field, Focus, Prose, Scroll},
    },
    words::talk as words,
};

/// From which side it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chair {
    /// Whoever waits, and was rung.
    Applicant,
    /// Whoever rang.
    Desk,
}

/// How far it is.
#[derive(Debug)]
enum State {
    /// The seat was asked for.
    Coming,
    /// Under way; leaving gives the seat up.
    Open(#[expect(dead_code, reason = "it is there to be dropped")] Seat),
    Over,
    Failed(String),
}

/// The page of a talk.
#[derive(Debug)]
pub struct Talk {
    with: AccountId,
    /// The applicant's handle.
    handle: String,
    chair: Chair,
    state: State,
    lines: Lines,
    scroll: Scroll,
    field: Field,
}

impl Talk {
    /// Makes the page on which staff ring an applicant.
    pub fn ring(account: &Account) -> Self {
        Self::new(account, Chair::Desk)
    }

    /// Makes the page on which an applicant answers.
    pub fn answer(account: &Account) -> Self {
        Self::new(account, Chair::Applicant)
    }

    fn new(account: &Account, chair: Chair) -> Self {
        let mut scroll = Scroll::default();
        scroll.to_end();
        Self {
            with: account.id,
            handle: account.handle.to_string(),
            chair,
            state: State::Coming,
            lines: Lines::default(),
            scroll,
            field: Field::new(LONGEST),
        }
    }

    const fn is_open(&self) -> bool {
        matches!(self.state, State::Open(_))
    }

    /// Returns how the other side is called.
    fn other(&self) -> &str {
        match self.chair {
            Chair::Applicant => &self.lines.staff,
            Chair::Desk => &self.handle,
        }
    }

    /// Returns how it stands, in a line, if there is anything to say.
    fn standing(&self) -> Option<(String, Token)> {
        match &self.state {
            State::Coming => Some((words::rings().to_owned(), Token::Dim)),
            State::Open(_) if !self.lines.is_answered => {
                Some((words::rung(&self.handle), Token::Dim))
            }
            State::Open(_) => None,
            State::Over => Some((words::over(self.other()), Token::Warn)),
            State::Failed(sentence) => Some((sentence.clone(), Token::Bad)),
        }
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub struct Say;

/// What its calls answer.
#[derive(Debug)]
pub enum Msg {
    /// The seat, or why there is none.
    Seated(Ruling<Seat>),
    /// What was said; nothing once it is over.
    Lines(Option<Lines>),
    /// A line was said, or not.
    Said(Ruling<()>),
}

impl Screen for Talk {
    type Action = Say;
    type Msg = Msg;
    const KEYS: &'static [Bind<Say>] = &[Bind::new(
        &[Key::Enter],
        "⏎",
        "say",
        Say,
        "Says the line. Nothing that is said here is kept.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        match self.chair {
            Chair::Applicant => "Waiting room ▸ Talk".to_owned(),
            Chair::Desk => format!("Sysop ▸ Users ▸ {} ▸ Talk", self.handle),
        }
    }

    fn offers(&self, Say: Say, _view: &View<'_>) -> bool {
        self.is_open()
    }

    fn start(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let (chair, with) = (self.chair, self.with);
        fx.call(
            "talk.come",
            move |bbs, actor, visit| async move {
                match chair {
                    Chair::Applicant => bbs.answer_talk(&actor, &visit),
                    Chair::Desk => bbs.open_talk(&actor, &visit, with).await,
                }
            },
            Msg::Seated,
        );
    }

    fn act(&mut self, Say: Say, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let text = self.field.text().trim().to_owned();
        if text.is_empty() {
            return;
        }
        let with = self.with;
        fx.call(
            "talk.say",
            move |bbs, actor, visit| async move { bbs.say_in_talk(&actor, &visit, with, &text) },
            Msg::Said,
        );
    }

    fn typing(&self) -> bool {
        true
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        match key {
            Key::PageUp | Key::PageDown => self.scroll.key(key),
            _ => self.field.key(key),
        }
    }

    fn paste(&mut self, text: &str, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) {
        self.field.paste(text);
    }

    fn message(&mut self, msg: Msg, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Seated(Ok(seat)) => {
                self.state = State::Open(seat);
                self.reload(view, fx);
            }
            Msg::Seated(Err(stop)) => self.state = State::Failed(say::sentence(&stop)),
            Msg::Lines(Some(lines)) => {
                self.lines = lines;
                self.scroll.to_end();
            }
            Msg::Lines(None) => self.state = State::Over,
            Msg::Said(Ok(())) => self.field.clear(),
            Msg::Said(Err(stop)) => fx.notice_bad(say::sentence(&stop)),
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let is_about = match event {
            Event::TalkChanged(id) | Event::AccountChanged(id) | Event::AccountGone(id) => {
                id == self.with
            }
            Event::PresenceChanged => true,
            _ => false,
        };
        if is_about {
            self.reload(view, fx);
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if self.is_open() {
            let with = self.with;
            fx.load(
                "talk",
                move |bbs, actor, visit| async move { bbs.talk(&actor, &visit, with) },
                Msg::Lines,
            );
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let (width, height) = (canvas.width(), canvas.height());
        let above = height.saturating_sub(2);
        let mut prose = Prose::new(width).gap();
        let widest = glyph::width(&self.handle).max(glyph::width(&self.lines.staff));
        let column = u16::try_from(widest).unwrap_or(0) + 2;
        for line in &self.lines.lines {
            let is_own = view
                .actor
                .handle()
                .is_some_and(|own| own.as_str() == line.by);
            let token = if is_own { Token::Dim } else { Token::Text };
            prose = prose.fact(&line.by, column, &line.text, token);
        }
        if let Some((text, token)) = self.standing() {
            prose = prose.say(&text, token);
        }
        self.scroll
            .draw(&mut canvas.part(0, 0, width, above), &prose);
        canvas.rule(above);
        if self.is_open() {
            let mut row = canvas.part(1, above + 1, width.saturating_sub(2), 1);
            self.field
                .draw_row(&mut row, (0, 0), (">", 2), Focus::Here, None);
        }
    }
}
