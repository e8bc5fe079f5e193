//! The operator's commands: what they are called, what they read and say, and
//! how they end. The same code serves the host's command line, the control
//! socket and `ssh host COMMAND`; it opens no file and asks no terminal.

mod audit;
mod backup;
mod doctor;
mod failure;
mod health;
mod help;
mod invite;
mod key;
mod line;
mod mail;
mod out;
mod policy;
mod say;
mod setting;
mod shape;
mod user;
mod value;

use std::{path::PathBuf, sync::Arc};

use tokio::sync::mpsc;

use crate::{
    app::{Bbs, Stop, doctor::Report},
    domain::{actor::Actor, text},
    words,
};

use failure::Failure;
use out::Out;

/// How a command ended, as scripts see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Something broke.
    Fault = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// A rule said no.
    Refused = 3,
    /// There is no such thing.
    NotFound = 4,
    /// Somebody else was quicker.
    Conflict = 5,
    /// A letter could not be sent.
    Mail = 6,
    /// Try again in a moment.
    Busy = 7,
}

impl Exit {
    /// From good to bad: of several results the worst is told.
    const RANKS: [Self; 8] = [
        Self::Done,
        Self::Mail,
        Self::Refused,
        Self::NotFound,
        Self::Conflict,
        Self::Usage,
        Self::Busy,
        Self::Fault,
    ];

    /// Returns the number.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Returns the kind of error in JSON.
    const fn kind(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Fault => "fault",
            Self::Usage => "usage",
            Self::Refused => "refused",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Mail => "mail",
            Self::Busy => "busy",
        }
    }

    /// Returns the worse of the two.
    fn worse(self, other: Self) -> Self {
        let rank = |exit| Self::RANKS.iter().position(|&one| one == exit);
        if rank(other) > rank(self) {
            other
        } else {
            self
        }
    }
}

/// What a command said and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The result and nothing else; lines end in LF.
    pub stdout: String,
    /// The notes; lines end in LF.
    pub stderr: String,
    /// How it ended.
    pub exit: Exit,
}

impl Output {
    /// Returns what is said when there is nothing to say.
    pub const fn silence() -> Self {
        Self {
            stdout: String::new(),
            stderr: String::new(),
            exit: Exit::Done,
        }
    }

    /// Returns what is said when a command came to nothing.
    pub fn failed(style: Style, exit: Exit, sentence: String) -> Self {
        Self::of(style, &Failure::new(exit, sentence))
    }

    fn of(style: Style, failure: &Failure) -> Self {
        let mut out = Out::new(style);
        out.fail(None, failure);
        out.finish()
    }
}

impl From<Stop> for Output {
    fn from(stop: Stop) -> Self {
        Self::of(Style::default(), &stop.into())
    }
}

/// What a command reads besides its arguments. Commands never open files: who
/// sent the command sends the text along, since only there the path means
/// something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing.
    Nothing,
    /// Standard input.
    Stdin,
    /// A file at the place where the command was typed.
    File(PathBuf),
    /// A path there: what it is from anywhere.
    Path(PathBuf),
    /// One line, after this question, if somebody is there to be asked.
    Answer(String),
}

/// How a command answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::Args)]
pub struct Style {
    /// Answer in JSON
    ///
    /// An object for one thing, an array for several; errors are objects on
    /// standard error.
    #[arg(long, global = true)]
    pub json: bool,
}

/// One command of the operator.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum Command {
    /// Look at accounts and decide about them.
    #[command(subcommand)]
    User(user::Command),
    /// Make, see and revoke invites.
    #[command(subcommand)]
    Invite(invite::Command),
    /// Read and change the board's settings.
    #[command(subcommand)]
    Settings(setting::Command),
    /// Keep handles, addresses, domains and networks out, or hold them back.
    #[command(subcommand)]
    Policy(policy::Command),
    /// Look for what is wrong with the board, and say what to do about it
    ///
    /// It ends with 1 if something has to be mended.
    Doctor(doctor::Command),
    /// Copy the whole board to a new directory, while it is served or not
    ///
    /// `ringdown --data DIR serve` serves the copy. Invites wait there until
    /// `invite thaw`, since the board may use them up meanwhile.
    Backup(backup::Command),
    /// See letters, try them again, and test whether they arrive.
    #[command(subcommand)]
    Mail(mail::Command),
    /// Show who did what, newest first.
    Audit(audit::Audit),
    /// Print a new line by which somebody becomes this board's first sysop
    ///
    /// It works while the board has no sysop, and the line before it stops
    /// working.
    Claim,
    /// List the commands you may use, or explain one.
    Help {
        /// The command to explain, such as `user approve`.
        command: Vec<String>,
    },
    /// Say who you are here and what you may do.
    Whoami,
    /// Write out everything the board has about you, as JSON
    ///
    /// `user export HANDLE` does it for somebody else.
    Export,
    /// Say how the machine and the board are
    ///
    /// Each check is green, yellow or red. With a red one, or while nobody
    /// serves the board, the exit code is 1.
    Health,
    /// Show a line on every screen, and ring
    ///
    /// Such as: say The board restarts in five minutes.
    Say(say::Say),
}

