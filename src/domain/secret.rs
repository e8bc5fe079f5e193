//! A wrapper for what must never be printed: passwords and codes.

/// A value without `Display` and with a `Debug` that tells nothing.
///
/// It is not wiped from memory; it keeps secrets out of logs, errors and
/// records.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides `value`.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value, at the moment of use.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Unwraps the value, at the moment of use.
    pub fn into_exposed(self) -> T {
        self.0
    }
}

impl<T> std::fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}
