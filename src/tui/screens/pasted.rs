//! The first call with a key that somebody added by hand: is that the caller?
//! Only their yes makes the key a proven one.

use super::{
    factor::{self, After},
    joining::{MARGIN, key_name},
    progress::Progress,
    welcome::Welcome,
};
use crate::{
    app::{Ruling, entrance::Entrance},
    domain::id::AccountId,
    store::account::Account,
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Focus, Item, List},
    },
};

/// Somebody who added the key.
#[derive(Debug)]
struct Claimant(Account);

impl Item for Claimant {
    type Id = AccountId;

    fn id(&self) -> AccountId {
        self.0.id
    }
}

/// The question.
#[derive(Debug)]
pub struct PastedKey {
    claimants: List<Claimant>,
    progress: Progress,
}

impl PastedKey {
    /// Asks which of these accounts the caller is, if any.
    pub fn new(accounts: Vec<Account>) -> Self {
        Self {
            claimants: List::new(accounts.into_iter().map(Claimant).collect()),
            progress: Progress::None,
        }
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// It is.
    Yes,
    /// It is not.
    No,
}

impl Screen for PastedKey {
    type Action = Act;
    type Msg = Ruling<Entrance>;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter],
            "⏎",
            "that is me",
            Act::Yes,
            "Logs in to that account; the key is then known as yours.",
        ),
        Bind::new(
            &[Key::Char('n'), Key::Esc, Key::Char('q')],
            "n",
            "not me",
            Act::No,
            "Goes to the welcome.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Is that you?".to_owned()
    }

    fn has_list(&self) -> bool {
        self.claimants.items().len() > 1
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        match (action, self.claimants.chosen()) {
            (Act::No, _) => fx.reset(Welcome::again(None)),
            (Act::Yes, Some(Claimant(account))) if !self.progress.is_waiting() => {
                let id = account.id;
                self.progress = Progress::Waiting;
                fx.call(
                    "key.confirm_pasted",
                    move |bbs, _actor, visit| async move { bbs.confirm_pasted(&visit, id).await },
                    |entered| entered,
                );
            }
            (Act::Yes, _) => {}
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) -> Handled {
        self.claimants.key(key)
    }

    fn message(&mut self, entered: Self::Msg, _view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        self.progress = Progress::None;
        match entered {
            Ok(entrance) => factor::lead_on(entrance, After::default(), fx),
            Err(stop) => self.progress = Progress::Refused(say::sentence(&stop)),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let x = MARGIN;
        let width = canvas.width().saturating_sub(2 * x);
        let key = view.visit.key.as_ref().map(key_name).unwrap_or_default();
        // Two rows of air, where there are some.
        let mut y = if view.is_narrow() { 0 } else { 2 };
        y += canvas.paragraph((x, y), width, &format!("You came with {key}."), Token::Dim) + 1;
        match self.claimants.items() {
            [Claimant(account)] => {
                let text = format!("{} added this key by hand. Is that you?", account.handle);
                y += canvas.paragraph((x, y), width, &text, Token::Accent.bold()) + 1;
            }
            several => {
                let text = "These added this key by hand. Are you one of them?";
                y += canvas.paragraph((x, y), width, text, Token::Accent.bold()) + 1;
                let rows = u16::try_from(several.len()).unwrap_or(u16::MAX);
                let rows = rows.min(canvas.height().saturating_sub(y + 2));
                let mut list = canvas.part(x, y, width, rows);
                self.claimants
                    .draw(&mut list, Focus::Here, |row, claimant, ink| {
                        row.text(0, 0, claimant.0.handle.as_str(), ink);
                    });
                y += rows + 1;
            }
        }
        self.progress.draw(canvas, (x, y));
    }
}
