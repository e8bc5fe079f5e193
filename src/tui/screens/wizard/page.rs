//! How the steps of the wizard look.

mod read;

use super::{Waiting, Wizard, draft::Slot, step::Step};
use crate::{
    term::glyph,
    tui::{
        Canvas, Token, View,
        screens::joining::{MARGIN, key_name},
        widgets::Focus,
        wrap,
    },
};

/// Columns for the labels.
const LABELS: u16 = 10;
/// Rows from which on there is room for air and for every field of a step.
const ROOMY: u16 = 14;
/// Rows of the message.
const MESSAGE: std::ops::RangeInclusive<u16> = 2..=8;

/// Draws the step.
pub(super) fn draw(wizard: &Wizard, canvas: &mut Canvas<'_>, view: &View<'_>) {
    let (width, height) = (canvas.width(), canvas.height());
    let top = if height > ROOMY { 2 } else { 0 };
    let mut page = Page {
        wizard,
        view,
        canvas: canvas.part(0, top, width, height.saturating_sub(top)),
        y: 0,
    };
    match wizard.step {
        Step::Welcome => page.welcome(),
        Step::Handle => page.handle(),
        Step::WayIn => page.way_in(),
        Step::About => page.about(),
        Step::Board => page.board(),
        Step::Review => page.review(),
    }
}

/// A page that is drawn from the top.
struct Page<'a, 'c> {
    wizard: &'a Wizard,
    view: &'a View<'a>,
    canvas: Canvas<'c>,
    /// The next free row.
    y: u16,
}

