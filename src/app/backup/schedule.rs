//! Copies on schedule: when one is due, and which are too old to keep. The
//! directory itself says what there is.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{NaiveDateTime, TimeDelta};

use super::super::{Bbs, Ruling};
use crate::{
    domain::{
        clock::Timestamp,
        event::Event,
        policy::{Capability, Permit},
    },
    store,
};

/// How a copy on schedule is called: by the moment it was begun, in UTC.
const NAME: &str = "ringdown-%Y%m%dT%H%M%SZ";

/// How long a try that failed is left alone.
const AGAIN: TimeDelta = TimeDelta::minutes(15);

impl Bbs {
    /// Makes the copy that is due, and removes those beyond the number to keep.
    /// A failure is logged, kept for whoever asks, and told to sysops on line.
    pub async fn back_up_when_due(&self) -> Ruling<()> {
        let settings = self.settings();
        let every = TimeDelta::hours(settings.backup_every_hours.into());
        if every.is_zero() {
            return Ok(());
        }
        let (now, directory) = (self.clock().now(), &self.setup.home.backups);
        let newest = kept(directory).pop();
        let last = self.ask(|view| Ok(store::backup::last(view)?)).await?;
        let is_due = newest.is_none_or(|(at, _)| at + every <= now);
        let waits = last.is_some_and(|last| last.error.is_some() && last.tried_at + AGAIN > now);
        if !is_due || waits {
            return Ok(());
        }
        let place = directory.join(now.format(NAME).to_string());
        let made = self
            .copy_board(Permit::board(Capability::BackUp), &place)
            .await;
        if let Err(stop) = made {
            tracing::error!(?stop, "the backup failed");
            self.hub().tell(Event::BackupFailed);
            return Err(stop);
        }
        let keep = usize::try_from(settings.backup_keep).unwrap_or(usize::MAX);
        if let Err(error) = remove_old(directory, keep) {
            tracing::warn!(%error, "an old backup stays");
        }
        Ok(())
    }
}

/// Returns the copies on schedule in a directory, oldest first. What is called
/// otherwise is somebody else's.
fn kept(directory: &Path) -> Vec<(Timestamp, PathBuf)> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let copy = |entry: fs::DirEntry| {
        let at = NaiveDateTime::parse_from_str(entry.file_name().to_str()?, NAME).ok()?;
        Some((at.and_utc(), entry.path()))
    };
    let mut kept: Vec<_> = entries.filter_map(copy).collect();
    kept.sort();
    kept
}

fn remove_old(directory: &Path, keep: usize) -> io::Result<()> {
    let kept = kept(directory);
    let old = kept.len().saturating_sub(keep);
    kept.into_iter()
        .take(old)
        .try_for_each(|(_, path)| fs::remove_dir_all(path))
}
