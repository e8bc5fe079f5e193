//! `health`: how the machine and the board are, for people and for watchers.

use super::{Desk, Exit, failure::Failure, out::table, shape::Health};
use crate::domain::health::State;

pub(super) async fn run(desk: &mut Desk<'_>) -> Result<(), Failure> {
    let checks = desk.bbs.health(desk.actor).await?;
    let health = Health::new(&checks);
    desk.out.one(&health, listed);
    if health.state == State::Red {
        desk.out.end_with(Exit::Fault);
    }
    Ok(())
}

fn listed(health: &Health) -> String {
    let rows: Vec<_> = health
        .checks
        .iter()
        .map(|check| {
            let hint = check.hint.map_or(String::new(), |hint| format!(". {hint}"));
            [
                check.state.to_string(),
                check.name.to_owned(),
                format!("{}{hint}", check.text),
            ]
        })
        .collect();
    table(["STATE", "CHECK", "WHAT"], &rows)
}
