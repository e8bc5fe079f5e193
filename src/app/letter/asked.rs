//! Letters that strangers may ask for: so many and no more (threats, row 36).
//! Whoever asks for too many is not told so.

use chrono::TimeDelta;

use crate::{
    domain::source::Source,
    store::{
        Fault, Tx,
        account::Account,
        asked::{self, Asked, Asker},
    },
};

/// Letters to one address, a day.
const ADDRESS: u32 = 3;
/// Letters of one account, a day: who mistypes an address gives a second.
const ACCOUNT: u32 = 5;
/// Letters that one source asks for, a day: a school behind one address too.
const SOURCE: u32 = 20;
/// Letters that all together ask for, an hour.
const ALL: u32 = 100;

/// How long a question counts.
const DAY: TimeDelta = TimeDelta::days(1);

/// Whether one more letter to an account may be asked for from there; counts
/// it if so.
pub(in crate::app) fn may_ask(
    tx: &Tx<'_>,
    to: &Account,
    source: Option<Source>,
) -> Result<bool, Fault> {
    let Some(email) = &to.email else {
        return Ok(false);
    };
    let source = source.map(|source| source.to_string());
    let asker = Asker {
        account: to.id,
        email,
        source: source.as_deref(),
    };
    let day = asked::since(tx, &asker, tx.now() - DAY)?;
    let hour = asked::by_all(tx, tx.now() - TimeDelta::hours(1))?;
    let Asked {
        account,
        email,
        source,
    } = day;
    if account >= ACCOUNT || email >= ADDRESS || source >= SOURCE || hour >= ALL {
        tracing::warn!("somebody asks for more letters than may be asked for");
        return Ok(false);
    }
    asked::note(tx, &asker)?;
    Ok(true)
}

/// Forgets what counts no longer.
pub(in crate::app) fn forget_asked(tx: &Tx<'_>) -> Result<(), Fault> {
    asked::forget_before(tx, tx.now() - DAY)
}
