//! The sysop area: its tabs and the keys between them. What a tab does is its
//! own affair.

use super::{
    audit::Audit, invites::Invites, mail::MailTab, site::Site, system::SystemTab, users::Users,
};
use crate::{
    app::invite::Whose,
    domain::actor::Actor,
    term::Key,
    tui::{Bind, Effects, Layer, Tabs, View},
};

/// Opens the sysop area.
pub fn open(_view: &View<'_>) -> Layer {
    Tab::Users.layer()
}

/// A tab of the sysop area. The numbers of those that are not built stay free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Accounts.
    Users,
    /// Everybody's invites.
    Invites,
    /// Settings.
    Site,
    /// Letters.
    Mail,
    /// Who did what.
    Audit,
    /// The machine and who is on line.
    System,
}

/// The tabs a sysop has.
const SYSOP: &[Tab] = &[
    Tab::Users,
    Tab::Invites,
    Tab::Site,
    Tab::Mail,
    Tab::Audit,
    Tab::System,
];
const SYSOP_NAMES: &[(&str, &str)] = &[
    ("1", "USERS"),
    ("2", "INVITES"),
    ("5", "SITE"),
    ("7", "MAIL"),
    ("8", "AUDIT"),
    ("9", "SYSTEM"),
];

/// The tabs a mod has: all but the settings, letters and records.
const MOD: &[Tab] = &[Tab::Users, Tab::Invites, Tab::System];
const MOD_NAMES: &[(&str, &str)] = &[("1", "USERS"), ("2", "INVITES"), ("9", "SYSTEM")];

/// Returns the tabs of an actor, in the order of their row.
fn tabs(actor: &Actor) -> &'static [Tab] {
    if actor.is_sysop() { SYSOP } else { MOD }
}

impl Tab {
    fn layer(self) -> Layer {
        match self {
            Self::Users => Users::new().into(),
            Self::Invites => Invites::new(Whose::All).into(),
            Self::Site => Site::new().into(),
            Self::Mail => MailTab::new().into(),
            Self::Audit => Audit::new().into(),
            Self::System => SystemTab::new().into(),
        }
    }

    /// Returns the row of tabs with this one open.
    pub(super) fn row(self, actor: &Actor) -> Tabs {
        let names = if actor.is_sysop() {
            SYSOP_NAMES
        } else {
            MOD_NAMES
        };
        Tabs {
            names,
            open: self.place(actor),
        }
    }

    fn place(self, actor: &Actor) -> usize {
        let place = tabs(actor).iter().position(|tab| *tab == self);
        place.unwrap_or(0)
    }
}

/// A step to another tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// To this one.
    To(Tab),
    /// To the one at the right.
    Next,
    /// To the one at the left.
    Back,
}

impl Turn {
    /// Binds the keys of this step to a screen's action.
    pub(super) const fn bind<A: Copy>(self, action: A) -> Bind<A> {
        match self {
            Self::To(Tab::Users) => Bind::quiet(&[Key::Char('1')], "1", action, "The tab USERS."),
            Self::To(Tab::Invites) => {
                Bind::quiet(&[Key::Char('2')], "2", action, "The tab INVITES.")
            }
            Self::To(Tab::Site) => Bind::quiet(&[Key::Char('5')], "5", action, "The tab SITE."),
            Self::To(Tab::Mail) => Bind::quiet(&[Key::Char('7')], "7", action, "The tab MAIL."),
            Self::To(Tab::Audit) => Bind::quiet(&[Key::Char('8')], "8", action, "The tab AUDIT."),
            Self::To(Tab::System) => Bind::quiet(&[Key::Char('9')], "9", action, "The tab SYSTEM."),
            Self::Next => Bind::quiet(&[Key::Tab], "Tab", action, "The next tab."),
            Self::Back => Bind::quiet(&[Key::BackTab], "Shift-Tab", action, "The tab before."),
        }
    }

    /// Whether it leads somewhere from an open tab.
    pub(super) fn is_possible(self, open: Tab, view: &View<'_>) -> bool {
        match self {
            Self::To(tab) => tab != open && tabs(view.actor).contains(&tab),
            Self::Next | Self::Back => true,
        }
    }

    /// Puts the other tab in the place of the open one.
    pub(super) fn take<M: Send + 'static>(
        self,
        open: Tab,
        view: &View<'_>,
        fx: &mut Effects<'_, M>,
    ) {
        let (tabs, place) = (tabs(view.actor), open.place(view.actor));
        let tab = match self {
            Self::To(tab) => Some(tab),
            Self::Next => tabs.get((place + 1) % tabs.len()).copied(),
            Self::Back => tabs.get((place + tabs.len() - 1) % tabs.len()).copied(),
        };
        if let Some(tab) = tab {
            fx.replace(tab.layer());
        }
    }
}
