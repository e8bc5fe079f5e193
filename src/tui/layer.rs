//! A screen whose action and message types are forgotten, so that screens of
//! all kinds lie on one stack.

use std::{borrow::Cow, fmt, time::Duration};

use super::{
    Canvas, Effects, Handled, Hint, Screen, Shape, Tabs, View,
    effects::{Effect, LayerId, Payload},
};
use crate::{domain::event::Event, term::Key};

/// A screen on the stack, or about to be.
pub struct Layer {
    pub(super) id: LayerId,
    screen: Box<dyn Erased>,
}

impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Layer").field(&self.id).finish()
    }
}

impl<S: Screen> From<S> for Layer {
    fn from(screen: S) -> Self {
        Self {
            // The stack gives the true one.
            id: LayerId(0),
            screen: Box::new(screen),
        }
    }
}

/// A key that acts now, as it is shown.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) keys: &'static [Key],
    pub(super) label: &'static str,
    pub(super) word: Cow<'static, str>,
    pub(super) help: &'static str,
}

impl Layer {
    pub(super) fn screen(&self) -> &dyn Erased {
        &*self.screen
    }

    /// Lets the screen do something and ask for effects.
    pub(super) fn with<R>(
        &mut self,
        queue: &mut Vec<Effect>,
        step: impl FnOnce(&mut dyn Erased, &mut Asking<'_>) -> R,
    ) -> R {
        let mut asking = Asking { id: self.id, queue };
        step(&mut *self.screen, &mut asking)
    }
}

/// Where the effects of one layer go.
pub(super) struct Asking<'q> {
    id: LayerId,
    queue: &'q mut Vec<Effect>,
}

impl Asking<'_> {
    fn fx<M: Send + 'static>(&mut self) -> Effects<'_, M> {
        Effects::new(self.id, self.queue)
    }
}

