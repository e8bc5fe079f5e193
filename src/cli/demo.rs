//! `ringdown demo`: a throw-away board with people on it, where the first key
//! that calls is the sysop's. What happened there is made by the use cases.

mod clock;
mod door;
mod fill;
mod people;
mod place;
mod post;
mod traffic;

use std::{
    fs, io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use super::{
    banner::Invitation,
    board,
    operator::console,
    serve::{Service, Signals, tell},
    stop::Stop,
};
use crate::{
    app::Bbs,
    config::{Config, Flags, PORT, SMTP_URL, environment},
    domain::{clock::SystemClock, code::Code, entropy::OsEntropy, secret::Secret},
    ssh::{BindError, Listeners},
    store::Create,
    tui::say,
};
pub(super) use clock::StageClock;
use door::OpenDoor;
pub(super) use fill::fill;
pub(super) use people::{ADAS_KEY, NEWBIES_KEY, SYSOP};
pub(super) use place::Place;
pub(super) use post::mailer;

/// The directory of its letters, a file each.
const LETTERS: &str = "letters";

/// A throw-away board: where it is, and with what it is opened.
pub(super) struct Demo {
    place: Place,
    config: Config,
}

impl Demo {
    /// Makes its directory, where its letters end. Where another board is, how it
    /// is reached and how it sends letters is none of its business; only the log
    /// is as usual.
    pub(super) fn prepare(log: Option<String>, log_format: Option<String>) -> Result<Self, Stop> {
        let place =
            Place::make(&OsEntropy).map_err(|error| Stop::data(&std::env::temp_dir(), &error))?;
        let letters = place.path().join(LETTERS);
        fs::create_dir(&letters).map_err(|error| Stop::data(place.path(), &error))?;
        let mail_url = format!("file://{}", letters.display());
        let flags = Flags {
            data: Some(place.path().to_owned()),
            public_host: Some("localhost".to_owned()),
            log: log
                .or_else(|| environment("RINGDOWN_LOG"))
                .or_else(|| Some("warn".to_owned())),
            log_format: log_format.or_else(|| environment("RINGDOWN_LOG_FORMAT")),
            ..Flags::default()
        };
        let config = Config::load(flags, |name| (name == SMTP_URL).then(|| mail_url.clone()))?;
        Ok(Self { place, config })
    }

    /// With what it is opened.
    pub(super) const fn config(&self) -> &Config {
        &self.config
    }

    /// Serves it until it is told to stop, and leaves nothing behind.
    pub(super) async fn serve(self) -> Result<(), Stop> {
        let Self { place, config } = self;
        let mut signals = Signals::listen().map_err(|error| Stop::fault(error.to_string()))?;
        let listeners = listen()?;
        let port = listeners.addresses().first().map_or(PORT, SocketAddr::port);
        let clock = Arc::new(StageClock::new(Arc::new(SystemClock::start())));
        let lock = board::take(&config).await?;
        let create = Create::IfMissing;
        let board = board::open_with(&config, lock, create, port, clock.clone()).await?;
        let password = password(&board.bbs);
        let sysop = fill(&board.bbs, &clock, &console(), password.clone())
            .await
            .map_err(|stop| Stop::fault(say::sentence(&stop)))?;
        let door = OpenDoor::new(&board.bbs, console(), sysop);
        let service = Service::start(&config, &board, listeners, Arc::new(door))?;
        let invitation = Invitation {
            data: place.path(),
            letters: &place.path().join(LETTERS),
            port,
            sysop: SYSOP,
            password: password.expose(),
        };
        tell(io::stdout(), &invitation.to_string());
        signals.next().await;
        service.end(&mut signals).await;
        Ok(())
    }
}

/// Returns a password for everybody.
fn password(bbs: &Bbs) -> Secret<String> {
    let shape = bbs.settings().code_shape();
    Secret::new(Code::generate(bbs.entropy(), shape).expose_grouped(shape))
}

/// Listens where only this machine can call: at the usual port, or at a free
/// one if somebody has that.
fn listen() -> Result<Listeners, BindError> {
    let near = [
        SocketAddr::from((Ipv4Addr::LOCALHOST, PORT)),
        SocketAddr::from((Ipv6Addr::LOCALHOST, PORT)),
    ];
    match Listeners::bind(&near) {
        Err(BindError { reason, .. }) if reason.kind() == io::ErrorKind::AddrInUse => {
            Listeners::bind(&[SocketAddr::from((Ipv4Addr::LOCALHOST, 0))])
        }
        // A machine without IPv6.
        Err(BindError { address, .. }) if address.is_ipv6() => {
            Listeners::bind(&[SocketAddr::from((Ipv4Addr::LOCALHOST, PORT))])
        }
        bound => bound,
    }
}
