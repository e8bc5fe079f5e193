//! Joining, step by step (spec §5), and claiming the board. Nothing is written
//! before the last step; a refusal leads to the step and field it belongs to,
//! and nothing typed is lost. Whoever comes with the code of an account that was
//! made for them is asked for a way in and nothing else.

mod draft;
mod flow;
mod page;
mod step;

use super::{joining::Joining, login::LogIn, welcome::Welcome};
use crate::{
    app::{
        Ruling,
        claim::Proof,
        door::Front,
        login::Login,
        registration::{Expected, KeepKey, Preview},
    },
    domain::{
        account::Status,
        certificate::Certified,
        email::Email,
        entropy,
        event::Event,
        handle::Handle,
        registration::{Admission, Admits, Mode},
        secret::Secret,
    },
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Hint, Screen, View, route, say,
        widgets::{Scroll, choice},
    },
    words::session,
};
use draft::{Draft, Slot};
use step::{Needs, Step};

/// The wizard.
#[derive(Debug)]
pub struct Wizard {
    draft: Draft,
    claim: Option<Proof>,
    front: Front,
    /// The mode that was shown; the board refuses another.
    mode: Mode,
    step: Step,
    /// What happens to the newcomer, as of the last input.
    outcome: Admits,
    /// The places to fill in on this step, as of the last input.
    slots: Vec<Slot>,
    /// Which of them has the focus.
    focus: usize,
    refusal: Option<(Option<Slot>, String)>,
    waiting: Waiting,
    begun: Option<Begun>,
    /// The code that was looked at, and what it would do.
    preview: Option<(String, Preview)>,
    scroll: Scroll,
}

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiting {
    /// Nothing.
    No,
    /// The beginning, and then this step is taken.
    Begin,
    /// A look at what this step holds, before the next.
    Check(Step),
    /// The account is being made.
    Create,
}

/// What the wizard learns before it can end.
#[derive(Clone, Copy, Debug)]
pub struct Begun {
    submission: [u8; 16],
    /// Whether the key of this call can become a way in.
    key_is_free: bool,
}

/// What follows a look at a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The step stays: the code came with the door name, or was known.
    Stay,
    /// The next step, if it is good.
    GoOn,
}

/// What its keys do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Takes a line; after the last of a step, goes on.
    Next,
    /// Takes a text of several lines.
    Done,
    /// To the next place, or down.
    Down,
    /// To the place before, or up.
    Up,
    /// Claims with an account that exists.
    HaveAccount,
    /// One step back.
    Back,
}

/// What it hears.
#[derive(Debug)]
pub enum Msg {
    /// It may begin.
    Begun(Ruling<Begun>),
    /// What a code would do.
    Previewed(Then, String, Ruling<Preview>),
    /// Whether a step is filled in well.
    Checked(Step, Ruling<()>),
    /// How it ended.
    Made(Ruling<Login>),
    /// How strangers join now.
    Front(Ruling<Front>),
}

impl Wizard {
    /// Begins, perhaps with a code, the right to claim, and a wish for a handle.
    pub fn new(
        front: Front,
        code: Option<Secret<String>>,
        claim: Option<Proof>,
        handle: Option<Handle>,
    ) -> Self {
        Self {
            draft: Draft::new(
                &code.map(Secret::into_exposed).unwrap_or_default(),
                &handle.map(|handle| handle.to_string()).unwrap_or_default(),
            ),
            claim,
            mode: front.mode,
            front,
            step: Step::Welcome,
            outcome: Admits::Pending,
            slots: Vec::new(),
            focus: 0,
            refusal: None,
            waiting: Waiting::No,
            begun: None,
            preview: None,
            scroll: Scroll::default(),
        }
    }

    /// Returns what happens to the newcomer, as far as is known.
    fn admits(&self, view: &View<'_>) -> Admits {
        if self.claim.is_some() {
            return Admits::Active;
        }
        let mut rules = view.settings.admission();
        rules.mode = self.mode;
        if self.certified(view).is_some() {
            return rules.certified(view.settings.certificate_admission);
        }
        match &self.preview {
            _ if self.draft.code.is_empty() => rules.outcome(None),
            Some((_, preview)) => preview.admits,
            None => rules.outcome(Some(Admission::Auto)),
        }
    }

    fn needs(&self, view: &View<'_>) -> Needs {
        Needs {
            handle: self.prepared().is_none(),
            request: self.admits(view) == Admits::Pending,
            board: self.claim.is_some(),
        }
    }

