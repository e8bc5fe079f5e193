//! What a sysop does about one letter, in the list and on its page alike.

use crate::{
    app::Ruling,
    domain::{id::LetterId, letter::State},
    store::outbox::{Letter, Way},
    term::Key,
    tui::{Bind, Effects, say},
    words,
};

/// Binds the key that tries a letter again.
pub(super) const fn retry<A>(action: A) -> Bind<A> {
    Bind::new(
        &[Key::Char('r')],
        "r",
        "retry",
        action,
        "Tries the letter again, at once and for another day.",
    )
}

/// Binds the key that takes a letter back.
pub(super) const fn cancel<A>(action: A) -> Bind<A> {
    Bind::new(
        &[Key::Char('c')],
        "c",
        "cancel",
        action,
        "Takes a letter back that has not left.",
    )
}

/// Whether a letter that stands there can be tried again, where mail is on.
pub(super) const fn may_retry(state: State) -> bool {
    matches!(
        state,
        State::Queued | State::Failed | State::Cancelled | State::Off
    )
}

/// Whether a letter that stands there can be taken back.
pub(super) const fn may_cancel(state: State) -> bool {
    matches!(state, State::Queued | State::Held | State::Blocked)
}

/// Tries a letter again.
pub(super) fn begin_retry<M: Send + 'static>(
    id: LetterId,
    fx: &mut Effects<'_, M>,
    done: impl FnOnce(Ruling<Letter>) -> M + Send + 'static,
) {
    fx.call(
        "mail.retry",
        move |bbs, actor, _| async move { bbs.retry_letter(&actor, id).await },
        done,
    );
}

/// Takes a letter back.
pub(super) fn begin_cancel<M: Send + 'static>(
    id: LetterId,
    fx: &mut Effects<'_, M>,
    done: impl FnOnce(Ruling<Letter>) -> M + Send + 'static,
) {
    fx.call(
        "mail.cancel",
        move |bbs, actor, _| async move { bbs.cancel_letter(&actor, id).await },
        done,
    );
}

/// Says what came of it.
pub(super) fn tell<M: Send + 'static>(ruling: &Ruling<Letter>, fx: &mut Effects<'_, M>) {
    match ruling {
        Ok(letter) => fx.notice(match letter.to.way() {
            Way::Mail => words::letter::written(letter.state),
            Way::Program => words::notify::written(letter.state),
        }),
        Err(stop) => fx.notice_bad(say::sentence(stop)),
    }
}
