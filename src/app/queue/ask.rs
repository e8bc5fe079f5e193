//! Asking an applicant for more before deciding, and their answer. Both are
//! kept with the request, and neither decides anything.

use super::Decided;
use crate::{
    app::{
        Bbs, Ruling, authorize, letter, may_edit_oneself, own,
        record::{conflict, note},
        setting::current,
    },
    domain::{
        account::Status,
        actor::Actor,
        conversation::{LONGEST, Side, may_write},
        event::Event,
        id::AccountId,
        letter::Kind,
        policy::{Capability, Permit},
        refusal::Refusal,
        text::{Block, TextProblem},
    },
    store::{self, Tx, account::Account, audit::Act},
};

impl Bbs {
    /// Asks an applicant something, who is told by letter too.
    pub async fn ask_applicant(&self, actor: &Actor, id: AccountId, text: &str) -> Ruling<Decided> {
        let (actor, text) = (actor.clone(), read(text)?);
        let (account, letter) = self
            .decide(move |tx| {
                let permit = authorize(tx, &actor, Capability::Decide, &current(tx)?)?;
                let account = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
                write(tx, &permit, &account, (Side::Staff, &text))?;
                let quoted = text.as_str().replace('\n', "\n    ");
                let quoted = format!("    {quoted}");
                let letter = letter::write(tx, &account, Kind::MoreInformation, &quoted)?;
                Ok((account, letter))
            })
            .await?;
        Ok(Decided {
            account,
            on_line: self.hub().is_on_line(id),
            letter,
        })
    }

    /// Answers what one was asked about one's own request.
    pub async fn answer_staff(&self, actor: &Actor, text: &str) -> Ruling<()> {
        let (actor, text) = (actor.clone(), read(text)?);
        self.decide(move |tx| {
            let permit = may_edit_oneself(tx, &actor)?;
            let account = own(tx, &actor)?;
            write(tx, &permit, &account, (Side::Applicant, &text))?;
            letter::tell_of_answer(tx, &account)?;
            tx.emit(Event::RequestAnswered(account.id));
            Ok(())
        })
        .await
    }
}

/// Reads a message.
fn read(text: &str) -> Result<Block, Refusal> {
    Block::parse(text, LONGEST).map_err(|problem| match problem {
        TextProblem::Empty => Refusal::TextNeeded,
        TextProblem::TooLong { max } => Refusal::TextLong(max),
    })
}

/// Keeps a message about a request that still waits.
fn write(
    tx: &Tx<'_>,
    permit: &Permit,
    account: &Account,
    (side, text): (Side, &Block),
) -> Ruling<()> {
    if account.status != Status::Pending {
        return Err(conflict(account, tx.now()).into());
    }
    let before = store::conversation::of(tx, account.id)?;
    let sides: Vec<_> = before.iter().map(|message| message.side).collect();
    may_write(side, &sides)?;
    store::conversation::add(tx, account.id, side, permit.name(), text.as_str())?;
    let act = Act {
        action: match side {
            Side::Staff => "request.ask",
            Side::Applicant => "request.answer",
        },
        ..Act::default()
    };
    note(tx, permit, account, act)?;
    tx.emit(Event::UsersChanged);
    Ok(())
}
