//! The reading connections: a few threads, each with a `query_only` connection.

use std::{
    panic::AssertUnwindSafe,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::{Fault, OpenError, Read, open, writer::panic_text};

/// Two cores are the smallest host worth serving; more threads than that only
/// wait for each other there.
const THREADS: usize = 2;

/// Queries that may wait for one thread. When full the caller waits, as a slow
/// disk would make it wait.
const QUEUE: usize = 128;

/// A consistent state to read from.
#[derive(Debug)]
pub struct View<'a>(&'a Connection);

impl Read for View<'_> {
    fn db(&self) -> &Connection {
        self.0
    }
}

type Query = Box<dyn FnOnce(&mut Connection) + Send>;

/// The threads' queues, asked in turn.
#[derive(Clone)]
pub(super) struct Readers {
    queues: Arc<[mpsc::Sender<Query>]>,
    next: Arc<AtomicUsize>,
}

impl Readers {
    pub(super) fn start(file: &Path) -> Result<Self, OpenError> {
        let queues = (0..THREADS)
            .map(|n| {
                let mut connection = open::open_reader(file)?;
                let (queue, mut queries) = mpsc::channel::<Query>(QUEUE);
                std::thread::Builder::new()
                    .name(format!("reader-{n}"))
                    .spawn(move || {
                        while let Some(query) = queries.blocking_recv() {
                            query(&mut connection);
                        }
                    })?;
                Ok(queue)
            })
            .collect::<Result<Vec<_>, OpenError>>()?;
        Ok(Self {
            queues: queues.into(),
            next: Arc::default(),
        })
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&View<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (reply, answer) = oneshot::channel();
        let n = self.next.fetch_add(1, Ordering::Relaxed) % self.queues.len().max(1);
        let queue = self.queues.get(n).ok_or(Fault::Closed)?;
        let query: Query = Box::new(move |connection| {
            if reply.is_closed() {
                return;
            }
            let result = std::panic::catch_unwind(AssertUnwindSafe(|| {
                // One transaction: several statements see one state.
                let tx = connection.transaction()?;
                query(&View(&tx))
            }))
            .unwrap_or_else(|panic| Err(Fault::Panic(panic_text(panic.as_ref()))));
            // Nobody waits any more: the session is gone.
            reply.send(result).ok();
        });
        queue.send(query).await.map_err(|_| Fault::Closed)?;
        answer.await.map_err(|_| Fault::Closed)?
    }
}
