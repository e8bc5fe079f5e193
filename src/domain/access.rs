//! Access rules: which handles, addresses, domains and networks are kept out, or
//! held back, or let through. Whom a rule stops is decided here; where the rules
//! are kept is not known.

use std::net::IpAddr;

use super::{
    account::named,
    certificate::CertificateName,
    email::{DomainName, Email},
    handle::Handle,
    id::RuleId,
    refusal::LockedOut,
    source::Network,
};

named! {
    /// What a rule is about.
    Kind {
        /// What callers may be called.
        Handle = "handle",
        /// One e-mail address.
        Email = "email",
        /// The domain of addresses, and those below it.
        Domain = "domain",
        /// The network callers come from.
        Source = "source",
        /// One certificate of an authority that is trusted.
        Certificate = "certificate",
    }
}

named! {
    /// What a rule does.
    Effect {
        /// The handle is kept for whom a sysop gives it to.
        Reserved = "reserved",
        /// Nobody registers with it.
        Banned = "banned",
        /// Whoever decides is told that such addresses are thrown away.
        Disposable = "disposable",
        /// Nobody connects from there.
        Denied = "denied",
        /// Only from there, and where other rules of the kind allow it.
        Allowed = "allowed",
    }
}

impl Kind {
    /// Returns what rules of this kind can do; the usual thing first.
    pub const fn effects(self) -> &'static [Effect] {
        match self {
            Self::Handle => &[Effect::Reserved, Effect::Banned],
            Self::Email | Self::Certificate => &[Effect::Banned],
            Self::Domain => &[Effect::Banned, Effect::Disposable],
            Self::Source => &[Effect::Denied, Effect::Allowed],
        }
    }
}

/// Why something is no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleProblem {
    /// The value is none of its kind.
    #[error("not a value of the kind {0}")]
    Value(Kind),
    /// Rules of that kind do other things.
    #[error("not what a rule of the kind {0} does")]
    Effect(Kind),
}

/// What a rule is about, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A handle, and whatever looks like it (H5).
    Handle(Handle),
    /// An address, whatever stands behind a `+` in it.
    Email(Email),
    /// A domain and those below it.
    Domain(DomainName),
    /// A network.
    Source(Network),
    /// A certificate.
    Certificate(CertificateName),
}

impl Subject {
    /// Reads a value of that kind.
    pub fn parse(kind: Kind, text: &str) -> Result<Self, RuleProblem> {
        let text = text.trim();
        match kind {
            Kind::Handle => Handle::parse(text).ok().map(Self::Handle),
            Kind::Email => Email::parse(text).ok().map(Self::Email),
            Kind::Domain => DomainName::parse(text).ok().map(Self::Domain),
            Kind::Source => text.parse().ok().map(Self::Source),
            Kind::Certificate => CertificateName::parse(text).map(Self::Certificate),
        }
        .ok_or(RuleProblem::Value(kind))
    }

    /// Returns its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Handle(_) => Kind::Handle,
            Self::Email(_) => Kind::Email,
            Self::Domain(_) => Kind::Domain,
            Self::Source(_) => Kind::Source,
            Self::Certificate(_) => Kind::Certificate,
        }
    }

    /// Returns it as people read it, and as [`parse`](Self::parse) reads it.
    pub fn text(&self) -> String {
        match self {
            Self::Handle(handle) => handle.to_string(),
            Self::Email(email) => email.key().to_owned(),
            Self::Domain(domain) => domain.to_string(),
            Self::Source(network) => network.to_string(),
            Self::Certificate(name) => name.to_string(),
        }
    }

    /// Returns what it is found by: two subjects of a kind with one key are the
    /// same.
    pub fn key(&self) -> String {
        match self {
            Self::Handle(handle) => handle.skeleton(),
            Self::Email(email) => email.mailbox(),
            Self::Domain(domain) => domain.to_string(),
            Self::Source(network) => network.to_string(),
            Self::Certificate(name) => name.to_string(),
        }
    }
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    subject: Subject,
    effect: Effect,
}

impl Rule {
    /// Makes a rule that does that, or what is usual for its kind.
    pub fn new(subject: Subject, effect: Option<Effect>) -> Result<Self, RuleProblem> {
        let kind = subject.kind();
        let effect = match effect {
            Some(effect) if kind.effects().contains(&effect) => Some(effect),
            Some(_) => None,
            None => kind.effects().first().copied(),
        };
        effect
            .map(|effect| Self { subject, effect })
            .ok_or(RuleProblem::Effect(kind))
    }

