//! One caller's session: the layers, what the terminal shows, what is under
//! way. Everything but waiting happens here, so a test can step it by hand.

use std::{sync::Arc, time::Duration};

use chrono_tz::Tz;
use tokio::{
    sync::broadcast::{self, error::RecvError},
    task::{AbortHandle, Id, JoinError, JoinSet},
};

use super::{
    Handled, Layer, Look, Reply, Scratch, View, chrome,
    effects::{Effect, Kind, LayerId, Notice, Payload, Tone},
    help::Help,
    line::{Size, Terminal},
    stack::Stack,
    widgets::Confirm,
    wrap::wrap,
};
use crate::{
    app::{Bbs, visit::Visit},
    domain::{actor::Actor, event::Event},
    settings::Settings,
    term::{
        Caps, Decoder, Input, Key, Picture,
        image::{self, Image},
    },
    words,
};
use standing::Told;

/// Calls of one session that may be under way; while there are as many, keys
/// are not read, and TCP pushes back.
const CALLS: usize = 8;

/// Printable keys a menu takes from one piece of input: more at once are a
/// paste from a terminal that does not say so.
const BURST: usize = 32;

/// How long a line for everybody stays, whatever keys are pressed.
const SAID: Duration = Duration::from_secs(10);

/// How long everybody sees that the board closes before it does.
const FAREWELL: Duration = Duration::from_secs(2);

/// How long before the end an idle caller is warned.
const WARNING: Duration = Duration::from_mins(1);

/// For so long after the caller did something, news of their own account are of
/// their own doing: the answer and the event come in either order.
const OWN_DOING: Duration = Duration::from_millis(500);

/// What a session is made of.
pub struct Parts {
    /// The board.
    pub bbs: Arc<Bbs>,
    /// The call.
    pub visit: Arc<Visit>,
    /// Who calls.
    pub actor: Actor,
    /// Where frames are drawn.
    pub scratch: Arc<Scratch>,
    /// What the client told about its terminal.
    pub terminal: Terminal,
    /// How big it is.
    pub size: Size,
}

/// One caller's session.
pub struct Session {
    caller: Caller,
    stack: Stack,
    queue: Vec<Effect>,
    decoder: Decoder,
    scratch: Arc<Scratch>,
    image: Image,
    events: broadcast::Receiver<Event>,
    calls: JoinSet<Payload>,
    /// What each call under way is, and for whom.
    under_way: Vec<UnderWay>,
    notice: Option<Notice>,
    timing: Timing,
    /// The question before leaving, if it is open.
    leaving: Option<LayerId>,
    has_entered: bool,
    rings: bool,
    is_dirty: bool,
    /// The last words, once it is over.
    over: Option<String>,
}

/// A call that was begun.
struct UnderWay {
    task: AbortHandle,
    layer: LayerId,
    name: &'static str,
    kind: Kind,
}

/// What views are made of.
struct Caller {
    bbs: Arc<Bbs>,
    visit: Arc<Visit>,
    actor: Actor,
    settings: Arc<Settings>,
    /// The client's own time zone, if it told one.
    zone: Option<Tz>,
    size: Size,
    caps: Caps,
    /// Requests that wait, for whoever may decide about them.
    waiting: Option<u32>,
    /// Notices that were not read.
    unread: u32,
}

impl Caller {
    fn view(&self) -> View<'_> {
        View {
            now: self.bbs.clock().now(),
            zone: self.zone.unwrap_or(self.settings.time_zone),
            size: self.size,
            look: Look {
                theme: self.settings.theme,
                depth: self.caps.depth,
                charset: self.caps.charset,
            },
            actor: &self.actor,
            settings: &self.settings,
            visit: &self.visit,
            waiting: self.waiting.unwrap_or(0),
            unread: self.unread,
        }
    }
}

/// Moments of the stop-watch.
#[derive(Debug)]
struct Timing {
    /// The last key.
    heard: Duration,
    /// The last byte, if it left the decoder waiting.
    begun: Duration,
    /// The last tick of the screen on top.
    ticked: Duration,
    /// When the caller did something last.
    acted: Option<Duration>,
    is_warned: bool,
    /// Until when the notice stays, whatever keys are pressed.
    kept: Duration,
    /// When it ends because the board closes.
    ends: Option<Duration>,
}

