//! Doing something many times, several at once.

use std::{ops::Range, sync::Arc};

use tokio::{sync::Mutex, task::JoinSet, time::Instant};

use crate::{Result, table::Times};

/// Does `job` for each of the numbers, so many at once, and says how long each
/// took.
pub(crate) async fn take<F>(
    numbers: Range<u32>,
    at_once: usize,
    job: impl Fn(u32) -> F + Clone + Send + 'static,
) -> Result<Times>
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    let numbers = Arc::new(Mutex::new(numbers));
    let mut working: JoinSet<_> = (0..at_once)
        .map(|_| work(Arc::clone(&numbers), job.clone()))
        .collect();
    let mut times = Times::default();
    while let Some(worked) = working.join_next().await {
        times.append(worked??);
    }
    Ok(times)
}

/// Works until no numbers are left.
async fn work<F>(numbers: Arc<Mutex<Range<u32>>>, job: impl Fn(u32) -> F) -> Result<Times>
where
    F: Future<Output = Result<()>>,
{
    let mut times = Times::default();
    loop {
        let Some(n) = numbers.lock().await.next() else {
            return Ok(times);
        };
        let began = Instant::now();
        job(n).await?;
        times.add(began.elapsed());
    }
}
