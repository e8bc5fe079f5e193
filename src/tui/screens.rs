//! The screens, one file each.

pub mod account;
pub mod add_key;
pub mod greeting;
pub mod guest;
mod joining;
pub mod login;
pub mod menu;
pub mod pasted;
mod progress;
pub mod shut_out;
pub mod waiting;
pub mod welcome;
pub mod who;
pub mod wizard;
