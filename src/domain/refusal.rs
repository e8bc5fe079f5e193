//! Every reason for which a use case says no. The words are in `words`.

use std::time::Duration;

use super::{
    access::{Kind, RuleProblem},
    account::{Role, Status},
    clock::Timestamp,
    invite,
    key::KeyProblem,
    letter::State,
    registration::Mode,
};

/// Where on a form a refusal belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The invite code.
    Code,
    /// The handle.
    Handle,
    /// The e-mail address.
    Email,
    /// The password.
    Password,
    /// The password once more.
    Again,
    /// A public key.
    Key,
    /// The message to the sysops, or an answer.
    Message,
    /// Whatever single value the form is about.
    Value,
    /// No field: the whole form or screen.
    Whole,
}

/// Why a use case said no. It has written nothing but its counters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// W01: the kill switch, with the sysop's words.
    Paused(String),
    /// W02: the queue is full.
    BacklogFull,
    /// W03: too many wrong tries from this source.
    TryLater,
    /// W04: the mode is `closed`.
    Closed,
    /// W10: the check symbol is wrong; carries today's shape.
    CodeTypo(String),
    /// W11: unknown, used, expired, revoked, frozen: one answer.
    CodeUnusable,
    /// A claim line that is used, replaced or not ours.
    ClaimUnusable,
    /// A key line that is used, too old or not ours.
    KeyLineUnusable,
    /// A code for a new password that is used, replaced, too old or not ours.
    ResetUnusable,
    /// A code for the address that is wrong, replaced, too old or tried too
    /// often: one answer.
    ProofUnusable,
    /// The address is proven already.
    AddressProven,
    /// W12: the mode is `invite_only`.
    CodeNeeded,
    /// Wrong codes have used up this connection.
    CodesSpent,
    /// W20.
    HandleShape,
    /// W20: the sysop's additional pattern.
    HandlePattern,
    /// W21: taken or reserved.
    HandleTaken,
    /// Twenty looks at handles are enough for a connection.
    HandlesSpent,
    /// W30.
    EmailShape,
    /// W31: carries whom to ask.
    EmailDomain(String),
    /// An address is required.
    EmailNeeded,
    /// W40: carries the least length.
    PasswordShort(u32),
    /// Longer than 256 characters.
    PasswordLong,
    /// Holds what the `OpaqueString` of RFC 8265 does not allow.
    PasswordCharacters,
    /// W41: carries why.
    PasswordEasy(Weakness),
    /// W42.
    PasswordsDiffer,
    /// Neither key nor password: no way in.
    NoWayIn,
    /// W43: a pasted text is no usable key.
    KeyUnusable(KeyProblem),
    /// W44: the proven key is somebody's.
    KeyTaken,
    /// This account has that key already.
    KeyYours,
    /// Ten keys are enough.
    KeysFull,
    /// The last key of an account without a password stays.
    KeyLast,
    /// No key was proven in this connection.
    KeyNotProven,
    /// W50.
    MessageNeeded,
    /// Longer than allowed; carries the bound.
    TextLong(usize),
    /// Something has to be written here.
    TextNeeded,
    /// W60: the code stopped working while the form was filled in.
    CodeStopped,
    /// W61: the handle was taken while the form was filled in.
    HandleStopped,
    /// W62: the mode changed while the form was filled in.
    ModeChanged(Mode),
    /// W65: the address is already somebody's.
    EmailTaken,
    /// The board has no sysop yet and takes no requests.
    Unclaimed,
    /// Handle and password do not match: one text for every cause.
    WrongCredentials,
    /// The same, and the connection has used up its tries.
    WrongCredentialsLast,
    /// Too many wrong passwords; carries the wait.
    PasswordWait(Duration),
    /// The hashing queue is full.
    HashingBusy,
    /// The current password is wrong.
    WrongPassword,
    /// A second factor is asked for where nothing can be.
    FactorNeeded,
    /// What was typed is no code of a factor.
    FactorShape,
    /// The code of the factor is wrong.
    FactorWrong,
    /// The same, and the connection has used up its tries.
    FactorWrongLast,
    /// The code of the factor was used already.
    FactorUsed,
    /// Too many wrong codes; carries the wait.
    FactorWait(Duration),
    /// The factor was switched on, off or reset meanwhile.
    FactorChanged,
    /// The account must have a factor.
    FactorDemanded,
    /// The account has no factor.
    FactorOff,
    /// The actor may not do that (any more).
    NotAllowed,
    /// No account of that handle.
    NoSuchAccount,
    /// An account of that handle is there, and differs from what was listed.
    AccountDiffers,
    /// No role of that name.
    RoleUnknown,
    /// A list says neither yes nor no about a letter.
    SendUnclear,
    /// The account waits for the code that activates it; until then it has no
    /// way in, and nothing is done in its name.
    NotActivated,
    /// The account waits for no code.
    NotPrepared,
    /// No invite of that number that the actor may see.
    NoSuchInvite,
    /// No key of that number or fingerprint.
    NoSuchKey,
    /// Somebody was faster: what the row says now.
    Conflict {
        /// The handle.
        handle: String,
        /// Where it stands now.
        status: Status,
        /// Who did that.
        by: Option<String>,
        /// When.
        at: Timestamp,
        /// The moment of asking, for "4 s ago".
        now: Timestamp,
    },
    /// The decision was taken longer ago, or something happened since.
    UndoLate,
    /// Whoever was let in has written something since.
    UndoWritten,
    /// What was typed is not the handle of the account to be deleted.
    NotThatHandle,
    /// The account is gone.
    Gone,
    /// Not to oneself.
    NotOneself,
    /// They have that role already.
    HasRole(Role),
    /// The last active sysop stays.
    LastSysop,
    /// A reason has to be given.
    ReasonNeeded,
    /// A reason has to be given, for the record.
    WhyNeeded,
    /// The switch for invitations is off.
    InvitationsOff,
    /// The actor has that many live codes already.
    InvitesFull(u32),
    /// Staff barred the actor from inviting; carries why.
    BarredFromInviting(String),
    /// They are barred from inviting already.
    BarredAlready,
    /// They are not barred from inviting.
    NotBarred,
    /// They could not invite in any case.
    NeverInvites,
    /// The account is too young to invite; carries the days.
    InviterYoung(u32),
    /// That is not within the actor's bounds; carries the bound.
    InviteBeyond(String),
    /// The invite stands where that can't be done any more.
    InviteOver(invite::State),
    /// An invite for that address is out by letter already; carries its number.
    InviteOut(String),
    /// The invite came to another address, and is for whoever has that.
    NotWhereItCame,
    /// The code of that invite was shown, and does not go by letter.
    NotByLetter,
    /// That address was written to often enough today, or that member has had
    /// enough letters written.
    LettersEnough,
    /// A value for a setting; carries the sentence.
    SettingRefused(String),
    /// Somebody else changed the setting meanwhile: the value and who.
    SettingChanged {
        /// Who.
        by: String,
        /// The value now.
        value: String,
    },
    /// There is something where a copy of the board was to go; carries where.
    CopyInTheWay(String),
    /// A copy of the board could not be made.
    CopyFailed {
        /// Where it was to go.
        place: String,
        /// What the system said.
        reason: String,
    },
    /// It could not be mended; carries what the system said.
    NotMended(String),
    /// The invite does not wait to be thawed.
    InviteNotFrozen,
    /// Only staff get in; carries the sysop's words.
    Maintenance(String),
    /// The account has no session of that number.
    NoSuchSession,
    /// No letter of that number.
    NoSuchLetter,
    /// That can't be done with a letter that stands there.
    LetterStands(State),
    /// No letters leave this board.
    MailOff,
    /// There is no program of the sysop's to be told.
    NoProgram,
    /// Staff and applicant have written each other enough.
    ConversationFull,
    /// There is no question to answer.
    NothingAsked,
    /// The question was answered often enough.
    AnswersSpent,
    /// Something speaks against letting them in; whoever decides may all the
    /// same.
    Doubtful(Doubt),
    /// They are not on line, or not in the waiting room.
    NotOnLine,
    /// Somebody else of staff talks with them; carries who.
    TalksAlready(String),
    /// The other side has left.
    TalkOver,
    /// So many lines in a few seconds are nobody's talking.
    TalkFast,
    /// No sysop is on line.
    NobodyAtDesk,
    /// The member rang often enough.
    RangEnough,
    /// The account has no address.
    NoAddress,
    /// Test letters go to active sysops only.
    NotASysop,
    /// The certificate ended, or its authority is not trusted any more.
    CertificateOver,
    /// No such access rule.
    NoSuchRule,
    /// There is a rule about that already; carries about what.
    RuleExists(String),
    /// That is no value of the kind.
    NoSuchSubject(Kind),
    /// Rules of the kind do other things.
    NoSuchEffect(Kind),
    /// The rule would keep them out, and nobody said that it may.
    LocksOut(LockedOut),
    /// All lines are busy.
    LinesBusy,
    /// The account has that many sessions already.
    SessionsFull(u32),
}

