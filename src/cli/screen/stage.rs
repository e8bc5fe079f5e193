//! Where pictures are taken: the board of the demo, at a moment that does not
//! pass and with chance from a seed, so that they are alike in every run.

use std::{
    fs, io,
    net::IpAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::scenes::{Board, CODE, Door, PASSWORD, Scene, Who};
use crate::{
    app::{
        Address, Bbs, Home, Reach, Ruling, Setup,
        hub::OnLine,
        machine::Machine,
        registration::{Form, KeepKey},
        visit::{Tries, Visit},
    },
    cli::{
        demo::{Place, SYSOP, StageClock, fill, mailer},
        stop::Stop,
    },
    domain::{
        account::Status,
        actor::Actor,
        clock::{Clock, Timestamp},
        code::ServerKey,
        door::DoorName,
        entropy::{self, Entropy, OsEntropy},
        factor::AppSecret,
        id::SessionId,
        key::{PublicKey, VerifiedKey},
        refusal::Refusal,
        secret::Secret,
        source::Source,
        text::Line,
    },
    settings::{Key, Theme},
    store::{Create, Space, account::From},
    tui::{
        Layer, Scratch,
        line::{Size, Terminal},
        route, say,
        session::{Parts, Session},
    },
};

/// The moment: a Saturday evening in Kiel, 21 November 2026.
const NOW: i64 = 1_795_291_440;

/// The stop-watch, which stands still as well.
const WATCH: Duration = Duration::from_hours(12);

/// The number of the session that is looked at.
const LAST: u64 = 6;

/// Who is on line besides, and what they look at.
const COMPANY: &[(&str, &str)] = &[
    ("ada", "Main menu"),
    ("jules", "Account"),
    ("leif", "Who is on line"),
    (SYSOP, "Sysop ▸ Users"),
    ("marta_k", "Waiting room"),
];

/// A clock that stands still.
struct StillClock;

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_timestamp_nanos(NOW * 1_000_000_000)
    }

    fn tick(&self) -> Duration {
        WATCH
    }
}

/// Chance that is the same in every run: for pictures, never for a board.
struct SeededEntropy(AtomicU64);

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            // splitmix64: well spread, and nobody's secret.
            let seed = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
            let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let [.., low] = (mixed ^ (mixed >> 27)).to_le_bytes();
            *byte = low;
        }
    }
}

/// A machine on which every number is the same in every run.
struct StillMachine;

impl Machine for StillMachine {
    fn space(&self, _file: &Path) -> io::Result<Space> {
        Ok(Space {
            board_bytes: 4_300_000,
            free_bytes: 31_400_000_000,
            used_percent: 41,
        })
    }

    fn resident_mebibytes(&self) -> Option<u32> {
        Some(38)
    }
}

/// A board that is only looked at.
pub(super) struct Stage {
    bbs: Arc<Bbs>,
    clock: Arc<StageClock>,
    console: Actor,
    _place: Place,
}

impl Stage {
    /// Makes it.
    pub(super) async fn build(board: Board, theme: Theme) -> Result<Self, Stop> {
        let place =
            Place::make(&OsEntropy).map_err(|error| Stop::data(&std::env::temp_dir(), &error))?;
        let clock = Arc::new(StageClock::new(Arc::new(StillClock)));
        let mut data = place.path().to_owned();
        let mut bbs = open(&data, &clock).await?;
        let console = Actor::Console { uid: 0 };
        let theme = (Key::Theme, theme.name());
        set(&bbs, &console, &[(Key::TimeZone, "Europe/Berlin"), theme])
            .await
            .map_err(broken)?;
        if board != Board::New {
            furnish(&bbs, &clock, &console).await.map_err(broken)?;
        }
        if board == Board::Copy {
            // A copy takes the keys along, and this board needs none.
            fs::create_dir(Home::of(&data).keys).map_err(|error| Stop::data(&data, &error))?;
            data.push("copy");
            bbs.back_up(&console, &data).await.map_err(broken)?;
            bbs.close().await;
            bbs = open(&data, &clock).await?;
        }
        Ok(Self {
            bbs,
            clock,
            console,
            _place: place,
        })
    }

    /// Brings somebody to a scene, and returns what `look` sees there.
    pub(super) async fn show<T>(
        &self,
        scene: &Scene,
        size: Size,
        terminal: Terminal,
        look: impl FnOnce(&Session) -> T,
    ) -> Result<T, Stop> {
        let settings = self.bbs.settings();
        let before: Vec<_> = scene
            .set
            .iter()
            .map(|(key, _)| (*key, settings.show(*key)))
            .collect();
        let seen = self.play(scene, size, terminal, look).await;
        // The next scene finds the board as it was.
        self.forget_newcomers().await.map_err(broken)?;
        set(&self.bbs, &self.console, &before)
            .await
            .map_err(broken)?;
        seen.map_err(broken)
    }

