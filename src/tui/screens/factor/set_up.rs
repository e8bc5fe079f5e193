//! Setting a second factor up: a secret for an app, and a code that shows that
//! the app has it. Until then nothing is kept of it.

use super::{After, Backups, CODE, LABEL, Through};
use crate::{
    app::{
        Ruling,
        entrance::HalfWay,
        factor::{BackupCodes, Offer},
    },
    domain::{actor::Actor, secret::Secret},
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        screens::{joining::MARGIN, welcome::Welcome},
        widgets::{Field, Focus, Qr},
    },
};

/// Columns that the text needs beside a QR code.
const BESIDE: u16 = 32;

/// Who sets a factor up.
#[derive(Debug)]
enum Whose {
    /// Somebody in their account.
    Own(Actor),
    /// Somebody who does not get in without.
    AtTheDoor(Box<HalfWay>, Box<After>),
}

/// Setting a factor up.
#[derive(Debug)]
pub struct SetUp {
    whose: Whose,
    offer: Option<Offer>,
    code: Field,
    refusal: Option<String>,
    is_waiting: bool,
}

impl SetUp {
    /// For one's own account.
    pub const fn of(actor: Actor) -> Self {
        Self::made(Whose::Own(actor))
    }

    /// For somebody who does not get in without.
    pub fn at_the_door(half: HalfWay, after: After) -> Self {
        Self::made(Whose::AtTheDoor(Box::new(half), Box::new(after)))
    }

    const fn made(whose: Whose) -> Self {
        Self {
            whose,
            offer: None,
            code: Field::new(CODE),
            refusal: None,
            is_waiting: false,
        }
    }

    fn go_on(&mut self, fx: &mut Effects<'_, Msg>) {
        let Some(offer) = self.offer.clone() else {
            return;
        };
        self.is_waiting = true;
        self.refusal = None;
        let code = Secret::new(self.code.take());
        match &self.whose {
            Whose::Own(actor) => {
                let actor = actor.clone();
                fx.call(
                    "factor.on",
                    |bbs, _actor, _visit| async move {
                        bbs.switch_factor_on(&actor, &offer, &code).await
                    },
                    Msg::IsOn,
                );
            }
            Whose::AtTheDoor(half, after) => {
                let (half, claim) = (half.clone(), after.claim.clone());
                fx.call(
                    "factor.enter_with_set_up",
                    |bbs, _actor, visit| async move {
                        let set_up = bbs.enter_with_set_up(&visit, &half, &offer, &code);
                        let (login, codes) = set_up.await?;
                        let through = Through::of(login, claim, &bbs, &visit).await;
                        Ok((through, codes))
                    },
                    |entered| Msg::Entered(Box::new(entered)),
                );
            }
        }
    }

