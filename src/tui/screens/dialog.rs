//! Dialogs that carry out a use case themselves: a small form with its
//! consequence, refusals under the fields, one call at a time. What is asked
//! and what is done belongs to the [`Task`].

mod form;

use std::{future::Future, sync::Arc};

pub use form::Form;

use crate::{
    app::{Bbs, Ruling, Stop},
    domain::{
        actor::Actor,
        refusal::{Field, Refusal},
    },
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Hint, Screen, Shape, Token, View, say,
        widgets::{Confirm, card::Act},
        wrap,
    },
};

/// Columns inside a dialog.
const WIDTH: u16 = 50;

/// A question before what was entered is carried out.
#[derive(Debug)]
pub struct Warning {
    /// Its title.
    pub title: &'static str,
    /// The consequence.
    pub text: &'static str,
    /// The word for going on.
    pub yes: &'static str,
}

/// What a dialog is about.
pub trait Task: Send + 'static {
    /// The form, read.
    type Order: Send + 'static;
    /// What carrying it out answers.
    type Done: Send + 'static;
    /// Enter does it and Esc does not; a task may bind more keys to that.
    const KEYS: &'static [Bind<Act>] = KEYS;

    /// Returns what stands in the border.
    fn title(&self) -> String;

    /// Returns the words for doing it and for leaving it.
    fn words(&self) -> [&'static str; 2];

    /// Returns the consequence, or help with what is entered.
    fn text(&self, form: &Form) -> String;

    /// Reads the form; what can't be read is refused at its row.
    fn order(&self, form: &Form, view: &View<'_>) -> Result<Self::Order, (usize, String)>;

    /// Returns what is asked once more before an order is carried out.
    fn warning(&self, _order: &Self::Order) -> Option<Warning> {
        None
    }

    /// Carries it out.
    fn carry_out(
        bbs: Arc<Bbs>,
        actor: Actor,
        order: Self::Order,
    ) -> impl Future<Output = Ruling<Self::Done>> + Send;

    /// Returns the row under which refusals of a field stand; none: below all.
    fn row_of(&self, field: Field) -> Option<usize>;

    /// Learns from a refusal.
    fn refused(&mut self, _refusal: &Refusal) {}

    /// Says what was done, and closes the dialog or puts another in its place.
    fn done<M: Send + 'static>(&self, done: Self::Done, fx: &mut Effects<'_, M>);
}

/// The keys of a dialog.
const KEYS: &[Bind<Act>] = &[
    Bind::new(&[Key::Enter], "⏎", "yes", Act::Yes, "Does it."),
    LEAVE,
];

/// The key that leaves everything as it is.
pub const LEAVE: Bind<Act> = Bind::new(
    &[Key::Esc],
    "Esc",
    "no",
    Act::No,
    "Leaves everything as it is.",
);

/// A dialog about a task.
#[derive(Debug)]
pub struct Dialog<T> {
    task: T,
    form: Form,
    /// A refusal of no row.
    refusal: Option<String>,
    is_busy: bool,
}

/// What a dialog is told.
#[derive(Debug)]
pub enum Msg<T> {
    /// The warning was read and agreed to.
    Agreed,
    /// The task was carried out, or not.
    Answered(Ruling<T>),
}

impl<T: Task> Dialog<T> {
    /// Makes a dialog about `task` with a form to fill in.
    pub const fn new(task: T, form: Form) -> Self {
        Self {
            task,
            form,
            refusal: None,
            is_busy: false,
        }
    }

    fn width(view: &View<'_>) -> u16 {
        WIDTH.min(view.size.width.saturating_sub(6))
    }

    /// Returns what stands under the form.
    fn text(&self) -> (String, Token) {
        match &self.refusal {
            _ if self.is_busy => ("One moment…".to_owned(), Token::Dim),
            Some(refusal) => (format!("✗ {refusal}"), Token::Bad),
            None => (self.task.text(&self.form), Token::Text),
        }
    }

    fn submit(&mut self, agreed: Agreed, view: &View<'_>, fx: &mut Effects<'_, Msg<T::Done>>) {
        if self.is_busy {
            return;
        }
        self.refusal = None;
        self.form.forgive();
        let order = match self.task.order(&self.form, view) {
            Ok(order) => order,
            Err((row, sentence)) => return self.form.refuse(row, sentence),
        };
        if agreed == Agreed::NotYet
            && let Some(Warning { title, text, yes }) = self.task.warning(&order)
        {
            let reply = fx.reply(|()| Msg::Agreed);
            return fx.push(Confirm::new(title, text, yes, "keep", reply));
        }
        self.is_busy = true;
        fx.call(
            "dialog",
            |bbs, actor, _| T::carry_out(bbs, actor, order),
            Msg::Answered,
        );
    }

    fn stopped(&mut self, stop: &Stop, fx: &mut Effects<'_, Msg<T::Done>>) {
        let sentence = say::sentence(stop);
        if say::hangs_up(stop) {
            return fx.hang_up(format!("{sentence}\n"));
        }
        if let Stop::Refused(refusal) = stop {
            // Somebody was faster: there is nothing left to fill in.
            if matches!(
                refusal,
                Refusal::Conflict { .. } | Refusal::Gone | Refusal::NotAllowed
            ) {
                fx.notice_bad(sentence);
                return fx.pop();
            }
            self.task.refused(refusal);
        }
        match self.task.row_of(say::field(stop)) {
            Some(row) => self.form.refuse(row, sentence),
            None => self.refusal = Some(sentence),
        }
    }
}

/// Whether the warning was agreed to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Agreed {
    Yes,
    NotYet,
}

impl<T: Task> Screen for Dialog<T> {
    type Action = Act;
    type Msg = Msg<T::Done>;
    const KEYS: &'static [Bind<Act>] = T::KEYS;

    fn path(&self, _view: &View<'_>) -> String {
        self.task.title()
    }

    fn shape(&self, view: &View<'_>) -> Shape {
        let width = Self::width(view);
        let text = wrap::wrap(&self.text().0, width).len();
        let text = u16::try_from(text).unwrap_or(u16::MAX);
        Shape::Card {
            width,
            height: self
                .form
                .height(width)
                .saturating_add(1)
                .saturating_add(text),
            title: self.task.title(),
        }
    }

    fn word(&self, action: Act) -> Option<String> {
        let [yes, no] = self.task.words();
        Some(match action {
            Act::Yes => yes.to_owned(),
            Act::No => no.to_owned(),
        })
    }

    fn typing(&self) -> bool {
        self.form.typing()
    }

    fn hints(&self) -> &'static [Hint] {
        self.form.hints()
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) -> Handled {
        self.form.key(key)
    }

    fn paste(&mut self, text: &str, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) {
        self.form.paste(text);
    }

    fn act(&mut self, action: Act, view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        match action {
            Act::Yes => self.submit(Agreed::NotYet, view, fx),
            Act::No => fx.pop(),
        }
    }

    fn message(&mut self, msg: Self::Msg, view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        match msg {
            Msg::Agreed => self.submit(Agreed::Yes, view, fx),
            Msg::Answered(ruling) => {
                self.is_busy = false;
                match ruling {
                    Ok(done) => self.task.done(done, fx),
                    Err(stop) => self.stopped(&stop, fx),
                }
            }
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        let rows = self.form.draw(canvas);
        let (text, token) = self.text();
        let width = canvas.width();
        canvas.paragraph((0, rows + 1), width, &text, token);
    }
}
