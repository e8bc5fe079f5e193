//! What a start prints on standard output: where the board is, how callers
//! recognise it, and last, while nobody runs it, how to become its sysop.

use std::{fmt, net::SocketAddr, path::Path};

use crate::{app::Address, ssh::HostKey};

/// The first lines of a start.
pub(super) struct Banner<'a> {
    /// The data directory.
    pub(super) data: &'a Path,
    /// Where it listens.
    pub(super) listening: &'a [SocketAddr],
    /// How callers reach it.
    pub(super) address: &'a Address,
    /// What they recognise it by.
    pub(super) host_key: &'a HostKey,
}

impl fmt::Display for Banner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listening: Vec<_> = self.listening.iter().map(ToString::to_string).collect();
        writeln!(f, "Ringdown {}", env!("CARGO_PKG_VERSION"))?;
        writeln!(f, "  board in     {}", self.data.display())?;
        writeln!(f, "  listens on   {}", listening.join(", "))?;
        writeln!(
            f,
            "  host key     {} (ed25519)",
            self.host_key.fingerprint()
        )?;
        writeln!(
            f,
            "  known_hosts  {} {}",
            self.address.known_host(),
            self.host_key.public_line()
        )
    }
}

/// The line by which somebody becomes the sysop, in a frame.
pub(super) struct ClaimFrame<'a>(pub(super) &'a str);

impl fmt::Display for ClaimFrame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = [
            "Nobody runs this board yet. To become its sysop, run this once:",
            "",
            self.0,
            "",
            "Whoever runs it first has the board: keep it to yourself.",
        ];
        frame(f, &lines)
    }
}

/// How to try a throw-away board.
pub(super) struct Invitation<'a> {
    /// Its directory.
    pub(super) data: &'a Path,
    /// Where its letters end.
    pub(super) letters: &'a Path,
    /// Where it listens on this machine.
    pub(super) port: u16,
    /// Who runs it.
    pub(super) sysop: &'a str,
    /// Everybody's password.
    pub(super) password: &'a str,
}

impl fmt::Display for Invitation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            data,
            letters,
            port,
            sysop,
            password,
        } = self;
        writeln!(f, "Ringdown {}, to try out", env!("CARGO_PKG_VERSION"))?;
        writeln!(f, "  board in     {}", data.display())?;
        writeln!(f, "  letters in   {}", letters.display())?;
        writeln!(
            f,
            "  it lasts     until you press Ctrl-C here; nothing is kept"
        )?;
        // The key of this board is gone tomorrow, and no client should keep it.
        let call = format!("  ssh -p {port} -o NoHostAuthenticationForLocalhost=yes localhost");
        let first = format!("The first key that calls is the sysop's: you are {sysop}. Press");
        let no_key = format!("Without a key: call {sysop}@localhost, and press l to log in.");
        let lines = [
            "In a second terminal, run:",
            "",
            &call,
            "",
            &first,
            "",
            "  s       the sysop area: a dozen people want to join",
            "  arrows  choose one of them",
            "  a       lets them in",
            "  r       rejects them",
            "",
            &no_key,
            "Everybody's password here is",
            "",
            &format!("  {password}"),
        ];
        frame(f, &lines)
    }
}

/// Writes lines in a frame.
fn frame(f: &mut fmt::Formatter<'_>, lines: &[&str]) -> fmt::Result {
    // Every line is ASCII, so that its length is its width.
    let width = lines.iter().map(|line| line.len()).max().unwrap_or(0);
    let edge = "-".repeat(width + 4);
    writeln!(f, "\n+{edge}+")?;
    for line in lines {
        writeln!(f, "|  {line:width$}  |")?;
    }
    writeln!(f, "+{edge}+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claim_line_stands_in_a_frame() {
        let frame = ClaimFrame("ssh -p 2222 claim-abcde-abcde-abcde@localhost").to_string();
        let lines: Vec<_> = frame.trim().lines().collect();
        assert_eq!(lines.len(), 7);
        assert!(
            lines.iter().all(|line| line.len() == lines[0].len()),
            "{frame}"
        );
        assert!(lines[3].contains("  ssh -p 2222 claim-abcde-abcde-abcde@localhost  "));
    }
}
