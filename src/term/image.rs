//! What a terminal shows, eight bytes a cell, and the bytes that turn it into
//! what it shall show. Nothing but the sequences written here ever reaches a
//! terminal.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io::Write as _,
};

use ratatui::buffer::{Buffer, Cell};

use super::{
    caps::{Caps, Charset, Depth},
    glyph::Glyph,
    sgr::Pen,
};

/// A cell that shows nothing, whatever its pen.
const BLANK: u64 = 0;
/// The right half of a wide character.
const TAIL: u64 = 1;
/// Unchanged cells that are written again rather than jumped over: a jump is
/// three bytes at least.
const GAP: u16 = 3;

/// Makes a terminal ours: its other screen, paste in brackets, no wrapping at
/// the edge (so that the last column is like any other), no cursor.
pub const ENTER: &[u8] = b"\x1b[?1049h\x1b[?2004h\x1b[?7l\x1b[?25l\x1b[m\x1b[2J\x1b[H";

/// Gives a terminal back as it was.
pub const LEAVE: &[u8] = b"\x1b[m\x1b[2J\x1b[H\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l";

/// Rings.
pub const BELL: &[u8] = b"\x07";

/// What a terminal shows.
#[derive(Debug)]
pub struct Image {
    width: u16,
    height: u16,
    cells: Box<[u64]>,
    pen: Pen,
    /// Where the cursor stands, if that is certain.
    at: Option<(u16, u16)>,
    has_cursor: bool,
}

impl Image {
    /// Returns the image of a terminal that was just entered or cleared.
    pub fn blank(width: u16, height: u16) -> Self {
        let cells = vec![BLANK; usize::from(width) * usize::from(height)];
        Self {
            width,
            height,
            cells: cells.into_boxed_slice(),
            pen: Pen::PLAIN,
            at: None,
            has_cursor: false,
        }
    }

    /// Returns columns and rows.
    pub const fn size(&self) -> (u16, u16) {
        (self.width, self.height)
    }

