//! Who is on line, where they are and since when. Who may be seen is decided
//! elsewhere.

use crate::{
    app::who::Caller,
    domain::{
        actor::{Actor, Applicant, Member},
        event::Event,
        id::SessionId,
    },
    term::Key,
    tui::{
        Align, Bind, Canvas, Effects, Handled, Ink, Screen, Token, View,
        widgets::{Focus, Item, List},
    },
};

impl Item for Caller {
    type Id = SessionId;

    fn id(&self) -> SessionId {
        self.present.session
    }
}

/// Returns what somebody on line is called.
pub(super) fn name(caller: &Caller) -> String {
    match &caller.present.actor {
        Actor::Guest | Actor::Console { .. } => "a guest".to_owned(),
        Actor::Applicant(Applicant { handle, .. }) | Actor::Member(Member { handle, .. }) => {
            handle.to_string()
        }
    }
}

/// Returns what there is to say about somebody on line besides.
fn remark(caller: &Caller, view: &View<'_>) -> Option<String> {
    if caller.present.session == view.visit.session {
        return Some("you".to_owned());
    }
    match &caller.present.actor {
        Actor::Applicant(applicant) => Some(applicant.status.to_string()),
        Actor::Guest | Actor::Member(_) | Actor::Console { .. } => None,
    }
}

/// Returns what somebody on line is called, and what there is to say besides.
pub(super) fn label(caller: &Caller, view: &View<'_>) -> String {
    match remark(caller, view) {
        Some(remark) => format!("{} ({remark})", name(caller)),
        None => name(caller),
    }
}

/// The list of who is on line.
#[derive(Debug, Default)]
pub struct Who {
    /// Nothing until it has come.
    callers: Option<List<Caller>>,
}

impl Who {
    /// Makes the screen.
    pub fn new() -> Self {
        Self::default()
    }
}

/// Its keys only move.
#[derive(Clone, Copy, Debug)]
pub enum Act {}

/// What its calls answer.
#[derive(Debug)]
pub enum Msg {
    /// Who is on line.
    Loaded(Vec<Caller>),
}

impl Screen for Who {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[];

    fn path(&self, _view: &View<'_>) -> String {
        "Who is on line".to_owned()
    }

    fn status(&self, _view: &View<'_>) -> Option<String> {
        let callers = self.callers.as_ref()?;
        Some(format!("{} on line", callers.items().len()))
    }

    fn has_list(&self) -> bool {
        true
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.reload(view, fx);
    }

    fn act(&mut self, action: Act, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) {
        match action {}
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        match &mut self.callers {
            Some(callers) => callers.key(key),
            None => Handled::No,
        }
    }

    fn message(&mut self, Msg::Loaded(callers): Msg, _: &View<'_>, _: &mut Effects<'_, Msg>) {
        self.callers.get_or_insert_default().fill(callers);
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if event == Event::PresenceChanged {
            self.reload(view, fx);
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        fx.load(
            "who",
            |bbs, actor, _| async move { bbs.who(&actor) },
            Msg::Loaded,
        );
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let Some(callers) = &self.callers else {
            canvas.text(3, 1, "Looking…", Token::Dim);
            return;
        };
        let (width, height) = (canvas.width(), canvas.height());
        let mut part = canvas.part(1, 1, width.saturating_sub(2), height.saturating_sub(1));
        callers.draw(&mut part, Focus::Here, |row, caller, ink| {
            draw_row(row, caller, ink, view);
        });
    }
}

/// Draws one caller; where they are goes first when there is no room.
fn draw_row(row: &mut Canvas<'_>, caller: &Caller, ink: Ink, view: &View<'_>) {
    let since = row.width().saturating_sub(6);
    let place = if view.is_narrow() { since } else { 34 };
    let name = label(caller, view);
    row.field((0, 0), place.saturating_sub(2), Align::Left, &name, ink);
    if place < since {
        let room = since.saturating_sub(place + 2);
        row.field(
            (place, 0),
            room,
            Align::Left,
            &caller.present.place,
            Token::Dim,
        );
    }
    let age = view.age_of(caller.since);
    row.field((since, 0), 6, Align::Right, &age, Token::Dim);
}
