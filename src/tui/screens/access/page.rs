//! One rule whole. What can be done to it is done in the list.

use crate::{
    store::access::Entry,
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View,
        widgets::{Prose, Scroll},
    },
    words,
};

/// Columns of the labels.
const LABEL: u16 = 13;

/// The page of one rule. Rules are not changed, so it is never loaded anew.
#[derive(Debug)]
pub(super) struct RulePage {
    entry: Entry,
    scroll: Scroll,
}

impl RulePage {
    /// Makes the page of a rule.
    pub(super) fn new(entry: Entry) -> Self {
        Self {
            entry,
            scroll: Scroll::default(),
        }
    }
}

impl Screen for RulePage {
    type Action = ();
    type Msg = ();
    const KEYS: &'static [Bind<()>] = &[];

    fn path(&self, _view: &View<'_>) -> String {
        format!("Access ▸ {}", self.entry.number())
    }

    fn act(&mut self, (): (), _view: &View<'_>, _fx: &mut Effects<'_, ()>) {}

    fn has_list(&self) -> bool {
        true
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, ()>) -> Handled {
        self.scroll.key(key)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let Entry {
            rule,
            reason,
            by,
            at,
            ..
        } = &self.entry;
        let (subject, effect) = (rule.subject(), rule.effect());
        let mut prose = Prose::new(canvas.width());
        if !view.is_narrow() {
            prose = prose.gap();
        }
        prose = prose
            .row(subject.kind().name(), LABEL, &subject.text())
            .fact("is", LABEL, effect.name(), super::ink(effect))
            .row("since", LABEL, &format!("{} by {by}", view.date_of(*at)));
        if !reason.is_empty() {
            prose = prose.row("why", LABEL, reason);
        }
        let meaning = words::access::meaning(effect, subject.kind());
        prose = prose.gap().say(meaning, Token::Dim);
        self.scroll.draw(canvas, &prose);
    }
}
