//! Access rules: judging by them, changing them, and whom a change would hit.
//! A rule never changes an account that exists.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Bbs, Ruling, authorize, hub::Present, letter, setting::current};
use crate::{
    domain::{
        access::{Effect, Gate, Ground, Hits, Kind, Rule, Subject, Verdict, is_disposable},
        account::Status,
        actor::Actor,
        email::{DomainName, Email},
        event::Event,
        handle::{Claiming, Handle, is_reserved},
        id::RuleId,
        policy::{Capability, Permit},
        refusal::{LockedOut, Refusal},
        source::Network,
        text::{Line, TextProblem},
    },
    settings::{Key, Settings},
    store::{
        self, Fault, Read, Tx,
        access::{Candidate, Entry},
        audit::{Act, record},
    },
};

/// The longest reason.
const REASON: usize = 200;

/// A change of the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// This rule is added.
    Add(Rule),
    /// This one goes.
    Remove(Rule),
}

impl Change {
    const fn rule(&self) -> &Rule {
        match self {
            Self::Add(rule) | Self::Remove(rule) => rule,
        }
    }

    /// Changes who may connect.
    fn apply(&self, gate: &mut Gate) {
        match self {
            Self::Add(rule) => gate.add(rule),
            Self::Remove(rule) => gate.remove(rule),
        }
    }
}

/// Whether whoever changes a rule agrees to be kept out by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sure {
    /// They do.
    Yes,
    /// They have not been asked.
    No,
}

/// A page of rules.
#[derive(Clone, Debug)]
pub struct Page {
    /// The rules, newest first.
    pub entries: Vec<Entry>,
    /// How many there are of each kind.
    pub counts: Vec<(Kind, u32)>,
    /// Whether only callers from some networks get in.
    pub is_exclusive: bool,
}

impl Bbs {
    /// Whether a caller from there may connect.
    pub fn admits(&self, address: IpAddr) -> bool {
        self.gate.borrow().admits(address)
    }

    /// Returns rules of a kind, newest first.
    pub async fn list_rules(
        &self,
        actor: &Actor,
        kind: Kind,
        before: Option<RuleId>,
        rows: u32,
    ) -> Ruling<Page> {
        let actor = actor.clone();
        let is_exclusive = self.gate.borrow().is_exclusive();
        self.ask(move |view| {
            authorize(view, &actor, Capability::ManageAccess, &current(view)?)?;
            let counts = Kind::ALL
                .iter()
                .map(|&kind| Ok((kind, store::access::count(view, kind)?)))
                .collect::<Result<_, Fault>>()?;
            let entries = store::access::page(view, kind, before, rows)?;
            Ok(Page {
                entries,
                counts,
                is_exclusive,
            })
        })
        .await
    }

    /// Returns the rule about just that.
    pub async fn find_rule(&self, actor: &Actor, subject: Subject) -> Ruling<Entry> {
        let actor = actor.clone();
        self.ask(move |view| {
            authorize(view, &actor, Capability::ManageAccess, &current(view)?)?;
            store::access::of(view, &subject)?.ok_or_else(|| Refusal::NoSuchRule.into())
        })
        .await
    }

    /// Says whether something would be refused, and why.
    pub async fn judge(&self, actor: &Actor, subject: Subject) -> Ruling<Verdict> {
        let actor = actor.clone();
        self.ask(move |view| {
            let settings = current(view)?;
            authorize(view, &actor, Capability::ManageAccess, &settings)?;
            Ok(match &subject {
                Subject::Handle(handle) => judge_handle(view, handle, Claiming::No, &settings)?,
                Subject::Email(email) => judge_email(view, email, &settings)?,
                Subject::Domain(domain) => judge_domain(view, domain, &settings)?,
                Subject::Source(network) => judge_source(view, *network)?,
                Subject::Certificate(_) => {
                    let rule = store::access::of(view, &subject)?;
                    rule.map_or(Verdict::Free, |entry| Verdict::Refused(ground(&entry)))
                }
            })
        })
        .await
    }

    /// Says whom a change of the rules would hit.
    pub async fn foresee(&self, actor: &Actor, change: Change) -> Ruling<Hits> {
        let (asking, present) = (actor.clone(), self.hub().everybody());
        self.ask(move |view| {
            authorize(view, &asking, Capability::ManageAccess, &current(view)?)?;
            if let Change::Add(rule) = &change {
                refuse_second(view, rule)?;
            }
            Ok(hits(view, &asking, &present, &change)?)
        })
        .await
    }

