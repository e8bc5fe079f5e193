//! Small dialogs: a question with its consequence, and one line to be typed.
//! They answer the layer that opened them and close.

use super::{Field, Focus};
use crate::{
    term::Key,
    tui::{Bind, Canvas, Effects, Handled, Reply, Screen, Shape, Token, View, wrap},
};

/// Columns inside a card.
const WIDTH: u16 = 46;

/// What the keys of a card do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Does what the card asks about.
    Yes,
    /// Leaves everything as it is.
    No,
}

/// What a card says and how its two keys are called.
#[derive(Debug)]
struct Words {
    title: String,
    text: String,
    yes: String,
    no: String,
}

impl Words {
    fn word(&self, action: Act) -> String {
        match action {
            Act::Yes => self.yes.clone(),
            Act::No => self.no.clone(),
        }
    }

    fn shape(&self, view: &View<'_>, more: u16) -> Shape {
        let width = WIDTH.min(view.size.width.saturating_sub(6));
        let rows = wrap::wrap(&self.text, width).len();
        Shape::Card {
            width,
            height: u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(more),
            title: self.title.clone(),
        }
    }
}

/// A question that names its consequence.
#[derive(Debug)]
pub struct Confirm {
    words: Words,
    reply: Reply<()>,
}

impl Confirm {
    /// Asks; `yes` and `no` are the words for the two keys, such as `reject`
    /// and `keep`. Only a yes answers.
    pub fn new(title: &str, text: &str, yes: &str, no: &str, reply: Reply<()>) -> Self {
        Self {
            words: Words {
                title: title.to_owned(),
                text: text.to_owned(),
                yes: yes.to_owned(),
                no: no.to_owned(),
            },
            reply,
        }
    }
}

impl Screen for Confirm {
    type Action = Act;
    type Msg = ();
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter, Key::Char('y')],
            "⏎",
            "yes",
            Act::Yes,
            "Does it.",
        ),
        Bind::new(
            &[Key::Esc, Key::Char('n'), Key::Char('q')],
            "Esc",
            "no",
            Act::No,
            "Leaves everything as it is.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        self.words.title.clone()
    }

    fn shape(&self, view: &View<'_>) -> Shape {
        self.words.shape(view, 0)
    }

    fn word(&self, action: Act) -> Option<String> {
        Some(self.words.word(action))
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, ()>) {
        if action == Act::Yes {
            fx.answer(&self.reply, ());
        }
        fx.pop();
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        let width = canvas.width();
        canvas.paragraph((0, 0), width, &self.words.text, Token::Text);
    }
}

/// A card with one line to be typed.
#[derive(Debug)]
pub struct Prompt {
    words: Words,
    label: String,
    field: Field,
    reply: Reply<String>,
}

impl Prompt {
    /// Asks for a line; `yes` and `no` are the words for the two keys. Only a
    /// yes answers, with what was typed, trimmed.
    pub fn new(
        title: &str,
        text: &str,
        (label, field): (&str, Field),
        (yes, no): (&str, &str),
        reply: Reply<String>,
    ) -> Self {
        Self {
            words: Words {
                title: title.to_owned(),
                text: text.to_owned(),
                yes: yes.to_owned(),
                no: no.to_owned(),
            },
            label: label.to_owned(),
            field,
            reply,
        }
    }
}

impl Screen for Prompt {
    type Action = Act;
    type Msg = ();
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(&[Key::Enter], "⏎", "yes", Act::Yes, "Takes what is typed."),
        Bind::new(
            &[Key::Esc],
            "Esc",
            "no",
            Act::No,
            "Leaves everything as it is.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        self.words.title.clone()
    }

    fn shape(&self, view: &View<'_>) -> Shape {
        self.words.shape(view, 2)
    }

    fn word(&self, action: Act) -> Option<String> {
        Some(self.words.word(action))
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

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, ()>) {
        if action == Act::Yes {
            fx.answer(&self.reply, self.field.text().trim().to_owned());
        }
        fx.pop();
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        let width = canvas.width();
        let rows = canvas.paragraph((0, 0), width, &self.words.text, Token::Text);
        let columns = u16::try_from(crate::term::glyph::width(&self.label)).unwrap_or(0);
        let label = (self.label.as_str(), columns + 2);
        self.field
            .draw_row(canvas, (0, rows + 1), label, Focus::Here, None);
    }
}
