//! The steps of the wizard, and to which of them a refusal belongs.

use super::draft::Slot;
use crate::domain::refusal::{Field, Refusal};

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What joining means here.
    Welcome,
    /// What they are called.
    Handle,
    /// Key, password, address.
    WayIn,
    /// The request.
    About,
    /// What the board is called.
    Board,
    /// All of it once more.
    Review,
}

/// What makes steps apply.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs {
    /// The newcomer has no handle yet.
    pub(super) handle: bool,
    /// Somebody decides about the newcomer.
    pub(super) request: bool,
    /// The newcomer claims the board.
    pub(super) board: bool,
}

impl Step {
    const ALL: [Self; 6] = [
        Self::Welcome,
        Self::Handle,
        Self::WayIn,
        Self::About,
        Self::Board,
        Self::Review,
    ];

    /// Returns its title.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Welcome => "Welcome",
            Self::Handle => "Handle",
            Self::WayIn => "Your way in",
            Self::About => "About you",
            Self::Board => "The board",
            Self::Review => "Review",
        }
    }

    /// Returns the steps that apply, in order.
    pub(super) fn all(needs: Needs) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |step| match step {
            Self::Handle => needs.handle,
            Self::About => needs.request,
            Self::Board => needs.board,
            Self::Welcome | Self::WayIn | Self::Review => true,
        })
    }

    /// Returns the step after this one; the last has none.
    pub(super) fn next(self, needs: Needs) -> Option<Self> {
        Self::all(needs).skip_while(|step| *step != self).nth(1)
    }

    /// Returns the step before this one; the first has none.
    pub(super) fn before(self, needs: Needs) -> Option<Self> {
        Self::all(needs).take_while(|step| *step != self).last()
    }
}

/// Returns the step and field a refusal belongs to; `None` where it belongs to
/// the form as a whole.
pub(super) const fn place(refusal: &Refusal) -> (Option<Step>, Option<Slot>) {
    match refusal {
        Refusal::Paused(_)
        | Refusal::BacklogFull
        | Refusal::TryLater
        | Refusal::Closed
        | Refusal::Unclaimed => return (Some(Step::Welcome), None),
        _ => {}
    }
    match refusal.field() {
        Field::Code => (Some(Step::Welcome), Some(Slot::Code)),
        Field::Handle => (Some(Step::Handle), Some(Slot::Handle)),
        Field::Email => (Some(Step::WayIn), Some(Slot::Email)),
        Field::Password => (Some(Step::WayIn), Some(Slot::Password)),
        Field::Again => (Some(Step::WayIn), Some(Slot::Again)),
        Field::Key => (Some(Step::WayIn), Some(Slot::KeepKey)),
        Field::Message => (Some(Step::About), Some(Slot::Message)),
        Field::Value => (Some(Step::Board), Some(Slot::SiteName)),
        Field::Whole => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invite_that_admits_and_a_key_make_four_screens() {
        let needs = Needs {
            handle: true,
            request: false,
            board: false,
        };
        let titles: Vec<_> = Step::all(needs).map(Step::title).collect();
        assert_eq!(titles, ["Welcome", "Handle", "Your way in", "Review"]);
        assert_eq!(Step::WayIn.next(needs), Some(Step::Review));
        assert_eq!(Step::Review.before(needs), Some(Step::WayIn));
        assert_eq!(Step::Welcome.before(needs), None);
        assert_eq!(Step::Review.next(needs), None);
    }
}
