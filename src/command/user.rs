//! `user`: looking at accounts, making them and deciding about them.

use std::{collections::BTreeMap, path::PathBuf};

use super::{
    Desk, DryRun, Input,
    failure::Failure,
    file,
    key::{self, from_line},
    out::{sheet, table},
    shape::{Key, Moment, Session, User},
    value::{End, one_of},
};
use crate::{
    app::{
        Bbs,
        operator::NewUser,
        queue::{Decision, Detail, FILTERS, Hint, Reason, Tell},
    },
    domain::{
        account::{Role, Status},
        id::AccountId,
        secret::Secret,
    },
    store::account::{Account, From as Page, Listed},
    words,
};

/// Accounts read at a time.
const ROWS: u32 = 200;

/// What can be done with accounts.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum Command {
    /// List accounts, those that have stood longest as they stand first.
    List {
        /// Only accounts that stand so.
        #[arg(long, value_parser = one_of(FILTERS, Status::name))]
        status: Option<Status>,
    },
    /// Show one account, with its request, its keys and what staff noted.
    Show {
        /// Whose.
        handle: String,
    },
    /// Make an active account with a key or a first password. The board's mode
    /// and limits do not bind this.
    Create(Create),
    /// Let applicants in.
    Approve(Several),
    /// Turn applicants away; their handles stay reserved.
    Reject(Reject),
    /// Put a rejected request back into the queue.
    Reopen(One),
    /// Change an account's e-mail address.
    Edit(Edit),
    /// Shut an account out and end its sessions.
    Suspend(Suspend),
    /// Let a suspended account in again.
    Reactivate(One),
    /// Change what an account may do.
    Role {
        /// Whose.
        handle: String,
        /// Its new role.
        #[arg(value_parser = one_of(Role::ALL, Role::name))]
        role: Role,
        #[command(flatten)]
        dry: DryRun,
    },
    /// List, add and remove the keys of an account.
    #[command(subcommand)]
    Keys(key::Command),
    /// List the sessions of an account, or end them.
    Sessions {
        /// Whose.
        handle: String,
        /// End them all.
        #[arg(long)]
        kill: bool,
    },
    /// Write a note about an account that only staff read.
    Note(Note),
    /// Forget the wrong passwords that were typed for an account.
    Unlock(One),
}

/// One account.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct One {
    /// Whose.
    handle: String,
    #[command(flatten)]
    dry: DryRun,
}

/// Several accounts, each decided about on its own.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Several {
    /// Whose.
    #[arg(required = true)]
    handles: Vec<String>,
    #[command(flatten)]
    dry: DryRun,
}

/// A new account.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Create {
    /// Its handle.
    handle: String,
    /// Its e-mail address.
    #[arg(long, default_value = "", hide_default_value = true)]
    email: String,
    /// Its role.
    #[arg(long, value_parser = one_of(Role::ALL, Role::name), default_value = "user")]
    role: Role,
    /// The file of its public key, or - for standard input. You vouch for it.
    #[arg(long, value_name = "FILE", required_unless_present = "password_stdin")]
    key: Option<PathBuf>,
    /// Read its first password from standard input.
    #[arg(long, conflicts_with = "key")]
    password_stdin: bool,
    #[command(flatten)]
    dry: DryRun,
}

/// A rejection.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Reject {
    #[command(flatten)]
    who: Several,
    /// Why, in a word; the applicant reads it as a sentence.
    #[arg(long, value_parser = one_of(Reason::ALL, Reason::name), default_value = "unspecified")]
    code: Reason,
    /// Why, in your own words, for the applicant.
    #[arg(long, default_value = "", hide_default_value = true)]
    text: String,
    /// A note that only staff read.
    #[arg(long, default_value = "", hide_default_value = true)]
    note: String,
    /// Do not tell the applicant why.
    #[arg(long, conflicts_with = "text")]
    silent: bool,
}

/// A change of details.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Edit {
    /// Whose.
    handle: String,
    /// The new address; an empty one removes it.
    #[arg(long)]
    email: String,
    #[command(flatten)]
    dry: DryRun,
}

/// A suspension.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Suspend {
    /// Whose.
    handle: String,
    /// Why; the caller reads it.
    #[arg(long)]
    reason: String,
    /// When it ends by itself: 12h, 7d, 2w, or a day in UTC as 2026-12-24.
    #[arg(long, value_parser = End::parse)]
    until: Option<End>,
    #[command(flatten)]
    dry: DryRun,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Note {
    /// About whom.
    handle: String,
    /// What to note.
    #[arg(long, required_unless_present = "file")]
    text: Option<String>,
    /// Read the note from a file, or with - from standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    file: Option<PathBuf>,
    #[command(flatten)]
    dry: DryRun,
}

