//! Logging in with handle and password. It tells nothing about why a pair is
//! wrong, and what it is told is the same for every cause.

pub mod remember;

use super::{
    factor::{self, After, NewKey},
    joining::MARGIN,
};
use crate::{
    app::{Ruling, claim::Proof, entrance::Entrance, login::Login},
    domain::{handle::Handle, refusal, secret::Secret},
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Field, Focus},
    },
    words::session,
};

/// Characters of a handle that are taken: more than any has.
const HANDLE: usize = 40;
/// Characters of a password that are taken: one more than may be, so that a
/// longer one is refused and not cut.
const PASSWORD: usize = 257;
/// Columns for the labels.
const LABELS: u16 = 10;

/// Which field has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Handle,
    Password,
}

/// Logging in.
#[derive(Debug)]
pub struct LogIn {
    handle: Field,
    password: Field,
    slot: Slot,
    /// Why the last try failed; it stands under the password.
    refusal: Option<String>,
    is_waiting: bool,
    /// The right to run the board, if that is what the login is for.
    claim: Option<Proof>,
}

impl LogIn {
    /// Asks for handle and password; the name at the door may be the handle.
    pub fn new(handle: Option<Handle>) -> Self {
        let handle = handle.map(|handle| handle.to_string()).unwrap_or_default();
        let slot = if handle.is_empty() {
            Slot::Handle
        } else {
            Slot::Password
        };
        Self {
            handle: Field::new(HANDLE).with(&handle),
            password: Field::masked(PASSWORD),
            slot,
            refusal: None,
            is_waiting: false,
            claim: None,
        }
    }

    /// Asks somebody with an account who is about to claim the board.
    pub fn to_claim(handle: Option<Handle>, proof: Proof) -> Self {
        Self {
            claim: Some(proof),
            ..Self::new(handle)
        }
    }

    const fn field(&mut self) -> &mut Field {
        match self.slot {
            Slot::Handle => &mut self.handle,
            Slot::Password => &mut self.password,
        }
    }

    fn log_in(&mut self, fx: &mut Effects<'_, Msg>) {
        self.is_waiting = true;
        self.refusal = None;
        let handle = self.handle.text().to_owned();
        let password = Secret::new(self.password.text().to_owned());
        fx.call(
            "login.password",
            |bbs, _actor, visit| async move {
                let entrance = bbs.enter_by_password(&visit, &handle, &password).await?;
                // A login does not fail because the board can't tell this.
                let is_new = bbs.may_remember_key(&visit).await.unwrap_or(false);
                let key = if is_new {
                    NewKey::Offered
                } else {
                    NewKey::None
                };
                Ok((entrance, key))
            },
            Msg::Entered,
        );
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Takes the field.
    Next,
    /// Goes to the other field.
    Other,
}

/// What it hears.
#[derive(Debug)]
pub enum Msg {
    /// How the login went.
    Entered(Ruling<(Entrance, NewKey)>),
    /// How the claim went that the login was for.
    Claimed(Box<Login>, NewKey, Ruling<Login>),
}

impl Screen for LogIn {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter],
            "⏎",
            "log in",
            Act::Next,
            "Takes the field; after the password it logs in.",
        ),
        Bind::quiet(
            &[Key::Tab, Key::BackTab, Key::Up, Key::Down],
            "Tab ↑ ↓",
            Act::Other,
            "To the other field.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Log in".to_owned()
    }

    fn word(&self, action: Act) -> Option<String> {
        let is_next = matches!(action, Act::Next) && self.slot == Slot::Handle;
        is_next.then(|| "next".to_owned())
    }

    fn typing(&self) -> bool {
        true
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        if self.is_waiting {
            // What is typed ahead must not end up in the wrong field.
            return Handled::from(key.is_printable());
        }
        self.field().key(key)
    }

    fn paste(&mut self, text: &str, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) {
        if !self.is_waiting {
            self.field().paste(text);
        }
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match (action, self.slot) {
            _ if self.is_waiting => {}
            (Act::Next, Slot::Password) if self.handle.is_empty() => self.slot = Slot::Handle,
            (Act::Next, Slot::Password) => self.log_in(fx),
            (Act::Next | Act::Other, Slot::Handle) => self.slot = Slot::Password,
            (Act::Other, Slot::Password) => self.slot = Slot::Handle,
        }
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Entered(Err(stop)) if say::hangs_up(&stop) => {
                fx.hang_up(say::sentence(&stop) + "\n");
            }
            Msg::Entered(Err(stop)) => {
                self.is_waiting = false;
                self.refusal = Some(say::sentence(&stop));
                if say::field(&stop) == refusal::Field::Password {
                    // Nobody sees what is wrong in it.
                    self.password.clear();
                    self.slot = Slot::Password;
                }
            }
            Msg::Entered(Ok((entrance, key))) => {
                self.password.clear();
                match (entrance, self.claim.take()) {
                    (Entrance::In(login), Some(proof)) => {
                        self.is_waiting = true;
                        let actor = login.actor.clone();
                        fx.call(
                            "claim.account",
                            |bbs, _actor, visit| async move {
                                bbs.claim_with_account(&actor, &visit, &proof).await
                            },
                            move |claimed| Msg::Claimed(login, key, claimed),
                        );
                    }
                    (entrance, claim) => {
                        self.is_waiting = false;
                        let after = After {
                            claim,
                            key,
                            ..After::default()
                        };
                        factor::lead_on(entrance, after, fx);
                    }
                }
            }
            Msg::Claimed(_, key, Ok(sysop)) => {
                self.is_waiting = false;
                factor::welcome_in(sysop, key, fx);
                fx.notice(session::claimed());
            }
            Msg::Claimed(login, key, Err(stop)) => {
                self.is_waiting = false;
                factor::welcome_in(*login, key, fx);
                fx.notice_bad(say::sentence(&stop));
            }
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        let x = MARGIN;
        let mut y = u16::from(canvas.height() > 12) * 2;
        let width = canvas.width().saturating_sub(x);
        if self.claim.is_some() {
            let text = "The board becomes this account's.";
            y += canvas.paragraph((x, y), width, text, Token::Text) + 1;
        }
        let focus = |slot| Focus::when(slot == self.slot && !self.is_waiting);
        let label = ("handle", LABELS);
        y += self
            .handle
            .draw_row(canvas, (x, y), label, focus(Slot::Handle), None);
        let label = ("password", LABELS);
        let refusal = self.refusal.as_deref();
        y += self
            .password
            .draw_row(canvas, (x, y), label, focus(Slot::Password), refusal);
        if self.is_waiting {
            canvas.text(x, y + 1, "One moment…", Token::Dim);
        }
    }
}
