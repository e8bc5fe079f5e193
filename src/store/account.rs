//! Accounts: finding, paging, making, and the conditional writes of the state
//! machine.

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::{Fault, Read, Tx, moment, named, request::Claim, stored};
use crate::domain::{
    account::{Origin, Role, Status},
    clock::Timestamp,
    email::Email,
    handle::Handle,
    id::{AccountId, InviteId},
    policy::Permit,
};

/// An account as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its row.
    pub id: AccountId,
    /// Its handle.
    pub handle: Handle,
    /// Where it stands.
    pub status: Status,
    /// Where it goes once its address is proven, while it must be.
    pub onward: Option<Status>,
    /// What it may do when active.
    pub role: Role,
    /// How it came to be.
    pub origin: Origin,
    /// Its address.
    pub email: Option<Email>,
    /// Whether the address was proven.
    pub email_proven: bool,
    /// Whether it has a password.
    pub has_password: bool,
    /// The handle of whoever invited it.
    pub invited_by: Option<Handle>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the status last changed.
    pub status_at: Timestamp,
    /// Who changed it.
    pub status_by: Option<String>,
    /// Why; the applicant may read it.
    pub status_reason: Option<String>,
    /// Until when (suspension).
    pub status_until: Option<Timestamp>,
    /// The last call.
    pub last_seen_at: Option<Timestamp>,
    /// Raised by every write a decision may hang on.
    pub rev: i64,
}

impl Account {
    /// Whether staff made it for somebody who has not activated it yet (T2):
    /// whoever registers themselves proves an address instead.
    pub fn is_prepared(&self) -> bool {
        let by_staff = matches!(self.origin, Origin::Operator | Origin::Import);
        self.status == Status::Unverified && by_staff
    }
}

/// The columns of [`Account`], in the order [`account`] reads them.
macro_rules! columns {
    () => {
        "a.id, a.handle, a.status, a.role, a.origin, a.email, a.email_proven_at IS NOT NULL,
         a.password IS NOT NULL, (SELECT i.handle FROM account i WHERE i.id = a.invited_by),
         a.created_at, a.status_at, a.status_by, a.status_reason, a.status_until,
         a.last_seen_at, a.rev, a.onward"
    };
}
pub(super) use columns;

/// How many columns [`columns`] names; what follows them starts here.
pub(super) const COLUMNS: usize = 17;

pub(super) fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    let text = |n: usize| row.get::<_, String>(n);
    Ok(Account {
        id: AccountId(row.get(0)?),
        handle: named(Handle::parse(&text(1)?).ok(), "handle")?,
        status: named(Status::named(&text(2)?), "status")?,
        role: named(Role::named(&text(3)?), "role")?,
        origin: named(Origin::named(&text(4)?), "origin")?,
        email: row
            .get::<_, Option<String>>(5)?
            .and_then(|email| Email::parse(&email).ok()),
        email_proven: row.get(6)?,
        has_password: row.get(7)?,
        invited_by: row
            .get::<_, Option<String>>(8)?
            .and_then(|handle| Handle::parse(&handle).ok()),
        created_at: moment(row.get(9)?),
        status_at: moment(row.get(10)?),
        status_by: row.get(11)?,
        status_reason: row.get(12)?,
        status_until: row.get::<_, Option<i64>>(13)?.map(moment),
        last_seen_at: row.get::<_, Option<i64>>(14)?.map(moment),
        rev: row.get(15)?,
        onward: row
            .get::<_, Option<String>>(16)?
            .and_then(|status| Status::named(&status)),
    })
}

/// Every authorisation asks this.
pub(super) const BY_ID: &str = concat!("SELECT ", columns!(), " FROM account a WHERE a.id = :id");

/// Returns the account of that row.
pub fn by_id(read: &impl Read, id: AccountId) -> Result<Option<Account>, Fault> {
    let mut statement = read.db().prepare_cached(BY_ID)?;
    Ok(statement
        .query_row(named_params! { ":id": id.0 }, account)
        .optional()?)
}

/// Every named call and every password asks this.
pub(super) const BY_HANDLE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM account a WHERE a.handle_key = :key"
);

