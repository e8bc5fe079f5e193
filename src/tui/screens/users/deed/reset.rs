//! The dialog that starts a new password for somebody (P16): staff never set
//! one.

use std::sync::Arc;

use super::{Begin, Deed, Whom};
use crate::{
    app::{Bbs, Ruling, reset::ResetCode},
    domain::{actor::Actor, id::AccountId, refusal::Field as Place},
    store::account::Account,
    term::Key,
    tui::{
        Effects, View,
        screens::{
            dialog::{Dialog, Form, Task},
            shown::Shown,
        },
    },
};

/// Starts a new password.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('p')],
    label: "p",
    word: "password",
    help: "A code with which they choose a new password.",
    is_legal: |subject, powers, view| {
        powers.manage && !subject.is_oneself(view) && subject.account.status.edits_itself()
    },
    is_about_last: false,
    begin: |account, _| Begin::open(reset(account)),
};

/// The ways in which somebody gets a code, in the order of the choice.
const WAYS: [(Way, &str); 2] = [(Way::Shown, "shown to you, once"), (Way::Sent, "by letter")];

/// How somebody gets a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Shown,
    Sent,
}

/// Starts a new password for somebody.
struct Reset(Whom);

/// Opens the question how somebody gets a code; only those with an address can
/// get a letter.
fn reset(account: &Account) -> Dialog<Reset> {
    let ways = if account.email.is_some() { 2 } else { 1 };
    let words: Vec<_> = WAYS.iter().take(ways).map(|(_, words)| *words).collect();
    Dialog::new(
        Reset(Whom::of(account)),
        Form::default().pick("the code", &words, 0),
    )
}

impl Task for Reset {
    type Order = (AccountId, Way);
    /// The code, if it is to be shown.
    type Done = Option<ResetCode>;

    fn title(&self) -> String {
        format!("A new password for {}?", self.0.handle)
    }

    fn words(&self) -> [&'static str; 2] {
        ["make a code", "leave"]
    }

    fn text(&self, _form: &Form) -> String {
        "Whoever has the code chooses a new password, once and within the hour. Until then the \
         old one works. Be sure that it is them."
            .to_owned()
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, (usize, String)> {
        let way = WAYS.get(form.picked(0)).map(|(way, _)| *way);
        Ok((self.0.id, way.unwrap_or(Way::Shown)))
    }

    async fn carry_out(
        bbs: Arc<Bbs>,
        actor: Actor,
        (id, way): Self::Order,
    ) -> Ruling<Option<ResetCode>> {
        match way {
            Way::Shown => bbs.show_reset(&actor, id).await.map(Some),
            Way::Sent => bbs.send_reset(&actor, id).await.map(|_| None),
        }
    }

    fn row_of(&self, _field: Place) -> Option<usize> {
        None
    }

    fn done<M: Send + 'static>(&self, made: Option<ResetCode>, fx: &mut Effects<'_, M>) {
        if let Some(made) = made {
            fx.replace(Shown {
                title: format!("A code for {}", self.0.handle),
                code: made.code,
                line: made.line,
                link: None,
                until: Some(made.expires_at),
            });
        } else {
            fx.notice(format!("A letter with a code goes to {}.", self.0.handle));
            fx.pop();
        }
    }
}
