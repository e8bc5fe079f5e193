//! Bytes to keys and frames to bytes. It knows neither SSH nor the board, and
//! depends on none of our other modules.

pub mod caps;
pub mod decoder;
pub mod glyph;
pub mod image;
pub mod key;
pub mod picture;
pub mod sgr;

pub use caps::{Caps, Charset, Depth};
pub use decoder::Decoder;
pub use key::{Input, Key};
pub use picture::Picture;
