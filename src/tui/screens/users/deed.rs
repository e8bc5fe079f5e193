//! What staff do to an account: which deed is legal, its key, and how it goes
//! on. The list and the page of one person share it; each deed has a file of
//! its own.

pub(super) mod activation;
pub(super) mod approve;
pub(super) mod ask;
pub(super) mod claim;
pub(super) mod delete;
pub(super) mod edit;
pub(super) mod factor;
pub(super) mod note;
pub(super) mod reactivate;
pub(super) mod reject;
pub(super) mod reopen;
pub(super) mod reset;
pub(super) mod sessions;
pub(super) mod suspend;
pub(super) mod talk;
pub(super) mod tree;
pub(super) mod undo;
pub(super) mod waive;

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use crate::{
    app::{
        Bbs, Ruling,
        queue::{Decided, Decision, Detail, Powers},
    },
    domain::{account::Transition, actor::Actor, clock::Timestamp, id::AccountId},
    store::{
        account::{Account, Listed},
        decision::Undoable,
    },
    term::Key,
    tui::{Bind, Effects, Layer, View, say, widgets::Confirm},
    words,
};

/// The longest note or reason; the use case says so if more is typed.
const NOTE: usize = 600;

/// Something staff do to an account with one key.
#[derive(Clone, Copy, Debug)]
pub struct Deed {
    keys: &'static [Key],
    label: &'static str,
    word: &'static str,
    help: &'static str,
    /// Whether somebody with these powers can do it to an account.
    is_legal: fn(Subject<'_>, Powers, &View<'_>) -> bool,
    /// Whether it is about one's own last decision while nobody is selected.
    pub(super) is_about_last: bool,
    begin: fn(&Account, &View<'_>) -> Begin,
}

/// Whom a deed is about, and what of them it depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    /// The account as it was drawn.
    pub(super) account: &'a Account,
    /// Until when the last decision can be taken back.
    undo_until: Option<Timestamp>,
    /// Whether they are on the line now, as far as that is known.
    is_on_line: bool,
    /// Whether there is a key that lets them in.
    has_key: bool,
}

impl Subject<'_> {
    /// Returns the subject, of whom it is known whether they are on the line.
    pub(super) const fn on_line(self, is_on_line: bool) -> Self {
        Self { is_on_line, ..self }
    }

    /// Whether the table of transitions has this one for them.
    const fn may(self, transition: Transition) -> bool {
        self.account.status.after(transition).is_some()
    }

    /// Whether they could come in, if they were let in.
    const fn has_way_in(self) -> bool {
        self.has_key || self.account.has_password
    }

    /// Whether it is whoever looks.
    fn is_oneself(self, view: &View<'_>) -> bool {
        view.actor.account() == Some(self.account.id)
    }
}

impl<'a> From<&'a Listed> for Subject<'a> {
    fn from(row: &'a Listed) -> Self {
        Self {
            account: &row.account,
            undo_until: row.undo_until,
            is_on_line: false,
            has_key: row.has_key,
        }
    }
}

impl<'a> From<&'a Detail> for Subject<'a> {
    fn from(detail: &'a Detail) -> Self {
        Self {
            account: &detail.account,
            undo_until: detail.undo_until,
            is_on_line: detail.is_on_line(),
            has_key: detail.keys.iter().any(|key| key.standing.lets_in()),
        }
    }
}

impl<'a> From<&'a Undoable> for Subject<'a> {
    fn from(last: &'a Undoable) -> Self {
        Self {
            account: &last.account,
            undo_until: Some(last.until),
            is_on_line: false,
            // Only requests are decided about.
            has_key: false,
        }
    }
}

/// The account a dialog is about.
#[derive(Clone, Debug)]
struct Whom {
    id: AccountId,
    handle: String,
}

impl Whom {
    fn of(account: &Account) -> Self {
        Self {
            id: account.id,
            handle: account.handle.to_string(),
        }
    }
}

impl Deed {
    /// Binds its key to a screen's action.
    pub(super) const fn bind<A: Copy>(&self, action: A) -> Bind<A> {
        Bind::new(self.keys, self.label, self.word, action, self.help)
    }
}

/// How a deed goes on when its key was pressed.
enum Begin {
    /// It is done, and a sentence says what came of it.
    Now(Work),
    /// The same, after a question.
    Ask(Question, Work),
    /// Something opens that goes on by itself.
    Open(Layer),
}

/// What is asked before something is done.
struct Question {
    title: String,
    /// The consequence.
    text: &'static str,
    /// The word for going on.
    yes: &'static str,
}

