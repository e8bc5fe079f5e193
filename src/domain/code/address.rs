//! The code that proves an address (K4): short, since it is copied from a letter
//! and only a few wrong ones are taken. Counting those happens elsewhere.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{CodeProblem, ServerKey, is_ignored, symbol, value};
use crate::domain::{
    email::Email,
    entropy::{self, Entropy},
    id::AccountId,
    secret::Secret,
};

/// Forty random bits. There is no check symbol: it would tell wrong codes from
/// typos, and let eight times as many be tried.
const SYMBOLS: usize = 8;

/// Symbols of a group.
const GROUP: usize = 4;

/// A code for one address of one account, as its canonical symbols.
#[derive(Clone, Debug)]
pub struct AddressCode(Secret<String>);

impl AddressCode {
    /// What such codes look like.
    pub const EXAMPLE: &'static str = "abcd-efgh";

    /// Makes a new code.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let random = entropy::bytes::<SYMBOLS>(entropy);
        Self(Secret::new(random.into_iter().map(symbol).collect()))
    }

    /// Reads a code, as forgiving as with the longer ones.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let symbols: String = text
            .chars()
            .filter(|&c| !is_ignored(c))
            .take(SYMBOLS + 1)
            .map(|c| value(c).map(symbol))
            .collect::<Option<_>>()
            .ok_or(CodeProblem::NotACode)?;
        if symbols.len() == SYMBOLS {
            Ok(Self(Secret::new(symbols)))
        } else {
            Err(CodeProblem::NotACode)
        }
    }

    /// Returns the symbols in groups, for the letter.
    pub fn expose_grouped(&self) -> String {
        let mut text = self.0.expose().clone();
        text.insert(GROUP, '-');
        text
    }

    /// Returns what is stored instead of the code. Account and address go into
    /// it: for others the same symbols are another code.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "HMAC takes keys of any length"
    )]
    pub fn keyed_hash(&self, account: AccountId, email: &Email, key: &ServerKey) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).expect("any length");
        mac.update(b"ringdown code address\0");
        mac.update(&account.0.to_be_bytes());
        mac.update(email.key().as_bytes());
        mac.update(b"\0");
        mac.update(self.0.expose().as_bytes());
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> AddressCode {
        AddressCode::parse(text).unwrap()
    }

    #[test]
    fn k4_a_code_has_eight_symbols_and_is_read_forgivingly() {
        assert_eq!(code("7kq2-m9xd").expose_grouped(), "7kq2-m9xd");
        assert_eq!(code(" \"7KQ2 m9xd\"\n").expose_grouped(), "7kq2-m9xd");
        assert_eq!(code("oil0-0000").expose_grouped(), "0110-0000");
        for text in ["", "7kq2-m9x", "7kq2-m9xd0", "7kq2-m9xu"] {
            assert!(AddressCode::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn k4_a_code_is_bound_to_account_and_address() {
        let key = ServerKey::new([7; 32]);
        let [one, other] = ["ada@example.org", "ada@example.net"].map(Email::parse);
        let (one, other) = (one.unwrap(), other.unwrap());
        let code = code("7kq2-m9xd");
        let hash = code.keyed_hash(AccountId(1), &one, &key);
        assert_ne!(hash, code.keyed_hash(AccountId(2), &one, &key));
        assert_ne!(hash, code.keyed_hash(AccountId(1), &other, &key));
        let shouted = Email::parse("ADA@Example.org").unwrap();
        assert_eq!(hash, code.keyed_hash(AccountId(1), &shouted, &key));
    }
}
