//! The sysop area: its tabs and who has which. What a tab does is its own
//! affair.

use super::{
    access::Access, audit::Audit, invites::Invites, mail::MailTab, site::Site, system::SystemTab,
    users::Users,
};
use crate::{
    app::invite::Whose,
    domain::actor::Actor,
    term::Key,
    tui::{Layer, Tab, Tabs, View},
};

// The numbers of tabs that are not built stay free.

/// Accounts.
pub(super) const USERS: Tab = Tab {
    key: Key::Char('1'),
    label: "1",
    name: "USERS",
    help: "The tab USERS.",
    make: || Users::new().into(),
};

/// Everybody's invites.
pub(super) const INVITES: Tab = Tab {
    key: Key::Char('2'),
    label: "2",
    name: "INVITES",
    help: "The tab INVITES.",
    make: || Invites::new(Whose::All).into(),
};

/// Settings.
pub(super) const SITE: Tab = Tab {
    key: Key::Char('5'),
    label: "5",
    name: "SITE",
    help: "The tab SITE.",
    make: || Site::new().into(),
};

/// Who is kept out.
pub(super) const ACCESS: Tab = Tab {
    key: Key::Char('6'),
    label: "6",
    name: "ACCESS",
    help: "The tab ACCESS.",
    make: || Access::new().into(),
};

/// Letters.
pub(super) const MAIL: Tab = Tab {
    key: Key::Char('7'),
    label: "7",
    name: "MAIL",
    help: "The tab MAIL.",
    make: || MailTab::new().into(),
};

/// Who did what.
pub(super) const AUDIT: Tab = Tab {
    key: Key::Char('8'),
    label: "8",
    name: "AUDIT",
    help: "The tab AUDIT.",
    make: || Audit::new().into(),
};

/// The machine and who is on line.
pub(super) const SYSTEM: Tab = Tab {
    key: Key::Char('9'),
    label: "9",
    name: "SYSTEM",
    help: "The tab SYSTEM.",
    make: || SystemTab::new().into(),
};

/// The tabs a sysop has.
const OF_SYSOPS: &[Tab] = &[USERS, INVITES, SITE, ACCESS, MAIL, AUDIT, SYSTEM];

/// The tabs a mod has: people and their invites.
const OF_MODS: &[Tab] = &[USERS, INVITES];

/// Opens the sysop area.
pub fn open(_view: &View<'_>) -> Layer {
    (USERS.make)()
}

/// Returns an actor's row of tabs with that one open.
pub(super) fn row(open: &Tab, actor: &Actor) -> Tabs {
    let all = if actor.is_sysop() { OF_SYSOPS } else { OF_MODS };
    let place = all.iter().position(|tab| tab.key == open.key);
    Tabs {
        all,
        open: place.unwrap_or(0),
    }
}
