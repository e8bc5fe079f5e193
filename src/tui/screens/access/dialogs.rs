//! The dialogs about rules: make one and see whom it hits, take one away, ask
//! what the board says about something.

use std::sync::Arc;

use crate::{
    app::{
        Bbs, Ruling,
        access::{Change, Sure},
    },
    domain::{
        access::{Effect, Hits, Kind, Rule, Subject, Verdict},
        actor::Actor,
        refusal::{Field as Place, LockedOut, Refusal},
    },
    store::access::Entry,
    tui::{
        Effects, View,
        screens::dialog::{Dialog, Form, Task, Warning},
        widgets::Field,
    },
    words,
};

/// The longest value: an address.
const VALUE: usize = 254;
/// The longest reason, and more, so that it can be refused in words.
const REASON: usize = 240;

/// Rows of the forms.
const SUBJECT: usize = 0;
const EFFECT: usize = 1;
const WHY: usize = 2;

/// Returns the label of a value.
const fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::Handle => "handle",
        Kind::Email => "address",
        Kind::Domain => "domain",
        Kind::Source => "network",
        Kind::Certificate => "key id",
    }
}

/// Reads the value of a form.
fn read(kind: Kind, form: &Form) -> Result<Subject, (usize, String)> {
    Subject::parse(kind, form.typed(SUBJECT))
        .map_err(|problem| (SUBJECT, words::refusal(&problem.into())))
}

/// Says what a new rule would be about.
pub(super) struct Add {
    kind: Kind,
}

/// Opens the card for a new rule.
pub(super) fn add(kind: Kind) -> Dialog<Add> {
    let effects: Vec<_> = kind.effects().iter().map(|effect| effect.name()).collect();
    let form = Form::default()
        .text(label(kind), Field::new(VALUE))
        .pick("is", &effects, 0)
        .text("why", Field::new(REASON));
    Dialog::new(Add { kind }, form)
}

impl Add {
    fn effect(&self, form: &Form) -> Option<Effect> {
        self.kind.effects().get(form.picked(EFFECT)).copied()
    }
}

impl Task for Add {
    type Order = (Rule, String);
    type Done = (Rule, String, Hits);

    fn title(&self) -> String {
        format!(
            "A new rule about {}",
            words::access::title(self.kind).to_lowercase()
        )
    }

    fn words(&self) -> [&'static str; 2] {
        ["whom it hits", "leave"]
    }

    fn text(&self, form: &Form) -> String {
        let meaning = self.effect(form);
        let meaning = meaning.map_or("", |effect| words::access::meaning(effect, self.kind));
        format!("{meaning} Nothing is saved before you have seen whom it hits.")
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, (usize, String)> {
        let subject = read(self.kind, form)?;
        let rule = Rule::new(subject, self.effect(form))
            .map_err(|problem| (EFFECT, words::refusal(&problem.into())))?;
        Ok((rule, form.typed(WHY).to_owned()))
    }

    async fn carry_out(
        bbs: Arc<Bbs>,
        actor: Actor,
        (rule, reason): Self::Order,
    ) -> Ruling<Self::Done> {
        let hits = bbs.foresee(&actor, Change::Add(rule.clone())).await?;
        Ok((rule, reason, hits))
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        (field == Place::Value).then_some(SUBJECT)
    }

    fn done<M: Send + 'static>(&self, (rule, reason, hits): Self::Done, fx: &mut Effects<'_, M>) {
        let task = Save { rule, reason, hits };
        fx.replace(Dialog::new(task, Form::default()));
    }
}

/// Makes a rule of which it was seen whom it hits.
struct Save {
    rule: Rule,
    reason: String,
    hits: Hits,
}

impl Task for Save {
    type Order = (Rule, String, Sure);
    type Done = Entry;

    fn title(&self) -> String {
        "Make this rule?".to_owned()
    }

    fn words(&self) -> [&'static str; 2] {
        ["make it", "leave"]
    }

    fn text(&self, _form: &Form) -> String {
        let (value, effect) = (self.rule.subject().text(), self.rule.effect());
        format!("{value}: {effect}\n\n{}", words::access::hits(&self.hits))
    }

    fn order(&self, _form: &Form, _view: &View<'_>) -> Result<Self::Order, (usize, String)> {
        let sure = sure(self.hits.locks_out);
        Ok((self.rule.clone(), self.reason.clone(), sure))
    }

    fn warning(&self, _order: &Self::Order) -> Option<Warning> {
        self.hits.locks_out.map(warning)
    }

