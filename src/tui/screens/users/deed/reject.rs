//! Saying no to a request, or to all who are marked.

use super::{Begin, Deed, NOTE, Whom};
use crate::{
    app::{
        Bbs, Ruling,
        queue::{Decision, Reason, Tell},
    },
    domain::{account::Transition, actor::Actor, id::AccountId, refusal::Field as Place},
    term::Key,
    tui::{
        Bind, Effects, Reply, View,
        screens::dialog::{Dialog, Form, LEAVE, Task},
        widgets::{Field, card::Act},
    },
    words::bulk,
};
use std::sync::Arc;

/// Says no to their request.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('r')],
    label: "r",
    word: "reject",
    help: "Says no, after asking how; r again takes what is there.",
    is_legal: |subject, powers, _| powers.decide && subject.may(Transition::Reject),
    is_about_last: false,
    begin: |account, _| Begin::open(Dialog::new(Reject(Whom::of(account)), how_to_reject())),
};

/// Says no to a request.
struct Reject(Whom);

/// The keys of both dialogs that reject.
const REJECT: &[Bind<Act>] = &[
    Bind::new(
        &[Key::Enter, Key::Char('r')],
        "⏎",
        "reject",
        Act::Yes,
        "Rejects the request.",
    ),
    LEAVE,
];

/// Returns the form that asks how to reject.
fn how_to_reject() -> Form {
    let reasons: Vec<_> = Reason::ALL.iter().copied().map(Reason::label).collect();
    Form::default()
        .pick("reason", &reasons, 0)
        .pick("they read", &["the reason", "no reason"], 0)
        .text("words", Field::new(NOTE))
        .text("note", Field::new(NOTE))
}

/// Returns what the form means for whoever is rejected.
fn consequence(form: &Form) -> String {
    let reason = Reason::ALL
        .get(form.picked(0))
        .map_or("", |one| one.words());
    let told = match (form.picked(1), form.typed(2), reason) {
        (0, "", "") => "They read that it was not accepted.".to_owned(),
        (0, "", usual) => format!("They read: \"{usual}\""),
        (0, own, _) => format!("They read: \"{own}\""),
        _ => "They read only that it was not accepted.".to_owned(),
    };
    format!("{told} Only staff see the note. Handle and address stay reserved.")
}

/// Reads the form.
fn rejection(form: &Form) -> Decision {
    let reason = Reason::ALL.get(form.picked(0)).copied();
    Decision::Reject {
        reason: reason.unwrap_or(Reason::Unspecified),
        tell: if form.picked(1) == 0 {
            Tell::Yes
        } else {
            Tell::No
        },
        text: form.typed(2).to_owned(),
        note: form.typed(3).to_owned(),
    }
}

impl Task for Reject {
    type Order = (AccountId, Decision);
    type Done = ();
    const KEYS: &'static [Bind<Act>] = REJECT;

    fn title(&self) -> String {
        format!("Reject {}?", self.0.handle)
    }

    fn words(&self) -> [&'static str; 2] {
        ["reject", "keep"]
    }

    fn text(&self, form: &Form) -> String {
        consequence(form)
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, (usize, String)> {
        Ok((self.0.id, rejection(form)))
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, (id, decision): Self::Order) -> Ruling<()> {
        bbs.decide_about(&actor, id, decision).await.map(|_| ())
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        (field == Place::Value).then_some(2)
    }

    fn done<M: Send + 'static>(&self, (): (), fx: &mut Effects<'_, M>) {
        fx.notice(format!("{} was rejected.", self.0.handle));
        fx.pop();
    }
}

/// Says no to all who are marked.
pub(in super::super) struct RejectMarked {
    count: usize,
    reply: Reply<Decision>,
}

/// Opens the question how to reject all who are marked; `reply` is told.
pub(in super::super) fn reject_marked(
    count: usize,
    reply: Reply<Decision>,
) -> Dialog<RejectMarked> {
    Dialog::new(RejectMarked { count, reply }, how_to_reject())
}

impl Task for RejectMarked {
    type Order = Decision;
    type Done = Decision;
    const KEYS: &'static [Bind<Act>] = REJECT;

    fn title(&self) -> String {
        bulk::reject(self.count)
    }

    fn words(&self) -> [&'static str; 2] {
        ["reject", "keep"]
    }

    fn text(&self, form: &Form) -> String {
        consequence(form)
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Decision, (usize, String)> {
        Ok(rejection(form))
    }

    /// Each is carried out on its own, by whoever opened this.
    async fn carry_out(_bbs: Arc<Bbs>, _actor: Actor, order: Decision) -> Ruling<Decision> {
        Ok(order)
    }

    fn row_of(&self, _field: Place) -> Option<usize> {
        None
    }

    fn done<M: Send + 'static>(&self, decision: Decision, fx: &mut Effects<'_, M>) {
        fx.pop();
        fx.answer(&self.reply, decision);
    }
}
