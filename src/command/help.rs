//! `help` and `whoami`: what this caller may do here, and who they are.

use clap::CommandFactory as _;

use super::{
    Desk, Order,
    failure::Failure,
    out::{Out, table},
    shape::{Me, Summary},
};
use crate::{
    domain::{actor::Actor, policy::Capability},
    words,
};

/// What a command takes of whoever gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// An account, whatever its status.
    Account,
    /// A right.
    Right(Capability),
    /// An account that is active.
    Member,
    /// The machine itself.
    Console,
}

/// Returns what a command needs, for the list only: the use cases decide.
fn needs(path: &str) -> Needs {
    match path {
        "help" | "whoami" => Needs::Account,
        "export" => Needs::Member,
        "user export" => Needs::Right(Capability::SeePrivate),
        "claim" | "backup" => Needs::Console,
        "doctor" => Needs::Right(Capability::Examine),
        "invite tree" => Needs::Right(Capability::SeeInvites),
        "invite bar" | "invite unbar" => Needs::Right(Capability::BarInviters),
        "invite thaw" => Needs::Right(Capability::BackUp),
        "say" => Needs::Right(Capability::TellEverybody),
        "health" => Needs::Right(Capability::SeeSystem),
        "user list" | "user show" | "user keys list" => Needs::Right(Capability::SeeUsers),
        "user approve" | "user reject" => Needs::Right(Capability::Decide),
        "audit" | "user history" | "settings history" => Needs::Right(Capability::SeeAudit),
        path if path.starts_with("invite ") => Needs::Right(Capability::Invite),
        path if path.starts_with("policy ") => Needs::Right(Capability::ManageAccess),
        path if path.starts_with("mail ") => Needs::Right(Capability::ManageMail),
        path if path.starts_with("settings ") => Needs::Right(Capability::ManageSettings),
        _ => Needs::Right(Capability::ManageUsers),
    }
}

pub(super) async fn help(desk: &mut Desk<'_>, path: &[String]) -> Result<(), Failure> {
    if !path.is_empty() {
        return explain(&mut desk.out, Order::command(), path);
    }
    let rights = desk.bbs.rights(desk.actor).await?;
    let may = |summary: &Summary| match needs(&summary.command) {
        Needs::Account => true,
        Needs::Right(capability) => rights.contains(&capability),
        Needs::Member => matches!(desk.actor, Actor::Member(_)),
        Needs::Console => matches!(desk.actor, Actor::Console { .. }),
    };
    let mut commands = Vec::new();
    leaves(&Order::command(), "", &mut commands);
    commands.retain(may);
    desk.out.many(&commands, |commands| {
        let row = |one: &Summary| [one.command.clone(), one.help.clone()];
        let rows: Vec<_> = commands.iter().map(row).collect();
        table(["COMMAND", "WHAT IT DOES"], &rows)
    });
    desk.out.note(&words::command::more_help());
    Ok(())
}

/// Collects the commands that do something, with their sentences.
fn leaves(command: &clap::Command, path: &str, into: &mut Vec<Summary>) {
    for sub in command.get_subcommands() {
        let path = format!("{path} {}", sub.get_name()).trim_start().to_owned();
        if sub.has_subcommands() {
            leaves(sub, &path, into);
        } else {
            let help = sub.get_about().map(ToString::to_string);
            into.push(Summary {
                command: path,
                help: help.unwrap_or_default(),
            });
        }
    }
}

/// Answers with the help of a command of `tree`.
pub(super) fn explain(
    out: &mut Out,
    mut tree: clap::Command,
    path: &[String],
) -> Result<(), Failure> {
    tree.build();
    let mut command = &mut tree;
    for name in path {
        let hint = "`help` lists them.";
        let missing = || Failure::not_found(words::command::no_such_command(), hint);
        command = command.find_subcommand_mut(name).ok_or_else(missing)?;
    }
    let summary = Summary {
        command: path.join(" "),
        help: command.render_long_help().to_string(),
    };
    out.one(&summary, |summary| summary.help.clone());
    Ok(())
}

pub(super) async fn whoami(desk: &mut Desk<'_>) -> Result<(), Failure> {
    let rights = desk.bbs.rights(desk.actor).await?;
    let may = rights.into_iter().map(Capability::name).collect();
    let me = if let Actor::Console { uid } = desk.actor {
        Me {
            handle: None,
            status: None,
            role: None,
            uid: Some(*uid),
            may,
        }
    } else {
        let account = desk.bbs.own(desk.actor).await?.account;
        Me {
            handle: Some(account.handle.to_string()),
            status: Some(account.status),
            role: Some(account.role),
            uid: None,
            may,
        }
    };
    desk.out
        .one(&me, |me| match (&me.handle, me.status, me.role, me.uid) {
            (Some(handle), Some(status), Some(role), _) => format!("{handle}: {status}, {role}\n"),
            (_, _, _, uid) => format!("console: user {}\n", uid.unwrap_or_default()),
        });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_sentence_and_every_flag_too() {
        fn check(command: &clap::Command) {
            for arg in command.get_arguments() {
                assert!(
                    arg.get_help().is_some(),
                    "{} {}",
                    command.get_name(),
                    arg.get_id()
                );
            }
            for sub in command.get_subcommands() {
                assert!(sub.get_about().is_some(), "{}", sub.get_name());
                check(sub);
            }
        }
        check(&Order::command());
    }

    #[test]
    fn members_are_offered_nothing_that_only_staff_may() {
        let mut commands = Vec::new();
        leaves(&Order::command(), "", &mut commands);
        let offered: Vec<_> = commands
            .iter()
            .filter(|one| {
                matches!(
                    needs(&one.command),
                    Needs::Account | Needs::Right(Capability::Invite)
                )
            })
            .map(|one| one.command.as_str())
            .collect();
        assert_eq!(
            offered,
            [
                "invite create",
                "invite list",
                "invite show",
                "invite send",
                "invite extend",
                "invite revoke",
                "help",
                "whoami"
            ]
        );
    }
}
