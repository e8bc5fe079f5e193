//! `invite`: making, seeing, extending and revoking them. A code is told once,
//! here.

mod paper;
mod post;
mod tree;

use std::path::PathBuf;

use super::{
    Desk, DryRun, Exit, Input,
    failure::Failure,
    file,
    out::{sheet, table},
    shape::{Invite, Thawed},
    value::{self, When},
};
use crate::{
    app::invite::{Codes, Draft, Minted, Uses, Whose},
    domain::{
        account::Role,
        email::{DomainName, Email},
        handle::Handle,
        id::InviteId,
        invite::{Bearer, Mailbox, State},
        policy::Capability,
        registration::Admission,
    },
    words,
};

/// Invites read at a time.
const ROWS: u32 = 200;

/// Invites made by one command.
const MOST: i64 = 1_000;

/// What can be done with invites.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum Command {
    /// Make invites
    ///
    /// Their codes are shown this once.
    Create(Create),
    /// List invites, newest first
    ///
    /// Everybody's if you may see them, and else yours.
    List {
        /// Only those of this issuer.
        #[arg(long, value_name = "HANDLE")]
        issuer: Option<String>,
        /// Only those that stand so.
        #[arg(long, value_parser = value::one_of(State::ALL, State::name))]
        state: Option<State>,
    },
    /// Show one invite and who used it.
    Show {
        /// Which, such as `inv-1042`.
        #[arg(value_parser = value::invite)]
        id: InviteId,
    },
    /// Send the letter of invites again, with one more code.
    Send {
        /// Which, such as `inv-1042`.
        #[arg(required = true, value_name = "ID", value_parser = value::invite)]
        ids: Vec<InviteId>,
        #[command(flatten)]
        dry: DryRun,
    },
    /// Give an invite more time, counted from now
    ///
    /// The code stays the same.
    Extend {
        /// Which, such as `inv-1042`.
        #[arg(value_parser = value::invite)]
        id: InviteId,
        /// For how long, such as 14d or 2w; the board's default otherwise.
        #[arg(long, value_name = "SPAN", value_parser = value::days)]
        expires: Option<u32>,
        #[command(flatten)]
        dry: DryRun,
    },
    /// Take invites back: their codes stop working.
    Revoke {
        #[command(flatten)]
        which: Revoked,
        /// Why, for the record.
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
        #[command(flatten)]
        dry: DryRun,
    },
    /// Show who let somebody in, and whom they let in
    Tree {
        /// Whose branch.
        handle: String,
    },
    /// Bar somebody from inviting
    ///
    /// They read the reason. What they have out goes on working unless you
    /// revoke it too.
    Bar {
        /// Whom.
        handle: String,
        /// Why; they read it.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Revoke what they have out.
        #[arg(long)]
        revoke: bool,
        #[command(flatten)]
        dry: DryRun,
    },
    /// Let somebody invite again who was barred from it
    Unbar {
        /// Whom.
        handle: String,
        #[command(flatten)]
        dry: DryRun,
    },
    /// Let codes work again that are frozen since this board began as a copy
    Thaw {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        dry: DryRun,
    },
}

/// Which invites are taken back.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
#[group(required = true, multiple = false)]
pub struct Revoked {
    /// Which, such as `inv-1042`.
    #[arg(value_name = "ID", value_parser = value::invite)]
    ids: Vec<InviteId>,
    /// Every one that this issuer has out.
    #[arg(long, value_name = "HANDLE")]
    issuer: Option<String>,
}

/// Which frozen invites.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
#[group(required = true, multiple = false)]
pub struct Which {
    /// Which, such as `inv-1042`.
    #[arg(value_name = "ID", value_parser = value::invite)]
    ids: Vec<InviteId>,
    /// Every one that is frozen.
    #[arg(long)]
    all: bool,
}

