//! The page of one person: everything staff may know, and the same keys as in
//! the list.

use std::cell::Cell;

use super::{
    deed::{Answer, Deed, Deeds},
    facts,
};
use crate::{
    app::{Ruling, queue::Detail},
    domain::{event::Event, id::AccountId},
    term::Key,
    tui::{Bind, Canvas, Effects, Handled, Ink, Screen, Token, View, say, wrap},
};

/// Columns of the labels.
const LABEL: u16 = 9;

/// The page of one person.
#[derive(Debug)]
pub struct Profile {
    id: AccountId,
    handle: String,
    detail: Option<Ruling<Detail>>,
    deeds: Deeds,
    /// The first line that is shown.
    first: usize,
    /// How far the last drawing could be scrolled, and its rows; which keys go
    /// by. The only things that a draw leaves behind.
    last: Cell<usize>,
    rows: Cell<usize>,
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Does something to this account.
    Do(Deed),
}

/// What it is told.
#[derive(Debug)]
pub enum Msg {
    /// What is known.
    Detail(Ruling<Detail>),
    /// The answer to a deed.
    Deed(Answer),
}

impl Profile {
    /// Makes the page of an account.
    pub const fn new(id: AccountId, handle: String) -> Self {
        Self {
            id,
            handle,
            detail: None,
            deeds: Deeds::new(),
            first: 0,
            last: Cell::new(0),
            rows: Cell::new(10),
        }
    }

    fn detail(&self) -> Option<&Detail> {
        self.detail.as_ref()?.as_ref().ok()
    }

    fn load(&self, fx: &mut Effects<'_, Msg>) {
        let id = self.id;
        fx.load(
            "users.profile",
            move |bbs, actor, _| async move { bbs.user(&actor, id).await },
            Msg::Detail,
        );
    }
}

/// A line of the page: a label, text, and its ink.
type Line = (&'static str, String, Ink);

/// Returns the page as lines, wrapped to `width` columns.
fn lines(detail: &Detail, width: u16, view: &View<'_>) -> Vec<Line> {
    let account = &detail.account;
    let mut lines = Vec::new();
    let mut add = |label: &'static str, text: &str, ink: Ink| {
        let rows = wrap::wrap(text, width.saturating_sub(LABEL));
        for (place, row) in rows.into_iter().enumerate() {
            lines.push((if place == 0 { label } else { "" }, row, ink));
        }
    };
    let (text, dim) = (Token::Text.into(), Token::Dim.into());
    add("status", &facts::standing(account, view), text);
    if detail.on_line {
        add("", "on the line now", Token::Good.into());
    }
    if let Some(reason) = &account.status_reason {
        add("reason", reason, text);
    }
    add("mail", &facts::mail(detail), text);
    add("via", &facts::via(account), text);
    add("seen", &facts::seen(detail, view), text);
    add("since", &view.date_of(account.created_at), text);
    if account.has_password {
        add("password", "yes", text);
    }
    for key in &detail.keys {
        add("key", &facts::key(key, view), text);
    }
    if detail.keys.is_empty() {
        add("key", "none", dim);
    }
    for hint in &detail.hints {
        add("hint", &facts::hint(hint), Token::Warn.into());
    }
    let request = facts::request(detail);
    if !request.is_empty() {
        add("", "", text);
        add("request", &request, text);
    }
    for (replaced_at, message) in &detail.history {
        add("", "", text);
        let until = format!("until {}", view.date_of(*replaced_at));
        add("before", &until, dim);
        add("", message, dim);
    }
    for note in &detail.notes {
        add("", "", text);
        let by = format!("{}, {}", note.author, view.date_of(note.at));
        add("note", &by, dim);
        add("", &note.text, text);
    }
    lines
}

impl Screen for Profile {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Deed::Approve.bind(Act::Do(Deed::Approve)),
        Deed::Reject.bind(Act::Do(Deed::Reject)),
        Deed::Suspend.bind(Act::Do(Deed::Suspend)),
        Deed::Reactivate.bind(Act::Do(Deed::Reactivate)),
        Deed::Reopen.bind(Act::Do(Deed::Reopen)),
        Deed::Edit.bind(Act::Do(Deed::Edit)),
        Deed::Note.bind(Act::Do(Deed::Note)),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        format!("Sysop ▸ Users ▸ {}", self.handle)
    }

    fn offers(&self, Act::Do(deed): Act, view: &View<'_>) -> bool {
        self.detail()
            .is_some_and(|detail| self.deeds.offer(deed, &detail.account, detail.powers, view))
    }

    fn has_list(&self) -> bool {
        true
    }

    fn start(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.load(fx);
    }

    fn act(&mut self, Act::Do(deed): Act, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if let Some(Ok(detail)) = &self.detail {
            self.deeds.begin(deed, &detail.account, view, fx, Msg::Deed);
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        let page = self.rows.get().max(1);
        let first = match key {
            Key::Up | Key::Char('k' | 'K') => self.first.saturating_sub(1),
            Key::Down | Key::Char('j' | 'J') => self.first + 1,
            Key::PageUp => self.first.saturating_sub(page),
            Key::PageDown | Key::Char(' ') => self.first + page,
            Key::Home | Key::Char('g') => 0,
            Key::End | Key::Char('G') => usize::MAX,
            _ => return Handled::No,
        };
        self.first = first.min(self.last.get());
        Handled::Yes
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Detail(ruling) => self.detail = Some(ruling),
            Msg::Deed(answer) => self.deeds.answer(answer, fx, Msg::Deed),
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match event {
            Event::AccountChanged(id) | Event::AccountGone(id) if id == self.id => {
                self.reload(view, fx);
            }
            Event::UsersChanged | Event::PresenceChanged => self.reload(view, fx),
            _ => {}
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.load(fx);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let width = canvas.width().saturating_sub(2);
        let detail = match &self.detail {
            None => {
                canvas.text(1, 1, "One moment…", Token::Dim);
                return;
            }
            Some(Err(stop)) => {
                canvas.paragraph((1, 1), width, &say::sentence(stop), Token::Bad);
                return;
            }
            Some(Ok(detail)) => detail,
        };
        let top = u16::from(!view.is_narrow());
        let lines = lines(detail, width, view);
        let rows = usize::from(canvas.height() - top);
        self.rows.set(rows);
        self.last.set(lines.len().saturating_sub(rows));
        let first = self.first.min(self.last.get());
        for (y, (label, text, ink)) in (top..canvas.height()).zip(lines.iter().skip(first)) {
            canvas.text(1, y, label, Token::Dim);
            canvas.text(1 + LABEL, y, text, *ink);
        }
        if first < self.last.get() {
            let x = canvas.width().saturating_sub(2);
            canvas.text(x, canvas.height() - 1, "↓", Token::Dim);
        }
    }
}
