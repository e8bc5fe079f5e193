//! The types a setting can have: how each is read, shown and entered.

use chrono_tz::Tz;

use crate::domain::{
    account::{Role, named},
    certificate::{Authorities, AuthorityProblem},
    email::DomainName,
    registration::{Admission, Mode},
    source::Cidrs,
    text,
};

/// How a value is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of these names.
    Choice(&'static [&'static str]),
    /// One line of text.
    Line,
    /// Several lines.
    Block,
}

/// A type a setting can have.
pub trait Value: Sized {
    /// How it is entered.
    const KIND: Kind;

    /// Reads what a person wrote, or says in a sentence what is wrong with it.
    fn parse(text: &str) -> Result<Self, String>;

    /// Writes it so that [`Value::parse`] reads it again.
    fn show(&self) -> String;
}

impl Value for bool {
    const KIND: Kind = Kind::Choice(&["on", "off"]);

    fn parse(text: &str) -> Result<Self, String> {
        match text.trim() {
            "on" => Ok(true),
            "off" => Ok(false),
            _ => Err("This is either on or off.".into()),
        }
    }

    fn show(&self) -> String {
        if *self { "on" } else { "off" }.into()
    }
}

impl Value for u32 {
    const KIND: Kind = Kind::Line;

    fn parse(text: &str) -> Result<Self, String> {
        text.trim()
            .parse()
            .map_err(|_| "This is a whole number, 0 or more.".into())
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// One line, cleaned.
impl Value for text::Line {
    const KIND: Kind = Kind::Line;

    fn parse(text: &str) -> Result<Self, String> {
        Self::parse_or_empty(text, 200)
            .map_err(|_| "That is too long: 200 characters at most.".into())
    }

    fn show(&self) -> String {
        self.as_str().to_owned()
    }
}

/// Several lines, cleaned.
impl Value for text::Block {
    const KIND: Kind = Kind::Block;

    fn parse(text: &str) -> Result<Self, String> {
        Self::parse_or_empty(text, 4000)
            .map_err(|_| "That is too long: 4000 characters at most.".into())
    }

    fn show(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Value for Tz {
    const KIND: Kind = Kind::Line;

    fn parse(text: &str) -> Result<Self, String> {
        text.trim()
            .parse()
            .map_err(|_| "That isn't a time zone's name. They look like Europe/Berlin.".into())
    }

    fn show(&self) -> String {
        self.name().to_owned()
    }
}

impl Value for Cidrs {
    const KIND: Kind = Kind::Line;

    fn parse(text: &str) -> Result<Self, String> {
        Self::parse(text)
            .map_err(|_| "These are networks like 10.0.0.0/8, separated by commas.".into())
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for Vec<DomainName> {
    const KIND: Kind = Kind::Line;

    fn parse(text: &str) -> Result<Self, String> {
        text.split([',', '\n'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| {
                DomainName::parse(part).map_err(|_| {
                    "These are domains like example.org, separated by commas.".to_owned()
                })
            })
            .collect()
    }

    fn show(&self) -> String {
        self.iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// Roles, each once, from the least on.
impl Value for Vec<Role> {
    const KIND: Kind = Kind::Line;

    fn parse(text: &str) -> Result<Self, String> {
        let named = |part| {
            Role::named(part).ok_or_else(|| {
                let names: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
                format!("These are of {}, separated by commas.", names.join(", "))
            })
        };
        let parts = text.split([',', '\n']).map(str::trim);
        let mut roles = parts
            .filter(|part| !part.is_empty())
            .map(named)
            .collect::<Result<Self, _>>()?;
        roles.sort_unstable();
        roles.dedup();
        Ok(roles)
    }

    fn show(&self) -> String {
        let names: Vec<_> = self.iter().map(|role| role.name()).collect();
        names.join(", ")
    }
}

impl Value for Authorities {
    const KIND: Kind = Kind::Block;

    fn parse(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|problem| match problem {
            AuthorityProblem::Key { line, .. } => format!(
                "Line {line} is no public key that is accepted. They look like the line in a \
                 .pub file."
            ),
            AuthorityProblem::Many => "Eight authorities are the most.".into(),
        })
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// A setting that is one of a few names.
macro_rules! choice {
    ($type:ty, $names:expr) => {
        impl Value for $type {
            const KIND: Kind = Kind::Choice($names);

            fn parse(text: &str) -> Result<Self, String> {
                Self::named(text.trim())
                    .ok_or_else(|| format!("This is one of {}.", $names.join(", ")))
            }

            fn show(&self) -> String {
                self.name().to_owned()
            }
        }
    };
}

named! {
    /// From which role on something is allowed.
    Generators {
        /// Sysops only.
        SysopOnly = "sysop_only",
        /// Mods and sysops.
        Mods = "mods",
        /// Every member.
        AnyUser = "any_user",
    }
}

named! {
    /// Who decides about requests.
    Deciders {
        /// Sysops only.
        SysopOnly = "sysop_only",
        /// Mods and sysops.
        Mods = "mods",
    }
}

named! {
    /// A set of colours.
    #[derive(Default)]
    Theme {
        /// Soft white on the terminal's dark, amber accent.
        #[default]
        Night = "night",
        /// Ink for light terminals.
        Paper = "paper",
        /// The strongest there is.
        Contrast = "contrast",
        /// An amber tube.
        Amber = "amber",
        /// A green tube.
        Green = "green",
        /// No colours.
        Mono = "mono",
    }
}

choice!(
    Theme,
    &["night", "paper", "contrast", "amber", "green", "mono"]
);

named! {
    /// Whether letters are sent.
    DeliveryMode {
        /// When a mail server is configured.
        Auto = "auto",
        /// Always; the letters wait if the mail server is taken away.
        Email = "email",
        /// Never.
        NoEmail = "no_email",
    }
}

choice!(DeliveryMode, &["auto", "email", "no_email"]);
choice!(Generators, &["sysop_only", "mods", "any_user"]);
choice!(Deciders, &["sysop_only", "mods"]);
choice!(Admission, &["auto", "queue"]);
choice!(Mode, &["sysop_approved", "invite_only", "open", "closed"]);

/// An additional rule for handles: a regular expression in linear time, which
/// the program anchors at both ends.
#[derive(Clone, Debug, Default)]
pub struct Pattern(Option<regex::Regex>);

/// A compiled pattern's size; a pattern for twenty letters needs far less.
const PATTERN_BYTES: usize = 64 * 1024;

impl Pattern {
    /// Whether `handle` is allowed.
    pub fn allows(&self, handle: &str) -> bool {
        self.0
            .as_ref()
            .is_none_or(|pattern| pattern.is_match(handle))
    }
}

impl Value for Pattern {
    const KIND: Kind = Kind::Line;

    fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self(None));
        }
        regex::RegexBuilder::new(&format!("^(?:{text})$"))
            .size_limit(PATTERN_BYTES)
            .build()
            .map(|pattern| Self(Some(pattern)))
            .map_err(|_| "This regular expression doesn't compile, or is too large.".into())
    }

    fn show(&self) -> String {
        self.0
            .as_ref()
            .and_then(|pattern| pattern.as_str().strip_prefix("^(?:")?.strip_suffix(")$"))
            .unwrap_or_default()
            .to_owned()
    }
}

/// Something an applicant is asked.
pub type Question = text::Line;

/// At most three questions, one a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Questions(pub Vec<Question>);

impl Value for Questions {
    const KIND: Kind = Kind::Block;

    fn parse(text: &str) -> Result<Self, String> {
        let questions = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| {
                Question::parse(line, 100)
                    .map_err(|_| "A question has at most 100 characters.".to_owned())
            })
            .collect::<Result<Vec<_>, _>>()?;
        if questions.len() > 3 {
            return Err("Ask at most three questions, one a line.".into());
        }
        Ok(Self(questions))
    }

    fn show(&self) -> String {
        self.0
            .iter()
            .map(text::Line::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    }
}
