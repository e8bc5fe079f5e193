//! The screens that can be pictured: who sees each, and what they typed to get
//! there.

use crate::cli::demo::SYSOP;

/// A screen somebody sees.
pub(super) struct Scene {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) who: Who,
    /// What they type, one step after the other.
    pub(super) typed: &'static [&'static str],
}

/// Who sees it.
#[derive(Clone, Copy)]
pub(super) enum Who {
    /// Somebody without an account, who came through that door.
    Stranger(&'static str),
    /// The account of that handle, at home.
    Account(&'static str),
}

const ENTER: &str = "\r";
const DOWN: &str = "\x1b[B";
const RIGHT: &str = "\x1b[C";
const CTRL_C: &str = "\x03";
const CTRL_S: &str = "\x13";

const STRANGER: Who = Who::Stranger("");
const OPAL: Who = Who::Account(SYSOP);
const ADA: Who = Who::Account("ada");
const NEWBIE: Who = Who::Account("newbie");

const fn scene(
    name: &'static str,
    about: &'static str,
    who: Who,
    typed: &'static [&'static str],
) -> Scene {
    Scene {
        name,
        about,
        who,
        typed,
    }
}

/// A password that every rule likes.
const PASSWORD: &str = "harbour fog and gulls";
/// What somebody writes to the sysop.
const MESSAGE: &str = "Ada told me about the Sunday chess. I play badly and talk well.";

/// Every screen, in the order in which people meet them.
pub(super) const SCENES: &[Scene] = &[
    scene("welcome", "The first screen of a stranger", STRANGER, &[]),
    scene("guest", "Looking round as a guest", STRANGER, &["g"]),
    scene("login", "Logging in by password", STRANGER, &["l"]),
    scene("join-welcome", "Joining, the house rules", STRANGER, &["r"]),
    scene(
        "join-handle",
        "Joining, the handle",
        STRANGER,
        &["r", ENTER, "selma"],
    ),
    scene(
        "join-taken",
        "Joining, a handle somebody has",
        STRANGER,
        &["r", ENTER, "ada", ENTER],
    ),
    scene(
        "join-way-in",
        "Joining, the way in",
        STRANGER,
        &["r", ENTER, "selma", ENTER, PASSWORD],
    ),
    scene(
        "join-about",
        "Joining, the request",
        STRANGER,
        &[
            "r", ENTER, "selma", ENTER, PASSWORD, ENTER, PASSWORD, ENTER, ENTER, MESSAGE,
        ],
    ),
    scene(
        "join-review",
        "Joining, the last look",
        STRANGER,
        &[
            "r", ENTER, "selma", ENTER, PASSWORD, ENTER, PASSWORD, ENTER, ENTER, MESSAGE, CTRL_S,
        ],
    ),
    scene(
        "waiting-room",
        "The waiting room of an applicant",
        NEWBIE,
        &[],
    ),
    scene("withdraw", "Taking a request back", NEWBIE, &["w"]),
    scene(
        "rejected",
        "Somebody who was not let in",
        Who::Account("edgar_x"),
        &[],
    ),
    scene(
        "suspended",
        "Somebody who was shut out for a time",
        Who::Account("grumble"),
        &[],
    ),
    scene("main-menu", "The main menu of the sysop", OPAL, &[]),
    scene("menu", "The main menu of a member", ADA, &[]),
    scene("who", "Who is on line", ADA, &["w"]),
    scene("account", "A member's account", ADA, &["a"]),
    scene("own-invites", "A member's invites", ADA, &["a", "i"]),
    scene("help", "Help on a screen", ADA, &["?"]),
    scene("leave", "The question before leaving", ADA, &[CTRL_C]),
    scene(
        "users",
        "USERS: who waits",
        OPAL,
        &["s", DOWN, DOWN, DOWN, DOWN],
    ),
    scene("reject", "USERS: rejecting", OPAL, &["s", DOWN, "r"]),
    scene(
        "profile",
        "USERS: everything about one person",
        OPAL,
        &["s", DOWN, DOWN, DOWN, "v"],
    ),
    scene("members", "USERS: the members", OPAL, &["s", RIGHT]),
    scene(
        "shut-out",
        "USERS: the suspended",
        OPAL,
        &["s", RIGHT, RIGHT, DOWN],
    ),
    scene("invites", "INVITES: everybody's", OPAL, &["s", "2"]),
    scene("invite", "INVITES: making one", OPAL, &["s", "2", "n"]),
    scene("site", "SITE: the settings", OPAL, &["s", "5"]),
    scene(
        "setting",
        "SITE: changing one",
        OPAL,
        &["s", "5", DOWN, ENTER],
    ),
];
