//! A row of filters or pages of which one is open: all of them where there is
//! room, the open one between its arrows where there is not.

use crate::tui::{Canvas, Token, View};

/// Draws the row at the top of a canvas.
pub fn draw(canvas: &mut Canvas<'_>, names: &[String], open: usize, view: &View<'_>) {
    if view.is_narrow() {
        let name = names.get(open).map_or("", String::as_str);
        canvas.text(1, 0, &format!("← {name} →"), Token::Accent.bold());
        return;
    }
    let mut x = 1;
    for (place, name) in names.iter().enumerate() {
        let ink = if place == open {
            Token::Accent.bold()
        } else {
            Token::Dim.into()
        };
        x = canvas.text(x, 0, name, ink) + 3;
    }
    canvas.text(x, 0, "← →", Token::Dim);
}
