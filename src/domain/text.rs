//! Words that strangers typed, made harmless: the one place that decides which
//! characters are dropped. It never judges what the words say.

use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

/// A letter with more parts than this is nobody's writing, but a way to put
/// 200 000 combining marks into one cell of a screen.
const GRAPHEME_SCALARS: usize = 8;

/// What stands for a letter with too many parts. As an ordinary symbol it never
/// joins its neighbours, so replacing cannot build a new such letter, which
/// cutting could.
const STORM: &str = "\u{FFFD}";

/// Why a text was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextProblem {
    /// Nothing is left of it.
    #[error("empty text")]
    Empty,
    /// It has more scalars than fit.
    #[error("text longer than {max} characters")]
    TooLong {
        /// How many fit.
        max: usize,
    },
}

/// Returns `text` without whatever could act on a terminal, a letter or a log:
/// in normal form C, with `\n` as the only control character.
///
/// Emoji sequences fall into their parts, because joiners and variation
/// selectors are drawn in as many ways as there are terminals.
pub fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let text: String = text.chars().filter_map(harmless).nfc().collect();
    text.graphemes(true)
        .map(|grapheme| match grapheme.chars().nth(GRAPHEME_SCALARS) {
            Some(_) => STORM,
            None => grapheme,
        })
        .collect()
}

/// Returns `text` cleaned, on one line and cut to `max` characters, for a log.
pub fn for_log(text: &str, max: usize) -> String {
    cut(&one_line(text), max)
}

/// Returns what may stay in the place of `c`.
const fn harmless(c: char) -> Option<char> {
    match c {
        '\n' | '\r' => Some('\n'),
        '\t' => Some(' '),
        // C0, DEL and C1: whatever a terminal obeys.
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}'
        // Soft hyphen, combining grapheme joiner.
        | '\u{AD}' | '\u{34F}'
        // Letters that are drawn as nothing: Hangul fillers, Khmer vowels.
        | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{17B4}' | '\u{17B5}'
        // Bidirectional controls, which make text read otherwise than it is.
        | '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}'
        // Zero width: space, joiners, invisible operators, byte order mark.
        | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2065}' | '\u{FEFF}'
        // Line and paragraph separators.
        | '\u{2028}' | '\u{2029}'
        // Variation selectors, the Mongolian ones first.
        | '\u{180B}'..='\u{180F}' | '\u{FE00}'..='\u{FE0F}'
        // Interlinear annotation, and the place of an object that is not there.
        | '\u{FFF9}'..='\u{FFFC}'
        // Shorthand and musical formatting.
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        // Tags, more variation selectors, and what is reserved for such.
        | '\u{E0000}'..='\u{E0FFF}'
        // Noncharacters of the first plane.
        | '\u{FDD0}'..='\u{FDEF}' => None,
        // Noncharacters at the end of every plane.
        _ if c as u32 & 0xFFFE == 0xFFFE => None,
        _ => Some(c),
    }
}

/// Returns `text` cleaned, with blanks for new lines, trimmed.
fn one_line(text: &str) -> String {
    clean(text).replace('\n', " ").trim().to_owned()
}

/// Returns as many whole letters of `text` as fit into `max` scalars, the last
/// one being an ellipsis if something is left out.
fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let mut room = max.saturating_sub(1);
    let mut short: String = text
        .graphemes(true)
        .take_while(|grapheme| {
            let left = room.checked_sub(grapheme.chars().count());
            room = left.unwrap_or(0);
            left.is_some()
        })
        .collect();
    short.push('…');
    short
}

/// Returns `text` if it has at most `max` scalars.
fn fitting(text: String, max: usize) -> Result<String, TextProblem> {
    if text.chars().count() > max {
        Err(TextProblem::TooLong { max })
    } else {
        Ok(text)
    }
}

/// Returns `text` if there is any.
fn some(text: String) -> Result<String, TextProblem> {
    if text.is_empty() {
        Err(TextProblem::Empty)
    } else {
        Ok(text)
    }
}

/// One line of clean text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Line(String);

impl Line {
    /// Takes a line that must say something, in at most `max` scalars; new
    /// lines inside become blanks.
    pub fn parse(text: &str, max: usize) -> Result<Self, TextProblem> {
        some(one_line(text))
            .and_then(|text| fitting(text, max))
            .map(Self)
    }

    /// Takes a line as [`Line::parse`] does, or an empty one.
    pub fn parse_or_empty(text: &str, max: usize) -> Result<Self, TextProblem> {
        fitting(one_line(text), max).map(Self)
    }

