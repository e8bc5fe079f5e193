//! The dialog that deletes one's own account: the handle once more, the password
//! of whoever did not come with a key of theirs, and a code of the second factor
//! of whoever has one.

use std::sync::Arc;

use crate::{
    app::{
        Bbs, Ruling,
        account::Own,
        delete::{Deleted, Farewell},
        visit::Visit,
    },
    domain::{actor::Actor, key::PublicKey, refusal::Field as Place, secret::Secret},
    store::key::Standing,
    tui::{
        Effects, View,
        screens::dialog::{Dialog, Form, Task},
        widgets::Field,
    },
    words,
};

/// More than the longest handle and password: what is longer is refused, and
/// not cut.
const HANDLE: usize = 40;
const PASSWORD: usize = 300;
const CODE: usize = 40;

/// Deletes one's own account.
pub(super) struct Delete {
    asks_password: bool,
    asks_code: bool,
}

impl Delete {
    /// Returns the row of the password, if it is asked for.
    fn password_row(&self) -> Option<usize> {
        self.asks_password.then_some(1)
    }

    /// Returns the row of the code, if it is asked for.
    fn code_row(&self) -> Option<usize> {
        self.asks_code
            .then_some(if self.asks_password { 2 } else { 1 })
    }
}

/// Opens the question whether one's own account is deleted.
pub(super) fn delete(own: &Own, view: &View<'_>) -> Dialog<Delete> {
    let key = own_key(own, view);
    let task = Delete {
        asks_password: key.is_none(),
        // Hardware is something in the hand already.
        asks_code: own.factor.since.is_some() && !key.is_some_and(PublicKey::is_hardware),
    };
    let mut form = Form::default().text("handle", Field::new(HANDLE));
    if task.asks_password {
        form = form.text("password", Field::masked(PASSWORD));
    }
    if task.asks_code {
        form = form.text("code", Field::new(CODE));
    }
    Dialog::new(task, form)
}

/// Returns the key that this call proved, if it is the account's.
fn own_key<'a>(own: &Own, view: &View<'a>) -> Option<&'a PublicKey> {
    let proven = view.visit.key.as_ref()?.key();
    let print = proven.fingerprint().to_string();
    let mut keys = own.keys.iter();
    keys.any(|key| key.standing != Standing::Pasted && key.fingerprint == print)
        .then_some(proven)
}

/// What is carried out: in which call, and what was typed.
type Order = (Arc<Visit>, Farewell);

impl Task for Delete {
    type Order = Order;
    type Done = Deleted;

    fn title(&self) -> String {
        "Delete your account?".to_owned()
    }

    fn words(&self) -> [&'static str; 2] {
        ["delete", "keep"]
    }

    fn text(&self, _form: &Form) -> String {
        words::delete::oneself().to_owned()
    }

    fn order(&self, form: &Form, view: &View<'_>) -> Result<Order, (usize, String)> {
        let secret = |row: Option<usize>| {
            row.map_or_else(|| Secret::new(String::new()), |row| form.secret(row))
        };
        let typed = Farewell {
            handle: form.typed(0).to_owned(),
            password: secret(self.password_row()),
            code: secret(self.code_row()),
        };
        Ok((Arc::clone(view.visit), typed))
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, (visit, typed): Order) -> Ruling<Deleted> {
        bbs.delete_oneself(&actor, &visit, typed).await
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        match field {
            Place::Handle => Some(0),
            Place::Password => self.password_row(),
            Place::Code => self.code_row(),
            _ => None,
        }
    }

    fn done<M: Send + 'static>(&self, _deleted: Deleted, fx: &mut Effects<'_, M>) {
        fx.hang_up(words::session::deleted());
    }
}
