//! How characters are coloured: one pen, and the bytes from one to another.
//! Backgrounds are never painted but for white paper, which a camera wants to
//! see under a QR code; elsewhere reverse is all there is.

use std::io::Write as _;

use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};

use super::caps::Depth;

/// What of ratatui's modifiers a terminal is told.
const KNOWN: Modifier = Modifier::BOLD
    .union(Modifier::DIM)
    .union(Modifier::ITALIC)
    .union(Modifier::UNDERLINED)
    .union(Modifier::REVERSED);

/// What characters stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Whatever the terminal has.
    Own,
    /// White, whatever the terminal has.
    White,
}

/// Colour and weight of what is written next, and what it stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pen {
    colour: Color,
    weight: Modifier,
    paper: Paper,
}

impl Pen {
    /// The pen of a terminal that was just reset.
    pub const PLAIN: Self = Self {
        colour: Color::Reset,
        weight: Modifier::empty(),
        paper: Paper::Own,
    };

    /// Returns the pen a cell is written with, as far as the terminal has it.
    pub fn of(cell: &Cell, depth: Depth) -> Self {
        let colour = match (cell.fg, depth) {
            (_, Depth::None)
            | (Color::Rgb(..), Depth::Indexed256 | Depth::Sixteen)
            | (Color::Indexed(16..), Depth::Sixteen) => Color::Reset,
            (colour, _) => colour,
        };
        let paper = match (cell.bg, depth) {
            (_, Depth::None) | (Color::Reset, _) => Paper::Own,
            _ => Paper::White,
        };
        Self {
            colour,
            weight: cell.modifier & KNOWN,
            paper,
        }
    }

    /// Returns the colour.
    pub const fn colour(self) -> Color {
        self.colour
    }

    /// Returns the weight.
    pub const fn weight(self) -> Modifier {
        self.weight
    }

    /// Returns what it is written on.
    pub const fn paper(self) -> Paper {
        self.paper
    }

    /// Whether a blank written with it is seen.
    pub const fn marks_blanks(self) -> bool {
        let marks = Modifier::UNDERLINED.union(Modifier::REVERSED);
        self.weight.intersects(marks) || matches!(self.paper, Paper::White)
    }

    /// Packs the pen into 32 bits, different for every two pens.
    pub fn packed(self) -> u64 {
        let colour = match self.colour {
            Color::Rgb(r, g, b) => 1 << 24 | u32::from_be_bytes([0, r, g, b]),
            other => colour_number(other).map_or(0, |number| 1 + u32::from(number)),
        };
        // The known weights are among the lowest seven, and blinking is none.
        let paper = match self.paper {
            Paper::Own => Modifier::empty(),
            Paper::White => Modifier::SLOW_BLINK,
        };
        u64::from(colour) << 7 | u64::from(self.weight.union(paper).bits())
    }

    /// Writes what turns `self` into `next`, in the fewest bytes.
    pub fn change(self, next: Self, out: &mut Vec<u8>) {
        if self == next {
            return;
        }
        // From scratch: every terminal knows a reset, and often it is shortest.
        let mut whole = vec![b'0'];
        next.write(next.weight, next.colour != Color::Reset, &mut whole);
        next.write_paper(Paper::Own, &mut whole);
        let mut codes = whole;
        let loses_weight = self.weight.difference(next.weight).intersects(KNOWN);
        let loses_paper = self.paper == Paper::White && next.paper == Paper::Own;
        if !loses_weight && !loses_paper {
            let mut step = Vec::new();
            let added = next.weight.difference(self.weight);
            next.write(added, next.colour != self.colour, &mut step);
            next.write_paper(self.paper, &mut step);
            let step = step.strip_prefix(b";").unwrap_or(&step).to_vec();
            if step.len() < codes.len() {
                codes = step;
            }
        }
        if codes == b"0" {
            codes.clear();
        }
        out.extend_from_slice(b"\x1b[");
        out.extend_from_slice(&codes);
        out.push(b'm');
    }

    /// Writes the code of its paper, unless it lies there already.
    fn write_paper(self, there: Paper, out: &mut Vec<u8>) {
        if self.paper == Paper::White && there == Paper::Own {
            out.extend_from_slice(b";107");
        }
    }

