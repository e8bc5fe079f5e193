//! Codes that open a door: invites, claims, keys for a new device. Whether one
//! is known, used or expired is not known here.

mod address;

pub use address::AddressCode;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{
    entropy::{self, Entropy},
    secret::Secret,
};

/// Crockford's base 32, whose letters are not mistaken for one another: no
/// `i`, `l`, `o`, `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A code needs 60 random bits; a symbol holds five.
const MIN_RANDOM: usize = 12;

/// With the check symbol.
const MIN_SYMBOLS: usize = MIN_RANDOM + 1;

/// The check symbol tells 31 places apart: α has that many powers.
const MAX_SYMBOLS: usize = 31;

/// In what groups codes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    groups: usize,
    length: usize,
}

/// Why codes can't have a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapeProblem {
    /// Fewer than 60 random bits.
    #[error("codes of this shape can be guessed")]
    TooShort,
    /// More symbols than the check symbol can guard.
    #[error("codes of this shape are longer than 31 symbols")]
    TooLong,
}

impl Shape {
    /// Takes a number of groups and the symbols of each.
    pub const fn try_new(groups: usize, length: usize) -> Result<Self, ShapeProblem> {
        match groups.saturating_mul(length) {
            ..MIN_SYMBOLS => Err(ShapeProblem::TooShort),
            MIN_SYMBOLS..=MAX_SYMBOLS => Ok(Self { groups, length }),
            _ => Err(ShapeProblem::TooLong),
        }
    }

    /// Returns what codes look like: `abcde-abcde-abcde`.
    pub fn example(self) -> String {
        let group: String = ('a'..='z').cycle().take(self.length).collect();
        vec![group; self.groups].join("-")
    }
}

impl Default for Shape {
    /// Three groups of five: 70 random bits.
    fn default() -> Self {
        Self {
            groups: 3,
            length: 5,
        }
    }
}

/// Why a text is not a code; neither is worth a look into the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeProblem {
    /// It looks like a code, but its check symbol is wrong.
    #[error("typo in a code")]
    Typo,
    /// It has symbols that no code has, or too few, or too many.
    #[error("not a code")]
    NotACode,
}

/// What a code is for. A code of one purpose never fits another, even where
/// the symbols are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Lets somebody register.
    Invite,
    /// Makes somebody sysop of a board without one.
    Claim,
    /// Adds a key to an account.
    Key,
    /// Chooses a new password for an account.
    Reset,
    /// Stands in for an app that shows codes.
    Backup,
}

impl Purpose {
    /// Returns what keeps the hashes of purposes apart; stored hashes depend on
    /// it, so it never changes.
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Invite => b"ringdown code invite\0",
            Self::Claim => b"ringdown code claim\0",
            Self::Key => b"ringdown code key\0",
            Self::Reset => b"ringdown code reset\0",
            Self::Backup => b"ringdown code backup\0",
        }
    }
}

/// The key under which the hashes of codes are made: who has the database only
/// cannot try codes on it.
#[derive(Clone, Debug)]
pub struct ServerKey(Secret<[u8; 32]>);

impl ServerKey {
    /// Takes a key that was kept.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(Secret::new(bytes))
    }

    /// Makes a new key.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self::new(entropy::bytes(entropy))
    }

    /// Returns the bytes, to be kept.
    pub const fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }
}

/// A code without a typo, as its canonical symbols.
#[derive(Clone, Debug)]
pub struct Code(Secret<String>);

impl Code {
    /// Makes a new code.
    pub fn generate(entropy: &dyn Entropy, shape: Shape) -> Self {
        let random = entropy::bytes::<MAX_SYMBOLS>(entropy);
        let mut values: Vec<u8> = random
            .iter()
            .take(shape.groups * shape.length - 1)
            .map(|byte| byte & 31)
            .collect();
        values.push(times_alpha(checksum(&values)));
        Self(Secret::new(values.into_iter().map(symbol).collect()))
    }

