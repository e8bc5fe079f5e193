//! Small plots of what was counted: bars over time with their numbers beside,
//! so that a bar is never the only sign.

use chrono::TimeDelta;

use crate::{
    domain::clock::Timestamp,
    store::sample::Sample,
    term::Charset,
    tui::{Align, Canvas, Token, View},
};

/// A stretch of time that is plotted.
#[derive(Debug)]
pub(super) struct Stretch {
    long: TimeDelta,
    /// How its beginning is called.
    beginning: &'static str,
}

/// The last day.
pub(super) const DAY: Stretch = Stretch {
    long: TimeDelta::hours(24),
    beginning: "24 h ago",
};

/// The last week.
pub(super) const WEEK: Stretch = Stretch {
    long: TimeDelta::days(7),
    beginning: "7 d ago",
};

/// Columns left free at the left.
const MARGIN: u16 = 3;
/// The most columns of bars: half an hour of a day, and three and a half hours
/// of a week, each.
const BARS: u16 = 48;

/// How values of one column become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gather {
    Sum,
    Most,
}

/// What is plotted.
struct Series {
    name: &'static str,
    gather: Gather,
    value: fn(&Sample) -> u32,
}

const SERIES: [Series; 3] = [
    Series {
        name: "calls",
        gather: Gather::Sum,
        value: |sample| sample.calls,
    },
    Series {
        name: "registrations",
        gather: Gather::Sum,
        value: |sample| sample.registrations,
    },
    Series {
        name: "sessions",
        gather: Gather::Most,
        value: |sample| sample.sessions,
    },
];

/// Draws the plots of a stretch, one below the other.
pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    samples: &[Sample],
    stretch: &Stretch,
    view: &View<'_>,
) {
    let columns = canvas.width().saturating_sub(2 * MARGIN).min(BARS);
    // A head and its bars each, and the axis below all.
    let each = canvas.height().saturating_sub(1) / 3;
    let rows = each.saturating_sub(1).clamp(1, 3);
    let mut y = 0;
    for series in SERIES {
        let values = columns_of(samples, &series, stretch, columns, view.now);
        head(canvas, y, &series, &values, columns);
        bars(canvas, y + 1, rows, &values, view.look.charset);
        y += each.min(rows + 2);
    }
    canvas.text(MARGIN, y, stretch.beginning, Token::Dim);
    canvas.field((MARGIN, y), columns, Align::Right, "now", Token::Dim);
}

/// Writes the name and the numbers of a plot.
fn head(canvas: &mut Canvas<'_>, y: u16, series: &Series, values: &[u32], columns: u16) {
    let most = values.iter().max().copied().unwrap_or(0);
    let numbers = match series.gather {
        Gather::Sum => {
            let all: u32 = values.iter().copied().fold(0, u32::saturating_add);
            format!("{all}, at most {most} a bar")
        }
        Gather::Most => format!("at most {most}"),
    };
    canvas.text(MARGIN, y, series.name, Token::Text);
    canvas.field((MARGIN, y), columns, Align::Right, &numbers, Token::Dim);
}

/// Returns one value for each column, oldest first.
fn columns_of(
    samples: &[Sample],
    series: &Series,
    stretch: &Stretch,
    columns: u16,
    now: Timestamp,
) -> Vec<u32> {
    let mut values = vec![0_u32; columns.into()];
    let long = stretch.long.num_seconds().max(1);
    for sample in samples {
        let passed = (sample.at - (now - stretch.long)).num_seconds();
        // The bucket in which the stretch begins began before it.
        let Ok(place) = usize::try_from(passed * i64::from(columns) / long) else {
            continue;
        };
        if passed >= 0
            && let Some(value) = values.get_mut(place)
        {
            *value = match series.gather {
                Gather::Sum => value.saturating_add((series.value)(sample)),
                Gather::Most => (*value).max((series.value)(sample)),
            };
        }
    }
    values
}

/// Draws bars of some rows from `y` on, the highest value as high as they are.
fn bars(canvas: &mut Canvas<'_>, y: u16, rows: u16, values: &[u32], charset: Charset) {
    let signs: &[&str] = match charset {
        Charset::Utf8 => &[" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
        Charset::Ascii => &[" ", ".", ":", "|"],
    };
    let steps = u32::try_from(signs.len().saturating_sub(1)).unwrap_or(1);
    let most = values.iter().max().copied().unwrap_or(0).max(1);
    for row in 0..rows {
        let below = u32::from(rows - 1 - row) * steps;
        let line: String = values
            .iter()
            .map(|&value| {
                let height = height(value, most, u32::from(rows) * steps);
                let step = height.saturating_sub(below).min(steps);
                let sign = usize::try_from(step).ok().and_then(|step| signs.get(step));
                *sign.unwrap_or(&" ")
            })
            .collect();
        canvas.text(MARGIN, y + row, &line, Token::Accent);
    }
}

/// Returns how many steps high a value is; something is never nothing.
fn height(value: u32, most: u32, steps: u32) -> u32 {
    let steps = u64::from(value) * u64::from(steps);
    u32::try_from(steps.div_ceil(u64::from(most))).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_is_full_and_the_least_is_seen() {
        assert_eq!(height(0, 1_000, 8), 0);
        assert_eq!(height(1, 1_000, 8), 1);
        assert_eq!(height(500, 1_000, 8), 4);
        assert_eq!(height(1_000, 1_000, 8), 8);
        assert_eq!(height(u32::MAX, u32::MAX, 24), 24);
    }

    #[test]
    fn samples_stand_in_their_columns() {
        let now = Timestamp::UNIX_EPOCH + TimeDelta::days(100);
        let at = |minutes: i64, calls: u32| Sample {
            at: now - TimeDelta::minutes(minutes),
            calls,
            registrations: 0,
            sessions: calls,
        };
        let samples = [at(1_500, 9), at(1_440, 1), at(1_430, 2), at(4, 3), at(0, 4)];
        let [calls, _, sessions] = SERIES;
        let sums = columns_of(&samples, &calls, &DAY, 24, now);
        assert_eq!((sums[0], sums[23]), (3, 3));
        assert_eq!(sums.iter().sum::<u32>(), 6, "a bucket to come is not shown");
        let most = columns_of(&samples, &sessions, &DAY, 24, now);
        assert_eq!((most[0], most[23]), (2, 3));
    }
}
