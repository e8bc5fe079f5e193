//! The dialog that deletes somebody's account: whoever means it types the
//! handle.

use std::sync::Arc;

use super::{Begin, Deed, Whom};
use crate::{
    app::{Bbs, Ruling, delete::Deleted},
    domain::{account::Transition, actor::Actor, id::AccountId, refusal::Field as Place},
    store::account::Account,
    term::Key,
    tui::{
        Effects, View,
        screens::dialog::{Dialog, Form, Task},
        widgets::Field,
    },
    words,
};

/// More than the longest handle: a longer text is refused, and not cut.
const HANDLE: usize = 40;

/// Deletes the account.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('d')],
    label: "d",
    word: "delete",
    help: "Deletes the account for good, after asking for its handle.",
    is_legal: |subject, powers, view| {
        powers.manage && !subject.is_oneself(view) && subject.may(Transition::Delete)
    },
    is_about_last: false,
    begin: |account, _| Begin::open(delete(account)),
};

/// Deletes somebody's account.
struct Delete(Whom);

/// Opens the question whether somebody's account is deleted.
fn delete(account: &Account) -> Dialog<Delete> {
    let form = Form::default().text("handle", Field::new(HANDLE));
    Dialog::new(Delete(Whom::of(account)), form)
}

impl Task for Delete {
    type Order = (AccountId, String);
    type Done = Deleted;

    fn title(&self) -> String {
        format!("Delete {}?", self.0.handle)
    }

    fn words(&self) -> [&'static str; 2] {
        ["delete", "keep"]
    }

    fn text(&self, _form: &Form) -> String {
        words::delete::somebody(&self.0.handle)
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, (usize, String)> {
        Ok((self.0.id, form.typed(0).to_owned()))
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, (id, typed): Self::Order) -> Ruling<Deleted> {
        bbs.delete_user(&actor, id, &typed).await
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        (field == Place::Handle).then_some(0)
    }

    fn done<M: Send + 'static>(&self, deleted: Deleted, fx: &mut Effects<'_, M>) {
        fx.notice(words::delete::done(
            &deleted.account.handle,
            deleted.letter.is_some(),
        ));
        fx.pop();
    }
}
