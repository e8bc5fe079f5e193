//! News: what the sysop's own program is told. How it is told, and when, is
//! decided elsewhere.

use super::{account::named, letter::Kind};

named! {
    /// What happened.
    News {
        /// Somebody waits to be let in.
        RequestWaits = "request_waits",
        /// An applicant answered what staff asked.
        RequestAnswered = "request_answered",
        /// A member rang for a sysop, and nobody was at the desk.
        Rang = "rang",
        /// The board examined itself, and something has to be mended.
        Alert = "alert",
        /// A sysop tries whether the program is told.
        Test = "test",
    }
}

impl News {
    /// Returns the kind of letter that tells the same.
    pub const fn kind(self) -> Kind {
        match self {
            Self::RequestWaits => Kind::RequestWaits,
            Self::RequestAnswered => Kind::RequestAnswered,
            Self::Rang => Kind::Rang,
            Self::Alert => Kind::Alert,
            Self::Test => Kind::Test,
        }
    }

    /// Returns what a letter of that kind tells the program, if anything.
    pub fn of(kind: Kind) -> Option<Self> {
        Self::ALL.iter().copied().find(|news| news.kind() == kind)
    }
}
