//! Everything the board has about an account. It is JSON whether asked for as
//! such or not: nobody reads it in a table.

use super::find;
use crate::{
    app::export::Export,
    command::{Desk, Exit, failure::Failure},
    domain::actor::Actor,
    words,
};

pub(super) async fn run(desk: &mut Desk<'_>, handle: &str) -> Result<(), Failure> {
    let id = find(desk, handle).await?.account.id;
    let export = desk.bbs.export_user(desk.actor, id).await?;
    show(desk, &export);
    Ok(())
}

pub(in crate::command) async fn export_oneself(desk: &mut Desk<'_>) -> Result<(), Failure> {
    if matches!(desk.actor, Actor::Console { .. }) {
        return Err(Failure::new(Exit::Usage, words::command::whose_data()));
    }
    let export = desk.bbs.export_oneself(desk.actor).await?;
    show(desk, &export);
    Ok(())
}

fn show(desk: &mut Desk<'_>, export: &Export) {
    desk.out.one(export, |export| {
        format!("{:#}\n", serde_json::json!(export))
    });
}
