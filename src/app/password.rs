//! Passwords: what makes a good one, and the only place that hashes.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use precis_profiles::{OpaqueString, precis_core::profile::PrecisFastInvocation as _};
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

use super::{Bbs, Ruling};
use crate::{
    domain::{
        entropy,
        refusal::{Refusal, Weakness},
        secret::Secret,
    },
    settings::Settings,
};

/// The longest password, in code points (P2): longer is refused, never cut.
const LONGEST: usize = 256;

/// From this length on anything goes that is not one unit over and over.
const LONG_ENOUGH: usize = 15;

/// How much of a password zxcvbn looks at: it is quadratic.
const ESTIMATED: usize = 100;

/// Hashes at once (P9): each takes a core and 19 MiB.
const AT_ONCE: usize = 2;

/// Callers that may wait for a hash; the next is told "busy".
const QUEUE: usize = 32;

/// A password that may be hashed: prepared by PRECIS and checked.
#[derive(Clone, Debug)]
pub struct Password(Secret<String>);

/// What a password must not contain.
#[derive(Clone, Copy, Debug)]
pub struct Personal<'a> {
    /// The handle.
    pub handle: &'a str,
    /// The address.
    pub email: &'a str,
    /// The board's name.
    pub site: &'a str,
}

impl Password {
    /// Reads a new password and refuses bad ones (P1-P5).
    pub fn choose(
        text: &Secret<String>,
        personal: Personal<'_>,
        settings: &Settings,
    ) -> Result<Self, Refusal> {
        let length = text.expose().chars().count();
        if length > LONGEST {
            return Err(Refusal::PasswordLong);
        }
        let least = settings.password_min_length;
        if length < usize::try_from(least).unwrap_or(LONGEST) {
            return Err(Refusal::PasswordShort(least));
        }
        let password = Self::enter(text)?;
        let weakness = weakness(password.0.expose(), personal);
        weakness.map_or(Ok(password), |why| Err(Refusal::PasswordEasy(why)))
    }

    /// Reads a password to be compared (P3: the `OpaqueString` of RFC 8265).
    pub fn enter(text: &Secret<String>) -> Result<Self, Refusal> {
        if text.expose().chars().count() > LONGEST {
            return Err(Refusal::PasswordLong);
        }
        OpaqueString::enforce(text.expose().as_str())
            .map(|text| Self(Secret::new(text.into_owned())))
            .map_err(|_| Refusal::PasswordCharacters)
    }
}

impl Password {
    /// Returns a password nobody has, to take as long as a wrong one.
    pub(super) const fn impossible() -> Self {
        Self(Secret::new(String::new()))
    }
}

fn weakness(password: &str, personal: Personal<'_>) -> Option<Weakness> {
    let lower = password.to_lowercase();
    let length = lower.chars().count();
    let named = |name: &str| {
        let name = name.to_lowercase();
        // A name of two letters stands in many a good sentence.
        name.chars().count() > 2
            && (lower == name || (length < LONG_ENOUGH && lower.contains(&name)))
    };
    let local = personal.email.split('@').next().unwrap_or_default();
    if [personal.handle, personal.email, local, personal.site]
        .into_iter()
        .any(named)
    {
        return Some(Weakness::Personal);
    }
    if is_repeated(&lower) {
        return Some(Weakness::Repeated);
    }
    if length >= LONG_ENOUGH {
        return None;
    }
    let looked_at: String = password.chars().take(ESTIMATED).collect();
    let inputs = [personal.handle, personal.email, personal.site];
    (zxcvbn(&looked_at, &inputs).score() < Score::Three).then_some(Weakness::Common)
}

/// Whether a text is one unit of up to four characters over and over.
fn is_repeated(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    (1..=4).any(|unit| {
        letters.len() > unit
            && letters
                .iter()
                .zip(letters.iter().skip(unit))
                .all(|(a, b)| a == b)
    })
}

/// Whether a password was the right one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was.
    Right,
    /// It was, and its hash is weaker than the setting asks for (P10).
    RightButWeak,
    /// It was not, or there is none.
    Wrong,
}

/// Hashes two at once, lets a few wait, and turns the rest away.
#[derive(Clone, Debug)]
pub(super) struct Hasher {
    turns: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    done: Arc<std::sync::atomic::AtomicU64>,
}

