//! One letter whole: to whom, about what, and what became of it.

use super::{deed, standing};
use crate::{
    app::Ruling,
    domain::event::Event,
    store::outbox::Letter,
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, View,
        widgets::{Prose, Scroll},
    },
    words,
};

/// Columns of the labels.
const LABEL: u16 = 10;

/// The page of one letter.
#[derive(Debug)]
pub(super) struct LetterPage {
    letter: Letter,
    scroll: Scroll,
}

impl LetterPage {
    /// Makes the page of a letter.
    pub(super) fn new(letter: Letter) -> Self {
        Self {
            letter,
            scroll: Scroll::default(),
        }
    }

    fn prose(&self, width: u16, view: &View<'_>) -> Prose {
        let letter = &self.letter;
        let mut prose = Prose::new(width);
        if !view.is_narrow() {
            prose = prose.gap();
        }
        let to = match letter.to.address() {
            Some(address) => format!("{}, {}", letter.to.name(), address.as_str()),
            None => letter.to.name(),
        };
        let (state, ink) = standing(letter, view);
        let whole = |at| format!("{} {}", view.day_of(at), view.time_of(at));
        prose = prose
            .row("to", LABEL, &to)
            .row("about", LABEL, words::letter::about(letter.kind))
            .fact("state", LABEL, &state, ink)
            .row("written", LABEL, &whole(letter.created_at))
            .row("tries", LABEL, &letter.attempts.to_string());
        let rest = [
            ("next try", letter.next_at.map(whole)),
            ("sent", letter.sent_at.map(whole)),
            (
                "said",
                letter
                    .last_error
                    .clone()
                    .filter(|error| !state.contains(error)),
            ),
        ];
        rest.into_iter().fold(prose, |prose, (label, value)| {
            value
                .iter()
                .fold(prose, |prose, value| prose.row(label, LABEL, value))
        })
    }

    fn load(&self, fx: &mut Effects<'_, Msg>) {
        let id = self.letter.id;
        fx.load(
            "mail.letter",
            move |bbs, actor, _| async move { bbs.letter(&actor, id).await },
            Msg::Letter,
        );
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// Tries the letter again.
    Retry,
    /// Takes it back.
    Cancel,
}

/// What it is told.
#[derive(Debug)]
pub(super) enum Msg {
    /// The letter as it is now.
    Letter(Ruling<Letter>),
    /// What became of a deed.
    Done(Ruling<Letter>),
}

impl Screen for LetterPage {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[deed::retry(Act::Retry), deed::cancel(Act::Cancel)];

    fn path(&self, _view: &View<'_>) -> String {
        format!("Sysop ▸ Mail ▸ letter-{}", self.letter.id)
    }

    fn has_list(&self) -> bool {
        true
    }

    fn offers(&self, action: Act, _view: &View<'_>) -> bool {
        match action {
            Act::Retry => deed::may_retry(self.letter.state),
            Act::Cancel => deed::may_cancel(self.letter.state),
        }
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match action {
            Act::Retry => deed::begin_retry(self.letter.id, fx, Msg::Done),
            Act::Cancel => deed::begin_cancel(self.letter.id, fx, Msg::Done),
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        self.scroll.key(key)
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Letter(Ok(letter)) => self.letter = letter,
            // One that is gone, with its account, stays as it was seen last.
            Msg::Letter(Err(_)) => {}
            Msg::Done(ruling) => deed::tell(&ruling, fx),
        }
    }

    fn event(&mut self, event: Event, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if event == Event::MailChanged {
            self.load(fx);
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.load(fx);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let prose = self.prose(canvas.width(), view);
        self.scroll.draw(canvas, &prose);
    }
}
