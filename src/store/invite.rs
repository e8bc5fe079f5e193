//! Invites: the conditional write that redeems one, and the lists.

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::{Fault, Read, Tx, moment, named, stored};
use crate::domain::{
    account::Role,
    clock::Timestamp,
    email::{DomainName, Email},
    handle::Handle,
    id::{AccountId, InviteId},
    invite::{Bearer, Mailbox, State, Whom},
    registration::Admission,
};

/// An invite. Its code is known to nobody but whoever got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Its row; people see `inv-1042`.
    pub id: InviteId,
    /// The last two symbols of its code; nothing if its codes go by letter.
    pub hint: Option<String>,
    /// Who made it; nobody is the console.
    pub issuer: Option<Issuer>,
    /// The issuer's private note.
    pub note: String,
    /// What whoever comes with it reads.
    pub message: String,
    /// Whom it lets in.
    pub whom: Whom,
    /// The role it gives.
    pub role: Role,
    /// Whether a sysop still decides.
    pub admission: Admission,
    /// How often it may be used; nothing is any number of times.
    pub max_uses: Option<u32>,
    /// How often it was.
    pub uses: u32,
    /// From when on it works.
    pub not_before: Option<Timestamp>,
    /// From when on it does not.
    pub expires_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// Who took it back.
    pub revoked_by: Option<String>,
    /// Since when it waits to be thawed.
    pub frozen_at: Option<Timestamp>,
}

/// Who made an invite, as they stand now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// The account.
    pub id: AccountId,
    /// Its handle.
    pub handle: String,
    /// Whether it is active.
    pub active: bool,
    /// Its role.
    pub role: Role,
}

/// Returns the number by which people know an invite.
pub fn number(id: InviteId) -> String {
    format!("inv-{id}")
}

impl Invite {
    /// Whether nobody has its code but who gets the letters: whoever comes with
    /// it has proven the address it is for.
    pub const fn is_by_letter(&self) -> bool {
        self.hint.is_none()
    }

    /// Returns the number people see.
    pub fn number(&self) -> String {
        number(self.id)
    }

    /// Returns where it stands; `may_invite` is the least role that may invite.
    pub fn state(&self, now: Timestamp, may_invite: Role) -> State {
        let least = self.whom.issuer_needs(may_invite);
        if self.revoked_at.is_some() {
            State::Revoked
        } else if self.max_uses.is_some_and(|most| self.uses >= most) {
            State::Used
        } else if self.expires_at.is_some_and(|end| end <= now) {
            State::Expired
        } else if self.frozen_at.is_some()
            || self.not_before.is_some_and(|start| start > now)
            || self
                .issuer
                .as_ref()
                .is_some_and(|issuer| !issuer.active || issuer.role < least)
        {
            State::Frozen
        } else {
            State::Live
        }
    }
}

/// The columns of [`Invite`], in the order [`invite`] reads them.
macro_rules! columns {
    () => {
        "i.id, i.hint, i.issuer_id, a.handle, a.status = 'active', a.role, i.note, i.role,
         i.admission, i.max_uses, i.uses, i.not_before, i.expires_at, i.created_at,
         i.revoked_at, i.revoked_by, i.frozen_at, i.message, i.bound_email, i.bound_domain,
         i.bound_handle, i.bound_account,
         (SELECT p.handle FROM account p WHERE p.id = i.bound_account)"
    };
}
pub(super) use columns;

pub(super) fn invite(row: &Row<'_>) -> rusqlite::Result<Invite> {
    let issuer = match row.get::<_, Option<i64>>(2)? {
        None => None,
        Some(id) => Some(Issuer {
            id: AccountId(id),
            handle: row.get(3)?,
            active: row.get(4)?,
            role: named(Role::named(&row.get::<_, String>(5)?), "role")?,
        }),
    };
    let time = |n: usize| row.get::<_, Option<i64>>(n).map(|at| at.map(moment));
    Ok(Invite {
        id: InviteId(row.get(0)?),
        hint: row.get(1)?,
        issuer,
        note: row.get(6)?,
        role: named(Role::named(&row.get::<_, String>(7)?), "role")?,
        admission: named(Admission::named(&row.get::<_, String>(8)?), "admission")?,
        max_uses: row.get(9)?,
        uses: row.get(10)?,
        not_before: time(11)?,
        expires_at: time(12)?,
        created_at: moment(row.get(13)?),
        revoked_at: time(14)?,
        revoked_by: row.get(15)?,
        frozen_at: time(16)?,
        message: row.get(17)?,
        whom: whom(row)?,
    })
}

