//! `audit`: who did what, and following it while it happens.

use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::{Desk, Exit, Live, failure::Failure, out::table, shape::Record, value::When};
use crate::{
    app::{Bbs, audit::about},
    domain::{event::Event, id::AuditId},
    store::audit::{Filter, Record as Stored},
    words,
};

/// Records read at a time.
const ROWS: u32 = 200;

/// Records shown where nobody says how many, and before those that are
/// followed.
const SHOWN: u32 = 50;
const BEGUN: u32 = 10;

/// Which records.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Audit {
    /// Only what was done to this: a handle, a setting, or inv-1042.
    #[arg(long)]
    object: Option<String>,
    /// Only what was done by this handle, or console(1000), or ringdown.
    #[arg(long)]
    actor: Option<String>,
    /// Only since then: 12h, 7d, 2w, or a day in UTC as 2026-12-24.
    #[arg(long, value_name = "WHEN", value_parser = When::parse)]
    since: Option<When>,
    /// Only before then.
    #[arg(long, value_name = "WHEN", value_parser = When::parse)]
    until: Option<When>,
    /// How many, from the newest.
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// Go on with what happens from now on, until you hang up
    ///
    /// The oldest comes first then, and in JSON each stands on a line.
    #[arg(long, conflicts_with = "until")]
    follow: bool,
}

impl Audit {
    fn filter(&self, bbs: &Bbs) -> Filter {
        let now = bbs.clock().now();
        let when = |when: Option<When>| when.map(|when| when.before(now));
        Filter {
            actor: self.actor.clone(),
            since: when(self.since),
            until: when(self.until),
            ..about(self.object.as_deref().unwrap_or_default())
        }
    }
}

pub(super) async fn run(desk: &mut Desk<'_>, audit: Audit) -> Result<(), Failure> {
    let filter = audit.filter(desk.bbs);
    if audit.follow {
        return follow(desk, &filter, audit.limit.unwrap_or(BEGUN)).await;
    }
    let limit = audit.limit.unwrap_or(SHOWN);
    let records = newest(desk, &filter, None, limit).await?;
    let is_more = !records.is_empty() && records.len() == usize::try_from(limit).unwrap_or(0);
    list(desk, &records);
    if is_more && audit.limit.is_none() {
        desk.out.note(&words::audit::older(limit));
    }
    Ok(())
}

/// Returns everything that was done to one thing, newest first.
pub(super) async fn history(
    desk: &Desk<'_>,
    kind: &str,
    name: &str,
) -> Result<Vec<Stored>, Failure> {
    let filter = Filter {
        name: Some(name.trim().to_owned()),
        kind: Some(kind.to_owned()),
        ..Filter::default()
    };
    newest(desk, &filter, None, u32::MAX).await
}

/// Returns the newest records, page by page.
async fn newest(
    desk: &Desk<'_>,
    filter: &Filter,
    mut before: Option<AuditId>,
    limit: u32,
) -> Result<Vec<Stored>, Failure> {
    let mut records = Vec::new();
    loop {
        let have = u32::try_from(records.len()).unwrap_or(u32::MAX);
        let rows = ROWS.min(limit.saturating_sub(have));
        let page = desk.bbs.list_audit(desk.actor, filter, before, rows);
        let page = page.await?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        records.extend(page);
    }
    Ok(records)
}

/// Answers with records.
pub(super) fn list(desk: &mut Desk<'_>, records: &[Stored]) {
    if records.is_empty() {
        desk.out.note(&words::command::nothing());
    }
    let records: Vec<Record<'_>> = records.iter().map(Record::from).collect();
    desk.out.many(&records, |records| {
        let row = |record: &Record<'_>| {
            [
                record.at.to_string(),
                record.actor.to_owned(),
                record.act(),
                record.change(),
                record.reason.unwrap_or_default().to_owned(),
            ]
        };
        let rows: Vec<_> = records.iter().map(row).collect();
        table(["TIME", "WHO", "WHAT", "CHANGE", "REASON"], &rows)
    });
}

/// Answers with the newest records and goes on until nobody listens.
async fn follow(desk: &mut Desk<'_>, filter: &Filter, begun: u32) -> Result<(), Failure> {
    let live = desk
        .ears
        .live
        .take()
        .ok_or_else(|| Failure::new(Exit::Refused, words::audit::nothing_to_follow()))?;
    // Before the first look, so that nothing falls in between.
    let mut events = desk.bbs.hub().listen();
    let mut read_to = desk.bbs.latest_audit(desk.actor).await?;
    let before = Some(AuditId(read_to.0.saturating_add(1)));
    let mut news = newest(desk, filter, before, begun).await?;
    news.reverse();
    // Nothing, but from now on it is live.
    live.send(String::new()).await.ok();
    loop {
        for record in &news {
            desk.out.one(&Record::from(record), Record::line);
        }
        let said = desk.out.take();
        if !said.is_empty() && live.send(said).await.is_err() {
            return Ok(());
        }
        let is_page = u32::try_from(news.len()) == Ok(ROWS);
        if !is_page && !is_news(&mut events, &live).await {
            return Ok(());
        }
        let fresh = desk
            .bbs
            .audit_after(desk.actor, filter, read_to, ROWS)
            .await?;
        (news, read_to) = (fresh.records, fresh.read_to);
    }
}

/// Waits until something was written down; says whether somebody still listens.
async fn is_news(events: &mut Receiver<Event>, live: &Live) -> bool {
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Ok(Event::Recorded) | Err(RecvError::Lagged(_)) => return true,
                Ok(_) => {}
                Err(RecvError::Closed) => return false,
            },
            () = live.closed() => return false,
        }
    }
}
