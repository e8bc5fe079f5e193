//! What stands behind the SSH server: it brings a caller from the door to their
//! first screen, and a command to the one who carries it out. It decides
//! nothing that a use case decides.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{
        self, Bbs,
        door::Arrival,
        login::Login,
        visit::{Tries, Visit},
    },
    command::{self, Ears, Exit, Input, Live, Order, Output},
    domain::{
        account::Status,
        actor::Actor,
        certificate::{Certified, Presented},
        door::DoorName,
        event::Event,
        id::SessionId,
        key::VerifiedKey,
        refusal::Refusal,
        source::Source,
        text,
    },
    ssh::{
        Board, BoxFuture, Caller, DoorLimits, KeyStanding, LONGEST_INPUT, Parting, Reply, Stdin,
    },
    tui::{
        Scratch, driver,
        line::{Line, Size},
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

    /// Makes a visit of a caller on a terminal of that size, if they have one.
    fn visit(&self, caller: Caller, size: Option<Size>, end: CancellationToken) -> Visit {
        let address = caller.peer.ip();
        let is_exempt = self.bbs.settings().door_exempt.contains(address);
        Visit {
            session: SessionId(self.sessions.fetch_add(1, Ordering::Relaxed)),
            address,
            source: (!is_exempt).then(|| Source::of(address)),
            door: caller.name,
            key: caller.proven,
            certified: caller.certified,
            client: client(&caller.client, size),
            began: self.bbs.clock().tick(),
            end,
            tries: Tries::default(),
        }
    }

    async fn shell(&self, caller: Caller, line: Line) -> Parting {
        let (size, address) = (*line.size.borrow(), caller.peer.ip());
        // A session that is ended still says why; a line that is gone can't.
        let visit = Arc::new(self.visit(caller, Some(size), line.closed.child_token()));
        let session = visit.session;
        let refused = |sentence: String| Parting {
            text: format!("{sentence}\n"),
            exit: 1,
        };
        // A rule that was made since they knocked.
        if !self.bbs.admits(address) {
            return refused(words::session::line_closed().trim_end().to_owned());
        }
        let (actor, first) = match route::begin(&self.bbs, &visit).await {
            Ok(beginning) => beginning,
            Err(stop) => return refused(say::at_the_door(&stop)),
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
            size,
        };
        tracing::debug!(%session, peer = %address, "a session begins");
        let text = driver::run(parts, first, line).await;
        tracing::debug!(%session, "a session ended");
        drop(on_line);
        Parting { text, exit: 0 }
    }

    /// Carries out a command, or says why not; both are what the caller reads.
    async fn exec(
        &self,
        caller: Caller,
        command: &str,
        stdin: Stdin,
        live: Live,
    ) -> Result<Output, Output> {
        let order = command::parse_line(command)?;
        if !self.bbs.admits(caller.peer.ip()) {
            return Err(app::Stop::from(Refusal::NotAllowed).into());
        }
        let end = CancellationToken::new();
        let visit = Arc::new(self.visit(caller, None, end.clone()));
        // Before the account is read, so that no change of it falls in between.
        let events = self.bbs.hub().listen();
        let actor = self.who(&visit).await?;
        if actor == Actor::Guest {
            // Refused with words, before anything is read.
            return Ok(command::run(&self.bbs, &actor, order, None).await);
        }
        // A command is a session: it counts, shows, and ends with the account.
        let settings = self.bbs.settings();
        let entered = self.bbs.hub().enter(&visit, actor.clone(), &settings);
        let _on_line = entered.map_err(app::Stop::from)?;
        self.bbs.hub().is_at(visit.session, words::door::command());
        let style = order.style;
        tokio::select! {
            output = self.carry_out(&actor, order, stdin, live) => output,
            sentence = self.dismissed(&actor, events) => {
                Err(Output::failed(style, Exit::Refused, sentence))
            }
            () = end.cancelled() => Err(app::Stop::from(Refusal::NotAllowed).into()),
        }
    }

    /// Carries out a command until it ends or Ctrl-C is pressed.
    async fn carry_out(
        &self,
        actor: &Actor,
        order: Order,
        mut stdin: Stdin,
        live: Live,
    ) -> Result<Output, Output> {
        let input = read(&order, &mut stdin).await?;
        let ears = Ears {
            live: Some(live),
            progress: None,
        };
        tokio::select! {
            output = command::run_heard(&self.bbs, actor, order, input, ears) => Ok(output),
            () = stdin.interrupted() => Ok(Output::silence()),
        }
    }

    /// Waits until whoever gave a command may do less than when it began (N6);
    /// returns what they are told.
    async fn dismissed(&self, actor: &Actor, mut events: Receiver<Event>) -> String {
        let Some(id) = actor.account() else {
            return std::future::pending().await;
        };
        loop {
            match events.recv().await {
                Ok(Event::AccountChanged(one) | Event::AccountGone(one)) if one == id => {}
                Err(RecvError::Lagged(_)) => {}
                Ok(_) => continue,
                // The board closes, and ends its lines by itself.
                Err(RecvError::Closed) => std::future::pending().await,
            }
            // What could not be read is asked again at the next change.
            let Ok(standing) = self.bbs.refresh(id).await else {
                continue;
            };
            if let Some(sentence) = dismissal(actor, standing.as_ref()) {
                return sentence;
            }
        }
    }

    /// Returns who a call without a screen is: whoever its key and name log in
    /// at once, and else nobody.
    async fn who(&self, visit: &Arc<Visit>) -> app::Ruling<Actor> {
        Ok(match self.bbs.arrive(visit).await? {
            Arrival::LogIn => self.bbs.log_in_by_key(visit).await?.actor,
            _ => Actor::Guest,
        })
    }
}

