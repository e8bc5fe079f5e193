//! `ringdown screen`: what people see, as text or as a picture, on the board of
//! the demo. It draws nothing itself: a real session does.

mod scenes;
mod stage;

use crate::{
    settings::Theme,
    term::{Picture, picture::Ground},
    tui::{
        line::{Size, Terminal},
        session::Session,
    },
    words::start,
};

use super::stop::Stop;
use scenes::Scene;
use stage::Stage;

/// Which screen, and for which terminal.
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of a command line, each on its own"
)]
#[derive(Debug, clap::Args)]
pub(super) struct Wanted {
    /// The screen
    #[arg(value_name = "NAME", required_unless_present = "list")]
    name: Option<String>,
    /// Tell which screens there are
    #[arg(long)]
    list: bool,
    /// The size of the terminal
    #[arg(long, value_name = "WxH", default_value = "80x24", value_parser = size)]
    size: Size,
    /// Draw an SVG picture instead of text
    #[arg(long)]
    svg: bool,
    /// The colours: night, paper, contrast, amber, green or mono
    #[arg(long, value_name = "THEME", default_value = "night", value_parser = theme)]
    theme: Theme,
    /// As on a terminal without colours
    #[arg(long)]
    no_color: bool,
    /// As on a terminal without Unicode
    #[arg(long)]
    ascii: bool,
}

impl Wanted {
    /// Returns what is to be printed.
    pub(super) async fn print(self) -> Result<String, Stop> {
        let Some(name) = self.name.as_deref().filter(|_| !self.list) else {
            return Ok(list());
        };
        let scene = scenes::all().find(|scene| scene.name == name);
        let scene = scene.ok_or_else(|| Stop::usage(start::no_such_screen(name)))?;
        let stage = Stage::build(scene.board, self.theme).await?;
        let picture = stage
            .show(scene, self.size, self.terminal(), Session::picture)
            .await?;
        Ok(self.show(scene, &picture))
    }

    fn show(&self, scene: &Scene, picture: &Picture) -> String {
        if !self.svg {
            return picture.to_string();
        }
        let ground = match self.theme {
            Theme::Paper => Ground::Light,
            _ => Ground::Dark,
        };
        picture.to_svg(scene.about, ground)
    }

    /// Returns what a client would tell about its terminal.
    fn terminal(&self) -> Terminal {
        let language = if self.ascii { "C" } else { "C.UTF-8" };
        let mut env = vec![("LANG".to_owned(), language.to_owned())];
        if self.no_color {
            env.push(("NO_COLOR".to_owned(), "1".to_owned()));
        }
        Terminal {
            term: "xterm-direct".to_owned(),
            env,
        }
    }
}

fn list() -> String {
    let lines = scenes::all().map(|scene| format!("{:<14}{}\n", scene.name, scene.about));
    lines.collect()
}

fn size(text: &str) -> Result<Size, String> {
    let numbers = text.split_once('x');
    let numbers =
        numbers.and_then(|(columns, rows)| Some((columns.parse().ok()?, rows.parse().ok()?)));
    let (columns, rows): (u32, u32) = numbers.ok_or("not a size such as 80x24")?;
    Ok(Size::clamp(columns, rows))
}

fn theme(text: &str) -> Result<Theme, String> {
    Theme::named(text).ok_or_else(|| "no such theme".to_owned())
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, fs, path::Path};

    use super::{scenes::Board, *};

    #[test]
    fn every_scene_has_a_name_of_its_own() {
        let names: HashSet<_> = scenes::all().map(|scene| scene.name).collect();
        assert_eq!(names.len(), scenes::all().count());
    }

    /// Returns what somebody sees in every scene, and the screens that lie
    /// there.
    async fn tour() -> Vec<(&'static str, String, Vec<&'static str>)> {
        let terminal = Terminal {
            term: "xterm-direct".to_owned(),
            env: Vec::new(),
        };
        let mut seen = Vec::new();
        for board in [Board::Demo, Board::New, Board::Copy] {
            let stage = Stage::build(board, Theme::Night).await.unwrap();
            for scene in scenes::all().filter(|scene| scene.board == board) {
                let look = |session: &Session| {
                    let text = session.picture().to_string();
                    (scene.name, text, session.screens())
                };
                let shown = stage.show(scene, Size::USUAL, terminal.clone(), look);
                seen.push(shown.await.unwrap());
            }
        }
        seen
    }

    #[tokio::test]
    async fn every_screen_has_a_scene_and_every_scene_is_alike_in_every_run() {
        let (first, second) = tokio::join!(tour(), tour());
        for (one, two) in first.iter().zip(&second) {
            assert_eq!(one, two);
        }
        let mut texts = HashSet::new();
        for (name, text, _) in &first {
            assert!(!text.contains("One moment"), "{name}:\n{text}");
            assert!(texts.insert(text), "{name} is seen twice:\n{text}");
        }
        let pictured: HashSet<_> = first
            .iter()
            .flat_map(|(_, _, screens)| screens)
            .filter_map(|name| name.rsplit("::").next())
            .collect();
        let built = screens(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/tui")));
        assert!(built.len() > 25, "{built:?}");
        for screen in &built {
            assert!(pictured.contains(screen.as_str()), "no scene has {screen}");
        }
    }

    /// Returns the types below a directory that are screens, as the code has
    /// them.
    fn screens(directory: &Path) -> HashSet<String> {
        let mut found = HashSet::new();
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(screens(&path));
            } else if !path.ends_with("tests.rs") {
                let code = fs::read_to_string(&path).unwrap();
                let names = code.split("\nimpl Screen for ").skip(1);
                found.extend(names.filter_map(|rest| Some(rest.split_once(' ')?.0.to_owned())));
            }
        }
        found
    }
}
