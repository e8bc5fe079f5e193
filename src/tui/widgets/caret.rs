//! Text with a place in it: what the one-line field and the editor share.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::{
    term::{Key, glyph},
    tui::Handled,
};

/// Text with a place in it.
#[derive(Clone, Default)]
pub(super) struct Caret {
    pub(super) text: String,
    /// A byte position in `text`, always between graphemes.
    pub(super) at: usize,
    /// The most scalars it takes.
    max: usize,
}

impl Caret {
    pub(super) const fn new(max: usize) -> Self {
        Self {
            text: String::new(),
            at: 0,
            max,
        }
    }

    /// Returns how many more scalars it takes.
    pub(super) fn left(&self) -> usize {
        self.max.saturating_sub(self.text.chars().count())
    }

    /// Returns the text before the place.
    pub(super) fn head(&self) -> &str {
        self.text.get(..self.at).unwrap_or_default()
    }

    /// Inserts what `may` stand here of a text, as far as there is room.
    pub(super) fn insert(&mut self, text: &str, may: impl Fn(char) -> bool) {
        let left = self.left();
        let text: String = text.chars().filter(|c| may(*c)).take(left).collect();
        self.text.insert_str(self.at, &text);
        let end = self.at + text.len();
        // A mark typed after a letter joins it.
        self.at = self.start(|start| start >= end);
    }

    /// Takes a key that works on graphemes and words; `row` is what Ctrl-U,
    /// Ctrl-K, Home and End go by.
    pub(super) fn key(
        &mut self,
        key: Key,
        row: impl Fn(&Self) -> std::ops::Range<usize>,
    ) -> Handled {
        match key {
            Key::Char(c) => self.insert(c.encode_utf8(&mut [0; 4]), glyph::is_safe),
            Key::Left => self.at = self.before(),
            Key::Right => self.at = self.after(),
            Key::Home | Key::Ctrl('a') => self.at = row(self).start,
            Key::End | Key::Ctrl('e') => self.at = row(self).end,
            Key::Backspace => self.remove(self.before(), self.at),
            Key::Delete | Key::Ctrl('d') => self.remove(self.at, self.after()),
            Key::Ctrl('u') => self.remove(row(self).start, self.at),
            Key::Ctrl('k') => self.remove(self.at, row(self).end),
            Key::Ctrl('w') => self.remove(self.word_start(), self.at),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn remove(&mut self, from: usize, to: usize) {
        if from < to {
            self.text.replace_range(from..to, "");
            self.at = from;
        }
    }

    fn before(&self) -> usize {
        let last = self.head().grapheme_indices(true).next_back();
        last.map_or(0, |(start, _)| start)
    }

    fn after(&self) -> usize {
        self.start(|start| start > self.at)
    }

    /// Returns the first place between graphemes that is sought, or the end.
    fn start(&self, is_sought: impl Fn(usize) -> bool) -> usize {
        let mut starts = self.text.grapheme_indices(true).map(|(start, _)| start);
        starts
            .find(|start| is_sought(*start))
            .unwrap_or(self.text.len())
    }

    fn word_start(&self) -> usize {
        let word = self.head().trim_end();
        let blank = word.char_indices().rfind(|(_, c)| c.is_whitespace());
        blank.map_or(0, |(at, c)| at + c.len_utf8())
    }
}
