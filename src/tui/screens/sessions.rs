//! The sessions of an account: where somebody is on line, and hanging up there.
//! One's own in the account, anybody's in USERS.

use crate::{
    app::{Ruling, hub::Which, who::Caller},
    domain::{
        event::Event,
        id::{AccountId, SessionId},
    },
    store::account::Account,
    term::Key,
    tui::{
        Align, Bind, Canvas, Effects, Handled, Ink, Screen, Token, View, say,
        widgets::{Confirm, Focus, List},
    },
    words,
};

/// Whose sessions they are.
#[derive(Clone, Debug)]
enum Whose {
    Own,
    Of(AccountId, String),
}

/// The list of somebody's sessions.
#[derive(Debug)]
pub struct Sessions {
    whose: Whose,
    /// Nothing until it has come.
    list: Option<List<Caller>>,
}

impl Sessions {
    /// Makes the list of one's own.
    pub const fn own() -> Self {
        Self {
            whose: Whose::Own,
            list: None,
        }
    }

    /// Makes the list of somebody's, for whoever runs the board.
    pub fn of(account: &Account) -> Self {
        Self {
            whose: Whose::Of(account.id, account.handle.to_string()),
            list: None,
        }
    }

    fn is_empty(&self) -> bool {
        self.list
            .as_ref()
            .is_none_or(|list| list.chosen().is_none())
    }

    /// Returns the chosen session, if it is another one.
    fn other(&self, view: &View<'_>) -> Option<SessionId> {
        let session = self.list.as_ref()?.chosen()?.present.session;
        (session != view.visit.session).then_some(session)
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Ends the chosen session.
    HangUp,
    /// Ends every one.
    HangUpAll,
}

/// What its calls and dialogs answer.
#[derive(Debug)]
pub enum Msg {
    /// Those on line.
    Loaded(Ruling<Vec<Caller>>),
    /// The question was agreed to: that one.
    HangUp(SessionId),
    /// The question was agreed to: every one.
    HangUpAll,
    /// What came of it: how many were let go.
    HungUp(Ruling<usize>),
}

impl Screen for Sessions {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Char('h'), Key::Delete],
            "h",
            "hang up there",
            Act::HangUp,
            "Ends the chosen session, after a question.",
        ),
        Bind::new(
            &[Key::Char('a')],
            "a",
            "all of them",
            Act::HangUpAll,
            "Ends every session of this account, after a question.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        match &self.whose {
            Whose::Own => "Account ▸ Sessions".to_owned(),
            Whose::Of(_, handle) => format!("Sysop ▸ Users ▸ {handle} ▸ Sessions"),
        }
    }

    fn has_list(&self) -> bool {
        true
    }

    fn offers(&self, action: Act, view: &View<'_>) -> bool {
        match (action, &self.whose) {
            (Act::HangUp, _) => self.other(view).is_some(),
            (Act::HangUpAll, Whose::Own) => false,
            (Act::HangUpAll, Whose::Of(id, _)) => {
                view.actor.account() != Some(*id) && !self.is_empty()
            }
        }
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.reload(view, fx);
    }

    fn act(&mut self, action: Act, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let (title, reply) = match (action, self.other(view)) {
            (Act::HangUp, Some(session)) => {
                let reply = fx.reply(move |()| Msg::HangUp(session));
                ("Hang up there?", reply)
            }
            (Act::HangUp, None) => return,
            (Act::HangUpAll, _) => ("Hang up on all of them?", fx.reply(|()| Msg::HangUpAll)),
        };
        let text = "What was not sent there is not kept.";
        fx.push(Confirm::new(title, text, "hang up", "keep", reply));
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        match &mut self.list {
            Some(list) => list.key(key),
            None => Handled::No,
        }
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match (msg, self.whose.clone()) {
            (Msg::Loaded(Ok(callers)), _) => self.list.get_or_insert_default().fill(callers),
            (Msg::HangUp(session), Whose::Own) => fx.call(
                "session.end",
                move |bbs, actor, _| async move { bbs.end_session(&actor, session).map(|()| 1) },
                Msg::HungUp,
            ),
            (Msg::HangUp(session), Whose::Of(id, _)) => fx.call(
                "users.session",
                move |bbs, actor, _| async move {
                    bbs.end_sessions_of(&actor, id, Which::One(session)).await
                },
                Msg::HungUp,
            ),
            (Msg::HangUpAll, Whose::Own) => {}
            (Msg::HangUpAll, Whose::Of(id, _)) => {
                fx.call(
                    "users.sessions.end",
                    move |bbs, actor, _| async move {
                        bbs.end_sessions_of(&actor, id, Which::All).await
                    },
                    Msg::HungUp,
                );
            }
            (Msg::HungUp(Ok(count)), _) => fx.notice(words::session::let_go(count)),
            (Msg::Loaded(Err(stop)) | Msg::HungUp(Err(stop)), _) => {
                fx.notice_bad(say::sentence(&stop));
            }
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if event == Event::PresenceChanged {
            self.reload(view, fx);
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let whose = self.whose.clone();
        fx.load(
            "sessions",
            |bbs, actor, _| async move {
                match whose {
                    Whose::Own => Ok(bbs.own_sessions(&actor)),
                    Whose::Of(id, _) => bbs.sessions_of(&actor, id).await,
                }
            },
            Msg::Loaded,
        );
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let Some(list) = &self.list else {
            canvas.text(3, 1, "Looking…", Token::Dim);
            return;
        };
        if self.is_empty() {
            canvas.text(3, 1, words::session::not_on_line(), Token::Dim);
            return;
        }
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
