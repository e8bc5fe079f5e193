//! After a login by password: shall the key of this call be a way in?

use crate::{
    app::{Ruling, login::Login},
    term::Key,
    tui::{
        Bind, Canvas, Effects, Screen, Shape, Token, View, route, say, screens::joining::key_name,
        wrap,
    },
};

/// Columns inside the card.
const WIDTH: u16 = 46;

/// The question.
#[derive(Debug)]
pub struct Remember {
    login: Login,
    is_waiting: bool,
}

impl Remember {
    /// Asks somebody who is logged in.
    pub const fn new(login: Login) -> Self {
        Self {
            login,
            is_waiting: false,
        }
    }
}

/// Returns what the card says.
fn text(view: &View<'_>) -> String {
    let key = view.visit.key.as_ref().map(key_name).unwrap_or_default();
    format!("You came with {key}. Remembered, it lets you in without a password.")
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Remembers it.
    Yes,
    /// Does not.
    No,
}

impl Screen for Remember {
    type Action = Act;
    type Msg = Ruling<()>;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter, Key::Char('y')],
            "⏎",
            "remember",
            Act::Yes,
            "Adds the key to your account.",
        ),
        Bind::new(
            &[Key::Esc, Key::Char('n'), Key::Char('q')],
            "Esc",
            "not now",
            Act::No,
            "Goes on without it.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Remember this key".to_owned()
    }

    fn shape(&self, view: &View<'_>) -> Shape {
        let width = WIDTH.min(view.size.width.saturating_sub(6));
        let rows = wrap::wrap(&text(view), width).len();
        Shape::Card {
            width,
            height: u16::try_from(rows).unwrap_or(u16::MAX),
            title: "Remember this key for next time?".to_owned(),
        }
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        match action {
            _ if self.is_waiting => {}
            Act::No => fx.reset(route::home(&self.login)),
            Act::Yes => {
                self.is_waiting = true;
                let actor = self.login.actor.clone();
                fx.call(
                    "login.remember_key",
                    |bbs, _actor, visit| async move { bbs.remember_key(&actor, &visit).await },
                    |done| done,
                );
            }
        }
    }

    fn message(&mut self, done: Ruling<()>, _view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        fx.reset(route::home(&self.login));
        match done {
            Ok(()) => fx.notice("From now on this key lets you in."),
            Err(stop) => fx.notice_bad(say::sentence(&stop)),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let width = canvas.width();
        canvas.paragraph((0, 0), width, &text(view), Token::Text);
    }
}
