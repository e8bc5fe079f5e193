//! A picture as SVG: text on a grid, so that it stays sharp and can be read
//! aloud. Fonts differ, so every run of text is told how wide it is.

use std::fmt::Write as _;

use ratatui::style::{Color, Modifier};

use super::{Picture, Run};
use crate::term::sgr::Paper;

/// The size of a cell, and of the letters in it.
const CELL: (u16, u16) = (9, 20);
const FONT: u16 = 15;
/// From the top of a cell to the foot of its letters.
const BASELINE: u16 = 15;
/// Around the screen.
const MARGIN: u16 = 18;

/// The paper under a QR code.
const WHITE: &str = "#ffffff";

/// What letters stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Bright letters on a dark screen.
    Dark,
    /// Dark letters on paper.
    Light,
}

impl Ground {
    const fn paper(self) -> &'static str {
        match self {
            Self::Dark => "#1b1a18",
            Self::Light => "#f8f5ee",
        }
    }

    /// What a terminal writes with when it is told no colour.
    const fn ink(self) -> &'static str {
        match self {
            Self::Dark => "#d8d4cc",
            Self::Light => "#222222",
        }
    }
}

impl Picture {
    /// Returns the picture as SVG; `title` is what a reader without eyes hears.
    pub fn to_svg(&self, title: &str, ground: Ground) -> String {
        let (cell, line) = CELL;
        let rows = u16::try_from(self.rows.len()).unwrap_or(u16::MAX);
        let width = self.columns.saturating_mul(cell).saturating_add(2 * MARGIN);
        let height = rows.saturating_mul(line).saturating_add(2 * MARGIN);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" xml:space=\"preserve\" \
             font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" \
             font-size=\"{FONT}\">\n<title>{}</title>\n\
             <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{}\"/>\n",
            escaped(title),
            ground.paper(),
        );
        for (y, runs) in (0..).zip(&self.rows) {
            for run in runs {
                run.write(y, ground, &mut svg);
            }
        }
        if let Some((x, y)) = self.cursor {
            let (left, top) = corner(x, y);
            element(
                &mut svg,
                format_args!(
                    "<rect x=\"{left}\" y=\"{top}\" width=\"{cell}\" height=\"{line}\" \
                     fill=\"{}\" fill-opacity=\"0.5\"/>",
                    ground.ink()
                ),
            );
        }
        svg.push_str("</svg>\n");
        svg
    }
}

impl Run {
    fn write(&self, y: u16, ground: Ground, svg: &mut String) {
        let weight = self.pen.weight();
        let is_reversed = weight.contains(Modifier::REVERSED);
        let (left, top) = corner(self.column, y);
        let mut ink = colour(self.pen.colour()).unwrap_or_else(|| ground.ink().to_owned());
        let mut paper = match self.pen.paper() {
            Paper::Own => ground.paper().to_owned(),
            Paper::White => WHITE.to_owned(),
        };
        if is_reversed {
            std::mem::swap(&mut ink, &mut paper);
        }
        if paper != ground.paper() {
            let (cell, line) = CELL;
            let width = self.columns.saturating_mul(cell);
            element(
                svg,
                format_args!(
                    "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{line}\" \
                     fill=\"{paper}\"/>"
                ),
            );
        }
        let text = self.text.trim_end();
        let inner = text.trim_start();
        if inner.is_empty() {
            return;
        }
        // Blanks at both ends are one column each.
        let before = text.len() - inner.len();
        let after = self.text.len() - text.len();
        let columns = usize::from(self.columns).saturating_sub(before + after);
        let x = usize::from(left) + before * usize::from(CELL.0);
        let length = columns * usize::from(CELL.0);
        let mut style = String::new();
        for (modifier, attribute) in [
            (Modifier::BOLD, " font-weight=\"bold\""),
            (Modifier::DIM, " opacity=\"0.65\""),
            (Modifier::ITALIC, " font-style=\"italic\""),
            (Modifier::UNDERLINED, " text-decoration=\"underline\""),
        ] {
            if weight.contains(modifier) {
                style.push_str(attribute);
            }
        }
        let y = top + BASELINE;
        element(
            svg,
            format_args!(
                "<text x=\"{x}\" y=\"{y}\" textLength=\"{length}\" \
                 lengthAdjust=\"spacingAndGlyphs\" fill=\"{ink}\"{style}>{}</text>",
                escaped(inner)
            ),
        );
    }
}

/// Returns the upper left corner of a cell.
const fn corner(x: u16, y: u16) -> (u16, u16) {
    (
        x.saturating_mul(CELL.0).saturating_add(MARGIN),
        y.saturating_mul(CELL.1).saturating_add(MARGIN),
    )
}

fn element(svg: &mut String, element: std::fmt::Arguments<'_>) {
    let written = writeln!(svg, "{element}");
    debug_assert!(written.is_ok(), "a String takes every character");
}

/// Returns a colour as SVG has it. Screens are pictured in 24 bits; what is
/// left to the terminal is nothing.
fn colour(colour: Color) -> Option<String> {
    match colour {
        Color::Rgb(r, g, b) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
        Color::Black => Some("#000000".to_owned()),
        _ => None,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
