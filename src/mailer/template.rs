//! What letters say: a template a kind, filled with facts. A subject has no
//! fact in it, so that nothing anybody wrote gets into a header.

use crate::domain::{letter::Kind, text};

/// What a template can be filled with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The board's name.
    pub board: String,
    /// Whose letter it is.
    pub handle: String,
    /// The line by which they call.
    pub line: String,
    /// Whom to ask.
    pub contact: String,
    /// What only this letter is about: a reason, a key, a role.
    pub detail: String,
    /// Who invites, and what they have to say.
    pub from: String,
    /// See `from`.
    pub message: String,
    /// Until when whatever this letter brings is good.
    pub until: String,
}

impl Facts {
    /// Returns facts to look at a template with.
    pub fn sample(kind: Kind) -> Self {
        let detail = match kind {
            Kind::RequestWaits => "    newbie\n    marta_k",
            Kind::Rejected => "The request said too little about you.",
            Kind::Suspended => "The house rules were not kept.",
            Kind::KeyAdded | Kind::KeyRemoved => {
                "SHA256:uQrNf5tCkWJh1ZyYw2H0pQ3v8xLm4s6dEaBcGiOkT9k (ed25519)"
            }
            Kind::MoreInformation => "    Which opening do you play?",
            Kind::FactorChanged => "new backup codes were made. The old ones no longer work.",
            Kind::RoleChanged => "mod",
            Kind::ResetCode | Kind::Invite | Kind::InviteReminder | Kind::Activation => {
                "7kq2m-9xdrt-4whcz"
            }
            Kind::AddressChanged | Kind::VerifyAddress => "7kq2-m9xd",
            Kind::RequestAnswered | Kind::InviteRedeemed => "newbie",
            Kind::Alert => "    backup\n    permissions",
            Kind::Rang => "    ada, 21 Nov 21:04 UTC",
            _ => "",
        };
        Self {
            board: "Ringdown".into(),
            handle: "newbie".into(),
            line: "ssh -p 2222 newbie@bbs.example.org".into(),
            contact: "opal".into(),
            detail: detail.into(),
            from: "opal".into(),
            message: "    See you on Sunday.".into(),
            until: "24 Dec 2026 18:00 UTC".into(),
        }
    }

    fn named(&self, name: &str) -> &str {
        match name {
            "board" => &self.board,
            "handle" => &self.handle,
            "line" => &self.line,
            "contact" => &self.contact,
            "detail" => &self.detail,
            "from" => &self.from,
            "message" => &self.message,
            "until" => &self.until,
            _ => "",
        }
    }
}

/// What a letter says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its subject, the template's own.
    pub subject: &'static str,
    /// Its text, in lines.
    pub body: String,
}

const fn template(kind: Kind) -> &'static str {
    match kind {
        Kind::RequestReceived => include_str!("templates/request_received.txt"),
        Kind::RequestWaits => include_str!("templates/request_waits.txt"),
        Kind::Approved => include_str!("templates/approved.txt"),
        Kind::Rejected => include_str!("templates/rejected.txt"),
        Kind::Reopened => include_str!("templates/reopened.txt"),
        Kind::Suspended => include_str!("templates/suspended.txt"),
        Kind::Reactivated => include_str!("templates/reactivated.txt"),
        Kind::KeyAdded => include_str!("templates/key_added.txt"),
        Kind::KeyRemoved => include_str!("templates/key_removed.txt"),
        Kind::PasswordChanged => include_str!("templates/password_changed.txt"),
        Kind::FactorChanged => include_str!("templates/factor_changed.txt"),
        Kind::RoleChanged => include_str!("templates/role_changed.txt"),
        Kind::Deletion => include_str!("templates/deletion.txt"),
        Kind::MoreInformation => include_str!("templates/more_information.txt"),
        Kind::Correction => include_str!("templates/correction.txt"),
        Kind::ResetCode => include_str!("templates/reset_code.txt"),
        Kind::AddressChanged => include_str!("templates/address_changed.txt"),
        Kind::VerifyAddress => include_str!("templates/verify_address.txt"),
        Kind::AddressInUse => include_str!("templates/address_in_use.txt"),
        Kind::Activation => include_str!("templates/activation.txt"),
        Kind::RequestAnswered => include_str!("templates/request_answered.txt"),
        Kind::Rang => include_str!("templates/rang.txt"),
        Kind::Invite => include_str!("templates/invite.txt"),
        Kind::InviteReminder => include_str!("templates/invite_reminder.txt"),
        Kind::InviteRedeemed => include_str!("templates/invite_redeemed.txt"),
        Kind::Alert => include_str!("templates/alert.txt"),
        Kind::Test => include_str!("templates/test.txt"),
    }
}

/// Returns the subject of a kind of letter.
pub fn subject(kind: Kind) -> &'static str {
    let first = template(kind).lines().next().unwrap_or_default();
    first.strip_prefix("Subject: ").unwrap_or(first)
}

/// Writes a letter. A paragraph that asks for a fact nobody gave is left out.
pub fn write(kind: Kind, facts: &Facts) -> Text {
    let (_, body) = template(kind).split_once("\n\n").unwrap_or_default();
    let paragraphs: Vec<String> = body
        .trim_end()
        .split("\n\n")
        .filter_map(|paragraph| fill(paragraph, facts))
        .collect();
    let mut body = text::clean(&paragraphs.join("\n\n"));
    body.push('\n');
    Text {
        subject: subject(kind),
        body,
    }
}

/// Fills a paragraph; facts are not looked through for names of facts.
fn fill(paragraph: &str, facts: &Facts) -> Option<String> {
    let mut filled = String::new();
    let mut rest = paragraph;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        let fact = facts.named(name);
        if fact.trim().is_empty() {
            return None;
        }
        filled.push_str(before);
        filled.push_str(fact);
        rest = after;
    }
    filled.push_str(rest);
    Some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_subject_of_its_own_and_uses_only_facts_there_are() {
        let mut subjects = std::collections::BTreeSet::new();
        for &kind in Kind::ALL {
            let Text { subject, body } = write(kind, &Facts::sample(kind));
            assert!(template(kind).starts_with("Subject: "), "{kind}");
            assert!(!subject.contains(['{', '\n']), "{kind}: {subject}");
            // Whoever is invited has no name yet.
            let hello = if kind.is_for_newcomers() {
                "Hello,\n"
            } else {
                "Hello newbie,\n"
            };
            assert!(body.starts_with(hello), "{kind}: {body}");
            assert!(!body.contains(['{', '}']), "{kind}: {body}");
            // Nothing was left out for want of a fact.
            let paragraphs = |text: &str| text.trim_end().split("\n\n").count();
            assert_eq!(paragraphs(&body) + 1, paragraphs(template(kind)), "{kind}");
            assert!(subjects.insert(subject), "{kind}");
        }
    }

    #[test]
    fn a_paragraph_without_its_fact_is_left_out() {
        let facts = Facts {
            detail: String::new(),
            contact: String::new(),
            ..Facts::sample(Kind::Rejected)
        };
        assert_eq!(
            write(Kind::Rejected, &facts).body,
            "Hello newbie,\n\nyour request to join Ringdown was not accepted.\n"
        );
    }

    #[test]
    fn what_somebody_wrote_is_not_taken_for_a_template_and_cannot_act() {
        let facts = Facts {
            detail: "{contact}\u{1b}[2J\u{202e}".into(),
            ..Facts::sample(Kind::Rejected)
        };
        let body = write(Kind::Rejected, &facts).body;
        assert!(body.contains("\n{contact}[2J\n"), "{body}");
    }
}
