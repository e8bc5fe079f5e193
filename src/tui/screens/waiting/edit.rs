//! The applicant's request in an editor. The older text stays with the sysops.

use crate::{
    app::Ruling,
    term::Key,
    tui::{
        Bind, Canvas, Effects, Handled, Screen, Token, View, say,
        widgets::{Editor, Focus},
    },
};

/// The longest request, in characters.
const LONGEST: usize = 1_000;

/// A request that is being changed.
#[derive(Debug)]
pub(super) struct Edit {
    editor: Editor,
    is_saving: bool,
    refusal: Option<String>,
}

impl Edit {
    /// Makes the editor with the text as it stands.
    pub(super) fn new(message: &str) -> Self {
        Self {
            editor: Editor::new(LONGEST).with(message),
            is_saving: false,
            refusal: None,
        }
    }
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    Save,
}

/// What its call answers.
#[derive(Debug)]
pub(super) struct Saved(Ruling<()>);

impl Screen for Edit {
    type Action = Act;
    type Msg = Saved;
    const KEYS: &'static [Bind<Act>] = &[Bind::new(
        &[Key::Ctrl('s')],
        "^S",
        "save",
        Act::Save,
        "Saves the request as it stands.",
    )];

    fn path(&self, _view: &View<'_>) -> String {
        "Waiting room ▸ Your request".to_owned()
    }

    fn act(&mut self, Act::Save: Act, _view: &View<'_>, fx: &mut Effects<'_, Saved>) {
        if std::mem::replace(&mut self.is_saving, true) {
            return;
        }
        self.refusal = None;
        let text = self.editor.text().to_owned();
        fx.call(
            "request.edit",
            |bbs, actor, _| async move { bbs.edit_request(&actor, &text).await },
            Saved,
        );
    }

    fn typing(&self) -> bool {
        true
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Saved>) -> Handled {
        self.editor.key(key)
    }

    fn paste(&mut self, text: &str, _view: &View<'_>, _fx: &mut Effects<'_, Saved>) {
        self.editor.paste(text);
    }

    fn message(&mut self, Saved(saved): Saved, _: &View<'_>, fx: &mut Effects<'_, Saved>) {
        self.is_saving = false;
        match saved {
            Ok(()) => {
                fx.notice("Your request is changed.");
                fx.pop();
            }
            Err(stop) => self.refusal = Some(say::sentence(&stop)),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _view: &View<'_>) {
        let (width, height) = (canvas.width(), canvas.height());
        let foot = height.saturating_sub(2);
        let mut page = canvas.part(3, 1, width.saturating_sub(6), foot.saturating_sub(1));
        self.editor.draw(&mut page, Focus::Here);
        let room = width.saturating_sub(6);
        match &self.refusal {
            Some(refusal) => {
                canvas.text(3, foot, "✗ ", Token::Bad);
                canvas.paragraph((5, foot), room, refusal, Token::Bad);
            }
            None if self.is_saving => {
                canvas.text(3, foot, "One moment…", Token::Dim);
            }
            None => {
                let left = format!("{} characters left", self.editor.left());
                canvas.text(3, foot, &left, Token::Dim);
            }
        }
    }
}
