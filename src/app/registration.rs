//! Joining (spec §2, §3, §5): looks before the leap, and the one transaction
//! that makes an account. A code is used if and only if an account exists
//! because of it.

use std::sync::Arc;

use tokio::sync::watch;

use super::{
    Bbs, Ruling, Stop, address,
    certificate::still_holds,
    claim::{Claim, Proof},
    form::{accept_email, any_email, free_handle, read_code, read_email, read_message},
    guess, is_claimed, key, letter,
    login::{Login, note_call},
    password::{Password, Personal},
    record::object,
    setting::{current, keep},
    visit::Visit,
};
use crate::{
    domain::{
        account::{Origin, Role, Status},
        certificate::Certified,
        code::{Code, Purpose},
        email::Email,
        event::Event,
        handle::{Claiming, Handle},
        id::AccountId,
        invite::{Bearer, State, Whom},
        key::VerifiedKey,
        letter::Kind,
        policy::Permit,
        refusal::Refusal,
        registration::{Admits, Mode},
        secret::Secret,
        text::{Block, Line},
    },
    settings::{Key, Settings},
    store::{
        self, Fault, Tx,
        account::Account,
        audit::{Act, record},
        invite::Invite,
        outbox::Letter,
    },
};

/// The longest answer to a question.
pub const ANSWER: usize = 300;

/// What a code would do, before anything is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Who made it; nobody is the operator.
    pub inviter: Option<String>,
    /// What happens to whoever registers with it.
    pub admits: Admits,
    /// What the inviter has to say to them.
    pub message: String,
    /// Whom it is for.
    pub whom: Expected,
    /// Whether it is for somebody of a certain address.
    pub asks_email: bool,
    /// The address to which its code came, and to nobody else.
    pub came_to: Option<Email>,
}

/// Whom a code is for, as far as whoever comes with it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nobody of a certain handle.
    Anybody,
    /// Somebody who is to be called so.
    Called(Handle),
    /// Whoever this account was made for: it is there already.
    Prepared(Handle),
}

impl Expected {
    fn of(whom: Whom) -> Self {
        match whom {
            Whom::Prepared { handle, .. } => Self::Prepared(handle),
            Whom::Newcomer(Bearer { handle, .. }) => handle.map_or(Self::Anybody, Self::Called),
        }
    }

    /// Returns the handle they have, or are to have.
    pub const fn handle(&self) -> Option<&Handle> {
        match self {
            Self::Anybody => None,
            Self::Called(handle) | Self::Prepared(handle) => Some(handle),
        }
    }
}

/// What the wizard sends, as it was typed.
#[derive(Clone, Debug)]
pub struct Form {
    /// The wizard's own number: a repeated submit finds the first result.
    pub submission: [u8; 16],
    /// The mode the wizard has shown.
    pub mode: Mode,
    /// The right to be the first sysop.
    pub claim: Option<Proof>,
    /// The invite code; empty is none.
    pub code: Secret<String>,
    /// The handle.
    pub handle: String,
    /// Whether the key of this call becomes a way in.
    pub keep_key: KeepKey,
    /// The password; empty is none.
    pub password: Secret<String>,
    /// The address; empty is none.
    pub email: String,
    /// The message to the sysops.
    pub message: String,
    /// The answers to the sysop's questions, in their order.
    pub answers: Vec<String>,
    /// The board's name and contact, from whoever claims it.
    pub site: Option<(String, String)>,
}

/// Whether the key of this call becomes a way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepKey {
    /// It does, if there is one.
    Yes,
    /// It does not.
    No,
}

impl Bbs {
    /// Says what a code would do. Wrong ones are counted like those of a submit.
    pub async fn preview_code(&self, visit: &Arc<Visit>, text: &str) -> Ruling<Preview> {
        let code = read_code(text, self.settings().code_shape())?;
        let hash = code.keyed_hash(Purpose::Invite, &self.setup.server_key);
        let visit = Arc::clone(visit);
        self.decide(move |tx| {
            let settings = current(tx)?;
            let invite = live_invite(tx, &hash, &settings, &visit, Refusal::CodeUnusable)?;
            let bearer = invite.whom.newcomer();
            let by_letter = invite.is_by_letter();
            Ok(Preview {
                admits: match &invite.whom {
                    Whom::Newcomer(_) => settings.admission().outcome(Some(invite.admission)),
                    // Whatever the mode: staff made the account.
                    Whom::Prepared { .. } => Admits::Active,
                },
                came_to: invite.whom.address().filter(|_| by_letter).cloned(),
                message: invite.message,
                asks_email: bearer.is_some_and(|bearer| bearer.mailbox.is_some()),
                whom: Expected::of(invite.whom),
                inviter: invite.issuer.map(|issuer| issuer.handle),
            })
        })
        .await
    }

