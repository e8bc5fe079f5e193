//! Every rule of the registration spec and every threat has a test that names
//! it: `k4_...`, `threat_26_...`. Whether a test proves its rule is for readers.

use std::{collections::BTreeSet, fs, path::Path};

/// The rows of the table of transitions, and the undo.
const TRANSITIONS: &str = "t1 t2 t3 t4 t5 t6 t7 t8 t9 t10 t12 t13 t14 t17 u";
/// The final words of the wizard.
const WORDS: &str = "w01 w02 w03 w04 w10 w11 w12 w20 w21 w30 w31 w40 w41 w42 w43 w44 w50 w60 w61 \
                     w62 w64 w65 w66";
/// Passwords, codes, handles, sessions.
const RULES: &str =
    "p1 p2 p3 p4 p5 p7 p8 p9 p10 p12 p13 p15 p16 k1 k3 k4 k5 k6 k7 h1 h2 h5 h6 n5 n6";
/// Threats that nothing here can meet yet, and why.
const ABSENT: &[(u32, &str)] = &[
    (34, "there is no Markdown yet"),
    (38, "there are no door games"),
    (54, "there is no HTTP"),
    (
        55,
        "advisories are no test: they change without a change here",
    ),
];
/// The last of the threats.
const THREATS: u32 = 55;

#[test]
fn every_rule_and_every_threat_has_a_test_that_names_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut named = BTreeSet::new();
    for room in ["src", "tests"] {
        read(&root.join(room), &mut named);
    }
    let rules = [TRANSITIONS, WORDS, RULES];
    let rules = rules
        .iter()
        .flat_map(|row| row.split(' '))
        .map(str::to_owned);
    let is_absent = |n: &u32| ABSENT.iter().any(|(absent, _)| absent == n);
    let threats = (1..=THREATS).filter(|n| !is_absent(n));
    let threats = threats.map(|n| format!("threat_{n:02}"));
    let is_missing = |id: &String| !named.contains(id);
    let missing: Vec<_> = rules.chain(threats).filter(is_missing).collect();
    assert!(missing.is_empty(), "no test names {missing:?}");
    for (n, why) in ABSENT {
        assert!(!named.contains(&format!("threat_{n:02}")), "{n}: {why}");
    }
}

/// Collects the ids that the tests below a directory have in their names.
fn read(dir: &Path, named: &mut BTreeSet<String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, named);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let mut after_test = false;
            for line in text.lines().map(str::trim) {
                if let Some((_, name)) = line.split_once("fn ").filter(|_| after_test) {
                    named.extend(ids(name.split('(').next().unwrap()));
                    after_test = false;
                }
                after_test |= line == "#[test]" || line.starts_with("#[tokio::test");
            }
        }
    }
}

/// The ids at the beginning of a name: `threat_14_p7_five_wrong...`.
fn ids(name: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut words = name.split('_');
    while let Some(word) = words.next() {
        let is_number = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        if word == "threat" {
            ids.extend(words.next().map(|n| format!("threat_{n}")));
        } else if word == "u" || word.get(1..).is_some_and(is_number) {
            ids.push(word.to_owned());
        } else {
            break;
        }
    }
    ids
}

#[test]
fn a_name_may_begin_with_several() {
    assert_eq!(ids("threat_14_p7_five_wrong_ones"), ["threat_14", "p7"]);
    assert_eq!(ids("k3_of_two_who_use_one_code"), ["k3"]);
    assert!(ids("two_sysops_k3").is_empty());
}