fn whom(row: &Row<'_>) -> rusqlite::Result<Whom> {
    Ok(match row.get::<_, Option<i64>>(21)? {
        Some(id) => Whom::Prepared {
            id: AccountId(id),
            handle: named(Handle::parse(&row.get::<_, String>(22)?).ok(), "handle")?,
        },
        None => Whom::Newcomer(bearer(row)?),
    })
}

fn bearer(row: &Row<'_>) -> rusqlite::Result<Bearer> {
    let text = |n: usize| row.get::<_, Option<String>>(n);
    let email = text(18)?.map(|text| named(Email::parse(&text).ok(), "address"));
    let domain = text(19)?.map(|text| named(DomainName::parse(&text).ok(), "domain"));
    let handle = text(20)?.map(|text| named(Handle::parse(&text).ok(), "handle"));
    let mailbox = match (email.transpose()?, domain.transpose()?) {
        (Some(email), _) => Some(Mailbox::At(email)),
        (None, domain) => domain.map(Mailbox::Under),
    };
    Ok(Bearer {
        mailbox,
        handle: handle.transpose()?,
    })
}

/// What a new invite is made of.
#[derive(Debug)]
pub struct New<'a> {
    /// The last two symbols of the code that is shown, if one is.
    pub hint: Option<&'a str>,
    /// Who makes it; nobody is the console.
    pub issuer: Option<AccountId>,
    /// A private note.
    pub note: &'a str,
    /// What whoever comes with it reads.
    pub message: &'a str,
    /// Whom it lets in.
    pub whom: &'a Whom,
    /// The role it gives.
    pub role: Role,
    /// Whether a sysop still decides.
    pub admission: Admission,
    /// How often it may be used.
    pub max_uses: Option<u32>,
    /// From when on it works.
    pub not_before: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// Makes an invite, as yet without a code.
pub fn insert(tx: &Tx<'_>, new: &New<'_>) -> Result<InviteId, Fault> {
    const SQL: &str = "
        INSERT INTO invite (hint, issuer_id, note, message, role, admission, max_uses,
            not_before, expires_at, created_at, bound_email, bound_email_key, bound_domain,
            bound_handle, bound_account)
        VALUES (:hint, :issuer, :note, :message, :role, :admission, :max_uses,
            :not_before, :expires_at, :now, :email, :email_key, :domain, :handle, :account)";
    let (bearer, account) = match new.whom {
        Whom::Newcomer(bearer) => (Some(bearer), None),
        Whom::Prepared { id, .. } => (None, Some(id.0)),
    };
    let (email, domain) = match bearer.and_then(|bearer| bearer.mailbox.as_ref()) {
        Some(Mailbox::At(email)) => (Some(email), None),
        Some(Mailbox::Under(domain)) => (None, Some(domain.as_str())),
        Some(Mailbox::Withheld) | None => (None, None),
    };
    let handle = bearer.and_then(|bearer| bearer.handle.as_ref());
    tx.db().prepare_cached(SQL)?.execute(named_params! {
        ":hint": new.hint,
        ":issuer": new.issuer.map(|id| id.0),
        ":note": new.note,
        ":message": new.message,
        ":role": new.role.name(),
        ":admission": new.admission.name(),
        ":max_uses": new.max_uses,
        ":not_before": new.not_before.map(stored),
        ":expires_at": new.expires_at.map(stored),
        ":now": stored(tx.now()),
        ":email": email.map(Email::as_str),
        ":email_key": email.map(Email::key),
        ":domain": domain,
        ":handle": handle.map(Handle::as_str),
        ":account": account,
    })?;
    Ok(InviteId(tx.db().last_insert_rowid()))
}

