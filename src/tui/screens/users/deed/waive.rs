//! Doing without the proof of an address (T5), with a reason.

use std::sync::Arc;

use super::{Begin, Deed, NOTE, Whom};
use crate::{
    app::{Bbs, Ruling, queue::Decided},
    domain::{
        account::{Status, Transition},
        actor::Actor,
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

/// Lets them go on without the proof of their address.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('w')],
    label: "w",
    word: "waive",
    help: "Lets somebody go on who has not proven the address, with a reason.",
    is_legal: |subject, powers, _| {
        let is_locked = subject.account.is_prepared() && !subject.has_way_in();
        powers.manage && subject.may(Transition::Waive) && !is_locked
    },
    is_about_last: false,
    begin: |account, _| Begin::open(waive(account)),
};

/// Lets somebody go on without the proof of their address.
struct Waive {
    whom: Whom,
    onward: Option<Status>,
}

/// Opens the question why somebody goes on without a proof.
fn waive(account: &Account) -> Dialog<Waive> {
    let task = Waive {
        whom: Whom::of(account),
        onward: account.onward,
    };
    Dialog::new(task, Form::default().text("reason", Field::new(NOTE)))
}

impl Task for Waive {
    type Order = (AccountId, String);
    type Done = Decided;

    fn title(&self) -> String {
        format!("Let {} go on?", self.whom.handle)
    }

    fn words(&self) -> [&'static str; 2] {
        ["waive", "leave"]
    }

    fn text(&self, _form: &Form) -> String {
        let then = match self.onward {
            Some(Status::Pending) => "The request joins the queue",
            _ => "They are in",
        };
        format!("{then} without the proof, and the address stays unproven. The reason is kept.")
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, (usize, String)> {
        Ok((self.whom.id, form.typed(0).to_owned()))
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, (id, why): Self::Order) -> Ruling<Decided> {
        bbs.waive_proof(&actor, id, &why).await
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        (field == Place::Value).then_some(0)
    }

    fn done<M: Send + 'static>(&self, decided: Decided, fx: &mut Effects<'_, M>) {
        let handle = &self.whom.handle;
        fx.notice(match decided.account.status {
            Status::Pending => format!("{handle} waits in the queue now."),
            _ => format!("{handle} may come in."),
        });
        fx.pop();
    }
}