    async fn play<T>(
        &self,
        scene: &Scene,
        size: Size,
        terminal: Terminal,
        look: impl FnOnce(&Session) -> T,
    ) -> Ruling<T> {
        let (door, key, account) = match scene.who {
            Who::Caller(door, key) => (self.door(door).await?, key, None),
            Who::Account(handle) => (handle.to_owned(), None, Some(handle)),
        };
        let _company = self.company(scene.board, account).await?;
        let app = match scene.factor {
            Some(handle) => Some(self.set_up_factor(handle).await?),
            None => None,
        };
        set(&self.bbs, &self.console, scene.set).await?;
        if let Some(handle) = scene.newcomer {
            self.registers(handle, size).await?;
        }
        let visit = visit(LAST, &door, proven(key), size);
        let (actor, first) = match account {
            None => route::begin(&self.bbs, &visit).await?,
            Some(handle) => self.home(handle).await?,
        };
        let _on_line = self
            .bbs
            .hub()
            .enter(&visit, actor.clone(), &self.bbs.settings())?;
        let parts = Parts {
            bbs: Arc::clone(&self.bbs),
            visit,
            actor,
            scratch: Arc::new(Scratch::default()),
            terminal,
            size,
        };
        let mut session = Session::open(parts, first);
        session.settle().await;
        for typed in scene.typed {
            // A frame tells the hub where the session is.
            session.frame();
            match &app {
                Some(app) if *typed == CODE => {
                    let code = app.code_of(self.bbs.clock().now());
                    session.feed(code.digits().as_bytes());
                }
                _ => session.feed(typed.as_bytes()),
            }
            session.settle().await;
        }
        let seen = look(&session);
        if let Some(handle) = scene.factor {
            let id = self.bbs.find_user(&self.console, handle).await?;
            let reason = "The scene is over.";
            self.bbs.reset_factor(&self.console, id, reason).await?;
        }
        Ok(seen)
    }

    /// Registers somebody who comes with a password.
    async fn registers(&self, handle: &'static str, size: Size) -> Ruling<()> {
        let form = Form {
            submission: entropy::bytes(self.bbs.entropy()),
            mode: self.bbs.settings().registration_mode,
            claim: None,
            code: Secret::new(String::new()),
            handle: handle.to_owned(),
            keep_key: KeepKey::No,
            password: Secret::new(PASSWORD.to_owned()),
            email: format!("{handle}@example.org"),
            message: "I collect dial tones.".to_owned(),
            answers: Vec::new(),
            site: None,
        };
        let visit = visit(LAST - 1, handle, None, size);
        self.bbs.register(&visit, form).await.map(|_| ())
    }

    /// Switches two-factor login of somebody on, an hour ago; returns what their
    /// app knows.
    async fn set_up_factor(&self, handle: &str) -> Ruling<AppSecret> {
        let (actor, _) = self.home(handle).await?;
        let offer = self.bbs.offer_factor(&actor)?;
        self.clock.set_back(TimeDelta::hours(1));
        let code = Secret::new(offer.secret().code_of(self.clock.now()).digits());
        let switched = self.bbs.switch_factor_on(&actor, &offer, &code).await;
        self.clock.set_back(TimeDelta::zero());
        switched.map(|_| offer.secret().clone())
    }

    /// Returns the user name of a call.
    async fn door(&self, door: Door) -> Ruling<String> {
        let line = match door {
            Door::Named(name) => return Ok(name.to_owned()),
            Door::Claim => self.bbs.mint_claim().await?.ok_or(Refusal::Gone)?,
            Door::Key(handle) => {
                let (actor, _) = self.home(handle).await?;
                self.bbs.mint_key_line(&actor).await?
            }
            Door::Recover(handle) => {
                let console = Actor::Console { uid: 0 };
                let id = self.bbs.find_user(&console, handle).await?;
                self.bbs.show_reset(&console, id).await?.line
            }
        };
        // Of `ssh NAME@HOST` the name.
        let (call, _host) = line.expose().split_once('@').ok_or(Refusal::Gone)?;
        let name = call.rsplit(' ').next().unwrap_or_default();
        Ok(name.to_owned())
    }

