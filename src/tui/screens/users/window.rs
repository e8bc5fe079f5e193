//! The rows of the USERS tab that are in hand: whole pages of a list that may
//! be a hundred thousand long. The selection is an account and not a row: when
//! it leaves the list, nothing is selected until an arrow key.

use std::cell::Cell;

use crate::{
    domain::id::AccountId,
    store::account::{From, Listed},
    term::Key,
    tui::{Canvas, Ink, Token},
};

/// Rows asked for at a time, at most; as many whole screens as fit.
const ROWS: usize = 50;

/// Which row is selected when a window arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The first: it was gone to.
    First,
    /// The last.
    Last,
    /// Whoever is selected already, if they are still there.
    Same,
}

/// Where a key leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Somewhere in this window, or nowhere.
    Here,
    /// To another window.
    To(From, Pick),
    /// The key does not move.
    No,
}

/// The rows in hand.
#[derive(Debug)]
pub(super) struct Window {
    rows: Vec<Listed>,
    from: From,
    chosen: Option<AccountId>,
    /// The row of the chosen account, also after it has left.
    place: usize,
    /// Rows of the last drawing, which page keys go by. The only thing that a
    /// draw leaves behind.
    height: Cell<usize>,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            from: From::Start,
            chosen: None,
            place: 0,
            // Of an 80x24 terminal.
            height: Cell::new(7),
        }
    }
}

impl Window {
    /// Returns how many rows to ask for.
    pub(super) fn size(&self) -> u32 {
        let height = self.height.get().max(1);
        u32::try_from((ROWS / height).max(1) * height).unwrap_or(u32::MAX)
    }

    /// Returns where the window begins or ends, to load it anew.
    pub(super) const fn from(&self) -> From {
        self.from
    }

