//! `policy`: the access rules. Whom a change hits is said with it, and
//! beforehand with `--dry-run`.

use super::{
    Desk, DryRun,
    failure::Failure,
    out::table,
    shape::{Hits, Judged, Rule as Shape},
    value,
};
use crate::{
    app::{
        Stop,
        access::{Change, Sure},
    },
    domain::{
        access::{self, Effect, Kind, Rule, RuleProblem, Subject, Verdict},
        refusal::Refusal,
    },
    words,
};

/// Rules read at a time.
const ROWS: u32 = 500;

/// What a rule is about.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum Command {
    /// What callers may be called: reserved or banned, and what looks like it.
    #[command(subcommand)]
    Handle(Deed),
    /// Single e-mail addresses that nobody registers with.
    #[command(subcommand)]
    Email(Deed),
    /// Domains of addresses and those below: banned, or known as disposable.
    #[command(subcommand)]
    Domain(Deed),
    /// Networks that callers may not, or may only, connect from.
    #[command(subcommand)]
    Source(Deed),
    /// Certificates that let nobody in any more: a key id, or serial:17.
    #[command(subcommand)]
    Certificate(Deed),
}

/// What can be done with rules of a kind.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum Deed {
    /// Add a rule
    ///
    /// It changes no account that exists. Whom it hits is said with it; with
    /// --dry-run, beforehand.
    Add {
        /// What it is about.
        value: String,
        /// What it does; without it, what is usual for its kind.
        #[arg(long = "as", value_name = "EFFECT", value_parser = value::one_of(Effect::ALL, Effect::name))]
        effect: Option<Effect>,
        /// Why, for whoever reads the rules later.
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
        #[command(flatten)]
        sure: Agreed,
        #[command(flatten)]
        dry: DryRun,
    },
    /// Remove a rule.
    Remove {
        /// What it is about.
        value: String,
        #[command(flatten)]
        sure: Agreed,
        #[command(flatten)]
        dry: DryRun,
    },
    /// List the rules of the kind, newest first.
    List,
    /// Say whether something would be refused, and by what.
    Test {
        /// What to judge.
        value: String,
    },
}

/// The flag of whoever knows that they keep themselves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::Args)]
pub struct Agreed {
    /// Even if it keeps you, or callers at the machine, out.
    #[arg(long)]
    yes: bool,
}

impl From<Agreed> for Sure {
    fn from(agreed: Agreed) -> Self {
        if agreed.yes { Self::Yes } else { Self::No }
    }
}

pub(super) async fn run(desk: &mut Desk<'_>, command: Command) -> Result<(), Failure> {
    let (kind, deed) = match command {
        Command::Handle(deed) => (Kind::Handle, deed),
        Command::Email(deed) => (Kind::Email, deed),
        Command::Domain(deed) => (Kind::Domain, deed),
        Command::Source(deed) => (Kind::Source, deed),
        Command::Certificate(deed) => (Kind::Certificate, deed),
    };
    let subject = |value: &str| Subject::parse(kind, value).map_err(unread);
    match deed {
        Deed::Add {
            value,
            effect,
            reason,
            sure,
            dry,
        } => {
            let rule = Rule::new(subject(&value)?, effect).map_err(unread)?;
            add(desk, rule, &reason, sure.into(), dry).await
        }
        Deed::Remove { value, sure, dry } => remove(desk, subject(&value)?, sure.into(), dry).await,
        Deed::List => list(desk, kind).await,
        Deed::Test { value } => test(desk, subject(&value)?).await,
    }
}

fn unread(problem: RuleProblem) -> Failure {
    Stop::from(Refusal::from(problem)).into()
}

async fn add(
    desk: &mut Desk<'_>,
    rule: Rule,
    reason: &str,
    sure: Sure,
    dry: DryRun,
) -> Result<(), Failure> {
    let board = desk.board(dry);
    let hits = board.foresee(desk.actor, Change::Add(rule.clone())).await?;
    let entry = board.add_rule(desk.actor, rule, reason, sure).await?;
    let mut shape = Shape::from(&entry);
    // The number of a rehearsal is given again.
    shape.id = shape.id.filter(|_| !dry.dry_run);
    shape.hits = Some(Hits::from(&hits));
    desk.out.one(&shape, line);
    desk.out.note(&words::access::hits(&hits));
    Ok(())
}

async fn remove(
    desk: &mut Desk<'_>,
    subject: Subject,
    sure: Sure,
    dry: DryRun,
) -> Result<(), Failure> {
    let board = desk.board(dry);
    let entry = board.find_rule(desk.actor, subject).await?;
    let change = Change::Remove(entry.rule.clone());
    let hits = board.foresee(desk.actor, change).await?;
    let entry = board.remove_rule(desk.actor, entry, sure).await?;
    let mut shape = Shape::from(&entry);
    shape.hits = Some(Hits::from(&hits));
    desk.out.one(&shape, line);
    if hits != access::Hits::default() {
        desk.out.note(&words::access::hits(&hits));
    }
    Ok(())
}

/// Returns a rule in a line.
fn line(rule: &Shape) -> String {
    let Shape {
        id,
        kind,
        value,
        effect,
        ..
    } = rule;
    match id {
        Some(id) => format!("{id}: {kind} {value} {effect}\n"),
        None => format!("{kind} {value} {effect}\n"),
    }
}

async fn list(desk: &mut Desk<'_>, kind: Kind) -> Result<(), Failure> {
    let mut rules = Vec::new();
    let mut before = None;
    loop {
        let page = desk.bbs.list_rules(desk.actor, kind, before, ROWS).await?;
        let Some(last) = page.entries.last() else {
            break;
        };
        before = Some(last.id);
        rules.extend(page.entries.iter().map(Shape::from));
    }
    if rules.is_empty() {
        desk.out.note(&words::command::nothing());
    }
    desk.out.many(&rules, |rules| {
        let row = |rule: &Shape| {
            [
                rule.id.clone().unwrap_or_default(),
                rule.value.clone(),
                rule.effect.to_string(),
                rule.by.clone(),
                rule.at.to_string(),
                rule.reason.clone(),
            ]
        };
        let rows: Vec<_> = rules.iter().map(row).collect();
        table(["ID", "VALUE", "EFFECT", "BY", "SINCE", "REASON"], &rows)
    });
    Ok(())
}

async fn test(desk: &mut Desk<'_>, subject: Subject) -> Result<(), Failure> {
    let (kind, value) = (subject.kind(), subject.text());
    let verdict = desk.bbs.judge(desk.actor, subject).await?;
    let judged = Judged {
        kind,
        value,
        verdict: match verdict {
            Verdict::Free => "free",
            Verdict::Hint(_) => "hint",
            Verdict::Refused(_) => "refused",
        },
        text: words::access::verdict(&verdict),
    };
    desk.out.one(&judged, |judged| {
        format!("{}: {}\n", judged.value, judged.text)
    });
    Ok(())
}
