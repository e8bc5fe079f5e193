//! The page of one person: everything staff may know, and the same keys as in
//! the list.

use super::super::conversation::said;
use super::{
    deed::{
        Answer, Deed, Deeds, activation, approve, ask, claim, delete, edit, factor, note,
        reactivate, reject, reopen, reset, sessions, suspend, talk, tree, undo, waive,
    },
    facts,
};
use crate::{
    app::{Ruling, queue::Detail},
    domain::{event::Event, id::AccountId},
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        screens::mail,
        widgets::{Prose, Scroll},
    },
    words,
};

/// Columns of the labels.
const LABEL: u16 = 10;

/// Columns before what is listed with a moment or a number.
const ENTRY: u16 = 14;

/// The page of one person.
#[derive(Debug)]
pub struct Profile {
    id: AccountId,
    handle: String,
    detail: Option<Ruling<Detail>>,
    deeds: Deeds,
    scroll: Scroll,
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Does something to this account.
    Do(&'static Deed),
}

/// What it is told.
#[derive(Debug)]
pub enum Msg {
    /// What is known.
    Detail(Box<Ruling<Detail>>),
    /// The answer to a deed.
    Deed(Answer),
}

impl Profile {
    /// Makes the page of an account.
    pub fn new(id: AccountId, handle: String) -> Self {
        Self {
            id,
            handle,
            detail: None,
            deeds: Deeds::new(),
            scroll: Scroll::default(),
        }
    }

    fn detail(&self) -> Option<&Detail> {
        self.detail.as_ref()?.as_ref().ok()
    }

