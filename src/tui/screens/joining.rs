//! How one becomes a caller here now: what strangers can do, and in words why
//! not more.

use crate::{
    app::door::Front,
    domain::{key::VerifiedKey, refusal::Refusal, registration::Mode},
    settings::Settings,
    tui::Effects,
    words,
};

/// What a stranger can do now.
#[derive(Debug)]
pub(super) struct Joining {
    /// Whether the wizard leads somewhere without an invite.
    pub(super) may_ask: bool,
    /// Whether it leads somewhere with one.
    pub(super) may_use_invite: bool,
    /// How one joins, or why one can't now.
    pub(super) words: String,
}

impl Joining {
    /// Judges the board as it stands.
    pub(super) fn of(front: &Front, settings: &Settings) -> Self {
        let no = |refusal: &Refusal| Self {
            may_ask: false,
            may_use_invite: false,
            words: words::refusal(refusal),
        };
        if !front.claimed {
            return no(&Refusal::Unclaimed);
        }
        if let Some(note) = &front.paused {
            return no(&Refusal::Paused(note.clone()));
        }
        let may_use_invite = settings.invitations_enabled;
        match front.mode {
            Mode::Closed => no(&Refusal::Closed),
            Mode::SysopApproved if !front.queue_open => Self {
                may_use_invite,
                ..no(&Refusal::BacklogFull)
            },
            mode => Self {
                may_ask: mode != Mode::InviteOnly,
                may_use_invite,
                words: words::mode(mode).to_owned(),
            },
        }
    }

    /// Returns the words as a sentence of their own.
    pub(super) fn sentence(&self) -> String {
        let mut letters = self.words.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect()
    }

    /// Whether it leads somewhere with a certificate: only a board that takes
    /// nobody sends its bearer away.
    pub(super) fn may_use_certificate(front: &Front) -> bool {
        front.claimed && front.paused.is_none() && front.mode != Mode::Closed
    }

    /// Whether the wizard leads anywhere.
    pub(super) const fn is_possible(&self) -> bool {
        self.may_ask || self.may_use_invite
    }
}

/// Columns before what is said, as everywhere.
pub(super) const MARGIN: u16 = 3;

/// Returns what joining without an invite is called.
pub(super) const fn verb(mode: Mode) -> &'static str {
    match mode {
        Mode::SysopApproved => "ask to join",
        Mode::Open | Mode::InviteOnly | Mode::Closed => "join",
    }
}

/// Returns a sentence about how many there are.
pub(super) fn crowd(front: &Front) -> String {
    let callers = match front.callers {
        1 => "1 caller".to_owned(),
        callers => format!("{callers} callers"),
    };
    format!("{callers}, {} on line.", front.on_line)
}

/// Asks how many are on line.
pub(super) fn count<M: Send + 'static>(
    fx: &mut Effects<'_, M>,
    wrap: impl FnOnce(usize) -> M + Send + 'static,
) {
    fx.load(
        "hub.count",
        |bbs, _actor, _visit| async move { bbs.hub().count() },
        wrap,
    );
}

/// Returns a key in as many words as it takes to know one's own.
pub(super) fn key_name(key: &VerifiedKey) -> String {
    let key = key.key();
    format!("{} ({})", key.fingerprint().short(), key.kind())
}
