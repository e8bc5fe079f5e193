//! Types and rules of a board. No input or output, no async, no SQL.

pub mod access;
pub mod account;
pub mod actor;
pub mod certificate;
pub mod clock;
pub mod code;
pub mod conversation;
pub mod door;
pub mod email;
pub mod entropy;
pub mod event;
pub mod factor;
pub mod finding;
pub mod handle;
pub mod health;
pub mod id;
pub mod invite;
pub mod key;
pub mod letter;
pub mod notice;
pub mod policy;
pub mod refusal;
pub mod registration;
pub mod secret;
pub mod source;
pub mod text;
