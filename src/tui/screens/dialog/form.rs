//! The rows of a dialog: lines to type into and choices, each with the refusal
//! it met. What they mean is the dialog's affair.

use crate::{
    domain::secret::Secret,
    term::{Key, glyph},
    tui::{
        Canvas, Handled, Hint, Token,
        widgets::{Choice, Field, Focus, choice},
        wrap,
    },
};

/// The key that goes through the rows.
const MOVE: Hint = Hint {
    label: "Tab",
    word: "next line",
    help: "To the next line (↓); Shift-Tab or ↑ to the one before.",
};

/// How a row is filled in.
#[derive(Debug)]
enum Input {
    Text(Field),
    Pick(Choice<usize>),
}

#[derive(Debug)]
struct Row {
    label: &'static str,
    input: Input,
    refusal: Option<String>,
}

/// Rows to fill in, one of which has the focus.
#[derive(Debug, Default)]
pub struct Form {
    rows: Vec<Row>,
    focus: usize,
    /// Which row begins the second page, and what that page is about.
    more: Option<(usize, &'static str)>,
}

impl Form {
    /// Returns the form with a line to type into.
    #[must_use]
    pub fn text(self, label: &'static str, field: Field) -> Self {
        self.with(label, Input::Text(field))
    }

    /// Returns the form with a choice; `chosen` is the place of the word to
    /// begin with.
    #[must_use]
    pub fn pick(self, label: &'static str, words: &[&str], chosen: usize) -> Self {
        let options = words.iter().map(|word| (*word).to_owned()).enumerate();
        let choice = Choice::new(options.collect(), chosen);
        self.with(label, Input::Pick(choice))
    }

    /// Returns the form with a second page for the rows that follow: whoever goes
    /// past the last row of the first comes to it.
    #[must_use]
    pub fn more(self, about: &'static str) -> Self {
        Self {
            more: Some((self.rows.len(), about)),
            ..self
        }
    }

    /// Whether the second page is shown.
    pub fn is_further(&self) -> bool {
        self.more.is_some_and(|(first, _)| self.focus >= first)
    }

    fn with(mut self, label: &'static str, input: Input) -> Self {
        self.rows.push(Row {
            label,
            input,
            refusal: None,
        });
        self
    }

    /// Returns what was typed into a row, trimmed.
    pub fn typed(&self, row: usize) -> &str {
        match self.rows.get(row).map(|row| &row.input) {
            Some(Input::Text(field)) => field.text().trim(),
            _ => "",
        }
    }

    /// Returns what was typed into a masked row, every blank included.
    pub fn secret(&self, row: usize) -> Secret<String> {
        Secret::new(match self.rows.get(row).map(|row| &row.input) {
            Some(Input::Text(field)) => field.text().to_owned(),
            _ => String::new(),
        })
    }

    /// Returns the place of the word chosen in a row.
    pub fn picked(&self, row: usize) -> usize {
        match self.rows.get(row).map(|row| &row.input) {
            Some(Input::Pick(choice)) => choice.chosen().unwrap_or(0),
            _ => 0,
        }
    }

    /// Whether a line to type into has the focus.
    pub(super) fn typing(&self) -> bool {
        matches!(
            self.rows.get(self.focus).map(|row| &row.input),
            Some(Input::Text(_))
        )
    }

    /// Returns the keys it takes besides those that type.
    pub(super) fn hints(&self) -> &'static [Hint] {
        match (self.rows.len() > 1, self.typing()) {
            _ if self.rows.is_empty() => &[],
            (true, true) => &[MOVE],
            (true, false) => &[MOVE, choice::PICK],
            (false, true) => &[],
            (false, false) => &[choice::PICK],
        }
    }

    /// Takes the keys that fill in, and those that move between rows.
    pub(super) fn key(&mut self, key: Key) -> Handled {
        let count = self.rows.len().max(1);
        match key {
            Key::Tab | Key::Down => self.focus = (self.focus + 1) % count,
            Key::BackTab | Key::Up => self.focus = (self.focus + count - 1) % count,
            _ => {
                return match self.rows.get_mut(self.focus).map(|row| &mut row.input) {
                    Some(Input::Text(field)) => field.key(key),
                    Some(Input::Pick(choice)) => choice.key(key),
                    None => Handled::No,
                };
            }
        }
        Handled::Yes
    }

