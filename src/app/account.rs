//! One's own account: keys, password, address, sessions, request.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{
    Bbs, Ruling,
    activation::not_prepared,
    entrance::{Entrance, First, enter},
    factor,
    form::read_message,
    guess::{self, Attempt},
    hub::{Present, Which},
    key, letter, may_edit_oneself, own,
    password::{Password, Personal, Verdict},
    record::{conflict, note, object},
    visit::Visit,
};
use crate::{
    domain::{
        account::{Status, Transition},
        actor::Actor,
        code::{Code, Purpose},
        event::Event,
        id::{AccountId, KeyId, SessionId},
        key::PublicKey,
        letter::Kind,
        policy::Permit,
        refusal::Refusal,
        secret::Secret,
    },
    store::{
        self, Fault, Tx,
        account::Account,
        audit::{Act, record},
        conversation::Message,
        key::{Key, Standing},
        request::Request,
    },
};

/// How long a key line works.
const KEY_LINE: TimeDelta = TimeDelta::minutes(10);

/// What becomes of one's other calls when the password is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherCalls {
    /// They go on.
    GoOn,
    /// They end: whoever has the old password is out.
    End,
}

/// Everything the Account screen shows.
#[derive(Clone, Debug)]
pub struct Own {
    /// The account.
    pub account: Account,
    /// Its keys, oldest first.
    pub keys: Vec<Key>,
    /// Its request, if it made one.
    pub request: Option<Request>,
    /// What staff asked about it, and what one answered, oldest first.
    pub conversation: Vec<Message>,
    /// Its sessions on line, longest first.
    pub sessions: Vec<Present>,
    /// The line that writes out everything the board has about the account.
    pub export_line: String,
    /// Whether letters leave, so that the address can be proven.
    pub mail_leaves: bool,
    /// How it stands with second factors.
    pub factor: factor::Standing,
}

impl Bbs {
    /// Returns the caller's own account.
    pub async fn own(&self, actor: &Actor) -> Ruling<Own> {
        let actor = actor.clone();
        let id = actor.account().ok_or(Refusal::NotAllowed)?;
        let sessions = self.hub().everybody();
        let sessions = sessions
            .into_iter()
            .filter(|one| one.actor.account() == Some(id))
            .collect();
        let address = self.address();
        self.ask(move |view| {
            let account = own(view, &actor)?;
            Ok(Own {
                export_line: format!("{} export", address.line(account.handle.as_str())),
                mail_leaves: letter::leave(view)?,
                keys: store::key::of(view, account.id)?,
                request: store::request::of(view, account.id)?,
                conversation: store::conversation::of(view, account.id)?,
                factor: factor::Standing::of(view, &account)?,
                account,
                sessions,
            })
        })
        .await
    }