/// New invites.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Create {
    /// How many to make.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MOST))]
    count: Option<u32>,
    /// How often each may be used: a number, or unlimited.
    #[arg(long, value_name = "N", value_parser = value::uses, default_value = "1")]
    uses: Uses,
    /// How long each works, such as 14d or 2w; the board's default otherwise.
    #[arg(long, value_name = "SPAN", value_parser = value::days)]
    expires: Option<u32>,
    /// The role it gives.
    #[arg(
        long,
        value_parser = value::one_of(&[Role::User, Role::Mod], Role::name),
        default_value = "user"
    )]
    role: Role,
    /// Whether its bearer is in at once or waits for a sysop.
    #[arg(
        long,
        value_parser = value::one_of(Admission::ALL, Admission::name),
        default_value = "auto"
    )]
    admission: Admission,
    /// From when on it works: 12h, 7d, 2w, or a day in UTC as 2026-12-24.
    #[arg(long, value_name = "WHEN", value_parser = When::parse)]
    not_before: Option<When>,
    /// Only for whoever gives this address.
    #[arg(long, value_name = "ADDRESS", value_parser = value::email)]
    email: Option<Email>,
    /// Send the code by letter to that address; nobody sees it here.
    #[arg(long, conflicts_with_all = ["count", "cards", "csv", "domain"])]
    mail: bool,
    /// A list of addresses, one a line, or - for standard input: each gets an
    /// invite of its own.
    #[arg(long, value_name = "FILE", requires = "mail", conflicts_with_all = ["email", "handle"])]
    from: Option<PathBuf>,
    /// Only for addresses at this domain, or at one below it.
    #[arg(long, conflicts_with = "email", value_parser = value::domain)]
    domain: Option<DomainName>,
    /// Only for whoever will be called so.
    #[arg(long, value_parser = value::handle)]
    handle: Option<Handle>,
    /// What whoever comes with it reads first.
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    message: String,
    /// A note for yourself: whom it is for.
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    note: String,
    /// Answer with cards to print and cut, six to a page.
    #[arg(long, conflicts_with = "csv")]
    cards: bool,
    /// Answer with rows for another program, under a heading.
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    dry: DryRun,
}

impl Command {
    /// Returns what it reads besides its arguments.
    pub(super) fn input(&self) -> Input {
        match self {
            Self::Create(Create {
                from: Some(path), ..
            }) => file(path),
            _ => Input::Nothing,
        }
    }
}

pub(super) async fn run(desk: &mut Desk<'_>, command: Command) -> Result<(), Failure> {
    match command {
        Command::Create(new) => create(desk, new).await,
        Command::List { issuer, state } => list(desk, issuer.as_deref(), state).await,
        Command::Show { id } => {
            let seen = desk.bbs.invite(desk.actor, id).await?;
            desk.out.one(&Invite::from(seen), shown);
            Ok(())
        }
        Command::Send { ids, dry } => post::again(desk, &ids, dry).await,
        Command::Extend { id, expires, dry } => {
            let board = desk.board(dry);
            let seen = board.extend_invite(desk.actor, id, expires).await?;
            desk.out.one(&Invite::from(seen), |invite| {
                format!(
                    "{}: {} until {}\n",
                    invite.id,
                    invite.state,
                    expires_at(invite)
                )
            });
            Ok(())
        }
        Command::Revoke { which, reason, dry } => match which.issuer {
            Some(handle) => tree::revoke_all(desk, &handle, &reason, dry).await,
            None => revoke(desk, &which.ids, &reason, dry).await,
        },
        Command::Tree { handle } => tree::show(desk, &handle).await,
        Command::Bar {
            handle,
            reason,
            revoke,
            dry,
        } => {
            let codes = if revoke { Codes::Revoke } else { Codes::Stay };
            tree::bar(desk, &handle, &reason, codes, dry).await
        }
        Command::Unbar { handle, dry } => tree::unbar(desk, &handle, dry).await,
        Command::Thaw { which, dry } => thaw(desk, which, dry).await,
    }
}

