//! The first page of the SYSTEM tab: what is well and what is not, in words,
//! and the numbers of now.

use crate::{
    app::{duty::Run, system::System},
    domain::health::{Check, State},
    store::sample::Sample,
    tui::{Token, View, widgets::Prose},
    words::{self, health},
};

/// Columns of the labels.
const LABELS: u16 = 14;

/// Returns everything as a text.
pub(super) fn facts(system: &System, sessions: usize, width: u16, view: &View<'_>) -> Prose {
    let up = system.since.map_or_else(
        || "not served".to_owned(),
        |since| format!("up {}", view.age_of(since)),
    );
    let calls = last_hour(&system.samples, view, |sample| sample.calls);
    let joined = last_hour(&system.samples, view, |sample| sample.registrations);
    let database = system.board_bytes.map(health::bytes);
    let numbers = [
        ("ringdown", format!("{}, {up}", env!("CARGO_PKG_VERSION"))),
        ("sessions", sessions.to_string()),
        (
            "last hour",
            format!("calls {calls}, registrations {joined}"),
        ),
        ("database", database.unwrap_or_else(|| "unknown".to_owned())),
        ("writing", waiting(system.writing)),
    ];
    let mut prose = Prose::new(width);
    for (label, value) in numbers {
        prose = prose.row(label, LABELS, &value);
    }
    prose = prose.gap();
    for check in &system.checks {
        prose = with_check(prose, check);
    }
    if !system.runs.is_empty() {
        prose = prose.gap().say("Jobs", Token::Dim);
    }
    for run in &system.runs {
        let (text, ink) = outcome(run, view);
        prose = prose.fact(run.name, LABELS, &text, ink);
    }
    prose
}

/// Adds a check: its state as a word, what was read, and what to do.
fn with_check(prose: Prose, check: &Check) -> Prose {
    let (word, ink) = match check.state() {
        State::Green => ("well", Token::Good),
        State::Yellow => ("look", Token::Warn),
        State::Red => ("ALARM", Token::Bad),
    };
    let hint = health::hint(check).map_or(String::new(), |hint| format!(". {hint}"));
    let text = format!("{word}: {}{hint}", health::text(check));
    prose.fact(check.name(), LABELS, &text, ink)
}

/// Returns how many deeds wait for the disk.
fn waiting(deeds: usize) -> String {
    match deeds {
        0 => "nothing waits for the disk".to_owned(),
        1 => "1 deed waits for the disk".to_owned(),
        deeds => format!("{deeds} deeds wait for the disk"),
    }
}

/// Returns how a job went last.
fn outcome(run: &Run, view: &View<'_>) -> (String, Token) {
    let ago = view.ago(run.at);
    match &run.failure {
        None => (
            format!("done {ago}, took {}", words::span(run.took)),
            Token::Text,
        ),
        Some(why) => (format!("FAILED {ago}: {why}"), Token::Bad),
    }
}

/// Returns how much of something there was in the last hour.
fn last_hour(samples: &[Sample], view: &View<'_>, what: impl Fn(&Sample) -> u32) -> u32 {
    let recent = samples
        .iter()
        .filter(|sample| (view.now - sample.at).num_minutes() < 60);
    recent.map(what).sum()
}
