//! What callers and operators read when a use case says no (texts W01-W66 of
//! the registration spec, and their like).

use std::time::Duration;

use crate::domain::{
    account::Status,
    invite::State,
    key::KeyProblem,
    refusal::{Doubt, Refusal, Weakness},
    registration::Mode,
};

/// Returns the sentence for a refusal.
#[expect(clippy::too_many_lines, reason = "one arm for each refusal there is")]
pub fn refusal(refusal: &Refusal) -> String {
    use Refusal as R;
    match refusal {
        R::Paused(note) if note.is_empty() => "Registration is paused.".into(),
        R::Paused(note) => format!("Registration is paused: {note}"),
        R::BacklogFull => {
            "We have more requests than we can read. Please try again in a few days.".into()
        }
        R::TryLater => "Too many attempts from here. Try later.".into(),
        R::Closed => "This board takes no new callers.".into(),
        R::CodeTypo(shape) => format!("There is a typo in that code. Codes look like {shape}."),
        R::CodeUnusable => "That invite can't be used. Ask the person who gave it to you.".into(),
        R::ClaimUnusable => "That claim line doesn't work any more. While nobody runs the board, \
                             `ringdown claim` on its machine prints a new one."
            .into(),
        R::KeyLineUnusable => "That key line doesn't work: each works once, and for ten minutes. \
                               Account ▸ Keys makes another."
            .into(),
        R::ResetUnusable => {
            "That code doesn't work: each works once, and for an hour. Ask for another.".into()
        }
        R::ProofUnusable => "That code doesn't work. The one in the newest letter does, for a day \
                             and five tries."
            .into(),
        R::AddressProven => "That address is proven already.".into(),
        R::CodeNeeded => "This board is by invitation. Enter your code.".into(),
        R::CodesSpent => {
            "That was the last try on this line. Check the code and call again.".into()
        }
        R::HandleShape => "Handles have 2-20 letters, digits, - or _; they begin with a letter \
                           and end with a letter or digit."
            .into(),
        R::HandlePattern => {
            "This board has a rule for handles, and that one doesn't fit it.".into()
        }
        R::HandleTaken => "That handle isn't available.".into(),
        R::HandlesSpent => "You have looked at many handles. Call again to try more.".into(),
        R::EmailShape => "That doesn't look like an e-mail address.".into(),
        R::EmailDomain(contact) if contact.is_empty() => {
            "This board only accepts addresses from certain domains. Ask whoever runs it.".into()
        }
        R::EmailDomain(contact) => {
            format!("This board only accepts addresses from certain domains. Ask {contact}.")
        }
        R::EmailNeeded => "This board needs an e-mail address to reach you.".into(),
        R::PasswordShort(least) => {
            format!("Use at least {least} characters; a few words are best.")
        }
        R::PasswordLong => "That is longer than 256 characters.".into(),
        R::PasswordCharacters => "That has characters a password can't have, such as a tab.".into(),
        R::PasswordEasy(why) => format!("This password is easy to guess: {}.", weakness(*why)),
        R::PasswordsDiffer => "The two passwords differ.".into(),
        R::NoWayIn => "Without a key you need a password, or there is no way back in.".into(),
        R::KeyUnusable(problem) => format!("This isn't a key I can use: {}.", key(*problem)),
        R::KeyTaken => {
            "This key already belongs to an account here. Log in with it, or go on without it."
                .into()
        }
        R::KeyYours => "You have this key already.".into(),
        R::KeysFull => "Ten keys are the most. Remove one first.".into(),
        R::KeyLast => {
            "This is your only way in. Add another key or a password first, then remove it.".into()
        }
        R::KeyNotProven => {
            "You came without a key. Call from the device whose key you want to add.".into()
        }
        R::MessageNeeded => "Tell the sysops in a sentence or two why you'd like to join.".into(),
        R::TextLong(most) => format!("That is too long: {most} characters at most."),
        R::TextNeeded => "Write something here first.".into(),
        R::CodeStopped => "Meanwhile your invite stopped working. Nothing was saved; enter \
                           another one - the rest of your form is still here."
            .into(),
        R::HandleStopped => "Meanwhile somebody took that handle. Nothing was saved; choose \
                             another one - the rest of your form is still here."
            .into(),
        R::ModeChanged(now) => {
            format!(
                "The sysop changed how registration works while you were typing: {}",
                mode(*now)
            )
        }
        R::EmailTaken => "An account with these details can't be made. If you already asked, \
                          log in to change your request; or leave the address empty."
            .into(),
        R::Unclaimed => {
            "Nobody runs this board yet, so nobody could let you in. Try again later.".into()
        }
        R::WrongCredentials => "Handle and password don't match.".into(),
        R::WrongCredentialsLast => {
            "Handle and password don't match. That was the last try on this line; call again."
                .into()
        }
        R::PasswordWait(wait) => {
            format!(
                "Too many wrong passwords. Try again in {}; a key gets in at once.",
                span(*wait)
            )
        }
        R::HashingBusy => "The board is busy. Press Enter to try again; nothing was lost.".into(),
        R::WrongPassword => "That isn't your present password.".into(),
        R::FactorNeeded => "This account asks for a second factor, and a command can't be asked \
                            for one. Come with a hardware key (sk-), or call without a command."
            .into(),
        R::FactorShape => "Type the six digits your app shows, or one of your backup codes.".into(),
        R::FactorWrong => "That isn't the code. Apps show a new one every 30 seconds.".into(),
        R::FactorWrongLast => {
            "That isn't the code. That was the last try on this line; call again.".into()
        }
        R::FactorUsed => "That code was used already. Wait for the next one.".into(),
        R::FactorWait(wait) => {
            format!("Too many wrong codes. Try again in {}.", span(*wait))
        }
        R::FactorChanged => {
            "Two-factor login of this account was changed meanwhile. Go back and begin again."
                .into()
        }
        R::FactorDemanded => {
            "This board wants two-factor login for your account, so it can't be switched off."
                .into()
        }
        R::FactorOff => "That account has no two-factor login.".into(),
        R::NotAllowed => "You may not do that, or not any more.".into(),
        R::AccountDiffers => "An account of that handle is there already, and differs.".into(),
        R::RoleUnknown => "The roles are user, mod and sysop.".into(),
        R::SendUnclear => "Under send stands yes, or no, or nothing.".into(),
        R::NotActivated => "That account waits for the code that activates it. Until then nobody \
                            gets in with it."
            .into(),
        R::NotPrepared => "That account waits for no code: only one that was made without a key \
                           or password does."
            .into(),
        R::NoSuchAccount => "Nobody here has that handle.".into(),
        R::NoSuchInvite => "There is no invite of that number.".into(),
        R::NoSuchKey => "That account has no such key.".into(),
        R::Conflict {
            handle,
            status,
            by,
            at,
            now,
        } => {
            let ago = (*now - *at).to_std().unwrap_or_default();
            match by {
                Some(by) => format!("{by} {} {handle} {} ago.", did(*status), span(ago)),
                None => format!("{handle} is {status}, so that can't be done."),
            }
        }
        R::UndoLate => "A decision can be taken back for ten minutes, and only if nothing \
                        happened since."
            .into(),
        R::UndoWritten => "They have written something since, so that can't be taken back.".into(),
        R::NotThatHandle => "That isn't the handle of this account.".into(),
        R::Gone => "That is gone meanwhile.".into(),
        R::HasRole(role) => format!("They are a {role} already."),
        R::NotOneself => "Somebody else has to do that for you.".into(),
        R::LastSysop => "The board needs a sysop, and this is the last one.".into(),
        R::ReasonNeeded => "Give a reason; the caller will read it.".into(),
        R::WhyNeeded => "Say why; it is kept in the record.".into(),
        R::InvitationsOff => "Invitations are switched off at present. No code is lost.".into(),
        R::InvitesFull(most) => {
            format!("You have {most} invites out already. Revoke one, or wait until one is used.")
        }
        R::BarredFromInviting(reason) => barred(reason),
        R::BarredAlready => "They are barred from inviting already.".into(),
        R::NotBarred => "They are not barred from inviting.".into(),
        R::NeverInvites => "They are not a member, and could not invite in any case.".into(),
        R::InviterYoung(days) => format!("You can invite once you have been here {days} days."),
        R::InviteBeyond(sentence) | R::SettingRefused(sentence) => sentence.clone(),
        R::InviteOver(State::Revoked) => "That invite was revoked already.".into(),
        R::InviteOver(state) => format!("That invite is {state}, so that can't be done."),
        R::SettingChanged { by, value } => {
            format!("Meanwhile {by} changed this to \"{value}\". Look again before you save.")
        }
        R::InviteOut(number) => format!(
            "{number} is for that address already. Send its letter again, or revoke it first."
        ),
        R::NotWhereItCame => {
            "Your invite is for the address it came to. You can change yours later.".into()
        }
        R::NotByLetter => {
            "The code of that invite was shown when it was made; it does not go by letter.".into()
        }
        R::LettersEnough => {
            "That is enough letters for today, to that address or from you. Try again tomorrow."
                .into()
        }
        R::InviteNotFrozen => {
            "That invite waits for nobody to thaw it. A code that is frozen all the same waits for \
             whoever made it."
                .into()
        }
        R::NotMended(reason) => format!("Can't mend it: {reason}."),
        R::CopyInTheWay(place) => {
            format!("There is something in {place} already. Copies go into a new directory.")
        }
        R::CopyFailed { place, reason } => format!("Can't copy the board to {place}: {reason}."),
        R::Maintenance(note) if note.is_empty() => super::session::only_staff().into(),
        R::Maintenance(note) => format!("{} {note}", super::session::only_staff()),
        R::NoSuchSession => "They are not on line there, or not any more.".into(),
        R::NoSuchLetter => "There is no letter of that number.".into(),
        R::LetterStands(state) => format!("That letter is {state}, so that can't be done."),
        R::NoProgram => super::notify::none().into(),
        R::MailOff => "Mail is off: no letter leaves this board.".into(),
        R::ConversationFull => "That is as much as can be written about one request.".into(),
        R::NothingAsked => "Nobody has asked you anything yet.".into(),
        R::AnswersSpent => {
            "The sysops have your answers. They will write when they have read them.".into()
        }
        R::Doubtful(Doubt::SharesAddress(handle)) => {
            format!("They have the address of {handle}, who has an account here.")
        }
        R::Doubtful(Doubt::SharesKey(handle)) => {
            format!("They have a key of {handle}, who has an account here.")
        }
        R::Doubtful(Doubt::AddressRefused) => {
            "Nobody could register with their address now: the rules for addresses changed.".into()
        }
        R::NotOnLine => "They are not in the waiting room just now.".into(),
        R::TalksAlready(by) => format!("{by} talks with them already."),
        R::TalkOver => "The other side has left.".into(),
        R::TalkFast => "Slowly: nobody can read that fast.".into(),
        R::NobodyAtDesk => "Nobody is at the desk just now. Try again later.".into(),
        R::RangEnough => "You rang a few times already. Give them an hour.".into(),
        R::NoAddress => "That account has no e-mail address.".into(),
        R::NotASysop => "Test letters go to active sysops only.".into(),
        R::CertificateOver => {
            "Your certificate isn't good any more. Get a new one and call again.".into()
        }
        R::NoSuchRule => "There is no such rule.".into(),
        R::RuleExists(value) => format!("There is a rule about {value} already."),
        R::NoSuchSubject(kind) => super::access::not_a_value(*kind).into(),
        R::NoSuchEffect(kind) => super::access::not_an_effect(*kind),
        R::LocksOut(who) => super::access::locks_out(*who).into(),
        R::LinesBusy => "All lines are busy. Please call again in a while.".into(),
        R::SessionsFull(most) => {
            format!("You are on line {most} times already. Hang up one of those first.")
        }
    }
}

