//! What the sysop's own program is told: rows of the same outbox, on a way of
//! their own, so that a program that hangs keeps no letter back. Whether mail is
//! on is no matter here.

use super::{
    desk::{found, object},
    worker::{LEASE, board_facts, due, end, settle, who_waits},
};
use crate::{
    app::{Address, Bbs, Ruling, authorize, setting::current},
    domain::{
        actor::Actor, clock::Timestamp, event::Event, id::LetterId, letter::State, news::News,
        policy::Capability, refusal::Refusal,
    },
    mailer::Delivery,
    notifier::{Facts, Message},
    store::{
        self, Fault, Tx,
        audit::{Act, record},
        outbox::{Letter, New, Recipient},
    },
};

/// Tells the sysop's own program something, if there is one. What it is about has
/// a line each.
pub(in crate::app) fn tell(tx: &Tx<'_>, news: News, detail: &str) -> Result<(), Fault> {
    let post = store::outbox::post(tx)?;
    let kind = news.kind();
    // What has not left will tell of both.
    let is_told = news == News::RequestWaits && store::outbox::is_news_waiting(tx, kind)?;
    if !post.program.is_there || is_told {
        return Ok(());
    }
    let state = if post.is_held {
        State::Held
    } else {
        State::Queued
    };
    put(tx, news, detail, state, tx.now() + kind.delay())?;
    Ok(())
}

fn put(
    tx: &Tx<'_>,
    news: News,
    detail: &str,
    state: State,
    due_at: Timestamp,
) -> Result<LetterId, Fault> {
    let new = New {
        to: &Recipient::Program,
        kind: news.kind(),
        detail,
        state,
        due: due_at,
    };
    tx.emit(Event::MailChanged);
    store::outbox::insert(tx, &new)
}

impl Bbs {
    /// Tells the sysop's own program that this is a test.
    pub async fn test_program(&self, actor: &Actor) -> Ruling<Letter> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = authorize(tx, &actor, Capability::ManageMail, &current(tx)?)?;
            if !store::outbox::post(tx)?.program.is_there {
                return Err(Refusal::NoProgram.into());
            }
            // As a test letter does, it leaves even while others are held.
            let id = put(tx, News::Test, "", State::Queued, tx.now())?;
            let act = Act {
                action: "mail.test",
                object: &object(id),
                ..Act::default()
            };
            record(tx, &permit, act)?;
            found(tx, id)
        })
        .await
    }

    /// Makes one attempt to tell the program something if that is due.
    pub(super) async fn attempt_telling(&self, id: LetterId) -> Ruling<bool> {
        let _turn = self.telling.lock().await;
        let notifier = self.notifier();
        let (has_notifier, address) = (notifier.is_some(), self.address());
        let taken = self
            .decide(move |tx| Ok(take(tx, id, has_notifier, &address)?))
            .await?;
        let (Some(message), Some(notifier)) = (taken, notifier) else {
            return Ok(true);
        };
        let delivery = match notifier.tell(&message).await {
            Ok(()) => {
                tracing::info!(letter = %id, "notify_command was told");
                Delivery::Sent
            }
            Err(failure) => {
                tracing::warn!(letter = %id, why = %failure, "notify_command was not told");
                Delivery::Temporary(failure.to_string())
            }
        };
        self.decide(move |tx| Ok(settle(tx, id, &delivery)?))
            .await?;
        Ok(true)
    }
}

/// Takes what is due to be told: begins its lease and puts it into words. What is
/// not wanted any more comes to its end here.
fn take(
    tx: &Tx<'_>,
    id: LetterId,
    has_notifier: bool,
    address: &Address,
) -> Result<Option<Message>, Fault> {
    let Some(row) = due(tx, id)? else {
        return Ok(None);
    };
    if !has_notifier {
        end(
            tx,
            id,
            State::Cancelled,
            Some("no notify_command is configured"),
        )?;
        return Ok(None);
    }
    let Some(facts) = facts(tx, &row, address)? else {
        end(tx, id, State::Cancelled, Some("nobody waits any more"))?;
        return Ok(None);
    };
    store::outbox::begin(tx, id, tx.now() + LEASE)?;
    Ok(Some(Message::of(facts)))
}

/// Returns what there is to tell; nothing if it has lost its reason.
fn facts(tx: &Tx<'_>, row: &Letter, address: &Address) -> Result<Option<Facts>, Fault> {
    let Some(news) = News::of(row.kind) else {
        return Ok(None);
    };
    let (names, more) = match news {
        News::RequestWaits => match who_waits(tx)? {
            (names, _) if names.is_empty() => return Ok(None),
            found => found,
        },
        News::RequestAnswered | News::Rang | News::Alert | News::Test => {
            let lines = row.detail.lines().map(str::trim);
            (lines.map(str::to_owned).collect(), 0)
        }
    };
    Ok(Some(Facts {
        news,
        board: board_facts(&current(tx)?).board,
        at: row.created_at,
        names,
        more,
        line: address.plain_line(),
    }))
}
