//! How much of what was sent the client has not given back: the only sign of a
//! reader that does not keep up. It sends nothing.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Bytes that may be unread by a client that gives back in small steps, and
/// beyond its step by one that gives back in large ones.
const SLACK: u64 = 128 * 1024;

/// The account of one channel's output, shared by the pump and the callbacks.
#[derive(Debug, Default)]
pub(super) struct Flow {
    /// A lock, not a channel: both sides need the sum as it is now, and it is
    /// held for a few additions.
    account: Mutex<Account>,
    given_back: Notify,
}

impl Flow {
    /// Notes bytes that were handed to russh.
    pub(super) fn sent(&self, bytes: usize) {
        self.account().sent += bytes as u64;
    }

    /// Notes that the client gave back, so that now `remaining` may be sent.
    pub(super) fn adjusted(&self, remaining: u32) {
        self.account().adjusted(u64::from(remaining));
        self.given_back.notify_one();
    }

    /// Waits until the reader keeps up.
    pub(super) async fn within_bounds(&self) {
        while !self.account().is_within_bounds() {
            // One waiter only: a permit that is left over costs one look.
            self.given_back.notified().await;
        }
    }

    fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The numbers. How large the window was at first is not told, so the first
/// adjustment only sets the mark from which steps are measured.
#[derive(Debug, Default)]
struct Account {
    sent: u64,
    given_back: u64,
    /// Up to which total the client has ever allowed, since its first adjust.
    allowed: Option<u64>,
    largest_step: Option<u64>,
}

impl Account {
    fn adjusted(&mut self, remaining: u64) {
        let allowed = self.sent + remaining;
        if let Some(before) = self.allowed {
            let step = allowed.saturating_sub(before);
            self.largest_step = self.largest_step.max(Some(step));
            self.given_back += step;
        } else {
            self.given_back = self.sent;
        }
        // What was taken for granted at the first adjustment, or was a larger
        // window rather than something read, is corrected here.
        self.given_back = self.given_back.min(self.sent);
        self.allowed = Some(allowed);
    }

    fn is_within_bounds(&self) -> bool {
        let bound = match self.largest_step {
            None => return true,
            Some(step) if step <= SLACK => SLACK,
            Some(step) => step + SLACK,
        };
        self.sent - self.given_back <= bound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB: u64 = 1024;

    /// A client with a window, which gives back when `step` bytes were read.
    struct Client {
        account: Account,
        window: u64,
        read: u64,
        step: u64,
    }

    impl Client {
        fn new(window: u64, step: u64) -> Self {
            Self {
                account: Account::default(),
                window,
                read: 0,
                step,
            }
        }

        /// Sends 1 KiB if the bounds allow; tells whether they did.
        fn send(&mut self) -> bool {
            let may = self.account.is_within_bounds() && self.window >= KIB;
            if may {
                self.account.sent += KIB;
                self.window -= KIB;
            }
            may
        }

        fn read(&mut self) {
            self.read += KIB;
            if self.read >= self.step {
                self.window += self.read;
                self.read = 0;
                self.account.adjusted(self.window);
            }
        }

        fn send_and_read(&mut self, bytes: u64) {
            for _ in 0..bytes / KIB {
                assert!(self.send(), "frozen at {:?}", self.account);
                self.read();
            }
        }

        fn send_until_stopped(&mut self) -> u64 {
            (0..1_000_000).take_while(|_| self.send()).count() as u64 * KIB
        }
    }

    #[test]
    fn a_reader_that_keeps_up_is_never_frozen_whatever_its_step() {
        for (window, step) in [
            (2048 * KIB, 48 * KIB),
            (2048 * KIB, 205 * KIB),
            (2048 * KIB, 1024 * KIB),
            (2 * 1024 * 1024 * KIB, 1024 * 1024 * KIB),
            (64 * KIB, 8 * KIB),
        ] {
            Client::new(window, step).send_and_read(8 * 1024 * KIB);
        }
    }

    #[test]
    fn threat_05_a_reader_that_stops_is_given_little_more() {
        let mut openssh = Client::new(2048 * KIB, 48 * KIB);
        openssh.send_and_read(960 * KIB);
        assert_eq!(openssh.send_until_stopped(), 129 * KIB);
        let mut russh = Client::new(2048 * KIB, 1024 * KIB);
        russh.send_and_read(4096 * KIB);
        assert_eq!(russh.send_until_stopped(), (1024 + 129) * KIB);
    }

    #[test]
    fn a_client_that_only_widens_its_window_is_not_judged() {
        let mut plink = Client::new(2 * 1024 * 1024 * KIB, u64::MAX);
        plink.account.sent = 4 * KIB;
        plink.account.adjusted(plink.window);
        assert_eq!(plink.send_until_stopped(), 1_000_000 * KIB);
    }

    #[tokio::test]
    async fn whoever_waits_goes_on_when_enough_was_given_back() {
        let flow = Flow::default();
        flow.adjusted(10);
        flow.sent(200 * 1024);
        flow.adjusted(1024 * 1024);
        flow.sent(2 * 1024 * 1024);
        tokio::join!(flow.within_bounds(), async {
            flow.adjusted(3 * 1024 * 1024);
        });
    }
}
