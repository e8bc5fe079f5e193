//! The tab USERS: who waits, who is in, who is out, and what staff do about it.
//! What may be done is decided in `app::queue`; only that is offered.

mod bulk;
mod columns;
mod deed;
mod facts;
mod filter;
mod keys;
mod marks;
mod new;
mod pane;
pub mod profile;
mod window;

pub use deed::{Answer, Deed};
pub use keys::Act;
pub use window::Pick;

use super::{invites::held_words, sysop};
use crate::{
    app::{
        Ruling,
        backup::Held,
        queue::{Decision, Detail, Page, Powers},
    },
    domain::{account::Status, event::Event, id::AccountId},
    store::{account::From, decision::Undoable},
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Tabs, Token, View, say,
        widgets::{Confirm, Field, Prompt},
    },
    words,
};
use bulk::Bulk;
use deed::{Deeds, Subject, reject};
use filter::{Filter, Turn};
use keys::KEYS;
use marks::Marks;
use profile::Profile;
use window::{Step, Window};

/// The longest beginning of a handle or address.
const PREFIX: usize = 100;

/// Whether the list is there.
#[derive(Debug)]
enum State {
    Loading,
    Ready,
    Failed(String),
}

/// Whether a list is being loaded. What happens on the board meanwhile makes
/// one load more, however much it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reload {
    Idle,
    UnderWay,
    Again,
}

/// The tab USERS.
#[derive(Debug)]
pub struct Users {
    filter: Filter,
    state: State,
    reload: Reload,
    window: Window,
    mail_broken: Option<String>,
    held: Option<Held>,
    powers: Powers,
    last: Option<Undoable>,
    marks: Marks,
    detail: Option<Detail>,
    deeds: Deeds,
}

/// What it is told.
#[derive(Debug)]
pub enum Msg {
    /// Rows from somewhere, and who is to be selected.
    Page(From, Pick, Box<Ruling<Page>>),
    /// More about an account.
    Detail(AccountId, Box<Ruling<Detail>>),
    /// The answer to a deed.
    Deed(Answer),
    /// The beginning to narrow to.
    Find(String),
    /// What is decided about all who are marked.
    Bulk(Decision),
}

impl Default for Users {
    fn default() -> Self {
        Self {
            filter: Filter::default(),
            state: State::Loading,
            reload: Reload::Idle,
            window: Window::default(),
            mail_broken: None,
            held: None,
            powers: Powers::default(),
            last: None,
            marks: Marks::default(),
            detail: None,
            deeds: Deeds::new(),
        }
    }
}

impl Users {
    /// Makes the tab; it begins with those who wait.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for the rows from somewhere. A newer question replaces an older.
    fn load(&mut self, from: From, pick: Pick, fx: &mut Effects<'_, Msg>) {
        let (status, size) = (self.filter.status(), self.window.size());
        let prefix = self.filter.prefix().to_owned();
        self.reload = Reload::UnderWay;
        fx.load(
            "users.list",
            move |bbs, actor, _| async move {
                bbs.list_users(&actor, status, &prefix, from, size).await
            },
            move |ruling| Msg::Page(from, pick, Box::new(ruling)),
        );
    }

    /// Asks for the same rows again, once the load under way is done.
    fn refresh(&mut self, fx: &mut Effects<'_, Msg>) {
        match self.reload {
            Reload::Idle => self.load(self.window.from(), Pick::Same, fx),
            Reload::UnderWay | Reload::Again => self.reload = Reload::Again,
        }
    }

    /// Shows another list from its beginning.
    fn begin(&mut self, fx: &mut Effects<'_, Msg>) {
        self.window = Window::default();
        self.detail = None;
        self.state = State::Loading;
        self.load(From::Start, Pick::First, fx);
    }

    /// Asks for more about whoever is selected.
    fn look(&self, fx: &mut Effects<'_, Msg>) {
        if let Some(id) = self.window.chosen().map(|row| row.account.id) {
            fx.load(
                "users.detail",
                move |bbs, actor, _| async move { bbs.user(&actor, id).await },
                move |ruling| Msg::Detail(id, Box::new(ruling)),
            );
        }
    }

    fn took(&mut self, from: From, pick: Pick, page: Page, fx: &mut Effects<'_, Msg>) {
        self.filter.count(page.counts);
        self.mail_broken = page.mail_broken;
        self.held = page.held;
        self.powers = page.powers;
        self.last = page.last;
        self.state = State::Ready;
        if page.rows.is_empty() && from != From::Start {
            // Past the end there is nobody; a window that has emptied under
            // us begins at the front again.
            if pick == Pick::Same {
                self.load(From::Start, Pick::Same, fx);
            }
            return;
        }
        self.window.fill(from, pick, page.rows);
        self.look(fx);
    }

