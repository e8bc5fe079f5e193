//! Reading and changing settings.

use std::sync::Arc;

use super::{Bbs, Ruling, authorize, letter};
use crate::{
    domain::{
        actor::Actor,
        clock::Timestamp,
        event::Event,
        policy::{Capability, Permit},
        refusal::Refusal,
    },
    settings::{Key, Settings},
    store::{
        self, Fault, Read, Tx, View,
        audit::{Act, record},
    },
};

/// A setting as it stands.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Which.
    pub key: Key,
    /// Its value as text.
    pub value: String,
    /// What it would be if nobody had changed it.
    pub default: String,
    /// Who changed it last, and when.
    pub changed: Option<(String, Timestamp)>,
}

/// Reads all settings in a transaction.
pub(super) fn load(read: &View<'_>) -> Result<Settings, Fault> {
    current(read)
}

/// Reads all settings as they stand in this transaction.
pub(super) fn current(read: &impl Read) -> Result<Settings, Fault> {
    let mut settings = Settings::default();
    for changed in store::setting::all(read)? {
        // A value that an older program accepted and this one does not is left
        // at its default; the log says so.
        if let Some(key) = Key::named(&changed.key)
            && let Err(problem) = settings.set(key, &changed.value)
        {
            tracing::warn!(setting = %changed.key, %problem, "a stored setting is not usable");
        }
    }
    Ok(settings)
}

/// Keeps the value that a setting has in `new`, and writes the change down;
/// says whether there is one.
pub(super) fn keep(
    tx: &Tx<'_>,
    permit: &Permit,
    key: Key,
    old: &Settings,
    new: &Settings,
) -> Result<bool, Fault> {
    let (before, after) = (old.show(key), new.show(key));
    if before == after {
        return Ok(false);
    }
    store::setting::put(tx, key.name(), &after, permit.name())?;
    record(
        tx,
        permit,
        Act {
            action: "setting.change",
            object: &format!("setting {}", key.name()),
            before: Some(&before),
            after: Some(&after),
            reason: None,
        },
    )?;
    Ok(true)
}

impl Bbs {
    /// Returns every setting.
    pub async fn list_settings(&self, actor: &Actor) -> Ruling<Vec<Setting>> {
        let actor = actor.clone();
        self.ask(move |view| {
            let settings = current(view)?;
            authorize(view, &actor, Capability::ManageSettings, &settings)?;
            let changed = store::setting::all(view)?;
            let defaults = Settings::default();
            let describe = |&key: &Key| Setting {
                key,
                value: settings.show(key),
                default: defaults.show(key),
                changed: changed
                    .iter()
                    .find(|one| one.key == key.name())
                    .map(|one| (one.by.clone(), one.at)),
            };
            Ok(Key::ALL.iter().map(describe).collect())
        })
        .await
    }

    /// Changes a setting. `seen` is the value the change was made from: another
    /// one in the file means that somebody was faster.
    pub async fn change_setting(
        &self,
        actor: &Actor,
        key: Key,
        text: &str,
        seen: Option<&str>,
    ) -> Ruling<String> {
        let (actor, text, seen) = (actor.clone(), text.to_owned(), seen.map(str::to_owned));
        let publish = self.settings.clone();
        self.decide(move |tx| {
            let mut settings = current(tx)?;
            let permit = authorize(tx, &actor, Capability::ManageSettings, &settings)?;
            let old = settings.clone();
            let before = old.show(key);
            if let Some(seen) = seen
                && seen != before
            {
                let by =
                    store::setting::one(tx, key.name())?.map_or_else(String::new, |one| one.by);
                return Err(Refusal::SettingChanged { by, value: before }.into());
            }
            settings.set(key, &text).map_err(Refusal::SettingRefused)?;
            let needs_mail = matches!(key, Key::DeliveryMode | Key::RequireEmailVerification);
            if needs_mail && !letter::check_mode(tx, &settings)? {
                return Err(Refusal::MailOff.into());
            }
            let after = settings.show(key);
            if keep(tx, &permit, key, &old, &settings)? {
                tx.after_commit(move || {
                    publish.send_replace(Arc::new(settings));
                });
                tx.emit(Event::SettingsChanged);
                if matches!(key, Key::EmailAllowDomains | Key::EmailDenyDomains) {
                    letter::unblock(tx)?;
                }
            }
            Ok(after)
        })
        .await
    }
}
