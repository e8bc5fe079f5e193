//! A second factor: what an authenticator app computes (RFC 6238), and what
//! callers type. Which codes were used already is not known here.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::Sha256;

use super::{
    clock::Timestamp,
    code::{Code, CodeProblem, ServerKey, Shape},
    entropy::{self, Entropy},
    handle::Handle,
    id::AccountId,
    secret::Secret,
};

/// Seconds for which an app shows a code.
const PERIOD: i64 = 30;
/// Codes have six digits.
const DIGITS: usize = 6;
const MODULUS: u32 = 1_000_000;
/// RFC 4648, the alphabet in which apps read secrets.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Bytes of an app's line before its secret, so that the QR code keeps to 33
/// modules a side and fits 80x24 with what is said beside it.
const LINE: usize = 54;

/// How many codes stand in for an app.
pub const BACKUP_CODES: usize = 10;

/// What of a factor is kept: worth nothing without the server's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce([u8; 16]);

impl Nonce {
    /// Makes a new one.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(entropy::bytes(entropy))
    }

    /// Takes one that was kept.
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes, to be kept.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// Which 30 seconds a code belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step(pub i64);

impl Step {
    const fn at(moment: Timestamp) -> Self {
        Self(moment.timestamp().div_euclid(PERIOD))
    }
}

/// What the app and the board share.
#[derive(Clone, Debug)]
pub struct AppSecret(Secret<[u8; 20]>);

impl AppSecret {
    /// Derives the secret of an account: whoever has the database only has no
    /// factor of anybody.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "HMAC takes keys of any length"
    )]
    pub fn derive(key: &ServerKey, account: AccountId, nonce: &Nonce) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).expect("any length");
        // Stored nonces depend on this label, so it never changes.
        mac.update(b"ringdown totp\0");
        mac.update(&account.0.to_be_bytes());
        mac.update(nonce.as_bytes());
        let mut secret = [0; 20];
        for (byte, derived) in secret.iter_mut().zip(mac.finalize().into_bytes()) {
            *byte = derived;
        }
        Self(Secret::new(secret))
    }

    /// Returns the step a code belongs to, if it is of now or of the steps
    /// beside: clocks differ, and people type slowly.
    pub fn step_of(&self, code: AppCode, now: Timestamp) -> Option<Step> {
        let Step(now) = Step::at(now);
        let near = [now, now - 1, now + 1].into_iter().map(Step);
        // Every step is looked at, so that the time tells nothing.
        near.filter(|step| self.code_at(*step) == code)
            .fold(None, |found, step| found.or(Some(step)))
    }

    /// Returns the code of a moment: what an app shows then.
    pub fn code_of(&self, moment: Timestamp) -> AppCode {
        self.code_at(Step::at(moment))
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    fn code_at(&self, Step(step): Step) -> AppCode {
        let mut mac = Hmac::<Sha1>::new_from_slice(self.0.expose()).expect("any length");
        mac.update(&step.to_be_bytes());
        let hash: [u8; 20] = mac.finalize().into_bytes().into();
        let [.., last] = hash;
        // RFC 4226: four bytes from where the last half byte says.
        let four = hash.iter().skip(usize::from(last & 15)).take(4);
        let number = four.fold(0, |number: u32, byte| number << 8 | u32::from(*byte));
        AppCode((number & 0x7fff_ffff) % MODULUS)
    }

    /// Returns the secret as apps read it, for the one time it is shown.
    pub fn expose_base32(&self) -> Secret<String> {
        let bits: Vec<u8> = self
            .0
            .expose()
            .iter()
            .flat_map(|byte| bits(*byte))
            .collect();
        let symbols = bits.chunks(5).map(|five| {
            let value = five
                .iter()
                .fold(0, |value, bit| value << 1 | usize::from(*bit));
            ALPHABET.get(value).copied().map_or(' ', char::from)
        });
        Secret::new(symbols.collect())
    }

    /// Returns the line an app reads off a QR code: what stands before the
    /// secret, and the secret. The board's name is cut to what has room.
    pub fn expose_line(&self, board: &str, handle: &Handle) -> (String, Secret<String>) {
        let line = |issuer: &str| match issuer {
            "" => format!("otpauth://totp/{handle}?secret="),
            issuer => format!("otpauth://totp/{handle}?issuer={issuer}&secret="),
        };
        let mut issuer = String::new();
        for symbol in board.trim().chars().map(percent_encoded) {
            if line(&format!("{issuer}{symbol}")).len() > LINE {
                break;
            }
            issuer.push_str(&symbol);
        }
        (line(&issuer), self.expose_base32())
    }
}

/// Returns the bits of a byte, the highest first.
fn bits(byte: u8) -> impl Iterator<Item = u8> {
    (0..8).rev().map(move |place| byte >> place & 1)
}

