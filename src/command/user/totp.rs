//! Two-factor login of others: demanding it, and taking it off for whoever lost
//! it. Nobody's codes are seen here.

use super::find;
use crate::{
    app::factor::Demand,
    command::{Desk, DryRun, failure::Failure, shape::Factor},
};

/// What can be done about somebody's two-factor login.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum Command {
    /// Demand two-factor login of an account, from its next call on
    ///
    /// `totp_required_for` demands it of whole roles.
    Require {
        /// Whose.
        handle: String,
        /// Demand it no longer.
        #[arg(long)]
        off: bool,
        #[command(flatten)]
        dry: DryRun,
    },
    /// Take two-factor login off an account whose owner lost app and codes
    ///
    /// Be sure that it is them. If it is demanded of the account, its next call
    /// sets it up anew.
    Reset {
        /// Whose.
        handle: String,
        /// Why; the owner reads it.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        dry: DryRun,
    },
}

pub(super) async fn run(desk: &mut Desk<'_>, command: Command) -> Result<(), Failure> {
    let (account, standing) = match command {
        Command::Require { handle, off, dry } => {
            let account = find(desk, &handle).await?.account;
            let demand = if off { Demand::Dropped } else { Demand::Made };
            let board = desk.board(dry);
            let demanded = board.demand_factor(desk.actor, account.id, demand).await?;
            (account, demanded)
        }
        Command::Reset {
            handle,
            reason,
            dry,
        } => {
            let account = find(desk, &handle).await?.account;
            let board = desk.board(dry);
            let reset = board.reset_factor(desk.actor, account.id, &reason).await?;
            (account, reset)
        }
    };
    let told = Factor::new(&account.handle, &standing);
    desk.out.one(&told, Factor::line);
    Ok(())
}
