//! A key line was used: shall the key of this call belong to that account?

use super::{
    factor::{self, After},
    joining::{MARGIN, key_name},
    progress::Progress,
    welcome::Welcome,
};
use crate::{
    app::{Ruling, entrance::Entrance},
    domain::{code::Code, handle::Handle},
    term::Key,
    tui::{Bind, Canvas, Effects, Screen, Token, View, say},
};

/// The question.
#[derive(Debug)]
pub struct AddKey {
    handle: Handle,
    code: Code,
    progress: Progress,
}

impl AddKey {
    /// Asks whoever used the line of that account.
    pub const fn new(handle: Handle, code: Code) -> Self {
        Self {
            handle,
            code,
            progress: Progress::None,
        }
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Adds the key and logs in.
    Add,
    /// Goes to the welcome.
    Back,
}

impl Screen for AddKey {
    type Action = Act;
    type Msg = Ruling<Entrance>;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter],
            "⏎",
            "add and log in",
            Act::Add,
            "Adds the key to the account and logs in.",
        ),
        Bind::new(
            &[Key::Esc, Key::Char('q')],
            "Esc",
            "leave it",
            Act::Back,
            "Adds nothing; the line stays good until it is over.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Add a key".to_owned()
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        match action {
            Act::Back => fx.reset(Welcome::again(None)),
            Act::Add if self.progress.is_waiting() => {}
            Act::Add => {
                self.progress = Progress::Waiting;
                let code = self.code.clone();
                fx.call(
                    "key.use_line",
                    |bbs, _actor, visit| async move { bbs.use_key_line(&visit, &code).await },
                    |entered| entered,
                );
            }
        }
    }

    fn message(&mut self, entered: Self::Msg, _view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        self.progress = Progress::None;
        match entered {
            Ok(entrance) => {
                let after = After {
                    notice: Some("From now on this key lets you in."),
                    ..After::default()
                };
                factor::lead_on(entrance, after, fx);
            }
            Err(stop) if say::hangs_up(&stop) => fx.hang_up(say::sentence(&stop) + "\n"),
            Err(stop) => self.progress = Progress::Refused(say::sentence(&stop)),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let x = MARGIN;
        let width = canvas.width().saturating_sub(2 * x);
        let key = view.visit.key.as_ref().map(key_name).unwrap_or_default();
        let question = format!("Add {key} to {}?", self.handle);
        // Two rows of air, where there are some.
        let mut y = if view.is_narrow() { 0 } else { 2 };
        y += canvas.paragraph((x, y), width, &question, Token::Accent.bold()) + 1;
        let text = "Whoever has this key can then log in to that account.";
        y += canvas.paragraph((x, y), width, text, Token::Text) + 1;
        self.progress.draw(canvas, (x, y));
    }
}
