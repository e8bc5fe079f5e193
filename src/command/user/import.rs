//! `user import`: many accounts from a list, and what became of each.

use std::path::PathBuf;

use crate::{
    app::import::{Became, Listed, Sending, Whole},
    command::{Desk, DryRun, Exit, Progress, failure::Failure, shape::Imported},
    domain::csv,
    words::{self, letter::Standing},
};

/// The columns a list may have, in the order of the template.
const COLUMNS: [&str; 6] = ["handle", "email", "role", "ssh_key", "note", "send"];

/// The most accounts of a list: more than any board should get at once.
const MOST: usize = 10_000;

/// A list of accounts.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Import {
    /// The list, or - for standard input.
    #[arg(required_unless_present = "template")]
    pub(super) file: Option<PathBuf>,
    /// Make those that can be made even if others can't.
    #[arg(long)]
    partial: bool,
    /// Print the columns of a list instead.
    #[arg(long, conflicts_with_all = ["file", "partial"])]
    template: bool,
    #[command(flatten)]
    dry: DryRun,
}

pub(super) async fn run(desk: &mut Desk<'_>, import: Import) -> Result<(), Failure> {
    if import.template {
        let columns = COLUMNS.map(str::to_owned);
        desk.out.many(&columns, |columns| columns.join(",") + "\n");
        return Ok(());
    }
    let (lines, list) = read(&desk.input()?)?;
    let handles: Vec<_> = list.iter().map(|one| one.handle.clone()).collect();
    let whole = if import.partial {
        Whole::MayNot
    } else {
        Whole::Must
    };
    let board = desk.board(import.dry);
    let (progress, of) = (desk.ears.progress.take(), list.len());
    let watch = move |done| {
        // Nobody waits for a bar.
        if let Some(progress) = &progress {
            progress.try_send(Progress { done, of }).ok();
        }
    };
    let became = board.import_users(desk.actor, list, whole, watch).await?;
    let rows: Vec<_> = lines
        .into_iter()
        .zip(handles)
        .zip(became)
        .map(|((line, handle), became)| described(line, &handle, &became))
        .collect();
    let refused = rows.iter().filter(|row| row.error.is_some()).count();
    desk.out.many(&rows, |rows| rows.iter().map(told).collect());
    if refused > 0 {
        desk.out.ends(Exit::Refused);
        desk.out
            .note(&words::command::import_refused(refused, import.partial));
    }
    Ok(())
}

/// Reads a list under its heading, each with the line it begins in.
fn read(text: &str) -> Result<(Vec<usize>, Vec<Listed>), Failure> {
    let unread = |sentence: String| Failure::new(Exit::Usage, sentence);
    let mut rows = csv::parse(text)
        .map_err(|csv::OpenQuote(line)| unread(words::command::open_quote(line)))?
        .into_iter();
    let Some((_, heading)) = rows.next() else {
        return Err(unread(words::command::no_heading()));
    };
    let columns = columns(&heading).map_err(unread)?;
    if rows.len() > MOST {
        return Err(unread(words::command::list_long(MOST)));
    }
    let listed = |(line, cells): csv::Row| {
        let mut one = Listed::default();
        for (&column, cell) in columns.iter().zip(cells) {
            *field(&mut one, column) = cell;
        }
        (line, one)
    };
    Ok(rows.map(listed).unzip())
}

/// Returns the column of each cell of the heading.
fn columns(heading: &[String]) -> Result<Vec<&'static str>, String> {
    let known = |name: &String| {
        let name = name.trim().to_ascii_lowercase();
        let column = COLUMNS.iter().copied().find(|column| *column == name);
        column.ok_or_else(|| words::command::no_such_column(&name))
    };
    let columns = heading.iter().map(known).collect::<Result<Vec<_>, _>>()?;
    if columns.contains(&"handle") {
        Ok(columns)
    } else {
        Err(words::command::no_heading())
    }
}

/// Returns where the cells of a column go.
fn field<'a>(one: &'a mut Listed, column: &str) -> &'a mut String {
    match column {
        "email" => &mut one.email,
        "role" => &mut one.role,
        "ssh_key" => &mut one.ssh_key,
        "note" => &mut one.note,
        "send" => &mut one.send,
        _ => &mut one.handle,
    }
}

fn described(line: usize, handle: &str, became: &Became) -> Imported {
    let (result, sending, error) = match became {
        Became::Made(sending) => ("made", *sending, None),
        Became::Ready => ("ready", Sending::Unwanted, None),
        Became::Unchanged => ("unchanged", Sending::Unwanted, None),
        Became::Refused(refusal) => {
            let sentence = words::command::refusal(refusal);
            ("refused", Sending::Unwanted, Some(sentence))
        }
    };
    Imported {
        line,
        handle: handle.trim().to_owned(),
        result,
        letter: match sending {
            Sending::Unwanted => None,
            Sending::Letter(state) => Some(state.name()),
            Sending::NoAddress => Some("no_address"),
            Sending::Needless => Some("no_need"),
        },
        sending,
        error,
    }
}

/// Returns what became of one in a line.
fn told(row: &Imported) -> String {
    let Imported {
        line,
        handle,
        result,
        sending,
        error,
        ..
    } = row;
    let letter = match sending {
        Sending::Unwanted => String::new(),
        Sending::Letter(state) => {
            let standing = words::letter::standing(*state, &Standing::default());
            format!("; letter {standing}")
        }
        Sending::NoAddress => format!("; {}", words::activation::no_address()),
        Sending::Needless => format!("; {}", words::activation::no_need()),
    };
    match error {
        Some(error) => format!("{line}: {handle}: {result}: {error}\n"),
        None => format!("{line}: {handle}: {result}{letter}\n"),
    }
}
