//! One's own account: what it is, and the way to everything that can be
//! changed about it. The changing happens in the screens beneath.

mod delete;
mod key_line;
mod keys;
mod notices;
mod paste;

pub use keys::Keys;

use notices::Choices;

use super::{
    address::Address,
    factor::overview::{self as two_factor, TwoFactor},
    invites::{self, Invites},
    password::Password,
    sessions::Sessions,
};
use crate::{
    app::{Ruling, account::Own, invite::Whose},
    domain::{
        account::{Role, Status},
        event::Event,
    },
    store::account::Account,
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Prose, Scroll},
    },
    words,
};

/// The overview of one's account.
#[derive(Debug, Default)]
pub struct Overview {
    state: State,
    scroll: Scroll,
}

/// What is known of the account.
#[derive(Debug, Default)]
enum State {
    #[default]
    Loading,
    Ready(Box<Own>),
    Failed(String),
}

impl Overview {
    /// Makes the screen.
    pub fn new() -> Self {
        Self::default()
    }

    const fn own(&self) -> Option<&Own> {
        match &self.state {
            State::Ready(own) => Some(own),
            State::Loading | State::Failed(_) => None,
        }
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Opens the keys.
    Keys,
    /// Opens the password.
    Password,
    /// Opens two-factor login.
    Factor,
    /// Opens the address.
    Email,
    /// Opens the sessions.
    Sessions,
    /// Opens the invites.
    Invites,
    /// Opens by which ways one hears of what.
    Notices,
    /// Deletes the account.
    Delete,
}

impl Act {
    /// Returns how its entry is called, and what stands beside it.
    fn entry(self, own: &Own) -> (&'static str, String) {
        let account = &own.account;
        match self {
            Self::Keys => ("keys", count(own.keys.len(), "none", "key")),
            Self::Password if account.has_password => ("password", "set".to_owned()),
            Self::Password => ("password", "none; a key is your way in".to_owned()),
            Self::Email => ("address", address(account)),
            Self::Factor => ("two-factor", two_factor::entry(&own.factor)),
            Self::Sessions => ("sessions", count(own.sessions.len(), "none", "on line")),
            Self::Invites => ("invites", "let somebody in".to_owned()),
            Self::Notices => ("notices", "what you hear of, and how".to_owned()),
            Self::Delete => ("delete", "the account, for good".to_owned()),
        }
    }
}

/// Returns an address, and whether it is proven.
fn address(account: &Account) -> String {
    match &account.email {
        None => "none".to_owned(),
        Some(email) if account.email_proven => format!("{}, proven", email.as_str()),
        Some(email) => format!("{}, not proven", email.as_str()),
    }
}

/// Returns a number of things in words.
fn count(number: usize, none: &str, of: &str) -> String {
    match (number, of) {
        (0, _) => none.to_owned(),
        (1, _) | (_, "on line") => format!("{number} {of}"),
        _ => format!("{number} {of}s"),
    }
}

/// What it is told.
#[derive(Debug)]
pub enum Told {
    /// The account.
    Loaded(Ruling<Box<Own>>),
}

impl Screen for Overview {
    type Action = Act;
    type Msg = Told;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Char('k')],
            "k",
            "keys",
            Act::Keys,
            "Your keys: add, remove, bring one from another device.",
        ),
        Bind::new(
            &[Key::Char('p')],
            "p",
            "password",
            Act::Password,
            "Sets or changes your password.",
        ),
        Bind::new(
            &[Key::Char('t')],
            "t",
            "two-factor",
            Act::Factor,
            "A code from an app besides your key or password.",
        ),
        Bind::new(
            &[Key::Char('e')],
            "e",
            "address",
            Act::Email,
            "Sets, changes, proves or removes your e-mail address.",
        ),
        Bind::new(
            &[Key::Char('s')],
            "s",
            "sessions",
            Act::Sessions,
            "Where you are on line, and hanging up there.",
        ),
        Bind::new(
            &[Key::Char('i')],
            "i",
            "invites",
            Act::Invites,
            "Makes invites, and takes them back.",
        ),
        Bind::new(
            &[Key::Char('n')],
            "n",
            "notices",
            Act::Notices,
            "What you hear of by notice, by letter and with the bell.",
        ),
        Bind::quiet(
            &[Key::Char('d')],
            "d",
            Act::Delete,
            "Deletes your account and all it holds, after asking who you are.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Account".to_owned()
    }

    fn offers(&self, action: Act, view: &View<'_>) -> bool {
        match action {
            // The form asks for the present password only if there is one.
            Act::Password | Act::Email => self.own().is_some(),
            Act::Invites => invites::are_for(view),
            // Whoever was turned down asks a sysop (T14), and gets no further
            // than one screen.
            Act::Delete => self
                .own()
                .is_some_and(|own| own.account.status.edits_itself()),
            Act::Keys | Act::Factor | Act::Sessions | Act::Notices => true,
        }
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Told>) {
        self.reload(view, fx);
    }

    fn act(&mut self, action: Act, view: &View<'_>, fx: &mut Effects<'_, Told>) {
        match (action, self.own()) {
            (Act::Keys, _) => fx.push(Keys::new()),
            (Act::Password, Some(own)) => fx.push(Password::of(&own.account)),
            (Act::Email, Some(own)) => fx.push(Address::of(own)),
            (Act::Delete, Some(own)) => fx.push(delete::delete(own, view)),
            (Act::Password | Act::Email | Act::Delete, None) => {}
            (Act::Factor, _) => fx.push(TwoFactor::new()),
            (Act::Sessions, _) => fx.push(Sessions::own()),
            (Act::Notices, _) => fx.push(Choices::new()),
            (Act::Invites, _) => fx.push(Invites::new(Whose::Own)),
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Told>) -> Handled {
        self.scroll.key(key)
    }

    fn message(&mut self, told: Told, _view: &View<'_>, _fx: &mut Effects<'_, Told>) {
        match told {
            Told::Loaded(Ok(own)) => self.state = State::Ready(own),
            Told::Loaded(Err(stop)) => self.state = State::Failed(say::sentence(&stop)),
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Told>) {
        match event {
            Event::AccountChanged(id) if view.actor.account() == Some(id) => self.reload(view, fx),
            _ => {}
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Told>) {
        fx.load(
            "account",
            |bbs, actor, _| async move { bbs.own(&actor).await },
            |own| Told::Loaded(own.map(Box::new)),
        );
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let prose = Prose::new(canvas.width()).gap();
        let prose = match &self.state {
            State::Loading => prose.say("Looking…", Token::Dim),
            State::Failed(sentence) => prose.say(sentence, Token::Bad),
            State::Ready(own) => {
                let offered = Self::KEYS
                    .iter()
                    .filter(|bind| self.offers(bind.action, view));
                let prose = offered.fold(
                    prose.say(&standing(own, view), Token::Text).gap(),
                    |prose, bind| {
                        let (name, value) = bind.action.entry(own);
                        prose.entry(bind.label, name, 17, &value)
                    },
                );
                match own.account.status {
                    Status::Active => prose
                        .gap()
                        .say(&words::account::export(&own.export_line), Token::Dim),
                    _ => prose,
                }
            }
        };
        self.scroll.draw(canvas, &prose);
    }
}

/// Returns who one is here, in a line.
fn standing(own: &Own, view: &View<'_>) -> String {
    let account = &own.account;
    let what = match (account.status, account.role) {
        (Status::Active, Role::User) => "member".to_owned(),
        (Status::Active, role) => role.to_string(),
        (status, _) => status.to_string(),
    };
    let mut facts = vec![
        account.handle.to_string(),
        what,
        format!("here since {}", view.day_of(account.created_at)),
    ];
    if let Some(inviter) = &account.invited_by {
        facts.push(format!("invited by {inviter}"));
    }
    facts.join(" · ")
}
