//! `user keys`: the public keys of an account, for which the operator vouches.

use std::path::PathBuf;

use super::{Desk, DryRun, Input, failure::Failure, file, out::table, shape::Key, user::find};
use crate::{
    app::Stop,
    domain::{key::PublicKey, refusal::Refusal},
    words,
};

/// What can be done with the keys of an account.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum Command {
    /// List the keys of an account.
    List {
        /// Whose.
        handle: String,
    },
    /// Add a key to an account
    ///
    /// You vouch that it is theirs.
    Add {
        /// Whose.
        handle: String,
        /// The file of the public key, or - for standard input.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        #[command(flatten)]
        dry: DryRun,
    },
    /// Remove a key from an account, unless it is the only way in.
    Remove {
        /// Whose.
        handle: String,
        /// The key's fingerprint, as `user keys list` shows it.
        fingerprint: String,
        #[command(flatten)]
        dry: DryRun,
    },
}

impl Command {
    /// Returns what it reads besides its arguments.
    pub(super) fn input(&self) -> Input {
        match self {
            Self::Add { key, .. } => file(key),
            Self::List { .. } | Self::Remove { .. } => Input::Nothing,
        }
    }
}

impl Key {
    /// Returns the key in a line.
    pub(super) fn line(&self) -> String {
        let Self {
            fingerprint,
            kind,
            label,
            ..
        } = self;
        format!("{fingerprint} {kind} {label}")
            .trim_end()
            .to_owned()
    }
}

pub(super) async fn run(desk: &mut Desk<'_>, command: Command) -> Result<(), Failure> {
    match command {
        Command::List { handle } => list(desk, &handle).await,
        Command::Add { handle, dry, .. } => add(desk, &handle, dry).await,
        Command::Remove {
            handle,
            fingerprint,
            dry,
        } => remove(desk, &handle, &fingerprint, dry).await,
    }
}

/// Reads a public key as the use cases will.
pub(super) fn from_line(text: &str) -> Result<PublicKey, Failure> {
    PublicKey::parse(text).map_err(|problem| Stop::from(Refusal::KeyUnusable(problem)).into())
}

async fn list(desk: &mut Desk<'_>, handle: &str) -> Result<(), Failure> {
    let detail = find(desk, handle).await?;
    let keys: Vec<_> = detail.keys.iter().map(Key::from).collect();
    if keys.is_empty() {
        desk.out.note(&words::command::nothing());
    }
    desk.out.many(&keys, |keys| {
        let row = |key: &Key| {
            let used = key.last_used_at.map(|at| at.to_string());
            [
                key.fingerprint.clone(),
                key.kind.clone(),
                if key.proven { "yes" } else { "no" }.to_owned(),
                key.added_at.to_string(),
                used.unwrap_or_else(|| "never".to_owned()),
                key.label.clone(),
            ]
        };
        let rows: Vec<_> = keys.iter().map(row).collect();
        table(
            [
                "FINGERPRINT",
                "TYPE",
                "PROVEN",
                "ADDED",
                "LAST USED",
                "LABEL",
            ],
            &rows,
        )
    });
    Ok(())
}

async fn add(desk: &mut Desk<'_>, handle: &str, dry: DryRun) -> Result<(), Failure> {
    let text = desk.input()?;
    let detail = find(desk, handle).await?;
    let board = desk.board(dry);
    let added = board
        .add_key_to(desk.actor, detail.account.id, &text)
        .await?;
    let key = Key::vouched(&added, desk.bbs.clock().now());
    desk.out
        .one(&key, |key| format!("{handle}: {}\n", key.line()));
    Ok(())
}

async fn remove(
    desk: &mut Desk<'_>,
    handle: &str,
    fingerprint: &str,
    dry: DryRun,
) -> Result<(), Failure> {
    let detail = find(desk, handle).await?;
    let key = detail
        .keys
        .iter()
        .find(|key| key.fingerprint == fingerprint);
    let key = key.ok_or(Stop::Refused(Refusal::NoSuchKey))?;
    let board = desk.board(dry);
    let id = detail.account.id;
    board.remove_key_of(desk.actor, id, key.id).await?;
    desk.out.one(&Key::from(key), |key| {
        format!("{handle}: removed {}\n", key.line())
    });
    Ok(())
}
