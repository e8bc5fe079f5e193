//! Access rules. What they do is decided elsewhere.

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::{Fault, Read, Tx, moment, named, stored};
use crate::domain::{
    access::{Effect, Gate, Kind, Rule, Subject},
    account::Status,
    certificate::Certified,
    clock::Timestamp,
    email::Email,
    handle::Handle,
    id::{AccountId, RuleId},
    source::Source,
};

/// A rule as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub id: RuleId,
    /// What it says.
    pub rule: Rule,
    /// Why it is there; may be empty.
    pub reason: String,
    /// Who added it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Entry {
    /// Returns the number as people see it.
    pub fn number(&self) -> String {
        format!("rule-{}", self.id)
    }
}

/// The columns of [`Entry`], in the order [`read_row`] takes them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, effect, value, reason, by, at FROM access_rule ",
            $rest
        )
    };
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let (kind, effect, value): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
    let kind = named(Kind::named(&kind), "kind")?;
    let effect = named(Effect::named(&effect), "effect")?;
    let subject = named(Subject::parse(kind, &value).ok(), "value")?;
    Ok(Entry {
        id: RuleId(row.get(0)?),
        rule: named(Rule::new(subject, Some(effect)).ok(), "effect")?,
        reason: row.get(4)?,
        by: row.get(5)?,
        at: moment(row.get(6)?),
    })
}

/// Adds a rule about something that has none.
pub fn insert(tx: &Tx<'_>, rule: &Rule, reason: &str, by: &str) -> Result<RuleId, Fault> {
    const SQL: &str = "
        INSERT INTO access_rule (kind, effect, value, key, reason, by, at)
        VALUES (:kind, :effect, :value, :key, :reason, :by, :at)";
    let subject = rule.subject();
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":kind": subject.kind().name(),
        ":effect": rule.effect().name(),
        ":value": subject.text(),
        ":key": subject.key(),
        ":reason": reason,
        ":by": by,
        ":at": stored(tx.now()),
    })?;
    Ok(RuleId(tx.db().last_insert_rowid()))
}

