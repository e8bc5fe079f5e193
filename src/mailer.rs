//! Carries letters out of the house: the only place that names lettre. It makes
//! one attempt a letter; when to try again is not its business.

mod template;
mod transport;

use std::{
    error::Error as _,
    fmt,
    fs::{self, File},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    time::{Duration, SystemTime},
};

use lettre::{
    Address, AsyncTransport as _, Message,
    message::{
        Mailbox, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};

pub use template::{Facts, Text, subject, write};
pub use transport::{Answer, Inbox, UrlProblem};

use crate::domain::{clock::Timestamp, email::Email, secret::Secret, text};
use transport::Transport;

/// The longest that is kept of what a mail server said.
const SAID: usize = 200;

/// How long a mail server may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For a connection.
    pub connect: Duration,
    /// For a letter, the connection included.
    pub whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            whole: Duration::from_mins(1),
        }
    }
}

/// Why there is no mailer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailerProblem {
    /// The URL names no transport.
    #[error(transparent)]
    Url(#[from] UrlProblem),
    /// Letters can't come from there.
    #[error("letters come from an address like ringdown@example.org")]
    From,
}

/// A letter, ready to travel.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Its name for good, the same at every attempt; nothing anybody wrote.
    pub id: String,
    /// Who gets it.
    pub to: Email,
    /// When it was written.
    pub at: Timestamp,
    /// What it says.
    pub text: Text,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The mail server took it.
    Sent,
    /// Not this time, and why.
    Temporary(String),
    /// Never, and why.
    Permanent(String),
}

/// Sends letters.
#[derive(Clone)]
pub struct Mailer {
    transport: Transport,
    from: Address,
    limits: Limits,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mailer({})", self.transport)
    }
}

/// Shows the way without its password.
impl fmt::Display for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.transport.fmt(f)
    }
}

impl Mailer {
    /// Makes a mailer of a URL and the address letters come from.
    pub fn new(url: &Secret<String>, from: &str, limits: Limits) -> Result<Self, MailerProblem> {
        Ok(Self {
            transport: Transport::parse(url.expose(), limits)?,
            from: sender(from)?,
            limits,
        })
    }

    /// Makes a mailer that keeps letters in memory.
    pub fn memory(from: &str) -> Result<(Self, Inbox), MailerProblem> {
        Self::memory_that(from, |_| Delivery::Sent)
    }

    /// Makes a mailer that keeps the letters in memory to which `answer` says
    /// that they left.
    pub fn memory_that(from: &str, answer: Answer) -> Result<(Self, Inbox), MailerProblem> {
        let inbox = Inbox::default();
        let mailer = Self {
            transport: Transport::Memory(Inbox::clone(&inbox), answer),
            from: sender(from)?,
            limits: Limits::default(),
        };
        Ok((mailer, inbox))
    }

    /// Makes a mailer that can send nothing now, and says why at every attempt:
    /// letters wait for one that can.
    pub fn unusable(why: &str) -> Result<Self, MailerProblem> {
        Ok(Self {
            transport: Transport::Unusable(text::for_log(why, SAID)),
            from: sender("ringdown@localhost")?,
            limits: Limits::default(),
        })
    }

    /// Returns the address letters come from.
    pub fn from(&self) -> &str {
        self.from.as_ref()
    }

    /// Says whether the way is open, without sending anything. It takes no longer
    /// than a connection may.
    pub async fn check(&self) -> Result<(), String> {
        let limit = self.limits.connect;
        match tokio::time::timeout(limit, self.transport.check()).await {
            Ok(checked) => checked,
            Err(_) => Err(too_slow(limit)),
        }
    }

    /// Makes one attempt to send a letter.
    pub async fn send(&self, letter: &Letter) -> Delivery {
        let message = match self.message(letter) {
            Ok(message) => message,
            Err(why) => return Delivery::Permanent(why),
        };
        match tokio::time::timeout(self.limits.whole, self.carry(letter, message)).await {
            Ok(delivery) => delivery,
            Err(_) => Delivery::Temporary(too_slow(self.limits.whole)),
        }
    }

