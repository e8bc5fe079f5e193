//! The use cases: who may do what to the board, and what follows. Each is a
//! plain function over one transaction; the async shell around it only carries.

pub mod access;
pub mod account;
pub mod activation;
pub mod address;
pub mod audit;
pub mod backup;
mod certificate;
pub mod claim;
pub mod delete;
pub mod doctor;
pub mod door;
pub mod duty;
pub mod entrance;
pub mod export;
pub mod factor;
pub mod form;
mod guess;
pub mod health;
pub mod hub;
pub mod import;
pub mod invite;
pub mod jobs;
mod key;
pub mod letter;
pub mod login;
pub mod machine;
mod mint;
pub mod notice;
pub mod operator;
pub mod password;
pub mod queue;
mod record;
pub mod registration;
pub mod reset;
mod rights;
pub mod ring;
pub mod sample;
pub mod say;
pub mod setting;
pub mod system;
pub mod talk;
pub mod verification;
pub mod visit;
pub mod who;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::sync::{Mutex, watch};

use crate::{
    domain::{
        access::Gate,
        account::{Role, Status},
        actor::{Actor, Applicant, Member},
        clock::Clock,
        code::ServerKey,
        entropy::{self, Entropy},
        event::Event,
        key::PublicKey,
        policy::{Capability, Permit, Standing, permit},
        refusal::Refusal,
    },
    mailer::Mailer,
    notifier::Notifier,
    settings::Settings,
    store::{self, Create, Fault, OpenError, Read, Store, Tx, View, account::Account},
};

use doctor::Fact;
use duty::Duty;
use hub::Hub;
use letter::Ways;
use machine::Machine;
use password::Hasher;

/// A use case that did not do what it was asked for.
#[derive(Clone, Debug)]
pub enum Stop {
    /// A rule said no. Nothing is written but counters.
    Refused(Refusal),
    /// Something broke. Nothing is written at all.
    Broken(Broken),
}

/// A fault, and the reference under which the log has it.
#[derive(Clone, Debug)]
pub struct Broken {
    /// What broke.
    pub fault: Fault,
    /// Four symbols to find it in the log.
    pub reference: String,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Broken(Broken {
            fault,
            reference: String::new(),
        })
    }
}

/// How a use case ends for its caller.
pub type Ruling<T> = Result<T, Stop>;

/// What a board is opened with.
#[derive(Clone)]
pub struct Setup {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// The key of the codes' hashes.
    pub server_key: ServerKey,
    /// What the configuration says, which may be read anew.
    pub reach: Reach,
    /// What lies beside the board's file.
    pub home: Home,
    /// What can be read off the machine.
    pub machine: Arc<dyn Machine>,
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Setup")
            .field("reach", &self.reach)
            .finish_non_exhaustive()
    }
}

/// What the configuration says and may say otherwise while the board is served:
/// how callers reach the board, and how it reaches them.
#[derive(Clone, Debug)]
pub struct Reach {
    /// How callers reach the board, for lines that are shown.
    pub address: Address,
    /// Keys that may claim the board while nobody runs it.
    pub sysop_keys: Vec<PublicKey>,
    /// What carries letters, if there is a way.
    pub mailer: Option<Mailer>,
    /// What tells the sysop's own program, if there is one.
    pub notifier: Option<Notifier>,
    /// What all this was read from, for whoever examines the board.
    pub facts: Vec<Fact>,
}

impl Reach {
    /// Returns which ways there are for letters.
    const fn ways(&self) -> Ways {
        Ways {
            has_mailer: self.mailer.is_some(),
            has_notifier: self.notifier.is_some(),
        }
    }
}

/// What lies beside the board's file, wherever that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The board's file.
    pub database: PathBuf,
    /// The directory of secrets.
    pub keys: PathBuf,
    /// The file of what must be known before the board opens.
    pub config: PathBuf,
    /// The directory of the copies that are made on schedule.
    pub backups: PathBuf,
}

impl Home {
    /// Returns the home of a board that keeps everything in one directory.
    pub fn of(data: &Path) -> Self {
        Self {
            database: data.join("ringdown.db"),
            keys: data.join("keys"),
            config: data.join("ringdown.toml"),
            backups: data.join("backups"),
        }
    }
}

/// How callers reach the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The host's name, as callers far away know it.
    pub host: String,
    /// The host's name for whoever sits at the machine.
    pub near_host: String,
    /// The port.
    pub port: u16,
}

impl Address {
    /// Returns the line somebody types to call with that user name.
    pub fn line(&self, user: &str) -> String {
        self.line_to(&self.host, user)
    }

    /// Returns the line for whoever sits at the machine.
    pub fn near_line(&self, user: &str) -> String {
        self.line_to(&self.near_host, user)
    }

    /// Returns the same as a link, which telephones open.
    pub fn link(&self, user: &str) -> String {
        match self.port {
            22 => format!("ssh://{user}@{}", self.host),
            port => format!("ssh://{user}@{}:{port}", self.host),
        }
    }