impl Session {
    /// Opens a session with its first screen.
    pub fn open(parts: Parts, first: impl Into<Layer>) -> Self {
        let Parts {
            bbs,
            visit,
            actor,
            scratch,
            terminal,
            size,
        } = parts;
        let caps = Caps::judge(&terminal.term, &terminal.env);
        let settings = bbs.settings();
        let zone = zone_of(&terminal);
        let now = bbs.clock().tick();
        let mut session = Self {
            // Before the first screen loads anything: no change is missed.
            events: bbs.hub().listen(),
            caller: Caller {
                bbs,
                visit,
                actor,
                settings,
                zone,
                size,
                caps,
                waiting: None,
                unread: 0,
            },
            stack: Stack::default(),
            queue: vec![Effect::Push(first.into())],
            decoder: Decoder::new(),
            scratch,
            image: Image::blank(size.width, size.height),
            calls: JoinSet::new(),
            under_way: Vec::new(),
            notice: None,
            timing: Timing {
                heard: now,
                begun: now,
                ticked: now,
                acted: None,
                is_warned: false,
                kept: Duration::ZERO,
                ends: None,
            },
            leaving: None,
            has_entered: false,
            rings: false,
            is_dirty: true,
            over: None,
        };
        session.ask_waiting();
        session.ask_unread();
        session.apply();
        session
    }

    /// Ends it from outside: the board wants the line back.
    pub fn end(&mut self) {
        self.over = Some(words::session::line_closed().to_owned());
    }

    /// Tells the caller that the board closes; a moment later it is over.
    pub fn see_out(&mut self) {
        let now = self.caller.bbs.clock().tick();
        self.timing.ends = Some(now + FAREWELL);
        self.tell_all(words::session::closing());
    }

    /// Whether the caller was told that the board closes.
    pub const fn is_seen_out(&self) -> bool {
        self.timing.ends.is_some()
    }

    /// Whether it is over: then only [`close`](Self::close) is left to do.
    pub const fn is_over(&self) -> bool {
        self.over.is_some()
    }

    /// Whether it takes input now.
    pub fn is_listening(&self) -> bool {
        self.calls.len() < CALLS
    }

    /// Whether it waits for the answer of a call.
    pub fn is_calling(&self) -> bool {
        !self.calls.is_empty()
    }

    /// Whether the terminal may show something old.
    pub const fn is_dirty(&self) -> bool {
        self.is_dirty
    }

    /// Takes bytes from the client.
    pub fn feed(&mut self, bytes: &[u8]) {
        let now = self.caller.bbs.clock().tick();
        self.timing.begun = now;
        let mut burst = 0;
        for byte in bytes {
            let Some(input) = self.decoder.push(*byte) else {
                continue;
            };
            let typing = self.stack.top().is_some_and(|top| top.screen().typing());
            if !typing && matches!(input, Input::Key(Key::Char(_))) {
                burst += 1;
                if burst > BURST {
                    self.say(words::session::burst(), Tone::Bad);
                    return;
                }
            }
            self.input(input, now);
            if self.is_over() {
                return;
            }
        }
    }

    /// Takes a new size.
    pub fn resize(&mut self, size: Size) {
        if self.caller.size != size {
            self.caller.size = size;
            self.is_dirty = true;
        }
    }

    /// Returns the moment of the stop-watch at which it must be woken.
    pub fn deadline(&self) -> Duration {
        let patience = self.decoder.patience().map(|p| self.timing.begun + p);
        let tick = self.stack.top().and_then(|top| top.screen().tick());
        let tick = tick.map(|every| self.timing.ticked + every);
        let idle = self.timing.heard + self.idle_limit();
        let idle = if self.timing.is_warned {
            idle
        } else {
            idle.saturating_sub(WARNING)
        };
        [patience, tick, self.timing.ends]
            .into_iter()
            .flatten()
            .fold(idle, Duration::min)
    }

