//! A caller: a russh client on a terminal of 80x24 that sees what the screen
//! shows.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use russh::{
    Channel, ChannelMsg,
    client::{self, Msg},
    keys::{PrivateKeyWithHashAlg, PublicKeyOrCertificate},
};
use ssh_key::PrivateKey;
use tokio::{task::JoinSet, time::timeout};

use crate::{
    Failure, Result,
    seed::{CALLERS, Person},
};

/// What the main menu shows and no screen before it.
pub(crate) const MENU: &str = "Main menu";
/// How long anything may take before the bench gives up.
const PATIENCE: Duration = Duration::from_secs(20);
/// Calls that are made at the same time.
pub(crate) const AT_ONCE: usize = 8;

/// Down and up, as most terminals send them.
pub(crate) const DOWN: &[u8] = b"\x1b[B";
pub(crate) const UP: &[u8] = b"\x1b[A";

struct Trusting;

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

/// One session; hangs up when dropped.
pub(crate) struct Caller {
    channel: Channel<Msg>,
    screen: vt100::Parser,
    _connection: client::Handle<Trusting>,
}

impl Caller {
    /// Calls, logs in by key, and waits for the main menu.
    pub(crate) async fn call(server: SocketAddr, person: Person) -> Result<Self> {
        let opened = timeout(PATIENCE, async {
            let caller = Self::log_in(server, &person.handle(), person.key()).await?;
            let channel = &caller.channel;
            channel
                .request_pty(false, "xterm-256color", 80, 24, 0, 0, &[])
                .await?;
            channel.set_env(false, "LANG", "en_GB.UTF-8").await?;
            channel.request_shell(false).await?;
            Ok::<_, Failure>(caller)
        });
        let mut caller = opened.await.map_err(|_| "no shell")??;
        caller.see(MENU).await?;
        Ok(caller)
    }

    /// Calls any server, logs in by key, and hangs up when a command says
    /// something. It wants no terminal, which many a server keeps a record of.
    pub(crate) async fn greet(server: SocketAddr, user: &str, key: PrivateKey) -> Result<()> {
        let greeted = timeout(PATIENCE, async {
            let mut caller = Self::log_in(server, user, key).await?;
            caller.channel.exec(false, "true").await?;
            caller.hear().await
        });
        greeted.await.map_err(|_| "no greeting")??;
        Ok(())
    }

    async fn log_in(server: SocketAddr, user: &str, key: PrivateKey) -> Result<Self> {
        let config = client::Config {
            nodelay: true,
            inactivity_timeout: None,
            ..client::Config::default()
        };
        let mut connection = client::connect(Arc::new(config), server, Trusting).await?;
        let key = PrivateKeyWithHashAlg::new(Arc::new(key), None);
        let result = connection.authenticate_publickey(user, key);
        if !result.await?.success() {
            return Err("the key is refused".into());
        }
        Ok(Self {
            channel: connection.channel_open_session().await?,
            screen: vt100::Parser::default(),
            _connection: connection,
        })
    }

    /// Sends keys.
    pub(crate) async fn press(&self, keys: &[u8]) -> Result<()> {
        Ok(self.channel.data(keys).await?)
    }

    /// Waits until the screen shows a text.
    pub(crate) async fn see(&mut self, text: &str) -> Result<()> {
        let seen = async {
            while !self.screen.screen().contents().contains(text) {
                self.hear().await?;
            }
            Ok(())
        };
        match timeout(PATIENCE, seen).await {
            Ok(seen) => seen,
            Err(_) => Err(format!("no {text:?} on\n{}", self.screen.screen().contents()).into()),
        }
    }

    /// Waits for output; returns how many bytes there were.
    pub(crate) async fn hear(&mut self) -> Result<usize> {
        loop {
            match self.channel.wait().await.ok_or("the line was lost")? {
                ChannelMsg::Data { data } => {
                    self.screen.process(&data);
                    return Ok(data.len());
                }
                ChannelMsg::Close => {
                    return Err(format!("hung up:\n{}", self.screen.screen().contents()).into());
                }
                _ => {}
            }
        }
    }
}

/// Has `count` sessions called, several at once and each of another account,
/// waiting `pause` after each call.
pub(crate) async fn crowd(server: SocketAddr, count: u32, pause: Duration) -> Result<Vec<Caller>> {
    let mut calling = JoinSet::new();
    let mut callers = Vec::new();
    for n in 0..count {
        if calling.len() >= AT_ONCE
            && let Some(called) = calling.join_next().await
        {
            callers.push(called??);
        }
        calling.spawn(Caller::call(server, Person(n % CALLERS)));
        tokio::time::sleep(pause).await;
    }
    while let Some(called) = calling.join_next().await {
        callers.push(called??);
    }
    Ok(callers)
}
