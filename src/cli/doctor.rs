//! `doctor` for a board that nobody serves, and that may not even open.

use std::net::TcpListener;

use super::{board, data::Lock, show, stop::Stop};
use crate::{
    app::doctor::{self, Fact, Report},
    command::{self, Order, Style},
    config::{Config, SmtpUrl, Sourced},
    domain::{
        actor::Actor,
        finding::{Finding, Fix},
    },
    store::Create,
};

/// Returns what a board is started with, and who said so.
pub(super) fn facts(config: &Config) -> Vec<Fact> {
    let listen: Vec<_> = config
        .listen
        .value
        .iter()
        .map(ToString::to_string)
        .collect();
    let name = config.public_host.value.as_ref();
    let public = name.map_or_else(
        || "the machine's name".to_owned(),
        |public| match public.port {
            Some(port) => format!("{}:{port}", public.name),
            None => public.name.clone(),
        },
    );
    let server = match &config.smtp_url.value {
        None => "none".to_owned(),
        // What it says has a password in it.
        Some(SmtpUrl::Given(_)) => "given".to_owned(),
        Some(SmtpUrl::File(file)) => format!("in {}", file.display()),
    };
    let program = match config.notify_command.value.first() {
        None => "none".to_owned(),
        // What comes after it is nobody else's business.
        Some(program) => program.clone(),
    };
    vec![
        fact(
            "data",
            &config.data,
            config.data.value.display().to_string(),
        ),
        fact("listen", &config.listen, listen.join(", ")),
        fact("public_host", &config.public_host, public),
        fact("log", &config.log, config.log.value.clone()),
        fact(
            "log_format",
            &config.log_format,
            format!("{:?}", config.log_format.value).to_lowercase(),
        ),
        fact(
            "sysop_keys",
            &config.sysop_keys,
            config.sysop_keys.value.len().to_string(),
        ),
        fact("smtp_url", &config.smtp_url, server),
        fact(
            "mail_from",
            &config.mail_from,
            config.mail_from.value.clone(),
        ),
        fact("notify_command", &config.notify_command, program),
        fact(
            "backup_dir",
            &config.backup_dir,
            config.backups().display().to_string(),
        ),
    ]
}

fn fact<T>(key: &'static str, said: &Sourced<T>, value: String) -> Fact {
    Fact {
        key,
        value,
        from: said.origin.to_string(),
    }
}

/// Examines or mends a board that this process has the lock of.
pub(super) async fn run(
    config: &Config,
    lock: Lock,
    order: Order,
    fix: Option<Fix>,
    actor: &Actor,
) -> Result<u8, Stop> {
    let home = board::home(config);
    if fix == Some(Fix::Permissions) {
        // A board with an open key does not open; that it was mended is on
        // record once it does.
        doctor::close(&home).map_err(|error| Stop::data(&config.data.value, &error))?;
    }
    let taken = ports(config);
    let style = order.style;
    match board::open(config, lock, Create::Never, board::usual_port(config)).await {
        Err(stop) if fix.is_none() => {
            let mut findings = doctor::around(&home);
            findings.push(Finding::Unopened(stop.sentence));
            findings.extend(taken);
            Ok(told(config, style, findings))
        }
        Err(stop) => Err(stop),
        Ok(board) => {
            let code = match fix {
                Some(_) => show(&command::run(&board.bbs, actor, order, None).await),
                None => match board.bbs.examine(actor).await {
                    Ok(mut report) => {
                        report.findings.extend(taken);
                        show(&command::doctor(style, report))
                    }
                    Err(stop) => show(&stop.into()),
                },
            };
            board.bbs.close().await;
            Ok(code)
        }
    }
}

fn told(config: &Config, style: Style, findings: Vec<Finding>) -> u8 {
    let facts = facts(config);
    show(&command::doctor(style, Report { facts, findings }))
}

/// Returns the addresses that another program has.
fn ports(config: &Config) -> Vec<Finding> {
    let listen = config.listen.value.iter();
    listen
        .filter(|address| address.port() != 0 && TcpListener::bind(address).is_err())
        .map(|address| Finding::PortTaken(address.to_string()))
        .collect()
}
