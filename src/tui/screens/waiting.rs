//! The waiting room: what happens next, the request, and what can be done
//! meanwhile. When somebody decides, the session leaves it by itself.

use super::{
    account::{Keys, Overview},
    conversation::{Conversation, said},
    notices::Notices,
    talk::Talk,
};
use crate::{
    app::{Ruling, account::Own},
    domain::{conversation::Side, event::Event},
    store::{self, account::Account, key::Standing},
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Confirm, Prose, Scroll},
    },
    words::{
        conversation, session,
        standing::{self, WayBack},
        talk,
    },
};

mod edit;

use edit::Edit;

/// The waiting room.
#[derive(Debug)]
pub struct Waiting {
    account: Account,
    state: State,
    /// A sysop who is on line.
    sysop: Option<String>,
    /// Who would like to talk now.
    rings: Option<String>,
    scroll: Scroll,
}

/// What is known of the request.
#[derive(Debug)]
enum State {
    Loading,
    Ready(Box<Own>),
    Failed(String),
}

impl Waiting {
    /// Makes the waiting room of somebody who asked to join.
    pub fn new(account: Account) -> Self {
        Self {
            account,
            state: State::Loading,
            sysop: None,
            rings: None,
            scroll: Scroll::default(),
        }
    }

    const fn own(&self) -> Option<&Own> {
        match &self.state {
            State::Ready(own) => Some(own),
            State::Loading | State::Failed(_) => None,
        }
    }

    /// Returns what has happened so far, and what happens next.
    fn news(&self, own: &Own, view: &View<'_>) -> String {
        let sysop = self.sysop.as_deref();
        let asked_at = match &own.request {
            Some(request) => request.asked_at,
            None => own.account.created_at,
        };
        // Only a sysop puts a request back here: nobody had touched it before.
        if own.account.status_by.is_some() {
            standing::reopened(&view.ago(own.account.status_at), sysop)
        } else {
            standing::asked(&view.ago(asked_at), sysop)
        }
    }
}

