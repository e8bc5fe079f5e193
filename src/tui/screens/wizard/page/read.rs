//! The steps that are mostly read: what joining means here, and all of it once
//! more. Their text scrolls; what is under it stays.

use super::{LABELS, Page};
use crate::{
    app::registration::Expected,
    domain::registration::Admits,
    tui::{
        Token,
        screens::{
            joining::{Joining, key_name},
            wizard::draft::Slot,
        },
        widgets::Prose,
    },
    words,
};

/// Columns for the labels of the review.
const REVIEW: u16 = LABELS + 2;

impl Page<'_, '_> {
    /// Draws a text that scrolls and leaves rows below it free.
    fn scrolled(&mut self, prose: &Prose, below: u16) {
        let (width, height) = (self.canvas.width(), self.canvas.height());
        let rows = prose.height().min(height.saturating_sub(below));
        let mut place = self.canvas.part(0, 0, width, rows);
        self.wizard.scroll.draw(&mut place, prose);
        self.y = rows;
        self.gap();
    }

    pub(super) fn welcome(&mut self) {
        let wizard = self.wizard;
        let settings = self.view.settings;
        let prose = Prose::new(self.canvas.width());
        let mut prose = if wizard.claim.is_some() {
            prose
                .say("Nobody runs this board yet.", Token::Accent.bold())
                .say(
                    "You hold its claim: these steps make your account, and you the sysop.",
                    Token::Text,
                )
        } else {
            let name = prose.say(settings.site_name.as_str(), Token::Accent.bold());
            if wizard.prepared().is_some() {
                // How others join is nothing to them.
                name
            } else {
                let joining = Joining::of(&wizard.front, settings);
                name.say(&joining.sentence(), Token::Text)
            }
        };
        if let Some(words) = self.certificate() {
            prose = prose.say(&words, Token::Good);
        }
        if let Some((words, message)) = self.invitation() {
            prose = prose.say(&words, Token::Good);
            if !message.is_empty() {
                prose = prose.quote(message);
            }
        }
        if !settings.house_rules.is_empty() {
            let rules = settings.house_rules.as_str();
            prose = prose
                .gap()
                .say("House rules", Token::Dim)
                .say(rules, Token::Text);
        }
        let stored = format!(
            "Your handle; your key, or a scrambled form of your password; your e-mail address if \
             you give one; what you write; and for {} days the network you call from. Nothing at \
             all before the last step.",
            settings.source_keep_days
        );
        prose = prose
            .gap()
            .say("What is stored", Token::Dim)
            .say(&stored, Token::Text);

        let takes_code = wizard.slots.contains(&Slot::Code);
        let hints = takes_code && wizard.draft.code.is_empty() && wizard.refusal.is_none();
        let field = u16::from(takes_code) + u16::from(self.is_roomy()) * (1 + u16::from(hints));
        self.scrolled(&prose, field + self.end_rows());
        self.field("invite", Slot::Code);
        if hints {
            let joining = Joining::of(&wizard.front, settings);
            self.hint(if joining.may_ask {
                "A code, if somebody gave you one. It may stay empty."
            } else {
                "The code that somebody gave you."
            });
        }
        self.end();
    }

    /// Returns what the certificate of this call is worth.
    fn certificate(&self) -> Option<String> {
        let certified = self.wizard.certified(self.view)?;
        let worth = match self.wizard.admits(self.view) {
            Admits::Active => "the last step lets you in",
            Admits::Pending => "a sysop decides",
            Admits::Refused => return None,
        };
        let handle = certified.handle();
        Some(format!(
            "You came with a certificate for {handle}: {worth}."
        ))
    }

    /// Returns who invited and what that is worth, and what they have to say.
    fn invitation(&self) -> Option<(String, &str)> {
        let preview = self.wizard.invitation()?;
        let inviter = preview.inviter.as_deref();
        if let Expected::Prepared(handle) = &preview.whom {
            let words = words::activation::made_for_you(handle.as_str(), inviter);
            return Some((words, &preview.message));
        }
        // While registration is paused, an invite is worth nothing.
        if self.wizard.front.paused.is_some() {
            return None;
        }
        let inviter = inviter.unwrap_or("Whoever runs this board");
        let words = match preview.admits {
            Admits::Active => format!("{inviter} invites you: the last step lets you in."),
            Admits::Pending => format!("{inviter} invites you, and a sysop decides."),
            Admits::Refused => return None,
        };
        Some((words, &preview.message))
    }

    pub(super) fn review(&mut self) {
        let wizard = self.wizard;
        let draft = &wizard.draft;
        let way_in = match &self.view.visit.key {
            Some(key) if wizard.keeps_key(self.view) => key_name(key),
            _ if wizard.certified(self.view).is_some() => "your certificate".to_owned(),
            _ => "a password".to_owned(),
        };
        let email = match draft.email.text().trim() {
            "" => "none",
            email => email,
        };
        let mut prose = Prose::new(self.canvas.width())
            .row("handle", REVIEW, draft.handle.text().trim())
            .row("way in", REVIEW, &way_in);
        let is_prepared = wizard.prepared().is_some();
        if !is_prepared {
            prose = prose.row("e-mail", REVIEW, email);
        }
        if wizard.claim.is_some() {
            let contact = match draft.contact.text().trim() {
                "" => "nobody",
                contact => contact,
            };
            prose = prose
                .row("board", REVIEW, draft.site_name.text().trim())
                .row("contact", REVIEW, contact);
        } else if let Some((_, preview)) = &wizard.preview {
            let inviter = preview.inviter.as_deref();
            let inviter = inviter.unwrap_or("whoever runs this board");
            let by = if is_prepared { "made by" } else { "invited by" };
            prose = prose.row(by, REVIEW, inviter);
        }
        let admits = wizard.admits(self.view);
        if admits == Admits::Pending {
            prose = prose.gap().quote(draft.message.text().trim());
            let questions = &self.view.settings.request_questions.0;
            for (question, answer) in questions.iter().zip(&draft.answers) {
                prose = prose
                    .say(question.as_str(), Token::Dim)
                    .quote(answer.text().trim());
            }
        }
        let end = if wizard.claim.is_some() {
            "Enter makes your account, and you the sysop."
        } else if is_prepared {
            "Enter activates your account, and you are in."
        } else if admits == Admits::Pending {
            "Enter sends your request. You may wait on the line."
        } else {
            "Enter makes your account, and you are in."
        };
        let end = Prose::new(self.canvas.width()).say(end, Token::Text);
        let rows = end.height();
        self.scrolled(&prose, rows + u16::from(self.is_roomy()) + self.end_rows());
        let (y, width) = (self.y, self.canvas.width());
        end.draw(&mut self.canvas.part(0, y, width, rows));
        self.y += rows;
        self.end();
    }
}
