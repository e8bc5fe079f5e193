//! The help: made from the keys that act on the screen beneath it, so that it
//! cannot say anything else.

use super::{
    Align, Bind, Canvas, Effects, Handled, Screen, Shape, Token, View, chrome, layer::Layer, wrap,
};
use crate::term::Key;

/// Columns for the names of keys.
const LABELS: u16 = 12;

/// The keys of another screen, and what they do.
pub(super) struct Help {
    title: String,
    lines: Vec<(String, String)>,
    /// The first line that is shown.
    first: usize,
}

impl Help {
    /// Makes the help of a layer.
    pub(super) fn of(layer: &Layer, view: &View<'_>) -> Self {
        let screen = layer.screen();
        let charset = view.look.charset;
        let line = |label: &str, help: &str| (chrome::label(label, charset), help.to_owned());
        let mut lines: Vec<_> = screen
            .shown(view)
            .iter()
            .map(|key| line(key.label, key.help))
            .collect();
        let binds = |key: Key| {
            screen
                .shown(view)
                .iter()
                .any(|bind| bind.keys.contains(&key))
        };
        if screen.has_list() {
            lines.push(line("j k ↑ ↓", "Down and up in the list."));
            lines.push(line("PgUp PgDn", "A page up or down."));
            lines.push(line("g G", "To the first and the last (Home, End)."));
        }
        if !binds(Key::Esc) {
            lines.push(line("Esc", "One level back."));
        }
        lines.push(line("^L", "Draws the screen again."));
        lines.push(line("^C", "Leaves, after a question."));
        Self {
            title: format!("Help: {}", screen.path(view)),
            lines,
            first: 0,
        }
    }
}

/// What the keys of the help do.
#[derive(Clone, Copy)]
pub(super) enum Act {
    Close,
}

impl Screen for Help {
    type Action = Act;
    type Msg = ();
    const KEYS: &'static [Bind<Act>] = &[Bind::new(
        &[
            Key::Esc,
            Key::Enter,
            Key::Char('q'),
            Key::Char('?'),
            Key::F(1),
        ],
        "Esc",
        "close",
        Act::Close,
        "Closes the help.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        self.title.clone()
    }

    fn shape(&self, view: &View<'_>) -> Shape {
        let width = view.size.width.saturating_sub(6).min(64);
        let text = width.saturating_sub(LABELS);
        let rows: usize = self
            .lines
            .iter()
            .map(|(_, help)| wrap::wrap(help, text).len())
            .sum();
        Shape::Card {
            width,
            height: u16::try_from(rows).unwrap_or(u16::MAX),
            title: self.title.clone(),
        }
    }

    fn act(&mut self, Act::Close: Act, _view: &View<'_>, fx: &mut Effects<'_, ()>) {
        fx.pop();
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, ()>) -> Handled {
        let last = self.lines.len().saturating_sub(1);
        self.first = match key {
            Key::Down | Key::Char('j') => (self.first + 1).min(last),
            Key::Up | Key::Char('k') => self.first.saturating_sub(1),
            _ => return Handled::No,
        };
        Handled::Yes
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        let mut y = 0;
        let width = canvas.width();
        for (label, help) in self.lines.iter().skip(self.first) {
            canvas.field((0, y), LABELS - 1, Align::Left, label, Token::Accent);
            y += canvas.paragraph((LABELS, y), width, help, Token::Text);
        }
    }
}
