//! Account ▸ Two-factor: how it stands, and the way to change it.

use super::{Backups, CODE, LABEL, SetUp};
use crate::{
    app::{
        Ruling,
        account::Own,
        factor::{BackupCodes, Standing},
    },
    domain::{event::Event, secret::Secret},
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Field, Prompt, Prose, Scroll},
    },
};

/// How two-factor login stands.
#[derive(Debug, Default)]
pub struct TwoFactor {
    standing: Option<Ruling<Standing>>,
    scroll: Scroll,
}

impl TwoFactor {
    /// Makes the screen.
    pub fn new() -> Self {
        Self::default()
    }

    fn standing(&self) -> Option<&Standing> {
        self.standing.as_ref()?.as_ref().ok()
    }
}

/// Returns how it stands, in a few words beside its entry.
pub fn entry(standing: &Standing) -> String {
    match (standing.since, standing.is_demanded) {
        (Some(_), _) => format!("on, {} backup codes left", standing.backups),
        (None, true) => "off; asked for at your next call".to_owned(),
        (None, false) => "off".to_owned(),
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Sets it up.
    On,
    /// Makes new backup codes.
    Renew,
    /// Switches it off.
    Off,
}

/// What it is told.
#[derive(Debug)]
pub enum Msg {
    /// The account.
    Loaded(Box<Ruling<Own>>),
    /// A code to renew by.
    RenewBy(String),
    /// New codes.
    Renewed(Ruling<BackupCodes>),
    /// A code to switch off by.
    OffBy(String),
    /// Whether it is off.
    IsOff(Ruling<()>),
}

/// Asks for a code before something is changed.
fn ask(title: &str, text: &str, yes: &str, wrap: fn(String) -> Msg, fx: &mut Effects<'_, Msg>) {
    let reply = fx.reply(wrap);
    let field = (LABEL.0, Field::new(CODE));
    fx.push(Prompt::new(title, text, field, (yes, "leave"), reply));
}

impl Screen for TwoFactor {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Char('o')],
            "o",
            "switch on",
            Act::On,
            "Sets up an app on your telephone.",
        ),
        Bind::new(
            &[Key::Char('n')],
            "n",
            "new backup codes",
            Act::Renew,
            "Makes ten new backup codes; the old ones no longer work.",
        ),
        Bind::new(
            &[Key::Char('x')],
            "x",
            "switch off",
            Act::Off,
            "Your key or password is enough again.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Account ▸ Two-factor".to_owned()
    }

    fn offers(&self, action: Act, _view: &View<'_>) -> bool {
        self.standing().is_some_and(|standing| match action {
            Act::On => standing.since.is_none(),
            Act::Renew => standing.since.is_some(),
            Act::Off => standing.since.is_some() && !standing.is_demanded,
        })
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.reload(view, fx);
    }

    fn act(&mut self, action: Act, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match action {
            Act::On => fx.push(SetUp::of(view.actor.clone())),
            Act::Renew => ask(
                "New backup codes?",
                "The old ones no longer work then. A code of your app, or one of the old ones:",
                "renew",
                Msg::RenewBy,
                fx,
            ),
            Act::Off => ask(
                "Switch it off?",
                "Your key or password is enough again then. A code of your app, or a backup code:",
                "switch off",
                Msg::OffBy,
                fx,
            ),
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        self.scroll.key(key)
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Loaded(own) => self.standing = Some(own.map(|own| own.factor)),
            Msg::RenewBy(code) => {
                let code = Secret::new(code);
                fx.call(
                    "factor.renew",
                    |bbs, actor, visit| async move {
                        bbs.renew_backup_codes(&actor, &visit, &code).await
                    },
                    Msg::Renewed,
                );
            }
            Msg::OffBy(code) => {
                let code = Secret::new(code);
                fx.call(
                    "factor.off",
                    |bbs, actor, visit| async move {
                        bbs.switch_factor_off(&actor, &visit, &code).await
                    },
                    Msg::IsOff,
                );
            }
            Msg::Renewed(Ok(codes)) => fx.push(Backups::new(codes)),
            Msg::IsOff(Ok(())) => fx.notice("Two-factor login is off."),
            Msg::Renewed(Err(stop)) | Msg::IsOff(Err(stop)) if say::hangs_up(&stop) => {
                fx.hang_up(say::sentence(&stop) + "\n");
            }
            Msg::Renewed(Err(stop)) | Msg::IsOff(Err(stop)) => {
                fx.notice_bad(say::sentence(&stop));
            }
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        let is_own = matches!(event, Event::AccountChanged(id) if view.actor.account() == Some(id));
        if is_own || event == Event::SettingsChanged {
            self.reload(view, fx);
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        fx.load(
            "factor.standing",
            |bbs, actor, _| async move { bbs.own(&actor).await },
            |own| Msg::Loaded(Box::new(own)),
        );
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let prose = Prose::new(canvas.width()).gap();
        let prose = match &self.standing {
            None => prose.say("Looking…", Token::Dim),
            Some(Err(stop)) => prose.say(&say::sentence(stop), Token::Bad),
            Some(Ok(standing)) => said(standing, prose, view),
        };
        self.scroll.draw(canvas, &prose);
    }
}

/// Returns how it stands, in sentences.
fn said(standing: &Standing, prose: Prose, view: &View<'_>) -> Prose {
    let prose = match standing.since {
        Some(since) => {
            let on = format!(
                "Two-factor login is on since {}. {} backup codes are left.",
                view.day_of(since),
                standing.backups
            );
            let token = if standing.backups > 2 {
                Token::Good
            } else {
                Token::Warn
            };
            prose.say(&on, token)
        }
        None => prose.say("Two-factor login is off.", Token::Text),
    };
    let prose = prose.gap().say(
        "With it, somebody who has your password or the file of your key still does not get in: \
         six digits are asked for besides, which an app on your telephone shows. A hardware key \
         (sk-) is something in your hand already and needs none.",
        Token::Dim,
    );
    match (standing.is_demanded, standing.since) {
        (false, _) => prose,
        (true, Some(_)) => {
            let text = "This board wants it for your account, so it stays on.";
            prose.gap().say(text, Token::Text)
        }
        (true, None) => {
            let text = "This board wants it for your account, from your next call on.";
            prose.gap().say(text, Token::Warn)
        }
    }
}
