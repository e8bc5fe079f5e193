//! How the wizard goes on: what a step needs before the next, and where a
//! refusal leads.

use std::sync::Arc;

use super::{
    Joining, Msg, Then, Waiting, Welcome, Wizard,
    step::{self, Step},
};
use crate::{
    app::{
        Bbs, Ruling, Stop, activation,
        registration::{Form, KeepKey, Preview},
        visit::Visit,
    },
    domain::{
        actor::Actor,
        email::Email,
        handle::{Claiming, Handle},
        refusal::Refusal,
        registration::{Admits, Mode},
        secret::Secret,
    },
    settings::Key as Setting,
    tui::{
        Effects, View, say,
        widgets::{Field, Scroll},
    },
    words,
};

impl Wizard {
    pub(super) fn go(&mut self, step: Step, view: &View<'_>) {
        self.step = step;
        self.focus = 0;
        self.refusal = None;
        self.waiting = Waiting::No;
        self.scroll = Scroll::default();
        self.lay_out(view);
    }

    /// Shows a refusal on the step and at the field it belongs to.
    pub(super) fn refuse(&mut self, stop: &Stop, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.waiting = Waiting::No;
        let sentence = say::sentence(stop);
        let Stop::Refused(refusal) = stop else {
            self.refusal = Some((None, sentence));
            return;
        };
        if refusal.hangs_up() {
            return fx.hang_up(sentence + "\n");
        }
        match refusal {
            Refusal::ModeChanged(mode) => return self.mode_is(*mode, view, fx),
            // What can't be used is not sent again.
            Refusal::InvitationsOff => self.draft.code.clear(),
            Refusal::KeyTaken => {
                if let Some(begun) = &mut self.begun {
                    begun.key_is_free = false;
                }
            }
            Refusal::MessageNeeded => {
                if let Some((_, preview)) = &mut self.preview {
                    preview.admits = Admits::Pending;
                }
            }
            Refusal::CodeStopped | Refusal::CodeUnusable => self.preview = None,
            _ => {}
        }
        let (home, slot) = step::place(refusal);
        // A step that does not apply has no place for it.
        let home = home.filter(|home| Step::all(self.needs(view)).any(|one| one == *home));
        if let Some(home) = home {
            self.go(home, view);
        }
        self.lay_out(view);
        let place = slot.and_then(|slot| self.slots.iter().position(|one| *one == slot));
        self.focus = place.unwrap_or(self.focus);
        self.refusal = Some((slot.filter(|_| place.is_some()), sentence));
    }

    /// Takes another mode of registration; goes back to the first step that
    /// now lacks something.
    pub(super) fn mode_is(&mut self, mode: Mode, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.mode = mode;
        self.front.mode = mode;
        self.preview = None;
        let has_code = !self.draft.code.is_empty();
        if has_code {
            self.look_at_code(Then::Stay, fx);
        }
        let needs = self.needs(view);
        let lacking = match mode {
            Mode::Closed => Some(Step::Welcome),
            Mode::InviteOnly if !has_code && self.certified(view).is_none() => Some(Step::Welcome),
            _ if needs.request && self.draft.has_no_message() => Some(Step::About),
            _ => None,
        };
        let place = |step| Step::all(needs).position(|one| one == step);
        let stays = Step::all(needs).any(|step| step == self.step)
            && lacking.is_none_or(|step| place(self.step) <= place(step));
        if !stays {
            self.go(lacking.unwrap_or(Step::Review), view);
        }
        self.waiting = Waiting::No;
        let sentence = words::refusal(&Refusal::ModeChanged(mode));
        self.refusal = Some((None, sentence));
    }

    pub(super) fn look_at_code(&mut self, then: Then, fx: &mut Effects<'_, Msg>) {
        if then == Then::GoOn {
            self.waiting = Waiting::Check(Step::Welcome);
        }
        let code = self.draft.code.text().to_owned();
        let text = code.clone();
        fx.call(
            "wizard.preview_code",
            |bbs, _actor, visit| async move { bbs.preview_code(&visit, &text).await },
            move |preview| Msg::Previewed(then, code, preview),
        );
    }

    /// Takes what came of the look at a code.
    pub(super) fn looked_at(
        &mut self,
        then: Then,
        code: String,
        seen: Ruling<Preview>,
        view: &View<'_>,
        fx: &mut Effects<'_, Msg>,
    ) {
        // A code that was brought along may have led here all alone.
        let is_lost = then == Then::Stay && !self.is_open(view);
        match seen {
            Ok(preview) => {
                let is_refused = preview.admits == Admits::Refused;
                if code == self.draft.code.text() {
                    self.draft.expect_handle(&preview.whom);
                    self.draft.expect_email(preview.came_to.as_ref());
                    self.preview = Some((code, preview));
                }
                let goes_on = then == Then::GoOn && self.waiting == Waiting::Check(Step::Welcome);
                if is_lost && self.prepared().is_none() {
                    fx.reset(Welcome::new(self.front.clone(), None, None));
                } else if is_refused {
                    self.refuse(&Refusal::Closed.into(), view, fx);
                } else if goes_on {
                    self.go_on(view);
                }
            }
            Err(Stop::Refused(refusal)) if is_lost && !refusal.hangs_up() => {
                fx.reset(Welcome::new(self.front.clone(), None, Some(refusal)));
            }
            Err(stop) => self.refuse(&stop, view, fx),
        }
    }

