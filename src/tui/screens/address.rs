//! One's address: changing it, and proving it with the code of a letter, in
//! Account or before one comes in. Nothing here tells whether the address is
//! known to the board already.

use super::joining::MARGIN;
use crate::{
    app::{Ruling, account::Own},
    domain::{event::Event, secret::Secret},
    store::account::Account,
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Confirm, Field, Focus},
    },
    words::{address, session, standing},
};

/// The longest address, and one more, so that it can be refused.
const EMAIL: usize = 255;
/// Characters of a code that are taken; people put blanks and hyphens in.
const CODE: usize = 40;
/// Columns for the labels.
const LABELS: u16 = 9;

/// A field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Code,
    Email,
}

/// Where the screen stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In Account.
    Account,
    /// Before one comes in.
    Door,
}

/// The screen of one's address.
#[derive(Debug)]
pub struct Address {
    account: Account,
    place: Place,
    mail_leaves: bool,
    code: Field,
    email: Field,
    slot: Slot,
    /// What is wrong, and under which field.
    refusal: Option<(Slot, String)>,
    is_waiting: bool,
}

impl Address {
    /// Makes the screen of an account; a code comes first while there is one to
    /// type.
    pub fn of(own: &Own) -> Self {
        Self::new(own.account.clone(), Place::Account, own.mail_leaves)
    }

    /// Makes the screen of somebody who must prove an address first.
    pub fn at_the_door(account: Account) -> Self {
        // Whether letters leave is asked when it starts.
        Self::new(account, Place::Door, true)
    }

    fn new(account: Account, place: Place, mail_leaves: bool) -> Self {
        let mut screen = Self {
            account,
            place,
            mail_leaves,
            code: Field::new(CODE),
            email: Field::new(EMAIL),
            slot: Slot::Email,
            refusal: None,
            is_waiting: false,
        };
        screen.lay_out();
        screen
    }

    /// Takes the account as it stands now.
    fn lay_out(&mut self) {
        let email = self.account.email.as_ref();
        self.email.set(email.map_or("", |email| email.as_str()));
        self.code.clear();
        self.slot = if self.can_prove() {
            Slot::Code
        } else {
            Slot::Email
        };
    }

    /// Whether there is an address to prove, and a way for its code; it may have
    /// come before.
    fn can_prove(&self) -> bool {
        let is_unproven = self.account.email.is_some() && !self.account.email_proven;
        is_unproven && (self.mail_leaves || self.place == Place::Door)
    }

    /// Returns what the code is for, and what to do.
    fn text(&self) -> String {
        let email = self
            .account
            .email
            .as_ref()
            .map_or("", |email| email.as_str());
        match self.place {
            Place::Account => address::prove().to_owned(),
            Place::Door if self.mail_leaves => address::check(email),
            Place::Door => address::no_letter().to_owned(),
        }
    }

    const fn field(&mut self) -> &mut Field {
        match self.slot {
            Slot::Code => &mut self.code,
            Slot::Email => &mut self.email,
        }
    }

    fn begin(&mut self) {
        self.is_waiting = true;
        self.refusal = None;
    }

    fn save(&mut self, fx: &mut Effects<'_, Msg>) {
        self.begin();
        let text = self.email.text().to_owned();
        fx.call(
            "email.change",
            |bbs, actor, visit| async move { bbs.change_email(&actor, &visit, &text).await },
            |changed| Msg::Changed(changed.map(Box::new)),
        );
    }

    fn prove(&mut self, fx: &mut Effects<'_, Msg>) {
        self.begin();
        let code = Secret::new(self.code.text().to_owned());
        fx.call(
            "email.prove",
            |bbs, actor, _| async move { bbs.prove_address(&actor, &code).await.map(drop) },
            Msg::Proven,
        );
    }

    fn ask(&mut self, fx: &mut Effects<'_, Msg>) {
        self.begin();
        fx.call(
            "email.ask",
            |bbs, actor, visit| async move { bbs.ask_for_address_code(&actor, &visit).await },
            Msg::Asked,
        );
    }

