//! Notices: what a letter tells is told on the board too, in the same
//! transaction. One text serves both; here it is made when it is read.

use chrono::TimeDelta;

use super::{
    Address, Bbs, Ruling, authorize, letter, may_edit_oneself, own, record::note, setting::current,
};
use crate::{
    domain::{
        account::Status,
        actor::Actor,
        event::Event,
        id::{AccountId, NoticeId},
        letter::Kind,
        notice::{Audience, Channel, Channels, Topic},
        policy::Capability,
        refusal::Refusal,
    },
    mailer::{self, Facts},
    settings::Settings,
    store::{self, Fault, Read, Tx, account::Account, audit::Act, notice::Notice},
};

/// How long a notice is kept.
const KEPT: TimeDelta = TimeDelta::days(90);

/// A notice in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// As it is stored.
    pub notice: Notice,
    /// Its subject.
    pub subject: &'static str,
}

/// By which ways somebody hears of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it is about.
    pub topic: Topic,
    /// The ways.
    pub channels: Channels,
}

/// Tells an account something on the board, and returns by which ways it hears
/// of such.
pub(super) fn tell(
    tx: &Tx<'_>,
    to: AccountId,
    kind: Kind,
    detail: &str,
) -> Result<Channels, Fault> {
    const BY_LETTER: Channels = Channels {
        notice: false,
        letter: true,
        bell: false,
    };
    let Some(topic) = Topic::of(kind) else {
        return Ok(BY_LETTER);
    };
    let channels = store::notice::channels(tx, to, topic)?;
    if topic == Topic::Security {
        tx.emit(Event::WayInChanged(to, kind));
    }
    // Who waits is told when it is read: one notice tells of several.
    let is_told = kind == Kind::RequestWaits && store::notice::has_unread(tx, to, kind)?;
    if channels.notice && !is_told {
        store::notice::insert(tx, to, kind, detail)?;
        tx.emit(Event::NoticesChanged(to));
    }
    Ok(channels)
}

/// Takes back what somebody was told of a decision that was taken back; says
/// whether they have read it.
pub(super) fn recall(tx: &Tx<'_>, account: &Account) -> Result<bool, Fault> {
    let kind = match account.status {
        Status::Active => Kind::Approved,
        _ => Kind::Rejected,
    };
    if store::notice::take_back(tx, account.id, kind, account.status_at)? {
        tx.emit(Event::NoticesChanged(account.id));
        return Ok(false);
    }
    store::notice::was_told(tx, account.id, kind, account.status_at)
}

/// Forgets notices after their days.
pub(super) fn forget_old(tx: &Tx<'_>) -> Result<(), Fault> {
    store::notice::forget_before(tx, tx.now() - KEPT)
}

impl Bbs {
    /// Returns how many notices the caller has not read.
    pub async fn unread_notices(&self, actor: &Actor) -> Ruling<u32> {
        let id = actor.account().ok_or(Refusal::NotAllowed)?;
        self.ask(move |view| Ok(store::notice::unread(view, id)?))
            .await
    }

    /// Returns the caller's notices, newest first.
    pub async fn notices(&self, actor: &Actor) -> Ruling<Vec<Listed>> {
        let actor = actor.clone();
        self.ask(move |view| {
            may_edit_oneself(view, &actor)?;
            let notices = store::notice::of(view, own(view, &actor)?.id)?;
            let listed = notices.into_iter().map(|notice| Listed {
                subject: mailer::subject(notice.kind),
                notice,
            });
            Ok(listed.collect())
        })
        .await
    }

    /// Returns what a notice says, and notes that it was read.
    pub async fn read_notice(&self, actor: &Actor, id: NoticeId) -> Ruling<String> {
        let (actor, address) = (actor.clone(), self.address());
        self.decide(move |tx| {
            may_edit_oneself(tx, &actor)?;
            let account = own(tx, &actor)?;
            let mut notices = store::notice::of(tx, account.id)?.into_iter();
            let notice = notices.find(|one| one.id == id).ok_or(Refusal::Gone)?;
            if store::notice::mark_read(tx, account.id, Some(id))? {
                tx.emit(Event::NoticesChanged(account.id));
            }
            Ok(text(tx, &account, notice, &address)?)
        })
        .await
    }

