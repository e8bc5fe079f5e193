//! The dialogs of the USERS tab: reject, suspend, note, edit.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::{
    app::{
        Bbs, Ruling,
        queue::{Decision, Reason, Tell},
    },
    domain::{
        account::{Role, Status},
        actor::Actor,
        clock::Timestamp,
        email::Email,
        id::AccountId,
        refusal::Field as Place,
    },
    store::account::Account,
    term::Key,
    tui::{
        Bind, Effects, Reply, View,
        screens::dialog::{Dialog, Form, LEAVE, Task},
        widgets::{Field, card::Act},
    },
    words::bulk,
};

/// The longest note or reason; the use case says so if more is typed.
const NOTE: usize = 600;
/// The longest address, and one scalar more, so that it can be refused.
const EMAIL: usize = 255;

/// Whom a dialog is about.
#[derive(Clone, Debug)]
pub(super) struct Whom {
    pub(super) id: AccountId,
    pub(super) handle: String,
}

impl Whom {
    pub(super) fn of(account: &Account) -> Self {
        Self {
            id: account.id,
            handle: account.handle.to_string(),
        }
    }
}

/// Says no to a request.
pub(super) struct Reject(Whom);

/// Opens the question how to reject somebody.
pub(super) fn reject(account: &Account) -> Dialog<Reject> {
    Dialog::new(Reject(Whom::of(account)), how_to_reject())
}

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
    let reasons: Vec<_> = Reason::ALL.iter().copied().map(label).collect();
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

/// Returns how a reason is called in the dialog.
const fn label(reason: Reason) -> &'static str {
    match reason {
        Reason::Unspecified => "none given",
        Reason::Advertising => "advertising",
        Reason::TooLittle => "too little said",
        Reason::OffTopic => "not the place for it",
        Reason::Duplicate => "has an account",
        Reason::Conduct => "house rules",
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
pub(super) struct RejectMarked {
    count: usize,
    reply: Reply<Decision>,
}

/// Opens the question how to reject all who are marked; `reply` is told.
pub(super) fn reject_marked(count: usize, reply: Reply<Decision>) -> Dialog<RejectMarked> {
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

/// Shuts somebody out.
pub(super) struct Suspend(Whom);

/// How long a suspension may be, in words and days.
const SPANS: &[(&str, Option<i64>)] = &[
    ("somebody lifts it", None),
    ("tomorrow", Some(1)),
    ("a week from now", Some(7)),
    ("30 days from now", Some(30)),
];

/// Opens the question how to suspend somebody.
pub(super) fn suspend(account: &Account) -> Dialog<Suspend> {
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

/// Notes something about somebody.
pub(super) struct Note(Whom);

/// Opens the line for a note.
pub(super) fn note(account: &Account) -> Dialog<Note> {
    let form = Form::default().text("note", Field::new(NOTE));
    Dialog::new(Note(Whom::of(account)), form)
}

impl Task for Note {
    type Order = (AccountId, String);
    type Done = ();

    fn title(&self) -> String {
        format!("A note about {}", self.0.handle)
    }

    fn words(&self) -> [&'static str; 2] {
        ["note it", "leave"]
    }

    fn text(&self, _form: &Form) -> String {
        "Only staff read it. It stays with the account.".to_owned()
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, (usize, String)> {
        Ok((self.0.id, form.typed(0).to_owned()))
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, (id, text): Self::Order) -> Ruling<()> {
        bbs.note_about(&actor, id, &text).await
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        (field == Place::Value).then_some(0)
    }

    fn done<M: Send + 'static>(&self, (): (), fx: &mut Effects<'_, M>) {
        fx.notice("Noted.");
        fx.pop();
    }
}

/// Changes address and role of somebody.
pub(super) struct Edit {
    whom: Whom,
    email: String,
    role: Role,
    may_change_role: bool,
}

/// What shall change; nothing is left as it is.
pub(super) struct Changes {
    id: AccountId,
    email: Option<String>,
    role: Option<Role>,
}

/// Opens the card with address and role. One's own role is somebody else's
/// affair, and only members have one that counts.
pub(super) fn edit(account: &Account, view: &View<'_>) -> Dialog<Edit> {
    let email = account.email.as_ref().map_or("", Email::as_str);
    let oneself = view.actor.account() == Some(account.id);
    let may_change_role = account.status == Status::Active && !oneself;
    let mut form = Form::default().text("e-mail", Field::new(EMAIL).with(email));
    if may_change_role {
        let roles: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
        let place = Role::ALL.iter().position(|role| *role == account.role);
        form = form.pick("role", &roles, place.unwrap_or(0));
    }
    let task = Edit {
        whom: Whom::of(account),
        email: email.to_owned(),
        role: account.role,
        may_change_role,
    };
    Dialog::new(task, form)
}

impl Task for Edit {
    type Order = Changes;
    type Done = ();

    fn title(&self) -> String {
        format!("Edit {}", self.whom.handle)
    }

    fn words(&self) -> [&'static str; 2] {
        ["save", "leave"]
    }

    fn text(&self, _form: &Form) -> String {
        let role = if self.may_change_role {
            " A new role works at once, in their open calls too."
        } else {
            ""
        };
        format!("An empty line removes the address.{role}")
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Changes, (usize, String)> {
        let email = form.typed(0);
        let role = Role::ALL.get(form.picked(1)).copied();
        Ok(Changes {
            id: self.whom.id,
            email: (email != self.email).then(|| email.to_owned()),
            role: role.filter(|role| self.may_change_role && *role != self.role),
        })
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, changes: Changes) -> Ruling<()> {
        let Changes { id, email, role } = changes;
        if let Some(email) = email {
            bbs.edit_email_of(&actor, id, &email).await?;
        }
        if let Some(role) = role {
            bbs.decide_about(&actor, id, Decision::ChangeRole(role))
                .await?;
        }
        Ok(())
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        match field {
            Place::Email => Some(0),
            _ => self.may_change_role.then_some(1),
        }
    }

    fn done<M: Send + 'static>(&self, (): (), fx: &mut Effects<'_, M>) {
        fx.notice("Saved.");
        fx.pop();
    }
}
