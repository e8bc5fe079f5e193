//! The way of an operator's command: to the process that serves the board, or
//! to the board itself while nobody serves it.

use std::{
    fs::File,
    io::{self, IsTerminal as _, Read, Write as _},
    path::Path,
    pin::pin,
    sync::Arc,
    time::Duration,
};

use clap::Parser as _;
use tokio::{sync::mpsc, time::sleep};

use super::{
    CommandLine, Verb, board,
    data::{self, Locked},
    doctor,
    progress::{Bar, Growth},
    show,
    socket::{AskError, Ear, Kept, LONGEST_INPUT, Operator, Request, ask},
    stop::Stop,
};
use crate::{
    app::{Bbs, backup},
    command::{self, Command, Ears, Exit, Input, Order, Output, Style},
    config::Config,
    domain::actor::Actor,
    store::{self, Create},
    words::start,
};

/// How often and how long a board is tried that neither answers nor is free:
/// its process starts or stops.
const TRIES: u32 = 25;
const PAUSE: Duration = Duration::from_millis(200);

/// Carries `order`, typed as `args`, to the board and returns its exit code.
pub(super) async fn run(config: &Config, args: Vec<String>, order: Order) -> Result<u8, Stop> {
    let directory = &config.data.value;
    let create = if order.command.makes_board() {
        data::make(directory).map_err(|error| Stop::data(directory, &error))?;
        Create::IfMissing
    } else {
        Create::Never
    };
    if create == Create::Never && !store::is_board(&config.database()) {
        return Err(Stop::no_board(directory));
    }
    let request = Request {
        args,
        stdin: read(&order.command.input())?,
    };
    let mut progress = progress(config, &order.command, &request);
    let mut terminal = Terminal::default();
    let mut holder = None;
    for _ in 0..TRIES {
        match answer(directory, &request, &mut progress, &mut terminal).await {
            Ok(code) => return Ok(code),
            Err(AskError::Nobody) => {}
            Err(AskError::Broken(error)) => {
                return Err(Stop::fault(start::command_lost(&error.to_string())));
            }
        }
        match board::lock(config)? {
            Locked::Ours(lock) => {
                if let Command::Doctor(command) = &order.command {
                    let fix = command.fix();
                    return doctor::run(config, lock, order, fix, &console()).await;
                }
                let board = board::open(config, lock, create, board::usual_port(config)).await?;
                let output = alone(&board.bbs, order, request.stdin, &mut terminal).await;
                board.bbs.close().await;
                drop((progress, terminal));
                return Ok(show(&output));
            }
            Locked::Theirs(pid) => holder = pid,
        }
        sleep(PAUSE).await;
    }
    Err(Stop::busy(start::board_silent(directory, holder)))
}

/// Asks the process that serves the board, and shows its answer: as it comes, or
/// once the bar has made room for it.
async fn answer(
    directory: &Path,
    request: &Request,
    progress: &mut Option<Growth>,
    terminal: &mut Terminal,
) -> Result<u8, AskError> {
    if progress.is_none() {
        return ask(directory, request, terminal).await;
    }
    let mut kept = Kept::default();
    let code = ask(directory, request, &mut kept).await?;
    *progress = None;
    terminal.out(&kept.out)?;
    terminal.err(&kept.err)?;
    Ok(code)
}

/// Carries out a command on a board that nobody serves, and shows how far it has
/// got.
async fn alone(
    bbs: &Arc<Bbs>,
    order: Order,
    input: Option<String>,
    terminal: &mut Terminal,
) -> Output {
    let (progress, mut steps) = mpsc::channel(1);
    let ears = Ears {
        live: None,
        progress: Some(progress),
    };
    let actor = console();
    let mut running = pin!(command::run_heard(bbs, &actor, order, input, ears));
    loop {
        tokio::select! {
            output = &mut running => return output,
            Some(step) = steps.recv() => terminal.progress(step).unwrap_or_default(),
        }
    }
}

/// The terminal of whoever typed the command, with a bar while the command goes
/// on, if somebody looks at standard error.
#[derive(Default)]
struct Terminal(Option<Bar>);

