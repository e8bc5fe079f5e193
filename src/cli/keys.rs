//! The secrets in the directory `keys`: the one callers know the board by, and
//! the one under which codes are hashed.

use std::path::Path;

use super::stop::Stop;
use crate::{
    config::Config,
    domain::{code::ServerKey, entropy::Entropy, secret::Secret},
    secret_file::{self, Missing, SecretFileError},
    ssh::HostKey,
    store,
    words::{door, start},
};

/// The board's secrets.
pub(super) struct Keys {
    /// What callers recognise the board by.
    pub(super) host: HostKey,
    /// What the hashes of codes are made with.
    pub(super) codes: ServerKey,
    /// Whether callers may know another host key of this board.
    pub(super) host_is_new: bool,
}

impl Keys {
    /// Reads the secrets. They are made for a new board, and whatever is missing
    /// is made for an old one if its operator asked for that.
    pub(super) fn open(config: &Config, entropy: &dyn Entropy) -> Result<Self, Stop> {
        let is_old = store::is_board(&config.database());
        let missing = if is_old && !config.new_host_key {
            Missing::Refuse
        } else {
            Missing::Make
        };
        let directory = config.keys();
        let known = HostKey::load(&directory, Missing::Refuse, entropy).is_ok();
        if known && is_empty(&config.database()) {
            return Err(Stop::fault(start::database_empty(&config.database())));
        }
        Ok(Self {
            host: HostKey::load(&directory, missing, entropy)?,
            codes: codes(&directory.join("invite_secret"), missing, entropy)?,
            host_is_new: is_old && !known,
        })
    }
}

/// Whether there is a file with nothing in it. Beside the keys of a board that is
/// what a full disk or a failed copy left of it, and no new board.
fn is_empty(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|found| found.len() == 0)
}

/// Reads the key of the codes' hashes, kept as a line of hexadecimal digits.
fn codes(path: &Path, missing: Missing, entropy: &dyn Entropy) -> Result<ServerKey, Stop> {
    let fresh = || Secret::new(to_hex(ServerKey::generate(entropy).expose()).into_bytes());
    let kept = secret_file::open(path, missing, fresh).map_err(|error| {
        Stop::fault(match error {
            SecretFileError::Missing(path) => start::code_key_missing(&path),
            SecretFileError::Exposed { path, mode } => door::host_key_exposed(&path, mode),
            SecretFileError::Disk { path, reason } => {
                door::host_key_disk(&path, &reason.to_string())
            }
        })
    })?;
    std::str::from_utf8(kept.expose())
        .ok()
        .and_then(|text| from_hex(text.trim_end()))
        .map(ServerKey::new)
        .ok_or_else(|| Stop::fault(start::code_key_unusable(path)))
}

fn to_hex(bytes: &[u8; 32]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .chain(['\n'])
        .collect()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::entropy::OsEntropy;

    #[test]
    fn the_key_of_codes_stays_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys/invite_secret");
        let made = codes(&path, Missing::Make, &OsEntropy).unwrap();
        let again = codes(&path, Missing::Refuse, &OsEntropy).unwrap();
        assert_eq!(made.expose(), again.expose());
    }

    #[test]
    fn only_32_bytes_in_hexadecimal_are_a_key() {
        assert_eq!(from_hex(to_hex(&[0xA7; 32]).trim_end()), Some([0xA7; 32]));
        for text in ["", "a7", &"g".repeat(64), &"a".repeat(63), &"a".repeat(66)] {
            assert_eq!(from_hex(text), None, "{text}");
        }
    }
}
