//! Shutting somebody out, with a reason.

use super::{Begin, Deed, NOTE, Whom};
use crate::{
    app::{Bbs, Ruling, queue::Decision},
    domain::{
        account::Transition, actor::Actor, clock::Timestamp, id::AccountId, refusal::Field as Place,
    },
    store::account::Account,
    term::Key,
    tui::{
        Effects, View,
        screens::dialog::{Dialog, Form, Task},
        widgets::Field,
    },
};
use chrono::TimeDelta;
use std::sync::Arc;

/// Shuts them out for a while.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('s')],
    label: "s",
    word: "suspend",
    help: "Shuts them out, with a reason.",
    is_legal: |subject, powers, view| {
        powers.manage && !subject.is_oneself(view) && subject.may(Transition::Suspend)
    },
    is_about_last: false,
    begin: |account, _| Begin::open(suspend(account)),
};

/// Shuts somebody out.
struct Suspend(Whom);

/// How long a suspension may be, in words and days.
const SPANS: &[(&str, Option<i64>)] = &[
    ("somebody lifts it", None),
    ("tomorrow", Some(1)),
    ("a week from now", Some(7)),
    ("30 days from now", Some(30)),
];

/// Opens the question how to suspend somebody.
fn suspend(account: &Account) -> Dialog<Suspend> {
    let spans: Vec<_> = SPANS.iter().map(|(words, _)| *words).collect();
    let form = Form::default()
        .text("reason", Field::new(NOTE))
        .pick("until", &spans, 0);
    Dialog::new(Suspend(Whom::of(account)), form)
}

impl Task for Suspend {
    type Order = (AccountId, String, Option<Timestamp>);
    type Done = ();

    fn title(&self) -> String {
        format!("Suspend {}?", self.0.handle)
    }

    fn words(&self) -> [&'static str; 2] {
        ["suspend", "keep"]
    }

    fn text(&self, _form: &Form) -> String {
        "They read the reason. Their calls end now, and their invites stop working.".to_owned()
    }

    fn order(&self, form: &Form, view: &View<'_>) -> Result<Self::Order, (usize, String)> {
        let days = SPANS.get(form.picked(1)).and_then(|(_, days)| *days);
        let until = days.map(|days| view.now + TimeDelta::days(days));
        Ok((self.0.id, form.typed(0).to_owned(), until))
    }

    async fn carry_out(
        bbs: Arc<Bbs>,
        actor: Actor,
        (id, reason, until): Self::Order,
    ) -> Ruling<()> {
        let decision = Decision::Suspend { reason, until };
        bbs.decide_about(&actor, id, decision).await.map(|_| ())
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        (field == Place::Value).then_some(0)
    }

    fn done<M: Send + 'static>(&self, (): (), fx: &mut Effects<'_, M>) {
        fx.notice(format!("{} is suspended.", self.0.handle));
        fx.pop();
    }
}
