//! The dialogs about invites: make one, give it more time, take it back, thaw
//! frozen ones.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};

use crate::{
    app::{
        Bbs, Ruling,
        invite::{Codes, Draft, MESSAGE, Minted, Seen, Uses},
    },
    domain::{
        account::Role,
        actor::Actor,
        clock::Timestamp,
        email::{DomainName, Email},
        handle::Handle,
        id::{AccountId, InviteId},
        invite::{Bearer, Mailbox},
        refusal::{Field as Place, Refusal},
        registration::Admission,
    },
    store::invite::Invite,
    tui::{
        Effects, Reply, View,
        screens::{
            dialog::{Dialog, Form, Task},
            shown::Shown,
        },
        widgets::Field,
    },
    words,
};

/// The longest note, and more, so that it can be refused in words.
const NOTE: usize = 120;
/// Digits of a number.
const NUMBER: usize = 6;

/// The longest address, and more.
const ADDRESS: usize = 256;
/// The longest handle, and more.
const HANDLE: usize = 40;

/// Rows of the form; only sysops have the last.
const USES: usize = 0;
const DAYS: usize = 1;
const NOTED: usize = 2;
const SAID: usize = 3;
const FOR: usize = 4;
const SENT: usize = 5;
const CALLED: usize = 6;
const FROM: usize = 7;
const ADMISSION: usize = 8;
const ROLE: usize = 9;

/// Roles an invite can give.
const ROLES: [Role; 2] = [Role::User, Role::Mod];

/// Makes an invite.
pub(super) struct New {
    may_give_role: bool,
    /// Who wants to know which was made.
    made: Reply<InviteId>,
}

/// Opens the card for a new invite; `made` is told which it became.
pub(super) fn new(view: &View<'_>, made: Reply<InviteId>) -> Dialog<New> {
    let mut form = Form::default()
        .text("uses", Field::new(NUMBER).with("1"))
        .text("days", days(view))
        .text("note", Field::new(NOTE))
        .text("message", Field::new(MESSAGE + 1))
        .more("for whom, when, as what")
        .text("for", Field::new(ADDRESS))
        .pick("code", &["I hand it over", "goes by letter"], 0)
        .text("handle", Field::new(HANDLE))
        .text("from", Field::new(NUMBER * 2))
        .pick("then", &["they are in", "a sysop decides"], 0);
    let may_give_role = view.actor.is_sysop();
    if may_give_role {
        let roles: Vec<_> = ROLES.iter().map(|role| role.name()).collect();
        form = form.pick("role", &roles, 0);
    }
    let task = New {
        may_give_role,
        made,
    };
    Dialog::new(task, form)
}

/// Returns a field for a number of days, with the board's default in it.
fn days(view: &View<'_>) -> Field {
    let days = if view.actor.is_staff() {
        view.settings.invite_days_staff
    } else {
        view.settings.invite_days_user
    };
    Field::new(NUMBER).with(&days.to_string())
}

/// What could not be read, and in which row.
type Unread = (usize, String);

/// Reads a number; no digits are none.
fn number(form: &Form, row: usize) -> Result<Option<u32>, Unread> {
    match form.typed(row) {
        "" => Ok(None),
        digits => digits
            .parse()
            .map(Some)
            .map_err(|_| (row, "This is a whole number.".to_owned())),
    }
}

/// Reads for whom an invite shall be.
fn bearer(form: &Form) -> Result<Bearer, Unread> {
    let refuse = |row, refusal: &Refusal| (row, words::refusal(refusal));
    let mailbox = match form.typed(FOR) {
        "" => None,
        domain if domain.starts_with('@') => match DomainName::parse(domain) {
            Ok(domain) => Some(Mailbox::Under(domain)),
            Err(_) => {
                return Err((
                    FOR,
                    "That is no domain. One looks like @example.org.".into(),
                ));
            }
        },
        address => match Email::parse(address) {
            Ok(email) => Some(Mailbox::At(email)),
            Err(_) => return Err(refuse(FOR, &Refusal::EmailShape)),
        },
    };
    let handle = match form.typed(CALLED) {
        "" => None,
        handle => {
            let handle = Handle::parse(handle);
            Some(handle.map_err(|_| refuse(CALLED, &Refusal::HandleShape))?)
        }
    };
    Ok(Bearer { mailbox, handle })
}

/// Reads the day on which something begins, as days go where it is read.
fn day(form: &Form, row: usize, view: &View<'_>) -> Result<Option<Timestamp>, Unread> {
    let text = form.typed(row);
    if text.is_empty() {
        return Ok(None);
    }
    let day = text.parse::<NaiveDate>().ok();
    let begins = day.and_then(|day| {
        let midnight = day.and_time(NaiveTime::MIN).and_local_timezone(view.zone);
        midnight.earliest()
    });
    begins
        .map(|begins| Some(begins.to_utc()))
        .ok_or_else(|| (row, "Write the day as 2026-12-24.".to_owned()))
}

/// How somebody gets the code of a new invite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It is shown to whoever makes the invite.
    Shown,
    /// It goes by letter, and nobody else sees it.
    Letter,
}

