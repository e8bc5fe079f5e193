//! The executable: runs the command line and ends with its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(ringdown_bbs::cli::run(std::env::args_os()))
}
