//! What must be known before the database opens: where it is, where callers
//! knock, what is logged. Settings of the board itself live in the database,
//! and the files that are named here are opened elsewhere.

mod file;
mod public_host;

use std::{
    fmt,
    net::{Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
};

use file::File;
pub use public_host::PublicHost;

/// The port callers knock at when nobody said otherwise.
pub const PORT: u16 = 2222;

/// Where letters come from when nobody said otherwise.
const MAIL_FROM_DEFAULT: &str = "ringdown@localhost";

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Who said so.
    pub origin: Origin,
}

/// Where a value came from; the first that speaks wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag(&'static str),
    /// The environment.
    Environment(&'static str),
    /// The file in the data directory.
    File {
        /// Its path.
        path: PathBuf,
        /// The line of the value, from 1.
        line: usize,
    },
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Environment(name) => f.write_str(name),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one object a line.
    Json,
}

/// What the command line said, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--data`.
    pub data: Option<PathBuf>,
    /// `--listen`, as often as it was given.
    pub listen: Vec<String>,
    /// `--log`.
    pub log: Option<String>,
    /// `--log-format`.
    pub log_format: Option<String>,
    /// `--public-host`.
    pub public_host: Option<String>,
    /// `--backup-dir`.
    pub backup_dir: Option<PathBuf>,
    /// `--mail-from`.
    pub mail_from: Option<String>,
    /// `--new-host-key`.
    pub new_host_key: bool,
}

/// Everything that must be known before the database opens.
#[derive(Clone, Debug)]
pub struct Config {
    /// The directory that holds everything.
    pub data: Sourced<PathBuf>,
    /// The addresses callers knock at.
    pub listen: Sourced<Vec<SocketAddr>>,
    /// Which log lines are written, in the words of `tracing`.
    pub log: Sourced<String>,
    /// How they are written.
    pub log_format: Sourced<LogFormat>,
    /// The name by which callers reach this board.
    pub public_host: Sourced<Option<PublicHost>>,
    /// Lines of `authorized_keys`: whoever proves one may claim a board that
    /// nobody runs yet.
    pub sysop_keys: Sourced<Vec<String>>,
    /// Where copies of the board go that are made on schedule.
    pub backup_dir: Sourced<Option<PathBuf>>,
    /// Where the URL of the mail server is; without one no letters leave.
    pub smtp_url: Sourced<Option<SmtpUrl>>,
    /// The address letters come from.
    pub mail_from: Sourced<String>,
    /// The program that tells a sysop what happens, and its arguments; nothing
    /// is told if it is empty.
    pub notify_command: Sourced<Vec<String>>,
    /// Whether keys that are missing beside an existing board are made anew.
    pub new_host_key: bool,
    /// What the command line said, to read everything anew.
    flags: Flags,
    /// Where sockets go whose path in the data directory would be too long.
    pub runtime: PathBuf,
}

/// Where the URL of the mail server is. It holds a password, so that no
/// argument and no `ringdown.toml` has it, and nothing prints it.
#[derive(Clone, PartialEq, Eq)]
pub enum SmtpUrl {
    /// In the environment: this is it.
    Given(String),
    /// In a file, which only its owner may read.
    File(PathBuf),
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(_) => f.write_str("Given(…)"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
        }
    }
}

/// Why the settings can't be used; names the place to mend.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there but can't be read.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("{}:{line}: {message}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// A value is not what it should be.
    #[error("{origin}: {text:?} is not {expected}")]
    Value {
        /// Where it came from.
        origin: Origin,
        /// The value.
        text: String,
        /// What it should be.
        expected: &'static str,
    },
}

/// The names of one key on the command line and in the environment.
struct Key {
    flag: &'static str,
    variable: &'static str,
}

