//! The one integration binary.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that meets the unexpected must stop"
)]

mod access;
mod account;
mod activation;
mod address;
mod architecture;
mod ask;
mod audit;
mod backup;
mod bulk;
mod certificate;
mod claim;
mod cli;
mod command;
mod delete;
mod docs;
mod doctor;
mod doubt;
mod export;
mod factor;
mod faults;
mod front;
mod home;
mod import;
mod invite;
mod life;
mod lines;
mod mail;
mod maintenance;
mod notice;
mod notify;
mod pairs;
mod registration;
mod regressions;
mod reset;
mod ssh;
mod store;
mod sysop;
mod system;
mod talk;
mod trace;
mod tree;
mod undo;
mod verification;
mod wording;
mod world;
