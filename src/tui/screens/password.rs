//! A new password: chosen by whoever knows the present one, came with a key, or
//! has a code because it was forgotten.

use super::{login::LogIn, welcome::Welcome};

use crate::{
    app::{Ruling, Stop, account::OtherCalls},
    domain::{
        code::Code,
        handle::Handle,
        refusal::{self, Refusal},
        secret::Secret,
    },
    store::account::Account,
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Hint, Screen, Token, View, say,
        widgets::{Choice, Field, Focus, choice},
    },
};

/// More than the longest password, so that a longer one is refused and not cut.
const ROOM: usize = 300;

/// The columns of the labels.
const LABELS: u16 = 13;

/// Which of the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Present,
    New,
    Again,
}

impl Part {
    const fn label(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::New => "new",
            Self::Again => "once more",
        }
    }

    /// Returns where a refusal stands.
    fn of(stop: &Stop) -> Option<Self> {
        match (stop, say::field(stop)) {
            (Stop::Refused(Refusal::WrongPassword | Refusal::WrongCredentialsLast), _) => {
                Some(Self::Present)
            }
            (_, refusal::Field::Password) => Some(Self::New),
            (_, refusal::Field::Again) => Some(Self::Again),
            _ => None,
        }
    }
}

/// Why somebody may choose a password.
#[derive(Clone, Debug)]
enum Way {
    /// They are logged in.
    Oneself,
    /// They have the code of this account.
    Code(Handle, Code),
}

/// The form for one's password.
#[derive(Debug)]
pub struct Password {
    way: Way,
    /// Those that are asked for, in order.
    fields: Vec<(Part, Field)>,
    /// The row with the focus; the choice comes after the fields.
    at: usize,
    others: Choice<OtherCalls>,
    /// A sentence, and the field it stands under; none is the whole form.
    refusal: Option<(Option<Part>, String)>,
    is_saving: bool,
}

impl Password {
    /// Makes the form for one's own; whoever has a password must know it.
    pub fn of(account: &Account) -> Self {
        let present = account.has_password.then_some(Part::Present);
        let parts = present.into_iter().chain([Part::New, Part::Again]);
        Self::new(Way::Oneself, parts, OtherCalls::GoOn)
    }

    /// Makes the form for whoever has a code.
    pub fn with_code(handle: Handle, code: Code) -> Self {
        // Why it was forgotten, nobody knows.
        let parts = [Part::New, Part::Again].into_iter();
        Self::new(Way::Code(handle, code), parts, OtherCalls::End)
    }

    fn new(way: Way, parts: impl Iterator<Item = Part>, others: OtherCalls) -> Self {
        let options = vec![
            (OtherCalls::GoOn, "go on".to_owned()),
            (OtherCalls::End, "end now".to_owned()),
        ];
        Self {
            way,
            fields: parts.map(|part| (part, Field::masked(ROOM))).collect(),
            at: 0,
            others: Choice::new(options, others),
            refusal: None,
            is_saving: false,
        }
    }

    fn text(&self, part: Part) -> Secret<String> {
        let field = self.fields.iter().find(|(other, _)| *other == part);
        Secret::new(field.map_or_else(String::new, |(_, field)| field.text().to_owned()))
    }

    fn focused(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.at).map(|(_, field)| field)
    }

    fn refuse(&mut self, stop: &Stop) {
        let part = Part::of(stop);
        let place = self
            .fields
            .iter()
            .position(|(other, _)| Some(*other) == part);
        self.at = place.unwrap_or(self.at);
        self.refusal = Some((part, say::sentence(stop)));
    }

    fn save(&mut self, fx: &mut Effects<'_, Changed>) {
        let (present, new) = (self.text(Part::Present), self.text(Part::New));
        if new != self.text(Part::Again) {
            self.refuse(&Refusal::PasswordsDiffer.into());
            return;
        }
        self.refusal = None;
        self.is_saving = true;
        let others = self.others.chosen().unwrap_or(OtherCalls::GoOn);
        match self.way.clone() {
            Way::Oneself => fx.call(
                "password.change",
                move |bbs, actor, visit| async move {
                    bbs.change_password(&actor, &visit, &present, &new, others)
                        .await
                },
                Changed,
            ),
            Way::Code(_, code) => fx.call(
                "password.reset",
                move |bbs, _actor, _visit| async move {
                    bbs.reset_password(&code, &new, others).await.map(drop)
                },
                Changed,
            ),
        }
    }

    fn changed(&self, fx: &mut Effects<'_, Changed>) {
        match &self.way {
            Way::Oneself => {
                fx.notice("Your password is changed. Keys go on working as before.");
                fx.pop();
            }
            Way::Code(handle, _) => {
                fx.reset(Welcome::again(Some(handle.clone())));
                fx.push(LogIn::new(Some(handle.clone())));
                fx.notice("Your password is changed. Log in with it.");
            }
        }
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// To the next row, or saves.
    Next,
    /// To the next row.
    Down,
    /// To the row before.
    Up,
    /// Leaves the code unused.
    Leave,
}

