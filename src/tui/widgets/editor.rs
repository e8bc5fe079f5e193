//! Several lines of text to type into, wrapped softly. Which key is done with
//! it is the screen's affair.
//!
//! ratatui-textarea does much more (undo, search, selections) and does not
//! wrap; this does what a letter or a request needs.

use std::{cell::Cell, ops::Range};

use unicode_segmentation::UnicodeSegmentation as _;

use super::{Focus, caret::Caret};
use crate::{
    term::{Key, glyph},
    tui::{Canvas, Handled, Token},
};

/// Several lines of text with a cursor.
#[derive(Clone)]
pub struct Editor {
    caret: Caret,
    /// Columns of the last drawing, which Up and Down go by. The only thing
    /// that a draw leaves behind.
    columns: Cell<u16>,
}

impl std::fmt::Debug for Editor {
    // It may hold what is nobody else's affair.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Editor").finish_non_exhaustive()
    }
}

impl Editor {
    /// Makes an empty editor for at most `max` scalars.
    pub const fn new(max: usize) -> Self {
        Self {
            caret: Caret::new(max),
            columns: Cell::new(72),
        }
    }

    /// Returns the editor with a text in it and the cursor at its end.
    #[must_use]
    pub fn with(mut self, text: &str) -> Self {
        self.insert(text);
        self
    }

    /// Returns what was typed.
    pub fn text(&self) -> &str {
        &self.caret.text
    }

    /// Returns how many more scalars it takes.
    pub fn left(&self) -> usize {
        self.caret.left()
    }

    /// Takes a key that types, edits or moves; no other.
    pub fn key(&mut self, key: Key) -> Handled {
        match key {
            Key::Enter => self.insert("\n"),
            Key::Up => self.climb(-1),
            Key::Down => self.climb(1),
            Key::PageUp => self.climb(-10),
            Key::PageDown => self.climb(10),
            _ => {
                let row = self.row();
                return self.caret.key(key, |_| row.clone());
            }
        }
        Handled::Yes
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        self.insert(&text.replace('\t', "    "));
    }

    /// Draws the part with the cursor over the whole canvas.
    pub fn draw(&self, canvas: &mut Canvas<'_>, focus: Focus) {
        self.columns.set(canvas.width());
        let rows = self.rows();
        let at = self.row_of(&rows);
        let height = usize::from(canvas.height()).max(1);
        let first = (at + 1).saturating_sub(height);
        for (y, row) in (0..canvas.height()).zip(rows.iter().skip(first)) {
            let line = self.part(row.clone());
            canvas.text(0, y, line, Token::Text);
        }
        if focus == Focus::Here
            && let (Some(row), Ok(y)) = (rows.get(at), u16::try_from(at - first))
        {
            let x = glyph::width(self.part(row.start..self.caret.at));
            let last = canvas.width().saturating_sub(1);
            canvas.cursor(u16::try_from(x).unwrap_or(last).min(last), y);
        }
    }

    fn insert(&mut self, text: &str) {
        self.caret.insert(text, |c| c == '\n' || glyph::is_safe(c));
    }

    /// Returns the text of a row, or of part of one.
    fn part(&self, range: Range<usize>) -> &str {
        self.caret.text.get(range).unwrap_or_default()
    }

    /// Returns the rows as they are drawn, without their line feeds. A row
    /// that was wrapped begins where the last one ends.
    fn rows(&self) -> Vec<Range<usize>> {
        let width = usize::from(self.columns.get().max(2)) - 1;
        let mut rows = Vec::new();
        let mut line_start = 0;
        for line in self.caret.text.split('\n') {
            let mut start = 0;
            let mut columns = 0;
            let mut blank = None;
            for (at, grapheme) in line.grapheme_indices(true) {
                columns += glyph::width(grapheme);
                if columns > width {
                    let end = blank.take().unwrap_or(at).max(start);
                    rows.push(line_start + start..line_start + end);
                    start = end;
                    columns =
                        glyph::width(line.get(start..at + grapheme.len()).unwrap_or_default());
                }
                if grapheme == " " {
                    blank = Some(at + 1);
                }
            }
            rows.push(line_start + start..line_start + line.len());
            line_start += line.len() + 1;
        }
        rows
    }

