//! The dialogs of the SYSTEM tab: a line for everybody, and a line let go.

use std::sync::Arc;

use crate::{
    app::{Bbs, Ruling, say::LONGEST},
    domain::{actor::Actor, refusal::Field as Place},
    tui::{
        Effects, Reply, View,
        screens::dialog::{Dialog, Form, Task},
        widgets::{Confirm, Field},
    },
};

/// Says a line to everybody.
pub(super) struct Say;

/// Opens the card for a line to everybody.
pub(super) fn say() -> Dialog<Say> {
    Dialog::new(Say, Form::default().text("line", Field::new(LONGEST)))
}

impl Task for Say {
    type Order = String;
    type Done = usize;

    fn title(&self) -> String {
        "A line for everybody".to_owned()
    }

    fn words(&self) -> [&'static str; 2] {
        ["say it", "leave"]
    }

    fn text(&self, _form: &Form) -> String {
        "It shows on every screen at once, with your handle, and rings.".to_owned()
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<String, (usize, String)> {
        Ok(form.typed(0).to_owned())
    }

    async fn carry_out(bbs: Arc<Bbs>, actor: Actor, line: String) -> Ruling<usize> {
        bbs.say_to_all(&actor, &line).await
    }

    fn row_of(&self, field: Place) -> Option<usize> {
        (field == Place::Value).then_some(0)
    }

    /// The line itself is the answer: it shows here, too.
    fn done<M: Send + 'static>(&self, _screens: usize, fx: &mut Effects<'_, M>) {
        fx.pop();
    }
}

/// Asks before somebody's line is let go.
pub(super) fn hang_up(who: &str, reply: Reply<()>) -> Confirm {
    let title = format!("Hang up on {who}?");
    let text = "What they have not sent is not kept. They may call again at once.";
    Confirm::new(&title, text, "hang up", "keep", reply)
}
