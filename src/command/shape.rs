//! The things commands answer with, as JSON has them (spec §10): snake case,
//! RFC 3339 in UTC, absent is null.

use std::collections::BTreeMap;

use chrono::SecondsFormat;
use serde::{Serialize, Serializer};

use crate::{
    app::{
        activation, factor,
        hub::Present,
        import::Sending,
        invite::Seen,
        letter::{MailStatus as Post, ProgramStatus},
        queue::Detail,
        reset::ResetCode,
        setting::Setting as Set,
    },
    domain::{
        access,
        account::{Origin, Role, Status},
        clock::Timestamp,
        handle::Handle,
        health,
        id::LetterId,
        invite::{Mailbox, State},
        key::PublicKey,
        letter::{Kind, State as LetterState},
        registration::Admission,
    },
    store::{
        access::Entry,
        account::Account,
        audit::{Record as Act, name_of},
        backup::Done,
        invite::Invite as Stored,
        key::{Key as StoredKey, Standing},
        outbox::Letter,
    },
    words,
};

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment(pub(super) Timestamp);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d %H:%MZ"))
    }
}

/// How many codes were thawed.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Thawed {
    pub(super) thawed: usize,
}

/// A copy of the board.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Backup {
    pub(super) path: String,
    pub(super) bytes: u64,
    pub(super) at: Moment,
}

impl From<&Done> for Backup {
    fn from(done: &Done) -> Self {
        Self {
            path: done.place.clone(),
            bytes: done.bytes,
            at: Moment(done.at),
        }
    }
}

/// An account.
#[derive(Clone, Debug, Serialize)]
pub(super) struct User {
    pub(super) handle: String,
    pub(super) status: Status,
    pub(super) role: Role,
    pub(super) origin: Origin,
    pub(super) email: Option<String>,
    pub(super) email_proven: bool,
    pub(super) has_password: bool,
    pub(super) keys: Vec<Key>,
    pub(super) invited_by: Option<String>,
    /// Who made the account or let it in.
    pub(super) created_by: Option<String>,
    pub(super) created_at: Moment,
    pub(super) status_at: Moment,
    pub(super) last_seen_at: Option<Moment>,
    pub(super) sessions: usize,
    pub(super) two_factor: TwoFactor,
    pub(super) letter: Option<LetterOf>,
    /// What the account was written, newest first.
    pub(super) letters: Vec<Mail>,
    /// While it waits for whoever it was made for.
    pub(super) activation: Option<Activation>,
}

/// The newest code that activates an account, if one was made yet.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Activation {
    pub(super) id: Option<String>,
    pub(super) state: Option<State>,
    pub(super) expires_at: Option<Moment>,
}

impl From<&activation::Standing> for Activation {
    fn from(standing: &activation::Standing) -> Self {
        match standing {
            activation::Standing::None => Self::default(),
            activation::Standing::Newest(invite, state) => Self {
                id: Some(invite.number()),
                state: Some(*state),
                expires_at: invite.expires_at.map(Moment),
            },
        }
    }
}

/// How somebody stands with second factors.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct TwoFactor {
    /// Whether an app is set up.
    pub(super) on: bool,
    /// Whether the account must have one, because of its role or of itself.
    pub(super) required: bool,
    /// Keys that are something in the hand already.
    pub(super) hardware_keys: usize,
}

impl TwoFactor {
    fn of(detail: &Detail) -> Self {
        let keys = detail.keys.iter();
        Self {
            on: detail.factor.since.is_some(),
            required: detail.factor.is_demanded,
            hardware_keys: keys.filter(|key| key.is_hardware()).count(),
        }
    }
}

/// What became of the last letter to somebody.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LetterOf {
    pub(super) kind: Kind,
    pub(super) state: LetterState,
    pub(super) error: Option<String>,
}

impl LetterOf {
    /// Returns it in words.
    pub(super) fn words(&self) -> String {
        match &self.error {
            Some(error) => format!("{} {}: {error}", self.kind, self.state),
            None => format!("{} {}", self.kind, self.state),
        }
    }
}

impl From<&Letter> for LetterOf {
    fn from(letter: &Letter) -> Self {
        Self {
            kind: letter.kind,
            state: letter.state,
            error: letter.last_error.clone(),
        }
    }
}

