//! What became of each of several requests that were decided about at once, in
//! a line.

use super::{letter, refusal as sentence, span};
use crate::domain::{account::Status, letter::State, refusal::Refusal};

/// This many are named before they are let in.
const NAMED: usize = 5;

/// Where somebody stands now, and what becomes of the letter about it.
pub fn done(status: Status, state: Option<State>) -> String {
    let done = match status {
        Status::Active => "admitted",
        other => other.name(),
    };
    match state {
        Some(state) => {
            let standing = letter::standing(state, &letter::Standing::default());
            format!("{done}; letter {standing}")
        }
        None => done.to_owned(),
    }
}

/// Why nothing was done: `already approved by opal 4 s ago`.
pub fn refused(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Conflict {
            status,
            by: Some(by),
            at,
            now,
            ..
        } => {
            let did = match status {
                Status::Active => "approved",
                Status::Pending => "reopened",
                Status::Rejected | Status::Suspended | Status::Deleted | Status::Unverified => {
                    status.name()
                }
            };
            let ago = (*now - *at).to_std().unwrap_or_default();
            format!("already {did} by {by} {} ago", span(ago))
        }
        other => sentence(other),
    }
}

/// How far it has come.
pub fn progress(done: usize, all: usize) -> String {
    format!("{done} of {all} done")
}

/// The question before several are let in.
pub fn approve(handles: &[&str]) -> [String; 2] {
    let who = match handles.split_at_checked(NAMED) {
        Some((first, more)) if !more.is_empty() => {
            format!("{} and {} more", first.join(", "), more.len())
        }
        _ => handles.join(", "),
    };
    [
        format!("Approve {}?", people(handles.len())),
        format!("Each on their own is let in, at once: {who}."),
    ]
}

/// The question before several are rejected.
pub fn reject(count: usize) -> String {
    format!("Reject {}?", people(count))
}

/// How many are marked.
pub fn marked(count: usize) -> String {
    format!("{count} marked")
}

fn people(count: usize) -> String {
    match count {
        1 => "the one marked".to_owned(),
        count => format!("the {count} marked"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::clock::Timestamp;

    #[test]
    fn a_line_says_who_was_faster_or_what_became_of_the_letter() {
        let at = Timestamp::UNIX_EPOCH;
        let conflict = |status| Refusal::Conflict {
            handle: "newbie".into(),
            status,
            by: Some("opal".into()),
            at,
            now: at + Duration::from_secs(4),
        };
        for (status, words) in [
            (Status::Active, "already approved by opal 4 s ago"),
            (Status::Rejected, "already rejected by opal 4 s ago"),
            (Status::Suspended, "already suspended by opal 4 s ago"),
        ] {
            assert_eq!(refused(&conflict(status)), words);
        }
        assert_eq!(refused(&Refusal::Gone), sentence(&Refusal::Gone));
        let queued = done(Status::Active, Some(State::Queued));
        assert_eq!(queued, "admitted; letter queued");
    }

    #[test]
    fn a_question_about_many_names_the_first() {
        let [_, few] = approve(&["ada", "bee"]);
        assert!(few.ends_with(": ada, bee."), "{few}");
        let [title, many] = approve(&["a1", "a2", "a3", "a4", "a5", "a6", "a7"]);
        assert_eq!(title, "Approve the 7 marked?");
        assert!(many.ends_with("a4, a5 and 2 more."), "{many}");
    }
}
