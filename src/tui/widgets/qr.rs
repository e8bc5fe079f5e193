//! A QR code, for a telephone held up to the terminal. What it says must stand
//! beside it as text too: not every window has room for it.

use std::fmt;

use qrcodegen::{QrCode, QrCodeEcc, QrSegment};
use ratatui::style::{Color, Modifier, Style};

use crate::{
    term::{Charset, Depth},
    tui::{Canvas, Look, Token},
};

/// Modules left white around the code. The standard asks for four; cameras are
/// content with two, and a screen of 24 rows has no more.
const QUIET: u16 = 2;

/// A QR code.
pub struct Qr {
    code: QrCode,
}

impl fmt::Debug for Qr {
    // It may hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Qr").finish_non_exhaustive()
    }
}

impl Qr {
    /// Makes the code of a text; nothing if no code has room for it. The text
    /// comes in parts, since a part in capitals and digits alone takes a third
    /// less room than other text does.
    pub fn of(parts: &[&str]) -> Option<Self> {
        let segments: Vec<_> = parts
            .iter()
            .flat_map(|part| QrSegment::make_segments(part))
            .collect();
        // A screen is neither torn nor stained: the least correction there is,
        // and more only where it costs no room.
        let code = QrCode::encode_segments(&segments, QrCodeEcc::Low).ok()?;
        Some(Self { code })
    }

    /// Returns the columns and rows it takes: half a row a module, and where
    /// there are no half blocks a row and two columns.
    pub fn size(&self, charset: Charset) -> (u16, u16) {
        let side = self.side();
        match charset {
            Charset::Utf8 => (side, side.div_ceil(2)),
            Charset::Ascii => (side * 2, side),
        }
    }

    /// Whether a canvas has room for it.
    pub fn fits(&self, canvas: &Canvas<'_>) -> bool {
        let (columns, rows) = self.size(canvas.look().charset);
        columns <= canvas.width() && rows <= canvas.height()
    }

    /// Draws it into the upper left corner, or says why not.
    pub fn draw(&self, canvas: &mut Canvas<'_>) {
        if !self.fits(canvas) {
            let (columns, rows) = self.size(canvas.look().charset);
            let text = format!(
                "The window is too small for a QR code: it needs {columns}x{rows} here, \
                 and this is {}x{}.",
                canvas.width(),
                canvas.height()
            );
            canvas.paragraph((0, 0), canvas.width(), &text, Token::Dim);
            return;
        }
        let look = canvas.look();
        let (columns, rows) = self.size(look.charset);
        let (buffer, area) = canvas.buffer();
        for y in 0..rows {
            for x in 0..columns {
                let (symbol, style) = self.cell(x, y, look);
                if let Some(cell) = buffer.cell_mut((area.x + x, area.y + y)) {
                    cell.reset();
                    cell.set_symbol(symbol).set_style(style);
                }
            }
        }
    }

    /// Returns what a cell shows: dark on light wherever there are colours.
    /// Without any the terminal's own are reversed, since most are dark.
    fn cell(&self, x: u16, y: u16, look: Look) -> (&'static str, Style) {
        let style = match look.depth {
            Depth::None => Style::new().add_modifier(Modifier::REVERSED),
            _ => Style::new().fg(Color::Black).bg(Color::White),
        };
        match look.charset {
            Charset::Utf8 => {
                let symbol = match (self.is_dark(x, 2 * y), self.is_dark(x, 2 * y + 1)) {
                    (true, true) => "█",
                    (true, false) => "▀",
                    (false, true) => "▄",
                    (false, false) => " ",
                };
                (symbol, style)
            }
            Charset::Ascii if !self.is_dark(x / 2, y) => (" ", style),
            Charset::Ascii => match look.depth {
                Depth::None => (" ", Style::new()),
                _ => (" ", style.add_modifier(Modifier::REVERSED)),
            },
        }
    }

    /// Returns the modules of a side, with what is left white.
    fn side(&self) -> u16 {
        u16::try_from(self.code.size()).unwrap_or(u16::MAX / 4) + 2 * QUIET
    }

