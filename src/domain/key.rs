//! Public keys: which are accepted, and how they are shown. No signature is
//! checked here; [`VerifiedKey`] only carries the word of who did.

use std::{fmt, str::FromStr};

use ssh_key::{EcdsaCurve, HashAlg, public::KeyData};

use super::text::Line;

/// The smallest RSA modulus that is accepted, in bits.
pub const RSA_MIN_BITS: u32 = 2048;

/// Below this many bits a stronger key is advised (NIST SP 800-57, after 2030).
pub const RSA_ADVISED_BITS: u32 = 3072;

/// The largest RSA modulus that OpenSSH makes, in bits; more only costs time.
const RSA_MAX_BITS: u32 = 16_384;

/// No key line that is accepted comes near this many bytes.
const MAX_BYTES: usize = 16 * 1024;

/// How much of a key's comment becomes its label, in scalars.
const LABEL_MAX: usize = 40;

/// Why a key can't be used (W43).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// It is no line of an `authorized_keys` file.
    #[error("unreadable key")]
    Unreadable,
    /// It is the half that must never leave its owner.
    #[error("private key")]
    PrivateKey,
    /// It is a certificate, which nobody here could check.
    #[error("certificate")]
    Certificate,
    /// It is an RSA key that can be broken.
    #[error("key too short")]
    TooShort,
    /// It is of a kind that is not accepted.
    #[error("kind of key not accepted")]
    KindNotAccepted,
}

/// What should be said about an accepted key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyAdvice {
    /// A longer RSA key, or an ed25519 one, would last longer.
    ShortRsa,
}

/// A public key of a kind that is accepted; its comment is no part of it.
#[derive(Clone, Debug)]
pub struct PublicKey {
    data: KeyData,
    kind: &'static str,
    openssh: String,
    label: Line,
}

impl PublicKey {
    /// Reads a line of an `authorized_keys` file; options before the key are
    /// left out, for they mean nothing here.
    pub fn parse(text: &str) -> Result<Self, KeyProblem> {
        if text.len() > MAX_BYTES {
            return Err(KeyProblem::Unreadable);
        }
        if text.contains("PRIVATE KEY") || text.contains("PuTTY-User-Key-File") {
            return Err(KeyProblem::PrivateKey);
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        // Every key begins with the length of its kind's name, three zero bytes
        // and one more, which is `AAAA` in base64.
        let (kind, blob, comment) = words
            .iter()
            .zip(words.iter().skip(1))
            .position(|(_, blob)| blob.starts_with("AAAA"))
            .and_then(|at| match words.get(at..)? {
                [kind, blob, comment @ ..] => Some((*kind, *blob, comment.join(" "))),
                _ => None,
            })
            .ok_or(KeyProblem::Unreadable)?;
        if kind.contains("-cert-v") {
            return Err(KeyProblem::Certificate);
        }
        ssh_key::PublicKey::from_openssh(&format!("{kind} {blob} {comment}"))
            .map_err(|_| KeyProblem::Unreadable)
            .and_then(|key| Self::from_ssh(&key))
    }

    /// Takes a key that was read elsewhere, by the same rules.
    pub fn from_ssh(key: &ssh_key::PublicKey) -> Result<Self, KeyProblem> {
        let data = key.key_data().clone();
        let kind = accepted_kind(&data)?;
        let openssh = ssh_key::PublicKey::from(data.clone())
            .to_openssh()
            .map_err(|_| KeyProblem::Unreadable)?;
        let label = Line::cut(key.comment().as_str_lossy(), LABEL_MAX);
        Ok(Self {
            data,
            kind,
            openssh,
            label,
        })
    }

    /// Whether its other half never leaves the hardware it was made in.
    pub const fn is_hardware(&self) -> bool {
        matches!(
            self.data,
            KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_)
        )
    }

    /// Returns the short name of its kind, such as `ed25519`.
    pub const fn kind(&self) -> &'static str {
        self.kind
    }

    /// Returns its SHA-256 fingerprint.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(self.data.fingerprint(HashAlg::Sha256))
    }

    /// Returns the line for an `authorized_keys` file, without a comment.
    pub fn to_openssh(&self) -> &str {
        &self.openssh
    }

    /// Returns a name for the key, from its comment; it may be empty.
    pub const fn label(&self) -> &Line {
        &self.label
    }

    /// Returns what should be said about it.
    pub fn advice(&self) -> Option<KeyAdvice> {
        match &self.data {
            KeyData::Rsa(rsa) if rsa.key_size() < RSA_ADVISED_BITS => Some(KeyAdvice::ShortRsa),
            _ => None,
        }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.data == other.data
    }
}

impl Eq for PublicKey {}

