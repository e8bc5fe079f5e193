//! The screens, one file each.

pub mod account;
pub mod add_key;
pub mod audit;
pub mod dialog;
pub mod forgotten;
pub mod greeting;
pub mod guest;
pub mod invites;
mod joining;
pub mod login;
pub mod mail;
pub mod maintenance;
pub mod menu;
pub mod pages;
pub mod password;
pub mod pasted;
mod progress;
pub mod shown;
pub mod shut_out;
pub mod site;
pub mod sysop;
pub mod system;
pub mod users;
pub mod waiting;
pub mod welcome;
pub mod who;
pub mod wizard;