    /// Counts a wrong code that was found out elsewhere and returns the answer.
    pub(super) async fn count_wrong_code(&self, visit: &Visit) -> Ruling<Refusal> {
        // Only the counters' owner goes into the transaction.
        let (last, source) = (visit.tries.wrong_code(), visit.source);
        self.decide(move |tx| Ok(guess::wrong_code_of(tx, source, last)?))
            .await
    }

    /// Says whether a handle is legal and free. At most twenty looks a call.
    pub async fn check_handle(
        &self,
        visit: &Visit,
        text: &str,
        claiming: Claiming,
    ) -> Ruling<Handle> {
        let handle = Handle::parse(text.trim()).map_err(|_| Refusal::HandleShape)?;
        if visit.tries.looked_at_handle() {
            return Err(Refusal::HandlesSpent.into());
        }
        self.ask(move |view| {
            free_handle(view, &handle, claiming, &current(view)?)?;
            Ok(handle)
        })
        .await
    }

    /// Says whether an address would do, but not whether somebody has it.
    pub async fn check_email(&self, text: &str) -> Ruling<()> {
        let settings = self.settings();
        let email = read_email(text, &settings)?;
        self.ask(move |view| accept_email(view, email.as_ref(), &settings))
            .await
    }

    /// Says whether a password would do.
    pub fn check_password(
        &self,
        text: &Secret<String>,
        handle: &str,
        email: &str,
    ) -> Result<(), Refusal> {
        let settings = self.settings();
        let personal = Personal {
            handle,
            email,
            site: settings.site_name.as_str(),
        };
        Password::choose(text, personal, &settings).map(|_| ())
    }

    /// Makes the account, or says why not and leaves everything as it was.
    pub async fn register(&self, visit: &Arc<Visit>, form: Form) -> Ruling<Login> {
        let settings = self.settings();
        let handle = Handle::parse(form.handle.trim()).map_err(|_| Refusal::HandleShape)?;
        let claim = form
            .claim
            .as_ref()
            .map(|proof| self.claim(visit, proof))
            .transpose()?;
        let email = match claim {
            // A claim stands outside the rules for addresses.
            Some(_) => any_email(&form.email)?,
            None => read_email(&form.email, &settings)?,
        };
        let code = match form.code.expose().trim() {
            "" => None,
            _ if claim.is_some() => None,
            text => Some(read_code(text, settings.code_shape())?),
        };
        let password = if form.password.expose().is_empty() {
            None
        } else {
            let site = settings.site_name.as_str();
            let personal = Personal {
                handle: handle.as_str(),
                email: &form.email,
                site,
            };
            let chosen = Password::choose(&form.password, personal, &settings)?;
            Some(self.hash(chosen).await?)
        };
        let submission = Submission {
            hash: code
                .as_ref()
                .map(|code: &Code| code.keyed_hash(Purpose::Invite, &self.setup.server_key)),
            handle,
            email,
            password,
            claim,
            form,
            visit: Arc::clone(visit),
            publish: self.settings.clone(),
        };
        let login = self.decide(move |tx| submission.commit(tx)).await?;
        self.hub().tally().registered();
        Ok(login)
    }
}

/// A form whose parts are read and whose password is hashed.
struct Submission {
    form: Form,
    handle: Handle,
    email: Option<Email>,
    password: Option<String>,
    hash: Option<[u8; 32]>,
    claim: Option<Claim>,
    visit: Arc<Visit>,
    publish: watch::Sender<Arc<Settings>>,
}

/// Questions and their answers.
type Answers = Vec<(String, String)>;

/// How an account begins.
struct Beginning {
    status: Status,
    /// Where it goes once the address is proven, if that must be.
    onward: Option<Status>,
    role: Role,
    origin: Origin,
    invite: Option<Invite>,
    /// Whether the address is proven: the invite came there.
    is_proven: bool,
}

