//! What everybody but staff finds while the board is looked after: the sysop's
//! words, and the way out.

use super::login::LogIn;
use crate::{
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View,
        widgets::{Prose, Scroll},
    },
    words::session,
};

/// The closed door.
#[derive(Debug, Default)]
pub struct Maintenance {
    scroll: Scroll,
}

impl Maintenance {
    /// Makes the screen.
    pub fn new() -> Self {
        Self::default()
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Logs staff in.
    LogIn,
    /// Hangs up.
    Quit,
}

impl Screen for Maintenance {
    type Action = Act;
    type Msg = ();
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Char('l')],
            "l",
            "staff log in",
            Act::LogIn,
            "Logs in by handle and password, if you look after this board.",
        ),
        Bind::new(
            &[Key::Char('q'), Key::Enter],
            "q",
            "hang up",
            Act::Quit,
            "Ends the call.",
        ),
    ];

    fn path(&self, view: &View<'_>) -> String {
        view.settings.site_name.to_string()
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, ()>) {
        match action {
            Act::LogIn => fx.push(LogIn::new(None)),
            Act::Quit => fx.hang_up(session::goodbye()),
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, ()>) -> Handled {
        self.scroll.key(key)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let mut prose = Prose::new(canvas.width())
            .gap()
            .say(session::only_staff(), Token::Text.bold());
        let note = view.settings.maintenance_note.as_str();
        if !note.is_empty() {
            prose = prose.gap().quote(note);
        }
        let prose = prose.gap().say(session::call_later(), Token::Text);
        self.scroll.draw(canvas, &prose);
    }
}
