//! `ringdown serve`: a board from its start to its end. What it does for
//! callers is behind the lobby.

use std::{
    io::{self, IsTerminal as _},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::JoinHandle,
    time::{Instant, interval_at},
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{
    banner::{Banner, ClaimFrame},
    board::{self, Board},
    data,
    lobby::Lobby,
    log::Log,
    mail, notify,
    operator::Console,
    process,
    reload::Reload,
    socket,
    stop::Stop,
};
use crate::{
    app::Bbs,
    config::Config,
    domain::{clock::SystemClock, entropy::OsEntropy},
    ssh::{self, Listeners, Server, Setup, Timers},
    store::Create,
    words::start,
};

/// How often a board that nobody runs prints a new claim line.
const CLAIM_EVERY: Duration = Duration::from_hours(24);

/// Serves the board until it is told to stop.
pub(super) async fn serve(config: &Config, log: &Log) -> Result<(), Stop> {
    let mut signals = Signals::listen().map_err(|error| Stop::fault(error.to_string()))?;
    if process::is_root() {
        tell(io::stderr(), &start::running_as_root());
    }
    let directory = &config.data.value;
    data::make(directory).map_err(|error| Stop::data(directory, &error))?;
    // A board that is served writes letters: this is the time to say that none
    // would leave.
    mail::mailer(config)?;
    if let Some(complaint) = notify::complaint(config) {
        tell(io::stderr(), &complaint);
    }
    let lock = board::take(config).await?;
    // Before any file is made, and while callers would still wait for a moment.
    let listeners = Listeners::bind(&config.listen.value)?;
    let port = listeners.addresses().first().map_or(0, SocketAddr::port);
    let mut reload =
        Reload::listen(config, log, port).map_err(|error| Stop::fault(error.to_string()))?;
    let board = board::open(config, lock, Create::IfMissing, port).await?;
    let lobby = Arc::new(Lobby::new(Arc::clone(&board.bbs)));
    let service = Service::start(config, &board, listeners, lobby)?;
    welcome(config, &board, &service.server);
    until_told(&mut signals, &mut reload, &board.bbs).await;
    service.end(&mut signals).await;
    Ok(())
}

/// A board that is served: callers, the operator's commands and the jobs.
pub(super) struct Service {
    bbs: Arc<Bbs>,
    server: Server,
    control: socket::Server,
    jobs: JoinHandle<()>,
    post: JoinHandle<()>,
    stop_jobs: CancellationToken,
}

impl Service {
    /// Serves `board` to callers who come in through `door`.
    pub(super) fn start(
        config: &Config,
        board: &Board,
        listeners: Listeners,
        door: Arc<dyn ssh::Board>,
    ) -> Result<Self, Stop> {
        let bbs = Arc::clone(&board.bbs);
        make_room(&bbs);
        let console = Arc::new(Console::new(Arc::clone(&bbs)));
        let control = socket::Server::start(&config.data.value, &config.runtime, console)
            .map_err(|error| Stop::fault(start::no_control_socket(&error.to_string())))?;
        let setup = Setup {
            listeners,
            host_key: board.host_key.clone(),
            timers: Timers::default(),
            clock: Arc::new(SystemClock::start()),
            entropy: Arc::new(OsEntropy),
        };
        let server = Server::start(setup, door);
        let stop_jobs = CancellationToken::new();
        let jobs = tokio::spawn(Arc::clone(&bbs).run_jobs(stop_jobs.clone()));
        let post = tokio::spawn(Arc::clone(&bbs).run_post(stop_jobs.clone()));
        info!("serving on {:?}", server.addresses());
        Ok(Self {
            bbs,
            server,
            control,
            jobs,
            post,
            stop_jobs,
        })
    }

    /// Ends it: everybody may say goodbye, and what is written stays.
    pub(super) async fn end(self, signals: &mut Signals) {
        info!("closing: no new callers, and everybody may say goodbye");
        self.bbs.hub().close_down();
        tokio::join!(see_out(self.server, signals), self.control.stop());
        self.stop_jobs.cancel();
        for (name, task) in [("jobs", self.jobs), ("post", self.post)] {
            if let Err(error) = task.await {
                warn!("the {name} failed: {error}");
            }
        }
        self.bbs.close().await;
        info!("closed");
    }
}

/// Lets everybody say goodbye, unless a second signal comes.
async fn see_out(mut server: Server, signals: &mut Signals) {
    server.drain();
    tokio::select! {
        () = server.ended() => return,
        () = signals.next() => {}
    }
    info!("closing now");
    server.cut();
    server.ended().await;
}

/// Says what an operator wants to know first.
fn welcome(config: &Config, board: &Board, server: &Server) {
    let address = board.bbs.address();
    let banner = Banner {
        data: &config.data.value,
        listening: server.addresses(),
        address: &address,
        host_key: &board.host_key,
    };
    tell(io::stdout(), &banner.to_string());
    if board.host_key_is_new {
        tell(io::stderr(), &start::host_key_is_new(&address.known_host()));
    }
}

/// Raises the limit of open files to what the sessions need.
fn make_room(bbs: &Bbs) {
    let wanted = bbs.settings().sessions_max;
    let allowed = process::make_room_for(wanted);
    if allowed < wanted {
        bbs.hub().limit_sessions(allowed);
        tell(io::stderr(), &start::fewer_sessions(allowed, wanted));
    }
}

/// Waits for the first signal to stop. Meanwhile it reads the configuration
/// anew when it is told to, and prints a claim line, now and every
/// day, while nobody runs the board.
async fn until_told(signals: &mut Signals, reload: &mut Reload<'_>, bbs: &Bbs) {
    let mut claims = interval_at(Instant::now(), CLAIM_EVERY);
    loop {
        tokio::select! {
            () = signals.next() => return,
            () = reload.wished(), if !signals.have_hangup() => reload.read(bbs).await,
            _ = claims.tick() => {
                // Otherwise somebody runs the board, or a fault is in the log.
                if let Ok(Some(line)) = bbs.mint_claim().await {
                    tell(io::stdout(), &ClaimFrame(line.expose()).to_string());
                }
            }
        }
    }
}

/// Writes what the operator should see; that nobody looks is no fault.
pub(super) fn tell(mut to: impl io::Write, text: &str) {
    writeln!(to, "{}", text.trim_end()).ok();
}

/// The ways of telling a board to stop.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    /// Where it runs at somebody's terminal and that is closed.
    hangup: Option<Signal>,
}

impl Signals {
    /// Listens for them from now on.
    pub(super) fn listen() -> io::Result<Self> {
        let is_at_a_terminal = io::stderr().is_terminal();
        let hangup = is_at_a_terminal.then(|| signal(SignalKind::hangup()));
        Ok(Self {
            hangup: hangup.transpose()?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next one.
    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            Some(()) = async { self.hangup.as_mut()?.recv().await } => {}
        }
    }

    /// Whether a hangup is one of them, and no wish for another configuration.
    const fn have_hangup(&self) -> bool {
        self.hangup.is_some()
    }
}
