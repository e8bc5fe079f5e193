//! The tab AUDIT: who did what, newest first. What comes while somebody reads
//! appears on top, and the selection stays where it was.

mod filter;
mod page;

use super::{
    pages::{Pages, Step, Wanted},
    sysop,
};
use crate::{
    app::Ruling,
    domain::{event::Event, id::AuditId},
    store::audit::{Filter, Record},
    term::Key,
    tui::{Align, Bind, Canvas, Effects, Handled, Ink, Screen, Tabs, Token, View, widgets::Item},
    words,
};
use filter::Choice;

impl Item for Record {
    type Id = AuditId;

    fn id(&self) -> AuditId {
        self.id
    }
}

/// The tab AUDIT.
#[derive(Debug, Default)]
pub struct Audit {
    pages: Pages<Record>,
    choice: Choice,
    /// The choice, as it was meant when it was made.
    filter: Filter,
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Shows one record whole.
    Open,
    /// Narrows the list.
    Find,
}

/// What it is told.
#[derive(Debug)]
pub enum Msg {
    /// A page that was asked for.
    Page(Wanted<AuditId>, Ruling<Vec<Record>>),
    /// What to narrow to.
    Find(Choice),
}

impl Audit {
    /// Makes the tab; it begins with everything.
    pub fn new() -> Self {
        Self::default()
    }

    fn load(&self, wanted: Wanted<AuditId>, fx: &mut Effects<'_, Msg>) {
        let filter = self.filter.clone();
        fx.load(
            "audit.list",
            move |bbs, actor, _| async move {
                bbs.list_audit(&actor, &filter, wanted.before, wanted.rows)
                    .await
            },
            move |ruling| Msg::Page(wanted, ruling),
        );
    }

    fn narrow(&mut self, choice: Choice, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.filter = choice.filter(view.now);
        self.choice = choice;
        let wanted = self.pages.begin();
        self.load(wanted, fx);
    }
}

/// Draws one record. A narrow terminal has no room for what became of it.
fn draw_row(canvas: &mut Canvas<'_>, record: &Record, ink: Ink, view: &View<'_>) {
    let age = view.age_of(record.at);
    canvas.field((0, 0), 4, Align::Right, &age, Token::Dim);
    let (who, what) = if view.is_narrow() {
        (8, canvas.width().saturating_sub(15))
    } else {
        // As long as console(1000).
        (13, 32)
    };
    canvas.field((6, 0), who, Align::Left, &record.actor, ink);
    let x = 6 + who + 1;
    let mut act = canvas.part(x, 0, what, 1);
    let action = format!("{} ", words::audit::action(&record.action));
    let after = act.text(0, 0, &action, Token::Dim);
    let room = what.saturating_sub(after);
    act.field((after, 0), room, Align::Left, record.name(), ink);
    let x = x + what + 1;
    let room = canvas.width().saturating_sub(x + 1);
    let change = words::audit::change(record.before.as_deref(), record.after.as_deref());
    let reason = record.reason.as_deref().unwrap_or_default();
    let tail = format!("{change}  {reason}");
    canvas.field((x, 0), room, Align::Left, tail.trim(), Token::Text);
}

impl Screen for Audit {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter],
            "⏎",
            "open",
            Act::Open,
            "Shows the record whole.",
        ),
        Bind::new(
            &[Key::Char('/')],
            "/",
            "find",
            Act::Find,
            "Narrows the list to a thing, a person or a time. Esc shows all again.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Sysop ▸ Audit".to_owned()
    }

    fn tabs(&self, view: &View<'_>) -> Option<Tabs> {
        Some(sysop::row(&sysop::AUDIT, view.actor))
    }

    fn offers(&self, action: Act, _view: &View<'_>) -> bool {
        match action {
            Act::Open => self.pages.list().chosen().is_some(),
            Act::Find => true,
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
        match action {
            Act::Open => {
                if let Some(record) = self.pages.list().chosen() {
                    fx.push(page::RecordPage::new(record.clone()));
                }
            }
            Act::Find => {
                let reply = fx.reply(Msg::Find);
                fx.push(filter::dialog(&self.choice, reply));
            }
        }
    }

    fn key(&mut self, key: Key, view: &View<'_>, fx: &mut Effects<'_, Msg>) -> Handled {
        if key == Key::Esc && self.choice != Choice::default() {
            self.narrow(Choice::default(), view, fx);
            return Handled::Yes;
        }
        match self.pages.key(key) {
            Step::Here(handled) => handled,
            Step::To(wanted) => {
                self.load(wanted, fx);
                Handled::Yes
            }
        }
    }

    fn message(&mut self, msg: Msg, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Page(wanted, page) => {
                if let Some(wanted) = self.pages.took(wanted, page) {
                    self.load(wanted, fx);
                }
            }
            Msg::Find(choice) => self.narrow(choice, view, fx),
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        // Older pages do not change.
        if event == Event::Recorded && self.pages.is_first() {
            self.reload(view, fx);
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if let Some(wanted) = self.pages.refresh() {
            self.load(wanted, fx);
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let (width, height) = (canvas.width(), canvas.height());
        let top = u16::from(!view.is_narrow());
        let mut rest = canvas.part(0, top, width, height.saturating_sub(top));
        let only = (self.choice != Choice::default()).then(|| {
            let only = format!("{} Esc shows all.", self.choice.words());
            (only, Token::Accent)
        });
        self.pages.draw(
            &mut rest,
            only,
            "Nothing is on record.",
            |row, record, ink| {
                draw_row(row, record, ink, view);
            },
        );
    }
}
