//! The man pages and what shells complete, made from the commands themselves:
//! whatever a command can do is in there, and nothing else.

use std::path::PathBuf;

use clap::Command;
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::stop::Stop;
use crate::words::start;

/// Which man pages.
#[derive(Debug, clap::Args)]
pub(super) struct Pages {
    /// Write the page of every command into this directory instead
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
}

impl Pages {
    /// Returns the page of `program`, or writes all into the directory.
    pub(super) fn print(&self, program: Command) -> Result<String, Stop> {
        let Some(directory) = &self.directory else {
            let mut page = Vec::new();
            let made = Man::new(program).render(&mut page);
            // A page in memory can't be full.
            made.map_err(|error| Stop::fault(error.to_string()))?;
            return Ok(String::from_utf8_lossy(&page).into_owned());
        };
        clap_mangen::generate_to(program, directory)
            .map_err(|error| Stop::fault(start::no_man_pages(directory, &error.to_string())))?;
        Ok(String::new())
    }
}

/// For which shell.
#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_parser = ["bash", "zsh", "fish"])]
    shell: String,
}

impl Completions {
    /// Returns the script that completes the commands of `program`.
    pub(super) fn print(&self, mut program: Command) -> String {
        let shell = match self.shell.as_str() {
            "zsh" => Shell::Zsh,
            "fish" => Shell::Fish,
            _ => Shell::Bash,
        };
        let mut script = Vec::new();
        generate(shell, &mut program, "ringdown", &mut script);
        String::from_utf8_lossy(&script).into_owned()
    }
}