impl Command {
    /// Returns what it reads besides its arguments.
    pub(super) fn input(&self) -> Input {
        match self {
            Self::Create(Create {
                password_stdin: true,
                ..
            }) => Input::Stdin,
            Self::Create(Create {
                key: Some(path), ..
            })
            | Self::Note(Note {
                file: Some(path), ..
            }) => file(path),
            Self::Keys(command) => command.input(),
            _ => Input::Nothing,
        }
    }
}

pub(super) async fn run(desk: &mut Desk<'_>, command: Command) -> Result<(), Failure> {
    match command {
        Command::List { status } => list(desk, status).await,
        Command::Show { handle } => show(desk, &handle).await,
        Command::Create(new) => create(desk, new).await,
        Command::Approve(who) => decide(desk, &who, &Decision::Approve).await,
        Command::Reject(rejection) => {
            let decision = Decision::Reject {
                reason: rejection.code,
                tell: if rejection.silent {
                    Tell::No
                } else {
                    Tell::Yes
                },
                text: rejection.text,
                note: rejection.note,
            };
            decide(desk, &rejection.who, &decision).await
        }
        Command::Reopen(who) => decide_one(desk, who, Decision::Reopen).await,
        Command::Edit(change) => edit(desk, &change).await,
        Command::Suspend(suspension) => suspend(desk, suspension).await,
        Command::Reactivate(who) => decide_one(desk, who, Decision::Reactivate).await,
        Command::Role { handle, role, dry } => {
            decide_one(desk, One { handle, dry }, Decision::ChangeRole(role)).await
        }
        Command::Keys(command) => key::run(desk, command).await,
        Command::Sessions { handle, kill } => sessions(desk, &handle, kill).await,
        Command::Note(note) => write_note(desk, note).await,
        Command::Unlock(who) => unlock(desk, &who).await,
    }
}

/// Returns everything about the account of a handle.
pub(super) async fn find(desk: &Desk<'_>, handle: &str) -> Result<Detail, Failure> {
    let id = desk.bbs.find_user(desk.actor, handle).await?;
    Ok(desk.bbs.user(desk.actor, id).await?)
}

/// Returns how many sessions each account has.
fn on_line(bbs: &Bbs) -> BTreeMap<AccountId, usize> {
    let mut counts = BTreeMap::new();
    for id in bbs
        .hub()
        .everybody()
        .iter()
        .filter_map(|one| one.actor.account())
    {
        *counts.entry(id).or_default() += 1;
    }
    counts
}

fn described(bbs: &Bbs, detail: &Detail) -> User {
    let keys = detail.keys.iter().map(Key::from).collect();
    let sessions = on_line(bbs).remove(&detail.account.id);
    User::new(&detail.account, keys, sessions.unwrap_or_default())
}

async fn list(desk: &mut Desk<'_>, status: Option<Status>) -> Result<(), Failure> {
    let statuses = status.as_ref().map_or(FILTERS, std::slice::from_ref);
    let mut rows = Vec::new();
    for &status in statuses {
        let mut from = Page::Start;
        loop {
            let page = desk
                .bbs
                .list_users(desk.actor, status, "", from, ROWS)
                .await?
                .rows;
            let Some(last) = page.last() else { break };
            from = Page::After(last.account.status_at, last.account.id);
            rows.extend(page);
        }
    }
    if rows.is_empty() {
        desk.out.note(&words::command::nothing());
    }
    let mut users = Vec::new();
    if desk.out.is_json() {
        let counts = on_line(desk.bbs);
        for Listed { account, .. } in &rows {
            let detail = desk.bbs.user(desk.actor, account.id).await?;
            let keys = detail.keys.iter().map(Key::from).collect();
            let sessions = counts.get(&account.id).copied().unwrap_or_default();
            users.push(User::new(account, keys, sessions));
        }
    }
    desk.out.many(&users, |_| listed(&rows));
    Ok(())
}

