//! What a terminal shows, as text or as an SVG picture. It draws no screen and
//! writes to no terminal.

mod svg;

use std::fmt;

use ratatui::buffer::Buffer;

pub use svg::Ground;

use super::{caps::Caps, glyph::Glyph, sgr::Pen};

/// What a terminal shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    columns: u16,
    rows: Vec<Vec<Run>>,
    cursor: Option<(u16, u16)>,
}

/// Characters that stand side by side and were written with one pen.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    column: u16,
    columns: u16,
    text: String,
    pen: Pen,
}

impl Picture {
    /// Returns what a terminal shows of `buffer`.
    pub fn of(buffer: &Buffer, caps: Caps, cursor: Option<(u16, u16)>) -> Self {
        let rows = (0..buffer.area.height).map(|y| row(buffer, y, caps));
        Self {
            columns: buffer.area.width,
            rows: rows.collect(),
            cursor,
        }
    }
}

fn row(buffer: &Buffer, y: u16, caps: Caps) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut column = 0;
    while let Some(cell) = buffer.cell((column, y)) {
        let Glyph { text, columns } = Glyph::of(cell.symbol(), caps.charset);
        let pen = Pen::of(cell, caps.depth);
        match runs.last_mut() {
            Some(run) if run.pen == pen => {
                run.text.push_str(&text);
                run.columns += columns;
            }
            _ => runs.push(Run {
                column,
                columns,
                text: text.into_owned(),
                pen,
            }),
        }
        column += columns;
    }
    runs
}

/// The text alone, a line a row.
impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for runs in &self.rows {
            let row: String = runs.iter().map(|run| run.text.as_str()).collect();
            writeln!(f, "{}", row.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Style};

    use super::*;
    use crate::term::image::MODERN;

    fn picture() -> Picture {
        let mut buffer = Buffer::with_lines(["ab <c>", "林 &  "]);
        buffer.set_style(
            ratatui::layout::Rect::new(1, 0, 1, 1),
            Style::new().fg(Color::Rgb(1, 2, 3)).bold(),
        );
        Picture::of(&buffer, MODERN, Some((2, 1)))
    }

    #[test]
    fn text_is_what_the_rows_say() {
        assert_eq!(picture().to_string(), "ab <c>\n林 &\n");
    }

    #[test]
    fn an_svg_shows_dark_on_white_paper_whatever_it_lies_on() {
        let printed = Style::new().fg(Color::Black).bg(Color::White);
        let mut buffer = Buffer::with_lines(["▀"]);
        buffer.set_style(buffer.area, printed);
        let svg = Picture::of(&buffer, MODERN, None).to_svg("A code", Ground::Dark);
        assert!(svg.contains(r##"fill="#ffffff"/>"##), "{svg}");
        assert!(svg.contains(r##"fill="#000000">▀"##), "{svg}");
    }

    #[test]
    fn an_svg_keeps_colours_places_and_signs() {
        let svg = picture().to_svg("A picture", Ground::Dark);
        assert!(svg.contains(r##"fill="#010203""##), "{svg}");
        assert!(svg.contains("&lt;c&gt;"), "{svg}");
        assert!(svg.contains("林 &amp;"), "{svg}");
        assert!(svg.contains("<title>A picture</title>"), "{svg}");
    }
}
