//! The SYSTEM tab: how the machine and the board are, who is on line, and what
//! happened in the last day and week.

mod dialogs;
mod facts;
mod plot;

use std::time::Duration;

use super::{sysop, who};
use crate::{
    app::{Ruling, system::System, who::Caller},
    domain::{event::Event, id::SessionId},
    term::Key,
    tui::{
        Align, Bind, Canvas, Effects, Handled, Ink, Screen, Tabs, Token, View, say,
        widgets::{Focus, List, Scroll, filters},
    },
};

/// How often the numbers are read anew.
const BEAT: Duration = Duration::from_secs(10);

/// What part of the tab is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    Board,
    Lines,
    Day,
    Week,
}

impl Page {
    const ALL: [Self; 4] = [Self::Board, Self::Lines, Self::Day, Self::Week];

    const fn name(self) -> &'static str {
        match self {
            Self::Board => "Board",
            Self::Lines => "Lines",
            Self::Day => "Last day",
            Self::Week => "Last week",
        }
    }
}

/// The tab.
#[derive(Debug)]
pub struct SystemTab {
    page: Page,
    /// Nothing until it has come.
    system: Option<System>,
    lines: List<Caller>,
    failure: Option<String>,
    scroll: Scroll,
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Says a line to everybody.
    Say,
    /// Lets a line go.
    HangUp,
    /// To the page at the left.
    Left,
    /// To the page at the right.
    Right,
}

/// What its calls and dialogs answer.
#[derive(Debug)]
pub enum Msg {
    /// The whole picture.
    Loaded(Box<Ruling<System>>),
    /// That line shall be let go.
    HangUp(SessionId),
    /// It was.
    HungUp(Ruling<()>),
}

impl SystemTab {
    /// Makes the tab.
    pub fn new() -> Self {
        Self {
            page: Page::Board,
            system: None,
            lines: List::default(),
            failure: None,
            scroll: Scroll::default(),
        }
    }

    /// Returns the chosen line, if it is another one.
    fn other(&self, view: &View<'_>) -> Option<&Caller> {
        let chosen = self.lines.chosen()?;
        (chosen.present.session != view.visit.session).then_some(chosen)
    }

    fn step(&mut self, by: usize) {
        let pages = Page::ALL;
        let place = pages.iter().position(|page| *page == self.page);
        let next = (place.unwrap_or(0) + by) % pages.len();
        self.page = pages.get(next).copied().unwrap_or(Page::Board);
        self.scroll = Scroll::default();
    }

    fn draw_pages(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let names = Page::ALL.map(|page| page.name().to_owned());
        let open = Page::ALL.iter().position(|page| *page == self.page);
        filters::draw(canvas, &names, open.unwrap_or(0), view);
    }
}

impl Default for SystemTab {
    fn default() -> Self {
        Self::new()
    }
}

/// Draws one line. What goes first on a narrow terminal: where they are, the
/// client, the source.
fn draw_line(row: &mut Canvas<'_>, caller: &Caller, ink: Ink, view: &View<'_>) {
    let present = &caller.present;
    let since = row.width().saturating_sub(6);
    row.field((0, 0), 20, Align::Left, &who::label(caller, view), ink);
    let source = present.source.map(|source| source.to_string());
    let source = source.unwrap_or_default();
    if view.is_narrow() {
        let room = since.saturating_sub(22);
        row.field((21, 0), room, Align::Left, &present.client, Token::Dim);
    } else {
        row.field((21, 0), 16, Align::Left, &present.place, Token::Dim);
        row.field((38, 0), 20, Align::Left, &present.client, Token::Dim);
        let room = since.saturating_sub(60);
        row.field((59, 0), room, Align::Left, &source, Token::Dim);
    }
    let age = view.age_of(caller.since);
    row.field((since, 0), 6, Align::Right, &age, Token::Dim);
}

impl Screen for SystemTab {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Char('b')],
            "b",
            "say to all",
            Act::Say,
            "Shows a line on every screen, and rings.",
        ),
        Bind::new(
            &[Key::Char('x'), Key::Delete],
            "x",
            "hang up",
            Act::HangUp,
            "Lets the chosen line go, after a question.",
        ),
        Bind::new(&[Key::Right], "→", "more", Act::Right, "The next page."),
        Bind::quiet(&[Key::Left], "←", Act::Left, "The page before."),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Sysop ▸ System".to_owned()
    }

    fn tabs(&self, view: &View<'_>) -> Option<Tabs> {
        Some(sysop::row(&sysop::SYSTEM, view.actor))
    }

    fn offers(&self, action: Act, view: &View<'_>) -> bool {
        match action {
            Act::HangUp => self.page == Page::Lines && self.other(view).is_some(),
            Act::Say | Act::Left | Act::Right => true,
        }
    }

    fn has_list(&self) -> bool {
        self.page == Page::Lines
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.reload(view, fx);
    }

    fn act(&mut self, action: Act, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match action {
            Act::Say => fx.push(dialogs::say()),
            Act::HangUp => {
                if let Some(caller) = self.other(view) {
                    let session = caller.present.session;
                    let reply = fx.reply(move |()| Msg::HangUp(session));
                    fx.push(dialogs::hang_up(&who::label(caller, view), reply));
                }
            }
            Act::Left => self.step(Page::ALL.len() - 1),
            Act::Right => self.step(1),
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        match self.page {
            Page::Lines => self.lines.key(key),
            Page::Board => self.scroll.key(key),
            Page::Day | Page::Week => Handled::No,
        }
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Loaded(ruling) => match *ruling {
                Ok(mut system) => {
                    self.failure = None;
                    self.lines.fill(std::mem::take(&mut system.callers));
                    self.system = Some(system);
                }
                Err(stop) => self.failure = Some(say::sentence(&stop)),
            },
            Msg::HangUp(session) => fx.call(
                "system.hang_up",
                move |bbs, actor, _| async move { bbs.hang_up(&actor, session).await },
                Msg::HungUp,
            ),
            Msg::HungUp(Ok(())) => fx.notice("That line is let go."),
            Msg::HungUp(Err(stop)) => fx.notice_bad(say::sentence(&stop)),
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if matches!(event, Event::PresenceChanged | Event::SettingsChanged) {
            self.reload(view, fx);
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        fx.load(
            "system",
            |bbs, actor, _| async move { bbs.system(&actor).await },
            |ruling| Msg::Loaded(Box::new(ruling)),
        );
    }

    fn tick(&self) -> Option<Duration> {
        Some(BEAT)
    }

    fn ticked(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.reload(view, fx);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        self.draw_pages(canvas, view);
        let (width, height) = (canvas.width(), canvas.height());
        let top = if view.is_narrow() { 1 } else { 2 };
        let mut body = canvas.part(0, top, width, height.saturating_sub(top));
        let system = match (&self.failure, &self.system) {
            (Some(failure), _) => {
                body.paragraph((2, 0), width.saturating_sub(4), failure, Token::Bad);
                return;
            }
            (None, None) => {
                body.text(2, 0, "One moment…", Token::Dim);
                return;
            }
            (None, Some(system)) => system,
        };
        match self.page {
            Page::Board => {
                let facts = facts::facts(system, self.lines.items().len(), width, view);
                self.scroll.draw(&mut body, &facts);
            }
            Page::Lines => self.lines.draw(&mut body, Focus::Here, |row, caller, ink| {
                draw_line(row, caller, ink, view);
            }),
            Page::Day => plot::draw(&mut body, &system.samples, &plot::DAY, view),
            Page::Week => plot::draw(&mut body, &system.samples, &plot::WEEK, view),
        }
    }
}
