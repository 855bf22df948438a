//! How often an account may try, in each of several ways.

use std::time::{Duration, SystemTime};

use super::super::throttle::Throttle;

/// What is counted. The first three are documented; the last one is documented for text messages, and that a blocked
/// account is blocked for everything is *invented*.
#[derive(Clone, Copy, Debug)]
pub(super) enum Limit {
    /// A user ID that was accepted.
    Resets,
    /// A text or a call.
    PhoneValidations,
    /// Answers to the security questions.
    Questions,
    /// A wrong code.
    WrongCodes,
}

/// A count for each limit, by account.
#[derive(Debug)]
pub(super) struct Limits([Throttle; 4]);

impl Limits {
    pub(super) fn new(per_hour: usize) -> Self {
        Self([(); 4].map(|()| Throttle::new(per_hour)))
    }

    /// How long the account is still blocked.
    pub(super) fn blocked(&self, user: &str, now: SystemTime) -> Option<Duration> {
        self.0
            .iter()
            .filter_map(|throttle| throttle.blocked(user, now))
            .max()
    }

    /// Counts an attempt; `Err` says how long the account is blocked from now on.
    pub(super) fn attempt(
        &mut self,
        limit: Limit,
        user: &str,
        now: SystemTime,
    ) -> Result<(), Duration> {
        self.0[limit as usize].attempt(user, now)
    }
}
