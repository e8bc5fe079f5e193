//! Notes that only staff read.

use super::written;
use crate::{
    app::{
        Bbs, Ruling, authorize,
        record::{living, object},
        setting::current,
    },
    domain::{actor::Actor, event::Event, id::AccountId, policy::Capability, refusal::Refusal},
    store::{
        self,
        audit::{Act, record},
    },
};

impl Bbs {
    /// Writes a note that only staff read.
    pub async fn note_about(&self, actor: &Actor, id: AccountId, text: &str) -> Ruling<()> {
        let text = written(text)?.ok_or(Refusal::TextNeeded)?;
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageUsers, &current(tx)?)?;
            let about = living(tx, id)?;
            store::request::add_note(tx, id, permit.name(), &text)?;
            let object = object(id, &about.handle);
            record(
                tx,
                &permit,
                Act {
                    action: "note.add",
                    object: &object,
                    ..Act::default()
                },
            )?;
            tx.emit(Event::UsersChanged);
            Ok(())
        })
        .await
    }
}
