//! The registry of runtime settings: one declaration each gives type, default,
//! check, help, the command line, the SITE tab and the documents. Nothing here
//! knows where values are kept.

mod catalogue;
mod value;

use serde::Serialize;

pub use catalogue::{Key, Settings};
pub use value::{
    Deciders, DeliveryMode, Generators, Kind, Pattern, Question, Questions, Theme, Value,
};

/// Where a setting stands in the SITE tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Names, texts and the clock.
    Board,
    /// Who gets in.
    Registration,
    /// Codes.
    Invites,
    /// Passwords.
    Passwords,
    /// Connections and sessions.
    Lines,
    /// What the health of the machine is judged by, and the switch that lets
    /// only staff in.
    System,
    /// Mail to people.
    Letters,
    /// Copies of the board.
    Backups,
}

impl Group {
    /// Every group, in the order of the SITE tab.
    pub const ALL: &'static [Self] = &[
        Self::Board,
        Self::Registration,
        Self::Invites,
        Self::Passwords,
        Self::Lines,
        Self::System,
        Self::Letters,
        Self::Backups,
    ];

    /// Returns the heading.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Board => "Board",
            Self::Registration => "Registration",
            Self::Invites => "Invites",
            Self::Passwords => "Passwords",
            Self::Lines => "Lines",
            Self::System => "System",
            Self::Letters => "Letters",
            Self::Backups => "Backups",
        }
    }
}

/// Declares the settings: the struct of their values and the enum of their
/// keys.
macro_rules! settings {
    ($($group:ident { $(
        $name:ident / $variant:ident : $type:ty = $default:expr, $help:literal $(, $check:expr)? ;
    )+ })+) => {
        /// The value of every setting; a snapshot, never changed in place.
        #[derive(Clone, Debug)]
        pub struct Settings {
            $($(#[doc = $help] pub $name: $type,)+)+
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($($name: $default,)+)+ }
            }
        }

        /// The name of a setting.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Key {
            $($(#[doc = $help] $variant,)+)+
        }

        impl Key {
            /// Every key, in the order of the SITE tab.
            pub const ALL: &'static [Self] = &[$($(Self::$variant,)+)+];

            /// Returns the name on the command line and in the file.
            pub const fn name(self) -> &'static str {
                match self { $($(Self::$variant => stringify!($name),)+)+ }
            }

            /// Returns one sentence of help.
            pub const fn help(self) -> &'static str {
                match self { $($(Self::$variant => $help,)+)+ }
            }

            /// Returns where it stands in the SITE tab.
            pub const fn group(self) -> $crate::settings::Group {
                match self { $($(Self::$variant)|+ => $crate::settings::Group::$group,)+ }
            }

            /// Returns how its value is entered.
            pub fn kind(self) -> $crate::settings::Kind {
                match self { $($(Self::$variant => <$type as $crate::settings::Value>::KIND,)+)+ }
            }
        }

        impl Settings {
            /// Returns a value as people write it.
            pub fn show(&self, key: Key) -> String {
                match key { $($(Key::$variant => $crate::settings::Value::show(&self.$name),)+)+ }
            }

            /// Changes one value, or says in a sentence why not.
            pub fn set(&mut self, key: Key, text: &str) -> Result<(), String> {
                match key { $($(Key::$variant => {
                    let value = <$type as $crate::settings::Value>::parse(text)?;
                    $( let check: fn(&$type) -> Result<(), String> = $check; check(&value)?; )?
                    self.$name = value;
                })+)+ }
                self.agree(key)
            }
        }
    };
}
use settings;

impl Key {
    /// Returns the key of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_accepted_as_it_is_shown() {
        let defaults = Settings::default();
        for &key in Key::ALL {
            let shown = defaults.show(key);
            let mut settings = Settings::default();
            assert_eq!(settings.set(key, &shown), Ok(()), "{}", key.name());
            assert_eq!(settings.show(key), shown, "{}", key.name());
        }
    }

    #[test]
    fn names_are_unique_and_every_key_has_help_that_is_a_sentence() {
        for &key in Key::ALL {
            assert_eq!(Key::named(key.name()), Some(key));
            assert!(key.help().ends_with('.'), "{}", key.name());
        }
    }

    #[test]
    fn what_cannot_be_is_refused_with_a_sentence() {
        for (key, text) in [
            (Key::RegistrationMode, "maybe"),
            (Key::InvitationsEnabled, "yes please"),
            (Key::InviteCodeGroups, "1"),
            (Key::PasswordMinLength, "7"),
            (Key::Argon2MemoryKib, "19455"),
            (Key::HandlePattern, "("),
            (Key::EmailAllowDomains, "not a domain"),
            (Key::DoorExempt, "10.0.0.0/33"),
            (Key::TimeZone, "Mars/Olympus"),
            (Key::SiteName, ""),
            (Key::QueueBacklogMax, "-1"),
            (Key::RequestQuestions, "a?\nb?\nc?\nd?"),
        ] {
            let problem = Settings::default().set(key, text).expect_err(key.name());
            assert!(problem.ends_with('.'), "{}: {problem}", key.name());
        }
    }
}
