//! Ringdown, an SSH-first bulletin board: the map of the house.
//!
//! Arrows go down only, and the architecture test holds them:
//!
//! ```text
//! main → cli → ssh → tui → app → store → settings → domain
//!         cli, app → mailer → domain
//!         cli, app → notifier → words, domain
//!         cli, ssh → command → app
//!    cli, tui, ssh → term (depends on none of ours)
//!         cli, tui, command, ssh → words → domain
//!         cli, ssh → secret_file → domain
//!         main, cli → config (names none of ours)
//! ```
//!
//! Outside crates have one home: rusqlite in `store`, russh in `ssh`, ssh-key
//! in `domain::key` (and `ssh`), ratatui in `tui` and `term`, argon2 and zxcvbn
//! in `app::password`, qrcodegen in `tui::widgets::qr`, lettre in `mailer`, clap in `cli` and `command` (its
//! companions for man pages and completions in `cli::manual`).

pub mod app;
pub mod cli;
pub mod command;
pub mod config;
pub mod domain;
pub mod mailer;
pub mod notifier;
pub mod secret_file;
pub mod settings;
pub mod ssh;
pub mod store;
pub mod term;
pub mod tui;
pub mod words;
