//! What staff and an applicant write each other about a request, and how much
//! of it there may be.

use super::{account::named, refusal::Refusal};

/// The longest message, in characters.
pub const LONGEST: usize = 1_000;
/// The most messages about one request.
pub const MOST: usize = 60;
/// The most answers to one question: whoever waits can't flood those who read.
const ANSWERS: usize = 3;

named! {
    /// Who wrote a message.
    Side {
        /// Somebody who decides about the request.
        Staff = "staff",
        /// Whose request it is.
        Applicant = "applicant",
    }
}

/// Refuses one message more from a side, after those of `sides`, oldest first.
pub fn may_write(side: Side, sides: &[Side]) -> Result<(), Refusal> {
    if sides.len() >= MOST {
        return Err(Refusal::ConversationFull);
    }
    if side == Side::Staff {
        return Ok(());
    }
    match sides.iter().rev().position(|one| *one == Side::Staff) {
        None => Err(Refusal::NothingAsked),
        Some(answers) if answers >= ANSWERS => Err(Refusal::AnswersSpent),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_applicant_answers_what_was_asked_and_three_times_at_most() {
        use Side::{Applicant, Staff};
        let spent = Err(Refusal::AnswersSpent);
        assert_eq!(may_write(Applicant, &[]), Err(Refusal::NothingAsked));
        assert_eq!(may_write(Applicant, &[Staff, Applicant, Applicant]), Ok(()));
        let three = [Staff, Applicant, Applicant, Applicant];
        assert_eq!(may_write(Applicant, &three), spent);
        assert_eq!(may_write(Staff, &three), Ok(()));
        let asked_again = [Applicant, Applicant, Applicant, Staff];
        assert_eq!(may_write(Applicant, &asked_again), Ok(()));
    }

    #[test]
    fn a_conversation_has_an_end() {
        let full = [Side::Staff; MOST];
        for side in [Side::Staff, Side::Applicant] {
            assert_eq!(may_write(side, &full), Err(Refusal::ConversationFull));
        }
    }
}