/// Returns the short name of the key's kind if keys such as this are accepted.
fn accepted_kind(data: &KeyData) -> Result<&'static str, KeyProblem> {
    match data {
        KeyData::Ed25519(_) => Ok("ed25519"),
        KeyData::SkEd25519(_) => Ok("sk-ed25519"),
        KeyData::SkEcdsaSha2NistP256(_) => Ok("sk-ecdsa"),
        KeyData::Ecdsa(key) => Ok(match key.curve() {
            EcdsaCurve::NistP256 => "ecdsa-256",
            EcdsaCurve::NistP384 => "ecdsa-384",
            EcdsaCurve::NistP521 => "ecdsa-521",
        }),
        KeyData::Rsa(key) => match key.key_size() {
            ..RSA_MIN_BITS => Err(KeyProblem::TooShort),
            RSA_MIN_BITS..=RSA_MAX_BITS => Ok("rsa"),
            _ => Err(KeyProblem::KindNotAccepted),
        },
        KeyData::Certificate(_) => Err(KeyProblem::Certificate),
        // DSA, and whatever ssh-key learns to read next.
        _ => Err(KeyProblem::KindNotAccepted),
    }
}

/// The SHA-256 fingerprint of a public key, written `SHA256:…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(ssh_key::Fingerprint);

/// The text is not a SHA-256 fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 fingerprint")]
pub struct FingerprintProblem;

impl Fingerprint {
    /// Returns enough to tell one's own keys apart: `SHA256:uQr…9k`.
    pub fn short(&self) -> String {
        let text = self.0.to_string();
        let hash = text.strip_prefix("SHA256:").unwrap_or(&text);
        let head: String = hash.chars().take(3).collect();
        let tail: String = hash.chars().skip(hash.len().saturating_sub(2)).collect();
        format!("SHA256:{head}…{tail}")
    }
}

impl From<ssh_key::Fingerprint> for Fingerprint {
    fn from(fingerprint: ssh_key::Fingerprint) -> Self {
        Self(fingerprint)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

impl FromStr for Fingerprint {
    type Err = FingerprintProblem;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse()
            .ok()
            .filter(|fingerprint: &ssh_key::Fingerprint| fingerprint.is_sha256())
            .map(Self)
            .ok_or(FingerprintProblem)
    }
}

/// A public key whose owner signed with it in this connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedKey(PublicKey);

impl VerifiedKey {
    /// Declares that a signature by `key` was verified in this connection.
    ///
    /// Only `ssh/auth.rs` knows that, so only it calls this, and the stage of
    /// `ringdown screen`, where nobody calls; the architecture test holds them
    /// to that.
    pub const fn attest(key: PublicKey) -> Self {
        Self(key)
    }

