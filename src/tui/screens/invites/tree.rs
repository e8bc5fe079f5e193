//! Who let whom in: a branch of the tree, from one person on. It is for staff;
//! codes are listed elsewhere.

use super::dialogs;
use crate::{
    app::{Ruling, invite::Tree},
    domain::{account::Status, actor::Actor, event::Event, id::AccountId},
    store::tree::Node,
    term::Key,
    tui::{
        Align, Bind, Canvas, Effects, Handled, Ink, Screen, Token, View, say,
        screens::users::profile::Profile,
        widgets::{Focus, Item, List},
    },
    words,
};

impl Item for Node {
    type Id = AccountId;

    fn id(&self) -> AccountId {
        self.id
    }
}

/// A branch of the tree.
#[derive(Debug)]
pub struct TreePage {
    id: AccountId,
    handle: String,
    /// Who let them in, and why they may not invite; nothing until it has come.
    known: Option<Known>,
    list: List<Node>,
    failure: Option<String>,
}

/// What is known of the one the branch begins with.
#[derive(Debug)]
struct Known {
    above: Vec<(AccountId, String)>,
    barred: Option<String>,
    goes_on: bool,
}

/// What its keys do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Shows the branch of the chosen one.
    Branch,
    /// Shows the branch of who let them in.
    Up,
    /// Bars the chosen one from inviting.
    Bar,
    /// Lets the chosen one invite again.
    Unbar,
    /// Takes back what the chosen one has out.
    Revoke,
    /// Opens the page of the chosen one.
    Profile,
}

/// What it is told.
#[derive(Debug)]
pub enum Msg {
    /// The branch of an account.
    Tree(AccountId, Ruling<Tree>),
    /// Somebody may invite again, or not.
    Unbarred(String, Ruling<()>),
}

impl TreePage {
    /// Makes the page of a branch.
    pub fn new(id: AccountId, handle: String) -> Self {
        Self {
            id,
            handle,
            known: None,
            list: List::default(),
            failure: None,
        }
    }

    fn load(&self, fx: &mut Effects<'_, Msg>) {
        let id = self.id;
        fx.load(
            "invites.tree",
            move |bbs, actor, _| async move { bbs.invite_tree(&actor, id).await },
            move |ruling| Msg::Tree(id, ruling),
        );
    }

    fn go(&mut self, id: AccountId, handle: String, fx: &mut Effects<'_, Msg>) {
        *self = Self::new(id, handle);
        self.load(fx);
    }

    fn took(&mut self, tree: Tree) {
        self.failure = None;
        self.known = Some(Known {
            above: tree.above,
            barred: tree
                .bar
                .map(|bar| words::invite::barred_by(&bar.by, &bar.reason)),
            goes_on: tree.goes_on,
        });
        self.list.fill(tree.branch);
    }

    /// Returns who let the first of the branch in.
    fn inviter(&self) -> Option<&(AccountId, String)> {
        self.known.as_ref()?.above.first()
    }

    /// Returns what stands above the branch.
    fn headlines(&self) -> Vec<(String, Token)> {
        let Some(known) = &self.known else {
            return Vec::new();
        };
        let names: Vec<_> = known.above.iter().map(|(_, name)| name.as_str()).collect();
        let above = (words::invite::let_in_by(&names), Token::Dim);
        let barred = known.barred.clone().map(|words| (words, Token::Warn));
        let cut = known.goes_on.then(words::invite::branch_goes_on);
        let cut = cut.map(|words| (words, Token::Dim));
        [Some(above), barred, cut].into_iter().flatten().collect()
    }
}

/// Draws one of the branch: deeper ones further in.
fn draw_row(row: &mut Canvas<'_>, node: &Node, ink: Ink, view: &View<'_>) {
    let name = if view.is_narrow() { 22 } else { 36 };
    let indent = (2 * node.depth).min(name / 2);
    let room = name.saturating_sub(indent);
    row.field((indent, 0), room, Align::Left, node.handle.as_str(), ink);
    let mut facts = Vec::new();
    if node.status != Status::Active {
        facts.push(node.status.name().to_owned());
    }
    if node.is_barred {
        facts.push("barred".to_owned());
    }
    if node.let_in > 0 {
        facts.push(format!("{} let in", node.let_in));
    }
    match node.codes {
        0 => {}
        1 => facts.push("1 code out".to_owned()),
        codes => facts.push(format!("{codes} codes out")),
    }
    let width = row.width().saturating_sub(name + 1);
    let token = if node.is_barred {
        Token::Warn
    } else {
        Token::Dim
    };
    let facts = facts.join(", ");
    row.field((name + 1, 0), width, Align::Left, &facts, token);
}