    /// Adds a rule. Whoever it would keep out has to be sure.
    pub async fn add_rule(
        &self,
        actor: &Actor,
        rule: Rule,
        reason: &str,
        sure: Sure,
    ) -> Ruling<Entry> {
        let reason = read_reason(reason)?;
        let change = Change::Add(rule.clone());
        self.change_rules(actor, change, sure, move |tx, permit| {
            refuse_second(tx, &rule)?;
            let id = store::access::insert(tx, &rule, reason.as_str(), permit.name())?;
            let entry = store::access::by_id(tx, id)?.ok_or(Refusal::NoSuchRule)?;
            let reason = Some(reason.as_str()).filter(|reason| !reason.is_empty());
            let act = Act {
                action: "access.add",
                object: &format!("rule {}", entry.number()),
                after: Some(&told(&rule)),
                reason,
                ..Act::default()
            };
            record(tx, permit, act)?;
            Ok(entry)
        })
        .await
    }

    /// Removes a rule. Whoever is kept out without it has to be sure.
    pub async fn remove_rule(&self, actor: &Actor, entry: Entry, sure: Sure) -> Ruling<Entry> {
        let change = Change::Remove(entry.rule.clone());
        self.change_rules(actor, change, sure, move |tx, permit| {
            if !store::access::remove(tx, entry.id)? {
                return Err(Refusal::NoSuchRule.into());
            }
            let act = Act {
                action: "access.remove",
                object: &format!("rule {}", entry.number()),
                before: Some(&told(&entry.rule)),
                ..Act::default()
            };
            record(tx, permit, act)?;
            Ok(entry)
        })
        .await
    }

    /// Writes a change of the rules, and closes the door to whom it keeps out:
    /// calls from there end, except those of whoever was sure.
    async fn change_rules(
        &self,
        actor: &Actor,
        change: Change,
        sure: Sure,
        write: impl FnOnce(&Tx<'_>, &Permit) -> Ruling<Entry> + Send + 'static,
    ) -> Ruling<Entry> {
        let actor = actor.clone();
        let (hub, publish) = (std::sync::Arc::clone(self.hub()), self.gate.clone());
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageAccess, &current(tx)?)?;
            if change.rule().subject().kind() == Kind::Source {
                let (before, after) = gates(tx, &change)?;
                let locked_out = locked_out(&actor, &hub.everybody(), &before, &after);
                if let (Some(who), Sure::No) = (locked_out, sure) {
                    return Err(Refusal::LocksOut(who).into());
                }
                tx.after_commit(move || {
                    let after = std::sync::Arc::new(after);
                    publish.send_replace(std::sync::Arc::clone(&after));
                    hub.hang_up_all(|one| !is_own(one, &actor) && !after.admits(one.address));
                });
            }
            let entry = write(tx, &permit)?;
            letter::unblock(tx)?;
            tx.emit(Event::AccessChanged);
            Ok(entry)
        })
        .await
    }
}

fn read_reason(text: &str) -> Result<Line, Refusal> {
    Line::parse_or_empty(text, REASON).map_err(|problem| match problem {
        TextProblem::TooLong { max } => Refusal::TextLong(max),
        TextProblem::Empty => Refusal::TextNeeded,
    })
}

/// Refuses a second rule about the same.
fn refuse_second(read: &impl Read, rule: &Rule) -> Ruling<()> {
    match store::access::of(read, rule.subject())? {
        Some(entry) => Err(Refusal::RuleExists(entry.rule.subject().text()).into()),
        None => Ok(()),
    }
}

/// Returns a rule as records tell it: never an address or a network.
fn told(rule: &Rule) -> String {
    let subject = rule.subject();
    match subject.kind() {
        kind @ (Kind::Handle | Kind::Domain | Kind::Certificate) => {
            format!("{kind} {} {}", subject.text(), rule.effect())
        }
        kind @ (Kind::Email | Kind::Source) => format!("{kind} {}", rule.effect()),
    }
}

/// Returns who may connect before and after a change.
fn gates(read: &impl Read, change: &Change) -> Result<(Gate, Gate), Fault> {
    let before = store::access::gate(read)?;
    let mut after = before.clone();
    change.apply(&mut after);
    Ok((before, after))
}

/// Whether that is a call of `actor`.
fn is_own(one: &Present, actor: &Actor) -> bool {
    actor.account().is_some() && one.actor.account() == actor.account()
}

/// Returns whom a change keeps out who should think twice: whoever makes it, and
/// everybody at the machine.
fn locked_out(
    actor: &Actor,
    present: &[Present],
    before: &Gate,
    after: &Gate,
) -> Option<LockedOut> {
    let loses = |address: IpAddr| before.admits(address) && !after.admits(address);
    let own = present.iter().filter(|one| is_own(one, actor));
    if own.map(|one| one.address).any(loses) {
        return Some(LockedOut::You);
    }
    let machine = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    let is_machine = machine.into_iter().any(loses);
    is_machine.then_some(LockedOut::ThisMachine)
}