/// Returns how an applicant comes back.
fn way_back(own: &Own) -> WayBack {
    let counts = |key: &store::key::Key| key.standing != Standing::Pasted;
    if own.keys.iter().any(counts) {
        WayBack::Key
    } else {
        WayBack::Password
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Opens the request in an editor.
    Edit,
    /// Comes to the talk.
    Talk,
    /// Opens what was asked and answered.
    Messages,
    /// Opens what the applicant was told.
    Notices,
    /// Opens the keys of the account.
    Keys,
    /// Opens the account.
    Account,
    /// Asks before taking the request back.
    Withdraw,
    /// Hangs up.
    Quit,
}

/// What its calls and dialogs answer.
#[derive(Debug)]
pub enum Msg {
    /// The account, and a sysop who is on line.
    Loaded(Ruling<Box<Own>>, Option<String>),
    /// A sysop who is on line.
    Seen(Option<String>),
    /// Who would like to talk now.
    Rings(Option<String>),
    /// The applicant means it.
    Withdraw,
    /// The request is gone, or not.
    Withdrawn(Ruling<()>),
}

impl Screen for Waiting {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Char('l')],
            "l",
            "talk",
            Act::Talk,
            "Talks with the sysop who rang.",
        ),
        Bind::new(
            &[Key::Char('e')],
            "e",
            "edit request",
            Act::Edit,
            "Changes what the sysops read; they see the older text too.",
        ),
        Bind::new(
            &[Key::Char('m')],
            "m",
            "messages",
            Act::Messages,
            "What the sysops asked you, and your answers.",
        ),
        Bind::new(
            &[Key::Char('i')],
            "i",
            "notices",
            Act::Notices,
            "What you were told, as in the letters.",
        ),
        Bind::new(
            &[Key::Char('p')],
            "p",
            "add a key",
            Act::Keys,
            "Your keys: with one you need no password.",
        ),
        Bind::new(
            &[Key::Char('a')],
            "a",
            "account",
            Act::Account,
            "Your keys, password and address.",
        ),
        Bind::new(
            &[Key::Char('w')],
            "w",
            "withdraw",
            Act::Withdraw,
            "Takes the request back, after a question.",
        ),
        Bind::new(
            &[Key::Char('q')],
            "q",
            "hang up",
            Act::Quit,
            "Ends the call; the request stays.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Waiting room".to_owned()
    }

    fn offers(&self, action: Act, _view: &View<'_>) -> bool {
        match action {
            Act::Edit => self.own().is_some_and(|own| own.request.is_some()),
            Act::Talk => self.rings.is_some(),
            Act::Messages => self.own().is_some_and(|own| !own.conversation.is_empty()),
            Act::Notices | Act::Keys | Act::Account | Act::Withdraw | Act::Quit => true,
        }
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.reload(view, fx);
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match action {
            Act::Edit => {
                let request = self.own().and_then(|own| own.request.as_ref());
                if let Some(request) = request {
                    fx.push(Edit::new(&request.message));
                }
            }
            Act::Talk => fx.push(Talk::answer(&self.account)),
            Act::Messages => fx.push(Conversation::own(&self.account)),
            Act::Notices => fx.push(Notices::new()),
            Act::Keys => fx.push(Keys::new()),
            Act::Account => fx.push(Overview::new()),
            Act::Withdraw => {
                let [title, text, yes, no] = standing::withdraw();
                let reply = fx.reply(|()| Msg::Withdraw);
                fx.push(Confirm::new(title, text, yes, no, reply));
            }
            Act::Quit => fx.hang_up(session::goodbye()),
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        self.scroll.key(key)
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Loaded(own, sysop) => {
                self.sysop = sysop;
                if let (Some(before), Ok(own)) = (self.own(), &own)
                    && let Some(question) = own.conversation.get(before.conversation.len()..)
                    && let Some(question) = question.iter().find(|one| one.side == Side::Staff)
                {
                    fx.bell();
                    fx.notice(conversation::asks(&question.author));
                }
                self.state = match own {
                    Ok(own) => State::Ready(own),
                    Err(stop) => State::Failed(say::sentence(&stop)),
                };
            }
            Msg::Seen(sysop) => self.sysop = sysop,
            Msg::Rings(staff) => {
                if let (None, Some(staff)) = (&self.rings, &staff) {
                    fx.bell();
                    fx.notice(talk::wants_to_talk(staff));
                }
                self.rings = staff;
            }
            Msg::Withdraw => fx.call(
                "account.withdraw",
                |bbs, actor, _| async move { bbs.withdraw(&actor).await },
                Msg::Withdrawn,
            ),
            Msg::Withdrawn(Ok(())) => fx.hang_up(session::gone()),
            Msg::Withdrawn(Err(stop)) => fx.notice_bad(say::sentence(&stop)),
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match event {
            Event::PresenceChanged => fx.load(
                "sysop",
                |bbs, _, _| async move { bbs.hub().sysop_on_line() },
                Msg::Seen,
            ),
            Event::AccountChanged(id) if id == self.account.id => self.reload(view, fx),
            Event::TalkChanged(id) if id == self.account.id => fx.load(
                "talk",
                move |bbs, actor, visit| async move { bbs.talk(&actor, &visit, id) },
                |talk| Msg::Rings(talk.map(|talk| talk.staff)),
            ),
            _ => {}
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        fx.load(
            "waiting",
            |bbs, actor, _| async move {
                let own = bbs.own(&actor).await.map(Box::new);
                (own, bbs.hub().sysop_on_line())
            },
            |(own, sysop)| Msg::Loaded(own, sysop),
        );
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let prose = Prose::new(canvas.width()).gap();
        let prose = match &self.state {
            State::Loading => prose
                .say(standing::standing(self.account.status), Token::Text)
                .gap()
                .say("Looking…", Token::Dim),
            State::Failed(sentence) => prose
                .say(standing::standing(self.account.status), Token::Text)
                .gap()
                .say(sentence, Token::Bad),
            State::Ready(own) => {
                let prose = match &self.rings {
                    Some(staff) => prose.say(&talk::wants_to_talk(staff), Token::Accent).gap(),
                    None => prose,
                };
                let prose = prose
                    .say(&self.news(own, view), Token::Text)
                    .gap()
                    .say(standing::may_stay(way_back(own)), Token::Text);
                let prose = match &own.request {
                    Some(request) => prose
                        .gap()
                        .say("Your request", Token::Dim)
                        .quote(&request.message),
                    None => prose,
                };
                said(prose, &own.conversation, view)
            }
        };
        self.scroll.draw(canvas, &prose);
    }
}