    /// Returns what it is about.
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Returns what it does.
    pub const fn effect(&self) -> Effect {
        self.effect
    }
}

/// Which networks may connect: the rules about sources, for the door.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    allowed: Vec<Network>,
    denied: Vec<Network>,
}

impl Gate {
    /// Adds a rule; those about other things than sources change nothing.
    pub fn add(&mut self, rule: &Rule) {
        if let Subject::Source(network) = rule.subject {
            match rule.effect {
                Effect::Allowed => self.allowed.push(network),
                _ => self.denied.push(network),
            }
        }
    }

    /// Takes a rule away.
    pub fn remove(&mut self, rule: &Rule) {
        if let Subject::Source(network) = rule.subject {
            match rule.effect {
                Effect::Allowed => self.allowed.retain(|one| *one != network),
                _ => self.denied.retain(|one| *one != network),
            }
        }
    }

    /// Whether a caller from `address` may connect: nobody denies it, and, where
    /// anybody is allowed, somebody allows it.
    pub fn admits(&self, address: IpAddr) -> bool {
        let covers = |networks: &[Network]| networks.iter().any(|one| one.contains(address));
        !covers(&self.denied) && (self.allowed.is_empty() || covers(&self.allowed))
    }

    /// Whether only callers from some networks get in.
    pub const fn is_exclusive(&self) -> bool {
        !self.allowed.is_empty()
    }

    /// Whether some caller from `network` may be kept out.
    pub fn may_stop(&self, network: Network) -> bool {
        let meets = |networks: &[Network]| networks.iter().any(|one| one.overlaps(network));
        meets(&self.denied) || !(self.allowed.is_empty() || meets(&self.allowed))
    }
}

impl<'a> FromIterator<&'a Rule> for Gate {
    fn from_iter<T: IntoIterator<Item = &'a Rule>>(rules: T) -> Self {
        let mut gate = Self::default();
        rules.into_iter().for_each(|rule| gate.add(rule));
        gate
    }
}

/// How many of those who would be hit are named.
const NAMED: usize = 5;

/// What the board says about a handle, an address, a domain or a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is against it.
    Free,
    /// Nothing is against it, but whoever decides should know.
    Hint(Ground),
    /// It is refused.
    Refused(Ground),
}

/// What a verdict rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// A rule.
    Rule {
        /// Its number.
        id: RuleId,
        /// What it does.
        effect: Effect,
        /// Who added it.
        by: String,
        /// Why; may be empty.
        reason: String,
    },
    /// No rule allows it, and there are some that allow others.
    NotAllowed,
    /// The setting of that name.
    Setting(&'static str),
    /// It is or looks like a name of the house (H6).
    House,
    /// It is among the domains that every board knows as disposable.
    Known,
}

impl Ground {
    /// Whether it is a rule that does that.
    pub fn is_rule(&self, wanted: Effect) -> bool {
        matches!(self, Self::Rule { effect, .. } if *effect == wanted)
    }
}

/// Whom a rule, or its end, would hit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// Accounts; nothing happens to them, but they could not be made again, or
    /// would find the door closed.
    pub accounts: Crowd,
    /// Requests that wait.
    pub requests: Crowd,
    /// Calls that would end.
    pub sessions: Crowd,
    /// Whom of those it would keep out who should think twice.
    pub locks_out: Option<LockedOut>,
}

/// Some people, of whom a few are named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crowd {
    /// How many.
    pub count: usize,
    /// The first of them.
    pub names: Vec<String>,
}

impl FromIterator<Option<String>> for Crowd {
    /// Counts everybody, and names those who have a name.
    fn from_iter<T: IntoIterator<Item = Option<String>>>(names: T) -> Self {
        let mut crowd = Self::default();
        for name in names {
            crowd.count += 1;
            crowd
                .names
                .extend(name.filter(|_| crowd.names.len() < NAMED));
        }
        crowd
    }
}

