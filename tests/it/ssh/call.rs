//! A call: what the caller's terminal shows, what they type, and how it ends.

use std::{
    io::{Read as _, Write as _},
    num::NonZero,
    process::{Child, Command},
    sync::Arc,
    thread,
    time::Duration,
};

use pty_process::blocking::Pty;
use rustix::process::{Pid, Signal, kill_process};
use tokio::{sync::mpsc, time::timeout};

use super::line::{Deed, Wire};

/// How long anything that must happen may take: far more than it does.
const PATIENCE: Duration = Duration::from_secs(30);

/// Columns and rows of the usual terminal.
pub(crate) const USUAL: (u16, u16) = (80, 24);

/// Waits for what must happen.
pub(crate) async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future)
        .await
        .unwrap_or_else(|_| panic!("waited in vain for {what}"))
}

/// Somebody at a terminal.
pub(crate) struct Call {
    /// A terminal with some lines above, as everybody's has.
    eye: vt100::Parser,
    bytes: Vec<u8>,
    heard: mpsc::Receiver<Vec<u8>>,
    far: Far,
}

/// What is at the other end of the caller's hands.
enum Far {
    Program { pty: Arc<Pty>, child: Child },
    Wire(Wire),
}

/// What was left when a call had ended.
pub(crate) struct Ended {
    /// The exit status of the client.
    pub(crate) exit: Option<i32>,
    /// Everything the terminal was sent.
    pub(crate) bytes: Vec<u8>,
    eye: vt100::Parser,
}

impl Call {
    /// Runs a client on a pseudo-terminal of the usual size.
    pub(crate) fn on_terminal(client: Command) -> Self {
        Self::on_terminal_of(USUAL, client)
    }