/// Returns what somebody is told who may do less than before; nothing if they may
/// do as much.
fn dismissal(before: &Actor, now: Option<&Login>) -> Option<String> {
    let Some(Login { account, actor }) = now else {
        return Some(words::session::gone().trim_end().to_owned());
    };
    let sentence = match (account.status, before, actor) {
        (Status::Suspended, ..) => words::session::suspended(account.status_reason.as_deref()),
        (Status::Deleted, ..) => words::session::deleted().to_owned(),
        (_, Actor::Member(was), Actor::Member(is)) if is.role >= was.role => return None,
        (_, Actor::Member(_), _) => words::refusal(&Refusal::NotAllowed),
        _ => return None,
    };
    Some(sentence.trim_end().to_owned())
}

impl Board for Lobby {
    fn door_limits(&self) -> DoorLimits {
        DoorLimits::from(self.bbs.settings().as_ref())
    }

    fn admits(&self, address: IpAddr) -> bool {
        self.bbs.admits(address)
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
                Ok(app::door::KeyStanding::Unknown) => KeyStanding::Unknown,
                // A fault is logged, and shows again on the first screen.
                Ok(app::door::KeyStanding::Decides) | Err(_) => KeyStanding::Decides,
            }
        })
    }

    fn believe<'a>(
        &'a self,
        name: &'a DoorName,
        certificate: &'a Presented,
        from: IpAddr,
    ) -> BoxFuture<'a, Option<Certified>> {
        // A fault is logged; the client goes on to its keys.
        Box::pin(async move {
            let believed = self.bbs.believe(name, certificate, from).await;
            believed.ok().flatten()
        })
    }

    fn broke_down(&self) {
        self.bbs.hub().broke_down();
    }

    fn shell(self: Arc<Self>, caller: Caller, line: Line) -> BoxFuture<'static, Parting> {
        Box::pin(async move { Self::shell(&self, caller, line).await })
    }

    fn exec(
        self: Arc<Self>,
        caller: Caller,
        command: String,
        stdin: Stdin,
        live: Live,
    ) -> BoxFuture<'static, Reply> {
        Box::pin(async move {
            let output = Self::exec(&self, caller, &command, stdin, live).await;
            let Output {
                stdout,
                stderr,
                exit,
            } = output.unwrap_or_else(|output| output);
            Reply {
                stdout,
                stderr,
                exit: exit.code().into(),
            }
        })
    }
}

/// Reads the text a command needs. Files are the caller's, and out of reach.
async fn read(order: &Order, stdin: &mut Stdin) -> Result<Option<String>, Output> {
    let bytes = match order.command.input() {
        Input::Nothing | Input::File(_) | Input::Path(_) | Input::Answer(_) => return Ok(None),
        Input::Stdin => stdin.read().await,
    };
    let usage = |sentence| Output::failed(order.style, Exit::Usage, sentence);
    let bytes = bytes.map_err(|_| usage(words::start::input_too_long(LONGEST_INPUT)))?;
    String::from_utf8(bytes).map(Some).map_err(|_| {
        usage(words::start::input_unreadable(
            "standard input",
            "it is no text",
        ))
    })
}

/// Returns how a client is told to others: `OpenSSH_9.9, 120x40`.
fn client(version: &str, size: Option<Size>) -> text::Line {
    let version = version.strip_prefix("SSH-2.0-").unwrap_or(version);
    // What follows is the build of some distribution.
    let program = version.split_whitespace().next().unwrap_or_default();
    let told = match size {
        Some(Size { width, height }) => format!("{program}, {width}x{height}"),
        None => program.to_owned(),
    };
    text::Line::cut(&told, CLIENT)
}