    /// Clears the terminal, which may have another size now.
    pub fn clear(&mut self, width: u16, height: u16, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\x1b[m\x1b[2J");
        let has_cursor = self.has_cursor;
        *self = Self::blank(width, height);
        self.has_cursor = has_cursor;
    }

    /// Writes what makes the terminal show `buffer`, with the cursor where it
    /// is wanted. Cells beyond this image's size are not shown.
    pub fn show(
        &mut self,
        buffer: &Buffer,
        caps: Caps,
        cursor: Option<(u16, u16)>,
        out: &mut Vec<u8>,
    ) {
        for y in 0..self.height.min(buffer.area.height) {
            self.show_row(buffer, y, caps, out);
        }
        match cursor {
            Some(place) if place.0 < self.width && place.1 < self.height => {
                self.go(place, out);
                self.set_cursor(true, out);
            }
            _ => self.set_cursor(false, out),
        }
    }

    fn set_cursor(&mut self, wanted: bool, out: &mut Vec<u8>) {
        if self.has_cursor != wanted {
            self.has_cursor = wanted;
            out.extend_from_slice(if wanted { b"\x1b[?25h" } else { b"\x1b[?25l" });
        }
    }

    fn show_row(&mut self, buffer: &Buffer, y: u16, caps: Caps, out: &mut Vec<u8>) {
        let width = self.width.min(buffer.area.width);
        let tail = blank_tail(buffer, y, width, caps);
        let mut x = 0;
        while x < width {
            if x == tail && self.erase_tail(x, y, out) {
                return;
            }
            let Some(cell) = buffer.cell((x, y)) else {
                return;
            };
            let Wanted { glyph, pen, code } = Wanted::of(cell, caps, width - x);
            let columns = glyph.columns;
            let tail_code = if columns == 2 { TAIL } else { code };
            let right = (x + columns - 1, y);
            if self.code((x, y)) != Some(code) || self.code(right) != Some(tail_code) {
                self.bridge((x, y), buffer, caps, out);
                if code != BLANK || self.pen.marks_blanks() {
                    self.pen.change(pen, out);
                    self.pen = pen;
                }
                out.extend_from_slice(glyph.text.as_bytes());
                self.put((x, y), code);
                if columns == 2 {
                    self.put(right, TAIL);
                }
                let end = x + columns;
                // Behind the last column terminals differ, and so they do on
                // how wide a pile of marks or an emoji is.
                self.at = (end < self.width && is_plain(&glyph.text)).then_some((end, y));
            }
            x += columns;
        }
    }

    /// Erases from `x` to the end of the row, if that is shorter than writing
    /// blanks or nothing at all; returns false if it is not.
    fn erase_tail(&mut self, x: u16, y: u16, out: &mut Vec<u8>) -> bool {
        let stale = (x..self.width).filter(|x| self.code((*x, y)) != Some(BLANK));
        match stale.count() {
            0 => true,
            1..=3 => false,
            _ => {
                // Erasing takes the colours of the pen on some terminals.
                if self.pen.marks_blanks() {
                    self.pen.change(Pen::PLAIN, out);
                    self.pen = Pen::PLAIN;
                }
                self.go((x, y), out);
                out.extend_from_slice(b"\x1b[K");
                (x..self.width).for_each(|x| self.put((x, y), BLANK));
                true
            }
        }
    }

    /// Goes to a place: over few unchanged cells by writing them again.
    fn bridge(&mut self, (x, y): (u16, u16), buffer: &Buffer, caps: Caps, out: &mut Vec<u8>) {
        if let Some((from, row)) = self.at
            && row == y
            && from < x
            && x - from <= GAP
        {
            let again: Option<Vec<u8>> = (from..x)
                .map(|x| {
                    let wanted = Wanted::of(buffer.cell((x, y))?, caps, 1);
                    let fits =
                        wanted.pen == self.pen || wanted.code == BLANK && !self.pen.marks_blanks();
                    let [byte @ b' '..=b'~'] = *wanted.glyph.text.as_bytes() else {
                        return None;
                    };
                    (fits && self.code((x, y)) == Some(wanted.code)).then_some(byte)
                })
                .collect();
            if let Some(again) = again {
                out.extend_from_slice(&again);
                self.at = Some((x, y));
                return;
            }
        }
        self.go((x, y), out);
    }

    /// Moves the cursor, in the fewest bytes.
    fn go(&mut self, (x, y): (u16, u16), out: &mut Vec<u8>) {
        let written = match self.at {
            Some(at) if at == (x, y) => Ok(()),
            Some((from, row)) if row == y && from + 1 == x => write!(out, "\x1b[C"),
            Some((from, row)) if row == y && from < x => write!(out, "\x1b[{}C", x - from),
            _ if x == 0 => write!(out, "\x1b[{}H", y + 1),
            _ => write!(out, "\x1b[{};{}H", y + 1, x + 1),
        };
        debug_assert!(written.is_ok(), "a Vec takes every byte");
        self.at = Some((x, y));
    }

    fn code(&self, (x, y): (u16, u16)) -> Option<u64> {
        let place = usize::from(y) * usize::from(self.width) + usize::from(x);
        self.cells.get(place).copied()
    }

    fn put(&mut self, (x, y): (u16, u16), code: u64) {
        let place = usize::from(y) * usize::from(self.width) + usize::from(x);
        if let Some(cell) = self.cells.get_mut(place) {
            *cell = code;
        }
    }
}

/// Returns the column from which a row is blank.
fn blank_tail(buffer: &Buffer, y: u16, width: u16, caps: Caps) -> u16 {
    let is_blank = |x: &u16| {
        buffer
            .cell((*x, y))
            .is_none_or(|cell| cell.symbol() == " " && Wanted::of(cell, caps, 1).code == BLANK)
    };
    // A wide character's right half is a blank in the buffer.
    let is_half = |x: u16| {
        x > 0
            && buffer
                .cell((x - 1, y))
                .is_some_and(|cell| Glyph::of(cell.symbol(), Charset::Utf8).columns == 2)
    };
    let blanks = (0..width).rev().take_while(is_blank).count();
    let tail = width - u16::try_from(blanks).unwrap_or(width);
    if is_half(tail) { tail + 1 } else { tail }
}

/// Whether every terminal agrees on the columns of a text.
fn is_plain(text: &str) -> bool {
    let mut chars = text.chars();
    matches!((chars.next(), chars.next()), (Some(..'\u{1f000}'), None))
}

/// What a cell shall show.
struct Wanted<'a> {
    glyph: Glyph<'a>,
    pen: Pen,
    code: u64,
}

impl<'a> Wanted<'a> {
    /// Returns what a cell shall show with `room` columns left in its row.
    fn of(cell: &'a Cell, caps: Caps, room: u16) -> Self {
        let mut glyph = Glyph::of(cell.symbol(), caps.charset);
        if glyph.columns > room {
            glyph = Glyph::of("?", caps.charset);
        }
        let pen = Pen::of(cell, caps.depth);
        let code = if glyph.text == " " && !pen.marks_blanks() {
            BLANK
        } else {
            code(&glyph.text, pen)
        };
        Self { glyph, pen, code }
    }
}

/// Returns a number for a character in a pen: exact for single characters, a
/// hash for piles of them.
fn code(text: &str, pen: Pen) -> u64 {
    let mut chars = text.chars();
    if let (Some(single), None) = (chars.next(), chars.next()) {
        // 21 bits of character over 32 of pen; the third bit from above keeps
        // them clear of the two numbers with a meaning.
        return 1 << 61 | u64::from(u32::from(single)) << 32 | pen.packed();
    }
    let mut hasher = DefaultHasher::new();
    (text, pen.packed()).hash(&mut hasher);
    hasher.finish() | 1 << 63
}

/// What a terminal of today can show, for tests and pictures.
pub const MODERN: Caps = Caps {
    depth: Depth::True,
    charset: Charset::Utf8,
    is_dumb: false,
};

#[cfg(test)]
mod tests {
    use ratatui::{
        layout::Rect,
        style::{Color, Modifier, Style},
    };

