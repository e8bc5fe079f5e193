//! A row of filters or pages of which one is open: as many of them as there is
//! room for, on a narrow terminal the open one between its arrows.

use crate::{
    term::glyph,
    tui::{Canvas, Token, View},
};

/// Columns between two names, and of the arrows.
const GAP: u16 = 3;

/// Draws the row at the top of a canvas.
pub fn draw(canvas: &mut Canvas<'_>, names: &[String], open: usize, view: &View<'_>) {
    if view.is_narrow() {
        let name = names.get(open).map_or("", String::as_str);
        canvas.text(1, 0, &format!("← {name} →"), Token::Accent.bold());
        return;
    }
    let mut x = 1;
    let first = first(names, open, canvas.width());
    for (place, name) in names.iter().enumerate().skip(first) {
        let ink = if place == open {
            Token::Accent.bold()
        } else {
            Token::Dim.into()
        };
        x = canvas.text(x, 0, name, ink) + GAP;
    }
    canvas.text(x, 0, "← →", Token::Dim);
}

/// Returns the first name that is drawn, so that the open one is whole.
fn first(names: &[String], open: usize, width: u16) -> usize {
    let mut left = usize::from(width);
    let before = names.iter().enumerate().take(open + 1).rev();
    let fitting = before.take_while(|(_, name)| {
        let taken = glyph::width(name) + usize::from(GAP);
        left.checked_sub(taken).is_some_and(|rest| {
            left = rest;
            true
        })
    });
    fitting.last().map_or(open, |(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_one_is_always_whole() {
        let names = ["All 100000", "Queued 99999", "Failed 1"].map(str::to_owned);
        assert_eq!(first(&names, 2, 80), 0);
        assert_eq!(first(&names, 2, 30), 1);
        assert_eq!(first(&names, 2, 12), 2);
        assert_eq!(first(&names, 0, 5), 0);
    }
}