    /// Draws what is to be done.
    fn draw_text(&self, offer: &Offer, canvas: &mut Canvas<'_>, has_picture: bool, gap: u16) {
        let width = canvas.width();
        let mut y = 0;
        if let Whose::AtTheDoor(half, _) = &self.whose {
            let text = format!("This board wants a second factor for {}.", half.handle());
            y += canvas.paragraph((0, y), width, &text, Token::Accent.bold()) + gap;
        }
        let text = if has_picture {
            "Show this to the authenticator app on your telephone, or type into it:"
        } else {
            "Type this into the authenticator app on your telephone:"
        };
        y += canvas.paragraph((0, y), width, text, Token::Text) + gap;
        y += canvas.paragraph((0, y), width, &offer.typed(), Token::Accent) + gap;
        let text = "It shows six digits then. Which?";
        y += canvas.paragraph((0, y), width, text, Token::Text) + gap;
        let focus = Focus::when(!self.is_waiting);
        let refusal = self.refusal.as_deref();
        y += self.code.draw_row(canvas, (0, y), LABEL, focus, refusal) + gap;
        if self.is_waiting {
            canvas.text(0, y, "One moment…", Token::Dim);
        }
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Takes the code.
    Enter,
    /// Leaves everything as it was.
    Back,
}

/// What it is told.
#[derive(Debug)]
pub enum Msg {
    /// What to show.
    Offered(Box<Ruling<Offer>>),
    /// Whether it is on.
    IsOn(Ruling<BackupCodes>),
    /// Whether it is on, and led in.
    Entered(Box<Ruling<(Through, BackupCodes)>>),
}

impl Screen for SetUp {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter],
            "⏎",
            "switch on",
            Act::Enter,
            "Takes the code; from then on one is asked for.",
        ),
        Bind::new(
            &[Key::Esc],
            "Esc",
            "leave it",
            Act::Back,
            "Leaves everything as it was; the secret is forgotten.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        match self.whose {
            Whose::Own(_) => "Account ▸ Two-factor ▸ Set up".to_owned(),
            Whose::AtTheDoor(..) => "Log in ▸ Set up a second factor".to_owned(),
        }
    }

    fn typing(&self) -> bool {
        true
    }

    fn start(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let half = match &self.whose {
            Whose::Own(_) => None,
            Whose::AtTheDoor(half, _) => Some(half.clone()),
        };
        fx.load(
            "factor.offer",
            |bbs, actor, _visit| async move {
                match half {
                    Some(half) => Ok(bbs.offer_factor_at_the_door(&half)),
                    None => bbs.offer_factor(&actor),
                }
            },
            |offer| Msg::Offered(Box::new(offer)),
        );
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        if self.is_waiting {
            return Handled::from(key.is_printable());
        }
        self.code.key(key)
    }

    fn paste(&mut self, text: &str, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) {
        if !self.is_waiting {
            self.code.paste(text);
        }
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match (action, &self.whose) {
            _ if self.is_waiting => {}
            (Act::Back, Whose::Own(_)) => fx.pop(),
            (Act::Back, Whose::AtTheDoor(..)) => fx.reset(Welcome::again(None)),
            (Act::Enter, _) if self.code.is_empty() => {}
            (Act::Enter, _) => self.go_on(fx),
        }
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.is_waiting = false;
        match msg {
            Msg::Offered(offer) => match *offer {
                Ok(offer) => self.offer = Some(offer),
                Err(stop) => self.refusal = Some(say::sentence(&stop)),
            },
            Msg::IsOn(Ok(codes)) => {
                fx.replace(Backups::new(codes));
                fx.notice("Two-factor login is on.");
            }
            Msg::IsOn(Err(stop)) => self.refusal = Some(say::sentence(&stop)),
            Msg::Entered(entered) => match (*entered, &self.whose) {
                (Ok((through, codes)), Whose::AtTheDoor(_, after)) => {
                    through.say(after, fx);
                    fx.become_actor(through.login.actor.clone());
                    fx.reset(Backups::at_the_door(codes, through.login, after.key));
                }
                (Ok(_), Whose::Own(_)) => {}
                (Err(stop), _) => self.refusal = Some(say::sentence(&stop)),
            },
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let Some(offer) = &self.offer else {
            let text = self.refusal.as_deref().unwrap_or("One moment…");
            canvas.text(MARGIN, 1, text, Token::Dim);
            return;
        };
        let qr = Qr::of(&offer.line()).filter(|qr| {
            let (columns, rows) = qr.size(view.look.charset);
            columns + MARGIN + BESIDE <= canvas.width() && rows <= canvas.height()
        });
        let (width, height) = (canvas.width(), canvas.height());
        if let Some(qr) = qr {
            let (columns, rows) = qr.size(view.look.charset);
            qr.draw(&mut canvas.part(1, 0, columns, rows));
            let x = columns + MARGIN;
            let mut beside = canvas.part(x, 1, width.saturating_sub(x + 1), height);
            self.draw_text(offer, &mut beside, true, 1);
        } else {
            let gap = u16::from(!view.is_narrow());
            let room = width.saturating_sub(2 * MARGIN);
            let mut text = canvas.part(MARGIN, gap, room, height);
            self.draw_text(offer, &mut text, false, gap);
        }
    }
}
