//! Callers without a program of their own: quick, many at a time, and free to
//! say what no decent client says.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use ringdown_bbs::tui::line::Size;
use russh::{
    ChannelMsg, SshId,
    client::{self, AuthResult, KeyboardInteractiveAuthResponse},
    keys::{HashAlg, PrivateKeyWithHashAlg, PublicKeyOrCertificate, agent::AgentIdentity},
};
use ssh_key::PrivateKey;
use tokio::{
    net::TcpSocket,
    sync::{mpsc, oneshot},
};

use super::{
    board::Board,
    call::{Call, USUAL, in_time},
};

/// Somebody who is about to call.
#[derive(Clone)]
pub(crate) struct Caller {
    name: String,
    key: Option<PrivateKey>,
    from: Ipv4Addr,
    size: (u32, u32),
    term: String,
    env: Vec<(&'static str, String)>,
    client: Option<String>,
}

impl Caller {
    /// Comes without a key.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            key: None,
            from: Ipv4Addr::LOCALHOST,
            size: (u32::from(USUAL.0), u32::from(USUAL.1)),
            term: "xterm-256color".to_owned(),
            env: vec![("LANG", "C.UTF-8".to_owned())],
            client: None,
        }
    }

    /// Comes with a key.
    pub(crate) fn with_key(self, key: PrivateKey) -> Self {
        let key = Some(key);
        Self { key, ..self }
    }

    /// Comes from another address of this machine.
    pub(crate) fn from(self, from: [u8; 4]) -> Self {
        let from = from.into();
        Self { from, ..self }
    }

    /// Says that the terminal has that size.
    pub(crate) fn claims_size(self, columns: u32, rows: u32) -> Self {
        let size = (columns, rows);
        Self { size, ..self }
    }

    /// Says that the terminal is of that kind, in that environment.
    pub(crate) fn claims_terminal(self, term: &str, env: Vec<(&'static str, String)>) -> Self {
        let term = term.to_owned();
        Self { term, env, ..self }
    }

    /// Says that the client is that one, behind the version of the protocol.
    pub(crate) fn claims_client(self, name: &str) -> Self {
        let client = Some(format!("SSH-2.0-{name}"));
        Self { client, ..self }
    }

    /// Calls.
    pub(crate) async fn call(self, board: &Board) -> Call {
        self.try_call(board).await.unwrap()
    }

    /// Calls, or returns why the board hung up.
    pub(crate) async fn try_call(self, board: &Board) -> Result<Call, russh::Error> {
        in_time("a connection", self.connect(board)).await
    }

    /// Runs a command without a terminal, or returns why the board hung up.
    pub(crate) async fn runs(
        &self,
        board: SocketAddr,
        command: &str,
        stdin: &str,
    ) -> Result<Said, russh::Error> {
        let carried_out = async {
            let handle = self.logs_in(board).await?;
            let mut channel = handle.channel_open_session().await?;
            channel.exec(true, command).await?;
            // A command may have ended before it was given anything.
            channel.data(stdin.as_bytes()).await.ok();
            channel.eof().await.ok();
            let mut said = Said::default();
            while let Some(message) = channel.wait().await {
                match message {
                    ChannelMsg::Data { data } => said.stdout.extend_from_slice(&data),
                    ChannelMsg::ExtendedData { data, .. } => said.stderr.extend_from_slice(&data),
                    ChannelMsg::ExitStatus { exit_status } => said.exit = Some(exit_status),
                    _ => {}
                }
            }
            Ok(said)
        };
        in_time(command, carried_out).await
    }

    async fn connect(self, board: &Board) -> Result<Call, russh::Error> {
        let handle = self.logs_in(board.address()).await?;
        let channel = handle.channel_open_session().await?;
        let (columns, rows) = self.size;
        channel
            .request_pty(true, &self.term, columns, rows, 0, 0, &[])
            .await?;
        for (name, value) in &self.env {
            channel.set_env(false, *name, value.as_str()).await?;
        }
        channel.request_shell(true).await?;
        let (sender, heard) = mpsc::channel(64);
        let (deeds, to_do) = mpsc::channel(64);
        let (exit, exited) = oneshot::channel();
        tokio::spawn(async move {
            exit.send(carry(channel, sender, to_do).await).ok();
            drop(handle);
        });
        let exit = Some(exited);
        // Whatever was claimed, a terminal has some cells.
        let size = Size::clamp(columns, rows);
        let size = (size.width, size.height);
        Ok(Call::on_wire(size, heard, Wire { deeds, exit }))
    }

    /// Shows a key without proving it, and returns whether the board would like
    /// to see the proof.
    pub(crate) async fn shows(&self, board: &Board, key: &PrivateKey) -> bool {
        let mut handle = self.connects(board.address()).await.unwrap();
        let mut asked = Asked(false);
        let shown = handle.authenticate_publickey_with(
            &self.name,
            key.public_key().clone(),
            None,
            &mut asked,
        );
        // It ends without a signature, whatever the answer was.
        in_time("an answer to the key", shown).await.ok();
        asked.0
    }

    /// Logs in as OpenSSH does: nothing, then the key, then no more.
    async fn logs_in(&self, board: SocketAddr) -> Result<client::Handle<Trusting>, russh::Error> {
        let mut handle = self.connects(board).await?;
        if handle.authenticate_none(&self.name).await?.success() {
            return Ok(handle);
        }
        if let Some(key) = &self.key {
            let key = PrivateKeyWithHashAlg::new(Arc::new(key.clone()), None);
            if let AuthResult::Success = handle.authenticate_publickey(&self.name, key).await? {
                return Ok(handle);
            }
        }
        let answer = handle
            .authenticate_keyboard_interactive_start(&self.name, None)
            .await?;
        match answer {
            KeyboardInteractiveAuthResponse::Success => Ok(handle),
            other => panic!("a question at the door: {other:?}"),
        }
    }

    /// Connects, and says nothing yet about who calls.
    async fn connects(&self, board: SocketAddr) -> Result<client::Handle<Trusting>, russh::Error> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((self.from, 0).into())?;
        let stream = socket.connect(board).await?;
        // As every client does that people type into.
        stream.set_nodelay(true)?;
        let mut config = client::Config::default();
        if let Some(client) = self.client.clone() {
            config.client_id = SshId::Standard(client.into());
        }
        client::connect_stream(Arc::new(config), stream, Trusting).await
    }
}