    /// Returns the name under which `known_hosts` has the board, for whoever
    /// sits at the machine.
    pub fn known_host(&self) -> String {
        match self.port {
            22 => self.near_host.clone(),
            port => format!("[{}]:{port}", self.near_host),
        }
    }

    /// Returns the line for whoever calls under no name in particular.
    pub fn plain_line(&self) -> String {
        self.line_of(&self.host)
    }

    fn line_to(&self, host: &str, user: &str) -> String {
        self.line_of(&format!("{user}@{host}"))
    }

    fn line_of(&self, destination: &str) -> String {
        match self.port {
            // The port every client assumes.
            22 => format!("ssh {destination}"),
            port => format!("ssh -p {port} {destination}"),
        }
    }
}

/// The board: everything a session or a command needs.
pub struct Bbs {
    store: Store,
    setup: Setup,
    /// What the setup said of it, or whatever was read since.
    reach: watch::Sender<Arc<Reach>>,
    settings: watch::Sender<Arc<Settings>>,
    /// Who may connect, by the access rules.
    gate: watch::Sender<Arc<Gate>>,
    hub: Arc<Hub>,
    hasher: Hasher,
    /// Held while a copy is made: two at a time would only be slower.
    copying: Arc<Mutex<()>>,
    /// Held while the sysop's program runs: one at a time.
    telling: Arc<Mutex<()>>,
    duty: Arc<Duty>,
    mode: Mode,
}

/// Whether what is decided comes to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// It does.
    Earnest,
    /// It is rolled back.
    Rehearsal,
}

impl std::fmt::Debug for Bbs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bbs")
    }
}

impl Bbs {
    /// Opens the board in `file`, or makes it.
    pub async fn open(file: &Path, create: Create, setup: Setup) -> Result<Arc<Self>, OpenError> {
        let hub = Arc::new(Hub::new());
        let publish = Arc::clone(&hub);
        let clock = Arc::clone(&setup.clock);
        let store = Store::open(
            file,
            create,
            clock,
            Box::new(move |event| publish.tell(event)),
        )?;
        let ways = setup.reach.ways();
        store.write(move |tx| letter::note_ways(tx, ways)).await?;
        Self::on(store, hub, setup).await
    }

    /// Opens the board of a store whose events `hub` is told.
    pub async fn on(store: Store, hub: Arc<Hub>, setup: Setup) -> Result<Arc<Self>, OpenError> {
        let settings = store.read(setting::load).await?;
        let gate = store.read(|view| store::access::gate(view)).await?;
        let bbs = Arc::new(Self {
            store,
            reach: watch::Sender::new(Arc::new(setup.reach.clone())),
            setup,
            settings: watch::Sender::new(Arc::new(settings)),
            gate: watch::Sender::new(Arc::new(gate)),
            hub,
            hasher: Hasher::new(),
            copying: Arc::default(),
            telling: Arc::default(),
            duty: Arc::default(),
            mode: Mode::Earnest,
        });
        bbs.wake().await?;
        Ok(bbs)
    }

    /// Returns the same board for a rehearsal: every rule is asked and every
    /// answer given, but nothing is written and nobody hears of it.
    #[must_use]
    pub fn rehearsal(&self) -> Self {
        Self {
            store: self.store.clone(),
            setup: self.setup.clone(),
            reach: self.reach.clone(),
            settings: self.settings.clone(),
            gate: self.gate.clone(),
            hub: Arc::clone(&self.hub),
            hasher: self.hasher.clone(),
            copying: Arc::clone(&self.copying),
            telling: Arc::clone(&self.telling),
            duty: Arc::clone(&self.duty),
            mode: Mode::Rehearsal,
        }
    }

    /// Stops writing and notes the clean stop.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// Returns the settings as they stand.
    pub fn settings(&self) -> Arc<Settings> {
        self.settings.borrow().clone()
    }

    /// Returns who is on line, and the events.
    pub fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// Returns what the board does by itself, and how that went.
    pub fn duty(&self) -> &Duty {
        &self.duty
    }

    /// Returns the clock.
    pub fn clock(&self) -> &dyn Clock {
        self.setup.clock.as_ref()
    }

