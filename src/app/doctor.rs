//! Examining the board: who may read its files, whether its database is whole,
//! and where rows disagree. What is found is told; only what needs no decision
//! is mended here, and when somebody asks for it.

use std::{
    collections::BTreeSet,
    fs, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use chrono::TimeDelta;

use super::{
    Bbs, Home, Mode, Ruling, authorize, letter, setting::current, verification::lapse_unproven,
};
use crate::{
    domain::{
        account::Status,
        actor::Actor,
        clock::Timestamp,
        event::Event,
        finding::{Finding, Fix, Level},
        health,
        policy::Capability,
        refusal::Refusal,
    },
    settings::Settings,
    store::{
        self, Read,
        audit::{Act, record},
    },
};

/// Clocks of machines that talk to each other differ by less.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// The job that removes what nobody proved may be so late.
const LATE: TimeDelta = TimeDelta::days(1);

/// A value that was known before the board opened, and who said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is called.
    pub key: &'static str,
    /// What it is.
    pub value: String,
    /// Where it came from.
    pub from: String,
}

/// What an examination came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What the board was started with.
    pub facts: Vec<Fact>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether something has to be mended.
    pub fn is_bad(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.level() == Level::Bad)
    }
}

impl Bbs {
    /// Examines the board for somebody.
    pub async fn examine(&self, actor: &Actor) -> Ruling<Report> {
        let actor = actor.clone();
        self.ask(move |view| {
            authorize(view, &actor, Capability::Examine, &current(view)?)?;
            Ok(())
        })
        .await?;
        let findings = self.findings().await?;
        let facts = self.reach.borrow().facts.clone();
        Ok(Report { facts, findings })
    }

    /// Returns everything that is wrong.
    async fn findings(&self) -> Ruling<Vec<Finding>> {
        let home = self.setup.home.clone();
        let found = tokio::task::spawn_blocking(move || around(&home)).await;
        let mut findings = found.unwrap_or_default();
        match self.store.check().await? {
            Some(what) => findings.push(Finding::Damaged(what)),
            None if !self.store.stopped_cleanly() => findings.push(Finding::UncleanStop),
            None => {}
        }
        findings.extend(self.trouble_with_disk());
        if let Some(mailer) = self.mailer()
            && let Err(why) = mailer.check().await
        {
            findings.push(Finding::MailUnreachable(why));
        }
        findings.extend(self.trouble_with_program().await?);
        let now = self.clock().now();
        findings.extend(self.ask(move |view| Ok(within(view, now)?)).await?);
        self.duty().note_findings(&findings);
        Ok(findings)
    }

    /// Returns that the disk is full where health calls that an alarm.
    fn trouble_with_disk(&self) -> Option<Finding> {
        let disk = self.disk(&self.settings())?;
        match disk {
            health::Check::Disk {
                used_percent,
                free_bytes,
                ..
            } if disk.state() == health::State::Red => Some(Finding::DiskFull {
                used_percent,
                free_bytes,
            }),
            _ => None,
        }
    }

    /// Returns why the sysop's own program is not told, if there is one.
    async fn trouble_with_program(&self) -> Ruling<Option<Finding>> {
        let Some(notifier) = self.notifier() else {
            return Ok(None);
        };
        if let Err(problem) = notifier.check() {
            return Ok(Some(Finding::ProgramUnusable(problem.to_string())));
        }
        let post = self.ask(|view| Ok(store::outbox::post(view)?)).await?;
        Ok(post.program.last_error.map(Finding::ProgramFails))
    }

    /// Examines the board on its own account, logs what is bad, and tells the
    /// sysops on line.
    pub async fn examine_itself(&self) -> Ruling<()> {
        // That it can't be examined is alarming, too.
        let findings = self
            .findings()
            .await
            .inspect_err(|_| self.hub().tell(Event::DoctorAlarmed))?;
        let mut checks = BTreeSet::new();
        for finding in findings.iter().filter(|one| one.level() == Level::Bad) {
            tracing::error!(?finding, "something is wrong");
            checks.insert(finding.check());
        }
        if checks.is_empty() {
            return Ok(());
        }
        self.hub().tell(Event::DoctorAlarmed);
        self.decide(move |tx| Ok(letter::alert(tx, &checks)?)).await
    }

    /// Mends what needs no decision; returns how much was wrong.
    pub async fn fix(&self, actor: &Actor, fix: Fix) -> Ruling<usize> {
        let actor = actor.clone();
        let home = self.setup.home.clone();
        let is_earnest = self.mode == Mode::Earnest;
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::Examine, &current(tx)?)?;
            let mended = match fix {
                Fix::Permissions if is_earnest => close(&home).map_err(|error| {
                    tracing::error!(%error, "permissions stay as they are");
                    Refusal::NotMended(error.to_string())
                })?,
                Fix::Permissions => exposed(&home).len(),
                Fix::InviteCounters => store::doctor::count_invites(tx)?,
                Fix::AccountCounts => store::doctor::count_accounts(tx)?,
                Fix::Holds => store::doctor::settle_holds(tx)?,
                Fix::Unproven => lapse_unproven(tx, &permit)?,
            };
            record(
                tx,
                &permit,
                Act {
                    action: "board.fix",
                    object: "board",
                    after: Some(&format!("{}: {mended}", fix.name())),
                    ..Act::default()
                },
            )?;
            match fix {
                Fix::InviteCounters | Fix::Holds => tx.emit(Event::InvitesChanged(None)),
                Fix::AccountCounts => tx.emit(Event::UsersChanged),
                // Whatever was removed was told.
                Fix::Permissions | Fix::Unproven => {}
            }
            Ok(mended)
        })
        .await
    }
}

