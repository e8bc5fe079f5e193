//! What those see who look after a board.

use super::{Board, DOWN, ENTER, LEFT, RIGHT, Scene, Who, scene};
use crate::{cli::demo::SYSOP, settings::Key};

const OPAL: Who = Who::Account(SYSOP);

pub(super) const SCENES: &[Scene] = &[
    scene("main-menu", "The main menu of the sysop", OPAL, &[]),
    scene(
        "users",
        "USERS: who waits",
        OPAL,
        &["s", DOWN, DOWN, DOWN, DOWN],
    ),
    scene(
        "users-mod",
        "USERS: as a mod sees it",
        Who::Account("jules"),
        &["s", DOWN],
    ),
    scene("reject", "USERS: rejecting", OPAL, &["s", DOWN, "r"]),
    scene(
        "marked",
        "USERS: rejecting several",
        OPAL,
        &["s", DOWN, " ", DOWN, " ", "r"],
    ),
    scene(
        "several",
        "USERS: what became of several requests",
        OPAL,
        &["s", DOWN, " ", DOWN, " ", "a", ENTER],
    ),
    scene(
        "ask",
        "USERS: asking an applicant for more",
        OPAL,
        &[
            "s",
            DOWN,
            DOWN,
            DOWN,
            "m",
            "And which one would you still call?",
        ],
    ),
    scene("note", "USERS: writing a note", OPAL, &["s", DOWN, "n"]),
    scene(
        "find",
        "USERS: looking for somebody",
        OPAL,
        &["s", "/", "a"],
    ),
    scene(
        "profile",
        "USERS: everything about one person",
        OPAL,
        &["s", DOWN, DOWN, DOWN, "v"],
    ),
    scene("members", "USERS: the members", OPAL, &["s", RIGHT, DOWN]),
    scene(
        "suspend",
        "USERS: shutting somebody out",
        OPAL,
        &["s", RIGHT, DOWN, "s"],
    ),
    scene(
        "edit",
        "USERS: changing a role or an address",
        OPAL,
        &["s", RIGHT, DOWN, "e"],
    ),
    scene(
        "delete",
        "USERS: deleting somebody's account",
        OPAL,
        &["s", RIGHT, DOWN, "d"],
    ),
    scene(
        "users-password",
        "USERS: a new password for somebody",
        OPAL,
        &["s", RIGHT, DOWN, DOWN, "v", "p"],
    ),
    scene(
        "shut-out",
        "USERS: the suspended",
        OPAL,
        &["s", RIGHT, RIGHT, DOWN],
    ),
    scene(
        "turned-down",
        "USERS: those who were not let in",
        OPAL,
        &["s", LEFT, LEFT],
    ),
    scene(
        "nobody",
        "USERS: nobody is found",
        OPAL,
        &["s", "/", "zebra", ENTER],
    ),
    scene("invites", "INVITES: everybody's", OPAL, &["s", "2"]),
    scene("invite", "INVITES: making one", OPAL, &["s", "2", "n"]),
    scene(
        "invite-page",
        "INVITES: everything about one",
        OPAL,
        &["s", "2", DOWN, ENTER],
    ),
    scene(
        "revoke",
        "INVITES: taking one back",
        OPAL,
        &["s", "2", DOWN, DOWN, DOWN, DOWN, "d"],
    ),
    scene("site", "SITE: the settings", OPAL, &["s", "5"]),
    scene(
        "setting",
        "SITE: changing one",
        OPAL,
        &["s", "5", DOWN, ENTER],
    ),
    scene(
        "choice",
        "SITE: choosing one of several values",
        OPAL,
        &["s", "5", "/", "registration_mode", ENTER, ENTER],
    ),
    scene(
        "text",
        "SITE: changing several lines",
        OPAL,
        &["s", "5", DOWN, DOWN, ENTER],
    ),
    scene(
        "access",
        "ACCESS: the domains kept out",
        OPAL,
        &["s", "6", RIGHT, RIGHT],
    ),
    scene(
        "access-none",
        "ACCESS: no rules about handles",
        OPAL,
        &["s", "6"],
    ),
    scene(
        "rule",
        "ACCESS: making a rule",
        OPAL,
        &["s", "6", "n", "harbour-master"],
    ),
    scene(
        "rule-hits",
        "ACCESS: whom a rule would hit",
        OPAL,
        &["s", "6", RIGHT, RIGHT, "n", "example.org", ENTER],
    ),
    scene(
        "rule-page",
        "ACCESS: everything about one rule",
        OPAL,
        &["s", "6", RIGHT, RIGHT, ENTER],
    ),
    scene(
        "rule-remove",
        "ACCESS: taking a rule away",
        OPAL,
        &["s", "6", RIGHT, RIGHT, "d"],
    ),
    scene(
        "rule-test",
        "ACCESS: what would happen",
        OPAL,
        &["s", "6", RIGHT, "t", "gull@mailinator.com", ENTER],
    ),
    scene(
        "mail",
        "MAIL: what became of letters",
        OPAL,
        &["s", "7", DOWN, DOWN, DOWN, DOWN, DOWN, DOWN, DOWN],
    ),
    scene(
        "mail-failed",
        "MAIL: those that did not arrive",
        OPAL,
        &["s", "7", RIGHT, RIGHT],
    ),
    scene(
        "letter",
        "MAIL: everything about one letter",
        OPAL,
        &["s", "7", RIGHT, ENTER],
    ),
    scene(
        "mail-off",
        "MAIL: on a board that sends none",
        OPAL,
        &["s", "7"],
    )
    .set(&[(Key::DeliveryMode, "no_email")]),
    scene(
        "mail-held",
        "MAIL: a copy keeps its letters",
        OPAL,
        &["s", "7"],
    )
    .on(Board::Copy),
    scene(
        "release",
        "MAIL: letting the letters of a copy leave",
        OPAL,
        &["s", "7", "l"],
    )
    .on(Board::Copy),
    scene("audit", "AUDIT: who did what", OPAL, &["s", "8"]),
    scene("audit-find", "AUDIT: narrowing", OPAL, &["s", "8", "/"]),
    scene(
        "audit-found",
        "AUDIT: what was done to one person",
        OPAL,
        &["s", "8", "/", "grumble", ENTER],
    ),
    scene(
        "record",
        "AUDIT: one record",
        OPAL,
        &["s", "8", "/", "grumble", ENTER, DOWN, ENTER],
    ),
    scene("system", "SYSTEM: how the board is", OPAL, &["s", "9"]),
    scene(
        "lines",
        "SYSTEM: who is on line",
        OPAL,
        &["s", "9", RIGHT, DOWN],
    ),
    scene(
        "hang-up",
        "SYSTEM: letting a line go",
        OPAL,
        &["s", "9", RIGHT, DOWN, "x"],
    ),
    scene(
        "say",
        "SYSTEM: a line for everybody",
        OPAL,
        &["s", "9", "b", "The board restarts in five minutes."],
    ),
    scene("day", "SYSTEM: the last day", OPAL, &["s", "9", LEFT, LEFT]),
    scene("week", "SYSTEM: the last week", OPAL, &["s", "9", LEFT]),
];
