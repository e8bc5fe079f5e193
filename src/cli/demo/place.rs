//! A directory that is gone when it is no longer needed.

use std::{
    fs, io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

use crate::domain::entropy::{self, Entropy};

/// A new directory among the temporary files, removed when dropped.
#[derive(Debug)]
pub(in crate::cli) struct Place(PathBuf);

impl Place {
    /// Makes it, for its owner alone.
    pub(in crate::cli) fn make(entropy: &dyn Entropy) -> io::Result<Self> {
        let [a, b, c, d] = entropy::bytes(entropy);
        let name = format!("ringdown-demo-{a:02x}{b:02x}{c:02x}{d:02x}");
        let path = std::env::temp_dir().join(name);
        // Not if it is there: it would be somebody else's.
        fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub(in crate::cli) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!("{} stays behind: {error}", self.0.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::entropy::OsEntropy;

    #[test]
    fn what_was_put_there_goes_with_it() {
        let place = Place::make(&OsEntropy).unwrap();
        let path = place.path().to_owned();
        fs::create_dir(path.join("keys")).unwrap();
        fs::write(path.join("keys/host"), "secret").unwrap();
        drop(place);
        assert!(!path.exists());
    }
}
