//! Who reads what a victim was sent, byte by byte, and lets nothing pass but
//! what the board itself writes. It shares nothing with the code it judges.

/// The modes the board switches: the other screen, pastes in brackets,
/// wrapping, the cursor.
const MODES: [&str; 4] = ["?1049", "?2004", "?7", "?25"];

/// Marks over one letter, at most.
const MARKS: usize = 8;

/// Fails unless `bytes` are what a terminal may be sent by a board that rang
/// `rings` times at most.
pub(crate) fn assert_terminal(who: &str, bytes: &[u8], rings: usize) {
    let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{who}: {error}"));
    let mut rest = text;
    let mut rung = 0;
    while let Some(at) = rest.find(['\x1b', '\x07', '\r']) {
        let (plain, special) = rest.split_at(at);
        assert_plain(who, plain);
        rest = if let Some(sequence) = special.strip_prefix("\x1b[") {
            let parameters = sequence.len() - sequence.trim_start_matches(is_parameter).len();
            let (parameters, rest) = sequence.split_at(parameters);
            let last = rest.chars().next();
            assert!(
                last.is_some_and(|last| is_ours(parameters, last)),
                "{who}: {:?}",
                near(special)
            );
            &rest[1..]
        } else if let Some(rest) = special.strip_prefix('\x07') {
            rung += 1;
            rest
        } else if let Some(rest) = special.strip_prefix("\r\n") {
            rest
        } else {
            panic!("{who}: {:?}", near(special));
        };
    }
    assert_plain(who, rest);
    assert!(rung <= rings, "{who}: rang {rung} times");
    for once in ["\x1b[?1049h", "\x1b[?1049l"] {
        assert!(text.matches(once).count() <= 1, "{who}: {once:?} again");
    }
}

/// Fails unless `bytes` are lines of plain text.
pub(crate) fn assert_lines(who: &str, bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{who}: {error}"));
    text.split('\n').for_each(|line| assert_plain(who, line));
}

fn is_parameter(c: char) -> bool {
    c.is_ascii_digit() || ";?".contains(c)
}

/// Whether the board writes such a sequence.
fn is_ours(parameters: &str, last: char) -> bool {
    match last {
        'h' | 'l' => MODES.contains(&parameters),
        'm' | 'H' => !parameters.contains('?'),
        'C' => !parameters.contains(['?', ';']),
        'J' => parameters == "2",
        'K' => parameters.is_empty(),
        _ => false,
    }
}

/// Fails unless every character is seen and stands where it was written.
fn assert_plain(who: &str, text: &str) {
    let mut marks = 0;
    for (place, c) in text.char_indices() {
        assert!(
            !acts_or_hides(c),
            "{who}: {c:?} in {:?}",
            near(&text[place..])
        );
        marks = if ('\u{300}'..='\u{36f}').contains(&c) {
            marks + 1
        } else {
            0
        };
        assert!(
            marks <= MARKS,
            "{who}: a storm in {:?}",
            near(&text[place..])
        );
    }
}

fn acts_or_hides(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Zero width, bidirectional, separators, variation selectors, tags.
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{e0000}'..='\u{e007f}')
        || c as u32 & 0xfffe == 0xfffe
}

/// The beginning of what is wrong.
fn near(text: &str) -> String {
    text.chars().take(40).collect()
}

#[test]
fn the_witness_finds_every_attack_and_lets_the_board_pass() {
    let ours = "\x1b[?1049h\x1b[?2004h\x1b[?7l\x1b[?25l\x1b[m\x1b[2J\x1b[Hh\u{e9}\x1b[3;4H\
                \x1b[1;38;5;4mx\x1b[K\x1b[2C\x07\r\n";
    assert_terminal("the board", ours.as_bytes(), 1);
    let is_found =
        |bytes: &[u8]| std::panic::catch_unwind(|| assert_terminal("", bytes, 0)).is_err();
    // What the board writes itself is found where it stands twice, and what is
    // plain is none.
    let passes = [
        "\x1b[2J",
        "\x1b[?1049l",
        "\x1b[31m",
        "\x1b[8m",
        "one\r\nPWN",
    ];
    for attack in super::attack::each() {
        let is_plain = attack.starts_with(['%', '\\']);
        let passes = is_plain || passes.contains(&attack.as_str());
        assert_eq!(is_found(attack.as_bytes()), !passes, "{attack:?}");
    }
}
