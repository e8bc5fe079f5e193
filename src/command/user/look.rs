//! Looking at accounts and their sessions. Nothing is changed here but lines
//! that are ended.

use std::collections::BTreeMap;

use crate::{
    app::{
        Bbs,
        queue::{Detail, FILTERS, Hint},
    },
    command::{
        Desk,
        failure::Failure,
        out::{sheet, table},
        shape::{Factor, Key, LetterOf, Moment, Session, User},
    },
    domain::{account::Status, conversation::Side, id::AccountId},
    store::account::{Account, From as Page, Listed},
    words,
};

/// Accounts read at a time.
const ROWS: u32 = 200;

/// Returns everything about the account of a handle.
pub(in crate::command) async fn find(desk: &Desk<'_>, handle: &str) -> Result<Detail, Failure> {
    let id = desk.bbs.find_user(desk.actor, handle).await?;
    Ok(desk.bbs.user(desk.actor, id).await?)
}

/// Returns how many sessions each account has.
fn on_line(bbs: &Bbs) -> BTreeMap<AccountId, usize> {
    let mut counts = BTreeMap::new();
    for id in bbs
        .hub()
        .everybody()
        .iter()
        .filter_map(|one| one.actor.account())
    {
        *counts.entry(id).or_default() += 1;
    }
    counts
}

/// Describes an account for the answer.
pub(super) fn described(bbs: &Bbs, detail: &Detail) -> User {
    let keys = detail.keys.iter().map(Key::from).collect();
    let sessions = on_line(bbs).remove(&detail.account.id);
    User {
        letter: detail.letter.as_ref().map(LetterOf::from),
        ..User::new(&detail.account, keys, sessions.unwrap_or_default())
    }
}

pub(super) async fn list(desk: &mut Desk<'_>, status: Option<Status>) -> Result<(), Failure> {
    let statuses = status.as_ref().map_or(FILTERS, std::slice::from_ref);
    let mut rows = Vec::new();
    for &status in statuses {
        let mut from = Page::Start;
        loop {
            let page = desk
                .bbs
                .list_users(desk.actor, status, "", from, ROWS)
                .await?
                .rows;
            let Some(last) = page.last() else { break };
            from = Page::After(last.account.status_at, last.account.id);
            rows.extend(page);
        }
    }
    if rows.is_empty() {
        desk.out.note(&words::command::nothing());
    }
    let mut users = Vec::new();
    if desk.out.is_json() {
        let counts = on_line(desk.bbs);
        for Listed { account, .. } in &rows {
            let detail = desk.bbs.user(desk.actor, account.id).await?;
            let keys = detail.keys.iter().map(Key::from).collect();
            let sessions = counts.get(&account.id).copied().unwrap_or_default();
            users.push(User {
                letter: detail.letter.as_ref().map(LetterOf::from),
                ..User::new(account, keys, sessions)
            });
        }
    }
    desk.out.many(&users, |_| listed(&rows));
    Ok(())
}

fn listed(rows: &[Listed]) -> String {
    let row = |listed: &Listed| {
        let account = &listed.account;
        let via = account.invited_by.as_ref();
        let email = account
            .email
            .as_ref()
            .map(|email| email.as_str().to_owned());
        [
            account.handle.to_string(),
            account.status.to_string(),
            account.role.to_string(),
            via.map_or_else(|| account.origin.to_string(), ToString::to_string),
            Moment(account.status_at).to_string(),
            seen(account),
            email.unwrap_or_default(),
        ]
    };
    let rows: Vec<_> = rows.iter().map(row).collect();
    table(
        [
            "HANDLE",
            "STATUS",
            "ROLE",
            "VIA",
            "SINCE",
            "LAST CALL",
            "E-MAIL",
        ],
        &rows,
    )
}

fn seen(account: &Account) -> String {
    let seen = account.last_seen_at.map(|at| Moment(at).to_string());
    seen.unwrap_or_else(|| "never".to_owned())
}

pub(super) async fn show(desk: &mut Desk<'_>, handle: &str) -> Result<(), Failure> {
    let detail = find(desk, handle).await?;
    let user = described(desk.bbs, &detail);
    desk.out.one(&user, |user| shown(user, &detail));
    Ok(())
}

