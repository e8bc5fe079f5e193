//! One notice whole. Whoever opens it has read it.

use crate::{
    app::{Ruling, notice::Listed},
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Prose, Scroll},
    },
};

/// The page of one notice.
#[derive(Debug)]
pub(super) struct Page {
    listed: Listed,
    /// What it says; nothing until it has come.
    text: Option<Ruling<String>>,
    scroll: Scroll,
}

impl Page {
    /// Makes the page of a notice.
    pub(super) fn new(listed: Listed) -> Self {
        Self {
            listed,
            text: None,
            scroll: Scroll::default(),
        }
    }
}

/// What its key does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remove;

/// What its calls answer.
#[derive(Debug)]
pub(super) enum Msg {
    Read(Ruling<String>),
    Removed(Ruling<()>),
}

impl Screen for Page {
    type Action = Remove;
    type Msg = Msg;
    const KEYS: &'static [Bind<Remove>] = &[Bind::new(
        &[Key::Char('d'), Key::Delete],
        "d",
        "delete",
        Remove,
        "Removes it.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        format!("Notices ▸ {}", self.listed.subject)
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.reload(view, fx);
    }

    fn act(&mut self, Remove: Remove, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let id = self.listed.notice.id;
        fx.call(
            "notices.remove",
            move |bbs, actor, _| async move { bbs.remove_notice(&actor, id).await },
            Msg::Removed,
        );
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        self.scroll.key(key)
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Read(text) => self.text = Some(text),
            Msg::Removed(Ok(())) => fx.pop(),
            Msg::Removed(Err(stop)) => fx.notice_bad(say::sentence(&stop)),
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let id = self.listed.notice.id;
        fx.load(
            "notices.page",
            move |bbs, actor, _| async move { bbs.read_notice(&actor, id).await },
            Msg::Read,
        );
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let at = self.listed.notice.at;
        let when = format!("{} {}", view.day_of(at), view.time_of(at));
        let prose = Prose::new(canvas.width())
            .gap()
            .say(&when, Token::Dim)
            .gap();
        let prose = match &self.text {
            None => prose.say("Looking…", Token::Dim),
            Some(Err(stop)) => prose.say(&say::sentence(stop), Token::Bad),
            Some(Ok(text)) => text
                .trim_end()
                .lines()
                .fold(prose, |prose, line| match line {
                    "" => prose.gap(),
                    line => prose.say(line, Token::Text),
                }),
        };
        self.scroll.draw(canvas, &prose);
    }
}