/// [`Screen`] without its types.
pub(super) trait Erased: Send {
    /// Returns the name of the screen's type.
    fn name(&self) -> &'static str;
    fn path(&self, view: &View<'_>) -> String;
    fn status(&self, view: &View<'_>) -> Option<String>;
    fn tabs(&self, view: &View<'_>) -> Option<Tabs>;
    fn shape(&self, view: &View<'_>) -> Shape;
    fn has_list(&self) -> bool;
    fn hints(&self) -> &'static [Hint];
    fn typing(&self) -> bool;
    fn tick(&self) -> Option<Duration>;
    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>);
    /// Returns the keys that act now, in order.
    fn shown(&self, view: &View<'_>) -> Vec<Shown>;
    fn start(&mut self, view: &View<'_>, asking: &mut Asking<'_>);
    fn press(&mut self, key: Key, view: &View<'_>, asking: &mut Asking<'_>) -> Handled;
    fn paste(&mut self, text: &str, view: &View<'_>, asking: &mut Asking<'_>);
    fn message(&mut self, payload: Payload, view: &View<'_>, asking: &mut Asking<'_>);
    fn event(&mut self, event: Event, view: &View<'_>, asking: &mut Asking<'_>);
    fn reload(&mut self, view: &View<'_>, asking: &mut Asking<'_>);
    fn ticked(&mut self, view: &View<'_>, asking: &mut Asking<'_>);
}

impl<S: Screen> Erased for S {
    fn name(&self) -> &'static str {
        std::any::type_name::<S>()
    }

    fn path(&self, view: &View<'_>) -> String {
        Screen::path(self, view)
    }

    fn status(&self, view: &View<'_>) -> Option<String> {
        Screen::status(self, view)
    }

    fn tabs(&self, view: &View<'_>) -> Option<Tabs> {
        Screen::tabs(self, view)
    }

    fn shape(&self, view: &View<'_>) -> Shape {
        Screen::shape(self, view)
    }

    fn has_list(&self) -> bool {
        Screen::has_list(self)
    }

    fn hints(&self) -> &'static [Hint] {
        Screen::hints(self)
    }

    fn typing(&self) -> bool {
        Screen::typing(self)
    }

    fn tick(&self) -> Option<Duration> {
        Screen::tick(self)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        Screen::draw(self, canvas, view);
    }

    fn shown(&self, view: &View<'_>) -> Vec<Shown> {
        let typing = Screen::typing(self);
        let acts = |keys: &[Key]| !typing || keys.iter().any(|key| !key.is_printable());
        S::KEYS
            .iter()
            .filter(|bind| acts(bind.keys) && self.offers(bind.action, view))
            .map(|bind| Shown {
                keys: bind.keys,
                label: bind.label,
                word: self
                    .word(bind.action)
                    .map_or(Cow::Borrowed(bind.word), Cow::Owned),
                help: bind.help,
            })
            .chain(Screen::tabs(self, view).into_iter().flat_map(turns))
            .collect()
    }

    fn start(&mut self, view: &View<'_>, asking: &mut Asking<'_>) {
        Screen::start(self, view, &mut asking.fx());
    }

    fn press(&mut self, key: Key, view: &View<'_>, asking: &mut Asking<'_>) -> Handled {
        let typing = Screen::typing(self);
        if typing && Screen::key(self, key, view, &mut asking.fx()) == Handled::Yes {
            return Handled::Yes;
        }
        if !(typing && key.is_printable())
            && let Some(key) = bound::<S>(key)
        {
            // A key of this screen that is not offered does nothing: it must
            // not fall through to another meaning.
            let offered = S::KEYS
                .iter()
                .filter(|bind| bind.keys.contains(&key))
                .find(|bind| self.offers(bind.action, view));
            if let Some(bind) = offered {
                self.act(bind.action, view, &mut asking.fx());
            }
            return Handled::Yes;
        }
        if typing {
            return Handled::No;
        }
        if Screen::key(self, key, view, &mut asking.fx()) == Handled::Yes {
            return Handled::Yes;
        }
        let tab = Screen::tabs(self, view).and_then(|tabs| tabs.turned(key));
        tab.map_or(Handled::No, |tab| {
            asking.fx::<S::Msg>().replace((tab.make)());
            Handled::Yes
        })
    }

    fn paste(&mut self, text: &str, view: &View<'_>, asking: &mut Asking<'_>) {
        if Screen::typing(self) {
            Screen::paste(self, text, view, &mut asking.fx());
        }
    }

    fn message(&mut self, payload: Payload, view: &View<'_>, asking: &mut Asking<'_>) {
        // Payloads carry the id of the layer that wrapped them, so another type
        // cannot come; if it did, nobody would be waiting for it.
        if let Ok(msg) = payload.downcast::<S::Msg>() {
            Screen::message(self, *msg, view, &mut asking.fx());
        }
    }

    fn event(&mut self, event: Event, view: &View<'_>, asking: &mut Asking<'_>) {
        Screen::event(self, event, view, &mut asking.fx());
    }

    fn reload(&mut self, view: &View<'_>, asking: &mut Asking<'_>) {
        Screen::reload(self, view, &mut asking.fx());
    }

    fn ticked(&mut self, view: &View<'_>, asking: &mut Asking<'_>) {
        Screen::ticked(self, view, &mut asking.fx());
    }
}

/// Returns the keys that lead to other tabs, for the help.
fn turns(tabs: Tabs) -> impl Iterator<Item = Shown> {
    let quiet = |keys, label, help| Shown {
        keys,
        label,
        word: Cow::Borrowed(""),
        help,
    };
    let others = tabs.others();
    others
        .map(move |tab| quiet(std::slice::from_ref(&tab.key), tab.label, tab.help))
        .chain([
            quiet(&[Key::Tab], "Tab", "The next tab."),
            quiet(&[Key::BackTab], "Shift-Tab", "The tab before."),
        ])
}

/// Returns the key as `KEYS` has it, if at all: exactly so, or in lower case.
fn bound<S: Screen>(key: Key) -> Option<Key> {
    let is_bound = |wanted: &Key| S::KEYS.iter().any(|bind| bind.keys.contains(wanted));
    [key, key.folded()].into_iter().find(is_bound)
}
