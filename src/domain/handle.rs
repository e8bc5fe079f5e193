//! Handles: the names callers go by.

/// A legal handle as its owner spells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handle(String);
