//! A list with one chosen row, which is followed by identity and not by place.
//! It shows pages: a move repaints two rows, and a whole page only at its edge.

use std::cell::Cell;

use super::Focus;
use crate::{
    term::Key,
    tui::{Canvas, Handled, Ink, Token},
};

/// Something with an identity.
pub trait Item {
    /// What tells it from others.
    type Id: Copy + Eq;

    /// Returns what tells it from others.
    fn id(&self) -> Self::Id;
}

/// Items with one of them chosen.
#[derive(Clone, Debug)]
pub struct List<T> {
    items: Vec<T>,
    chosen: usize,
    /// Rows of the last drawing, which page keys go by. The only thing that a
    /// draw leaves behind.
    rows: Cell<usize>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            chosen: 0,
            rows: Cell::new(10),
        }
    }
}

impl<T: Item> List<T> {
    /// Makes a list of items, the first of them chosen.
    pub fn new(items: Vec<T>) -> Self {
        Self {
            items,
            ..Self::default()
        }
    }

    /// Replaces the items. The chosen one stays chosen if it is still there,
    /// else the one that took its place is.
    pub fn fill(&mut self, items: Vec<T>) {
        let id = self.chosen().map(Item::id);
        let place = id.and_then(|id| items.iter().position(|item| item.id() == id));
        self.items = items;
        self.choose_at(place.unwrap_or(self.chosen));
    }

    /// Returns the items.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Whether there is nothing.
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns the chosen item.
    pub fn chosen(&self) -> Option<&T> {
        self.items.get(self.chosen)
    }

    /// Chooses the item with this identity, if it is there.
    pub fn choose(&mut self, id: T::Id) {
        if let Some(place) = self.items.iter().position(|item| item.id() == id) {
            self.chosen = place;
        }
    }

    /// Chooses the next item after the chosen one, going round, that matches;
    /// returns whether there is one.
    pub fn find(&mut self, matches: impl Fn(&T) -> bool) -> bool {
        let count = self.items.len();
        let found = (1..=count)
            .map(|step| (self.chosen + step) % count)
            .find(|place| self.items.get(*place).is_some_and(&matches));
        self.chosen = found.unwrap_or(self.chosen);
        found.is_some()
    }

    /// Takes the keys that move in a list.
    pub fn key(&mut self, key: Key) -> Handled {
        let page = self.rows.get().max(1);
        let place = match key {
            Key::Up | Key::Char('k' | 'K') => self.chosen.saturating_sub(1),
            Key::Down | Key::Char('j' | 'J') => self.chosen + 1,
            Key::PageUp => self.chosen.saturating_sub(page),
            Key::PageDown => self.chosen + page,
            Key::Home | Key::Char('g') => 0,
            Key::End | Key::Char('G') => usize::MAX,
            _ => return Handled::No,
        };
        self.choose_at(place);
        Handled::Yes
    }

    /// Draws the page with the chosen item over the whole canvas. `row` draws
    /// one item in the ink it is given, on a canvas one row high, behind the
    /// two columns of the bar.
    pub fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        focus: Focus,
        mut row: impl FnMut(&mut Canvas<'_>, &T, Ink),
    ) {
        let rows = usize::from(canvas.height()).max(1);
        self.rows.set(rows);
        let first = self.chosen / rows * rows;
        for (y, (place, item)) in
            (0..canvas.height()).zip(self.items.iter().enumerate().skip(first))
        {
            let is_chosen = place == self.chosen && focus == Focus::Here;
            let ink = if is_chosen {
                canvas.text(0, y, "▌", Token::Accent);
                Token::Text.bold()
            } else {
                Token::Text.into()
            };
            let width = canvas.width().saturating_sub(2);
            row(&mut canvas.part(2, y, width, 1), item, ink);
        }
    }

    fn choose_at(&mut self, place: usize) {
        self.chosen = place.min(self.items.len().saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug)]
    struct Caller(u32);

    impl Item for Caller {
        type Id = u32;

        fn id(&self) -> u32 {
            self.0
        }
    }

    fn list(ids: &[u32]) -> Vec<Caller> {
        ids.iter().copied().map(Caller).collect()
    }

    fn chosen(list: &List<Caller>) -> Option<u32> {
        list.chosen().map(Item::id)
    }

    #[test]
    fn the_choice_follows_the_item_and_not_the_row() {
        let mut callers = List::new(list(&[1, 2, 3]));
        callers.key(Key::Down);
        callers.fill(list(&[9, 8, 1, 2, 3]));
        assert_eq!(chosen(&callers), Some(2));
        callers.fill(list(&[9, 8, 1, 3]));
        assert_eq!(chosen(&callers), Some(3), "its place is taken by the next");
        callers.fill(list(&[9]));
        assert_eq!(chosen(&callers), Some(9));
        callers.fill(Vec::new());
        assert_eq!(chosen(&callers), None);
    }

    #[test]
    fn keys_move_and_stop_at_the_ends() {
        let mut callers = List::new(list(&(0..25).collect::<Vec<_>>()));
        for (key, want) in [
            (Key::Up, 0),
            (Key::Char('j'), 1),
            (Key::PageDown, 11),
            (Key::Char('k'), 10),
            (Key::Char('G'), 24),
            (Key::Down, 24),
            (Key::PageUp, 14),
            (Key::Char('g'), 0),
            (Key::End, 24),
            (Key::Home, 0),
        ] {
            assert_eq!(callers.key(key), Handled::Yes);
            assert_eq!(chosen(&callers), Some(want), "{key:?}");
        }
        assert_eq!(callers.key(Key::Enter), Handled::No);
    }

    #[test]
    fn finding_goes_round() {
        let mut callers = List::new(list(&[1, 2, 3, 2]));
        assert!(callers.find(|c| c.0 == 2));
        assert!(callers.find(|c| c.0 == 2));
        assert_eq!(callers.chosen, 3);
        assert!(callers.find(|c| c.0 == 2));
        assert_eq!(callers.chosen, 1);
        assert!(!callers.find(|c| c.0 == 7));
        assert!(!List::<Caller>::default().find(|_| true));
    }
}
