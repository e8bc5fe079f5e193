//! Who is marked in the list, on whatever page they stand.

use super::bulk::Marked;
use crate::{domain::id::AccountId, store::account::Account};

/// Those who are marked, in the order they were.
#[derive(Debug, Default)]
pub(super) struct Marks(Vec<Marked>);

impl Marks {
    /// Marks somebody, or takes the mark away.
    pub(super) fn toggle(&mut self, account: &Account) {
        if self.has(account.id) {
            self.0.retain(|one| one.id != account.id);
        } else {
            self.0.push(Marked {
                id: account.id,
                handle: account.handle.to_string(),
            });
        }
    }

    /// Whether somebody is marked.
    pub(super) fn has(&self, id: AccountId) -> bool {
        self.0.iter().any(|one| one.id == id)
    }

    /// Takes the mark of somebody away who is gone.
    pub(super) fn forget(&mut self, id: AccountId) {
        self.0.retain(|one| one.id != id);
    }

    /// Returns how many are marked.
    pub(super) const fn count(&self) -> usize {
        self.0.len()
    }

    /// Returns the handles of all.
    pub(super) fn handles(&self) -> Vec<&str> {
        self.0.iter().map(|one| one.handle.as_str()).collect()
    }

    /// Takes all marks away, and returns who had one.
    pub(super) fn take(&mut self) -> Vec<Marked> {
        std::mem::take(&mut self.0)
    }
}