    /// Runs a client on a pseudo-terminal of that size.
    pub(crate) fn on_terminal_of(size: (u16, u16), client: Command) -> Self {
        let (pty, pts) = pty_process::blocking::open().unwrap();
        let (columns, rows) = size;
        pty.resize(pty_process::Size::new(rows, columns)).unwrap();
        let child = pty_process::blocking::Command::from(client)
            .spawn(pts)
            .unwrap();
        let pty = Arc::new(pty);
        let (sender, heard) = mpsc::channel(64);
        let from = Arc::clone(&pty);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // An error is how a pseudo-terminal ends.
            while let Ok(length @ 1..) = (&*from).read(&mut bytes) {
                if sender.blocking_send(bytes[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self::new(size, heard, Far::Program { pty, child })
    }

    /// Sits before a terminal of that size at the end of a wire.
    pub(crate) fn on_wire(size: (u16, u16), heard: mpsc::Receiver<Vec<u8>>, wire: Wire) -> Self {
        Self::new(size, heard, Far::Wire(wire))
    }

    fn new(size: (u16, u16), heard: mpsc::Receiver<Vec<u8>>, far: Far) -> Self {
        let (columns, rows) = cells(size);
        Self {
            eye: vt100::Parser::new(rows, columns, 0),
            bytes: Vec::new(),
            heard,
            far,
        }
    }

    /// Makes the client stand still: it reads nothing and answers nothing.
    pub(crate) fn stalls(&self) {
        let Far::Program { child, .. } = &self.far else {
            panic!("there is no client to stop");
        };
        kill_process(Pid::from_child(child), Signal::STOP).unwrap();
    }

    /// Makes the window of the terminal another size.
    pub(crate) async fn resizes(&mut self, size: (u16, u16)) {
        match &self.far {
            Far::Program { pty, .. } => {
                pty.resize(pty_process::Size::new(size.1, size.0)).unwrap();
            }
            Far::Wire(wire) => {
                let deed = Deed::Resizes(u32::from(size.0), u32::from(size.1));
                wire.does(deed).await;
            }
        }
        let (columns, rows) = cells(size);
        // Whoever moves a window for long reads meanwhile, or both ends would wait.
        while let Ok(bytes) = self.heard.try_recv() {
            self.take(&bytes);
        }
        self.eye.screen_mut().set_size(rows, columns);
    }

    /// Types bytes.
    pub(crate) async fn types(&mut self, keys: impl AsRef<[u8]>) {
        match &self.far {
            Far::Program { pty, .. } => (&**pty).write_all(keys.as_ref()).unwrap(),
            Far::Wire(wire) => wire.types(keys.as_ref()).await,
        }
    }

    /// Waits until the terminal shows `text`.
    pub(crate) async fn until(&mut self, text: &str) {
        self.until_any(&[text]).await;
    }

    /// Waits until the terminal shows one of the texts, and returns which.
    pub(crate) async fn until_any<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        match self.first_of(texts).await {
            Some(found) => found,
            None => panic!("the call ended without {texts:?}:\n{}", self.text()),
        }
    }

    /// Waits until the terminal shows `text`, or the call has ended without.
    pub(crate) async fn sees(&mut self, text: &str) -> bool {
        self.first_of(&[text]).await.is_some()
    }

    async fn first_of<'t>(&mut self, texts: &[&'t str]) -> Option<&'t str> {
        let shown = timeout(PATIENCE, async {
            loop {
                let screen = self.text();
                if let Some(found) = texts.iter().find(|text| screen.contains(**text)) {
                    return Some(*found);
                }
                let bytes = self.heard.recv().await?;
                self.take(&bytes);
            }
        });
        match shown.await {
            Ok(found) => found,
            Err(late) => panic!("no {texts:?}, {late}:\n{}", self.text()),
        }
    }

    /// Waits until the terminal no longer shows `text`.
    pub(crate) async fn until_gone(&mut self, text: &str) {
        while self.text().contains(text) {
            self.hears().await;
        }
    }

    /// Waits for the next bytes.
    pub(crate) async fn hears(&mut self) {
        let heard = in_time("something new", self.heard.recv()).await;
        self.take(&heard.expect("the call goes on"));
    }

    /// Waits until the call has ended by itself.
    pub(crate) async fn ended(mut self) -> Ended {
        let ended = timeout(PATIENCE, async {
            while let Some(bytes) = self.heard.recv().await {
                self.take(&bytes);
            }
        });
        assert!(ended.await.is_ok(), "the call goes on:\n{}", self.text());
        let exit = match &mut self.far {
            Far::Program { child, .. } => child.wait().unwrap().code(),
            Far::Wire(wire) => wire.exit().await,
        };
        Ended {
            exit,
            bytes: std::mem::take(&mut self.bytes),
            eye: std::mem::take(&mut self.eye),
        }
    }

    /// What the terminal shows.
    pub(crate) fn text(&self) -> String {
        shown(&self.eye)
    }

    fn take(&mut self, bytes: &[u8]) {
        self.eye.process(bytes);
        self.bytes.extend_from_slice(bytes);
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if let Far::Program { child, .. } = &mut self.far {
            // It may have ended already.
            child.kill().ok();
            child.wait().ok();
        }
    }
}

impl Ended {
    /// What the terminal shows in the end.
    pub(crate) fn text(&self) -> String {
        shown(&self.eye)
    }

    /// Fails unless the terminal is as it was before the call.
    pub(crate) fn assert_restored(&self) {
        let screen = self.eye.screen();
        let left = [
            ("the other screen", screen.alternate_screen()),
            ("no cursor", screen.hide_cursor()),
            ("paste in brackets", screen.bracketed_paste()),
            ("no wrapping", !self.wraps()),
            (
                "colours",
                screen.attributes_formatted().len() > b"\x1b[m".len(),
            ),
        ];
        let left: Vec<_> = left.iter().filter(|(_, is_left)| *is_left).collect();
        assert!(left.is_empty(), "left behind: {left:?}\n{}", self.text());
    }

    /// Whether lines wrap again, which the eye does not follow.
    fn wraps(&self) -> bool {
        let last = |sequence: &[u8]| {
            let mut windows = self.bytes.windows(sequence.len());
            windows.rposition(|window| window == sequence)
        };
        last(b"\x1b[?7h") >= last(b"\x1b[?7l")
    }
}

/// Columns and rows as the eye wants them.
fn cells((columns, rows): (u16, u16)) -> (NonZero<u16>, NonZero<u16>) {
    (NonZero::new(columns).unwrap(), NonZero::new(rows).unwrap())
}

fn shown(eye: &vt100::Parser) -> String {
    let screen = eye.screen();
    let (_, width) = screen.size();
    let rows: Vec<_> = screen
        .rows(0, width.get())
        .map(|row| row.trim_end().to_owned())
        .collect();
    rows.join("\n")
}
