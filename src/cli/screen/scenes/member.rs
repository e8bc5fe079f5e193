//! What members see.

use super::{CODE, CTRL_C, DOWN, ENTER, Scene, TAB, Who, scene};

const ADA: Who = Who::Account("ada");

pub(super) const SCENES: &[Scene] = &[
    scene("menu", "The main menu of a member", ADA, &[]),
    scene("notices", "What a member was told", ADA, &["i"]),
    scene("notice", "A notice whole", ADA, &["i", ENTER]),
    scene(
        "notice-choices",
        "What a member hears of, and how",
        ADA,
        &["a", "n"],
    ),
    scene("who", "Who is on line", ADA, &["w"]),
    scene("account", "A member's account", ADA, &["a"]),
    scene("keys", "A member's keys", ADA, &["a", "k"]),
    scene("remove-key", "Removing a key", ADA, &["a", "k", DOWN, "d"]),
    scene("paste-key", "Adding a key by hand", ADA, &["a", "k", "a"]),
    scene(
        "key-line",
        "The line that adds the key of another device",
        ADA,
        &["a", "k", "l"],
    ),
    scene("password", "Changing one's password", ADA, &["a", "p"]),
    scene("two-factor", "Two-factor login", ADA, &["a", "t"]),
    scene(
        "set-up",
        "Switching two-factor login on",
        ADA,
        &["a", "t", "o"],
    ),
    scene(
        "backup-codes",
        "Backup codes, shown once",
        Who::Account("jules"),
        &["a", "t", "n", CODE, ENTER],
    )
    .factor("jules"),
    scene("address", "Changing one's address", ADA, &["a", "e"]),
    scene("sessions", "Where a member is on line", ADA, &["a", "s"]),
    scene("own-invites", "A member's invites", ADA, &["a", "i"]),
    scene(
        "own-invite",
        "A member makes an invite",
        ADA,
        &["a", "i", "n"],
    ),
    scene(
        "new-code",
        "The code of a new invite, shown once",
        ADA,
        &["a", "i", "n", TAB, TAB, "The neighbour", ENTER],
    ),
    scene("delete-account", "Deleting one's account", ADA, &["a", "d"]),
    scene(
        "scan",
        "The code of a new invite, for a telephone",
        ADA,
        &["a", "i", "n", ENTER, "s"],
    ),
    scene("help", "Help on a screen", ADA, &["?"]),
    scene("leave", "The question before leaving", ADA, &[CTRL_C]),
];
