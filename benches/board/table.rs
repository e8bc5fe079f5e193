//! The table: one line as soon as it is known.

use std::{
    io::{self, Write as _},
    thread::available_parallelism,
    time::Duration,
};

use crate::Result;

/// Prints what stands above the lines.
pub(crate) fn begin() -> Result<()> {
    let cores = available_parallelism()?;
    writeln!(
        io::stdout(),
        "Ringdown {}, {cores} cores for server and clients together\n",
        env!("CARGO_PKG_VERSION")
    )?;
    row("", "aim", "measured")?;
    row("---", "---", "---")
}

/// Prints a line.
pub(crate) fn row(what: &str, aim: &str, measured: &str) -> Result<()> {
    writeln!(io::stdout(), "| {what:<46} | {aim:<18} | {measured} |")?;
    Ok(())
}

/// Returns a time in milliseconds.
pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Times, to ask for the middle and the slowest.
#[derive(Debug, Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Takes one more.
    pub(crate) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// Takes all of another.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Returns how many there are.
    pub(crate) fn count(&self) -> f64 {
        u32::try_from(self.0.len()).map_or(f64::NAN, f64::from)
    }

    /// Says p50 and p99 in milliseconds.
    pub(crate) fn show(&mut self) -> String {
        self.0.sort_unstable();
        let at = |percent: usize| {
            let place = self.0.len().saturating_sub(1) * percent / 100;
            self.0.get(place).copied().map_or(f64::NAN, ms)
        };
        format!("{:.2} / {:.2} ms", at(50), at(99))
    }
}
