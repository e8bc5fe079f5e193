//! What is known about an account, in words: the pane under the list and the
//! page of one person say the same.

use crate::{
    app::{
        activation::Standing,
        invite::Seen,
        queue::{Detail, Hint, Reason, Welcome},
        who::Caller,
    },
    domain::{
        account::{Origin, Status},
        conversation::Side,
        invite::State,
    },
    store::{account::Account, key},
    tui::{Token, View, screens::mail},
    words,
};

/// Returns how somebody came.
pub(super) fn via(account: &Account) -> String {
    if account.is_prepared() {
        return words::activation::via().to_owned();
    }
    match (account.origin, &account.invited_by) {
        (_, Some(inviter)) => format!("by {inviter}"),
        (Origin::Request, None) => "asked".to_owned(),
        (Origin::Open, None) => "open door".to_owned(),
        (Origin::Invite, None) => "invite".to_owned(),
        (Origin::Operator, None) => "operator".to_owned(),
        (Origin::Import, None) => "import".to_owned(),
        (Origin::Claim, None) => "claim".to_owned(),
        (Origin::Certificate, None) => "certificate".to_owned(),
    }
}

/// Returns where an account stands, and since when.
pub(super) fn standing(account: &Account, view: &View<'_>) -> String {
    let at = view.date_of(account.status_at);
    let by = |did: &str| match &account.status_by {
        Some(by) => format!("{did} by {by} {at}"),
        None => format!("{did} {at}"),
    };
    match account.status {
        _ if account.is_prepared() => words::activation::came(&at, account.role),
        Status::Unverified => match account.onward {
            Some(Status::Pending) => format!("came {at}; asks to join once the address is proven"),
            _ => format!("came {at}; is in once the address is proven"),
        },
        Status::Pending => format!("asked {at}"),
        Status::Active => format!("{} since {at}", account.role),
        Status::Rejected => by("rejected"),
        Status::Suspended => match account.status_until {
            Some(until) => format!("{} until {}", by("suspended"), view.date_of(until)),
            None => by("suspended"),
        },
        Status::Deleted => by("deleted"),
    }
}

/// Returns what is known about their address.
pub(super) fn mail(detail: &Detail) -> String {
    match &detail.account.email {
        Some(email) if detail.account.email_proven => format!("{}, proven", email.as_str()),
        Some(email) => email.as_str().to_owned(),
        None if detail.powers.private => "none".to_owned(),
        None => "only sysops see it".to_owned(),
    }
}

/// Returns how they stand with second factors; nothing if they have none and
/// need none.
pub(super) fn factor(detail: &Detail, view: &View<'_>) -> Option<(String, Token)> {
    match (detail.factor.since, detail.factor.is_demanded) {
        (Some(since), _) => Some((format!("since {}", view.day_of(since)), Token::Text)),
        (None, true) => Some(("demanded at the next call".to_owned(), Token::Warn)),
        (None, false) => None,
    }
}

/// Returns where the code stands that activates the account, while it waits for
/// one.
pub(super) fn activation(detail: &Detail, view: &View<'_>) -> Option<(String, Token)> {
    Some(match detail.activation.as_ref()? {
        Standing::None => (words::activation::none().to_owned(), Token::Warn),
        Standing::Newest(invite, state) => {
            let until = invite.expires_at.map(|end| view.day_of(end));
            let hint = invite.hint.as_deref();
            let text = words::activation::standing(*state, hint, until.as_deref());
            let token = match state {
                State::Live => Token::Text,
                State::Frozen | State::Used | State::Expired | State::Revoked => Token::Warn,
            };
            (text, token)
        }
    })
}

/// Returns what became of the last letter they were written; nothing without
/// one.
pub(super) fn letter(detail: &Detail, view: &View<'_>) -> Option<(String, Token)> {
    let letter = detail.letter.as_ref()?;
    Some(mail::standing(letter, view))
}

/// Returns a key: print, how far it is believed, when it was used.
pub(super) fn key(key: &key::Key, view: &View<'_>) -> String {
    let used = key
        .last_used_at
        .map_or_else(String::new, |at| format!(", used {}", view.age_of(at)));
    believed(key) + &used
}

/// Returns a key: print, and how far it is believed.
fn believed(key: &key::Key) -> String {
    let standing = match key.standing {
        key::Standing::Proven => "",
        key::Standing::Vouched => ", vouched for",
        key::Standing::Pasted => ", pasted, not proven",
    };
    format!("{} {}{standing}", short(&key.fingerprint), key.kind)
}

/// Returns a fingerprint short enough for a column: people compare both ends.
fn short(fingerprint: &str) -> String {
    let marks: Vec<_> = fingerprint.chars().collect();
    match marks.as_slice() {
        // `SHA256:` and four symbols; the last four.
        [head @ .., _, _, _, _] if head.len() > 11 => {
            let begin: String = marks.iter().take(11).collect();
            let end: String = marks.iter().skip(head.len()).collect();
            format!("{begin}…{end}")
        }
        _ => fingerprint.to_owned(),
    }
}

