//! What is said of deleting an account, before and after.

/// Before one's own account is deleted. The fields say what to type.
pub const fn oneself() -> &'static str {
    "Address, password, keys, invites, letters and your request are wiped for good. Nobody else \
     gets your handle. Fill this in if you mean it; then the line is let go."
}

/// Before somebody's account is deleted.
pub fn somebody(handle: &str) -> String {
    format!(
        "Address, password, keys, invites, letters, request and notes are wiped, and nobody \
         can bring them back. The handle stays reserved, and their calls end now. Type \
         {handle} if you mean it."
    )
}

/// After somebody's account was deleted.
pub fn done(handle: &impl std::fmt::Display, is_told: bool) -> String {
    let letter = if is_told {
        " A last letter tells them."
    } else {
        ""
    };
    format!("{handle} is deleted.{letter}")
}

/// On a terminal, before a command deletes an account.
pub fn question(handle: &str) -> String {
    format!("This wipes everything the board has of {handle}. Type the handle to go on: ")
}

/// To whoever did not type the handle.
pub fn unconfirmed(handle: &str) -> String {
    format!("Nothing was deleted. Say --yes, or type {handle} when you are asked.")
}
