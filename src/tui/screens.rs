//! The screens, one file each.

pub mod account;
pub mod menu;
pub mod shut_out;
pub mod waiting;
pub mod welcome;
pub mod who;