/// Returns the account of that handle, whatever its state (H1).
pub fn by_handle(read: &impl Read, handle_key: &str) -> Result<Option<Account>, Fault> {
    let mut statement = read.db().prepare_cached(BY_HANDLE)?;
    Ok(statement
        .query_row(named_params! { ":key": handle_key }, account)
        .optional()?)
}

/// Returns the accounts of an address, oldest first: one, unless the board lets
/// several share it.
pub fn by_email(read: &impl Read, email: &Email) -> Result<Vec<Account>, Fault> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM account a WHERE a.email_key = :key ORDER BY a.id"
    );
    let mut statement = read.db().prepare_cached(SQL)?;
    let found = statement.query_map(named_params! { ":key": email.key() }, account)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Returns the account a wizard's submission has made already.
pub fn by_submission(read: &impl Read, submission: &[u8]) -> Result<Option<Account>, Fault> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM account a WHERE a.submission = :key"
    );
    let mut statement = read.db().prepare_cached(SQL)?;
    Ok(statement
        .query_row(named_params! { ":key": submission }, account)
        .optional()?)
}

/// Returns the password hash of an account.
pub fn password(read: &impl Read, id: AccountId) -> Result<Option<String>, Fault> {
    const SQL: &str = "SELECT password FROM account WHERE id = :id";
    let mut statement = read.db().prepare_cached(SQL)?;
    let found = statement.query_row(named_params! { ":id": id.0 }, |row| row.get(0));
    Ok(found.optional()?.flatten())
}

/// Every registration asks this.
pub(super) const EMAIL_IS_KNOWN: &str = "
    SELECT EXISTS (SELECT 1 FROM account WHERE email_key = :key AND id IS NOT :except)";

/// Whether some account has that address.
pub fn email_is_known(
    read: &impl Read,
    email: &Email,
    except: Option<AccountId>,
) -> Result<bool, Fault> {
    let params = named_params! { ":key": email.key(), ":except": except.map(|id| id.0) };
    Ok(read
        .db()
        .prepare_cached(EMAIL_IS_KNOWN)?
        .query_row(params, |row| row.get(0))?)
}

/// Returns whoever has an address besides `except`: not those who still have to
/// prove that it is theirs.
pub fn holder_of(
    read: &impl Read,
    email: &Email,
    except: Option<AccountId>,
) -> Result<Option<Account>, Fault> {
    let mut holders = by_email(read, email)?.into_iter();
    Ok(holders.find(|one| Some(one.id) != except && one.status != Status::Unverified))
}

/// Returns the member, besides `except`, who has proven an address.
pub fn proven_by_member(
    read: &impl Read,
    email: &Email,
    except: AccountId,
) -> Result<Option<String>, Fault> {
    const SQL: &str = "
        SELECT handle FROM account
        WHERE email_key = :key AND id <> :except AND email_proven_at IS NOT NULL
          AND status IN ('active', 'suspended') ORDER BY id LIMIT 1";
    let mut statement = read.db().prepare_cached(SQL)?;
    let params = named_params! { ":key": email.key(), ":except": except.0 };
    let found = statement.query_row(params, |row| row.get(0));
    Ok(found.optional()?)
}

