//! One line of text to type into. Its rules (what is a handle?) are the
//! screen's affair.

use unicode_segmentation::UnicodeSegmentation as _;

use super::{Focus, caret::Caret};
use crate::{
    term::{Key, glyph},
    tui::{Canvas, Handled, Token},
};

/// Whether what is typed can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Echo {
    Plain,
    Masked,
}

/// One line of text with a cursor.
#[derive(Clone)]
pub struct Field {
    caret: Caret,
    echo: Echo,
}

impl std::fmt::Debug for Field {
    // It may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Field").finish_non_exhaustive()
    }
}

impl Field {
    /// Makes an empty field for at most `max` scalars.
    pub const fn new(max: usize) -> Self {
        Self::make(max, Echo::Plain)
    }

    /// Makes an empty field that shows a star for everything typed.
    pub const fn masked(max: usize) -> Self {
        Self::make(max, Echo::Masked)
    }

    const fn make(max: usize, echo: Echo) -> Self {
        Self {
            caret: Caret::new(max),
            echo,
        }
    }

    /// Returns the field with a text in it and the cursor at its end.
    #[must_use]
    pub fn with(mut self, text: &str) -> Self {
        self.set(text);
        self
    }

    /// Returns what was typed.
    pub fn text(&self) -> &str {
        &self.caret.text
    }

    /// Whether nothing was typed.
    pub const fn is_empty(&self) -> bool {
        self.caret.text.is_empty()
    }

    /// Replaces the text; the cursor goes to its end.
    pub fn set(&mut self, text: &str) {
        self.clear();
        self.caret.insert(text, glyph::is_safe);
    }

    /// Empties the field.
    pub fn clear(&mut self) {
        self.caret.text.clear();
        self.caret.at = 0;
    }

    /// Returns what was typed and leaves the field empty.
    pub fn take(&mut self) -> String {
        self.caret.at = 0;
        std::mem::take(&mut self.caret.text)
    }

    /// Takes a key that types, edits or moves; no other.
    pub fn key(&mut self, key: Key) -> Handled {
        self.caret.key(key, |caret| 0..caret.text.len())
    }

    /// Takes pasted text; line ends become blanks.
    pub fn paste(&mut self, text: &str) {
        let text = text.trim_end_matches('\n').replace(['\n', '\t'], " ");
        self.caret.insert(&text, glyph::is_safe);
    }

    /// Draws the end of the text that holds the cursor into `width` columns.
    pub fn draw(&self, canvas: &mut Canvas<'_>, (x, y): (u16, u16), width: u16, focus: Focus) {
        // The last column is left for a cursor behind the text.
        let room = usize::from(width.saturating_sub(1).max(1));
        let shown = self.shown(self.text());
        let before = self.shown(self.caret.head());
        let mut hidden = 0;
        let mut columns = glyph::width(&before);
        if focus == Focus::Here {
            for (grapheme, wide) in glyph::graphemes(&before) {
                if columns <= room {
                    break;
                }
                columns -= usize::from(wide);
                hidden += grapheme.len();
            }
        }
        let visible = shown.get(hidden..).unwrap_or_default();
        let mut part = canvas.part(x, y, width, 1);
        part.text(0, 0, visible, Token::Text);
        if focus == Focus::Here {
            part.cursor(u16::try_from(columns).unwrap_or(width), 0);
        }
    }

    /// Draws a label, the field beside it and the refusal it met under it;
    /// returns the rows it took.
    pub fn draw_row(
        &self,
        canvas: &mut Canvas<'_>,
        (x, y): (u16, u16),
        (label, label_width): (&str, u16),
        focus: Focus,
        refusal: Option<&str>,
    ) -> u16 {
        draw_label(canvas, (x, y), label, focus);
        let at = x.saturating_add(label_width);
        let width = canvas.width().saturating_sub(at);
        self.draw(canvas, (at, y), width, focus);
        let Some(refusal) = refusal else { return 1 };
        canvas.text(at, y + 1, "✗ ", Token::Bad);
        1 + canvas.paragraph(
            (at + 2, y + 1),
            width.saturating_sub(2),
            refusal,
            Token::Bad,
        )
    }

    fn shown(&self, text: &str) -> String {
        match self.echo {
            Echo::Plain => text.to_owned(),
            Echo::Masked => "*".repeat(text.graphemes(true).count()),
        }
    }
}

/// Draws the label of a widget in a form, with the bar if it has the focus.
pub(super) fn draw_label(canvas: &mut Canvas<'_>, (x, y): (u16, u16), label: &str, focus: Focus) {
    match focus {
        Focus::Here => canvas.text(x, y, label, Token::Accent.bold()),
        Focus::Elsewhere => canvas.text(x, y, label, Token::Dim),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[Key]) -> (String, usize) {
        let mut field = Field::new(20).with("one two");
        for key in keys {
            field.key(*key);
        }
        (field.caret.text, field.caret.at)
    }

    #[test]
    fn keys_edit_where_the_cursor_stands() {
        for (keys, want) in [
            (&[Key::Char('x')][..], ("one twox", 8)),
            (&[Key::Home, Key::Char('x')], ("xone two", 1)),
            (&[Key::Left, Key::Backspace], ("one to", 5)),
            (&[Key::Home, Key::Delete, Key::Left], ("ne two", 0)),
            (&[Key::Left, Key::Ctrl('u')], ("o", 0)),
            (&[Key::Home, Key::Right, Key::Ctrl('k')], ("o", 1)),
            (&[Key::Ctrl('w')], ("one ", 4)),
            (&[Key::Ctrl('w'), Key::Ctrl('w')], ("", 0)),
            (&[Key::Right, Key::Delete], ("one two", 7)),
        ] {
            assert_eq!(typed(keys), (want.0.to_owned(), want.1), "{keys:?}");
        }
    }

    #[test]
    fn the_cursor_never_stands_inside_a_grapheme() {
        let mut field = Field::new(20);
        field.set("e\u{301}日");
        field.key(Key::Left);
        field.key(Key::Left);
        assert_eq!(field.caret.at, 0);
        field.key(Key::Delete);
        assert_eq!(field.text(), "日");
        field.key(Key::Char('o'));
        field.key(Key::Char('\u{308}'));
        field.key(Key::Backspace);
        assert_eq!(field.text(), "日");
    }

    #[test]
    fn a_field_takes_no_more_than_it_may_and_nothing_unseen() {
        let mut field = Field::new(5);
        field.paste("a\u{1b}b\u{202e}\nc\n");
        assert_eq!(field.text(), "ab c");
        field.paste("defgh");
        assert_eq!(field.text(), "ab cd");
        assert_eq!(field.take(), "ab cd");
        assert!(field.is_empty());
    }
}
