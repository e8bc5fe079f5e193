//! The only writing connection, on a thread of its own. A commit carries
//! whatever is queued, and never waits to fill; events leave after the commit
//! and before the replies.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use rusqlite::Connection;
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout_at},
};

use super::{Fault, OpenError, Publish, Read};
use crate::domain::{
    clock::{Clock, Timestamp},
    event::Event,
};

/// Jobs that may wait. When full the caller waits, and is told "busy" after
/// [`PATIENCE`].
const QUEUE: usize = 256;

/// Jobs in one commit. More would make the first caller wait for the last.
const BATCH: usize = 256;

/// How long a caller waits before being told that the board is busy.
const PATIENCE: Duration = Duration::from_secs(5);

/// A transaction in progress: reads, writes, and the events of its commit.
pub struct Tx<'a> {
    connection: &'a Connection,
    events: RefCell<Vec<Event>>,
    after: RefCell<Vec<After>>,
    rehearsal: Cell<bool>,
    now: Timestamp,
}

/// What is done on the writer's thread once a job is committed.
type After = Box<dyn FnOnce() + Send>;

impl Tx<'_> {
    /// The moment of this transaction; one for all its rows.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Lets `event` out if and when this commits.
    pub fn emit(&self, event: Event) {
        let mut events = self.events.borrow_mut();
        if !events.contains(&event) {
            events.push(event);
        }
    }

    /// Does `what` if and when this commits, before any event is out. It runs
    /// on the writer's thread and must not block.
    pub fn after_commit(&self, what: impl FnOnce() + Send + 'static) {
        self.after.borrow_mut().push(Box::new(what));
    }

    /// Makes this job a rehearsal: it is answered as if it were done, but what
    /// it wrote is rolled back and nobody hears of it.
    pub fn rehearse(&self) {
        self.rehearsal.set(true);
    }
}

impl std::fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx")
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

impl Read for Tx<'_> {
    fn db(&self) -> &Connection {
        self.connection
    }
}

/// A job's way through the queue. A caller that loses patience may cancel it
/// only while it waits, so nothing is reported busy and then committed.
#[derive(Clone, Default)]
struct Stage(Arc<AtomicU8>);

impl Stage {
    const QUEUED: u8 = 0;
    const STARTED: u8 = 1;
    const CANCELLED: u8 = 2;

    /// Moves on from the queue; says whether the other side was later.
    fn leave_queue(&self, to: u8) -> bool {
        self.0
            .compare_exchange(Self::QUEUED, to, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }
}

/// Cancels a job whose caller went away, if it has not started.
struct CancelOnDrop(Stage);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.leave_queue(Stage::CANCELLED);
    }
}

/// Tells the caller, once it is known whether the job's work is committed.
type Reply = Box<dyn FnOnce(Result<(), Fault>) + Send>;

/// What a job came to, and who is to be told.
struct Ran {
    reply: Reply,
    result: Result<(), Fault>,
}

struct Job {
    stage: Stage,
    run: Box<dyn FnOnce(&Tx<'_>) -> Ran + Send>,
    /// Answers a job that never ran.
    refuse: Box<dyn FnOnce(Fault) + Send>,
}

enum Order {
    Job(Job),
    Close(oneshot::Sender<()>),
}

#[derive(Clone)]
pub(super) struct Writer {
    orders: mpsc::Sender<Order>,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        clock: Arc<dyn Clock>,
        publish: Publish,
    ) -> Result<Self, OpenError> {
        connection.execute("UPDATE board SET clean_stop = 0", [])?;
        let (orders, queue) = mpsc::channel(QUEUE);
        std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || {
                let writer = Loop {
                    connection,
                    clock,
                    publish,
                };
                writer.run(queue);
            })?;
        Ok(Self { orders })
    }

    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (job, mut answer) = job(work);
        let stage = job.stage.clone();
        let _gone = CancelOnDrop(stage.clone());
        let deadline = Instant::now() + PATIENCE;
        match timeout_at(deadline, self.orders.send(Order::Job(job))).await {
            Err(_) => return Err(Fault::Busy),
            Ok(Err(_)) => return Err(Fault::Closed),
            Ok(Ok(())) => {}
        }
        let answered = match timeout_at(deadline, &mut answer).await {
            Ok(answered) => answered,
            Err(_) if stage.leave_queue(Stage::CANCELLED) => return Err(Fault::Busy),
            // It has begun: the truth is worth the wait.
            Err(_) => answer.await,
        };
        answered.map_err(|_| Fault::Closed)?
    }

    pub(super) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.orders.send(Order::Close(done)).await.is_ok() {
            closed.await.ok();
        }
    }

    pub(super) fn queued(&self) -> usize {
        self.orders.max_capacity() - self.orders.capacity()
    }
}