    use super::*;

    fn terminal(width: u16, height: u16) -> vt100::Parser {
        let cells = |n| std::num::NonZero::new(n).unwrap();
        vt100::Parser::new(cells(height), cells(width), 0)
    }

    struct Bench {
        image: Image,
        screen: vt100::Parser,
    }

    impl Bench {
        fn new(width: u16, height: u16) -> Self {
            let mut screen = terminal(width, height);
            screen.process(ENTER);
            Self {
                image: Image::blank(width, height),
                screen,
            }
        }

        fn show(&mut self, buffer: &Buffer, caps: Caps) -> Vec<u8> {
            let mut out = Vec::new();
            self.image.show(buffer, caps, None, &mut out);
            self.screen.process(&out);
            out
        }

        #[track_caller]
        fn agrees(&self, buffer: &Buffer) {
            let (width, height) = self.image.size();
            for y in 0..height {
                let mut x = 0;
                while x < width {
                    let cell = buffer.cell((x, y)).unwrap();
                    let seen = self.screen.screen().cell(y, x).unwrap();
                    let wanted = Wanted::of(cell, MODERN, width - x);
                    let contents = if seen.has_contents() {
                        seen.contents()
                    } else {
                        " "
                    };
                    assert_eq!(contents, wanted.glyph.text, "at {x},{y}");
                    if wanted.code != BLANK {
                        let bold = cell.modifier.contains(Modifier::BOLD);
                        assert_eq!(seen.bold(), bold, "at {x},{y}");
                        let reverse = cell.modifier.contains(Modifier::REVERSED);
                        assert_eq!(seen.inverse(), reverse, "at {x},{y}");
                        let colour = match cell.fg {
                            Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
                            Color::Red => vt100::Color::Idx(1),
                            Color::Black => vt100::Color::Idx(0),
                            _ => vt100::Color::Default,
                        };
                        assert_eq!(seen.fgcolor(), colour, "at {x},{y}");
                        let paper = match cell.bg {
                            Color::White => vt100::Color::Idx(15),
                            _ => vt100::Color::Default,
                        };
                        assert_eq!(seen.bgcolor(), paper, "at {x},{y}");
                    }
                    x += wanted.glyph.columns;
                }
            }
        }
    }

    fn random(seed: &mut u32, below: u16) -> u16 {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [high, low, ..] = seed.to_be_bytes();
        u16::from_be_bytes([high, low]) % below
    }

