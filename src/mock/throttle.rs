//! How often one account may ask for a code.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

const HOUR: Duration = Duration::from_secs(60 * 60);
const BLOCK: Duration = Duration::from_secs(24 * 60 * 60);

/// Counts the codes sent to each account.
///
/// Documented for password reset in general: five attempts an hour for one account, then 24 hours of waiting after the
/// last attempt. That each code sent is an attempt is *invented* for this API.
#[derive(Debug)]
pub(super) struct Throttle {
    per_hour: usize,
    attempts: HashMap<String, Vec<SystemTime>>,
    blocked: HashMap<String, SystemTime>,
}

impl Throttle {
    pub(super) fn new(per_hour: usize) -> Self {
        Self {
            per_hour,
            attempts: HashMap::new(),
            blocked: HashMap::new(),
        }
    }

    /// How long the account is still blocked.
    pub(super) fn blocked(&self, user: &str, now: SystemTime) -> Option<Duration> {
        let until = self.blocked.get(&user.to_ascii_lowercase())?;
        until
            .duration_since(now)
            .ok()
            .filter(|left| !left.is_zero())
    }

    /// Counts an attempt. `Err` says how long the account is blocked from now on.
    pub(super) fn attempt(&mut self, user: &str, now: SystemTime) -> Result<(), Duration> {
        if let Some(left) = self.blocked(user, now) {
            return Err(left);
        }
        let user = user.to_ascii_lowercase();
        let attempts = self.attempts.entry(user.clone()).or_default();
        attempts.retain(|&time| now.duration_since(time).is_ok_and(|age| age < HOUR));
        if attempts.len() < self.per_hour {
            attempts.push(now);
            return Ok(());
        }
        let last = attempts.last().copied().unwrap_or(now);
        attempts.clear();
        let until = last + BLOCK;
        self.blocked.insert(user, until);
        Err(until.duration_since(now).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_an_hour_then_a_day_of_waiting() {
        let mut throttle = Throttle::new(5);
        let start = SystemTime::UNIX_EPOCH;
        for minute in 0..5 {
            assert_eq!(
                throttle.attempt("a@b", start + Duration::from_secs(60 * minute)),
                Ok(())
            );
        }
        let last = start + Duration::from_secs(240);
        assert_eq!(
            throttle.attempt("A@B", last),
            Err(BLOCK),
            "no regard to case"
        );
        assert_eq!(
            throttle.attempt("c@d", last),
            Ok(()),
            "others are not concerned"
        );
        assert_eq!(throttle.blocked("a@b", last + HOUR), Some(BLOCK - HOUR));
        assert_eq!(throttle.attempt("a@b", last + BLOCK), Ok(()));
    }

    #[test]
    fn attempts_are_forgotten_after_an_hour() {
        let mut throttle = Throttle::new(1);
        let start = SystemTime::UNIX_EPOCH;
        assert_eq!(throttle.attempt("a@b", start), Ok(()));
        assert_eq!(throttle.attempt("a@b", start + HOUR), Ok(()));
    }
}
