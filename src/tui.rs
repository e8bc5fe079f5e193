//! The interface: one task a session, a stack of screens, frames as values.
//! It knows neither SSH nor SQL.

pub mod line;
