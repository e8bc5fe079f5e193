//! The ACCESS tab: which handles, addresses, domains and networks are kept out,
//! held back or let through. Whom a rule would hit is shown before it is made.

mod dialogs;
mod page;

use super::{
    pages::{Pages, Step, Wanted},
    sysop,
};
use crate::{
    app::{Ruling, access::Page},
    domain::{
        access::{Effect, Kind},
        event::Event,
        id::RuleId,
    },
    store::access::Entry,
    term::Key,
    tui::{
        Align, Bind, Canvas, Effects, Handled, Ink, Screen, Tabs, Token, View,
        widgets::{Item, filters},
    },
    words,
};

impl Item for Entry {
    type Id = RuleId;

    fn id(&self) -> RuleId {
        self.id
    }
}

/// The ACCESS tab.
#[derive(Debug, Default)]
pub struct Access {
    pages: Pages<Entry>,
    /// The place in the kinds.
    filter: usize,
    counts: Vec<(Kind, u32)>,
    /// Whether only callers from some networks get in.
    is_exclusive: bool,
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Makes a rule.
    Add,
    /// Takes one away.
    Remove,
    /// Says what the board says about something.
    Test,
    /// Shows one whole.
    Open,
    /// To the kind at the left.
    Left,
    /// To the kind at the right.
    Right,
}

/// What it is told.
#[derive(Debug)]
pub enum Msg {
    /// A page that was asked for.
    Page(Wanted<RuleId>, Ruling<Page>),
}

impl Access {
    /// Makes the tab.
    pub fn new() -> Self {
        Self::default()
    }

    fn kind(&self) -> Kind {
        Kind::ALL.get(self.filter).copied().unwrap_or(Kind::Handle)
    }

    fn load(&self, wanted: Wanted<RuleId>, fx: &mut Effects<'_, Msg>) {
        let kind = self.kind();
        fx.load(
            "access.list",
            move |bbs, actor, _| async move {
                bbs.list_rules(&actor, kind, wanted.before, wanted.rows)
                    .await
            },
            move |ruling| Msg::Page(wanted, ruling),
        );
    }

    fn refresh(&mut self, fx: &mut Effects<'_, Msg>) {
        if let Some(wanted) = self.pages.refresh() {
            self.load(wanted, fx);
        }
    }

    fn turn(&mut self, steps: usize, fx: &mut Effects<'_, Msg>) {
        self.filter = (self.filter + steps) % Kind::ALL.len();
        let wanted = self.pages.begin();
        self.load(wanted, fx);
    }

    fn draw_filters(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let count = |kind: Kind| {
            let counted = self.counts.iter().find(|(one, _)| *one == kind);
            counted.map_or(0, |(_, count)| *count)
        };
        let names: Vec<_> = Kind::ALL
            .iter()
            .map(|&kind| format!("{} {}", words::access::title(kind), count(kind)))
            .collect();
        filters::draw(canvas, &names, self.filter, view);
    }
}

/// Returns the ink of an effect: a word first, and a colour second.
const fn ink(effect: Effect) -> Token {
    match effect {
        Effect::Banned | Effect::Denied => Token::Bad,
        Effect::Reserved | Effect::Disposable => Token::Warn,
        Effect::Allowed => Token::Good,
    }
}

/// Draws one rule. A narrow terminal has no room for who, when and why.
fn draw_row(canvas: &mut Canvas<'_>, entry: &Entry, row: Ink, view: &View<'_>) {
    let effect = entry.rule.effect();
    let value = entry.rule.subject().text();
    if view.is_narrow() {
        let room = canvas.width().saturating_sub(11);
        canvas.field((0, 0), room, Align::Left, &value, row);
        canvas.field((room + 1, 0), 10, Align::Left, effect.name(), ink(effect));
        return;
    }
    canvas.field((0, 0), 25, Align::Left, &value, row);
    canvas.field((26, 0), 10, Align::Left, effect.name(), ink(effect));
    let age = view.age_of(entry.at);
    canvas.field((37, 0), 4, Align::Right, &age, Token::Dim);
    canvas.field((43, 0), 13, Align::Left, &entry.by, Token::Dim);
    let room = canvas.width().saturating_sub(57 + 1);
    canvas.field((57, 0), room, Align::Left, &entry.reason, Token::Text);
}

impl Screen for Access {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Char('n'), Key::Char('+')],
            "n",
            "new",
            Act::Add,
            "Makes a rule, and shows first whom it would hit (+ too).",
        ),
        Bind::new(
            &[Key::Char('d')],
            "d",
            "remove",
            Act::Remove,
            "Takes the rule away, after asking.",
        ),
        Bind::new(
            &[Key::Char('t')],
            "t",
            "test",
            Act::Test,
            "Says whether something would be refused, and by what.",
        ),
        Bind::new(
            &[Key::Enter],
            "⏎",
            "open",
            Act::Open,
            "Shows the rule whole.",
        ),
        Bind::quiet(&[Key::Left], "←", Act::Left, "The kind before."),
        Bind::quiet(&[Key::Right], "→", Act::Right, "The next kind."),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Sysop ▸ Access".to_owned()
    }

    fn tabs(&self, view: &View<'_>) -> Option<Tabs> {
        Some(sysop::row(&sysop::ACCESS, view.actor))
    }

    fn offers(&self, action: Act, _view: &View<'_>) -> bool {
        match action {
            Act::Remove | Act::Open => self.pages.list().chosen().is_some(),
            Act::Add | Act::Test | Act::Left | Act::Right => true,
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
        match (action, self.pages.list().chosen()) {
            (Act::Add, _) => fx.push(dialogs::add(self.kind())),
            (Act::Remove, Some(entry)) => fx.push(dialogs::remove(entry.clone())),
            (Act::Test, _) => fx.push(dialogs::test(self.kind())),
            (Act::Open, Some(entry)) => fx.push(page::RulePage::new(entry.clone())),
            (Act::Left, _) => self.turn(Kind::ALL.len() - 1, fx),
            (Act::Right, _) => self.turn(1, fx),
            (Act::Remove | Act::Open, None) => {}
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
        let Msg::Page(wanted, ruling) = msg;
        let page = ruling.map(|page| {
            self.counts = page.counts;
            self.is_exclusive = page.is_exclusive;
            page.entries
        });
        if let Some(wanted) = self.pages.took(wanted, page) {
            self.load(wanted, fx);
        }
    }

    fn event(&mut self, event: Event, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if event == Event::AccessChanged {
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
        let exclusive = self.kind() == Kind::Source && self.is_exclusive;
        let banner = exclusive.then(|| (words::access::exclusive().to_owned(), Token::Warn));
        let empty = words::access::none(self.kind());
        self.pages
            .draw(&mut rest, banner, empty, |row, entry, ink| {
                draw_row(row, entry, ink, view);
            });
    }
}
