//! What a newcomer has typed so far. It lives in the wizard only and goes with
//! it.

use crate::{
    app::{
        form::MESSAGE,
        registration::{ANSWER, Expected, KeepKey},
    },
    domain::email::Email,
    settings::Settings,
    term::Key,
    tui::{
        Handled,
        widgets::{Choice, Editor, Field},
    },
};

/// Characters that are taken, where the rule is stricter and says so itself.
const CODE: usize = 80;
const HANDLE: usize = 40;
const EMAIL: usize = 254;
const LINE: usize = 200;
/// One more than may be: a longer password is refused, never cut.
const PASSWORD: usize = 257;

/// A place to fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Code,
    Handle,
    KeepKey,
    Password,
    Again,
    Email,
    Message,
    Answer(usize),
    SiteName,
    Contact,
}

/// What is filled in.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) code: Field,
    pub(super) handle: Field,
    pub(super) keep_key: Choice<KeepKey>,
    pub(super) password: Field,
    pub(super) again: Field,
    pub(super) email: Field,
    pub(super) message: Editor,
    pub(super) answers: Vec<Field>,
    pub(super) site_name: Field,
    pub(super) contact: Field,
}

impl Draft {
    /// Begins with what the door name said.
    pub(super) fn new(code: &str, handle: &str) -> Self {
        let keep_key = vec![
            (KeepKey::Yes, "yes, it is my way in".to_owned()),
            (KeepKey::No, "no, I want a password".to_owned()),
        ];
        Self {
            code: Field::new(CODE).with(code),
            handle: Field::new(HANDLE).with(handle),
            keep_key: Choice::new(keep_key, KeepKey::Yes),
            password: Field::masked(PASSWORD),
            again: Field::masked(PASSWORD),
            email: Field::new(EMAIL),
            message: Editor::new(MESSAGE),
            answers: Vec::new(),
            site_name: Field::new(LINE),
            contact: Field::new(LINE),
        }
    }

    /// Makes room for the sysop's questions, and begins with the board's name.
    pub(super) fn fit(&mut self, settings: &Settings) {
        let questions = settings.request_questions.0.len();
        self.answers.resize(questions, Field::new(ANSWER));
        if self.site_name.is_empty() {
            self.site_name.set(settings.site_name.as_str());
        }
        if self.contact.is_empty() {
            self.contact.set(settings.site_contact.as_str());
        }
    }

    /// Returns the one-line field of a place, if it is one.
    pub(super) fn field(&self, slot: Slot) -> Option<&Field> {
        match slot {
            Slot::Code => Some(&self.code),
            Slot::Handle => Some(&self.handle),
            Slot::Password => Some(&self.password),
            Slot::Again => Some(&self.again),
            Slot::Email => Some(&self.email),
            Slot::Answer(number) => self.answers.get(number),
            Slot::SiteName => Some(&self.site_name),
            Slot::Contact => Some(&self.contact),
            Slot::KeepKey | Slot::Message => None,
        }
    }

    fn field_mut(&mut self, slot: Slot) -> Option<&mut Field> {
        match slot {
            Slot::Code => Some(&mut self.code),
            Slot::Handle => Some(&mut self.handle),
            Slot::Password => Some(&mut self.password),
            Slot::Again => Some(&mut self.again),
            Slot::Email => Some(&mut self.email),
            Slot::Answer(number) => self.answers.get_mut(number),
            Slot::SiteName => Some(&mut self.site_name),
            Slot::Contact => Some(&mut self.contact),
            Slot::KeepKey | Slot::Message => None,
        }
    }

    /// Gives a key to a place.
    pub(super) fn key(&mut self, slot: Slot, key: Key) -> Handled {
        match (slot, self.field_mut(slot)) {
            (_, Some(field)) => field.key(key),
            (Slot::Message, None) => self.message.key(key),
            (_, None) => self.keep_key.key(key),
        }
    }

    /// Gives a paste to a place.
    pub(super) fn paste(&mut self, slot: Slot, text: &str) {
        match (slot, self.field_mut(slot)) {
            (_, Some(field)) => field.paste(text),
            (Slot::Message, None) => self.message.paste(text),
            (_, None) => {}
        }
    }

    /// Fills in the handle that an invite is for. Unless it is there already,
    /// another may have been typed.
    pub(super) fn expect_handle(&mut self, whom: &Expected) {
        let is_there = matches!(whom, Expected::Prepared(_));
        if let Some(handle) = whom.handle()
            && (is_there || self.handle.is_empty())
        {
            self.handle.set(handle.as_str());
        }
    }

    /// Fills in the address to which an invite came, unless another was typed.
    pub(super) fn expect_email(&mut self, came_to: Option<&Email>) {
        if let Some(email) = came_to
            && self.email.is_empty()
        {
            self.email.set(email.as_str());
        }
    }

    /// Whether there is nothing but blanks in the message.
    pub(super) fn has_no_message(&self) -> bool {
        self.message.text().trim().is_empty()
    }
}
