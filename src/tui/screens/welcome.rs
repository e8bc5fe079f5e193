//! Where a caller without a place arrives: what the board is, and the ways in.

use super::{
    forgotten::Forgotten,
    guest::Guest,
    joining::{self, Joining, MARGIN},
    login::LogIn,
    wizard::Wizard,
};
use crate::{
    app::{Ruling, door::Front},
    domain::{
        door::DoorName,
        event::Event,
        handle::{Claiming, Handle, is_reserved},
        refusal::Refusal,
    },
    term::{Key, glyph},
    tui::{Align, Bind, Canvas, Effects, Screen, Shape, Token, View, say, wrap},
    words,
};

/// Columns from a key's label to what stands beside it.
const NOTE: u16 = 27;

/// The welcome.
#[derive(Debug, Default)]
pub struct Welcome {
    front: Option<Front>,
    /// The wish for a handle that the door name was, or that was typed since.
    handle: Option<Handle>,
    /// Why the way the caller came leads nowhere.
    refusal: Option<Refusal>,
    /// The key of this call, if nobody here uses it, and the line that tries
    /// all keys of the client.
    new_key: Option<(String, String)>,
}

impl Welcome {
    /// Welcomes somebody who comes through the door.
    pub fn new(front: Front, handle: Option<Handle>, refusal: Option<Refusal>) -> Self {
        Self {
            front: Some(front),
            handle,
            refusal,
            new_key: None,
        }
    }

    /// Welcomes somebody who comes back from another screen.
    pub fn again(handle: Option<Handle>) -> Self {
        Self {
            handle,
            ..Self::default()
        }
    }

    fn joining(&self, view: &View<'_>) -> Option<Joining> {
        let front = self.front.as_ref()?;
        Some(Joining::of(front, view.settings))
    }

    /// Returns the ways in that lead somewhere: key, name and what to know.
    fn ways(&self, view: &View<'_>) -> Vec<(&'static str, &'static str, String)> {
        let mode = self.front.as_ref().map(|front| front.mode);
        let how = |joining: Joining| joining.words.trim_end_matches('.').to_owned();
        let notes = self.joining(view).map(how).unwrap_or_default();
        let mut ways = Vec::new();
        for (action, key) in [
            (Act::LogIn, "l"),
            (Act::Forgotten, "f"),
            (Act::Join, "r"),
            (Act::Invite, "i"),
        ] {
            if !self.offers(action, view) {
                continue;
            }
            let (name, note) = match action {
                Act::Join => (mode.map_or("join", joining::verb), notes.clone()),
                Act::Invite if self.offers(Act::Join, view) => ("I have an invite", String::new()),
                Act::Invite => ("I have an invite", notes.clone()),
                Act::Forgotten => ("I forgot my password", String::new()),
                _ => ("log in", String::new()),
            };
            ways.push((key, name, note));
        }
        if self.offers(Act::LookRound, view) {
            ways.push(("g", "look round as a guest", String::new()));
        }
        ways
    }

    /// Returns what is to be said under the ways in.
    fn remarks(&self, view: &View<'_>) -> Vec<String> {
        let mut remarks = Vec::new();
        let joining = self.joining(view);
        let may_join = joining.as_ref().is_some_and(Joining::is_possible);
        if let (Some(front), Some(joining)) = (&self.front, &joining) {
            if !joining.may_ask && !joining.may_use_invite {
                remarks.push(joining.words.clone());
            }
            if !front.claimed {
                remarks.push(
                    "Whoever started it has a claim line: it was printed on the terminal, or in \
                     the log, of the machine where the board runs."
                        .to_owned(),
                );
            }
        }
        let Some((key, line)) = &self.new_key else {
            return remarks;
        };
        if !self.front.as_ref().is_some_and(has_accounts) {
            return remarks;
        }
        let with = match &joining {
            Some(joining) if !joining.may_ask => " with an invite",
            _ => "",
        };
        let other_key = format!("Does your account have another key? `{line}` tries them all.");
        let by_name = match &view.visit.door {
            DoorName::Other(name) => Handle::parse(name).is_ok(),
            _ => false,
        };
        match (by_name, may_join) {
            // The least that helps, where there is no room for more.
            (true, _) if view.is_narrow() => remarks.push(other_key),
            (true, may_join) => {
                remarks.push(format!(
                    "You came with {key}, which nobody here uses. {other_key}"
                ));
                if may_join {
                    remarks.push(format!(
                        "Or join{with}, and this key will be your way in: no password needed."
                    ));
                }
            }
            (false, true) => {
                remarks.push(format!("Your key {key} is new here."));
                remarks.push(format!(
                    "Join{with}, and it will be your way in: no password needed."
                ));
            }
            (false, false) => {}
        }
        remarks
    }
}

