//! What is said of an address: on the screen of one's own, and where it must be
//! proven before somebody comes in.

/// What a code is for.
pub const fn prove() -> &'static str {
    "Not proven yet. ^R sends a letter with a code for it. The code works for a day, and the \
     newest one counts."
}

/// To somebody who must prove an address before coming in.
pub fn check(email: &str) -> String {
    format!(
        "A letter with a code goes to {email}. Type the code here, and you are through. It works \
         for a day, and the newest one counts."
    )
}

/// The same, while no letter leaves.
pub const fn no_letter() -> &'static str {
    "Your address must be proven with the code of a letter, and no letter leaves this board just \
     now. A sysop can let you through without it."
}

/// How they give another address.
pub const fn wrong_one() -> &'static str {
    "Nothing came? Look among the junk, or correct the address (Tab)."
}

/// Who sees an address, and how it is removed.
pub const fn who_sees() -> &'static str {
    "Only the sysops see it. Leave it empty and it is removed."
}

/// A letter with a code goes out.
pub const fn code_leaves() -> &'static str {
    "A letter with a code goes there now, unless three went today."
}

/// An address was saved.
pub const fn saved() -> &'static str {
    "Your address is saved."
}

/// An address was proven.
pub const fn proven() -> &'static str {
    "Your address is proven."
}
