//! A bar on the terminal while a copy of the board grows. It looks at the files
//! and knows nothing of who writes them.

use std::{
    fs,
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{task::JoinHandle, time::interval};

/// How often it is drawn.
const BEAT: Duration = Duration::from_millis(200);

/// Columns of the bar.
const WIDTH: u64 = 30;

/// A bar that goes away when it is dropped.
#[derive(Debug)]
pub(super) struct Progress(JoinHandle<()>);

impl Progress {
    /// Shows how far `draft` has grown to the size of `original`, if somebody
    /// looks at standard error.
    pub(super) fn begin(original: &Path, draft: PathBuf) -> Option<Self> {
        let whole = fs::metadata(original).ok()?.len();
        let is_seen = io::stderr().is_terminal();
        is_seen.then(|| Self(tokio::spawn(watch(whole, draft))))
    }
}

impl Drop for Progress {
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
            say(&format!("\r{}", bar(grown.len(), whole)));
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

/// Returns the bar. The copy is checked once it is written, so that it is never
/// full before the end.
fn bar(done: u64, whole: u64) -> String {
    let percent = (done.saturating_mul(100) / whole.max(1)).min(99);
    let full = percent * WIDTH / 100;
    let cell = |place| if place < full { '#' } else { '-' };
    let cells: String = (0..WIDTH).map(cell).collect();
    format!("copying [{cells}] {percent:2} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_grows_and_is_never_full_before_the_end() {
        let cells = |text: &str| text.matches('#').count();
        assert_eq!(bar(0, 0), format!("copying [{}]  0 %", "-".repeat(30)));
        assert_eq!(cells(&bar(50, 100)), 15);
        assert!(bar(50, 100).ends_with("] 50 %"));
        assert!(bar(200, 100).ends_with("] 99 %"));
        assert!(cells(&bar(200, 100)) < 30);
    }
}