/// Whether anybody has an account here: else nobody can log in.
const fn has_accounts(front: &Front) -> bool {
    front.claimed || front.callers > 0
}

/// What its keys do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// By handle and password.
    LogIn,
    /// With a new password.
    Forgotten,
    /// Without an invite.
    Join,
    /// With one.
    Invite,
    /// As a guest.
    LookRound,
    /// Hangs up.
    Quit,
}

/// What it hears from the board.
#[derive(Debug)]
pub enum Msg {
    /// How things stand.
    Facts(Ruling<Facts>),
    /// How many are on line.
    OnLine(usize),
}

/// How things stand.
#[derive(Debug)]
pub struct Facts {
    front: Front,
    new_key: Option<(String, String)>,
}

impl Screen for Welcome {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Char('l')],
            "l",
            "log in",
            Act::LogIn,
            "Logs in with handle and password.",
        ),
        Bind::new(
            &[Key::Char('f')],
            "f",
            "forgot",
            Act::Forgotten,
            "I forgot my password: a letter brings a code for a new one.",
        ),
        Bind::new(
            &[Key::Char('r')],
            "r",
            "join",
            Act::Join,
            "Makes you an account here.",
        ),
        Bind::new(
            &[Key::Char('i')],
            "i",
            "invite",
            Act::Invite,
            "Makes you an account with an invite.",
        ),
        Bind::new(
            &[Key::Char('g')],
            "g",
            "guest",
            Act::LookRound,
            "Looks round without an account.",
        ),
        Bind::new(
            &[Key::Char('q')],
            "q",
            "hang up",
            Act::Quit,
            "Ends the call.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Welcome".to_owned()
    }

    fn shape(&self, _view: &View<'_>) -> Shape {
        Shape::Bare
    }

    fn offers(&self, action: Act, view: &View<'_>) -> bool {
        let Some(front) = &self.front else {
            return action == Act::Quit;
        };
        let joining = Joining::of(front, view.settings);
        match action {
            Act::LogIn => has_accounts(front),
            Act::Forgotten => front.mail_leaves && has_accounts(front),
            Act::Join => joining.may_ask,
            Act::Invite => joining.may_use_invite,
            Act::LookRound => view.settings.guest_mode,
            Act::Quit => true,
        }
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match &self.refusal {
            Some(refusal) if refusal.hangs_up() => fx.hang_up(words::refusal(refusal) + "\n"),
            _ => self.reload(view, fx),
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        fx.load(
            "welcome.front",
            |bbs, _actor, visit| async move {
                let is_new = bbs.may_remember_key(&visit).await?;
                let key = visit.key.as_ref().filter(|_| is_new);
                let line = bbs.address().line("YOURHANDLE");
                Ok(Facts {
                    front: bbs.front().await?,
                    new_key: key.map(|key| (joining::key_name(key), line)),
                })
            },
            Msg::Facts,
        );
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Facts(Ok(facts)) => {
                self.front = Some(facts.front);
                self.new_key = facts.new_key;
            }
            Msg::Facts(Err(stop)) => fx.notice_bad(say::sentence(&stop)),
            Msg::OnLine(count) => {
                if let Some(front) = &mut self.front {
                    front.on_line = count;
                }
            }
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match event {
            Event::SettingsChanged | Event::UsersChanged => self.reload(view, fx),
            // Often, when many call: this asks no file.
            Event::PresenceChanged => joining::count(fx, Msg::OnLine),
            _ => {}
        }
    }

    fn act(&mut self, action: Act, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match (action, self.front.clone()) {
            (Act::LogIn, _) => fx.push(LogIn::new(self.handle.clone())),
            (Act::Forgotten, _) => fx.push(Forgotten::new(self.handle.as_ref())),
            (Act::Join | Act::Invite, Some(front)) => {
                let site = view.settings.site_name.as_str();
                let is_free = |handle: &Handle| !is_reserved(handle, site, Claiming::No);
                let handle = self.handle.clone().filter(is_free);
                fx.push(Wizard::new(front, None, None, handle));
            }
            (Act::LookRound, Some(front)) => fx.push(Guest::new(front)),
            (Act::Quit, _) => fx.hang_up(words::session::goodbye()),
            (Act::Join | Act::Invite | Act::LookRound, None) => {}
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let x = MARGIN;
        let (roomy, height) = (canvas.height() > 16, canvas.height());
        let gap = u16::from(roomy);
        let mut page = canvas.part(x, 2 * gap, canvas.width().saturating_sub(2 * x), height);
        let width = page.width();

        let Some(front) = &self.front else {
            draw_head(&mut page, view, 3);
            page.text(0, 3 + gap, "One moment…", Token::Dim);
            return;
        };
        let ways = self.ways(view);
        let remarks = self.remarks(view);
        let refusal = self.refusal.as_ref().map(words::refusal);
        let below: usize = remarks
            .iter()
            .chain(&refusal)
            .map(|remark| wrap::wrap(remark, width.saturating_sub(2)).len())
            .sum();
        let below = u16::try_from(below + ways.len()).unwrap_or(height);
        // Counts, ways and remarks stay; the sysop's words get what is left.
        let room = height.saturating_sub(below + 1 + 7 * gap);
        let mut y = draw_head(&mut page, view, room) + 1;
        page.text(0, y, &joining::crowd(front), Token::Text);
        y += 1 + gap;
        for (key, name, note) in &ways {
            page.text(0, y, key, Token::Accent.bold());
            let end = page.text(4, y, name, Token::Text);
            let at = end.saturating_add(2).max(if roomy { NOTE } else { 0 });
            // Whole or not at all: the next screen says it too.
            if glyph::width(note) <= usize::from(width.saturating_sub(at)) {
                page.text(at, y, note, Token::Dim);
            }
            y += 1;
        }
        y += gap;
        if let Some(refusal) = &refusal {
            page.text(0, y, "✗ ", Token::Bad);
            y += page.paragraph((2, y), width, refusal, Token::Bad) + gap;
        }
        for remark in &remarks {
            y += page.paragraph((0, y), width, remark, Token::Text);
        }
    }
}

/// Draws the board's name, spaced if there is room, and the sysop's words: at
/// the right if they are short, else below; returns the rows taken.
fn draw_head(page: &mut Canvas<'_>, view: &View<'_>, room: u16) -> u16 {
    let width = page.width();
    let name = view.settings.site_name.as_str();
    let spaced: Vec<_> = glyph::graphemes(name).map(|(letter, _)| letter).collect();
    let spaced = spaced.join(" ").to_lowercase();
    let shown = if glyph::width(&spaced) <= usize::from(width) {
        &spaced
    } else {
        name
    };
    let end = page.text(0, 0, shown, Token::Accent.bold());
    let words = view.settings.welcome_text.as_str();
    if words.is_empty() {
        return 1;
    }
    let beside = usize::from(width.saturating_sub(end + 3));
    if !words.contains('\n') && glyph::width(words) <= beside {
        page.field((end, 0), width, Align::Right, words, Token::Dim);
        return 1;
    }
    let mut below = page.part(0, 1, width, room.saturating_sub(1));
    let rows = below.paragraph((0, 0), width, words, Token::Dim);
    1 + rows.min(below.height())
}