    fn is_dark(&self, x: u16, y: u16) -> bool {
        let module = |place: u16| i32::from(place) - i32::from(QUIET);
        self.code.get_module(module(x), module(y))
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{buffer::Buffer, layout::Rect};

    use super::*;
    use crate::tui::Theme;

    /// `HELLO WORLD`, as another encoder has it.
    const HELLO: &str = "
#######.##....#######
#.....#.#..#..#.....#
#.###.#.#..##.#.###.#
#.###.#.#.....#.###.#
#.###.#.#.#...#.###.#
#.....#...#...#.....#
#######.#.#.#.#######
........#............
.##.#.##....#.#.#####
.#......####....#...#
..##.###.##...#.##...
.##.##.#..##.#.#.###.
#...#.#.#.###.###.#.#
........##.#..#...#.#
#######.#.#....#.##..
#.....#..#.##.##.#...
#.###.#.#.#...#######
#.###.#..#.#.#.#...#.
#.###.#.#..#.###.#..#
#.....#.#.####...#.##
#######....#.###....#
";

    fn drawn(qr: &Qr, size: (u16, u16), look: Look) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
        let area = buffer.area;
        let mut cursor = None;
        qr.draw(&mut Canvas::new(&mut buffer, area, look, &mut cursor));
        buffer
    }

    const fn look(charset: Charset, depth: Depth) -> Look {
        Look {
            theme: Theme::Night,
            depth,
            charset,
        }
    }

    /// Whether the terminal shows dark in the upper and in the lower half of a
    /// cell.
    fn halves(buffer: &Buffer, x: u16, y: u16) -> (bool, bool) {
        let cell = buffer.cell((x, y)).unwrap();
        let (top, bottom) = match cell.symbol() {
            "█" => (true, true),
            "▀" => (true, false),
            "▄" => (false, true),
            " " => (false, false),
            other => panic!("{other:?} is no half block"),
        };
        let has_paper = cell.bg == Color::White && cell.fg == Color::Black;
        let is_reversed = cell.modifier.contains(Modifier::REVERSED);
        // On paper ink is dark; without colours a reversed blank is light.
        let turned = has_paper == is_reversed;
        (top != turned, bottom != turned)
    }

    fn dark(x: usize, y: usize) -> bool {
        let row = y.checked_sub(usize::from(QUIET));
        let row = row.and_then(|y| HELLO.trim().lines().nth(y));
        let column = x.checked_sub(usize::from(QUIET));
        column
            .zip(row)
            .is_some_and(|(x, row)| row.as_bytes().get(x) == Some(&b'#'))
    }

    #[test]
    fn a_code_is_the_one_that_others_draw_on_every_terminal() {
        let qr = Qr::of(&["HELLO WORLD"]).unwrap();
        for depth in [Depth::True, Depth::Sixteen, Depth::None] {
            let buffer = drawn(&qr, (25, 13), look(Charset::Utf8, depth));
            for y in 0..13 {
                for x in 0..25 {
                    let wanted = (dark(x, 2 * y), dark(x, 2 * y + 1));
                    let (x, y) = (u16::try_from(x).unwrap(), u16::try_from(y).unwrap());
                    assert_eq!(halves(&buffer, x, y), wanted, "{depth:?} at {x},{y}");
                }
            }
            let buffer = drawn(&qr, (50, 25), look(Charset::Ascii, depth));
            for y in 0..25 {
                for x in 0..50 {
                    let wanted = (dark(x / 2, y), dark(x / 2, y));
                    let (x, y) = (u16::try_from(x).unwrap(), u16::try_from(y).unwrap());
                    assert_eq!(halves(&buffer, x, y), wanted, "{depth:?} at {x},{y}");
                }
            }
        }
    }

    #[test]
    fn a_window_without_room_says_what_is_needed() {
        let qr = Qr::of(&["HELLO WORLD"]).unwrap();
        for (charset, size, needed) in [
            (Charset::Utf8, (25, 12), "25x13"),
            (Charset::Ascii, (49, 25), "50x25"),
        ] {
            let buffer = drawn(&qr, size, look(charset, Depth::True));
            let text: String = buffer
                .content
                .iter()
                .map(ratatui::buffer::Cell::symbol)
                .collect();
            assert!(text.replace(' ', "").contains(needed), "{text}");
        }
    }

    #[test]
    fn capitals_of_their_own_take_less_room_and_too_much_is_no_code() {
        let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
        let (before, whole) = ("x".repeat(46), format!("{}{secret}", "x".repeat(46)));
        let width = |parts: &[&str]| Qr::of(parts).unwrap().size(Charset::Utf8).0;
        assert!(width(&[&before, secret]) < width(&[&format!("{whole}y")]));
        assert!(Qr::of(&[&"x".repeat(3000)]).is_none());
    }
}