impl Submission {
    /// Decides and writes, in this order: mode, handle, address, key, and only
    /// then the code (K3).
    fn commit(&self, tx: &Tx<'_>) -> Ruling<Login> {
        if let Some(first) = store::account::by_submission(tx, &self.form.submission)? {
            return Ok(Login::of(first));
        }
        let settings = current(tx)?;
        let beginning = self.beginning(tx, &settings)?;
        let claiming = if self.claim.is_some() {
            Claiming::Yes
        } else {
            Claiming::No
        };
        free_handle(tx, &self.handle, claiming, &settings).map_err(|stop| match stop {
            Stop::Refused(Refusal::HandleTaken) => Refusal::HandleStopped.into(),
            other => other,
        })?;
        self.take_email(tx, &beginning, &settings)?;
        let key = self.way_in(tx, &settings)?;
        let (message, answers) = self.request(&beginning, &settings)?;
        if let Some(claim) = &self.claim {
            claim.use_up(tx)?;
        }
        if let Some(invite) = &beginning.invite
            && !store::invite::use_once(tx, invite, settings.delegation().invite)?
        {
            return Err(Refusal::CodeStopped.into());
        }
        let source = self.visit.source.map(|source| source.to_string());
        let id = store::account::insert(
            tx,
            &store::account::New {
                handle: &self.handle,
                status: beginning.status,
                onward: beginning.onward,
                role: beginning.role,
                origin: beginning.origin,
                email: self.email.as_ref(),
                password: self.password.as_deref(),
                invite: beginning.invite.as_ref().map(|invite| invite.id),
                invited_by: beginning
                    .invite
                    .as_ref()
                    .and_then(|i| i.issuer.as_ref())
                    .map(|i| i.id),
                submission: Some(&self.form.submission),
                source: source.as_deref(),
            },
        )?;
        if beginning.is_proven {
            store::account::prove_email(tx, id)?;
        }
        let permit = self.permit(id);
        let made = store::account::by_id(tx, id)?.ok_or(Refusal::Gone)?;
        if let Some(key) = key {
            key::attach(tx, &permit, &made, key)?;
        }
        if let Some(invite) = &beginning.invite {
            store::invite::redeemed(tx, invite.id, id)?;
            tx.emit(Event::InvitesChanged(
                invite.issuer.as_ref().map(|issuer| issuer.id),
            ));
        }
        if let Some(message) = message {
            let client = self.visit.client.as_str();
            store::request::insert(tx, id, message.as_str(), &answers, client)?;
        }
        self.name_the_board(tx, &permit, &settings)?;
        record(
            tx,
            &permit,
            Act {
                action: "account.register",
                object: &object(id, &self.handle),
                before: None,
                after: Some(beginning.status.name()),
                reason: self.reason(&beginning).as_deref(),
            },
        )?;
        note_call(tx, &self.visit, id)?;
        self.tell(tx, &made, &settings)?;
        tx.emit(Event::UsersChanged);
        Ok(Login::of(made))
    }

    /// Refuses an address that can't be this newcomer's, or is wanting.
    fn take_email(&self, tx: &Tx<'_>, beginning: &Beginning, settings: &Settings) -> Ruling<()> {
        // A claim stands outside the rules for addresses.
        if self.claim.is_none() {
            accept_email(tx, self.email.as_ref(), settings)?;
        }
        if beginning.onward.is_some() && self.email.is_none() {
            return Err(Refusal::EmailNeeded.into());
        }
        // Where an address must be proven, only its owner hears that it is known.
        let Some(email) = &self.email else {
            return Ok(());
        };
        if !settings.email_unique || beginning.onward.is_some() {
            return Ok(());
        }
        // A proof wins over those who never gave one.
        let is_taken = if beginning.is_proven {
            store::account::holder_of(tx, email, None)?.is_some()
        } else {
            store::account::email_is_known(tx, email, None)?
        };
        if is_taken {
            return Err(Refusal::EmailTaken.into());
        }
        Ok(())
    }

