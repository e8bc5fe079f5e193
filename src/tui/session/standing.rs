//! What a session does by itself when its caller's account changes or somebody
//! asks to join, whatever screen is open.

use std::sync::Arc;

use super::{Effect, Event, Kind, LayerId, Notice, Payload, Session, Tone};
use crate::{
    app::{Bbs, Ruling, login::Login},
    domain::{account::Status, actor::Actor, id::AccountId, notice::Topic},
    tui::route,
    words,
};

/// The answer to a question that the session itself asked.
pub(super) enum Told {
    /// The caller's account as it stands; `None` when it is gone.
    Account(Box<Ruling<Option<Login>>>),
    /// How many requests wait, and who asked just now.
    Waiting(Option<u32>, Option<String>),
    /// Something about an account that rings, if the caller may know.
    Rings(Option<String>),
    /// The same, where the bell is asked for apart.
    Line(Option<String>),
    /// How many notices are not read.
    Unread(u32),
    /// Whether the bell rings for the news that was just said.
    Bell(bool),
}

impl Session {
    /// Hears an event before the screens do.
    pub(super) fn watch(&mut self, event: Event) {
        let own = self.caller.actor.account();
        match event {
            Event::AccountChanged(id) | Event::AccountGone(id) if own == Some(id) => {
                self.ask_standing(id);
            }
            Event::RequestWaits(id) if self.caller.actor.is_staff() => {
                self.ask("session.request", move |bbs, actor| async move {
                    let waiting = bbs.waiting(&actor).await.ok();
                    let asking = bbs.user(&actor, id).await.ok();
                    let newcomer = asking.filter(|_| waiting.is_some());
                    Told::Waiting(
                        waiting,
                        newcomer.map(|user| user.account.handle.to_string()),
                    )
                });
                self.ask_bell(Topic::Requests);
            }
            Event::RequestAnswered(id) if self.caller.actor.is_staff() => {
                self.ask("session.answer", move |bbs, actor| async move {
                    let decides = bbs.waiting(&actor).await.is_ok();
                    let user = bbs.user(&actor, id).await.ok().filter(|_| decides);
                    let handle = user.map(|user| user.account.handle.to_string());
                    Told::Rings(handle.map(|handle| words::session::answered(&handle)))
                });
            }
            Event::Rang(id) if self.caller.actor.is_sysop() && own != Some(id) => {
                self.ask("session.rang", move |bbs, actor| async move {
                    let user = bbs.user(&actor, id).await.ok();
                    let handle = user.map(|user| user.account.handle.to_string());
                    Told::Line(handle.map(|handle| words::talk::rings_for_you(&handle)))
                });
                self.ask_bell(Topic::Rings);
            }
            Event::WayInChanged(id, kind) if own == Some(id) && !self.has_just_acted() => {
                if let Some(text) = words::notice::way_in(kind) {
                    self.say(text, Tone::Bad);
                }
            }
            Event::NoticesChanged(id) if own == Some(id) => self.ask_unread(),
            Event::BackupFailed if self.caller.actor.is_sysop() => {
                self.say(&words::session::backup_failed(), Tone::Bad);
            }
            Event::DoctorAlarmed if self.caller.actor.is_sysop() => {
                self.say(&words::session::doctor_alarmed(), Tone::Bad);
                self.ask_bell(Topic::Board);
            }
            Event::UsersChanged => self.ask_waiting(),
            Event::SettingsChanged => self.take_settings(),
            Event::Said => {
                if let Some(said) = self.caller.bbs.hub().said() {
                    self.tell_all(&words::session::said(said.by.as_deref(), &said.text));
                }
            }
            _ => {}
        }
    }

    /// Takes the settings as they stand now, and says when from now on only
    /// staff get in.
    fn take_settings(&mut self) {
        let settings = self.caller.bbs.settings();
        let before = std::mem::replace(&mut self.caller.settings, settings);
        self.is_dirty = true;
        if self.caller.settings.maintenance && !before.maintenance {
            let note = self.caller.settings.maintenance_note.as_str();
            self.tell_all(&words::session::maintenance_begins(note));
        }
    }

    /// Asks how the caller's account stands.
    pub(super) fn ask_standing(&mut self, id: AccountId) {
        self.ask("session.account", move |bbs, _| async move {
            Told::Account(Box::new(bbs.refresh(id).await))
        });
    }

