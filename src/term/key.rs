//! What a caller can press. It says nothing about what a key means.

use std::fmt;

/// One key, as far as terminals can tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A printable character.
    Char(char),
    /// A letter with Ctrl, in lower case. Ctrl-H, I, J and M come as the keys
    /// whose bytes they share.
    Ctrl(char),
    /// A character with Alt.
    Alt(char),
    /// Return, or a line feed.
    Enter,
    /// Escape alone.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace, whichever of its two bytes was sent.
    Backspace,
    /// Delete forward.
    Delete,
    /// Insert.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, from 1.
    F(u8),
}

impl Key {
    /// Whether a text field would take this key as text.
    pub const fn is_printable(self) -> bool {
        matches!(self, Self::Char(_))
    }

    /// Returns the key with a letter in lower case.
    #[must_use]
    pub fn folded(self) -> Self {
        match self {
            Self::Char(letter) => Self::Char(letter.to_ascii_lowercase()),
            other => other,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Char(' ') => "Space",
            Self::Char(letter) => return write!(f, "{letter}"),
            Self::Ctrl(letter) => return write!(f, "^{}", letter.to_ascii_uppercase()),
            Self::Alt(letter) => return write!(f, "Alt-{letter}"),
            Self::F(number) => return write!(f, "F{number}"),
            Self::Enter => "⏎",
            Self::Esc => "Esc",
            Self::Tab => "Tab",
            Self::BackTab => "Shift-Tab",
            Self::Backspace => "Backspace",
            Self::Delete => "Del",
            Self::Insert => "Ins",
            Self::Up => "↑",
            Self::Down => "↓",
            Self::Left => "←",
            Self::Right => "→",
            Self::Home => "Home",
            Self::End => "End",
            Self::PageUp => "PgUp",
            Self::PageDown => "PgDn",
        };
        f.write_str(name)
    }
}

/// What a caller did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Pressed a key.
    Key(Key),
    /// Pasted text, at most 64 KiB of it.
    Paste(Paste),
}

/// Text between the marks of a bracketed paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paste {
    /// The text, line ends as `\n`; not yet cleaned.
    pub text: String,
    /// Whether there was more than is kept.
    pub is_cut: bool,
}
