//! Fills a board that is tried out: everybody arrives, asks, invites and is
//! decided about through the use cases, by a clock that begins a year ago.

use std::{collections::HashMap, net::IpAddr, sync::Arc};

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::{
    clock::StageClock,
    people::{
        APPLICANTS, ASKED, Applicant, Asked, KEYS, MEMBERS, MOD, Member, NOTES, REJECTED, REOPENED,
        RULES, Rejected, SECOND_TRY, SUSPENDED, SYSOP, Suspended, Way,
    },
    traffic,
};
use crate::{
    app::{
        Bbs, Ruling,
        access::Sure,
        invite::{Draft, Minted, Uses},
        login::Login,
        operator::NewUser,
        queue::{Decision, Reason, Tell},
        registration::{Form, KeepKey},
        visit::{Tries, Visit},
    },
    domain::{
        access::{Rule, Subject},
        account::Role,
        actor::Actor,
        door::DoorName,
        entropy,
        id::{AccountId, SessionId},
        refusal::Refusal,
        registration::Admission,
        secret::Secret,
        source::Source,
        text::Line,
    },
    settings::Key,
};

/// What the board is called, and what else its sysop has set.
const SETTINGS: &[(Key, &str)] = &[
    (Key::SiteName, "The museum board, Kiel"),
    (Key::SiteContact, "opal@example.org"),
    (
        Key::WelcomeText,
        "A board about lines, bells and the people behind them.",
    ),
    (Key::InviteCodeGenerators, "any_user"),
];

/// The first day of the board, in days ago.
const FIRST_DAY: i64 = 420;

/// How long ago members were given their keys.
const KEYS_DAY: TimeDelta = TimeDelta::hours(8 * 24 + 12);

/// How long ago staff wrote their notes.
const NOTES_AGO: TimeDelta = TimeDelta::minutes(3);

/// The day on which the invites that are left over were made, in days ago.
const INVITES_DAY: i64 = 6;

/// How long ago the sysop made rules.
const RULES_AGO: TimeDelta = TimeDelta::days(7);

/// How long after each deed the post leaves: letters of decisions wait a minute.
const POST: TimeDelta = TimeDelta::minutes(2);

/// Fills `bbs`, whose clock `clock` is; in the end it is right. Everybody has
/// that password. Returns the sysop.
pub(in crate::cli) async fn fill(
    bbs: &Arc<Bbs>,
    clock: &StageClock,
    console: &Actor,
    password: Secret<String>,
) -> Ruling<AccountId> {
    clock.set_back(TimeDelta::days(FIRST_DAY));
    for (key, value) in SETTINGS {
        bbs.change_setting(console, *key, value, None).await?;
    }
    let mut board = Filling {
        bbs,
        clock,
        console,
        password,
        people: HashMap::new(),
        fair: None,
    };
    let sysop = board.by_hand(SYSOP, Role::Sysop).await?;
    for (number, member) in (1..).zip(MEMBERS) {
        board.member(number, member).await?;
    }
    let role = Decision::ChangeRole(Role::Mod);
    board.decide(board.person(MOD)?, role).await?;
    board.keys().await?;
    for (number, rejected) in (1..).zip(REJECTED) {
        board.rejected(number, rejected).await?;
    }
    board.rules().await?;
    board.invites().await?;
    for suspended in SUSPENDED {
        board.suspended(suspended).await?;
    }
    for applicant in APPLICANTS {
        board.applicant(applicant).await?;
    }
    clock.set_back(NOTES_AGO);
    for (handle, note) in NOTES {
        let about = board.person(handle)?;
        bbs.note_about(board.sysop()?, account(about)?, note)
            .await?;
    }
    // Whoever came in this hurry was counted; that is long ago by the clock.
    clock.set_back(TimeDelta::days(FIRST_DAY));
    bbs.take_sample().await?;
    traffic::count(bbs, clock).await?;
    clock.set_back(TimeDelta::zero());
    bbs.send_due().await?;
    account(&sysop)
}

/// A board on the way to being full.
struct Filling<'a> {
    bbs: &'a Arc<Bbs>,
    clock: &'a StageClock,
    console: &'a Actor,
    password: Secret<String>,
    people: HashMap<&'static str, Actor>,
    /// The code of the card that lay about at a fair.
    fair: Option<Secret<String>>,
}

