//! One's e-mail address: set, changed or removed.

use crate::{
    app::Ruling,
    store::account::Account,
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Field, Focus},
    },
};

/// The longest address, in bytes.
const LONGEST: usize = 254;

/// Returns an account's address as its owner sees it.
pub(super) fn shown(account: &Account) -> String {
    match &account.email {
        Some(email) => email.as_str().to_owned(),
        None => "none".to_owned(),
    }
}

/// The form for one's address.
#[derive(Debug)]
pub(super) struct Email {
    field: Field,
    refusal: Option<String>,
    is_saving: bool,
}

impl Email {
    /// Makes the form with the address as it stands.
    pub(super) fn new(account: &Account) -> Self {
        let email = account.email.as_ref().map_or("", |email| email.as_str());
        Self {
            field: Field::new(LONGEST).with(email),
            refusal: None,
            is_saving: false,
        }
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    Save,
}

/// What its call answers.
#[derive(Debug)]
pub(super) struct Saved(Ruling<()>);

impl Screen for Email {
    type Action = Act;
    type Msg = Saved;
    const KEYS: &'static [Bind<Act>] = &[Bind::new(
        &[Key::Enter],
        "⏎",
        "save",
        Act::Save,
        "Saves the address; an empty line removes it.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        "Account ▸ Address".to_owned()
    }

    fn act(&mut self, Act::Save: Act, _view: &View<'_>, fx: &mut Effects<'_, Saved>) {
        if std::mem::replace(&mut self.is_saving, true) {
            return;
        }
        self.refusal = None;
        let text = self.field.text().to_owned();
        fx.call(
            "email.change",
            |bbs, actor, _| async move { bbs.change_email(&actor, &text).await },
            Saved,
        );
    }

    fn typing(&self) -> bool {
        true
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Saved>) -> Handled {
        self.field.key(key)
    }

    fn paste(&mut self, text: &str, _view: &View<'_>, _fx: &mut Effects<'_, Saved>) {
        self.field.paste(text);
    }

    fn message(&mut self, Saved(saved): Saved, _: &View<'_>, fx: &mut Effects<'_, Saved>) {
        self.is_saving = false;
        match saved {
            Ok(()) => {
                fx.notice(if self.field.is_empty() {
                    "Your address is removed."
                } else {
                    "Your address is saved."
                });
                fx.pop();
            }
            Err(stop) => self.refusal = Some(say::sentence(&stop)),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        let width = canvas.width().saturating_sub(5);
        let mut page = canvas.part(3, 1, width, u16::MAX);
        let text = "Only the sysops see it. Leave it empty and it is removed.";
        let mut y = page.paragraph((0, 0), width, text, Token::Text) + 1;
        let refusal = self.refusal.as_deref();
        y += self
            .field
            .draw_row(&mut page, (0, y), ("address", 9), Focus::Here, refusal);
        if self.is_saving {
            page.text(0, y + 1, "One moment…", Token::Dim);
        }
    }
}
