//! The sockets and the loop that accepts: it outlives errors, turns the excess
//! away before any byte, and owns every connection's task.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinError, JoinHandle, JoinSet},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, warn};

use super::{
    Board, HostKey, Timers, config,
    connection::{self, Shared},
    door::Door,
};
use crate::domain::{clock::Clock, entropy::Entropy};

/// Connections the kernel holds until they are accepted.
const BACKLOG: i32 = 1024;

/// What a server is made of.
pub struct Setup {
    /// Where it listens.
    pub listeners: Listeners,
    /// Its own key.
    pub host_key: HostKey,
    /// Its timers.
    pub timers: Timers,
    /// The clock of its limits.
    pub clock: Arc<dyn Clock>,
    /// Its chance.
    pub entropy: Arc<dyn Entropy>,
}

/// An address could not be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {reason}")]
pub struct BindError {
    /// The address as it was asked for.
    pub address: SocketAddr,
    /// What the system said.
    #[source]
    pub reason: io::Error,
}

/// Sockets that callers can already knock at; the kernel keeps them waiting
/// until a server is started.
#[derive(Debug)]
pub struct Listeners {
    sockets: Vec<TcpListener>,
    addresses: Vec<SocketAddr>,
}

impl Listeners {
    /// Binds every address.
    pub fn bind(addresses: &[SocketAddr]) -> Result<Self, BindError> {
        let bound = addresses.iter().map(|&address| {
            bind(address)
                .and_then(|socket| Ok((socket.local_addr()?, socket)))
                .map_err(|reason| BindError { address, reason })
        });
        let (addresses, sockets) = bound.collect::<Result<_, _>>()?;
        Ok(Self { sockets, addresses })
    }

    /// Returns where they listen, with the ports the system chose.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }
}

/// The SSH server, listening.
#[derive(Debug)]
pub struct Server {
    addresses: Vec<SocketAddr>,
    closing: CancellationToken,
    cut: CancellationToken,
    running: JoinHandle<()>,
}

impl Server {
    /// Serves `board`.
    pub fn start(setup: Setup, board: Arc<dyn Board>) -> Self {
        let (closing, cut) = (CancellationToken::new(), CancellationToken::new());
        let shared = Arc::new(Shared {
            config: Arc::new(config::server(setup.host_key, &setup.timers)),
            board,
            timers: Arc::new(setup.timers),
            closing: closing.clone(),
            cut: cut.clone(),
        });
        let door = Door::new(setup.clock, setup.entropy);
        let Listeners { sockets, addresses } = setup.listeners;
        Self {
            addresses,
            closing,
            cut,
            running: tokio::spawn(run(shared, door, sockets)),
        }
    }

    /// Returns where it listens.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Begins to close: no new callers, and sessions are told to say goodbye.
    pub fn drain(&self) {
        self.closing.cancel();
    }

    /// Ends every connection now.
    pub fn cut(&self) {
        self.closing.cancel();
        self.cut.cancel();
    }

    /// Waits until nobody is left; may be asked again after a wait was given up.
    pub async fn ended(&mut self) {
        if let Err(error) = (&mut self.running).await {
            warn!("the listener failed: {error}");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.cut();
    }
}

/// Binds one address; `[::]` also takes IPv4, and is `0.0.0.0` on a machine
/// without IPv6.
fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let listen = |address: SocketAddr| {
        let socket = Socket::new(
            Domain::for_address(address),
            Type::STREAM,
            Some(Protocol::TCP),
        )?;
        if address.is_ipv6() {
            socket.set_only_v6(false)?;
        }
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        TcpListener::from_std(socket.into())
    };
    match listen(address) {
        Err(error) if address.is_ipv6() && address.ip().is_unspecified() => {
            if error.kind() == io::ErrorKind::AddrInUse {
                return Err(error);
            }
            debug!("no IPv6 here: {error}");
            listen((Ipv4Addr::UNSPECIFIED, address.port()).into())
        }
        listened => listened,
    }
}

/// Listens until the board closes, then sees everybody out.
async fn run(shared: Arc<Shared>, door: Arc<Door>, listeners: Vec<TcpListener>) {
    let mut loops = JoinSet::new();
    for listener in listeners {
        loops.spawn(accept(Arc::clone(&shared), Arc::clone(&door), listener));
    }
    let mut all_left = async || while loops.join_next().await.is_some() {};
    shared.closing.cancelled().await;
    if timeout(shared.timers.drain, all_left()).await.is_err() {
        shared.cut.cancel();
        all_left().await;
    }
}

/// Accepts at one socket until the board closes, then waits for its callers.
async fn accept(shared: Arc<Shared>, door: Arc<Door>, listener: TcpListener) {
    let mut callers = JoinSet::new();
    loop {
        tokio::select! {
            () = shared.closing.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => admit(&shared, &door, &mut callers, stream, peer),
                Err(error) => {
                    // Without descriptors every accept fails until somebody
                    // leaves; the kernel keeps the callers meanwhile.
                    warn!("cannot accept: {error}");
                    sleep(shared.timers.accept_pause).await;
                }
            },
            Some(left) = callers.join_next() => report(left),
        }
    }
    drop(listener);
    while let Some(left) = callers.join_next().await {
        report(left);
    }
}

/// Gives a new connection a task of its own, or closes it.
fn admit(
    shared: &Arc<Shared>,
    door: &Arc<Door>,
    callers: &mut JoinSet<()>,
    stream: TcpStream,
    peer: SocketAddr,
) {
    let limits = shared.board.door_limits();
    let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
    if !shared.board.admits(peer.ip()) {
        debug!("a connection is closed by an access rule");
        return;
    }
    let Some(waiting) = door.arrive(peer.ip(), &limits) else {
        debug!("a connection too many of one source is closed");
        return;
    };
    let shared = Arc::clone(shared);
    callers.spawn(async move {
        let turn = waiting.enter(&limits, shared.timers.line);
        let place = tokio::select! {
            place = turn => place,
            () = shared.closing.cancelled() => None,
        };
        if let Some(place) = place {
            connection::serve(shared, stream, peer, place, limits.grace).await;
        }
    });
}

/// Logs a connection's task that failed; the others go on.
fn report(left: Result<(), JoinError>) {
    if let Err(failure) = left {
        error!("a connection failed: {failure}");
    }
}
