//! Looking at accounts and their sessions. Nothing is changed here but lines
//! that are ended.

use crate::{
    app::{
        activation::Standing,
        hub::Which,
        queue::{Detail, FILTERS, Hint, Reason},
    },
    command::{
        Desk, DryRun,
        failure::Failure,
        out::{sheet, table},
        shape::{Factor, LetterOf, Moment, Session, User},
    },
    domain::{account::Status, conversation::Side},
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

pub(super) async fn list(desk: &mut Desk<'_>, status: Option<Status>) -> Result<(), Failure> {
    let statuses = status.as_ref().map_or(FILTERS, std::slice::from_ref);
    let mut rows = Vec::new();
    let mut sees_addresses = false;
    for &status in statuses {
        let mut from = Page::Start;
        loop {
            let page = desk.bbs.list_users(desk.actor, status, "", from, ROWS);
            let page = page.await?;
            sees_addresses = page.powers.private;
            let Some(last) = page.rows.last() else { break };
            from = Page::After(last.account.status_at, last.account.id);
            rows.extend(page.rows);
        }
    }
    if rows.is_empty() {
        desk.out.note(&words::command::nothing());
    }
    let mut users = Vec::new();
    if desk.out.is_json() {
        for Listed { account, .. } in &rows {
            users.push(User::whole(&desk.bbs.user(desk.actor, account.id).await?));
        }
    }
    desk.out.many(&users, |_| listed(&rows, sees_addresses));
    Ok(())
}

/// Returns accounts as a table; whoever sees no addresses gets no column of
/// them.
fn listed(rows: &[Listed], sees_addresses: bool) -> String {
    let row = |listed: &Listed| {
        let account = &listed.account;
        let via = match &account.invited_by {
            _ if account.is_prepared() => words::activation::via().to_owned(),
            Some(inviter) => inviter.to_string(),
            None => account.origin.to_string(),
        };
        [
            account.handle.to_string(),
            account.status.to_string(),
            account.role.to_string(),
            via,
            Moment(account.status_at).to_string(),
            seen(account),
        ]
    };
    let titles = ["HANDLE", "STATUS", "ROLE", "VIA", "SINCE", "LAST CALL"];
    if !sees_addresses {
        let rows: Vec<_> = rows.iter().map(row).collect();
        return table(titles, &rows);
    }
    let [handle, status, role, via, since, last] = titles;
    let row = |listed: &Listed| {
        let [handle, status, role, via, since, last] = row(listed);
        let email = listed.account.email.as_ref();
        let email = email.map_or_else(String::new, |email| email.as_str().to_owned());
        [handle, status, role, via, since, last, email]
    };
    let rows: Vec<_> = rows.iter().map(row).collect();
    table([handle, status, role, via, since, last, "E-MAIL"], &rows)
}

fn seen(account: &Account) -> String {
    let seen = account.last_seen_at.map(|at| Moment(at).to_string());
    seen.unwrap_or_else(|| "never".to_owned())
}

pub(super) async fn show(desk: &mut Desk<'_>, handle: &str) -> Result<(), Failure> {
    let detail = find(desk, handle).await?;
    let user = User::whole(&detail);
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
    if let Some(standing) = &detail.activation {
        let until = user
            .activation
            .as_ref()
            .and_then(|one| one.expires_at.as_ref());
        let until = until.map(ToString::to_string);
        add("code", Some(activation_words(standing, until.as_deref())));
    }
    add("invited by", user.invited_by.clone());
    add("let in by", user.created_by.clone());
    add("e-mail", user.email.clone());
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
    for seen in &detail.ties.invites {
        let by = match seen.redeemers.as_slice() {
            [] => String::new(),
            handles => format!(" by {}", handles.join(", ")),
        };
        add(
            "invite",
            Some(format!("{} {}{by}", seen.invite.number(), seen.state)),
        );
    }
    for letter in &detail.ties.letters {
        let (at, what) = (Moment(letter.created_at), LetterOf::from(letter).words());
        add("letter", Some(format!("{at} {what}")));
    }
    sheet(&lines)
}

fn activation_words(standing: &Standing, until: Option<&str>) -> String {
    match standing {
        Standing::None => words::activation::none().to_owned(),
        Standing::Newest(invite, state) => {
            words::activation::standing(*state, invite.hint.as_deref(), until)
        }
    }
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
        Hint::DecidedBefore(earlier) => words::standing::rejected_before(
            &earlier.by,
            &Moment(earlier.at).to_string(),
            earlier.reason.map(Reason::label),
        ),
    }
}

pub(super) async fn sessions(
    desk: &mut Desk<'_>,
    handle: &str,
    kill: Option<Which>,
    dry: DryRun,
) -> Result<(), Failure> {
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
    if let Some(which) = kill {
        let board = desk.board(dry);
        let ended = board.end_sessions_of(desk.actor, id, which).await?;
        if let Which::One(session) = which {
            sessions.retain(|one| one.id == session.0);
        }
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
