//! The table: one line as soon as it is known, as docs/performance.md has it.

use std::{
    fmt,
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
    line("what", "gate", "measured", "")?;
    line("---", "---", "---", "---")
}

/// What a number should be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Gate {
    /// Not more, of this unit.
    AtMost(f64, &'static str),
    /// Not less, of this unit.
    AtLeast(f64, &'static str),
}

impl Gate {
    fn lets_in(self, measured: f64) -> bool {
        match self {
            Self::AtMost(most, _) => measured <= most,
            Self::AtLeast(least, _) => measured >= least,
        }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most, unit) => write!(f, "≤ {most}{unit}"),
            Self::AtLeast(least, unit) => write!(f, "≥ {least}{unit}"),
        }
    }
}

/// Prints a line that only tells.
pub(crate) fn row(what: &str, measured: &str) -> Result<()> {
    line(what, "", measured, "")
}

/// Prints a line with a gate, and whether what was measured gets through.
pub(crate) fn gated(what: &str, gate: Gate, measured: f64, told: &str) -> Result<()> {
    let verdict = if gate.lets_in(measured) {
        "met"
    } else {
        "not yet"
    };
    line(what, &gate.to_string(), told, verdict)
}

fn line(what: &str, gate: &str, measured: &str, verdict: &str) -> Result<()> {
    writeln!(
        io::stdout(),
        "| {what:<49} | {gate:<22} | {measured} | {verdict} |"
    )?;
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

    /// Returns the milliseconds that so many percent of them do not exceed.
    pub(crate) fn at(&mut self, percent: usize) -> f64 {
        self.0.sort_unstable();
        let place = self.0.len().saturating_sub(1) * percent / 100;
        self.0.get(place).copied().map_or(f64::NAN, ms)
    }

    /// Says p50 and p99.
    pub(crate) fn show(&mut self) -> String {
        format!("{:.2} / {:.2} ms", self.at(50), self.at(99))
    }
}
