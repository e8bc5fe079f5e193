//! What a screen may ask for. Effects are values: the driver alone does things.

use std::{any::Any, fmt, future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use super::Layer;
use crate::{
    app::{Bbs, visit::Visit},
    domain::actor::Actor,
};

/// Which layer of a session, never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LayerId(pub(super) u64);

impl LayerId {
    /// No layer but the session itself: what is sent there ends it.
    pub(super) const SESSION: Self = Self(0);
}

/// An answer on its way to the layer that knows its type.
pub(super) type Payload = Box<dyn Any + Send>;
/// A call under way.
pub(super) type Calling = Pin<Box<dyn Future<Output = Payload> + Send>>;
/// A call not yet begun.
pub(super) type Begin = Box<dyn FnOnce(Arc<Bbs>, Actor, Arc<Visit>) -> Calling + Send>;

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It went as asked.
    Plain,
    /// It did not.
    Bad,
}

/// One passing sentence for the row above the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
}

/// Whether a call may be given up for a newer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It may: it only reads.
    Load,
    /// It runs to its end.
    Do,
}

/// One thing asked for.
pub(super) enum Effect {
    Call {
        layer: LayerId,
        name: &'static str,
        begin: Begin,
        kind: Kind,
    },
    Send {
        layer: LayerId,
        payload: Payload,
    },
    Push(Layer),
    Replace(LayerId, Layer),
    Reset(Layer),
    Pop(LayerId),
    Notice(Notice),
    Bell,
    HangUp(String),
    Become(Actor),
}

/// The way back to the layer that opened a dialog.
pub struct Reply<T> {
    layer: LayerId,
    wrap: Box<dyn Fn(T) -> Payload + Send>,
}

impl Reply<()> {
    /// Returns a reply that ends the session.
    pub(super) fn leaving() -> Self {
        Self {
            layer: LayerId::SESSION,
            wrap: Box::new(|()| Box::new(())),
        }
    }
}

impl<T> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reply").field(&self.layer).finish()
    }
}

/// What a screen asks for, in order.
pub struct Effects<'q, M> {
    layer: LayerId,
    queue: &'q mut Vec<Effect>,
    msg: PhantomData<fn(M)>,
}

impl<M> fmt::Debug for Effects<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Effects")
            .field("layer", &self.layer)
            .finish_non_exhaustive()
    }
}

impl<'q, M: Send + 'static> Effects<'q, M> {
    pub(super) const fn new(layer: LayerId, queue: &'q mut Vec<Effect>) -> Self {
        Self {
            layer,
            queue,
            msg: PhantomData,
        }
    }

    /// Calls a use case beside the session; its answer comes as a message if
    /// this layer is still there then. The name is for the log.
    pub fn call<T, F, Fut>(
        &mut self,
        name: &'static str,
        use_case: F,
        wrap: impl FnOnce(T) -> M + Send + 'static,
    ) where
        F: FnOnce(Arc<Bbs>, Actor, Arc<Visit>) -> Fut + Send + 'static,
        Fut: Future<Output = T> + Send + 'static,
    {
        self.begin(Kind::Do, name, use_case, wrap);
    }

    /// Like [`call`](Self::call), for what only reads: an earlier load of the
    /// same name is given up, so that an old answer never follows a new one.
    pub fn load<T, F, Fut>(
        &mut self,
        name: &'static str,
        use_case: F,
        wrap: impl FnOnce(T) -> M + Send + 'static,
    ) where
        F: FnOnce(Arc<Bbs>, Actor, Arc<Visit>) -> Fut + Send + 'static,
        Fut: Future<Output = T> + Send + 'static,
    {
        self.begin(Kind::Load, name, use_case, wrap);
    }

    fn begin<T, F, Fut>(
        &mut self,
        kind: Kind,
        name: &'static str,
        use_case: F,
        wrap: impl FnOnce(T) -> M + Send + 'static,
    ) where
        F: FnOnce(Arc<Bbs>, Actor, Arc<Visit>) -> Fut + Send + 'static,
        Fut: Future<Output = T> + Send + 'static,
    {
        let begin: Begin = Box::new(move |bbs, actor, visit| {
            let answer = use_case(bbs, actor, visit);
            Box::pin(async move { Box::new(wrap(answer.await)) as Payload })
        });
        self.queue.push(Effect::Call {
            layer: self.layer,
            name,
            begin,
            kind,
        });
    }

    /// Returns a way for a dialog to answer this layer.
    pub fn reply<T>(&self, wrap: impl Fn(T) -> M + Send + 'static) -> Reply<T> {
        Reply {
            layer: self.layer,
            wrap: Box::new(move |value| Box::new(wrap(value))),
        }
    }

    /// Answers the layer that handed out `reply`.
    pub fn answer<T>(&mut self, reply: &Reply<T>, value: T) {
        self.queue.push(Effect::Send {
            layer: reply.layer,
            payload: (reply.wrap)(value),
        });
    }

    /// Opens a layer above.
    pub fn push(&mut self, layer: impl Into<Layer>) {
        self.queue.push(Effect::Push(layer.into()));
    }

    /// Puts a layer in the place of this one.
    pub fn replace(&mut self, layer: impl Into<Layer>) {
        self.queue.push(Effect::Replace(self.layer, layer.into()));
    }

    /// Clears the stack and opens a layer.
    pub fn reset(&mut self, layer: impl Into<Layer>) {
        self.queue.push(Effect::Reset(layer.into()));
    }

    /// Closes this layer, and what is above it.
    pub fn pop(&mut self) {
        self.queue.push(Effect::Pop(self.layer));
    }

    /// Shows a sentence until the next key.
    pub fn notice(&mut self, text: impl Into<String>) {
        self.say(text.into(), Tone::Plain);
    }

    /// Shows a sentence about something that failed until the next key.
    pub fn notice_bad(&mut self, text: impl Into<String>) {
        self.say(text.into(), Tone::Bad);
    }

    fn say(&mut self, text: String, tone: Tone) {
        self.queue.push(Effect::Notice(Notice { text, tone }));
    }

    /// Rings the terminal's bell.
    pub fn bell(&mut self) {
        self.queue.push(Effect::Bell);
    }

    /// Ends the session with a last line on the restored terminal.
    pub fn hang_up(&mut self, farewell: impl Into<String>) {
        self.queue.push(Effect::HangUp(farewell.into()));
    }

    /// Makes the session somebody else's, after a login or a decision.
    pub fn become_actor(&mut self, actor: Actor) {
        self.queue.push(Effect::Become(actor));
    }
}
