//! Which screen a caller belongs on: at the beginning of a call, and whenever
//! their account changes. What the screen says and what the gate does come from
//! the same status.

use std::sync::Arc;

use super::{
    Layer,
    screens::{
        add_key::AddKey,
        address::Address,
        factor::{After, FactorCode, SetUp},
        greeting::Greeting,
        guest::Guest,
        maintenance::Maintenance,
        menu::Menu,
        password::Password,
        pasted::PastedKey,
        shut_out::ShutOut,
        waiting::Waiting,
        welcome::Welcome,
        wizard::Wizard,
    },
};
use crate::{
    app::{Bbs, Ruling, door::Arrival, entrance::Entrance, login::Login, visit::Visit},
    domain::{account::Status, actor::Actor},
};

/// Returns the home of whoever just proved who they are.
pub fn home(login: &Login) -> Layer {
    match login.account.status {
        Status::Active => Menu::new().into(),
        Status::Unverified if login.account.is_prepared() => {
            ShutOut::new(login.account.clone()).into()
        }
        Status::Unverified => Address::at_the_door(login.account.clone()).into(),
        Status::Pending => Waiting::new(login.account.clone()).into(),
        Status::Rejected | Status::Suspended | Status::Deleted => {
            ShutOut::new(login.account.clone()).into()
        }
    }
}

/// Returns who a call is and where it begins.
pub async fn begin(bbs: &Bbs, visit: &Arc<Visit>) -> Ruling<(Actor, Layer)> {
    let arrival = bbs.arrive(visit).await?;
    // Not asked unless it is awaited: most calls go straight in.
    let front = bbs.front();
    let only_staff = bbs.settings().maintenance;
    let first = match arrival {
        Arrival::LogIn => {
            let entrance = bbs.enter_by_key(visit).await?;
            let is_staff = match &entrance {
                Entrance::In(login) => login.actor.is_staff(),
                Entrance::Code(half) | Entrance::SetUp(half) => half.is_staff(),
            };
            if only_staff && !is_staff {
                return Ok((Actor::Guest, Maintenance::new().into()));
            }
            return Ok(match entrance {
                Entrance::In(login) => (login.actor.clone(), home(&login)),
                Entrance::Code(half) => {
                    let code = FactorCode::new(*half, After::default());
                    (Actor::Guest, code.into())
                }
                Entrance::SetUp(half) => {
                    let set_up = SetUp::at_the_door(*half, After::default());
                    (Actor::Guest, set_up.into())
                }
            });
        }
        // Whoever may claim the board will be staff.
        Arrival::Claim(proof) => Wizard::new(front.await?, None, Some(proof), None).into(),
        _ if only_staff => Maintenance::new().into(),
        Arrival::Welcome { handle, refusal } => Welcome::new(front.await?, handle, refusal).into(),
        Arrival::Wizard { code } => Wizard::new(front.await?, code, None, None).into(),
        Arrival::Certified { handle } => Wizard::new(front.await?, None, None, Some(handle)).into(),
        Arrival::Greeting { account, errand } => {
            Greeting::new(*account, errand, front.await?).into()
        }
        Arrival::AddKey { handle, code } => AddKey::new(handle, code).into(),
        Arrival::NewPassword { handle, code } => Password::with_code(handle, code).into(),
        Arrival::PastedKey { accounts } => PastedKey::new(accounts).into(),
        Arrival::Guest => Guest::new(front.await?).into(),
    };
    Ok((Actor::Guest, first))
}