/// Who would be kept out by a rule they may not have meant for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockedOut {
    /// Whoever makes it.
    You,
    /// Callers at the board's own machine.
    ThisMachine,
}

/// What speaks against letting an applicant in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// An account has proven their address; carries its handle.
    SharesAddress(String),
    /// A key of theirs is an account's; carries its handle.
    SharesKey(String),
    /// Nobody could register with their address now.
    AddressRefused,
}

/// What makes a password easy to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Contains or is the handle, the address or the board's name.
    Personal,
    /// One unit over and over.
    Repeated,
    /// Among those everybody tries, or made of few common parts.
    Common,
}

impl From<RuleProblem> for Refusal {
    fn from(problem: RuleProblem) -> Self {
        match problem {
            RuleProblem::Value(kind) => Self::NoSuchSubject(kind),
            RuleProblem::Effect(kind) => Self::NoSuchEffect(kind),
        }
    }
}

impl Refusal {
    /// Returns the field the refusal stands under.
    pub const fn field(&self) -> Field {
        match self {
            Self::CodeTypo(_)
            | Self::CodeUnusable
            | Self::ResetUnusable
            | Self::ProofUnusable
            | Self::CodeNeeded
            | Self::CodesSpent
            | Self::CodeStopped
            | Self::InvitationsOff
            | Self::FactorShape
            | Self::FactorWrong
            | Self::FactorWrongLast
            | Self::FactorUsed
            | Self::FactorWait(_) => Field::Code,
            Self::HandleShape
            | Self::HandlePattern
            | Self::HandleTaken
            | Self::HandlesSpent
            | Self::HandleStopped
            | Self::NotThatHandle => Field::Handle,
            Self::EmailShape
            | Self::EmailDomain(_)
            | Self::EmailNeeded
            | Self::EmailTaken
            | Self::NotWhereItCame => Field::Email,
            Self::PasswordShort(_)
            | Self::PasswordLong
            | Self::PasswordCharacters
            | Self::PasswordEasy(_)
            | Self::NoWayIn
            | Self::WrongCredentials
            | Self::WrongCredentialsLast
            | Self::PasswordWait(_)
            | Self::WrongPassword => Field::Password,
            Self::PasswordsDiffer => Field::Again,
            Self::KeyUnusable(_)
            | Self::KeyTaken
            | Self::KeyYours
            | Self::KeysFull
            | Self::KeyLast
            | Self::KeyNotProven => Field::Key,
            Self::MessageNeeded => Field::Message,
            Self::TextLong(_)
            | Self::TextNeeded
            | Self::ReasonNeeded
            | Self::WhyNeeded
            | Self::InviteBeyond(_)
            | Self::SettingRefused(_)
            | Self::RuleExists(_)
            | Self::NoSuchSubject(_)
            | Self::SettingChanged { .. } => Field::Value,
            _ => Field::Whole,
        }
    }

    /// Whether the connection has used up its tries and ends.
    pub const fn hangs_up(&self) -> bool {
        matches!(
            self,
            Self::CodesSpent | Self::WrongCredentialsLast | Self::FactorWrongLast
        )
    }
}
