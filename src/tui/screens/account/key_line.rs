//! The line that adds the key of another device: shown once, on a card.

use crate::{
    domain::secret::Secret,
    term::Key,
    tui::{Bind, Canvas, Effects, Screen, Shape, Token, View, wrap},
};

const TEXT: &str = "On the other device, within ten minutes, type this line. Its key is added \
                    to your account, and it is logged in. The line works once and is not shown \
                    again.";

/// A line for another device.
#[derive(Debug)]
pub(super) struct KeyLine {
    line: Secret<String>,
}

impl KeyLine {
    /// Makes the card.
    pub(super) const fn new(line: Secret<String>) -> Self {
        Self { line }
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    Close,
}

impl Screen for KeyLine {
    type Action = Act;
    type Msg = ();
    const KEYS: &'static [Bind<Act>] = &[Bind::new(
        &[Key::Esc, Key::Char('q')],
        "Esc",
        "done",
        Act::Close,
        "Closes the card; the line is not shown again.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        "Account ▸ Keys ▸ Another device".to_owned()
    }

    fn shape(&self, view: &View<'_>) -> Shape {
        let width = view.size.width.saturating_sub(6).min(72);
        let rows = wrap::wrap(TEXT, width).len() + 1 + wrap::wrap(self.line.expose(), width).len();
        Shape::Card {
            width,
            height: u16::try_from(rows).unwrap_or(u16::MAX),
            title: "A key from another device".to_owned(),
        }
    }

    fn act(&mut self, Act::Close: Act, _view: &View<'_>, fx: &mut Effects<'_, ()>) {
        fx.pop();
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        let width = canvas.width();
        let rows = canvas.paragraph((0, 0), width, TEXT, Token::Text);
        let line = self.line.expose();
        canvas.paragraph((0, rows + 1), width, line, Token::Accent.bold());
    }
}
