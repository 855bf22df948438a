//! Between two polls: how long to wait, and when to give up.

use std::time::{Duration, Instant};

/// How long to wait between two polls where the server gives no usable number: the vendor's clients read 0 as this, too.
const INTERVAL: Duration = Duration::from_secs(2);

/// The least wait between two polls.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);

/// The longest wait between two polls that a server may ask for.
const LONGEST_INTERVAL: Duration = Duration::from_secs(30);

/// The longest time for which it is polled, whatever the caller allows.
const LONGEST_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// A password that has been submitted and is being applied.
#[derive(Clone, Copy)]
pub(super) struct Applying {
    interval: Duration,
    next_poll: Instant,
    deadline: Instant,
    /// How often it was polled.
    pub(super) polls: u32,
}

/// What to do now.
pub(super) enum Next {
    Wait(Instant),
    /// Poll, and then be in this state.
    Poll(Applying),
    GiveUp,
}

impl Applying {
    /// Submitted at `now`. The server asks for so many seconds between two polls, if it gave a number.
    pub(super) fn new(interval: Option<u64>, limit: Duration, now: Instant) -> Self {
        let interval = match interval {
            None | Some(0) => INTERVAL,
            Some(seconds) => {
                Duration::from_secs(seconds).clamp(SHORTEST_INTERVAL, LONGEST_INTERVAL)
            }
        };
        Self {
            interval,
            next_poll: now,
            deadline: now.checked_add(limit.min(LONGEST_LIMIT)).unwrap_or(now),
            polls: 0,
        }
    }

    pub(super) fn next(self, now: Instant) -> Next {
        // Whoever comes late is told what the server knows before it is given up.
        if now >= self.deadline && self.polls > 0 {
            return Next::GiveUp;
        }
        let due = self.next_poll.min(self.deadline);
        if now < due {
            return Next::Wait(due);
        }
        Next::Poll(Self {
            polls: self.polls.saturating_add(1),
            ..self
        })
    }

    /// After a poll that did not decide. The server may have asked for a longer wait.
    pub(super) fn after(self, asked: Option<Duration>, now: Instant) -> Self {
        let wait = asked.unwrap_or_default().max(self.interval);
        Self {
            next_poll: now.checked_add(wait).unwrap_or(self.deadline),
            ..self
        }
    }
}