fn listed(rows: &[Listed]) -> String {
    let row = |listed: &Listed| {
        let account = &listed.account;
        let via = account.invited_by.as_ref();
        let email = account
            .email
            .as_ref()
            .map(|email| email.as_str().to_owned());
        [
            account.handle.to_string(),
            account.status.to_string(),
            account.role.to_string(),
            via.map_or_else(|| account.origin.to_string(), ToString::to_string),
            Moment(account.status_at).to_string(),
            seen(account),
            email.unwrap_or_default(),
        ]
    };
    let rows: Vec<_> = rows.iter().map(row).collect();
    table(
        [
            "HANDLE",
            "STATUS",
            "ROLE",
            "VIA",
            "SINCE",
            "LAST CALL",
            "E-MAIL",
        ],
        &rows,
    )
}

fn seen(account: &Account) -> String {
    let seen = account.last_seen_at.map(|at| Moment(at).to_string());
    seen.unwrap_or_else(|| "never".to_owned())
}

async fn show(desk: &mut Desk<'_>, handle: &str) -> Result<(), Failure> {
    let detail = find(desk, handle).await?;
    let user = described(desk.bbs, &detail);
    desk.out.one(&user, |user| shown(user, &detail));
    Ok(())
}

fn shown(user: &User, detail: &Detail) -> String {
    let account = &detail.account;
    let mut lines = vec![
        ("handle", user.handle.clone()),
        ("status", account.status.to_string()),
        ("since", Moment(account.status_at).to_string()),
    ];
    let mut add = |name, value: Option<String>| lines.extend(value.map(|value| (name, value)));
    add("by", account.status_by.clone());
    add("reason", account.status_reason.clone());
    add(
        "until",
        account.status_until.map(|at| Moment(at).to_string()),
    );
    add("role", Some(account.role.to_string()));
    add("origin", Some(account.origin.to_string()));
    add("invited by", user.invited_by.clone());
    add("e-mail", user.email.clone());
    add(
        "password",
        Some(if user.has_password { "yes" } else { "no" }.to_owned()),
    );
    add("made", Some(user.created_at.to_string()));
    add("last call", Some(seen(account)));
    add("sessions", Some(user.sessions.to_string()));
    for key in &user.keys {
        add("key", Some(key.line()));
    }
    if let Some(request) = &detail.request {
        add("message", Some(request.message.clone()));
        for (question, answer) in &request.answers {
            add("answer", Some(format!("{question}\n{answer}")));
        }
    }
    for hint in &detail.hints {
        add("hint", Some(hinted(hint)));
    }
    for note in &detail.notes {
        add(
            "note",
            Some(format!(
                "{} {}: {}",
                Moment(note.at),
                note.author,
                note.text
            )),
        );
    }
    sheet(&lines)
}

fn hinted(hint: &Hint) -> String {
    match hint {
        Hint::LooksLike(handles) => format!("looks like {}", handles.join(", ")),
        Hint::SameSource(handles) => format!("same network as {}", handles.join(", ")),
        Hint::KeyOfShutOut(handles) => {
            format!("shares a key with {}, shut out", handles.join(", "))
        }
        Hint::DecidedBefore(by) => format!("decided about before by {by}"),
    }
}

async fn create(desk: &mut Desk<'_>, new: Create) -> Result<(), Failure> {
    let text = desk.input()?;
    let (key, password) = if new.password_stdin {
        let password = text.strip_suffix('\n').unwrap_or(&text);
        let password = password.strip_suffix('\r').unwrap_or(password);
        (None, Some(Secret::new(password.to_owned())))
    } else {
        (Some(from_line(&text)?), None)
    };
    let board = desk.board(new.dry);
    let made = NewUser {
        handle: new.handle,
        email: new.email,
        role: new.role,
        key: key.is_some().then_some(text),
        password,
    };
    let account = board.create_user(desk.actor, made).await?;
    // Described from what is known: a dry run has left nothing to read.
    let keys = key.map(|key| Key::vouched(&key, account.created_at));
    let user = User::new(&account, keys.into_iter().collect(), 0);
    desk.out.one(&user, User::line);
    Ok(())
}

async fn decide_one(desk: &mut Desk<'_>, who: One, decision: Decision) -> Result<(), Failure> {
    let who = Several {
        handles: vec![who.handle],
        dry: who.dry,
    };
    decide(desk, &who, &decision).await
}

