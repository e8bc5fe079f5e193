//! The ways a letter can travel, each told by a URL. A URL holds a password:
//! nothing here prints one.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use lettre::{AsyncSmtpTransport, Tokio1Executor, transport::smtp::AsyncSmtpTransportBuilder};

use super::{Delivery, Limits, SAID, words};
use crate::domain::{email::Email, text};

/// Why a URL names no transport. It does not repeat the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlProblem {
    /// It begins with none of the schemes.
    #[error("it begins with smtp://, smtps:// or file://")]
    Scheme,
    /// The query is not understood.
    #[error("after the ? stands tls=required, tls=opportunistic or tls=none")]
    Tls,
    /// The rest can't be read.
    #[error("it looks like smtp://user:password@host:587")]
    Shape,
    /// The path is not absolute.
    #[error("it looks like file:///directory")]
    Path,
}

/// A way a letter can travel.
#[derive(Clone)]
pub(super) enum Transport {
    /// To a mail server.
    Smtp {
        /// The client; every letter has a connection of its own.
        client: AsyncSmtpTransport<Tokio1Executor>,
        /// Scheme, host and port, for people.
        name: String,
    },
    /// Into a directory, a file a letter.
    File(PathBuf),
    /// Nowhere for now, and why.
    Unusable(String),
    /// Into memory, for tests and boards that are only tried out.
    Memory(Inbox, Answer),
}

/// What was sent to memory, oldest first.
pub type Inbox = Arc<Mutex<Vec<String>>>;

/// What memory says to a letter, as a mail server would.
pub type Answer = fn(&Email) -> Delivery;

impl Transport {
    /// Reads a URL.
    pub(super) fn parse(url: &str, limits: Limits) -> Result<Self, UrlProblem> {
        let url = url.trim();
        if let Some(path) = url.strip_prefix("file://") {
            let path = Path::new(path);
            return if path.is_absolute() {
                Ok(Self::File(path.to_owned()))
            } else {
                Err(UrlProblem::Path)
            };
        }
        let (scheme, rest) = url.split_once("://").ok_or(UrlProblem::Scheme)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let full = match (scheme, query) {
            ("smtps", "") => format!("smtps://{rest}"),
            // Nobody's password goes over a bare line unless that is written.
            ("smtp", "" | "tls=required") => format!("smtp://{rest}?tls=required"),
            ("smtp", "tls=opportunistic") => format!("smtp://{rest}?tls=opportunistic"),
            ("smtp", "tls=none") => format!("smtp://{rest}"),
            ("smtp" | "smtps", _) => return Err(UrlProblem::Tls),
            _ => return Err(UrlProblem::Scheme),
        };
        let host = rest.rsplit('@').next().unwrap_or(rest);
        let host = host.split('/').next().unwrap_or(host);
        if host.is_empty() || host.starts_with(':') {
            return Err(UrlProblem::Shape);
        }
        let client = AsyncSmtpTransport::<Tokio1Executor>::from_url(&full)
            .map(|builder: AsyncSmtpTransportBuilder| builder.timeout(Some(limits.connect)).build())
            .map_err(|_| UrlProblem::Shape)?;
        Ok(Self::Smtp {
            client,
            name: format!("{scheme}://{host}"),
        })
    }

    /// Whether it is there at all: the server answers, the directory exists.
    pub(super) async fn check(&self) -> Result<(), String> {
        match self {
            Self::Smtp { client, .. } => match client.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err("the server says it is not ready".to_owned()),
                Err(error) => Err(text::for_log(&words(&error), SAID)),
            },
            Self::File(directory) if directory.is_dir() => Ok(()),
            Self::File(_) => Err("there is no such directory".to_owned()),
            Self::Unusable(why) => Err(why.clone()),
            Self::Memory(..) => Ok(()),
        }
    }
}

/// Adds a letter to what memory holds.
pub(super) fn keep(inbox: &Inbox, letter: &[u8]) {
    let letter = String::from_utf8_lossy(letter).into_owned();
    inbox
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(letter);
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Smtp { name, .. } => f.write_str(name),
            Self::File(path) => write!(f, "file://{}", path.display()),
            Self::Unusable(_) => f.write_str("unusable"),
            Self::Memory(..) => f.write_str("memory"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(url: &str) -> Result<String, UrlProblem> {
        Transport::parse(url, Limits::default()).map(|transport| transport.to_string())
    }

    #[test]
    fn a_url_names_a_transport_and_its_password_is_not_repeated() {
        for (url, shown) in [
            (
                "smtp://u:hush@mail.example.org:587",
                "smtp://mail.example.org:587",
            ),
            ("smtp://localhost:25?tls=none", "smtp://localhost:25"),
            ("smtp://u:h%40sh@h?tls=opportunistic", "smtp://h"),
            (
                "smtps://u:hush@mail.example.org\n",
                "smtps://mail.example.org",
            ),
            ("file:///var/spool/letters", "file:///var/spool/letters"),
        ] {
            assert_eq!(name(url).as_deref(), Ok(shown), "{url}");
        }
    }

    #[test]
    fn what_names_none_is_refused_with_what_it_should_be() {
        for (url, problem) in [
            ("", UrlProblem::Scheme),
            ("mail.example.org:25", UrlProblem::Scheme),
            ("http://mail.example.org", UrlProblem::Scheme),
            ("smtp://", UrlProblem::Shape),
            ("smtp://:25", UrlProblem::Shape),
            ("smtp://host:port", UrlProblem::Shape),
            ("smtp://h?tls=maybe", UrlProblem::Tls),
            ("smtps://h?tls=none", UrlProblem::Tls),
            ("file://letters", UrlProblem::Path),
        ] {
            assert_eq!(name(url), Err(problem), "{url}");
        }
    }
}
