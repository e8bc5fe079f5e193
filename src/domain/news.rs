//! News: what the sysop's own program is told. How it is told, and when, is
//! decided elsewhere.

use super::account::named;

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
