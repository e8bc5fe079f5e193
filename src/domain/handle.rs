//! Handles: the names callers go by. Whether one is taken is not known here.

use serde::Serialize;

/// Handles that nobody may have, whatever they look like.
pub const RESERVED: &[&str] = &[
    "sysop",
    "root",
    "admin",
    "mod",
    "staff",
    "system",
    "bbs",
    "guest",
    "new",
    "join",
    "apply",
    "register",
    "claim",
    "key",
    "recover",
    "postmaster",
    "abuse",
    "security",
    "noreply",
    "all",
    "everyone",
    "deleted",
    "me",
];

/// Beginnings that nobody's handle may have: `ssh join-CODE@host` is a door.
pub const RESERVED_BEGINNINGS: &[&str] = &["join-", "claim-", "key-", "recover-"];

/// The reserved handles that are free for whoever claims the board.
pub const FOR_THE_CLAIM: &[&str] = &["sysop", "admin"];

const MIN: usize = 2;
const MAX: usize = 20;

/// The text is not a legal handle (H2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a legal handle")]
pub struct HandleProblem;

/// Whether the handle is for somebody who claims the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claiming {
    /// It is: they may be called sysop.
    Yes,
    /// It is for anybody else.
    No,
}

/// A legal handle as its owner spells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Handle(String);

impl Handle {
    /// Reads `[A-Za-z][A-Za-z0-9_-]{0,18}[A-Za-z0-9]` (H2).
    pub fn parse(text: &str) -> Result<Self, HandleProblem> {
        let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
        let ends = text.ends_with(|c: char| c.is_ascii_alphanumeric());
        let between = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if begins && ends && (MIN..=MAX).contains(&text.len()) && text.chars().all(between) {
            Ok(Self(text.to_owned()))
        } else {
            Err(HandleProblem)
        }
    }

    /// Returns the handle as its owner spells it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the case-folded form, by which handles are unique (H1).
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Returns what the handle looks like (H5): two handles with one skeleton
    /// are easily taken for each other.
    pub fn skeleton(&self) -> String {
        skeleton(&self.0)
    }
}

impl std::fmt::Display for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// Whether `handle` looks like a name of the house (H6).
pub fn is_reserved(handle: &Handle, site_name: &str, claiming: Claiming) -> bool {
    if claiming == Claiming::Yes && FOR_THE_CLAIM.contains(&handle.key().as_str()) {
        return false;
    }
    let looks = handle.skeleton();
    RESERVED.iter().any(|name| looks == skeleton(name))
        || RESERVED_BEGINNINGS
            .iter()
            .any(|beginning| looks.starts_with(&skeleton(beginning)))
        || is_site(&looks, &skeleton(site_name))
}

/// Whether two skeletons are one name, however it is punctuated.
fn is_site(handle: &str, site: &str) -> bool {
    let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    letters(handle) == letters(site)
}

/// Returns the skeleton of UTS #39, lower-cased before and after (the table
/// sends `0` to `O`), with `i` and `l` as one letter: a capital `I` is a small
/// `l` in most fonts, and lower-casing hides it from the table.
fn skeleton(text: &str) -> String {
    unicode_security::skeleton(&text.to_lowercase())
        .collect::<String>()
        .to_lowercase()
        .replace('i', "l")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handle(text: &str) -> Handle {
        Handle::parse(text).unwrap()
    }

    fn is_reserved_here(text: &str) -> bool {
        is_reserved(&handle(text), "The Opal Board", Claiming::No)
    }

    #[test]
    fn h2_legal_handles_are_read_as_they_are_spelt() {
        for text in ["ab", "Ada", "a1", "a_b", "x--9", "abcdefghij0123456789"] {
            assert_eq!(handle(text).as_str(), text);
        }
    }

    #[test]
    fn h2_everything_else_is_not_a_handle() {
        for text in [
            "",
            "a",
            "1a",
            "_a",
            "-a",
            "a_",
            "a-",
            "a b",
            " ab",
            "ab\n",
            "a.b",
            "äb",
            "аb",
            "a\u{200B}b",
            "abcdefghij01234567890",
        ] {
            assert_eq!(Handle::parse(text), Err(HandleProblem), "{text:?}");
        }
    }

    #[test]
    fn h1_handles_that_differ_in_case_have_one_key() {
        assert_eq!(handle("Ada").key(), handle("aDA").key());
    }

    #[test]
    fn look_alikes_have_one_skeleton() {
        for (one, other) in [
            ("modem", "rnodern"),
            ("modem", "modern"),
            ("il", "I1"),
            ("opal", "OpaI"),
            ("opal", "opa1"),
            ("opal", "oPaL"),
            ("ada0", "adaO"),
        ] {
            assert_eq!(handle(one).skeleton(), handle(other).skeleton(), "{other}");
        }
        assert_ne!(handle("ada").skeleton(), handle("adah").skeleton());
    }

    #[test]
    fn h6_the_names_of_the_house_are_reserved() {
        for name in RESERVED {
            assert!(is_reserved_here(name), "{name}");
            assert!(is_reserved_here(&name.to_uppercase()), "{name}");
        }
    }

    #[test]
    fn h5_what_looks_like_a_name_of_the_house_is_reserved() {
        for name in [
            "sys0p",
            "SYS0P",
            "r00t",
            "rO0t",
            "adm1n",
            "admln",
            "AdmIn",
            "adrnin",
            "rnod",
            "rne",
            "a11",
            "A1l",
            "aI1",
            "sYsteM",
            "systern",
            "guesT",
            "recOver",
            "n0reply",
            "postrnaster",
            "Jo1n",
            "cIaim",
            "cla1m",
            "eveRy0ne",
        ] {
            assert!(is_reserved_here(name), "{name}");
        }
    }

    #[test]
    fn doors_and_what_looks_like_doors_are_reserved() {
        for name in [
            "join-me",
            "JOIN-7kq2m",
            "jo1n-x1",
            "claim-x",
            "key-9",
            "recover-it",
        ] {
            assert!(is_reserved_here(name), "{name}");
        }
    }

    #[test]
    fn the_name_of_the_site_is_reserved_however_it_is_punctuated() {
        for name in ["TheOpalBoard", "the-opal-board", "the_0pal_board"] {
            assert!(is_reserved_here(name), "{name}");
        }
        assert!(!is_reserved(&handle("ada"), "", Claiming::No));
    }

    #[test]
    fn ordinary_names_are_free() {
        for name in [
            "ada", "modem", "joiner", "keyboard", "sysops", "opal", "newbie", "mel",
        ] {
            assert!(!is_reserved_here(name), "{name}");
        }
    }

    #[test]
    fn whoever_claims_the_board_may_be_its_sysop_and_no_look_alike() {
        let is_reserved = |name| is_reserved(&handle(name), "Ringdown", Claiming::Yes);
        assert!(!is_reserved("sysop"));
        assert!(!is_reserved("Admin"));
        assert!(is_reserved("sys0p"));
        assert!(is_reserved("root"));
    }

    #[test]
    fn a_handle_is_padded_like_any_text() {
        assert_eq!(format!("{:<5}|", handle("ada")), "ada  |");
    }
}
