//! One session from its first frame to its last: it waits for whatever comes
//! first and lets the session do the rest. It decides nothing.

use std::{pin::pin, sync::Arc, time::Duration};

use tokio::{
    sync::OwnedSemaphorePermit,
    time::{sleep, timeout},
};

use super::{
    Layer,
    line::{Frame, Line},
    session::{Parts, Session},
};
use crate::app::Bbs;

/// The least time between two frames: 60 a second.
const PACE: Duration = Duration::from_millis(16);

/// How long a frame waits for answers that are under way. Most come much sooner,
/// and then one frame shows what would have been two.
const MOMENT: Duration = Duration::from_millis(8);

/// How long the last frame waits for the one before it.
const PARTING: Duration = Duration::from_secs(2);

/// Runs a session until the caller leaves, the line is gone, or the board says
/// so; returns the last words, lines ending in LF. The terminal is restored on
/// every way out.
pub async fn run(parts: Parts, first: Layer, mut line: Line) -> String {
    let bbs = Arc::clone(&parts.bbs);
    let clock = bbs.clock_shared();
    let visit = Arc::clone(&parts.visit);
    // On the heap: every byte here is paid for by everybody on line.
    let mut session = Box::new(Session::open(parts, first));
    let mut armed = session.deadline();
    let mut timer = pin!(sleep(armed.saturating_sub(clock.tick())));
    let mut pace = pin!(sleep(Duration::ZERO));
    let mut moment = pin!(sleep(MOMENT));
    let mut was_dirty = true;

    while !session.is_over() {
        if session.deadline() != armed {
            armed = session.deadline();
            timer.set(sleep(armed.saturating_sub(clock.tick())));
        }
        let is_dirty = session.is_dirty();
        if is_dirty && !was_dirty {
            moment.set(sleep(MOMENT));
        }
        was_dirty = is_dirty;
        let is_due = pace.is_elapsed() && (moment.is_elapsed() || !session.is_calling());
        tokio::select! {
            // A line that is let go ends the visit with it: which of the two is
            // heard first must not matter.
            () = visit.end.cancelled(), if !session.is_seen_out() => {
                if !line.closed.is_cancelled() {
                    session.end();
                } else if is_closing(&bbs, &line) {
                    session.see_out();
                } else {
                    break;
                }
            }
            () = line.closed.cancelled(), if !session.is_seen_out() => {
                if !is_closing(&bbs, &line) {
                    break;
                }
                session.see_out();
            }
            () = line.output.closed(), if session.is_seen_out() => break,
            bytes = line.input.recv(), if session.is_listening() => match bytes {
                Some(bytes) => session.feed(&bytes),
                None => break,
            },
            changed = line.size.changed(), if line.size.has_changed().is_ok() => {
                if changed.is_ok() {
                    session.resize(*line.size.borrow_and_update());
                }
            }
            () = &mut timer => {
                session.wake(armed);
                // Whatever is waited for next, this timer has run off.
                armed = Duration::MAX;
            }
            () = session.rouse() => {}
            () = &mut pace, if is_dirty && !pace.is_elapsed() => {}
            () = &mut moment, if is_dirty && !moment.is_elapsed() && session.is_calling() => {}
            permit = line.frames.clone().acquire_owned(), if is_dirty && is_due => {
                if let (Ok(permit), Some(bytes)) = (permit, session.frame()) {
                    if line.output.try_send(Frame { bytes, permit }).is_err() {
                        break;
                    }
                    pace.set(sleep(PACE));
                }
            }
        }
    }
    let (leave, last_words) = session.close();
    if let Some(leave) = leave
        && let Some(permit) = last_permit(&line).await
    {
        let bytes = leave.to_vec();
        // If nobody takes it, there is no terminal left to restore.
        let _gone = line.output.try_send(Frame { bytes, permit });
    }
    last_words
}

/// Whether a line is let go because the board closes, and somebody still reads.
fn is_closing(bbs: &Bbs, line: &Line) -> bool {
    bbs.hub().is_closing() && !line.output.is_closed()
}

/// Waits for the last frame's turn, but not on a line that is gone.
async fn last_permit(line: &Line) -> Option<OwnedSemaphorePermit> {
    tokio::select! {
        permit = timeout(PARTING, line.frames.clone().acquire_owned()) => permit.ok()?.ok(),
        () = line.output.closed() => None,
    }
}
