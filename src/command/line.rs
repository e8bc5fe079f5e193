//! Splitting a command line into words as a shell does, quotes and backslashes
//! included. It expands nothing.

/// A quote or backslash was left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unfinished;

/// Splits `line` into words.
pub(super) fn split(line: &str) -> Result<Vec<String>, Unfinished> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut symbols = line.chars();
    while let Some(symbol) = symbols.next() {
        match symbol {
            blank if blank.is_whitespace() => words.extend(word.take()),
            '\'' => single(&mut symbols, word.get_or_insert_default())?,
            '"' => double(&mut symbols, word.get_or_insert_default())?,
            '\\' => {
                let next = symbols.next().ok_or(Unfinished)?;
                word.get_or_insert_default().push(next);
            }
            plain => word.get_or_insert_default().push(plain),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Takes everything up to the closing quote.
fn single(symbols: &mut impl Iterator<Item = char>, word: &mut String) -> Result<(), Unfinished> {
    loop {
        match symbols.next().ok_or(Unfinished)? {
            '\'' => return Ok(()),
            symbol => word.push(symbol),
        }
    }
}

/// The same, where a backslash protects a quote or another backslash.
fn double(symbols: &mut impl Iterator<Item = char>, word: &mut String) -> Result<(), Unfinished> {
    loop {
        match symbols.next().ok_or(Unfinished)? {
            '"' => return Ok(()),
            '\\' => match symbols.next().ok_or(Unfinished)? {
                next @ ('"' | '\\' | '$' | '`') => word.push(next),
                next => word.extend(['\\', next]),
            },
            symbol => word.push(symbol),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_a_shell_splits_them() {
        for (line, words) in [
            ("", &[][..]),
            ("  user   list\t--json ", &["user", "list", "--json"]),
            (
                "note 'a b' \"c \\\"d\\\"\" e\\ f",
                &["note", "a b", "c \"d\"", "e f"],
            ),
            ("x'y'\"z\"", &["xyz"]),
            ("edit ada --email ''", &["edit", "ada", "--email", ""]),
            (r#""a\n" '\'"#, &["a\\n", "\\"]),
            ("$HOME * # ;", &["$HOME", "*", "#", ";"]),
        ] {
            assert_eq!(split(line).unwrap(), words, "{line}");
        }
    }

    #[test]
    fn what_is_left_open_is_refused() {
        for line in ["'a", "\"a", "a\\", "\"a\\"] {
            assert_eq!(split(line), Err(Unfinished), "{line}");
        }
    }
}