const DATA: Key = Key {
    flag: "--data",
    variable: "RINGDOWN_DATA",
};
const LISTEN: Key = Key {
    flag: "--listen",
    variable: "RINGDOWN_LISTEN",
};
const LOG: Key = Key {
    flag: "--log",
    variable: "RINGDOWN_LOG",
};
const LOG_FORMAT: Key = Key {
    flag: "--log-format",
    variable: "RINGDOWN_LOG_FORMAT",
};
const PUBLIC_HOST: Key = Key {
    flag: "--public-host",
    variable: "RINGDOWN_PUBLIC_HOST",
};
const BACKUP_DIR: Key = Key {
    flag: "--backup-dir",
    variable: "RINGDOWN_BACKUP_DIR",
};
const MAIL_FROM: Key = Key {
    flag: "--mail-from",
    variable: "RINGDOWN_MAIL_FROM",
};
/// The variable that tells how letters leave. There is no flag: a password is
/// no argument, and others may read those.
pub const SMTP_URL: &str = "RINGDOWN_SMTP_URL";
const SMTP_URL_FILE: &str = "RINGDOWN_SMTP_URL_FILE";
/// There is no flag: a command is no argument, either. Here each word has a
/// line of its own.
const NOTIFY_COMMAND: &str = "RINGDOWN_NOTIFY_COMMAND";
/// There is no flag: a list of keys is no argument.
const SYSOP_KEYS: &str = "RINGDOWN_SYSOP_KEYS";

impl Key {
    /// Returns what the highest of flag and environment says.
    fn above_file<T>(
        &self,
        flag: Option<T>,
        variable: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Sourced<T>> {
        let flag = flag.map(|value| Sourced {
            value,
            origin: Origin::Flag(self.flag),
        });
        flag.or_else(|| {
            variable(self.variable).map(|value| Sourced {
                value,
                origin: Origin::Environment(self.variable),
            })
        })
    }
}

impl<T> Sourced<T> {
    /// Returns a value nobody spoke about.
    const fn default(value: T) -> Self {
        Self {
            value,
            origin: Origin::Default,
        }
    }

    /// Makes something else of the value.
    fn map<U>(self, make: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced {
            value: make(self.value),
            origin: self.origin,
        }
    }

    /// Reads the value, or says what it should have been.
    fn read<U>(
        self,
        expected: &'static str,
        read: impl FnOnce(&T) -> Option<U>,
    ) -> Result<Sourced<U>, ConfigError>
    where
        T: fmt::Display,
    {
        match read(&self.value) {
            Some(value) => Ok(Sourced {
                value,
                origin: self.origin,
            }),
            None => Err(ConfigError::Value {
                text: self.value.to_string(),
                origin: self.origin,
                expected,
            }),
        }
    }
}

impl Config {
    /// Puts together what the flags, the environment and the file in the data
    /// directory say. An empty variable says nothing.
    pub fn load(flags: Flags, env: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let said = flags.clone();
        let env = |name: &str| env(name).filter(|value| !value.is_empty());
        let data = DATA
            .above_file(flags.data, |name| env(name).map(PathBuf::from))
            .unwrap_or(Sourced::default(PathBuf::from(".")));
        let file = File::read(&toml_in(&data.value))?;
        let joined =
            |values: Vec<String>, separator| (!values.is_empty()).then(|| values.join(separator));
        let listen = LISTEN
            .above_file(joined(flags.listen, ","), env)
            .or(file.listen);
        let log = LOG.above_file(flags.log, env).or(file.log);
        let log_format = LOG_FORMAT
            .above_file(flags.log_format, env)
            .or(file.log_format);
        let public_host = PUBLIC_HOST
            .above_file(flags.public_host, env)
            .or(file.public_host);
        let backup_dir = BACKUP_DIR
            .above_file(flags.backup_dir, |name| env(name).map(PathBuf::from))
            .or(file.backup_dir);
        let variable = |name| {
            env(name).map(|value| Sourced {
                value,
                origin: Origin::Environment(name),
            })
        };
        let sysop_keys = variable(SYSOP_KEYS).or(file.sysop_keys);
        let mail_from = MAIL_FROM
            .above_file(flags.mail_from, env)
            .or(file.mail_from);
        let notify_command = variable(NOTIFY_COMMAND)
            .map(|words| words.map(|words| words.lines().map(str::to_owned).collect()))
            .or(file.notify_command);
        let smtp_url_file = variable(SMTP_URL_FILE).or(file.smtp_url);
        let smtp_url_file = smtp_url_file.map(|path| path.map(|path| SmtpUrl::File(path.into())));
        let smtp_url = variable(SMTP_URL)
            .map(|url| url.map(SmtpUrl::Given))
            .or(smtp_url_file);
        Ok(Self {
            data,
            listen: match listen {
                None => Sourced::default(vec![SocketAddr::from((Ipv6Addr::UNSPECIFIED, PORT))]),
                Some(text) => {
                    text.read("ADDRESS:PORT, such as 0.0.0.0:2222", |text| addresses(text))?
                }
            },
            log: log.unwrap_or_else(|| Sourced::default("info".to_owned())),
            log_format: match log_format {
                None => Sourced::default(LogFormat::Text),
                Some(text) => text.read("text or json", |text| LogFormat::named(text))?,
            },
            public_host: match public_host {
                None => Sourced::default(None),
                Some(text) => text.read("NAME or NAME:PORT", |text| {
                    PublicHost::parse(text).map(Some)
                })?,
            },
            sysop_keys: match sysop_keys {
                None => Sourced::default(Vec::new()),
                Some(text) => text.map(|text| lines(&text)),
            },
            backup_dir: match backup_dir {
                None => Sourced::default(None),
                Some(Sourced { value, origin }) => Sourced {
                    value: Some(value),
                    origin,
                },
            },
            smtp_url: smtp_url.map_or(Sourced::default(None), |url| url.map(Some)),
            mail_from: mail_from.unwrap_or_else(|| Sourced::default(MAIL_FROM_DEFAULT.to_owned())),
            notify_command: notify_command.unwrap_or_else(|| Sourced::default(Vec::new())),
            flags: said,
            new_host_key: flags.new_host_key,
            runtime: ["XDG_RUNTIME_DIR", "RUNTIME_DIRECTORY"]
                .into_iter()
                .find_map(env)
                .map_or_else(std::env::temp_dir, PathBuf::from),
        })
    }

