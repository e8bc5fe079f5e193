//! A list that may be as long as it likes and comes in pages, each beginning
//! behind an item of the one before. What is asked for a page is the screen's
//! affair.

use crate::{
    app::Ruling,
    term::Key,
    tui::{
        Canvas, Handled, Ink, Token, say,
        widgets::{Focus, Item, List},
    },
};

/// Rows of a page.
const ROWS: usize = 50;

/// Rows of a first page that grows while somebody reads it.
const MOST: usize = 500;

/// Which item is selected when a page arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pick {
    First,
    Last,
    Same,
}

/// A page to be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted<Id> {
    /// The item it begins behind; nothing is the beginning of all.
    pub before: Option<Id>,
    /// How many rows.
    pub rows: u32,
    pick: Pick,
}

/// What a key leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<Id> {
    /// Somewhere on this page, or the key does not move.
    Here(Handled),
    /// To a page that must be loaded.
    To(Wanted<Id>),
}

/// The page in hand.
#[derive(Debug)]
pub struct Pages<T: Item> {
    list: List<T>,
    /// Where this page and those before it begin; nothing before the first
    /// arrived.
    starts: Vec<Option<T::Id>>,
    failure: Option<String>,
    is_loading: bool,
    /// Whether something happened while a page was on its way.
    is_stale: bool,
    /// An item to be selected as soon as it is there.
    awaited: Option<T::Id>,
}

impl<T: Item> Default for Pages<T> {
    fn default() -> Self {
        Self {
            list: List::default(),
            starts: Vec::new(),
            failure: None,
            is_loading: false,
            is_stale: false,
            awaited: None,
        }
    }
}

impl<T: Item> Pages<T> {
    /// Returns the items of this page.
    pub const fn list(&self) -> &List<T> {
        &self.list
    }

    /// Whether this is the first page.
    pub const fn is_first(&self) -> bool {
        self.starts.len() < 2
    }

    /// Begins anew: with another filter, or for the first time.
    pub fn begin(&mut self) -> Wanted<T::Id> {
        *self = Self::default();
        self.want(None, Pick::First)
    }

    /// Returns the page to load because something happened; nothing while
    /// another is on its way, after which it is asked again.
    pub fn refresh(&mut self) -> Option<Wanted<T::Id>> {
        if self.is_loading {
            self.is_stale = true;
            return None;
        }
        let before = self.starts.last().copied().flatten();
        Some(self.want(before, Pick::Same))
    }

    /// Goes to an item that is new, and so on the first page; returns the page
    /// to load, as [`Self::refresh`] does.
    pub fn show(&mut self, new: T::Id) -> Option<Wanted<T::Id>> {
        self.awaited = Some(new);
        self.starts.truncate(1);
        self.refresh()
    }

    /// Takes the keys that move, also beyond the edges of the page.
    pub fn key(&mut self, key: Key) -> Step<T::Id> {
        match self.beyond(key) {
            Some((before, pick)) => Step::To(self.want(before, pick)),
            None => Step::Here(self.list.key(key)),
        }
    }

    /// Takes a page that was asked for; returns another that is wanted now.
    pub fn took(&mut self, wanted: Wanted<T::Id>, page: Ruling<Vec<T>>) -> Option<Wanted<T::Id>> {
        self.is_loading = false;
        match page {
            Ok(items) => self.fill(wanted, items),
            Err(stop) => self.failure = Some(say::sentence(&stop)),
        }
        if std::mem::take(&mut self.is_stale) {
            return self.refresh();
        }
        None
    }

    /// Draws the page; above it what has to be said first, and in its place why
    /// there is none or `empty`.
    pub fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        banners: impl IntoIterator<Item = (String, Token)>,
        empty: &str,
        row: impl FnMut(&mut Canvas<'_>, &T, Ink),
    ) {
        let (width, height) = (canvas.width(), canvas.height());
        let room = width.saturating_sub(4);
        let mut top = 0;
        for (text, token) in banners {
            top += canvas.paragraph((2, top), room, &text, token) + 1;
        }
        let text = match &self.failure {
            Some(failure) => Some((failure.as_str(), Token::Bad)),
            None if self.starts.is_empty() => Some(("One moment…", Token::Dim)),
            None if self.list.is_empty() => Some((empty, Token::Dim)),
            None => None,
        };
        if let Some((text, token)) = text {
            canvas.paragraph((2, top), room, text, token);
            return;
        }
        let mut rows = canvas.part(0, top, width, height.saturating_sub(top));
        self.list.draw(&mut rows, Focus::Here, row);
    }

    fn fill(&mut self, Wanted { before, pick, .. }: Wanted<T::Id>, items: Vec<T>) {
        self.failure = None;
        // Past the last there is nothing: the page stays.
        if items.is_empty() && before.is_some() {
            return;
        }
        match self.starts.iter().position(|start| *start == before) {
            Some(place) => self.starts.truncate(place + 1),
            None => self.starts.push(before),
        }
        self.list.fill(items);
        if let Some(new) = self.awaited
            && self.list.find(|item| item.id() == new)
        {
            self.awaited = None;
            return;
        }
        let key = match pick {
            Pick::First => Key::Home,
            Pick::Last => Key::End,
            Pick::Same => return,
        };
        self.list.key(key);
    }

    fn want(&mut self, before: Option<T::Id>, pick: Pick) -> Wanted<T::Id> {
        self.is_loading = true;
        // What comes on top pushes nothing off the end that is being read.
        let rows = match (before, pick) {
            (None, Pick::Same) => self.list.items().len() + ROWS,
            _ => ROWS,
        };
        Wanted {
            before,
            rows: u32::try_from(rows.min(MOST)).unwrap_or(u32::MAX),
            pick,
        }
    }

    /// Returns the page a key leads to from the edge of this one.
    fn beyond(&self, key: Key) -> Option<(Option<T::Id>, Pick)> {
        let chosen = self.list.chosen()?.id();
        let is_last = self.list.items().last().map(Item::id) == Some(chosen);
        let is_first = self.list.items().first().map(Item::id) == Some(chosen);
        match key {
            Key::Down | Key::PageDown | Key::Char('j' | 'J') if is_last => {
                Some((Some(chosen), Pick::First))
            }
            Key::Up | Key::PageUp | Key::Char('k' | 'K') if is_first => {
                let (_, before) = self.starts.split_last()?;
                before.last().map(|start| (*start, Pick::Last))
            }
            Key::Home | Key::Char('g') if !self.is_first() => Some((None, Pick::First)),
            _ => None,
        }
    }
}