    /// Reads a code of any shape in any case, forgiving what people and
    /// programs put around and between its symbols.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let values: Vec<u8> = text
            .chars()
            .filter(|&c| !is_ignored(c))
            // One more than fits, so that a long text costs no memory.
            .take(MAX_SYMBOLS + 1)
            .map(value)
            .collect::<Option<_>>()
            .ok_or(CodeProblem::NotACode)?;
        if !(MIN_SYMBOLS..=MAX_SYMBOLS).contains(&values.len()) {
            return Err(CodeProblem::NotACode);
        }
        if checksum(&values) != 0 {
            return Err(CodeProblem::Typo);
        }
        Ok(Self(Secret::new(values.into_iter().map(symbol).collect())))
    }

    /// Returns the symbols without groups, at the moment of use.
    pub const fn expose(&self) -> &str {
        self.0.expose().as_str()
    }

    /// Returns the symbols in the groups of `shape`, for the one time that the
    /// code is shown.
    pub fn expose_grouped(&self, shape: Shape) -> String {
        let mut text = String::new();
        for (at, c) in self.expose().chars().enumerate() {
            if at > 0 && at % shape.length == 0 {
                text.push('-');
            }
            text.push(c);
        }
        text
    }

    /// Returns the last two symbols, by which people tell their codes apart.
    pub fn hint(&self) -> String {
        let symbols = self.expose();
        symbols
            .chars()
            .skip(symbols.len().saturating_sub(2))
            .collect()
    }

    /// Returns what is stored instead of the code: HMAC-SHA-256.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "HMAC takes keys of any length"
    )]
    pub fn keyed_hash(&self, purpose: Purpose, key: &ServerKey) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).expect("any length");
        mac.update(purpose.label());
        mac.update(self.expose().as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// Whether `c` is put around or between symbols by people, word processors and
/// mail programs.
fn is_ignored(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '.' | '-' | '\'' | '"' | '`')
        // Typographic hyphens and dashes, minus, and quotation marks.
        || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}')
        || matches!(c, '\u{2018}'..='\u{201F}' | '«' | '»')
}

/// Returns the value of a symbol, reading the letters that look like digits as
/// such.
fn value(c: char) -> Option<u8> {
    let c = match c.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        c => c,
    };
    (0..)
        .zip(ALPHABET)
        .find_map(|(value, &symbol)| (char::from(symbol) == c).then_some(value))
}

/// Returns the symbol of a value below 32.
fn symbol(value: u8) -> char {
    #[expect(clippy::indexing_slicing, reason = "the mask keeps it below 32")]
    let symbol = ALPHABET[usize::from(value & 31)];
    char::from(symbol)
}

/// Returns Σ αⁱ·sᵢ over GF(32), the last symbol weighing α⁰; a code's is zero.
///
/// One wrong symbol changes it by αⁱ·(s+t), a swap of two by (αⁱ+αʲ)·(s+t):
/// neither is zero while the weights differ, which 31 powers of α do.
fn checksum(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| times_alpha(sum) ^ value)
}

