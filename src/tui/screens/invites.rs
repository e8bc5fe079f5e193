//! Invites: everybody's as a tab of the sysop area, or one's own. A code is
//! shown once, when it is made, and known to nobody here afterwards.

mod dialogs;
mod page;
pub mod tree;

use super::{
    pages::{Pages, Step, Wanted},
    sysop,
};
use crate::{
    app::{
        Ruling,
        backup::Held,
        invite::{Seen, Whose},
    },
    domain::{
        actor::Actor, event::Event, id::InviteId, invite::State, policy::Delegation,
        refusal::Refusal,
    },
    store::invite::Invite,
    term::Key,
    tui::{
        Align, Bind, Canvas, Effects, Handled, Ink, Screen, Tabs, Token, View, say, widgets::Item,
    },
    words,
};
use tree::TreePage;

impl Item for Seen {
    type Id = InviteId;

    fn id(&self) -> InviteId {
        self.invite.id
    }
}

/// Invites, newest first.
#[derive(Debug)]
pub struct Invites {
    whose: Whose,
    pages: Pages<Seen>,
    /// What waits to be thawed since this board began as a copy.
    held: Option<Held>,
    /// Why the caller may not invite, if staff said so.
    barred: Option<String>,
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Makes an invite.
    New,
    /// Takes one back.
    Revoke,
    /// Gives one more time.
    Extend,
    /// Writes its letter again.
    Send,
    /// Lets frozen ones work again.
    Thaw,
    /// Shows one whole.
    Open,
    /// Shows whom its issuer let in.
    Tree,
}

/// What it is told.
#[derive(Debug)]
pub enum Msg {
    /// A page that was asked for.
    Page(Wanted<InviteId>, Ruling<Loaded>),
    /// That invite was made.
    Made(InviteId),
    /// What became of a letter that was to be written again.
    Sent(Ruling<Box<Seen>>),
}

/// A page, and what has to be said above it.
#[derive(Debug)]
pub struct Loaded {
    rows: Vec<Seen>,
    held: Option<Held>,
    barred: Option<String>,
}

impl Invites {
    /// Makes the list of one's own invites, or the tab with everybody's.
    pub fn new(whose: Whose) -> Self {
        Self {
            whose,
            pages: Pages::default(),
            held: None,
            barred: None,
        }
    }

    fn load(&self, wanted: Wanted<InviteId>, fx: &mut Effects<'_, Msg>) {
        let (whose, Wanted { before, rows, .. }) = (self.whose, wanted);
        fx.load(
            "invites.list",
            move |bbs, actor, _| async move {
                let rows = bbs.list_invites(&actor, whose, before, rows).await?;
                let held = if whose == Whose::All && actor.is_sysop() {
                    bbs.held(&actor).await?
                } else {
                    None
                };
                let barred = bbs.own_bar(&actor).await?.map(|bar| bar.reason);
                Ok(Loaded { rows, held, barred })
            },
            move |ruling| Msg::Page(wanted, ruling),
        );
    }

    fn refresh(&mut self, fx: &mut Effects<'_, Msg>) {
        if let Some(wanted) = self.pages.refresh() {
            self.load(wanted, fx);
        }
    }

    fn may_make(&self, view: &View<'_>) -> bool {
        view.settings.invitations_enabled && are_for(view) && self.barred.is_none()
    }

    fn may_thaw(&self, view: &View<'_>) -> bool {
        self.held.as_ref().is_some_and(|held| held.invites > 0) && view.actor.is_sysop()
    }

    fn may_extend(&self, invite: &Invite, state: State, view: &View<'_>) -> bool {
        let is_over = matches!(state, State::Used | State::Revoked);
        let is_own = is_own(invite, view) && are_for(view) && self.barred.is_none();
        !is_over && (is_own || view.actor.is_sysop())
    }

    fn may_send(&self, invite: &Invite, state: State, view: &View<'_>) -> bool {
        let is_own = is_own(invite, view) && are_for(view) && self.barred.is_none();
        state == State::Live && invite.is_by_letter() && (is_own || view.actor.is_sysop())
    }

    fn may_revoke(invite: &Invite, state: State, view: &View<'_>) -> bool {
        state != State::Revoked && (is_own(invite, view) || view.actor.is_staff())
    }
}

