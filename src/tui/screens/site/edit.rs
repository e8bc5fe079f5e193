//! Changing one setting: a dialog for what fits into a line, a page for longer
//! text. A save is made from the value that was seen; if another one stands
//! there meanwhile, it is shown before it can be replaced.

use std::sync::Arc;

use crate::{
    app::{Bbs, Ruling, setting::Setting},
    domain::{
        actor::Actor,
        refusal::{Field as Place, Refusal},
        registration::Mode,
    },
    settings::Key as Name,
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        screens::dialog::{Dialog, Form, Task, Warning},
        widgets::{Editor, Field, Focus},
    },
};

/// The longest line, and more, so that it can be refused in words.
const LINE: usize = 1_000;
/// The longest text.
const TEXT: usize = 4_000;

/// How the new value is entered.
enum Way {
    Choice(&'static [&'static str]),
    Line,
    /// Not at all: it is the default.
    Default(String),
}

/// Changes a setting.
pub(super) struct Change {
    key: Name,
    seen: String,
    way: Way,
}

/// What shall be saved.
pub(super) struct Order {
    key: Name,
    value: String,
    seen: String,
}

/// Opens a choice.
pub(super) fn choice(one: &Setting, names: &'static [&'static str]) -> Dialog<Change> {
    let place = names.iter().position(|name| *name == one.value);
    let form = Form::default().pick("value", names, place.unwrap_or(0));
    Dialog::new(Change::of(one, Way::Choice(names)), form)
}

/// Opens a line.
pub(super) fn line(one: &Setting) -> Dialog<Change> {
    let form = Form::default().text("value", Field::new(LINE).with(&one.value));
    Dialog::new(Change::of(one, Way::Line), form)
}

/// Asks before a setting goes back to its default.
pub(super) fn default(one: &Setting) -> Dialog<Change> {
    let way = Way::Default(one.default.clone());
    Dialog::new(Change::of(one, way), Form::default())
}

impl Change {
    fn of(one: &Setting, way: Way) -> Self {
        Self {
            key: one.key,
            seen: one.value.clone(),
            way,
        }
    }
}

impl Task for Change {
    type Order = Order;
    type Done = String;

    fn title(&self) -> String {
        self.key.name().to_owned()
    }

    fn words(&self) -> [&'static str; 2] {
        ["save", "leave"]
    }

    fn text(&self, _form: &Form) -> String {
        match &self.way {
            Way::Choice(_) | Way::Line => self.key.help().to_owned(),
            Way::Default(default) if default.is_empty() => "It becomes empty again.".to_owned(),
            Way::Default(default) => format!("It becomes {default} again."),
        }
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Order, (usize, String)> {
        let value = match &self.way {
            Way::Choice(names) => names.get(form.picked(0)).copied().unwrap_or_default(),
            Way::Line => form.typed(0),
            Way::Default(default) => default,
        };
        Ok(Order {
            key: self.key,
            value: value.to_owned(),
            seen: self.seen.clone(),
        })
    }

    fn warning(&self, order: &Order) -> Option<Warning> {
        let opens = self.key == Name::RegistrationMode
            && order.value == Mode::Open.name()
            && order.value != self.seen;
        opens.then_some(Warning {
            title: "Open the board?",
            text: "Anyone who can reach this port gets an account, and nobody is asked.",
            yes: "open it",
        })
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, order: Order) -> Ruling<String> {
        let Order { key, value, seen } = order;
        bbs.change_setting(&actor, key, &value, Some(&seen)).await
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        let has_row = !matches!(self.way, Way::Default(_));
        (has_row && field == Place::Value).then_some(0)
    }

    fn refused(&mut self, refusal: &Refusal) {
        // It has been shown now: the next save replaces it knowingly.
        if let Refusal::SettingChanged { value, .. } = refusal {
            self.seen.clone_from(value);
        }
    }

    fn done<M: Send + 'static>(&self, value: String, fx: &mut Effects<'_, M>) {
        fx.notice(saved(self.key, &value));
        fx.pop();
    }
}

fn saved(key: Name, value: &str) -> String {
    let name = key.name();
    match value {
        "" => format!("{name} is empty now."),
        text if text.contains('\n') || text.len() > 40 => format!("{name} is saved."),
        text => format!("{name} is {text} now."),
    }
}

/// The page for a setting of several lines.
#[derive(Debug)]
pub(super) struct Block {
    key: Name,
    seen: String,
    editor: Editor,
    refusal: Option<String>,
    is_busy: bool,
}

/// What its keys do.
#[derive(Clone, Copy)]
pub(super) enum Act {
    Save,
}

impl Block {
    pub(super) fn new(one: &Setting) -> Self {
        Self {
            key: one.key,
            seen: one.value.clone(),
            editor: Editor::new(TEXT).with(&one.value),
            refusal: None,
            is_busy: false,
        }
    }
}

impl Screen for Block {
    type Action = Act;
    type Msg = Ruling<String>;
    const KEYS: &'static [Bind<Act>] = &[Bind::new(
        &[Key::Ctrl('s')],
        "^S",
        "save",
        Act::Save,
        "Saves the text.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        format!("Sysop ▸ Site ▸ {}", self.key.name())
    }

    fn typing(&self) -> bool {
        true
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) -> Handled {
        self.editor.key(key)
    }

    fn paste(&mut self, text: &str, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) {
        self.editor.paste(text);
    }

    fn act(&mut self, Act::Save: Act, _view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        if std::mem::replace(&mut self.is_busy, true) {
            return;
        }
        let order = Order {
            key: self.key,
            value: self.editor.text().to_owned(),
            seen: self.seen.clone(),
        };
        fx.call(
            "site.save",
            |bbs, actor, _| Change::carry_out(bbs, actor, order),
            |ruling| ruling,
        );
    }

    fn message(&mut self, msg: Self::Msg, _view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        self.is_busy = false;
        match msg {
            Ok(value) => {
                fx.notice(saved(self.key, &value));
                fx.pop();
            }
            Err(stop) => {
                if let crate::app::Stop::Refused(Refusal::SettingChanged { value, .. }) = &stop {
                    self.seen.clone_from(value);
                }
                self.refusal = Some(say::sentence(&stop));
            }
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let width = canvas.width().saturating_sub(4);
        let top = u16::from(!view.is_narrow());
        let help = canvas.paragraph((2, top), width, self.key.help(), Token::Dim);
        let y = top + help + top;
        let (text, token) = match &self.refusal {
            _ if self.is_busy => ("One moment…", Token::Dim),
            Some(refusal) => (refusal.as_str(), Token::Bad),
            None => ("", Token::Dim),
        };
        // Two rows are enough for every refusal of a setting at 40 columns but
        // one that carries a long value, which may be cut.
        let rows = canvas.height().saturating_sub(y + 2);
        self.editor
            .draw(&mut canvas.part(2, y, width, rows), Focus::Here);
        canvas.paragraph((2, y + rows), width, text, token);
    }
}
