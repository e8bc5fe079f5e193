//! The keys of one's account: which there are, how far each is believed, and
//! which one this call came with.

use super::{key_line::KeyLine, paste::Paste};
use crate::{
    app::{Ruling, account::Own},
    domain::{
        event::Event,
        id::KeyId,
        key::{Fingerprint, PublicKey, VerifiedKey},
        secret::Secret,
    },
    store::key::{self, Standing},
    term::Key,
    tui::{
        Align, Bind, Canvas, Effects, Handled, Ink, Screen, Token, View, say,
        widgets::{Confirm, Focus, Item, List, Prose},
    },
};

/// Rows for what is known of the chosen key.
const DETAIL: u16 = 6;

/// A row of the list.
#[derive(Clone, Debug)]
struct Row(key::Key);

impl Item for Row {
    type Id = KeyId;

    fn id(&self) -> KeyId {
        self.0.id
    }
}

impl Row {
    fn short(&self) -> String {
        let fingerprint = &self.0.fingerprint;
        fingerprint
            .parse()
            .map_or_else(|_| fingerprint.clone(), |print: Fingerprint| print.short())
    }

    /// Returns how far it is believed, in a sentence.
    const fn standing(&self) -> &'static str {
        match self.0.standing {
            Standing::Proven => "Proven: you came with it.",
            Standing::Vouched => "Added by an operator.",
            Standing::Pasted => {
                "Added by hand. It counts once you have come with it and said it is yours."
            }
        }
    }

    fn is_of(&self, call: Option<&PublicKey>) -> bool {
        call.is_some_and(|key| key.fingerprint().to_string() == self.0.fingerprint)
    }
}

/// The keys of one's account.
#[derive(Debug)]
pub struct Keys {
    state: State,
    list: List<Row>,
    /// Whether the key of this call is nobody's yet.
    may_remember: bool,
    is_busy: bool,
}

#[derive(Debug)]
enum State {
    Loading,
    Ready,
    Failed(String),
}

impl Keys {
    /// Makes the screen.
    pub fn new() -> Self {
        Self {
            state: State::Loading,
            list: List::default(),
            may_remember: false,
            is_busy: false,
        }
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns the key this call has proven.
fn call_key<'a>(view: &View<'a>) -> Option<&'a PublicKey> {
    view.visit.key.as_ref().map(VerifiedKey::key)
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Opens the form for a key.
    Paste,
    /// Makes a line for another device.
    Line,
    /// Adds the key of this call.
    Remember,
    /// Asks before removing the chosen key.
    Remove,
}

/// What its calls and dialogs answer.
#[derive(Debug)]
pub enum Msg {
    /// The account, and whether the key of this call is nobody's.
    Loaded(Ruling<Box<Own>>, bool),
    /// The line, told once.
    Minted(Ruling<Secret<String>>),
    /// The key of this call was added, or not.
    Remembered(Ruling<()>),
    /// The caller means it.
    Remove(KeyId),
    /// A key is gone, or not.
    Removed(Ruling<()>),
}

