//! Looking round without an account: what the board says about itself, and how
//! one joins. Guests never log in here.

use super::{
    joining::{self, Joining},
    wizard::Wizard,
};
use crate::{
    app::{Ruling, door::Front},
    domain::event::Event,
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Prose, Scroll},
    },
};

/// Looking round.
#[derive(Debug)]
pub struct Guest {
    front: Front,
    scroll: Scroll,
}

impl Guest {
    /// Shows the board to a guest.
    pub fn new(front: Front) -> Self {
        Self {
            front,
            scroll: Scroll::default(),
        }
    }
}

/// What it hears from the board.
#[derive(Debug)]
pub enum Msg {
    /// How things stand.
    Front(Ruling<Front>),
    /// How many are on line.
    OnLine(usize),
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Opens the wizard.
    Join,
}

impl Screen for Guest {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[Bind::new(
        &[Key::Char('r')],
        "r",
        "join",
        Act::Join,
        "Makes you an account here.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        "Looking round".to_owned()
    }

    fn status(&self, _view: &View<'_>) -> Option<String> {
        Some("guest".to_owned())
    }

    fn offers(&self, Act::Join: Act, view: &View<'_>) -> bool {
        Joining::of(&self.front, view.settings).is_possible()
    }

    fn word(&self, Act::Join: Act) -> Option<String> {
        Some(joining::verb(self.front.mode).to_owned())
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.reload(view, fx);
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        fx.load(
            "guest.front",
            |bbs, _actor, _visit| async move { bbs.front().await },
            Msg::Front,
        );
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Front(Ok(front)) => self.front = front,
            Msg::OnLine(count) => self.front.on_line = count,
            Msg::Front(Err(stop)) => fx.notice_bad(say::sentence(&stop)),
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match event {
            Event::SettingsChanged | Event::UsersChanged => self.reload(view, fx),
            // Often, when many call: this asks no file.
            Event::PresenceChanged => joining::count(fx, Msg::OnLine),
            _ => {}
        }
    }

    fn act(&mut self, Act::Join: Act, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        fx.push(Wizard::new(self.front.clone(), None, None, None));
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        self.scroll.key(key)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let settings = view.settings;
        let joining = Joining::of(&self.front, settings);
        let mut text =
            Prose::new(canvas.width()).say(settings.site_name.as_str(), Token::Accent.bold());
        if !settings.welcome_text.is_empty() {
            text = text.say(settings.welcome_text.as_str(), Token::Text);
        }
        text = text
            .say(&joining::crowd(&self.front), Token::Text)
            .gap()
            .say("Joining", Token::Dim)
            .say(&joining.sentence(), Token::Text);
        for (head, words) in [
            ("House rules", settings.house_rules.as_str()),
            ("Whom to ask", settings.site_contact.as_str()),
        ] {
            if !words.is_empty() {
                text = text.gap().say(head, Token::Dim).say(words, Token::Text);
            }
        }
        let (width, height) = (canvas.width(), canvas.height());
        let top = u16::from(height > 12);
        let mut page = canvas.part(0, top, width, height - top);
        self.scroll.draw(&mut page, &text);
    }
}
