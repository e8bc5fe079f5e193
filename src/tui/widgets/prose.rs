//! Paragraphs one under the other, and a place in them when they are longer
//! than the screen. What they say is the screen's affair.

use std::cell::Cell;

use crate::{
    term::Key,
    tui::{Canvas, Handled, Ink, Token, wrap},
};

/// Columns before a paragraph, as everywhere.
const MARGIN: u16 = 3;

/// Lines, wrapped to a width.
#[derive(Debug)]
pub struct Prose {
    width: u16,
    lines: Vec<Vec<(u16, String, Ink)>>,
}

impl Prose {
    /// Begins a text for a canvas that many columns wide.
    pub const fn new(width: u16) -> Self {
        Self {
            width,
            lines: Vec::new(),
        }
    }

    /// Leaves a line free.
    #[must_use]
    pub fn gap(mut self) -> Self {
        self.lines.push(Vec::new());
        self
    }

    /// Says a paragraph.
    #[must_use]
    pub fn say(mut self, text: &str, ink: impl Into<Ink>) -> Self {
        let ink = ink.into();
        for line in self.wrapped(text, MARGIN) {
            self.lines.push(vec![(MARGIN, line, ink)]);
        }
        self
    }

    /// Shows what somebody wrote, with a bar before it.
    #[must_use]
    pub fn quote(mut self, text: &str) -> Self {
        for line in self.wrapped(text, MARGIN + 2) {
            self.lines.push(vec![
                (MARGIN, "│".to_owned(), Token::Rule.into()),
                (MARGIN + 2, line, Token::Text.into()),
            ]);
        }
        self
    }

    /// Shows an entry of a menu: its key, its name, and a value from a column on.
    #[must_use]
    pub fn entry(mut self, key: &str, name: &str, column: u16, value: &str) -> Self {
        let mut head = vec![
            (MARGIN, key.to_owned(), Token::Accent.bold()),
            (MARGIN + 3, name.to_owned(), Token::Text.into()),
        ];
        for line in self.wrapped(value, MARGIN + column) {
            head.push((MARGIN + column, line, Token::Dim.into()));
            self.lines.push(std::mem::take(&mut head));
        }
        self
    }

    /// Shows what a key does from a column on, with the key before it.
    #[must_use]
    pub fn key(mut self, key: &str, column: u16, help: &str) -> Self {
        let mut head = vec![(MARGIN, key.to_owned(), Token::Accent.into())];
        for line in self.wrapped(help, MARGIN + column) {
            head.push((MARGIN + column, line, Token::Text.into()));
            self.lines.push(std::mem::take(&mut head));
        }
        self
    }

    /// Shows a value from a column on, with a label before it.
    #[must_use]
    pub fn row(self, label: &str, column: u16, value: &str) -> Self {
        self.fact(label, column, value, Token::Text)
    }

    /// Shows a value of some meaning from a column on, with a label before it.
    #[must_use]
    pub fn fact(mut self, label: &str, column: u16, value: &str, ink: impl Into<Ink>) -> Self {
        let ink = ink.into();
        let mut head = vec![(MARGIN, label.to_owned(), Token::Dim.into())];
        for line in self.wrapped(value, MARGIN + column) {
            head.push((MARGIN + column, line, ink));
            self.lines.push(std::mem::take(&mut head));
        }
        self
    }

    /// Returns the rows it takes.
    pub fn height(&self) -> u16 {
        u16::try_from(self.lines.len()).unwrap_or(u16::MAX)
    }

    /// Draws the beginning of it over the whole canvas.
    pub fn draw(&self, canvas: &mut Canvas<'_>) {
        self.draw_from(0, canvas);
    }

    fn draw_from(&self, first: usize, canvas: &mut Canvas<'_>) {
        for (y, line) in (0..canvas.height()).zip(self.lines.iter().skip(first)) {
            for (x, text, ink) in line {
                canvas.text(*x, y, text, *ink);
            }
        }
    }

    fn wrapped(&self, text: &str, before: u16) -> Vec<String> {
        wrap::wrap(text, self.width.saturating_sub(before + 1))
    }
}

/// A place in a text, for whoever reads it.
#[derive(Debug, Default)]
pub struct Scroll {
    first: usize,
    /// Rows of the last drawing, and lines it had: what the keys go by. The
    /// only things that a draw leaves behind.
    rows: Cell<usize>,
    lines: Cell<usize>,
}

impl Scroll {
    /// Takes the keys that move in a text.
    pub fn key(&mut self, key: Key) -> Handled {
        let page = self.rows.get().max(1);
        let last = self.last();
        let first = self.first.min(last);
        self.first = match key {
            Key::Up | Key::Char('k') => first.saturating_sub(1),
            Key::Down | Key::Char('j') => first + 1,
            Key::PageUp => first.saturating_sub(page),
            Key::PageDown | Key::Char(' ') => first + page,
            Key::Home | Key::Char('g') => 0,
            Key::End | Key::Char('G') => last,
            _ => return Handled::No,
        }
        .min(last);
        Handled::Yes
    }

    /// Goes to the end, however long the text is when it is drawn.
    pub const fn to_end(&mut self) {
        self.first = usize::MAX;
    }

    /// Draws the text from its place on over the whole canvas. Where there is
    /// more above or below, an arrow at the edge says so.
    pub fn draw(&self, canvas: &mut Canvas<'_>, prose: &Prose) {
        self.rows.set(canvas.height().into());
        self.lines.set(prose.lines.len());
        let first = self.first.min(self.last());
        prose.draw_from(first, canvas);
        if first > 0 {
            canvas.text(1, 0, "↑", Token::Accent);
        }
        if first < self.last() {
            canvas.text(1, canvas.height().saturating_sub(1), "↓", Token::Accent);
        }
    }

    /// Returns the last line that may stand at the top.
    fn last(&self) -> usize {
        self.lines.get().saturating_sub(self.rows.get())
    }
}