/// To whoever staff have barred from inviting.
pub fn barred(reason: &str) -> String {
    format!("You may not invite at present: {reason}")
}

/// Returns what a mode means for a newcomer.
pub const fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Open => "anybody may join.",
        Mode::InviteOnly => "joining takes an invite.",
        Mode::SysopApproved => "a sysop reads every request.",
        Mode::Closed => "nobody new is taken.",
    }
}

/// Returns a span of time in words: `4 s`, `12 min`, `3 h`, `2 d`.
pub fn span(span: Duration) -> String {
    match span.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3_600 => format!("{} min", seconds / 60),
        seconds @ 3_600..86_400 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

const fn did(status: Status) -> &'static str {
    match status {
        Status::Active => "let in",
        Status::Rejected => "rejected",
        Status::Suspended => "suspended",
        Status::Pending => "reopened",
        Status::Deleted => "deleted",
        Status::Unverified => "changed",
    }
}

const fn weakness(why: Weakness) -> &'static str {
    match why {
        Weakness::Personal => "it has your name, address or the board's name in it",
        Weakness::Repeated => "it repeats itself",
        Weakness::Common => "it is among the first anybody would try",
    }
}

const fn key(problem: KeyProblem) -> &'static str {
    match problem {
        KeyProblem::Unreadable => "it can't be read as a public key",
        KeyProblem::PrivateKey => {
            "it is a private key. Never show that to anybody; paste the .pub file"
        }
        KeyProblem::Certificate => "it is a certificate",
        KeyProblem::TooShort => "it is too short; RSA needs 2048 bits",
        KeyProblem::KindNotAccepted => "its kind isn't accepted; ed25519 is best",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_the_spec_are_final() {
        for (given, words) in [
            (Refusal::HandleTaken, "That handle isn't available."),
            (Refusal::PasswordsDiffer, "The two passwords differ."),
            (
                Refusal::PasswordShort(8),
                "Use at least 8 characters; a few words are best.",
            ),
            (
                Refusal::CodeNeeded,
                "This board is by invitation. Enter your code.",
            ),
            (Refusal::Closed, "This board takes no new callers."),
        ] {
            assert_eq!(refusal(&given), words);
        }
    }

    #[test]
    fn a_conflict_says_who_did_what_and_when() {
        use crate::domain::clock::Timestamp;
        let at = Timestamp::UNIX_EPOCH;
        let conflict = Refusal::Conflict {
            handle: "newbie".into(),
            status: Status::Active,
            by: Some("opal".into()),
            at,
            now: at + Duration::from_secs(4),
        };
        assert_eq!(refusal(&conflict), "opal let in newbie 4 s ago.");
    }
}