async fn create(desk: &mut Desk<'_>, new: Create) -> Result<(), Failure> {
    let board = desk.board(new.dry);
    let now = desk.bbs.clock().now();
    let not_before = match new.not_before {
        None => None,
        Some(when) => {
            let past = || Failure::new(Exit::Usage, words::command::past());
            Some(when.after(now).ok_or_else(past)?)
        }
    };
    let email = new.email.map(Mailbox::At);
    let draft = Draft {
        uses: new.uses,
        days: new.expires,
        not_before,
        bearer: Bearer {
            mailbox: email.or(new.domain.map(Mailbox::Under)),
            handle: new.handle,
        },
        role: new.role,
        admission: new.admission,
        note: new.note,
        message: new.message,
    };
    if new.mail && new.from.is_none() && draft.bearer.mailbox.is_none() {
        let sentence = words::invite::needs_address().to_owned();
        return Err(Failure::new(Exit::Usage, sentence));
    }
    match (new.mail, new.from) {
        (true, None) => return post::mail(desk, draft, new.dry).await,
        (true, Some(_)) => return post::mail_list(desk, &draft, new.dry).await,
        (false, _) => {}
    }
    let mut made = Vec::new();
    for nth in 0..new.count.unwrap_or(1) {
        match board.create_invite(desk.actor, draft.clone()).await {
            Ok(mut minted) => {
                // A rehearsal takes each back before the next, and their numbers with
                // them.
                if new.dry.dry_run {
                    minted.invite.id.0 += i64::from(nth);
                }
                made.push(described_once(minted, new.dry));
            }
            // Codes that exist already must be told all the same.
            Err(stop) => {
                desk.out.fail(None, &stop.into());
                break;
            }
        }
    }
    if !made.is_empty() && !new.dry.dry_run {
        desk.out.note(&words::command::shown_once());
    }
    match made.as_slice() {
        invites if new.cards => {
            let settings = desk.bbs.settings();
            let board = settings.site_name.as_str();
            desk.out
                .many(invites, |invites| paper::cards(invites, board));
        }
        invites if new.csv => desk.out.many(invites, paper::csv),
        [invite] if new.count.is_none() => desk.out.one(invite, told),
        [] if new.count.is_none() => {}
        invites => desk
            .out
            .many(invites, |invites| invites.iter().map(told).collect()),
    }
    Ok(())
}

/// Describes a new invite with its code, which is told this once.
pub(super) fn described_once(minted: Minted, dry: DryRun) -> Invite {
    let mut invite = Invite::new(&minted.invite, minted.state);
    // The code of a rehearsal works nowhere.
    if !dry.dry_run {
        invite.code = Some(minted.code.into_exposed());
        invite.ssh = Some(minted.line.into_exposed());
    }
    invite
}

/// Returns a new invite in a line: its number, its code and the way to use it.
pub(super) fn told(invite: &Invite) -> String {
    let Invite { id, code, ssh, .. } = invite;
    match (code, ssh) {
        (Some(code), Some(ssh)) => format!("{id}  {code}  {ssh}\n"),
        _ => format!("{id}\n"),
    }
}

async fn list(
    desk: &mut Desk<'_>,
    issuer: Option<&str>,
    state: Option<State>,
) -> Result<(), Failure> {
    let rights = desk.bbs.rights(desk.actor).await?;
    let whose = if rights.contains(&Capability::SeeInvites) {
        Whose::All
    } else {
        Whose::Own
    };
    if let (Some(issuer), Whose::All) = (issuer, whose) {
        // Nobody's invites are not the same as none.
        desk.bbs.find_user(desk.actor, issuer).await?;
    }
    let mut invites = Vec::new();
    let mut before = None;
    loop {
        let page = desk
            .bbs
            .list_invites(desk.actor, whose, before, ROWS)
            .await?;
        let Some(last) = page.last() else { break };
        before = Some(last.invite.id);
        invites.extend(page.into_iter().map(Invite::from));
    }
    invites.retain(|invite: &Invite| {
        let by = invite.issuer.as_deref().unwrap_or_default();
        issuer.is_none_or(|issuer| by.eq_ignore_ascii_case(issuer))
            && state.is_none_or(|state| invite.state == state)
    });
    if invites.is_empty() {
        desk.out.note(&words::command::nothing());
    }
    desk.out.many(&invites, listed);
    Ok(())
}

fn listed(invites: &[Invite]) -> String {
    let row = |invite: &Invite| {
        [
            invite.id.clone(),
            invite.state.to_string(),
            uses(invite),
            invite.role.to_string(),
            issuer(invite),
            expires_at(invite),
            invite.note.clone(),
        ]
    };
    let rows: Vec<_> = invites.iter().map(row).collect();
    table(
        ["ID", "STATE", "USES", "ROLE", "ISSUER", "EXPIRES", "NOTE"],
        &rows,
    )
}

fn shown(invite: &Invite) -> String {
    sheet(&[
        ("id", invite.id.clone()),
        ("state", invite.state.to_string()),
        ("uses", uses(invite)),
        ("role", invite.role.to_string()),
        ("then", then(invite.admission).to_owned()),
        ("for", bearer(invite)),
        ("issuer", issuer(invite)),
        ("letter", letter(invite)),
        ("made", invite.created_at.to_string()),
        ("begins", begins(invite)),
        ("expires", expires_at(invite)),
        ("used by", used_by(invite)),
        ("message", invite.message.clone()),
        ("note", invite.note.clone()),
    ])
}