/// Gives an invite one more code.
pub fn add_code(tx: &Tx<'_>, id: InviteId, hash: &[u8]) -> Result<(), Fault> {
    const SQL: &str = "INSERT INTO invite_code (hash, invite_id) VALUES (:hash, :id)";
    let params = named_params! { ":hash": hash, ":id": id.0 };
    tx.db().prepare_cached(SQL)?.execute(params)?;
    Ok(())
}

/// Every code asks this.
pub(super) const BY_HASH: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM invite_code c JOIN invite i ON i.id = c.invite_id
    LEFT JOIN account a ON a.id = i.issuer_id
    WHERE c.hash = :hash"
);

/// Returns the invite that has a code of that hash.
pub fn by_hash(read: &impl Read, hash: &[u8]) -> Result<Option<Invite>, Fault> {
    let mut statement = read.db().prepare_cached(BY_HASH)?;
    Ok(statement
        .query_row(named_params! { ":hash": hash }, invite)
        .optional()?)
}

/// Returns the invite of that number.
pub fn by_id(read: &impl Read, id: InviteId) -> Result<Option<Invite>, Fault> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM invite i LEFT JOIN account a ON a.id = i.issuer_id
        WHERE i.id = :id"
    );
    let mut statement = read.db().prepare_cached(SQL)?;
    Ok(statement
        .query_row(named_params! { ":id": id.0 }, invite)
        .optional()?)
}

/// Returns a page of invites, newest first: everybody's, or one issuer's.
pub fn page(
    read: &impl Read,
    issuer: Option<AccountId>,
    before: Option<InviteId>,
    rows: u32,
) -> Result<Vec<Invite>, Fault> {
    const ALL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM invite i LEFT JOIN account a ON a.id = i.issuer_id
        WHERE i.id < :before ORDER BY i.id DESC LIMIT :rows"
    );
    const OWN: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM invite i LEFT JOIN account a ON a.id = i.issuer_id
        WHERE i.issuer_id = :issuer AND i.id < :before ORDER BY i.id DESC LIMIT :rows"
    );
    let before = before.map_or(i64::MAX, |id| id.0);
    let rows = match issuer {
        None => read
            .db()
            .prepare_cached(ALL)?
            .query_map(named_params! { ":before": before, ":rows": rows }, invite)?
            .collect::<Result<Vec<_>, _>>()?,
        Some(id) => read
            .db()
            .prepare_cached(OWN)?
            .query_map(
                named_params! { ":issuer": id.0, ":before": before, ":rows": rows },
                invite,
            )?
            .collect::<Result<Vec<_>, _>>()?,
    };
    Ok(rows)
}

/// Every redemption runs this.
pub(super) const USE_ONCE: &str = "
    UPDATE invite SET uses = uses + 1
    WHERE id = :id
      AND revoked_at IS NULL
      AND frozen_at IS NULL
      AND (max_uses IS NULL OR uses < max_uses)
      AND (not_before IS NULL OR not_before <= :now)
      AND (expires_at IS NULL OR expires_at > :now)
      AND (issuer_id IS NULL OR EXISTS (
            SELECT 1 FROM account a
            WHERE a.id = issuer_id AND a.status = 'active'
              AND CASE a.role WHEN 'user' THEN 0 WHEN 'mod' THEN 1 ELSE 2 END >= :rank))
      AND (bound_account IS NULL OR EXISTS (
            SELECT 1 FROM account a WHERE a.id = bound_account AND a.status = 'unverified'))";