impl Command {
    /// Returns what it reads besides its arguments.
    pub fn input(&self) -> Input {
        match self {
            Self::User(command) => command.input(),
            Self::Settings(command) => command.input(),
            Self::Backup(command) => command.input(),
            Self::Invite(command) => command.input(),
            Self::Policy(_)
            | Self::Mail(_)
            | Self::Audit(_)
            | Self::Doctor(_)
            | Self::Claim
            | Self::Help { .. }
            | Self::Whoami
            | Self::Export
            | Self::Health
            | Self::Say(_) => Input::Nothing,
        }
    }

    /// Whether it makes a board where there is none.
    pub const fn makes_board(&self) -> bool {
        matches!(self, Self::Claim)
    }

    /// Whether everybody with an account may use it, whatever its status.
    const fn is_for_all(&self) -> bool {
        matches!(self, Self::Help { .. } | Self::Whoami)
    }
}

/// A whole command line without the program's own flags: what the socket and
/// `ssh host COMMAND` take.
#[derive(Clone, Debug, PartialEq, Eq, clap::Parser)]
#[command(
    name = "ringdown",
    no_binary_name = true,
    about = "Runs the board from the command line; `help` lists what you may do.",
    long_about = None,
    disable_help_subcommand = true,
    // The width of this process's terminal is none of the caller's.
    term_width = 80
)]
pub struct Order {
    /// How it answers.
    #[command(flatten)]
    pub style: Style,
    /// What is to be done.
    #[command(subcommand)]
    pub command: Command,
}

/// Reads the words of a command; or returns what is said instead, be it help or
/// what is wrong with them.
pub fn parse(args: &[String]) -> Result<Order, Output> {
    let style = Style {
        json: args.iter().any(|arg| arg == "--json"),
    };
    <Order as clap::Parser>::try_parse_from(args).map_err(|error| unread(style, &error))
}

/// Returns what is said instead of what a command line asks for: help, or what
/// is wrong with it. It may repeat words that somebody else wrote.
pub fn unread(style: Style, error: &clap::Error) -> Output {
    let said = text::clean(&error.to_string());
    if error.use_stderr() {
        Output::failed(style, Exit::Usage, said)
    } else {
        Output {
            stdout: said,
            stderr: String::new(),
            exit: Exit::Done,
        }
    }
}

/// Reads a command as it was typed after `ssh host`, with the quoting of a
/// shell and nothing else of one.
pub fn parse_line(line: &str) -> Result<Order, Output> {
    let args = line::split(line).map_err(|line::Unfinished| {
        let sentence = words::command::unfinished();
        Output::failed(Style::default(), Exit::Usage, sentence)
    })?;
    parse(&args)
}

/// Returns what is said of an examination of the board.
pub fn doctor(style: Style, report: Report) -> Output {
    doctor::output(style, report)
}

/// Returns the help of a command of `tree`, for whoever asks for it without a
/// board.
pub fn explain(tree: clap::Command, path: &[String], style: Style) -> Output {
    let mut out = Out::new(style);
    if let Err(failure) = help::explain(&mut out, tree, path) {
        out.fail(None, &failure);
    }
    out.finish()
}

/// Where a command that goes on, such as `audit --follow`, says what is new. It
/// is bounded by who makes it: a slow reader slows the command. The command
/// ends when the other side is dropped.
pub type Live = mpsc::Sender<String>;

/// How far a long command has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Progress {
    /// What is done of it.
    pub done: usize,
    /// All of it.
    pub of: usize,
}

/// Whoever hears of a command before it has ended.
#[derive(Clone, Debug, Default)]
pub struct Ears {
    /// Hears what it says; without that it does not go on.
    pub live: Option<Live>,
    /// Hears how far it has got; a slow one misses some of it.
    pub progress: Option<mpsc::Sender<Progress>>,
}

/// Carries out a command for `actor`; `input` is the text that came with it, if
/// [`Command::input`] asked for one.
pub async fn run_heard(
    bbs: &Arc<Bbs>,
    actor: &Actor,
    order: Order,
    input: Option<String>,
    ears: Ears,
) -> Output {
    let mut desk = Desk {
        bbs,
        actor,
        input,
        ears,
        out: Out::new(order.style),
    };
    if let Err(failure) = carry_out(&mut desk, order.command).await {
        desk.out.fail(None, &failure);
    }
    desk.out.finish()
}

/// Carries out a command that ends by itself.
pub async fn run(bbs: &Arc<Bbs>, actor: &Actor, order: Order, input: Option<String>) -> Output {
    run_heard(bbs, actor, order, input, Ears::default()).await
}

