//! The contract every screen keeps. A screen changes only itself, asks for
//! effects, and reads only itself and the view when it draws.

use std::time::Duration;

use super::{Canvas, Effects, Layer, View};
use crate::{domain::event::Event, term::Key};

/// Whether a screen took a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handled {
    /// It did; nobody else sees the key.
    Yes,
    /// It did not.
    No,
}

impl From<bool> for Handled {
    fn from(taken: bool) -> Self {
        if taken { Self::Yes } else { Self::No }
    }
}

/// What is drawn around a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Title row and rule above, notice and keys below.
    Page,
    /// Notice and keys below, nothing above.
    Bare,
    /// A small card over the page beneath.
    Card {
        /// Columns inside the border.
        width: u16,
        /// Rows inside the border.
        height: u16,
        /// What stands in the border.
        title: String,
    },
}

/// One of the tabs of a page.
#[derive(Clone, Copy, Debug)]
pub struct Tab {
    /// The key that opens it.
    pub key: Key,
    /// How that key is shown.
    pub label: &'static str,
    /// What stands in the row.
    pub name: &'static str,
    /// What its key does, for the help.
    pub help: &'static str,
    /// Makes its screen anew.
    pub make: fn() -> Layer,
}

/// The tabs of a page, in the row under its title. Their keys, and Tab to and
/// fro, act on every page that has them.
#[derive(Clone, Copy, Debug)]
pub struct Tabs {
    /// Each, in the order of the row.
    pub all: &'static [Tab],
    /// Which of them is open.
    pub open: usize,
}

impl Tabs {
    /// Returns those that are not open.
    pub(super) fn others(self) -> impl Iterator<Item = &'static Tab> {
        let tabs = self.all.iter().enumerate();
        tabs.filter_map(move |(place, tab)| (place != self.open).then_some(tab))
    }

    /// Returns the tab a key leads to.
    pub(super) fn turned(self, key: Key) -> Option<&'static Tab> {
        let at = |place: Option<usize>| place.and_then(|place| self.all.get(place));
        match key {
            Key::Tab => at(Some(self.open + 1)).or(self.all.first()),
            Key::BackTab => at(self.open.checked_sub(1)).or(self.all.last()),
            key => self.others().find(|tab| tab.key == key),
        }
    }
}

/// One thing a key does: feeds dispatch, the footer and the help alike.
#[derive(Clone, Copy, Debug)]
pub struct Bind<A> {
    /// The keys that do it. Letters are case-blind unless both cases are bound.
    pub keys: &'static [Key],
    /// How the keys are shown, such as `a` or `⏎`.
    pub label: &'static str,
    /// What it does in a word or two, for the footer; empty: only in the help.
    pub word: &'static str,
    /// What the screen is told.
    pub action: A,
    /// What it does in a sentence, for the help.
    pub help: &'static str,
}

impl<A> Bind<A> {
    /// Binds keys to an action, shown in the footer in the order of `KEYS`.
    pub const fn new(
        keys: &'static [Key],
        label: &'static str,
        word: &'static str,
        action: A,
        help: &'static str,
    ) -> Self {
        Self {
            keys,
            label,
            word,
            action,
            help,
        }
    }

    /// Binds keys to an action that only the help mentions.
    pub const fn quiet(
        keys: &'static [Key],
        label: &'static str,
        action: A,
        help: &'static str,
    ) -> Self {
        Self::new(keys, label, "", action, help)
    }
}

/// A key that a widget of a screen takes by itself: the footer of a card and
/// the help tell of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// How the key is shown.
    pub label: &'static str,
    /// What it does in a word.
    pub word: &'static str,
    /// What it does in a sentence.
    pub help: &'static str,
}

/// A screen: a state machine that is drawn.
///
/// Keys go, when no text field has the focus, to `KEYS`, then to
/// [`key`](Self::key), then to what acts everywhere (help, back). With the
/// focus in a field ([`typing`](Self::typing)) they go to `key` first, and of
/// `KEYS` only those act that are not printable.
pub trait Screen: Sized + Send + 'static {
    /// What its keys do.
    type Action: Copy + Send + Sync + 'static;
    /// What its calls and dialogs answer.
    type Msg: Send + 'static;
    /// What its keys do, most useful first.
    const KEYS: &'static [Bind<Self::Action>];

    /// Returns where one is, for the left of the first row.
    fn path(&self, view: &View<'_>) -> String;

    /// Returns what else stands at the right of the first row, such as
    /// `step 2 of 5` or `3 wait`.
    fn status(&self, _view: &View<'_>) -> Option<String> {
        None
    }

    /// Returns the tabs under the title.
    fn tabs(&self, _view: &View<'_>) -> Option<Tabs> {
        None
    }

    /// Returns what is drawn around it.
    fn shape(&self, _view: &View<'_>) -> Shape {
        Shape::Page
    }

    /// Whether an action is possible now: only then it is shown, and acts. Of
    /// two on the same key the first that is possible acts.
    fn offers(&self, _action: Self::Action, _view: &View<'_>) -> bool {
        true
    }

    /// Returns another word for an action than `KEYS` has, where it depends.
    fn word(&self, _action: Self::Action) -> Option<String> {
        None
    }

    /// Whether [`key`](Self::key) moves a selection, for the help.
    fn has_list(&self) -> bool {
        false
    }

    /// Returns the keys that its widgets take by themselves now.
    fn hints(&self) -> &'static [Hint] {
        &[]
    }

    /// Called once, when it comes onto the stack.
    fn start(&mut self, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) {}

    /// Does what a key of `KEYS` stands for.
    fn act(&mut self, action: Self::Action, view: &View<'_>, fx: &mut Effects<'_, Self::Msg>);

    /// Whether a text field has the focus and alone gets printable keys.
    fn typing(&self) -> bool {
        false
    }

    /// Takes a key that is no action, or, while typing, any key first.
    fn key(&mut self, _key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) -> Handled {
        Handled::No
    }

    /// Takes pasted text, only while [`typing`](Self::typing). It is cleaned
    /// of everything but line feeds.
    fn paste(&mut self, _text: &str, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) {}

    /// Takes the answer of a call or a dialog.
    fn message(&mut self, _msg: Self::Msg, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) {}

    /// Hears what happened on the board. Any layer hears it, covered or not.
    fn event(&mut self, _event: Event, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) {}

    /// Loads anew: events were missed, or the caller became somebody else.
    fn reload(&mut self, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) {}

    /// Returns how often it wants [`ticked`](Self::ticked), when it moves.
    fn tick(&self) -> Option<Duration> {
        None
    }

    /// Called after every [`tick`](Self::tick).
    fn ticked(&mut self, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) {}

    /// Draws the body; what is around it is drawn already.
    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>);
}