    fn load(&self, fx: &mut Effects<'_, Msg>) {
        let id = self.id;
        fx.load(
            "users.profile",
            move |bbs, actor, _| async move { bbs.user(&actor, id).await },
            |ruling| Msg::Detail(Box::new(ruling)),
        );
    }
}

/// Returns the page as a text, wrapped to `width` columns.
fn prose(detail: &Detail, width: u16, view: &View<'_>) -> Prose {
    let account = &detail.account;
    let mut prose = Prose::new(width);
    if !view.is_narrow() {
        prose = prose.gap();
    }
    prose = prose.row("status", LABEL, &facts::standing(account, view));
    if detail.is_on_line() {
        prose = prose.fact("", LABEL, "on the line now", Token::Good);
    }
    if let Some(reason) = &account.status_reason {
        prose = prose.row("reason", LABEL, reason);
    }
    prose = prose.row("mail", LABEL, &facts::mail(detail));
    if let Some(claimed) = facts::claimed(detail, view) {
        prose = prose.fact("claimed", LABEL, &claimed, Token::Warn);
    }
    if let Some((text, token)) = facts::letter(detail, view) {
        prose = prose.fact("letter", LABEL, &text, token);
    }
    prose = prose.row("via", LABEL, &facts::via(account));
    if let Some((text, token)) = facts::activation(detail, view) {
        prose = prose.fact("code", LABEL, &text, token);
    }
    prose = prose.row("seen", LABEL, &facts::seen(detail, view));
    prose = prose.row("since", LABEL, &facts::since(detail, view));
    if account.has_password {
        prose = prose.row("password", LABEL, "yes");
    }
    if let Some((text, token)) = facts::factor(detail, view) {
        prose = prose.fact("2-factor", LABEL, &text, token);
    }
    for key in &detail.keys {
        prose = prose.row("key", LABEL, &facts::key(key, view));
    }
    if detail.keys.is_empty() {
        prose = prose.row("key", LABEL, "none");
    }
    for hint in &detail.hints {
        prose = prose.fact("hint", LABEL, &facts::hint(hint, view), Token::Warn);
    }
    let request = facts::request(detail);
    if !request.is_empty() {
        prose = prose.gap().say("The request", Token::Dim).quote(&request);
    }
    for (replaced_at, message) in &detail.history {
        let until = format!("Before {}", view.date_of(*replaced_at));
        prose = prose.gap().say(&until, Token::Dim).quote(message);
    }
    prose = said(prose, &detail.conversation, view);
    for note in &detail.notes {
        let by = format!("{} noted {}", note.author, view.date_of(note.at));
        prose = prose.gap().say(&by, Token::Dim).quote(&note.text);
    }
    ties(prose, detail, view)
}

/// Adds where they are on line, whom they invited and what they were written.
fn ties(mut prose: Prose, detail: &Detail, view: &View<'_>) -> Prose {
    if !detail.sessions.is_empty() {
        prose = prose.gap().say("On line", Token::Dim);
    }
    for caller in &detail.sessions {
        let (since, place) = facts::session(caller, view);
        prose = prose.row(&since, ENTRY, &place);
    }
    let invites = &detail.ties.invites;
    if !invites.is_empty() {
        let title = format!("Invites, {}", facts::invite_counts(invites));
        prose = prose.gap().say(&title, Token::Dim);
    }
    for seen in invites {
        let (text, token) = facts::invite(seen);
        prose = prose.fact(&seen.invite.number(), ENTRY, &text, token);
    }
    let letters = &detail.ties.letters;
    if !letters.is_empty() {
        prose = prose.gap().say("Letters", Token::Dim);
    }
    for letter in letters {
        let (state, token) = mail::standing(letter, view);
        let text = format!("{}: {state}", words::letter::about(letter.kind));
        prose = prose.fact(&view.date_of(letter.created_at), ENTRY, &text, token);
    }
    prose
}

impl Screen for Profile {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        approve::DEED.bind(Act::Do(&approve::DEED)),
        reject::DEED.bind(Act::Do(&reject::DEED)),
        ask::DEED.bind(Act::Do(&ask::DEED)),
        suspend::DEED.bind(Act::Do(&suspend::DEED)),
        reactivate::DEED.bind(Act::Do(&reactivate::DEED)),
        reopen::DEED.bind(Act::Do(&reopen::DEED)),
        activation::DEED.bind(Act::Do(&activation::DEED)),
        waive::DEED.bind(Act::Do(&waive::DEED)),
        undo::DEED.bind(Act::Do(&undo::DEED)),
        note::DEED.bind(Act::Do(&note::DEED)),
        edit::DEED.bind(Act::Do(&edit::DEED)),
        reset::DEED.bind(Act::Do(&reset::DEED)),
        talk::DEED.bind(Act::Do(&talk::DEED)),
        factor::DEED.bind(Act::Do(&factor::DEED)),
        claim::DEED.bind(Act::Do(&claim::DEED)),
        sessions::DEED.bind(Act::Do(&sessions::DEED)),
        delete::DEED.bind(Act::Do(&delete::DEED)),
        tree::DEED.bind(Act::Do(&tree::DEED)),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        format!("Sysop ▸ Users ▸ {}", self.handle)
    }

    fn offers(&self, Act::Do(deed): Act, view: &View<'_>) -> bool {
        self.detail()
            .is_some_and(|detail| self.deeds.offer(deed, detail.into(), detail.powers, view))
    }

    fn has_list(&self) -> bool {
        true
    }

    fn start(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.load(fx);
    }

    fn act(&mut self, Act::Do(deed): Act, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if let Some(Ok(detail)) = &self.detail {
            self.deeds.begin(deed, &detail.account, view, fx, Msg::Deed);
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        self.scroll.key(key)
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Detail(ruling) => self.detail = Some(*ruling),
            Msg::Deed(answer) => self.deeds.answer(answer, fx, Msg::Deed),
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match event {
            Event::AccountChanged(id) | Event::AccountGone(id) if id == self.id => {
                self.reload(view, fx);
            }
            Event::UsersChanged
            | Event::PresenceChanged
            | Event::MailChanged
            | Event::InvitesChanged(_) => {
                self.reload(view, fx);
            }
            _ => {}
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.load(fx);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let width = canvas.width();
        let prose = match &self.detail {
            None => Prose::new(width).gap().say("One moment…", Token::Dim),
            Some(Err(stop)) => {
                let sentence = say::sentence(stop);
                Prose::new(width).gap().say(&sentence, Token::Bad)
            }
            Some(Ok(detail)) => prose(detail, width, view),
        };
        self.scroll.draw(canvas, &prose);
    }
}
