//! russh's callbacks, turned into values for others. It decides nothing: who may
//! do what is the board's to say.

use std::{net::SocketAddr, str, sync::Arc};

use bytes::Bytes;
use russh::{
    Channel, ChannelId, Disconnect, Pty, Sig,
    server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Session, VerifiedPublicKey},
};
use ssh_key::{Algorithm, Certificate};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{error::Elapsed, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    Board, Caller,
    auth::{Knock, Verdict},
    config::Timers,
    exec::{Newline, Stdin},
    flow::Flow,
};
use crate::{
    domain::door::DoorName,
    tui::line::{self, Far, Frame, Line, Size, Terminal},
};

/// Requests that may be refused before the connection is.
const REFUSALS: u8 = 50;

/// The environment that is taken.
const ENVIRONMENT: [&str; 7] = [
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "COLORTERM",
    "NO_COLOR",
    "RINGDOWN_UI",
];

/// The longest value of a client that is kept.
const LONGEST_VALUE: usize = 64;

/// The longest command that is taken.
const LONGEST_COMMAND: usize = 4096;

/// Why a callback ends its connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum LineError {
    /// russh ended it.
    #[error(transparent)]
    Russh(#[from] russh::Error),
    /// Too many refused requests.
    #[error("too many refused requests")]
    Flood,
    /// The board did not judge a key, or take what was typed, in time.
    #[error("the board does not answer in time")]
    Stuck,
}

/// What the client was granted, for the task of its connection.
pub(super) struct Grant {
    pub(super) channel: ChannelId,
    pub(super) caller: Caller,
    pub(super) call: Call,
}

/// What the client asked for.
pub(super) enum Call {
    /// A shell on a terminal.
    Shell {
        line: Line,
        output: mpsc::Receiver<Frame>,
    },
    /// A command.
    Command {
        command: String,
        stdin: Stdin,
        newline: Newline,
    },
    /// A shell that could not show anything.
    Speechless(Newline),
}

/// What is known before anything is granted, and of no use after.
struct Opening {
    grant: oneshot::Sender<Grant>,
    knock: Knock,
    terminal: Terminal,
    /// The size of the pseudo-terminal, if there is one.
    pty: Option<Size>,
}

/// The callbacks of one connection. Kept small: it lives as long as the caller.
pub(super) struct Callbacks {
    board: Arc<dyn Board>,
    timers: Arc<Timers>,
    flow: Arc<Flow>,
    /// Cancelled when the caller is gone.
    closed: CancellationToken,
    peer: SocketAddr,
    opening: Option<Box<Opening>>,
    channel: Option<ChannelId>,
    input: Option<mpsc::Sender<Bytes>>,
    size: Option<watch::Sender<Size>>,
    refusals: u8,
}

impl Callbacks {
    /// Makes the callbacks of one connection; the first shell or command goes to
    /// `grant`.
    pub(super) fn new(
        board: Arc<dyn Board>,
        timers: Arc<Timers>,
        peer: SocketAddr,
        flow: Arc<Flow>,
        closed: CancellationToken,
        grant: oneshot::Sender<Grant>,
    ) -> Self {
        Self {
            board,
            timers,
            flow,
            closed,
            peer,
            opening: Some(Box::new(Opening {
                grant,
                knock: Knock::new(DoorName::Nobody),
                terminal: Terminal::default(),
                pty: None,
            })),
            channel: None,
            input: None,
            size: None,
            refusals: 0,
        }
    }

    /// Counts a refusal, and hangs up on those who only collect them.
    fn refuse(&mut self, session: &mut Session) -> Result<(), LineError> {
        self.refusals = self.refusals.saturating_add(1);
        if self.refusals > REFUSALS {
            session.disconnect(Disconnect::ByApplication, "too many refused requests", "")?;
            return Err(LineError::Flood);
        }
        Ok(())
    }

    /// Answers a channel's request with failure.
    fn fail(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), LineError> {
        session.channel_failure(channel)?;
        self.refuse(session)
    }

    /// Hands the call that `make` makes to the connection's task, once.
    fn grant(
        &mut self,
        channel: ChannelId,
        session: &mut Session,
        make: impl FnOnce(&mut Self, Terminal, Option<Size>) -> Call,
    ) -> Result<(), LineError> {
        if self.channel != Some(channel) {
            return self.fail(channel, session);
        }
        let Some(opening) = self.opening.take() else {
            return self.fail(channel, session);
        };
        let (name, proven, certified) = opening.knock.into_identity();
        let caller = Caller {
            name,
            proven,
            certified,
            peer: self.peer,
            client: printable(session.remote_sshid()),
        };
        let call = make(self, opening.terminal, opening.pty);
        session.channel_success(channel)?;
        // When nobody waits for it, the connection is being cut.
        opening
            .grant
            .send(Grant {
                channel,
                caller,
                call,
            })
            .map_err(|_| russh::Error::Disconnect.into())
    }