/// Returns other accounts of the same address.
pub fn of_same_address(read: &impl Read, id: AccountId) -> Result<Vec<String>, Fault> {
    const SQL: &str = "
        SELECT other.handle FROM account self
        JOIN account other ON other.email_key = self.email_key AND other.id <> self.id
        WHERE self.id = :id ORDER BY other.id LIMIT 3";
    let mut statement = read.db().prepare_cached(SQL)?;
    let rows = statement
        .query_map(named_params! { ":id": id.0 }, |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Every look at a handle asks this.
pub(super) const STAFF_LOOKS_LIKE: &str = "
    SELECT EXISTS (SELECT 1 FROM account WHERE skeleton = :skeleton AND role <> 'user')";

/// Whether a member of staff has a handle that looks like this (H5).
pub fn staff_looks_like(read: &impl Read, skeleton: &str) -> Result<bool, Fault> {
    let params = named_params! { ":skeleton": skeleton };
    Ok(read
        .db()
        .prepare_cached(STAFF_LOOKS_LIKE)?
        .query_row(params, |row| row.get(0))?)
}

/// Returns other accounts whose handle looks like this one's.
pub fn look_alikes(read: &impl Read, skeleton: &str, id: AccountId) -> Result<Vec<String>, Fault> {
    const SQL: &str =
        "SELECT handle FROM account WHERE skeleton = :skeleton AND id <> :id ORDER BY id LIMIT 3";
    let mut statement = read.db().prepare_cached(SQL)?;
    let params = named_params! { ":skeleton": skeleton, ":id": id.0 };
    let rows = statement
        .query_map(params, |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Every welcome asks this.
pub(super) const ACTIVE_SYSOPS: &str = "
    SELECT count(*) FROM account INDEXED BY account_sysops
    WHERE role = 'sysop' AND status = 'active' AND id IS NOT :except";

/// How many active sysops there are besides `except`.
pub fn active_sysops(read: &impl Read, except: Option<AccountId>) -> Result<u32, Fault> {
    let params = named_params! { ":except": except.map(|id| id.0) };
    Ok(read
        .db()
        .prepare_cached(ACTIVE_SYSOPS)?
        .query_row(params, |row| row.get(0))?)
}

/// Every USERS page asks this, for each filter.
pub(super) const COUNT: &str = "SELECT n FROM account_count WHERE status = :status";

/// Returns since when the account waits that has stood longest in a status.
pub fn oldest_in(read: &impl Read, status: Status) -> Result<Option<Timestamp>, Fault> {
    const SQL: &str = "SELECT min(status_at) FROM account WHERE status = :status";
    let params = named_params! { ":status": status.name() };
    let oldest: Option<i64> = read
        .db()
        .prepare_cached(SQL)?
        .query_row(params, |row| row.get(0))?;
    Ok(oldest.map(moment))
}

/// Returns how many accounts stand in a status, from the counters.
pub fn count(read: &impl Read, status: Status) -> Result<u32, Fault> {
    let params = named_params! { ":status": status.name() };
    Ok(read
        .db()
        .prepare_cached(COUNT)?
        .query_row(params, |row| row.get(0))?)
}

/// Every request asks this.
pub(super) const PENDING_FROM: &str = "
    SELECT count(*) FROM account
    WHERE source = :source AND (status = 'pending' OR onward = 'pending')";

/// Returns how many requests wait from one source, or will once their address
/// is proven.
pub fn pending_from(read: &impl Read, source: &str) -> Result<u32, Fault> {
    let params = named_params! { ":source": source };
    Ok(read
        .db()
        .prepare_cached(PENDING_FROM)?
        .query_row(params, |row| row.get(0))?)
}

/// Returns handles of other accounts made from the same source.
pub fn from_same_source(read: &impl Read, id: AccountId) -> Result<Vec<String>, Fault> {
    const SQL: &str = "
        SELECT other.handle FROM account self
        JOIN account other ON other.source = self.source AND other.id <> self.id
        WHERE self.id = :id ORDER BY other.id DESC LIMIT 3";
    let mut statement = read.db().prepare_cached(SQL)?;
    let rows = statement
        .query_map(named_params! { ":id": id.0 }, |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// What a new account is made of.
#[derive(Debug)]
pub struct New<'a> {
    /// The handle.
    pub handle: &'a Handle,
    /// Where it begins.
    pub status: Status,
    /// Where it goes once its address is proven, if it must be.
    pub onward: Option<Status>,
    /// Its role.
    pub role: Role,
    /// How it came to be.
    pub origin: Origin,
    /// Its address.
    pub email: Option<&'a Email>,
    /// The hash of its password, a PHC string.
    pub password: Option<&'a str>,
    /// The invite it came with.
    pub invite: Option<InviteId>,
    /// Who made that invite.
    pub invited_by: Option<AccountId>,
    /// The wizard's own number.
    pub submission: Option<&'a [u8]>,
    /// Where it came from.
    pub source: Option<&'a str>,
}

/// Makes an account.
pub fn insert(tx: &Tx<'_>, new: &New<'_>) -> Result<AccountId, Fault> {
    const SQL: &str = "
        INSERT INTO account (handle, handle_key, skeleton, status, onward, role, origin, email,
            email_key, password, invite_id, invited_by, submission, source, created_at, status_at)
        VALUES (:handle, :handle_key, :skeleton, :status, :onward, :role, :origin, :email,
            :email_key, :password, :invite, :invited_by, :submission, :source, :now, :now)";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":handle": new.handle.as_str(),
        ":handle_key": new.handle.key(),
        ":skeleton": new.handle.skeleton(),
        ":status": new.status.name(),
        ":onward": new.onward.map(Status::name),
        ":role": new.role.name(),
        ":origin": new.origin.name(),
        ":email": new.email.map(Email::as_str),
        ":email_key": new.email.map(Email::key),
        ":password": new.password,
        ":invite": new.invite.map(|id| id.0),
        ":invited_by": new.invited_by.map(|id| id.0),
        ":submission": new.submission,
        ":source": new.source,
        ":now": stored(tx.now()),
    })?;
    Ok(AccountId(tx.db().last_insert_rowid()))
}

/// What a change of status leaves behind.
#[derive(Clone, Copy, Debug)]
pub struct Move<'a> {
    /// The account as it was read in this transaction.
    pub from: &'a Account,
    /// Where it goes.
    pub to: Status,
    /// The reason, if there is one.
    pub reason: Option<&'a str>,
    /// Until when, if it ends by itself.
    pub until: Option<Timestamp>,
}

/// Moves an account to another status if it still is as it was read; says
/// whether it was.
pub fn transit(tx: &Tx<'_>, permit: &Permit, change: Move<'_>) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE account
        SET status = :to, status_at = :now, status_by = :by, status_reason = :reason,
            status_until = :until, onward = NULL, rev = rev + 1
        WHERE id = :id AND status = :from AND rev = :rev";
    let changed = tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":id": change.from.id.0,
        ":from": change.from.status.name(),
        ":rev": change.from.rev,
        ":to": change.to.name(),
        ":now": stored(tx.now()),
        ":by": permit.name(),
        ":reason": change.reason,
        ":until": change.until.map(stored),
    })?;
    Ok(changed == 1)
}

