//! The second of two things at the door: a code of the account's factor.

use super::{After, CODE, LABEL, Through, welcome_in};
use crate::{
    app::{Ruling, entrance::HalfWay},
    domain::secret::Secret,
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        screens::{joining::MARGIN, welcome::Welcome},
        widgets::{Field, Focus},
        wrap,
    },
};

/// Asks for a code.
#[derive(Debug)]
pub struct FactorCode {
    half: HalfWay,
    after: After,
    code: Field,
    refusal: Option<String>,
    is_waiting: bool,
}

impl FactorCode {
    /// Asks somebody who proved one thing of two.
    pub const fn new(half: HalfWay, after: After) -> Self {
        Self {
            half,
            after,
            code: Field::new(CODE),
            refusal: None,
            is_waiting: false,
        }
    }

    fn go_on(&mut self, fx: &mut Effects<'_, Ruling<Through>>) {
        self.is_waiting = true;
        self.refusal = None;
        let half = self.half.clone();
        let claim = self.after.claim.clone();
        let code = Secret::new(self.code.take());
        fx.call(
            "factor.enter",
            |bbs, _actor, visit| async move {
                let login = bbs.enter_with_code(&visit, &half, &code).await?;
                Ok(Through::of(login, claim, &bbs, &visit).await)
            },
            |through| through,
        );
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Takes the code.
    Enter,
    /// Goes to the welcome.
    Back,
}

impl Screen for FactorCode {
    type Action = Act;
    type Msg = Ruling<Through>;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter],
            "⏎",
            "log in",
            Act::Enter,
            "Takes the code and logs in.",
        ),
        Bind::new(
            &[Key::Esc],
            "Esc",
            "leave it",
            Act::Back,
            "Goes to the welcome; nobody is logged in.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Log in ▸ Second factor".to_owned()
    }

    fn typing(&self) -> bool {
        true
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) -> Handled {
        if self.is_waiting {
            return Handled::from(key.is_printable());
        }
        self.code.key(key)
    }

    fn paste(&mut self, text: &str, _view: &View<'_>, _fx: &mut Effects<'_, Self::Msg>) {
        if !self.is_waiting {
            self.code.paste(text);
        }
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        match action {
            _ if self.is_waiting => {}
            Act::Back => fx.reset(Welcome::again(None)),
            Act::Enter if self.code.is_empty() => {}
            Act::Enter => self.go_on(fx),
        }
    }

    fn message(&mut self, through: Self::Msg, _view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        self.is_waiting = false;
        match through {
            Ok(through) => {
                through.say(&self.after, fx);
                welcome_in(through.login, self.after.key, fx);
            }
            Err(stop) if say::hangs_up(&stop) => fx.hang_up(say::sentence(&stop) + "\n"),
            Err(stop) => self.refusal = Some(say::sentence(&stop)),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let x = MARGIN;
        let width = canvas.width().saturating_sub(2 * x);
        // Two rows of air, where there are some.
        let mut y = if view.is_narrow() { 0 } else { 2 };
        let question = format!("One more thing, {}: a code.", self.half.handle());
        y += canvas.paragraph((x, y), width, &question, Token::Accent.bold()) + 1;
        let text = "The six digits your app shows, or one of your backup codes.";
        y += canvas.paragraph((x, y), width, text, Token::Text) + 1;
        let focus = Focus::when(!self.is_waiting);
        let refusal = self.refusal.as_deref();
        y += self.code.draw_row(canvas, (x, y), LABEL, focus, refusal) + 1;
        let lost = match view.settings.site_contact.as_str() {
            "" => "Lost them? A sysop can let you begin anew.".to_owned(),
            contact => format!("Lost them? Ask {contact}: a sysop can let you begin anew."),
        };
        let room = usize::from(canvas.height().saturating_sub(y));
        if self.is_waiting {
            canvas.text(x, y, "One moment…", Token::Dim);
        } else if wrap::wrap(&lost, width).len() <= room {
            canvas.paragraph((x, y), width, &lost, Token::Dim);
        }
    }
}
