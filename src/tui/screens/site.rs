//! The tab SITE: every setting of the registry, and how to change it. What a
//! setting means and takes is decided in `settings`.

mod edit;

use super::sysop;
use crate::{
    app::{Ruling, setting::Setting},
    domain::event::Event,
    settings::{Group, Key as Name, Kind},
    term::Key,
    tui::{
        Align, Bind, Canvas, Effects, Handled, Ink, Screen, Tabs, Token, View, say,
        widgets::{Field, Focus, Item, List, Prompt},
    },
};

/// Marks a setting that is not as it comes.
const CHANGED: &str = "•";

/// Columns of a setting's name.
const NAME: u16 = 32;
/// Columns of a group's heading.
const GROUP: u16 = 14;
/// The longest part of a name.
const PART: usize = 40;

impl Item for Setting {
    type Id = Name;

    fn id(&self) -> Name {
        self.key
    }
}

/// The tab SITE.
#[derive(Debug, Default)]
pub struct Site {
    list: List<Setting>,
    failure: Option<String>,
    /// Whether a load is under way, and another is wanted after it.
    is_loading: bool,
    is_stale: bool,
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Opens the value.
    Edit,
    /// Back to the default.
    Default,
    /// Finds a setting by its name.
    Find,
}

/// What it is told.
#[derive(Debug)]
pub enum Msg {
    /// All settings.
    Loaded(Ruling<Vec<Setting>>),
    /// Part of a name.
    Find(String),
}

impl Site {
    /// Makes the tab.
    pub fn new() -> Self {
        Self::default()
    }

    fn load(&mut self, fx: &mut Effects<'_, Msg>) {
        self.is_loading = true;
        fx.load(
            "site.list",
            |bbs, actor, _| async move { bbs.list_settings(&actor).await },
            Msg::Loaded,
        );
    }

    fn draw_row(canvas: &mut Canvas<'_>, one: &Setting, heading: Option<Group>, ink: Ink) {
        let mut x = 0;
        // A narrow terminal shows the group with the help.
        if canvas.width() >= 2 * NAME {
            let heading = heading.map_or("", Group::heading);
            canvas.field((0, 0), GROUP - 1, Align::Left, heading, Token::Dim);
            x = GROUP;
        }
        let width = canvas.width().saturating_sub(x);
        let name = NAME.min(width * 2 / 3);
        canvas.field((x, 0), name - 1, Align::Left, one.key.name(), ink);
        let mark = if one.value == one.default {
            " "
        } else {
            CHANGED
        };
        canvas.text(x + name - 1, 0, mark, Token::Accent);
        let room = width.saturating_sub(name + 2);
        canvas.field((x + name + 1, 0), room, Align::Left, &shown(one), ink);
    }

    /// Draws what the selected setting is for.
    fn draw_help(canvas: &mut Canvas<'_>, one: &Setting, view: &View<'_>) {
        canvas.rule(0);
        let width = canvas.width().saturating_sub(2);
        let group = if view.is_narrow() {
            format!("{}: ", one.key.group().heading())
        } else {
            String::new()
        };
        let help = format!("{group}{}", one.key.help());
        let y = 1 + canvas.paragraph((1, 1), width, &help, Token::Text);
        let default = match one.default.as_str() {
            "" => "empty".to_owned(),
            text => text.replace('\n', " / "),
        };
        let default = if one.value == one.default {
            format!("default  {default}")
        } else {
            format!("{CHANGED} not the default, which is: {default}")
        };
        canvas.field((1, y), width, Align::Left, &default, Token::Dim);
        if let Some((by, at)) = &one.changed {
            let changed = format!("changed  {} by {by}", view.date_of(*at));
            canvas.field((1, y + 1), width, Align::Left, &changed, Token::Dim);
        }
    }
}

/// Returns a value in one line.
fn shown(one: &Setting) -> String {
    match one.value.as_str() {
        "" => "·".to_owned(),
        text => text.replace('\n', " / "),
    }
}

impl Screen for Site {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter],
            "⏎",
            "change",
            Act::Edit,
            "Opens the value of the setting.",
        ),
        Bind::new(
            &[Key::Char('d')],
            "d",
            "default",
            Act::Default,
            "Puts the setting back to its default, after asking.",
        ),
        Bind::new(
            &[Key::Char('/')],
            "/",
            "find",
            Act::Find,
            "Goes to the next setting with a word in its name.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Sysop ▸ Site".to_owned()
    }

    fn tabs(&self, view: &View<'_>) -> Option<Tabs> {
        Some(sysop::row(&sysop::SITE, view.actor))
    }

    fn offers(&self, action: Act, _view: &View<'_>) -> bool {
        let chosen = self.list.chosen();
        match action {
            Act::Edit | Act::Find => chosen.is_some(),
            Act::Default => chosen.is_some_and(|one| one.value != one.default),
        }
    }

    fn has_list(&self) -> bool {
        true
    }

    fn start(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.load(fx);
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match (action, self.list.chosen()) {
            (Act::Edit, Some(one)) => match one.key.kind() {
                Kind::Choice(names) => fx.push(edit::choice(one, names)),
                Kind::Line => fx.push(edit::line(one)),
                Kind::Block => fx.push(edit::Block::new(one)),
            },
            (Act::Default, Some(one)) => fx.push(edit::default(one)),
            (Act::Find, _) => {
                let reply = fx.reply(Msg::Find);
                fx.push(Prompt::new(
                    "Find",
                    "Part of a setting's name.",
                    ("part", Field::new(PART)),
                    ("find", "leave"),
                    reply,
                ));
            }
            (Act::Edit | Act::Default, None) => {}
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        self.list.key(key)
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Loaded(ruling) => {
                self.is_loading = false;
                match ruling {
                    Ok(settings) => {
                        self.failure = None;
                        self.list.fill(settings);
                    }
                    Err(stop) => self.failure = Some(say::sentence(&stop)),
                }
                if std::mem::take(&mut self.is_stale) {
                    self.load(fx);
                }
            }
            Msg::Find(part) => {
                let part = part.to_lowercase().replace([' ', '-'], "_");
                if !self.list.find(|one| one.key.name().contains(&part)) {
                    fx.notice_bad("No setting has that in its name.");
                }
            }
        }
    }

    fn event(&mut self, event: Event, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if event == Event::SettingsChanged {
            if self.is_loading {
                self.is_stale = true;
            } else {
                self.load(fx);
            }
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.load(fx);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let (width, height) = (canvas.width(), canvas.height());
        let Some(chosen) = self.list.chosen() else {
            let (text, token) = match &self.failure {
                Some(failure) => (failure.as_str(), Token::Bad),
                None => ("One moment…", Token::Dim),
            };
            canvas.paragraph((2, 1), width.saturating_sub(4), text, token);
            return;
        };
        let help = if view.is_narrow() { 4 } else { 5 };
        let top = u16::from(!view.is_narrow());
        let rows = height.saturating_sub(help + top);
        let mut list = canvas.part(0, top, width, rows);
        let mut above = None;
        self.list.draw(&mut list, Focus::Here, |row, one, ink| {
            let group = one.key.group();
            let heading = (above != Some(group)).then_some(group);
            above = Some(group);
            Self::draw_row(row, one, heading, ink);
        });
        let mut help = canvas.part(0, top + rows, width, help);
        Self::draw_help(&mut help, chosen, view);
    }
}
