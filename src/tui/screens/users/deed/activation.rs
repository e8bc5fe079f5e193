//! The dialog about the code that activates an account: by letter, shown, or
//! taken back.

use std::sync::Arc;

use super::{Begin, Deed, Whom};
use crate::{
    app::{Bbs, Ruling, invite::Minted},
    domain::{actor::Actor, id::AccountId, letter::State, refusal::Field as Place},
    store::account::Account,
    term::Key,
    tui::{
        Effects, View,
        screens::{
            dialog::{Dialog, Form, Task},
            shown::Shown,
        },
    },
    words,
};

/// Sends, shows or takes back the code of an account.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('i')],
    label: "i",
    word: "code",
    help: "The code with which they activate the account you made for them.",
    is_legal: |subject, powers, _| powers.manage && subject.account.is_prepared(),
    is_about_last: false,
    begin: |account, _| Begin::open(activation(account)),
};

/// What can be done with the code, in the order of the choice. Without an
/// address there is no letter.
const WAYS: [(Way, &str); 3] = [
    (Way::Sent, "goes by letter"),
    (Way::Shown, "is shown to you, once"),
    (Way::Revoked, "is taken back"),
];

/// What becomes of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Way {
    Sent,
    Shown,
    Revoked,
}

/// What became of the code.
pub(in super::super) enum Done {
    /// It goes by letter, which stands so.
    Sent(State),
    /// Here it is.
    Shown(Box<Minted>),
    /// It works no longer, if there was one.
    Revoked(bool),
}

/// Deals with the code of an account.
pub(in super::super) struct Activation {
    whom: Whom,
    ways: &'static [(Way, &'static str)],
}

/// Opens the question what becomes of an account's code.
pub(in super::super) fn activation(account: &Account) -> Dialog<Activation> {
    let [_, without_letter @ ..] = &WAYS;
    let ways = if account.email.is_some() {
        &WAYS[..]
    } else {
        without_letter
    };
    let words: Vec<_> = ways.iter().map(|(_, words)| *words).collect();
    let task = Activation {
        whom: Whom::of(account),
        ways,
    };
    Dialog::new(task, Form::default().pick("a code", &words, 0))
}

impl Activation {
    fn way(&self, form: &Form) -> Way {
        let way = self.ways.get(form.picked(0));
        way.map_or(Way::Shown, |(way, _)| *way)
    }
}

impl Task for Activation {
    type Order = (AccountId, Way);
    type Done = Done;

    fn title(&self) -> String {
        format!("The account of {}", self.whom.handle)
    }

    fn words(&self) -> [&'static str; 2] {
        ["do it", "leave"]
    }

    fn text(&self, form: &Form) -> String {
        match self.way(form) {
            Way::Sent | Way::Shown => words::activation::what_a_code_does(),
            Way::Revoked => words::activation::without_a_code(),
        }
        .to_owned()
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, (usize, String)> {
        Ok((self.whom.id, self.way(form)))
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, (id, way): Self::Order) -> Ruling<Done> {
        Ok(match way {
            Way::Sent => Done::Sent(bbs.send_activation(&actor, id).await?.state),
            Way::Shown => Done::Shown(Box::new(bbs.show_activation(&actor, id).await?)),
            Way::Revoked => Done::Revoked(bbs.revoke_activation(&actor, id).await?),
        })
    }

    fn row_of(&self, _field: Place) -> Option<usize> {
        None
    }

    fn done<M: Send + 'static>(&self, done: Done, fx: &mut Effects<'_, M>) {
        let handle = &self.whom.handle;
        match done {
            Done::Sent(state) => {
                let letter = words::letter::written(state);
                fx.notice(format!("A code goes to {handle}. {letter}"));
                fx.pop();
            }
            Done::Shown(minted) => fx.replace(Shown {
                title: format!("The account of {handle}"),
                code: minted.code,
                line: minted.line,
                link: Some(minted.link),
                until: minted.invite.expires_at,
            }),
            Done::Revoked(there_was) => {
                let revoked = words::activation::revoked(there_was);
                fx.notice(format!("{handle}: {revoked}."));
                fx.pop();
            }
        }
    }
}