    /// Asks how many requests wait, if the caller may decide about them.
    pub(super) fn ask_waiting(&mut self) {
        if self.caller.actor.is_staff() {
            self.ask("session.waiting", |bbs, actor| async move {
                Told::Waiting(bbs.waiting(&actor).await.ok(), None)
            });
        }
    }

    /// Asks how many notices the caller has not read.
    pub(super) fn ask_unread(&mut self) {
        if self.caller.actor.account().is_some() {
            self.ask("session.notices", |bbs, actor| async move {
                Told::Unread(bbs.unread_notices(&actor).await.unwrap_or(0))
            });
        }
    }

    /// Asks whether the caller wants the bell for news of a topic.
    fn ask_bell(&mut self, topic: Topic) {
        self.ask("session.bell", move |bbs, actor| async move {
            Told::Bell(bbs.rings_for(&actor, topic).await.unwrap_or(false))
        });
    }

    fn ask<F, Fut>(&mut self, name: &'static str, question: F)
    where
        F: FnOnce(Arc<Bbs>, Actor) -> Fut + Send + 'static,
        Fut: Future<Output = Told> + Send + 'static,
    {
        self.queue.push(Effect::Call {
            layer: LayerId::SESSION,
            name,
            begin: Box::new(move |bbs, actor, _| {
                let asked = question(bbs, actor);
                Box::pin(async move { Box::new(asked.await) as Payload })
            }),
            kind: Kind::Load,
        });
    }

    /// Takes an answer to the session itself.
    pub(super) fn told(&mut self, told: Told) {
        match told {
            Told::Account(account) => match *account {
                // What could not be read is asked again at the next change.
                Err(_) => {}
                Ok(None) => self.over = Some(words::session::gone().to_owned()),
                Ok(Some(login)) => self.stands(&login),
            },
            Told::Waiting(waiting, newcomer) => {
                self.is_dirty |= self.caller.waiting != waiting;
                self.caller.waiting = waiting;
                if let Some(handle) = newcomer {
                    self.say(&words::session::asks_to_join(&handle), Tone::Plain);
                }
            }
            Told::Rings(Some(text)) => self.ring(&text),
            Told::Line(Some(text)) => self.say(&text, Tone::Plain),
            Told::Rings(None) | Told::Line(None) => {}
            Told::Unread(unread) => {
                self.is_dirty |= self.caller.unread != unread;
                self.caller.unread = unread;
            }
            Told::Bell(rings) => {
                self.rings |= rings;
                self.is_dirty |= rings;
            }
        }
    }

    /// Rings, and says something until the next key.
    fn ring(&mut self, text: &str) {
        self.rings = true;
        self.say(text, Tone::Plain);
    }

    /// Takes the caller where their account belongs now.
    fn stands(&mut self, login: &Login) {
        let account = &login.account;
        let before = self.caller.actor.clone();
        if before == login.actor {
            return;
        }
        if account.status == Status::Suspended {
            let reason = account.status_reason.as_deref();
            self.over = Some(words::session::suspended(reason));
            return;
        }
        if account.status == Status::Deleted {
            self.over = Some(words::session::deleted().to_owned());
            return;
        }
        self.queue.push(Effect::Become(login.actor.clone()));
        let notice = match (&before, &login.actor) {
            (Actor::Member(was), Actor::Member(is)) => {
                let is_less = is.role < was.role;
                if is_less {
                    // Screens of the old rights are not left open.
                    self.queue.push(Effect::Reset(route::home(login)));
                }
                Some(words::session::role(is.role))
            }
            (_, Actor::Member(is)) => {
                self.rings = true;
                self.queue.push(Effect::Reset(route::home(login)));
                Some(words::session::let_in(is.handle.as_str()))
            }
            (Actor::Applicant(was), Actor::Applicant(is))
                if was.status == Status::Unverified && is.status == Status::Pending =>
            {
                self.queue.push(Effect::Reset(route::home(login)));
                Some(words::session::waits_now().to_owned())
            }
            (_, Actor::Applicant(is)) if is.status == Status::Pending => {
                self.queue.push(Effect::Reset(route::home(login)));
                Some(words::session::waits_again().to_owned())
            }
            _ => {
                self.queue.push(Effect::Reset(route::home(login)));
                None
            }
        };
        if let Some(text) = notice {
            self.queue.push(Effect::Notice(Notice {
                text,
                tone: Tone::Plain,
            }));
        }
    }
}