    /// Returns the clock, to keep.
    pub fn clock_shared(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.setup.clock)
    }

    /// Returns chance.
    pub fn entropy(&self) -> &dyn Entropy {
        self.setup.entropy.as_ref()
    }

    /// Returns the machine the board stands on.
    fn machine(&self) -> &dyn Machine {
        self.setup.machine.as_ref()
    }

    /// Returns how callers reach the board.
    pub fn address(&self) -> Address {
        self.reach.borrow().address.clone()
    }

    /// Reaches callers, and is reached by them, otherwise from now on.
    pub async fn reach_by(&self, reach: Reach) -> Ruling<()> {
        let ways = reach.ways();
        self.decide(move |tx| Ok(letter::note_ways(tx, ways)?))
            .await?;
        self.reach.send_replace(Arc::new(reach));
        // Whatever waited for a way may leave now.
        self.hub().tell(Event::MailChanged);
        Ok(())
    }

    /// Returns what carries letters, if there is a way.
    fn mailer(&self) -> Option<Mailer> {
        self.reach.borrow().mailer.clone()
    }

    /// Returns what tells the sysop's own program, if there is one.
    fn notifier(&self) -> Option<Notifier> {
        self.reach.borrow().notifier.clone()
    }

    /// Carries out a use case in one transaction. A refusal commits what it has
    /// counted; a fault leaves nothing.
    async fn decide<T: Send + 'static>(
        &self,
        case: impl FnOnce(&Tx<'_>) -> Ruling<T> + Send + 'static,
    ) -> Ruling<T> {
        let mode = self.mode;
        let ruled = self.store.write(move |tx| {
            if mode == Mode::Rehearsal {
                tx.rehearse();
            }
            match case(tx) {
                Ok(done) => Ok(Ok(done)),
                Err(Stop::Refused(refusal)) => Ok(Err(refusal)),
                Err(Stop::Broken(broken)) => Err(broken.fault),
            }
        });
        match ruled.await {
            Ok(ruling) => ruling.map_err(Stop::Refused),
            Err(fault) => Err(self.broken(fault)),
        }
    }

    /// Answers a question from one state of the board.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&View<'_>) -> Ruling<T> + Send + 'static,
    ) -> Ruling<T> {
        let answered = self.store.read(move |view| match question(view) {
            Ok(done) => Ok(Ok(done)),
            Err(Stop::Refused(refusal)) => Ok(Err(refusal)),
            Err(Stop::Broken(broken)) => Err(broken.fault),
        });
        match answered.await {
            Ok(answer) => answer.map_err(Stop::Refused),
            Err(fault) => Err(self.broken(fault)),
        }
    }

    /// Logs a fault under a reference that the caller is told.
    fn broken(&self, fault: Fault) -> Stop {
        let [a, b] = entropy::bytes(self.entropy());
        let reference = format!("{a:02x}{b:02x}");
        if matches!(fault, Fault::Busy | Fault::Closed) {
            tracing::warn!(%fault, %reference, "a use case was not carried out");
        } else {
            tracing::error!(%fault, %reference, "a use case broke");
        }
        Stop::Broken(Broken { fault, reference })
    }
}

/// Returns who is asking, as they stand in this transaction.
fn standing(read: &impl Read, actor: &Actor) -> Result<Standing, Fault> {
    let id = match actor {
        Actor::Guest => return Ok(Standing::Guest),
        Actor::Console { uid } => return Ok(Standing::Console { uid: *uid }),
        Actor::Applicant(Applicant { id, .. }) | Actor::Member(Member { id, .. }) => *id,
    };
    Ok(match store::account::by_id(read, id)? {
        None => Standing::Guest,
        Some(Account {
            id,
            handle,
            status,
            role,
            ..
        }) => Standing::Account {
            id,
            handle,
            status,
            role,
        },
    })
}

/// Returns the permit, or the refusal: the only door to privileged writes.
fn authorize(
    read: &impl Read,
    actor: &Actor,
    capability: Capability,
    settings: &Settings,
) -> Ruling<Permit> {
    let who = standing(read, actor)?;
    permit(&who, capability, settings.delegation()).ok_or_else(|| Refusal::NotAllowed.into())
}

/// Returns the account of an actor that has one, as it stands in this
/// transaction.
fn own(read: &impl Read, actor: &Actor) -> Ruling<Account> {
    let id = actor.account().ok_or(Refusal::NotAllowed)?;
    store::account::by_id(read, id)?.ok_or_else(|| Refusal::Gone.into())
}

/// Returns the permit to change one's own account.
fn may_edit_oneself(read: &impl Read, actor: &Actor) -> Ruling<Permit> {
    authorize(
        read,
        actor,
        Capability::EditOneself,
        &setting::current(read)?,
    )
}

/// Returns the actor an account is after a correct credential.
fn actor_of(account: &Account) -> Actor {
    let (id, handle) = (account.id, account.handle.clone());
    match account.status {
        Status::Active => Actor::Member(Member {
            id,
            handle,
            role: account.role,
        }),
        status => Actor::Applicant(Applicant { id, handle, status }),
    }
}

/// Whether somebody runs this board.
fn is_claimed(read: &impl Read) -> Result<bool, Fault> {
    Ok(store::account::active_sysops(read, None)? > 0)
}

/// Refuses to take the last active sysop away.
fn spare_last_sysop(read: &impl Read, account: &Account) -> Ruling<()> {
    let is_one = account.role == Role::Sysop && account.status == Status::Active;
    if is_one && store::account::active_sysops(read, Some(account.id))? == 0 {
        return Err(Refusal::LastSysop.into());
    }
    Ok(())
}
