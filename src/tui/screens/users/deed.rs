//! What staff do to an account: which deed is legal, its key, its question and
//! its result in words. The list and the page of one person share it.

use super::{dialogs, reset};
use crate::{
    app::{
        Ruling,
        queue::{Decided, Decision, Detail, Powers},
    },
    domain::{
        account::{Status, Transition},
        clock::Timestamp,
    },
    store::{
        account::{Account, Listed},
        decision::Undoable,
        request::Claim,
    },
    term::Key,
    tui::{Bind, Effects, View, say, widgets::Confirm},
    words,
};

/// Something staff do to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Lets them in.
    Approve,
    /// Says no to their request.
    Reject,
    /// Shuts them out for a while.
    Suspend,
    /// Lets them in again.
    Reactivate,
    /// Puts their request back into the queue.
    Reopen,
    /// Changes role and address.
    Edit,
    /// Notes something down.
    Note,
    /// Takes the last decision back.
    Undo,
    /// Starts a new password.
    Reset,
    /// Tells the others that one looks after it, or no longer.
    Claim,
}

/// Whom a deed is about, and what of them it depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    /// The account as it was drawn.
    pub(super) account: &'a Account,
    /// Until when the last decision can be taken back.
    pub(super) undo_until: Option<Timestamp>,
}

impl<'a> From<&'a Listed> for Subject<'a> {
    fn from(row: &'a Listed) -> Self {
        Self {
            account: &row.account,
            undo_until: row.undo_until,
        }
    }
}

impl<'a> From<&'a Detail> for Subject<'a> {
    fn from(detail: &'a Detail) -> Self {
        Self {
            account: &detail.account,
            undo_until: detail.undo_until,
        }
    }
}

impl<'a> From<&'a Undoable> for Subject<'a> {
    fn from(last: &'a Undoable) -> Self {
        Self {
            account: &last.account,
            undo_until: Some(last.until),
        }
    }
}

impl Deed {
    /// Binds its key to a screen's action.
    pub(super) const fn bind<A: Copy>(self, action: A) -> Bind<A> {
        let (keys, label, word, help): (&[Key], _, _, _) = match self {
            Self::Approve => (&[Key::Char('a')], "a", "approve", "Lets them in, at once."),
            Self::Reject => (
                &[Key::Char('r')],
                "r",
                "reject",
                "Says no, after asking how; r again takes what is there.",
            ),
            Self::Suspend => (
                &[Key::Char('s')],
                "s",
                "suspend",
                "Shuts them out, with a reason.",
            ),
            Self::Reactivate => (&[Key::Char('u')], "u", "let in", "Ends a suspension."),
            Self::Reopen => (
                &[Key::Char('o')],
                "o",
                "reopen",
                "Puts a rejected request back into the queue.",
            ),
            Self::Edit => (&[Key::Char('e')], "e", "edit", "Role and e-mail address."),
            Self::Note => (
                &[Key::Char('n')],
                "n",
                "note",
                "Writes a note that only staff read.",
            ),
            Self::Undo => (
                &[Key::Char('z')],
                "z",
                "undo",
                "Takes the last decision back, for ten minutes.",
            ),
            Self::Reset => (
                &[Key::Char('p')],
                "p",
                "password",
                "A code with which they choose a new password.",
            ),
            Self::Claim => {
                return Bind::quiet(
                    &[Key::Char('c')],
                    "c",
                    action,
                    "Claims a request for half an hour, as a hint to the others, or gives it up.",
                );
            }
        };
        Bind::new(keys, label, word, action, help)
    }

    /// Whether it can be done to an account by somebody with these powers.
    fn is_legal(self, subject: Subject<'_>, powers: Powers, view: &View<'_>) -> bool {
        let account = subject.account;
        let goes = |transition| account.status.after(transition).is_some();
        match self {
            Self::Approve => powers.decide && goes(Transition::Approve),
            Self::Reject => powers.decide && goes(Transition::Reject),
            Self::Suspend => {
                let oneself = view.actor.account() == Some(account.id);
                powers.manage && !oneself && goes(Transition::Suspend)
            }
            Self::Reactivate => powers.manage && goes(Transition::Reactivate),
            Self::Reopen => powers.manage && goes(Transition::Reopen),
            Self::Edit => powers.manage && account.status != Status::Deleted,
            Self::Note => powers.manage,
            Self::Undo => {
                let is_open = subject.undo_until.is_some_and(|until| until > view.now);
                powers.manage && is_open && goes(Transition::Undo)
            }
            Self::Reset => {
                let oneself = view.actor.account() == Some(account.id);
                powers.manage && !oneself && account.status.edits_itself()
            }
            Self::Claim => powers.decide && account.status == Status::Pending,
        }
    }

    /// Returns what is decided without a form.
    const fn decision(self) -> Option<Decision> {
        match self {
            Self::Approve => Some(Decision::Approve),
            Self::Reactivate => Some(Decision::Reactivate),
            Self::Reopen => Some(Decision::Reopen),
            Self::Undo => Some(Decision::Undo),
            Self::Reject | Self::Suspend | Self::Edit | Self::Note | Self::Reset | Self::Claim => {
                None
            }
        }
    }

