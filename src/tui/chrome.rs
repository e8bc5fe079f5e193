//! What is around every screen: the title row, the notice, the keys that act
//! now, the border of a card.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{
    Canvas, Ink, Look, Shape, Tab, Tabs, Token, View,
    effects::{Notice, Tone},
    layer::{Layer, Shown},
    stack::Stack,
    wrap,
};
use crate::{
    term::{Charset, Key, glyph},
    tui::Align,
    words::{self, session},
};

/// The smallest terminal that screens are drawn for.
const LEAST: (u16, u16) = (40, 15);
/// Rows for the notice and the keys.
const FOOT: u16 = 2;
/// So many keys with their words say more than all without.
const FEW: usize = 4;
/// The most rows of a notice.
const NOTICE: u16 = 5;

/// Draws everything; returns where the cursor shall stand.
pub(super) fn draw(
    buffer: &mut Buffer,
    stack: &Stack,
    notice: Option<&Notice>,
    view: &View<'_>,
) -> Option<Position> {
    let mut cursor = None;
    let area = buffer.area;
    let mut frame = Frame {
        buffer,
        cursor: &mut cursor,
        look: view.look,
    };
    if area.width < LEAST.0 || area.height < LEAST.1 {
        too_small(&mut frame.canvas(area));
        return None;
    }
    let seen = stack.seen(view);
    for layer in seen {
        // Only the topmost layer may ask for the cursor.
        *frame.cursor = None;
        match layer.screen().shape(view) {
            Shape::Page => page(&mut frame, area, layer, view),
            Shape::Bare => {
                let body = rows(area, 0, area.height - FOOT);
                layer.screen().draw(&mut frame.canvas(body), view);
            }
            Shape::Card {
                width,
                height,
                title,
            } => card(&mut frame, area, layer, (width, height), &title, view),
        }
    }
    let keep = *frame.cursor;
    if let Some(top) = seen.last() {
        let canvas = &mut frame.canvas(rows(area, area.height - 1, 1));
        footer(canvas, top, stack.len(), view);
    }
    if let Some(notice) = notice {
        let tone = match notice.tone {
            Tone::Plain => Token::Accent,
            Tone::Bad => Token::Bad,
        };
        let lines = wrap::wrap(&notice.text, area.width - 2);
        // One row is the rule; a longer notice takes some of the page.
        let height = u16::try_from(lines.len()).map_or(NOTICE, |rows| rows.clamp(1, NOTICE));
        let mut canvas = frame.canvas(rows(area, area.height - FOOT - (height - 1), height));
        if height > 1 {
            canvas.clear();
        }
        for (y, line) in (0..height).zip(&lines) {
            canvas.text(1, y, line, tone);
        }
    }
    keep
}

/// What a frame is drawn with.
struct Frame<'a> {
    buffer: &'a mut Buffer,
    cursor: &'a mut Option<Position>,
    look: Look,
}

impl Frame<'_> {
    fn canvas(&mut self, area: Rect) -> Canvas<'_> {
        Canvas::new(self.buffer, area, self.look, self.cursor)
    }
}

/// Returns some rows of an area.
const fn rows(area: Rect, y: u16, height: u16) -> Rect {
    Rect::new(area.x, area.y + y, area.width, height)
}

fn too_small(canvas: &mut Canvas<'_>) {
    let text = session::too_small(LEAST, (canvas.width(), canvas.height()));
    let width = canvas.width();
    let lines = wrap::wrap(&text, width);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let top = canvas.height().saturating_sub(height) / 2;
    for (y, line) in (top..).zip(&lines) {
        canvas.field((0, y), width, Align::Centre, line, Token::Text);
    }
}

fn page(frame: &mut Frame<'_>, area: Rect, layer: &Layer, view: &View<'_>) {
    let mut head = frame.canvas(rows(area, 0, 3));
    title(&mut head, layer, view);
    let rule = match layer.screen().tabs(view) {
        Some(tabs) => {
            row_of_tabs(&mut head, &tabs);
            2
        }
        None => 1,
    };
    head.rule(rule);
    let body = rows(area, rule + 1, area.height - FOOT - rule - 1);
    layer.screen().draw(&mut frame.canvas(body), view);
}

