//! Every sentence said on refusal or failure: what happened, what to do next.
//! It decides nothing.

pub mod access;
pub mod account;
pub mod activation;
pub mod address;
pub mod audit;
pub mod bulk;
pub mod command;
pub mod conversation;
pub mod delete;
pub mod doctor;
pub mod door;
pub mod health;
pub mod invite;
pub mod letter;
pub mod notice;
pub mod notify;
mod refusal;
pub mod session;
pub mod standing;
pub mod start;
pub mod talk;

pub use refusal::{barred, mode, refusal, span};