/// What a command without a terminal said.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    /// Missing if the board was gone before.
    pub(crate) exit: Option<u32>,
}

/// What a caller does.
pub(crate) enum Deed {
    /// Types bytes.
    Types(Vec<u8>),
    /// Makes the window so many columns and rows.
    Resizes(u32, u32),
}

/// The hands of a caller, and what their client exits with.
pub(crate) struct Wire {
    deeds: mpsc::Sender<Deed>,
    exit: Option<oneshot::Receiver<Option<i32>>>,
}

impl Wire {
    /// Types bytes, unless the line is gone.
    pub(crate) async fn types(&self, keys: &[u8]) {
        self.does(Deed::Types(keys.to_vec())).await;
    }

    /// Does something, unless the line is gone.
    pub(crate) async fn does(&self, deed: Deed) {
        self.deeds.send(deed).await.ok();
    }

    /// Returns the exit status, once.
    pub(crate) async fn exit(&mut self) -> Option<i32> {
        let exit = self.exit.take()?;
        exit.await.ok().flatten()
    }
}

/// Carries bytes both ways until the board or the caller hangs up.
async fn carry(
    mut channel: russh::Channel<client::Msg>,
    heard: mpsc::Sender<Vec<u8>>,
    mut deeds: mpsc::Receiver<Deed>,
) -> Option<i32> {
    let mut exit = None;
    loop {
        tokio::select! {
            message = channel.wait() => match message {
                Some(ChannelMsg::Data { data }) => heard.send(data.to_vec()).await.ok()?,
                Some(ChannelMsg::ExitStatus { exit_status }) => {
                    exit = i32::try_from(exit_status).ok();
                }
                Some(_) => {}
                None => return exit,
            },
            deed = deeds.recv() => match deed? {
                Deed::Types(keys) => channel.data(keys.as_slice()).await.ok()?,
                Deed::Resizes(columns, rows) => {
                    channel.window_change(columns, rows, 0, 0).await.ok()?;
                }
            },
        }
    }
}

/// Notes whether the board asked for a signature, and gives none.
struct Asked(bool);

impl russh::Signer for Asked {
    type Error = russh::SendError;

    async fn auth_sign(
        &mut self,
        _: &AgentIdentity,
        _: Option<HashAlg>,
        _: Vec<u8>,
    ) -> Result<Vec<u8>, russh::SendError> {
        self.0 = true;
        Err(russh::SendError {})
    }
}

/// Believes every host key; the real clients do not.
struct Trusting;

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        Ok(true)
    }
}
