//! What somebody was told: their notices, newest first.

mod page;

use crate::{
    app::{Ruling, notice::Listed},
    domain::{event::Event, id::NoticeId},
    term::Key,
    tui::{
        Align, Bind, Canvas, Effects, Handled, Ink, Screen, Token, View, say,
        widgets::{Focus, List, list::Item},
    },
    words,
};
use page::Page;

impl Item for Listed {
    type Id = NoticeId;

    fn id(&self) -> NoticeId {
        self.notice.id
    }
}

/// The list of one's notices.
#[derive(Debug, Default)]
pub struct Notices {
    /// Nothing until it has come.
    list: Option<List<Listed>>,
}

impl Notices {
    /// Makes the screen.
    pub fn new() -> Self {
        Self::default()
    }

    fn chosen(&self) -> Option<&Listed> {
        self.list.as_ref()?.chosen()
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Opens the chosen one.
    Open,
    /// Removes the chosen one.
    Remove,
    /// Marks all as read.
    ReadAll,
}

/// What its calls answer.
#[derive(Debug)]
pub enum Msg {
    /// The notices.
    Loaded(Ruling<Vec<Listed>>),
    /// Whether something was done to them.
    Done(Ruling<()>),
}

impl Screen for Notices {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(&[Key::Enter], "⏎", "read", Act::Open, "Shows it whole."),
        Bind::new(
            &[Key::Char('d'), Key::Delete],
            "d",
            "delete",
            Act::Remove,
            "Removes the chosen one.",
        ),
        Bind::new(
            &[Key::Char('a')],
            "a",
            "all read",
            Act::ReadAll,
            "Marks every one as read.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Notices".to_owned()
    }

    fn has_list(&self) -> bool {
        true
    }

    fn offers(&self, action: Act, view: &View<'_>) -> bool {
        match action {
            Act::Open | Act::Remove => self.chosen().is_some(),
            Act::ReadAll => view.unread > 0,
        }
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.reload(view, fx);
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match (action, self.chosen()) {
            (Act::Open, Some(listed)) => fx.push(Page::new(listed.clone())),
            (Act::Remove, Some(listed)) => {
                let id = listed.notice.id;
                fx.call(
                    "notices.remove",
                    move |bbs, actor, _| async move { bbs.remove_notice(&actor, id).await },
                    Msg::Done,
                );
            }
            (Act::ReadAll, _) => fx.call(
                "notices.read",
                |bbs, actor, _| async move { bbs.read_all_notices(&actor).await },
                Msg::Done,
            ),
            (Act::Open | Act::Remove, None) => {}
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
            Msg::Loaded(Ok(notices)) => self.list.get_or_insert_default().fill(notices),
            Msg::Done(Ok(())) => {}
            Msg::Loaded(Err(stop)) | Msg::Done(Err(stop)) => fx.notice_bad(say::sentence(&stop)),
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match event {
            Event::NoticesChanged(id) if view.actor.account() == Some(id) => self.reload(view, fx),
            _ => {}
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        fx.load(
            "notices",
            |bbs, actor, _| async move { bbs.notices(&actor).await },
            Msg::Loaded,
        );
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let (width, height) = (canvas.width(), canvas.height());
        match &self.list {
            None => {
                canvas.text(3, 1, "Looking…", Token::Dim);
            }
            Some(list) if list.is_empty() => {
                let room = width.saturating_sub(5);
                canvas.paragraph((3, 1), room, words::notice::none(), Token::Dim);
            }
            Some(list) => {
                let mut part = canvas.part(1, 1, width.saturating_sub(2), height.saturating_sub(1));
                list.draw(&mut part, Focus::Here, |row, listed, ink| {
                    draw_row(row, listed, ink, view);
                });
            }
        }
    }
}

/// Draws one notice: whether it is new, how old it is, and its subject.
fn draw_row(row: &mut Canvas<'_>, listed: &Listed, ink: Ink, view: &View<'_>) {
    let notice = &listed.notice;
    let mark = if notice.is_read { "" } else { "new" };
    row.field((0, 0), 3, Align::Left, mark, Token::Accent);
    let age = view.age_of(notice.at);
    row.field((5, 0), 5, Align::Right, &age, Token::Dim);
    let room = row.width().saturating_sub(12);
    row.field((12, 0), room, Align::Left, listed.subject, ink);
}
