//! What a reader sees of a letter, however it was packed for the way.

/// Returns the headers of a letter and its text, in lines that end in LF.
pub(super) fn unpacked(letter: &str) -> String {
    let (headers, body) = letter.split_once("\r\n\r\n").unwrap();
    let body = match headers.rsplit(' ').next() {
        Some("base64") => from_base64(body),
        Some("quoted-printable") => from_quoted(body),
        Some("7bit") => body.into(),
        other => panic!("packed as {other:?}"),
    };
    let body = String::from_utf8(body).unwrap();
    [headers, &body].join("\n\n").replace("\r\n", "\n")
}

fn from_base64(text: &str) -> Vec<u8> {
    const SYMBOLS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0, 0);
    for six in text.chars().filter_map(|symbol| SYMBOLS.find(symbol)) {
        bits = (bits << 6 | six) & 0xfff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap());
        }
    }
    bytes
}

fn from_quoted(text: &str) -> Vec<u8> {
    let text = text.replace("=\r\n", "");
    let mut parts = text.split('=');
    let mut bytes: Vec<u8> = parts.next().unwrap().into();
    for part in parts {
        let (byte, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(byte, 16).unwrap());
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}
