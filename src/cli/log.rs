//! The log on standard error: which lines, and how they are written. Nothing is
//! logged from here, and no log line can be made to look like two.

use std::io::{self, Write};

use tracing::{Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer, Registry, filter::filter_fn, fmt::MakeWriter, layer::SubscriberExt as _,
    reload, util::SubscriberInitExt as _,
};

use super::stop::Stop;
use crate::{
    config::{Config, LogFormat},
    words::start,
};

/// The log while it is written.
pub(super) struct Log {
    filter: reload::Handle<EnvFilter, Registry>,
}

/// Begins to log what the settings ask for.
///
/// Writes wait for whoever reads standard error: an operator who stops reading
/// a pipe for good stops the board with it.
pub(super) fn begin(config: &Config) -> Result<Log, Stop> {
    let (filter, handle) = reload::Layer::new(filter(config)?);
    // Fails only if there is a log already, as in tests.
    subscriber(filter, config.log_format.value, io::stderr)
        .try_init()
        .map_err(|error| Stop::fault(format!("Can't log: {error}.")))?;
    Ok(Log { filter: handle })
}

impl Log {
    /// Logs from now on what these settings ask for.
    pub(super) fn follow(&self, config: &Config) -> Result<(), Stop> {
        self.filter
            .reload(filter(config)?)
            .map_err(|error| Stop::fault(format!("Can't log: {error}.")))
    }
}

fn filter(config: &Config) -> Result<EnvFilter, Stop> {
    EnvFilter::builder()
        .parse(&config.log.value)
        .map_err(|error| {
            let origin = config.log.origin.to_string();
            Stop::usage(start::log_filter_unusable(&origin, &error.to_string()))
        })
}

fn subscriber<F, W>(filter: F, format: LogFormat, writer: W) -> impl Subscriber + Send + Sync
where
    F: Layer<Registry> + Send + Sync,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(OneLine(writer));
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .with(filter_fn(is_fit_to_write))
}

/// Whether a line is ours or a library's that strangers can't make talk. russh's
/// never are, whatever the filter says: below info they tell who knocked with
/// which keys and print its buffers, and above it they repeat what a stranger
/// sent, as often and as long as a stranger likes.
fn is_fit_to_write(metadata: &Metadata<'_>) -> bool {
    !metadata.target().starts_with("russh")
}

/// Writes every event as one line, whatever strangers put into it.
struct OneLine<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for OneLine<W> {
    type Writer = OneLine<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        OneLine(self.0.make_writer())
    }
}

impl<W: Write> Write for OneLine<W> {
    /// Takes one event: the formatter writes each whole.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(event);
        let line = line.strip_suffix('\n').unwrap_or(&line);
        let mut clean = line.replace(char::is_control, "?");
        clean.push('\n');
        self.0.write_all(clean.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(filter: &str, format: LogFormat, act: impl FnOnce()) -> String {
        let page = Page::default();
        let writer = page.clone();
        let filter = EnvFilter::builder().parse(filter).unwrap();
        let subscriber = subscriber(filter, format, move || writer.clone());
        tracing::subscriber::with_default(subscriber, act);
        let bytes = page.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn nobody_can_forge_a_line() {
        for format in [LogFormat::Text, LogFormat::Json] {
            let log = logged("info", format, || {
                let name = "eve\r\nFAKE \u{1b}[31mLOG\u{9b}";
                tracing::info!(name, "somebody called {name}");
            });
            assert_eq!(log.lines().count(), 1, "{log:?}");
            assert!(!log.trim_end().contains(char::is_control), "{log:?}");
        }
    }

    #[test]
    fn a_json_line_is_an_object() {
        let log = logged("info", LogFormat::Json, || {
            tracing::info!("one \"two\"\n");
        });
        let line: serde_json::Value = serde_json::from_str(&log).unwrap();
        assert_eq!(line["fields"]["message"], "one \"two\"\n");
    }

    #[test]
    fn russh_says_nothing_whatever_is_asked() {
        let log = logged("trace,russh::server=trace", LogFormat::Text, || {
            tracing::debug!(target: "russh::server", "ada offers a key");
            tracing::error!(target: "russh", "ada sent nonsense");
            tracing::trace!(target: "ringdown_bbs::ssh", "ours");
        });
        assert!(!log.contains("ada"), "{log}");
        assert_eq!(log.lines().count(), 1, "{log}");
    }
}