/// What became of a new invite.
pub(super) enum Made {
    /// Its code is to be shown.
    Shown(Box<Minted>),
    /// It went by letter.
    Sent(Box<Seen>),
}

impl Task for New {
    type Order = (Draft, Way);
    type Done = Made;

    fn title(&self) -> String {
        "A new invite".to_owned()
    }

    fn words(&self) -> [&'static str; 2] {
        ["make it", "leave"]
    }

    fn text(&self, form: &Form) -> String {
        if form.is_further() {
            "An address, or everybody at @example.org. Empty is open.".to_owned()
        } else if self.may_give_role {
            "No number of uses means any number. Only you and staff see the note.".to_owned()
        } else {
            "Only you and staff see the note.".to_owned()
        }
    }

    fn order(&self, form: &Form, view: &View<'_>) -> Result<Self::Order, Unread> {
        let role = ROLES.get(form.picked(ROLE)).copied();
        let way = match form.picked(SENT) {
            0 => Way::Shown,
            _ => Way::Letter,
        };
        let draft = Draft {
            uses: number(form, USES)?.map_or(Uses::Unlimited, Uses::Times),
            days: number(form, DAYS)?,
            bearer: bearer(form)?,
            not_before: day(form, FROM, view)?,
            role: role.unwrap_or(Role::User),
            admission: if form.picked(ADMISSION) == 0 {
                Admission::Auto
            } else {
                Admission::Queue
            },
            note: form.typed(NOTED).to_owned(),
            message: form.typed(SAID).to_owned(),
        };
        if way == Way::Letter && !matches!(draft.bearer.mailbox, Some(Mailbox::At(_))) {
            return Err((FOR, words::invite::needs_address().to_owned()));
        }
        Ok((draft, way))
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, (draft, way): Self::Order) -> Ruling<Made> {
        Ok(match way {
            Way::Shown => Made::Shown(Box::new(bbs.create_invite(&actor, draft).await?)),
            Way::Letter => Made::Sent(Box::new(bbs.mail_invite(&actor, draft).await?)),
        })
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        (field == Place::Email).then_some(FOR)
    }

    fn done<M: Send + 'static>(&self, made: Made, fx: &mut Effects<'_, M>) {
        match made {
            Made::Shown(minted) => {
                fx.answer(&self.made, minted.invite.id);
                fx.replace(Shown {
                    title: format!("Invite {}", minted.invite.number()),
                    code: minted.code,
                    line: minted.line,
                    link: Some(minted.link),
                    until: minted.invite.expires_at,
                });
            }
            Made::Sent(seen) => {
                fx.answer(&self.made, seen.invite.id);
                fx.notice(sent(&seen));
                fx.pop();
            }
        }
    }
}

/// Says that an invite went by letter, and where the letter stands.
pub(super) fn sent(seen: &Seen) -> String {
    let letter = seen.letter.as_ref().map(|letter| letter.state);
    words::invite::by_letter(&seen.invite.number(), letter)
}

/// Gives an invite more time.
pub(super) struct Extend {
    id: InviteId,
    number: String,
}

/// Opens the question how long an invite shall live from now.
pub(super) fn extend(invite: &Invite, view: &View<'_>) -> Dialog<Extend> {
    let task = Extend {
        id: invite.id,
        number: invite.number(),
    };
    Dialog::new(task, Form::default().text("days", days(view)))
}

impl Task for Extend {
    type Order = (InviteId, Option<u32>);
    type Done = Seen;

    fn title(&self) -> String {
        format!("More time for {}", self.number)
    }

    fn words(&self) -> [&'static str; 2] {
        ["extend", "leave"]
    }

    fn text(&self, _form: &Form) -> String {
        "It lives for so many days from now. The code stays the same.".to_owned()
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, Unread> {
        Ok((self.id, number(form, 0)?))
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, (id, days): Self::Order) -> Ruling<Seen> {
        bbs.extend_invite(&actor, id, days).await
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        (field == Place::Value).then_some(0)
    }

    fn done<M: Send + 'static>(&self, seen: Seen, fx: &mut Effects<'_, M>) {
        fx.notice(format!("{} is {}.", self.number, seen.state));
        fx.pop();
    }
}

/// Takes an invite back.
pub(super) struct Revoke {
    id: InviteId,
    number: String,
}

/// Opens the question before an invite is taken back.
pub(super) fn revoke(invite: &Invite) -> Dialog<Revoke> {
    let task = Revoke {
        id: invite.id,
        number: invite.number(),
    };
    Dialog::new(task, Form::default().text("why", Field::new(NOTE)))
}

impl Task for Revoke {
    type Order = (InviteId, String);
    type Done = Invite;

    fn title(&self) -> String {
        format!("Revoke {}?", self.number)
    }

    fn words(&self) -> [&'static str; 2] {
        ["revoke", "keep"]
    }