    /// Returns the certificate of this call, if it is for the handle that stands
    /// here.
    fn certified<'v>(&self, view: &View<'v>) -> Option<&'v Certified> {
        let handle = self.draft.handle.text().trim();
        let certified = view.visit.certified.as_ref();
        certified.filter(|one| one.handle().as_str().eq_ignore_ascii_case(handle))
    }

    /// Whether the key of this call can become a way in.
    fn has_key(&self, view: &View<'_>) -> bool {
        view.visit.key.is_some() && self.begun.is_some_and(|begun| begun.key_is_free)
    }

    fn keeps_key(&self, view: &View<'_>) -> bool {
        self.has_key(view) && self.draft.keep_key.chosen() == Some(KeepKey::Yes)
    }

    /// Whether a password is the only way in.
    fn needs_password(&self, view: &View<'_>) -> bool {
        !self.keeps_key(view) && self.certified(view).is_none()
    }

    /// Whether an address must be given.
    fn needs_email(&self, view: &View<'_>) -> bool {
        if self.prepared().is_some() {
            return false;
        }
        let listed = !view.settings.email_allow_domains.is_empty();
        let by_list = listed && self.mode == Mode::SysopApproved;
        let by_invite = self.invitation().is_some_and(|preview| preview.asks_email);
        let settings = view.settings;
        let by_rule = settings.email_required || settings.require_email_verification;
        self.claim.is_none() && (by_rule || by_list || by_invite)
    }

    /// Returns what the code would do that stands in its field.
    fn invitation(&self) -> Option<&Preview> {
        let (code, preview) = self.preview.as_ref()?;
        (code == self.draft.code.text()).then_some(preview)
    }

    /// Whether the address that stands there is the one to which the code came.
    fn is_where_it_came(&self) -> bool {
        let came_to = self.invitation().and_then(|one| one.came_to.as_ref());
        let typed = Email::parse(self.draft.email.text()).ok();
        came_to.is_some_and(|came_to| typed.is_some_and(|typed| typed.key() == came_to.key()))
    }

    /// Returns the handle of the account that the code activates, if it does.
    fn prepared(&self) -> Option<&Handle> {
        match &self.invitation()?.whom {
            Expected::Prepared(handle) => Some(handle),
            Expected::Anybody | Expected::Called(_) => None,
        }
    }

    /// Whether the board takes newcomers who come like this one.
    fn is_open(&self, view: &View<'_>) -> bool {
        self.claim.is_some()
            || match self.certified(view) {
                Some(_) => Joining::may_use_certificate(&self.front),
                None => Joining::of(&self.front, view.settings).is_possible(),
            }
    }

    /// Finds what happens and what there is to fill in, as things stand.
    fn lay_out(&mut self, view: &View<'_>) {
        self.outcome = self.admits(view);
        self.slots = match self.step {
            Step::Welcome => {
                let takes_code = self.claim.is_none()
                    && self.certified(view).is_none()
                    && view.settings.invitations_enabled;
                takes_code.then_some(Slot::Code).into_iter().collect()
            }
            Step::Handle => vec![Slot::Handle],
            Step::WayIn => {
                let mut slots = Vec::new();
                if self.has_key(view) {
                    slots.push(Slot::KeepKey);
                }
                if self.needs_password(view) {
                    slots.extend([Slot::Password, Slot::Again]);
                }
                if self.prepared().is_none() {
                    slots.push(Slot::Email);
                }
                slots
            }
            Step::About => {
                let answers = (0..self.draft.answers.len()).map(Slot::Answer);
                std::iter::once(Slot::Message).chain(answers).collect()
            }
            Step::Board => vec![Slot::SiteName, Slot::Contact],
            Step::Review => Vec::new(),
        };
        self.focus = self.focus.min(self.slots.len().saturating_sub(1));
    }

    /// Returns the place that has the focus.
    fn slot(&self) -> Option<Slot> {
        self.slots.get(self.focus).copied()
    }
}

/// Asks for what the wizard needs before it can end.
fn begin(fx: &mut Effects<'_, Msg>) {
    fx.call(
        "wizard.begin",
        |bbs, _actor, visit| async move {
            Ok(Begun {
                submission: entropy::bytes(bbs.entropy()),
                key_is_free: bbs.may_remember_key(&visit).await?,
            })
        },
        Msg::Begun,
    );
}

