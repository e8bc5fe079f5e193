//! The user name of an SSH login: where a caller wants to go, never who they
//! are. It proves nothing and looks nothing up.

use super::secret::Secret;

/// The longest user name that is read; a longer one is nobody's.
const LONGEST: usize = 64;

/// What follows `join`, `claim`, `key` or `recover` before its code.
const SEPARATORS: [char; 5] = ['-', '.', '+', ' ', ':'];

/// What a user name asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DoorName {
    /// `new`: the wizard.
    New,
    /// `join`: the wizard, for somebody with an invite.
    Join,
    /// `register`: the wizard.
    Register,
    /// `apply`: the wizard.
    Apply,
    /// `join-CODE`: the wizard with this invite.
    JoinCode(Secret<String>),
    /// `claim-CODE`: the board is to be claimed.
    ClaimCode(Secret<String>),
    /// `key-CODE`: this key belongs to the account that made the code.
    KeyCode(Secret<String>),
    /// `recover-CODE`: whoever has the code chooses a new password.
    RecoverCode(Secret<String>),
    /// `guest`: looking round, never logged in.
    Guest,
    /// A handle, or nothing: printable ASCII without blanks, not empty.
    Other(String),
    /// A name that can be no handle: empty, too long or with odd characters.
    Nobody,
}

impl DoorName {
    /// Reads a user name as the client sent it; letters of the fixed names are
    /// case-blind.
    pub fn parse(user: &str) -> Self {
        if user.is_empty() || user.len() > LONGEST {
            return Self::Nobody;
        }
        let lower = user.to_ascii_lowercase();
        match lower.as_str() {
            "new" => return Self::New,
            "join" => return Self::Join,
            "register" => return Self::Register,
            "apply" => return Self::Apply,
            "guest" => return Self::Guest,
            _ => {}
        }
        let code = |verb: &str| {
            let rest = lower.strip_prefix(verb)?.strip_prefix(SEPARATORS)?;
            // The code's own parser forgives letters of either case.
            (!rest.is_empty()).then(|| Secret::new(rest.to_owned()))
        };
        if let Some(code) = code("join") {
            Self::JoinCode(code)
        } else if let Some(code) = code("claim") {
            Self::ClaimCode(code)
        } else if let Some(code) = code("key") {
            Self::KeyCode(code)
        } else if let Some(code) = code("recover") {
            Self::RecoverCode(code)
        } else if user.bytes().all(|byte| byte.is_ascii_graphic()) {
            Self::Other(user.to_owned())
        } else {
            Self::Nobody
        }
    }

    /// Returns a word for logs that repeats nothing a stranger wrote.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Join => "join",
            Self::Register => "register",
            Self::Apply => "apply",
            Self::JoinCode(_) => "join-code",
            Self::ClaimCode(_) => "claim-code",
            Self::KeyCode(_) => "key-code",
            Self::RecoverCode(_) => "recover-code",
            Self::Guest => "guest",
            Self::Other(_) => "other",
            Self::Nobody => "nobody",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_names_are_case_blind() {
        assert_eq!(DoorName::parse("new"), DoorName::New);
        assert_eq!(DoorName::parse("Join"), DoorName::Join);
        assert_eq!(DoorName::parse("REGISTER"), DoorName::Register);
        assert_eq!(DoorName::parse("apply"), DoorName::Apply);
        assert_eq!(DoorName::parse("guest"), DoorName::Guest);
    }

    #[test]
    fn a_code_may_follow_any_usual_separator() {
        let code = Secret::new("abcde-fghij".to_owned());
        for name in [
            "join-ABCDE-FGHIJ",
            "join.abcde-fghij",
            "JOIN+ABCDE-FGHIJ",
            "join ABCDE-FGHIJ",
            "join:ABCDE-FGHIJ",
        ] {
            assert_eq!(
                DoorName::parse(name),
                DoorName::JoinCode(code.clone()),
                "{name}"
            );
        }
        assert_eq!(
            DoorName::parse("claim-abcde-fghij"),
            DoorName::ClaimCode(code.clone())
        );
        assert_eq!(
            DoorName::parse("key-abcde-fghij"),
            DoorName::KeyCode(code.clone())
        );
        assert_eq!(
            DoorName::parse("recover-abcde-fghij"),
            DoorName::RecoverCode(code)
        );
    }

    #[test]
    fn a_name_that_only_begins_like_a_fixed_one_is_a_handle() {
        for name in ["joiner", "newton", "keyring", "claims", "join-"] {
            assert_eq!(DoorName::parse(name), DoorName::Other(name.to_owned()));
        }
    }

    #[test]
    fn hostile_names_are_nobody() {
        for name in [
            "",
            "op\u{1b}[2Jal",
            "op al",
            "opal\n",
            "öpal",
            "op\u{200b}al",
            &"x".repeat(65),
            &"join-".repeat(20_000),
        ] {
            assert_eq!(DoorName::parse(name), DoorName::Nobody);
        }
    }

    #[test]
    fn neither_debug_nor_kind_tells_a_code() {
        let name = DoorName::parse("join-abcde-fghij");
        assert!(!format!("{name:?} {}", name.kind()).contains("abcde"));
    }
}