    /// Does what is due at a moment of the stop-watch.
    pub fn wake(&mut self, at: Duration) {
        let at = at.max(self.caller.bbs.clock().tick());
        if let Some(patience) = self.decoder.patience()
            && self.timing.begun + patience <= at
            && let Some(input) = self.decoder.flush()
        {
            self.input(input, at);
        }
        let every = self.stack.top().and_then(|top| top.screen().tick());
        if every.is_some_and(|every| self.timing.ticked + every <= at) {
            self.timing.ticked = at;
            let view = self.caller.view();
            if let Some(top) = self.stack.top_mut() {
                top.with(&mut self.queue, |screen, asking| {
                    screen.ticked(&view, asking);
                });
            }
            self.is_dirty = true;
            self.apply();
        }
        if self.timing.ends.is_some_and(|end| end <= at) {
            self.over = Some(format!("{}\n", words::session::closing()));
            return;
        }
        let silent = at.saturating_sub(self.timing.heard);
        if silent >= self.idle_limit() {
            self.over = Some(words::session::idle().to_owned());
        } else if silent + WARNING >= self.idle_limit() && !self.timing.is_warned {
            self.timing.is_warned = true;
            self.rings = true;
            self.say(words::session::still_there(), Tone::Bad);
        }
    }

    /// Waits for an event or the answer of a call, and takes it. Nothing is
    /// lost when the waiting is given up.
    pub async fn rouse(&mut self) {
        tokio::select! {
            Some(answer) = self.calls.join_next_with_id() => self.answered(answer),
            // Many events and slow calls: they wait in the ring, and what falls
            // out of it becomes one reload.
            event = self.events.recv(), if self.calls.len() < CALLS => match event {
                Ok(event) => self.happened(event),
                Err(RecvError::Lagged(_)) => self.reload(),
                // The hub lives as long as the board, and we hold the board.
                Err(RecvError::Closed) => self.over = Some(String::new()),
            },
        }
    }

    /// Waits until no call is under way and no event unheard: for tests
    /// and pictures.
    pub async fn settle(&mut self) {
        while !self.calls.is_empty() || !self.events.is_empty() {
            self.rouse().await;
        }
    }

    /// Returns the bytes that bring the terminal up to date, if there are any.
    /// Whoever asks must send them: the session takes them for shown.
    pub fn frame(&mut self) -> Option<Vec<u8>> {
        self.is_dirty = false;
        self.tell_place();
        let mut out = Vec::new();
        if !std::mem::replace(&mut self.has_entered, true) {
            out.extend_from_slice(image::ENTER);
        }
        if std::mem::take(&mut self.rings) {
            out.extend_from_slice(image::BELL);
        }
        let Size { width, height } = self.caller.size;
        if self.image.size() != (width, height) {
            self.image.clear(width, height, &mut out);
        }
        let view = self.caller.view();
        self.scratch.lend(self.caller.size, |buffer| {
            let cursor = chrome::draw(buffer, &self.stack, self.notice.as_ref(), &view);
            let cursor = cursor.map(|place| (place.x, place.y));
            self.image.show(buffer, self.caller.caps, cursor, &mut out);
        });
        (!out.is_empty()).then_some(out)
    }

    /// Returns what the terminal shows after the next frame.
    pub fn picture(&self) -> Picture {
        let view = self.caller.view();
        self.scratch.lend(self.caller.size, |buffer| {
            let cursor = chrome::draw(buffer, &self.stack, self.notice.as_ref(), &view);
            let cursor = cursor.map(|place| (place.x, place.y));
            Picture::of(buffer, self.caller.caps, cursor)
        })
    }