    /// Adds a pasted key to one's account: a claim until somebody comes with it.
    pub async fn paste_key(&self, actor: &Actor, text: &str) -> Ruling<PublicKey> {
        let key = PublicKey::parse(text).map_err(Refusal::KeyUnusable)?;
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = may_edit_oneself(tx, &actor)?;
            let account = own(tx, &actor)?;
            key::add_written(tx, &permit, &account, &key, Standing::Pasted)?;
            letter::write(tx, &account, Kind::KeyAdded, &key::named(&key))?;
            Ok(key)
        })
        .await
    }

    /// Removes one of one's keys.
    pub async fn remove_key(&self, actor: &Actor, id: KeyId) -> Ruling<()> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = may_edit_oneself(tx, &actor)?;
            let account = own(tx, &actor)?;
            let removed = key::remove(tx, &permit, &account, id)?;
            letter::write(tx, &account, Kind::KeyRemoved, &removed)?;
            Ok(())
        })
        .await
    }

    /// Returns a line that adds the key of another device, for ten minutes.
    pub async fn mint_key_line(&self, actor: &Actor) -> Ruling<Secret<String>> {
        let shape = self.settings().code_shape();
        let code = Code::generate(self.entropy(), shape);
        let hash = code.keyed_hash(Purpose::Key, &self.setup.server_key);
        let line = self
            .address()
            .line(&format!("key-{}", code.expose_grouped(shape)));
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = may_edit_oneself(tx, &actor)?;
            let account = own(tx, &actor)?;
            key::room(tx, account.id)?;
            let purpose = store::code::Purpose::Key(account.id);
            store::code::put(tx, purpose, &hash, tx.now() + KEY_LINE)?;
            let act = Act {
                action: "key_line.mint",
                object: &object(account.id, &account.handle),
                ..Act::default()
            };
            record(tx, &permit, act)?;
            Ok(Secret::new(line))
        })
        .await
    }

    /// Adds the key of this call to the account of a key line, and logs in.
    pub async fn use_key_line(&self, visit: &Arc<Visit>, code: &Code) -> Ruling<Entrance> {
        let hash = code.keyed_hash(Purpose::Key, &self.setup.server_key);
        let visit = Arc::clone(visit);
        self.decide(move |tx| enter(tx, &visit, First::KeyLine(hash)))
            .await
    }

    /// Makes a pasted key the caller's, and logs in: they came with it and said
    /// yes.
    pub async fn confirm_pasted(&self, visit: &Arc<Visit>, id: AccountId) -> Ruling<Entrance> {
        let visit = Arc::clone(visit);
        self.decide(move |tx| enter(tx, &visit, First::Pasted(id)))
            .await
    }

    /// Changes or sets one's password. Whoever has one must know it.
    pub async fn change_password(
        &self,
        actor: &Actor,
        visit: &Arc<Visit>,
        old: &Secret<String>,
        new: &Secret<String>,
        others: OtherCalls,
    ) -> Ruling<()> {
        let (asking, calling, now) = (actor.clone(), Arc::clone(visit), self.clock().now());
        let (account, hash) = self
            .ask(move |view| {
                may_edit_oneself(view, &asking)?;
                let account = own(view, &asking)?;
                let attempt = guess::judge(view, &account.handle.key(), &calling, now)?;
                if let Attempt::Wait(wait) = attempt {
                    return Err(Refusal::PasswordWait(wait).into());
                }
                let hash = store::account::password(view, account.id)?;
                Ok((account, hash))
            })
            .await?;
        if hash.is_some() {
            let old = Password::enter(old).map_err(|_| Refusal::WrongPassword)?;
            if self.verify(old, hash.clone()).await? == Verdict::Wrong {
                return Err(self.count_wrong_password(&account, visit).await?.into());
            }
        }
        let new = self.hash_new(&account, new).await?;
        let id = account.id;
        let (actor, calling) = (actor.clone(), Arc::clone(visit));
        self.decide(move |tx| {
            let permit = may_edit_oneself(tx, &actor)?;
            let account = own(tx, &actor)?;
            if hash.is_some() {
                guess::still_allowed(tx, &account.handle.key(), &calling)?;
            }
            // What was verified must still be the password.
            if store::account::password(tx, account.id)? != hash {
                return Err(Refusal::WrongPassword.into());
            }
            Ok(put_password(
                tx,
                &permit,
                &account,
                &new,
                "password.change",
            )?)
        })
        .await?;
        if others == OtherCalls::End {
            self.hub().end(id, Which::AllBut(visit.session));
        }
        Ok(())
    }

    /// Holds a new password to the rules, and hashes it.
    pub(super) async fn hash_new(&self, account: &Account, new: &Secret<String>) -> Ruling<String> {
        let settings = self.settings();
        let personal = Personal {
            handle: account.handle.as_str(),
            email: account.email.as_ref().map_or("", |email| email.as_str()),
            site: settings.site_name.as_str(),
        };
        self.hash(Password::choose(new, personal, &settings)?).await
    }

    /// Counts a wrong present password like one at the door, and returns the
    /// answer.
    pub(super) async fn count_wrong_password(
        &self,
        account: &Account,
        visit: &Arc<Visit>,
    ) -> Ruling<Refusal> {
        let (key, visit) = (account.handle.key(), Arc::clone(visit));
        let refusal = self
            .decide(move |tx| guess::wrong_password(tx, &key, &visit))
            .await?;
        Ok(match refusal {
            Refusal::WrongCredentials => Refusal::WrongPassword,
            last => last,
        })
    }

    /// Ends another of one's own sessions.
    pub fn end_session(&self, actor: &Actor, session: SessionId) -> Ruling<()> {
        let id = actor.account().ok_or(Refusal::NotAllowed)?;
        match self.hub().end(id, Which::One(session)) {
            0 => Err(Refusal::Gone.into()),
            _ => Ok(()),
        }
    }

    /// Replaces the message of one's request; the older wording stays for staff.
    pub async fn edit_request(&self, actor: &Actor, text: &str) -> Ruling<()> {
        let message = read_message(text)?;
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = may_edit_oneself(tx, &actor)?;
            let account = own(tx, &actor)?;
            if account.status != Status::Pending {
                return Err(conflict(&account, tx.now()).into());
            }
            store::request::edit(tx, account.id, message.as_str())?;
            note(
                tx,
                &permit,
                &account,
                Act {
                    action: "request.edit",
                    ..Act::default()
                },
            )?;
            tx.emit(Event::UsersChanged);
            Ok(())
        })
        .await
    }

    /// Takes one's request back (T9): handle, address and invite are free again.
    pub async fn withdraw(&self, actor: &Actor) -> Ruling<()> {
        let actor = actor.clone();
        self.decide(move |tx| {
            let permit = may_edit_oneself(tx, &actor)?;
            let account = own(tx, &actor)?;
            if account.status.after(Transition::Withdraw).is_none() {
                return Err(conflict(&account, tx.now()).into());
            }
            // They have asked for nothing.
            not_prepared(&account)?;
            store::invite::give_back(tx, account.id)?;
            let object = object(account.id, &account.handle);
            record(
                tx,
                &permit,
                Act {
                    action: "account.withdraw",
                    object: &object,
                    ..Act::default()
                },
            )?;
            store::account::remove(tx, &account)?;
            tx.emit(Event::AccountGone(account.id));
            tx.emit(Event::UsersChanged);
            Ok(())
        })
        .await
    }
}

/// Gives an account a new password: wrong ones are forgiven, codes for another
/// die, and a letter tells of it.
pub(super) fn put_password(
    tx: &Tx<'_>,
    permit: &Permit,
    account: &Account,
    hash: &str,
    action: &str,
) -> Result<(), Fault> {
    store::account::set_password(tx, account.id, Some(hash))?;
    store::guess::forgive(tx, &account.handle.key(), None)?;
    end_resets(tx, account)?;
    note(
        tx,
        permit,
        account,
        Act {
            action,
            ..Act::default()
        },
    )?;
    letter::write(tx, account, Kind::PasswordChanged, "")?;
    Ok(())
}

/// Kills the codes for a new password that an account was written, and those
/// still to be written.
pub(super) fn end_resets(tx: &Tx<'_>, account: &Account) -> Result<(), Fault> {
    store::code::kill(tx, store::code::Purpose::Reset(account.id))?;
    letter::cancel(tx, account.id, Kind::ResetCode)?;
    Ok(())
}
