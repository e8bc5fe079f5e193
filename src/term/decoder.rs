//! Bytes into keys. It frames every sequence itself, within bounds, and has
//! termina read only whole and short ones; so a hostile stream costs a fixed
//! sum of memory and one step a byte. Whatever terminals answer unasked is
//! dropped. It keeps no time: the driver waits for [`Decoder::patience`].

use std::time::Duration;

use termina::event::{KeyCode, KeyEvent, KeyEventKind, Modifiers};

use super::{
    glyph,
    key::{Input, Key, Paste},
};

/// Bytes of a paste that are kept: the longest text there is to write.
const PASTE: usize = 64 * 1024;
/// Bytes of an escape sequence that are waited for; no key has a tenth of it.
const ESCAPE: usize = 256;
/// How long a lone Esc may still become a sequence.
const LONE: Duration = Duration::from_millis(50);
/// How long a paste may stand still before it counts as ended.
const STILL: Duration = Duration::from_secs(2);
/// The end of a bracketed paste.
const PASTE_END: &[u8] = b"\x1b[201~";
/// Its beginning, as a sequence.
const PASTE_START: &[u8] = b"\x1b[200~";

/// Where in a sequence the bytes stand.
#[derive(Debug)]
enum State {
    /// Nowhere.
    Ground,
    /// In a character of `need` bytes.
    Scalar {
        bytes: [u8; 4],
        have: usize,
        need: usize,
    },
    /// Behind an Esc.
    Escape,
    /// In a control sequence, which is kept.
    Control(Vec<u8>),
    /// Behind `ESC O`.
    Single,
    /// In a string (OSC, DCS and their like), which is dropped.
    Text {
        opener: u8,
        length: usize,
        after_escape: bool,
    },
    /// In a bracketed paste; `ending` bytes of its end have come.
    Paste {
        bytes: Vec<u8>,
        is_cut: bool,
        ending: usize,
    },
}

/// Turns bytes into keys, one byte at a time.
#[derive(Debug)]
pub struct Decoder {
    state: State,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Decoder {
    /// Makes a decoder that has seen nothing.
    pub const fn new() -> Self {
        Self {
            state: State::Ground,
        }
    }

    /// Returns what some bytes mean, one input at a time.
    pub fn decode<'a>(&'a mut self, bytes: &'a [u8]) -> impl Iterator<Item = Input> + 'a {
        bytes.iter().filter_map(|byte| self.push(*byte))
    }

    /// Returns how long to wait for more before calling [`Self::flush`]:
    /// nothing, if nothing is begun.
    pub const fn patience(&self) -> Option<Duration> {
        match self.state {
            State::Ground | State::Scalar { .. } => None,
            State::Paste { .. } => Some(STILL),
            State::Escape | State::Control(_) | State::Single | State::Text { .. } => Some(LONE),
        }
    }

    /// Ends what was begun and has waited long enough.
    pub fn flush(&mut self) -> Option<Input> {
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Escape => Some(Input::Key(Key::Esc)),
            State::Single => Some(Input::Key(Key::Alt('O'))),
            State::Control(bytes) if bytes.len() == 2 => Some(Input::Key(Key::Alt('['))),
            State::Ground | State::Scalar { .. } | State::Control(_) => None,
            State::Text { opener, length, .. } => {
                (length == 0).then_some(Input::Key(Key::Alt(char::from(opener))))
            }
            State::Paste { bytes, is_cut, .. } => Some(pasted(&bytes, is_cut)),
        }
    }

