//! Where pictures are taken: the board of the demo, at a moment that does not
//! pass and with chance from a seed, so that they are alike in every run.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio_util::sync::CancellationToken;

use super::scenes::{Scene, Who};
use crate::{
    app::{
        Address, Bbs, Home, Reach, Ruling, Setup,
        hub::OnLine,
        visit::{Tries, Visit},
    },
    cli::{
        demo::{Place, SYSOP, StageClock, fill},
        stop::Stop,
    },
    domain::{
        actor::Actor,
        clock::{Clock, Timestamp},
        code::ServerKey,
        door::DoorName,
        entropy::{Entropy, OsEntropy},
        id::SessionId,
        refusal::Refusal,
        text::Line,
    },
    settings::{Key, Theme},
    store::Create,
    term::Picture,
    tui::{
        Layer, Scratch,
        line::{Size, Terminal},
        route, say,
        session::{Parts, Session},
    },
};

/// The moment: a Saturday evening in Kiel, 21 November 2026.
const NOW: i64 = 1_795_291_440;

/// Who is on line besides.
const COMPANY: &[&str] = &["ada", "jules", "leif", SYSOP];

/// A clock that stands still.
struct StillClock;

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_timestamp_nanos(NOW * 1_000_000_000)
    }

    fn tick(&self) -> Duration {
        Duration::ZERO
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

/// A board that is only looked at.
pub(super) struct Stage {
    bbs: Arc<Bbs>,
    console: Actor,
    _place: Place,
}

impl Stage {
    /// Makes it.
    pub(super) async fn build(theme: Theme) -> Result<Self, Stop> {
        let place =
            Place::make(&OsEntropy).map_err(|error| Stop::data(&std::env::temp_dir(), &error))?;
        let clock = Arc::new(StageClock::new(Arc::new(StillClock)));
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
                mailer: None,
                facts: Vec::new(),
            },
            home: Home::of(place.path()),
        };
        let file = place.path().join("ringdown.db");
        let bbs = Bbs::open(&file, Create::IfMissing, setup)
            .await
            .map_err(|error| Stop::database(&file, &error))?;
        let stage = Self {
            bbs,
            console: Actor::Console { uid: 0 },
            _place: place,
        };
        stage.furnish(&clock, theme).await.map_err(broken)?;
        Ok(stage)
    }

    async fn furnish(&self, clock: &StageClock, theme: Theme) -> Ruling<()> {
        fill(&self.bbs, clock, &self.console).await?;
        for (key, value) in [(Key::TimeZone, "Europe/Berlin"), (Key::Theme, theme.name())] {
            let changed = self.bbs.change_setting(&self.console, key, value, None);
            changed.await?;
        }
        Ok(())
    }

    /// Returns what the terminal shows when somebody has come to a scene.
    pub(super) async fn picture(
        &self,
        scene: &Scene,
        size: Size,
        terminal: Terminal,
    ) -> Result<Picture, Stop> {
        let (name, account) = match scene.who {
            Who::Stranger(door) => (door, None),
            Who::Account(handle) => (handle, Some(handle)),
        };
        let _company = self.company(account).await.map_err(broken)?;
        let visit = visit(0, name, size);
        let (actor, first) = match account {
            None => route::begin(&self.bbs, &visit).await,
            Some(handle) => self.home(handle).await,
        }
        .map_err(broken)?;
        let entered = self
            .bbs
            .hub()
            .enter(&visit, actor.clone(), &self.bbs.settings());
        let _on_line = entered.map_err(|refusal| broken(refusal.into()))?;
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
            session.feed(typed.as_bytes());
            session.settle().await;
        }
        Ok(session.picture())
    }

    /// Brings those on line whom nobody looks at.
    async fn company(&self, looked_at: Option<&str>) -> Ruling<Vec<OnLine>> {
        let mut company = Vec::new();
        for (number, handle) in (1..).zip(COMPANY) {
            if looked_at == Some(handle) {
                continue;
            }
            let (actor, _) = self.home(handle).await?;
            let visit = visit(number, handle, Size::USUAL);
            let settings = self.bbs.settings();
            company.push(self.bbs.hub().enter(&visit, actor, &settings)?);
            self.bbs.hub().is_at(visit.session, "Main menu");
        }
        Ok(company)
    }

    /// Returns somebody, and the screen they belong on.
    async fn home(&self, handle: &str) -> Ruling<(Actor, Layer)> {
        let id = self.bbs.find_user(&self.console, handle).await?;
        let login = self.bbs.refresh(id).await?.ok_or(Refusal::Gone)?;
        let home = route::home(&login);
        Ok((login.actor, home))
    }
}

fn visit(number: u64, name: &str, size: Size) -> Arc<Visit> {
    let client = format!("OpenSSH_9.9, {}x{}", size.width, size.height);
    Arc::new(Visit {
        session: SessionId(number),
        source: None,
        door: DoorName::parse(name),
        key: None,
        client: Line::cut(&client, 60),
        began: Duration::ZERO,
        end: CancellationToken::new(),
        tries: Tries::default(),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "stands in map_err")]
fn broken(stop: crate::app::Stop) -> Stop {
    Stop::fault(say::sentence(&stop))
}