/// Uses an invite once, if every condition holds now (K3). Says whether it did.
pub fn use_once(tx: &Tx<'_>, invite: &Invite, may_invite: Role) -> Result<bool, Fault> {
    let rank: u8 = match invite.whom.issuer_needs(may_invite) {
        Role::User => 0,
        Role::Mod => 1,
        Role::Sysop => 2,
    };
    let params = named_params! { ":id": invite.id.0, ":now": stored(tx.now()), ":rank": rank };
    Ok(tx.db().prepare_cached(USE_ONCE)?.execute(params)? == 1)
}

/// Notes who used an invite. The use is held as long as the account has to prove
/// its address.
pub fn redeemed(tx: &Tx<'_>, id: InviteId, account: AccountId) -> Result<(), Fault> {
    const SQL: &str = "
        INSERT INTO redemption (invite_id, account_id, at, state)
        SELECT :invite, id, :now,
            CASE status WHEN 'unverified' THEN 'held' ELSE 'completed' END
        FROM account WHERE id = :account";
    let params = named_params! { ":invite": id.0, ":account": account.0, ":now": stored(tx.now()) };
    tx.db().prepare_cached(SQL)?.execute(params)?;
    Ok(())
}

/// Completes the use that was held for an account (T4, T5).
pub fn complete(tx: &Tx<'_>, account: AccountId) -> Result<(), Fault> {
    const SQL: &str = "
        UPDATE redemption SET state = 'completed' WHERE account_id = :account AND state = 'held'";
    let params = named_params! { ":account": account.0 };
    tx.db().prepare_cached(SQL)?.execute(params)?;
    Ok(())
}

/// Gives the use back that an account took (T6, T9).
pub fn give_back(tx: &Tx<'_>, account: AccountId) -> Result<(), Fault> {
    const RETURN: &str = "
        UPDATE invite SET uses = uses - 1
        WHERE id IN (SELECT invite_id FROM redemption
                     WHERE account_id = :account AND state <> 'returned')";
    const NOTE: &str = "UPDATE redemption SET state = 'returned' WHERE account_id = :account";
    let params = named_params! { ":account": account.0 };
    tx.db().prepare_cached(RETURN)?.execute(params)?;
    tx.db().prepare_cached(NOTE)?.execute(params)?;
    Ok(())
}