/// Draws the tabs; where not all names have room, the open one's alone is told.
fn row_of_tabs(canvas: &mut Canvas<'_>, tabs: &Tabs) {
    let lengths = tabs
        .all
        .iter()
        .map(|tab| tab.label.len() + tab.name.len() + 2);
    let whole: usize = lengths.sum();
    let is_short = whole > canvas.width().into();
    let mut x = 1;
    for (place, Tab { label, name, .. }) in tabs.all.iter().enumerate() {
        let is_open = place == tabs.open;
        let ink = if is_open {
            Token::Accent.bold()
        } else {
            Token::Dim.into()
        };
        x = if is_short && !is_open {
            canvas.line(x, 1, &[(label, ink)])
        } else {
            canvas.line(x, 1, &[(label, ink), (" ", ink), (name, ink)])
        } + 1;
    }
}

/// Draws where at the left and who, what and when at the right.
fn title(canvas: &mut Canvas<'_>, layer: &Layer, view: &View<'_>) {
    let handle = view.actor.handle().map(ToString::to_string);
    let status = layer.screen().status(view);
    let waiting = (view.waiting > 0).then(|| format!("{} wait", view.waiting));
    let unread = words::notice::unread(view.unread);
    let mut facts: Vec<_> = [handle, status, waiting, unread, Some(view.time())]
        .into_iter()
        .flatten()
        .collect();
    let columns = |text: &str| u16::try_from(glyph::width(text)).unwrap_or(u16::MAX);
    let room = canvas.width().saturating_sub(2);
    // The path is what one must see: the rest gives way, the time first.
    let path = layer.screen().path(view);
    let left = columns(&path);
    let mut right = facts.join(" · ");
    while facts.len() > 1 && left.saturating_add(columns(&right)).saturating_add(2) > room {
        facts.pop();
        right = facts.join(" · ");
    }
    let used = columns(&right);
    let shown = used.min(room.saturating_sub(left.min(room / 2) + 2));
    canvas.field(
        (1, 0),
        room.saturating_sub(shown + 2),
        Align::Left,
        &path,
        Token::Text.bold(),
    );
    let x = 1 + room - shown;
    canvas.field((x, 0), shown, Align::Right, &right, Token::Dim);
}

fn card(
    frame: &mut Frame<'_>,
    area: Rect,
    layer: &Layer,
    (width, height): (u16, u16),
    title: &str,
    view: &View<'_>,
) {
    let width = width.saturating_add(4).min(area.width);
    // Border, blank, body, blank, keys, border; without the blanks if need be.
    let room = area.height - FOOT;
    let air = u16::from(height.saturating_add(5) <= room);
    let height = height.saturating_add(3 + 2 * air).min(room);
    let place = Rect::new((area.width - width) / 2, (room - height) / 2, width, height);
    let mut canvas = frame.canvas(place);
    canvas.clear();
    let bar = "─".repeat(usize::from(width.saturating_sub(2)));
    canvas.text(0, 0, &format!("╭{bar}╮"), Token::Rule);
    for y in 1..height.saturating_sub(1) {
        canvas.text(0, y, "│", Token::Rule);
        canvas.text(width - 1, y, "│", Token::Rule);
    }
    canvas.text(0, height - 1, &format!("╰{bar}╯"), Token::Rule);
    let title = super::wrap::cut(title, width.saturating_sub(6), view.look.charset);
    canvas.text(1, 0, &format!(" {title} "), Token::Text.bold());
    let keys = keys_of_card(layer, view);
    let used = u16::try_from(
        keys.iter()
            .map(|(text, _)| glyph::width(text))
            .sum::<usize>(),
    );
    let x = width.saturating_sub(used.unwrap_or(0)) / 2;
    let spans: Vec<_> = keys
        .iter()
        .map(|(text, ink)| (text.as_str(), *ink))
        .collect();
    canvas.line(x, height - 2, &spans);
    let inner = height.saturating_sub(3 + 2 * air);
    let mut body = canvas.part(2, 1 + air, width.saturating_sub(4), inner);
    layer.screen().draw(&mut body, view);
}

fn keys_of_card(layer: &Layer, view: &View<'_>) -> Vec<(String, Ink)> {
    let shown = layer.screen().shown(view);
    let mut spans = Vec::new();
    for key in shown.iter().filter(|key| !key.word.is_empty()) {
        if !spans.is_empty() {
            spans.push(("     ".to_owned(), Token::Text.into()));
        }
        spans.push((label(key.label, view.look.charset), Token::Accent.into()));
        spans.push((format!(" {}", key.word), Token::Text.into()));
    }
    spans
}

