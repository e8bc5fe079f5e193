//! The executable's own commands, and the way of the operator's commands to a
//! board. What a command does is not decided here.

mod banner;
mod board;
mod data;
mod demo;
mod doctor;
mod keys;
mod lobby;
mod log;
mod mail;
mod manual;
mod notify;
mod operator;
mod process;
mod progress;
mod reload;
mod screen;
mod serve;
mod socket;
mod stop;

use std::{
    ffi::OsString,
    io::{self, Write as _},
    path::PathBuf,
};

use clap::{CommandFactory as _, Parser as _};

use crate::{
    command::{self, Command, Exit, Order, Output, Style},
    config::{self, Config, Flags},
};
use demo::Demo;
use stop::Stop;

/// An SSH-first bulletin board: `ssh host` is the whole client.
#[derive(Debug, clap::Parser)]
#[command(
    name = "ringdown",
    version,
    after_help = "Without a command, `ringdown` serves the board, as `ringdown serve` does.",
    disable_help_subcommand = true
)]
struct CommandLine {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    style: Style,
    /// What a board that is served without `serve` takes.
    #[command(flatten)]
    serving: Serving,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
struct Common {
    /// The directory that holds the board
    ///
    /// Environment: `RINGDOWN_DATA`; else the current directory.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Which log lines go to standard error, such as `ringdown_bbs=debug`
    ///
    /// Environment: `RINGDOWN_LOG`; else `info`.
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    /// How log lines are written, `text` or `json`
    ///
    /// Environment: `RINGDOWN_LOG_FORMAT`; else `text`.
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
}

/// What only a served board takes.
#[derive(Debug, Default, clap::Args)]
struct Serving {
    /// Where callers connect; may be given several times
    ///
    /// Port 0 picks a free one and prints it.
    /// Environment: `RINGDOWN_LISTEN`; else `[::]:2222`, for IPv6 and IPv4.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Vec<String>,
    /// The name by which callers reach this board, for the lines they copy
    ///
    /// Environment: `RINGDOWN_PUBLIC_HOST`; else the machine's own name.
    #[arg(long, value_name = "NAME[:PORT]")]
    public_host: Option<String>,
    /// Where copies of the board go that are made on schedule
    ///
    /// Environment: `RINGDOWN_BACKUP_DIR`; else `backups` in the data directory.
    #[arg(long, value_name = "DIR")]
    backup_dir: Option<PathBuf>,
    /// The address letters come from
    ///
    /// Environment: `RINGDOWN_MAIL_FROM`; else `ringdown@localhost`. The mail
    /// server is named by `RINGDOWN_SMTP_URL` or `RINGDOWN_SMTP_URL_FILE`.
    #[arg(long, value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// Make the keys that are missing beside an existing board
    ///
    /// Callers are warned of a changed host key, and without its old key no
    /// invite that is out works.
    #[arg(long)]
    new_host_key: bool,
}

impl Serving {
    const fn is_given(&self) -> bool {
        !self.listen.is_empty() || self.public_host.is_some() || self.new_host_key
    }
}

/// A command.
#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Serve the board: what `ringdown` alone does.
    Serve(Serving),
    /// Serve a throw-away board with people on it, to try things out
    ///
    /// It listens on this machine alone, the first key that calls is the
    /// sysop's, and nothing of it is left when it ends.
    Demo,
    /// Print a screen of the demo as text or as an SVG picture
    Screen(screen::Wanted),
    /// Print the man page
    Man(manual::Pages),
    /// Print the script by which a shell completes the commands
    Completions(manual::Completions),
    #[command(flatten)]
    Operator(Command),
}

/// Runs the command line `args`, program name first, and returns its exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    let line = match CommandLine::try_parse_from(&args) {
        Ok(line) => line,
        Err(error) => {
            let style = Style {
                json: args.iter().any(|arg| arg == "--json"),
            };
            return show(&command::unread(style, &error));
        }
    };
    let style = line.style;
    carry_out(line, args)
        .unwrap_or_else(|Stop { exit, sentence }| show(&Output::failed(style, exit, sentence)))
}