    /// Hands over typed bytes when the session was not waiting for them.
    async fn press(&mut self, input: mpsc::Sender<Bytes>, bytes: Bytes) -> Result<(), LineError> {
        match timeout(self.timers.input_stall, input.send(bytes)).await {
            // A session that takes no more input is on its way out.
            Ok(_) => Ok(()),
            Err(_) => Err(LineError::Stuck),
        }
    }
}

/// Returns what russh is told of a verdict, if there was one in time.
fn judgement(verdict: &Result<Verdict, Elapsed>) -> Result<Auth, LineError> {
    match verdict {
        Ok(Verdict::Welcome) => Ok(Auth::Accept),
        Ok(Verdict::Next) => Ok(Auth::reject()),
        Err(_) => Err(LineError::Stuck),
    }
}

/// Keeps what can be shown anywhere, and not much of it.
fn printable(bytes: &[u8]) -> String {
    bytes
        .iter()
        .filter(|byte| byte.is_ascii_graphic() || **byte == b' ')
        .take(LONGEST_VALUE)
        .map(|byte| char::from(*byte))
        .collect()
}

impl Handler for Callbacks {
    type Error = LineError;

    async fn auth_none(&mut self, user: &str) -> Result<Auth, LineError> {
        // Whoever is let in by `none` never offers a key.
        let opening = self.opening.as_mut();
        Ok(match opening.map(|opening| opening.knock.address(user)) {
            Some(DoorName::Guest) => Auth::Accept,
            _ => Auth::reject(),
        })
    }

