//! One decision about several requests: each is carried out on its own, one
//! after the other, and has a line that says what became of it.

use crate::{
    app::{
        Ruling, Stop,
        queue::{Decided, Decision},
    },
    domain::id::AccountId,
    term::{Key, glyph},
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Prose, Scroll},
    },
    words::bulk,
};

/// Whom a decision is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marked {
    pub(super) id: AccountId,
    pub(super) handle: String,
}

/// What became of one request.
#[derive(Debug)]
struct Line {
    handle: String,
    text: String,
    token: Token,
}

/// The decision on its way through those who were marked.
#[derive(Debug)]
pub(super) struct Bulk {
    decision: Decision,
    marked: Vec<Marked>,
    /// As many as were carried out, in the order of the marked.
    lines: Vec<Line>,
    scroll: Scroll,
}

impl Bulk {
    /// Makes the screen; it begins with the first as soon as it is open.
    pub(super) fn new(decision: Decision, marked: Vec<Marked>) -> Self {
        Self {
            decision,
            marked,
            lines: Vec::new(),
            scroll: Scroll::default(),
        }
    }

    /// Carries the decision out for whoever is next.
    fn next(&self, fx: &mut Effects<'_, Msg>) {
        if let Some(next) = self.marked.get(self.lines.len()) {
            let (id, decision) = (next.id, self.decision.clone());
            fx.call(
                "users.bulk",
                move |bbs, actor, _| async move { bbs.decide_about(&actor, id, decision).await },
                |ruling| Msg(Box::new(ruling)),
            );
        }
    }
}

/// Returns what became of a request.
fn result(ruling: &Ruling<Decided>) -> (String, Token) {
    match ruling {
        Ok(decided) => {
            let letter = decided.letter.as_ref().map(|letter| letter.state);
            (bulk::done(decided.account.status, letter), Token::Good)
        }
        Err(Stop::Refused(refusal)) => (bulk::refused(refusal), Token::Warn),
        Err(stop) => (say::sentence(stop), Token::Bad),
    }
}

/// What its calls answer.
#[derive(Debug)]
pub(super) struct Msg(Box<Ruling<Decided>>);

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leave;

impl Screen for Bulk {
    type Action = Leave;
    type Msg = Msg;
    const KEYS: &'static [Bind<Leave>] = &[Bind::new(
        &[Key::Enter],
        "⏎",
        "back",
        Leave,
        "Back to the list. Whoever had no turn yet stays as they are.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        let deed = match self.decision {
            Decision::Approve | Decision::ApproveAnyway => "Approve",
            _ => "Reject",
        };
        format!("Sysop ▸ Users ▸ {deed}")
    }

    fn status(&self, _view: &View<'_>) -> Option<String> {
        Some(bulk::progress(self.lines.len(), self.marked.len()))
    }

    fn has_list(&self) -> bool {
        true
    }

    fn start(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.next(fx);
    }

    fn act(&mut self, Leave: Leave, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        fx.pop();
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        self.scroll.key(key)
    }

    fn message(&mut self, Msg(ruling): Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if let Some(about) = self.marked.get(self.lines.len()) {
            let (text, token) = result(&ruling);
            self.lines.push(Line {
                handle: about.handle.clone(),
                text,
                token,
            });
        }
        self.next(fx);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        let widest = self
            .marked
            .iter()
            .map(|one| glyph::width(&one.handle))
            .max();
        let column = u16::try_from(widest.unwrap_or(0)).unwrap_or(0) + 2;
        let left = self.marked.len() - self.lines.len();
        let mut prose = Prose::new(canvas.width()).gap();
        for line in &self.lines {
            prose = prose.fact(&line.handle, column, &line.text, line.token);
        }
        if left > 0 {
            let text = bulk::progress(self.lines.len(), self.marked.len());
            prose = prose.say(&text, Token::Dim);
        }
        self.scroll.draw(canvas, &prose);
    }
}