impl Hasher {
    pub(super) fn new() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(Semaphore::new(AT_ONCE + QUEUE)),
            done: Arc::default(),
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = Arc::clone(&self.waiting).try_acquire_owned();
        let _place = place.map_err(|_| Refusal::HashingBusy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_| Refusal::HashingBusy)?;
        self.done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        // The turn goes with the work: a caller who leaves does not free a core
        // that is still hashing.
        let hashing = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        hashing.await.map_err(|_| Refusal::HashingBusy)
    }
}

/// Returns argon2id with today's cost.
fn argon2(settings: &Settings) -> Argon2<'static> {
    let params = Params::new(settings.argon2_memory_kib, settings.argon2_passes, 1, None);
    // The settings' bounds lie within argon2's.
    Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        params.unwrap_or_default(),
    )
}

impl Bbs {
    /// Hashes a new password, as a PHC string (P8).
    pub(super) async fn hash(&self, password: Password) -> Ruling<String> {
        let salt: [u8; 16] = entropy::bytes(self.entropy());
        let argon2 = argon2(&self.settings());
        let hashed = self.hasher.run(move || {
            let hash = argon2.hash_password_with_salt(password.0.expose().as_bytes(), &salt);
            hash.map(|hash| hash.to_string())
        });
        match hashed.await? {
            Ok(hash) => Ok(hash),
            Err(error) => Err(self.broken(crate::store::Fault::Sqlite(error.to_string()))),
        }
    }

    /// Compares a password with a hash, and with a dummy where there is none:
    /// exactly one argon2 either way (P12).
    pub(super) async fn verify(
        &self,
        password: Password,
        hash: Option<String>,
    ) -> Result<Verdict, Refusal> {
        let settings = self.settings();
        let argon2 = argon2(&settings);
        self.hasher
            .run(move || {
                let parsed = hash
                    .as_deref()
                    .and_then(|hash| PasswordHash::new(hash).ok());
                let Some(parsed) = parsed else {
                    // The same work for nobody.
                    let _same_work =
                        argon2.hash_password_with_salt(password.0.expose().as_bytes(), &[0; 16]);
                    return Verdict::Wrong;
                };
                let text = password.0.expose().as_bytes();
                if argon2.verify_password(text, &parsed).is_err() {
                    return Verdict::Wrong;
                }
                let params = Params::try_from(&parsed).unwrap_or_default();
                let weak = params.m_cost() < settings.argon2_memory_kib
                    || params.t_cost() < settings.argon2_passes;
                if weak {
                    Verdict::RightButWeak
                } else {
                    Verdict::Right
                }
            })
            .await
    }

    /// Returns how many hashes were made since the start.
    pub fn hashes(&self) -> u64 {
        self.hasher.done.load(std::sync::atomic::Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(text: &str) -> Result<Password, Refusal> {
        let personal = Personal {
            handle: "marta_k",
            email: "marta@example.org",
            site: "The Museum",
        };
        Password::choose(
            &Secret::new(text.to_owned()),
            personal,
            &Settings::default(),
        )
    }

    fn refused(text: &str) -> Refusal {
        choose(text).expect_err(text)
    }

    #[test]
    fn p1_the_minimum_counts_code_points() {
        assert_eq!(refused("kX9#mé!"), Refusal::PasswordShort(8));
        assert!(choose("kX9#mé!qZ").is_ok());
    }

    #[test]
    fn p2_256_are_accepted_and_longer_is_refused() {
        let long: String = (0..256u32)
            .map(|n| char::from_u32(0x4e00 + n).unwrap())
            .collect();
        assert!(choose(&long).is_ok());
        assert_eq!(refused(&format!("{long}x")), Refusal::PasswordLong);
    }

    #[test]
    fn p3_spaces_and_any_script_are_welcome_and_controls_are_not() {
        assert!(choose("свежий хлеб по утрам").is_ok());
        assert_eq!(
            refused("tab\tand more than fifteen"),
            Refusal::PasswordCharacters
        );
    }

    #[test]
    fn p4_no_mixture_of_signs_is_asked_for() {
        for text in ["harbour fog gulls", "1957203648105", "ØÆÅÞÐŁĦŊŒ"] {
            assert!(choose(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn p5_what_everybody_tries_is_refused_with_its_reason() {
        for (text, why) in [
            ("password1", Weakness::Common),
            ("marta_k99", Weakness::Personal),
            ("marta@example.org", Weakness::Personal),
            ("xx the museum", Weakness::Personal),
            ("abcabcabcabcabcabc", Weakness::Repeated),
            ("aaaaaaaaaaaaaaaa", Weakness::Repeated),
        ] {
            assert_eq!(refused(text), Refusal::PasswordEasy(why), "{text}");
        }
    }
}
