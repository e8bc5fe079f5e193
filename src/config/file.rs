//! `ringdown.toml`: what it may say, and on which line it said it. It checks no
//! values.

use std::{
    io,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use toml::Spanned;

use super::{ConfigError, Origin, Sourced};

/// The entries of the file, as TOML has them.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entries {
    listen: Option<Spanned<Vec<String>>>,
    log: Option<Spanned<String>>,
    log_format: Option<Spanned<String>>,
    public_host: Option<Spanned<String>>,
    sysop_keys: Option<Spanned<Vec<String>>>,
    backup_dir: Option<Spanned<String>>,
    smtp_url_file: Option<Spanned<String>>,
    mail_from: Option<Spanned<String>>,
    notify_command: Option<Spanned<Vec<String>>>,
}

/// What the file says; a list is one text, as it would be in the environment,
/// but for the command, whose words may hold anything.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) listen: Option<Sourced<String>>,
    pub(super) log: Option<Sourced<String>>,
    pub(super) log_format: Option<Sourced<String>>,
    pub(super) public_host: Option<Sourced<String>>,
    pub(super) sysop_keys: Option<Sourced<String>>,
    pub(super) backup_dir: Option<Sourced<PathBuf>>,
    pub(super) smtp_url: Option<Sourced<String>>,
    pub(super) mail_from: Option<Sourced<String>>,
    pub(super) notify_command: Option<Sourced<Vec<String>>>,
}

impl File {
    /// Reads the file at `path`; no file says nothing.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(path, &text),
            // Without its directory there is no file, either; whoever opens the
            // directory says so.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Ok(Self::default())
            }
            Err(reason) => Err(ConfigError::Unreadable {
                path: path.to_owned(),
                reason,
            }),
        }
    }

    fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let entries: Entries = toml::from_str(text).map_err(|error| ConfigError::File {
            path: path.to_owned(),
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            message: error.message().to_owned(),
        })?;
        let origin = |offset: usize| Origin::File {
            path: path.to_owned(),
            line: line_of(text, offset),
        };
        let one = |value: Spanned<String>| Sourced {
            origin: origin(value.span().start),
            value: value.into_inner(),
        };
        let words = |values: Spanned<Vec<String>>| Sourced {
            origin: origin(values.span().start),
            value: values.into_inner(),
        };
        let list = |values, separator| words(values).map(|values| values.join(separator));
        Ok(Self {
            listen: entries.listen.map(|values| list(values, ",")),
            log: entries.log.map(one),
            log_format: entries.log_format.map(one),
            public_host: entries.public_host.map(one),
            smtp_url: entries.smtp_url_file.map(one),
            mail_from: entries.mail_from.map(one),
            sysop_keys: entries.sysop_keys.map(|values| list(values, "\n")),
            backup_dir: entries
                .backup_dir
                .map(|value| one(value).map(PathBuf::from)),
            notify_command: entries.notify_command.map(words),
        })
    }
}

/// Returns the line, from 1, of a byte of `text`.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text
        .bytes()
        .take(offset)
        .filter(|&byte| byte == b'\n')
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(text: &str) -> String {
        File::parse(Path::new("ringdown.toml"), text)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let complaint = complaint("log = \"info\"\n\nlissten = [\"[::]:22\"]\n");
        assert!(
            complaint.starts_with("ringdown.toml:3: unknown field `lissten`"),
            "{complaint}"
        );
    }

    #[test]
    fn broken_toml_is_named_with_its_line() {
        let complaint = complaint("log = \"info\"\nlog_format = \"json\n");
        assert!(complaint.starts_with("ringdown.toml:2: "), "{complaint}");
    }

    #[test]
    fn a_missing_file_says_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let file = File::read(&dir.path().join("none/ringdown.toml")).unwrap();
        assert!(file.listen.is_none());
    }
}
