//! One connection from its first byte to its last: grace, then a shell or a
//! command, then a clean end, and the kill switch when that fails. What is said
//! in between is the board's.

use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use russh::server::{Config, RunningSession, run_stream};
use tokio::{
    net::TcpStream,
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing::{debug, error};

use super::{
    Board, Caller, Parting, Reply,
    config::Timers,
    door::Place,
    exec::{Newline, Stdin},
    flow::Flow,
    guard::{self, Guard},
    handler::{Call, Callbacks, Grant},
    pump::{Pump, Stalled},
};
use crate::{
    term::image::LEAVE,
    tui::line::{Frame, Line},
    words,
};

/// Parts of an answer that wait for a reader: a slow one slows the command.
const PARTS: usize = 4;

/// What every connection shares.
pub(super) struct Shared {
    pub(super) config: Arc<Config>,
    pub(super) board: Arc<dyn Board>,
    pub(super) timers: Arc<Timers>,
    /// Cancelled when the board closes: say goodbye.
    pub(super) closing: CancellationToken,
    /// Cancelled when goodbyes took too long: every socket ends.
    pub(super) cut: CancellationToken,
}

/// Speaks SSH with one client until it is gone.
pub(super) async fn serve(
    shared: Arc<Shared>,
    stream: TcpStream,
    peer: SocketAddr,
    place: Place,
    grace: Duration,
) {
    if let Err(error) = guard::tune(&stream) {
        debug!("a socket stays untuned: {error}");
    }
    let cut = shared.cut.child_token();
    // However this task ends, the socket ends with it.
    let _ends_with_us: DropGuard = cut.clone().drop_guard();
    let closed = shared.closing.child_token();
    let flow = Arc::new(Flow::default());
    let (grant, granted) = oneshot::channel();
    let callbacks = Callbacks::new(
        Arc::clone(&shared.board),
        Arc::clone(&shared.timers),
        peer,
        Arc::clone(&flow),
        closed.clone(),
        grant,
    );
    let stream = Guard::new(stream, cut.clone(), shared.timers.write_stall);
    // Boxed: the handshake is short, and this task lives as long as the caller.
    let opening = Box::pin(open(&shared, stream, callbacks, granted, grace));
    let opened = tokio::select! {
        opened = opening => opened,
        () = place.is_wanted() => None,
    };
    let Some((session, granted)) = opened else {
        return;
    };
    place.settle();
    // A caller with a session is counted by the board; one who is sent away, or
    // proved nothing and runs a command, is counted here until the end.
    let is_counted_there = match granted.call {
        Call::Shell { .. } => true,
        Call::Command { .. } => {
            granted.caller.proven.is_some() || granted.caller.certified.is_some()
        }
        Call::Speechless(_) => false,
    };
    let _place = (!is_counted_there).then_some(place);
    let pump = Pump {
        handle: session.handle(),
        channel: granted.channel,
        flow,
        patience: shared.timers.output_stall,
    };
    let mut call = Ongoing {
        shared,
        session,
        pump,
        closed,
        is_gone: false,
    };
    match granted.call {
        Call::Shell { line, output } => call.shell(granted.caller, line, output).await,
        Call::Command {
            command,
            stdin,
            newline,
        } => {
            // Boxed: commands are short, shells are long.
            Box::pin(call.command(granted.caller, command, stdin, newline)).await;
        }
        Call::Speechless(newline) => {
            let reply = Reply {
                stderr: words::door::speechless(),
                exit: 2,
                ..Reply::default()
            };
            Box::pin(call.answer(reply, newline)).await;
        }
    }
    Box::pin(call.end(&cut)).await;
}

/// Waits for a shell or a command to be granted, for the grace time at most.
async fn open(
    shared: &Shared,
    stream: Guard<TcpStream>,
    callbacks: Callbacks,
    granted: oneshot::Receiver<Grant>,
    grace: Duration,
) -> Option<(RunningSession<Callbacks>, Grant)> {
    let opened = async {
        let config = Arc::clone(&shared.config);
        let mut session = run_stream(config, stream, callbacks)
            .await
            .inspect_err(|error| debug!("no SSH: {error}"))
            .ok()?;
        tokio::select! {
            granted = granted => Some((session, granted.ok()?)),
            ended = &mut session => {
                debug!("gone before a session began: {ended:?}");
                None
            }
        }
    };
    tokio::select! {
        opened = opened => opened,
        () = sleep(grace) => None,
        () = shared.closing.cancelled() => None,
    }
}

/// A connection with a granted call.
struct Ongoing {
    shared: Arc<Shared>,
    session: RunningSession<Callbacks>,
    pump: Pump,
    closed: CancellationToken,
    /// The SSH session is over and must not be asked again.
    is_gone: bool,
}

impl Ongoing {
    /// Carries a shell to its end.
    async fn shell(&mut self, caller: Caller, line: Line, mut output: mpsc::Receiver<Frame>) {
        let board = Arc::clone(&self.shared.board);
        // A task of its own: its panic is its own, too.
        let mut shell = tokio::spawn(board.shell(caller, line));
        let shown = tokio::select! {
            shown = self.pump.show(&mut output) => shown,
            ended = &mut self.session => {
                debug!("the line was lost: {ended:?}");
                self.is_gone = true;
                Err(Stalled)
            }
        };
        drop(output);
        if shown.is_err() {
            self.closed.cancel();
        }
        let parting = self.outcome(&mut shell).await;
        if shown.is_err() {
            return;
        }
        let (last, exit) = match parting {
            Some(Parting { text, exit }) => (Newline::CrLf.end(text), exit),
            // It could not leave the screen as it found it.
            None => (
                [LEAVE, &Newline::CrLf.end(words::door::crashed())].concat(),
                1,
            ),
        };
        self.say_and_end(last, Vec::new(), exit).await;
    }

    /// Carries a command to its end. One that goes on is ended by its reader and
    /// by the board; all others by the clock as well.
    async fn command(&mut self, caller: Caller, command: String, stdin: Stdin, newline: Newline) {
        let board = Arc::clone(&self.shared.board);
        let (live, mut parts) = mpsc::channel(PARTS);
        let mut running = tokio::spawn(board.exec(caller, command, stdin, live));
        let mut deadline = pin!(sleep(self.shared.timers.command));
        let mut is_live = false;
        let reply = loop {
            tokio::select! {
                // What it said before it ended comes first.
                biased;
                Some(part) = parts.recv() => {
                    is_live = true;
                    if !self.say(newline.end(part)).await {
                        running.abort();
                        return;
                    }
                }
                reply = &mut running => break reply.unwrap_or_else(|panic| {
                    error!("a command failed: {panic}");
                    self.shared.board.broke_down();
                    Reply { stderr: words::door::crashed(), exit: 1, ..Reply::default() }
                }),
                () = self.closed.cancelled(), if is_live => {
                    running.abort();
                    break Reply::default();
                }
                () = &mut deadline, if !is_live => {
                    running.abort();
                    break Reply { stderr: words::door::too_slow(), exit: 7, ..Reply::default() };
                }
                ended = &mut self.session => {
                    debug!("the line was lost: {ended:?}");
                    self.is_gone = true;
                    running.abort();
                    return;
                }
            }
        };
        self.answer(reply, newline).await;
    }

    /// Sends a part of what a command says; tells whether it was taken.
    async fn say(&mut self, part: Vec<u8>) -> bool {
        tokio::select! {
            said = self.pump.write(part) => said.is_ok(),
            _ = &mut self.session => {
                self.is_gone = true;
                false
            }
        }
    }

    /// Sends what a command said.
    async fn answer(&mut self, reply: Reply, newline: Newline) {
        let (stdout, stderr) = (newline.end(reply.stdout), newline.end(reply.stderr));
        self.say_and_end(stdout, stderr, reply.exit).await;
    }

    /// Sends the last words and ends the channel, unless the line is lost first.
    async fn say_and_end(&mut self, stdout: Vec<u8>, stderr: Vec<u8>, exit: u32) {
        let said = async {
            self.pump.write(stdout).await?;
            self.pump.note(stderr).await?;
            self.pump.end(exit).await
        };
        tokio::select! {
            said = said => if let Err(stalled) = said {
                debug!("the last words did not arrive: {stalled}");
            },
            _ = &mut self.session => self.is_gone = true,
        }
    }

    /// Waits for a shell that was told to end, or has let go of its line.
    async fn outcome(&self, shell: &mut JoinHandle<Parting>) -> Option<Parting> {
        match timeout(self.shared.timers.drain, &mut *shell).await {
            Ok(Ok(parting)) => Some(parting),
            Ok(Err(panic)) => {
                error!("a session failed: {panic}");
                self.shared.board.broke_down();
                None
            }
            Err(_) => {
                error!("a session did not end when told to");
                shell.abort();
                None
            }
        }
    }

    /// Waits for the client to leave, then tells it to, then ends the socket.
    async fn end(mut self, cut: &CancellationToken) {
        self.closed.cancel();
        let patience = self.shared.timers.hang_up;
        if self.left_within(patience).await {
            return;
        }
        let told = timeout(patience, self.pump.hang_up()).await;
        if matches!(told, Ok(Ok(()))) && self.left_within(patience).await {
            return;
        }
        cut.cancel();
        // A callback that waits for a session may take its time once more.
        if !self
            .left_within(self.shared.timers.input_stall + patience)
            .await
        {
            error!("a connection outlived its socket");
        }
    }

    /// Tells whether the SSH session ended in time.
    async fn left_within(&mut self, patience: Duration) -> bool {
        self.is_gone = self.is_gone || timeout(patience, &mut self.session).await.is_ok();
        self.is_gone
    }
}