impl Screen for TreePage {
    type Action = Act;
    type Msg = Msg;
    const KEYS: &'static [Bind<Act>] = &[
        Bind::new(
            &[Key::Enter],
            "⏎",
            "branch",
            Act::Branch,
            "Shows whom the chosen one let in, and so on.",
        ),
        Bind::new(
            &[Key::Char('u')],
            "u",
            "up",
            Act::Up,
            "Shows the branch of whoever let them in.",
        ),
        Bind::new(
            &[Key::Char('x')],
            "x",
            "bar",
            Act::Bar,
            "Bars the chosen one from inviting, for a reason they read.",
        ),
        Bind::new(
            &[Key::Char('x')],
            "x",
            "let invite",
            Act::Unbar,
            "Lets the chosen one invite again.",
        ),
        Bind::new(
            &[Key::Char('d')],
            "d",
            "revoke codes",
            Act::Revoke,
            "Takes back every code that the chosen one has out, after asking.",
        ),
        Bind::new(
            &[Key::Char('v')],
            "v",
            "profile",
            Act::Profile,
            "Opens the page of the chosen one.",
        ),
    ];

    fn path(&self, _view: &View<'_>) -> String {
        format!("Invites ▸ Tree ▸ {}", self.handle)
    }

    fn offers(&self, action: Act, view: &View<'_>) -> bool {
        let Some(node) = self.list.chosen() else {
            return matches!(action, Act::Up) && self.inviter().is_some();
        };
        let is_below = match view.actor {
            Actor::Member(member) => node.role < member.role,
            Actor::Console { .. } | Actor::Guest | Actor::Applicant(_) => false,
        };
        match action {
            Act::Branch => node.depth > 0,
            Act::Up => self.inviter().is_some(),
            Act::Bar => is_below && !node.is_barred,
            Act::Unbar => is_below && node.is_barred,
            Act::Revoke => node.codes > 0,
            Act::Profile => true,
        }
    }

    fn has_list(&self) -> bool {
        true
    }

    fn start(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.load(fx);
    }

    fn act(&mut self, action: Act, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if let Act::Up = action {
            if let Some((id, handle)) = self.inviter().cloned() {
                self.go(id, handle, fx);
            }
            return;
        }
        let Some(node) = self.list.chosen() else {
            return;
        };
        let (id, handle) = (node.id, node.handle.to_string());
        match action {
            Act::Branch => self.go(id, handle, fx),
            Act::Bar => fx.push(dialogs::bar(id, handle)),
            Act::Unbar => fx.call(
                "invites.unbar",
                move |bbs, actor, _| async move { bbs.unbar_from_inviting(&actor, id).await },
                move |ruling| Msg::Unbarred(handle, ruling),
            ),
            Act::Revoke => fx.push(dialogs::revoke_all(id, handle)),
            Act::Profile => fx.push(Profile::new(id, handle)),
            Act::Up => {}
        }
    }

    fn key(&mut self, key: Key, _view: &View<'_>, _fx: &mut Effects<'_, Msg>) -> Handled {
        self.list.key(key)
    }

    fn message(&mut self, msg: Msg, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        match msg {
            // An answer about a branch that was left changes nothing.
            Msg::Tree(id, _) if id != self.id => {}
            Msg::Tree(_, Ok(tree)) => self.took(tree),
            Msg::Tree(_, Err(stop)) => self.failure = Some(say::sentence(&stop)),
            Msg::Unbarred(handle, Ok(())) => fx.notice(words::invite::unbarred(&handle)),
            Msg::Unbarred(_, Err(stop)) => fx.notice_bad(say::sentence(&stop)),
        }
    }

    fn event(&mut self, event: Event, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        if matches!(event, Event::InvitesChanged(_) | Event::UsersChanged) {
            self.load(fx);
        }
    }

    fn reload(&mut self, _view: &View<'_>, fx: &mut Effects<'_, Msg>) {
        self.load(fx);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) {
        let (width, height) = (canvas.width(), canvas.height());
        let room = width.saturating_sub(4);
        let mut top = u16::from(!view.is_narrow());
        if let Some(failure) = &self.failure {
            canvas.paragraph((2, top), room, failure, Token::Bad);
            return;
        }
        if self.known.is_none() {
            canvas.text(2, top, "One moment…", Token::Dim);
            return;
        }
        for (text, token) in self.headlines() {
            top += canvas.paragraph((2, top), room, &text, token);
        }
        top += 1;
        let mut rest = canvas.part(0, top, width, height.saturating_sub(top));
        self.list.draw(&mut rest, Focus::Here, |row, node, ink| {
            draw_row(row, node, ink, view);
        });
    }
}