/// Decides about each account on its own; one that fails stops none of the
/// others.
async fn decide(desk: &mut Desk<'_>, who: &Several, decision: &Decision) -> Result<(), Failure> {
    let board = desk.board(who.dry);
    let mut decided = Vec::new();
    for handle in &who.handles {
        match decide_about(desk, &board, handle, decision.clone()).await {
            Ok(user) => decided.push(user),
            Err(failure) if who.handles.len() == 1 => return Err(failure),
            Err(failure) => desk.out.fail(Some(handle), &failure),
        }
    }
    match decided.as_slice() {
        [user] if who.handles.len() == 1 => desk.out.one(user, User::line),
        users => desk
            .out
            .many(users, |users| users.iter().map(User::line).collect()),
    }
    Ok(())
}

async fn decide_about(
    desk: &Desk<'_>,
    board: &Bbs,
    handle: &str,
    decision: Decision,
) -> Result<User, Failure> {
    let mut detail = find(desk, handle).await?;
    let id = detail.account.id;
    let decided = board.decide_about(desk.actor, id, decision).await?;
    let email = detail.account.email.take();
    // What the caller may not see stays out; what was decided comes from the
    // answer, since a dry run has left the file as it was.
    detail.account = Account {
        email,
        ..decided.account
    };
    Ok(described(desk.bbs, &detail))
}

async fn suspend(desk: &mut Desk<'_>, suspension: Suspend) -> Result<(), Failure> {
    let now = desk.bbs.clock().now();
    let until = match suspension.until {
        None => None,
        Some(end) => {
            let past = || Failure::usage(words::command::past());
            Some(end.after(now).ok_or_else(past)?)
        }
    };
    let decision = Decision::Suspend {
        reason: suspension.reason,
        until,
    };
    let who = One {
        handle: suspension.handle,
        dry: suspension.dry,
    };
    decide_one(desk, who, decision).await
}

async fn edit(desk: &mut Desk<'_>, change: &Edit) -> Result<(), Failure> {
    let detail = find(desk, &change.handle).await?;
    let board = desk.board(change.dry);
    let id = detail.account.id;
    board.edit_email_of(desk.actor, id, &change.email).await?;
    let mut user = described(desk.bbs, &detail);
    user.email = Some(change.email.trim().to_owned()).filter(|email| !email.is_empty());
    user.email_proven = false;
    desk.out.one(&user, |user| {
        let email = user.email.as_deref().unwrap_or("no address");
        format!("{}: {email}\n", user.handle)
    });
    Ok(())
}

async fn sessions(desk: &mut Desk<'_>, handle: &str, kill: bool) -> Result<(), Failure> {
    let detail = find(desk, handle).await?;
    let (id, clock) = (detail.account.id, desk.bbs.clock());
    let (now, tick) = (clock.now(), clock.tick());
    let everybody = desk.bbs.hub().everybody();
    let own = everybody
        .iter()
        .filter(|one| one.actor.account() == Some(id));
    let mut sessions: Vec<_> = own.map(|one| Session::new(one, now, tick)).collect();
    if !detail.powers.private {
        for session in &mut sessions {
            session.source = None;
        }
    }
    if kill {
        let ended = desk.bbs.end_sessions_of(desk.actor, id).await?;
        desk.out.note(&words::command::ended(ended));
    } else if sessions.is_empty() {
        desk.out.note(&words::command::nothing());
    }
    desk.out.many(&sessions, |sessions| {
        let row = |session: &Session| {
            [
                session.id.to_string(),
                session.began_at.to_string(),
                session.place.clone(),
                session.client.clone(),
                session.source.clone().unwrap_or_default(),
            ]
        };
        let rows: Vec<_> = sessions.iter().map(row).collect();
        table(["ID", "SINCE", "WHERE", "CLIENT", "FROM"], &rows)
    });
    Ok(())
}

async fn write_note(desk: &mut Desk<'_>, note: Note) -> Result<(), Failure> {
    let text = match note.text {
        Some(text) => text,
        None => desk.input()?,
    };
    let detail = find(desk, &note.handle).await?;
    let board = desk.board(note.dry);
    let id = detail.account.id;
    board.note_about(desk.actor, id, &text).await?;
    desk.out.one(&described(desk.bbs, &detail), User::line);
    Ok(())
}

async fn unlock(desk: &mut Desk<'_>, who: &One) -> Result<(), Failure> {
    let detail = find(desk, &who.handle).await?;
    let board = desk.board(who.dry);
    board.unlock(desk.actor, detail.account.id).await?;
    desk.out.one(&described(desk.bbs, &detail), User::line);
    Ok(())
}
