//! What `doctor` says: what is wrong, and what somebody who never ran a server
//! should do about it.

use std::time::Duration;

use super::span;
use crate::domain::finding::Finding;

/// Returns what is wrong.
pub fn says(finding: &Finding) -> String {
    match finding {
        Finding::Root => "This board runs as root.".into(),
        Finding::Exposed { path, mode } => {
            format!("Others on this machine may use {path} (mode {mode:03o}).")
        }
        Finding::PortTaken(address) => format!("Another program listens on {address}."),
        Finding::Unopened(sentence) => sentence.clone(),
        Finding::Damaged(what) => format!("The database is damaged: {what}."),
        Finding::UncleanStop => {
            "The board did not stop as it should last time. Its database is whole.".into()
        }
        Finding::DiskFull {
            used_percent,
            free_bytes,
        } => format!(
            "The disk of the board is {used_percent} % full; {} are left.",
            super::health::bytes(*free_bytes)
        ),
        Finding::ClockBehind(at) => {
            format!("The board has records from {at}, and that is yet to come.")
        }
        Finding::InviteCounter {
            invite,
            counted,
            real,
        } => format!("{invite} says that it was used {counted} times, and it was {real}."),
        Finding::AccountCount {
            status,
            counted,
            real,
        } => format!("The board counts {counted} {status} accounts, and there are {real}."),
        Finding::StrayHolds(1) => "An invite keeps a use for a registration that is over.".into(),
        Finding::StrayHolds(holds) => {
            format!("Invites keep {holds} uses for registrations that are over.")
        }
        Finding::Unproven(handles) => format!(
            "Registrations that should be gone, since nobody proved the address: {}.",
            handles.join(", ")
        ),
        Finding::Untaken(handles) => format!(
            "Accounts that were made for people who do not come: {}.",
            handles.join(", ")
        ),
        Finding::RequestsWait { waiting: 1, hours } => {
            format!("A request waits for {}.", hours_long(*hours))
        }
        Finding::RequestsWait { waiting, hours } => {
            let age = hours_long(*hours);
            format!("{waiting} requests wait, the oldest for {age}.")
        }
        Finding::NoWayIn(handles) => format!(
            "Accounts with neither a password nor a key: {}.",
            handles.join(", ")
        ),
        Finding::NoSysop => "Nobody runs this board.".into(),
        Finding::BackupFailed(why) => format!("The last backup failed: {why}."),
        Finding::NoBackup => "This board was never backed up.".into(),
        Finding::MailUnreachable(why) => format!("The mail server does not take letters: {why}."),
        Finding::NobodyCanProve => {
            "Newcomers must prove their address, and no letter leaves: nobody gets in.".into()
        }
        Finding::LettersWait {
            waiting: 1,
            minutes,
        } => format!("A letter should have left {} ago.", minutes_long(*minutes)),
        Finding::LettersWait { waiting, minutes } => {
            let age = minutes_long(*minutes);
            format!("{waiting} letters should have left, the oldest {age} ago.")
        }
        Finding::ProgramUnusable(why) => format!("notify_command can't be started: {why}."),
        Finding::ProgramFails(why) => {
            format!("notify_command was not told the last time: {why}.")
        }
        Finding::LettersHeld => "This board began as a copy, and its letters wait.".into(),
        Finding::Frozen(1) => "This board began as a copy, and one code is frozen.".into(),
        Finding::Frozen(codes) => {
            format!("This board began as a copy, and {codes} codes are frozen.")
        }
    }
}

fn hours_long(hours: u32) -> String {
    span(Duration::from_hours(hours.into()))
}

fn minutes_long(minutes: u32) -> String {
    span(Duration::from_mins(minutes.into()))
}