    fn turn(&mut self, step: Turn, fx: &mut Effects<'_, Msg>) {
        self.filter.turn(step);
        self.marks.take();
        self.begin(fx);
    }

    /// Returns what is known about whoever is selected, if it is about them.
    fn detail(&self) -> Option<&Detail> {
        let chosen = self.window.chosen()?.account.id;
        self.detail
            .as_ref()
            .filter(|detail| detail.account.id == chosen)
    }

    /// Returns whom a deed is about: whoever is selected. While nobody is, it
    /// may be about the last decision.
    fn subject(&self, deed: &Deed) -> Option<Subject<'_>> {
        match self.window.chosen() {
            Some(row) => {
                let is_on_line = self.detail().is_some_and(Detail::is_on_line);
                Some(Subject::from(row).on_line(is_on_line))
            }
            None if deed.is_about_last => self.last.as_ref().map(Subject::from),
            None => None,
        }
    }

    /// Says while nobody is selected what can be taken back.
    fn draw_last(&self, canvas: &mut Canvas<'_>, (x, y): (u16, u16), view: &View<'_>) {
        if let Some(last) = self.last.as_ref().filter(|last| last.until > view.now) {
            let handle = &last.account.handle;
            let text = format!("z takes back what you decided about {handle}.");
            let room = canvas.width().saturating_sub(2 * x);
            canvas.paragraph((x, y), room, &text, Token::Dim);
        }
    }

    /// Returns how the list is narrowed, and how many are marked.
    fn narrowing(&self) -> String {
        let marked = match self.marks.count() {
            0 => String::new(),
            count => words::bulk::marked(count),
        };
        let more = if self.window.is_full() {
            " and more"
        } else {
            ""
        };
        match self.filter.prefix() {
            "" => marked,
            prefix => format!("{marked} /{prefix}{more}"),
        }
    }

    /// Returns what a sysop has to know before anything else.
    fn banners(&self, view: &View<'_>) -> impl Iterator<Item = (String, Token)> {
        let broken = self.mail_broken.as_deref().map(words::letter::broken);
        let held = self.held.as_ref().map(|held| held_words(held, view));
        let broken = broken.map(|text| (text, Token::Bad));
        broken
            .into_iter()
            .chain(held.map(|text| (text, Token::Warn)))
    }
}

impl Screen for Users {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = KEYS;

    fn path(&self, _view: &View<'_>) -> String {
        "Sysop ▸ Users".to_owned()
    }

    fn tabs(&self, view: &View<'_>) -> Option<Tabs> {
        Some(sysop::row(&sysop::USERS, view.actor))
    }

    fn offers(&self, action: Act, view: &View<'_>) -> bool {
        let chosen = self.window.chosen();
        match action {
            Act::Do(deed) => self
                .subject(deed)
                .is_some_and(|subject| self.deeds.offer(deed, subject, self.powers, view)),
            Act::Mark => {
                let may_decide = self.powers.decide && self.filter.status() == Status::Pending;
                may_decide && chosen.is_some()
            }
            Act::ApproveMarked | Act::RejectMarked => self.marks.count() > 0,
            Act::Profile => chosen.is_some(),
            Act::New => self.powers.manage,
            Act::Find | Act::Left | Act::Right => true,
        }
    }

    fn has_list(&self) -> bool {
        true
    }

    fn start(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.begin(fx);
    }

