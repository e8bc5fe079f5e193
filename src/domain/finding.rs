//! What is wrong with a board, as `doctor` finds it. The words are in `words`.

use super::{account::named, clock::Timestamp};

named! {
    /// Something that is looked at.
    Check {
        /// Who runs the process.
        User = "user",
        /// Who may read the files.
        Permissions = "permissions",
        /// Whether callers can knock.
        Ports = "ports",
        /// Whether the board can be opened.
        Board = "board",
        /// Whether its file is whole.
        Database = "database",
        /// Whether there is room to write.
        Disk = "disk",
        /// Whether the clock makes sense.
        Clock = "clock",
        /// Whether invites count their uses.
        InviteCounters = "invite_counters",
        /// Whether accounts are counted.
        AccountCounts = "account_counts",
        /// Whether invites hold uses for nobody.
        Holds = "holds",
        /// Whether registrations that nobody proved are gone.
        Unproven = "unproven",
        /// Whether prepared accounts are taken up.
        Prepared = "prepared",
        /// Whether requests are decided.
        Requests = "requests",
        /// Whether everybody can get in.
        Credentials = "credentials",
        /// Whether somebody runs the board.
        Sysop = "sysop",
        /// Whether there is a copy.
        Backup = "backup",
        /// Whether the mail server answers.
        Mail = "mail",
        /// Whether letters leave.
        Letters = "letters",
        /// Whether the sysop's own program is told.
        Notify = "notify",
        /// Whether this copy was put to work.
        Copy = "copy",
    }
}

named! {
    /// How bad it is.
    Level {
        /// Worth knowing.
        Warning = "warning",
        /// To be mended.
        Bad = "bad",
    }
}

named! {
    /// What can be mended without a decision.
    Fix {
        /// Takes files away from everybody but their owner.
        Permissions = "permissions",
        /// Counts the uses of invites anew.
        InviteCounters = "invite_counters",
        /// Counts the accounts anew.
        AccountCounts = "account_counts",
        /// Settles the uses of invites that are held for nobody.
        Holds = "holds",
        /// Removes registrations that nobody proved in time.
        Unproven = "unproven",
    }
}

impl Check {
    /// Whether it can be looked at while the board does not open.
    pub const fn is_around(self) -> bool {
        matches!(
            self,
            Self::User | Self::Permissions | Self::Ports | Self::Board
        )
    }
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The process is root's.
    Root,
    /// Others on the machine may read or change a file.
    Exposed {
        /// The file or directory.
        path: String,
        /// Its permission bits.
        mode: u32,
    },
    /// Somebody else listens where callers would knock.
    PortTaken(String),
    /// The board can't be opened; carries the sentence.
    Unopened(String),
    /// The file is damaged; carries what SQLite says.
    Damaged(String),
    /// The process did not end as it should have; the file was looked at.
    UncleanStop,
    /// The disk of the board is nearly full.
    DiskFull {
        /// How much of it is taken.
        used_percent: u32,
        /// Bytes that are left.
        free_bytes: u64,
    },
    /// There are records from later than now.
    ClockBehind(Timestamp),
    /// An invite counts other uses than it had.
    InviteCounter {
        /// Its number.
        invite: String,
        /// What it says.
        counted: u32,
        /// What there were.
        real: u32,
    },
    /// The number of accounts is another than it says.
    AccountCount {
        /// In which status.
        status: String,
        /// What it says.
        counted: i64,
        /// What there are.
        real: i64,
    },
    /// Uses of invites that are held for nobody who still has to prove an
    /// address.
    StrayHolds(u32),
    /// Registrations that should have been removed, since nobody proved the
    /// address.
    Unproven(Vec<String>),
    /// Accounts that were made for somebody who does not come.
    Untaken(Vec<String>),
    /// Requests that wait, one of them for too many hours.
    RequestsWait {
        /// How many wait.
        waiting: u32,
        /// Hours the oldest of them waits.
        hours: u32,
    },
    /// Active accounts with neither password nor key.
    NoWayIn(Vec<String>),
    /// Nobody runs the board.
    NoSysop,
    /// The last copy failed; carries why.
    BackupFailed(String),
    /// No copy was ever made.
    NoBackup,
    /// The mail server does not answer as it should; carries how.
    MailUnreachable(String),
    /// Newcomers must prove their address, and no letter brings them a code.
    NobodyCanProve,
    /// Letters that should have left, one of them for too many minutes.
    LettersWait {
        /// How many wait.
        waiting: u32,
        /// Minutes the oldest of them waits.
        minutes: u32,
    },
    /// The sysop's own program can't be started; carries why.
    ProgramUnusable(String),
    /// It failed the last time; carries how.
    ProgramFails(String),
    /// Codes of a restored copy that wait.
    Frozen(usize),
    /// Letters of a restored copy that wait.
    LettersHeld,
}

impl Finding {
    /// Returns what was looked at.
    pub const fn check(&self) -> Check {
        match self {
            Self::Root => Check::User,
            Self::Exposed { .. } => Check::Permissions,
            Self::PortTaken(_) => Check::Ports,
            Self::Unopened(_) => Check::Board,
            Self::Damaged(_) | Self::UncleanStop => Check::Database,
            Self::DiskFull { .. } => Check::Disk,
            Self::ClockBehind(_) => Check::Clock,
            Self::InviteCounter { .. } => Check::InviteCounters,
            Self::AccountCount { .. } => Check::AccountCounts,
            Self::StrayHolds(_) => Check::Holds,
            Self::Unproven(_) => Check::Unproven,
            Self::Untaken(_) => Check::Prepared,
            Self::RequestsWait { .. } => Check::Requests,
            Self::NoWayIn(_) => Check::Credentials,
            Self::NoSysop => Check::Sysop,
            Self::BackupFailed(_) | Self::NoBackup => Check::Backup,
            Self::MailUnreachable(_) | Self::NobodyCanProve => Check::Mail,
            Self::LettersWait { .. } => Check::Letters,
            Self::ProgramUnusable(_) | Self::ProgramFails(_) => Check::Notify,
            Self::Frozen(_) | Self::LettersHeld => Check::Copy,
        }
    }

    /// Returns how bad it is.
    pub const fn level(&self) -> Level {
        match self {
            Self::Root
            | Self::UncleanStop
            | Self::Untaken(_)
            | Self::RequestsWait { .. }
            | Self::LettersWait { .. }
            | Self::NoWayIn(_)
            | Self::NoSysop
            | Self::NoBackup
            | Self::ProgramFails(_)
            | Self::Frozen(_)
            | Self::LettersHeld => Level::Warning,
            _ => Level::Bad,
        }
    }

    /// Returns what mends it, if nothing has to be decided for that.
    pub const fn fix(&self) -> Option<Fix> {
        match self {
            Self::Exposed { .. } => Some(Fix::Permissions),
            Self::InviteCounter { .. } => Some(Fix::InviteCounters),
            Self::AccountCount { .. } => Some(Fix::AccountCounts),
            Self::StrayHolds(_) => Some(Fix::Holds),
            Self::Unproven(_) => Some(Fix::Unproven),
            _ => None,
        }
    }
}
