//! What somebody finds whose account lets them in no more, or not yet: that,
//! the reason, and the way out. Nothing else can be done here.

use crate::{
    domain::account::Status,
    store::account::Account,
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View,
        widgets::{Prose, Scroll},
    },
    words::{activation, session, standing},
};

/// The end of the road for an account.
#[derive(Debug)]
pub struct ShutOut {
    account: Account,
    scroll: Scroll,
}

impl ShutOut {
    /// Makes the screen of an account that was rejected or suspended, or waits
    /// for its code.
    pub fn new(account: Account) -> Self {
        Self {
            account,
            scroll: Scroll::default(),
        }
    }

    fn sentence(&self, view: &View<'_>) -> String {
        match (self.account.status, self.account.status_until) {
            (Status::Suspended, Some(end)) => {
                let end = format!("{}, {}", view.day_of(end), view.time_of(end));
                standing::suspended_until(&end)
            }
            _ if self.account.is_prepared() => activation::waits().to_owned(),
            (status, _) => standing::standing(status).to_owned(),
        }
    }
}

/// What its key does.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Hangs up.
    Quit,
}

impl Screen for ShutOut {
    type Action = Act;
    type Msg = ();
    const KEYS: &'static [Bind<Act>] = &[Bind::new(
        &[Key::Char('q')],
        "q",
        "hang up",
        Act::Quit,
        "Ends the call.",
    )];

    fn path(&self, view: &View<'_>) -> String {
        view.settings.site_name.to_string()
    }

    fn act(&mut self, Act::Quit: Act, _view: &View<'_>, fx: &mut Effects<'_, ()>) {
        fx.hang_up(session::goodbye());
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, ()>) -> Handled {
        self.scroll.key(key)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let mut prose = Prose::new(canvas.width())
            .gap()
            .say(&self.sentence(view), Token::Text.bold());
        if let Some(reason) = &self.account.status_reason {
            prose = prose.gap().quote(reason);
        }
        let contact = view.settings.site_contact.as_str();
        if !contact.is_empty() {
            prose = prose
                .gap()
                .say("Whom to ask", Token::Dim)
                .say(contact, Token::Text);
        }
        self.scroll.draw(canvas, &prose);
    }
}
