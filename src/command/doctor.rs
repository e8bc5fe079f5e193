//! `doctor`: what the board was started with, what is wrong with it, and what to
//! do about that.

use serde::Serialize;

use super::{
    Desk, DryRun, Exit, Output, Style,
    failure::Failure,
    out::{Out, sheet},
    value,
};
use crate::{
    app::doctor::{Fact, Report},
    domain::finding::{Check, Finding, Fix, Level},
    words,
};

/// What is to be mended.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Command {
    /// Mend this; without it, everything is only looked at.
    #[arg(long, value_name = "NAME", value_parser = value::one_of(Fix::ALL, Fix::name))]
    fix: Option<Fix>,
    #[command(flatten)]
    dry: DryRun,
}

impl Command {
    /// Returns what is to be mended.
    pub const fn fix(&self) -> Option<Fix> {
        self.fix
    }
}

/// A report as JSON has it.
#[derive(Debug, Serialize)]
struct Shape {
    configuration: Vec<Configured>,
    checks: Vec<Checked>,
}

#[derive(Debug, Serialize)]
struct Configured {
    key: &'static str,
    value: String,
    from: String,
}

#[derive(Debug, Serialize)]
struct Checked {
    check: Check,
    level: Option<Level>,
    message: Option<String>,
    advice: Option<String>,
    fix: Option<Fix>,
}

/// What mending came to.
#[derive(Debug, Serialize)]
struct Fixed {
    fix: Fix,
    mended: usize,
}

pub(super) async fn run(desk: &mut Desk<'_>, command: Command) -> Result<(), Failure> {
    if let Some(fix) = command.fix {
        let mended = desk.board(command.dry).fix(desk.actor, fix).await?;
        desk.out.one(&Fixed { fix, mended }, |fixed| {
            format!("{}: {} mended\n", fixed.fix, fixed.mended)
        });
        return Ok(());
    }
    let report = desk.bbs.examine(desk.actor).await?;
    tell(&mut desk.out, report);
    Ok(())
}

/// Returns what is said of a report, for a board that may not even open.
pub(super) fn output(style: Style, report: Report) -> Output {
    let mut out = Out::new(style);
    tell(&mut out, report);
    out.finish()
}

fn tell(out: &mut Out, report: Report) {
    if report.is_bad() {
        out.ends(Exit::Fault);
    }
    let is_sound = report.findings.is_empty();
    out.one(&Shape::from(report), written);
    if is_sound {
        out.note(&words::doctor::sound());
    }
}

impl From<Report> for Shape {
    fn from(Report { facts, findings }: Report) -> Self {
        let fact = |Fact { key, value, from }| Configured { key, value, from };
        let is_open = !findings
            .iter()
            .any(|finding| matches!(finding, Finding::Unopened(_)));
        let checks = Check::ALL.iter().flat_map(|&check| {
            let mut found: Vec<_> = findings
                .iter()
                .filter(|finding| finding.check() == check)
                .map(Checked::from)
                .collect();
            if found.is_empty() {
                found.push(Checked {
                    check,
                    level: None,
                    message: (!is_open && !check.is_around()).then(words::doctor::unseen),
                    advice: None,
                    fix: None,
                });
            }
            found
        });
        Self {
            checks: checks.collect(),
            configuration: facts.into_iter().map(fact).collect(),
        }
    }
}

impl From<&Finding> for Checked {
    fn from(finding: &Finding) -> Self {
        Self {
            check: finding.check(),
            level: Some(finding.level()),
            message: Some(words::doctor::says(finding)),
            advice: Some(words::doctor::advice(finding)),
            fix: finding.fix(),
        }
    }
}

fn written(shape: &Shape) -> String {
    let facts = shape.configuration.iter();
    let facts: Vec<_> = facts
        .map(|one| (one.key, format!("{}  ({})", one.value, one.from)))
        .collect();
    let checks: Vec<_> = shape.checks.iter().map(line).collect();
    format!("{}\n{}", sheet(&facts), sheet(&checks))
}

/// Returns a check and what there is to say about it.
fn line(one: &Checked) -> (&'static str, String) {
    let told = match (one.level, &one.message, &one.advice) {
        (Some(level), Some(message), Some(advice)) => format!("{level}: {message}\n{advice}"),
        (_, Some(message), _) => message.clone(),
        _ => "ok".to_owned(),
    };
    (one.check.name(), told)
}