    /// Brings those on line whom nobody looks at.
    async fn company(&self, board: Board, looked_at: Option<&str>) -> Ruling<Vec<OnLine>> {
        let mut company = Vec::new();
        if board == Board::New {
            return Ok(company);
        }
        for (number, (handle, place)) in (1..).zip(COMPANY) {
            if looked_at == Some(handle) {
                continue;
            }
            let (actor, _) = self.home(handle).await?;
            let visit = visit(number, handle, None, Size::USUAL);
            let settings = self.bbs.settings();
            company.push(self.bbs.hub().enter(&visit, actor, &settings)?);
            self.bbs.hub().is_at(visit.session, place);
        }
        Ok(company)
    }

    /// Takes back what whoever registered in a scene asked for. Nobody else has
    /// to prove an address here.
    async fn forget_newcomers(&self) -> Ruling<()> {
        let listed = self
            .bbs
            .list_users(&self.console, Status::Unverified, "", From::Start, 10);
        for row in listed.await?.rows {
            let (actor, _) = self.home(row.account.handle.as_str()).await?;
            self.bbs.withdraw(&actor).await?;
        }
        Ok(())
    }

    /// Returns somebody, and the screen they belong on.
    async fn home(&self, handle: &str) -> Ruling<(Actor, Layer)> {
        let id = self.bbs.find_user(&self.console, handle).await?;
        let login = self.bbs.refresh(id).await?.ok_or(Refusal::Gone)?;
        let home = route::home(&login);
        Ok((login.actor, home))
    }
}

/// Opens the board of a directory, or makes it.
async fn open(data: &Path, clock: &Arc<StageClock>) -> Result<Arc<Bbs>, Stop> {
    let host = "bbs.example.org";
    let setup = Setup {
        clock: clock.clone(),
        entropy: Arc::new(SeededEntropy(AtomicU64::new(7))),
        server_key: ServerKey::new([7; 32]),
        reach: Reach {
            address: Address {
                host: host.to_owned(),
                near_host: host.to_owned(),
                port: 22,
            },
            sysop_keys: Vec::new(),
            notifier: None,
            mailer: Some(mailer().map_err(|problem| Stop::fault(problem.to_string()))?),
            facts: Vec::new(),
        },
        home: Home::of(data),
        machine: Arc::new(StillMachine),
    };
    let file = setup.home.database.clone();
    Bbs::open(&file, Create::IfMissing, setup)
        .await
        .map_err(|error| Stop::database(&file, &error))
}

/// Gives a board its people, and a past on duty.
async fn furnish(bbs: &Arc<Bbs>, clock: &StageClock, console: &Actor) -> Ruling<()> {
    let password = Secret::new(PASSWORD.to_owned());
    fill(bbs, clock, console, password).await?;
    clock.set_back(TimeDelta::days(26));
    bbs.duty().begin(bbs.clock().now());
    clock.set_back(TimeDelta::minutes(23));
    bbs.job("sources", bbs.forget_sources()).await;
    clock.set_back(TimeDelta::seconds(40));
    bbs.job("suspensions", bbs.end_suspensions()).await;
    clock.set_back(TimeDelta::zero());
    Ok(())
}

/// Sets settings of a board.
async fn set(bbs: &Bbs, console: &Actor, values: &[(Key, impl AsRef<str>)]) -> Ruling<()> {
    for (key, value) in values {
        bbs.change_setting(console, *key, value.as_ref(), None)
            .await?;
    }
    Ok(())
}

/// Returns a key as if it had been proven: nobody calls this board.
fn proven(key: Option<&str>) -> Option<VerifiedKey> {
    let key = PublicKey::parse(key?).ok()?;
    Some(VerifiedKey::attest(key))
}

/// A call; the last one begins now, the others began before it.
fn visit(number: u64, name: &str, key: Option<VerifiedKey>, size: Size) -> Arc<Visit> {
    let client = format!("OpenSSH_9.9, {}x{}", size.width, size.height);
    let host = u8::try_from(number).unwrap_or(u8::MAX);
    let address = IpAddr::from([192, 0, 2, host]);
    Arc::new(Visit {
        session: SessionId(number),
        address,
        source: Some(Source::of(address)),
        door: DoorName::parse(name),
        key,
        certified: None,
        client: Line::cut(&client, 60),
        began: WATCH.saturating_sub(Duration::from_mins(11 * (LAST - number.min(LAST)))),
        end: CancellationToken::new(),
        tries: Tries::default(),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "stands in map_err")]
fn broken(stop: crate::app::Stop) -> Stop {
    Stop::fault(say::sentence(&stop))
}