impl Filling<'_> {
    async fn member(&mut self, number: u8, member: &Member) -> Ruling<()> {
        let Member {
            handle, days_ago, ..
        } = member;
        let at = TimeDelta::days(*days_ago);
        self.clock.set_back(at);
        let from = [198, 51, 100, number];
        match member.way {
            Way::ByHand => {
                self.by_hand(handle, Role::User).await?;
            }
            Way::Asked(message) => {
                let actor = self.asks(handle, message, from).await?;
                self.post(at).await?;
                let at = at - TimeDelta::hours(3);
                self.clock.set_back(at);
                self.decide(&actor, Decision::Approve).await?;
                self.post(at).await?;
            }
            Way::Invited(by) => {
                let code = self.invite(by, Draft::default()).await?.code;
                self.registers(self.form(handle, "", Some(&code)), from, handle)
                    .await?;
            }
            Way::AtTheFair => {
                let code = self.fair_code().await?;
                self.registers(self.form(handle, "", Some(&code)), from, handle)
                    .await?;
            }
        }
        Ok(())
    }

    async fn rejected(&mut self, number: u8, rejected: &Rejected) -> Ruling<()> {
        let at = TimeDelta::days(rejected.days_ago);
        self.clock.set_back(at);
        let from = [203, 0, 113, number];
        let actor = self.asks(rejected.handle, rejected.message, from).await?;
        let at = at - TimeDelta::hours(2);
        self.clock.set_back(at);
        let decision = Decision::Reject {
            reason: rejected.reason,
            tell: Tell::Yes,
            text: String::new(),
            note: rejected.note.to_owned(),
        };
        self.decide(&actor, decision).await?;
        self.post(at).await
    }

    /// Gives the members their keys, after the last of them came.
    async fn keys(&self) -> Ruling<()> {
        self.clock.set_back(KEYS_DAY);
        for (handle, key) in KEYS {
            let owner = account(self.person(handle)?)?;
            self.bbs.add_key_to(self.console, owner, key).await?;
        }
        self.post(KEYS_DAY).await
    }

    /// Makes codes that are left over: live, run out, taken back, and frozen as
    /// soon as the one who made it is shut out.
    async fn invites(&mut self) -> Ruling<()> {
        self.clock.set_back(TimeDelta::days(INVITES_DAY));
        let noted = |note: &str| Draft {
            note: note.to_owned(),
            ..Draft::default()
        };
        self.invite(SYSOP, noted("The speaker in December")).await?;
        self.invite("ada", noted("My neighbour")).await?;
        self.invite("carlo", Draft::default()).await?;
        let short = Draft {
            days: Some(2),
            ..noted("Open evening")
        };
        self.invite("tove", short).await?;
        let wrong = self.invite(SYSOP, noted("Newsletter")).await?;
        let sysop = self.sysop()?;
        let why = "Went to the wrong list";
        self.bbs.revoke_invite(sysop, wrong.invite.id, why).await?;
        Ok(())
    }

    async fn suspended(&self, suspended: &Suspended) -> Ruling<()> {
        let at = TimeDelta::days(suspended.days_ago);
        self.clock.set_back(at);
        let until = |days| self.bbs.clock().now() + TimeDelta::days(days);
        let decision = Decision::Suspend {
            reason: suspended.reason.to_owned(),
            until: suspended.days.map(until),
        };
        self.decide(self.person(suspended.handle)?, decision)
            .await?;
        self.post(at).await
    }

    async fn applicant(&mut self, applicant: &Applicant) -> Ruling<()> {
        let at = TimeDelta::minutes(applicant.minutes_ago);
        self.clock.set_back(at);
        let code = match applicant.invited_by {
            None => None,
            Some(by) => {
                let draft = Draft {
                    admission: Admission::Queue,
                    ..Draft::default()
                };
                Some(self.invite(by, draft).await?.code)
            }
        };
        let handle = applicant.handle;
        let mut form = self.form(handle, applicant.message, code.as_ref());
        applicant.email.clone_into(&mut form.email);
        let actor = self
            .registers(form, [192, 0, 2, applicant.host], handle)
            .await?;
        if let Some(key) = applicant.key {
            self.bbs.paste_key(&actor, key).await?;
        }
        // Whoever came just now: their post has not left.
        if at > POST {
            self.post(at).await?;
        }
        if let Some(asked) = ASKED.iter().find(|one| one.handle == handle) {
            self.asked(&actor, at, asked).await?;
        }
        if handle == REOPENED {
            self.reopened(&actor, at).await?;
        }
        Ok(())
    }

    /// Asks somebody something who asked to join `at` ago.
    async fn asked(&self, actor: &Actor, at: TimeDelta, asked: &Asked) -> Ruling<()> {
        self.clock.set_back(at - TimeDelta::minutes(12));
        let opal = self.person(SYSOP)?;
        self.bbs
            .ask_applicant(opal, account(actor)?, asked.question)
            .await?;
        if let Some(answer) = asked.answer {
            self.clock.set_back(at - TimeDelta::minutes(31));
            self.bbs.answer_staff(actor, answer).await?;
        }
        self.post(at - TimeDelta::minutes(31)).await
    }

    /// Rejects a request of `at` ago, and takes it up again.
    async fn reopened(&self, actor: &Actor, at: TimeDelta) -> Ruling<()> {
        self.clock.set_back(at - TimeDelta::hours(1));
        let decision = Decision::Reject {
            reason: Reason::TooLittle,
            tell: Tell::Yes,
            text: String::new(),
            note: String::new(),
        };
        self.decide(actor, decision).await?;
        self.clock.set_back(at - TimeDelta::hours(9));
        self.decide(actor, Decision::Reopen).await?;
        self.bbs.edit_request(actor, SECOND_TRY).await
    }

    async fn by_hand(&mut self, handle: &'static str, role: Role) -> Ruling<Actor> {
        let new = NewUser {
            handle: handle.to_owned(),
            email: format!("{handle}@example.org"),
            role,
            key: None,
            password: Some(self.password.clone()),
        };
        let id = self.bbs.create_user(self.console, new).await?.id;
        let login = self.bbs.refresh(id).await?.ok_or(Refusal::Gone)?;
        self.people.insert(handle, login.actor.clone());
        Ok(login.actor)
    }

    async fn asks(&mut self, handle: &'static str, message: &str, from: [u8; 4]) -> Ruling<Actor> {
        let mut form = self.form(handle, message, None);
        form.email = format!("{handle}@example.org");
        self.registers(form, from, handle).await
    }

    /// Lets the letters leave that were written at a moment, so long ago.
    async fn post(&self, written: TimeDelta) -> Ruling<()> {
        self.clock.set_back(written - POST);
        self.bbs.send_due().await.map(drop)
    }

    async fn registers(
        &mut self,
        form: Form,
        from: [u8; 4],
        handle: &'static str,
    ) -> Ruling<Actor> {
        let Login { actor, .. } = self.bbs.register(&self.visit(from), form).await?;
        self.people.insert(handle, actor.clone());
        Ok(actor)
    }

    fn form(&self, handle: &str, message: &str, code: Option<&Secret<String>>) -> Form {
        let none = || Secret::new(String::new());
        Form {
            submission: entropy::bytes(self.bbs.entropy()),
            mode: self.bbs.settings().registration_mode,
            claim: None,
            code: code.cloned().unwrap_or_else(none),
            handle: handle.to_owned(),
            keep_key: KeepKey::No,
            password: self.password.clone(),
            email: String::new(),
            message: message.to_owned(),
            answers: Vec::new(),
            site: None,
        }
    }

    fn visit(&self, from: [u8; 4]) -> Arc<Visit> {
        let address = IpAddr::from(from);
        Arc::new(Visit {
            session: SessionId(0),
            address,
            source: Some(Source::of(address)),
            door: DoorName::New,
            key: None,
            certified: None,
            client: Line::cut("OpenSSH_9.9, 80x24", 60),
            began: self.bbs.clock().tick(),
            end: CancellationToken::new(),
            tries: Tries::default(),
        })
    }

    async fn rules(&self) -> Ruling<()> {
        self.clock.set_back(RULES_AGO);
        for &(kind, value, effect, reason) in RULES {
            let rule = Subject::parse(kind, value)
                .and_then(|subject| Rule::new(subject, Some(effect)))
                .map_err(Refusal::from)?;
            let sysop = self.sysop()?;
            self.bbs.add_rule(sysop, rule, reason, Sure::No).await?;
        }
        Ok(())
    }

    async fn invite(&self, by: &str, draft: Draft) -> Ruling<Minted> {
        self.bbs.create_invite(self.person(by)?, draft).await
    }

    /// Returns the code of the card, which is written at the first question.
    async fn fair_code(&mut self) -> Ruling<Secret<String>> {
        if let Some(code) = &self.fair {
            return Ok(code.clone());
        }
        let card = Draft {
            uses: Uses::Times(20),
            note: "Card at the autumn fair".to_owned(),
            ..Draft::default()
        };
        let code = self.invite(SYSOP, card).await?.code;
        Ok(self.fair.insert(code).clone())
    }

    async fn decide(&self, about: &Actor, decision: Decision) -> Ruling<()> {
        let id = account(about)?;
        let decided = self.bbs.decide_about(self.sysop()?, id, decision).await;
        decided.map(drop)
    }

    fn sysop(&self) -> Ruling<&Actor> {
        self.person(SYSOP)
    }

    fn person(&self, handle: &str) -> Ruling<&Actor> {
        let found = self.people.get(handle);
        Ok(found.ok_or(Refusal::NoSuchAccount)?)
    }
}

fn account(actor: &Actor) -> Ruling<AccountId> {
    Ok(actor.account().ok_or(Refusal::NoSuchAccount)?)
}