    /// Takes pasted text.
    pub(super) fn paste(&mut self, text: &str) {
        if let Some(Input::Text(field)) = self.rows.get_mut(self.focus).map(|row| &mut row.input) {
            field.paste(text);
        }
    }

    /// Puts a refusal under a row, and the focus on it.
    pub(super) fn refuse(&mut self, row: usize, sentence: String) {
        if let Some(refused) = self.rows.get_mut(row) {
            refused.refusal = Some(sentence);
            self.focus = row;
        }
    }

    /// Forgets the refusals.
    pub(super) fn forgive(&mut self) {
        for row in &mut self.rows {
            row.refusal = None;
        }
    }

    /// Returns the rows of the page that is shown, with their places.
    fn shown(&self) -> impl Iterator<Item = (usize, &Row)> {
        let first = self.more.map_or(self.rows.len(), |(first, _)| first);
        let further = self.is_further();
        let rows = self.rows.iter().enumerate();
        rows.filter(move |(place, _)| (*place >= first) == further)
    }

    /// Returns what leads to the other page, if there is one.
    fn turn(&self) -> Option<String> {
        let (_, about) = self.more?;
        Some(if self.is_further() {
            "↑ back to the beginning".to_owned()
        } else {
            format!("↓ more: {about}")
        })
    }

    /// Returns the rows it takes in so many columns.
    pub(super) fn height(&self, width: u16) -> u16 {
        let room = width.saturating_sub(self.labels() + 2);
        let lines = |(_, row): (usize, &Row)| {
            let refusal = row.refusal.as_ref();
            1 + refusal.map_or(0, |text| wrap::wrap(text, room).len())
        };
        let turn = usize::from(self.more.is_some());
        u16::try_from(self.shown().map(lines).sum::<usize>() + turn).unwrap_or(u16::MAX)
    }

    /// Draws it at the top of a canvas; returns the rows it took.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>) -> u16 {
        let labels = self.labels();
        let mut y = 0;
        for (place, row) in self.shown() {
            let focus = Focus::when(place == self.focus);
            let label = (row.label, labels);
            let refusal = row.refusal.as_deref();
            y += match &row.input {
                Input::Text(field) => field.draw_row(canvas, (0, y), label, focus, refusal),
                Input::Pick(choice) => {
                    let rows = choice.draw_row(canvas, (0, y), label, focus);
                    rows + draw_refusal(canvas, (labels, y + rows), refusal)
                }
            };
        }
        if let Some(turn) = self.turn() {
            canvas.text(0, y, &turn, Token::Dim);
            y += 1;
        }
        y
    }

    /// Returns the columns of the labels.
    fn labels(&self) -> u16 {
        let widest = self.rows.iter().map(|row| glyph::width(row.label)).max();
        u16::try_from(widest.unwrap_or(0)).unwrap_or(0) + 2
    }
}

/// Draws what is wrong with a choice under it, as fields do by themselves.
fn draw_refusal(canvas: &mut Canvas<'_>, (x, y): (u16, u16), refusal: Option<&str>) -> u16 {
    let Some(refusal) = refusal else { return 0 };
    canvas.text(x, y, "✗ ", Token::Bad);
    let width = canvas.width().saturating_sub(x + 2);
    canvas.paragraph((x + 2, y), width, refusal, Token::Bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_to_the_row_with_the_focus_and_refusals_take_it() {
        let mut form =
            Form::default()
                .text("why", Field::new(20))
                .pick("until", &["for good", "a day"], 0);
        form.key(Key::Char('x'));
        form.key(Key::Tab);
        form.key(Key::Char(' '));
        assert_eq!((form.typed(0), form.picked(1)), ("x", 1));
        assert!(!form.typing());
        form.refuse(0, "No.".into());
        assert!(form.typing());
        assert_eq!(form.height(40), 3);
        form.forgive();
        assert_eq!(form.height(40), 2);
    }

    #[test]
    fn whoever_goes_past_the_first_page_comes_to_the_second_and_back() {
        let mut form = Form::default()
            .text("uses", Field::new(9))
            .text("note", Field::new(9))
            .more("for whom")
            .text("for", Field::new(9));
        assert_eq!((form.is_further(), form.height(40)), (false, 3));
        form.key(Key::Down);
        form.key(Key::Down);
        assert_eq!((form.is_further(), form.height(40)), (true, 2));
        form.refuse(0, "No.".into());
        assert!(!form.is_further());
        form.key(Key::Up);
        assert!(form.is_further());
    }
}