    async fn carry(&self, letter: &Letter, message: Message) -> Delivery {
        match &self.transport {
            Transport::Smtp { client, .. } => match client.send(message).await {
                Ok(_) => Delivery::Sent,
                Err(error) => {
                    let why = nameless(&words(&error), letter.to.as_str());
                    let why = text::for_log(&why, SAID);
                    if error.is_permanent() && !is_about_us(&error) {
                        Delivery::Permanent(why)
                    } else {
                        Delivery::Temporary(why)
                    }
                }
            },
            Transport::File(directory) => {
                let (directory, id) = (directory.clone(), letter.id.clone());
                let write = move || put(&directory, &id, &message.formatted());
                match tokio::task::spawn_blocking(write).await {
                    Ok(Ok(())) => Delivery::Sent,
                    Ok(Err(error)) => Delivery::Temporary(text::for_log(&error.to_string(), SAID)),
                    Err(error) => Delivery::Temporary(text::for_log(&error.to_string(), SAID)),
                }
            }
            Transport::Unusable(why) => Delivery::Temporary(why.clone()),
            Transport::Memory(inbox, answer) => {
                let delivery = answer(&letter.to);
                if delivery == Delivery::Sent {
                    transport::keep(inbox, &message.formatted());
                }
                delivery
            }
        }
    }

    /// Builds the message: bare addresses, a subject of the template, and no
    /// word of anybody in a header.
    fn message(&self, letter: &Letter) -> Result<Message, String> {
        let to: Address = letter
            .to
            .as_str()
            .parse()
            .map_err(|_| "the address can't be used".to_owned())?;
        let auto = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .from(Mailbox::new(None, self.from.clone()))
            .to(Mailbox::new(None, to))
            .subject(letter.text.subject)
            .date(SystemTime::from(letter.at))
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.domain())))
            .raw_header(HeaderValue::new(auto, "auto-generated".to_owned()))
            .singlepart(
                SinglePart::builder()
                    .header(ContentType::TEXT_PLAIN)
                    .body(letter.text.body.clone()),
            )
            .map_err(|error| text::for_log(&error.to_string(), SAID))
    }
}

fn too_slow(limit: Duration) -> String {
    format!("no answer for {} s", limit.as_secs())
}

/// Reads the address letters come from. Unlike callers' addresses it may be at
/// a host without dots.
fn sender(text: &str) -> Result<Address, MailerProblem> {
    let address: Address = text.trim().parse().map_err(|_| MailerProblem::From)?;
    let is_plain = !address.user().starts_with(['-', '"']) && !address.domain().starts_with('[');
    if is_plain && text.is_ascii() {
        Ok(address)
    } else {
        Err(MailerProblem::From)
    }
}

/// Returns what went wrong, without the library's own words around it.
fn words(error: &lettre::transport::smtp::Error) -> String {
    let code = error.status().map(|code| format!("{code} "));
    let inner = error
        .source()
        .map_or_else(|| error.to_string(), ToString::to_string);
    let what = match error {
        error if error.is_timeout() => "no answer".to_owned(),
        error if error.is_tls() => format!("TLS: {inner}"),
        _ => inner,
    };
    format!("{}{what}", code.unwrap_or_default())
}

/// Whether a server that refuses for good means the board and not the letter
/// (RFC 4954 §6): then whoever mends the password need not rescue every letter.
fn is_about_us(error: &lettre::transport::smtp::Error) -> bool {
    let code = error.status().map(u16::from);
    matches!(code, Some(530 | 534 | 535 | 538))
}

