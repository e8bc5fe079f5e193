//! By which ways one hears of what: a notice, a letter, the bell.

use crate::{
    app::{Ruling, notice::Choice},
    domain::notice::{Channel, Channels, Topic},
    term::Key,
    tui::{
        Align, Bind, Canvas, Effects, Handled, Ink, Screen, Token, View, say,
        widgets::{Focus, List, list::Item},
    },
    words,
};

/// Columns of a topic, and of each way behind it.
const TOPIC: u16 = 12;
const WAY: u16 = 8;

impl Item for Choice {
    type Id = Topic;

    fn id(&self) -> Topic {
        self.topic
    }
}

/// The choices of an account.
#[derive(Debug, Default)]
pub(super) struct Choices {
    /// Nothing until they have come.
    list: Option<List<Choice>>,
}

impl Choices {
    /// Makes the screen.
    pub(super) fn new() -> Self {
        Self::default()
    }

    fn chosen(&self) -> Option<&Choice> {
        self.list.as_ref()?.chosen()
    }
}

/// What its calls answer.
#[derive(Debug)]
pub(super) enum Msg {
    Loaded(Ruling<Vec<Choice>>),
    Turned(Ruling<Channels>),
}

const fn bind(keys: &'static [Key], label: &'static str, channel: Channel) -> Bind<Channel> {
    Bind::new(
        keys,
        label,
        words::notice::channel(channel),
        channel,
        match channel {
            Channel::Notice => "Tells you of it in your notices, or no longer.",
            Channel::Letter => "Writes you a letter about it, or no longer.",
            Channel::Bell => "Rings when you are on the line, or no longer.",
        },
    )
}

impl Screen for Choices {
    type Action = Channel;
    type Msg = Msg;
    const KEYS: &'static [Bind<Channel>] = &[
        bind(&[Key::Char('n')], "n", Channel::Notice),
        bind(&[Key::Char('l')], "l", Channel::Letter),
        bind(&[Key::Char('b')], "b", Channel::Bell),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        "Account ▸ Notices".to_owned()
    }

    fn has_list(&self) -> bool {
        true
    }

    fn offers(&self, channel: Channel, _view: &View<'_>) -> bool {
        self.chosen()
            .is_some_and(|choice| choice.topic.may_choose(channel))
    }

    fn start(&mut self, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.reload(view, fx);
    }

    fn act(&mut self, channel: Channel, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if let Some(&Choice { topic, .. }) = self.chosen() {
            fx.call(
                "notices.choose",
                move |bbs, actor, _| async move { bbs.turn_channel(&actor, topic, channel).await },
                Msg::Turned,
            );
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        match &mut self.list {
            Some(list) => list.key(key),
            None => Handled::No,
        }
    }

    fn message(&mut self, msg: Msg, view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            Msg::Loaded(Ok(choices)) => self.list.get_or_insert_default().fill(choices),
            Msg::Turned(Ok(_)) => self.reload(view, fx),
            Msg::Loaded(Err(stop)) | Msg::Turned(Err(stop)) => {
                fx.notice_bad(say::sentence(&stop));
            }
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        fx.load(
            "notices.choices",
            |bbs, actor, _| async move { bbs.notice_choices(&actor).await },
            Msg::Loaded,
        );
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let Some(list) = &self.list else {
            canvas.text(3, 1, "Looking…", Token::Dim);
            return;
        };
        let width = canvas.width();
        // On the smallest terminal every line is needed.
        let top = u16::from(!view.is_narrow());
        for (x, channel) in ways() {
            canvas.text(3 + x, top, words::notice::channel(channel), Token::Dim);
        }
        let rows = u16::try_from(list.items().len()).unwrap_or(u16::MAX);
        let mut part = canvas.part(1, top + 1, width.saturating_sub(2), rows);
        list.draw(&mut part, Focus::Here, |row, choice, ink| {
            draw_row(row, *choice, ink);
        });
        if let Some(choice) = list.chosen() {
            let text = words::notice::about(choice.topic);
            canvas.paragraph(
                (3, top + rows + 2),
                width.saturating_sub(5),
                text,
                Token::Dim,
            );
        }
    }
}

/// Returns each way, and where its column begins.
fn ways() -> impl Iterator<Item = (u16, Channel)> {
    let places = (0..).map(|place| TOPIC + place * WAY);
    places.zip(Channel::ALL.iter().copied())
}

/// Draws one topic.
fn draw_row(row: &mut Canvas<'_>, choice: Choice, ink: Ink) {
    let topic = words::notice::topic(choice.topic);
    row.field((0, 0), TOPIC - 1, Align::Left, topic, ink);
    for (x, channel) in ways() {
        let (word, token) = match (
            choice.topic.may_choose(channel),
            choice.channels.has(channel),
        ) {
            (true, true) => ("yes", Token::Text),
            (true, false) => ("no", Token::Dim),
            (false, true) => ("always", Token::Dim),
            (false, false) => ("·", Token::Dim),
        };
        row.field((x, 0), WAY - 1, Align::Left, word, token);
    }
}
