//! The dialogs about invites: make one, take one back, thaw frozen ones.

use std::sync::Arc;

use crate::{
    app::{
        Bbs, Ruling,
        invite::{Draft, Minted, Uses},
    },
    domain::{
        account::Role, actor::Actor, id::InviteId, refusal::Field as Place, registration::Admission,
    },
    store::invite::Invite,
    tui::{
        Effects, View,
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

/// Rows of the form; mods and users have only some of them.
const USES: usize = 0;
const DAYS: usize = 1;
const NOTED: usize = 2;
const ADMISSION: usize = 3;
const ROLE: usize = 4;

/// Roles an invite can give.
const ROLES: [Role; 2] = [Role::User, Role::Mod];

/// Makes an invite.
pub(super) struct New {
    may_give_role: bool,
}

/// Opens the card for a new invite.
pub(super) fn new(view: &View<'_>) -> Dialog<New> {
    let days = if view.actor.is_staff() {
        view.settings.invite_days_staff
    } else {
        view.settings.invite_days_user
    };
    let mut form = Form::default()
        .text("uses", Field::new(NUMBER).with("1"))
        .text("days", Field::new(NUMBER).with(&days.to_string()))
        .text("note", Field::new(NOTE))
        .pick("then", &["they are in", "a sysop decides"], 0);
    let may_give_role = view.actor.is_sysop();
    if may_give_role {
        let roles: Vec<_> = ROLES.iter().map(|role| role.name()).collect();
        form = form.pick("role", &roles, 0);
    }
    Dialog::new(New { may_give_role }, form)
}

impl Task for New {
    type Order = Draft;
    type Done = Minted;

    fn title(&self) -> String {
        "A new invite".to_owned()
    }

    fn words(&self) -> [&'static str; 2] {
        ["make it", "leave"]
    }

    fn text(&self, _form: &Form) -> String {
        if self.may_give_role {
            "No number of uses means any number. Only you and staff see the note.".to_owned()
        } else {
            "Only you and staff see the note.".to_owned()
        }
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Draft, (usize, String)> {
        let number = |row: usize| match form.typed(row) {
            "" => Ok(None),
            digits => digits
                .parse::<u32>()
                .map(Some)
                .map_err(|_| (row, "This is a whole number.".to_owned())),
        };
        let role = ROLES.get(form.picked(ROLE)).copied();
        Ok(Draft {
            uses: number(USES)?.map_or(Uses::Unlimited, Uses::Times),
            days: number(DAYS)?,
            role: role.unwrap_or(Role::User),
            admission: if form.picked(ADMISSION) == 0 {
                Admission::Auto
            } else {
                Admission::Queue
            },
            note: form.typed(NOTED).to_owned(),
        })
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, draft: Draft) -> Ruling<Minted> {
        bbs.create_invite(&actor, draft).await
    }

    fn row_of(&self, _field: Place) -> Option<usize> {
        None
    }

    fn done<M: Send + 'static>(&self, minted: Minted, fx: &mut Effects<'_, M>) {
        fx.replace(Shown {
            title: format!("Invite {}", minted.invite.number()),
            code: minted.code,
            line: minted.line,
            until: minted.invite.expires_at,
        });
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

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, (usize, String)> {
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

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, (usize, String)> {
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