impl<'a> Page<'a, '_> {
    const fn is_roomy(&self) -> bool {
        self.canvas.height() >= ROOMY
    }

    fn gap(&mut self) {
        self.y += u16::from(self.is_roomy());
    }

    /// Says a paragraph that begins some columns behind the margin.
    fn write(&mut self, indent: u16, text: &str, token: Token) {
        let x = MARGIN + indent;
        let width = self.canvas.width().saturating_sub(x + 1);
        self.y += self.canvas.paragraph((x, self.y), width, text, token);
    }

    fn say(&mut self, text: &str) {
        self.write(0, text, Token::Text);
    }

    /// Says what a small terminal can do without.
    fn hint(&mut self, text: &str) {
        if self.is_roomy() {
            self.write(LABELS, text, Token::Dim);
        }
    }

    fn refuse(&mut self, words: &str) {
        self.canvas.text(MARGIN, self.y, "✗", Token::Bad);
        self.write(2, words, Token::Bad);
    }

    fn focus(&self, slot: Slot) -> Focus {
        Focus::when(self.wizard.slot() == Some(slot) && self.wizard.waiting == Waiting::No)
    }

    /// Returns the refusal that stands under a place.
    fn refusal(&self, slot: Slot) -> Option<&'a str> {
        match &self.wizard.refusal {
            Some((Some(place), words)) if *place == slot => Some(words),
            _ => None,
        }
    }

    /// Draws a one-line field with its refusal, if the step has it now.
    fn field(&mut self, label: &str, slot: Slot) {
        let (focus, refusal) = (self.focus(slot), self.refusal(slot));
        if self.wizard.slots.contains(&slot)
            && let Some(field) = self.wizard.draft.field(slot)
        {
            let at = (MARGIN, self.y);
            self.y += field.draw_row(&mut self.canvas, at, (label, LABELS), focus, refusal);
        }
    }

    /// Says what belongs to no field: a refusal, or that something is under way.
    fn end(&mut self) {
        if let Some((None, words)) = &self.wizard.refusal {
            self.gap();
            self.refuse(words);
        }
        if self.wizard.waiting != Waiting::No {
            self.gap();
            self.write(0, "One moment…", Token::Dim);
        }
    }

    /// Returns the rows that a refusal and [`end`](Self::end) take.
    fn end_rows(&self) -> u16 {
        let gap = u16::from(self.is_roomy());
        let waits = match self.wizard.waiting {
            Waiting::No => 0,
            Waiting::Begin | Waiting::Check(_) | Waiting::Create => 1 + gap,
        };
        let refused = match &self.wizard.refusal {
            None => 0,
            Some((place, words)) => {
                let indent = if place.is_some() { LABELS + 2 } else { 3 };
                let width = self.canvas.width().saturating_sub(MARGIN + indent);
                let rows = wrap::wrap(words, width).len();
                gap + u16::try_from(rows).unwrap_or(u16::MAX)
            }
        };
        waits + refused
    }

    fn handle(&mut self) {
        self.say("What shall people call you?");
        self.gap();
        self.field("handle", Slot::Handle);
        self.gap();
        self.write(
            LABELS,
            "2-20 letters, digits, - or _, beginning with a letter and ending with a letter or \
             digit. It is shown on everything you write and can't be changed later.",
            Token::Dim,
        );
        self.end();
    }

    fn way_in(&mut self) {
        let wizard = self.wizard;
        let certified = wizard.certified(self.view).is_some();
        match &self.view.visit.key {
            _ if certified => {
                self.say("Your certificate is your way in; you need no password.");
            }
            Some(key) if wizard.has_key(self.view) => {
                self.say(&format!("You came with {}.", key_name(key)));
                self.gap();
                let focus = self.focus(Slot::KeepKey);
                let (at, label) = ((MARGIN, self.y), ("keep it", LABELS));
                let choice = &wizard.draft.keep_key;
                self.y += choice.draw_row(&mut self.canvas, at, label, focus);
                self.hint("Space changes it. With the key you need no password.");
            }
            Some(_) => {
                self.say("The key you came with is somebody's here, so choose a password.");
            }
            None => self.say("You came without a key, so choose a password."),
        }
        if let Some(words) = self.refusal(Slot::KeepKey) {
            self.refuse(words);
        }
        self.gap();
        if wizard.slots.contains(&Slot::Password) {
            self.field("password", Slot::Password);
            self.field("again", Slot::Again);
            let least = self.view.settings.password_min_length;
            self.hint(&format!(
                "At least {least} characters; a few words are best."
            ));
            self.gap();
        }
        self.field("e-mail", Slot::Email);
        if !wizard.slots.contains(&Slot::Email) {
            return self.end();
        }
        let proves = wizard.needs_email(self.view) && self.view.settings.require_email_verification;
        let is_proven = wizard.is_where_it_came();
        self.hint(if is_proven {
            "Your invite came there, and proves that it is yours. Only sysops see it."
        } else if proves {
            "Needed here: a letter with a code goes there. Only sysops see it."
        } else if wizard.needs_email(self.view) {
            "Needed here. Only sysops see it."
        } else {
            "May stay empty. Only sysops see it, to reach you."
        });
        self.end();
    }

    fn about(&mut self) {
        self.say("A sysop reads this and decides.");
        self.gap();
        let questions = &self.view.settings.request_questions.0;
        // A question, its answer and a line of air.
        let asked = 3 * u16::try_from(questions.len()).unwrap_or(0);
        for &slot in &self.wizard.slots {
            // Where there is no room for all, only the one with the focus.
            if !self.is_roomy() && self.wizard.slot() != Some(slot) {
                continue;
            }
            if let Slot::Answer(number) = slot {
                let question = questions.get(number).map_or("", |one| one.as_str());
                self.write(0, question, Token::Dim);
                self.field("answer", slot);
                self.gap();
            } else {
                self.message(if self.is_roomy() { asked } else { 0 });
            }
        }
        self.end();
    }

    /// Draws the message; `below` rows must be left.
    fn message(&mut self, below: u16) {
        let draft = &self.wizard.draft.message;
        let focus = self.focus(Slot::Message);
        let ink = match focus {
            Focus::Here => Token::Accent.bold(),
            Focus::Elsewhere => Token::Dim.into(),
        };
        let label = "Why would you like to join?";
        let end = self.canvas.text(MARGIN, self.y, label, ink);
        let count = format!("{} left", draft.left());
        let columns = u16::try_from(glyph::width(&count)).unwrap_or(u16::MAX);
        let at = self.canvas.width().saturating_sub(columns + 1);
        if at > end {
            self.canvas.text(at, self.y, &count, Token::Dim);
        }
        self.y += 1;
        let taken = self.y + below + self.end_rows();
        let room = self.canvas.height().saturating_sub(taken);
        let rows = room.clamp(*MESSAGE.start(), *MESSAGE.end());
        for y in self.y..self.y + rows {
            self.canvas.text(MARGIN, y, "│", Token::Rule);
        }
        let x = MARGIN + 2;
        let width = self.canvas.width().saturating_sub(x);
        let mut page = self.canvas.part(x, self.y, width, rows);
        draft.draw(&mut page, focus);
        self.y += rows;
        if let Some(words) = self.refusal(Slot::Message) {
            self.refuse(words);
        }
        self.gap();
    }

    fn board(&mut self) {
        self.say("What is the board called, and whom do people ask?");
        self.gap();
        self.field("name", Slot::SiteName);
        self.field("contact", Slot::Contact);
        self.hint("Callers see both, and you can change them later.");
        self.end();
    }
}
