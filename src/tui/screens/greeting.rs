//! A known key at a door of the wizard: is it the caller, or do they bring
//! somebody else?

use super::{
    factor::{self, After},
    joining::MARGIN,
    progress::Progress,
    welcome::Welcome,
    wizard::Wizard,
};
use crate::{
    app::{
        Ruling,
        door::{Errand, Front},
        entrance::Entrance,
    },
    store::account::Account,
    term::Key,
    tui::{Bind, Canvas, Effects, Screen, Token, View, say},
};

/// The greeting.
#[derive(Debug)]
pub struct Greeting {
    account: Account,
    errand: Errand,
    front: Front,
    progress: Progress,
}

impl Greeting {
    /// Greets the owner of the key this call proved.
    pub const fn new(account: Account, errand: Errand, front: Front) -> Self {
        Self {
            account,
            errand,
            front,
            progress: Progress::None,
        }
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Logs in, and claims if that was the errand.
    LogIn,
    /// Registers somebody else.
    Register,
    /// Goes to the welcome.
    Back,
}

impl Screen for Greeting {
    type Action = Act;
    type Msg = Ruling<Entrance>;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter],
            "⏎",
            "log in",
            Act::LogIn,
            "Goes on as the owner of this key.",
        ),
        Bind::new(
            &[Key::Char('n')],
            "n",
            "somebody else",
            Act::Register,
            "Registers somebody else, without this key.",
        ),
        Bind::new(
            &[Key::Esc, Key::Char('q')],
            "Esc",
            "back",
            Act::Back,
            "Goes to the welcome.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Welcome back".to_owned()
    }

    fn word(&self, action: Act) -> Option<String> {
        let claims = matches!((action, &self.errand), (Act::LogIn, Errand::Claim(_)));
        claims.then(|| "run the board".to_owned())
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        match (action, self.errand.clone()) {
            (Act::Back, _) => fx.reset(Welcome::again(None)),
            _ if self.progress.is_waiting() => {}
            (Act::LogIn, errand) => {
                self.progress = Progress::Waiting;
                fx.call(
                    "greeting.log_in",
                    |bbs, _actor, visit| async move {
                        let entrance = bbs.enter_by_key(&visit).await?;
                        let (Errand::Claim(proof), Entrance::In(login)) = (errand, &entrance)
                        else {
                            return Ok(entrance);
                        };
                        let claimed = bbs.claim_with_account(&login.actor, &visit, &proof);
                        Ok(Entrance::In(Box::new(claimed.await?)))
                    },
                    |entered| entered,
                );
            }
            (Act::Register, Errand::Register(code)) => {
                fx.replace(Wizard::new(self.front.clone(), code, None, None));
            }
            (Act::Register, Errand::Claim(proof)) => {
                fx.replace(Wizard::new(self.front.clone(), None, Some(proof), None));
            }
        }
    }

    fn message(&mut self, entered: Self::Msg, _view: &View<'_>, fx: &mut Effects<'_, Self::Msg>) {
        self.progress = Progress::None;
        match entered {
            Ok(entrance) => {
                let claim = match &self.errand {
                    Errand::Claim(proof) => Some(proof.clone()),
                    Errand::Register(_) => None,
                };
                let after = After {
                    claim,
                    ..After::default()
                };
                factor::lead_on(entrance, after, fx);
            }
            Err(stop) => self.progress = Progress::Refused(say::sentence(&stop)),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let x = MARGIN;
        let width = canvas.width().saturating_sub(2 * x);
        let handle = &self.account.handle;
        let (enter, n) = match self.errand {
            Errand::Register(_) => (
                "Enter logs you in.".to_owned(),
                "n registers somebody else, without this key.",
            ),
            Errand::Claim(_) => (
                format!("Enter makes {handle} the sysop."),
                "n registers somebody else.",
            ),
        };
        // Two rows of air, where there are some.
        let mut y = if view.is_narrow() { 0 } else { 2 };
        y += canvas.paragraph(
            (x, y),
            width,
            &format!("You are {handle} here."),
            Token::Accent.bold(),
        ) + 1;
        y += canvas.paragraph((x, y), width, &enter, Token::Text);
        y += canvas.paragraph((x, y), width, n, Token::Text) + 1;
        if let Errand::Register(Some(_)) = self.errand {
            let text = "Logging in uses up no invite.";
            y += canvas.paragraph((x, y), width, text, Token::Dim) + 1;
        }
        self.progress.draw(canvas, (x, y));
    }
}
