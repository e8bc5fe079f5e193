//! What is said on the screens of one's own account.

/// How to get everything the board has about oneself.
pub fn export(line: &str) -> String {
    format!("`{line}` writes out everything this board has about you, as JSON.")
}