/// Returns the handles of those who used an invite.
pub fn redeemers(read: &impl Read, id: InviteId) -> Result<Vec<String>, Fault> {
    const SQL: &str = "
        SELECT a.handle FROM redemption r JOIN account a ON a.id = r.account_id
        WHERE r.invite_id = :id AND r.state <> 'returned' ORDER BY r.id LIMIT 100";
    let mut statement = read.db().prepare_cached(SQL)?;
    let rows = statement
        .query_map(named_params! { ":id": id.0 }, |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Takes an invite back, if it was not already; says whether.
pub fn revoke(tx: &Tx<'_>, id: InviteId, by: &str, why: Option<&str>) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE invite SET revoked_at = :now, revoked_by = :by, revoked_why = :why
        WHERE id = :id AND revoked_at IS NULL";
    let params = named_params! { ":id": id.0, ":now": stored(tx.now()), ":by": by, ":why": why };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Gives an invite another end, if it still has the one that was read; says
/// whether.
pub fn extend(tx: &Tx<'_>, from: &Invite, end: Timestamp) -> Result<bool, Fault> {
    const SQL: &str = "
        UPDATE invite SET expires_at = :end, reminded_at = NULL
        WHERE id = :id AND expires_at IS :before AND revoked_at IS NULL
          AND (max_uses IS NULL OR uses < max_uses)";
    let params = named_params! {
        ":id": from.id.0, ":end": stored(end), ":before": from.expires_at.map(stored),
    };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Returns an invite that goes to an address by letter and can be used, or will
/// be.
pub fn out_by_letter(
    read: &impl Read,
    email: &Email,
    now: Timestamp,
) -> Result<Option<Invite>, Fault> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM invite i LEFT JOIN account a ON a.id = i.issuer_id
        WHERE i.bound_email_key = :email AND i.hint IS NULL AND i.revoked_at IS NULL
          AND (i.max_uses IS NULL OR i.uses < i.max_uses)
          AND (i.expires_at IS NULL OR i.expires_at > :now)
        ORDER BY i.id LIMIT 1"
    );
    let mut statement = read.db().prepare_cached(SQL)?;
    let params = named_params! { ":email": email.key(), ":now": stored(now) };
    Ok(statement.query_row(params, invite).optional()?)
}

/// Returns invites by letter that were made before `made` and end before `end`,
/// which whoever gets them was not told yet.
pub fn to_remind(
    read: &impl Read,
    now: Timestamp,
    end: Timestamp,
    made: Timestamp,
) -> Result<Vec<Invite>, Fault> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM invite i LEFT JOIN account a ON a.id = i.issuer_id
        WHERE i.hint IS NULL AND i.reminded_at IS NULL AND i.revoked_at IS NULL
          AND (i.max_uses IS NULL OR i.uses < i.max_uses)
          AND i.expires_at > :now AND i.expires_at <= :end AND i.created_at <= :made
        ORDER BY i.id LIMIT 100"
    );
    let mut statement = read.db().prepare_cached(SQL)?;
    let params = named_params! {
        ":now": stored(now), ":end": stored(end), ":made": stored(made),
    };
    let rows = statement.query_map(params, invite)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes that whoever an invite is for was told that it ends.
pub fn reminded(tx: &Tx<'_>, id: InviteId) -> Result<(), Fault> {
    const SQL: &str = "UPDATE invite SET reminded_at = :now WHERE id = :id";
    let params = named_params! { ":id": id.0, ":now": stored(tx.now()) };
    tx.db().prepare_cached(SQL)?.execute(params)?;
    Ok(())
}

/// Freezes every code that could still be used; returns how many.
pub fn freeze(tx: &Tx<'_>) -> Result<usize, Fault> {
    const SQL: &str = "
        UPDATE invite SET frozen_at = :now
        WHERE frozen_at IS NULL AND revoked_at IS NULL
          AND (max_uses IS NULL OR uses < max_uses)
          AND (expires_at IS NULL OR expires_at > :now)";
    let params = named_params! { ":now": stored(tx.now()) };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)?)
}

/// Thaws a code, if it waits for that; says whether.
pub fn thaw(tx: &Tx<'_>, id: InviteId) -> Result<bool, Fault> {
    const SQL: &str = "UPDATE invite SET frozen_at = NULL WHERE id = :id AND frozen_at IS NOT NULL";
    let params = named_params! { ":id": id.0 };
    Ok(tx.db().prepare_cached(SQL)?.execute(params)? == 1)
}

/// Returns the codes that wait to be thawed and could be used then, and who
/// made them.
pub fn frozen(
    read: &impl Read,
    now: Timestamp,
) -> Result<Vec<(InviteId, Option<AccountId>)>, Fault> {
    const SQL: &str = "
        SELECT id, issuer_id FROM invite
        WHERE frozen_at IS NOT NULL AND revoked_at IS NULL
          AND (expires_at IS NULL OR expires_at > :now)
        ORDER BY id";
    let mut statement = read.db().prepare_cached(SQL)?;
    let row = |row: &Row<'_>| {
        let issuer = row.get::<_, Option<i64>>(1)?;
        Ok((InviteId(row.get(0)?), issuer.map(AccountId)))
    };
    let rows = statement
        .query_map(named_params! { ":now": stored(now) }, row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Every new invite asks this.
pub(super) const LIVE_OF: &str = "
    SELECT count(*) FROM invite
    WHERE issuer_id = :issuer AND revoked_at IS NULL
      AND (max_uses IS NULL OR uses < max_uses)
      AND (expires_at IS NULL OR expires_at > :now)";

/// Returns how many of an issuer's codes can still be used.
pub fn live_of(read: &impl Read, issuer: AccountId, now: Timestamp) -> Result<u32, Fault> {
    let params = named_params! { ":issuer": issuer.0, ":now": stored(now) };
    Ok(read
        .db()
        .prepare_cached(LIVE_OF)?
        .query_row(params, |row| row.get(0))?)
}
