//! The sysop's own program, as the configuration tells it.

use crate::{
    config::{self, Config},
    notifier::{ENVIRONMENT, LIMIT, Notifier},
    words::start,
};

/// Returns what starts it, if one is configured.
pub(super) fn notifier(config: &Config) -> Option<Notifier> {
    let known = ENVIRONMENT.into_iter();
    let environment = known.filter_map(|name| Some((name, config::environment(name)?)));
    Notifier::new(&config.notify_command.value, environment.collect(), LIMIT)
}

/// Returns what is wrong with it. That is no reason not to serve: what there is to
/// tell is tried again for a day.
pub(super) fn complaint(config: &Config) -> Option<String> {
    let problem = notifier(config)?.check().err()?;
    let origin = config.notify_command.origin.to_string();
    Some(start::notify_command_unusable(
        &origin,
        &problem.to_string(),
    ))
}
