//! Who is on the board that is tried out, and what they wrote: the same people
//! every time. How they got there is told elsewhere.

use crate::{
    app::queue::Reason,
    domain::access::{Effect, Kind},
};

/// Who runs it.
pub(in crate::cli) const SYSOP: &str = "opal";

/// How somebody became a member.
pub(super) enum Way {
    /// The operator made the account.
    ByHand,
    /// They asked, in these words.
    Asked(&'static str),
    /// Somebody gave them a code.
    Invited(&'static str),
    /// The code was on a card that lay about at a fair.
    AtTheFair,
}

/// A member.
pub(super) struct Member {
    pub(super) handle: &'static str,
    pub(super) days_ago: i64,
    pub(super) way: Way,
}

/// Somebody who waits.
pub(super) struct Applicant {
    pub(super) handle: &'static str,
    pub(super) minutes_ago: i64,
    pub(super) email: &'static str,
    pub(super) message: &'static str,
    /// The last number of the address they call from.
    pub(super) host: u8,
    /// Who gave them a code that leaves the decision to the sysop.
    pub(super) invited_by: Option<&'static str>,
    /// A key they pasted.
    pub(super) key: Option<&'static str>,
}

/// Somebody who was not let in.
pub(super) struct Rejected {
    pub(super) handle: &'static str,
    pub(super) days_ago: i64,
    pub(super) message: &'static str,
    pub(super) reason: Reason,
    pub(super) note: &'static str,
}

/// A member who was shut out again.
pub(super) struct Suspended {
    pub(super) handle: &'static str,
    pub(super) days_ago: i64,
    pub(super) reason: &'static str,
    /// Days from then; nothing is for good.
    pub(super) days: Option<i64>,
}

const fn by_hand(handle: &'static str, days_ago: i64) -> Member {
    member(handle, days_ago, Way::ByHand)
}

const fn asked(handle: &'static str, days_ago: i64, message: &'static str) -> Member {
    member(handle, days_ago, Way::Asked(message))
}

const fn invited(handle: &'static str, days_ago: i64, by: &'static str) -> Member {
    member(handle, days_ago, Way::Invited(by))
}

const fn at_the_fair(handle: &'static str, days_ago: i64) -> Member {
    member(handle, days_ago, Way::AtTheFair)
}

const fn member(handle: &'static str, days_ago: i64, way: Way) -> Member {
    Member {
        handle,
        days_ago,
        way,
    }
}

/// The members besides the sysop, the longest first.
pub(super) const MEMBERS: &[Member] = &[
    by_hand("ada", 412),
    by_hand("jules", 409),
    invited("henk", 398, SYSOP),
    invited("marlene", 371, "ada"),
    asked(
        "sven_o",
        355,
        "I ran a two-line board in Flensburg until 1994 and miss the noise.",
    ),
    invited("birgit", 340, "henk"),
    asked(
        "tomasz",
        322,
        "Modem repairs, mostly for friends. I have spare 2400s.",
    ),
    asked(
        "quill",
        310,
        "I write about old networks and would rather ask than guess.",
    ),
    invited("odile", 301, "marlene"),
    invited("fenno", 288, "jules"),
    asked(
        "kestrel",
        270,
        "Night shifts at the harbour. It is quiet and I like to read.",
    ),
    invited("noor", 262, "ada"),
    asked(
        "pavel",
        247,
        "FidoNet point 2:246/1955.17, long ago. Hello again.",
    ),
    invited("imke", 239, "birgit"),
    invited("wanda", 225, SYSOP),
    asked("rasmus", 214, "I collect acoustic couplers. Eleven so far."),
    invited("lotte", 203, "imke"),
    asked(
        "gideon",
        190,
        "My father built the exchange in your second room.",
    ),
    invited("yara", 181, "noor"),
    by_hand("grumble", 176),
    asked(
        "bruno",
        170,
        "Chess by mail since 1979; this would be faster.",
    ),
    invited("saskia", 158, "wanda"),
    invited("elias", 149, "ada"),
    asked(
        "tove",
        140,
        "I teach children how telephones worked. They love the dial.",
    ),
    invited("carlo", 133, "fenno"),
    asked("mirek", 126, "Terminal fonts. I draw them by hand."),
    invited("hedda", 117, "tove"),
    asked(
        "anselm",
        104,
        "Retired from the post office, line tests, 41 years.",
    ),
    invited("ruth_w", 96, "anselm"),
    invited("piet", 88, "henk"),
    asked("ilse", 79, "I found your card in a library book."),
    invited("jonas_b", 71, "elias"),
    asked(
        "carillon",
        60,
        "Bell ringer. Ringdown, I thought, must be about bells.",
    ),
    invited("dagny", 52, "hedda"),
    asked(
        "ottokar",
        43,
        "Looking for schematics of the D20P-A. Will trade photographs.",
    ),
    invited("vera", 37, "wanda"),
    asked("leif", 30, "Sailor; I call when there is a line."),
    invited("nesrin", 24, "yara"),
    asked(
        "amadou",
        18,
        "Dakar, then Kiel, then Dakar. I repair what hums.",
    ),
    at_the_fair("gull", 12),
    at_the_fair("tilda", 9),
];

/// Who decides with the sysop, if the board lets them.
pub(super) const MOD: &str = "jules";

/// Those who were not let in.
pub(super) const REJECTED: &[Rejected] = &[
    Rejected {
        handle: "rankmaster",
        days_ago: 8,
        message: "10 000 visitors for your site, guaranteed. Ask for our prices.",
        reason: Reason::Advertising,
        note: "The third one this month from that network.",
    },
    Rejected {
        handle: "nobody_7",
        days_ago: 7,
        message: "let me in",
        reason: Reason::TooLittle,
        note: "",
    },
    Rejected {
        handle: "edgar_x",
        days_ago: 6,
        message: "I buy and sell telephone numbers that are easy to remember.",
        reason: Reason::OffTopic,
        note: "Friendly on the telephone. Not a place for trade, I said.",
    },
];

/// Those who were shut out.
pub(super) const SUSPENDED: &[Suspended] = &[
    Suspended {
        handle: "carlo",
        days_ago: 5,
        reason: "Passed members' addresses on. Write to the museum if you see it otherwise.",
        days: None,
    },
    Suspended {
        handle: "grumble",
        days_ago: 4,
        reason: "Called three people names in one evening. Come back when it is over.",
        days: Some(9),
    },
];

/// A key that somebody who is shut out has.
const GRUMBLES_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPVlkNJrrpiIlRLMxVcygurzbKcA6wKP+5C2SO+IOE/B grumble@attic";

/// A key that somebody who waits pasted, and has not called with yet.
pub(in crate::cli) const NEWBIES_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGnIGOAZbNRgWCAVdHJy+wX6uTmxPwGF+yWPUsnEli6C newbie@modems";

/// The first key of a member.
pub(in crate::cli) const ADAS_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID/4PYOo1MrMdLF/vIFbaIwl9FFgl9yPn02noL5pn48d ada@kitchen";

/// The keys that members have.
pub(super) const KEYS: &[(&str, &str)] = &[
    ("grumble", GRUMBLES_KEY),
    ("ada", ADAS_KEY),
    (
        "ada",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGN7V0cEDyjCqLtORGrBGxQ86a0iRi+r7agQ6eUA+yI/ ada@boat",
    ),
    (
        "jules",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJLyGbtOZGinEfmmcbq9x54lllYmALNsXWcxdA4CQt+m jules@attic",
    ),
    (
        "marlene",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEqoTCUb2l90NaNLVgwCEeKMuk18rd3Vp7u/4L9w1FSk marlene",
    ),
    (
        "sven_o",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0Cqp4uP4dr8/NXtlVGCr3PomJHtatPcCj3mSRFaCQG sven@flensburg",
    ),
    (
        "tomasz",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPKk0oklW3TmGMvoNEsRF/KfCw/V1iPPX/SZ0k01USiq tomasz@bench",
    ),
    (
        "noor",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAII2+7eovE8c6jhLg+1SvXS0mJs9f+IrtrcZLopVACdno noor",
    ),
    (
        "tove",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEFg9IacRTZAx2N5j5oqp4YNuLtejTwszZeniwQq/mrQ tove@school",
    ),
    (
        "leif",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA0nQ6jZyufI9iWReUvZT6lpigJCNUSIaJELuGq1rhK8 leif@sea",
    ),
];

/// Somebody who was rejected, reopened and waits again.
pub(super) const REOPENED: &str = "anka";

/// Those who wait, the longest first.
pub(super) const APPLICANTS: &[Applicant] = &[
    Applicant {
        handle: REOPENED,
        minutes_ago: 4 * 24 * 60,
        email: "anka@example.org",
        message: "hi",
        host: 31,
        invited_by: None,
        key: None,
    },
    Applicant {
        handle: "cheapseo",
        minutes_ago: 3 * 24 * 60 + 200,
        email: "",
        message: "best rank for you site. we make first page in google, cheap price, \
                  contact today",
        host: 66,
        invited_by: None,
        key: None,
    },
    Applicant {
        handle: "seo_rocket",
        minutes_ago: 3 * 24 * 60 + 140,
        email: "rocket@shop.example.net",
        message: "Visit our shop, every week new offers for webmasters.",
        host: 66,
        invited_by: None,
        key: None,
    },
    Applicant {
        handle: "hollis",
        minutes_ago: 2 * 24 * 60 + 35,
        email: "hollis@example.com",
        message: "I was a night operator in Husum from 1968 to 1983. When the exchange was \
                  taken down I kept the log books, which nobody wanted: every call of fifteen \
                  winters, who rang and how long they waited.\n\nI am copying them out. It would \
                  be good to do it among people who know what a cord pair is.",
        host: 12,
        invited_by: None,
        key: None,
    },
    Applicant {
        handle: "qui1l",
        minutes_ago: 26 * 60,
        email: "",
        message: "It is me again, from the other computer. Please approve quickly.",
        host: 90,
        invited_by: None,
        key: None,
    },
    Applicant {
        handle: "brennan",
        minutes_ago: 19 * 60,
        email: "brennan@example.net",
        message: "New here. A friend showed me the chess board.",
        host: 54,
        invited_by: None,
        key: Some(GRUMBLES_KEY),
    },
    Applicant {
        handle: "k_okafor",
        minutes_ago: 11 * 60 + 20,
        email: "k.okafor@example.org",
        message: "Lagos. I record dial tones; I have 61 countries and not yet yours.",
        host: 23,
        invited_by: None,
        key: None,
    },
    Applicant {
        handle: "jorge_v",
        minutes_ago: 7 * 60 + 5,
        email: "jorge@example.es",
        message: "Perdonen mi inglés. Reparo teléfonos en Cádiz y leo todo lo que escriben en \
                  la pizarra de invitados.",
        host: 41,
        invited_by: None,
        key: None,
    },
    Applicant {
        handle: "lin_dao",
        minutes_ago: 4 * 60 + 48,
        email: "",
        message: "林道。I keep the telegraph room of a small railway museum, 阿里山 line.",
        host: 77,
        invited_by: None,
        key: None,
    },
    Applicant {
        handle: "newbie",
        minutes_ago: 2 * 60,
        email: "newbie@example.org",
        message: "I run a small museum of modems in Kiel and would like to talk about the ones \
                  nobody remembers.",
        host: 8,
        invited_by: None,
        key: Some(NEWBIES_KEY),
    },
    Applicant {
        handle: "teapot",
        minutes_ago: 51,
        email: "",
        message: "hello?",
        host: 99,
        invited_by: None,
        key: None,
    },
    Applicant {
        handle: "marta_k",
        minutes_ago: 4,
        email: "marta@example.org",
        message: "Ada told me about the Sunday chess. I play badly and talk well.",
        host: 17,
        invited_by: Some("ada"),
        key: None,
    },
];

/// What the reopened one wrote instead.
pub(super) const SECOND_TRY: &str = "Sorry, that was short. I restore a Siemens T100 and need \
                                     somebody who has seen its governor from the inside.";

/// A question the sysop asked an applicant.
pub(super) struct Asked {
    pub(super) handle: &'static str,
    pub(super) question: &'static str,
    /// Nothing: they have not answered yet.
    pub(super) answer: Option<&'static str>,
}

/// What was asked, a few minutes after the request was there.
pub(super) const ASKED: &[Asked] = &[
    Asked {
        handle: "jorge_v",
        question: "Which exchange did you learn on?",
        answer: Some("On a Pentaconta in Jerez. I still hear it when I can't sleep."),
    },
    Asked {
        handle: "newbie",
        question: "Which was your first modem, and does it still answer?",
        answer: None,
    },
];

/// What staff wrote down about somebody.
pub(super) const NOTES: &[(&str, &str)] = &[
    ("henk", "Brings the good solder to the summer fair."),
    (
        "hollis",
        "Rang the museum in October about the log books. Real.",
    ),
    ("qui1l", "Asked quill: has no other computer."),
];

/// What is kept out or held back: the kind, the value, what the rule does, why.
pub(super) const RULES: &[(Kind, &str, Effect, &str)] = &[
    (
        Kind::Handle,
        "harbour-master",
        Effect::Reserved,
        "For whoever runs the harbour tour.",
    ),
    (
        Kind::Domain,
        "rank-higher.example",
        Effect::Banned,
        "Nothing but advertising, five times.",
    ),
    (Kind::Domain, "minutes.example", Effect::Disposable, ""),
    (
        Kind::Source,
        "198.51.100.0/24",
        Effect::Denied,
        "Guessed invite codes for a week.",
    ),
];
