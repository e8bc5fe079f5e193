//! Changing role and address.

use super::{Begin, Deed, Whom};
use crate::{
    app::{Bbs, Ruling, queue::Decision},
    domain::{
        account::{Role, Status},
        actor::Actor,
        email::Email,
        id::AccountId,
        refusal::Field as Place,
    },
    store::account::Account,
    term::Key,
    tui::{
        Effects, View,
        screens::dialog::{Dialog, Form, Task},
        widgets::Field,
    },
};
use std::sync::Arc;

/// The longest address, and one scalar more, so that it can be refused.
const EMAIL: usize = 255;

/// Changes role and address.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('e')],
    label: "e",
    word: "edit",
    help: "Role and e-mail address.",
    is_legal: |subject, powers, _| powers.manage && subject.account.status != Status::Deleted,
    is_about_last: false,
    begin: |account, view| Begin::open(edit(account, view)),
};

/// Changes address and role of somebody.
struct Edit {
    whom: Whom,
    email: String,
    role: Role,
    may_change_role: bool,
}

/// What shall change; nothing is left as it is.
struct Changes {
    id: AccountId,
    email: Option<String>,
    role: Option<Role>,
}

/// Opens the card with address and role. One's own role is somebody else's
/// affair, and only members have one that counts.
fn edit(account: &Account, view: &View<'_>) -> Dialog<Edit> {
    let email = account.email.as_ref().map_or("", Email::as_str);
    let oneself = view.actor.account() == Some(account.id);
    let may_change_role = account.status == Status::Active && !oneself;
    let mut form = Form::default().text("e-mail", Field::new(EMAIL).with(email));
    if may_change_role {
        let roles: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
        let place = Role::ALL.iter().position(|role| *role == account.role);
        form = form.pick("role", &roles, place.unwrap_or(0));
    }
    let task = Edit {
        whom: Whom::of(account),
        email: email.to_owned(),
        role: account.role,
        may_change_role,
    };
    Dialog::new(task, form)
}

impl Task for Edit {
    type Order = Changes;
    type Done = ();

    fn title(&self) -> String {
        format!("Edit {}", self.whom.handle)
    }

    fn words(&self) -> [&'static str; 2] {
        ["save", "leave"]
    }

    fn text(&self, _form: &Form) -> String {
        let role = if self.may_change_role {
            " A new role works at once, in their open calls too."
        } else {
            ""
        };
        format!("An empty line removes the address.{role}")
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Changes, (usize, String)> {
        let email = form.typed(0);
        let role = Role::ALL.get(form.picked(1)).copied();
        Ok(Changes {
            id: self.whom.id,
            email: (email != self.email).then(|| email.to_owned()),
            role: role.filter(|role| self.may_change_role && *role != self.role),
        })
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, changes: Changes) -> Ruling<()> {
        let Changes { id, email, role } = changes;
        if let Some(email) = email {
            bbs.edit_email_of(&actor, id, &email).await?;
        }
        if let Some(role) = role {
            bbs.decide_about(&actor, id, Decision::ChangeRole(role))
                .await?;
        }
        Ok(())
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        match field {
            Place::Email => Some(0),
            _ => self.may_change_role.then_some(1),
        }
    }

    fn done<M: Send + 'static>(&self, (): (), fx: &mut Effects<'_, M>) {
        fx.notice("Saved.");
        fx.pop();
    }
}