impl User {
    /// Describes an account, its address included.
    pub(super) fn new(account: &Account, keys: Vec<Key>, sessions: usize) -> Self {
        Self {
            handle: account.handle.to_string(),
            status: account.status,
            role: account.role,
            origin: account.origin,
            email: account
                .email
                .as_ref()
                .map(|email| email.as_str().to_owned()),
            email_proven: account.email_proven,
            has_password: account.has_password,
            keys,
            invited_by: account.invited_by.as_ref().map(ToString::to_string),
            created_at: Moment(account.created_at),
            status_at: Moment(account.status_at),
            last_seen_at: account.last_seen_at.map(Moment),
            sessions,
            created_by: None,
            two_factor: TwoFactor::default(),
            letter: None,
            letters: Vec::new(),
            activation: account.is_prepared().then(Activation::default),
        }
    }

    /// Describes everything the actor may see of an account.
    pub(super) fn whole(detail: &Detail) -> Self {
        let keys = detail.keys.iter().map(Key::from).collect();
        let welcome = detail.ties.welcome.as_ref();
        Self {
            created_by: welcome.map(|welcome| welcome.by().to_owned()),
            two_factor: TwoFactor::of(detail),
            letter: detail.letter.as_ref().map(LetterOf::from),
            letters: detail.ties.letters.iter().map(Mail::from).collect(),
            activation: detail
                .activation
                .as_ref()
                .filter(|_| detail.account.is_prepared())
                .map(Activation::from),
            ..Self::new(&detail.account, keys, detail.sessions.len())
        }
    }

    /// Returns how it stands, in a line.
    pub(super) fn line(&self) -> String {
        let Self {
            handle,
            status,
            role,
            ..
        } = self;
        let status = if self.activation.is_some() {
            words::activation::via()
        } else {
            status.name()
        };
        let here = if self.sessions > 0 { ", on line" } else { "" };
        let letter = self.letter.as_ref().map(LetterOf::words);
        let letter = letter.map_or(String::new(), |letter| format!("; letter {letter}"));
        format!("{handle}: {status}, {role}{here}{letter}\n")
    }
}

/// A public key of an account.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Key {
    pub(super) fingerprint: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) label: String,
    pub(super) proven: bool,
    pub(super) added_at: Moment,
    pub(super) last_used_at: Option<Moment>,
}

impl Key {
    /// Describes a key that an operator added just now.
    pub(super) fn vouched(key: &PublicKey, now: Timestamp) -> Self {
        Self {
            fingerprint: key.fingerprint().to_string(),
            kind: key.kind().to_owned(),
            label: key.label().as_str().to_owned(),
            proven: false,
            added_at: Moment(now),
            last_used_at: None,
        }
    }
}

impl From<&StoredKey> for Key {
    fn from(key: &StoredKey) -> Self {
        Self {
            fingerprint: key.fingerprint.clone(),
            kind: key.kind.clone(),
            label: key.label.clone(),
            proven: key.standing == Standing::Proven,
            added_at: Moment(key.added_at),
            last_used_at: key.last_used_at.map(Moment),
        }
    }
}

/// A session on line.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Session {
    pub(super) id: u64,
    pub(super) client: String,
    pub(super) place: String,
    pub(super) source: Option<String>,
    pub(super) began_at: Moment,
}

impl Session {
    /// Describes a session as of `now`, which the stop-watch calls `tick`.
    pub(super) fn new(present: &Present, now: Timestamp, tick: std::time::Duration) -> Self {
        Self {
            id: present.session.0,
            client: present.client.clone(),
            place: present.place.clone(),
            source: present.source.map(|source| source.to_string()),
            began_at: Moment(now - tick.saturating_sub(present.began)),
        }
    }
}

/// An invite.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Invite {
    pub(super) id: String,
    /// Only at creation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<String>,
    /// Only at creation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ssh: Option<String>,
    pub(super) state: State,
    pub(super) uses: u32,
    pub(super) max_uses: Option<u32>,
    pub(super) issuer: Option<String>,
    pub(super) note: String,
    pub(super) message: String,
    /// Whether it is for somebody, whom not everybody may see.
    pub(super) bound: bool,
    pub(super) email: Option<String>,
    pub(super) domain: Option<String>,
    pub(super) handle: Option<String>,
    /// The account it activates, which was made for somebody.
    pub(super) activates: Option<String>,
    pub(super) role: Role,
    pub(super) admission: Admission,
    pub(super) created_at: Moment,
    pub(super) not_before: Option<Moment>,
    pub(super) expires_at: Option<Moment>,
    pub(super) redeemed_by: Vec<String>,
    /// Whether its code goes by letter alone.
    pub(super) by_letter: bool,
    pub(super) letter: Option<LetterOf>,
}

