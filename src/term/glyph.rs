//! What may stand in a cell: the last check before a terminal, and the stand-ins
//! for terminals without Unicode. The check at the door is `domain::text`.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::caps::Charset;

/// Scalars a cell may hold: more are marks piled up to harm.
const SCALARS: usize = 8;

/// Whether a character may reach a terminal at all: no controls, nothing that
/// turns the direction of text, nothing unseen.
pub const fn is_safe(c: char) -> bool {
    !matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}'
        | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
        // The last two of every plane are no characters.
        && (c as u32) & 0xfffe != 0xfffe
}

/// Returns text with everything unsafe dropped.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_safe) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|c| is_safe(*c)).collect())
    }
}

/// Returns the graphemes of already clean text with their columns, one or two.
/// A grapheme of no width is left out, one with too many scalars is cut.
pub fn graphemes(text: &str) -> impl Iterator<Item = (&str, u16)> {
    // Most text is plain, and then no table has to be searched.
    let (plain, other) = if is_ascii(text) {
        (text, "")
    } else {
        ("", text)
    };
    let letters = plain.char_indices();
    let letters = letters.filter_map(|(at, _)| Some((plain.get(at..=at)?, 1)));
    letters.chain(other.graphemes(true).filter_map(|grapheme| {
        let cut = match grapheme.char_indices().nth(SCALARS) {
            Some((end, _)) => grapheme.get(..end).unwrap_or_default(),
            None => grapheme,
        };
        match cut.width() {
            0 => None,
            1 => Some((cut, 1)),
            _ => Some((cut, 2)),
        }
    }))
}

/// Whether every character is a printable one of ASCII.
fn is_ascii(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Returns the columns text takes when drawn.
pub fn width(text: &str) -> usize {
    if is_ascii(text) {
        return text.len();
    }
    graphemes(&clean(text)).map(|(_, w)| usize::from(w)).sum()
}

/// What one cell shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glyph<'a> {
    /// Safe text of exactly `columns`.
    pub text: Cow<'a, str>,
    /// One or two.
    pub columns: u16,
}

impl<'a> Glyph<'a> {
    /// Returns what a cell that holds `symbol` shows.
    pub fn of(symbol: &'a str, charset: Charset) -> Self {
        if let [b' '..=b'~'] = symbol.as_bytes() {
            return Self {
                text: Cow::Borrowed(symbol),
                columns: 1,
            };
        }
        let columns = if symbol.width() >= 2 { 2 } else { 1 };
        let text = match charset {
            Charset::Ascii => Cow::Borrowed(stand_in(symbol)),
            Charset::Utf8 => whole(symbol),
        };
        // A stand-in or a cleaned symbol may be narrower than its place.
        let text = match (text.width(), columns) {
            (0, 2) => Cow::Borrowed("  "),
            (0, _) => Cow::Borrowed(" "),
            (1, 2) => Cow::Owned(format!("{text} ")),
            (wide, _) if wide > usize::from(columns) => Cow::Borrowed("? "),
            _ => text,
        };
        Self { text, columns }
    }
}

/// Returns a symbol as it is if it is safe, else its first safe character with
/// the marks on it.
fn whole(symbol: &str) -> Cow<'_, str> {
    if symbol.chars().all(is_safe) && symbol.chars().count() <= SCALARS {
        return Cow::Borrowed(symbol);
    }
    let mut safe = symbol.chars().filter(|c| is_safe(*c));
    let base = safe.next();
    let marks = safe.filter(|c| c.width() == Some(0)).take(SCALARS - 1);
    Cow::Owned(base.into_iter().chain(marks).collect())
}

/// Returns one ASCII character for a symbol.
fn stand_in(symbol: &str) -> &'static str {
    match symbol {
        "▌" | "▸" | "→" | "▶" | "›" | "»" => ">",
        "←" | "‹" | "«" | "↩" => "<",
        "─" | "━" | "–" | "—" | "═" | "‐" | "‑" | "−" => "-",
        "│" | "┃" | "║" => "|",
        // `▾` is a value that can be changed, and no way down.
        "▾" | "╭" | "╮" | "╰" | "╯" | "┌" | "┐" | "└" | "┘" | "├" | "┤" | "┬" | "┴" | "┼" => {
            "+"
        }
        "…" | "·" => ".",
        "•" | "✓" => "*",
        "✗" | "×" => "x",
        "▁" => "_",
        "▲" | "↑" => "^",
        "▼" | "↓" => "v",
        "█" | "▓" | "▒" | "░" => "#",
        "⏎" => "~",
        "‘" | "’" => "'",
        "“" | "”" | "„" => "\"",
        "ä" | "à" | "á" | "â" | "å" => "a",
        "ö" | "ò" | "ó" | "ô" => "o",
        "ü" | "ù" | "ú" | "û" => "u",
        "é" | "è" | "ê" | "ë" => "e",
        "ß" => "s",
        "" => " ",
        _ => "?",
    }
}
