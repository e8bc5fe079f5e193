//! The main menu: where members are at home. It shows what exists and who else
//! is on line.

use super::{
    account::Overview,
    notices::Notices,
    sysop,
    who::{self, Who},
};
use crate::{
    app::{Ruling, ring::Rung, who::Crowd},
    domain::event::Event,
    term::Key,
    tui::{Align, Bind, Canvas, Effects, Screen, Token, View, say},
    words::{session, talk},
};

/// Where the right column begins.
const RIGHT: u16 = 41;
/// Columns for a handle there.
const HANDLE: u16 = 14;

/// The main menu.
#[derive(Debug, Default)]
pub struct Menu {
    /// Nothing until they have come.
    callers: Option<Crowd>,
}

impl Menu {
    /// Makes the screen.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the number beside an entry.
    fn number(&self, action: Act, view: &View<'_>) -> Option<String> {
        match action {
            Act::Who => self
                .callers
                .as_ref()
                .map(|callers| callers.count.to_string()),
            Act::Notices => (view.unread > 0).then(|| view.unread.to_string()),
            Act::Sysop => (view.waiting > 0).then(|| format!("{} wait", view.waiting)),
            Act::Account | Act::Ring | Act::Quit => None,
        }
    }

    fn draw_callers(&self, canvas: &mut Canvas<'_>) {
        canvas.text(0, 0, "On line", Token::Text.bold());
        let Some(callers) = &self.callers else {
            canvas.text(1, 1, "Looking…", Token::Dim);
            return;
        };
        let rows = usize::from(canvas.height().saturating_sub(1));
        // The last row says how many more there are.
        let shown = match callers.count {
            all if all <= rows => all,
            _ => rows.saturating_sub(1).min(callers.first.len()),
        };
        let room = canvas.width().saturating_sub(HANDLE + 2);
        for (y, caller) in (1..).zip(callers.first.iter().take(shown)) {
            let place = &caller.present.place;
            canvas.field(
                (1, y),
                HANDLE - 1,
                Align::Left,
                &who::name(caller),
                Token::Text,
            );
            canvas.field((HANDLE + 1, y), room, Align::Left, place, Token::Dim);
        }
        if shown < callers.count {
            let more = format!("and {} more", callers.count - shown);
            canvas.text(1, canvas.height().saturating_sub(1), &more, Token::Dim);
        }
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Shows who is on line.
    Who,
    /// Opens what one was told.
    Notices,
    /// Opens one's account.
    Account,
    /// Opens the sysop area.
    Sysop,
    /// Rings for a sysop.
    Ring,
    /// Hangs up.
    Quit,
}

/// What its calls answer.
#[derive(Debug)]
pub enum Msg {
    /// Who is on line.
    Seen(Crowd),
    /// Who hears the ring.
    Rang(Ruling<Rung>),
}

/// Returns how the menu names what a key does.
const fn entry(action: Act) -> Option<&'static str> {
    match action {
        Act::Notices => Some("notices"),
        Act::Who => Some("who is on line"),
        Act::Account => Some("account"),
        Act::Sysop => Some("sysop area"),
        Act::Ring => Some("ring the sysop"),
        Act::Quit => None,
    }
}

impl Screen for Menu {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Char('i')],
            "i",
            "notices",
            Act::Notices,
            "What you were told: of decisions, of changes to your account.",
        ),
        Bind::new(
            &[Key::Char('w')],
            "w",
            "who",
            Act::Who,
            "Shows who is on line, and where.",
        ),
        Bind::new(
            &[Key::Char('a')],
            "a",
            "account",
            Act::Account,
            "Your keys, password, address, sessions and invites.",
        ),
        Bind::new(
            &[Key::Char('s')],
            "s",
            "sysop",
            Act::Sysop,
            "Where the board is run.",
        ),
        Bind::new(
            &[Key::Char('!')],
            "!",
            "ring",
            Act::Ring,
            "Rings for a sysop, if one is on line.",
        ),
        Bind::new(
            &[Key::Char('q')],
            "q",
            "goodbye",
            Act::Quit,
            "Ends the call.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Main menu".to_owned()
    }

    fn offers(&self, action: Act, view: &View<'_>) -> bool {
        match action {
            Act::Sysop => view.actor.is_staff(),
            Act::Ring => !view.actor.is_sysop(),
            Act::Notices | Act::Who | Act::Account | Act::Quit => true,
        }
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.reload(view, fx);
    }

    fn act(&mut self, action: Act, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match action {
            Act::Notices => fx.push(Notices::new()),
            Act::Who => fx.push(Who::new()),
            Act::Account => fx.push(Overview::new()),
            Act::Sysop => fx.push(sysop::open(view)),
            Act::Ring => fx.call(
                "sysop.ring",
                |bbs, actor, _| async move { bbs.ring_sysop(&actor).await },
                Msg::Rang,
            ),
            Act::Quit => fx.hang_up(session::goodbye()),
        }
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Seen(callers) => self.callers = Some(callers),
            Msg::Rang(Ok(Rung::Heard(sysop))) => fx.notice(talk::heard(&sysop)),
            Msg::Rang(Ok(Rung::Noted)) => fx.notice(talk::noted()),
            Msg::Rang(Err(stop)) => fx.notice(say::sentence(&stop)),
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if event == Event::PresenceChanged {
            self.reload(view, fx);
        }
    }

    fn reload(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let most = view.size.height.into();
        fx.load(
            "who",
            move |bbs, actor, _| async move { bbs.crowd(&actor, most) },
            Msg::Seen,
        );
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let width = if view.is_narrow() {
            canvas.width()
        } else {
            RIGHT - 6
        };
        let offered = Self::KEYS
            .iter()
            .filter(|bind| self.offers(bind.action, view));
        let entries = offered.filter_map(|bind| Some((bind, entry(bind.action)?)));
        for (y, (bind, entry)) in (1..).zip(entries) {
            let end = canvas.text(3, y, bind.label, Token::Accent.bold());
            canvas.text(end + 2, y, entry, Token::Text);
            if let Some(number) = self.number(bind.action, view) {
                let room = width.saturating_sub(24);
                canvas.field((22, y), room, Align::Right, &number, Token::Text);
            }
        }
        if !view.is_narrow() {
            let (width, height) = (canvas.width(), canvas.height());
            let rest = width.saturating_sub(RIGHT + 2);
            self.draw_callers(&mut canvas.part(RIGHT, 1, rest, height.saturating_sub(2)));
        }
    }
}
