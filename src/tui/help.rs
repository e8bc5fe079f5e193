//! The help: made from the keys that act on the screen beneath it, so that it
//! cannot say anything else.

use super::{
    Bind, Canvas, Effects, Handled, Hint, Screen, Shape, View, chrome,
    layer::Layer,
    widgets::{Prose, Scroll},
};
use crate::term::Key;

/// Columns for the names of keys.
const LABELS: u16 = 12;
/// Columns of the whole.
const WIDTH: u16 = 68;

/// The keys of another screen, and what they do.
pub(super) struct Help {
    title: String,
    lines: Vec<(String, String)>,
    scroll: Scroll,
}

impl Help {
    /// Makes the help of a layer that lies on `depth - 1` others.
    pub(super) fn of(layer: &Layer, depth: usize, view: &View<'_>) -> Self {
        let screen = layer.screen();
        let charset = view.look.charset;
        let line = |label: &str, help: &str| (chrome::label(label, charset), help.to_owned());
        let shown = screen.shown(view);
        let mut lines: Vec<_> = shown.iter().map(|key| line(key.label, key.help)).collect();
        let hints = screen.hints().iter();
        lines.extend(hints.map(|hint: &Hint| line(hint.label, hint.help)));
        if screen.has_list() {
            lines.push(line("j k ↑ ↓", "Down and up in the list."));
            lines.push(line("PgUp PgDn", "A page up or down."));
            lines.push(line("g G", "To the first and the last (Home, End)."));
        }
        let binds = |key: Key| shown.iter().any(|bind| bind.keys.contains(&key));
        let takes_q = !screen.typing() && !binds(Key::Char('q'));
        match (depth > 1 && !binds(Key::Esc), takes_q) {
            (true, true) => lines.push(line("q Esc", "One level back.")),
            (true, false) => lines.push(line("Esc", "One level back.")),
            (false, true) if depth == 1 => lines.push(line("q", "Leaves, after a question.")),
            (false, _) => {}
        }
        lines.push(line("^L", "Draws the screen again."));
        lines.push(line("^C", "Leaves, after a question."));
        Self {
            title: format!("Help: {}", screen.path(view)),
            lines,
            scroll: Scroll::default(),
        }
    }

    fn prose(&self, width: u16) -> Prose {
        let prose = Prose::new(width);
        self.lines
            .iter()
            .fold(prose, |prose, (key, help)| prose.key(key, LABELS, help))
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
        let width = view.size.width.saturating_sub(6).min(WIDTH);
        Shape::Card {
            width,
            height: self.prose(width).height(),
            title: self.title.clone(),
        }
    }

    fn act(&mut self, Act::Close: Act, _view: &View<'_>, fx: &mut Effects<'_, ()>) {
        fx.pop();
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, ()>) -> Handled {
        self.scroll.key(key)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        self.scroll.draw(canvas, &self.prose(canvas.width()));
    }
}
