//! One invite whole. What can be done to it is done in the list.

use super::{ink, issuer, uses};
use crate::{
    app::{Ruling, invite::Seen},
    domain::{account::Role, event::Event, registration::Admission},
    tui::{Bind, Canvas, Effects, Ink, Screen, Token, View, say},
};

/// Columns of the labels.
const LABEL: u16 = 10;

/// The page of one invite.
#[derive(Debug)]
pub struct InvitePage {
    seen: Seen,
    failure: Option<String>,
}

impl InvitePage {
    /// Makes the page of an invite as it was last seen.
    pub const fn new(seen: Seen) -> Self {
        Self {
            seen,
            failure: None,
        }
    }

    fn facts(&self, view: &View<'_>) -> Vec<(&'static str, String, Ink)> {
        let Seen {
            invite,
            state,
            redeemers,
        } = &self.seen;
        let text = Ink::from(Token::Text);
        let mut facts = vec![
            ("code", format!("ends in …{}", invite.hint), text),
            ("state", state.name().to_owned(), ink(*state).into()),
            ("uses", uses(invite), text),
            ("by", issuer(invite).to_owned(), text),
            ("made", view.date_of(invite.created_at), text),
        ];
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

    fn message(&mut self, msg: Self::Msg, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) {
        match msg {
            Ok(seen) => self.seen = seen,
            Err(stop) => self.failure = Some(say::sentence(&stop)),
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        if matches!(event, Event::InvitesChanged(_) | Event::SettingsChanged) {
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
        let mut y = u16::from(!view.is_narrow());
        let width = canvas.width().saturating_sub(3 + LABEL);
        if let Some(failure) = &self.failure {
            canvas.paragraph((2, y), width, failure, Token::Bad);
            return;
        }
        for (label, text, ink) in self.facts(view) {
            canvas.text(2, y, label, Token::Dim);
            y += canvas.paragraph((2 + LABEL, y), width, &text, ink);
        }
    }
}
