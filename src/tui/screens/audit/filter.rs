//! Which records are shown: the form, and its words.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::{
    app::{Bbs, Ruling, audit::about},
    domain::{actor::Actor, clock::Timestamp, refusal::Field as Place},
    store::audit::Filter,
    tui::{
        Effects, Reply, View,
        screens::dialog::{Dialog, Form, Task},
        widgets::Field,
    },
};

/// The longest name of a thing or a person.
const NAME: usize = 60;

/// Rows of the form.
const OBJECT: usize = 0;
const ACTOR: usize = 1;
const SPAN: usize = 2;

/// The spans to choose from, in hours; the first is all time.
const SPANS: [(&str, &str, i64); 5] = [
    ("any time", "", 0),
    ("an hour", "in the last hour", 1),
    ("a day", "in the last day", 24),
    ("a week", "in the last week", 7 * 24),
    ("30 days", "in the last 30 days", 30 * 24),
];

/// Which records are wanted, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    object: String,
    actor: String,
    /// The place in `SPANS`.
    span: usize,
}

impl Choice {
    /// Returns the filter it means at this moment.
    pub(super) fn filter(&self, now: Timestamp) -> Filter {
        let hours = SPANS.get(self.span).map_or(0, |(_, _, hours)| *hours);
        Filter {
            actor: Some(self.actor.clone()).filter(|actor| !actor.is_empty()),
            since: (hours > 0).then(|| now - TimeDelta::hours(hours)),
            ..about(&self.object)
        }
    }

    /// Returns it in a sentence.
    pub(super) fn words(&self) -> String {
        let mut words = "Only what was done".to_owned();
        let span = SPANS.get(self.span).map_or("", |(_, words, _)| *words);
        for (before, part) in [
            (" to ", self.object.as_str()),
            (" by ", &self.actor),
            (" ", span),
        ] {
            if !part.is_empty() {
                words.push_str(before);
                words.push_str(part);
            }
        }
        words.push('.');
        words
    }
}

/// Asks which records are wanted.
pub(super) struct Find {
    reply: Reply<Choice>,
}

/// Opens the form; it holds what is chosen already.
pub(super) fn dialog(choice: &Choice, reply: Reply<Choice>) -> Dialog<Find> {
    let spans = SPANS.map(|(name, ..)| name);
    let form = Form::default()
        .text("done to", Field::new(NAME).with(&choice.object))
        .text("by", Field::new(NAME).with(&choice.actor))
        .pick("within", &spans, choice.span);
    Dialog::new(Find { reply }, form)
}

impl Task for Find {
    type Order = Choice;
    type Done = Choice;

    fn title(&self) -> String {
        "Find records".to_owned()
    }

    fn words(&self) -> [&'static str; 2] {
        ["find", "leave"]
    }

    fn text(&self, _form: &Form) -> String {
        "Done to a handle, a setting or an invite such as inv-7. By a handle, console(1000), or \
         ringdown for the board itself. An empty line is anything."
            .to_owned()
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Choice, (usize, String)> {
        Ok(Choice {
            object: form.typed(OBJECT).to_owned(),
            actor: form.typed(ACTOR).to_owned(),
            span: form.picked(SPAN),
        })
    }

    async fn carry_out(_bbs: Arc<Bbs>, _actor: Actor, choice: Choice) -> Ruling<Choice> {
        Ok(choice)
    }

    fn row_of(&self, _field: Place) -> Option<usize> {
        None
    }

    fn done<M: Send + 'static>(&self, choice: Choice, fx: &mut Effects<'_, M>) {
        fx.answer(&self.reply, choice);
        fx.pop();
    }
}
