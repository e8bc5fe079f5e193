//! The pane under the list: one account in a few lines. What does not fit is
//! on the page of that person.

use super::facts;
use crate::{
    app::queue::Detail,
    domain::account::Status,
    tui::{Align, Canvas, Token, View, wrap},
};

/// Rows the pane wants.
pub(super) const HEIGHT: u16 = 9;
/// Columns of the labels.
const LABEL: u16 = 8;

/// Draws the pane of an account.
pub(super) fn draw(canvas: &mut Canvas<'_>, detail: &Detail, view: &View<'_>) {
    let account = &detail.account;
    let x = canvas.text(1, 0, account.handle.as_str(), Token::Text.bold());
    let standing = format!("   {}", facts::standing(account, view));
    let x = canvas.text(x, 0, &standing, Token::Text);
    if detail.is_on_line() {
        canvas.text(x, 0, " · on the line now", Token::Good);
    }
    let hints = detail.hints.iter().map(|hint| facts::hint(hint, view));
    let hints: Vec<_> = hints.collect();
    let note = detail.notes.last();
    let note = note.map(|note| format!("{}: {}", note.author, note.text.replace('\n', " ")));
    let plain = |text| (text, Token::Text);
    let hints = (!hints.is_empty()).then(|| hints.join(" · "));
    let note = note.map(|note| count(&note, detail.notes.len()));
    let asked = match facts::asked(detail) {
        Some((label, text)) => (label, Some((text, Token::Accent))),
        None => ("asked", None),
    };
    let more = [
        ("claimed", facts::claimed(detail, view).map(plain)),
        ("code", facts::activation(detail, view)),
        ("letter", facts::letter(detail, view)),
        ("reason", reason(detail).map(plain)),
        asked,
        ("hint", hints.map(plain)),
        ("note", note.map(plain)),
    ];
    // The head, two rows of facts and these; what is left is the request's.
    let taken = 3 + more.iter().filter(|(_, fact)| fact.is_some()).count();
    let room = usize::from(canvas.height()).saturating_sub(taken);
    let mut y = 1 + quote(canvas, 1, room, detail);
    let half = canvas.width() / 2;
    for (left, right) in [
        (("mail", facts::mail(detail)), ("via", facts::via(account))),
        (
            ("key", facts::keys(detail)),
            ("seen", facts::seen(detail, view)),
        ),
    ] {
        fact(canvas, (1, y), half - 2, left, Token::Text);
        let width = canvas.width() - half - 1;
        fact(canvas, (half, y), width, right, Token::Text);
        y += 1;
    }
    let wide = canvas.width().saturating_sub(2);
    for (label, known) in more {
        if let Some((text, token)) = known {
            fact(canvas, (1, y), wide, (label, text), token);
            y += 1;
        }
    }
}

/// Returns the reason of a decision that shut somebody out.
fn reason(detail: &Detail) -> Option<String> {
    match detail.account.status {
        Status::Rejected | Status::Suspended => detail.account.status_reason.clone(),
        _ => None,
    }
}

/// Says how many notes there are besides the one that is shown.
fn count(note: &str, notes: usize) -> String {
    match notes {
        0 | 1 => note.to_owned(),
        _ => format!("({notes}) {note}"),
    }
}

/// Draws the beginning of the request; returns the rows it took.
fn quote(canvas: &mut Canvas<'_>, y: u16, room: usize, detail: &Detail) -> u16 {
    let text = facts::request(detail);
    if text.is_empty() {
        return 0;
    }
    let width = canvas.width().saturating_sub(4);
    let lines = wrap::wrap(&text, width);
    let is_cut = lines.len() > room;
    let mut rows = y;
    for (place, line) in lines.iter().take(room).enumerate() {
        canvas.text(1, rows, "│ ", Token::Rule);
        let line = match line.as_str() {
            "" if is_cut && place + 1 == room => "…".to_owned(),
            line if is_cut && place + 1 == room => format!("{line} …"),
            line => line.to_owned(),
        };
        canvas.field((3, rows), width, Align::Left, &line, Token::Text);
        rows += 1;
    }
    rows - y
}

fn fact(
    canvas: &mut Canvas<'_>,
    (x, y): (u16, u16),
    width: u16,
    (label, text): (&str, String),
    token: Token,
) {
    canvas.text(x, y, label, Token::Dim);
    let width = width.saturating_sub(LABEL);
    canvas.field((x + LABEL, y), width, Align::Left, &text, token);
}
