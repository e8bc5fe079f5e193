//! `user`: looking at accounts, making them and deciding about them.

mod activation;
mod decide;
mod delete;
mod export;
mod import;
mod look;
mod reset;
mod totp;

use std::path::PathBuf;

use super::{
    Desk, DryRun, Input, audit,
    failure::Failure,
    file,
    key::{self, from_line},
    shape::{Key, User},
    value::{When, one_of, sessions_of},
};
use crate::{
    app::{
        Stop,
        hub::Which,
        operator::{NewUser, Preparation},
        queue::{Decision, FILTERS, Reason, Tell},
    },
    domain::{
        account::{Role, Status},
        refusal::Refusal,
        secret::Secret,
    },
    words,
};

use decide::{ask, decide, decide_one, suspend};
use look::{list, sessions, show};

pub(super) use export::export_oneself;
pub(super) use look::find;

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
    /// Make an account with a key, a first password, or neither yet
    ///
    /// The board's mode and limits do not bind this. An account that was made with
    /// --no-credentials waits for whoever it is for: `user activation` makes the code
    /// with which they choose their way in.
    Create(Create),
    /// Send the code that activates an account to its address
    ///
    /// A code that was made before works no longer.
    Invite(One),
    /// Show the code that activates an account, or take it back.
    #[command(subcommand)]
    Activation(activation::Command),
    /// Make many accounts from a list, all of them or none
    ///
    /// A table of comma-separated values with the columns that --template prints.
    /// Importing it twice changes nothing.
    Import(import::Import),
    /// Let applicants in
    ///
    /// Whoever shares a key or a proven address with an account, or has an address
    /// that is not taken any more, is let in with --anyway only.
    Approve(Approve),
    /// Turn applicants away; their handles stay reserved.
    Reject(Reject),
    /// Ask an applicant something before you decide
    ///
    /// They read it in the waiting room, and by letter if they gave an address.
    Ask(Ask),
    /// Put a rejected request back into the queue.
    Reopen(One),
    /// Take back the last decision about a request
    ///
    /// It works for ten minutes, as long as nothing happened since. A letter that
    /// has not left is cancelled; one that has is followed by a correction.
    Undo(One),
    /// Change an account's e-mail address.
    Edit(Edit),
    /// Shut an account out and end its sessions.
    Suspend(Suspend),
    /// Let a suspended account in again.
    Reactivate(One),
    /// Delete an account and wipe what it holds; the handle stays reserved
    ///
    /// Nobody can bring it back.
    Delete(Delete),
    /// Write out everything the board has about somebody, as JSON
    ///
    /// It is meant for them: notes of staff are not among it. Members get their own
    /// with `ssh HANDLE@HOST export`.
    Export {
        /// Whose.
        handle: String,
    },
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
    /// List the sessions of an account, or end them
    ///
    /// What was not sent there is not kept; they may call again at once.
    Sessions {
        /// Whose.
        handle: String,
        /// End that one, or without a number all of them.
        #[arg(
            long,
            value_name = "ID",
            num_args = 0..=1,
            default_missing_value = "all",
            value_parser = sessions_of
        )]
        kill: Option<Which>,
        #[command(flatten)]
        dry: DryRun,
    },
    /// Write a note about an account that only staff read.
    Note(Note),
    /// Make a code with which somebody chooses a new password.
    Reset(Reset),
    /// Let somebody go on who has not proven their address
    ///
    /// The address stays unproven.
    Verify(Verify),
    /// Demand two-factor login of somebody, or take it off who lost it.
    #[command(subcommand)]
    Totp(totp::Command),
    /// Forget the wrong passwords and codes that were typed for an account.
    Unlock(One),
    /// Show what was done to an account, also to one that is gone.
    History {
        /// Whose.
        handle: String,
    },
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
pub(super) struct Several {
    /// Whose.
    #[arg(required = true, value_name = "HANDLE")]
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
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present_any = ["password_stdin", "no_credentials"]
    )]
    key: Option<PathBuf>,
    /// Read its first password from standard input.
    #[arg(long, conflicts_with = "key")]
    password_stdin: bool,
    /// Make it without a way in, for somebody who activates it with a code.
    #[arg(long, conflicts_with_all = ["key", "password_stdin"])]
    no_credentials: bool,
    #[command(flatten)]
    dry: DryRun,
}

/// An approval.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Approve {
    #[command(flatten)]
    who: Several,
    /// Let them in whatever speaks against it.
    #[arg(long)]
    anyway: bool,
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
    #[arg(long, value_parser = When::parse)]
    until: Option<When>,
    #[command(flatten)]
    dry: DryRun,
}

/// A deletion.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Delete {
    /// Whose.
    handle: String,
    /// Do not ask for the handle once more.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    dry: DryRun,
}