/// Leaves out whom a letter was for: servers repeat it in their answers, and
/// those are in the log and in front of staff who do not see addresses.
fn nameless(said: &str, address: &str) -> String {
    let address = address.to_ascii_lowercase();
    let mut kept = String::new();
    let mut read = 0;
    for (at, found) in said.to_ascii_lowercase().match_indices(&address) {
        kept.push_str(said.get(read..at).unwrap_or_default());
        kept.push('…');
        read = at + found.len();
    }
    kept.push_str(said.get(read..).unwrap_or_default());
    kept
}

/// Puts a letter into a directory, whole or not at all. A second attempt
/// replaces the first.
fn put(directory: &Path, id: &str, letter: &[u8]) -> io::Result<()> {
    let draft = directory.join(format!("{id}.draft"));
    let mut file = File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(letter)?;
    file.sync_all()?;
    fs::rename(&draft, directory.join(format!("{id}.eml")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::letter::Kind;

    fn letter() -> Letter {
        Letter {
            id: "letter-7.1700000000000".into(),
            to: Email::parse("newbie@example.org").unwrap(),
            at: Timestamp::UNIX_EPOCH,
            text: write(Kind::Approved, &Facts::sample(Kind::Approved)),
        }
    }

    #[tokio::test]
    async fn a_letter_has_these_headers_and_no_others() {
        let (mailer, inbox) = Mailer::memory("ringdown@localhost").unwrap();
        assert_eq!(mailer.send(&letter()).await, Delivery::Sent);
        let sent = inbox.lock().unwrap().remove(0);
        let (headers, body) = sent.split_once("\r\n\r\n").unwrap();
        assert_eq!(
            headers.split("\r\n").collect::<Vec<_>>(),
            [
                "From: ringdown@localhost",
                "To: newbie@example.org",
                "Subject: Your request to join was accepted",
                "Date: Thu, 01 Jan 1970 00:00:00 +0000",
                "Message-ID: <letter-7.1700000000000@localhost>",
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: 7bit",
            ]
        );
        assert!(
            body.contains("ssh -p 2222 newbie@bbs.example.org"),
            "{body}"
        );
    }

    #[test]
    fn an_answer_does_not_repeat_whom_the_letter_was_for() {
        for (said, kept) in [
            (
                "550 5.1.1 <Newbie@Example.org>: no such user",
                "550 5.1.1 <…>: no such user",
            ),
            ("newbie@example.org, newbie@example.org.", "…, …."),
            (
                "553 bbs@example.org may not send",
                "553 bbs@example.org may not send",
            ),
            ("", ""),
        ] {
            assert_eq!(nameless(said, "newbie@example.org"), kept);
        }
    }

    #[tokio::test]
    async fn a_letter_to_a_directory_is_a_file_for_its_owner() {
        use std::os::unix::fs::PermissionsExt as _;

        let dir = tempfile::tempdir().unwrap();
        let url = Secret::new(format!("file://{}", dir.path().display()));
        let mailer = Mailer::new(&url, "ringdown@localhost", Limits::default()).unwrap();
        assert_eq!(mailer.check().await, Ok(()));
        assert_eq!(mailer.send(&letter()).await, Delivery::Sent);
        assert_eq!(mailer.send(&letter()).await, Delivery::Sent);
        let files: Vec<_> = fs::read_dir(dir.path()).unwrap().collect();
        assert_eq!(files.len(), 1, "a second attempt replaces the first");
        let file = dir.path().join("letter-7.1700000000000.eml");
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        drop(dir);
        assert!(matches!(
            mailer.send(&letter()).await,
            Delivery::Temporary(_)
        ));
    }

    #[test]
    fn letters_come_from_a_bare_address() {
        for from in ["ringdown@localhost", "board@bbs.example.org"] {
            assert_eq!(Mailer::memory(from).unwrap().0.from(), from);
        }
        for from in [
            "",
            "ringdown",
            "-oQ@c.org",
            "a@[127.0.0.1]",
            "A <a@b.org>",
            "a@b.org\r\nX: y",
        ] {
            assert_eq!(
                Mailer::memory(from).err(),
                Some(MailerProblem::From),
                "{from}"
            );
        }
    }
}
