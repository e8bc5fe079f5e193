//! Pages that are made from the code, and pages that must agree with it.

use std::{fmt::Write as _, fs, path::Path};

use ringdown_bbs::settings::{Group, Key, Kind, Settings};

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
fn the_readme_names_the_commands_that_exist() {
    let readme = fs::read_to_string(page("README.md")).unwrap();
    for verb in [
        "serve", "demo", "claim", "user", "invite", "settings", "audit", "backup", "help",
        "whoami", "health", "say",
    ] {
        assert!(
            readme.contains(&format!("`ringdown {verb}")),
            "{verb} is not in README.md"
        );
    }
    for page_named in [
        "docs/callers.md",
        "docs/sysop.md",
        "docs/operations.md",
        "docs/settings.md",
        "docs/architecture.md",
    ] {
        assert!(
            readme.contains(page_named),
            "README.md does not lead to {page_named}"
        );
        assert!(page(page_named).exists(), "{page_named} is missing");
    }
}