    /// Returns the types of the screens that lie here, from the bottom.
    pub fn screens(&self) -> Vec<&'static str> {
        self.stack.names().collect()
    }

    /// Ends it: returns the bytes that give the terminal back, if it was
    /// taken, and the last words. Calls under way are given up.
    pub fn close(self) -> (Option<&'static [u8]>, String) {
        let leave = self.has_entered.then_some(image::LEAVE);
        let last = self.over.unwrap_or_default();
        (leave, wrap(&last, self.caller.size.width).join("\n"))
    }

    /// Who calls, as the session knows.
    pub const fn actor(&self) -> &Actor {
        &self.caller.actor
    }

    fn idle_limit(&self) -> Duration {
        let minutes = match self.caller.actor {
            Actor::Guest => self.caller.settings.idle_minutes_strangers,
            Actor::Applicant(_) | Actor::Member(_) | Actor::Console { .. } => {
                self.caller.settings.idle_minutes_members
            }
        };
        Duration::from_mins(u64::from(minutes))
    }

    fn input(&mut self, input: Input, now: Duration) {
        self.timing.heard = now;
        self.timing.is_warned = false;
        if self.timing.kept <= now {
            self.notice = None;
        }
        self.is_dirty = true;
        match input {
            Input::Key(key) => self.press(key),
            Input::Paste(paste) => {
                let view = self.caller.view();
                if let Some(top) = self.stack.top_mut() {
                    let text = &paste.text;
                    top.with(&mut self.queue, |s, asking| s.paste(text, &view, asking));
                    if paste.is_cut {
                        self.say(words::session::paste_cut(), Tone::Bad);
                    }
                }
            }
        }
        self.apply();
    }

    fn press(&mut self, key: Key) {
        match key {
            Key::Ctrl('c') => return self.ask_to_leave(),
            Key::Ctrl('l') => return self.redraw(),
            _ => {}
        }
        let view = self.caller.view();
        let Some(top) = self.stack.top_mut() else {
            return;
        };
        let taken = top.with(&mut self.queue, |s, asking| s.press(key, &view, asking));
        if taken == Handled::Yes {
            return;
        }
        let typing = top.screen().typing();
        let top = top.id;
        match key {
            Key::F(1) => self.help(),
            Key::Char('?') if !typing => self.help(),
            Key::Esc if self.stack.len() > 1 => self.queue.push(Effect::Pop(top)),
            Key::Char('q' | 'Q') if !typing && self.stack.len() > 1 => {
                self.queue.push(Effect::Pop(top));
            }
            Key::Char('q' | 'Q') if !typing => self.ask_to_leave(),
            _ => {}
        }
    }

    fn help(&mut self) {
        if let Some(top) = self.stack.top() {
            let help = Help::of(top, self.stack.len(), &self.caller.view());
            self.queue.push(Effect::Push(help.into()));
        }
    }

    fn ask_to_leave(&mut self) {
        let top = self.stack.top().map(|layer| layer.id);
        if self.leaving.is_some() && self.leaving == top {
            self.over = Some(words::session::goodbye().to_owned());
            return;
        }
        let [title, text, yes, no] = words::session::leave();
        let card = Confirm::new(title, text, yes, no, Reply::leaving());
        self.leaving = Some(self.push(card.into()));
    }

    fn redraw(&mut self) {
        // A size that no terminal has: the next frame clears and draws all.
        self.image = Image::blank(0, 0);
    }

    fn happened(&mut self, event: Event) {
        self.watch(event);
        let view = self.caller.view();
        for layer in self.stack.iter_mut() {
            layer.with(&mut self.queue, |s, asking| s.event(event, &view, asking));
        }
        // Most events concern few: a session that asks for nothing is not
        // drawn again.
        self.is_dirty |= !self.queue.is_empty();
        self.apply();
    }

    fn reload(&mut self) {
        self.caller.settings = self.caller.bbs.settings();
        if let Some(id) = self.caller.actor.account() {
            self.ask_standing(id);
        }
        self.ask_waiting();
        self.ask_unread();
        let view = self.caller.view();
        for layer in self.stack.iter_mut() {
            layer.with(&mut self.queue, |s, asking| s.reload(&view, asking));
        }
        self.is_dirty = true;
        self.apply();
    }

    fn answered(&mut self, answer: Result<(Id, Payload), JoinError>) {
        let id = answer.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        let is_it = |call: &UnderWay| call.task.id() == id;
        let Some(place) = self.under_way.iter().position(is_it) else {
            return;
        };
        let UnderWay {
            layer, name, kind, ..
        } = self.under_way.swap_remove(place);
        if kind == Kind::Do {
            self.timing.acted = Some(self.caller.bbs.clock().tick());
        }
        match answer {
            Ok((_, payload)) => self.queue.push(Effect::Send { layer, payload }),
            // A newer one took its place.
            Err(error) if error.is_cancelled() => return,
            Err(error) => {
                tracing::error!("the call {name} broke down: {error}");
                self.say(words::session::broke(), Tone::Bad);
            }
        }
        self.is_dirty = true;
        self.apply();
    }

    /// Whether the caller does something in this call, or did a moment ago: what
    /// is told of it then is their own doing.
    fn has_just_acted(&self) -> bool {
        let is_doing = |call: &UnderWay| call.kind == Kind::Do;
        let now = self.caller.bbs.clock().tick();
        let acted = self.timing.acted;
        self.under_way.iter().any(is_doing)
            || acted.is_some_and(|at| now.saturating_sub(at) < OWN_DOING)
    }

    fn say(&mut self, text: &str, tone: Tone) {
        let text = text.to_owned();
        self.notice = Some(Notice { text, tone });
        self.is_dirty = true;
    }

    /// Says what everybody shall see: it rings, and stays a while.
    fn tell_all(&mut self, text: &str) {
        self.rings = true;
        self.timing.kept = self.caller.bbs.clock().tick() + SAID;
        self.say(text, Tone::Plain);
    }

    fn push(&mut self, layer: Layer) -> LayerId {
        let id = self.stack.push(layer);
        self.timing.ticked = self.caller.bbs.clock().tick();
        let view = self.caller.view();
        if let Some(layer) = self.stack.get_mut(id) {
            layer.with(&mut self.queue, |s, asking| s.start(&view, asking));
        }
        id
    }

    /// Makes the session somebody's, if the lines they have leave room.
    fn become_actor(&mut self, actor: Actor) {
        let caller = &mut self.caller;
        let hub = caller.bbs.hub();
        match hub.become_actor(&caller.visit, actor.clone(), &caller.settings) {
            Ok(()) => {
                caller.actor = actor;
                self.ask_waiting();
                self.ask_unread();
            }
            Err(refusal) => self.over = Some(format!("{}\n", words::refusal(&refusal))),
        }
    }

    /// Tells whoever asks who is on line where this session is.
    fn tell_place(&self) {
        let view = self.caller.view();
        if let Some(page) = self.stack.seen(&view).first() {
            let Caller { bbs, visit, .. } = &self.caller;
            bbs.hub().is_at(visit.session, &page.screen().path(&view));
        }
    }

    /// Does what was asked for, and what that asks for.
    fn apply(&mut self) {
        while !self.queue.is_empty() && !self.is_over() {
            for effect in std::mem::take(&mut self.queue) {
                self.effect(effect);
            }
            if self.stack.len() == 0 && self.queue.is_empty() && !self.is_over() {
                self.over = Some(words::session::goodbye().to_owned());
            }
        }
    }

    fn effect(&mut self, effect: Effect) {
        match effect {
            Effect::Call {
                layer,
                name,
                begin,
                kind,
            } => {
                if kind == Kind::Load {
                    self.under_way
                        .iter()
                        .filter(|call| call.layer == layer && call.name == name)
                        .for_each(|call| call.task.abort());
                }
                let Caller {
                    bbs, visit, actor, ..
                } = &self.caller;
                let call = begin(Arc::clone(bbs), actor.clone(), Arc::clone(visit));
                let task = self.calls.spawn(call);
                self.under_way.push(UnderWay {
                    task,
                    layer,
                    name,
                    kind,
                });
            }
            Effect::Send {
                layer: LayerId::SESSION,
                payload,
            } => match payload.downcast::<Told>() {
                Ok(told) => self.told(*told),
                // The question before leaving was answered.
                Err(_) => self.over = Some(words::session::goodbye().to_owned()),
            },
            Effect::Send { layer, payload } => {
                let view = self.caller.view();
                if let Some(layer) = self.stack.get_mut(layer) {
                    layer.with(&mut self.queue, |s, asking| {
                        s.message(payload, &view, asking);
                    });
                }
            }
            Effect::Push(layer) => {
                self.push(layer);
            }
            Effect::Replace(old, layer) => {
                self.stack.pop(old);
                self.push(layer);
            }
            Effect::Reset(layer) => {
                self.stack.clear();
                self.push(layer);
            }
            Effect::Pop(layer) => self.stack.pop(layer),
            Effect::Notice(notice) => self.notice = Some(notice),
            Effect::Bell => self.rings = true,
            Effect::HangUp(farewell) => self.over = Some(farewell),
            Effect::Become(actor) => self.become_actor(actor),
        }
    }
}

/// Returns the time zone the client told, if it is one we know.
fn zone_of(terminal: &Terminal) -> Option<Tz> {
    let told = terminal.env.iter().find(|(name, _)| name == "TZ")?;
    told.1.trim_start_matches(':').parse().ok()
}

mod standing;

#[cfg(test)]
mod tests;
