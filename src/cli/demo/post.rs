//! The mail server of a board that is only pictured: it takes every letter but
//! some, as mail servers do, and carries none anywhere.

use crate::{
    domain::email::Email,
    mailer::{Delivery, Mailer, MailerProblem},
};

/// Returns the mailer that goes there.
pub(in crate::cli) fn mailer() -> Result<Mailer, MailerProblem> {
    Mailer::memory_that("ringdown@example.org", answer).map(|(mailer, _)| mailer)
}

fn answer(to: &Email) -> Delivery {
    match to.as_str() {
        "rocket@shop.example.net" => Delivery::Permanent("550 no such mailbox".to_owned()),
        "k.okafor@example.org" => Delivery::Temporary("451 greylisted, try later".to_owned()),
        _ => Delivery::Sent,
    }
}
