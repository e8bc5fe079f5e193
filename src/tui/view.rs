//! What a screen may read besides itself. It is made anew for every call.

use std::sync::Arc;

use chrono_tz::Tz;

use super::{Look, age, line::Size};
use crate::{
    app::visit::Visit,
    domain::{actor::Actor, clock::Timestamp},
    settings::Settings,
};

/// What a screen may read besides itself.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The moment of this call.
    pub now: Timestamp,
    /// The zone that times are shown in.
    pub zone: Tz,
    /// The whole terminal.
    pub size: Size,
    /// Colours and characters.
    pub look: Look,
    /// Who the caller is, as last read.
    pub actor: &'a Actor,
    /// The sysop's settings, as last read.
    pub settings: &'a Settings,
    /// The call this session is.
    pub visit: &'a Arc<Visit>,
    /// Requests that wait, for whoever may decide about them; else 0.
    pub waiting: u32,
    /// Notices that the caller has not read.
    pub unread: u32,
}

impl View<'_> {
    /// Whether columns must be dropped and panes become screens.
    pub const fn is_narrow(&self) -> bool {
        self.size.width < 72
    }

    /// Returns the time of day of this frame.
    pub fn time(&self) -> String {
        self.time_of(self.now)
    }

    /// Returns the time of day of a moment.
    pub fn time_of(&self, moment: Timestamp) -> String {
        moment.with_timezone(&self.zone).format("%H:%M").to_string()
    }

    /// Returns day and time of a moment, such as `21 Nov 19:04`.
    pub fn date_of(&self, moment: Timestamp) -> String {
        let local = moment.with_timezone(&self.zone);
        local.format("%-d %b %H:%M").to_string()
    }

    /// Returns the day of a moment, such as `21 Nov 2026`.
    pub fn day_of(&self, moment: Timestamp) -> String {
        let local = moment.with_timezone(&self.zone);
        local.format("%-d %b %Y").to_string()
    }

    /// Returns how long ago a moment is in words, such as `4 minutes ago`.
    pub fn ago(&self, moment: Timestamp) -> String {
        age::ago(self.now, moment)
    }

    /// Returns how long ago a moment is, such as `4 m` or `3 d`.
    pub fn age_of(&self, moment: Timestamp) -> String {
        age::age(self.now, moment)
    }
}