impl Invite {
    /// Describes an invite that nobody has used.
    pub(super) fn new(invite: &Stored, state: State) -> Self {
        let bearer = invite.whom.newcomer();
        let (email, domain) = match bearer.and_then(|bearer| bearer.mailbox.as_ref()) {
            Some(Mailbox::At(email)) => (Some(email.as_str().to_owned()), None),
            Some(Mailbox::Under(domain)) => (None, Some(domain.to_string())),
            Some(Mailbox::Withheld) | None => (None, None),
        };
        Self {
            id: invite.number(),
            code: None,
            ssh: None,
            state,
            uses: invite.uses,
            max_uses: invite.max_uses,
            issuer: invite.issuer.as_ref().map(|issuer| issuer.handle.clone()),
            note: invite.note.clone(),
            message: invite.message.clone(),
            bound: bearer.is_none_or(|bearer| !bearer.is_anybody()),
            email,
            domain,
            handle: bearer.and_then(|b| b.handle.as_ref().map(ToString::to_string)),
            activates: invite.whom.prepared().map(ToString::to_string),
            role: invite.role,
            admission: invite.admission,
            created_at: Moment(invite.created_at),
            not_before: invite.not_before.map(Moment),
            expires_at: invite.expires_at.map(Moment),
            redeemed_by: Vec::new(),
            by_letter: invite.is_by_letter(),
            letter: None,
        }
    }
}

impl From<Seen> for Invite {
    fn from(seen: Seen) -> Self {
        Self {
            redeemed_by: seen.redeemers,
            letter: seen.letter.as_ref().map(LetterOf::from),
            ..Self::new(&seen.invite, seen.state)
        }
    }
}

/// Somebody's place in the tree of who let whom in.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Tree {
    pub(super) handle: String,
    pub(super) above: Vec<String>,
    pub(super) barred: Option<Barred>,
    pub(super) branch: Vec<Branch>,
}

/// Why somebody may not invite.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Barred {
    pub(super) reason: String,
    pub(super) by: String,
    pub(super) at: Moment,
}

/// One of a branch.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Branch {
    pub(super) handle: String,
    pub(super) depth: u16,
    pub(super) status: Status,
    pub(super) let_in: u32,
    pub(super) codes: u32,
    pub(super) barred: bool,
}

/// Whether somebody may invite, and how many codes of theirs were revoked.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Inviter {
    pub(super) handle: String,
    pub(super) barred: bool,
    pub(super) revoked: usize,
}

/// Somebody in a list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Imported {
    pub(super) line: usize,
    pub(super) handle: String,
    /// `made`, `ready`, `unchanged` or `refused`.
    pub(super) result: &'static str,
    /// What became of the letter with their code: the state it is in, `no_address`
    /// or `no_need`.
    pub(super) letter: Option<&'static str>,
    /// The same, for who reads it as a text.
    #[serde(skip)]
    pub(super) sending: Sending,
    pub(super) error: Option<String>,
}

/// A code for a new password.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Reset {
    pub(super) handle: String,
    /// Only when it is made to be shown.
    pub(super) code: Option<String>,
    /// Only when it is made to be shown.
    pub(super) ssh: Option<String>,
    pub(super) expires_at: Option<Moment>,
    pub(super) letter: Option<LetterOf>,
}

impl Reset {
    /// Describes somebody's code, which nobody is told yet.
    pub(super) fn of(handle: &Handle) -> Self {
        Self {
            handle: handle.to_string(),
            code: None,
            ssh: None,
            expires_at: None,
            letter: None,
        }
    }

    /// Tells the code.
    pub(super) fn show(&mut self, made: ResetCode) {
        self.code = Some(made.code.into_exposed());
        self.ssh = Some(made.line.into_exposed());
        self.expires_at = Some(Moment(made.expires_at));
    }

    /// Returns it in a line, or else what was done.
    pub(super) fn line(&self, done: &str) -> String {
        match (&self.code, &self.ssh) {
            (Some(code), Some(ssh)) => format!("{}  {code}  {ssh}\n", self.handle),
            _ if done.is_empty() => format!("{}\n", self.handle),
            _ => format!("{}: {done}\n", self.handle),
        }
    }
}

