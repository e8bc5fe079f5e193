//! Colours by meaning. A screen names a token, never a colour; without colour
//! bold, dim and reverse carry everything.

use ratatui::style::{Color, Modifier, Style};

pub use crate::settings::Theme;
use crate::term::{Charset, Depth};

/// What text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// What is to be read.
    Text,
    /// What one may skip.
    Dim,
    /// The one accent.
    Accent,
    /// Well done.
    Good,
    /// Look out.
    Warn,
    /// Refused or failed.
    Bad,
    /// Lines between things.
    Rule,
}

impl Theme {
    /// Returns the colours of each token.
    const fn inks(self) -> Option<&'static Inks> {
        match self {
            Self::Night => Some(&NIGHT),
            Self::Paper => Some(&PAPER),
            Self::Contrast => Some(&CONTRAST),
            Self::Amber => Some(&AMBER),
            Self::Green => Some(&GREEN),
            Self::Mono => None,
        }
    }
}

/// How a terminal is drawn on: colours and characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The set of colours.
    pub theme: Theme,
    /// How many colours the terminal has.
    pub depth: Depth,
    /// Which characters it has.
    pub charset: Charset,
}

impl Look {
    /// Returns the style of a token.
    pub fn style(self, token: Token) -> Style {
        let ink = match self.theme.inks() {
            Some(inks) => inks.of(token),
            None => return plain(token),
        };
        match self.depth {
            Depth::True => {
                let [_, r, g, b] = ink.rgb.to_be_bytes();
                Style::new().fg(Color::Rgb(r, g, b))
            }
            Depth::Indexed256 => Style::new().fg(Color::Indexed(ink.indexed)),
            Depth::Sixteen => Style::new().fg(ink.sixteen),
            Depth::None => plain(token),
        }
    }

    /// Returns the style of a token, in bold.
    pub fn bold(self, token: Token) -> Style {
        self.style(token)
            .add_modifier(Modifier::BOLD)
            .remove_modifier(Modifier::DIM)
    }
}

/// Returns the style of a token where there is no colour.
const fn plain(token: Token) -> Style {
    match token {
        Token::Text | Token::Good | Token::Warn => Style::new(),
        Token::Dim | Token::Rule => Style::new().add_modifier(Modifier::DIM),
        Token::Accent | Token::Bad => Style::new().add_modifier(Modifier::BOLD),
    }
}

/// One colour, three times: each depth has its own value.
struct Ink {
    rgb: u32,
    indexed: u8,
    sixteen: Color,
}

struct Inks {
    text: Ink,
    dim: Ink,
    accent: Ink,
    good: Ink,
    warn: Ink,
    bad: Ink,
    rule: Ink,
}

impl Inks {
    const fn of(&self, token: Token) -> &Ink {
        match token {
            Token::Text => &self.text,
            Token::Dim => &self.dim,
            Token::Accent => &self.accent,
            Token::Good => &self.good,
            Token::Warn => &self.warn,
            Token::Bad => &self.bad,
            Token::Rule => &self.rule,
        }
    }
}

const fn ink(rgb: u32, indexed: u8, sixteen: Color) -> Ink {
    Ink {
        rgb,
        indexed,
        sixteen,
    }
}

const NIGHT: Inks = Inks {
    text: ink(0x00d8_d4cc, 252, Color::Reset),
    dim: ink(0x0089_857d, 245, Color::DarkGray),
    accent: ink(0x00f2_b04a, 215, Color::Yellow),
    good: ink(0x008f_c47a, 114, Color::Green),
    warn: ink(0x00e6_c45c, 221, Color::LightYellow),
    bad: ink(0x00ef_7b6b, 210, Color::LightRed),
    rule: ink(0x0055_524d, 240, Color::DarkGray),
};
const PAPER: Inks = Inks {
    text: ink(0x0022_2222, 235, Color::Reset),
    dim: ink(0x006b_6760, 242, Color::DarkGray),
    accent: ink(0x0095_4a00, 94, Color::Blue),
    good: ink(0x0022_6b2a, 22, Color::Green),
    warn: ink(0x0080_5a00, 94, Color::Magenta),
    bad: ink(0x00a8_1d1d, 124, Color::Red),
    rule: ink(0x00a8_a49c, 248, Color::Gray),
};
const CONTRAST: Inks = Inks {
    text: ink(0x00ff_ffff, 231, Color::White),
    dim: ink(0x00d0_d0d0, 252, Color::Gray),
    accent: ink(0x00ff_ff00, 226, Color::LightYellow),
    good: ink(0x0055_ff55, 83, Color::LightGreen),
    warn: ink(0x00ff_d75f, 221, Color::LightYellow),
    bad: ink(0x00ff_8787, 210, Color::LightRed),
    rule: ink(0x00d0_d0d0, 252, Color::Gray),
};
const AMBER: Inks = Inks {
    text: ink(0x00e8_9a1c, 172, Color::Yellow),
    dim: ink(0x00a0_6a10, 130, Color::Yellow),
    accent: ink(0x00ff_c860, 221, Color::LightYellow),
    good: ink(0x00ff_c860, 221, Color::LightYellow),
    warn: ink(0x00ff_dd99, 222, Color::LightYellow),
    bad: ink(0x00ff_eecc, 230, Color::LightYellow),
    rule: ink(0x0078_500c, 94, Color::Yellow),
};
const GREEN: Inks = Inks {
    text: ink(0x003c_c45a, 71, Color::Green),
    dim: ink(0x002b_8a40, 65, Color::Green),
    accent: ink(0x0088_ff9c, 120, Color::LightGreen),
    good: ink(0x0088_ff9c, 120, Color::LightGreen),
    warn: ink(0x00b8_ffc4, 157, Color::LightGreen),
    bad: ink(0x00dd_ffe2, 194, Color::LightGreen),
    rule: ink(0x001f_662f, 22, Color::Green),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_has_a_value_of_its_depth_and_none_without_colour() {
        for &theme in Theme::ALL {
            assert_eq!(Theme::named(theme.name()), Some(theme));
            let look = |depth| Look {
                theme,
                depth,
                charset: Charset::Utf8,
            };
            for token in [Token::Text, Token::Accent, Token::Bad] {
                assert_eq!(look(Depth::None).style(token).fg, None);
                if theme != Theme::Mono {
                    let colour = look(Depth::True).style(token).fg;
                    assert!(matches!(colour, Some(Color::Rgb(..))));
                }
            }
        }
    }
}