    /// Takes what fits into `max` scalars and leaves out the rest.
    pub fn cut(text: &str, max: usize) -> Self {
        Self(for_log(text, max))
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it says nothing.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Clean text of any number of lines, without blanks at their ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Block(String);

impl Block {
    /// Takes a text that must say something, in at most `max` scalars.
    pub fn parse(text: &str, max: usize) -> Result<Self, TextProblem> {
        some(Self::tidy(text))
            .and_then(|text| fitting(text, max))
            .map(Self)
    }

    /// Takes a text as [`Block::parse`] does, or an empty one.
    pub fn parse_or_empty(text: &str, max: usize) -> Result<Self, TextProblem> {
        fitting(Self::tidy(text), max).map(Self)
    }

    /// Returns `text` cleaned, without blanks at the ends of lines and without
    /// empty lines around it.
    fn tidy(text: &str) -> String {
        let text = clean(text);
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        lines.join("\n").trim_matches('\n').to_owned()
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it says nothing.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl std::fmt::Display for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_any_script_stay_as_they_are() {
        for text in [
            "Good evening, Ada!",
            "¿Qué tal?",
            "Здравствуйте",
            "日本語の掲示板",
            "한국어",
            "नमस्ते",
            "שלום",
            "🎉 40 € – “quoted”",
            "one\ntwo",
        ] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn no_control_character_but_the_new_line_stays() {
        for c in ('\0'..='\u{1F}').chain('\u{7F}'..='\u{9F}') {
            let expected = match c {
                '\n' | '\r' => "a\nb",
                '\t' => "a b",
                _ => "ab",
            };
            assert_eq!(clean(&format!("a{c}b")), expected, "{c:?}");
        }
        assert_eq!(clean("a\r\nb\rc"), "a\nb\nc");
    }

    #[test]
    fn what_nobody_can_see_is_dropped() {
        for c in [
            '\u{AD}',
            '\u{34F}',
            '\u{61C}',
            '\u{180E}',
            '\u{200B}',
            '\u{200C}',
            '\u{200D}',
            '\u{200F}',
            '\u{2028}',
            '\u{2029}',
            '\u{202E}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{3164}',
            '\u{FDD0}',
            '\u{FE0F}',
            '\u{FEFF}',
            '\u{FFF9}',
            '\u{FFFE}',
            '\u{FFFF}',
            '\u{1FFFE}',
            '\u{E0001}',
            '\u{E0041}',
            '\u{E007F}',
            '\u{E0100}',
            '\u{10FFFF}',
        ] {
            assert_eq!(clean(&format!("a{c}b")), "ab", "{c:?}");
        }
    }

    #[test]
    fn an_escape_sequence_loses_its_teeth() {
        assert_eq!(clean("\u{1b}]0;owned\u{7}hi\u{9b}2J"), "]0;ownedhi2J");
    }

    #[test]
    fn text_is_composed() {
        assert_eq!(clean("e\u{301}"), "é");
    }

    #[test]
    fn threat_31_a_storm_of_combining_marks_is_one_symbol() {
        let storm = format!("z{}a", "\u{351}".repeat(200_000));
        assert_eq!(clean(&storm), "\u{FFFD}a");
    }

    #[test]
    fn no_letter_of_a_cleaned_text_has_too_many_parts() {
        for (part, times) in [
            ("\u{600}", 10),                                   // joins what follows
            ("\u{1100}", 10),                                  // leading Hangul
            ("\u{915}\u{94D}\u{93C}\u{93C}\u{93C}\u{903}", 3), // Indic conjuncts
            ("x\u{301}\u{302}\u{303}\u{304}", 3),
        ] {
            let text = format!("{}k", part.repeat(times)).repeat(50);
            let once = clean(&text);
            assert!(
                once.graphemes(true)
                    .all(|grapheme| grapheme.chars().count() <= GRAPHEME_SCALARS),
                "{part:?}"
            );
            assert_eq!(clean(&once), once, "cleaning twice changes nothing");
        }
    }

    #[test]
    fn a_line_is_one_line() {
        let line = Line::parse("  two\r\nlines \n", 20).unwrap();
        assert_eq!(line.as_str(), "two lines");
    }

    #[test]
    fn a_text_that_says_nothing_is_refused_unless_it_may() {
        assert_eq!(Line::parse(" \u{200B}\n", 9), Err(TextProblem::Empty));
        assert_eq!(Block::parse("\n \n", 9), Err(TextProblem::Empty));
        assert!(Line::parse_or_empty(" \u{200B}\n", 9).unwrap().is_empty());
        assert!(Block::parse_or_empty("\n \n", 9).unwrap().is_empty());
    }

    #[test]
    fn length_counts_what_is_left_after_cleaning() {
        assert!(Line::parse(" áá\u{200B} ", 2).is_ok());
        let too_long = TextProblem::TooLong { max: 2 };
        assert_eq!(Line::parse("abc", 2), Err(too_long));
        assert_eq!(Line::parse_or_empty("abc", 2), Err(too_long));
        assert_eq!(Block::parse("abc", 2), Err(too_long));
        assert_eq!(Block::parse_or_empty("abc", 2), Err(too_long));
    }

    #[test]
    fn a_block_keeps_its_lines_and_loses_blanks_at_their_ends() {
        let block = Block::parse("\n\n  one  \n\ntwo\t\n\n", 40).unwrap();
        assert_eq!(block.as_str(), "  one\n\ntwo");
    }

    #[test]
    fn a_log_gets_one_short_line() {
        assert_eq!(for_log("a\u{1b}[31m\nb", 40), "a[31m b");
        assert_eq!(for_log("abcdef", 4), "abc…");
        assert_eq!(for_log("abcd", 4), "abcd");
        assert_eq!(for_log("ab🇨🇭cd", 4), "ab…", "letters are not torn");
    }
}