/// Two-factor login of somebody.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Factor {
    pub(super) handle: String,
    /// Since when it is on; nothing if it is off.
    pub(super) on_since: Option<Moment>,
    /// Whether the account must have it, because of its role or of itself.
    pub(super) required: bool,
    /// What is left of what stands in for the app.
    pub(super) backup_codes: u32,
}

impl Factor {
    /// Describes how somebody stands.
    pub(super) fn new(handle: &Handle, standing: &factor::Standing) -> Self {
        Self {
            handle: handle.to_string(),
            on_since: standing.since.map(Moment),
            required: standing.is_demanded,
            backup_codes: standing.backups,
        }
    }

    /// Returns how they stand in words.
    pub(super) fn words(&self) -> String {
        let standing = match &self.on_since {
            Some(since) => format!("on since {since}, {} backup codes left", self.backup_codes),
            None => "off".to_owned(),
        };
        if self.required {
            format!("{standing}; required")
        } else {
            standing
        }
    }

    /// Returns them in a line.
    pub(super) fn line(&self) -> String {
        format!("{}: {}\n", self.handle, self.words())
    }
}

/// A setting.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Setting {
    pub(super) key: &'static str,
    pub(super) value: String,
    pub(super) default: String,
    pub(super) help: &'static str,
    pub(super) changed_by: Option<String>,
    pub(super) changed_at: Option<Moment>,
}

impl From<Set> for Setting {
    fn from(set: Set) -> Self {
        let (by, at) = set.changed.unzip();
        Self {
            key: set.key.name(),
            value: set.value,
            default: set.default,
            help: set.key.help(),
            changed_by: by,
            changed_at: at.map(Moment),
        }
    }
}

/// An access rule.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Rule {
    /// Nothing in a rehearsal.
    pub(super) id: Option<String>,
    pub(super) kind: access::Kind,
    pub(super) value: String,
    pub(super) effect: access::Effect,
    pub(super) reason: String,
    pub(super) by: String,
    pub(super) at: Moment,
    /// Only when it is added or removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hits: Option<Hits>,
}

impl From<&Entry> for Rule {
    fn from(entry: &Entry) -> Self {
        let subject = entry.rule.subject();
        Self {
            id: Some(entry.number()),
            kind: subject.kind(),
            value: subject.text(),
            effect: entry.rule.effect(),
            reason: entry.reason.clone(),
            by: entry.by.clone(),
            at: Moment(entry.at),
            hits: None,
        }
    }
}

/// How many people a change of the rules hits.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Hits {
    pub(super) accounts: usize,
    pub(super) requests: usize,
    pub(super) sessions: usize,
}

impl From<&access::Hits> for Hits {
    fn from(hits: &access::Hits) -> Self {
        Self {
            accounts: hits.accounts.count,
            requests: hits.requests.count,
            sessions: hits.sessions.count,
        }
    }
}

/// What the board says about something.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Judged {
    pub(super) kind: access::Kind,
    pub(super) value: String,
    pub(super) verdict: &'static str,
    pub(super) text: String,
}

/// An act on record.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Record<'a> {
    pub(super) id: i64,
    pub(super) at: Moment,
    pub(super) actor: &'a str,
    pub(super) via: &'a str,
    pub(super) action: &'a str,
    pub(super) object: &'a str,
    pub(super) before: Option<&'a str>,
    pub(super) after: Option<&'a str>,
    pub(super) reason: Option<&'a str>,
}

impl Record<'_> {
    /// Returns what was done to what, in words.
    pub(super) fn act(&self) -> String {
        format!(
            "{} {}",
            words::audit::action(self.action),
            name_of(self.object)
        )
    }

    /// Returns what became of it.
    pub(super) fn change(&self) -> String {
        words::audit::change(self.before, self.after)
    }

    /// Returns the whole of it in a line.
    pub(super) fn line(&self) -> String {
        let mut line = format!("{}  {} {}", self.at, self.actor, self.act());
        for part in [self.change().as_str(), self.reason.unwrap_or_default()] {
            if !part.is_empty() {
                line.push_str("  ");
                line.push_str(part);
            }
        }
        line.push('\n');
        line
    }
}