async fn carry_out(desk: &mut Desk<'_>, command: Command) -> Result<(), Failure> {
    match desk.actor {
        Actor::Guest => return Err(Failure::new(Exit::Refused, words::command::strangers())),
        Actor::Applicant(_) if !command.is_for_all() => {
            return Err(Failure::new(Exit::Refused, words::command::applicants()));
        }
        _ => {}
    }
    match command {
        Command::User(command) => user::run(desk, command).await,
        Command::Invite(command) => invite::run(desk, command).await,
        Command::Settings(command) => setting::run(desk, command).await,
        Command::Policy(command) => policy::run(desk, command).await,
        Command::Doctor(command) => doctor::run(desk, command).await,
        Command::Backup(command) => backup::run(desk, command).await,
        Command::Mail(command) => mail::run(desk, command).await,
        Command::Audit(audit) => audit::run(desk, audit).await,
        Command::Claim => claim(desk).await,
        Command::Help { command } => help::help(desk, &command).await,
        Command::Whoami => help::whoami(desk).await,
        Command::Export => user::export_oneself(desk).await,
        Command::Health => health::run(desk).await,
        Command::Say(line) => say::run(desk, line).await,
    }
}

async fn claim(desk: &mut Desk<'_>) -> Result<(), Failure> {
    // The line makes a sysop: only whoever has the machine may see it.
    let Actor::Console { .. } = desk.actor else {
        return Err(Failure::new(
            Exit::Refused,
            words::command::only_the_console(),
        ));
    };
    let line = desk.bbs.mint_claim().await?;
    let line = line.ok_or_else(|| Failure::new(Exit::Refused, words::command::claimed()))?;
    desk.out.one(&shape::Claim { ssh: line.expose() }, |claim| {
        format!("{}\n", claim.ssh)
    });
    desk.out.note(&words::command::shown_once());
    desk.out.note(&words::command::only_this_claim());
    Ok(())
}

/// What every command has before it: the board, who asks, what came with the
/// command, and where the answer goes.
struct Desk<'a> {
    bbs: &'a Arc<Bbs>,
    actor: &'a Actor,
    input: Option<String>,
    ears: Ears,
    out: Out,
}

impl Desk<'_> {
    /// Returns the board on which a writing command acts.
    fn board(&mut self, dry: DryRun) -> Arc<Bbs> {
        if dry.dry_run {
            self.out.note(&words::command::rehearsal());
            Arc::new(self.bbs.rehearsal())
        } else {
            Arc::clone(self.bbs)
        }
    }

    /// Returns the text that came with the command.
    fn input(&mut self) -> Result<String, Failure> {
        self.input
            .take()
            .ok_or_else(|| Failure::new(Exit::Usage, words::command::input_missing()))
    }
}

/// The flag of every command that writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::Args)]
pub struct DryRun {
    /// Check everything and say what would happen, but change nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Returns the source behind a `FILE` argument, where `-` is standard input.
fn file(path: &std::path::Path) -> Input {
    if path.as_os_str() == "-" {
        Input::Stdin
    } else {
        Input::File(path.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn the_tree_of_commands_is_sound() {
        use clap::CommandFactory as _;
        Order::command().debug_assert();
    }

    #[test]
    fn help_is_a_result_and_nonsense_is_an_error() {
        let help = parse(&words("user approve --help")).unwrap_err();
        assert_eq!(help.exit, Exit::Done);
        assert!(
            help.stdout.contains("Usage: user approve"),
            "{}",
            help.stdout
        );
        assert!(help.stderr.is_empty());
        let nonsense = parse(&words("user aprove newbie")).unwrap_err();
        assert_eq!(nonsense.exit, Exit::Usage);
        assert!(nonsense.stdout.is_empty());
        assert!(nonsense.stderr.contains("approve"), "{}", nonsense.stderr);
        let json = parse(&words("--json user aprove")).unwrap_err();
        assert!(json.stderr.starts_with(r#"{"error":{"kind":"usage","#));
        assert_eq!(parse(&[]).unwrap_err().exit, Exit::Usage);
    }

    #[test]
    fn what_was_typed_comes_back_without_controls() {
        let args = ["user".to_owned(), "\u{1b}[2J\u{9b}31m".to_owned()];
        let said = parse(&args).unwrap_err().stderr;
        assert!(!said.contains(['\u{1b}', '\u{9b}']));
    }

    #[test]
    fn a_command_says_what_it_reads() {
        for (line, input) in [
            ("user create ada --password-stdin", Input::Stdin),
            ("user create ada --key -", Input::Stdin),
            ("user keys add ada --key a.pub", Input::File("a.pub".into())),
            ("settings set house_rules --file -", Input::Stdin),
            ("settings set site_name Harbour", Input::Nothing),
            ("user note ada --text hm", Input::Nothing),
            ("invite create", Input::Nothing),
        ] {
            let order = parse_line(line).unwrap();
            assert_eq!(order.command.input(), input, "{line}");
        }
    }

    #[test]
    fn the_worst_of_several_results_is_told() {
        assert_eq!(Exit::Done.worse(Exit::Refused), Exit::Refused);
        assert_eq!(Exit::Conflict.worse(Exit::NotFound), Exit::Conflict);
        assert_eq!(Exit::Conflict.worse(Exit::Fault), Exit::Fault);
    }
}