    /// Tells whoever is to hear of the new account.
    fn tell(&self, tx: &Tx<'_>, made: &Account, settings: &Settings) -> Result<(), Fault> {
        if made.status != Status::Unverified {
            tell_issuer(tx, made)?;
        }
        match made.status {
            Status::Pending => {
                tell_of_request(tx, made, settings)?;
            }
            Status::Unverified => {
                address::send_code(tx, made, self.visit.source)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Returns the key that becomes a way in, if one does; without any way in there
    /// is no account.
    fn way_in(&self, tx: &Tx<'_>, settings: &Settings) -> Ruling<Option<&VerifiedKey>> {
        if let Some(certified) = self.certified() {
            still_holds(tx, certified, settings, tx.now())?;
        }
        let key = self
            .visit
            .key
            .as_ref()
            .filter(|_| self.form.keep_key == KeepKey::Yes);
        if let Some(key) = key
            && store::key::owner(tx, &key.key().fingerprint())?.is_some()
        {
            return Err(Refusal::KeyTaken.into());
        }
        if key.is_none() && self.password.is_none() && self.certified().is_none() {
            return Err(Refusal::NoWayIn.into());
        }
        Ok(key)
    }

    /// Returns the permit of the newcomer, who came by certificate or not.
    fn permit(&self, id: AccountId) -> Permit {
        match self.certified() {
            Some(_) => Permit::certified(id, &self.handle),
            None => Permit::newcomer(id, &self.handle),
        }
    }

    /// Returns by what right the account begins, if not by the mode alone.
    fn reason(&self, beginning: &Beginning) -> Option<String> {
        match (&self.claim, &beginning.invite, self.certified()) {
            (Some(_), ..) => Some("claim".to_owned()),
            (None, Some(invite), _) => Some(invite.number()),
            (None, None, certified) => certified.map(|one| format!("certificate {one}")),
        }
    }

    /// Returns the certificate of this call, if it is for this handle.
    fn certified(&self) -> Option<&Certified> {
        let certified = self.visit.certified.as_ref();
        certified.filter(|one| one.handle().key() == self.handle.key())
    }

    /// Decides how the account begins (the table of spec §2).
    fn beginning(&self, tx: &Tx<'_>, settings: &Settings) -> Ruling<Beginning> {
        if self.claim.is_some() {
            // Looked at before anything is written: a refusal commits.
            self.named_board(settings)?;
            let (status, role, origin) = (Status::Active, Role::Sysop, Origin::Claim);
            return Ok(Beginning {
                status,
                onward: None,
                role,
                origin,
                invite: None,
                is_proven: false,
            });
        }
        if !is_claimed(tx)? {
            return Err(Refusal::Unclaimed.into());
        }
        if settings.maintenance {
            let note = settings.maintenance_note.as_str().to_owned();
            return Err(Refusal::Maintenance(note).into());
        }
        if settings.registration_paused {
            return Err(Refusal::Paused(settings.registration_note.as_str().to_owned()).into());
        }
        if settings.registration_mode != self.form.mode {
            return Err(Refusal::ModeChanged(settings.registration_mode).into());
        }
        let invite = match &self.hash {
            None => None,
            Some(hash) => Some(live_invite(
                tx,
                hash,
                settings,
                &self.visit,
                Refusal::CodeStopped,
            )?),
        };
        if let Some(invite) = &invite {
            // Nobody registers with the code of an account that is there.
            let bearer = invite.whom.newcomer().ok_or(Refusal::CodeStopped)?;
            self.is_for_them(tx, bearer)?;
        }
        // An invite says more than a certificate about who is expected.
        let certified = self.certified().filter(|_| invite.is_none());
        let rules = settings.admission();
        let outcome = match (certified, &invite) {
            (Some(_), _) => rules.certified(settings.certificate_admission),
            (None, invite) => rules.outcome(invite.as_ref().map(|invite| invite.admission)),
        };
        let Some(status) = outcome.status() else {
            return Err(match settings.registration_mode {
                Mode::InviteOnly => Refusal::CodeNeeded,
                Mode::Closed | Mode::Open | Mode::SysopApproved => Refusal::Closed,
            }
            .into());
        };
        if status == Status::Pending && invite.is_none() && certified.is_none() {
            self.queue_has_room(tx, settings)?;
        }
        let origin = match (&invite, certified, status) {
            (Some(_), ..) => Origin::Invite,
            (None, Some(_), _) => Origin::Certificate,
            (None, None, Status::Pending) => Origin::Request,
            (None, None, _) => Origin::Open,
        };
        let role = invite.as_ref().map_or(Role::User, |invite| invite.role);
        let is_proven = invite.as_ref().is_some_and(Invite::is_by_letter);
        let (status, onward) = if settings.require_email_verification && !is_proven {
            (Status::Unverified, Some(status))
        } else {
            (status, None)
        };
        Ok(Beginning {
            status,
            onward,
            role,
            origin,
            invite,
            is_proven,
        })
    }

    /// Refuses whoever came with an invite for somebody else. Trying who that
    /// is counts as guessing.
    fn is_for_them(&self, tx: &Tx<'_>, bearer: &Bearer) -> Ruling<()> {
        if bearer.mailbox.is_some() && self.email.is_none() {
            return Err(Refusal::EmailNeeded.into());
        }
        if !bearer.is(&self.handle, self.email.as_ref()) {
            return Err(guess::wrong_code(tx, &self.visit)?.into());
        }
        Ok(())
    }

    /// Refuses strangers when the queue is full; invites pass, so that one
    /// stranger can't close the door.
    fn queue_has_room(&self, tx: &Tx<'_>, settings: &Settings) -> Ruling<()> {
        if store::account::count(tx, Status::Pending)? >= settings.queue_backlog_max {
            return Err(Refusal::BacklogFull.into());
        }
        if let Some(source) = self.visit.source
            && store::account::pending_from(tx, &source.to_string())?
                >= settings.queue_per_source_max
        {
            return Err(Refusal::BacklogFull.into());
        }
        Ok(())
    }

    /// Reads the message and answers, where somebody decides.
    fn request(
        &self,
        beginning: &Beginning,
        settings: &Settings,
    ) -> Ruling<(Option<Block>, Answers)> {
        if beginning.onward.unwrap_or(beginning.status) != Status::Pending {
            return Ok((None, Vec::new()));
        }
        let message = read_message(&self.form.message)?;
        let answers = settings.request_questions.0.iter().zip(&self.form.answers);
        let answers = answers.map(|(question, answer)| {
            (
                question.as_str().to_owned(),
                Line::cut(answer, ANSWER).as_str().to_owned(),
            )
        });
        Ok((Some(message), answers.collect()))
    }

    /// Returns the settings as whoever claims the board names it.
    fn named_board(&self, settings: &Settings) -> Result<Settings, Refusal> {
        let mut settings = settings.clone();
        if let Some((name, contact)) = &self.form.site {
            settings
                .set(Key::SiteName, name)
                .map_err(Refusal::SettingRefused)?;
            settings
                .set(Key::SiteContact, contact)
                .map_err(Refusal::SettingRefused)?;
        }
        Ok(settings)
    }

    /// Keeps what whoever claims the board calls it.
    fn name_the_board(&self, tx: &Tx<'_>, permit: &Permit, settings: &Settings) -> Ruling<()> {
        if self.claim.is_none() || self.form.site.is_none() {
            return Ok(());
        }
        let named = self.named_board(settings)?;
        for key in [Key::SiteName, Key::SiteContact] {
            keep(tx, permit, key, settings, &named)?;
        }
        let publish = self.publish.clone();
        tx.after_commit(move || {
            publish.send_replace(Arc::new(named));
        });
        tx.emit(Event::SettingsChanged);
        Ok(())
    }
}

/// Tells whoever invited somebody that they have come.
pub(super) fn tell_issuer(tx: &Tx<'_>, made: &Account) -> Result<(), Fault> {
    let issuer = match &made.invited_by {
        Some(handle) => store::account::by_handle(tx, &handle.key())?,
        None => None,
    };
    if let Some(issuer) = issuer.filter(|issuer| issuer.status != Status::Deleted) {
        letter::write(tx, &issuer, Kind::InviteRedeemed, made.handle.as_str())?;
    }
    Ok(())
}

/// Tells an applicant that the request is here, and everybody who decides that
/// it waits (T3). Returns the applicant's letter.
pub(super) fn tell_of_request(
    tx: &Tx<'_>,
    made: &Account,
    settings: &Settings,
) -> Result<Option<Letter>, Fault> {
    tx.emit(Event::RequestWaits(made.id));
    let letter = letter::write(tx, made, Kind::RequestReceived, "")?;
    letter::tell_of_waiting(tx, settings)?;
    Ok(letter)
}

/// Returns the invite of a code if it can be used now. One that exists and
/// can't is refused as `over`; unknown ones are counted as guesses.
pub(super) fn live_invite(
    tx: &Tx<'_>,
    hash: &[u8],
    settings: &Settings,
    visit: &Visit,
    over: Refusal,
) -> Ruling<Invite> {
    if !settings.invitations_enabled {
        return Err(Refusal::InvitationsOff.into());
    }
    let Some(invite) = store::invite::by_hash(tx, hash)? else {
        return Err(guess::wrong_code(tx, visit)?.into());
    };
    let now = tx.now();
    if invite.state(now, settings.delegation().invite) != State::Live {
        return Err(over.into());
    }
    Ok(invite)
}