/// Whether the caller made an invite.
fn is_own(invite: &Invite, view: &View<'_>) -> bool {
    let issuer = invite.issuer.as_ref().map(|issuer| issuer.id);
    issuer.is_some() && issuer == view.actor.account()
}

/// Returns what waits since the board began as a copy.
pub(super) fn held_words(held: &Held, view: &View<'_>) -> String {
    words::session::held(&view.date_of(held.copied_at), held.invites, held.letters)
}

/// Whether the caller is one of those who may invite, as far as is known here.
pub fn are_for(view: &View<'_>) -> bool {
    let Delegation { invite, .. } = view.settings.delegation();
    matches!(view.actor, Actor::Member(member) if member.role >= invite)
}

/// Returns how often an invite was used, of how often it may be.
fn uses(invite: &Invite) -> String {
    match invite.max_uses {
        Some(most) => format!("{}/{most}", invite.uses),
        None => format!("{}/any", invite.uses),
    }
}

/// Returns who made an invite.
fn issuer(invite: &Invite) -> &str {
    let issuer = invite.issuer.as_ref();
    issuer.map_or("console", |issuer| issuer.handle.as_str())
}

/// Returns the ink of a state: a word first, and a colour second.
const fn ink(state: State) -> Token {
    match state {
        State::Live => Token::Good,
        State::Frozen => Token::Warn,
        State::Used | State::Expired | State::Revoked => Token::Dim,
    }
}

/// Draws one invite. What goes first on a narrow terminal: the note, the end,
/// the issuer.
fn draw_row(canvas: &mut Canvas<'_>, seen: &Seen, whose: Whose, ink_of_row: Ink, view: &View<'_>) {
    let Seen { invite, state, .. } = seen;
    canvas.field((0, 0), 9, Align::Left, &invite.number(), ink_of_row);
    let hint = words::invite::hint(invite.hint.as_deref());
    canvas.field((10, 0), 4, Align::Left, &hint, Token::Dim);
    canvas.field((14, 0), 7, Align::Right, &uses(invite), ink_of_row);
    canvas.field((23, 0), 8, Align::Left, state.name(), ink(*state));
    if view.is_narrow() {
        return;
    }
    let mut x = 32;
    let until = invite.expires_at.map(|end| view.date_of(end));
    let until = until.unwrap_or_else(|| "no end".to_owned());
    canvas.field((x, 0), 13, Align::Left, &until, Token::Dim);
    x += 14;
    if whose == Whose::All {
        canvas.field((x, 0), 13, Align::Left, issuer(invite), ink_of_row);
        x += 14;
    }
    let room = canvas.width().saturating_sub(x + 1);
    canvas.field((x, 0), room, Align::Left, &invite.note, ink_of_row);
}

