//! The server as a process: started, watched through `/proc`, stopped.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::AsyncReadExt as _,
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

use crate::Result;

/// How long a server may take to say its first word, or to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server that runs; killed when dropped.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts the server on the board in `data` and waits for its first word;
    /// tells how long that took.
    pub(crate) async fn start(data: &Path) -> Result<(Self, Duration)> {
        let address = free_address()?;
        let began = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_ringdown"))
            .args(["serve", "--log", "warn", "--listen", &address.to_string()])
            .arg("--data")
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()?;
        let server = Self { child, address };
        timeout(PATIENCE, first_word(address))
            .await
            .map_err(|_| "the server does not start")?;
        Ok((server, began.elapsed()))
    }

    /// Returns the time its threads have had, to the nanosecond.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let mut spent = Duration::ZERO;
        for thread in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let text = fs::read_to_string(thread?.path().join("schedstat"))?;
            let nanos = text.split(' ').next().ok_or("an empty schedstat")?;
            spent += Duration::from_nanos(nanos.parse()?);
        }
        Ok(spent)
    }

    /// Returns its resident memory in KiB.
    pub(crate) fn resident(&self) -> Result<u32> {
        let text = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id()))?;
        let line = text.lines().find_map(|line| line.strip_prefix("Rss:"));
        let kib = line.and_then(|rest| rest.trim().strip_suffix(" kB"));
        Ok(kib.ok_or("no Rss in smaps_rollup")?.trim().parse()?)
    }

    /// Stops it as an operator would.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::TERM)?;
        let stopped = async {
            while self.child.try_wait()?.is_none() {
                sleep(Duration::from_millis(5)).await;
            }
            Ok(())
        };
        timeout(PATIENCE, stopped)
            .await
            .map_err(|_| "the server does not stop")?
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have stopped already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Waits until the server at that address greets.
pub(crate) async fn first_word(address: SocketAddr) {
    let mut word = [0; 8];
    loop {
        if let Ok(mut stream) = TcpStream::connect(address).await
            && stream.read_exact(&mut word).await.is_ok()
        {
            return;
        }
        sleep(Duration::from_micros(500)).await;
    }
}

/// Returns an address on which nobody listens.
pub(crate) fn free_address() -> Result<SocketAddr> {
    let socket = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(socket.local_addr()?)
}
