//! What staff and an applicant read around their talk.

/// To whoever comes to a talk.
pub const fn rings() -> &'static str {
    "One moment…"
}

/// To a sysop: the applicant was rung and has not come yet.
pub fn rung(handle: &str) -> String {
    format!("{handle} was rung, and reads what you say when they come.")
}

/// The other side left.
pub fn over(other: &str) -> String {
    format!("{other} has left. Nothing of this is kept.")
}

/// To an applicant: staff would like to talk now.
pub fn wants_to_talk(staff: &str) -> String {
    format!("{staff} is on the line and would like to talk. l answers.")
}

/// To a sysop: a member rings.
pub fn rings_for_you(handle: &str) -> String {
    format!("{handle} rings for a sysop.")
}

/// To a member who rang.
pub fn heard(sysop: &str) -> String {
    format!("It rings at {sysop}'s desk.")
}

/// To a member who rang while no sysop was on the line.
pub const fn noted() -> &'static str {
    "Nobody is at the desk; the sysops will read that you rang."
}