    fn act(&mut self, action: Act, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match action {
            Act::Do(deed) => {
                if let Some(account) = self.subject(deed).map(|subject| subject.account.clone()) {
                    self.deeds.begin(deed, &account, view, fx, Msg::Deed);
                }
            }
            Act::Mark => {
                if let Some(row) = self.window.chosen() {
                    self.marks.toggle(&row.account);
                }
            }
            Act::ApproveMarked => {
                let [title, text] = words::bulk::approve(&self.marks.handles());
                let reply = fx.reply(|()| Msg::Bulk(Decision::Approve));
                fx.push(Confirm::new(&title, &text, "approve", "leave", reply));
            }
            Act::RejectMarked => {
                let reply = fx.reply(Msg::Bulk);
                fx.push(reject::reject_marked(self.marks.count(), reply));
            }
            Act::New => fx.push(new::new()),
            Act::Profile => {
                if let Some(row) = self.window.chosen() {
                    fx.push(Profile::new(row.account.id, row.account.handle.to_string()));
                }
            }
            Act::Find => {
                let reply = fx.reply(Msg::Find);
                fx.push(Prompt::new(
                    "Find",
                    "The beginning of a handle or address; nothing shows all.",
                    ("begins", Field::new(PREFIX).with(self.filter.prefix())),
                    ("find", "leave"),
                    reply,
                ));
            }
            Act::Left => self.turn(Turn::Back, fx),
            Act::Right => self.turn(Turn::On, fx),
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, fx: &mut Effects<'_, Msg>) -> Handled {
        if key == Key::Esc && self.filter.is_narrowed() {
            self.filter.narrow(String::new());
            self.begin(fx);
            return Handled::Yes;
        }
        if key == Key::Esc && self.marks.count() > 0 {
            self.marks.take();
            return Handled::Yes;
        }
        match self.window.key(key) {
            Step::No => return Handled::No,
            Step::Here => self.look(fx),
            Step::To(from, pick) if !self.filter.is_narrowed() => self.load(from, pick, fx),
            // What a search found is all in hand.
            Step::To(From::End, _) => {
                self.window.choose_last();
                self.look(fx);
            }
            Step::To(..) => {}
        }
        Handled::Yes
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Page(from, pick, ruling) => {
                let again = std::mem::replace(&mut self.reload, Reload::Idle) == Reload::Again;
                match *ruling {
                    Ok(page) => self.took(from, pick, page, fx),
                    Err(stop) => self.state = State::Failed(say::sentence(&stop)),
                }
                if again {
                    self.refresh(fx);
                }
            }
            Msg::Detail(id, ruling) => {
                let is_chosen = self.window.chosen().map(|row| row.account.id) == Some(id);
                if is_chosen {
                    self.detail = ruling.ok();
                }
            }
            Msg::Deed(answer) => self.deeds.answer(answer, fx, Msg::Deed),
            Msg::Find(prefix) => {
                self.filter.narrow(prefix);
                self.begin(fx);
            }
            Msg::Bulk(decision) => fx.push(Bulk::new(decision, self.marks.take())),
        }
    }

    fn event(&mut self, event: Event, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if let Event::AccountGone(id) = event {
            self.marks.forget(id);
        }
        match event {
            Event::RequestWaits(_)
            | Event::RequestAnswered(_)
            | Event::UsersChanged
            | Event::AccountChanged(_)
            | Event::AccountGone(_)
            | Event::PresenceChanged
            | Event::SettingsChanged
            | Event::AccessChanged
            | Event::MailChanged => self.refresh(fx),
            Event::InvitesChanged(_)
            | Event::TalkChanged(_)
            | Event::Rang(_)
            | Event::NoticesChanged(_)
            | Event::WayInChanged(..)
            | Event::Recorded
            | Event::BackupDone
            | Event::BackupFailed
            | Event::Said
            | Event::DoctorAlarmed => {}
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.load(self.window.from(), Pick::Same, fx);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        self.filter.draw(canvas, &self.narrowing(), view);
        let (width, height) = (canvas.width(), canvas.height());
        // A narrow terminal has no pane: Enter opens the page.
        let pane = if view.is_narrow() {
            0
        } else {
            pane::HEIGHT + 1
        };
        let mut top = if view.is_narrow() { 1 } else { 2 };
        let room = width.saturating_sub(4);
        for (text, token) in self.banners(view) {
            top += canvas.paragraph((2, top), room, &text, token) + 1;
        }
        let rows = height.saturating_sub(top + pane);
        let text = match &self.state {
            State::Loading => Some(("One moment…", Token::Dim)),
            State::Failed(sentence) => Some((sentence.as_str(), Token::Bad)),
            State::Ready if self.window.is_empty() => Some((self.filter.empty(), Token::Dim)),
            State::Ready => None,
        };
        if let Some((text, token)) = text {
            let below = top + canvas.paragraph((2, top), room, text, token) + 1;
            return self.draw_last(canvas, (2, below), view);
        }
        let mut list = canvas.part(0, top, width, rows);
        let is_marked = |id| self.marks.has(id);
        self.window.draw(&mut list, is_marked, |row, listed, ink| {
            columns::draw(row, listed, self.powers, ink, view);
        });
        if pane > 0 {
            let mut pane = canvas.part(0, top + rows, width, pane);
            pane.rule(0);
            let mut pane = pane.part(0, 1, width, pane::HEIGHT);
            match (self.detail(), self.window.chosen()) {
                (Some(detail), _) => pane::draw(&mut pane, detail, view),
                (None, Some(_)) => {
                    pane.text(1, 0, "One moment…", Token::Dim);
                }
                (None, None) => {
                    let text = "Nobody is selected. An arrow key selects.";
                    pane.text(1, 0, text, Token::Dim);
                    self.draw_last(&mut pane, (1, 1), view);
                }
            }
        }
    }
}