    /// Returns what is said when it was done.
    fn said(self, decided: &Decided) -> String {
        let Decided {
            account,
            on_line,
            letter,
        } = decided;
        let handle = &account.handle;
        let done = match self {
            Self::Approve if *on_line => format!("{handle} is in."),
            Self::Approve => format!("{handle} may come in."),
            Self::Reactivate => format!("{handle} may come in again."),
            Self::Reopen | Self::Undo => format!("{handle} waits again."),
            Self::Reject | Self::Suspend | Self::Edit | Self::Note | Self::Reset | Self::Claim => {
                String::new()
            }
        };
        match letter {
            Some(letter) => format!("{done} {}", words::letter::written(letter.state)),
            None => done,
        }
    }
}

/// What a deed's question or call answers.
#[derive(Debug)]
pub enum Answer {
    /// The consequence was read and agreed to.
    Agreed(Deed, Box<Account>),
    /// It was decided, or not.
    Decided(Deed, Box<Ruling<Decided>>),
    /// Who has claimed the request of that handle now.
    Claimed(String, Ruling<Option<Claim>>),
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
        deed: Deed,
        subject: Subject<'_>,
        powers: Powers,
        view: &View<'_>,
    ) -> bool {
        !self.is_busy && deed.is_legal(subject, powers, view)
    }

    /// Begins a deed: a call, a question, or a dialog that goes on by itself.
    pub(super) fn begin<M: Send + 'static>(
        &mut self,
        deed: Deed,
        account: &Account,
        view: &View<'_>,
        fx: &mut Effects<'_, M>,
        wrap: fn(Answer) -> M,
    ) {
        match deed {
            Deed::Approve => self.carry_out(deed, account, fx, wrap),
            Deed::Reactivate => confirm(
                deed,
                account,
                (
                    format!("Let {} in again?", account.handle),
                    "The suspension ends now. Their invites work again.",
                    "let in",
                ),
                fx,
                wrap,
            ),
            Deed::Reopen => confirm(
                deed,
                account,
                (
                    format!("Reopen {}?", account.handle),
                    "The request waits again, and they are told so.",
                    "reopen",
                ),
                fx,
                wrap,
            ),
            Deed::Undo => confirm(
                deed,
                account,
                (
                    format!("Undo {}?", account.handle),
                    "What was decided is taken back, and they wait again. A letter that has not \
                     left is cancelled; one that has is followed by a correction.",
                    "take back",
                ),
                fx,
                wrap,
            ),
            Deed::Reject => fx.push(dialogs::reject(account)),
            Deed::Suspend => fx.push(dialogs::suspend(account)),
            Deed::Edit => fx.push(dialogs::edit(account, view)),
            Deed::Note => fx.push(dialogs::note(account)),
            Deed::Reset => fx.push(reset::reset(account)),
            Deed::Claim => self.claim(account, fx, wrap),
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
            Answer::Agreed(deed, account) => self.carry_out(deed, &account, fx, wrap),
            Answer::Claimed(handle, ruling) => {
                self.is_busy = false;
                match ruling {
                    Ok(Some(_)) => fx.notice(format!("{handle} is yours for half an hour.")),
                    Ok(None) => fx.notice(format!("{handle} is free again.")),
                    Err(stop) => fx.notice_bad(say::sentence(&stop)),
                }
            }
            Answer::Decided(deed, ruling) => {
                self.is_busy = false;
                match *ruling {
                    Ok(decided) => fx.notice(deed.said(&decided)),
                    Err(stop) => fx.notice_bad(say::sentence(&stop)),
                }
            }
        }
    }

    fn claim<M: Send + 'static>(
        &mut self,
        account: &Account,
        fx: &mut Effects<'_, M>,
        wrap: fn(Answer) -> M,
    ) {
        let (id, handle) = (account.id, account.handle.to_string());
        self.is_busy = true;
        fx.call(
            "users.claim",
            move |bbs, actor, _| async move { bbs.claim_request(&actor, id).await },
            move |ruling| wrap(Answer::Claimed(handle, ruling)),
        );
    }

    fn carry_out<M: Send + 'static>(
        &mut self,
        deed: Deed,
        account: &Account,
        fx: &mut Effects<'_, M>,
        wrap: fn(Answer) -> M,
    ) {
        let (id, Some(decision), false) = (account.id, deed.decision(), self.is_busy) else {
            return;
        };
        self.is_busy = true;
        fx.call(
            "users.decide",
            move |bbs, actor, _| async move { bbs.decide_about(&actor, id, decision).await },
            move |ruling| wrap(Answer::Decided(deed, Box::new(ruling))),
        );
    }
}

fn confirm<M: Send + 'static>(
    deed: Deed,
    account: &Account,
    (title, text, yes): (String, &str, &str),
    fx: &mut Effects<'_, M>,
    wrap: fn(Answer) -> M,
) {
    let about = account.clone();
    let reply = fx.reply(move |()| wrap(Answer::Agreed(deed, Box::new(about.clone()))));
    fx.push(Confirm::new(&title, text, yes, "leave", reply));
}