impl Screen for Wizard {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter],
            "⏎",
            "next",
            Act::Next,
            "Takes what stands here and goes on.",
        ),
        Bind::new(
            &[Key::Ctrl('s')],
            "^S",
            "done",
            Act::Done,
            "Takes the text and goes on; Enter begins a new line.",
        ),
        Bind::new(
            &[Key::Char('l')],
            "l",
            "I have an account here",
            Act::HaveAccount,
            "Makes the sysop of an account that exists.",
        ),
        Bind::quiet(
            &[Key::Tab, Key::Down],
            "Tab ↓",
            Act::Down,
            "To the next place, or down in a text.",
        ),
        Bind::quiet(
            &[Key::BackTab, Key::Up],
            "Shift-Tab ↑",
            Act::Up,
            "To the place before, or up in a text.",
        ),
        Bind::new(
            &[Key::Esc, Key::Char('q')],
            "Esc",
            "back",
            Act::Back,
            "One step back; what you typed is kept.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        let what = match self.claim {
            Some(_) => "Claim",
            None => "Join",
        };
        format!("{what} ▸ {}", self.step.title())
    }

    fn status(&self, view: &View<'_>) -> Option<String> {
        let needs = self.needs(view);
        let at = Step::all(needs).position(|step| step == self.step)?;
        Some(format!("step {} of {}", at + 1, Step::all(needs).count()))
    }

    fn offers(&self, action: Act, _view: &View<'_>) -> bool {
        let is_text = self.slot() == Some(Slot::Message);
        match action {
            Act::Next => !is_text,
            Act::Done => is_text,
            Act::HaveAccount => self.claim.is_some() && self.step == Step::Welcome,
            Act::Down | Act::Up | Act::Back => true,
        }
    }

    fn word(&self, action: Act) -> Option<String> {
        let ends = action == Act::Next && self.step == Step::Review;
        let word = match (&self.claim, self.outcome) {
            (Some(_), _) => "claim the board",
            _ if self.prepared().is_some() => "activate it",
            (None, Admits::Pending) => "ask to join",
            (None, Admits::Active | Admits::Refused) => "join",
        };
        ends.then(|| word.to_owned())
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        // A code may be that of an account, which is activated whatever the board
        // does with strangers.
        if !self.is_open(view) && self.draft.code.is_empty() {
            // The welcome says why, and asks for nothing.
            return fx.reset(Welcome::new(self.front.clone(), None, None));
        }
        self.draft.fit(view.settings);
        self.lay_out(view);
        begin(fx);
        if self.claim.is_none() && !self.draft.code.is_empty() {
            self.look_at_code(Then::Stay, fx);
        }
    }

    fn reload(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.draft.fit(view.settings);
        self.lay_out(view);
        fx.load(
            "wizard.front",
            |bbs, _actor, _visit| async move { bbs.front().await },
            Msg::Front,
        );
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if event == Event::SettingsChanged {
            self.reload(view, fx);
        }
    }

    fn hints(&self) -> &'static [Hint] {
        match self.slot() {
            Some(Slot::KeepKey) => &[choice::PICK],
            _ => &[],
        }
    }

    fn typing(&self) -> bool {
        self.slot().is_some_and(|slot| slot != Slot::KeepKey)
    }

    fn key(&mut self, key: Key, view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        if self.waiting != Waiting::No {
            // What is typed ahead must not end up in the wrong field.
            return Handled::from(key.is_printable());
        }
        let slot = self.slot();
        let mut taken = slot.map_or(Handled::No, |slot| self.draft.key(slot, key));
        let scrolls = slot.is_none() || matches!(key, Key::PageUp | Key::PageDown);
        if taken == Handled::No && scrolls {
            taken = self.scroll.key(key);
        }
        self.lay_out(view);
        taken
    }

    fn paste(&mut self, text: &str, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) {
        if let Some(slot) = self.slot()
            && self.waiting == Waiting::No
        {
            self.draft.paste(slot, text);
        }
    }

    fn act(&mut self, action: Act, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let slots = self.slots.len();
        match action {
            // What is being made can't be taken back.
            _ if self.waiting == Waiting::Create => {}
            Act::Back => self.back(view, fx),
            _ if self.waiting != Waiting::No => {}
            Act::Next if self.begun.is_none() => {
                self.waiting = Waiting::Begin;
                begin(fx);
            }
            Act::Next | Act::Done => self.take(view, fx),
            Act::Down if slots > 1 => self.focus = (self.focus + 1) % slots,
            Act::Up if slots > 1 => self.focus = (self.focus + slots - 1) % slots,
            Act::Down => {
                self.scroll.key(Key::Down);
            }
            Act::Up => {
                self.scroll.key(Key::Up);
            }
            Act::HaveAccount => {
                if let Some(proof) = self.claim.clone() {
                    fx.push(LogIn::to_claim(None, proof));
                }
            }
        }
        self.lay_out(view);
    }

    fn message(&mut self, msg: Msg, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Begun(Ok(begun)) => {
                // The first submission stays, whatever was asked twice.
                self.begun.get_or_insert(begun);
                if self.waiting == Waiting::Begin {
                    self.waiting = Waiting::No;
                    self.take(view, fx);
                }
            }
            Msg::Previewed(then, code, seen) => self.looked_at(then, code, seen, view, fx),
            // An answer for a step that was left meanwhile changes nothing.
            Msg::Checked(step, _) if self.waiting != Waiting::Check(step) => {}
            Msg::Checked(_, Ok(())) => self.go_on(view),
            Msg::Front(Ok(front)) => {
                let mode = front.mode;
                self.front = front;
                let is_bound = self.claim.is_none() && self.prepared().is_none();
                let is_new = mode != self.mode && is_bound;
                if is_new && self.waiting != Waiting::Create {
                    self.mode_is(mode, view, fx);
                }
            }
            Msg::Made(Ok(login)) => {
                fx.become_actor(login.actor.clone());
                fx.reset(route::home(&login));
                if self.claim.is_some() {
                    fx.notice(session::claimed());
                } else if login.account.status == Status::Active {
                    fx.notice(session::let_in(login.account.handle.as_str()));
                }
            }
            Msg::Begun(Err(stop)) | Msg::Checked(_, Err(stop)) | Msg::Made(Err(stop)) => {
                self.refuse(&stop, view, fx);
            }
            Msg::Front(Err(stop)) => fx.notice_bad(say::sentence(&stop)),
        }
        self.lay_out(view);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        page::draw(self, canvas, view);
    }
}