/// Moves an unverified account on if it still is as it was read; says whether
/// it was. Nobody decided that, so nobody is noted.
pub fn go_onward(tx: &Tx<'_>, from: &Account) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE account SET status = onward, onward = NULL, status_at = :now, rev = rev + 1
        WHERE id = :id AND status = 'unverified' AND rev = :rev";
    let params = named_params! { ":id": from.id.0, ":rev": from.rev, ":now": stored(tx.now()) };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Changes a role if the account still is as it was read; says whether it was.
pub fn set_role(tx: &Tx<'_>, from: &Account, role: Role) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE account SET role = :role, rev = rev + 1
        WHERE id = :id AND status = 'active' AND rev = :rev";
    let params = named_params! { ":id": from.id.0, ":rev": from.rev, ":role": role.name() };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Replaces or removes an address, unproven.
pub fn set_email(tx: &Tx<'_>, id: AccountId, email: Option<&Email>) -> Result<(), Fault> {
    const SQL: &str = "
        UPDATE account
        SET email = :email, email_key = :key, email_proven_at = NULL, rev = rev + 1
        WHERE id = :id";
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":id": id.0, ":email": email.map(Email::as_str), ":key": email.map(Email::key),
    })?;
    Ok(())
}

/// Marks an account's address as proven.
pub fn prove_email(tx: &Tx<'_>, id: AccountId) -> Result<(), Fault> {
    const SQL: &str = "
        UPDATE account SET email_proven_at = :now, rev = rev + 1
        WHERE id = :id AND email IS NOT NULL";
    let params = named_params! { ":id": id.0, ":now": stored(tx.now()) };
    tx.db().prepare_cached(SQL)?.execute(params)?;
    Ok(())
}

