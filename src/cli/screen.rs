//! `ringdown screen`: what people see, as text or as a picture, on the board of
//! the demo. It draws nothing itself: a real session does.

mod scenes;
mod stage;

use crate::{
    settings::Theme,
    term::{Picture, picture::Ground},
    tui::line::{Size, Terminal},
    words::start,
};

use super::stop::Stop;
use scenes::{SCENES, Scene};
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
        let scene = SCENES.iter().find(|scene| scene.name == name);
        let scene = scene.ok_or_else(|| Stop::usage(start::no_such_screen(name)))?;
        let stage = Stage::build(self.theme).await?;
        let picture = stage.picture(scene, self.size, self.terminal()).await?;
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
    let lines = SCENES
        .iter()
        .map(|scene| format!("{:<14}{}\n", scene.name, scene.about));
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
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_screen_has_a_name_of_its_own() {
        let names: HashSet<_> = SCENES.iter().map(|scene| scene.name).collect();
        assert_eq!(names.len(), SCENES.len());
    }

    #[tokio::test]
    async fn every_scene_is_reached_and_alike_in_every_run() {
        let terminal = Terminal {
            term: "xterm-direct".to_owned(),
            env: Vec::new(),
        };
        let mut seen = HashSet::new();
        let [one, two] = [
            Stage::build(Theme::Night).await,
            Stage::build(Theme::Night).await,
        ];
        let (one, two) = (one.unwrap(), two.unwrap());
        for scene in SCENES {
            let first = one
                .picture(scene, Size::USUAL, terminal.clone())
                .await
                .unwrap();
            let second = two
                .picture(scene, Size::USUAL, terminal.clone())
                .await
                .unwrap();
            assert_eq!(first, second, "{}", scene.name);
            let text = first.to_string();
            assert!(!text.contains("One moment"), "{}:\n{text}", scene.name);
            assert!(
                seen.insert(text.clone()),
                "{} is seen twice:\n{text}",
                scene.name
            );
        }
    }
}