/// Makes a job of `work`, and the receiver of its answer.
fn job<T: Send + 'static>(
    work: impl FnOnce(&Tx<'_>) -> Result<T, Fault> + Send + 'static,
) -> (Job, oneshot::Receiver<Result<T, Fault>>) {
    let (sender, answer) = oneshot::channel();
    // A lock, because either of two closures answers, whichever is called.
    let sender = Arc::new(Mutex::new(Some(sender)));
    let tell = move |result: Result<T, Fault>| {
        let sender = sender.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            // The caller may be gone; the commit stands all the same.
            sender.send(result).ok();
        }
    };
    let refuse = tell.clone();
    let job = Job {
        stage: Stage::default(),
        refuse: Box::new(move |fault| refuse(Err(fault))),
        run: Box::new(move |tx| {
            let done = std::panic::catch_unwind(AssertUnwindSafe(|| work(tx)))
                .unwrap_or_else(|panic| Err(Fault::Panic(panic_text(panic.as_ref()))));
            match done {
                Ok(value) => Ran {
                    reply: Box::new(move |committed| tell(committed.map(|()| value))),
                    result: Ok(()),
                },
                Err(fault) => {
                    let own = fault.clone();
                    Ran {
                        reply: Box::new(move |_| tell(Err(own))),
                        result: Err(fault),
                    }
                }
            }
        }),
    };
    (job, answer)
}

/// Returns what a panic said.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown".to_owned())
}

/// What a transaction's jobs have left to do once it is decided.
#[derive(Default)]
struct Done {
    replies: Vec<Reply>,
    events: Vec<Event>,
    after: Vec<After>,
}

struct Loop {
    connection: Connection,
    clock: Arc<dyn Clock>,
    publish: Publish,
}

impl Loop {
    fn run(self, mut queue: mpsc::Receiver<Order>) {
        let mut closing = None;
        while closing.is_none()
            && let Some(order) = queue.blocking_recv()
        {
            let mut batch = Vec::new();
            let mut next = Some(order);
            while let Some(order) = next.take() {
                match order {
                    Order::Job(job) => batch.push(job),
                    Order::Close(done) => closing = Some(done),
                }
                if closing.is_none() && batch.len() < BATCH {
                    next = queue.try_recv().ok();
                }
            }
            self.carry_out(batch);
        }
        queue.close();
        while let Ok(order) = queue.try_recv() {
            if let Order::Job(job) = order {
                (job.refuse)(Fault::Closed);
            }
        }
        self.finish();
        if let Some(done) = closing {
            done.send(()).ok();
        }
    }

    fn finish(&self) {
        let closed = self
            .connection
            .execute("UPDATE board SET clean_stop = 1", [])
            .and_then(|_| {
                self.connection
                    .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            });
        if let Err(error) = closed {
            tracing::warn!(%error, "the store did not close cleanly");
        }
    }

    fn carry_out(&self, batch: Vec<Job>) {
        let mut waiting = batch.into_iter();
        // If SQLite ends the transaction in the middle, the rest gets a new one.
        while waiting.len() > 0 {
            self.transaction(&mut waiting);
        }
    }

    /// Runs jobs in one transaction until all have run or it breaks.
    fn transaction(&self, waiting: &mut std::vec::IntoIter<Job>) {
        // IMMEDIATE: the lock is taken before anything is read that a write
        // will depend on.
        if let Err(error) = self.connection.execute_batch("BEGIN IMMEDIATE") {
            let fault = Fault::from(error);
            waiting.for_each(|job| (job.refuse)(fault.clone()));
            return;
        }
        let mut done = Done::default();
        let mut sound = Ok(());
        while sound.is_ok()
            && let Some(job) = waiting.next()
        {
            if job.stage.leave_queue(Stage::STARTED) {
                sound = self.one(job, &mut done);
            }
        }
        let committed =
            sound.and_then(|()| self.connection.execute_batch("COMMIT").map_err(Fault::from));
        match &committed {
            Ok(()) => {
                done.after.into_iter().for_each(|what| what());
                done.events.into_iter().for_each(&self.publish);
            }
            Err(fault) => {
                if !self.connection.is_autocommit() {
                    self.connection.execute_batch("ROLLBACK").ok();
                }
                tracing::error!(%fault, jobs = done.replies.len(), "a commit failed: nothing was written");
            }
        }
        done.replies
            .into_iter()
            .for_each(|reply| reply(committed.clone()));
    }

    /// Runs one job inside its savepoint. An error means that the transaction
    /// is lost, and with it every job before this one.
    fn one(&self, job: Job, done: &mut Done) -> Result<(), Fault> {
        if let Err(error) = self.connection.execute_batch("SAVEPOINT job") {
            let fault = Fault::from(error);
            (job.refuse)(fault.clone());
            return Err(fault);
        }
        let tx = Tx {
            connection: &self.connection,
            events: RefCell::default(),
            after: RefCell::default(),
            rehearsal: Cell::default(),
            now: self.clock.now(),
        };
        let Ran { reply, result } = (job.run)(&tx);
        done.replies.push(reply);
        // A full disk, among others, ends the whole transaction by itself, and
        // the next statement would commit alone.
        if self.connection.is_autocommit() {
            return Err(result
                .err()
                .unwrap_or_else(|| Fault::Sqlite("transaction ended".into())));
        }
        if result.is_ok() && !tx.rehearsal.get() {
            self.connection.execute_batch("RELEASE job")?;
            done.events.append(&mut tx.events.into_inner());
            done.after.append(&mut tx.after.into_inner());
        } else {
            self.connection
                .execute_batch("ROLLBACK TO job; RELEASE job")?;
        }
        Ok(())
    }
}
