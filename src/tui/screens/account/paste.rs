//! A public key that is pasted, in a form of its own.

use crate::{
    app::Ruling,
    domain::key::{KeyAdvice, PublicKey},
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Field, Focus},
    },
};

/// The longest key that is taken: one of RSA with 16384 bits has 2800
/// characters.
const KEY: usize = 4_000;

const TEXT: &str =
    "Paste a line of a .pub file. On your machine, ~/.ssh/id_ed25519.pub is the usual one.";

/// The form for a public key that is pasted: a claim, until its owner comes with
/// it.
#[derive(Debug)]
pub(super) struct Paste {
    field: Field,
    refusal: Option<String>,
    is_saving: bool,
}

impl Paste {
    /// Makes the empty form.
    pub(super) const fn new() -> Self {
        Self {
            field: Field::new(KEY),
            refusal: None,
            is_saving: false,
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

/// What its call answers.
#[derive(Debug)]
pub(super) struct Saved(Ruling<PublicKey>);

impl Screen for Paste {
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
        "Account ▸ Keys ▸ Add".to_owned()
    }

    fn act(&mut self, Act::Save: Act, _view: &View<'_>, fx: &mut Effects<'_, Saved>) {
        if std::mem::replace(&mut self.is_saving, true) {
            return;
        }
        self.refusal = None;
        let text = self.field.text().to_owned();
        fx.call(
            "key.paste",
            |bbs, actor, _| async move { bbs.paste_key(&actor, &text).await },
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
            Ok(key) => {
                fx.notice(added(&key));
                fx.pop();
            }
            Err(stop) => self.refusal = Some(say::sentence(&stop)),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        let width = canvas.width().saturating_sub(5);
        let mut page = canvas.part(3, 1, width, u16::MAX);
        let mut y = page.paragraph((0, 0), width, TEXT, Token::Text) + 1;
        let refusal = self.refusal.as_deref();
        y += self
            .field
            .draw_row(&mut page, (0, y), ("key", 5), Focus::Here, refusal);
        if self.is_saving {
            page.text(0, y + 1, "One moment…", Token::Dim);
        }
    }
}
