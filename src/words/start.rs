//! What the operator is told when a board can't be opened or served: one line
//! each, what and how to mend it.

use std::{net::SocketAddr, path::Path};

/// The data directory can't be used.
pub fn data_unusable(directory: &Path, reason: &str) -> String {
    format!(
        "Can't keep a board in {}: {reason}. Make it writable for this user, or choose another \
         directory with --data.",
        directory.display()
    )
}

/// Another process has the board.
pub fn board_held(directory: &Path, pid: Option<u32>) -> String {
    let holder = pid.map_or_else(
        || "Another process".to_owned(),
        |pid| format!("Process {pid}"),
    );
    format!(
        "{holder} has the board in {} open already. Stop it first, or choose another directory \
         with --data.",
        directory.display()
    )
}

/// The process that has the board takes no commands.
pub fn board_silent(directory: &Path, pid: Option<u32>) -> String {
    let holder = pid.map_or_else(|| "The process".to_owned(), |pid| format!("Process {pid}"));
    format!(
        "{holder} that has the board in {} open takes no commands. It may be starting or \
         stopping; try again in a moment.",
        directory.display()
    )
}

/// There is no board, and the command makes none.
pub fn no_board(directory: &Path) -> String {
    format!("No board in {}; use --data.", directory.display())
}

/// The database is somebody else's.
pub fn database_foreign(file: &Path) -> String {
    format!(
        "{} is not a board of this program. It was left as it is: move it away, or choose \
         another directory with --data.",
        file.display()
    )
}

/// The database is another version's.
pub fn database_of_other_version(file: &Path) -> String {
    format!(
        "{} was made by another version of Ringdown. It was left as it is: start it with that \
         version, or choose another directory with --data.",
        file.display()
    )
}

/// The database can't be opened.
pub fn database_unusable(file: &Path, reason: &str) -> String {
    format!(
        "Can't open {}: {reason}. It and its directory must be readable and writable for this \
         user.",
        file.display()
    )
}

/// The database is not what it was.
pub fn database_damaged(file: &Path, what: &str) -> String {
    format!(
        "{} is damaged: {what}. Keep its directory as it is, and serve the newest backup: \
         `ringdown --data BACKUP serve`.",
        file.display()
    )
}

/// The database is empty, and was not.
pub fn database_empty(file: &Path) -> String {
    format!(
        "{} is empty, and the keys beside it are those of a board. Serve the newest backup: \
         `ringdown --data BACKUP serve`. If there never was a board, remove the file.",
        file.display()
    )
}

/// The file with the URL of the mail server can't be read.
pub fn mail_url_unreadable(origin: &str, reason: &str) -> String {
    format!("{origin}: {reason}. It is a file that only its owner may read (chmod 600).")
}

/// No letter could be sent like that.
pub fn mail_unusable(origin: &str, expected: &str) -> String {
    format!("{origin} makes no way for letters: {expected}.")
}

/// The sysop's own program can't be started.
pub fn notify_command_unusable(origin: &str, problem: &str) -> String {
    format!(
        "{origin}: notify_command tells nobody: {problem}. Mend that; what there is to tell is \
         tried again for a day."
    )
}

/// The key of the codes' hashes is gone.
pub fn code_key_missing(path: &Path) -> String {
    format!(
        "{} is gone: without it no invite that is out would work. Put it back from a backup; or \
         start once with --new-host-key, which makes whatever key is missing.",
        path.display()
    )
}

/// The key of the codes' hashes is none.
pub fn code_key_unusable(path: &Path) -> String {
    format!(
        "{} is not what this program wrote there: 64 hexadecimal digits. Put it back from a \
         backup; it is never overwritten.",
        path.display()
    )
}

/// Somebody else listens there.
pub fn port_in_use(address: SocketAddr) -> String {
    format!(
        "Port {} is in use on {}. Stop the program that has it, or choose another with --listen \
         ADDRESS:PORT.",
        address.port(),
        address.ip()
    )
}

/// The system does not allow it.
pub fn port_forbidden(address: SocketAddr) -> String {
    format!(
        "This user may not listen on port {}. Choose one from 1024 up with --listen \
         ADDRESS:PORT, or give the program CAP_NET_BIND_SERVICE.",
        address.port()
    )
}

/// It is no address of this machine, or whatever else the system says.
pub fn address_unusable(address: SocketAddr, reason: &str) -> String {
    format!("Can't listen on {address}: {reason}. Choose another with --listen ADDRESS:PORT.")
}

/// A line of the sysop's keys is no key.
pub fn sysop_key_unusable(origin: &str, number: usize, problem: &str) -> String {
    format!(
        "{origin}: key {number} is not one that can be used ({problem}). Each line is one line \
         of an authorized_keys file."
    )
}

/// The filter of the log makes no sense.
pub fn log_filter_unusable(origin: &str, problem: &str) -> String {
    format!("{origin}: not a log filter ({problem}). Try info, or ringdown_bbs=debug.")
}

/// Serving as root.
pub fn running_as_root() -> String {
    "WARNING: this board runs as root, and a fault in it would be root's. Start it as a user of \
     its own."
        .to_owned()
}

/// The system allows fewer descriptors than the sessions need.
pub fn fewer_sessions(allowed: u32, wanted: u32) -> String {
    format!(
        "The limit of open files leaves room for {allowed} sessions, not {wanted}. Raise it \
         (ulimit -Hn, LimitNOFILE) for more."
    )
}

/// The board has a new host key.
pub fn host_key_is_new(host: &str) -> String {
    format!(
        "This board has a new host key. Callers who know the old one are warned until they run: \
         ssh-keygen -R '{host}'"
    )
}

/// Operators' commands can't reach the board while it is served.
pub fn no_control_socket(reason: &str) -> String {
    format!("Can't listen for the operator's commands: {reason}.")
}

/// What is piped in is too long.
pub fn input_too_long(bytes: usize) -> String {
    format!("The text that comes with this command is longer than {bytes} bytes.")
}

/// What a command should read can't be read.
pub fn input_unreadable(name: &str, reason: &str) -> String {
    format!("Can't read {name}: {reason}.")
}

/// The conversation with the serving process broke off.
pub fn command_lost(reason: &str) -> String {
    format!(
        "The board stopped answering: {reason}. Whether the command was carried out is unknown; \
         look before trying again."
    )
}

/// The serving process got a command that is not for it.
pub fn not_for_a_board() -> String {
    "That is no command for a board that is served.".to_owned()
}

/// There is no screen of that name to picture.
pub fn no_such_screen(name: &str) -> String {
    format!("No screen is called {name:?}; `ringdown screen --list` tells which there are.")
}

/// The man pages can't be written.
pub fn no_man_pages(directory: &Path, reason: &str) -> String {
    format!(
        "Can't write man pages into {}: {reason}. It must be a directory that this user may \
         write to.",
        directory.display()
    )
}
