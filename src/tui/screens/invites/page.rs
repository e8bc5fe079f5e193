//! One invite whole. What can be done to it is done in the list.

use super::{super::mail::standing, ink, issuer, uses};
use crate::{
    app::{Ruling, invite::Seen},
    domain::{
        account::Role,
        event::Event,
        invite::{Mailbox, Whom},
        registration::Admission,
    },
    store::invite::Invite,
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Ink, Screen, Token, View, say,
        widgets::{Prose, Scroll},
    },
    words,
};

/// Columns of the labels.
const LABEL: u16 = 10;

/// The page of one invite.
#[derive(Debug)]
pub(super) struct InvitePage {
    seen: Seen,
    failure: Option<String>,
    scroll: Scroll,
}

impl InvitePage {
    /// Makes the page of an invite as it was last seen.
    pub(super) fn new(seen: Seen) -> Self {
        Self {
            seen,
            failure: None,
            scroll: Scroll::default(),
        }
    }

    fn facts(&self, view: &View<'_>) -> Vec<(&'static str, String, Ink)> {
        let Seen {
            invite,
            state,
            redeemers,
            letter,
        } = &self.seen;
        let text = Ink::from(Token::Text);
        let mut facts = vec![
            ("code", words::invite::code(invite.hint.as_deref()), text),
            ("state", state.name().to_owned(), ink(*state).into()),
            ("uses", uses(invite), text),
            ("by", issuer(invite).to_owned(), text),
            ("made", view.date_of(invite.created_at), text),
        ];
        if let Some(start) = invite.not_before {
            facts.push(("begins", view.date_of(start), text));
        }
        if let Some(end) = invite.expires_at {
            facts.push(("ends", view.date_of(end), text));
        }
        if let Some(at) = invite.revoked_at {
            let by = invite.revoked_by.as_deref().unwrap_or_default();
            facts.push(("revoked", format!("{} by {by}", view.date_of(at)), text));
        }
        if invite.role != Role::User {
            facts.push(("role", invite.role.name().to_owned(), text));
        }
        if invite.admission == Admission::Queue {
            facts.push(("then", "a sysop decides".to_owned(), text));
        }
        if let Some(bearer) = bearer(invite) {
            facts.push(("for", bearer, text));
        }
        if let Some(letter) = letter {
            let (standing, ink) = standing(letter, view);
            facts.push(("letter", standing, ink.into()));
        }
        if !invite.message.is_empty() {
            facts.push(("message", invite.message.clone(), text));
        }
        if !invite.note.is_empty() {
            facts.push(("note", invite.note.clone(), text));
        }
        let used = match redeemers.as_slice() {
            [] => "nobody yet".to_owned(),
            handles => handles.join(", "),
        };
        facts.push(("used by", used, text));
        facts
    }
}

/// Returns for whom an invite is, if not for anybody.
fn bearer(invite: &Invite) -> Option<String> {
    let bearer = match &invite.whom {
        Whom::Newcomer(bearer) => bearer,
        Whom::Prepared { handle, .. } => return Some(words::activation::of(handle.as_str())),
    };
    let mailbox = bearer.mailbox.as_ref().map(|mailbox| match mailbox {
        Mailbox::At(email) => email.as_str().to_owned(),
        Mailbox::Under(domain) => format!("anybody at {domain}"),
        Mailbox::Withheld => "one address".to_owned(),
    });
    let handle = bearer.handle.as_ref();
    let handle = handle.map(|handle| format!("whoever is called {handle}"));
    match (mailbox, handle) {
        (Some(mailbox), Some(handle)) => Some(format!("{mailbox}, {handle}")),
        (mailbox, handle) => mailbox.or(handle),
    }
}

impl Screen for InvitePage {
    type Action = ();
    type Msg = Ruling<Seen>;
    const KEYS: &'static [Bind<()>] = &[];

    fn path(&self, _view: &View<'_>) -> String {
        format!("Invites ▸ {}", self.seen.invite.number())
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        self.reload(view, fx);
    }

    fn act(&mut self, (): (), _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) {}

    fn has_list(&self) -> bool {
        true
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) -> Handled {
        self.scroll.key(key)
    }

    fn message(&mut self, msg: Self::Msg, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) {
        match msg {
            Ok(seen) => self.seen = seen,
            Err(stop) => self.failure = Some(say::sentence(&stop)),
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        if matches!(
            event,
            Event::InvitesChanged(_) | Event::MailChanged | Event::SettingsChanged
        ) {
            self.reload(view, fx);
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        let id = self.seen.invite.id;
        fx.load(
            "invites.one",
            move |bbs, actor, _| async move { bbs.invite(&actor, id).await },
            |ruling| ruling,
        );
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let mut prose = Prose::new(canvas.width());
        if !view.is_narrow() {
            prose = prose.gap();
        }
        prose = match &self.failure {
            Some(failure) => prose.say(failure, Token::Bad),
            None => self
                .facts(view)
                .into_iter()
                .fold(prose, |prose, (label, text, ink)| {
                    prose.fact(label, LABEL, &text, ink)
                }),
        };
        self.scroll.draw(canvas, &prose);
    }
}
