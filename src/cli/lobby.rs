//! What stands behind the SSH server: it brings a caller from the door to their
//! first screen, and a command to the one who carries it out. It decides
//! nothing that a use case decides.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use tokio_util::sync::CancellationToken;

use crate::{
    app::{
        self, Bbs,
        visit::{Tries, Visit},
    },
    domain::{actor::Actor, door::DoorName, id::SessionId, key::VerifiedKey, source::Source, text},
    ssh::{Board, BoxFuture, Caller, DoorLimits, KeyStanding, Parting, Reply, Stdin},
    tui::{
        Scratch, driver,
        line::{Line, Terminal},
        route, say,
        session::Parts,
    },
    words,
};

/// The longest description of a client that is shown to others.
const CLIENT: usize = 64;

/// The board, as SSH sees it.
#[derive(Debug)]
pub(super) struct Lobby {
    bbs: Arc<Bbs>,
    scratch: Arc<Scratch>,
    /// Sessions so far: the next one's number.
    sessions: AtomicU64,
}

impl Lobby {
    /// Opens the lobby of a board.
    pub(super) fn new(bbs: Arc<Bbs>) -> Self {
        Self {
            bbs,
            scratch: Arc::default(),
            sessions: AtomicU64::new(1),
        }
    }

    fn visit(&self, caller: Caller, terminal: &Terminal, end: CancellationToken) -> Visit {
        let address = caller.peer.ip();
        let is_exempt = self.bbs.settings().door_exempt.contains(address);
        Visit {
            session: SessionId(self.sessions.fetch_add(1, Ordering::Relaxed)),
            source: (!is_exempt).then(|| Source::of(address)),
            door: caller.name,
            key: caller.proven,
            client: text::Line::cut(&format!("{}, {}", caller.client, terminal.term), CLIENT),
            began: self.bbs.clock().tick(),
            end,
            tries: Tries::default(),
        }
    }

    async fn shell(&self, caller: Caller, line: Line) -> Parting {
        // A session that is ended still says why; a line that is gone can't.
        let visit = Arc::new(self.visit(caller, &line.terminal, line.closed.child_token()));
        let refused = |sentence: String| Parting {
            text: format!("{sentence}\n"),
            exit: 1,
        };
        let (actor, first) = match route::begin(&self.bbs, &visit).await {
            Ok(beginning) => beginning,
            Err(stop) => return refused(say::sentence(&stop)),
        };
        let entered = self
            .bbs
            .hub()
            .enter(&visit, actor.clone(), &self.bbs.settings());
        let on_line = match entered {
            Ok(on_line) => on_line,
            Err(refusal) => return refused(words::refusal(&refusal)),
        };
        let parts = Parts {
            bbs: Arc::clone(&self.bbs),
            visit,
            actor,
            scratch: Arc::clone(&self.scratch),
            terminal: line.terminal.clone(),
            size: *line.size.borrow(),
        };
        let text = driver::run(parts, first, line).await;
        drop(on_line);
        Parting { text, exit: 0 }
    }
}

impl Board for Lobby {
    fn door_limits(&self) -> DoorLimits {
        DoorLimits::from(self.bbs.settings().as_ref())
    }

    fn names_account<'a>(&'a self, name: &'a DoorName) -> BoxFuture<'a, bool> {
        // Without an answer a name is nobody's: any proven key then decides.
        Box::pin(async { self.bbs.names_account(name).await.unwrap_or(false) })
    }

    fn key_standing<'a>(
        &'a self,
        name: &'a DoorName,
        key: &'a VerifiedKey,
    ) -> BoxFuture<'a, KeyStanding> {
        Box::pin(async {
            match self.bbs.key_standing(name, key).await {
                Ok(app::door::KeyStanding::Theirs) => KeyStanding::Theirs,
                Ok(app::door::KeyStanding::SomebodyElses) => KeyStanding::SomebodyElses,
                // The fault is logged, and shows again on the first screen.
                Ok(app::door::KeyStanding::Unknown) | Err(_) => KeyStanding::Unknown,
            }
        })
    }

    fn shell(self: Arc<Self>, caller: Caller, line: Line) -> BoxFuture<'static, Parting> {
        Box::pin(async move { Self::shell(&self, caller, line).await })
    }

    fn exec(
        self: Arc<Self>,
        _caller: Caller,
        _command: String,
        _stdin: Stdin,
    ) -> BoxFuture<'static, Reply> {
        Box::pin(async {
            Reply {
                stderr: words::door::speechless(),
                exit: 2,
                ..Reply::default()
            }
        })
    }
}