const fn then(admission: Admission) -> &'static str {
    match admission {
        Admission::Auto => "they are in",
        Admission::Queue => "a sysop decides",
    }
}

/// Returns for whom an invite is.
fn bearer(invite: &Invite) -> String {
    if let Some(handle) = &invite.activates {
        return words::activation::of(handle);
    }
    let domain = invite
        .domain
        .as_ref()
        .map(|domain| format!("anybody at {domain}"));
    let handle = invite
        .handle
        .as_ref()
        .map(|handle| format!("{handle} by name"));
    let named: Vec<_> = [invite.email.clone(), domain, handle]
        .into_iter()
        .flatten()
        .collect();
    match named.as_slice() {
        [] if invite.bound => "one address".to_owned(),
        [] => "anybody".to_owned(),
        named => named.join(", "),
    }
}

/// Returns where its letter stands, if its code goes by letter.
fn letter(invite: &Invite) -> String {
    match &invite.letter {
        Some(letter) => letter.words(),
        None if invite.by_letter => "none".to_owned(),
        None => "the code was shown".to_owned(),
    }
}

fn begins(invite: &Invite) -> String {
    let start = invite.not_before.as_ref();
    start.map_or_else(|| "at once".to_owned(), ToString::to_string)
}

fn used_by(invite: &Invite) -> String {
    match invite.redeemed_by.as_slice() {
        [] => "nobody yet".to_owned(),
        handles => handles.join(", "),
    }
}

fn uses(invite: &Invite) -> String {
    match invite.max_uses {
        Some(most) => format!("{}/{most}", invite.uses),
        None => format!("{}/unlimited", invite.uses),
    }
}

fn issuer(invite: &Invite) -> String {
    let issuer = invite.issuer.clone();
    issuer.unwrap_or_else(|| "console".to_owned())
}

fn expires_at(invite: &Invite) -> String {
    let end = invite.expires_at.map(|at| at.to_string());
    end.unwrap_or_else(|| "never".to_owned())
}

/// Revokes each on its own; one that fails stops none of the others.
async fn revoke(
    desk: &mut Desk<'_>,
    ids: &[InviteId],
    reason: &str,
    dry: DryRun,
) -> Result<(), Failure> {
    let board = desk.board(dry);
    let mut revoked = Vec::new();
    for &id in ids {
        let seen = async {
            let mut seen = desk.bbs.invite(desk.actor, id).await?;
            seen.invite = board.revoke_invite(desk.actor, id, reason).await?;
            seen.state = State::Revoked;
            Ok::<_, Failure>(Invite::from(seen))
        };
        match seen.await {
            Ok(invite) => revoked.push(invite),
            Err(failure) if ids.len() == 1 => return Err(failure),
            Err(failure) => desk.out.fail(Some(&format!("inv-{id}")), &failure),
        }
    }
    tell(desk, &revoked, ids.len());
    Ok(())
}

/// Thaws each on its own, or all at once.
async fn thaw(desk: &mut Desk<'_>, which: Which, dry: DryRun) -> Result<(), Failure> {
    let board = desk.board(dry);
    if which.all {
        let codes = board.thaw_invites(desk.actor).await?;
        desk.out.one(&Thawed { thawed: codes }, |thawed| {
            format!("{}\n", words::command::thawed(thawed.thawed))
        });
        return Ok(());
    }
    let mut thawed = Vec::new();
    for &id in &which.ids {
        let seen = async {
            board.thaw_invite(desk.actor, id).await?;
            Ok::<_, Failure>(Invite::from(desk.bbs.invite(desk.actor, id).await?))
        };
        match seen.await {
            Ok(invite) => thawed.push(invite),
            Err(failure) if which.ids.len() == 1 => return Err(failure),
            Err(failure) => desk.out.fail(Some(&format!("inv-{id}")), &failure),
        }
    }
    tell(desk, &thawed, which.ids.len());
    Ok(())
}

/// Answers with what became of invites, of which so many were asked for.
fn tell(desk: &mut Desk<'_>, invites: &[Invite], asked: usize) {
    let line = |invite: &Invite| format!("{}: {}\n", invite.id, invite.state);
    match invites {
        [invite] if asked == 1 => desk.out.one(invite, line),
        invites => desk
            .out
            .many(invites, |invites| invites.iter().map(line).collect()),
    }
}
