//! One's sessions: where one is on line, and hanging up there.

use crate::{
    app::{Ruling, who::Caller},
    domain::{event::Event, id::SessionId},
    term::Key,
    tui::{
        Align, Bind, Canvas, Effects, Handled, Ink, Screen, Token, View, say,
        widgets::{Confirm, Focus, List},
    },
};

/// The list of one's sessions.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    /// Nothing until it has come.
    list: Option<List<Caller>>,
}

impl Sessions {
    /// Makes the screen.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Returns the chosen session, if it is another one.
    fn other(&self, view: &View<'_>) -> Option<SessionId> {
        let session = self.list.as_ref()?.chosen()?.present.session;
        (session != view.visit.session).then_some(session)
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    HangUp,
}

/// What its calls and dialogs answer.
#[derive(Debug)]
pub(super) enum Msg {
    Loaded(Vec<Caller>),
    HangUp(SessionId),
    HungUp(Ruling<()>),
}

impl Screen for Sessions {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[Bind::new(
        &[Key::Char('h'), Key::Delete],
        "h",
        "hang up there",
        Act::HangUp,
        "Ends the chosen session, after a question.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        "Account ▸ Sessions".to_owned()
    }

    fn has_list(&self) -> bool {
        true
    }

    fn offers(&self, Act::HangUp: Act, view: &View<'_>) -> bool {
        self.other(view).is_some()
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.reload(view, fx);
    }

    fn act(&mut self, Act::HangUp: Act, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if let Some(session) = self.other(view) {
            let reply = fx.reply(move |()| Msg::HangUp(session));
            let text = "What was not sent there is not kept.";
            fx.push(Confirm::new(
                "Hang up there?",
                text,
                "hang up",
                "keep",
                reply,
            ));
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        match &mut self.list {
            Some(list) => list.key(key),
            None => Handled::No,
        }
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Loaded(callers) => self.list.get_or_insert_default().fill(callers),
            Msg::HangUp(session) => fx.call(
                "session.end",
                move |bbs, actor, _| async move { bbs.end_session(&actor, session) },
                Msg::HungUp,
            ),
            Msg::HungUp(Ok(())) => fx.notice("That line is let go."),
            Msg::HungUp(Err(stop)) => fx.notice_bad(say::sentence(&stop)),
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if event == Event::PresenceChanged {
            self.reload(view, fx);
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        fx.load(
            "account.sessions",
            |bbs, actor, _| async move { bbs.own_sessions(&actor) },
            Msg::Loaded,
        );
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let Some(list) = &self.list else {
            canvas.text(3, 1, "Looking…", Token::Dim);
            return;
        };
        let (width, height) = (canvas.width(), canvas.height());
        let mut part = canvas.part(1, 1, width.saturating_sub(2), height.saturating_sub(1));
        list.draw(&mut part, Focus::Here, |row, caller, ink| {
            draw_row(row, caller, ink, view);
        });
    }
}

/// Draws one session; the source and then the client go when there is no room.
fn draw_row(row: &mut Canvas<'_>, caller: &Caller, ink: Ink, view: &View<'_>) {
    let since = row.width().saturating_sub(6);
    let present = &caller.present;
    let place = if present.session == view.visit.session {
        "this call"
    } else {
        &present.place
    };
    row.field((0, 0), 22, Align::Left, place, ink);
    if view.is_narrow() {
        let room = since.saturating_sub(24);
        row.field((23, 0), room, Align::Left, &present.client, Token::Dim);
    } else {
        row.field((23, 0), 26, Align::Left, &present.client, Token::Dim);
        let source = present.source.map(|source| source.to_string());
        let room = since.saturating_sub(51);
        row.field(
            (50, 0),
            room,
            Align::Left,
            &source.unwrap_or_default(),
            Token::Dim,
        );
    }
    let age = view.age_of(caller.since);
    row.field((since, 0), 6, Align::Right, &age, Token::Dim);
}