/// Domains that lend addresses for minutes to whoever comes. They are only a
/// hint: people have reasons. Sysops add theirs as rules.
const DISPOSABLE: &[&str] = &[
    "10minutemail.com",
    "20minutemail.com",
    "anonaddy.me",
    "burnermail.io",
    "byom.de",
    "discard.email",
    "dispostable.com",
    "dropmail.me",
    "emailondeck.com",
    "fakeinbox.com",
    "getairmail.com",
    "getnada.com",
    "guerrillamail.com",
    "guerrillamail.de",
    "guerrillamail.net",
    "guerrillamail.org",
    "harakirimail.com",
    "inboxkitten.com",
    "mail-temp.com",
    "mail.tm",
    "mailcatch.com",
    "maildrop.cc",
    "mailinator.com",
    "mailnesia.com",
    "mailsac.com",
    "mailtemp.net",
    "minuteinbox.com",
    "mintemail.com",
    "moakt.com",
    "mohmal.com",
    "mytemp.email",
    "nada.email",
    "sharklasers.com",
    "spam4.me",
    "spamgourmet.com",
    "temp-mail.io",
    "temp-mail.org",
    "tempail.com",
    "tempmail.dev",
    "tempr.email",
    "throwawaymail.com",
    "trash-mail.com",
    "trashmail.com",
    "trashmail.de",
    "wegwerfmail.de",
    "yopmail.com",
    "yopmail.fr",
];

/// Whether addresses at that very domain are known to be thrown away.
pub fn is_disposable(domain: &str) -> bool {
    DISPOSABLE.contains(&domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(kind: Kind, text: &str) -> Subject {
        Subject::parse(kind, text).unwrap()
    }

    fn source(text: &str, effect: Effect) -> Rule {
        Rule::new(subject(Kind::Source, text), Some(effect)).unwrap()
    }

    #[test]
    fn a_rule_does_only_what_rules_of_its_kind_do() {
        for (kind, text) in [
            (Kind::Handle, "trouble"),
            (Kind::Email, "eve@example.org"),
            (Kind::Domain, "example.org"),
            (Kind::Source, "192.0.2.0/24"),
            (Kind::Certificate, "ada@laptop 2026"),
            (Kind::Certificate, "serial:17"),
        ] {
            let subject = subject(kind, text);
            let usual = Rule::new(subject.clone(), None).unwrap();
            assert_eq!(Some(&usual.effect()), kind.effects().first());
            for &effect in Effect::ALL {
                let rule = Rule::new(subject.clone(), Some(effect));
                assert_eq!(
                    rule.is_ok(),
                    kind.effects().contains(&effect),
                    "{kind} {effect}"
                );
            }
            assert_eq!(Subject::parse(kind, &subject.text()), Ok(subject));
            assert_eq!(Subject::parse(kind, ""), Err(RuleProblem::Value(kind)));
        }
    }

    #[test]
    fn h5_what_looks_alike_is_one_subject() {
        let key = |kind, text| subject(kind, text).key();
        assert_eq!(key(Kind::Handle, "modem"), key(Kind::Handle, "rnodern"));
        let plain = key(Kind::Email, "eve@example.org");
        assert_eq!(plain, key(Kind::Email, "Eve+board@Example.org"));
        assert_eq!(
            key(Kind::Source, "10.9.8.7/8"),
            key(Kind::Source, "10.0.0.0/8")
        );
    }

    #[test]
    fn deny_wins_and_an_allowed_network_keeps_the_others_out() {
        let admits = |gate: &Gate, address: &str| gate.admits(address.parse().unwrap());
        let mut gate = Gate::default();
        assert!(admits(&gate, "192.0.2.7"));
        let denied = source("192.0.2.0/24", Effect::Denied);
        gate.add(&denied);
        assert!(!admits(&gate, "192.0.2.7"));
        assert!(!admits(&gate, "::ffff:192.0.2.7"));
        assert!(admits(&gate, "198.51.100.1"));
        let allowed = source("192.0.0.0/16", Effect::Allowed);
        gate.add(&allowed);
        assert!(!admits(&gate, "192.0.2.7"), "deny wins");
        assert!(admits(&gate, "192.0.3.7"));
        assert!(!admits(&gate, "198.51.100.1"));
        gate.remove(&denied);
        assert!(admits(&gate, "192.0.2.7"));
        gate.remove(&allowed);
        assert_eq!(gate, Gate::default());
    }

    #[test]
    fn domains_known_to_be_thrown_away_are_legal_and_in_order() {
        for domain in DISPOSABLE {
            assert_eq!(subject(Kind::Domain, domain).text(), *domain);
        }
        assert!(is_disposable("mailinator.com"));
        assert!(!is_disposable("example.org"));
    }
}
