//! How the machine and the board are: what is measured for the health command,
//! the SYSTEM tab and whoever else checks. What is well is the domain's.

use super::{Bbs, Ruling, authorize, letter, setting::current};
use crate::{
    domain::{
        account::Status,
        actor::Actor,
        clock::Timestamp,
        health::{Check, Service},
        policy::Capability,
    },
    settings::Settings,
    store::{self, Fault, Read},
};

impl Bbs {
    /// Returns every check, for whoever may see how the board is.
    pub async fn health(&self, actor: &Actor) -> Ruling<Vec<Check>> {
        let actor = actor.clone();
        self.ask(move |view| authorize(view, &actor, Capability::SeeSystem, &current(view)?))
            .await?;
        Ok(self.checks().await)
    }

    /// Measures everything.
    pub async fn checks(&self) -> Vec<Check> {
        let settings = self.settings();
        let (store, queue) = match self.measure_store(&settings).await {
            Ok(queue) => (None, Some(queue)),
            Err(fault) => (Some(fault.to_string()), None),
        };
        let failed = self.duty().runs().into_iter();
        let failed = failed.filter_map(|run| Some((run.name, run.failure?)));
        let mut checks = vec![Check::Service(self.service(&settings)), Check::Store(store)];
        checks.extend(self.disk(&settings));
        checks.extend(
            self.machine()
                .resident_mebibytes()
                .map(|mebibytes| Check::Memory {
                    mebibytes,
                    limit: settings.memory_mb,
                }),
        );
        checks.push(Check::Lines {
            room: self.hub().room().min(settings.sessions_max),
            wanted: settings.sessions_max,
        });
        let broken = self.hub().broken();
        checks.extend((broken > 0).then_some(Check::Sessions { broken }));
        checks.extend(queue);
        let now = self.clock().now();
        let desk = self
            .ask(move |view| Ok(desk(view, now, &current(view)?)?))
            .await;
        // A fault is logged, and told by the check of the store.
        checks.extend(desk.into_iter().flatten());
        checks.extend(self.duty().examined().map(|found| Check::Doctor {
            bad: found.bad.into_iter().collect(),
            warnings: found.warnings.into_iter().collect(),
        }));
        checks.push(Check::Jobs(failed.collect()));
        checks
    }

    fn service(&self, settings: &Settings) -> Service {
        match self.duty().since() {
            None => Service::Down,
            Some(_) if settings.maintenance => Service::Maintenance,
            Some(_) => Service::Open,
        }
    }

    /// Begins a transaction of the writer, as every deed must, and reads the
    /// queue in it.
    async fn measure_store(&self, settings: &Settings) -> Result<Check, Fault> {
        let limit = settings.queue_age_hours;
        self.store
            .probe(move |tx| {
                let oldest = store::account::oldest_in(tx, Status::Pending)?;
                Ok(Check::Queue {
                    waiting: store::account::count(tx, Status::Pending)?,
                    hours: oldest.map_or(0, |since| hours(tx.now(), since)),
                    limit,
                })
            })
            .await
    }

    pub(super) fn disk(&self, settings: &Settings) -> Option<Check> {
        let space = self.machine().space(&self.setup.home.database);
        let space = space
            .inspect_err(|error| tracing::warn!(%error, "the disk can't be measured"))
            .ok()?;
        Some(Check::Disk {
            used_percent: space.used_percent,
            free_bytes: space.free_bytes,
            limit: settings.disk_percent,
        })
    }
}

/// Looks at the letters and the backups.
fn desk(read: &impl Read, now: Timestamp, settings: &Settings) -> Result<Vec<Check>, Fault> {
    let overdue = store::outbox::overdue(read, now)?;
    let last = store::backup::last(read)?;
    let every = u64::from(settings.backup_every_hours) * 3_600;
    let (made, failure) = last.map_or((None, None), |last| (last.done, last.error));
    let program = store::outbox::post(read)?.program;
    let notify = program.is_there.then_some(Check::Notify {
        failures: program.failures,
        error: program.last_error,
    });
    let mut checks = vec![
        Check::Outbox {
            waiting: overdue.map_or(0, |(waiting, _)| waiting),
            minutes: overdue.map_or(0, |(_, since)| minutes(now, since)),
            limit: settings.outbox_age_minutes,
            broken: letter::breakage(read)?,
        },
        Check::Backup {
            age: made.map(|made| (now - made.at).num_seconds().try_into().unwrap_or(0)),
            limit: (every > 0).then(|| every + u64::from(settings.backup_late_seconds)),
            failure,
        },
    ];
    checks.extend(notify);
    Ok(checks)
}

fn minutes(now: Timestamp, since: Timestamp) -> u32 {
    u32::try_from((now - since).num_minutes()).unwrap_or(0)
}

fn hours(now: Timestamp, since: Timestamp) -> u32 {
    u32::try_from((now - since).num_hours()).unwrap_or(0)
}
