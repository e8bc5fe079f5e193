//! What staff and an applicant write each other about a request: everything so
//! far, and a few lines to go on. Both sides have the same page.

use crate::{
    app::Ruling,
    domain::{
        conversation::{LONGEST, Side},
        event::Event,
        id::AccountId,
    },
    store::{account::Account, conversation::Message},
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Editor, Focus, Prose, Scroll},
    },
    words::conversation as words,
};

/// From which side it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seat {
    /// The applicant's, who waits.
    Own,
    /// Staff's.
    Desk,
}

/// The page of a conversation.
#[derive(Debug)]
pub struct Conversation {
    about: AccountId,
    handle: String,
    seat: Seat,
    messages: Option<Vec<Message>>,
    scroll: Scroll,
    editor: Editor,
    is_sending: bool,
    refusal: Option<String>,
}

impl Conversation {
    /// Makes the page on which an applicant answers.
    pub fn own(account: &Account) -> Self {
        Self::of(account, Seat::Own)
    }

    /// Makes the page on which staff ask.
    pub fn with(account: &Account) -> Self {
        Self::of(account, Seat::Desk)
    }

    fn of(account: &Account, seat: Seat) -> Self {
        let mut scroll = Scroll::default();
        scroll.to_end();
        Self {
            about: account.id,
            handle: account.handle.to_string(),
            seat,
            messages: None,
            scroll,
            editor: Editor::new(LONGEST),
            is_sending: false,
            refusal: None,
        }
    }
}

/// Adds what was written to a text.
pub(super) fn said(mut prose: Prose, messages: &[Message], view: &View<'_>) -> Prose {
    let own = view.actor.handle().map(ToString::to_string);
    for message in messages {
        let is_question = message.side == Side::Staff;
        let author = Some(message.author.as_str()).filter(|one| own.as_deref() != Some(*one));
        let head = words::head(author, is_question, &view.date_of(message.at));
        prose = prose.gap().say(&head, Token::Dim).quote(&message.text);
    }
    prose
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub struct Send;

/// What its calls answer.
#[derive(Debug)]
pub enum Msg {
    /// What was written so far.
    Loaded(Ruling<Vec<Message>>),
    /// The message is with the others, or not.
    Sent(Ruling<()>),
}

impl Screen for Conversation {
    type Action = Send;
    type Msg = Msg;
    const KEYS: &'static [Bind<Send>] = &[Bind::new(
        &[Key::Ctrl('s')],
        "^S",
        "send",
        Send,
        "Sends what you wrote.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        match self.seat {
            Seat::Own => "Waiting room ▸ Messages".to_owned(),
            Seat::Desk => format!("Sysop ▸ Users ▸ {} ▸ Messages", self.handle),
        }
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.reload(view, fx);
    }

    fn act(&mut self, Send: Send, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if std::mem::replace(&mut self.is_sending, true) {
            return;
        }
        self.refusal = None;
        let (seat, about) = (self.seat, self.about);
        let text = self.editor.text().to_owned();
        fx.call(
            "conversation.send",
            move |bbs, actor, _| async move {
                match seat {
                    Seat::Own => bbs.answer_staff(&actor, &text).await,
                    Seat::Desk => bbs.ask_applicant(&actor, about, &text).await.map(|_| ()),
                }
            },
            Msg::Sent,
        );
    }

    fn typing(&self) -> bool {
        true
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        match key {
            Key::PageUp | Key::PageDown => self.scroll.key(key),
            _ => self.editor.key(key),
        }
    }

    fn paste(&mut self, text: &str, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) {
        self.editor.paste(text);
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Loaded(Ok(messages)) => {
                self.messages = Some(messages);
                self.scroll.to_end();
            }
            Msg::Sent(Ok(())) => {
                self.is_sending = false;
                self.editor = Editor::new(LONGEST);
                fx.notice(words::sent());
            }
            Msg::Loaded(Err(stop)) => self.refusal = Some(say::sentence(&stop)),
            Msg::Sent(Err(stop)) => {
                self.is_sending = false;
                self.refusal = Some(say::sentence(&stop));
            }
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if event == Event::AccountChanged(self.about) {
            self.reload(view, fx);
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let (seat, about) = (self.seat, self.about);
        fx.load(
            "conversation",
            move |bbs, actor, _| async move {
                match seat {
                    Seat::Own => bbs.own(&actor).await.map(|own| own.conversation),
                    Seat::Desk => {
                        let detail = bbs.user(&actor, about).await;
                        detail.map(|detail| detail.conversation)
                    }
                }
            },
            Msg::Loaded,
        );
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let (width, height) = (canvas.width(), canvas.height());
        let rows = if view.is_narrow() { 3 } else { 5 };
        // Below what was written: a rule, the editor, a row that says how much
        // is left.
        let above = height.saturating_sub(rows + 2);
        let prose = Prose::new(width);
        let prose = match self.messages.as_deref() {
            None => prose.gap().say("One moment…", Token::Dim),
            Some([]) => prose.gap().say(words::nothing_asked(), Token::Dim),
            Some(messages) => said(prose, messages, view),
        };
        self.scroll
            .draw(&mut canvas.part(0, 0, width, above), &prose);
        canvas.rule(above);
        let room = width.saturating_sub(6);
        let mut page = canvas.part(3, above + 1, room, rows);
        self.editor.draw(&mut page, Focus::Here);
        let foot = height.saturating_sub(1);
        if let Some(refusal) = &self.refusal {
            let x = canvas.text(3, foot, "✗ ", Token::Bad);
            canvas.text(x, foot, refusal, Token::Bad);
        } else {
            let left = words::left(self.editor.left());
            canvas.text(3, foot, &left, Token::Dim);
        }
    }
}