/// Returns what is wrong around the database; for a board that can't be opened,
/// too.
pub fn around(home: &Home) -> Vec<Finding> {
    let root = rustix::process::geteuid().is_root();
    let exposed = exposed(home).into_iter();
    root.then_some(Finding::Root)
        .into_iter()
        .chain(exposed.map(|(path, mode)| Finding::Exposed {
            path: path.display().to_string(),
            mode,
        }))
        .collect()
}

/// Returns what others may use and should not, and its permission bits.
fn exposed(home: &Home) -> Vec<(PathBuf, u32)> {
    let keys = fs::read_dir(&home.keys).into_iter().flatten().flatten();
    let mut paths = vec![
        home.database.clone(),
        home.keys.clone(),
        home.config.clone(),
    ];
    paths.extend(home.database.parent().map(Path::to_owned));
    paths.extend(keys.map(|entry| entry.path()));
    let mode = |path: PathBuf| {
        let found = fs::metadata(&path).ok()?;
        let mode = found.permissions().mode() & 0o777;
        // A directory may be looked into and the configuration read, which names
        // files of secrets and holds none; neither may be changed.
        let is_open = found.is_dir() || path == home.config;
        let forbidden = if is_open { 0o022 } else { 0o077 };
        (mode & forbidden != 0).then_some((path, mode))
    };
    paths.into_iter().filter_map(mode).collect()
}

/// Takes files away from everybody but their owner; returns how many.
pub fn close(home: &Home) -> io::Result<usize> {
    let exposed = exposed(home);
    for (path, mode) in &exposed {
        fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o700))?;
    }
    Ok(exposed.len())
}

/// Returns what is wrong in the database.
fn within(read: &impl Read, now: Timestamp) -> Result<Vec<Finding>, store::Fault> {
    let settings = current(read)?;
    let mut findings = miscounted(read)?;
    findings.extend(waiting(read, now, &settings)?);
    if let Some(at) = store::doctor::newest_act(read)?
        && at > now + SKEW
    {
        findings.push(Finding::ClockBehind(at));
    }
    let stuck = store::doctor::without_a_way_in(read)?;
    if !stuck.is_empty() {
        findings.push(Finding::NoWayIn(stuck));
    }
    if !super::is_claimed(read)? {
        findings.push(Finding::NoSysop);
    }
    match store::backup::last(read)? {
        None => findings.push(Finding::NoBackup),
        Some(last) => findings.extend(last.error.map(Finding::BackupFailed)),
    }
    let frozen = store::invite::frozen(read, now)?.len();
    if frozen > 0 {
        findings.push(Finding::Frozen(frozen));
    }
    if letter::are_held(read)? {
        findings.push(Finding::LettersHeld);
    }
    if settings.require_email_verification && !letter::will_leave(read)? {
        findings.push(Finding::NobodyCanProve);
    }
    Ok(findings)
}

/// Returns the counters that disagree with what they count.
fn miscounted(read: &impl Read) -> Result<Vec<Finding>, store::Fault> {
    let invites = store::doctor::miscounts(read)?.into_iter();
    let mut findings: Vec<_> = invites
        .map(|invite| Finding::InviteCounter {
            invite: format!("inv-{}", invite.id),
            counted: invite.counted,
            real: invite.real,
        })
        .collect();
    let accounts = store::doctor::account_miscounts(read)?.into_iter();
    findings.extend(
        accounts.map(|(status, counted, real)| Finding::AccountCount {
            status,
            counted,
            real,
        }),
    );
    let holds = store::doctor::stray_holds(read)?;
    if holds > 0 {
        findings.push(Finding::StrayHolds(holds));
    }
    Ok(findings)
}

/// Returns who and what has waited longer than it should.
fn waiting(
    read: &impl Read,
    now: Timestamp,
    settings: &Settings,
) -> Result<Vec<Finding>, store::Fault> {
    let mut findings = Vec::new();
    let unproven = now - TimeDelta::days(settings.unverified_days.into()) - LATE;
    let unproven = store::doctor::unproven_since(read, unproven)?;
    if !unproven.is_empty() {
        findings.push(Finding::Unproven(unproven));
    }
    let prepared = now - TimeDelta::days(settings.prepared_days.into());
    let prepared = store::doctor::prepared_before(read, prepared)?;
    if !prepared.is_empty() {
        findings.push(Finding::Untaken(prepared));
    }
    if let Some(oldest) = store::account::oldest_in(read, Status::Pending)?
        && now - oldest >= TimeDelta::hours(settings.queue_age_hours.into())
    {
        findings.push(Finding::RequestsWait {
            waiting: store::account::count(read, Status::Pending)?,
            hours: u32::try_from((now - oldest).num_hours()).unwrap_or(u32::MAX),
        });
    }
    if let Some((waiting, since)) = store::outbox::overdue(read, now)?
        && now - since >= TimeDelta::minutes(settings.outbox_age_minutes.into())
    {
        findings.push(Finding::LettersWait {
            waiting,
            minutes: u32::try_from((now - since).num_minutes()).unwrap_or(u32::MAX),
        });
    }
    Ok(findings)
}