/// What its call answers.
#[derive(Debug)]
pub struct Changed(Ruling<()>);

impl Screen for Password {
    type Action = Act;
    type Msg = Changed;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter],
            "⏎",
            "next",
            Act::Next,
            "To the next line; from the last one it saves.",
        ),
        Bind::quiet(
            &[Key::Tab, Key::Down],
            "Tab",
            Act::Down,
            "To the next line.",
        ),
        Bind::quiet(
            &[Key::BackTab, Key::Up],
            "Shift-Tab",
            Act::Up,
            "To the line before.",
        ),
        Bind::new(
            &[Key::Esc],
            "Esc",
            "leave it",
            Act::Leave,
            "Changes nothing; the code stays good until it is over.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        match &self.way {
            Way::Oneself => "Account ▸ Password".to_owned(),
            Way::Code(handle, _) => format!("A new password for {handle}"),
        }
    }

    fn offers(&self, action: Act, _view: &View<'_>) -> bool {
        !matches!((action, &self.way), (Act::Leave, Way::Oneself))
    }

    fn hints(&self) -> &'static [Hint] {
        if self.typing() { &[] } else { &[choice::PICK] }
    }

    fn word(&self, action: Act) -> Option<String> {
        let is_last = self.at == self.fields.len();
        (matches!(action, Act::Next) && is_last).then(|| "save".to_owned())
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Changed>) {
        let last = self.fields.len();
        match action {
            _ if self.is_saving => {}
            Act::Next if self.at == last => self.save(fx),
            Act::Next | Act::Down => self.at = (self.at + 1).min(last),
            Act::Up => self.at = self.at.saturating_sub(1),
            Act::Leave => fx.reset(Welcome::again(None)),
        }
    }

    fn typing(&self) -> bool {
        self.at < self.fields.len()
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Changed>) -> Handled {
        match self.focused() {
            Some(field) => field.key(key),
            None => self.others.key(key),
        }
    }

    fn paste(&mut self, text: &str, _view: &View<'_>, _fx: &mut Effects<'_, Changed>) {
        if let Some(field) = self.focused() {
            field.paste(text);
        }
    }

    fn message(&mut self, Changed(changed): Changed, _: &View<'_>, fx: &mut Effects<'_, Changed>) {
        self.is_saving = false;
        match changed {
            Ok(()) => self.changed(fx),
            Err(stop) if say::hangs_up(&stop) => {
                fx.hang_up(format!("{}\n", say::sentence(&stop)));
            }
            Err(stop) => self.refuse(&stop),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let width = canvas.width().saturating_sub(5);
        let mut page = canvas.part(3, 1, width, u16::MAX);
        let text = format!(
            "At least {} characters; a few words are best.",
            view.settings.password_min_length
        );
        let mut y = page.paragraph((0, 0), width, &text, Token::Text) + 1;
        for (place, (part, field)) in self.fields.iter().enumerate() {
            let refusal = self.refusal.as_ref();
            let refusal = refusal.filter(|(under, _)| *under == Some(*part));
            let refusal = refusal.map(|(_, sentence)| sentence.as_str());
            let label = (part.label(), LABELS);
            y += field.draw_row(
                &mut page,
                (0, y),
                label,
                Focus::when(place == self.at),
                refusal,
            );
        }
        let focus = Focus::when(self.at == self.fields.len());
        y += self
            .others
            .draw_row(&mut page, (0, y), ("other calls", LABELS), focus);
        if self.is_saving {
            page.text(0, y + 1, "One moment…", Token::Dim);
        } else if let Some((None, sentence)) = &self.refusal {
            page.paragraph((0, y + 1), width, sentence, Token::Bad);
        }
    }
}
