//! New invites as they are handed out: cards to be printed and cut, and rows
//! for another program.

use crate::{
    command::shape::Invite,
    words::invite::{CardFacts, card},
};

/// Lines of a card, its cut line included: six fill a page of 66.
const CARD: usize = 11;

/// Returns one card under the other, each of the same height.
pub(super) fn cards(invites: &[Invite], board: &str) -> String {
    let mut text = String::new();
    for invite in invites {
        let (Some(code), Some(ssh)) = (&invite.code, &invite.ssh) else {
            continue;
        };
        let written = card(&CardFacts {
            board,
            message: &invite.message,
            ssh,
            code,
            until: invite.expires_at.map(|end| end.to_string()),
            number: &invite.id,
        });
        let lines = written.lines().count();
        text += &written;
        text += &"\n".repeat(CARD.saturating_sub(lines + 1));
        text += "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -\n";
    }
    text
}

/// Returns a row for each, under a heading.
pub(super) fn csv(invites: &[Invite]) -> String {
    let mut text = "id,code,ssh,expires_at,note\n".to_owned();
    for invite in invites {
        let end = invite.expires_at.map(|end| end.to_string());
        let cells = [
            invite.id.as_str(),
            invite.code.as_deref().unwrap_or_default(),
            invite.ssh.as_deref().unwrap_or_default(),
            end.as_deref().unwrap_or_default(),
            invite.note.as_str(),
        ];
        text += &cells.map(cell).join(",");
        text.push('\n');
    }
    text
}

/// Returns a cell as RFC 4180 has it.
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_would_break_its_row_is_quoted() {
        assert_eq!(cell("for Ada"), "for Ada");
        assert_eq!(cell("Ada, \"the\" first"), "\"Ada, \"\"the\"\" first\"");
    }
}
