//! The whole house from outside: the built binary on a real port, and callers
//! with the clients people have. What a use case decides is proved elsewhere.

mod board;
mod call;
mod client;
mod journey;
mod keyring;
mod line;

mod certificate;
mod claim;
mod command;
mod crash;
mod demo;
mod device;
mod door;
mod hostile;
pub(crate) mod injection;
mod joining;
mod leaving;
mod notify;
mod queue;
mod race;
mod secrecy;
mod wire;
