//! One record whole. It never changes.

use crate::{
    store::audit::Record,
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, View,
        widgets::{Prose, Scroll},
    },
    words,
};

/// Columns of the labels.
const LABEL: u16 = 10;

/// The page of one record.
#[derive(Debug)]
pub(super) struct RecordPage {
    record: Record,
    scroll: Scroll,
}

impl RecordPage {
    /// Makes the page of a record.
    pub(super) fn new(record: Record) -> Self {
        Self {
            record,
            scroll: Scroll::default(),
        }
    }

    fn prose(&self, width: u16, view: &View<'_>) -> Prose {
        let record = &self.record;
        let mut prose = Prose::new(width);
        if !view.is_narrow() {
            prose = prose.gap();
        }
        let (day, time) = (view.day_of(record.at), view.time_of(record.at));
        let act = words::audit::action(&record.action);
        let values = [
            ("before", &record.before),
            ("after", &record.after),
            ("reason", &record.reason),
        ];
        let prose = prose
            .row("when", LABEL, &format!("{day} {time}"))
            .row("who", LABEL, &record.actor)
            .row("from", LABEL, &record.via)
            .row("did", LABEL, &format!("{act} {}", record.name()))
            .row("object", LABEL, &record.object)
            .row("action", LABEL, &record.action);
        values
            .into_iter()
            .fold(prose, |prose, (label, value)| match value.as_deref() {
                None => prose,
                Some("") => prose.row(label, LABEL, "(empty)"),
                Some(value) => prose.row(label, LABEL, value),
            })
    }
}

impl Screen for RecordPage {
    type Action = ();
    type Msg = ();
    const KEYS: &'static [Bind<()>] = &[];

    fn path(&self, _view: &View<'_>) -> String {
        format!("Sysop ▸ Audit ▸ {}", self.record.id)
    }

    fn has_list(&self) -> bool {
        true
    }

    fn act(&mut self, (): (), _view: &View<'_>, _fx: &mut Effects<'_, ()>) {}

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, ()>) -> Handled {
        self.scroll.key(key)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let prose = self.prose(canvas.width(), view);
        self.scroll.draw(canvas, &prose);
    }
}
