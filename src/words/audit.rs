//! Acts on record, in words. Who acted stands before them, and what it was done
//! to behind them: "opal approved newbie".

use std::borrow::Cow;

/// Returns an act in words; one that has none here is told by its name.
pub fn action(name: &str) -> Cow<'static, str> {
    Cow::Borrowed(match name {
        "access.add" => "made the rule",
        "access.remove" => "removed the rule",
        "account.activate" => "activated",
        "account.register" => "registered",
        "account.create" => "made the account",
        "account.approve" => "approved",
        "account.reject" => "rejected",
        "account.delete" => "deleted",
        "account.export" => "exported the data of",
        "account.reopen" => "reopened",
        "account.suspend" => "suspended",
        "account.reactivate" => "reactivated",
        "account.role" => "changed the role of",
        "account.unlock" => "unlocked",
        "account.undo" => "took back the decision about",
        "account.lapse" => "removed, unproven,",
        "account.waive" => "let through without a proof",
        "account.withdraw" => "withdrew",
        "activation.send" => "sent the code that activates",
        "activation.show" => "made the code that activates",
        "board.backup" => "copied",
        "board.fix" => "mended",
        "board.restore" => "began with a copy of",
        "board.say" => "spoke to",
        "certificate.use" => "came by certificate as",
        "claim.mint" => "made a claim line for",
        "claim.use" => "claimed the board as",
        "email.ask" => "asked for a code for the address of",
        "email.change" => "changed the address of",
        "account.verify" | "email.prove" => "proved the address of",
        "factor.backup" => "accepted a backup code of",
        "factor.demand" => "asked for two-factor login of",
        "factor.off" => "switched off two-factor login of",
        "factor.on" => "switched on two-factor login of",
        "factor.release" => "no longer asks for two-factor login of",
        "factor.renew" => "made new backup codes for",
        "factor.reset" => "took off two-factor login of",
        "invite.bar" => "barred from inviting",
        "invite.create" => "made the invite",
        "invite.extend" => "extended",
        "invite.revoke" => "revoked",
        "invite.send" => "sent the letter of",
        "invite.thaw" => "thawed",
        "invite.unbar" => "let invite again",
        "key.add" => "added a key to",
        "key.prove" => "proved a key of",
        "key.remove" => "removed a key of",
        "key_line.mint" => "made a key line for",
        "notices.choose" => "chose the notices of",
        "mail.cancel" => "took back",
        "mail.release" => "let leave",
        "mail.retry" => "tried again",
        "mail.test" => "wrote as a test",
        "note.add" => "noted about",
        "password.change" => "changed the password of",
        "password.reset" => "chose a new password for",
        "reset.ask" => "was asked for a new password for",
        "activation.revoke" | "reset.revoke" => "took back the code of",
        "reset.send" => "sent a code for a new password to",
        "reset.show" => "made a code for a new password for",
        "request.claim" => "claimed the request of",
        "request.edit" => "edited the request of",
        "session.end" => "hung up a line of",
        "sessions.end" => "hung up",
        "setting.change" => "changed",
        other => return Cow::Owned(other.replace(['.', '_'], " ")),
    })
}

/// Returns what became of something, in a line: `pending → active`.
pub fn change(before: Option<&str>, after: Option<&str>) -> String {
    match (before, after) {
        (None, None) => String::new(),
        (Some(before), None) => format!("was {}", line(before)),
        (None, Some(after)) => line(after),
        (Some(before), Some(after)) => format!("{} → {}", line(before), line(after)),
    }
}

/// Beside a list that ends before the records do.
pub fn older(shown: u32) -> String {
    format!("These are the newest {shown}. --limit shows more, --until older ones.")
}

/// To whoever would follow the records of a board that is not served.
pub fn nothing_to_follow() -> String {
    "Nothing happens on a board that is not served. Start it with `ringdown serve`.".into()
}

/// Returns a value in a line; an empty one is told, and a long one is cut.
fn line(value: &str) -> String {
    match value.split_once('\n') {
        None if value.is_empty() => "(empty)".to_owned(),
        None => value.to_owned(),
        Some((first, _)) => format!("{first} …"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_is_told_in_words_or_else_by_its_name() {
        assert_eq!(action("account.approve"), "approved");
        assert_eq!(action("mail.retry_all"), "mail retry all");
    }

    #[test]
    fn a_change_stands_in_a_line() {
        assert_eq!(change(Some("pending"), Some("active")), "pending → active");
        assert_eq!(change(Some("one\ntwo"), Some("")), "one … → (empty)");
        assert_eq!(change(Some("pasted"), None), "was pasted");
        assert_eq!(change(None, None), "");
    }
}
