//! `mail`: how the post stands, its letters, and trying whether they arrive.

use super::{
    Desk, DryRun, Exit,
    failure::Failure,
    out::{sheet, table},
    shape::{Mail, MailStatus, Preview, Released},
    value,
};
use crate::{
    domain::{
        actor::Actor,
        id::LetterId,
        letter::{Kind, State},
    },
    store::outbox::{Letter, Way},
    words,
};

/// Letters read at a time.
const ROWS: u32 = 200;

/// What can be done with letters.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum Command {
    /// Say how the post stands.
    Status,
    /// List letters, newest first.
    List {
        /// Only those that stand so.
        #[arg(long, value_parser = value::one_of(State::ALL, State::name))]
        state: Option<State>,
    },
    /// Try letters again, at once and for another day.
    Retry {
        /// Which, by their numbers.
        #[arg(required = true, value_name = "ID", value_parser = value::letter)]
        ids: Vec<LetterId>,
        /// Wait until each has been tried, and fail if one did not leave.
        #[arg(long, conflicts_with = "dry_run")]
        wait: bool,
        #[command(flatten)]
        dry: DryRun,
    },
    /// Take letters back that have not left.
    Cancel {
        /// Which, by their numbers.
        #[arg(required = true, value_name = "ID", value_parser = value::letter)]
        ids: Vec<LetterId>,
        #[command(flatten)]
        dry: DryRun,
    },
    /// Send a letter to a sysop, wait for it, and fail if it did not leave.
    Test {
        /// The sysop who gets it: over ssh yourself, on the host any.
        #[arg(value_name = "HANDLE")]
        handle: Option<String>,
        /// Tell the program of `notify_command` instead.
        #[arg(long, conflicts_with = "handle")]
        notify: bool,
    },
    /// Show what a letter says, with made-up facts.
    Preview {
        /// What it is about.
        #[arg(value_parser = value::one_of(Kind::ALL, Kind::name))]
        kind: Kind,
    },
    /// Let the letters leave that wait since this board began as a copy.
    Release {
        #[command(flatten)]
        dry: DryRun,
    },
}

pub(super) async fn run(desk: &mut Desk<'_>, command: Command) -> Result<(), Failure> {
    match command {
        Command::Status => status(desk).await,
        Command::List { state } => list(desk, state).await,
        Command::Retry { ids, wait, dry } => retry(desk, &ids, wait, dry).await,
        Command::Cancel { ids, dry } => cancel(desk, &ids, dry).await,
        Command::Test { notify: true, .. } => {
            let letter = desk.bbs.test_program(desk.actor).await?;
            tried(desk, letter.id).await
        }
        Command::Test { handle, .. } => {
            if let (Actor::Console { .. }, None) = (desk.actor, &handle) {
                let sentence = words::letter::whose_test().to_owned();
                return Err(Failure::new(Exit::Usage, sentence));
            }
            let letter = desk.bbs.test_mail(desk.actor, handle.as_deref()).await?;
            tried(desk, letter.id).await
        }
        Command::Preview { kind } => {
            let text = desk.bbs.preview_letter(desk.actor, kind).await?;
            let preview = Preview {
                kind,
                subject: text.subject,
                body: text.body,
            };
            desk.out.one(&preview, |preview| {
                format!("Subject: {}\n\n{}", preview.subject, preview.body)
            });
            Ok(())
        }
        Command::Release { dry } => {
            let board = desk.board(dry);
            let released = board.release_letters(desk.actor).await?;
            desk.out.one(&Released { released }, |released| {
                format!("{}\n", words::letter::released(released.released))
            });
            Ok(())
        }
    }
}

/// Waits until a test was tried, and says what came of it.
async fn tried(desk: &mut Desk<'_>, id: LetterId) -> Result<(), Failure> {
    let letter = desk.bbs.await_letter(desk.actor, id).await?;
    desk.out.one(&Mail::from(&letter), Mail::line);
    arrived(&letter)
}

