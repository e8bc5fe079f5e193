//! Demanding two-factor login of somebody, and taking it off for whoever lost
//! app and codes.

use std::sync::Arc;

use super::{Begin, Deed, NOTE, Whom};
use crate::{
    app::{Bbs, Ruling, factor::Demand},
    domain::{account::Status, actor::Actor, id::AccountId, refusal::Field as Place},
    store::account::Account,
    term::Key,
    tui::{
        Effects, View,
        screens::dialog::{Dialog, Form, Task},
        widgets::Field,
    },
};

/// Changes what is asked of somebody besides key or password.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('t')],
    label: "t",
    word: "",
    help: "Demands two-factor login of them, or takes it off if they lost it.",
    is_legal: |subject, powers, view| {
        let is_there = subject.account.status != Status::Deleted;
        powers.manage && is_there && !subject.is_oneself(view)
    },
    is_about_last: false,
    begin: |account, _| Begin::open(factor(account)),
};

/// What can be done, in the order of the choice: in the form, and what it means.
const WAYS: [(Way, &str, &str); 3] = [
    (
        Way::Demand(Demand::Made),
        "they must have it",
        "Their next call leads them through it, and nowhere else until it is set up.",
    ),
    (
        Way::Demand(Demand::Dropped),
        "they may choose",
        "Nothing more is demanded of them than of their role.",
    ),
    (
        Way::Reset,
        "they lost it",
        "It is taken off, and their key or password is enough again. Be sure that it is them. \
         They read the reason.",
    ),
];

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Demand(Demand),
    Reset,
}

/// Changes two-factor login of somebody.
struct Factor(Whom);

fn factor(account: &Account) -> Dialog<Factor> {
    let words = WAYS.map(|(_, words, _)| words);
    let form = Form::default()
        .pick("what", &words, 0)
        .text("reason", Field::new(NOTE));
    Dialog::new(Factor(Whom::of(account)), form)
}

impl Task for Factor {
    type Order = (AccountId, Way, String);
    type Done = Way;

    fn title(&self) -> String {
        format!("Two-factor login of {}", self.0.handle)
    }

    fn words(&self) -> [&'static str; 2] {
        ["do it", "leave"]
    }

    fn text(&self, form: &Form) -> String {
        let way = WAYS.get(form.picked(0));
        way.map_or("", |(_, _, meaning)| meaning).to_owned()
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, (usize, String)> {
        let way = WAYS.get(form.picked(0)).map(|(way, ..)| *way);
        let way = way.unwrap_or(Way::Demand(Demand::Made));
        Ok((self.0.id, way, form.typed(1).to_owned()))
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, (id, way, reason): Self::Order) -> Ruling<Way> {
        match way {
            Way::Demand(demand) => bbs.demand_factor(&actor, id, demand).await,
            Way::Reset => bbs.reset_factor(&actor, id, &reason).await,
        }
        .map(|_| way)
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        (field == Place::Value).then_some(1)
    }

    fn done<M: Send + 'static>(&self, way: Way, fx: &mut Effects<'_, M>) {
        let handle = &self.0.handle;
        fx.notice(match way {
            Way::Demand(Demand::Made) => format!("{handle} sets it up when they call next."),
            Way::Demand(Demand::Dropped) => format!("{handle} may choose."),
            Way::Reset => format!("{handle} has no two-factor login any more."),
        });
        fx.pop();
    }
}