/// Prints what a command said and returns its exit code.
fn show(output: &Output) -> u8 {
    // That nobody reads it is no error of the command.
    io::stdout().write_all(output.stdout.as_bytes()).ok();
    io::stderr().write_all(output.stderr.as_bytes()).ok();
    output.exit.code()
}

fn carry_out(line: CommandLine, args: Vec<OsString>) -> Result<u8, Stop> {
    let CommandLine {
        common,
        style,
        serving,
        verb,
    } = line;
    let load = |serving: Serving| {
        let flags = Flags {
            data: common.data.clone(),
            listen: serving.listen,
            log: common.log.clone(),
            log_format: common.log_format.clone(),
            public_host: serving.public_host,
            backup_dir: serving.backup_dir,
            mail_from: serving.mail_from,
            new_host_key: serving.new_host_key,
        };
        Config::load(flags, config::environment)
    };
    let task = match verb {
        None => Task::Serve(load(serving)?),
        Some(_) if serving.is_given() => {
            return Err(Stop::usage(
                "How a board is served is said after `serve`, or without a command.".to_owned(),
            ));
        }
        Some(Verb::Serve(serving)) => Task::Serve(load(serving)?),
        Some(Verb::Screen(wanted)) => {
            let text = runtime()?.block_on(wanted.print())?;
            return Ok(say(&text));
        }
        Some(Verb::Man(pages)) => return Ok(say(&pages.print(CommandLine::command())?)),
        Some(Verb::Completions(shell)) => {
            return Ok(say(&shell.print(CommandLine::command())));
        }
        Some(Verb::Demo) => Task::Demo(Demo::prepare(common.log, common.log_format)?),
        // The program's own commands are in no board's list.
        Some(Verb::Operator(Command::Help { command })) => {
            return Ok(show(&command::explain(
                CommandLine::command(),
                &command,
                style,
            )));
        }
        Some(Verb::Operator(command)) => Task::Operate(load(Serving::default())?, command),
    };
    let log = log::begin(task.config())?;
    process::harden();
    runtime()?.block_on(async {
        match task {
            Task::Serve(config) => serve::serve(&config, &log)
                .await
                .map(|()| Exit::Done.code()),
            Task::Demo(demo) => demo.serve().await.map(|()| Exit::Done.code()),
            Task::Operate(config, command) => {
                let args = args.into_iter().skip(1);
                let args = args
                    .map(OsString::into_string)
                    .collect::<Result<_, _>>()
                    .map_err(|_| Stop::usage("An argument is not text.".to_owned()))?;
                operator::run(&config, args, Order { style, command }).await
            }
        }
    })
}

/// Prints what is no answer of a board, and returns the exit code.
fn say(text: &str) -> u8 {
    // That nobody reads it is no error of the command.
    io::stdout().write_all(text.as_bytes()).ok();
    Exit::Done.code()
}

fn runtime() -> Result<tokio::runtime::Runtime, Stop> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Stop::fault(format!("Can't start: {error}.")))
}

/// What there is to do, and with which configuration.
enum Task {
    Serve(Config),
    Demo(Demo),
    Operate(Config, Command),
}

impl Task {
    const fn config(&self) -> &Config {
        match self {
            Self::Serve(config) | Self::Operate(config, _) => config,
            Self::Demo(demo) => demo.config(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn common_flags_stand_anywhere() {
        for args in [["--data", "x", "claim"], ["claim", "--data", "x"]] {
            let line = CommandLine::try_parse_from(["ringdown"].iter().chain(&args)).unwrap();
            assert_eq!(line.common.data, Some(PathBuf::from("x")));
            assert!(matches!(line.verb, Some(Verb::Operator(Command::Claim))));
        }
    }

    #[test]
    fn serve_may_be_left_out_before_its_flags() {
        let of = |args: &[&str]| {
            let line = CommandLine::try_parse_from(["ringdown"].iter().chain(args)).unwrap();
            match line.verb {
                Some(Verb::Serve(serving)) => serving.listen,
                _ => line.serving.listen,
            }
        };
        assert_eq!(
            of(&["--listen", "[::]:0"]),
            of(&["serve", "--listen", "[::]:0"])
        );
        let stray = ["ringdown", "--new-host-key", "claim"].map(OsString::from);
        assert_eq!(run(stray), Exit::Usage.code());
    }
}
