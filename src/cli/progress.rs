//! A bar on the terminal during long work. While a copy of the board grows it
//! looks at the files and knows nothing of who writes them.

use std::{
    fs,
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{task::JoinHandle, time::interval};

use crate::command::Progress;

/// How often it is drawn.
const BEAT: Duration = Duration::from_millis(200);

/// Columns of the bar.
const WIDTH: u64 = 30;

/// A bar that is told how far the work has got, and goes away when it is
/// dropped.
#[derive(Debug)]
pub(super) struct Bar(&'static str);

impl Bar {
    /// Makes a bar for work of that name, if somebody looks at standard error.
    pub(super) fn begin(work: &'static str) -> Option<Self> {
        io::stderr().is_terminal().then_some(Self(work))
    }

    /// Shows how far the work has got.
    pub(super) fn show(&self, Progress { done, of }: Progress) {
        let number = |count| u64::try_from(count).unwrap_or(u64::MAX);
        say(&format!("\r{}", bar(self.0, number(done), number(of))));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        say("\r\x1b[K");
    }
}

/// A bar that follows a growing file and goes away when it is dropped.
#[derive(Debug)]
pub(super) struct Growth(JoinHandle<()>);

impl Growth {
    /// Shows how far `draft` has grown to the size of `original`, if somebody
    /// looks at standard error.
    pub(super) fn begin(original: &Path, draft: PathBuf) -> Option<Self> {
        let whole = fs::metadata(original).ok()?.len();
        let is_seen = io::stderr().is_terminal();
        is_seen.then(|| Self(tokio::spawn(watch(whole, draft))))
    }
}

impl Drop for Growth {
    fn drop(&mut self) {
        self.0.abort();
        say("\r\x1b[K");
    }
}

async fn watch(whole: u64, draft: PathBuf) {
    let mut beat = interval(BEAT);
    loop {
        beat.tick().await;
        if let Ok(grown) = fs::metadata(&draft) {
            say(&format!("\r{}", bar("copying", grown.len(), whole)));
        }
    }
}

/// Writes to standard error; nobody is told if that is gone.
fn say(text: &str) {
    let mut stderr = io::stderr();
    let _gone = stderr
        .write_all(text.as_bytes())
        .and_then(|()| stderr.flush());
}

/// Returns the bar. A copy is checked once it is written, and a list kept once it
/// is read, so that it is never full before the end.
fn bar(work: &str, done: u64, whole: u64) -> String {
    let percent = (done.saturating_mul(100) / whole.max(1)).min(99);
    let full = percent * WIDTH / 100;
    let cell = |place| if place < full { '#' } else { '-' };
    let cells: String = (0..WIDTH).map(cell).collect();
    format!("{work} [{cells}] {percent:2} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_grows_and_is_never_full_before_the_end() {
        let cells = |text: &str| text.matches('#').count();
        assert_eq!(
            bar("copying", 0, 0),
            format!("copying [{}]  0 %", "-".repeat(30))
        );
        assert_eq!(cells(&bar("copying", 50, 100)), 15);
        assert!(bar("copying", 50, 100).ends_with("] 50 %"));
        assert!(bar("copying", 200, 100).ends_with("] 99 %"));
        assert!(cells(&bar("copying", 200, 100)) < 30);
    }
}