fn hits(
    read: &impl Read,
    actor: &Actor,
    present: &[Present],
    change: &Change,
) -> Result<Hits, Fault> {
    let (before, after) = gates(read, change)?;
    let all = match (change, change.rule().subject()) {
        (_, Subject::Source(_)) => store::access::come_from(read, |source| {
            let network = Network::from(source);
            !before.may_stop(network) && after.may_stop(network)
        })?,
        // What a rule held back is free again, and nobody is hit by that. Who
        // came with a certificate is not kept.
        (Change::Remove(_), _) | (_, Subject::Certificate(_)) => Vec::new(),
        (Change::Add(_), Subject::Handle(handle)) => store::access::looking_like(read, handle)?,
        (Change::Add(_), Subject::Email(banned)) => {
            let mailbox = banned.mailbox();
            store::access::with_email(read, |email| email.mailbox() == mailbox)?
        }
        (Change::Add(_), Subject::Domain(domain)) => {
            store::access::with_email(read, |email| domain.covers(email))?
        }
    };
    let waits = |one: &Candidate| matches!(one.status, Status::Pending | Status::Unverified);
    let (requests, accounts): (Vec<_>, Vec<_>) = all.into_iter().partition(waits);
    let names = |people: Vec<Candidate>| people.into_iter().map(|one| Some(one.handle)).collect();
    let ending = present
        .iter()
        .filter(|one| before.admits(one.address) && !after.admits(one.address));
    Ok(Hits {
        accounts: names(accounts),
        requests: names(requests),
        sessions: ending
            .map(|one| one.actor.handle().map(ToString::to_string))
            .collect(),
        locks_out: locked_out(actor, present, &before, &after),
    })
}

/// Judges a handle by the pattern, the names of the house and the rules; whether
/// somebody has it is not asked.
pub(super) fn judge_handle(
    read: &impl Read,
    handle: &Handle,
    claiming: Claiming,
    settings: &Settings,
) -> Result<Verdict, Fault> {
    if !settings.handle_pattern.allows(handle.as_str()) {
        return Ok(Verdict::Refused(Ground::Setting(Key::HandlePattern.name())));
    }
    if is_reserved(handle, settings.site_name.as_str(), claiming) {
        return Ok(Verdict::Refused(Ground::House));
    }
    let rule = store::access::of(read, &Subject::Handle(handle.clone()))?;
    Ok(rule.map_or(Verdict::Free, |entry| Verdict::Refused(ground(&entry))))
}

/// Judges an address by the rules and the settings together. What refuses wins
/// over what is only a hint.
pub(super) fn judge_email(
    read: &impl Read,
    email: &Email,
    settings: &Settings,
) -> Result<Verdict, Fault> {
    let rules = store::access::about_email(read, email)?;
    Ok(weigh(rules, settings, email.domain(), |domain| {
        domain.covers(email)
    }))
}

/// Judges a domain as if somebody came with an address there.
fn judge_domain(
    read: &impl Read,
    domain: &DomainName,
    settings: &Settings,
) -> Result<Verdict, Fault> {
    let rules = store::access::about_domain(read, domain.as_str())?;
    Ok(weigh(rules, settings, domain.as_str(), |listed| {
        listed.includes(domain)
    }))
}

fn ground(entry: &Entry) -> Ground {
    Ground::Rule {
        id: entry.id,
        effect: entry.rule.effect(),
        by: entry.by.clone(),
        reason: entry.reason.clone(),
    }
}

fn weigh(
    rules: Vec<Entry>,
    settings: &Settings,
    domain: &str,
    covers: impl Fn(&DomainName) -> bool,
) -> Verdict {
    let mut hint = None;
    for entry in rules {
        if entry.rule.effect() == Effect::Banned {
            return Verdict::Refused(ground(&entry));
        }
        hint.get_or_insert(ground(&entry));
    }
    if settings.email_deny_domains.iter().any(&covers) {
        return Verdict::Refused(Ground::Setting(Key::EmailDenyDomains.name()));
    }
    let allowed = &settings.email_allow_domains;
    if !allowed.is_empty() && !allowed.iter().any(&covers) {
        return Verdict::Refused(Ground::Setting(Key::EmailAllowDomains.name()));
    }
    let hint = hint.or_else(|| is_disposable(domain).then_some(Ground::Known));
    hint.map_or(Verdict::Free, Verdict::Hint)
}

/// Judges a network by the rules, of which those that deny win.
fn judge_source(read: &impl Read, network: Network) -> Result<Verdict, Fault> {
    let rules = store::access::about_sources(read)?;
    let meets = |entry: &&Entry| match entry.rule.subject() {
        Subject::Source(other) => other.overlaps(network),
        _ => false,
    };
    let (allowed, denied): (Vec<_>, Vec<_>) = rules
        .iter()
        .partition(|entry| entry.rule.effect() == Effect::Allowed);
    Ok(match denied.into_iter().find(meets) {
        Some(entry) => Verdict::Refused(ground(entry)),
        None if allowed.is_empty() || allowed.iter().any(meets) => Verdict::Free,
        None => Verdict::Refused(Ground::NotAllowed),
    })
}
