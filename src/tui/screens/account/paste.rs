//! The form for a public key that somebody pastes. Such a key is a claim until
//! its owner comes with it.

use crate::{
    app::Ruling,
    domain::key::{KeyAdvice, PublicKey},
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Field, Focus},
    },
};

/// The longest line that is taken: an RSA key of 16384 bits has 2800
/// characters.
const LONGEST: usize = 4_000;

/// The form for a public key.
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
            field: Field::new(LONGEST),
            refusal: None,
            is_saving: false,
        }
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    Add,
}

/// What its call answers.
#[derive(Debug)]
pub(super) struct Added(Ruling<PublicKey>);

impl Screen for Paste {
    type Action = Act;
    type Msg = Added;
    const KEYS: &'static [Bind<Act>] = &[Bind::new(
        &[Key::Enter],
        "⏎",
        "add",
        Act::Add,
        "Adds the key to your account.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        "Account ▸ Keys ▸ Add".to_owned()
    }

    fn act(&mut self, Act::Add: Act, _view: &View<'_>, fx: &mut Effects<'_, Added>) {
        if std::mem::replace(&mut self.is_saving, true) {
            return;
        }
        self.refusal = None;
        let text = self.field.text().to_owned();
        fx.call(
            "key.paste",
            |bbs, actor, _| async move { bbs.paste_key(&actor, &text).await },
            Added,
        );
    }

    fn typing(&self) -> bool {
        true
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Added>) -> Handled {
        self.field.key(key)
    }

    fn paste(&mut self, text: &str, _view: &View<'_>, _fx: &mut Effects<'_, Added>) {
        self.field.paste(text);
    }

    fn message(&mut self, Added(added): Added, _: &View<'_>, fx: &mut Effects<'_, Added>) {
        self.is_saving = false;
        match added {
            Ok(key) => {
                let short = key.fingerprint().short();
                fx.notice(match key.advice() {
                    Some(KeyAdvice::ShortRsa) => {
                        format!("Added {short}. RSA of 3072 bits or ed25519 would last longer.")
                    }
                    None => format!("Added {short}. Call with it once to prove it is yours."),
                });
                fx.pop();
            }
            Err(stop) => self.refusal = Some(say::sentence(&stop)),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        let width = canvas.width().saturating_sub(3);
        let mut page = canvas.part(3, 1, width.saturating_sub(2), u16::MAX);
        let room = page.width();
        let text = "Paste a line of a .pub file. On your machine, ~/.ssh/id_ed25519.pub is the \
                    usual one.";
        let mut y = page.paragraph((0, 0), room, text, Token::Text) + 1;
        let refusal = self.refusal.as_deref();
        y += self
            .field
            .draw_row(&mut page, (0, y), ("key", 5), Focus::Here, refusal);
        if self.is_saving {
            page.text(0, y + 1, "One moment…", Token::Dim);
        }
    }
}
