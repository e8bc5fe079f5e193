//! The sysop area: its tabs and the keys between them. What a tab does is its
//! own affair.

use super::{invites::Invites, site::Site, users::Users};
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
}

/// The tabs a sysop has; a mod has all but the last.
const TABS: &[(&str, &str)] = &[("1", "USERS"), ("2", "INVITES"), ("5", "SITE")];

impl Tab {
    /// Every tab, in the order of `TABS`.
    const ALL: [Self; 3] = [Self::Users, Self::Invites, Self::Site];

    fn layer(self) -> Layer {
        match self {
            Self::Users => Users::new().into(),
            Self::Invites => Invites::new(Whose::All).into(),
            Self::Site => Site::new().into(),
        }
    }

    /// Returns the row of tabs with this one open.
    pub(super) fn row(self, actor: &Actor) -> Tabs {
        Tabs {
            names: TABS.get(..count(actor)).unwrap_or(TABS),
            open: self.place(),
        }
    }

    fn place(self) -> usize {
        let place = Self::ALL.iter().position(|tab| *tab == self);
        place.unwrap_or(0)
    }
}

/// Returns how many tabs an actor has.
fn count(actor: &Actor) -> usize {
    Tab::ALL.len() - usize::from(!actor.is_sysop())
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
            Self::Next => Bind::quiet(&[Key::Tab], "Tab", action, "The next tab."),
            Self::Back => Bind::quiet(&[Key::BackTab], "Shift-Tab", action, "The tab before."),
        }
    }

    /// Whether it leads somewhere from an open tab.
    pub(super) fn is_possible(self, open: Tab, view: &View<'_>) -> bool {
        match self {
            Self::To(tab) => tab != open && tab.place() < count(view.actor),
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
        let count = count(view.actor);
        let place = match self {
            Self::To(tab) => tab.place(),
            Self::Next => (open.place() + 1) % count,
            Self::Back => (open.place() + count - 1) % count,
        };
        if let Some(tab) = Tab::ALL.get(place) {
            fx.replace(tab.layer());
        }
    }
}
