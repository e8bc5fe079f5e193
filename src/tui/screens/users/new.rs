//! The dialog that makes an account: with a key that staff vouch for, or
//! prepared for somebody who activates it.

use std::sync::Arc;

use super::deed::activation::activation;
use crate::{
    app::{
        Bbs, Ruling,
        operator::{NewUser, Preparation},
    },
    domain::{account::Role, actor::Actor, refusal::Field as Place},
    store::account::Account,
    tui::{
        Effects, View,
        screens::dialog::{Dialog, Form, Task},
        widgets::Field,
    },
    words,
};

/// The longest handle and address, and more, so that they can be refused.
const HANDLE: usize = 40;
const EMAIL: usize = 255;
/// The longest line with a key.
const KEY: usize = 2000;

/// Rows of the form.
const CALLED: usize = 0;
const AT: usize = 1;
const ROLE: usize = 2;
const WAY: usize = 3;
const PASTED: usize = 4;

/// Makes an account.
pub(super) struct New;

/// What is made.
pub(super) enum Order {
    /// An account with a key.
    Keyed(NewUser),
    /// One that waits for whoever it is for.
    Prepared(Preparation),
}

/// Opens the card for a new account.
pub(super) fn new() -> Dialog<New> {
    let roles: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
    let form = Form::default()
        .text("handle", Field::new(HANDLE))
        .text("e-mail", Field::new(EMAIL))
        .pick("role", &roles, 0)
        .pick("way in", &["theirs to choose", "this key"], 0)
        .text("key", Field::new(KEY));
    Dialog::new(New, form)
}

fn has_key(form: &Form) -> bool {
    form.picked(WAY) == 1
}

impl Task for New {
    type Order = Order;
    type Done = Account;

    fn title(&self) -> String {
        "A new account".to_owned()
    }

    fn words(&self) -> [&'static str; 2] {
        ["make it", "leave"]
    }

    fn text(&self, form: &Form) -> String {
        if has_key(form) {
            words::activation::vouched()
        } else {
            words::activation::to_be_chosen()
        }
        .to_owned()
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Order, (usize, String)> {
        let handle = form.typed(CALLED).to_owned();
        let email = form.typed(AT).to_owned();
        let role = Role::ALL.get(form.picked(ROLE)).copied();
        let role = role.unwrap_or(Role::User);
        Ok(if has_key(form) {
            Order::Keyed(NewUser {
                handle,
                email,
                role,
                key: Some(form.typed(PASTED).to_owned()),
                password: None,
            })
        } else {
            Order::Prepared(Preparation {
                handle,
                email,
                role,
            })
        })
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, order: Order) -> Ruling<Account> {
        match order {
            Order::Keyed(new) => bbs.create_user(&actor, new).await,
            Order::Prepared(new) => bbs.prepare_user(&actor, new).await,
        }
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        match field {
            Place::Handle => Some(CALLED),
            Place::Email => Some(AT),
            Place::Key => Some(PASTED),
            _ => None,
        }
    }

    fn done<M: Send + 'static>(&self, made: Account, fx: &mut Effects<'_, M>) {
        if made.is_prepared() {
            // What they wait for now.
            fx.replace(activation(&made));
        } else {
            fx.notice(format!("{} may call with that key.", made.handle));
            fx.pop();
        }
    }
}
