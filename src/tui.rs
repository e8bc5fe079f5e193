//! The interface: one task a session, a stack of screens, frames as values.
//! It knows neither SSH nor SQL.

pub mod age;
pub mod canvas;
mod chrome;
pub mod driver;
pub mod effects;
mod help;
mod layer;
pub mod line;
pub mod route;
pub mod say;
mod scratch;
pub mod screen;
pub mod screens;
pub mod session;
mod stack;
pub mod theme;
pub mod view;
pub mod widgets;
pub mod wrap;

pub use canvas::{Align, Canvas, Ink};
pub use effects::{Effects, Reply};
pub use layer::Layer;
pub use scratch::Scratch;
pub use screen::{Bind, Handled, Hint, Screen, Shape, Tab, Tabs};
pub use theme::{Look, Theme, Token};
pub use view::View;