    /// Whether there is nobody.
    pub(super) const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether it is as full as it can be.
    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= usize::try_from(self.size()).unwrap_or(usize::MAX)
    }

    /// Returns the selected account.
    pub(super) fn chosen(&self) -> Option<&Listed> {
        let id = self.chosen?;
        self.rows.iter().find(|row| row.account.id == id)
    }

    /// Takes rows that arrived.
    pub(super) fn fill(&mut self, from: From, pick: Pick, rows: Vec<Listed>) {
        self.rows = rows;
        self.from = from;
        match pick {
            Pick::First => self.choose(0),
            Pick::Last => self.choose(usize::MAX),
            Pick::Same => {
                let same = |row: &Listed| Some(row.account.id) == self.chosen;
                match self.rows.iter().position(same) {
                    Some(place) => self.place = place,
                    None => self.chosen = None,
                }
            }
        }
    }

    /// Takes the keys that move.
    pub(super) fn key(&mut self, key: Key) -> Step {
        let page = self.height.get().max(1);
        let last = self.rows.len().saturating_sub(1);
        let (is_chosen, place) = (self.chosen.is_some(), self.place);
        let place = match key {
            // Whoever left made room for the next: they are one step down.
            Key::Down | Key::Char('j' | 'J') if !is_chosen => place.min(last),
            Key::Up | Key::Char('k' | 'K') if !is_chosen => place.min(last + 1).saturating_sub(1),
            Key::Down | Key::Char('j' | 'J') | Key::PageDown if place >= last => {
                return self.after();
            }
            Key::Down | Key::Char('j' | 'J') => place + 1,
            Key::Up | Key::Char('k' | 'K') | Key::PageUp if place == 0 => return self.before(),
            Key::Up | Key::Char('k' | 'K') => place - 1,
            Key::PageDown => place + page,
            Key::PageUp => place.saturating_sub(page),
            Key::Home | Key::Char('g') if self.from == From::Start => 0,
            Key::Home | Key::Char('g') => return Step::To(From::Start, Pick::First),
            Key::End | Key::Char('G') => return Step::To(From::End, Pick::Last),
            _ => return Step::No,
        };
        self.choose(place);
        Step::Here
    }

    /// Selects the last row in hand.
    pub(super) fn choose_last(&mut self) {
        self.choose(usize::MAX);
    }

    /// Selects the row at a place, or the nearest.
    fn choose(&mut self, place: usize) {
        self.place = place.min(self.rows.len().saturating_sub(1));
        self.chosen = self.rows.get(self.place).map(|row| row.account.id);
    }

    fn after(&self) -> Step {
        self.rows
            .last()
            .map_or(Step::Here, |Listed { account, .. }| {
                Step::To(From::After(account.status_at, account.id), Pick::First)
            })
    }

    fn before(&self) -> Step {
        match self.rows.first() {
            Some(Listed { account, .. }) if self.from != From::Start => {
                Step::To(From::Before(account.status_at, account.id), Pick::Last)
            }
            _ => Step::Here,
        }
    }

    /// Draws the page with the selected row over the whole canvas; `draw` draws
    /// one row behind the two columns of the bar.
    pub(super) fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        is_marked: impl Fn(AccountId) -> bool,
        draw: impl Fn(&mut Canvas<'_>, &Listed, Ink),
    ) {
        let height = usize::from(canvas.height()).max(1);
        self.height.set(height);
        let first = self.place / height * height;
        let width = canvas.width().saturating_sub(2);
        for (y, row) in (0..canvas.height()).zip(self.rows.iter().skip(first)) {
            let ink = if self.chosen == Some(row.account.id) {
                canvas.text(0, y, "▌", Token::Accent);
                Token::Text.bold()
            } else {
                Token::Text.into()
            };
            if is_marked(row.account.id) {
                canvas.text(1, y, "*", Token::Accent);
            }
            draw(&mut canvas.part(2, y, width, 1), row, ink);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        account::{Origin, Role, Status},
        clock::Timestamp,
        handle::Handle,
    };

    fn rows(ids: impl IntoIterator<Item = i64>) -> Vec<Listed> {
        let row = |id: i64| Listed {
            account: crate::store::account::Account {
                id: AccountId(id),
                handle: Handle::parse("ada").unwrap(),
                status: Status::Pending,
                onward: None,
                role: Role::User,
                origin: Origin::Request,
                email: None,
                email_proven: false,
                has_password: false,
                invited_by: None,
                created_at: Timestamp::UNIX_EPOCH,
                status_at: Timestamp::UNIX_EPOCH,
                status_by: None,
                status_reason: None,
                status_until: None,
                last_seen_at: None,
                rev: 0,
            },
            message: String::new(),
            has_key: false,
            undo_until: None,
            answer: None,
            claim: None,
        };
        ids.into_iter().map(row).collect()
    }

    fn chosen(window: &Window) -> Option<i64> {
        window.chosen().map(|row| row.account.id.0)
    }

    #[test]
    fn who_leaves_leaves_nobody_selected_until_an_arrow() {
        for (key, want) in [(Key::Down, 3), (Key::Up, 1)] {
            let mut window = Window::default();
            window.fill(From::Start, Pick::First, rows(1..=3));
            window.key(Key::Down);
            window.fill(From::Start, Pick::Same, rows([0, 1, 2, 3]));
            assert_eq!(chosen(&window), Some(2));
            window.fill(From::Start, Pick::Same, rows([0, 1, 3]));
            assert_eq!(chosen(&window), None);
            window.key(key);
            assert_eq!(chosen(&window), Some(want));
        }
    }

    #[test]
    fn the_edges_lead_to_other_windows() {
        let mut window = Window::default();
        window.fill(From::Start, Pick::First, rows(1..=2));
        assert_eq!(window.key(Key::Up), Step::Here);
        window.key(Key::Down);
        let at = Timestamp::UNIX_EPOCH;
        let after = From::After(at, AccountId(2));
        assert_eq!(window.key(Key::Down), Step::To(after, Pick::First));
        window.fill(after, Pick::First, rows(3..=4));
        let before = From::Before(at, AccountId(3));
        assert_eq!(window.key(Key::PageUp), Step::To(before, Pick::Last));
        assert_eq!(
            window.key(Key::Char('g')),
            Step::To(From::Start, Pick::First)
        );
        assert_eq!(window.key(Key::Char('x')), Step::No);
    }
}