/// Returns a character as it stands in a URI.
fn percent_encoded(c: char) -> String {
    if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~') {
        return c.to_string();
    }
    let mut utf8 = [0; 4];
    let bytes = c.encode_utf8(&mut utf8).bytes();
    bytes.fold(String::new(), |encoded, byte| {
        format!("{encoded}%{byte:02X}")
    })
}

/// Six digits of an app.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AppCode(u32);

impl AppCode {
    /// Returns the digits: what an app shows.
    pub fn digits(self) -> String {
        format!("{:06}", self.0)
    }
}

impl std::fmt::Debug for AppCode {
    // For a minute it opens a door.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AppCode(…)")
    }
}

/// What was typed when a second factor was asked for.
#[derive(Clone, Debug)]
pub enum Entry {
    /// What an app showed.
    App(AppCode),
    /// One of the codes that stand in for it.
    Backup(Code),
}

impl Entry {
    /// Reads six digits in any grouping, or a backup code.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() == DIGITS
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && let Ok(number) = digits.parse()
        {
            return Ok(Self::App(AppCode(number)));
        }
        Code::parse(text).map(Self::Backup)
    }
}

/// Makes the codes that stand in for an app.
pub fn backup_codes(entropy: &dyn Entropy) -> Vec<Code> {
    let shape = Shape::default();
    (0..BACKUP_CODES)
        .map(|_| Code::generate(entropy, shape))
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    struct Zero;

    impl Entropy for Zero {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    fn of_the_rfc() -> AppSecret {
        AppSecret(Secret::new(*b"12345678901234567890"))
    }

    fn at(seconds: i64) -> Timestamp {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        // Appendix B, the last six digits.
        for (seconds, digits) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(of_the_rfc().code_of(at(seconds)).digits(), digits);
        }
        assert_eq!(
            of_the_rfc().expose_base32().expose(),
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        );
    }

    #[test]
    fn a_code_is_good_for_its_step_and_those_beside_it() {
        let secret = of_the_rfc();
        let now = at(1_000_000_000);
        let code = secret.code_of(now);
        let step = secret.step_of(code, now).unwrap();
        for (steps, found) in [(-2, None), (-1, Some(step)), (1, Some(step)), (2, None)] {
            let moment = now + TimeDelta::seconds(PERIOD * steps);
            assert_eq!(secret.step_of(code, moment), found, "{steps} steps later");
        }
    }

    #[test]
    fn secrets_differ_by_key_account_and_nonce() {
        let base32 = |key, account, nonce| {
            let key = ServerKey::new([key; 32]);
            let secret = AppSecret::derive(&key, AccountId(account), &Nonce::new([nonce; 16]));
            secret.expose_base32().into_exposed()
        };
        let one = base32(1, 1, 1);
        assert_eq!(one.len(), 32);
        for other in [base32(2, 1, 1), base32(1, 2, 1), base32(1, 1, 2)] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_line_names_board_and_handle_and_keeps_to_its_room() {
        let handle = Handle::parse("ada").unwrap();
        let line = |board: &str| of_the_rfc().expose_line(board, &handle).0;
        assert_eq!(
            line("Ringdown"),
            "otpauth://totp/ada?issuer=Ringdown&secret="
        );
        assert_eq!(
            line("A & B"),
            "otpauth://totp/ada?issuer=A%20%26%20B&secret="
        );
        assert_eq!(line(" "), "otpauth://totp/ada?secret=");
        let long = line(&"ß".repeat(50));
        assert!(long.len() <= LINE && long.contains("%C3%9F&"), "{long}");
        let handle = Handle::parse("abcdefghijklmnopqrst").unwrap();
        let (line, _) = of_the_rfc().expose_line("Ringdown", &handle);
        assert_eq!(line.len(), LINE);
    }

    #[test]
    fn six_digits_are_an_apps_and_the_rest_is_a_backup_code_or_a_typo() {
        let app = |text| match Entry::parse(text) {
            Ok(Entry::App(code)) => code.digits(),
            other => panic!("{other:?}"),
        };
        assert_eq!(app("012345"), "012345");
        assert_eq!(app(" 012 345\n"), "012345");
        for text in ["12345", "1234567", "١٢٣٤٥٦", "", "12 34 5x"] {
            assert_eq!(
                Entry::parse(text).err(),
                Some(CodeProblem::NotACode),
                "{text}"
            );
        }
        let codes = backup_codes(&Zero);
        assert_eq!(codes.len(), BACKUP_CODES);
        let text = codes[0].expose_grouped(Shape::default());
        assert!(matches!(Entry::parse(&text), Ok(Entry::Backup(_))));
        assert_eq!(
            Entry::parse(&text.replace("0-0", "0-1")).err(),
            Some(CodeProblem::Typo)
        );
    }
}