    /// Takes the place with the focus; after the last one, the step.
    pub(super) fn take(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let last = self.slots.len().saturating_sub(1);
        if self.focus < last {
            self.focus += 1;
            return;
        }
        self.refusal = None;
        match self.step {
            Step::Welcome => self.leave_welcome(view, fx),
            Step::Handle => {
                let handle = self.draft.handle.text().to_owned();
                let claiming = match self.claim {
                    Some(_) => Claiming::Yes,
                    None => Claiming::No,
                };
                self.check(fx, move |bbs, _actor, visit| async move {
                    bbs.check_handle(&visit, &handle, claiming).await.map(drop)
                });
            }
            Step::WayIn => self.leave_way_in(view, fx),
            Step::About if self.draft.has_no_message() => {
                self.refuse(&Refusal::MessageNeeded.into(), view, fx);
            }
            Step::About => self.go_on(view),
            Step::Board => {
                let mut settings = view.settings.clone();
                match settings.set(Setting::SiteName, self.draft.site_name.text()) {
                    Err(words) => self.refuse(&Refusal::SettingRefused(words).into(), view, fx),
                    Ok(()) => self.go_on(view),
                }
            }
            Step::Review => self.create(view, fx),
        }
    }

    pub(super) fn go_on(&mut self, view: &View<'_>) {
        if let Some(next) = self.step.next(self.needs(view)) {
            self.go(next, view);
        }
    }

    fn check<F, Fut>(&mut self, fx: &mut Effects<'_, Msg>, look: F)
    where
        F: FnOnce(Arc<Bbs>, Actor, Arc<Visit>) -> Fut + Send + 'static,
        Fut: Future<Output = Ruling<()>> + Send + 'static,
    {
        let step = self.step;
        self.waiting = Waiting::Check(step);
        fx.call("wizard.check", look, move |checked| {
            Msg::Checked(step, checked)
        });
    }

    fn leave_welcome(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if self.claim.is_some() || self.certified(view).is_some() {
            return self.go_on(view);
        }
        let code = self.draft.code.text();
        if code.trim().is_empty() {
            self.draft.code.clear();
            self.preview = None;
            let joining = Joining::of(&self.front, view.settings);
            if joining.may_ask {
                self.go_on(view);
            } else if self.mode == Mode::InviteOnly && joining.may_use_invite {
                self.refuse(&Refusal::CodeNeeded.into(), view, fx);
            } else {
                self.refusal = Some((None, joining.words));
            }
            return;
        }
        match &self.preview {
            Some((known, preview)) if known == code && preview.admits != Admits::Refused => {
                self.go_on(view);
            }
            _ => self.look_at_code(Then::GoOn, fx),
        }
    }

    fn leave_way_in(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let claims = self.claim.is_some();
        let is_prepared = self.prepared().is_some();
        let handle = self.draft.handle.text().trim().to_owned();
        let email = self.draft.email.text().to_owned();
        let lacks_email = self.needs_email(view) && email.trim().is_empty();
        let came_to = self.invitation().and_then(|one| one.came_to.as_ref());
        let is_elsewhere = came_to.is_some() && !self.is_where_it_came();
        let password = self.needs_password(view).then(|| {
            let of = |field: &Field| Secret::new(field.text().to_owned());
            (of(&self.draft.password), of(&self.draft.again))
        });
        self.check(fx, move |bbs, _actor, _visit| async move {
            if let Some((password, again)) = password {
                if password.expose().is_empty() {
                    return Err(Refusal::NoWayIn.into());
                }
                bbs.check_password(&password, &handle, &email)?;
                if password != again {
                    return Err(Refusal::PasswordsDiffer.into());
                }
            }
            if is_prepared {
                return Ok(());
            }
            if lacks_email {
                return Err(Refusal::EmailNeeded.into());
            }
            if is_elsewhere {
                return Err(Refusal::NotWhereItCame.into());
            }
            // A claim stands outside the rules for addresses.
            if !claims {
                bbs.check_email(&email).await?;
            } else if !email.trim().is_empty() {
                Email::parse(email.trim()).map_err(|_| Refusal::EmailShape)?;
            }
            Ok(())
        });
    }

    fn create(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let Some(begun) = self.begun else { return };
        let draft = &self.draft;
        let keeps_key = self.keeps_key(view);
        let password = if self.needs_password(view) {
            draft.password.text()
        } else {
            ""
        };
        self.waiting = Waiting::Create;
        if self.prepared().is_some() {
            let form = activation::Form {
                submission: begun.submission,
                code: Secret::new(draft.code.text().to_owned()),
                keep_key: if keeps_key { KeepKey::Yes } else { KeepKey::No },
                password: Secret::new(password.to_owned()),
            };
            return fx.call(
                "wizard.activate",
                |bbs, _actor, visit| async move { bbs.activate(&visit, form).await },
                Msg::Made,
            );
        }
        let form = Form {
            submission: begun.submission,
            mode: self.mode,
            claim: self.claim.clone(),
            code: Secret::new(draft.code.text().to_owned()),
            handle: draft.handle.text().to_owned(),
            keep_key: if keeps_key { KeepKey::Yes } else { KeepKey::No },
            password: Secret::new(password.to_owned()),
            email: draft.email.text().to_owned(),
            message: draft.message.text().to_owned(),
            answers: draft.answers.iter().map(|a| a.text().to_owned()).collect(),
            site: self.claim.as_ref().map(|_| {
                let text = |field: &Field| field.text().trim().to_owned();
                (text(&draft.site_name), text(&draft.contact))
            }),
        };
        fx.call(
            "wizard.register",
            |bbs, _actor, visit| async move { bbs.register(&visit, form).await },
            Msg::Made,
        );
    }

    pub(super) fn back(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match self.step.before(self.needs(view)) {
            Some(before) => self.go(before, view),
            None => fx.reset(Welcome::again(
                Handle::parse(self.draft.handle.text().trim()).ok(),
            )),
        }
    }
}