/// Draws the keys that act now: most useful first, help and the way back at
/// the right.
fn footer(canvas: &mut Canvas<'_>, top: &Layer, depth: usize, view: &View<'_>) {
    canvas.clear();
    let shown = match top.screen().shape(view) {
        // A card shows its own.
        Shape::Card { .. } => Vec::new(),
        Shape::Page | Shape::Bare => top.screen().shown(view),
    };
    let is_card = matches!(top.screen().shape(view), Shape::Card { .. });
    let (way_back, keys): (Vec<_>, Vec<_>) = shown
        .iter()
        .filter(|key| !key.word.is_empty())
        .partition(|key| is_way_back(key));
    let typing = top.screen().typing();
    let help = if typing {
        ("F1", "help")
    } else {
        ("?", "help")
    };
    let back = match (way_back.first(), typing) {
        (Some(key), _) => Some((key.label, &*key.word)),
        (None, _) if is_card => None,
        (None, false) if depth > 1 => Some(("q", "back")),
        (None, false) => Some(("q", "leave")),
        (None, true) if depth > 1 => Some(("Esc", "back")),
        (None, true) => Some(("^C", "leave")),
    };
    let right: Vec<_> = std::iter::once(help).chain(back).collect();
    let mut left: Vec<_> = keys.iter().map(|key| (key.label, &*key.word)).collect();
    if is_card {
        let hints = top.screen().hints().iter();
        left.extend(hints.map(|hint| (hint.label, hint.word)));
    }

    let room = canvas.width().saturating_sub(2);
    // Where not all keys fit with their words, the most useful do, and the help
    // has the rest. A narrow terminal has letters only: first the words of the
    // keys go, then those at the right, then keys.
    let some = left.get(..FEW).unwrap_or(&left);
    let with_words = [
        (some, Words::Shown, Words::Shown),
        (&left, Words::Hidden, Words::Shown),
    ]
    .into_iter()
    .find(|(keys, l, r)| columns(keys, *l, view) + columns(&right, *r, view) + 3 <= room);
    let (on_left, on_right) = with_words.map_or((Words::Hidden, Words::Hidden), |(_, l, r)| (l, r));
    let start = room.saturating_sub(columns(&right, on_right, view)) + 1;
    let fits = room.saturating_sub(columns(&right, on_right, view) + 2);
    write(&mut canvas.part(1, 0, fits, 1), 0, &left, on_left, view);
    write(canvas, start, &right, on_right, view);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    Shown,
    Hidden,
}

/// Whether a key leads away: then it stands at the right.
fn is_way_back(key: &Shown) -> bool {
    key.keys.contains(&Key::Char('q')) || key.keys.contains(&Key::Esc)
}

fn texts(key: (&str, &str), words: Words, view: &View<'_>) -> (String, String) {
    let word = match words {
        Words::Shown => format!(" {}", key.1),
        Words::Hidden => String::new(),
    };
    (label(key.0, view.look.charset), word)
}

fn gap(words: Words) -> u16 {
    match words {
        Words::Shown => 3,
        Words::Hidden => 1,
    }
}

fn columns(keys: &[(&str, &str)], words: Words, view: &View<'_>) -> u16 {
    let of = |key: &(&str, &str)| {
        let (label, word) = texts(*key, words, view);
        let columns = glyph::width(&label) + glyph::width(&word);
        u16::try_from(columns).unwrap_or(u16::MAX)
    };
    let gaps = u16::try_from(keys.len().saturating_sub(1)).unwrap_or(0) * gap(words);
    keys.iter().map(of).fold(gaps, u16::saturating_add)
}

fn write(canvas: &mut Canvas<'_>, x: u16, keys: &[(&str, &str)], words: Words, view: &View<'_>) {
    let mut x = x;
    for key in keys {
        let (label, word) = texts(*key, words, view);
        let needs = u16::try_from(glyph::width(&label) + glyph::width(&word)).unwrap_or(u16::MAX);
        if x.saturating_add(needs) > canvas.width() {
            return;
        }
        x = canvas.text(x, 0, &label, Token::Accent);
        x = canvas.text(x, 0, &word, Token::Dim) + gap(words);
    }
}

/// Returns how a key is called where there may be no sign for it.
pub(super) fn label(label: &str, charset: Charset) -> String {
    match charset {
        Charset::Utf8 => label.to_owned(),
        Charset::Ascii => label.replace('⏎', "Enter"),
    }
}
