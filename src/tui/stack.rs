//! The layers of a session, the one that is seen last on top.

use super::{Layer, Shape, View, effects::LayerId};

/// Layers, from the bottom.
#[derive(Debug, Default)]
pub(super) struct Stack {
    layers: Vec<Layer>,
    /// The last number given.
    given: u64,
}

impl Stack {
    /// Puts a layer on top; returns its number.
    pub(super) fn push(&mut self, mut layer: Layer) -> LayerId {
        self.given += 1;
        layer.id = LayerId(self.given);
        self.layers.push(layer);
        LayerId(self.given)
    }

    /// Takes a layer away, and what is above it.
    pub(super) fn pop(&mut self, id: LayerId) {
        if let Some(place) = self.layers.iter().position(|layer| layer.id == id) {
            self.layers.truncate(place);
        }
    }

    /// Takes all away.
    pub(super) fn clear(&mut self) {
        self.layers.clear();
    }

    pub(super) const fn len(&self) -> usize {
        self.layers.len()
    }

    pub(super) fn top(&self) -> Option<&Layer> {
        self.layers.last()
    }

    pub(super) fn top_mut(&mut self) -> Option<&mut Layer> {
        self.layers.last_mut()
    }

    pub(super) fn get_mut(&mut self, id: LayerId) -> Option<&mut Layer> {
        self.layers.iter_mut().find(|layer| layer.id == id)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Layer> {
        self.layers.iter_mut()
    }

    /// Returns the types of the screens, from the bottom.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.layers.iter().map(|layer| layer.screen().name())
    }

    /// Returns what is seen: the highest page and the cards on it.
    pub(super) fn seen(&self, view: &View<'_>) -> &[Layer] {
        let is_card = |layer: &Layer| matches!(layer.screen().shape(view), Shape::Card { .. });
        let page = self.layers.iter().rposition(|layer| !is_card(layer));
        self.layers.get(page.unwrap_or(0)..).unwrap_or_default()
    }
}