    /// Returns the key.
    pub const fn key(&self) -> &PublicKey {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED25519: &str = "\
        ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAtR7OA3EWKl9Fesq0IygvRHJBpsczL3HEOCPMm3rbY";
    const SK_ED25519: &str = "\
        sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAICFo/k5LU8863\
        u66YC9eUO2170QduohPURkQnbLa/dczAAAABHNzaDo=";
    const ECDSA_256: &str = "\
        ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBIT285jjJl6n\
        hwzURboZZ4PDyQQ9uionWRqX+qUwtVSUUFsGuz5y/kR4E7iWzhgjmHAEbyiDfIWGPe/mCN0iJiI=";
    const ECDSA_384: &str = "\
        ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBLsR3YJU8cVU\
        PoCceeuD0MqyAs5nKeZD4Ode+rxwMFn7Yv2W3HVCzogZHa4M2/QV3Ig+a9LgV/zfJGuGIhGtUtlUtW6cJaXK\
        96z92pbx2Efo/rpws2KmKhZpPHyfpKbrjg==";
    const ECDSA_521: &str = "\
        ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBACMk0SWfMAt\
        8E2xjpv9K4dtBuaWHCRYHsH1tES/EZawMffELI8zaEkALJG1Qe4p9F74a/LZZhe+qsXOw/82PA6iJAC8MFfA\
        WkaNkAdpXqyjrCUfL0RuFOUzJ12hpa8d869GPBjWmMINd5InLrEnr6LIK3RImKWS+w6H+MAFCFmEcAunrA==";
    const SK_ECDSA: &str = "\
        sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb\
        20AAAAIbmlzdHAyNTYAAABBBIELQJ2DgvaX1yQlKFokfWM2suuaCFI2qp0eJodHyg6O4ifxc3XpRKd1OS8dN\
        YQtE/YjdXSrA+AOnMF5ns2Nkx4AAAAEc3NoOg==";
    const RSA_1024: &str = "\
        ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC/vD1dFyDOEB0czyDHJltn46H7XXrzphSQlekgjaPevSls\
        vZZUHkf288Mn2QFlfCAB8O3X3rA5hxPJ81FMU46GXznHTfurW7M8JnGcMBTCTqUW04cTtUFrDWNmNy2X0A8e\
        GCzHXptJkmrmCfP3QgQafg23cvdE9LeSN06lWfUlNQ==";
    const RSA_2048: &str = "\
        ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDEFvzGtBhqfS071E9qZxHTxmezPM2U5w5jWT5yEOsa/jNF\
        QhUxUL828jmO0hiE9DTNOFn4bQOeMFN/8aLkO6ARiDc/UCAz50TzgtAZEoaJM37yWL9xCtrWC/ZzjksBkmgY\
        0x8InKrUPWuuczkW7rS/e9r8klpeYjcBbHQpw8Fivdo3xCrDvRIx8D59xf481dUT8980dQwAs3Mn5CwCD8Iy\
        BCiS5nBkfkg/Ugg/rnUafz7hvFkHkvZ+AQwXcUhHV+vP+A304+/ez9oaj7c/NpRBLclKLY0CR+WoF5DOh0D3\
        WrDWswb+jIC0rJHmiuhYoECtzHSXt+bpcy0hwPwSdlw7";
    const RSA_3072: &str = "\
        ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQChXdSTLRl3Zy9FBi7d0wdg7fac6Ip160A7I2gHbpfjz/XA\
        9AOLUT+PdWo8cuvy2WPra2jM3yz5tR2lesiXX0/v7hrD8XPI61WTLQpUrTF/xNtSkpZcBqQcAGHKyn7pmBCY\
        s3mNlV+hXOYb6bXDA7piRiXEKSl95vprN5qJftlm9FZRgE5A04V3wHDmoBMR4J4WGHxxOYz0sWmiczAEqnF7\
        C6TVINIe9J6htkZABbsneZX7VP9x24C16ZMsadDKYLPW7b1IPp8JiwLa2zInxPGPgdVo32z52qNF4ALudRC+\
        +fXOB1RHaerjjAKHgocetj3m6UUN99GVnXMC3rTzX5s/HZcYlD/IcqwgohLk4TYEQxOXc/lazy7u5db7s3F/\
        y7J2wXbUocyt38jNnzpw6FBGkRFMn9A+U+P/IqTJbNBx1/2NS1/5KFOg50Mg3Pl3VjoKf7g8hQ2vSV84cMhC\
        0+7T9MlCW6BmXRoR+EG8lgivTkYBvHFyfGDkzVlS1SSV+wE=";
    const DSA: &str = "\
        ssh-dss AAAAB3NzaC1kc3MAAACBAMMQT7U46fo2WnMChR7F3nVg1ybbF0GT7QExOXBzN5mt8cvB7tEewRD+\
        OdO/h1koZHIHbFqS3zcGGZ9S1AHrWZ5fFkIl3kLwqfWV7ndqJEi5Ez9Y/hn7IkevVhIZB4m3RLg5kjlqVZlr\
        e17GRfVjvxQThpaVVw6d1ICcgva5l4QvAAAAFQCCa5G8pW9iD+3jGj+Z9IcB6ms14wAAAIA6kJ89thRPoWWh\
        CXJN4LXZUVIyYXjHONSyhDc0QbdDAEXEIws8GFAHVLGMdJNTIdkIMzhYy0IzWJ7AYXaeDOiR1EsTjgGUTDQp\
        f9sRD/XR+LkU/Nawi0Vt3Y5+FsA01jPISZoEYHpUKzPRmAZ8tzaEK+99MDkWFc/X7YG3t+R8dQAAAIEAigwf\
        rFhPZC50mASt2hmmh6jUGwKefopUQEmjNU4cpP/ddW3WUvJhOp3erlwdwIVPxsXOCo2siCYv5Mtx8HLt/zEs\
        n+ZF21GL2MXmQ5Wa2Y+LdxNetV75GncwnGjFzJ+KhYcMm+jymNgPDVjPFcY76Z3DOLbXgOUg/aN3OQGu70Q=";
    const CERTIFICATE: &str = "\
        ecdsa-sha2-nistp256-cert-v01@openssh.com AAAAKGVjZHNhLXNoYTItbmlzdHAyNTYtY2VydC12MDF\
        Ab3BlbnNzaC5jb20AAAAgDodxopE4RXSrKYFRj03vCwwCdx6M6f5Sm/hZ6S6DW6YAAAAIbmlzdHAyNTYAAAB\
        BBIT285jjJl6nhwzURboZZ4PDyQQ9uionWRqX+qUwtVSUUFsGuz5y/kR4E7iWzhgjmHAEbyiDfIWGPe/mCN0\
        iJiIAAAAAAAAAAAAAAAEAAAABeAAAAAAAAAAAAAAAAP//////////AAAAAAAAAIIAAAAVcGVybWl0LVgxMS1\
        mb3J3YXJkaW5nAAAAAAAAABdwZXJtaXQtYWdlbnQtZm9yd2FyZGluZwAAAAAAAAAWcGVybWl0LXBvcnQtZm9\
        yd2FyZGluZwAAAAAAAAAKcGVybWl0LXB0eQAAAAAAAAAOcGVybWl0LXVzZXItcmMAAAAAAAAAAAAAADMAAAA\
        Lc3NoLWVkMjU1MTkAAAAgAC1Hs4DcRYqX0V6yrQjKC9EckGmxzMvccQ4I8ybettgAAABTAAAAC3NzaC1lZDI\
        1NTE5AAAAQIe/zY/T37iw3evrQFZfIXL17AnJlc0xunrnEQQWKyFqxw1b660x5MySYfJNfdgR3ECd/mIhBif\
        ChabP7gTpAww=";

    fn key(line: &str) -> PublicKey {
        PublicKey::parse(line).unwrap()
    }

    fn problem(line: &str) -> KeyProblem {
        PublicKey::parse(line).unwrap_err()
    }

    #[test]
    fn every_accepted_kind_is_read_and_written_back() {
        for (line, kind) in [
            (ED25519, "ed25519"),
            (SK_ED25519, "sk-ed25519"),
            (ECDSA_256, "ecdsa-256"),
            (ECDSA_384, "ecdsa-384"),
            (ECDSA_521, "ecdsa-521"),
            (SK_ECDSA, "sk-ecdsa"),
            (RSA_2048, "rsa"),
            (RSA_3072, "rsa"),
        ] {
            assert_eq!(key(line).kind(), kind);
            assert_eq!(key(line).to_openssh(), line, "{kind}");
        }
    }

    #[test]
    fn options_and_blanks_around_a_key_are_left_out() {
        for line in [
            format!("  {ED25519}\r\n"),
            format!("no-pty,command=\"echo a b\" {ED25519} ada@laptop"),
            ED25519.replace(' ', "\t "),
        ] {
            assert_eq!(key(&line), key(ED25519));
        }
    }

    #[test]
    fn the_comment_becomes_a_clean_label() {
        let label = |comment: &str| key(&format!("{ED25519} {comment}")).label().to_string();
        assert_eq!(label("ada@laptop"), "ada@laptop");
        assert_eq!(label("my \u{1b}[31m  key"), "my [31m key");
        assert_eq!(label(""), "");
        assert_eq!(label(&"x".repeat(50)).chars().count(), LABEL_MAX);
    }

    #[test]
    fn a_comment_makes_no_other_key() {
        assert_eq!(key(&format!("{ED25519} home")), key(ED25519));
        assert_ne!(key(ECDSA_256), key(ED25519));
    }

    #[test]
    fn what_is_no_key_is_unreadable() {
        for line in [
            "",
            "hello",
            "ssh-ed25519",
            "ssh-ed25519 AAAA",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAtR7OA3EWKl9",
            &ED25519.replace("ssh-ed25519", "ssh-rsa"),
            &format!("{ED25519}{}", "A".repeat(20_000)),
        ] {
            assert_eq!(problem(line), KeyProblem::Unreadable, "{line:.40}");
        }
    }

    #[test]
    fn the_half_that_must_stay_at_home_is_recognised() {
        for text in [
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n",
            "-----BEGIN RSA PRIVATE KEY----- MIIE",
            "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n",
        ] {
            assert_eq!(problem(text), KeyProblem::PrivateKey);
        }
    }

    #[test]
    fn w43_certificates_short_and_old_keys_are_refused() {
        assert_eq!(problem(CERTIFICATE), KeyProblem::Certificate);
        assert_eq!(problem(RSA_1024), KeyProblem::TooShort);
        assert_eq!(problem(DSA), KeyProblem::KindNotAccepted);
    }

    #[test]
    fn a_short_rsa_key_comes_with_advice() {
        assert_eq!(key(RSA_2048).advice(), Some(KeyAdvice::ShortRsa));
        assert_eq!(key(RSA_3072).advice(), None);
        assert_eq!(key(ED25519).advice(), None);
    }

    #[test]
    fn a_fingerprint_is_the_one_ssh_keygen_prints() {
        let fingerprint = key(ED25519).fingerprint();
        let text = "SHA256:Tca1XFe5TsC7SNEVV8wGw2pJ3xW8iD/9X7VjyUmHjew";
        assert_eq!(fingerprint.to_string(), text);
        assert_eq!(fingerprint.short(), "SHA256:Tca…ew");
        assert_eq!(text.parse(), Ok(fingerprint));
    }

    #[test]
    fn other_hashes_are_no_fingerprints_here() {
        for text in ["", "SHA256:", "SHA256:abc", "MD5:00:11", "Tca1XFe5TsC7"] {
            assert_eq!(text.parse::<Fingerprint>(), Err(FingerprintProblem));
        }
    }
}