    /// Notes that the caller has read every notice.
    pub async fn read_all_notices(&self, actor: &Actor) -> Ruling<()> {
        let actor = actor.clone();
        self.decide(move |tx| {
            may_edit_oneself(tx, &actor)?;
            let id = own(tx, &actor)?.id;
            if store::notice::mark_read(tx, id, None)? {
                tx.emit(Event::NoticesChanged(id));
            }
            Ok(())
        })
        .await
    }

    /// Removes one of the caller's notices.
    pub async fn remove_notice(&self, actor: &Actor, notice: NoticeId) -> Ruling<()> {
        let actor = actor.clone();
        self.decide(move |tx| {
            may_edit_oneself(tx, &actor)?;
            let id = own(tx, &actor)?.id;
            if !store::notice::remove(tx, id, notice)? {
                return Err(Refusal::Gone.into());
            }
            tx.emit(Event::NoticesChanged(id));
            Ok(())
        })
        .await
    }

    /// Returns by which ways the caller hears of what.
    pub async fn notice_choices(&self, actor: &Actor) -> Ruling<Vec<Choice>> {
        let actor = actor.clone();
        self.ask(move |view| {
            may_edit_oneself(view, &actor)?;
            let (account, settings) = (own(view, &actor)?, current(view)?);
            let mut choices = Vec::new();
            for &topic in Topic::ALL {
                if hears(view, &actor, topic, &settings) {
                    let channels = store::notice::channels(view, account.id, topic)?;
                    choices.push(Choice { topic, channels });
                }
            }
            Ok(choices)
        })
        .await
    }

    /// Hears of a topic by a way from now on, or no longer.
    pub async fn turn_channel(
        &self,
        actor: &Actor,
        topic: Topic,
        channel: Channel,
    ) -> Ruling<Channels> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = may_edit_oneself(tx, &actor)?;
            let account = own(tx, &actor)?;
            if !topic.may_choose(channel) || !hears(tx, &actor, topic, &current(tx)?) {
                return Err(Refusal::NotAllowed.into());
            }
            let channels = store::notice::channels(tx, account.id, topic)?.turned(channel);
            store::notice::choose(tx, account.id, topic, channels)?;
            let is_on = if channels.has(channel) { "on" } else { "off" };
            let chosen = format!("{topic}: {channel} {is_on}");
            let act = Act {
                action: "notices.choose",
                after: Some(&chosen),
                ..Act::default()
            };
            note(tx, &permit, &account, act)?;
            Ok(channels)
        })
        .await
    }

    /// Whether the bell rings for the caller when there is news of a topic.
    pub async fn rings_for(&self, actor: &Actor, topic: Topic) -> Ruling<bool> {
        let id = actor.account().ok_or(Refusal::NotAllowed)?;
        self.ask(move |view| Ok(store::notice::channels(view, id, topic)?.bell))
            .await
    }
}

/// Whether somebody hears of a topic at all.
fn hears(read: &impl Read, actor: &Actor, topic: Topic, settings: &Settings) -> bool {
    let may = |capability| authorize(read, actor, capability, settings).is_ok();
    match topic.audience() {
        Audience::Everybody => true,
        Audience::Deciders => may(Capability::Decide),
        Audience::Inviters => may(Capability::Invite),
        Audience::Sysops => may(Capability::SeeSystem),
    }
}

/// Returns what a notice says: what the letter would.
fn text(
    read: &impl Read,
    account: &Account,
    notice: Notice,
    address: &Address,
) -> Result<String, Fault> {
    let detail = match notice.kind {
        Kind::RequestWaits => letter::waiting(read)?.unwrap_or_default(),
        _ => notice.detail,
    };
    let facts = Facts {
        line: letter::line(notice.kind, account.handle.as_str(), &detail, address),
        detail,
        handle: account.handle.to_string(),
        ..letter::board_facts(&current(read)?)
    };
    Ok(mailer::write(notice.kind, &facts).body)
}
