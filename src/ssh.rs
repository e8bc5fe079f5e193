//! SSH: who connects, what they proved, a shell or a command for them, and a
//! clean end. The only module that names russh. It knows no account and draws
//! no screen; a [`Board`] does.

mod auth;
mod config;
mod connection;
mod door;
mod exec;
mod flow;
mod guard;
mod handler;
mod hostkey;
mod limit;
mod listener;
mod pump;

use std::{
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
};

use tokio::sync::mpsc;

pub use config::Timers;
pub use exec::{LONGEST_INPUT, Reply, Stdin, TooLong};
pub use hostkey::{HostKey, HostKeyError};
pub use limit::DoorLimits;
pub use listener::{BindError, Listeners, Server, Setup};

use crate::{
    domain::{
        certificate::{Certified, Presented},
        door::DoorName,
        key::VerifiedKey,
    },
    tui::line::Line,
};

/// A future on the heap, as the methods of [`Board`] give it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Whose a key is, seen from the name a caller gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStanding {
    /// It belongs to the account of that name.
    Theirs,
    /// It belongs to another account.
    SomebodyElses,
    /// It belongs to nobody.
    Unknown,
    /// The name is nobody's: whatever key comes first decides.
    Decides,
}

/// Who is on a line, as far as SSH can tell.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The user name, which proves nothing.
    pub name: DoorName,
    /// The key proven in this connection that decides.
    pub proven: Option<VerifiedKey>,
    /// The certificate that was believed; then no key counts.
    pub certified: Option<Certified>,
    /// The other end, IPv4 never mapped into IPv6.
    pub peer: SocketAddr,
    /// What the client calls itself, printable and short.
    pub client: String,
}

/// The end of a shell: the terminal is restored, and this is shown below.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parting {
    /// The last words, lines ending in LF; often none.
    pub text: String,
    /// The exit status of the client.
    pub exit: u32,
}

/// What SSH asks of the board behind it.
pub trait Board: Send + Sync + 'static {
    /// Returns the sysop's numbers for the door, at every new connection.
    fn door_limits(&self) -> DoorLimits;

    /// Whether callers from there may connect, by the access rules.
    fn admits(&self, address: IpAddr) -> bool;

    /// Tells whose `key` is, seen from the name it came with.
    fn key_standing<'a>(
        &'a self,
        name: &'a DoorName,
        key: &'a VerifiedKey,
    ) -> BoxFuture<'a, KeyStanding>;

    /// Believes a certificate that came with that name from there, or not.
    fn believe<'a>(
        &'a self,
        name: &'a DoorName,
        certificate: &'a Presented,
        from: IpAddr,
    ) -> BoxFuture<'a, Option<Certified>>;

    /// Counts a session or a command that broke down. The log says why.
    fn broke_down(&self);

    /// Runs a session on a terminal. It ends when `line.closed` is cancelled,
    /// and has restored the terminal when it returns.
    fn shell(self: Arc<Self>, caller: Caller, line: Line) -> BoxFuture<'static, Parting>;

    /// Runs a command. One that goes on says what is new through `live`, until
    /// the other side is dropped.
    fn exec(
        self: Arc<Self>,
        caller: Caller,
        command: String,
        stdin: Stdin,
        live: mpsc::Sender<String>,
    ) -> BoxFuture<'static, Reply>;
}

#[cfg(test)]
mod tests;
