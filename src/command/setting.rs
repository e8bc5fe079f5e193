//! `settings`: reading and changing them.

use std::path::PathBuf;

use super::{Desk, DryRun, Input, audit, failure::Failure, file, out::table, shape::Setting};
use crate::{domain::registration::Mode, settings::Key, words};

/// What can be done with settings.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum Command {
    /// List every setting with its value.
    List,
    /// Print the value of one setting.
    Get {
        /// The setting's name, such as `registration_mode`.
        key: String,
    },
    /// Change one setting
    ///
    /// It takes effect at once.
    Set(Set),
    /// Show who changed a setting, when, and how.
    History {
        /// The setting's name, such as `registration_mode`.
        key: String,
    },
}

/// A change.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Set {
    /// The setting's name, such as `registration_mode`.
    key: String,
    /// Its new value; lists are separated by commas.
    #[arg(required_unless_present = "file", allow_hyphen_values = true)]
    value: Option<String>,
    /// Read the new value from a file, or with - from standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "value")]
    file: Option<PathBuf>,
    #[command(flatten)]
    dry: DryRun,
}

impl Command {
    /// Returns what it reads besides its arguments.
    pub(super) fn input(&self) -> Input {
        match self {
            Self::Set(Set {
                file: Some(path), ..
            }) => file(path),
            _ => Input::Nothing,
        }
    }
}

pub(super) async fn run(desk: &mut Desk<'_>, command: Command) -> Result<(), Failure> {
    match command {
        Command::List => {
            let settings = desk.bbs.list_settings(desk.actor).await?;
            let settings: Vec<Setting> = settings.into_iter().map(Setting::from).collect();
            desk.out.many(&settings, listed);
        }
        Command::Get { key } => {
            let setting = one(desk, named(&key)?).await?;
            desk.out.one(&setting, value);
        }
        Command::Set(change) => set(desk, change).await?,
        Command::History { key } => {
            let records = audit::history(desk, "setting", named(&key)?.name()).await?;
            audit::list(desk, &records);
        }
    }
    Ok(())
}

async fn set(desk: &mut Desk<'_>, change: Set) -> Result<(), Failure> {
    let key = named(&change.key)?;
    let text = match change.value {
        Some(value) => value,
        None => desk.input()?,
    };
    let board = desk.board(change.dry);
    let after = board.change_setting(desk.actor, key, &text, None).await?;
    let mut setting = one(desk, key).await?;
    // A dry run has left the old one in the file.
    setting.value = after;
    desk.out.one(&setting, value);
    if key == Key::RegistrationMode && setting.value == Mode::Open.name() {
        desk.out.note(&words::command::anyone_gets_in());
    }
    Ok(())
}

fn named(key: &str) -> Result<Key, Failure> {
    Key::named(key).ok_or_else(missing)
}

async fn one(desk: &Desk<'_>, key: Key) -> Result<Setting, Failure> {
    let settings = desk.bbs.list_settings(desk.actor).await?;
    let found = settings.into_iter().find(|setting| setting.key == key);
    found.map(Setting::from).ok_or_else(missing)
}

fn missing() -> Failure {
    let hint = "`settings list` shows them.";
    Failure::not_found(words::command::no_such_setting(), hint)
}

fn value(setting: &Setting) -> String {
    format!("{}\n", setting.value)
}

fn listed(settings: &[Setting]) -> String {
    let row = |setting: &Setting| {
        let mut lines = setting.value.lines();
        let first = lines.next().unwrap_or_default();
        let more = if lines.next().is_some() { " …" } else { "" };
        let by = setting.changed_by.clone().unwrap_or_default();
        [setting.key.to_owned(), by, format!("{first}{more}")]
    };
    let rows: Vec<_> = settings.iter().map(row).collect();
    table(["KEY", "CHANGED BY", "VALUE"], &rows)
}
