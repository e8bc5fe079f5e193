//! The dialog that deletes one's own account: the handle once more, and the
//! password of whoever did not come with a key of theirs.

use std::sync::Arc;

use crate::{
    app::{Bbs, Ruling, account::Own, delete::Deleted, visit::Visit},
    domain::{actor::Actor, refusal::Field as Place, secret::Secret},
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

/// Deletes one's own account.
pub(super) struct Delete {
    asks_password: bool,
}

/// Opens the question whether one's own account is deleted.
pub(super) fn delete(own: &Own, view: &View<'_>) -> Dialog<Delete> {
    let asks_password = !came_with_own_key(own, view);
    let form = Form::default().text("handle", Field::new(HANDLE));
    let form = if asks_password {
        form.text("password", Field::masked(PASSWORD))
    } else {
        form
    };
    Dialog::new(Delete { asks_password }, form)
}

/// Whether this call proved a key of the account.
fn came_with_own_key(own: &Own, view: &View<'_>) -> bool {
    let proven = view.visit.key.as_ref().map(|key| key.key().fingerprint());
    proven.is_some_and(|proven| {
        let mut keys = own.keys.iter();
        keys.any(|key| key.standing != Standing::Pasted && key.fingerprint == proven.to_string())
    })
}

/// What is carried out: in which call, the handle and the password.
type Order = (Arc<Visit>, String, Secret<String>);

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
        words::delete::oneself(self.asks_password)
    }

    fn order(&self, form: &Form, view: &View<'_>) -> Result<Order, (usize, String)> {
        let password = form.secret(1);
        Ok((Arc::clone(view.visit), form.typed(0).to_owned(), password))
    }

    async fn carry_out(
        bbs: Arc<Bbs>,
        actor: Actor,
        (visit, typed, password): Order,
    ) -> Ruling<Deleted> {
        bbs.delete_oneself(&actor, &visit, &typed, &password).await
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        match field {
            Place::Handle => Some(0),
            Place::Password => self.asks_password.then_some(1),
            _ => None,
        }
    }

    fn done<M: Send + 'static>(&self, _deleted: Deleted, fx: &mut Effects<'_, M>) {
        fx.hang_up(words::session::deleted());
    }
}
