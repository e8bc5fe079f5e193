//! Noting something down that only staff read.

use super::{Begin, Deed, NOTE, Whom};
use crate::{
    app::{Bbs, Ruling},
    domain::{account::Status, actor::Actor, id::AccountId, refusal::Field as Place},
    store::account::Account,
    term::Key,
    tui::{
        Effects, View,
        screens::dialog::{Dialog, Form, Task},
        widgets::Field,
    },
};
use std::sync::Arc;

/// Notes something down.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('n')],
    label: "n",
    word: "note",
    help: "Writes a note that only staff read.",
    is_legal: |subject, powers, _| powers.manage && subject.account.status != Status::Deleted,
    is_about_last: false,
    begin: |account, _| Begin::open(note(account)),
};

/// Notes something about somebody.
struct Note(Whom);

/// Opens the line for a note.
fn note(account: &Account) -> Dialog<Note> {
    let form = Form::default().text("note", Field::new(NOTE));
    Dialog::new(Note(Whom::of(account)), form)
}

impl Task for Note {
    type Order = (AccountId, String);
    type Done = ();

    fn title(&self) -> String {
        format!("A note about {}", self.0.handle)
    }

    fn words(&self) -> [&'static str; 2] {
        ["note it", "leave"]
    }

    fn text(&self, _form: &Form) -> String {
        "Only staff read it. It stays with the account.".to_owned()
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, (usize, String)> {
        Ok((self.0.id, form.typed(0).to_owned()))
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, (id, text): Self::Order) -> Ruling<()> {
        bbs.note_about(&actor, id, &text).await
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        (field == Place::Value).then_some(0)
    }

    fn done<M: Send + 'static>(&self, (): (), fx: &mut Effects<'_, M>) {
        fx.notice("Noted.");
        fx.pop();
    }
}