async fn status(desk: &mut Desk<'_>) -> Result<(), Failure> {
    let status = MailStatus::from(desk.bbs.mail_status(desk.actor).await?);
    desk.out.one(&status, |status| {
        let mut lines = vec![
            (
                "mail",
                words::letter::channel(status.on, status.broken).to_owned(),
            ),
            (
                "transport",
                status.transport.clone().unwrap_or_else(|| "none".into()),
            ),
            ("failures in a row", status.failures.to_string()),
        ];
        lines.extend(status.last_error.clone().map(|error| ("last error", error)));
        if let Some(notify) = &status.notify {
            lines.push(("notify_command", notify.program.clone()));
            lines.push(("its failures in a row", notify.failures.to_string()));
            let error = notify.last_error.clone();
            lines.extend(error.map(|error| ("its last error", error)));
        }
        if status.held {
            lines.push(("held", words::letter::held_for_operators().to_owned()));
        }
        for (state, count) in &status.letters {
            lines.push((state.name(), count.to_string()));
        }
        sheet(&lines)
    });
    Ok(())
}

async fn list(desk: &mut Desk<'_>, state: Option<State>) -> Result<(), Failure> {
    let mut letters: Vec<Letter> = Vec::new();
    loop {
        let before = letters.last().map(|letter| letter.id);
        let page = desk
            .bbs
            .list_letters(desk.actor, state, before, ROWS)
            .await?;
        if page.letters.is_empty() {
            break;
        }
        letters.extend(page.letters);
    }
    if letters.is_empty() {
        desk.out.note(&words::command::nothing());
    }
    let mails: Vec<_> = letters.iter().map(Mail::from).collect();
    desk.out.many(&mails, |mails| {
        let row = |mail: &Mail| {
            let moment =
                |at: Option<_>| at.map_or(String::new(), |at: super::shape::Moment| at.to_string());
            [
                mail.id.to_string(),
                mail.state.to_string(),
                mail.kind.to_string(),
                mail.to.clone(),
                mail.attempts.to_string(),
                moment(mail.sent_at.or(mail.next_at)),
                mail.last_error.clone().unwrap_or_default(),
            ]
        };
        let rows: Vec<_> = mails.iter().map(row).collect();
        table(
            [
                "ID",
                "STATE",
                "KIND",
                "TO",
                "TRIES",
                "SENT/NEXT",
                "LAST ERROR",
            ],
            &rows,
        )
    });
    Ok(())
}

async fn retry(
    desk: &mut Desk<'_>,
    ids: &[LetterId],
    wait: bool,
    dry: DryRun,
) -> Result<(), Failure> {
    let board = desk.board(dry);
    let mut tried = Vec::new();
    for &id in ids {
        let result = async {
            let letter = board.retry_letter(desk.actor, id).await?;
            Ok::<_, Failure>(if wait {
                board.await_letter(desk.actor, id).await?
            } else {
                letter
            })
        };
        match result.await {
            Ok(letter) => {
                if wait && let Err(failure) = arrived(&letter) {
                    desk.out.fail(Some(&format!("letter-{id}")), &failure);
                }
                tried.push(Mail::from(&letter));
            }
            Err(failure) => desk.out.fail(Some(&format!("letter-{id}")), &failure),
        }
    }
    tell(desk, &tried, ids.len());
    Ok(())
}

async fn cancel(desk: &mut Desk<'_>, ids: &[LetterId], dry: DryRun) -> Result<(), Failure> {
    let board = desk.board(dry);
    let mut cancelled = Vec::new();
    for &id in ids {
        match board.cancel_letter(desk.actor, id).await {
            Ok(letter) => cancelled.push(Mail::from(&letter)),
            Err(stop) => desk.out.fail(Some(&format!("letter-{id}")), &stop.into()),
        }
    }
    tell(desk, &cancelled, ids.len());
    Ok(())
}

/// Answers with what became of letters, of which so many were asked for.
fn tell(desk: &mut Desk<'_>, mails: &[Mail], asked: usize) {
    match mails {
        [] if asked == 1 => {}
        [mail] if asked == 1 => desk.out.one(mail, Mail::line),
        mails => desk
            .out
            .many(mails, |mails| mails.iter().map(Mail::line).collect()),
    }
}

/// Fails if a letter did not leave.
fn arrived(letter: &Letter) -> Result<(), Failure> {
    if letter.state == State::Sent {
        return Ok(());
    }
    let sentence = match (letter.to.way(), &letter.last_error) {
        (Way::Mail, Some(error)) => words::letter::not_sent(error),
        (Way::Mail, None) => words::letter::waits().to_owned(),
        (Way::Program, Some(error)) => words::notify::not_told(error),
        (Way::Program, None) => words::notify::waits().to_owned(),
    };
    Err(Failure::new(Exit::Mail, sentence))
}
