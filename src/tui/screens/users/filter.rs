//! Which accounts the USERS tab lists: those in a status, or of them those that
//! begin with something.

use crate::{
    app::queue::FILTERS,
    domain::account::Status,
    tui::{Align, Canvas, Token, View, widgets::filters},
};

/// To which side the row of statuses is gone through.
#[derive(Clone, Copy, Debug)]
pub(super) enum Turn {
    /// To the right.
    On,
    /// To the left.
    Back,
}

/// What the list is narrowed to.
#[derive(Debug)]
pub(super) struct Filter {
    status: Status,
    /// The beginning of handles or addresses; empty shows all.
    prefix: String,
    /// How many there are in each status.
    counts: Vec<(Status, u32)>,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            status: Status::Pending,
            prefix: String::new(),
            counts: Vec::new(),
        }
    }
}

impl Filter {
    /// Returns the status that is listed.
    pub(super) const fn status(&self) -> Status {
        self.status
    }

    /// Returns with what handles or addresses begin; nothing is all.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Whether not all of a status are listed.
    pub(super) const fn is_narrowed(&self) -> bool {
        !self.prefix.is_empty()
    }

    /// Lists those that begin so; nothing lists all.
    pub(super) fn narrow(&mut self, prefix: String) {
        self.prefix = prefix;
    }

    /// Takes how many there are in each status.
    pub(super) fn count(&mut self, counts: Vec<(Status, u32)>) {
        self.counts = counts;
    }

    /// Goes to the next status, going round.
    pub(super) fn turn(&mut self, step: Turn) {
        let shown = self.shown();
        let last = shown.len().saturating_sub(1);
        let place = match (step, self.place(&shown)) {
            (Turn::On, place) if place == last => 0,
            (Turn::On, place) => place + 1,
            (Turn::Back, 0) => last,
            (Turn::Back, place) => place - 1,
        };
        if let Some(status) = shown.get(place) {
            self.status = *status;
        }
    }

    /// Returns the statuses in the row: unverified only where somebody is that
    /// or was a moment ago, since most boards have no such step.
    fn shown(&self) -> Vec<Status> {
        let mut shown = FILTERS.to_vec();
        shown.retain(|&status| {
            status != Status::Unverified || status == self.status || self.counted(status) > 0
        });
        shown
    }

    fn counted(&self, status: Status) -> u32 {
        let count = self.counts.iter().find(|(one, _)| *one == status);
        count.map_or(0, |(_, n)| *n)
    }

    fn place(&self, shown: &[Status]) -> usize {
        let place = shown.iter().position(|one| *one == self.status);
        place.unwrap_or(0)
    }

    /// Says that the list is empty.
    pub(super) const fn empty(&self) -> &'static str {
        match self.status {
            _ if self.is_narrowed() => "Nobody here begins like that. Esc shows all again.",
            Status::Pending => "Nobody waits. New requests ring here.",
            Status::Active => "Nobody is in.",
            Status::Suspended => "Nobody is suspended.",
            Status::Rejected => "Nobody was rejected.",
            Status::Unverified => "Nobody has an address to prove.",
            Status::Deleted => "Nobody was deleted.",
        }
    }

    /// Draws the row of statuses, and what else narrows the list at its right.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, narrowing: &str, view: &View<'_>) {
        let name = |&status: &Status| format!("{} {}", title(status), self.counted(status));
        let shown = self.shown();
        let names: Vec<_> = shown.iter().map(name).collect();
        filters::draw(canvas, &names, self.place(&shown), view);
        if !narrowing.is_empty() {
            let width = canvas.width() / 3;
            let x = canvas.width() - width - 1;
            canvas.field((x, 0), width, Align::Right, narrowing, Token::Accent);
        }
    }
}

/// Returns how a filter is called.
const fn title(status: Status) -> &'static str {
    match status {
        Status::Unverified => "Unverified",
        Status::Pending => "Pending",
        Status::Active => "Active",
        Status::Rejected => "Rejected",
        Status::Suspended => "Suspended",
        Status::Deleted => "Deleted",
    }
}
