//! What staff do to everybody on line: a line for every screen, and a line
//! that is let go.

use super::{Bbs, Ruling, authorize, hub::Present, record::object, setting::current};
use crate::{
    domain::{
        actor::Actor,
        id::SessionId,
        policy::Capability,
        refusal::Refusal,
        text::{Line, TextProblem},
    },
    store::audit::{Act, record},
};

/// Characters of a line for everybody: what a small screen has room for.
pub const LONGEST: usize = 160;

impl Bbs {
    /// Shows a line on every screen, and returns on how many. The record keeps
    /// that it was said, and not what.
    pub async fn say_to_all(&self, actor: &Actor, text: &str) -> Ruling<usize> {
        let line = Line::parse(text, LONGEST).map_err(|problem| match problem {
            TextProblem::Empty => Refusal::TextNeeded,
            TextProblem::TooLong { max } => Refusal::TextLong(max),
        })?;
        let (actor, hub) = (actor.clone(), std::sync::Arc::clone(self.hub()));
        let by = actor.handle().map(ToString::to_string);
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::TellEverybody, &current(tx)?)?;
            let act = Act {
                action: "board.say",
                object: "everybody",
                ..Act::default()
            };
            record(tx, &permit, act)?;
            tx.after_commit(move || hub.say(by, line.as_str().to_owned()));
            Ok(())
        })
        .await?;
        Ok(self.hub().count())
    }

    /// Lets the line of a session go, whoever is on it.
    pub async fn hang_up(&self, actor: &Actor, session: SessionId) -> Ruling<()> {
        let Some(present) = self.hub().one(session) else {
            return Err(Refusal::Gone.into());
        };
        let (actor, hub) = (actor.clone(), std::sync::Arc::clone(self.hub()));
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageUsers, &current(tx)?)?;
            let act = Act {
                action: "session.end",
                object: &named(&present),
                ..Act::default()
            };
            record(tx, &permit, act)?;
            tx.after_commit(move || hub.hang_up(session));
            Ok(())
        })
        .await
    }
}

/// Returns how whoever is on a line is named in records.
fn named(present: &Present) -> String {
    match (present.actor.account(), present.actor.handle()) {
        (Some(id), Some(handle)) => object(id, handle),
        _ => format!("session {}", present.session.0),
    }
}
