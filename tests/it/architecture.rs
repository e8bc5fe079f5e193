//! The house as `src/lib.rs` draws it: arrows go down, and each outside crate
//! has one home. A file that breaks the table is named.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Which modules of ours a module may name. Whoever changes this changes the
/// page in `src/lib.rs` first.
const ARROWS: &[(&str, &[&str])] = &[
    (
        "app",
        &["domain", "mailer", "notifier", "settings", "store"],
    ),
    (
        "cli",
        &[
            "app",
            "command",
            "config",
            "domain",
            "mailer",
            "notifier",
            "secret_file",
            "settings",
            "ssh",
            "store",
            "term",
            "tui",
            "words",
        ],
    ),
    ("command", &["app", "domain", "settings", "store", "words"]),
    ("config", &[]),
    ("domain", &[]),
    ("lib", &[]),
    ("mailer", &["domain"]),
    ("main", &["cli"]),
    ("notifier", &["domain", "words"]),
    ("secret_file", &["domain"]),
    ("settings", &["domain"]),
    (
        "ssh",
        &["domain", "secret_file", "settings", "term", "tui", "words"],
    ),
    ("store", &["domain", "settings"]),
    ("term", &[]),
    (
        "tui",
        &["app", "domain", "settings", "store", "term", "words"],
    ),
    ("words", &["domain"]),
];

/// Where an outside crate may be named.
const HOMES: &[(&str, &[&str])] = &[
    ("argon2", &["app/password.rs"]),
    ("clap", &["cli", "command"]),
    ("clap_complete", &["cli/manual.rs"]),
    ("clap_mangen", &["cli/manual.rs"]),
    // K1: nobody else makes chance.
    ("getrandom", &["domain/entropy.rs"]),
    ("lettre", &["mailer"]),
    ("qrcodegen", &["tui/widgets/qr.rs"]),
    ("ratatui", &["term", "tui"]),
    ("regex", &["settings"]),
    ("rusqlite", &["store"]),
    ("russh", &["ssh"]),
    (
        "ssh_key",
        &["domain/certificate.rs", "domain/key.rs", "ssh"],
    ),
    ("termina", &["term"]),
    ("toml", &["config"]),
    ("zxcvbn", &["app/password.rs"]),
];

/// What may be said only in some places, and why.
const SAID_ONCE: &[(&str, &[&str], &str)] = &[
    (
        "Command::new(",
        &["notifier.rs"],
        "only one place starts programs",
    ),
    (
        "VerifiedKey::attest(",
        // Nobody calls the stage of `ringdown screen`.
        &["ssh/auth.rs", "cli/screen/stage.rs"],
        "only a signature proves a key",
    ),
    (
        "Presented::attest(",
        &["ssh/auth.rs"],
        "only a signature proves whose certificate it is",
    ),
];

#[test]
fn arrows_go_down_and_outside_crates_have_one_home() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut broken = Vec::new();
    for file in files(&root) {
        let name = file.strip_prefix(&root).unwrap().display().to_string();
        let module = name.split(['/', '.']).next().unwrap();
        let Some((_, may)) = ARROWS.iter().find(|(of, _)| *of == module) else {
            broken.push(format!(
                "{name}: the table does not know the module {module}"
            ));
            continue;
        };
        let code = code_of(&fs::read_to_string(&file).unwrap());
        for named in ours(&code) {
            if named != module && !may.contains(&named.as_str()) {
                broken.push(format!("{name}: {module} must not name {named}"));
            }
        }
        for (outside, homes) in HOMES {
            let is_home = homes.iter().any(|home| name.starts_with(home));
            if !is_home && names_crate(&code, outside) {
                broken.push(format!("{name}: {outside} is at home in {homes:?}"));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn what_may_be_said_in_one_place_is_said_nowhere_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut broken = Vec::new();
    for file in files(&root) {
        let name = file.strip_prefix(&root).unwrap().display().to_string();
        let code = code_of(&fs::read_to_string(&file).unwrap());
        for (said, homes, why) in SAID_ONCE {
            let in_tests = name.ends_with("tests.rs");
            if code.contains(said) && !homes.contains(&name.as_str()) && !in_tests {
                broken.push(format!("{name}: {said} belongs to {homes:?}: {why}"));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn the_test_would_notice() {
    let code = "use crate::{\n    app::{Bbs, x},\n    store,\n};\nuse crate::ssh::Door;";
    let expected = ["app", "ssh", "store"].map(str::to_owned);
    assert_eq!(ours(code), BTreeSet::from(expected));
    assert!(names_crate("let x = rusqlite::Connection;", "rusqlite"));
    assert!(!names_crate("let x = my_rusqlite::Connection;", "rusqlite"));
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.append(&mut files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Leaves out comments, which may speak of anything, and tests, which make what
/// they need.
fn code_of(text: &str) -> String {
    let (code, _tests) = text.split_once("#[cfg(test)]").unwrap_or((text, ""));
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Returns the modules of ours that `code` names.
fn ours(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, path) in code.match_indices("crate::") {
        let rest = &code[at + path.len()..];
        // `$crate::` in a macro names the same modules.
        if let Some(group) = rest.strip_prefix('{') {
            found.extend(heads(group));
        } else {
            found.insert(word(rest));
        }
    }
    found.remove("");
    found
}

/// Returns the first word of each part of a `{…}` group.
fn heads(group: &str) -> Vec<String> {
    let mut heads = Vec::new();
    let mut depth = 0;
    let mut expects = true;
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => expects = true,
            letter if expects && letter.is_alphabetic() => {
                heads.push(word(&group[at..]));
                expects = false;
            }
            _ => {}
        }
    }
    heads
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect()
}

fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}::")).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == ':')
    })
}