    /// Reads everything anew, with the same command line.
    pub fn reread(&self, env: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        Self::load(self.flags.clone(), env)
    }

    /// Returns the path of the board's database.
    pub fn database(&self) -> PathBuf {
        self.data.value.join("ringdown.db")
    }

    /// Returns the path of the directory of secrets.
    pub fn keys(&self) -> PathBuf {
        self.data.value.join("keys")
    }

    /// Returns the path of the file whose lock says that a process has the
    /// board open.
    pub fn lock(&self) -> PathBuf {
        self.data.value.join("ringdown.lock")
    }

    /// Returns the directory of the copies that are made on schedule.
    pub fn backups(&self) -> PathBuf {
        self.backup_dir
            .value
            .clone()
            .unwrap_or_else(|| self.data.value.join("backups"))
    }

    /// Returns the path of the file of these settings.
    pub fn toml(&self) -> PathBuf {
        toml_in(&self.data.value)
    }
}

fn toml_in(data: &Path) -> PathBuf {
    data.join("ringdown.toml")
}

impl LogFormat {
    fn named(name: &str) -> Option<Self> {
        match name {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Reads addresses with commas between them; none is no list.
fn addresses(text: &str) -> Option<Vec<SocketAddr>> {
    text.split(',')
        .map(|address| address.trim().parse().ok())
        .collect()
}

/// Returns the lines that are neither empty nor a comment.
fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

/// Returns a variable of this process's environment, if it is text. For
/// [`Config::load`]; nobody else asks the environment.
#[expect(clippy::disallowed_methods, reason = "this is the place that asks")]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_directory(dir: &Path) -> Flags {
        Flags {
            data: Some(dir.to_owned()),
            ..Flags::default()
        }
    }

    fn nothing(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn without_a_word_the_defaults_hold() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::load(in_directory(dir.path()), nothing).unwrap();
        assert_eq!(config.listen.value, ["[::]:2222".parse().unwrap()]);
        assert_eq!(config.listen.origin, Origin::Default);
        assert_eq!(config.log.value, "info");
        assert_eq!(config.log_format.value, LogFormat::Text);
        assert_eq!(config.public_host.value, None);
        assert_eq!(config.database(), dir.path().join("ringdown.db"));
    }

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_file() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(
            dir.path().join("ringdown.toml"),
            "log = \"warn\"\nlog_format = \"json\"\nlisten = [\"127.0.0.1:1\", \"[::1]:1\"]\n",
        )
        .unwrap();
        let flags = Flags {
            listen: vec!["127.0.0.1:3".into(), "127.0.0.1:4".into()],
            ..in_directory(dir.path())
        };
        let env = |name: &str| match name {
            "RINGDOWN_LISTEN" => Some("127.0.0.1:2".into()),
            "RINGDOWN_LOG" => Some("debug".into()),
            "RINGDOWN_LOG_FORMAT" => Some(String::new()),
            _ => None,
        };
        let config = Config::load(flags, env).unwrap();
        assert_eq!(
            config.listen.value,
            [
                "127.0.0.1:3".parse().unwrap(),
                "127.0.0.1:4".parse().unwrap()
            ]
        );
        assert_eq!(config.listen.origin.to_string(), "--listen");
        assert_eq!(config.log.value, "debug");
        assert_eq!(config.log.origin.to_string(), "RINGDOWN_LOG");
        assert_eq!(config.log_format.value, LogFormat::Json);
        assert_eq!(
            config.log_format.origin,
            Origin::File {
                path: config.toml(),
                line: 2
            }
        );
    }