    /// Writes codes, each behind a semicolon.
    fn write(self, weight: Modifier, coloured: bool, out: &mut Vec<u8>) {
        for (modifier, code) in [
            (Modifier::BOLD, b'1'),
            (Modifier::DIM, b'2'),
            (Modifier::ITALIC, b'3'),
            (Modifier::UNDERLINED, b'4'),
            (Modifier::REVERSED, b'7'),
        ] {
            if weight.contains(modifier) {
                out.extend_from_slice(&[b';', code]);
            }
        }
        if !coloured {
            return;
        }
        let written = match self.colour {
            Color::Rgb(r, g, b) => write!(out, ";38;2;{r};{g};{b}"),
            Color::Indexed(index) => write!(out, ";38;5;{index}"),
            named => match colour_number(named) {
                None => write!(out, ";39"),
                Some(dark @ 0..8) => write!(out, ";{}", 30 + dark),
                Some(light) => write!(out, ";{}", 82 + u16::from(light)),
            },
        };
        debug_assert!(written.is_ok(), "a Vec takes every byte");
    }
}

/// Returns the number of a named or indexed colour.
const fn colour_number(colour: Color) -> Option<u8> {
    match colour {
        Color::Reset | Color::Rgb(..) => None,
        Color::Black => Some(0),
        Color::Red => Some(1),
        Color::Green => Some(2),
        Color::Yellow => Some(3),
        Color::Blue => Some(4),
        Color::Magenta => Some(5),
        Color::Cyan => Some(6),
        Color::Gray => Some(7),
        Color::DarkGray => Some(8),
        Color::LightRed => Some(9),
        Color::LightGreen => Some(10),
        Color::LightYellow => Some(11),
        Color::LightBlue => Some(12),
        Color::LightMagenta => Some(13),
        Color::LightCyan => Some(14),
        Color::White => Some(15),
        Color::Indexed(index) => Some(index),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(from: Pen, to: Pen) -> String {
        let mut out = Vec::new();
        from.change(to, &mut out);
        String::from_utf8(out).unwrap().replace('\x1b', "^")
    }

    fn pen(colour: Color, weight: Modifier) -> Pen {
        Pen {
            colour,
            weight,
            paper: Paper::Own,
        }
    }

    #[test]
    fn a_pen_changes_in_the_fewest_bytes() {
        let plain = Pen::PLAIN;
        let yellow = pen(Color::Yellow, Modifier::empty());
        let bold_yellow = pen(Color::Yellow, Modifier::BOLD);
        let red = pen(Color::LightRed, Modifier::empty());
        let rgb = pen(Color::Rgb(1, 2, 3), Modifier::empty());
        let printed = Pen {
            paper: Paper::White,
            ..pen(Color::Black, Modifier::empty())
        };
        for (from, to, want) in [
            (plain, plain, ""),
            (plain, yellow, "^[33m"),
            (yellow, bold_yellow, "^[1m"),
            (bold_yellow, yellow, "^[0;33m"),
            (bold_yellow, plain, "^[m"),
            (yellow, plain, "^[m"),
            (yellow, red, "^[91m"),
            (plain, rgb, "^[38;2;1;2;3m"),
            (plain, printed, "^[30;107m"),
            (bold_yellow, printed, "^[0;30;107m"),
            (printed, yellow, "^[0;33m"),
            (printed, plain, "^[m"),
            (
                plain,
                pen(Color::Indexed(215), Modifier::BOLD),
                "^[1;38;5;215m",
            ),
        ] {
            assert_eq!(change(from, to), want);
        }
    }

    #[test]
    fn colours_a_terminal_lacks_are_left_out() {
        let mut cell = Cell::new("x");
        cell.fg = Color::Rgb(1, 2, 3);
        assert_eq!(Pen::of(&cell, Depth::Sixteen), Pen::PLAIN);
        cell.fg = Color::Red;
        assert_eq!(Pen::of(&cell, Depth::None), Pen::PLAIN);
        assert_ne!(Pen::of(&cell, Depth::Sixteen), Pen::PLAIN);
        cell.bg = Color::White;
        assert_eq!(Pen::of(&cell, Depth::None), Pen::PLAIN);
        assert_eq!(Pen::of(&cell, Depth::Sixteen).paper(), Paper::White);
    }
}