    async fn carry_out(
        bbs: Arc<Bbs>,
        actor: Actor,
        (rule, reason, sure): Self::Order,
    ) -> Ruling<Entry> {
        bbs.add_rule(&actor, rule, &reason, sure).await
    }

    fn row_of(&self, _field: Place) -> Option<usize> {
        None
    }

    fn refused(&mut self, refusal: &Refusal) {
        self.hits.locks_out = learn(refusal).or(self.hits.locks_out);
    }

    fn done<M: Send + 'static>(&self, entry: Entry, fx: &mut Effects<'_, M>) {
        fx.notice(words::access::made(&entry.number()));
        fx.pop();
    }
}

/// Takes a rule away.
pub(super) struct Remove {
    entry: Entry,
    locks_out: Option<LockedOut>,
}

/// Opens the question before a rule is taken away.
pub(super) fn remove(entry: Entry) -> Dialog<Remove> {
    let task = Remove {
        entry,
        locks_out: None,
    };
    Dialog::new(task, Form::default())
}

impl Task for Remove {
    type Order = (Entry, Sure);
    type Done = Entry;

    fn title(&self) -> String {
        format!("Remove {}?", self.entry.number())
    }

    fn words(&self) -> [&'static str; 2] {
        ["remove", "keep"]
    }

    fn text(&self, _form: &Form) -> String {
        let rule = &self.entry.rule;
        let (value, effect) = (rule.subject().text(), rule.effect());
        let after = words::access::removed(effect, rule.subject().kind());
        format!("{value}: {effect}\n\n{after}")
    }

    fn order(&self, _form: &Form, _view: &View<'_>) -> Result<Self::Order, (usize, String)> {
        Ok((self.entry.clone(), sure(self.locks_out)))
    }

    fn warning(&self, _order: &Self::Order) -> Option<Warning> {
        self.locks_out.map(warning)
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, (entry, sure): Self::Order) -> Ruling<Entry> {
        bbs.remove_rule(&actor, entry, sure).await
    }

    fn row_of(&self, _field: Place) -> Option<usize> {
        None
    }

    fn refused(&mut self, refusal: &Refusal) {
        self.locks_out = learn(refusal).or(self.locks_out);
    }

    fn done<M: Send + 'static>(&self, entry: Entry, fx: &mut Effects<'_, M>) {
        fx.notice(words::access::gone(&entry.number()));
        fx.pop();
    }
}

/// Whoever is warned and goes on is sure.
const fn sure(locks_out: Option<LockedOut>) -> Sure {
    match locks_out {
        Some(_) => Sure::Yes,
        None => Sure::No,
    }
}

/// Learns from a refusal whom a change would keep out, to ask about it.
const fn learn(refusal: &Refusal) -> Option<LockedOut> {
    match refusal {
        Refusal::LocksOut(who) => Some(*who),
        _ => None,
    }
}

fn warning(who: LockedOut) -> Warning {
    Warning {
        title: "Really?",
        text: words::access::locks_out(who),
        yes: "do it",
    }
}

/// Asks what the board says about something.
pub(super) struct Test {
    kind: Kind,
    /// About what it was asked last, and what it said.
    said: Option<(String, Verdict)>,
}

/// Opens the card to try a value.
pub(super) fn test(kind: Kind) -> Dialog<Test> {
    let form = Form::default().text(label(kind), Field::new(VALUE));
    Dialog::new(Test { kind, said: None }, form)
}

impl Task for Test {
    type Order = Subject;
    type Done = (String, Verdict);

    fn title(&self) -> String {
        "What would happen?".to_owned()
    }

    fn words(&self) -> [&'static str; 2] {
        ["test", "close"]
    }

    fn text(&self, _form: &Form) -> String {
        match &self.said {
            Some((value, verdict)) => format!("{value}: {}", words::access::verdict(verdict)),
            None => {
                "Rules and settings are asked together, as for somebody who comes now.".to_owned()
            }
        }
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Subject, (usize, String)> {
        read(self.kind, form)
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, subject: Subject) -> Ruling<Self::Done> {
        let value = subject.text();
        Ok((value, bbs.judge(&actor, subject).await?))
    }

    fn row_of(&self, _field: Place) -> Option<usize> {
        None
    }

    fn done<M: Send + 'static>(&self, said: Self::Done, fx: &mut Effects<'_, M>) {
        let form = Form::default().text(label(self.kind), Field::new(VALUE).with(&said.0));
        let task = Self {
            kind: self.kind,
            said: Some(said),
        };
        fx.replace(Dialog::new(task, form));
    }
}