/// Multiplies by α in GF(32), of which x⁵ + x² + 1 is the polynomial.
const fn times_alpha(value: u8) -> u8 {
    let double = value << 1;
    if double & 0b10_0000 == 0 {
        double
    } else {
        double ^ 0b10_0101
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts, so that every code differs.
    #[derive(Default)]
    struct Counting(std::sync::atomic::AtomicU8);

    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                let count = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                *byte = count.wrapping_mul(167) ^ (count >> 3);
            }
        }
    }

    fn code() -> Code {
        Code::generate(&Counting::default(), Shape::default())
    }

    fn problem(text: &str) -> Option<CodeProblem> {
        Code::parse(text).err()
    }

    fn with(symbols: &[u8]) -> String {
        symbols.iter().copied().map(char::from).collect()
    }

    #[test]
    fn a_code_has_three_groups_of_five() {
        let text = code().expose_grouped(Shape::default());
        let lengths: Vec<_> = text.split('-').map(str::len).collect();
        assert_eq!(lengths, [5, 5, 5]);
        assert!(text.bytes().all(|b| b == b'-' || ALPHABET.contains(&b)));
    }

    #[test]
    fn shapes_that_can_be_guessed_or_not_checked_are_refused() {
        assert_eq!(Shape::try_new(3, 4), Err(ShapeProblem::TooShort));
        assert_eq!(Shape::try_new(0, 5), Err(ShapeProblem::TooShort));
        assert_eq!(Shape::try_new(4, 8), Err(ShapeProblem::TooLong));
        assert_eq!(Shape::try_new(usize::MAX, 2), Err(ShapeProblem::TooLong));
        assert_eq!(Shape::try_new(3, 5), Ok(Shape::default()));
    }

    #[test]
    fn an_example_shows_the_shape() {
        assert_eq!(Shape::default().example(), "abcde-abcde-abcde");
        assert_eq!(Shape::try_new(2, 7).unwrap().example(), "abcdefg-abcdefg");
    }

    #[test]
    fn codes_of_every_shape_are_read_back() {
        let entropy = Counting::default();
        for (groups, length) in (1..=31).flat_map(|g| (1..=31).map(move |l| (g, l))) {
            let Ok(shape) = Shape::try_new(groups, length) else {
                continue;
            };
            let code = Code::generate(&entropy, shape);
            let read = Code::parse(&code.expose_grouped(shape)).unwrap();
            assert_eq!(read.expose(), code.expose());
            assert_eq!(code.expose().len(), groups * length);
        }
    }

    #[test]
    fn what_is_put_around_and_between_symbols_is_forgiven() {
        let code = code();
        let text = code.expose_grouped(Shape::default());
        for text in [
            code.expose().to_owned(),
            text.to_uppercase(),
            format!("  \"{text}\"\r\n"),
            format!("“{}”.", text.replace('-', " – ")),
            text.replace('-', ". "),
            text.replace('0', "o").replace('1', "l"),
            text.replace('0', "O").replace('1', "I"),
        ] {
            assert_eq!(
                Code::parse(&text).unwrap().expose(),
                code.expose(),
                "{text}"
            );
        }
    }

    #[test]
    fn letters_that_look_like_digits_are_read_as_such() {
        assert_eq!(
            Code::parse("OOOOO-OOOOO-OOOOO").unwrap().expose(),
            "0".repeat(15)
        );
        assert_eq!(value('i'), Some(1));
        assert_eq!(value('L'), Some(1));
    }

    #[test]
    fn what_no_code_can_be_is_told_from_a_typo() {
        for text in [
            "",
            "abc",
            "abcde-abcde-ab",
            "hello, world! hello",
            "uuuuuuuuuuuuuuu",
        ] {
            assert_eq!(problem(text), Some(CodeProblem::NotACode), "{text}");
        }
        assert_eq!(problem(&"0".repeat(32)), Some(CodeProblem::NotACode));
        assert_eq!(problem(&"0".repeat(1_000_000)), Some(CodeProblem::NotACode));
        assert_eq!(problem("00000-00000-00001"), Some(CodeProblem::Typo));
    }

    #[test]
    fn every_wrong_symbol_is_found() {
        let shape = Shape::try_new(1, MAX_SYMBOLS).unwrap();
        for shape in [Shape::default(), shape] {
            let code = Code::generate(&Counting::default(), shape);
            let symbols = code.expose().as_bytes();
            for at in 0..symbols.len() {
                for &wrong in ALPHABET.iter().filter(|&&wrong| wrong != symbols[at]) {
                    let mut typed = symbols.to_vec();
                    typed[at] = wrong;
                    assert_eq!(problem(&with(&typed)), Some(CodeProblem::Typo));
                }
            }
        }
    }

    #[test]
    fn every_swap_of_two_symbols_is_found() {
        let entropy = Counting::default();
        let shape = Shape::try_new(1, MAX_SYMBOLS).unwrap();
        for shape in [shape; 20].into_iter().chain([Shape::default(); 20]) {
            let code = Code::generate(&entropy, shape);
            let symbols = code.expose().as_bytes();
            for one in 0..symbols.len() {
                for other in (0..one).filter(|&other| symbols[one] != symbols[other]) {
                    let mut typed = symbols.to_vec();
                    typed.swap(one, other);
                    assert_eq!(problem(&with(&typed)), Some(CodeProblem::Typo));
                }
            }
        }
    }

    #[test]
    fn the_weights_of_all_places_differ() {
        let weights: std::collections::BTreeSet<u8> =
            std::iter::successors(Some(1), |&weight| Some(times_alpha(weight)))
                .take(MAX_SYMBOLS)
                .collect();
        assert_eq!(weights.len(), MAX_SYMBOLS);
        assert!(!weights.contains(&0));
    }

    #[test]
    fn the_hint_is_the_end_of_the_code() {
        let code = code();
        assert_eq!(code.hint().len(), 2);
        assert!(code.expose().ends_with(&code.hint()));
    }

    #[test]
    fn a_hash_depends_on_code_purpose_and_key() {
        let entropy = Counting::default();
        let key = ServerKey::generate(&entropy);
        let [one, other] = [(); 2].map(|()| Code::generate(&entropy, Shape::default()));
        let hashes = [
            one.keyed_hash(Purpose::Invite, &key),
            one.keyed_hash(Purpose::Claim, &key),
            one.keyed_hash(Purpose::Key, &key),
            one.keyed_hash(Purpose::Reset, &key),
            other.keyed_hash(Purpose::Invite, &key),
            one.keyed_hash(Purpose::Invite, &ServerKey::generate(&entropy)),
        ];
        let distinct: std::collections::BTreeSet<_> = hashes.iter().collect();
        assert_eq!(distinct.len(), hashes.len());
        let again = Code::parse(&one.expose().to_uppercase()).unwrap();
        assert_eq!(again.keyed_hash(Purpose::Invite, &key), hashes[0]);
    }

    #[test]
    fn stored_hashes_stay_what_they_are() {
        let code = Code::parse(&"0".repeat(15)).unwrap();
        let hash = code.keyed_hash(Purpose::Invite, &ServerKey::new([7; 32]));
        // HMAC-SHA-256 of the label and the symbols, as Python computes it.
        assert!(hash.starts_with(&[0x51, 0x16, 0xa6, 0xf9, 0x65, 0xae, 0xed, 0xda]));
    }

    #[test]
    fn nothing_prints_a_code_or_a_key_by_accident() {
        assert_eq!(format!("{:?}", code()), "Code(Secret(…))");
        let key = ServerKey::new([7; 32]);
        assert_eq!(format!("{key:?}"), "ServerKey(Secret(…))");
    }
}
