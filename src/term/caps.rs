//! What a terminal can show, judged by TERM and the environment alone: nothing
//! is ever asked of the terminal, so nothing is waited for.

/// How many colours there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Depth {
    /// 24 bits.
    True,
    /// The 256 of xterm.
    Indexed256,
    /// The 16 of old.
    Sixteen,
    /// None, or none wanted: bold, dim and reverse carry everything.
    None,
}

/// Which characters there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Charset {
    /// All of Unicode.
    Utf8,
    /// The 95 of ASCII; ornaments have stand-ins.
    Ascii,
}

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Caps {
    /// How many colours.
    pub depth: Depth,
    /// Which characters.
    pub charset: Charset,
    /// Whether it cannot move a cursor at all.
    pub is_dumb: bool,
}

/// Terminals that mean code page 437 or seven bits unless told otherwise.
const OLD: &[&str] = &[
    "ansi", "pcansi", "ansi-bbs", "syncterm", "scoansi", "avatar", "cons25", "vt52", "vt100",
    "vt102", "vt220", "vt320", "vt420",
];

/// Terminals without colour.
const GREY: &[&str] = &[
    "vt52", "vt100", "vt102", "vt220", "vt320", "vt420", "sun", "wyse60",
];

impl Caps {
    /// Judges by TERM and the environment the client sent.
    pub fn judge(term: &str, env: &[(String, String)]) -> Self {
        let term = term.to_ascii_lowercase();
        let var = |name: &str| {
            env.iter()
                .find(|(n, value)| n == name && !value.is_empty())
                .map(|(_, value)| value.to_ascii_lowercase())
        };
        let is_dumb = term.is_empty() || term == "dumb";
        Self {
            depth: depth(&term, is_dumb, var),
            charset: charset(&term, var),
            is_dumb,
        }
    }
}

fn depth(term: &str, is_dumb: bool, var: impl Fn(&str) -> Option<String>) -> Depth {
    if is_dumb || var("NO_COLOR").is_some() {
        return Depth::None;
    }
    let claims_true = var("COLORTERM").is_some_and(|v| v == "truecolor" || v == "24bit");
    if claims_true || term.contains("-direct") {
        Depth::True
    } else if term.contains("256color") {
        Depth::Indexed256
    } else if GREY.contains(&term) || term.ends_with("-m") || term.ends_with("-mono") {
        Depth::None
    } else {
        Depth::Sixteen
    }
}

fn charset(term: &str, var: impl Fn(&str) -> Option<String>) -> Charset {
    // The first that is set decides, as in POSIX.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(var);
    let speaks_utf8 = match locale {
        Some(locale) => locale.contains("utf-8") || locale.contains("utf8"),
        None => !OLD.contains(&term),
    };
    if speaks_utf8 {
        Charset::Utf8
    } else {
        Charset::Ascii
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(term: &str, env: &[(&str, &str)]) -> (Depth, Charset) {
        let env: Vec<_> = env
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        let caps = Caps::judge(term, &env);
        (caps.depth, caps.charset)
    }

    #[test]
    fn colours_follow_the_terminal_and_the_wish() {
        for (term, env, want) in [
            ("xterm-256color", &[][..], Depth::Indexed256),
            ("xterm", &[], Depth::Sixteen),
            ("xterm-direct", &[], Depth::True),
            ("xterm", &[("COLORTERM", "truecolor")], Depth::True),
            ("screen", &[("COLORTERM", "24bit")], Depth::True),
            ("xterm", &[("COLORTERM", "yes")], Depth::Sixteen),
            ("xterm-direct", &[("NO_COLOR", "1")], Depth::None),
            ("xterm-256color", &[("NO_COLOR", "")], Depth::Indexed256),
            ("vt220", &[], Depth::None),
            ("dumb", &[("COLORTERM", "truecolor")], Depth::None),
            ("", &[], Depth::None),
        ] {
            assert_eq!(judge(term, env).0, want, "{term} {env:?}");
        }
    }

    #[test]
    fn characters_follow_the_locale_and_then_the_terminal() {
        for (term, env, want) in [
            ("xterm", &[][..], Charset::Utf8),
            ("linux", &[], Charset::Utf8),
            ("ansi-bbs", &[], Charset::Ascii),
            ("syncterm", &[("LANG", "de_DE.UTF-8")], Charset::Utf8),
            ("xterm", &[("LANG", "C")], Charset::Ascii),
            (
                "xterm",
                &[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")],
                Charset::Ascii,
            ),
            (
                "xterm",
                &[("LC_CTYPE", "C.utf8"), ("LANG", "C")],
                Charset::Utf8,
            ),
            (
                "xterm",
                &[("LC_ALL", ""), ("LANG", "C.UTF-8")],
                Charset::Utf8,
            ),
        ] {
            assert_eq!(judge(term, env).1, want, "{term} {env:?}");
        }
    }
}