impl Screen for Keys {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Char('r')],
            "r",
            "remember key",
            Act::Remember,
            "Adds the key you came with: next time it lets you in.",
        ),
        Bind::new(
            &[Key::Char('a'), Key::Char('+')],
            "a",
            "add",
            Act::Paste,
            "Adds a public key that you paste.",
        ),
        Bind::new(
            &[Key::Char('l')],
            "l",
            "other device",
            Act::Line,
            "Shows a line that adds the key of another device, for ten minutes.",
        ),
        Bind::new(
            &[Key::Char('d'), Key::Delete],
            "d",
            "remove",
            Act::Remove,
            "Removes the chosen key, after a question.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Account ▸ Keys".to_owned()
    }

    fn has_list(&self) -> bool {
        true
    }

    fn offers(&self, action: Act, _view: &View<'_>) -> bool {
        match action {
            Act::Remember => self.may_remember,
            Act::Remove => self.list.chosen().is_some(),
            Act::Paste | Act::Line => true,
        }
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.reload(view, fx);
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match action {
            Act::Paste => fx.push(Paste::new()),
            Act::Remove => {
                let Some(row) = self.list.chosen() else {
                    return;
                };
                let id = row.0.id;
                let text = format!("{} will not let you in any more.", row.short());
                let reply = fx.reply(move |()| Msg::Remove(id));
                fx.push(Confirm::new(
                    "Remove this key?",
                    &text,
                    "remove",
                    "keep",
                    reply,
                ));
            }
            Act::Line | Act::Remember if self.is_busy => {}
            Act::Line => {
                self.is_busy = true;
                fx.call(
                    "key.line",
                    |bbs, actor, _| async move { bbs.mint_key_line(&actor).await },
                    Msg::Minted,
                );
            }
            Act::Remember => {
                self.is_busy = true;
                fx.call(
                    "key.remember",
                    |bbs, actor, visit| async move { bbs.remember_key(&actor, &visit).await },
                    Msg::Remembered,
                );
            }
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        self.list.key(key)
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Loaded(Ok(own), may_remember) => {
                self.list.fill(own.keys.into_iter().map(Row).collect());
                self.may_remember = may_remember;
                self.state = State::Ready;
            }
            Msg::Loaded(Err(stop), _) => self.state = State::Failed(say::sentence(&stop)),
            Msg::Remove(id) => fx.call(
                "key.remove",
                move |bbs, actor, _| async move { bbs.remove_key(&actor, id).await },
                Msg::Removed,
            ),
            Msg::Minted(minted) => {
                self.is_busy = false;
                match minted {
                    Ok(line) => fx.push(KeyLine::new(line)),
                    Err(stop) => fx.notice_bad(say::sentence(&stop)),
                }
            }
            Msg::Remembered(remembered) => {
                self.is_busy = false;
                match remembered {
                    Ok(()) => fx.notice("Remembered. Next time this key lets you in."),
                    Err(stop) => fx.notice_bad(say::sentence(&stop)),
                }
            }
            Msg::Removed(Ok(())) => fx.notice("The key is removed."),
            Msg::Removed(Err(stop)) => fx.notice_bad(say::sentence(&stop)),
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match event {
            Event::AccountChanged(id) if view.actor.account() == Some(id) => self.reload(view, fx),
            _ => {}
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        fx.load(
            "account.keys",
            |bbs, actor, visit| async move {
                let may_remember = bbs.may_remember_key(&visit).await;
                // Unknown is no: then nothing is offered that might fail.
                (
                    bbs.own(&actor).await.map(Box::new),
                    may_remember.unwrap_or(false),
                )
            },
            |(own, may_remember)| Msg::Loaded(own, may_remember),
        );
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let (width, height) = (canvas.width(), canvas.height());
        let empty = match &self.state {
            State::Loading => Some(("Looking…", Token::Dim)),
            State::Failed(sentence) => Some((sentence.as_str(), Token::Bad)),
            State::Ready if self.list.is_empty() => Some((
                "No keys. With one you need no password: a adds it.",
                Token::Dim,
            )),
            State::Ready => None,
        };
        if let Some((text, ink)) = empty {
            canvas.paragraph((3, 1), width.saturating_sub(6), text, ink);
            return;
        }
        let rows = height.saturating_sub(DETAIL + 2);
        let mut part = canvas.part(1, 1, width.saturating_sub(2), rows);
        self.list.draw(&mut part, Focus::Here, |canvas, row, ink| {
            draw_row(canvas, row, ink, view);
        });
        if let Some(row) = self.list.chosen() {
            let mut part = canvas.part(0, height.saturating_sub(DETAIL), width, DETAIL);
            draw_detail(&mut part, row, view);
        }
    }
}

/// Draws one key; its label goes first when there is no room.
fn draw_row(canvas: &mut Canvas<'_>, row: &Row, ink: Ink, view: &View<'_>) {
    let mark = match (row.is_of(call_key(view)), row.0.standing) {
        (true, _) => "in use",
        (false, Standing::Pasted) => "by hand",
        (false, Standing::Proven | Standing::Vouched) => "",
    };
    canvas.field((0, 0), 14, Align::Left, &row.short(), ink);
    canvas.field((15, 0), 10, Align::Left, &row.0.kind, ink);
    canvas.field((26, 0), 7, Align::Left, mark, Token::Dim);
    if !view.is_narrow() {
        let room = canvas.width().saturating_sub(35);
        canvas.field((35, 0), room, Align::Left, &row.0.label, Token::Dim);
    }
}

/// Draws what is known of the chosen key.
fn draw_detail(canvas: &mut Canvas<'_>, row: &Row, view: &View<'_>) {
    let mut prose = Prose::new(canvas.width());
    if row.is_of(call_key(view)) {
        prose = prose.say("You came with this one.", Token::Good);
    }
    let used = match row.0.last_used_at {
        Some(used) => format!("last used {}", view.ago(used)),
        None => "never used".to_owned(),
    };
    let times = format!("Added {}, {used}.", view.day_of(row.0.added_at));
    let prose = prose
        .say(&row.0.fingerprint, Token::Text)
        .say(row.standing(), Token::Dim)
        .say(&times, Token::Dim);
    prose.draw(canvas);
}