/// Removes a rule; says whether it was there.
pub fn remove(tx: &Tx<'_>, id: RuleId) -> Result<bool, Fault> {
    const SQL: &str = "DELETE FROM access_rule WHERE id = :id";
    let params = named_params! { ":id": id.0 };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Returns a rule.
pub fn by_id(read: &impl Read, id: RuleId) -> Result<Option<Entry>, Fault> {
    const SQL: &str = select!("WHERE id = :id");
    let mut statement = read.db().prepare_cached(SQL)?;
    Ok(statement
        .query_row(named_params! { ":id": id.0 }, read_row)
        .optional()?)
}

/// Every registration asks this a few times.
pub(super) const OF: &str = select!("WHERE kind = :kind AND key = :key");

/// Returns the rule about just that.
pub fn of(read: &impl Read, subject: &Subject) -> Result<Option<Entry>, Fault> {
    by_key(read, subject.kind(), &subject.key())
}

/// Returns the rules about an address and its domains, the nearest first.
pub fn about_email(read: &impl Read, email: &Email) -> Result<Vec<Entry>, Fault> {
    let mut found = about_domain(read, email.domain())?;
    let own = by_key(read, Kind::Email, &email.mailbox())?;
    found.splice(..0, own);
    Ok(found)
}

/// Returns the rules about a domain and those above it, the nearest first.
pub fn about_domain(read: &impl Read, domain: &str) -> Result<Vec<Entry>, Fault> {
    std::iter::successors(Some(domain), |name| {
        name.split_once('.').map(|(_, above)| above)
    })
    .filter_map(|name| by_key(read, Kind::Domain, name).transpose())
    .collect()
}

/// Whether a rule is about a certificate.
pub fn is_certificate_banned(read: &impl Read, certified: &Certified) -> Result<bool, Fault> {
    for name in certified.names() {
        if of(read, &Subject::Certificate(name))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn by_key(read: &impl Read, kind: Kind, key: &str) -> Result<Option<Entry>, Fault> {
    let params = named_params! { ":kind": kind.name(), ":key": key };
    let mut statement = read.db().prepare_cached(OF)?;
    Ok(statement.query_row(params, read_row).optional()?)
}

/// The tab pages through this.
pub(super) const PAGE: &str =
    select!("WHERE kind = :kind AND id < :before ORDER BY id DESC LIMIT :rows");

/// Returns a page of rules of a kind, newest first: those before one of them.
pub fn page(
    read: &impl Read,
    kind: Kind,
    before: Option<RuleId>,
    rows: u32,
) -> Result<Vec<Entry>, Fault> {
    let params = named_params! {
        ":kind": kind.name(),
        ":before": before.map_or(i64::MAX, |id| id.0),
        ":rows": rows,
    };
    let mut statement = read.db().prepare_cached(PAGE)?;
    let entries = statement.query_map(params, read_row)?;
    Ok(entries.collect::<Result<_, _>>()?)
}

/// Returns how many rules of a kind there are.
pub fn count(read: &impl Read, kind: Kind) -> Result<u32, Fault> {
    const SQL: &str = "SELECT count(*) FROM access_rule WHERE kind = :kind";
    let params = named_params! { ":kind": kind.name() };
    let mut statement = read.db().prepare_cached(SQL)?;
    Ok(statement.query_row(params, |row| row.get(0))?)
}

/// Returns the rules about sources.
pub fn about_sources(read: &impl Read) -> Result<Vec<Entry>, Fault> {
    const SQL: &str = select!("WHERE kind = 'source' ORDER BY id");
    let mut statement = read.db().prepare_cached(SQL)?;
    let entries = statement.query_map([], read_row)?;
    Ok(entries.collect::<Result<_, _>>()?)
}

/// Returns who may connect, by the rules about sources.
pub fn gate(read: &impl Read) -> Result<Gate, Fault> {
    let entries = about_sources(read)?;
    Ok(entries.iter().map(|entry| &entry.rule).collect())
}

/// An account a rule may be about.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its row.
    pub id: AccountId,
    /// Its handle.
    pub handle: String,
    /// Where it stands.
    pub status: Status,
}

/// Returns the accounts whose handle looks like that one.
pub fn looking_like(read: &impl Read, handle: &Handle) -> Result<Vec<Candidate>, Fault> {
    const SQL: &str = "
        SELECT id, handle, status, NULL FROM account
        WHERE skeleton = :skeleton AND status <> 'deleted' ORDER BY id";
    let skeleton = handle.skeleton();
    select_where(read, SQL, &[(":skeleton", &skeleton)], |_| true)
}

/// Returns the accounts with an address that matches. It reads all addresses:
/// only a sysop asks, before a rule is made.
pub fn with_email(
    read: &impl Read,
    matches: impl Fn(&Email) -> bool,
) -> Result<Vec<Candidate>, Fault> {
    const SQL: &str = "
        SELECT id, handle, status, email_key FROM account
        WHERE email_key IS NOT NULL AND status <> 'deleted' ORDER BY id";
    select_where(read, SQL, &[], |email| {
        Email::parse(email).is_ok_and(|email| matches(&email))
    })
}

/// Returns the accounts that came from a source that matches, as long as that
/// is remembered. It reads all sources, like [`with_email`].
pub fn come_from(
    read: &impl Read,
    matches: impl Fn(Source) -> bool,
) -> Result<Vec<Candidate>, Fault> {
    const SQL: &str = "
        SELECT a.id, a.handle, a.status, came.source
        FROM (SELECT account_id AS id, source FROM known_source
              UNION SELECT id, source FROM account WHERE source IS NOT NULL) AS came
        JOIN account a ON a.id = came.id
        WHERE a.status <> 'deleted' ORDER BY a.id";
    let mut found = select_where(read, SQL, &[], |source| source.parse().is_ok_and(&matches))?;
    found.dedup_by_key(|one| one.id);
    Ok(found)
}

/// Returns the accounts of a query whose last column, if there is one, matches.
fn select_where(
    read: &impl Read,
    sql: &str,
    params: &[(&str, &dyn rusqlite::ToSql)],
    matches: impl Fn(&str) -> bool,
) -> Result<Vec<Candidate>, Fault> {
    let mut statement = read.db().prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let column: Option<String> = row.get(3)?;
        if column.as_deref().is_none_or(&matches) {
            let status: String = row.get(2)?;
            found.push(Candidate {
                id: AccountId(row.get(0)?),
                handle: row.get(1)?,
                status: named(Status::named(&status), "status")?,
            });
        }
    }
    Ok(found)
}