    /// Takes a byte; returns what it completes.
    pub fn push(&mut self, byte: u8) -> Option<Input> {
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Ground => self.ground(byte),
            State::Scalar { bytes, have, need } => self.scalar(bytes, have, need, byte),
            State::Escape => self.escape(byte),
            State::Single => key_of(&[0x1b, b'O', byte]),
            State::Control(bytes) => self.control(bytes, byte),
            State::Text {
                opener,
                length,
                after_escape,
            } => {
                self.text(opener, length, after_escape, byte);
                None
            }
            State::Paste {
                bytes,
                is_cut,
                ending,
            } => self.paste(bytes, is_cut, ending, byte),
        }
    }

    fn ground(&mut self, byte: u8) -> Option<Input> {
        let need = match byte {
            0x1b => {
                self.state = State::Escape;
                return None;
            }
            0x00..=0x1f | 0x7f => return control_key(byte).map(Input::Key),
            b' '..=b'~' => return Some(Input::Key(Key::Char(char::from(byte)))),
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            // No character begins so.
            0x80..=0xc1 | 0xf5..=0xff => return None,
        };
        self.state = State::Scalar {
            bytes: [byte, 0, 0, 0],
            have: 1,
            need,
        };
        None
    }

    fn scalar(&mut self, mut bytes: [u8; 4], have: usize, need: usize, byte: u8) -> Option<Input> {
        if !matches!(byte, 0x80..=0xbf) {
            return self.ground(byte);
        }
        if let Some(slot) = bytes.get_mut(have) {
            *slot = byte;
        }
        let have = have + 1;
        if have < need {
            self.state = State::Scalar { bytes, have, need };
            return None;
        }
        let whole = std::str::from_utf8(bytes.get(..need)?).ok()?;
        let scalar = whole.chars().next().filter(|c| glyph::is_safe(*c))?;
        Some(Input::Key(Key::Char(scalar)))
    }

    fn escape(&mut self, byte: u8) -> Option<Input> {
        match byte {
            0x1b => {
                self.state = State::Escape;
                Some(Input::Key(Key::Esc))
            }
            b'[' => {
                self.state = State::Control(vec![0x1b, b'[']);
                None
            }
            b'O' => {
                self.state = State::Single;
                None
            }
            b']' | b'P' | b'X' | b'^' | b'_' => {
                self.state = State::Text {
                    opener: byte,
                    length: 0,
                    after_escape: false,
                };
                None
            }
            // Alt and Backspace rubs a word out in every shell.
            0x7f | 0x08 => Some(Input::Key(Key::Ctrl('w'))),
            b' '..=b'~' => Some(Input::Key(Key::Alt(char::from(byte)))),
            _ => self.ground(byte),
        }
    }

    fn control(&mut self, mut bytes: Vec<u8>, byte: u8) -> Option<Input> {
        let is_function_row = bytes == b"\x1b[[";
        match byte {
            0x00..=0x1f | 0x7f.. => return self.ground(byte),
            b'[' if bytes.len() == 2 => bytes.push(byte),
            b' '..=b'?' if !is_function_row => bytes.push(byte),
            _ => {
                bytes.push(byte);
                if bytes == PASTE_START {
                    self.state = State::Paste {
                        bytes: Vec::new(),
                        is_cut: false,
                        ending: 0,
                    };
                    return None;
                }
                return key_of(&bytes);
            }
        }
        if bytes.len() < ESCAPE {
            self.state = State::Control(bytes);
        }
        None
    }

    fn text(&mut self, opener: u8, length: usize, after_escape: bool, byte: u8) {
        let ends = byte == 0x07 || matches!(byte, 0x18 | 0x1a) || after_escape;
        if after_escape && byte != b'\\' {
            // Not its end but another sequence: read that one.
            self.escape(byte);
        } else if !ends && length < ESCAPE {
            self.state = State::Text {
                opener,
                length: length + 1,
                after_escape: byte == 0x1b,
            };
        }
    }

    fn paste(
        &mut self,
        mut bytes: Vec<u8>,
        mut is_cut: bool,
        ending: usize,
        byte: u8,
    ) -> Option<Input> {
        if PASTE_END.get(ending) == Some(&byte) {
            let ending = ending + 1;
            if ending == PASTE_END.len() {
                return Some(pasted(&bytes, is_cut));
            }
            self.state = State::Paste {
                bytes,
                is_cut,
                ending,
            };
            return None;
        }
        let begun = PASTE_END.get(..ending).unwrap_or_default();
        let restarts = byte == 0x1b;
        for byte in begun.iter().copied().chain((!restarts).then_some(byte)) {
            if bytes.len() < PASTE {
                bytes.push(byte);
            } else {
                is_cut = true;
            }
        }
        self.state = State::Paste {
            bytes,
            is_cut,
            ending: usize::from(restarts),
        };
        None
    }
}

/// Returns a paste with one kind of line end and nothing unseen.
fn pasted(bytes: &[u8], is_cut: bool) -> Input {
    let text = String::from_utf8_lossy(bytes)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let may = |c: &char| matches!(c, '\n' | '\t') || glyph::is_safe(*c);
    Input::Paste(Paste {
        text: text.chars().filter(may).collect(),
        is_cut,
    })
}

/// Returns the key of a byte below the blank, or of DEL.
fn control_key(byte: u8) -> Option<Key> {
    match byte {
        b'\r' | b'\n' => Some(Key::Enter),
        b'\t' => Some(Key::Tab),
        0x08 | 0x7f => Some(Key::Backspace),
        0x01..=0x1a => Some(Key::Ctrl(char::from(byte - 1 + b'a'))),
        _ => None,
    }
}

