//! One letter whole: to whom, about what, and what became of it.

use super::standing;
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
        let (state, ink) = standing(letter, view);
        let whole = |at| format!("{} {}", view.day_of(at), view.time_of(at));
        prose = prose
            .row(
                "to",
                LABEL,
                &format!("{}, {}", letter.handle, letter.to.as_str()),
            )
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

    fn load(&self, fx: &mut Effects<'_, Ruling<Letter>>) {
        let id = self.letter.id;
        fx.load(
            "mail.letter",
            move |bbs, actor, _| async move { bbs.letter(&actor, id).await },
            |ruling| ruling,
        );
    }
}

impl Screen for LetterPage {
    type Action = ();
    type Msg = Ruling<Letter>;
    const KEYS: &'static [Bind<()>] = &[];

    fn path(&self, _view: &View<'_>) -> String {
        format!("Mail ▸ letter {}", self.letter.id)
    }

    fn has_list(&self) -> bool {
        true
    }

    fn act(&mut self, (): (), _view: &View<'_>, _fx: &mut Effects<'_, Ruling<Letter>>) {}

    fn key(&mut self, key: Key, _: &View<'_>, _: &mut Effects<'_, Ruling<Letter>>) -> Handled {
        self.scroll.key(key)
    }

    fn message(
        &mut self,
        letter: Ruling<Letter>,
        _view: &View<'_>,
        _fx: &mut Effects<'_, Ruling<Letter>>,
    ) {
        // One that is gone, with its account, stays as it was seen last.
        if let Ok(letter) = letter {
            self.letter = letter;
        }
    }

    fn event(&mut self, event: Event, _view: &View<'_>, fx: &mut Effects<'_, Ruling<Letter>>) {
        if event == Event::MailChanged {
            self.load(fx);
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Ruling<Letter>>) {
        self.load(fx);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let prose = self.prose(canvas.width(), view);
        self.scroll.draw(canvas, &prose);
    }
}
