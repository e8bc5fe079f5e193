//! Letting somebody in who asked, and what may speak against it.

use std::sync::Arc;

use super::{Begin, Deed, Outcome, Whom, with_letter};
use crate::{
    app::{
        Bbs, Ruling, Stop,
        queue::{Decided, Decision, Reason, Tell},
    },
    domain::{
        account::{Status, Transition},
        actor::Actor,
        id::AccountId,
        refusal::{Doubt, Field as Place, Refusal},
    },
    term::Key,
    tui::{
        Effects, View,
        screens::dialog::{Dialog, Form, Task},
    },
    words,
};

/// Lets them in.
pub(in super::super) const DEED: Deed = Deed {
    keys: &[Key::Char('a')],
    label: "a",
    word: "approve",
    help: "Lets them in, at once.",
    is_legal: |subject, powers, _| powers.decide && subject.may(Transition::Approve),
    is_about_last: false,
    begin: |account, _| {
        let whom = Whom::of(account);
        Begin::call(move |bbs, actor| {
            let whom = whom.clone();
            async move {
                match bbs.decide_about(&actor, whom.id, Decision::Approve).await {
                    Ok(decided) => Ok(Outcome::Said(said(&decided))),
                    Err(Stop::Refused(Refusal::Doubtful(doubt))) => {
                        Ok(Outcome::Open(doubtful(whom, doubt).into()))
                    }
                    Err(stop) => Err(stop),
                }
            }
        })
    },
};

/// Says how somebody stands after it.
fn said(decided: &Decided) -> String {
    let handle = &decided.account.handle;
    let done = match decided.account.status {
        Status::Active if decided.on_line => format!("{handle} is in."),
        Status::Active => format!("{handle} may come in."),
        _ => format!("{handle} was rejected."),
    };
    with_letter(done, decided)
}

/// Lets somebody in, or not, against whom something speaks.
struct Doubtful {
    whom: Whom,
    doubt: Doubt,
}

/// Opens the question what to do about somebody against whom something speaks.
fn doubtful(whom: Whom, doubt: Doubt) -> Dialog<Doubtful> {
    let no = match doubt {
        Doubt::SharesAddress(_) | Doubt::SharesKey(_) => "no: they have an account",
        Doubt::AddressRefused => "no: turn them down",
    };
    let form = Form::default().pick("let in", &[no, "all the same"], 0);
    Dialog::new(Doubtful { whom, doubt }, form)
}

impl Task for Doubtful {
    type Order = (AccountId, Decision);
    type Done = Decided;

    fn title(&self) -> String {
        format!("Let {} in?", self.whom.handle)
    }

    fn words(&self) -> [&'static str; 2] {
        ["decide", "leave"]
    }

    fn text(&self, form: &Form) -> String {
        let doubt = words::refusal(&Refusal::Doubtful(self.doubt.clone()));
        let what = match (form.picked(0), &self.doubt) {
            (0, Doubt::AddressRefused) => "They read that it was not accepted.",
            (0, _) => "They read that they seem to have an account, and not whose.",
            _ => "Both accounts stay as they are, and this one is let in.",
        };
        format!("{doubt} {what}")
    }

    fn order(&self, form: &Form, _view: &View<'_>) -> Result<Self::Order, (usize, String)> {
        let reason = match self.doubt {
            Doubt::SharesAddress(_) | Doubt::SharesKey(_) => Reason::Duplicate,
            Doubt::AddressRefused => Reason::Unspecified,
        };
        let decision = if form.picked(0) == 0 {
            Decision::Reject {
                reason,
                tell: Tell::Yes,
                text: String::new(),
                note: String::new(),
            }
        } else {
            Decision::ApproveAnyway
        };
        Ok((self.whom.id, decision))
    }

    async fn carry_out(
        bbs: Arc<Bbs>,
        actor: Actor,
        (id, decision): Self::Order,
    ) -> Ruling<Decided> {
        bbs.decide_about(&actor, id, decision).await
    }

    fn row_of(&self, _field: Place) -> Option<usize> {
        None
    }

    fn done<M: Send + 'static>(&self, decided: Decided, fx: &mut Effects<'_, M>) {
        fx.notice(said(&decided));
        fx.pop();
    }
}