/// Returns all keys of a person in a line.
pub(super) fn keys(detail: &Detail) -> String {
    match detail.keys.as_slice() {
        [] if detail.account.has_password => "none, a password".to_owned(),
        [] => "none".to_owned(),
        [one] => believed(one),
        [one, more @ ..] => format!("{} and {} more", believed(one), more.len()),
    }
}

/// Returns with what and when they were last seen.
pub(super) fn seen(detail: &Detail, view: &View<'_>) -> String {
    let client = detail
        .request
        .as_ref()
        .map_or("", |request| request.client.as_str());
    let call = detail.account.last_seen_at;
    match (client, call) {
        _ if detail.account.status == Status::Deleted => "forgotten".to_owned(),
        ("", _) if detail.is_on_line() => "now".to_owned(),
        (client, _) if detail.is_on_line() => format!("now, {client}"),
        ("", None) => "never called".to_owned(),
        ("", Some(at)) => view.date_of(at),
        (client, None) => client.to_owned(),
        (client, Some(at)) => format!("{}, {client}", view.age_of(at)),
    }
}

/// Returns since when they have an account, and by whose doing.
pub(super) fn since(detail: &Detail, view: &View<'_>) -> String {
    let day = view.day_of(detail.account.created_at);
    match &detail.ties.welcome {
        None => day,
        Some(Welcome::Made(by)) => format!("{day}, made by {by}"),
        Some(Welcome::LetIn(by)) => format!("{day}, let in by {by}"),
        Some(Welcome::Invited(by)) => format!("{day}, invited by {by}"),
    }
}

/// Returns for how long they have been on line, and where.
pub(super) fn session(caller: &Caller, view: &View<'_>) -> (String, String) {
    let present = &caller.present;
    let place = format!("{}, {}", present.place, present.client);
    (view.age_of(caller.since), place)
}

/// Returns how many invites stand how: `1 live, 2 used`.
pub(super) fn invite_counts(invites: &[Seen]) -> String {
    let count = |state| invites.iter().filter(|seen| seen.state == state).count();
    let counts = State::ALL.iter().map(|&state| (count(state), state));
    let counts = counts.filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts
        .map(|(count, state)| format!("{count} {state}"))
        .collect();
    counts.join(", ")
}

/// Returns how an invite stands, and who came with it.
pub(super) fn invite(seen: &Seen) -> (String, Token) {
    let by = match seen.redeemers.as_slice() {
        [] => String::new(),
        handles => format!(", by {}", handles.join(", ")),
    };
    let token = match seen.state {
        State::Live => Token::Good,
        _ => Token::Text,
    };
    (format!("{}{by}", seen.state), token)
}

/// Returns who looks after a request just now.
pub(super) fn claimed(detail: &Detail, view: &View<'_>) -> Option<String> {
    let claim = detail
        .claim
        .as_ref()
        .filter(|claim| claim.until > view.now)?;
    let is_waiting = detail.account.status == Status::Pending;
    is_waiting.then(|| format!("by {} until {}", claim.by, view.time_of(claim.until)))
}

/// Returns the last of what was asked and answered.
pub(super) fn asked(detail: &Detail) -> Option<(&'static str, String)> {
    let last = detail.conversation.last()?;
    let label = match last.side {
        Side::Staff => "asked",
        Side::Applicant => "answer",
    };
    let text = last.text.replace('\n', " ");
    Some((label, format!("{}: {text}", last.author)))
}

/// Returns a hint as a sentence.
pub(super) fn hint(hint: &Hint, view: &View<'_>) -> String {
    match hint {
        Hint::LooksLike(handles) => format!("looks like {}", handles.join(", ")),
        Hint::AddressKnown(handles) => format!("has the address of {}", handles.join(", ")),
        Hint::AskedBefore => "that handle asked before, and took it back".to_owned(),
        Hint::SameSource(handles) => {
            format!("from where {} came", handles.join(", "))
        }
        Hint::KeyOfShutOut(handles) => {
            format!("has a key of {}, who is shut out", handles.join(", "))
        }
        Hint::Disposable => "an address to be thrown away".to_owned(),
        Hint::AddressRefused => "nobody could register with this address now".to_owned(),
        Hint::DecidedBefore(earlier) => words::standing::rejected_before(
            &earlier.by,
            &view.day_of(earlier.at),
            earlier.reason.map(Reason::label),
        ),
    }
}

/// Returns everything that was written in the request: the message, and the
/// answers under their questions.
pub(super) fn request(detail: &Detail) -> String {
    let Some(request) = &detail.request else {
        return String::new();
    };
    let answers = request.answers.iter();
    let answers = answers.map(|(question, answer)| format!("\n{question}\n{answer}"));
    std::iter::once(request.message.clone())
        .chain(answers)
        .collect()
}
