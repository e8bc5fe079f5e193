//! Somebody's address, in the hands of staff.

use crate::{
    app::{Bbs, Ruling, account, authorize, form::any_email, setting::current},
    domain::{actor::Actor, id::AccountId, policy::Capability, refusal::Refusal},
    store,
};

impl Bbs {
    /// Replaces or removes somebody's address.
    pub async fn edit_email_of(&self, actor: &Actor, id: AccountId, text: &str) -> Ruling<()> {
        let email = any_email(text)?;
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageUsers, &current(tx)?)?;
            let about = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
            account::set_email(tx, &permit, &about, email.as_ref())
        })
        .await
    }
}