/// Has termina read one whole sequence of keys; anything else is dropped.
fn key_of(sequence: &[u8]) -> Option<Input> {
    // Replies and reports (`?`, `>`, `<`), and the mouse we never asked for.
    if let [_, b'[', b'?' | b'>' | b'<' | b'=' | b'M' | b';', ..] = sequence {
        return None;
    }
    let mut parser = termina::Parser::default();
    parser.parse(sequence, false);
    let event = parser.pop()?;
    // A sequence that termina gave up on half-way would leave its end as text.
    if parser.pop().is_some() {
        return None;
    }
    match event {
        termina::Event::Key(event) => translate(event).map(Input::Key),
        _ => None,
    }
}

fn translate(event: KeyEvent) -> Option<Key> {
    let holds = |modifier| event.modifiers.contains(modifier);
    let strange = Modifiers::SUPER | Modifiers::HYPER | Modifiers::META;
    if event.kind == KeyEventKind::Release || event.modifiers.intersects(strange) {
        return None;
    }
    match event.code {
        KeyCode::Char(c) if holds(Modifiers::CONTROL) => match c.to_ascii_lowercase() {
            'h' => Some(Key::Backspace),
            'i' => Some(Key::Tab),
            'j' | 'm' => Some(Key::Enter),
            '[' => Some(Key::Esc),
            letter @ 'a'..='z' => Some(Key::Ctrl(letter)),
            _ => None,
        },
        KeyCode::Char(c) if !glyph::is_safe(c) => None,
        KeyCode::Char(c) if holds(Modifiers::ALT) => Some(Key::Alt(c)),
        KeyCode::Char(c) if holds(Modifiers::SHIFT) => Some(Key::Char(c.to_ascii_uppercase())),
        KeyCode::Char(c) => Some(Key::Char(c)),
        KeyCode::Enter => Some(Key::Enter),
        KeyCode::Backspace => Some(Key::Backspace),
        KeyCode::Tab if holds(Modifiers::SHIFT) => Some(Key::BackTab),
        KeyCode::Tab => Some(Key::Tab),
        KeyCode::BackTab => Some(Key::BackTab),
        KeyCode::Escape => Some(Key::Esc),
        KeyCode::Left => Some(Key::Left),
        KeyCode::Right => Some(Key::Right),
        KeyCode::Up => Some(Key::Up),
        KeyCode::Down => Some(Key::Down),
        KeyCode::Home => Some(Key::Home),
        KeyCode::End => Some(Key::End),
        KeyCode::PageUp => Some(Key::PageUp),
        KeyCode::PageDown => Some(Key::PageDown),
        KeyCode::Insert => Some(Key::Insert),
        KeyCode::Delete => Some(Key::Delete),
        KeyCode::Function(number) => Some(Key::F(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<Input> {
        let mut decoder = Decoder::new();
        let mut inputs: Vec<_> = decoder.decode(bytes).collect();
        inputs.extend(decoder.flush());
        inputs
    }

    fn keys(bytes: &[u8]) -> Vec<Key> {
        let key = |input| match input {
            Input::Key(key) => Some(key),
            Input::Paste(_) => None,
        };
        all(bytes).into_iter().filter_map(key).collect()
    }

    #[test]
    fn every_sequence_is_one_key() {
        for (bytes, want) in [
            (&b"a"[..], Key::Char('a')),
            ("ü".as_bytes(), Key::Char('ü')),
            ("😀".as_bytes(), Key::Char('😀')),
            (b"\r", Key::Enter),
            (b"\n", Key::Enter),
            (b"\t", Key::Tab),
            (b"\x1b[Z", Key::BackTab),
            (b"\x7f", Key::Backspace),
            (b"\x08", Key::Backspace),
            (b"\x03", Key::Ctrl('c')),
            (b"\x1b", Key::Esc),
            (b"\x1bq", Key::Alt('q')),
            (b"\x1b[A", Key::Up),
            (b"\x1bOA", Key::Up),
            (b"\x1b[1;5B", Key::Down),
            (b"\x1b[3~", Key::Delete),
            (b"\x1b[2~", Key::Insert),
            (b"\x1b[5~", Key::PageUp),
            (b"\x1b[6~", Key::PageDown),
            (b"\x1b[1~", Key::Home),
            (b"\x1b[4~", Key::End),
            (b"\x1b[H", Key::Home),
            (b"\x1b[F", Key::End),
            (b"\x1bOP", Key::F(1)),
            (b"\x1b[11~", Key::F(1)),
            (b"\x1b[[A", Key::F(1)),
            (b"\x1b[24~", Key::F(12)),
            (b"\x1b[97;5u", Key::Ctrl('a')),
            (b"\x1b[106;5u", Key::Enter),
            (b"\x1b[", Key::Alt('[')),
            (b"\x1b]", Key::Alt(']')),
            (b"\x1bO", Key::Alt('O')),
        ] {
            assert_eq!(keys(bytes), [want], "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn what_terminals_answer_unasked_is_no_key() {
        for bytes in [
            &b"\x1b[?62;22c"[..],
            b"\x1b[>0;276;0c",
            b"\x1b[12;40R",
            b"\x1b[0n",
            b"\x1b[?2026;2$y",
            b"\x1b]11;rgb:0000/0000/0000\x07",
            b"\x1b]11;rgb:0000/0000/0000\x1b\\",
            b"\x1bP>|xterm(390)\x1b\\",
            b"\x1b[I",
            b"\x1b[O",
            b"\x1b[<0;1;1M",
            b"\x1b[97;1:3u",
            b"\xff\xfe\x80",
            "\u{9b}\u{202e}\u{200d}".as_bytes(),
        ] {
            assert_eq!(all(bytes), [], "{}", bytes.escape_ascii());
            let mut then_x = bytes.to_vec();
            then_x.push(b'x');
            assert_eq!(keys(&then_x), [Key::Char('x')], "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn threat_33_p13_only_what_is_bracketed_is_a_paste() {
        let paste = |text: &str| {
            Input::Paste(Paste {
                text: text.to_owned(),
                is_cut: false,
            })
        };
        assert_eq!(
            all(b"a\x1b[200~D y\r\nx\x1b[A\x1b\x1b[201~b"),
            [
                Input::Key(Key::Char('a')),
                paste("D y\nx[A"),
                Input::Key(Key::Char('b'))
            ]
        );
        assert_eq!(all(b"\x1b[201~"), []);
        assert_eq!(all(b"\x1b[200~never ends"), [paste("never ends")]);
    }

    #[test]
    fn threat_32_a_giant_paste_is_cut_and_costs_one_step_a_byte() {
        let mut decoder = Decoder::new();
        assert_eq!(decoder.decode(b"\x1b[200~").count(), 0);
        let flood = vec![b'x'; 1 << 20];
        for _ in 0..8 {
            assert_eq!(decoder.decode(&flood).count(), 0);
        }
        let pasted: Vec<_> = decoder.decode(b"\x1b[201~").collect();
        let [Input::Paste(paste)] = &pasted[..] else {
            panic!("{pasted:?}");
        };
        assert_eq!(paste.text.len(), PASTE);
        assert!(paste.is_cut);
    }

    #[test]
    fn an_endless_escape_is_dropped() {
        for opener in [&b"\x1b["[..], b"\x1b]"] {
            let mut decoder = Decoder::new();
            assert_eq!(decoder.decode(opener).count(), 0);
            assert_eq!(decoder.decode(&[b'1'; ESCAPE - 2]).count(), 0);
            let rest = decoder.decode(b"111x").last();
            assert_eq!(rest, Some(Input::Key(Key::Char('x'))));
        }
    }

    #[test]
    fn time_tells_an_esc_from_a_sequence() {
        let mut decoder = Decoder::new();
        assert_eq!(decoder.patience(), None);
        assert_eq!(decoder.push(0x1b), None);
        assert_eq!(decoder.patience(), Some(LONE));
        assert_eq!(decoder.flush(), Some(Input::Key(Key::Esc)));
        assert_eq!(decoder.patience(), None);
        assert_eq!(decoder.decode(b"\x1b[200~x").count(), 0);
        assert_eq!(decoder.patience(), Some(STILL));
    }

    #[test]
    fn no_bytes_whatever_do_harm() {
        let mut seed = 0x9e37_79b9_u32;
        let alphabet = b"\x1b\x1b[[]OP0129;:?<>~uRMmc\x07\x18\r\n\x7f\xc3\xa9\xf0\xff a";
        for _ in 0..20_000 {
            let mut decoder = Decoder::new();
            let mut bytes = Vec::new();
            for _ in 0..24 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let pick = (seed >> 16) as usize;
                bytes.push(if pick.is_multiple_of(7) {
                    seed.to_be_bytes()[0]
                } else {
                    alphabet[pick % alphabet.len()]
                });
            }
            for input in decoder.decode(&bytes) {
                if let Input::Key(Key::Char(c) | Key::Alt(c)) = input {
                    assert!(glyph::is_safe(c), "{}", bytes.escape_ascii());
                }
            }
            decoder.flush();
            assert_eq!(decoder.push(b'x'), Some(Input::Key(Key::Char('x'))));
        }
    }
}