impl<'a> From<&'a Act> for Record<'a> {
    fn from(act: &'a Act) -> Self {
        Self {
            id: act.id.0,
            at: Moment(act.at),
            actor: &act.actor,
            via: &act.via,
            action: &act.action,
            object: &act.object,
            before: act.before.as_deref(),
            after: act.after.as_deref(),
            reason: act.reason.as_deref(),
        }
    }
}

/// A claim line.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Claim<'a> {
    pub(super) ssh: &'a str,
}

/// Who asks.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Me {
    pub(super) handle: Option<String>,
    pub(super) status: Option<Status>,
    pub(super) role: Option<Role>,
    /// The operator's user at the machine.
    pub(super) uid: Option<u32>,
    pub(super) may: Vec<&'static str>,
}

/// A command, in the list of them.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Summary {
    pub(super) command: String,
    pub(super) help: String,
}

/// How the machine and the board are.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Health {
    pub(super) state: health::State,
    pub(super) version: &'static str,
    pub(super) checks: Vec<Check>,
}

/// One thing that was measured.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) state: health::State,
    pub(super) text: String,
    pub(super) hint: Option<&'static str>,
}

impl Health {
    /// Describes what was measured.
    pub(super) fn new(checks: &[health::Check]) -> Self {
        let described = checks.iter().map(|check| Check {
            name: check.name(),
            state: check.state(),
            text: words::health::text(check),
            hint: words::health::hint(check),
        });
        Self {
            state: health::worst(checks),
            version: env!("CARGO_PKG_VERSION"),
            checks: described.collect(),
        }
    }
}

/// A line for everybody.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Said {
    pub(super) screens: usize,
}

/// An error.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Failed<'a> {
    pub(super) error: Error<'a>,
}

/// What is wrong.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Error<'a> {
    pub(super) kind: &'static str,
    pub(super) message: &'a str,
    pub(super) hint: Option<&'static str>,
}

/// A letter.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Mail {
    pub(super) id: LetterId,
    pub(super) kind: Kind,
    pub(super) to: String,
    pub(super) state: LetterState,
    pub(super) attempts: u32,
    pub(super) last_error: Option<String>,
    pub(super) next_at: Option<Moment>,
    pub(super) sent_at: Option<Moment>,
}

impl From<&Letter> for Mail {
    fn from(letter: &Letter) -> Self {
        Self {
            id: letter.id,
            kind: letter.kind,
            to: match letter.to.address() {
                Some(address) => address.as_str().to_owned(),
                None => letter.to.name(),
            },
            state: letter.state,
            attempts: letter.attempts,
            last_error: letter.last_error.clone(),
            next_at: letter.next_at.map(Moment),
            sent_at: letter.sent_at.map(Moment),
        }
    }
}

impl Mail {
    /// Returns how it stands, in a line.
    pub(super) fn line(&self) -> String {
        let Self {
            id,
            kind,
            to,
            state,
            ..
        } = self;
        format!("{id}: {kind} to {to}, {state}\n")
    }
}

/// How the post stands.
#[derive(Clone, Debug, Serialize)]
pub(super) struct MailStatus {
    pub(super) on: bool,
    pub(super) held: bool,
    pub(super) broken: bool,
    pub(super) transport: Option<String>,
    pub(super) failures: u32,
    pub(super) last_error: Option<String>,
    pub(super) notify: Option<Notify>,
    pub(super) letters: BTreeMap<LetterState, u32>,
}

/// How it stands with the sysop's own program.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Notify {
    pub(super) program: String,
    pub(super) broken: bool,
    pub(super) failures: u32,
    pub(super) last_error: Option<String>,
}

impl From<ProgramStatus> for Notify {
    fn from(status: ProgramStatus) -> Self {
        Self {
            program: status.program,
            broken: status.is_broken,
            failures: status.failures,
            last_error: status.last_error,
        }
    }
}

impl From<Post> for MailStatus {
    fn from(post: Post) -> Self {
        Self {
            on: post.is_on,
            held: post.is_held,
            broken: post.is_broken,
            transport: post.transport,
            failures: post.failures,
            last_error: post.last_error,
            notify: post.program.map(Notify::from),
            letters: post
                .counts
                .into_iter()
                .map(|(state, count, _)| (state, count))
                .collect(),
        }
    }
}

/// What a letter says.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Preview {
    pub(super) kind: Kind,
    pub(super) subject: &'static str,
    pub(super) body: String,
}

/// How many letters may leave.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Released {
    pub(super) released: usize,
}