/// Replaces or removes a password's hash.
pub fn set_password(tx: &Tx<'_>, id: AccountId, hash: Option<&str>) -> Result<(), Fault> {
    const SQL: &str = "UPDATE account SET password = :hash, rev = rev + 1 WHERE id = :id";
    tx.db()
        .prepare_cached(SQL)?
        .execute(named_params! { ":id": id.0, ":hash": hash })?;
    Ok(())
}

/// Replaces a hash by a stronger one of the same password (P10), if it is
/// still the one that was verified. Sessions need not hear of it.
pub fn rehash(tx: &Tx<'_>, id: AccountId, old: &str, new: &str) -> Result<(), Fault> {
    const SQL: &str = "UPDATE account SET password = :new WHERE id = :id AND password = :old";
    let params = named_params! { ":id": id.0, ":old": old, ":new": new };
    tx.db().prepare_cached(SQL)?.execute(params)?;
    Ok(())
}

/// Notes a call.
pub fn saw(tx: &Tx<'_>, id: AccountId) -> Result<(), Fault> {
    const SQL: &str = "UPDATE account SET last_seen_at = :now WHERE id = :id";
    let params = named_params! { ":id": id.0, ":now": stored(tx.now()) };
    tx.db().prepare_cached(SQL)?.execute(params)?;
    Ok(())
}

