//! E-mail addresses and the domains they belong to. Nothing here asks whether
//! an address works.

/// The longest address that mail can carry, in bytes (RFC 5321, 4.5.3.1.3
/// without the angle brackets).
const MAX_BYTES: usize = 254;

/// The longest part before the `@` (RFC 5321, 4.5.3.1.1).
const MAX_LOCAL_BYTES: usize = 64;

/// The longest label of a domain (RFC 1035, 2.3.4).
const MAX_LABEL_BYTES: usize = 63;

/// The text is not an address that is accepted here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct EmailProblem;

/// The text is not the name of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a domain name")]
pub struct DomainProblem;

/// An address as its owner spells it. It has no `Display`, and its `Debug`
/// tells nothing: addresses are not for logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    text: String,
    key: String,
}

impl Email {
    /// Reads an address of plain ASCII at a dotted domain; blanks around it are
    /// forgiven.
    ///
    /// Quoted local parts and address literals are refused though RFC 5321 has
    /// them, and so is a leading `-`, which a mail program could take for an
    /// option.
    pub fn parse(text: &str) -> Result<Self, EmailProblem> {
        let text = text.trim();
        let key = text.to_ascii_lowercase();
        let legal = key.len() <= MAX_BYTES
            && key.split_once('@').is_some_and(|(local, domain)| {
                is_local_part(local) && domain.contains('.') && is_domain(domain)
            });
        if legal {
            Ok(Self {
                text: text.to_owned(),
                key,
            })
        } else {
            Err(EmailProblem)
        }
    }

    /// Returns the address as its owner spells it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the lower-cased form, by which addresses are compared.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the part after the `@`, lower-cased.
    pub fn domain(&self) -> &str {
        self.key.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// Returns the lower-cased address without what stands behind a `+`: most
    /// mail servers bring both to one person.
    pub fn mailbox(&self) -> String {
        let (local, domain) = self.key.split_once('@').unwrap_or((&self.key, ""));
        let person = local.split('+').next().filter(|person| !person.is_empty());
        format!("{}@{domain}", person.unwrap_or(local))
    }
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Email(…)")
    }
}

/// The name of a domain in a list of allowed or denied ones, lower-cased.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(String);

impl DomainName {
    /// Reads a name such as `example.org` or `edu`; a leading `@` is forgiven.
    pub fn parse(text: &str) -> Result<Self, DomainProblem> {
        let text = text.trim();
        let name = text.strip_prefix('@').unwrap_or(text).to_ascii_lowercase();
        if name.len() < MAX_BYTES && is_domain(&name) {
            Ok(Self(name))
        } else {
            Err(DomainProblem)
        }
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `email` is at this domain or at one below it.
    pub fn covers(&self, email: &Email) -> bool {
        self.is_above(email.domain())
    }

    /// Whether `other` is this domain or one below it.
    pub fn includes(&self, other: &Self) -> bool {
        self.is_above(&other.0)
    }

    fn is_above(&self, name: &str) -> bool {
        name.strip_suffix(&self.0)
            .is_some_and(|below| below.is_empty() || below.ends_with('.'))
    }
}

impl std::fmt::Display for DomainName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// Whether `local` is a dot-atom (RFC 5322, 3.2.3) that no program takes for an
/// option.
fn is_local_part(local: &str) -> bool {
    let is_atext = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    local.len() <= MAX_LOCAL_BYTES
        && !local.starts_with('-')
        && local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

/// Whether `domain` is made of legal labels, the last of which is not a number:
/// that would be an IPv4 address.
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=MAX_LABEL_BYTES).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let is_number = |label: &str| label.chars().all(|c| c.is_ascii_digit());
    domain.split('.').all(is_label) && !domain.rsplit('.').next().is_some_and(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(text: &str) -> Email {
        Email::parse(text).unwrap()
    }

    #[test]
    fn ordinary_addresses_are_read() {
        for text in [
            "ada@example.org",
            "Ada.Lovelace+bbs@mail.example.co.uk",
            "o'brien@example.org",
            "x@xn--bcher-kva.example",
            "a-@a-b.org",
        ] {
            assert_eq!(email(text).as_str(), text);
        }
        assert_eq!(email(" ada@example.org\n").as_str(), "ada@example.org");
    }

    #[test]
    fn what_mail_programs_might_misread_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        let longer = format!("a@{}org", "example.".repeat(32));
        for text in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@localhost",
            "ada@example.",
            "ada@.org",
            "ada@exa..mple.org",
            "ada@-a.org",
            "ada@a-.org",
            "ada@exa_mple.org",
            "a@b@example.org",
            "-oQ@c.org",
            ".a@c.org",
            "a.@c.org",
            "a..b@c.org",
            "\"ada\"@example.org",
            "ada@[127.0.0.1]",
            "ada@127.0.0.1",
            "ada lovelace@example.org",
            "<ada@example.org>",
            "ada@example.org,eve@example.org",
            "ada@example.org\r\nBcc: eve@example.org",
            "ada\0@example.org",
            "ádá@example.org",
            "ada@exámple.org",
            &long,
            &longer,
        ] {
            assert_eq!(Email::parse(text), Err(EmailProblem), "{text:?}");
        }
    }

    #[test]
    fn the_longest_address_has_254_bytes() {
        let label = "d".repeat(62);
        let rest = format!("@{label}.{label}.{label}.org");
        let of = |bytes: usize| format!("{}{rest}", "a".repeat(bytes - rest.len()));
        assert!(Email::parse(&of(254)).is_ok());
        assert_eq!(Email::parse(&of(255)), Err(EmailProblem));
    }

    #[test]
    fn addresses_that_differ_in_case_have_one_key() {
        assert_eq!(email("Ada@Example.ORG").key(), "ada@example.org");
        assert_eq!(email("Ada@Example.ORG").domain(), "example.org");
    }

    #[test]
    fn what_stands_behind_a_plus_makes_no_other_mailbox() {
        assert_eq!(email("Ada+bbs+2@Example.org").mailbox(), "ada@example.org");
        assert_eq!(email("+ada@example.org").mailbox(), "+ada@example.org");
        assert_eq!(email("ada@example.org").mailbox(), "ada@example.org");
    }

    #[test]
    fn an_address_is_not_printed_by_accident() {
        assert_eq!(format!("{:?}", email("ada@example.org")), "Email(…)");
    }

    #[test]
    fn a_domain_covers_itself_and_what_is_below() {
        let domain = DomainName::parse("@Example.org").unwrap();
        assert_eq!(domain.to_string(), "example.org");
        assert!(domain.covers(&email("a@example.org")));
        assert!(domain.covers(&email("a@MAIL.example.org")));
        assert!(!domain.covers(&email("a@notexample.org")));
        assert!(!domain.covers(&email("a@example.org.evil.net")));
        assert!(
            DomainName::parse("edu")
                .unwrap()
                .covers(&email("a@mit.edu"))
        );
    }

    #[test]
    fn what_is_no_domain_is_refused() {
        for text in [
            "",
            "@",
            "exa mple.org",
            ".org",
            "org.",
            "10.0.0.1",
            "*.org",
            "a,b",
        ] {
            assert_eq!(DomainName::parse(text), Err(DomainProblem), "{text:?}");
        }
    }
}
