//! One line about one's account, in a form of its own: a public key that is
//! pasted, or the address.

use crate::{
    app::Ruling,
    domain::key::{KeyAdvice, PublicKey},
    store::account::Account,
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Field, Focus},
    },
};

/// The longest key that is taken: one of RSA with 16384 bits has 2800
/// characters.
const KEY: usize = 4_000;

/// The longest address, in bytes.
const ADDRESS: usize = 254;

/// What the line is about.
#[derive(Clone, Copy, Debug)]
enum What {
    Key,
    Address,
}

/// A form of one line.
#[derive(Debug)]
pub(super) struct Line {
    what: What,
    field: Field,
    refusal: Option<String>,
    is_saving: bool,
}

impl Line {
    const fn new(what: What, field: Field) -> Self {
        Self {
            what,
            field,
            refusal: None,
            is_saving: false,
        }
    }

    /// Makes the empty form for a public key: a claim, until its owner comes
    /// with it.
    pub(super) const fn key() -> Self {
        Self::new(What::Key, Field::new(KEY))
    }

    /// Makes the form for an address, with the one there is.
    pub(super) fn address(account: &Account) -> Self {
        let email = account.email.as_ref().map_or("", |email| email.as_str());
        Self::new(What::Address, Field::new(ADDRESS).with(email))
    }

    const fn label(&self) -> (&'static str, u16) {
        match self.what {
            What::Key => ("key", 5),
            What::Address => ("address", 9),
        }
    }

    const fn text(&self) -> &'static str {
        match self.what {
            What::Key => {
                "Paste a line of a .pub file. On your machine, ~/.ssh/id_ed25519.pub is the \
                 usual one."
            }
            What::Address => "Only the sysops see it. Leave it empty and it is removed.",
        }
    }
}

/// Returns what is said of a key that was added.
fn added(key: &PublicKey) -> String {
    let short = key.fingerprint().short();
    match key.advice() {
        Some(KeyAdvice::ShortRsa) => {
            format!("Added {short}. RSA of 3072 bits or ed25519 would last longer.")
        }
        None => format!("Added {short}. Call with it once to prove it is yours."),
    }
}

/// What its key does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    Save,
}

/// What its call answers: what is said when it went well.
#[derive(Debug)]
pub(super) struct Saved(Ruling<String>);

impl Screen for Line {
    type Action = Act;
    type Msg = Saved;
    const KEYS: &'static [Bind<Act>] = &[Bind::new(
        &[Key::Enter],
        "⏎",
        "save",
        Act::Save,
        "Saves the line.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        match self.what {
            What::Key => "Account ▸ Keys ▸ Add".to_owned(),
            What::Address => "Account ▸ Address".to_owned(),
        }
    }

    fn act(&mut self, Act::Save: Act, _view: &View<'_>, fx: &mut Effects<'_, Saved>) {
        if std::mem::replace(&mut self.is_saving, true) {
            return;
        }
        self.refusal = None;
        let text = self.field.text().to_owned();
        match self.what {
            What::Key => fx.call(
                "key.paste",
                |bbs, actor, _| async move {
                    let key = bbs.paste_key(&actor, &text).await?;
                    Ok(added(&key))
                },
                Saved,
            ),
            What::Address => fx.call(
                "email.change",
                |bbs, actor, _| async move {
                    bbs.change_email(&actor, &text).await?;
                    Ok("Your address is saved.".to_owned())
                },
                Saved,
            ),
        }
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
            Ok(sentence) => {
                fx.notice(sentence);
                fx.pop();
            }
            Err(stop) => self.refusal = Some(say::sentence(&stop)),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        let width = canvas.width().saturating_sub(5);
        let mut page = canvas.part(3, 1, width, u16::MAX);
        let mut y = page.paragraph((0, 0), width, self.text(), Token::Text) + 1;
        let refusal = self.refusal.as_deref();
        y += self
            .field
            .draw_row(&mut page, (0, y), self.label(), Focus::Here, refusal);
        if self.is_saving {
            page.text(0, y + 1, "One moment…", Token::Dim);
        }
    }
}
