//! Pages that are made from the code, and pages that must agree with it.

use std::{fmt::Write as _, fs, path::Path, process::Command};

use ringdown_bbs::{
    config::{Config, Flags, Origin},
    settings::{Group, Key, Kind, Settings},
};

fn page(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn the_page_of_settings_is_made_from_the_registry() {
    let made = settings();
    let file = page("docs/settings.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, &made).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == made,
        "docs/settings.md is stale: `UPDATE_DOCS=1 cargo test the_page_of_settings` makes it anew"
    );
}

fn settings() -> String {
    let mut page = String::from(
        "# Settings\n\n\
         Every setting of a board. A sysop changes them in the sysop area's SITE tab or with\n\
         `ringdown settings set KEY VALUE`; they take effect at once and are on record. This\n\
         page is made from the code; a test says when it is stale.\n",
    );
    let defaults = Settings::default();
    for &group in Group::ALL {
        writeln!(
            page,
            "\n## {}\n\n| setting | default | values | what it does |\n|---|---|---|---|",
            group.heading()
        )
        .unwrap();
        for &key in Key::ALL.iter().filter(|key| key.group() == group) {
            let values = match key.kind() {
                Kind::Choice(names) => names.join(", "),
                Kind::Line => "one line".to_owned(),
                Kind::Block => "several lines".to_owned(),
            };
            let default = match defaults.show(key) {
                empty if empty.is_empty() => "–".to_owned(),
                shown => format!("`{shown}`"),
            };
            let name = key.name();
            writeln!(page, "| `{name}` | {default} | {values} | {} |", key.help()).unwrap();
        }
    }
    page
}

#[test]
fn the_pictures_are_of_the_screens_as_they_are() {
    let shown = [
        ("README.md", "welcome"),
        ("README.md", "waiting-room"),
        ("README.md", "users"),
        ("README.md", "main-menu"),
        ("docs/sysop.md", "access"),
        ("docs/sysop.md", "audit"),
        ("docs/sysop.md", "mail"),
        ("docs/sysop.md", "system"),
    ];
    for (text, screen) in shown {
        let written = fs::read_to_string(page(text)).unwrap();
        let made = ringdown(&["screen", screen, "--svg"]);
        let name = format!("docs/pictures/{screen}.svg");
        let beside = name.trim_start_matches("docs/");
        assert!(written.contains(beside), "{text} does not show {name}");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(page(&name), &made).unwrap();
        }
        assert!(
            fs::read_to_string(page(&name)).unwrap_or_default() == made,
            "{name} is stale: `UPDATE_DOCS=1 cargo test the_pictures_are` makes it anew"
        );
    }
}

#[test]
fn help_the_man_page_and_the_readme_name_the_same_commands() {
    let readme = fs::read_to_string(page("README.md")).unwrap();
    let help = ringdown(&["help"]);
    let (_, verbs) = help.split_once("Commands:\n").unwrap();
    let verbs: Vec<_> = verbs
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    assert!(verbs.len() > 8, "{help}");
    let man = ringdown(&["man"]);
    for verb in &verbs {
        assert!(
            readme.contains(&format!("`ringdown {verb}")),
            "{verb} is not in README.md"
        );
        // In roff a hyphen is not a minus.
        let named = format!("ringdown\\-{verb}(1)");
        assert!(man.contains(&named), "{verb} is not in the man page: {man}");
    }
    for named in readme.split("`ringdown ").skip(1) {
        let verb = named.split(|c: char| !c.is_ascii_lowercase()).next();
        let verb = verb.unwrap();
        assert!(
            verb.is_empty() || verbs.contains(&verb),
            "README.md names {verb}, which is no command"
        );
    }
}

#[test]
fn shells_complete_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let script = ringdown(&["completions", shell]);
        for words in ["approve", "--dry-run", "demo"] {
            assert!(script.contains(words.trim_start_matches('-')), "{shell}");
        }
    }
}

#[test]
fn every_command_has_a_man_page_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    ringdown(&["man", dir.path().to_str().unwrap()]);
    for name in ["ringdown.1", "ringdown-user.1", "ringdown-user-approve.1"] {
        assert!(dir.path().join(name).exists(), "{name}");
    }
}

/// Runs the program, which must succeed, and returns what it prints.
fn ringdown(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ringdown"))
        .env_clear()
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_readme_leads_to_every_page() {
    let readme = fs::read_to_string(page("README.md")).unwrap();
    for page_named in [
        "docs/callers.md",
        "docs/sysop.md",
        "docs/registration.md",
        "docs/operations.md",
        "docs/settings.md",
        "docs/architecture.md",
        "docs/ringdown.toml",
        "docs/ringdown.service",
    ] {
        assert!(
            readme.contains(page_named),
            "README.md does not lead to {page_named}"
        );
        assert!(page(page_named).exists(), "{page_named} is missing");
    }
}

/// The example without its prose: every line with a value counts.
#[test]
fn the_example_of_the_configuration_can_be_used() {
    let example = fs::read_to_string(page("docs/ringdown.toml")).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let flags = || Flags {
        data: Some(dir.path().to_owned()),
        ..Flags::default()
    };
    let file = dir.path().join("ringdown.toml");
    fs::write(&file, &example).unwrap();
    let untouched = Config::load(flags(), |_| None).unwrap();
    assert_eq!(untouched.log.origin, Origin::Default);

    let is_value =
        |line: &&str| line.starts_with('#') && line[1..].starts_with(char::is_alphabetic);
    let values: Vec<_> = example
        .lines()
        .filter(is_value)
        .map(|line| &line[1..])
        .collect();
    fs::write(&file, values.join("\n")).unwrap();
    let config = Config::load(flags(), |_| None).unwrap();
    // Shown are the defaults, where there are any.
    assert_eq!(config.listen.value, untouched.listen.value);
    assert_eq!(config.log.value, untouched.log.value);
    assert_eq!(config.log_format.value, untouched.log_format.value);

    // A misspelt key is answered with all there are: the example has them.
    fs::write(&file, "nonsense = 1").unwrap();
    let all = Config::load(flags(), |_| None).unwrap_err().to_string();
    for key in all.split('`').skip(3).step_by(2) {
        let begins = |line: &&str| line.starts_with(&format!("{key} ="));
        assert!(
            values.iter().any(begins),
            "{key} is not in docs/ringdown.toml"
        );
    }
}