fn shown(user: &User, detail: &Detail) -> String {
    let account = &detail.account;
    let mut lines = vec![
        ("handle", user.handle.clone()),
        ("status", account.status.to_string()),
        ("since", Moment(account.status_at).to_string()),
    ];
    let mut add = |name, value: Option<String>| lines.extend(value.map(|value| (name, value)));
    add("by", account.status_by.clone());
    add("reason", account.status_reason.clone());
    add(
        "until",
        account.status_until.map(|at| Moment(at).to_string()),
    );
    add("role", Some(account.role.to_string()));
    add("origin", Some(account.origin.to_string()));
    add("invited by", user.invited_by.clone());
    add("e-mail", user.email.clone());
    add("letter", user.letter.as_ref().map(LetterOf::words));
    add(
        "password",
        Some(if user.has_password { "yes" } else { "no" }.to_owned()),
    );
    let factor = Factor::new(&account.handle, &detail.factor);
    add("two-factor", Some(factor.words()));
    add("made", Some(user.created_at.to_string()));
    add("last call", Some(seen(account)));
    add("sessions", Some(user.sessions.to_string()));
    for key in &user.keys {
        add("key", Some(key.line()));
    }
    if let Some(request) = &detail.request {
        add("message", Some(request.message.clone()));
        for (question, answer) in &request.answers {
            add("answer", Some(format!("{question}\n{answer}")));
        }
    }
    if account.status == Status::Pending {
        let claim = detail.claim.as_ref();
        add(
            "claimed",
            claim.map(|claim| format!("by {} until {}", claim.by, Moment(claim.until))),
        );
    }
    for hint in &detail.hints {
        add("hint", Some(hinted(hint)));
    }
    for message in &detail.conversation {
        let name = match message.side {
            Side::Staff => "asked",
            Side::Applicant => "answer",
        };
        let (at, author, text) = (Moment(message.at), &message.author, &message.text);
        add(name, Some(format!("{at} {author}: {text}")));
    }
    for note in &detail.notes {
        add(
            "note",
            Some(format!(
                "{} {}: {}",
                Moment(note.at),
                note.author,
                note.text
            )),
        );
    }
    sheet(&lines)
}

fn hinted(hint: &Hint) -> String {
    match hint {
        Hint::LooksLike(handles) => format!("looks like {}", handles.join(", ")),
        Hint::AddressKnown(handles) => format!("has the address of {}", handles.join(", ")),
        Hint::AskedBefore => "asked before, and took it back".to_owned(),
        Hint::SameSource(handles) => format!("same network as {}", handles.join(", ")),
        Hint::KeyOfShutOut(handles) => {
            format!("shares a key with {}, shut out", handles.join(", "))
        }
        Hint::Disposable => "an address to be thrown away".to_owned(),
        Hint::AddressRefused => "nobody could register with this address now".to_owned(),
        Hint::DecidedBefore(by) => format!("decided about before by {by}"),
    }
}

pub(super) async fn sessions(desk: &mut Desk<'_>, handle: &str, kill: bool) -> Result<(), Failure> {
    let detail = find(desk, handle).await?;
    let (id, clock) = (detail.account.id, desk.bbs.clock());
    let (now, tick) = (clock.now(), clock.tick());
    let everybody = desk.bbs.hub().everybody();
    let own = everybody
        .iter()
        .filter(|one| one.actor.account() == Some(id));
    let mut sessions: Vec<_> = own.map(|one| Session::new(one, now, tick)).collect();
    if !detail.powers.private {
        for session in &mut sessions {
            session.source = None;
        }
    }
    if kill {
        let ended = desk.bbs.end_sessions_of(desk.actor, id).await?;
        desk.out.note(&words::command::ended(ended));
    } else if sessions.is_empty() {
        desk.out.note(&words::command::nothing());
    }
    desk.out.many(&sessions, |sessions| {
        let row = |session: &Session| {
            [
                session.id.to_string(),
                session.began_at.to_string(),
                session.place.clone(),
                session.client.clone(),
                session.source.clone().unwrap_or_default(),
            ]
        };
        let rows: Vec<_> = sessions.iter().map(row).collect();
        table(["ID", "SINCE", "WHERE", "CLIENT", "FROM"], &rows)
    });
    Ok(())
}