impl Screen for Invites {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Char('n'), Key::Char('+')],
            "n",
            "new",
            Act::New,
            "Makes an invite (+ too).",
        ),
        Bind::new(
            &[Key::Char('d')],
            "d",
            "revoke",
            Act::Revoke,
            "Takes the invite back, after asking.",
        ),
        Bind::new(
            &[Key::Char('x')],
            "x",
            "extend",
            Act::Extend,
            "Gives the invite more time, counted from now.",
        ),
        Bind::new(
            &[Key::Char('l')],
            "l",
            "letter",
            Act::Send,
            "Writes the letter of an invite again, with one more code.",
        ),
        Bind::new(
            &[Key::Char('t')],
            "t",
            "thaw",
            Act::Thaw,
            "Lets codes work again that are frozen since the board began as a copy.",
        ),
        Bind::new(
            &[Key::Enter],
            "⏎",
            "open",
            Act::Open,
            "Shows the invite whole, and who used it.",
        ),
        Bind::new(
            &[Key::Char('b')],
            "b",
            "branch",
            Act::Tree,
            "Shows whom the issuer let in, and who let them in.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        match self.whose {
            Whose::All => "Sysop ▸ Invites".to_owned(),
            Whose::Own => "Account ▸ Invites".to_owned(),
        }
    }

    fn tabs(&self, view: &View<'_>) -> Option<Tabs> {
        (self.whose == Whose::All).then(|| sysop::row(&sysop::INVITES, view.actor))
    }

    fn offers(&self, action: Act, view: &View<'_>) -> bool {
        let chosen = self.pages.list().chosen();
        match action {
            Act::New => self.may_make(view),
            Act::Revoke => {
                chosen.is_some_and(|seen| Self::may_revoke(&seen.invite, seen.state, view))
            }
            Act::Extend => {
                chosen.is_some_and(|seen| self.may_extend(&seen.invite, seen.state, view))
            }
            Act::Send => chosen.is_some_and(|seen| self.may_send(&seen.invite, seen.state, view)),
            Act::Thaw => self.may_thaw(view),
            Act::Open => chosen.is_some(),
            Act::Tree => {
                let issuer = chosen.and_then(|seen| seen.invite.issuer.as_ref());
                issuer.is_some() && view.actor.is_staff() && self.whose == Whose::All
            }
        }
    }

    fn has_list(&self) -> bool {
        true
    }

    fn start(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let wanted = self.pages.begin();
        self.load(wanted, fx);
    }

    fn act(&mut self, action: Act, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match (action, self.pages.list().chosen()) {
            (Act::New, _) => fx.push(dialogs::new(view, fx.reply(Msg::Made))),
            (Act::Revoke, Some(seen)) => fx.push(dialogs::revoke(&seen.invite)),
            (Act::Extend, Some(seen)) => fx.push(dialogs::extend(&seen.invite, view)),
            (Act::Send, Some(seen)) => {
                let id = seen.invite.id;
                fx.call(
                    "invites.send",
                    move |bbs, actor, _| async move {
                        bbs.mail_invite_again(&actor, id).await.map(Box::new)
                    },
                    Msg::Sent,
                );
            }
            (Act::Thaw, chosen) => fx.push(dialogs::thaw(chosen.map(|seen| &seen.invite))),
            (Act::Open, Some(seen)) => fx.push(page::InvitePage::new(seen.clone())),
            (Act::Tree, Some(seen)) => {
                if let Some(issuer) = &seen.invite.issuer {
                    fx.push(TreePage::new(issuer.id, issuer.handle.clone()));
                }
            }
            (Act::Revoke | Act::Extend | Act::Send | Act::Open | Act::Tree, None) => {}
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, fx: &mut Effects<'_, Msg>) -> Handled {
        match self.pages.key(key) {
            Step::Here(handled) => handled,
            Step::To(wanted) => {
                self.load(wanted, fx);
                Handled::Yes
            }
        }
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let next = match msg {
            Msg::Made(id) => self.pages.show(id),
            Msg::Sent(Ok(seen)) => return fx.notice(dialogs::sent(&seen)),
            Msg::Sent(Err(stop)) => return fx.notice(say::sentence(&stop)),
            Msg::Page(wanted, ruling) => {
                let page = ruling.map(|Loaded { rows, held, barred }| {
                    self.held = held;
                    self.barred = barred;
                    rows
                });
                self.pages.took(wanted, page)
            }
        };
        if let Some(wanted) = next {
            self.load(wanted, fx);
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match event {
            Event::InvitesChanged(issuer)
                if self.whose == Whose::All || issuer == view.actor.account() =>
            {
                self.refresh(fx);
            }
            // A letter left, or did not. Who may invite freezes and thaws codes.
            Event::MailChanged | Event::SettingsChanged => self.refresh(fx),
            _ => {}
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.refresh(fx);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let (width, height) = (canvas.width(), canvas.height());
        let top = u16::from(!view.is_narrow());
        let mut rest = canvas.part(0, top, width, height.saturating_sub(top));
        let off =
            (!view.settings.invitations_enabled).then(|| words::refusal(&Refusal::InvitationsOff));
        let held = self.held.as_ref().map(|held| held_words(held, view));
        let barred = self.barred.as_deref().map(words::barred);
        let banners = off.into_iter().chain(held).chain(barred);
        let empty = if self.may_make(view) {
            "No invites yet. n makes one: a code that lets somebody in."
        } else {
            "No invites yet."
        };
        self.pages.draw(
            &mut rest,
            banners.map(|text| (text, Token::Warn)),
            empty,
            |row, seen, ink| draw_row(row, seen, self.whose, ink, view),
        );
    }
}
