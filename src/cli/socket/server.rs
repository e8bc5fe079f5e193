//! The serving end: takes one command a connection from this machine's
//! operator, and nobody else.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use rustix::process::geteuid;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{UnixListener, UnixStream, unix::WriteHalf},
    sync::mpsc,
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::{LONGEST_INPUT, LONGEST_REQUEST, Reply, Request, remove, settle};
use crate::command::{Ears, Output};

/// Commands at a time; another waits in the kernel until one is done.
const COMMANDS: usize = 16;

/// Parts of an answer that wait for a reader: a slow one slows the command.
const PARTS: usize = 4;

/// How long a request or an answer may take on its way.
const CARRIAGE: Duration = Duration::from_secs(5);

/// The pause after an accept that failed, as it does without descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// Who runs the commands.
pub(in crate::cli) trait Operator: Send + Sync + 'static {
    /// Runs one command for a user of this machine. One that goes on says what
    /// is new to `ears`, until the other side is dropped.
    fn run(&self, uid: u32, request: Request, ears: Ears) -> impl Future<Output = Output> + Send;
}

/// The socket, listening.
#[derive(Debug)]
pub(in crate::cli) struct Server {
    closing: CancellationToken,
    running: JoinHandle<()>,
    path: PathBuf,
}

impl Server {
    /// Listens in `data`, or in `runtime` if the path there is too long. Only
    /// the process that has the board's lock may call this: it clears away what
    /// a killed one left behind.
    pub(in crate::cli) fn start(
        data: &Path,
        runtime: &Path,
        operator: Arc<impl Operator>,
    ) -> io::Result<Self> {
        let path = settle(data, runtime)?;
        remove(&path)?;
        let listener = UnixListener::bind(&path)?;
        // The umask has seen to it already, unless a test has another.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        let closing = CancellationToken::new();
        let running = tokio::spawn(listen(listener, operator, closing.clone()));
        Ok(Self {
            closing,
            running,
            path,
        })
    }

    /// Takes no more commands and waits for those that run.
    pub(in crate::cli) async fn stop(self) {
        self.closing.cancel();
        if let Err(error) = self.running.await {
            warn!("the control socket failed: {error}");
        }
        if let Err(error) = remove(&self.path) {
            warn!("the control socket's file stays: {error}");
        }
    }
}

async fn listen(listener: UnixListener, operator: Arc<impl Operator>, closing: CancellationToken) {
    let mut commands = JoinSet::new();
    loop {
        tokio::select! {
            () = closing.cancelled() => break,
            accepted = listener.accept(), if commands.len() < COMMANDS => match accepted {
                Ok((stream, _)) => {
                    commands.spawn(converse(stream, Arc::clone(&operator), closing.clone()));
                }
                Err(error) => {
                    warn!("cannot accept a command: {error}");
                    sleep(PAUSE).await;
                }
            },
            Some(done) = commands.join_next() => report(done),
        }
    }
    drop(listener);
    while let Some(done) = commands.join_next().await {
        report(done);
    }
}

/// Logs a conversation that failed; the others go on.
fn report(done: Result<io::Result<()>, tokio::task::JoinError>) {
    match done {
        Ok(Ok(())) => {}
        Ok(Err(error)) => debug!("a command was not carried through: {error}"),
        Err(error) => warn!("a command failed: {error}"),
    }
}

async fn converse(
    mut stream: UnixStream,
    operator: Arc<impl Operator>,
    closing: CancellationToken,
) -> io::Result<()> {
    let uid = stream.peer_cred()?.uid();
    // The socket's mode says so already; a copied file or a lax umask may not.
    if uid != 0 && uid != geteuid().as_raw() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let request = timeout(CARRIAGE, receive(&mut stream)).await??;
    let (mut from, mut to) = stream.split();
    let (live, mut parts) = mpsc::channel(PARTS);
    let (progress, mut steps) = mpsc::channel(PARTS);
    let ears = Ears {
        live: Some(live),
        progress: Some(progress),
    };
    let mut running = pin!(operator.run(uid, request, ears));
    let mut is_live = false;
    let output = loop {
        tokio::select! {
            // What it said before it ended comes first.
            biased;
            Some(part) = parts.recv() => {
                is_live = true;
                timeout(CARRIAGE, send(&mut to, &Reply::Out(part))).await??;
            }
            Some(step) = steps.recv() => {
                timeout(CARRIAGE, send(&mut to, &Reply::Progress(step))).await??;
            }
            output = &mut running => break output,
            // Nothing more is asked, so it is the end: nobody is there.
            _ = from.read_u8(), if is_live => return Ok(()),
            () = closing.cancelled(), if is_live => break Output::silence(),
        }
    };
    timeout(CARRIAGE, answer(&mut to, output)).await?
}

async fn receive(stream: &mut UnixStream) -> io::Result<Request> {
    let mut line = Vec::new();
    BufReader::new(stream.take(LONGEST_REQUEST))
        .read_until(b'\n', &mut line)
        .await?;
    let request: Request = serde_json::from_slice(&line)?;
    if request
        .stdin
        .as_ref()
        .is_some_and(|text| text.len() > LONGEST_INPUT)
    {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(request)
}

async fn answer(to: &mut WriteHalf<'_>, output: Output) -> io::Result<()> {
    let replies = [
        Reply::Out(output.stdout),
        Reply::Err(output.stderr),
        Reply::Exit(output.exit.code()),
    ];
    for reply in &replies {
        send(to, reply).await?;
    }
    to.shutdown().await
}

async fn send(to: &mut WriteHalf<'_>, reply: &Reply) -> io::Result<()> {
    let mut line = serde_json::to_vec(reply)?;
    line.push(b'\n');
    to.write_all(&line).await
}
