//! What the sysop's own program is told, in a sentence each: the board's words
//! and handles, and nothing that anybody else wrote.

use super::letter::Standing;
use crate::domain::{letter::State, news::News};

/// Returns what happened. `names` are handles, of an alert what was found; so
/// many `more` are not among them.
pub fn says(news: News, names: &[String], more: u32) -> String {
    let who = |rest: &str| format!("{} {rest}", listed(names, more));
    match news {
        News::RequestWaits if names.len() == 1 && more == 0 => who("waits to be let in."),
        News::RequestWaits => who("wait to be let in."),
        News::RequestAnswered => who("answered what was asked about their request."),
        News::Rang => who("rang for a sysop, and nobody was at the desk."),
        News::Alert => format!(
            "The board looked itself over and something has to be mended: {}.",
            listed(names, more)
        ),
        News::Test => "This is a test: the board can tell you what happens.".to_owned(),
    }
}

/// Returns names as they are said: `ada, bob and 3 more`.
fn listed(names: &[String], more: u32) -> String {
    let (last, others) = match (names, more) {
        (names, 1..) => (format!("{more} more"), names),
        ([others @ .., last], 0) => (last.clone(), others),
        ([], 0) => return "somebody".to_owned(),
    };
    if others.is_empty() {
        last
    } else {
        format!("{} and {last}", others.join(", "))
    }
}

/// Returns what lists call the program where there is little room.
pub const fn short_name() -> &'static str {
    "program"
}

/// Returns what is said of something that was just written down to be told.
pub fn written(state: State) -> String {
    format!(
        "For your program: {}.",
        super::letter::standing(state, &Standing::default())
    )
}

/// The program did not take it.
pub fn not_told(error: &str) -> String {
    format!("The program was not told: {error}")
}

/// Nobody can be told now.
pub const fn waits() -> &'static str {
    "Your program was not told yet: the board is closing."
}

/// Ten tries in a row failed.
pub fn broken(error: &str) -> String {
    format!("notify_command tells nobody: the last ten tries failed. {error}")
}

/// There is no such program.
pub const fn none() -> &'static str {
    "No notify_command is configured: ringdown.toml names the program."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_waits_is_named() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        for (who, more, said) in [
            (vec!["ada"], 0, "ada waits to be let in."),
            (vec!["ada", "bob"], 0, "ada and bob wait to be let in."),
            (
                vec!["ada", "bob", "cy"],
                0,
                "ada, bob and cy wait to be let in.",
            ),
            (
                vec!["ada", "bob"],
                3,
                "ada, bob and 3 more wait to be let in.",
            ),
        ] {
            let who: Vec<String> = names(&who);
            assert_eq!(says(News::RequestWaits, &who, more), said);
        }
    }
}
