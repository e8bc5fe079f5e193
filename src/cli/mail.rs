//! The way letters leave this process, as the configuration tells it. The URL
//! is a secret from here on.

use super::stop::Stop;
use crate::{
    config::{Config, SmtpUrl},
    domain::secret::Secret,
    mailer::{Limits, Mailer, MailerProblem},
    secret_file,
    words::start,
};

/// Returns the mailer, if the configuration names a mail server.
pub(super) fn mailer(config: &Config) -> Result<Option<Mailer>, Stop> {
    let origin = config.smtp_url.origin.to_string();
    let url = match &config.smtp_url.value {
        None => return Ok(None),
        Some(SmtpUrl::Given(url)) => Secret::new(url.clone()),
        Some(SmtpUrl::File(path)) => {
            // A path in `ringdown.toml` begins in the data directory.
            let read = secret_file::read(&config.data.value.join(path));
            let unreadable = |reason: &dyn std::fmt::Display| {
                start::mail_url_unreadable(&origin, &reason.to_string())
            };
            let bytes = read.map_err(|error| Stop::usage(unreadable(&error)))?;
            let text = String::from_utf8(bytes.into_exposed())
                .map_err(|_| Stop::usage(unreadable(&"it is no text")))?;
            Secret::new(text)
        }
    };
    let mailer = Mailer::new(&url, &config.mail_from.value, Limits::default());
    mailer.map(Some).map_err(|problem| {
        let origin = match problem {
            MailerProblem::Url(_) => origin,
            MailerProblem::From => config.mail_from.origin.to_string(),
        };
        Stop::usage(start::mail_unusable(&origin, &problem.to_string()))
    })
}

/// Returns the mailer for a command, which mostly needs none: a way that is not
/// one now keeps letters waiting, and nobody from looking at the board.
pub(super) fn mailer_or_why_not(config: &Config) -> Option<Mailer> {
    mailer(config).unwrap_or_else(|stop| Mailer::unusable(&stop.sentence).ok())
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

    use super::*;
    use crate::config::Flags;

    fn configured(data: &Path, variables: &[(&str, &str)]) -> Config {
        let flags = Flags {
            data: Some(data.to_owned()),
            ..Flags::default()
        };
        let env = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Config::load(flags, env).unwrap()
    }

    #[test]
    fn threat_49_a_url_that_others_may_read_is_refused_and_never_repeated() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("smtp-url");
        fs::write(&file, "smtp://board:hush@mail.example.org\n").unwrap();
        let config = configured(dir.path(), &[("RINGDOWN_SMTP_URL_FILE", "smtp-url")]);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let refused = mailer(&config).unwrap_err().sentence;
        assert!(refused.contains("smtp-url has mode 644"), "{refused}");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let found = mailer(&config).unwrap().unwrap();
        assert_eq!(found.to_string(), "smtp://mail.example.org");
        fs::write(&file, "smtp://board:hush@mail.example.org?tls=perhaps").unwrap();
        let refused = mailer(&config).unwrap_err().sentence;
        assert!(refused.contains("tls=required"), "{refused}");
        assert!(!refused.contains("hush"), "{refused}");
    }

    #[test]
    fn without_a_url_there_is_no_mailer_and_a_bad_sender_is_named() {
        let dir = tempfile::tempdir().unwrap();
        assert!(mailer(&configured(dir.path(), &[])).unwrap().is_none());
        let variables = [
            ("RINGDOWN_SMTP_URL", "file:///tmp"),
            ("RINGDOWN_MAIL_FROM", "nobody"),
        ];
        let refused = mailer(&configured(dir.path(), &variables)).unwrap_err();
        assert!(
            refused
                .sentence
                .starts_with("RINGDOWN_MAIL_FROM makes no way")
        );
        assert!(mailer_or_why_not(&configured(dir.path(), &[])).is_none());
        let waits = mailer_or_why_not(&configured(dir.path(), &variables)).unwrap();
        assert_eq!(waits.to_string(), "unusable");
    }
}