    async fn auth_publickey_offered(
        &mut self,
        _user: &str,
        offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, LineError> {
        // Every key is welcome, so that nobody learns whose is known. SHA-1
        // proves nothing any more.
        Ok(match offer.algorithm {
            Algorithm::Rsa { hash: None } | Algorithm::Dsa => Auth::reject(),
            _ => Auth::Accept,
        })
    }

    async fn auth_publickey(
        &mut self,
        user: &str,
        key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, LineError> {
        let Some(opening) = &mut self.opening else {
            return Ok(Auth::reject());
        };
        // Boxed: a log-in is short, and the session's future keeps its size.
        let judged = Box::pin(opening.knock.prove(user, key, self.board.as_ref()));
        judgement(&timeout(self.timers.look_up, judged).await)
    }

    async fn auth_openssh_certificate(
        &mut self,
        user: &str,
        certificate: &Certificate,
    ) -> Result<Auth, LineError> {
        let Some(opening) = &mut self.opening else {
            return Ok(Auth::reject());
        };
        let board = self.board.as_ref();
        let judged = opening
            .knock
            .present(user, certificate, self.peer.ip(), board);
        judgement(&timeout(self.timers.look_up, Box::pin(judged)).await)
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _submethods: &str,
        _response: Option<russh::server::Response<'a>>,
    ) -> Result<Auth, LineError> {
        if let Some(opening) = &mut self.opening {
            opening.knock.address(user);
        }
        // The client has run out of keys: nothing is asked here.
        Ok(Auth::Accept)
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        session: &mut Session,
    ) -> Result<(), LineError> {
        if self.channel.is_some() {
            // Dropping `reply` refuses the channel.
            return self.refuse(session);
        }
        self.channel = Some(channel.id());
        reply.accept().await;
        Ok(())
    }

    async fn channel_open_x11(
        &mut self,
        _channel: Channel<Msg>,
        _originator: &str,
        _port: u32,
        _reply: ChannelOpenHandle,
        session: &mut Session,
    ) -> Result<(), LineError> {
        self.refuse(session)
    }

    async fn channel_open_direct_tcpip(
        &mut self,
        _channel: Channel<Msg>,
        _host: &str,
        _port: u32,
        _originator: &str,
        _originator_port: u32,
        _reply: ChannelOpenHandle,
        session: &mut Session,
    ) -> Result<(), LineError> {
        self.refuse(session)
    }

    async fn channel_open_forwarded_tcpip(
        &mut self,
        _channel: Channel<Msg>,
        _host: &str,
        _port: u32,
        _originator: &str,
        _originator_port: u32,
        _reply: ChannelOpenHandle,
        session: &mut Session,
    ) -> Result<(), LineError> {
        self.refuse(session)
    }

    async fn channel_open_direct_streamlocal(
        &mut self,
        _channel: Channel<Msg>,
        _path: &str,
        _reply: ChannelOpenHandle,
        session: &mut Session,
    ) -> Result<(), LineError> {
        self.refuse(session)
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        term: &str,
        columns: u32,
        rows: u32,
        _width: u32,
        _height: u32,
        _modes: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), LineError> {
        match &mut self.opening {
            Some(opening) if opening.pty.is_none() => {
                opening.terminal.term = printable(term.as_bytes());
                opening.pty = Some(Size::clamp(columns, rows));
                Ok(session.channel_success(channel)?)
            }
            _ => self.fail(channel, session),
        }
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        value: &str,
        session: &mut Session,
    ) -> Result<(), LineError> {
        let is_clean = value.len() <= LONGEST_VALUE && printable(value.as_bytes()) == value;
        match &mut self.opening {
            Some(opening)
                if is_clean
                    && ENVIRONMENT.contains(&name)
                    && !opening.terminal.env.iter().any(|(set, _)| set == name) =>
            {
                opening
                    .terminal
                    .env
                    .push((name.to_owned(), value.to_owned()));
                Ok(session.channel_success(channel)?)
            }
            _ => self.fail(channel, session),
        }
    }

    async fn window_change_request(
        &mut self,
        _channel: ChannelId,
        columns: u32,
        rows: u32,
        _width: u32,
        _height: u32,
        _session: &mut Session,
    ) -> Result<(), LineError> {
        let size = Size::clamp(columns, rows);
        if let Some(sender) = &self.size {
            sender.send_if_modified(|shown| std::mem::replace(shown, size) != size);
        } else if let Some(pty) = self
            .opening
            .as_mut()
            .and_then(|opening| opening.pty.as_mut())
        {
            *pty = size;
        }
        Ok(())
    }

    async fn shell_request(
        &mut self,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<(), LineError> {
        self.grant(channel, session, |this, terminal, pty| match pty {
            None => Call::Speechless(Newline::Lf),
            Some(_) if terminal.term == "dumb" => Call::Speechless(Newline::CrLf),
            Some(size) => {
                let (near, far) = line::line(terminal, size, this.closed.clone());
                let Far {
                    input,
                    size,
                    output,
                } = far;
                this.input = Some(input);
                this.size = Some(size);
                Call::Shell { line: near, output }
            }
        })
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        command: &[u8],
        session: &mut Session,
    ) -> Result<(), LineError> {
        let command = match str::from_utf8(command) {
            Ok(command) if command.len() <= LONGEST_COMMAND => command.to_owned(),
            _ => return self.fail(channel, session),
        };
        self.grant(channel, session, |this, _, pty| {
            let (input, stdin) = mpsc::channel(line::INBOUND);
            this.input = Some(input);
            Call::Command {
                command,
                stdin: Stdin::new(stdin),
                newline: pty.map_or(Newline::Lf, |_| Newline::CrLf),
            }
        })
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        _name: &str,
        session: &mut Session,
    ) -> Result<(), LineError> {
        self.fail(channel, session)
    }

    async fn x11_request(
        &mut self,
        channel: ChannelId,
        _single: bool,
        _protocol: &str,
        _cookie: &str,
        _screen: u32,
        session: &mut Session,
    ) -> Result<(), LineError> {
        self.fail(channel, session)
    }

    async fn agent_request(
        &mut self,
        _channel: ChannelId,
        session: &mut Session,
    ) -> Result<bool, LineError> {
        self.refuse(session).map(|()| false)
    }

    async fn tcpip_forward(
        &mut self,
        _address: &str,
        _port: &mut u32,
        session: &mut Session,
    ) -> Result<bool, LineError> {
        self.refuse(session).map(|()| false)
    }

    async fn streamlocal_forward(
        &mut self,
        _path: &str,
        session: &mut Session,
    ) -> Result<bool, LineError> {
        self.refuse(session).map(|()| false)
    }

    async fn data(
        &mut self,
        _channel: ChannelId,
        data: &[u8],
        _session: &mut Session,
    ) -> Result<(), LineError> {
        let Some(input) = &self.input else {
            return Ok(());
        };
        match input.try_send(Bytes::copy_from_slice(data)) {
            Ok(()) => Ok(()),
            Err(mpsc::error::TrySendError::Closed(_)) => {
                self.input = None;
                Ok(())
            }
            // Boxed: it is rare, and the session's future keeps its size.
            Err(mpsc::error::TrySendError::Full(bytes)) => {
                let input = input.clone();
                Box::pin(self.press(input, bytes)).await
            }
        }
    }

    async fn window_adjusted(
        &mut self,
        _channel: ChannelId,
        remaining: u32,
        _session: &mut Session,
    ) -> Result<(), LineError> {
        self.flow.adjusted(remaining);
        Ok(())
    }

    async fn signal(
        &mut self,
        _channel: ChannelId,
        signal: Sig,
        _session: &mut Session,
    ) -> Result<(), LineError> {
        if matches!(signal, Sig::HUP | Sig::TERM | Sig::KILL) {
            self.closed.cancel();
        }
        Ok(())
    }

    async fn channel_eof(
        &mut self,
        _channel: ChannelId,
        _session: &mut Session,
    ) -> Result<(), LineError> {
        self.input = None;
        Ok(())
    }

    async fn channel_close(
        &mut self,
        _channel: ChannelId,
        _session: &mut Session,
    ) -> Result<(), LineError> {
        self.input = None;
        self.closed.cancel();
        Ok(())
    }
}
