//! What staff and an applicant read around what they write each other.

/// Whose message it is, and when it was written.
pub fn head(author: Option<&str>, is_question: bool, at: &str) -> String {
    match (author, is_question) {
        (Some(author), true) => format!("{author} asked · {at}"),
        (Some(author), false) => format!("{author} answered · {at}"),
        (None, true) => format!("You asked · {at}"),
        (None, false) => format!("You answered · {at}"),
    }
}

/// To an applicant: somebody asks them something.
pub fn asks(author: &str) -> String {
    format!("{author} asks you something. m answers.")
}

/// To a sysop who has not asked anything yet.
pub const fn nothing_asked() -> &'static str {
    "Nothing was asked yet. They read your question in the waiting room, and by letter if they \
     gave an address."
}

/// The message left.
pub const fn sent() -> &'static str {
    "Sent."
}

/// Below a message that is being written.
pub fn left(characters: usize) -> String {
    format!("{characters} characters left")
}