    #[test]
    fn a_bad_value_names_where_it_stands() {
        let dir = tempfile::tempdir().unwrap();
        let env = |name: &str| (name == "RINGDOWN_LISTEN").then(|| "here".to_owned());
        let error = Config::load(in_directory(dir.path()), env).unwrap_err();
        assert_eq!(
            error.to_string(),
            "RINGDOWN_LISTEN: \"here\" is not ADDRESS:PORT, such as 0.0.0.0:2222"
        );
    }

    #[test]
    fn sysop_keys_are_lines() {
        let dir = tempfile::tempdir().unwrap();
        let env = |name: &str| {
            (name == "RINGDOWN_SYSOP_KEYS").then(|| "# me\nssh-ed25519 A\n\nssh-rsa B\n".into())
        };
        let config = Config::load(in_directory(dir.path()), env).unwrap();
        assert_eq!(config.sysop_keys.value, ["ssh-ed25519 A", "ssh-rsa B"]);
    }

    #[test]
    fn the_words_of_a_command_are_taken_as_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::load(in_directory(dir.path()), nothing).unwrap();
        assert!(config.notify_command.value.is_empty());
        std::fs::write(
            config.toml(),
            "notify_command = [\"/usr/local/bin/tell\", \"#board\", \"two\\nlines, and $HOME\"]\n",
        )
        .unwrap();
        let config = Config::load(in_directory(dir.path()), nothing).unwrap();
        assert_eq!(
            config.notify_command.value,
            ["/usr/local/bin/tell", "#board", "two\nlines, and $HOME"]
        );
        let env = |name: &str| {
            (name == "RINGDOWN_NOTIFY_COMMAND").then(|| "tell\n--room\n#board\n".to_owned())
        };
        let config = Config::load(in_directory(dir.path()), env).unwrap();
        assert_eq!(config.notify_command.value, ["tell", "--room", "#board"]);
    }

    #[test]
    fn the_url_of_the_mail_server_is_told_by_the_environment_or_in_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::load(in_directory(dir.path()), nothing).unwrap();
        assert_eq!(config.smtp_url.value, None);
        assert_eq!(config.mail_from.value, "ringdown@localhost");
        std::fs::write(
            dir.path().join("ringdown.toml"),
            "smtp_url_file = \"url\"\n",
        )
        .unwrap();
        let config = Config::load(in_directory(dir.path()), nothing).unwrap();
        assert_eq!(config.smtp_url.value, Some(SmtpUrl::File("url".into())));
        let env = |name: &str| (name == "RINGDOWN_SMTP_URL").then(|| "smtp://u:hush@h".to_owned());
        let config = Config::load(in_directory(dir.path()), env).unwrap();
        assert_eq!(config.smtp_url.origin.to_string(), "RINGDOWN_SMTP_URL");
        assert!(!format!("{config:?}").contains("hush"));
    }
}