    fn text(&self, _form: &Form) -> String {
        "The code stops working for good. Whoever came in with it stays. Why is for the \
         records, and may be empty."
            .to_owned()
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, Unread> {
        Ok((self.id, form.typed(0).to_owned()))
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, (id, why): Self::Order) -> Ruling<Invite> {
        bbs.revoke_invite(&actor, id, &why).await
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        (field == Place::Value).then_some(0)
    }

    fn done<M: Send + 'static>(&self, _invite: Invite, fx: &mut Effects<'_, M>) {
        fx.notice(format!("{} is revoked.", self.number));
        fx.pop();
    }
}

/// Takes back whatever somebody has out.
pub(super) struct RevokeAll {
    id: AccountId,
    handle: String,
}

/// Opens the question before every code of somebody is taken back.
pub(super) fn revoke_all(id: AccountId, handle: String) -> Dialog<RevokeAll> {
    let form = Form::default().text("why", Field::new(NOTE));
    Dialog::new(RevokeAll { id, handle }, form)
}

impl Task for RevokeAll {
    type Order = (AccountId, String);
    type Done = usize;

    fn title(&self) -> String {
        format!("Revoke the codes of {}?", self.handle)
    }

    fn words(&self) -> [&'static str; 2] {
        ["revoke", "keep"]
    }

    fn text(&self, _form: &Form) -> String {
        "Every code they have out stops working for good. Whoever came in stays. Why is for the \
         records, and may be empty."
            .to_owned()
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, Unread> {
        Ok((self.id, form.typed(0).to_owned()))
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, (id, why): Self::Order) -> Ruling<usize> {
        bbs.revoke_invites_of(&actor, id, &why).await
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        (field == Place::Value).then_some(0)
    }

    fn done<M: Send + 'static>(&self, revoked: usize, fx: &mut Effects<'_, M>) {
        fx.notice(words::invite::revoked_all(&self.handle, revoked));
        fx.pop();
    }
}

/// Bars somebody from inviting.
pub(super) struct Bar {
    id: AccountId,
    handle: String,
}

/// Opens the question why somebody may not invite any more.
pub(super) fn bar(id: AccountId, handle: String) -> Dialog<Bar> {
    let form = Form::default().text("why", Field::new(NOTE)).pick(
        "codes",
        &["those that are out stay", "all are revoked"],
        0,
    );
    Dialog::new(Bar { id, handle }, form)
}

impl Task for Bar {
    type Order = (AccountId, String, Codes);
    type Done = usize;

    fn title(&self) -> String {
        format!("Bar {} from inviting?", self.handle)
    }

    fn words(&self) -> [&'static str; 2] {
        ["bar them", "leave"]
    }

    fn text(&self, _form: &Form) -> String {
        "They read why when they look at their invites. Nothing else changes for them.".to_owned()
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, Unread> {
        let codes = if form.picked(1) == 0 {
            Codes::Stay
        } else {
            Codes::Revoke
        };
        Ok((self.id, form.typed(0).to_owned(), codes))
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, order: Self::Order) -> Ruling<usize> {
        let (id, why, codes) = order;
        bbs.bar_from_inviting(&actor, id, &why, codes).await
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        (field == Place::Value).then_some(0)
    }

    fn done<M: Send + 'static>(&self, revoked: usize, fx: &mut Effects<'_, M>) {
        fx.notice(words::invite::barred(&self.handle, revoked));
        fx.pop();
    }
}

/// Lets frozen codes work again.
pub(super) struct Thaw {
    chosen: Option<(InviteId, String)>,
}

/// Opens the question which frozen codes shall work again: all of them, or the
/// one that is chosen if it is one of them.
pub(super) fn thaw(chosen: Option<&Invite>) -> Dialog<Thaw> {
    let chosen = chosen.filter(|invite| invite.frozen_at.is_some());
    let chosen = chosen.map(|invite| (invite.id, invite.number()));
    let form = match &chosen {
        Some((_, number)) => Form::default().pick("which", &[number, "all"], 0),
        None => Form::default(),
    };
    Dialog::new(Thaw { chosen }, form)
}

impl Task for Thaw {
    /// One of them, or all.
    type Order = Option<InviteId>;
    /// How many.
    type Done = usize;

    fn title(&self) -> String {
        "Thaw frozen codes?".to_owned()
    }

    fn words(&self) -> [&'static str; 2] {
        ["thaw", "leave"]
    }

    fn text(&self, _form: &Form) -> String {
        "They work again, here. If the board this one was copied from still runs, they work twice."
            .to_owned()
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, Unread> {
        let one = self.chosen.as_ref().map(|(id, _)| *id);
        Ok(one.filter(|_| form.picked(0) == 0))
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, one: Self::Order) -> Ruling<usize> {
        match one {
            Some(id) => bbs.thaw_invite(&actor, id).await.map(|_| 1),
            None => bbs.thaw_invites(&actor).await,
        }
    }

    fn row_of(&self, _field: Place) -> Option<usize> {
        None
    }

    fn done<M: Send + 'static>(&self, codes: usize, fx: &mut Effects<'_, M>) {
        fx.notice(words::command::thawed(codes));
        fx.pop();
    }
}
