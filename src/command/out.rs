//! The answer of a command while it grows: the result for standard output, the
//! notes and errors for standard error, as words or as JSON.

use std::fmt::Write as _;

use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::{Exit, Output, Style, failure::Failure, shape};
use crate::domain::text;

/// The answer so far.
#[derive(Debug)]
pub(super) struct Out {
    style: Style,
    stdout: String,
    stderr: String,
    exit: Exit,
}

impl Out {
    pub(super) const fn new(style: Style) -> Self {
        Self {
            style,
            stdout: String::new(),
            stderr: String::new(),
            exit: Exit::Done,
        }
    }

    /// Whether it is in JSON.
    pub(super) const fn is_json(&self) -> bool {
        self.style.json
    }

    /// Ends so, or worse.
    pub(super) fn ends(&mut self, exit: Exit) {
        self.exit = self.exit.worse(exit);
    }

    /// Answers with one thing.
    pub(super) fn one<T: Serialize>(&mut self, thing: &T, words: impl FnOnce(&T) -> String) {
        if self.style.json {
            self.stdout.push_str(&json(thing));
        } else {
            self.stdout.push_str(&text::clean(&words(thing)));
        }
    }

    /// Answers with several things, or none.
    pub(super) fn many<T: Serialize>(&mut self, things: &[T], words: impl FnOnce(&[T]) -> String) {
        if self.style.json {
            self.stdout.push_str(&json(things));
        } else {
            self.stdout.push_str(&text::clean(&words(things)));
        }
    }

    /// Adds a sentence beside the result; scripts that read JSON are spared.
    pub(super) fn note(&mut self, sentence: &str) {
        if !self.style.json {
            self.stderr.push_str(&text::clean(sentence));
            self.stderr.push('\n');
        }
    }

    /// Adds why something was not done; the exit is that of the worst.
    pub(super) fn fail(&mut self, about: Option<&str>, failure: &Failure) {
        self.exit = self.exit.worse(failure.exit);
        let sentence = failure.sentence.trim_end();
        let message = match about {
            Some(about) => format!("{about}: {sentence}"),
            None => sentence.to_owned(),
        };
        let message = text::clean(&message);
        if self.style.json {
            let error = shape::Error {
                kind: failure.exit.kind(),
                message: &message,
                hint: failure.hint,
            };
            self.stderr.push_str(&json(&shape::Failed { error }));
        } else {
            let hint = failure
                .hint
                .map_or(String::new(), |hint| format!(" {hint}"));
            self.stderr.push_str(&message);
            self.stderr.push_str(&hint);
            self.stderr.push('\n');
        }
    }

    /// Ends with that exit, unless something was worse.
    pub(super) fn end_with(&mut self, exit: Exit) {
        self.exit = self.exit.worse(exit);
    }

    /// Takes the result so far, for somebody who reads along.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.stdout)
    }

    pub(super) fn finish(self) -> Output {
        Output {
            stdout: self.stdout,
            stderr: self.stderr,
            exit: self.exit,
        }
    }
}

/// Returns a line of JSON that no terminal obeys: JSON itself escapes only half
/// of the control characters.
fn json<T: Serialize + ?Sized>(value: &T) -> String {
    let plain = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
    let mut line = String::with_capacity(plain.len() + 1);
    for symbol in plain.chars() {
        if symbol.is_control() {
            // Writing to a string cannot fail.
            write!(line, "\\u{:04x}", u32::from(symbol)).ok();
        } else {
            line.push(symbol);
        }
    }
    line.push('\n');
    line
}

/// Returns rows of cells in aligned columns under their headings; nothing at
/// all without rows.
pub(super) fn table<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let headings = headings.map(str::to_owned);
    let rows = || std::iter::once(&headings).chain(rows);
    let mut widths = [0; N];
    for row in rows() {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    let mut table = String::new();
    for row in rows() {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width - cell.width() + 2));
        }
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}

/// Returns lines of names and values, the values aligned.
pub(super) fn sheet(lines: &[(&str, String)]) -> String {
    let widest = lines.iter().map(|(name, _)| name.width()).max();
    let widest = widest.unwrap_or_default();
    let line = |(name, value): &(&str, String)| {
        // A text of several lines stays in its column.
        let value = value.replace('\n', &format!("\n{:widest$}  ", ""));
        format!("{name:widest$}  {value}\n")
    };
    lines.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_what_they_take_on_the_screen() {
        let row = |a: &str, b: &str| [a.to_owned(), b.to_owned()];
        assert_eq!(
            table(["NAME", "X"], &[row("漁港亭", "1"), row("b", "2")]),
            "NAME    X\n漁港亭  1\nb       2\n"
        );
        assert_eq!(table(["NAME"], &[]), "");
    }

    #[test]
    fn json_holds_no_control_character() {
        assert_eq!(json("a\u{9b}b\u{7f}\n"), "\"a\\u009bb\\u007f\\n\"\n");
    }
}