    #[test]
    fn the_terminal_shows_what_was_drawn_whatever_it_showed_before() {
        let texts = [
            "modem",
            " ",
            "日本",
            "e\u{301}",
            "x  y",
            "────",
            "",
            "a long line of text",
        ];
        let styles = [
            Style::new(),
            Style::new().fg(Color::Red),
            Style::new()
                .fg(Color::Rgb(9, 8, 7))
                .add_modifier(Modifier::BOLD),
            Style::new().add_modifier(Modifier::REVERSED),
            Style::new().fg(Color::Black).bg(Color::White),
        ];
        let mut seed = 7;
        for (width, height) in [(20, 5), (31, 6)] {
            let mut bench = Bench::new(width, height);
            let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
            for round in 0..600 {
                if round % 9 == 0 {
                    buffer.reset();
                }
                for _ in 0..3 {
                    let text = texts[usize::from(random(&mut seed, 8))];
                    let style = styles[usize::from(random(&mut seed, 5))];
                    let x = random(&mut seed, width);
                    let y = random(&mut seed, height);
                    // As a canvas does: half of a wide character goes with the
                    // other.
                    buffer.set_string(x, y, text, style);
                }
                bench.show(&buffer, MODERN);
                bench.agrees(&buffer);
                assert!(bench.show(&buffer, MODERN).is_empty(), "nothing changed");
            }
        }
    }

    #[test]
    fn a_cleared_row_is_erased_and_not_overwritten() {
        let mut bench = Bench::new(40, 5);
        let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 5));
        buffer.set_string(0, 1, "a row that will be gone", Style::new());
        bench.show(&buffer, MODERN);
        buffer.reset();
        let bytes = bench.show(&buffer, MODERN);
        assert_eq!(bytes.escape_ascii().to_string(), r"\x1b[2H\x1b[K");
        bench.agrees(&buffer);
    }

    #[test]
    fn the_bar_of_a_list_moves_in_few_bytes() {
        let accent = Style::new().fg(Color::Rgb(242, 176, 74));
        let text = Style::new().fg(Color::Rgb(216, 212, 204));
        let draw = |chosen: u16| {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 24));
            for y in 5..15 {
                let mut ink = text;
                if y == chosen {
                    buffer.set_string(0, y, "▌", accent);
                    ink = text.add_modifier(Modifier::BOLD);
                }
                buffer.set_string(2, y, "cheapseo", ink);
                buffer.set_string(15, y, "3 d  mail   key    asked   best rank", text);
            }
            buffer
        };
        let mut bench = Bench::new(80, 24);
        bench.show(&draw(6), MODERN);
        let bytes = bench.show(&draw(7), MODERN);
        bench.agrees(&draw(7));
        assert!(bytes.len() <= 120, "{} bytes", bytes.len());
    }

    #[test]
    fn a_cell_can_hold_nothing_that_harms() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 5));
        let zalgo = format!("a{}", "\u{301}".repeat(200_000));
        let symbols = [
            "\x1b[2J",
            "\u{9b}31m",
            "\u{202e}",
            &zalgo,
            "👨\u{200d}👩\u{200d}👧",
            "\u{7}",
        ];
        for (x, symbol) in (0..).step_by(3).zip(symbols) {
            buffer.cell_mut((x, 0)).unwrap().set_symbol(symbol);
        }
        let mut bench = Bench::new(20, 5);
        let bytes = bench.show(&buffer, MODERN);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.len() < 200, "{}", text.len());
        let text = text.replace("\x1b[C", "").replace("\x1b[1H", "");
        let rest = regex::Regex::new("\x1b\\[[0-9;]*H")
            .unwrap()
            .replace_all(&text, "");
        assert!(rest.chars().all(crate::term::glyph::is_safe), "{rest:?}");
    }

    #[test]
    fn without_unicode_ornaments_have_stand_ins() {
        let ascii = Caps {
            charset: Charset::Ascii,
            ..MODERN
        };
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 5));
        buffer.set_string(0, 0, "▌╭─╮ ✓✗… 日x ж", Style::new());
        let mut bench = Bench::new(20, 5);
        assert!(bench.show(&buffer, ascii).is_ascii());
        assert_eq!(bench.screen.screen().contents(), ">+-+ *x. ? x ?");
    }

    #[test]
    fn a_terminal_is_given_back_as_it_was() {
        let mut screen = terminal(20, 5);
        screen.process(b"$ ssh board\r\n");
        let before = screen.screen().contents();
        screen.process(ENTER);
        assert!(screen.screen().alternate_screen() && screen.screen().bracketed_paste());
        screen.process(b"\x1b[1;31mx\x1b[?25h");
        screen.process(LEAVE);
        assert_eq!(screen.screen().contents(), before);
        assert!(!screen.screen().bracketed_paste() && !screen.screen().hide_cursor());
        assert_eq!(screen.screen().fgcolor(), vt100::Color::Default);
    }
}
