//! Text into lines, measured in columns and cut on graphemes.

use crate::term::{Charset, glyph};

/// Returns text wrapped at blanks to `width` columns; a word longer than that
/// is broken. Line feeds are kept, other control characters dropped.
pub fn wrap(text: &str, width: u16) -> Vec<String> {
    let width = usize::from(width.max(1));
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let clean = glyph::clean(paragraph);
        let mut line = String::new();
        let mut used = 0;
        for word in clean.split(' ') {
            let columns = glyph::width(word);
            if used > 0 && used + 1 + columns > width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            } else if used > 0 {
                line.push(' ');
                used += 1;
            }
            for (grapheme, columns) in glyph::graphemes(word) {
                let columns = usize::from(columns);
                if used + columns > width {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push_str(grapheme);
                used += columns;
            }
        }
        lines.push(line);
    }
    lines
}

/// Returns text cut to `width` columns; what is cut ends in `…`, or `...` where
/// there is no such character.
pub fn cut(text: &str, width: u16, charset: Charset) -> String {
    let clean = glyph::clean(text);
    let width = usize::from(width);
    if glyph::width(&clean) <= width {
        return clean.into_owned();
    }
    let mark = match charset {
        Charset::Utf8 => "…",
        Charset::Ascii if width > 6 => "...",
        Charset::Ascii => ".",
    };
    let room = width.saturating_sub(glyph::width(mark));
    let mut short = String::new();
    let mut used = 0;
    for (grapheme, columns) in glyph::graphemes(&clean) {
        used += usize::from(columns);
        if used > room {
            break;
        }
        short.push_str(grapheme);
    }
    if width > 0 {
        short.push_str(mark);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_wraps_at_blanks_and_breaks_words_that_are_too_long() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("a\n\nb", 9), ["a", "", "b"]);
        assert_eq!(wrap("", 9), [""]);
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
    }

    #[test]
    fn text_is_cut_on_graphemes_and_says_so() {
        assert_eq!(cut("modems", 6, Charset::Utf8), "modems");
        assert_eq!(cut("modems!", 6, Charset::Utf8), "modem…");
        assert_eq!(cut("modems in Kiel", 8, Charset::Ascii), "modem...");
        assert_eq!(cut("日本語", 4, Charset::Utf8), "日…");
        assert_eq!(cut("x\u{1b}[2J", 9, Charset::Utf8), "x[2J");
        assert_eq!(cut("abc", 0, Charset::Utf8), "");
    }
}
