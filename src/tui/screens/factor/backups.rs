//! The backup codes of a second factor, shown this once.

use super::{NewKey, welcome_in};
use crate::{
    app::{factor::BackupCodes, login::Login},
    term::Key,
    tui::{Bind, Canvas, Effects, Screen, Token, View, screens::joining::MARGIN},
};

/// Columns of a code.
const COLUMN: u16 = 17;

/// The codes.
#[derive(Debug)]
pub struct Backups {
    codes: BackupCodes,
    /// Who comes in with them, unless they are in already.
    login: Option<(Login, NewKey)>,
}

impl Backups {
    /// Shows the codes to somebody in their account.
    pub const fn new(codes: BackupCodes) -> Self {
        Self { codes, login: None }
    }

    /// Shows the codes to somebody who comes in.
    pub const fn at_the_door(codes: BackupCodes, login: Login, key: NewKey) -> Self {
        Self {
            codes,
            login: Some((login, key)),
        }
    }
}

/// What its only key does.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Leaves the codes.
    Close,
}

impl Screen for Backups {
    type Action = Act;
    type Msg = ();
    const KEYS: &'static [Bind<Act>] = &[Bind::new(
        &[Key::Enter, Key::Esc, Key::Char('q')],
        "⏎",
        "I have them",
        Act::Close,
        "Goes on; the codes are not shown again.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        "Backup codes".to_owned()
    }

    fn act(&mut self, Act::Close: Act, _view: &View<'_>, fx: &mut Effects<'_, ()>) {
        match self.login.take() {
            Some((login, key)) => welcome_in(login, key, fx),
            None => fx.pop(),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let x = MARGIN;
        let width = canvas.width().saturating_sub(2 * x);
        let mut y = u16::from(!view.is_narrow());
        let text = "Note these codes now: you will not see them again. Each lets you in once when \
                    your app is not at hand.";
        y += canvas.paragraph((x, y), width, text, Token::Text) + 1;
        let column_width = COLUMN + if view.is_narrow() { 1 } else { 4 };
        let half = self.codes.len().div_ceil(2);
        for (column, codes) in (0..).zip(self.codes.chunks(half.max(1))) {
            for (row, code) in (0..).zip(codes) {
                let place = (x + column * column_width, y + row);
                canvas.text(place.0, place.1, code.expose(), Token::Accent);
            }
        }
    }
}