/// Removes an account that never got in; says whether it still was as read.
pub fn remove(tx: &Tx<'_>, from: &Account) -> Result<bool, Fault> {
    const SQL: &str = "DELETE FROM account WHERE id = :id AND status = :status AND rev = :rev";
    let params =
        named_params! { ":id": from.id.0, ":status": from.status.name(), ":rev": from.rev };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Asked every minute.
pub(super) const ENDED_SUSPENSIONS: &str = "
    SELECT id FROM account INDEXED BY account_by_end
    WHERE status_until <= :now AND status = 'suspended' ORDER BY status_until LIMIT 100";

/// Returns suspended accounts whose time is over.
pub fn ended_suspensions(read: &impl Read, now: Timestamp) -> Result<Vec<AccountId>, Fault> {
    let mut statement = read.db().prepare_cached(ENDED_SUSPENSIONS)?;
    let rows = statement
        .query_map(named_params! { ":now": stored(now) }, |row| {
            row.get(0).map(AccountId)
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Asked every hour.
pub(super) const UNPROVEN_SINCE: &str = "
    SELECT id FROM account INDEXED BY account_by_status
    WHERE status = 'unverified' AND status_at <= :limit
      AND origin IN ('open', 'invite', 'request') ORDER BY status_at LIMIT 100";

/// Returns accounts that somebody registered and whose address nobody has proven
/// since then; not those that an operator made.
pub fn unproven_since(read: &impl Read, limit: Timestamp) -> Result<Vec<AccountId>, Fault> {
    let mut statement = read.db().prepare_cached(UNPROVEN_SINCE)?;
    let rows = statement
        .query_map(named_params! { ":limit": stored(limit) }, |row| {
            row.get(0).map(AccountId)
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// A row of the USERS tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The account.
    pub account: Account,
    /// The beginning of the applicant's message.
    pub message: String,
    /// Whether it has a key that counts.
    pub has_key: bool,
    /// Until when the last decision about it can be taken back.
    pub undo_until: Option<Timestamp>,
    /// The beginning of the applicant's answer, if nobody has asked again since.
    pub answer: Option<String>,
    /// Who looked after the request last, be it over or not.
    pub claim: Option<Claim>,
}

/// Where a page of the USERS tab begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// At the oldest.
    Start,
    /// After this row.
    After(Timestamp, AccountId),
    /// Ends before this row (the page is still oldest first).
    Before(Timestamp, AccountId),
    /// Ends with the newest.
    End,
}

/// What [`Listed`] has besides the account, in the order [`listed`] reads it.
macro_rules! more {
    () => {
        "substr(coalesce(r.message, ''), 1, 200),
         EXISTS (SELECT 1 FROM public_key k WHERE k.account_id = a.id AND k.standing <> 'pasted'),
         (SELECT d.until FROM decision d WHERE d.account_id = a.id AND d.rev = a.rev),
         (SELECT CASE m.side WHEN 'applicant' THEN substr(m.text, 1, 200) END
          FROM request_message m WHERE m.account_id = a.id ORDER BY m.id DESC LIMIT 1),
         c.by, c.until"
    };
}

/// USERS, forwards.
pub(super) const PAGE_AFTER: &str = concat!(
    "SELECT ",
    columns!(),
    ", ",
    more!(),
    " FROM account a INDEXED BY account_by_status LEFT JOIN request r ON r.account_id = a.id
        LEFT JOIN request_claim c ON c.account_id = a.id
    WHERE a.status = :status AND (a.status_at, a.id) > (:at, :id)
    ORDER BY a.status_at, a.id LIMIT :rows"
);

/// USERS, backwards.
pub(super) const PAGE_BEFORE: &str = concat!(
    "SELECT ",
    columns!(),
    ", ",
    more!(),
    " FROM account a INDEXED BY account_by_status LEFT JOIN request r ON r.account_id = a.id
        LEFT JOIN request_claim c ON c.account_id = a.id
    WHERE a.status = :status AND (a.status_at, a.id) < (:at, :id)
    ORDER BY a.status_at DESC, a.id DESC LIMIT :rows"
);

/// Returns a page of accounts in a status, oldest first, by keyset: as quick at
/// 100 000 as at ten.
pub fn page(read: &impl Read, status: Status, from: From, rows: u32) -> Result<Vec<Listed>, Fault> {
    let (sql, at, id) = match from {
        From::Start => (PAGE_AFTER, i64::MIN, 0),
        From::After(at, id) => (PAGE_AFTER, stored(at), id.0),
        From::Before(at, id) => (PAGE_BEFORE, stored(at), id.0),
        From::End => (PAGE_BEFORE, i64::MAX, 0),
    };
    let mut statement = read.db().prepare_cached(sql)?;
    let params = named_params! { ":status": status.name(), ":at": at, ":id": id, ":rows": rows };
    let mut page = statement
        .query_map(params, listed)?
        .collect::<Result<Vec<_>, _>>()?;
    if matches!(from, From::Before(..) | From::End) {
        page.reverse();
    }
    Ok(page)
}

fn listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    Ok(Listed {
        account: account(row)?,
        message: row.get(COLUMNS)?,
        has_key: row.get(COLUMNS + 1)?,
        undo_until: row.get::<_, Option<i64>>(COLUMNS + 2)?.map(moment),
        answer: row.get(COLUMNS + 3)?,
        claim: match (
            row.get(COLUMNS + 4)?,
            row.get::<_, Option<i64>>(COLUMNS + 5)?,
        ) {
            (Some(by), Some(until)) => Some(Claim {
                by,
                until: moment(until),
            }),
            _ => None,
        },
    })
}

/// USERS, narrowed.
pub(super) const FIND: &str = concat!(
    "SELECT ",
    columns!(),
    ", ",
    more!(),
    " FROM account a LEFT JOIN request r ON r.account_id = a.id
        LEFT JOIN request_claim c ON c.account_id = a.id
    WHERE a.id IN (
        SELECT id FROM account
        WHERE status = :status AND handle_key >= :from AND handle_key < :until
        UNION
        SELECT id FROM account
        WHERE :addresses AND status = :status AND email_key >= :from AND email_key < :until)
    ORDER BY a.status_at, a.id LIMIT :rows"
);

/// Returns accounts in a status whose handle (or, for whoever may see them,
/// address) begins with `prefix`.
pub fn find(
    read: &impl Read,
    status: Status,
    prefix: &str,
    addresses: bool,
    rows: u32,
) -> Result<Vec<Listed>, Fault> {
    let prefix = prefix.to_lowercase();
    // Handles and addresses are ASCII: everything that begins with the prefix
    // is below the prefix and one greater character.
    let until = format!("{prefix}\u{10ffff}");
    let mut statement = read.db().prepare_cached(FIND)?;
    let params = named_params! {
        ":status": status.name(), ":from": prefix, ":until": until,
        ":addresses": addresses, ":rows": rows,
    };
    let rows = statement
        .query_map(params, listed)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
