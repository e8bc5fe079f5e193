//! The second factor: typing its code at the door, setting it up there or in
//! Account, and what is shown once. Where callers go then is decided here for
//! every way in.

mod backups;
mod code;
pub mod overview;
mod set_up;

pub use backups::Backups;
pub use code::FactorCode;
pub use set_up::SetUp;

use super::login::remember::Remember;
use crate::{
    app::{Bbs, Ruling, claim::Proof, entrance::Entrance, login::Login, visit::Visit},
    tui::{Effects, route, say},
    words::session,
};

/// Characters of a code that are taken; people put blanks and hyphens in.
const CODE: usize = 60;
/// Columns for the label of a code.
const LABEL: (&str, u16) = ("code", 8);

/// Whether the key of this call could be remembered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NewKey {
    /// There is one that nobody here uses.
    Offered,
    /// There is none.
    #[default]
    None,
}

/// What waits for a caller who is let in.
#[derive(Clone, Debug, Default)]
pub struct After {
    /// The right to run the board, if they came for it.
    pub claim: Option<Proof>,
    /// Whether their key could be remembered.
    pub key: NewKey,
    /// What is said then.
    pub notice: Option<&'static str>,
}

/// Leads whoever proved something on: in, or to the second factor.
pub(super) fn lead_on<M: Send + 'static>(
    entrance: Entrance,
    after: After,
    fx: &mut Effects<'_, M>,
) {
    match entrance {
        Entrance::In(login) => {
            welcome_in(*login, after.key, fx);
            if let Some(notice) = after.notice {
                fx.notice(notice);
            }
        }
        Entrance::Code(half) => fx.reset(FactorCode::new(*half, after)),
        Entrance::SetUp(half) => fx.reset(SetUp::at_the_door(*half, after)),
    }
}

/// Leads somebody who is logged in to where they belong.
pub(super) fn welcome_in<M: Send + 'static>(login: Login, key: NewKey, fx: &mut Effects<'_, M>) {
    fx.become_actor(login.actor.clone());
    if key == NewKey::Offered && login.account.status.edits_itself() {
        fx.push(Remember::new(login));
    } else {
        fx.reset(route::home(&login));
    }
}

/// How a second factor led in, and how the claim went that it was for.
#[derive(Debug)]
pub struct Through {
    login: Login,
    claimed: Option<Ruling<()>>,
}

impl Through {
    /// Claims the board for somebody who is in, if they came for that.
    async fn of(login: Login, claim: Option<Proof>, bbs: &Bbs, visit: &Visit) -> Self {
        let Some(proof) = claim else {
            return Self {
                login,
                claimed: None,
            };
        };
        match bbs.claim_with_account(&login.actor, visit, &proof).await {
            Ok(login) => Self {
                login,
                claimed: Some(Ok(())),
            },
            Err(stop) => Self {
                login,
                claimed: Some(Err(stop)),
            },
        }
    }

    /// Says what there is to say of it.
    fn say<M: Send + 'static>(&self, after: &After, fx: &mut Effects<'_, M>) {
        match (&self.claimed, after.notice) {
            (Some(Err(stop)), _) => fx.notice_bad(say::sentence(stop)),
            (Some(Ok(())), _) => fx.notice(session::claimed()),
            (None, Some(notice)) => fx.notice(notice),
            (None, None) => {}
        }
    }
}
