//! What callers see before they are somebody here: the ways in, the wizard,
//! and the rooms of those who are not let in, or not yet.

use super::{Board, CTRL_S, Door, ENTER, PASSWORD, Scene, Who, scene};
use crate::{
    cli::demo::{ADAS_KEY, NEWBIES_KEY},
    settings::Key,
};

/// A key that nobody here uses.
const NEW_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAtR7OA3EWKl9Fesq0IygvRHJBpsczL3HEOCPMm3rbY";

const STRANGER: Who = by("", None);
const NEWBIE: Who = Who::Account("newbie");

const fn by(name: &'static str, key: Option<&'static str>) -> Who {
    Who::Caller(Door::Named(name), key)
}

/// What somebody writes to the sysop.
const MESSAGE: &str = "Ada told me about the Sunday chess. I play badly and talk well.";

pub(super) const SCENES: &[Scene] = &[
    scene("welcome", "The first screen of a stranger", STRANGER, &[]),
    scene(
        "welcome-key",
        "The first screen of a stranger with a key",
        by("", Some(NEW_KEY)),
        &[],
    ),
    scene(
        "welcome-handle",
        "The first screen of a key that is not the handle's",
        by("ada", Some(NEW_KEY)),
        &[],
    ),
    scene(
        "welcome-invite",
        "The first screen of a board by invitation",
        by("", Some(NEW_KEY)),
        &[],
    )
    .set(&[(Key::RegistrationMode, "invite_only")]),
    scene(
        "welcome-closed",
        "The first screen of a board that takes nobody",
        STRANGER,
        &[],
    )
    .set(&[(Key::RegistrationMode, "closed")]),
    scene(
        "welcome-paused",
        "The first screen while nobody may join",
        STRANGER,
        &[],
    )
    .set(&[
        (Key::RegistrationPaused, "on"),
        (Key::RegistrationNote, "We read what we have first."),
    ]),
    scene(
        "welcome-new",
        "The first screen of a board that nobody runs yet",
        by("", Some(NEW_KEY)),
        &[],
    )
    .on(Board::New),
    scene(
        "maintenance",
        "The closed door while the board is mended",
        by("", Some(NEW_KEY)),
        &[],
    )
    .set(&[
        (Key::Maintenance, "on"),
        (Key::MaintenanceNote, "A new disk goes in. Back at nine."),
    ]),
    scene("guest", "Looking round as a guest", STRANGER, &["g"]),
    scene("login", "Logging in by password", STRANGER, &["l"]),
    scene(
        "login-wrong",
        "A password that is not the right one",
        STRANGER,
        &["l", "ada", ENTER, "gulls", ENTER],
    ),
    scene(
        "forgotten",
        "A forgotten password: asking for a letter",
        STRANGER,
        &["f", "ada"],
    ),
    scene(
        "forgotten-asked",
        "A forgotten password: the code",
        STRANGER,
        &["f", "ada", ENTER],
    ),
    scene(
        "new-password",
        "Choosing a new password with a code",
        Who::Caller(Door::Recover("ada"), None),
        &[],
    ),
    scene(
        "remember-key",
        "After a password: shall this key be a way in?",
        by("", Some(NEW_KEY)),
        &["l", "ada", ENTER, PASSWORD, ENTER],
    ),
    scene(
        "second-factor",
        "After the password: the code of a second factor",
        STRANGER,
        &["l", "jules", ENTER, PASSWORD, ENTER],
    )
    .factor("jules"),
    scene(
        "must-set-up",
        "A second factor without which nobody gets in",
        by("ada", Some(ADAS_KEY)),
        &[],
    )
    .set(&[(Key::TotpRequiredFor, "user")]),
    scene(
        "greeting",
        "Somebody known at the door for newcomers",
        by("new", Some(ADAS_KEY)),
        &[],
    ),
    scene(
        "pasted-key",
        "The first call with a key that was pasted",
        by("", Some(NEWBIES_KEY)),
        &[],
    ),
    scene(
        "add-key",
        "A new key, brought by a line from Account",
        Who::Caller(Door::Key("ada"), Some(NEW_KEY)),
        &[],
    ),
    scene(
        "claim",
        "Claiming a board that nobody runs yet",
        Who::Caller(Door::Claim, Some(NEW_KEY)),
        &[],
    )
    .on(Board::New),
    scene(
        "claim-handle",
        "Claiming, the sysop's handle",
        Who::Caller(Door::Claim, Some(NEW_KEY)),
        &[ENTER],
    )
    .on(Board::New),
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
        "join-key",
        "Joining with a key, the way in",
        by("", Some(NEW_KEY)),
        &["r", ENTER, "selma", ENTER],
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
        "check-email",
        "A newcomer types the code that proves the address",
        by("", Some(NEW_KEY)),
        &[
            "r",
            ENTER,
            "selma",
            ENTER,
            ENTER,
            "selma@example.org",
            ENTER,
            MESSAGE,
            CTRL_S,
            ENTER,
        ],
    )
    .set(&[(Key::RequireEmailVerification, "on")]),
    scene(
        "waiting-room",
        "The waiting room of an applicant",
        NEWBIE,
        &[],
    ),
    scene(
        "edit-request",
        "An applicant changes the request",
        NEWBIE,
        &["e"],
    ),
    scene(
        "messages",
        "An applicant answers a question",
        NEWBIE,
        &["m", "A Smartmodem 1200. On good days."],
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
];
