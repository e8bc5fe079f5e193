//! A code for somebody else, shown this once, also to a telephone. What it is
//! for is whoever made it to know.

use crate::{
    domain::{clock::Timestamp, secret::Secret},
    term::{Key, glyph},
    tui::{Bind, Canvas, Effects, Screen, Shape, Token, View, widgets::Qr, wrap},
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
    /// The same as a link, if a telephone may scan it.
    pub link: Option<Secret<String>>,
    /// Until when it works, if it ends.
    pub until: Option<Timestamp>,
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Shows it to a telephone.
    Scan,
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
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Char('s')],
            "s",
            "scan",
            Act::Scan,
            "Draws the line for the camera of a telephone.",
        ),
        Bind::new(
            &[Key::Esc],
            "Esc",
            "I have it",
            Act::Close,
            "Closes the card; the code is not shown again.",
        ),
    ];

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

    fn offers(&self, action: Act, _view: &View<'_>) -> bool {
        match action {
            Act::Scan => self.link.is_some(),
            Act::Close => true,
        }
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, ()>) {
        match (action, &self.link) {
            (Act::Scan, Some(link)) => {
                if let Some(qr) = Qr::of(&[link.expose()]) {
                    fx.push(Scan(qr));
                }
            }
            (Act::Scan, None) => {}
            (Act::Close, _) => fx.pop(),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let width = canvas.width();
        let mut y = 0;
        for (text, token) in self.text(view) {
            y += canvas.paragraph((0, y), width, &text, token);
        }
    }
}

/// The card that a telephone is held up to.
#[derive(Debug)]
struct Scan(Qr);

impl Screen for Scan {
    type Action = ();
    type Msg = ();
    const KEYS: &'static [Bind<()>] = &[Bind::new(
        &[Key::Esc, Key::Char('q')],
        "Esc",
        "back",
        (),
        "Back to the code.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        "For a telephone".to_owned()
    }

    fn shape(&self, view: &View<'_>) -> Shape {
        let (width, height) = self.0.size(view.look.charset);
        let (most, rows) = (view.size.width, view.size.height);
        // What is too large says so, in a card that is not.
        let fits = width + 6 <= most && height + 6 <= rows;
        Shape::Card {
            width: if fits { width } else { 30 },
            height: if fits { height } else { 5 },
            title: self.path(view),
        }
    }

    fn act(&mut self, (): (), _view: &View<'_>, fx: &mut Effects<'_, ()>) {
        fx.pop();
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        self.0.draw(canvas);
    }
}
