//! A code for somebody else, shown this once. What it is for is whoever made it
//! to know.

use crate::{
    domain::{clock::Timestamp, secret::Secret},
    term::{Key, glyph},
    tui::{Bind, Canvas, Effects, Screen, Shape, Token, View, wrap},
};

/// The card with a code.
#[derive(Debug)]
pub struct Shown {
    /// What stands in the border.
    pub title: String,
    /// The code in groups.
    pub code: Secret<String>,
    /// The line that calls with it.
    pub line: Secret<String>,
    /// Until when it works, if it ends.
    pub until: Option<Timestamp>,
}

/// What its only key does.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Closes the card.
    Close,
}

impl Shown {
    fn text(&self, view: &View<'_>) -> Vec<(String, Token)> {
        let end = self.until.map_or_else(String::new, |end| {
            format!(" It works until {}.", view.date_of(end))
        });
        vec![
            (self.code.expose().clone(), Token::Accent),
            (String::new(), Token::Text),
            ("Or all in one, for their terminal:".to_owned(), Token::Dim),
            (self.line.expose().clone(), Token::Accent),
            (String::new(), Token::Text),
            (
                format!("Note it now: you will not see it again.{end}"),
                Token::Text,
            ),
        ]
    }

    fn width(&self, view: &View<'_>) -> u16 {
        let line = glyph::width(self.line.expose());
        let most = view.size.width.saturating_sub(6);
        u16::try_from(line).unwrap_or(most).max(44).min(most)
    }
}

impl Screen for Shown {
    type Action = Act;
    type Msg = ();
    const KEYS: &'static [Bind<Act>] = &[Bind::new(
        &[Key::Esc],
        "Esc",
        "I have it",
        Act::Close,
        "Closes the card; the code is not shown again.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        self.title.clone()
    }

    fn shape(&self, view: &View<'_>) -> Shape {
        let width = self.width(view);
        let rows = self.text(view);
        let rows = rows.iter().map(|(text, _)| wrap::wrap(text, width).len());
        Shape::Card {
            width,
            height: u16::try_from(rows.sum::<usize>()).unwrap_or(u16::MAX),
            title: self.path(view),
        }
    }

    fn act(&mut self, Act::Close: Act, _view: &View<'_>, fx: &mut Effects<'_, ()>) {
        fx.pop();
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let width = canvas.width();
        let mut y = 0;
        for (text, token) in self.text(view) {
            y += canvas.paragraph((0, y), width, &text, token);
        }
    }
}