/// Returns what to do about it.
pub fn advice(finding: &Finding) -> String {
    match finding {
        Finding::Root => "Make a user for it, and start it as that user.".into(),
        Finding::Exposed { .. } => {
            "`ringdown doctor --fix permissions` takes it away from them. Think about who may \
             have read it."
                .into()
        }
        Finding::PortTaken(_) => {
            "Stop that program, or choose another port: `ringdown serve --listen '[::]:2223'`."
                .into()
        }
        Finding::Unopened(_) => "Do what it says, and ask again.".into(),
        Finding::Damaged(_) => {
            "Stop the board, keep its directory as it is, and serve the newest backup: \
             `ringdown --data BACKUP serve`."
                .into()
        }
        Finding::UncleanStop => "Nothing; but find out why, if it was no power cut.".into(),
        Finding::DiskFull { .. } => {
            "Make room there before it is full: then nothing can be written. Old backups are often \
             the largest."
                .into()
        }
        Finding::ClockBehind(_) => {
            "Set the machine's clock, and keep it set: `timedatectl set-ntp true`.".into()
        }
        Finding::InviteCounter { .. } => "`ringdown doctor --fix invite_counters`.".into(),
        Finding::AccountCount { .. } => "`ringdown doctor --fix account_counts`.".into(),
        Finding::StrayHolds(_) => {
            "`ringdown doctor --fix holds` gives them back, and counts those used whose \
             account is there."
                .into()
        }
        Finding::Unproven(_) => {
            "`ringdown doctor --fix unproven` removes them, as the board should have; \
             `ringdown health` says why it did not."
                .into()
        }
        Finding::Untaken(_) => {
            "Send a new code (`ringdown user activation show HANDLE`), or take an account away \
             again: `ringdown user delete HANDLE`. `prepared_days` says after how long this is told."
                .into()
        }
        Finding::RequestsWait { .. } => {
            "Decide in USERS, or with `ringdown user approve` and `ringdown user reject`; \
             `queue_age_hours` says after how long this is told."
                .into()
        }
        Finding::NoWayIn(_) => {
            "Add a key of theirs: `ringdown user keys add HANDLE --key FILE`.".into()
        }
        Finding::NoSysop => {
            "`ringdown claim` prints a line. Whoever runs it first becomes the sysop.".into()
        }
        Finding::BackupFailed(_) => "Mend that, and try: `ringdown backup DIR`.".into(),
        Finding::NoBackup => {
            "`ringdown backup DIR` makes a copy; `ringdown settings set backup_every_hours 24` \
             makes one every day."
                .into()
        }
        Finding::MailUnreachable(_) => {
            "Compare the mail server's address, user and password with what your provider says; \
             `ringdown mail test HANDLE` tries again. Letters are kept and tried for a day."
                .into()
        }
        Finding::NobodyCanProve => {
            "Name a mail server in `ringdown.toml` (`smtp_url_file`), or do without: `ringdown settings set \
             require_email_verification off`. Who waits gets in by `ringdown user verify HANDLE \
             --waive`."
                .into()
        }
        Finding::LettersWait { .. } => {
            "`ringdown mail status` says what the mail server answered; when that is mended, \
             `ringdown mail retry ID`."
                .into()
        }
        Finding::ProgramUnusable(_) => {
            "Put the program there, for this user to run (`chmod a+rx`), or change notify_command \
             in ringdown.toml and reload (SIGHUP). `ringdown mail test --notify` tries it."
                .into()
        }
        Finding::ProgramFails(_) => {
            "Run it by hand as the board's user, and try: `ringdown mail test --notify`. What \
             there is to tell is kept and tried for a day."
                .into()
        }
        Finding::LettersHeld => {
            "When the board it was copied from is off: `ringdown mail release`.".into()
        }
        Finding::Frozen(_) => {
            "When the board it was copied from is off: `ringdown invite thaw --all`.".into()
        }
    }
}

/// Of what only a board that opens tells.
pub fn unseen() -> String {
    "not looked at, since the board does not open".into()
}

/// When nothing is wrong.
pub fn sound() -> String {
    "Nothing is wrong.".into()
}
