//! The name by which callers reach the board. Whether it leads here is not
//! asked.

/// A host name or address and perhaps a port, for lines that people copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicHost {
    /// The name, or an address (IPv6 without brackets).
    pub name: String,
    /// The port, where it is not the one listened at.
    pub port: Option<u16>,
}

impl PublicHost {
    /// Reads `NAME`, `NAME:PORT`, an address, or `[IPv6]:PORT`. The name goes
    /// into command lines, so that nothing passes that a shell or `ssh` would
    /// take for something else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (name, port) = split(text)?;
        let name_like = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
        let plain = !name.is_empty() && !name.starts_with('-') && name.chars().all(name_like);
        plain.then(|| Self {
            name: name.to_owned(),
            port,
        })
    }
}

/// Parts the name from the port.
fn split(text: &str) -> Option<(&str, Option<u16>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (name, port) = rest.split_once(']')?;
        name.parse::<std::net::Ipv6Addr>().ok()?;
        return match port {
            "" => Some((name, None)),
            port => Some((name, Some(port.strip_prefix(':')?.parse().ok()?))),
        };
    }
    if text.parse::<std::net::Ipv6Addr>().is_ok() {
        return Some((text, None));
    }
    match text.split_once(':') {
        None => Some((text, None)),
        Some((name, port)) => Some((name, Some(port.parse().ok()?))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_addresses_and_ports_are_read() {
        for (text, name, port) in [
            ("board.example", "board.example", None),
            ("board.example:22", "board.example", Some(22)),
            ("192.0.2.7:2222", "192.0.2.7", Some(2222)),
            ("2001:db8::1", "2001:db8::1", None),
            ("[2001:db8::1]:22", "2001:db8::1", Some(22)),
        ] {
            let host = PublicHost::parse(text).unwrap();
            assert_eq!((host.name.as_str(), host.port), (name, port), "{text}");
        }
    }

    #[test]
    fn what_a_shell_or_ssh_would_mistake_is_refused() {
        for text in [
            "",
            "-oProxyCommand",
            "a b",
            "a;b",
            "a:b",
            "a:1:2",
            "[x]:1",
            "$(x)",
        ] {
            assert_eq!(PublicHost::parse(text), None, "{text}");
        }
    }
}
