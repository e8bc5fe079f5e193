//! A place to draw on: part of a buffer, in its own coordinates. Everything is
//! cut at its edges and cleaned; nothing here can draw outside or escape.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use super::{Look, Token, wrap};
use crate::term::glyph;

/// A token, perhaps in bold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink {
    token: Token,
    is_bold: bool,
}

impl From<Token> for Ink {
    fn from(token: Token) -> Self {
        Self {
            token,
            is_bold: false,
        }
    }
}

impl Token {
    /// Returns this token in bold.
    pub const fn bold(self) -> Ink {
        Ink {
            token: self,
            is_bold: true,
        }
    }
}

/// Where text stands in its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    Left,
    /// In the middle.
    Centre,
    /// At the right, as numbers do.
    Right,
}

/// A place to draw on.
#[derive(Debug)]
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    area: Rect,
    look: Look,
    cursor: &'a mut Option<Position>,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(
        buffer: &'a mut Buffer,
        area: Rect,
        look: Look,
        cursor: &'a mut Option<Position>,
    ) -> Self {
        let area = area.intersection(buffer.area);
        Self {
            buffer,
            area,
            look,
            cursor,
        }
    }

    /// Returns its columns.
    pub const fn width(&self) -> u16 {
        self.area.width
    }

    /// Returns its rows.
    pub const fn height(&self) -> u16 {
        self.area.height
    }

    /// Returns the colours and characters.
    pub const fn look(&self) -> Look {
        self.look
    }

    /// Returns part of it as a canvas of its own; what lies outside is cut.
    pub fn part(&mut self, x: u16, y: u16, width: u16, height: u16) -> Canvas<'_> {
        let x = self.area.x.saturating_add(x);
        let y = self.area.y.saturating_add(y);
        let area = Rect::new(x, y, width, height).intersection(self.area);
        Canvas {
            buffer: self.buffer,
            area,
            look: self.look,
            cursor: self.cursor,
        }
    }

    /// Returns the buffer and this canvas's area in it, for ratatui's widgets.
    pub const fn buffer(&mut self) -> (&mut Buffer, Rect) {
        (self.buffer, self.area)
    }

    /// Writes one line from column `x`, cut at the edge; returns the column
    /// after it.
    pub fn text(&mut self, x: u16, y: u16, text: &str, ink: impl Into<Ink>) -> u16 {
        let width = self.area.width.saturating_sub(x);
        self.put(x, y, width, text, self.style(ink.into()))
    }

    /// Writes spans one after the other; returns the column after the last.
    pub fn line(&mut self, x: u16, y: u16, spans: &[(&str, Ink)]) -> u16 {
        spans
            .iter()
            .fold(x, |x, (text, ink)| self.text(x, y, text, *ink))
    }

    /// Writes one line into `width` columns from `x`, cut with `…`.
    pub fn field(
        &mut self,
        (x, y): (u16, u16),
        width: u16,
        align: Align,
        text: &str,
        ink: impl Into<Ink>,
    ) {
        let width = width.min(self.area.width.saturating_sub(x));
        let text = wrap::cut(text, width, self.look.charset);
        let used = u16::try_from(glyph::width(&text)).unwrap_or(width);
        let free = width.saturating_sub(used);
        let shift = match align {
            Align::Left => 0,
            Align::Centre => free / 2,
            Align::Right => free,
        };
        let style = self.style(ink.into());
        self.put(x + shift, y, width, &text, style);
    }

    /// Writes text wrapped to `width` columns; returns the rows it took.
    pub fn paragraph(
        &mut self,
        (x, y): (u16, u16),
        width: u16,
        text: &str,
        ink: impl Into<Ink>,
    ) -> u16 {
        let ink = ink.into();
        let width = width.min(self.area.width.saturating_sub(x));
        let mut rows = 0;
        for line in wrap::wrap(text, width) {
            self.text(x, y.saturating_add(rows), &line, ink);
            rows = rows.saturating_add(1);
        }
        rows
    }

    /// Writes a label in dim and its value at column `x + label_width`; returns
    /// the rows the value took.
    pub fn row(&mut self, (x, y): (u16, u16), label_width: u16, label: &str, value: &str) -> u16 {
        self.field(
            (x, y),
            label_width.saturating_sub(1),
            Align::Left,
            label,
            Token::Dim,
        );
        let x = x.saturating_add(label_width);
        let width = self.area.width.saturating_sub(x);
        self.paragraph((x, y), width, value, Token::Text)
    }

    /// Draws a line over the whole width.
    pub fn rule(&mut self, y: u16) {
        let rule = "─".repeat(usize::from(self.area.width));
        self.text(0, y, &rule, Token::Rule);
    }

    /// Asks for the cursor to stand here.
    pub fn cursor(&mut self, x: u16, y: u16) {
        if x < self.area.width && y < self.area.height {
            *self.cursor = Some(Position::new(self.area.x + x, self.area.y + y));
        }
    }

    /// Empties it.
    pub fn clear(&mut self) {
        for y in self.area.top()..self.area.bottom() {
            self.part_from_left(self.area.x, y);
        }
        for position in self.area.positions() {
            if let Some(cell) = self.buffer.cell_mut(position) {
                cell.reset();
            }
        }
    }

    fn style(&self, ink: Ink) -> Style {
        if ink.is_bold {
            self.look.bold(ink.token)
        } else {
            self.look.style(ink.token)
        }
    }

    fn put(&mut self, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
        if y >= self.area.height || x >= self.area.width {
            return x;
        }
        let end = x.saturating_add(width).min(self.area.width);
        self.part_from_left(self.area.x + x, self.area.y + y);
        let mut at = x;
        for (grapheme, columns) in glyph::graphemes(&glyph::clean(text)) {
            if at + columns > end {
                break;
            }
            for (offset, symbol) in [grapheme, " "].into_iter().take(columns.into()).enumerate() {
                let column = self.area.x + at + u16::from(offset > 0);
                if let Some(cell) = self.buffer.cell_mut((column, self.area.y + y)) {
                    cell.reset();
                    cell.set_symbol(symbol).set_style(style);
                }
            }
            at += columns;
        }
        at
    }

    /// Blanks a wide character whose right half is about to be drawn over: it
    /// would hide what comes there.
    fn part_from_left(&mut self, x: u16, y: u16) {
        let left = x.checked_sub(1).and_then(|x| self.buffer.cell_mut((x, y)));
        if let Some(cell) = left
            && glyph::width(cell.symbol()) == 2
        {
            cell.set_symbol(" ");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        term::{Charset, Depth},
        tui::Theme,
    };

    fn drawn(draw: impl FnOnce(&mut Canvas<'_>)) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 1));
        let look = Look {
            theme: Theme::Night,
            depth: Depth::None,
            charset: Charset::Utf8,
        };
        let mut cursor = None;
        let area = buffer.area;
        draw(&mut Canvas::new(&mut buffer, area, look, &mut cursor));
        buffer
            .content
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect()
    }

    #[test]
    fn text_is_cut_at_the_edge_and_never_through_a_character() {
        let text = drawn(|canvas| {
            canvas.part(2, 0, 4, 9).text(1, 0, "a日本", Token::Text);
        });
        assert_eq!(text, "   a日     ");
        assert_eq!(
            drawn(|c| {
                c.text(9, 7, "x", Token::Text);
            }),
            " ".repeat(10)
        );
    }

    #[test]
    fn half_a_wide_character_never_hides_what_is_drawn_over_the_other() {
        let text = drawn(|canvas| {
            canvas.text(0, 0, "日本日本", Token::Text);
            canvas.part(3, 0, 2, 1).clear();
            canvas.text(3, 0, "x", Token::Text);
        });
        assert!(text.starts_with("日  x"), "{text:?}");
    }

    #[test]
    fn numbers_stand_at_the_right() {
        let text = drawn(|c| c.field((2, 0), 6, Align::Right, "42", Token::Text));
        assert_eq!(text, "      42  ");
        let text = drawn(|c| c.field((2, 0), 4, Align::Centre, "waiting", Token::Text));
        assert_eq!(text, "  wai…    ");
    }
}
