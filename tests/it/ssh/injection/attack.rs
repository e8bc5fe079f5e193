//! What strangers write in the hope that somebody's terminal obeys it.

/// Sequences and characters that no victim's terminal may ever be sent.
const ATTACKS: [&str; 58] = [
    // Titles, the clipboard, links, colours that are asked for, files, notes.
    "\x1b]0;PWN\x07",
    "\x1b]2;PWN\x1b\\",
    "\x1b]52;c;UFdO\x07",
    "\x1b]8;;http://pwn\x1b\\PWN\x1b]8;;\x1b\\",
    "\x1b]4;1;?\x07",
    "\x1b]10;?\x07",
    "\x1b]1337;File=:PWN\x07",
    "\x1b]777;notify;PWN\x07",
    "\u{9d}0;PWN\u{9c}",
    // Device control, and the other strings.
    "\x1bP$qm\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\u{90}PWN\u{9c}",
    "\x1b_PWN\x1b\\",
    "\x1b^PWN\x1b\\",
    "\x1bXPWN\x1b\\",
    // Reports: the terminal would type the answer.
    "\x1b[6n",
    "\x1b[5n",
    "\x1b[c",
    "\x1b[>c",
    "\x1b[21t",
    "\x1b[?1$p",
    "\u{9b}6n",
    // Acts.
    "\x1b[2J",
    "\x1b[3J",
    "\x1b[?1049l",
    "\x1b[?1003h",
    "\x1b[>1u",
    "\x1b[20h",
    "\x1b[1;1r",
    "\x1b[31m",
    "\x1b[8m",
    "\x1b[200~",
    "\u{9b}31m",
    "\x1bc",
    "\x1b#8",
    "\x1b(0",
    "\x1bE",
    "\x1bN",
    "\x1b",
    // Single characters that act, or that make text read otherwise.
    "one\r\nPWN",
    "PWN\x08\x08\x08",
    "\x0ePWN\x0f",
    "\x05",
    "\0",
    "\x7f",
    "\u{85}PWN",
    "\u{202e}NWP\u{202c}",
    "\u{2066}PWN\u{2069}",
    "a\u{200f}b",
    "\u{e0001}\u{e0050}\u{e007f}",
    "a\u{200d}b",
    "\u{1f469}\u{200d}\u{1f4bb}",
    "x\u{fe0f}",
    "\u{feff}x",
    "one\u{2028}PWN\u{2029}",
    "\u{fdd0}\u{ffff}",
    "%s%n${PWN}$(PWN)`PWN`",
    "\\x1b]0;PWN\\x07",
];

/// Every attack by itself, and at last a storm of marks over one letter.
pub(crate) fn each() -> Vec<String> {
    let storm = format!("z{}", "\u{351}".repeat(200));
    let attacks = ATTACKS.iter().map(ToString::to_string);
    attacks.chain([storm]).collect()
}

/// All attacks and all 256 bytes as characters, in portions of so many at most,
/// before anything is dropped from them; a storm counts as little as is left.
pub(crate) fn portions(most: usize) -> Vec<String> {
    let bytes = (0..=u8::MAX).map(|byte| char::from(byte).to_string());
    let (mut portions, mut length) = (vec![String::new()], 0);
    for part in bytes.chain(each()) {
        let counts = part.chars().count().min(most);
        length += counts;
        if length > most {
            portions.push(String::new());
            length = counts;
        }
        portions.last_mut().unwrap().push_str(&part);
    }
    portions
}

/// All of it as bytes, as a terminal would paste them; no text at the end.
pub(crate) fn paste() -> Vec<u8> {
    let mut bytes = b"\x1b[200~".to_vec();
    for attack in each() {
        bytes.extend_from_slice(attack.as_bytes());
    }
    bytes.extend(0..=u8::MAX);
    bytes.extend_from_slice(b"\x1b[201~");
    bytes
}