impl Ear for Terminal {
    fn progress(&mut self, step: command::Progress) -> io::Result<()> {
        if self.0.is_none() {
            self.0 = Bar::begin("importing");
        }
        if let Some(bar) = &self.0 {
            bar.show(step);
        }
        Ok(())
    }

    fn out(&mut self, text: &str) -> io::Result<()> {
        self.0 = None;
        io::stdout().write_all(text.as_bytes())
    }

    fn err(&mut self, text: &str) -> io::Result<()> {
        self.0 = None;
        io::stderr().write_all(text.as_bytes())
    }
}

/// Shows how a copy grows.
fn progress(config: &Config, command: &Command, request: &Request) -> Option<Growth> {
    let place = match command {
        Command::Backup(_) => request.stdin.as_deref()?,
        _ => return None,
    };
    let growing = backup::growing(Path::new(place))?;
    Growth::begin(&config.database(), growing)
}

/// Whoever types commands at this machine.
pub(super) fn console() -> Actor {
    Actor::Console {
        uid: rustix::process::geteuid().as_raw(),
    }
}

/// Reads the text a command needs.
fn read(input: &Input) -> Result<Option<String>, Stop> {
    let (name, text) = match input {
        Input::Nothing => return Ok(None),
        Input::Path(path) => return absolute(path).map(Some),
        Input::Answer(question) => return Ok(answer_to(question)),
        Input::Stdin => ("standard input".to_owned(), bounded(io::stdin())),
        Input::File(path) => (
            path.display().to_string(),
            File::open(path).and_then(bounded),
        ),
    };
    match text {
        Ok(text) if text.len() > LONGEST_INPUT => {
            Err(Stop::usage(start::input_too_long(LONGEST_INPUT)))
        }
        Ok(text) => Ok(Some(text)),
        Err(error) => Err(Stop::usage(start::input_unreadable(
            &name,
            &error.to_string(),
        ))),
    }
}

/// Asks whoever sits at the terminal; without one nobody answers.
fn answer_to(question: &str) -> Option<String> {
    if !io::stdin().is_terminal() {
        return None;
    }
    write!(io::stderr(), "{question}").ok()?;
    let mut line = String::new();
    io::stdin().read_line(&mut line).ok()?;
    Some(line)
}

/// Returns what a path typed here is from anywhere.
fn absolute(path: &Path) -> Result<String, Stop> {
    let unusable = |reason: &str| {
        let name = path.display().to_string();
        Stop::usage(start::input_unreadable(&name, reason))
    };
    let whole = std::path::absolute(path).map_err(|error| unusable(&error.to_string()))?;
    let text = whole.to_str().ok_or_else(|| unusable("it is not text"))?;
    Ok(text.to_owned())
}

/// Reads a little more than may be sent, so that too much shows.
fn bounded(from: impl Read) -> io::Result<String> {
    let mut text = String::new();
    from.take(LONGEST_INPUT as u64 + 1)
        .read_to_string(&mut text)?;
    Ok(text)
}

/// Runs the commands that come through the control socket.
pub(super) struct Console {
    bbs: Arc<Bbs>,
}

impl Console {
    /// Runs commands on `bbs`.
    pub(super) const fn new(bbs: Arc<Bbs>) -> Self {
        Self { bbs }
    }
}

impl Operator for Console {
    async fn run(&self, uid: u32, request: Request, ears: Ears) -> Output {
        let program = ["ringdown".to_owned()];
        match CommandLine::try_parse_from(program.into_iter().chain(request.args)) {
            Ok(CommandLine {
                style,
                verb: Some(Verb::Operator(command)),
                ..
            }) => {
                let order = Order { style, command };
                let (bbs, actor, input) = (&self.bbs, Actor::Console { uid }, request.stdin);
                command::run_heard(bbs, &actor, order, input, ears).await
            }
            // The sender has parsed it already; this is another version's.
            Ok(CommandLine { style, .. }) => {
                Output::failed(style, Exit::Usage, start::not_for_a_board())
            }
            Err(error) => Output::failed(Style::default(), Exit::Usage, error.to_string()),
        }
    }
}