    fn changed(&mut self, account: Account, fx: &mut Effects<'_, Msg>) {
        let is_new = account.email != self.account.email;
        self.account = account;
        if is_new && self.can_prove() {
            fx.notice(address::code_leaves());
            self.lay_out();
        } else if self.place == Place::Door {
            self.lay_out();
        } else {
            fx.notice(address::saved());
            fx.pop();
        }
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Takes the field.
    Take,
    /// Asks for a code.
    Ask,
    /// Goes to the other field.
    Other,
    /// Asks before taking the registration back.
    Withdraw,
    /// Hangs up, or goes back.
    Leave,
}

/// What it hears.
#[derive(Debug)]
pub enum Msg {
    /// The address is changed, or not.
    Changed(Ruling<Box<Account>>),
    /// A code was asked for.
    Asked(Ruling<()>),
    /// The address is proven, or not.
    Proven(Ruling<()>),
    /// The account as it stands.
    Loaded(Ruling<Box<Own>>),
    /// They mean it.
    Withdraw,
    /// The registration is gone, or not.
    Withdrawn(Ruling<()>),
}

impl Screen for Address {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter],
            "⏎",
            "save",
            Act::Take,
            "Takes the code, or saves the address.",
        ),
        Bind::new(
            &[Key::Ctrl('r')],
            "^R",
            "send a code",
            Act::Ask,
            "Sends a letter with a new code; the older ones stop working.",
        ),
        Bind::quiet(
            &[Key::Tab, Key::BackTab, Key::Up, Key::Down],
            "Tab ↑ ↓",
            Act::Other,
            "To the other field.",
        ),
        Bind::new(
            &[Key::Ctrl('x')],
            "^X",
            "withdraw",
            Act::Withdraw,
            "Takes the registration back, after a question.",
        ),
        Bind::new(
            &[Key::Esc],
            "Esc",
            "hang up",
            Act::Leave,
            "Leaves the address as it is; the code may be typed in another call.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        match self.place {
            Place::Account => "Account ▸ Address".to_owned(),
            Place::Door => "Check your e-mail".to_owned(),
        }
    }

    fn offers(&self, action: Act, _view: &View<'_>) -> bool {
        match action {
            Act::Ask => self.can_prove() && self.mail_leaves,
            Act::Other => self.can_prove(),
            Act::Withdraw => self.place == Place::Door,
            Act::Take | Act::Leave => true,
        }
    }

    fn word(&self, action: Act) -> Option<String> {
        let word = match (action, self.slot, self.place) {
            (Act::Take, Slot::Code, _) => "prove it",
            (Act::Take, Slot::Email, Place::Door) => "send it there",
            (Act::Leave, _, Place::Account) => "back",
            _ => return None,
        };
        Some(word.to_owned())
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if self.place == Place::Door {
            self.reload(view, fx);
        }
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
            (Act::Leave, _) if self.place == Place::Account => fx.pop(),
            (Act::Leave, _) => fx.hang_up(session::goodbye()),
            _ if self.is_waiting => {}
            (Act::Take, Slot::Code) if self.code.is_empty() => {}
            (Act::Take, Slot::Code) => self.prove(fx),
            (Act::Take, Slot::Email) => self.save(fx),
            (Act::Ask, _) => self.ask(fx),
            (Act::Other, Slot::Code) => self.slot = Slot::Email,
            (Act::Other, Slot::Email) => self.slot = Slot::Code,
            (Act::Withdraw, _) => {
                let [title, text, yes, no] = standing::withdraw();
                let reply = fx.reply(|()| Msg::Withdraw);
                fx.push(Confirm::new(title, text, yes, no, reply));
            }
        }
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.is_waiting = false;
        match msg {
            Msg::Changed(Ok(account)) => self.changed(*account, fx),
            Msg::Changed(Err(stop)) => self.refusal = Some((Slot::Email, say::sentence(&stop))),
            Msg::Asked(Ok(())) => {
                self.slot = Slot::Code;
                self.code.clear();
                fx.notice(address::code_leaves());
            }
            // The session leads on by itself.
            Msg::Proven(Ok(())) if self.place == Place::Door => {}
            Msg::Withdraw => fx.call(
                "account.withdraw",
                |bbs, actor, _| async move { bbs.withdraw(&actor).await },
                Msg::Withdrawn,
            ),
            Msg::Withdrawn(Ok(())) => fx.hang_up(session::gone()),
            Msg::Withdrawn(Err(stop)) => fx.notice_bad(say::sentence(&stop)),
            Msg::Proven(Ok(())) => {
                fx.notice(address::proven());
                fx.pop();
            }
            Msg::Asked(Err(stop)) | Msg::Proven(Err(stop)) => {
                self.refusal = Some((Slot::Code, say::sentence(&stop)));
            }
            Msg::Loaded(Ok(own)) => {
                let is_news = own.account.email != self.account.email
                    || own.account.email_proven != self.account.email_proven;
                self.account = own.account;
                self.mail_leaves = own.mail_leaves;
                if is_news {
                    self.lay_out();
                }
            }
            // What is shown stays as it was.
            Msg::Loaded(Err(_)) => {}
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match event {
            // One's own doing is told by the answer.
            Event::AccountChanged(id) if id == self.account.id && !self.is_waiting => {
                self.reload(view, fx);
            }
            _ => {}
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        fx.load(
            "account",
            |bbs, actor, _| async move { bbs.own(&actor).await },
            |own| Msg::Loaded(own.map(Box::new)),
        );
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        let (x, mut y) = (MARGIN, u16::from(canvas.height() > 12));
        let width = canvas.width().saturating_sub(2 * x);
        if self.can_prove() {
            y += canvas.paragraph((x, y), width, &self.text(), Token::Text) + 1;
        }
        let fields = [
            (Slot::Code, "code", &self.code),
            (Slot::Email, "address", &self.email),
        ];
        for (slot, label, field) in fields {
            if slot == Slot::Code && !self.can_prove() {
                continue;
            }
            let refusal = self.refusal.as_ref().filter(|(under, _)| *under == slot);
            let refusal = refusal.map(|(_, sentence)| sentence.as_str());
            let focus = Focus::when(slot == self.slot && !self.is_waiting);
            y += field.draw_row(canvas, (x, y), (label, LABELS), focus, refusal);
        }
        let hint = match self.place {
            _ if self.is_waiting => "One moment…",
            Place::Account => address::who_sees(),
            Place::Door => address::wrong_one(),
        };
        canvas.paragraph((x, y + 1), width, hint, Token::Dim);
    }
}
