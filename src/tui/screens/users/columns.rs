//! The columns of the USERS list, and which of them a narrow terminal loses.

use super::facts;
use crate::{
    app::queue::Powers,
    domain::account::{Role, Status},
    store::account::Listed,
    tui::{Align, Canvas, Ink, Token, View},
};

/// A column besides the handle, which is always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Age,
    Mail,
    Key,
    Via,
    Text,
}

/// The columns from left to right.
const COLUMNS: [Column; 5] = [
    Column::Age,
    Column::Mail,
    Column::Key,
    Column::Via,
    Column::Text,
];

/// Which go first when there is no room.
const DROPPED: [Column; 5] = [
    Column::Text,
    Column::Via,
    Column::Key,
    Column::Mail,
    Column::Age,
];

/// Columns of the handle: the longest has 20, most have fewer than these.
const HANDLE: u16 = 14;

impl Column {
    /// Returns what it takes with the gap before it; the text takes what is
    /// left, if it is at least so much.
    const fn width(self) -> u16 {
        match self {
            Self::Age => 6,
            Self::Mail => 8,
            Self::Key => 7,
            Self::Via | Self::Text => 14,
        }
    }
}

/// Returns the columns that fit beside the handle, of those the caller may see.
fn fitting(width: u16, powers: Powers) -> Vec<Column> {
    let mut columns = COLUMNS.to_vec();
    columns.retain(|column| *column != Column::Mail || powers.private);
    let needs = |columns: &[Column]| {
        let all: u16 = columns.iter().map(|column| column.width()).sum();
        HANDLE + all
    };
    for column in DROPPED {
        if needs(&columns) > width {
            columns.retain(|one| *one != column);
        }
    }
    columns
}

/// Draws one account in the columns that fit; `ink` is the handle's. A row that
/// is bold as a whole would cost twice the bytes of a move.
pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    row: &Listed,
    powers: Powers,
    ink: Ink,
    view: &View<'_>,
) {
    let columns = fitting(canvas.width(), powers);
    let others: u16 = columns
        .iter()
        .filter(|column| **column != Column::Text)
        .map(|column| column.width())
        .sum();
    let has_text = columns.contains(&Column::Text);
    // Without a text the handle has what is left.
    let handle = if has_text {
        HANDLE
    } else {
        canvas.width() - others
    };
    let account = &row.account;
    canvas.field((0, 0), handle, Align::Left, account.handle.as_str(), ink);
    let mut x = handle;
    for column in columns {
        let width = column.width();
        match column {
            Column::Age => {
                let age = view.age_of(account.status_at);
                canvas.field((x, 0), width - 1, Align::Right, &age, Token::Text);
            }
            Column::Mail => mark(canvas, x, "mail", account.email_proven),
            Column::Key => mark(canvas, x, "key", row.has_key),
            Column::Via => {
                let via = facts::via(account);
                canvas.field((x + 2, 0), width - 2, Align::Left, &via, Token::Dim);
            }
            Column::Text => {
                let room = canvas.width().saturating_sub(x + 1);
                let text = text(row, view);
                canvas.field((x + 1, 0), room, Align::Left, &text, Token::Text);
            }
        }
        x += width;
    }
}

/// Draws whether somebody has something.
fn mark(canvas: &mut Canvas<'_>, x: u16, name: &str, has: bool) {
    let x = canvas.text(x + 1, 0, name, Token::Dim) + 1;
    if has {
        canvas.text(x, 0, "✓", Token::Good);
    } else {
        canvas.text(x, 0, "·", Token::Dim);
    }
}

/// Returns what is most worth reading about somebody in this status.
fn text(row: &Listed, view: &View<'_>) -> String {
    let account = &row.account;
    match account.status {
        Status::Active => {
            let role = match account.role {
                Role::User => String::new(),
                role => format!("{role}, "),
            };
            let seen = account.last_seen_at.map_or_else(
                || "never called".to_owned(),
                |at| format!("seen {}", view.age_of(at)),
            );
            format!("{role}{seen}")
        }
        Status::Rejected | Status::Suspended => {
            let by = account.status_by.as_deref().unwrap_or_default();
            let reason = account.status_reason.as_deref().unwrap_or_default();
            format!("{by}: {reason}")
        }
        Status::Pending | Status::Unverified | Status::Deleted => {
            let message = match &row.answer {
                Some(answer) => format!("answered: {answer}"),
                None => row.message.clone(),
            };
            let message = message.replace('\n', " ");
            match row.claim.as_ref().filter(|claim| claim.until > view.now) {
                Some(claim) => format!("({}) {message}", claim.by),
                None => message,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_lists_lose_columns_in_the_written_order() {
        let sysop = Powers {
            private: true,
            ..Powers::default()
        };
        assert_eq!(fitting(78, sysop), COLUMNS);
        assert_eq!(fitting(50, sysop), &COLUMNS[..4]);
        assert_eq!(fitting(36, sysop), &COLUMNS[..3]);
        assert_eq!(fitting(30, sysop), &COLUMNS[..2]);
        assert_eq!(fitting(20, sysop), &COLUMNS[..1]);
        assert!(!fitting(78, Powers::default()).contains(&Column::Mail));
    }
}
