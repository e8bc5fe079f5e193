//! What is said at the door, where there is no screen yet or no more.

use std::path::Path;

/// To a client that asks for a shell and could not show it.
pub fn speechless() -> String {
    "This board needs a terminal: connect with `ssh -t`. Whoever has an account may \
     also give a command; `help` lists them.\n"
        .to_owned()
}

/// To a caller whose session or command broke down.
pub fn crashed() -> String {
    "Something broke on our side, and the sysop will see it in the log. \
     Please call again.\n"
        .to_owned()
}

/// To a caller whom the board has no time for.
pub fn busy() -> String {
    "The board is busy. Please call again in a moment.".to_owned()
}

/// To a caller whose command took too long.
pub fn too_slow() -> String {
    "That took too long, and was stopped. Please try again later.\n".to_owned()
}

/// To an operator whose board has lost its key.
pub fn host_key_missing(path: &Path) -> String {
    format!(
        "The host key {} is gone, but this board has callers who know it. Put it \
         back from a backup; or start once with --new-host-key, and every caller \
         is warned of a changed key.",
        path.display()
    )
}

/// To an operator whose key others can read or replace.
pub fn host_key_exposed(path: &Path, mode: u32) -> String {
    format!(
        "Others on this machine may use {} (mode {mode:03o}). If they should not, \
         `chmod go-rwx` it and start again.",
        path.display()
    )
}

/// To an operator whose key is no key.
pub fn host_key_unusable(path: &Path, reason: &str) -> String {
    format!(
        "{} is no unencrypted OpenSSH private key ({reason}). Put the right file \
         back from a backup; it is never overwritten.",
        path.display()
    )
}

/// To an operator whose disk refuses.
pub fn host_key_disk(path: &Path, reason: &str) -> String {
    format!("Could not use {}: {reason}.", path.display())
}

/// Where a caller is who runs a command, in the list of who is on line.
pub fn command() -> &'static str {
    "a command"
}
