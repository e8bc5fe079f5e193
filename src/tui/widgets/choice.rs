//! One of a few, picked in place with the arrows or the space bar.

use super::{Focus, field::draw_label};
use crate::{
    term::Key,
    tui::{Canvas, Handled, Hint, Token},
};

/// The key that picks another.
pub const PICK: Hint = Hint {
    label: "Space",
    word: "change",
    help: "Another choice (→); ← goes back.",
};

/// One of a few.
#[derive(Clone, Debug)]
pub struct Choice<T> {
    options: Vec<(T, String)>,
    chosen: usize,
}

impl<T: Copy + PartialEq> Choice<T> {
    /// Makes a choice of values and their words; `chosen` is the one to begin
    /// with.
    pub fn new(options: Vec<(T, String)>, chosen: T) -> Self {
        let chosen = options.iter().position(|(value, _)| *value == chosen);
        Self {
            options,
            chosen: chosen.unwrap_or(0),
        }
    }

    /// Returns the chosen value; nothing only if there was nothing to choose.
    pub fn chosen(&self) -> Option<T> {
        self.options.get(self.chosen).map(|(value, _)| *value)
    }

    /// Takes the keys that choose.
    pub fn key(&mut self, key: Key) -> Handled {
        let count = self.options.len().max(1);
        self.chosen = match key {
            Key::Right | Key::Char(' ') => (self.chosen + 1) % count,
            Key::Left => (self.chosen + count - 1) % count,
            _ => return Handled::No,
        };
        Handled::Yes
    }

    /// Draws a label and the chosen word; returns the rows it took.
    pub fn draw_row(
        &self,
        canvas: &mut Canvas<'_>,
        (x, y): (u16, u16),
        (label, label_width): (&str, u16),
        focus: Focus,
    ) -> u16 {
        draw_label(canvas, (x, y), label, focus);
        let word = self.options.get(self.chosen).map_or("", |(_, word)| word);
        let end = canvas.text(x.saturating_add(label_width), y, word, Token::Text);
        let arrow = match focus {
            Focus::Here => Token::Accent,
            Focus::Elsewhere => Token::Dim,
        };
        canvas.text(end + 1, y, "▾", arrow);
        if focus == Focus::Here {
            canvas.cursor(x.saturating_add(label_width), y);
        }
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_goes_round_both_ways() {
        let mut choice = Choice::new(vec![(1, "one".to_owned()), (2, "two".to_owned())], 2);
        assert_eq!(choice.chosen(), Some(2));
        choice.key(Key::Right);
        assert_eq!(choice.chosen(), Some(1));
        choice.key(Key::Left);
        assert_eq!(choice.chosen(), Some(2));
        assert_eq!(choice.key(Key::Enter), Handled::No);
    }
}
