//! Turns what a use case answered into what a screen shows.

use crate::{
    app::{Broken, Stop},
    domain::refusal::Field,
    store::Fault,
    words,
};

/// Returns the sentence for a use case that did not do what it was asked for.
pub fn sentence(stop: &Stop) -> String {
    match stop {
        Stop::Refused(refusal) => words::refusal(refusal),
        Stop::Broken(Broken { fault, reference }) => match fault {
            Fault::Busy | Fault::Closed => words::session::busy().to_owned(),
            Fault::Full | Fault::ReadOnly => words::session::cannot_write().to_owned(),
            _ => words::session::wrong(reference),
        },
    }
}

/// Returns the sentence for a call that ends with it: no key is heard any more.
pub fn at_the_door(stop: &Stop) -> String {
    match stop {
        Stop::Broken(Broken {
            fault: Fault::Busy | Fault::Closed,
            ..
        }) => words::door::busy(),
        stop => sentence(stop),
    }
}

/// Returns the field under which it belongs.
pub const fn field(stop: &Stop) -> Field {
    match stop {
        Stop::Refused(refusal) => refusal.field(),
        Stop::Broken(_) => Field::Whole,
    }
}

/// Whether the connection has used up its tries and must end.
pub const fn hangs_up(stop: &Stop) -> bool {
    matches!(stop, Stop::Refused(refusal) if refusal.hangs_up())
}
