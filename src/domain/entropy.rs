//! The only place that asks for chance.

/// Gives random bytes.
pub trait Entropy: Send + Sync + 'static {
    /// Fills `bytes` with bytes nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the generator everybody else must ask"
    )]
    #[expect(
        clippy::expect_used,
        reason = "a machine without randomness must not go on"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives no randomness");
    }
}

/// Returns `N` random bytes.
pub fn bytes<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k1_the_operating_system_never_says_the_same_twice() {
        let (one, two) = (bytes::<32>(&OsEntropy), bytes::<32>(&OsEntropy));
        assert_ne!(one, two);
        assert_ne!(one, [0; 32]);
    }
}
