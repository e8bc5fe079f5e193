//! A forgotten password: asking for a code by letter, and typing it. Whether a
//! letter leaves is told to nobody who asks.

use super::{joining::MARGIN, password::Password};
use crate::{
    app::Ruling,
    domain::{code::Code, handle::Handle, secret::Secret},
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Field, Focus},
    },
};

/// The longest address, and one more, so that it can be refused.
const WHOM: usize = 255;
/// Characters of a code that are taken; people put blanks and hyphens in.
const CODE: usize = 60;
/// Columns for the labels.
const LABELS: u16 = 8;

/// Which field has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Whom,
    Code,
}

/// The screen of whoever forgot a password.
#[derive(Debug)]
pub struct Forgotten {
    whom: Field,
    code: Field,
    slot: Slot,
    /// Whether a letter was asked for on this screen.
    has_asked: bool,
    /// What is wrong, and under which field.
    refusal: Option<(Slot, String)>,
    is_waiting: bool,
}

impl Forgotten {
    /// Asks whose password it is; the name at the door may be the handle.
    pub fn new(handle: Option<&Handle>) -> Self {
        let handle = handle.map(Handle::as_str).unwrap_or_default();
        Self {
            whom: Field::new(WHOM).with(handle),
            code: Field::new(CODE),
            slot: Slot::Whom,
            has_asked: false,
            refusal: None,
            is_waiting: false,
        }
    }

    const fn field(&mut self) -> &mut Field {
        match self.slot {
            Slot::Whom => &mut self.whom,
            Slot::Code => &mut self.code,
        }
    }

    fn ask(&mut self, fx: &mut Effects<'_, Msg>) {
        self.is_waiting = true;
        self.refusal = None;
        let whom = self.whom.text().to_owned();
        fx.call(
            "reset.ask",
            |bbs, _actor, visit| async move { bbs.ask_for_reset(&visit, &whom).await },
            Msg::Asked,
        );
    }

    fn go_on(&mut self, fx: &mut Effects<'_, Msg>) {
        self.is_waiting = true;
        self.refusal = None;
        let code = Secret::new(self.code.text().to_owned());
        fx.call(
            "reset.read",
            |bbs, _actor, visit| async move { bbs.read_reset(&visit, &code).await },
            Msg::Read,
        );
    }

    const fn text(&self) -> &'static str {
        if self.has_asked {
            "If somebody here is called that and has an address, a letter with a code is on its \
             way. It works for an hour."
        } else {
            "Your handle, or the address of your account. You get a letter with a code; if you \
             have one, Tab goes to it."
        }
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Takes the field.
    Next,
    /// Goes to the other field.
    Other,
}

/// What it hears.
#[derive(Debug)]
pub enum Msg {
    /// A letter was asked for.
    Asked(Ruling<()>),
    /// Whose code it is.
    Read(Ruling<(Handle, Code)>),
}

impl Screen for Forgotten {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter],
            "⏎",
            "go on",
            Act::Next,
            "Asks for a letter, or takes the code.",
        ),
        Bind::quiet(
            &[Key::Tab, Key::BackTab, Key::Up, Key::Down],
            "Tab ↑ ↓",
            Act::Other,
            "To the other field.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "A new password".to_owned()
    }

    fn word(&self, action: Act) -> Option<String> {
        let asks = matches!(action, Act::Next) && self.slot == Slot::Whom;
        asks.then(|| "ask for a letter".to_owned())
    }

    fn typing(&self) -> bool {
        true
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        if self.is_waiting {
            // What is typed ahead must not end up in the wrong field.
            return Handled::from(key.is_printable());
        }
        self.field().key(key)
    }

    fn paste(&mut self, text: &str, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) {
        if !self.is_waiting {
            self.field().paste(text);
        }
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match (action, self.slot) {
            _ if self.is_waiting => {}
            (Act::Next, Slot::Whom) if self.whom.is_empty() => {}
            (Act::Next, Slot::Whom) => self.ask(fx),
            (Act::Next, Slot::Code) if self.code.is_empty() => {}
            (Act::Next, Slot::Code) => self.go_on(fx),
            (Act::Other, Slot::Whom) => self.slot = Slot::Code,
            (Act::Other, Slot::Code) => self.slot = Slot::Whom,
        }
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.is_waiting = false;
        match msg {
            Msg::Asked(Ok(())) => {
                self.has_asked = true;
                self.slot = Slot::Code;
            }
            Msg::Asked(Err(stop)) => self.refusal = Some((Slot::Whom, say::sentence(&stop))),
            Msg::Read(Ok((handle, code))) => fx.replace(Password::with_code(handle, code)),
            Msg::Read(Err(stop)) if say::hangs_up(&stop) => {
                fx.hang_up(say::sentence(&stop) + "\n");
            }
            Msg::Read(Err(stop)) => self.refusal = Some((Slot::Code, say::sentence(&stop))),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        let x = MARGIN;
        let mut y = u16::from(canvas.height() > 12) * 2;
        let width = canvas.width().saturating_sub(2 * x);
        y += canvas.paragraph((x, y), width, self.text(), Token::Text) + 1;
        for (slot, label, field) in [
            (Slot::Whom, "who", &self.whom),
            (Slot::Code, "code", &self.code),
        ] {
            let refusal = self.refusal.as_ref().filter(|(under, _)| *under == slot);
            let refusal = refusal.map(|(_, sentence)| sentence.as_str());
            let focus = Focus::when(slot == self.slot && !self.is_waiting);
            y += field.draw_row(canvas, (x, y), (label, LABELS), focus, refusal);
        }
        if self.is_waiting {
            canvas.text(x, y + 1, "One moment…", Token::Dim);
        }
    }
}