/// A code for a new password.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Reset {
    /// Whose.
    handle: String,
    /// Send the code to their address; otherwise it is shown to you, once.
    #[arg(long)]
    mail: bool,
    /// Take back the code they have, or the letter that would bring it.
    #[arg(long, conflicts_with = "mail")]
    revoke: bool,
    #[command(flatten)]
    dry: DryRun,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Ask {
    /// Whom.
    handle: String,
    /// What you would like to know.
    #[arg(long, required_unless_present = "file")]
    text: Option<String>,
    /// Read the question from a file, or with - from standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    file: Option<PathBuf>,
    #[command(flatten)]
    dry: DryRun,
}

/// A proof that is done without.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Verify {
    /// Whose.
    handle: String,
    /// Do without the proof; only they can give it.
    #[arg(long, required = true)]
    waive: bool,
    /// Why, for the record.
    #[arg(long, value_name = "WHY")]
    text: String,
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
            })
            | Self::Ask(Ask {
                file: Some(path), ..
            })
            | Self::Import(import::Import {
                file: Some(path), ..
            }) => file(path),
            Self::Keys(command) => command.input(),
            Self::Delete(Delete {
                handle, yes, dry, ..
            }) if !yes && !dry.dry_run => Input::Answer(words::delete::question(handle)),
            _ => Input::Nothing,
        }
    }
}

pub(super) async fn run(desk: &mut Desk<'_>, command: Command) -> Result<(), Failure> {
    match command {
        Command::List { status } => list(desk, status).await,
        Command::Show { handle } => show(desk, &handle).await,
        Command::Create(new) => create(desk, new).await,
        Command::Invite(who) => activation::send(desk, &who).await,
        Command::Activation(command) => activation::run(desk, command).await,
        Command::Import(list) => import::run(desk, list).await,
        Command::Approve(Approve { who, anyway }) => {
            let decision = if anyway {
                Decision::ApproveAnyway
            } else {
                Decision::Approve
            };
            decide(desk, &who, &decision).await
        }
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
        Command::Ask(question) => ask(desk, question).await,
        Command::Reopen(who) => decide_one(desk, who, Decision::Reopen).await,
        Command::Undo(who) => decide_one(desk, who, Decision::Undo).await,
        Command::Edit(change) => edit(desk, &change).await,
        Command::Suspend(suspension) => suspend(desk, suspension).await,
        Command::Reactivate(who) => decide_one(desk, who, Decision::Reactivate).await,
        Command::Delete(deletion) => delete::run(desk, &deletion).await,
        Command::Export { handle } => export::run(desk, &handle).await,
        Command::Role { handle, role, dry } => {
            decide_one(desk, One { handle, dry }, Decision::ChangeRole(role)).await
        }
        Command::Keys(command) => key::run(desk, command).await,
        Command::Sessions { handle, kill, dry } => sessions(desk, &handle, kill, dry).await,
        Command::Note(note) => write_note(desk, note).await,
        Command::Reset(reset) => reset::run(desk, &reset).await,
        Command::Verify(waiver) => decide::waive(desk, &waiver).await,
        Command::Totp(command) => totp::run(desk, command).await,
        Command::Unlock(who) => unlock(desk, &who).await,
        Command::History { handle } => history(desk, &handle).await,
    }
}

async fn create(desk: &mut Desk<'_>, new: Create) -> Result<(), Failure> {
    if new.no_credentials {
        return prepare(desk, new).await;
    }
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
    let user = User {
        created_by: Some(desk.actor.name()),
        ..User::new(&account, keys.into_iter().collect(), 0)
    };
    desk.out.one(&user, User::line);
    Ok(())
}

async fn prepare(desk: &mut Desk<'_>, new: Create) -> Result<(), Failure> {
    let board = desk.board(new.dry);
    let made = Preparation {
        handle: new.handle,
        email: new.email,
        role: new.role,
    };
    let account = board.prepare_user(desk.actor, made).await?;
    desk.out
        .one(&User::new(&account, Vec::new(), 0), User::line);
    Ok(())
}

async fn edit(desk: &mut Desk<'_>, change: &Edit) -> Result<(), Failure> {
    let mut detail = find(desk, &change.handle).await?;
    let board = desk.board(change.dry);
    let id = detail.account.id;
    detail.account = board.edit_email_of(desk.actor, id, &change.email).await?;
    let user = User::whole(&detail);
    desk.out.one(&user, |user| {
        let email = user.email.as_deref().unwrap_or("no address");
        format!("{}: {email}\n", user.handle)
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
    desk.out.one(&User::whole(&detail), User::line);
    Ok(())
}

async fn unlock(desk: &mut Desk<'_>, who: &One) -> Result<(), Failure> {
    let detail = find(desk, &who.handle).await?;
    let board = desk.board(who.dry);
    board.unlock(desk.actor, detail.account.id).await?;
    desk.out.one(&User::whole(&detail), User::line);
    Ok(())
}

async fn history(desk: &mut Desk<'_>, handle: &str) -> Result<(), Failure> {
    let records = audit::history(desk, "account", handle).await?;
    // Whoever was here has left at least one.
    if records.is_empty() {
        return Err(Stop::from(Refusal::NoSuchAccount).into());
    }
    audit::list(desk, &records);
    Ok(())
}