/// What came of a call.
#[derive(Debug)]
pub enum Outcome {
    /// It was done; in a sentence.
    Said(String),
    /// Something has to be chosen first.
    Open(Layer),
}

/// A call under way, for whoever began it.
type Working = Pin<Box<dyn Future<Output = Ruling<Outcome>> + Send>>;

/// A call that was not begun yet.
#[derive(Clone)]
pub struct Work(Arc<dyn Fn(Arc<Bbs>, Actor) -> Working + Send + Sync>);

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Work")
    }
}

impl Begin {
    /// Opens a dialog or a page.
    fn open(layer: impl Into<Layer>) -> Self {
        Self::Open(layer.into())
    }

    /// Calls a use case.
    fn call<F: Future<Output = Ruling<Outcome>> + Send + 'static>(
        call: impl Fn(Arc<Bbs>, Actor) -> F + Send + Sync + 'static,
    ) -> Self {
        Self::Now(Work(Arc::new(move |bbs, actor| Box::pin(call(bbs, actor)))))
    }

    /// Decides about an account; `said` says how it stands then.
    fn decide(account: &Account, decision: Decision, said: fn(&Decided) -> String) -> Self {
        let id = account.id;
        Self::call(move |bbs, actor| {
            let decision = decision.clone();
            async move {
                let decided = bbs.decide_about(&actor, id, decision).await?;
                Ok(Outcome::Said(with_letter(said(&decided), &decided)))
            }
        })
    }

    /// Asks before anything is done.
    fn after(self, question: Question) -> Self {
        match self {
            Self::Now(work) => Self::Ask(question, work),
            other => other,
        }
    }
}

/// Says what becomes of the letter too.
fn with_letter(said: String, decided: &Decided) -> String {
    match &decided.letter {
        Some(letter) => format!("{said} {}", words::letter::written(letter.state)),
        None => said,
    }
}

/// Says that somebody is back in the queue.
fn waits_again(decided: &Decided) -> String {
    format!("{} waits again.", decided.account.handle)
}

/// What a deed's question or call answers.
#[derive(Debug)]
pub enum Answer {
    /// The consequence was read and agreed to.
    Agreed(Work),
    /// It was done, or not.
    Done(Ruling<Outcome>),
}

/// The deeds of a screen: one at a time.
#[derive(Debug)]
pub(super) struct Deeds {
    is_busy: bool,
}

impl Deeds {
    /// Begins with none under way.
    pub(super) const fn new() -> Self {
        Self { is_busy: false }
    }

    /// Whether a deed can be done to an account now.
    pub(super) fn offer(
        &self,
        deed: &Deed,
        subject: Subject<'_>,
        powers: Powers,
        view: &View<'_>,
    ) -> bool {
        !self.is_busy && (deed.is_legal)(subject, powers, view)
    }

    /// Begins a deed: a call, a question, or a dialog that goes on by itself.
    pub(super) fn begin<M: Send + 'static>(
        &mut self,
        deed: &Deed,
        account: &Account,
        view: &View<'_>,
        fx: &mut Effects<'_, M>,
        wrap: fn(Answer) -> M,
    ) {
        match (deed.begin)(account, view) {
            Begin::Now(work) => self.carry_out(work, fx, wrap),
            Begin::Ask(Question { title, text, yes }, work) => {
                let reply = fx.reply(move |()| wrap(Answer::Agreed(work.clone())));
                fx.push(Confirm::new(&title, text, yes, "leave", reply));
            }
            Begin::Open(layer) => fx.push(layer),
        }
    }

    /// Goes on after an answer.
    pub(super) fn answer<M: Send + 'static>(
        &mut self,
        answer: Answer,
        fx: &mut Effects<'_, M>,
        wrap: fn(Answer) -> M,
    ) {
        match answer {
            Answer::Agreed(work) => self.carry_out(work, fx, wrap),
            Answer::Done(ruling) => {
                self.is_busy = false;
                match ruling {
                    Ok(Outcome::Said(said)) => fx.notice(said),
                    Ok(Outcome::Open(layer)) => fx.push(layer),
                    Err(stop) => fx.notice_bad(say::sentence(&stop)),
                }
            }
        }
    }

    fn carry_out<M: Send + 'static>(
        &mut self,
        Work(work): Work,
        fx: &mut Effects<'_, M>,
        wrap: fn(Answer) -> M,
    ) {
        if !std::mem::replace(&mut self.is_busy, true) {
            fx.call(
                "users.deed",
                move |bbs, actor, _| work(bbs, actor),
                move |ruling| wrap(Answer::Done(ruling)),
            );
        }
    }
}
