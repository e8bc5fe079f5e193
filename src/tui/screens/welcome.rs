//! Where a caller without a place arrives. A placeholder that proves the
//! engine; it leads nowhere yet.

use crate::{
    term::Key,
    tui::{Bind, Canvas, Effects, Screen, Shape, Token, View},
};

/// The welcome.
#[derive(Debug, Default)]
pub struct Welcome;

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Hangs up.
    Quit,
}

impl Screen for Welcome {
    type Action = Act;
    type Msg = ();
    const KEYS: &'static [Bind<Act>] = &[Bind::new(
        &[Key::Char('q')],
        "q",
        "hang up",
        Act::Quit,
        "Ends the call.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        "Welcome".to_owned()
    }

    fn shape(&self, _view: &View<'_>) -> Shape {
        Shape::Bare
    }

    fn act(&mut self, Act::Quit: Act, _view: &View<'_>, fx: &mut Effects<'_, ()>) {
        fx.hang_up("Goodbye.\n");
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        canvas.text(3, 2, view.settings.site_name.as_str(), Token::Accent.bold());
    }
}