    /// Returns which row the cursor stands in: the later one where two meet.
    fn row_of(&self, rows: &[Range<usize>]) -> usize {
        rows.iter()
            .rposition(|row| row.start <= self.caret.at)
            .unwrap_or(0)
    }

    /// Returns the row the cursor stands in, as far as it can go there.
    fn row(&self) -> Range<usize> {
        let rows = self.rows();
        let at = self.row_of(&rows);
        let start = rows.get(at).map_or(0, |row| row.start);
        start..self.end(&rows, at)
    }

    /// Returns the last place in a row. Behind the last grapheme of a wrapped
    /// one begins the next.
    fn end(&self, rows: &[Range<usize>], at: usize) -> usize {
        let Some(row) = rows.get(at) else { return 0 };
        let goes_on = rows.get(at + 1).is_some_and(|next| next.start == row.end);
        let last = self.part(row.clone()).grapheme_indices(true).next_back();
        match last {
            Some((last, _)) if goes_on => row.start + last,
            _ => row.end,
        }
    }

    /// Moves up or down by rows, staying in the column as far as there is one.
    fn climb(&mut self, by: isize) {
        let rows = self.rows();
        let at = self.row_of(&rows);
        let target = at
            .saturating_add_signed(by)
            .min(rows.len().saturating_sub(1));
        let (Some(from), Some(to)) = (rows.get(at), rows.get(target)) else {
            return;
        };
        let column = glyph::width(self.part(from.start..self.caret.at));
        let line = self.part(to.clone());
        let mut used = 0;
        let offset = line.grapheme_indices(true).find(|(_, grapheme)| {
            let here = used;
            used += glyph::width(grapheme);
            here >= column
        });
        let end = self.end(&rows, target);
        self.caret.at = offset.map_or(end, |(offset, _)| (to.start + offset).min(end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn editor(text: &str, width: u16) -> Editor {
        let editor = Editor::new(1_000).with(text);
        editor.columns.set(width);
        editor
    }

    fn rows(text: &str, width: u16) -> Vec<String> {
        let editor = editor(text, width);
        let row = |range: &Range<usize>| editor.part(range.clone()).to_owned();
        editor.rows().iter().map(row).collect()
    }

    #[test]
    fn text_is_wrapped_after_blanks_and_keeps_every_character() {
        assert_eq!(rows("one two three", 9), ["one two ", "three"]);
        assert_eq!(rows("abcdefgh", 4), ["abc", "def", "gh"]);
        assert_eq!(rows("a\n\nb\n", 9), ["a", "", "b", ""]);
        assert_eq!(rows("", 9), [""]);
        for width in 2..12 {
            let text = "日本 a e\u{301}e longer-than-that  x";
            assert_eq!(rows(text, width).concat(), text, "{width}");
        }
    }

    #[test]
    fn up_and_down_go_by_the_rows_that_are_seen() {
        let mut editor = editor("one two three\nx", 9);
        editor.key(Key::Up);
        assert_eq!(editor.caret.at, 9, "one column into `three`");
        editor.key(Key::Up);
        assert_eq!(editor.caret.at, 1);
        editor.key(Key::End);
        assert_eq!(editor.caret.at, 7);
        editor.key(Key::Down);
        assert_eq!(editor.caret.at, 13, "the row is shorter");
        editor.key(Key::Down);
        editor.key(Key::Down);
        assert_eq!(editor.caret.at, 15);
        assert_eq!(editor.row_of(&editor.rows()), 2);
    }

    #[test]
    fn keys_edit_where_the_cursor_stands_and_not_beyond_the_bound() {
        let mut editor = Editor::new(6).with("ab\ncd");
        editor.key(Key::Home);
        editor.key(Key::Backspace);
        assert_eq!(editor.text(), "abcd");
        editor.key(Key::Enter);
        editor.paste("xyz");
        assert_eq!(editor.text(), "ab\nxcd");
        assert_eq!(editor.left(), 0);
        editor.key(Key::Ctrl('w'));
        editor.key(Key::Ctrl('k'));
        assert_eq!(editor.text(), "ab\n");
    }
}
